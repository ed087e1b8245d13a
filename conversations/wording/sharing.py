"""Sentences about sharing the sections of a report, for helpers and clerks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.form.answers import Value
from conversations.form.model import Form, ItemId, Section
from conversations.sign_off.states import ReportState
from conversations.talk.buttons import button, in_rows
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.wording.door import item_name, value
from conversations.wording.sign_off import HAND_OVER, STATES

SHARE = "分工"

# ---- what a helper sees --------------------------------------------------------------------

PART_DONE = "您的部分已填完，经办人会接着办。"
NO_PART = "现在没有分给您填的节。"
SEE_REST = "看其余"
THE_REST = "其余各节（同事填）："


def of_part(missing: str) -> str:
    """The missing items of a helper's part."""
    return f"您的部分{missing}"


def give_section(section: Section) -> str:
    """The button that gives a section to a colleague."""
    return f"把第{section.number}节交给同事"


def part(head: str, missing: str, lines: Sequence[str], rest: Sequence[str]) -> str:
    """A helper's list of sections: their own, then the others."""
    others = ["", THE_REST, *rest] if rest else []
    return "\n".join([f"📋 {head}年报，您填的部分", missing, "", *lines, *others])


def part_review(head: str, missing: str, lines: Sequence[str], todo: Sequence[str]) -> str:
    """A helper's sections on one page."""
    return "\n".join([f"🔎 {head} 您填的部分", missing, "", *lines, *(["", *todo] if todo else [])])


# ---- giving sections away --------------------------------------------------------------------

SHARES = "sh"  # buttons of these screens: `sh:report`, then `:s:section` and the like
LONGEST_LABEL = 60

ELSEWHERE = "分工在 Telegram 里安排；也可以用 nianbao invite --section 邀请，nianbao people 查看。"
TYPED = frozenset({SHARE, "交给同事", "移交"})
HEAD = "{head}年报的分工"
EVERYBODY = "所有经办人"
CHOOSE = "点一节，交给同事或收回。"
INVITE = "邀请新同事"
TAKE_BACK = "收回"
OPEN = "打开"
BACK = "返回"
GIVEN = "「{organ}」{year}年度年报：{heading}，现在由您填写。"
TAKEN = "「{organ}」{year}年度年报：{heading}，不再由您填写。填过的都保留。"
WAITING = "，已邀请 {count} 人未加入"
NOW = "{heading}\n现在由{who}填写，已填 {filled}/{total}{waiting}。交给谁？"
GAVE = "✓ {heading}，交给{who}。"
TOOK = "✓ 已收回：{heading}，所有经办人都能填。"
NOBODY_ELSE = "还没有别的经办人。要移交，请管理员先邀请接手的人。"
HAND_OVER_TO = "把整份年报移交给谁？"
HAND_OVER_ASK = "把{head}年报都交给{who}填？填过的都保留。「移交并退出」后，您不再是本机关的成员。"
QUIT = "移交并退出"
NOT_NOW = "不移交"
FILLED = "已填 {filled}/{total}。"
STATE = "现在是「{state}」。"
REMARKS = "有 {count} 条批注还没答复。"
CHANGED = "「{name}」由{before} 改为{after}"
REPLACED = "{who}改了您填的{what}。"
MORE_REPLACED = "{what} 等 {count} 项"
MOST_REPLACED = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its owners, its progress, and the number of invitations for it."""

    section: Section
    who: tuple[str, ...]
    filled: int
    total: int
    waiting: int = 0

    @property
    def owner(self) -> str:
        """The owners in words."""
        return "、".join(self.who) or EVERYBODY

    @property
    def invited(self) -> str:
        """The number of unused invitations."""
        return WAITING.format(count=self.waiting) if self.waiting else ""


def _button(report_id: int, what: str, label: str, tone: Tone = Tone.PLAIN) -> Button:
    return Button(f"{SHARES}:{report_id:x}{what and ':'}{what}", label[:LONGEST_LABEL], tone)


def shares(report_id: int, head: str, form: Form, parts: Sequence[Part]) -> Say:
    """The owners and progress of all sections."""
    lines = [HEAD.format(head=head)]
    lines += [
        f"· {part.section.number}、{part.section.short}：{part.owner}，"
        f"{part.filled}/{part.total}{part.invited}"
        for part in parts
    ]
    lines.append(CHOOSE)
    buttons = [
        _button(report_id, f"s:{form.number[s.id]}", f"{s.number}、{s.short}")
        for s in (part.section for part in parts)
    ]
    rows = [*in_rows(buttons, 2), (_button(report_id, "h", HAND_OVER),)]
    return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))


def give(report_id: int, number: int, part: Part, colleagues: Sequence[tuple[str, str]]) -> Say:
    """The choice of a section's new owner; `colleagues` are keys and names."""
    text = NOW.format(
        heading=part.section.heading,
        who=part.owner,
        filled=part.filled,
        total=part.total,
        waiting=part.invited,
    )
    names = [_button(report_id, f"g:{number}:{key}", name) for key, name in colleagues]
    rows = [*in_rows(names, 2), (_button(report_id, f"i:{number}", INVITE, Tone.GO),)]
    tail = [_button(report_id, f"x:{number}", TAKE_BACK)] if part.who or part.waiting else []
    rows.append((*tail, _button(report_id, "", BACK)))
    return Say(MessageKind.NOTE, text, tuple(rows))


def hand_over_to(report_id: int, colleagues: Sequence[tuple[str, str]]) -> Say:
    """The choice of the person who takes over the whole report."""
    names = [_button(report_id, f"h:{key}", name) for key, name in colleagues]
    rows = (*in_rows(names, 2), (_button(report_id, "", BACK),))
    return Say(MessageKind.NOTE, HAND_OVER_TO if colleagues else NOBODY_ELSE, rows)


def hand_over_ask(report_id: int, head: str, key: str, who: str) -> Say:
    """The question before the report is handed over."""
    rows = (
        (
            _button(report_id, f"h:{key}:y", HAND_OVER, Tone.GO),
            _button(report_id, f"h:{key}:q", QUIT, Tone.DANGER),
        ),
        (_button(report_id, "", NOT_NOW),),
    )
    return Say(MessageKind.NOTE, HAND_OVER_ASK.format(head=head, who=who), rows)


def summary(filled: int, total: int, missing: str, state: ReportState, remarks: int) -> str:
    """The state of a report, for a person who takes it over."""
    lines = [FILLED.format(filled=filled, total=total), f"{missing}。"]
    if state is not ReportState.OPEN:
        lines.append(STATE.format(state=STATES[state]))
    if remarks:
        lines.append(REMARKS.format(count=remarks))
    return "\n".join(lines)


def replaced(form: Form, who: str, changes: Sequence[tuple[ItemId, Value, Value | None]]) -> Say:
    """To a person whose answers a colleague has replaced: both values, and buttons to them."""
    listed = [
        CHANGED.format(
            name=item_name(form, item),
            before=value(form, item, before),
            after=value(form, item, after).rstrip(),
        )
        for item, before, after in changes[:MOST_REPLACED]
    ]
    what = "、".join(listed)
    if len(changes) > MOST_REPLACED:
        what = MORE_REPLACED.format(what=what, count=len(changes))
    shown = [
        button(item_name(form, item), "o", form.number[item])
        for item, *_ in changes[:MOST_REPLACED]
    ]
    return Say(MessageKind.NOTE, REPLACED.format(who=who, what=what), tuple(in_rows(shown, 2)))
