"""
`nianbao import`: a published report, out of a file or behind a link, into the store.

What was read is shown first and counts only after a yes. What stands already is kept
unless the person has it replaced; what was read with doubt is left out unless confirmed.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.cli.show import PERSON
from bot.files.read import UnreadableFile, bytes_of, read_report
from bot.handle import Clock
from conversations.answers.parsing import is_yes
from conversations.document.read.understand import ReadReport
from conversations.form.answers import Answers
from conversations.talk.importing import ImportPlan, plan, plan_text
from conversations.wording import importing as wording
from storage.reports import Reader
from storage.store import Store

FINE, FAILED, NOT_CONFIRMED = 0, 2, 3
DOOR = "import"
EDITION = "2021"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says beforehand."""

    organ: str = ""
    year: int = 0
    yes: bool = False
    replace: bool = False
    doubtful: bool = False


def is_link(source: str) -> bool:
    """Whether it is an address of the web and not a file."""
    return source.lower().startswith(("http://", "https://"))


def read_source(source: str, year: int = 0) -> ReadReport:
    """
    The report in a file or behind a link.

    Raises:
        UnreadableFile: With the sentence that says why, for links too.
    """
    if not is_link(source):
        path = Path(source)
        return read_report(bytes_of(path), path.name, year=year or None)
    from bot.files.fetch import NotFetched, Rules, fetch_report
    from bot.settings import SettingsError, load_settings

    try:
        rules = Rules(load_settings().fetch_hosts)
        report, _ = asyncio.run(fetch_report(source, rules))
    except (NotFetched, SettingsError) as error:
        raise UnreadableFile(str(error)) from error
    return report


def store_plan(store: Store, wanted: ImportPlan, clock: Clock, *, replace: bool, by: str) -> int:
    """
    Store a plan that was confirmed; how many items were written.

    What a colleague has entered since it was shown is not replaced.
    """
    asked = {one.item for one in wanted.conflicts} if replace else set()
    with store.begin() as unit:
        report_id = unit.open_report(wanted.organ, wanted.year, now=clock.now, edition=EDITION)
        now = wanted.over(unit.load(report_id, by).answers)
        saves = [
            one for one in now.saves(replace=replace) if one.before is None or one.item in asked
        ]
        if saves:
            unit.save(report_id, saves, by=by, at=clock.now, door=DOOR)
    return len(saves)


def existing(reader: Reader, organ: str, year: int, person: str = PERSON) -> Answers:
    """The answers a report already has; none where it is not begun."""
    report_id = reader.find_report(organ, year)
    return Answers() if report_id is None else reader.load(report_id, person).answers


def run(
    store: Store,
    source: str,
    wishes: Wishes,
    clock: Clock,
    *,
    out: TextIO | None = None,
    err: TextIO | None = None,
    ask: Callable[[str], str] | None = None,
    read: Callable[[str, int], ReadReport] = read_source,
) -> int:
    """
    Read, show, ask, store; the result is the exit code.

    `ask` puts a question to the person at the terminal, None where there is nobody.
    """
    out, err = out or sys.stdout, err or sys.stderr
    try:
        found = read(source, wishes.year)
    except UnreadableFile as error:
        err.write(f"{source if is_link(source) else Path(source).name}：{error}\n")
        return FAILED
    organ, year = wishes.organ or found.organ, wishes.year or found.year or 0
    for missing, what, option in ((organ, "机关名称", "--organ"), (year, "年度", "--year")):
        if not missing:
            err.write(wording.NEEDS_NAMES.format(what=what, option=option))
            return FAILED
    with store.read() as reader:
        wanted = plan(found, organ, year, existing(reader, organ, year))
    out.write(plan_text(wanted) + "\n")
    if not wanted.values and not wanted.doubtful:
        return FAILED

    def agreed(question: str, said: bool) -> bool:
        return said or (ask is not None and not wishes.yes and is_yes(ask(question)))

    if wanted.other_year and not agreed(wording.ASK_YEAR.format(wanted=year), said=False):
        err.write(wording.NEEDS_YEAR.format(found=wanted.found_year))
        return FAILED if ask is None or wishes.yes else NOT_CONFIRMED
    if not agreed(wording.ASK, wishes.yes):
        err.write(wording.NEEDS_YES if ask is None else wording.NOT_CONFIRMED)
        return NOT_CONFIRMED
    left = len(wanted.doubtful)
    if left and agreed(wording.ASK_DOUBTFUL.format(count=left), wishes.doubtful):
        wanted, left = wanted.confirmed(), 0
    kept = len(wanted.conflicts)
    replace = bool(kept) and agreed(wording.ASK_REPLACE.format(count=kept), wishes.replace)
    count = store_plan(store, wanted, clock, replace=replace, by=PERSON)
    told = wording.DONE if count else wording.NOTHING_NEW
    out.write(told.format(organ=organ, year=year, count=count))
    if kept and not replace:
        out.write(wording.KEPT.format(count=kept))
    if left:
        out.write(wording.LEFT_DOUBTFUL.format(count=left))
    return FINE
