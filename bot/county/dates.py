"""
Dates of the organs below one, set for all at once, in both doors; and the dates of one.

In the chat `cy:d:organ:year` is the card of one organ's dates. The choices so far are in the
buttons, so that a restart loses nothing; a yes counts for what was shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.county.under import MOST_OFFERED, Organ, named
from bot.memberships import begin_work
from bot.reminding.asker import Asker, Reply, note
from bot.reminding.editor import TaskEditor
from conversations.answers.short import read_year
from conversations.county.dates import (
    WRITTEN,
    Group,
    PlannedDates,
    WantedDates,
    plan_dates,
    read_dates,
)
from conversations.reminders.tasks import Task, default_deadline, newest_year
from conversations.reminders.typed import read_day
from conversations.talk.effects import Say
from conversations.wording import county_dates as wording
from conversations.wording.county import NOT_YOURS
from conversations.wording.county_organs import IS_CLOSED
from storage.county import organs_below
from storage.organ_changes import is_closed, organ_level
from storage.reminders import task_id
from storage.tasks import Tasks
from storage.unit import Unit

LETTER = wording.LETTER
COMMANDS: frozenset[str] = frozenset()
AS_THEY_ARE = WantedDates()


def set_dates(unit: Unit, planned: Iterable[PlannedDates], year: int, now: datetime) -> None:
    """Store the planned dates; an organ without a report of the year gets one."""
    tasks = Tasks(unit)
    for each in planned:
        if each.fate not in WRITTEN:
            continue
        organ, report = each.organ.organ, each.organ.report
        report_id = unit.open_report(organ, year, now=now) if report is None else report.report_id
        task = tasks.task(report_id) or Task(task_id(report_id), organ, year, each.deadline)
        task = replace(task, deadline=each.deadline, internal=each.internal)
        tasks.set_task(task, report_id)


# ---- the chat ---------------------------------------------------------------------------------


def offered(asker: Asker, reply: Reply) -> Reply:
    """An answer to /task, with the way to set dates for all organs below, if there are any."""
    if not reply.says or not (found := asker.access.heads()[:MOST_OFFERED]):
        return reply
    *before, last = reply.says
    last = replace(last, buttons=(*last.buttons, *wording.offers(found, newest_year(asker.today))))
    return replace(reply, says=(*before, last))


def typed(asker: Asker, text: str) -> Reply:
    """«/task 统一 截止 1月31日 收集 1月20日 乡镇»; missing parts are asked."""
    usual = newest_year(asker.today)
    said, found = read_dates(text, usual), asker.access.heads()[:MOST_OFFERED]
    if not found:
        return note(wording.NOBODY_BELOW)
    if said is None:
        return note(f"{wording.DATES_WRONG}\n{wording.USAGE}")
    year, group, wanted = said.year or usual, said.group or Group.ALL, said.wanted
    if wanted.deadline and wanted.internal and wanted.internal > wanted.deadline:
        return note(wording.WRONG_ORDER)
    what = wording.encoded(group, wanted.deadline)
    if wanted.deadline and (wanted.internal or wanted.no_internal):
        what = wording.encoded(group, wanted=wanted)
    if len(found) > 1:
        return Reply((wording.choose_head(found, year, what),))
    return _All(asker, found[0], year).tapped(what.split(":")[1:])


def tapped(asker: Asker, parts: Sequence[str]) -> Reply:
    """A button of these cards."""
    match parts:
        case [number, when, *rest] if (organ := named(asker, number)) and (year := read_year(when)):
            if rest[:1] == ["a"]:
                return replace(_All(asker, organ, year).tapped(rest[1:]), instead=True)
            return _one(asker, organ, year, rest)
    return Reply(toast=NOT_YOURS)


def _one(asker: Asker, organ: Organ, year: int, what: Sequence[str]) -> Reply:
    """The dates of one organ; a missing report begins when they are to change."""
    organ_id, name = organ
    unit = asker.unit
    report_id = unit.find_report(name, year)
    if report_id is None and is_closed(unit, name):
        return note(IS_CLOSED.format(name))
    if not what and (report_id is None or asker.tasks.task(report_id) is None):
        usual = default_deadline(year, organ_level(unit, name))
        return Reply((wording.no_task(organ_id, name, year, usual),))
    report_id = unit.open_report(name, year, now=asker.now)
    # So that the next command is about this report.
    asker.people.focus_on(asker.person, report_id, None)
    if list(what) == ["b"]:
        begin_work(unit, name, year, asker.now)
    return TaskEditor(asker, report_id).tapped(list(what))


class _All:
    """The dates of all organs below one, for one person, step by step."""

    def __init__(self, asker: Asker, organ: Organ, year: int) -> None:
        self.asker = asker
        self.organ_id, self.under = organ
        self.year = year

    def plan(self, group: Group, wanted: WantedDates = AS_THEY_ARE) -> tuple[PlannedDates, ...]:
        """The change for each organ, as things are now."""
        organs = organs_below(self.asker.unit, self.organ_id, self.year)
        return plan_dates(organs, self.year, wanted, group)

    def tapped(self, parts: Sequence[str]) -> Reply:
        """The next step after the choices in the button; unreadable ones are asked."""
        group = next((g for g in Group if [g.value] == list(parts[:1])), Group.ALL)
        days = [read_day(text, self.year) for text in parts[1:3]]
        match parts[1:], days:
            case [_], [deadline] if deadline:
                said = wording.choose_internal(
                    self.organ_id, self.under, self.year, group, deadline
                )
                return Reply((said,))
            case [_, internal, *yes], [deadline, day] if deadline and (day or internal == "0"):
                return self._ask(group, WantedDates(deadline, day, day is None), yes)
        years = (self.asker.today.year - 1, self.asker.today.year)
        count = len(self.plan(group))
        said = wording.choose_deadline(self.organ_id, self.under, self.year, group, count, years)
        return Reply((said,))

    def _ask(self, group: Group, wanted: WantedDates, yes: Sequence[str]) -> Reply:
        """Show the change; make it after a yes to the same one."""
        planned = self.plan(group, wanted)
        if list(yes) == ["y", wording.mark_of(planned)]:
            set_dates(self.asker.unit, planned, self.year, self.asker.now)
            return note(wording.done(self.year, planned))
        said: Say = wording.ask(self.organ_id, self.under, self.year, group, wanted, planned)
        return Reply((said,), toast=wording.CHANGED_MEANWHILE if yes else "")
