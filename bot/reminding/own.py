"""A person's own reminders: how much to hear, in which hours, and putting them off."""

from __future__ import annotations

from datetime import time

from bot.reminding.asker import Asker, Reply, note
from bot.reminding.calendar import calendar_of
from conversations.reminders.known import PersonToRemind
from conversations.reminders.people import Mode, next_week, tomorrow
from conversations.reminders.typed import read_hours, read_mode
from conversations.wording import tasks as wording
from conversations.wording.reminders import put_off


class OwnReminders:
    """/remind and its buttons, for a person who may be reminded."""

    def __init__(self, asker: Asker, person_to_remind: PersonToRemind) -> None:
        """`person_to_remind` is the asker."""
        self.asker = asker
        self.person_to_remind = person_to_remind
        self.member = person_to_remind.member

    def command(self, argument: str) -> Reply:
        """/remind with hours, with an amount, or alone."""
        member = self.member
        if mode := read_mode(argument):
            self._wish(mode, member.start, member.end)
        elif hours := read_hours(argument):
            self._wish(member.mode, *hours)
        elif argument:
            return note(f"{wording.HOURS_WRONG}\n{wording.REMIND_USAGE}")
        return self._settings()

    def tapped(self, parts: list[str]) -> Reply:
        """A button of the settings; an unknown one changes nothing."""
        member = self.member
        match parts:
            case ["again"]:
                self.asker.tasks.snooze(self.asker.person, None)
            case ["h", start, end]:
                hours = read_hours(f"{start[:2]}:{start[2:]}-{end[:2]}:{end[2:]}")
                if hours is not None:
                    self._wish(member.mode, *hours)
            case [text] if mode := read_mode(text):
                self._wish(mode, member.start, member.end)
        return self._settings()

    def put_off(self, task_ids: list[str], *, week: bool) -> Reply:
        """「明天再说」 and 「本周不提醒」; the longer of two wishes of one day holds."""
        asker, member = self.asker, self.member
        today = member.day(asker.now)
        snooze = (
            next_week(asker.now, member)
            if week
            else tomorrow(asker.now, member, calendar_of(asker.tasks))
        )
        before = member.snooze
        if before and before.on == today and before.until > snooze.until:
            snooze = before
        asker.tasks.snooze(asker.person, snooze)
        # Any number may be sent: only a task of the person's own is used.
        deadlines = [
            o.task.deadline for o in self.person_to_remind.clerk_of if o.task.id in task_ids
        ]
        return Reply(toast=put_off(snooze.until, deadlines[0] if deadlines else today, today))

    def _wish(self, mode: Mode, start: time, end: time) -> None:
        member, asker = self.member, self.asker
        since = member.since
        if member.mode is Mode.OFF and mode is not Mode.OFF:
            # Reminders missed while it was off are not sent late.
            since = member.day(asker.now)
        asker.tasks.wishes(asker.person, mode, start, end, since)

    def _settings(self) -> Reply:
        person_to_remind = self.asker.person_to_remind()
        assert person_to_remind is not None
        tasks = [own.task for own in person_to_remind.clerk_of if not own.finished]
        return Reply((wording.settings(person_to_remind.member, tasks, self.asker.today),))
