"""An administrator's changes to one report's task: its dates and the assignment of sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from bot.reminding.asker import Asker, Reply, note
from bot.reminding.calendar import calendar_of
from bot.telling import tell
from conversations.form import FORMS
from conversations.form.local_notice import LocalNotice
from conversations.form.model import Form, ItemId
from conversations.reminders.people import MemberId
from conversations.reminders.tasks import Task, default_deadline, extended
from conversations.reminders.typed import (
    read_day,
    read_demand,
    read_extension,
    read_reason,
    read_section,
)
from conversations.sign_off.states import Role
from conversations.wording import tasks as wording
from storage.members import MemberReader
from storage.messages import Message
from storage.organ_changes import organ_level
from storage.reminders import task_id

NONE_OF_THEM = ("无", "不指定")
NO_DATE = ("无", "不设", "没有")

EXTEND = "延期"

COMMANDS = {
    "截止": "deadline",
    "截止日期": "deadline",
    "收集": "internal",
    "收集日期": "internal",
    "分工": "assign",
    "加问": "ask",
    "不问": "no_ask",
    "字数": "length",
    "标题": "headings",
    EXTEND: "extend",
    "不用报": "excuse",
    "今年不用报": "excuse",
    "撤销": "withdraw",
    "恢复": "restore",
    "日历": "calendar",
}


class TaskEditor:
    """The task of a report that the asker may change."""

    def __init__(self, asker: Asker, report_id: int) -> None:
        """A report without a task shows the one it would get."""
        self.asker = asker
        self.report_id = report_id
        self.stored = asker.tasks.task(report_id)
        self.task = self.stored or self._default()
        self.told: list[Message] = []

    def _default(self) -> Task:
        _, organ, year = self.asker.people.report_of(self.report_id)
        level = organ_level(self.asker.unit, organ)
        return Task(task_id(self.report_id), organ, year, default_deadline(year, level))

    @cached_property
    def form(self) -> Form:
        """The form of the report's edition."""
        return FORMS[self.asker.unit.load(self.report_id, "").edition]

    @cached_property
    def names(self) -> dict[MemberId, str]:
        """The clerks of the report by id; equal names are told apart."""
        clerks = self.asker.tasks.clerks(self.report_id)
        plain = [clerk.name for clerk in clerks]
        return {
            str(clerk.person): clerk.name
            if clerk.name and plain.count(clerk.name) == 1
            else f"{clerk.name or '编号'}{clerk.person}"
            for clerk in clerks
        }

    def card(self, before: str = "") -> Reply:
        """The present task, perhaps below a sentence about a change."""
        calendar = calendar_of(self.asker.tasks)
        said = wording.task_card(self.task, self.form, self.names, calendar, self.asker.today)
        return Reply((replace(said, text=f"{before}\n\n{said.text}" if before else said.text),))

    # ---- what was typed, what was tapped ---------------------------------------------------

    def command(self, word: str, rest: list[str]) -> Reply:
        """One change, as typed after /task."""
        text = "".join(rest)
        match COMMANDS[word]:
            case "internal" if text in NO_DATE:
                return self._put(internal=None)
            case "deadline" | "internal" as which:
                day = read_day(text, self.task.year)
                if day is None:
                    return note(f"{wording.UNREADABLE_DATE}\n{wording.USAGE}")
                return self._put(**{which: day})
            case "withdraw" | "restore" as which:
                return self._put(withdrawn=which == "withdraw")
            case "ask" | "no_ask" | "length" | "headings" as what:
                try:
                    self.demand(what, " ".join(rest))
                except ValueError:
                    return note(wording.DEMANDS[what])
                return self.card(wording.DEMANDED)
            case "extend":
                asked = read_extension(" ".join(rest), self.task.year)
                return self._extend(*asked) if asked else note(wording.EXTENSION_USAGE)
            case "excuse":
                return self._excuse(read_reason(" ".join(rest)))
            case "calendar":
                return Reply(files=(self.asker.ics(self.task),))
        return self._assign_typed(rest)

    def _extend(self, day: date, reason: str) -> Reply:
        """More time, with a required reason."""
        if not reason:
            return Reply((wording.extension_reason(self.task, day),))
        try:
            task = extended(self.task, day, reason)
        except ValueError:
            return note(wording.NOT_LATER)
        return self._put(deadline=task.deadline, internal=task.internal, reason=reason)

    def _excuse(self, reason: str) -> Reply:
        """The organ need not report this year, with a required reason."""
        if not reason:
            return Reply((wording.choose_excuse(self.task),))
        return self._put(withdrawn=True, reason=reason)

    def _assign_typed(self, rest: list[str]) -> Reply:
        if not rest:
            return Reply((wording.choose_section(self.task, self.form, self.names),))
        section = read_section(rest[0], self.form)
        if section is None:
            return note(wording.NO_SECTION)
        wanted = "".join(rest[1:])
        if not wanted:
            return Reply((wording.choose_clerk(self.task, self.form, section, self.names),))
        if wanted in NONE_OF_THEM:
            return self._assign(section, None)
        for owner, name in self.names.items():
            if wanted in (owner, name):
                return self._assign(section, owner)
        listed = "、".join(self.names.values()) or wording.NOBODY
        return note(wording.NO_CLERK.format(name=wanted, names=listed))

    def tapped(self, parts: list[str]) -> Reply:
        """A button of the card; an unknown one shows the card."""
        match parts:
            case ["d" | "i" as letter]:
                internal = letter == "i"
                today = self.asker.today
                return Reply((wording.choose_day(self.task, internal=internal, today=today),))
            case ["i", "0"]:
                return self._put(internal=None)
            case ["d" | "i" as letter, text] if day := read_day(text, self.task.year):
                return self._put(**{"deadline" if letter == "d" else "internal": day})
            case ["x"]:
                return Reply((wording.choose_extension(self.task, self.asker.today),))
            case ["x", text, *chosen] if day := read_day(text, self.task.year):
                return self._extend(day, _reason(wording.EXTENSION_REASONS, chosen))
            case ["n", *chosen]:
                return self._excuse(_reason(wording.EXCUSE_REASONS, chosen))
            case ["a"]:
                return self._assign_typed([])
            case ["a", number, *owner] if section := self._section(number):
                if not owner:
                    return self._assign_typed([section])
                if owner[0] == "0" or owner[0] in self.names:
                    return self._assign(section, owner[0] if owner[0] != "0" else None)
            case ["w"]:
                return Reply((wording.withdraw_ask(self.task),))
            case ["w", "y"]:
                return self._put(withdrawn=True)
            case ["r"]:
                return self._put(withdrawn=False)
            case ["c"]:
                return Reply(files=(self.asker.ics(self.task),))
        return self.card()

    def _section(self, number: str) -> ItemId | None:
        """The section with a permanent number."""
        item = self.form.item.get(int(number)) if number.isascii() and number.isdigit() else None
        return item if item in self.form.section else None

    # ---- storing ---------------------------------------------------------------------------

    def put(self, **changes: date | bool | str | LocalNotice | None) -> str:
        """
        Change `deadline`, `internal`, `withdrawn`, `reason` or `notice`; returns what has changed.

        A report without a task gets one. A reason is removed with its cause; the clerks are told of
        a new one (`told`).

        Raises:
            ValueError: The internal date would be after the deadline.
        """
        before, task = self.stored, replace(self.task, **changes)  # type: ignore[arg-type]
        dates = (task.deadline, task.internal) != (self.task.deadline, self.task.internal)
        if "reason" not in changes and (
            task.withdrawn != self.task.withdrawn or (dates and not task.withdrawn)
        ):
            task = replace(task, reason="")
        self.task = task
        if before != task:
            self.asker.tasks.set_task(task, self.report_id)
            self.stored = task
            self._tell(wording.told_clerks(before, task, self.asker.today))
        return wording.changed(before, task, self.asker.today)

    def _tell(self, text: str) -> None:
        """Tell the organ's other clerks."""
        asker = self.asker
        report = asker.people.report_of(self.report_id)
        if not text:
            return
        payload = {"text": text, "low": True, "report": self.report_id}
        for member in MemberReader(asker.unit).members(report[0]):
            if Role.CLERK in member.roles and member.reachable and member.person != asker.person:
                self.told.append(tell(asker.unit, member.person, payload, asker.now))

    def demand(self, what: str, text: str) -> None:
        """
        Change what the task asks for beyond the form; the card shows the result.

        Raises:
            ValueError: It cannot be read (`read_demand`).
        """
        self.put(notice=read_demand(what, text, self.task.notice, self.form))

    def assign(self, section: ItemId, owner: MemberId | None) -> str:
        """Give a section to a clerk, None: to everyone again; returns the sentence about it."""
        if self.stored is None:
            self.asker.tasks.set_task(self.task, self.report_id)
        self.asker.tasks.assign(self.report_id, section, int(owner) if owner else None)
        return wording.assigned(self.form, section, self.names[owner] if owner else "")

    def _put(self, **changes: date | bool | str | None) -> Reply:
        try:
            return replace(self.card(self.put(**changes)), told=tuple(self.told))
        except ValueError:
            return note(wording.WRONG_ORDER)

    def _assign(self, section: ItemId, owner: MemberId | None) -> Reply:
        told = self.assign(section, owner)
        return TaskEditor(self.asker, self.report_id).card(told)


def _reason(reasons: Sequence[str], chosen: Sequence[str]) -> str:
    """The reason that a button names by its place, "" for none."""
    place = chosen[0] if chosen else ""
    return next((reason for n, reason in enumerate(reasons, 1) if place == str(n)), "")
