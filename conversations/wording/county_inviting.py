"""
Sentences about inviting many organs at once, also for the printed sheets.

Button ids are permanent: `cy:i:organ:year` makes the links for the organs below it without a clerk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from conversations.county.inviting import InvitedOrgan
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.wording.county import COUNTY
from conversations.wording.door import JOIN, ROLES
from conversations.wording.people import invite_button

LETTER = "i"

LONGEST_LABEL = 60
MOST_NAMES, FEW_NAMES = 10, 3  # names below one organ, and below each of several
MOST_HEADS = 10

OFFER = "给未加入的 {} 个单位发邀请"
OFFER_OF = "「{}」下级未加入的 {} 个单位"
OFFER_HEAD = "「{under}」下级：未加入 {count} 个单位{names}。"
MORE_HEADS = "……共 {} 个有下级的单位，只列出前 {} 个。"
OFFER_WHAT = (
    "可以一次生成全部链接：一个表格（逐行转发），一份二维码打印页（剪开分发）。\n"
    "您以前发给它们、还没用的链接随即作废。"
)
ONE_ORGAN = "只邀请其中一个，请发 /invite 机关全称。"
OWN = "下面两个按钮邀请「{}」自己的人。"
ALL_JOINED = "「{under}」下级的单位都已加入。"
JUST_MADE = "链接刚刚生成过，就在上面。"
MADE = (
    "✓ 已给 {count} 个单位生成{year}年度的邀请链接，{until}前有效，每个只能用一次。\n"
    "表格里一行一个单位，把「转发的话」发给本人；打印页剪开分发。"
)
REVOKED = "以前没用过的 {} 个链接已作废。"
XLSX_NAME, PAGE_NAME = "邀请链接.xlsx", "邀请二维码.html"
XLSX_CAPTION = "邀请链接，每个只发给本人。"
PAGE_CAPTION = "二维码打印页：用浏览器打开，按 A4 打印，剪开。"
SHEET = "邀请"
HEAD = ("机关", "联系人", "电话", "链接", "转发的话")
PAGE_TITLE = "「{under}」{year}年度年报邀请"
PAGE_HELP = "按 A4 打印，沿虚线剪开，一张只交给一个单位。"
CARD_STEPS = f"用手机扫码，在 Telegram 里打开，点「{JOIN}」。"
CARD_UNTIL = "身份：{role}。{until}前有效，只能用一次。"
TO_FORWARD = (
    "「{organ}」{year}年度政府信息公开年报请在 Telegram 填报：点链接，再点「{join}」"
    "（身份：{role}，{until}前有效，只能用一次）： {link}"
)
WOULD = "会给 {} 个单位生成链接：{}"
NOBODY = "没有要邀请的单位。"
WHERE_TO = "没有生成。请写 --xlsx 文件、--qr 文件.html 或 --json；您以前发的、还没用的链接会作废。"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def offer(
    heads: Sequence[tuple[int, str]], count: int, year: int, waiting: Sequence[Sequence[str]]
) -> Say:
    """
    The organs to invite; `waiting` are the names below each of the heads without a clerk.

    `count` is the number of all heads, listed here or not.
    """
    most = MOST_NAMES if count == 1 else FEW_NAMES
    lines: list[str] = []
    rows: list[tuple[Button, ...]] = []
    for (organ_id, under), names in zip(heads, waiting, strict=True):
        if names:
            more = "、".join(names[:most]) + (" 等" if len(names) > most else "")
            lines.append(OFFER_HEAD.format(under=under, count=len(names), names=f"（{more}）"))
            label = OFFER_OF.format(under, len(names)) if len(heads) > 1 else OFFER
            data = f"{COUNTY}:{LETTER}:{organ_id:x}:{year}"
            rows.append((Button(data, label.format(len(names))[:LONGEST_LABEL], Tone.GO),))
        else:
            lines.append(ALL_JOINED.format(under=under))
    if count > len(heads):
        lines.append(MORE_HEADS.format(count, len(heads)))
    if rows:
        lines += ["", OFFER_WHAT]
    lines += ["", ONE_ORGAN]
    if len(heads) == 1:
        lines.append(OWN.format(heads[0][1]))
        rows.append(tuple(invite_button(heads[0][0], role) for role in ("clerk", "leader")))
    return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))


def made(invited: Sequence[InvitedOrgan], year: int, revoked: int) -> str:
    """The new links, and the number of revoked ones."""
    text = MADE.format(count=len(invited), year=year, until=_day(invited[0].until))
    return f"{text}\n{REVOKED.format(revoked)}" if revoked else text


def to_forward(invited: InvitedOrgan, year: int) -> str:
    """One line for the organ, ready to forward."""
    return TO_FORWARD.format(
        organ=invited.organ,
        year=year,
        join=JOIN,
        role=ROLES[invited.role],
        until=_day(invited.until),
        link=invited.link,
    )


def card_until(invited: InvitedOrgan) -> str:
    """The validity of the link on a printed card."""
    return CARD_UNTIL.format(role=ROLES[invited.role], until=_day(invited.until))
