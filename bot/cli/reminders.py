"""`nianbao reminders`: who would be reminded of what at a moment, and why; nothing is sent."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from bot.cli import frame
from bot.cli.under import add_under, chosen
from bot.reminding.calendar import calendar_of
from bot.reminding.look import explain
from conversations.wording.reminders import calendar_note, day_name
from storage.county import organs_below
from storage.tasks import TaskReader

EXAMPLES = ("nianbao reminders --organ 甲镇人民政府 --at 2026-01-20T09:30",)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which organ, or the organ above, and which moment."""
    whose = parser.add_mutually_exclusive_group()
    frame.add_organ(whose)
    add_under(whose, "只看这个机关的下级")
    parser.add_argument("--at", type=_moment, metavar="时间", help="如 2027-01-20T09:30，默认现在")
    frame.add_json(parser)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"时间 {text!r} 不对，例如 2027-01-20T09:30") from None


def run(options: argparse.Namespace) -> int:
    """Print the reminders as things are now; a moment without a zone is in the office's."""
    now = frame.now()
    at = options.at or now
    at = at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
    with frame.open_store(options, reading=True) as store, store.read() as reader:
        organs = {options.organ} if options.organ else None
        if options.under:
            organ_id, _ = chosen(reader, options.under)
            organs = {each.organ for each in organs_below(reader, organ_id, at.year - 1)}
        lines, says = explain(reader, at, organs)
        calendar = calendar_of(TaskReader(reader))
    note = calendar_note(calendar, {at.year})
    if options.json:
        told = {
            "at": at.isoformat(timespec="minutes"),
            "decisions": [{"person": str(line.person), "text": line.line} for line in lines],
            "messages": [{"person": str(person), "text": said.text} for person, said in says],
            "note": note or None,
        }
        frame.say_json(told)
        return frame.FINE
    out = sys.stdout
    out.write(f"{day_name(at.date())} {at:%H:%M}，按现在的填报情况：\n")
    out.writelines(f"· {frame.shown(line.line)}\n" for line in lines)
    if not lines:
        out.write("没有任务，或没有可以提醒的人。\n")
    out.write(f"\n应发 {len(says)} 条消息\n")
    for person, said in says:
        buttons = "\n".join(
            "　".join(f"[{button.label}]" for button in row) for row in said.buttons
        )
        text = frame.shown(f"{said.text}\n{buttons}", frame.TEXT)
        out.write(f"\n—— 发给 {person} ——\n{text}\n")
    if note:
        out.write(f"\n{note}\n")
    return frame.FINE
