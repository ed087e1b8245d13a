"""
`nianbao import`: a published report, from a file or a link, into the store.

The result is shown first and stored only after a yes. Existing answers are kept unless they are to
be replaced; doubtful figures are left out unless confirmed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.cli import frame
from bot.cli.conversation import linked
from bot.cli.values import remarks_as_json, value_as_json
from bot.files.read import bytes_of, read_report
from bot.files.received import is_link
from bot.files.unreadable import UnreadableFile
from bot.handle import Clock, form_here, renewed
from conversations.answers.short import is_yes
from conversations.document.read.blocks import UnreadableReason
from conversations.document.read.report import ReadReport
from conversations.form import FORMS, form_to_fill_in
from conversations.form.answers import Answers
from conversations.form.local_notice import NOTHING
from conversations.form.organ import read_organ_name
from conversations.sign_off.rights import is_locked
from conversations.talk.events import ReportRead
from conversations.talk.importing.make import plan
from conversations.talk.importing.plan import ImportPlan
from conversations.talk.importing.text import plan_text
from conversations.wording import importing as wording
from conversations.wording import sign_off
from storage.store import Store

EXAMPLES = (
    "nianbao import 2024年年报.docx --organ 甲镇人民政府 --year 2024",
    "nianbao import 2024年年报.docx --organ 甲镇人民政府 --year 2024 --yes",
)
EXIT_CODES = {
    frame.FINE: "已存入，或者都已经有了",
    frame.REFUSED: "读不了，没有可存入的，或年度对不上",
    frame.UNFINISHED: "只看了会存入什么，没有 --yes 或没有确认",
}
DOOR = "import"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What to read, for which report, and what is confirmed beforehand."""
    parser.add_argument("source", metavar="文件或网址")
    frame.add_report(parser)
    frame.add_json(parser)
    frame.add_yes(parser)
    parser.add_argument("--replace", action="store_true", help="与已有的不同时，用文件里的替换")
    parser.add_argument("--doubtful", action="store_true", help="存疑的数字也导入")


def run(options: argparse.Namespace) -> int:
    """Read, show, ask, store."""
    ask = _ask if frame.at_terminal() and not options.json else None
    looking = ask is None and not options.yes
    with frame.open_store(options, reading=looking) as store:
        return import_report(store, options, Clock(frame.now()), ask)


def _ask(question: str) -> str:
    """A question at the terminal; no answer is no."""
    try:
        return input(question)
    except EOFError:
        return ""


def read_source(source: str, year: int = 0) -> ReadReport:
    """
    The report in a file or at a link.

    Raises:
        UnreadableFile: With the sentence that says why, for links too.
    """
    if not is_link(source):
        path = Path(source)
        return read_report(bytes_of(path), path.name, year=year or None)
    event = linked(source)
    if not isinstance(event, ReportRead):
        raise UnreadableFile(UnreadableReason.FOREIGN.value)
    return event.report


def import_report(
    store: Store,
    options: argparse.Namespace,
    clock: Clock,
    ask: Callable[[str], str] | None = None,
    read: Callable[[str, int], ReadReport] = read_source,
) -> int:
    """
    Read, show, ask, store; returns the exit code.

    `ask` asks the person at the terminal, None if there is none.
    """
    try:
        with frame.working():
            report = read(options.source, options.year)
    except UnreadableFile as error:
        source = options.source
        name = source if is_link(source) else Path(source).name
        raise frame.Refused(f"{frame.shown(name)}：{error}") from error
    organ, year = options.organ or read_organ_name(report.organ), options.year or report.year or 0
    if not organ and ask is not None and not options.yes:
        organ = read_organ_name(ask(wording.ASK_ORGAN))
    for known, what, option in ((organ, "机关名称", "--organ"), (year, "年度", "--year")):
        if not known:
            raise frame.Refused(wording.NEEDS_NAMES.format(what=what, option=option).rstrip())
    # Our own JSON comes back as it was, even where its year has another form by now.
    form = form_to_fill_in(year) if report.answers is None else FORMS[report.edition]
    standing, notice = Answers(), NOTHING
    with store.read() as reader:
        report_id = reader.find_report(organ, year)
        if report_id is not None:
            stands = reader.load(report_id, frame.PERSON)
            standing, notice, form = stands.answers, stands.notice, form_here(stands)
            if is_locked(stands.sign_off.state):
                raise frame.Refused(sign_off.locked(stands.sign_off.state))
    wanted = plan(report, organ, year, standing, form, notice)
    tell = _quiet if options.json else sys.stdout.write
    tell(frame.shown(plan_text(wanted), frame.TEXT) + "\n")
    stored = 0

    def ended(code: int) -> int:
        if options.json:
            frame.say_json(plan_as_json(wanted) | {"stored": stored})
        return code

    def agreed(question: str, said: bool) -> bool:
        return said or (ask is not None and not options.yes and is_yes(ask(question)))

    if not wanted.values and not wanted.doubtful:
        return ended(frame.REFUSED)
    if wanted.other_year and not agreed(wording.ASK_YEAR.format(wanted=year), said=False):
        sys.stderr.write(wording.NEEDS_YEAR.format(found=wanted.found_year))
        return ended(frame.REFUSED if ask is None or options.yes else frame.UNFINISHED)
    if not agreed(wording.ASK, options.yes):
        sys.stderr.write(wording.NEEDS_YES if ask is None else wording.NOT_CONFIRMED)
        return ended(frame.UNFINISHED)
    left = len(wanted.doubtful)
    if left and agreed(wording.ASK_DOUBTFUL.format(count=left), options.doubtful):
        wanted, left = wanted.confirmed(), 0
    kept = len(wanted.conflicts)
    replace = bool(kept) and agreed(wording.ASK_REPLACE.format(count=kept), options.replace)
    stored = store_plan(store, wanted, clock, replace=replace, by=frame.PERSON)
    sentence = wording.DONE if stored else wording.NOTHING_NEW
    tell(sentence.format(organ=organ, year=year, count=stored))
    if kept and not replace:
        tell(wording.KEPT.format(count=kept))
    if left:
        tell(wording.LEFT_DOUBTFUL.format(count=left))
    return ended(frame.FINE)


def _quiet(_sentence: str) -> None:
    """Instead of messages to a person, for a program."""


def store_plan(store: Store, wanted: ImportPlan, clock: Clock, *, replace: bool, by: str) -> int:
    """
    Store a confirmed plan; returns the number of items written.

    A colleague's answer entered since it was shown is not replaced.
    """
    asked = {conflict.item for conflict in wanted.conflicts} if replace else set()
    with store.begin() as unit:
        edition = wanted.form.edition
        report_id = unit.open_report(wanted.organ, wanted.year, now=clock.now, edition=edition)
        stored = unit.load(report_id, by)
        if is_locked(stored.sign_off.state):
            raise frame.Refused(sign_off.locked(stored.sign_off.state))
        now = wanted.over(stored.answers)
        saves = [
            save for save in now.saves(replace=replace) if save.before is None or save.item in asked
        ]
        if saves:
            if stored.edition != edition:
                renewed(unit, stored, by, by, clock, DOOR)
            unit.save(report_id, saves, by=by, at=clock.now, door=DOOR)
    return len(saves)


def plan_as_json(wanted: ImportPlan) -> dict[str, Any]:
    """What was read and would be stored, and what would not."""
    return {
        "organ": wanted.organ,
        "year": wanted.year,
        "found_organ": wanted.found_organ,
        "found_year": wanted.found_year,
        "edition": wanted.edition,
        "values": {item: value_as_json(item, value) for item, value in wanted.values.items()},
        **remarks_as_json(wanted.values),
        "totals": {total.cell: value_as_json(total.cell, total.printed) for total in wanted.totals},
        "doubtful": [
            {"cell": cell, "value": value_as_json(cell, doubt.value), "why": doubt.why}
            for cell, doubt in wanted.doubtful.items()
        ],
        "unread": list(wanted.unread),
        "conflicts": [
            {
                "item": conflict.item,
                "stands": value_as_json(conflict.item, conflict.stands),
                "read": value_as_json(conflict.item, conflict.read),
            }
            for conflict in wanted.conflicts
        ],
        "left_out": [
            {"section": left.section, "what": left.what.value, "count": left.count}
            for left in wanted.left_out
        ],
        "leftover": list(wanted.leftover),
    }
