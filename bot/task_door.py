"""
Tasks and reminders in a chat: /task, /remind, /calendar, /nudge and their buttons.

A door calls `command` and `tapped`, each in the transaction of the update, and delivers the result.
"""

from __future__ import annotations

from datetime import datetime

from bot.button_numbers import read_number
from bot.county import dates
from bot.reminding import nudging
from bot.reminding.asker import Asker, Reply, note
from bot.reminding.editor import COMMANDS as CHANGES
from bot.reminding.editor import EXTEND, TaskEditor
from bot.reminding.look import group_of, work_of
from bot.reminding.own import OwnReminders
from conversations.reminders.open_work import own_part
from conversations.wording import reminders as reminder_wording
from conversations.wording import tasks as task_wording
from conversations.wording.county_dates import SET_FOR_ALL
from storage.unit import Unit

COMMANDS = frozenset({"task", "remind", "calendar", "nudge"})
VERBS = frozenset(
    {
        task_wording.TASK,
        task_wording.REMIND,
        reminder_wording.GO,
        reminder_wording.TOMORROW,
        reminder_wording.WEEK,
        reminder_wording.NUDGE,
    }
)
MOST_FILES = 5


class TaskDoor:
    """The commands and buttons for one person, in one transaction."""

    def __init__(
        self, unit: Unit, person: int, now: datetime, admins: frozenset[int] = frozenset()
    ) -> None:
        """`now` is in the office's zone; `admins` look after all organs."""
        self.asker = Asker(unit, person, now, admins)

    def command(self, name: str, argument: str, report_id: int | None) -> Reply | None:
        """
        Answer a command; `report_id` is the report on the person's screen. None if it is not ours.
        """
        match name:
            case "remind":
                own = self._own_reminders()
                return own.command(argument.strip()) if own else note(task_wording.NOT_MEMBER)
            case "calendar":
                return self._calendar(report_id)
            case "nudge":
                if not self.asker.administers_some():
                    return note(task_wording.NOT_TO_NUDGE)
                return self._nudge("")
            case "task":
                return self._task(argument.split(), report_id)
        return None

    def tapped(self, data: str) -> Reply | None:
        """Answer a button; its data may be forged. None if it is not ours."""
        verb, _, rest = data.partition(":")
        parts = rest.split(":") if rest else []
        match verb:
            case task_wording.TASK:
                return self._task_tapped(parts)
            case task_wording.REMIND:
                own = self._own_reminders()
                return own.tapped(parts) if own else Reply(toast=task_wording.NOT_MEMBER)
            case reminder_wording.TOMORROW | reminder_wording.WEEK:
                own = self._own_reminders()
                week = verb == reminder_wording.WEEK
                return (
                    own.put_off(parts, week=week) if own else Reply(toast=task_wording.NOT_MEMBER)
                )
            case reminder_wording.GO:
                return self._go(parts)
            case reminder_wording.NUDGE:
                return self._nudge(parts[0] if parts else "", sure=parts[1:] == ["y"])
        return None

    # ---- one's own ------------------------------------------------------------------------

    def _own_reminders(self) -> OwnReminders | None:
        person_to_remind = self.asker.person_to_remind()
        return OwnReminders(self.asker, person_to_remind) if person_to_remind else None

    def _go(self, parts: list[str]) -> Reply:
        """Open the person's own next open question, as it is now."""
        asker, report_id = self.asker, _report(parts)
        if report_id is None or asker.people.known_report(report_id) is None:
            return Reply(toast=task_wording.GONE)
        task = asker.tasks.task(report_id)
        person_to_remind = asker.tasks.person_to_remind(asker.person, asker.now)
        button = "go"
        if person_to_remind is not None and any(
            own.report_id == report_id for own in person_to_remind.waiting
        ):
            return Reply(go=f"{report_id:x}/show")  # a leader decides on the whole report
        if task is not None and person_to_remind is not None and task.assigned:
            form, work, *_ = work_of(asker.unit, report_id)
            own = next((o for o in person_to_remind.clerk_of if o.report_id == report_id), None)
            only = own.parts if own else None
            progress = own_part(
                task, person_to_remind.member, form, work, finished=False, parts=only
            )
            if progress.missing:
                button = f"s:{form.section[progress.missing[0].section].item}"
        return Reply(go=f"{report_id:x}/{button}")

    def _calendar(self, report_id: int | None) -> Reply:
        """The calendar file of the report on the screen, or of all unfinished ones."""
        asker = self.asker
        chosen = [report_id] if report_id is not None else []
        if not chosen and (person_to_remind := asker.person_to_remind()):
            chosen = [own.report_id for own in person_to_remind.clerk_of if not own.finished]
        tasks = [task for id_ in chosen[:MOST_FILES] if (task := asker.tasks.task(id_))]
        if not tasks:
            return note(task_wording.NO_REPORT)
        return Reply(files=tuple(asker.ics(task) for task in tasks))

    # ---- an administrator's ---------------------------------------------------------------

    def _task(self, words: list[str], report_id: int | None) -> Reply:
        """/task: with the name of an organ, a change of the task on the screen, or nothing."""
        asker = self.asker
        if not asker.administers_some():
            return note(task_wording.NOT_YOURS)
        if not words:
            return dates.offered(asker, self._task_on_screen(report_id, words))
        if words[0].startswith(SET_FOR_ALL):
            return dates.typed(asker, " ".join(words).removeprefix(SET_FOR_ALL))
        if words[0].startswith(EXTEND):
            words = [EXTEND, words[0].removeprefix(EXTEND), *words[1:]]
        if words[0] not in CHANGES:
            named = self._newest("".join(words))
            if named is None:
                return note(task_wording.USAGE)
            asker.people.focus_on(asker.person, named, None)
            return TaskEditor(asker, named).card()
        return self._task_on_screen(report_id, words)

    def _task_on_screen(self, report_id: int | None, words: list[str]) -> Reply:
        """The task of the open report, or a choice of one; with `words`, a change of it."""
        asker = self.asker
        if report_id is None or not asker.administers(report_id):
            organs = asker.administered()
            if not organs:
                return note(task_wording.NO_TASKS)
            if len(organs) > 1:
                return Reply((task_wording.choose_task([organ.task for organ in organs]),))
            report_id = organs[0].report_id
        editor = TaskEditor(asker, report_id)
        return editor.command(words[0], words[1:]) if words else editor.card()

    def _newest(self, organ: str) -> int | None:
        """The newest report of the organ with this name, if the person administers it."""
        unit = self.asker.unit
        for year in reversed(unit.years(organ)):
            report_id = unit.find_report(organ, year)
            if report_id is not None and self.asker.administers(report_id):
                return report_id
        return None

    def _task_tapped(self, parts: list[str]) -> Reply:
        asker, report_id = self.asker, _report(parts)
        if report_id is None or not asker.administers(report_id):
            return Reply(toast=task_wording.NOT_YOURS)
        # So that the next command is about this report.
        asker.people.focus_on(asker.person, report_id, None)
        return TaskEditor(asker, report_id).tapped(parts[1:])

    def _nudge(self, group: str, *, sure: bool = False) -> Reply:
        """Remind all unfinished organs, once `sure`; `group` is a collective task, "" for all."""
        asker = self.asker
        if not asker.administers_some():
            return Reply(toast=task_wording.NOT_YOURS)
        reports = [
            organ.report_id
            for organ in asker.administered()
            if not organ.finished and group in ("", group_of(organ.task).id)
        ]
        missing = self.not_joined(group)
        if sure:
            return nudging.done(asker, reports, missing)
        return nudging.asked(asker, reports, missing, reminder_wording.yes_nudge(group), group)

    def not_joined(self, group: str) -> list[str]:
        """The unfinished organs without members; `group` is a collective task, "" for all."""
        asker = self.asker
        if not asker.administers_some():
            return []
        return [
            organ.task.organ
            for organ in asker.administered()
            if not (organ.finished or organ.joined) and group in ("", group_of(organ.task).id)
        ]


def _report(parts: list[str]) -> int | None:
    """The report that a task's id names."""
    return read_number(parts[0]) if parts else None
