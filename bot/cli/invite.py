"""`nianbao invite`: links that each make one person a member of an organ."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from pathlib import Path

from bot.cli import frame, serve
from bot.cli.invite_below import run_below
from bot.cli.under import add_under
from bot.memberships import OPERATOR, numerals, work_year
from conversations.form import FORM_IN_FORCE
from conversations.form.model import ItemId
from conversations.reminders.typed import read_section

EXAMPLES = (
    "nianbao invite --organ 甲镇人民政府 --year 2025",
    "nianbao invite --under 甲县人民政府 --xlsx 邀请.xlsx --qr 邀请.html",
)
ONLY_CLERKS = "只有经办人可以只填几节：--section 请不要和其他身份一起写。"
ONLY_BELOW = "--all、--xlsx、--qr 请和 --under 一起写。"
NO_SECTION = "没有这一节：{}。请写一、二、三……，多节用逗号分开。"
NO_TASK = "没有建立任务：不知道填哪一年。要按截止日期提醒，请加 --year。\n"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which organ, and which role."""
    whose = parser.add_mutually_exclusive_group(required=True)
    frame.add_organ(whose)
    add_under(whose, "给它未加入的下级都邀请")
    parser.add_argument("--all", action="store_true", help="--under：已加入的也邀请")
    parser.add_argument("--xlsx", type=Path, metavar="文件", help="--under：链接和转发的话的表格")
    parser.add_argument("--qr", type=Path, metavar="文件", help="--under：二维码打印页（.html）")
    frame.add_year(parser, "填报年度，默认按时间和任务")
    frame.add_json(parser)
    parser.add_argument(
        "--replaces", default="", metavar="编号", help="换号：这位成员的新账号，身份不变"
    )
    parser.add_argument(
        "--role",
        choices=("clerk", "leader", "administrator"),
        default="clerk",
        help="身份：clerk 经办人，leader 审核人，administrator 管理员",
    )
    parser.add_argument(
        "--section", action="append", default=[], metavar="节", help="只填这几节，例如 三 或 三,四"
    )


def run(options: argparse.Namespace) -> int:
    """Print the link; its explanation goes to stderr."""
    if options.under:
        return run_below(options)
    if options.all or options.xlsx or options.qr:
        raise frame.Refused(ONLY_BELOW)
    parts = _parts(options)
    settings = serve.telegram_settings(options)
    from bot.cli.people import member_of
    from bot.inviting import INVITATION_DAYS, invite
    from conversations.wording.county_organs import IS_CLOSED
    from conversations.wording.door import new_organ, role_name
    from storage.members import Members
    from storage.organ_changes import is_closed
    from storage.people import sections_of

    with frame.open_store(options) as store:
        name = asyncio.run(serve.name_of_bot(settings))
        with store.begin() as unit:
            role, replaces = options.role, None
            if options.replaces:
                member = member_of(unit, options.organ, options.replaces)
                role, replaces = member.role, member.key
            now, organ = frame.now(), options.organ
            is_new = not Members(unit).organs(1, organ)
            if is_closed(unit, organ):
                raise frame.Refused(IS_CLOSED.format(organ))
            year = 0 if replaces else options.year or work_year(unit, organ, now)
            sections = sections_of(parts)
            link = invite(unit, name, organ, role, OPERATOR, now, replaces, year, sections)
    if options.json:
        made = {"organ": organ, "role": role, "link": link, "year": year or None, "new": is_new}
        more = {"days": INVITATION_DAYS, "sections": list(numerals(parts)) or None}
        frame.say_json(made | more)
        return frame.FINE
    sys.stdout.write(f"{link}\n")
    if is_new:
        sys.stderr.write(f"{new_organ(organ, ())}\n")
    if not year and not replaces:
        sys.stderr.write(NO_TASK)
    sys.stderr.write(
        f"「{options.organ}」{role_name(role, numerals(parts))}，"
        f"{INVITATION_DAYS} 天内有效，只能用一次，请只发给本人。\n"
    )
    return frame.FINE


def _parts(options: argparse.Namespace) -> frozenset[ItemId] | None:
    """
    The helper's sections, None for all.

    Raises:
        Refused: There is no such section, or the role does not write.
    """
    named = [part for text in options.section for part in re.split("[,，、 ]+", text) if part]
    if not named:
        return None
    if options.role != "clerk" or options.replaces:
        raise frame.Refused(ONLY_CLERKS)
    parts = {part: read_section(part, FORM_IN_FORCE) for part in named}
    for part, section in parts.items():
        if section is None:
            raise frame.Refused(NO_SECTION.format(frame.shown(part)))
    return frozenset(filter(None, parts.values()))
