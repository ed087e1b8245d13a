"""
Tasks and reminders in a chat: /task, /remind, /calendar, /nudge and their buttons.

A door asks `command` and `tapped`, each in the transaction of the update, and delivers
what comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.reminding.calendar import calendar_of
from bot.reminding.look import WorkCache, clerks_case, group_of, work_of
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.reminders.decide import Why, why_no_nudge
from conversations.reminders.ics import calendar_file
from conversations.reminders.open_work import own_part
from conversations.reminders.people import Mode, next_week, tomorrow
from conversations.reminders.tasks import Task, default_deadline
from conversations.reminders.typed import read_day, read_hours, read_mode, read_section
from conversations.talk.effects import MessageKind, Say
from conversations.wording import reminders as reminder_wording
from conversations.wording import tasks as task_wording
from storage.people import People
from storage.reports import Unit
from storage.tasks import Addressee, Tasks

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
# Up to so many clerks, who has nothing left to do is found out before he is nudged.
EXACT = 200
# Reports of one tap: more would keep everybody else waiting.
MOST_NUDGED = 500


@dataclass(frozen=True, slots=True)
class File:
    """A file to be handed over."""

    name: str
    content: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class Reply:
    """
    What came of a command or a tap.

    `toast` is the word on the tapped button; `go` a button of the conversation, its
    report before it (`1f/s:3`), to be taken as if it had been tapped.
    """

    says: tuple[Say, ...] = ()
    files: tuple[File, ...] = ()
    toast: str = ""
    go: str = ""


def _note(text: str) -> Reply:
    return Reply((Say(MessageKind.NOTE, text),))


class TaskDoor:
    """The commands and buttons for one person, in one transaction."""

    def __init__(
        self, unit: Unit, person: int, now: datetime, admins: frozenset[int] = frozenset()
    ) -> None:
        """`now` is in the office's zone; `admins` look after all organs."""
        self.unit = unit
        self.tasks = Tasks(unit)
        self.people = People(unit)
        self.person = person
        self.now = now
        self.today = now.date()
        self.is_admin = person in admins

    # ---- commands -----------------------------------------------------------------------

    def command(self, name: str, argument: str, report_id: int | None) -> Reply | None:
        """A command; `report_id` is the report on the person's screen. None: not ours."""
        argument = argument.strip()
        if name == "remind":
            return self._remind(argument)
        if name == "calendar":
            return self._calendar(report_id)
        if name == "nudge":
            return self._nudge("")
        return self._task(argument, report_id) if name == "task" else None

    def tapped(self, data: str) -> Reply | None:
        """A button; anybody may send any data. None: not ours."""
        verb, _, rest = data.partition(":")
        if verb not in VERBS:
            return None
        parts = rest.split(":") if rest else []
        if verb == task_wording.TASK:
            return self._task_tapped(parts)
        if verb == task_wording.REMIND:
            return self._remind_tapped(parts)
        if verb == reminder_wording.GO:
            return self._go(parts)
        if verb == reminder_wording.NUDGE:
            return self._nudge(rest)
        return self._put_off(parts, week=verb == reminder_wording.WEEK)

    # ---- one's own reminders --------------------------------------------------------------

    def _addressee(self) -> Addressee | None:
        """Who speaks, if he may be reminded at all."""
        if not self.is_admin and not self.people.memberships(self.person):
            return None
        found = self.tasks.addressee(self.person, self.now)
        if found is None:
            self.tasks.wake(self.person)
            found = self.tasks.addressee(self.person, self.now)
        return found

    def _settings(self) -> Reply:
        one = self._addressee()
        if one is None:
            return _note(task_wording.NOT_MEMBER)
        tasks = [own.task for own in one.clerk_of if not own.finished]
        return Reply((task_wording.settings(one.member, tasks, self.today),))

    def _remind(self, argument: str) -> Reply:
        one = self._addressee()
        if one is None:
            return _note(task_wording.NOT_MEMBER)
        if not argument:
            return self._settings()
        mode = read_mode(argument)
        if mode is not None:
            self._wish(one, mode, one.member.start, one.member.end)
            return self._settings()
        hours = read_hours(argument)
        if hours is None:
            return _note(f"{task_wording.HOURS_WRONG}\n{task_wording.REMIND_USAGE}")
        self._wish(one, one.member.mode, *hours)
        return self._settings()

    def _wish(self, one: Addressee, mode: Mode, start: time, end: time) -> None:
        since = one.member.since
        if one.member.mode is Mode.OFF and mode is not Mode.OFF:
            # What was missed while it was off is not made up for.
            since = self.now.astimezone(one.member.zone).date()
        self.tasks.wishes(self.person, mode, start, end, since)

    def _remind_tapped(self, parts: list[str]) -> Reply:
        one = self._addressee()
        if one is None:
            return Reply(toast=task_wording.NOT_MEMBER)
        member = one.member
        if parts == ["again"]:
            self.tasks.snooze(self.person, None)
        elif len(parts) == 1 and (mode := read_mode(parts[0])):
            self._wish(one, mode, member.start, member.end)
        elif len(parts) == 3 and parts[0] == "h":
            hours = read_hours("-".join(f"{p[:2]}:{p[2:]}" for p in parts[1:]))
            if hours is not None:
                self._wish(one, member.mode, *hours)
        return self._settings()

    def _put_off(self, parts: list[str], *, week: bool) -> Reply:
        one = self._addressee()
        if one is None:
            return Reply(toast=task_wording.NOT_MEMBER)
        calendar = calendar_of(self.tasks)
        member = one.member
        snooze = next_week(self.now, member) if week else tomorrow(self.now, member, calendar)
        today = self.now.astimezone(member.zone).date()
        if member.snooze and member.snooze.on == today and member.snooze.until > snooze.until:
            snooze = member.snooze
        self.tasks.snooze(self.person, snooze)
        # Anybody may send any number: only a task of his own is spoken of.
        own = [each.task for each in one.clerk_of if each.task.id in parts]
        deadline = own[0].deadline if own else today
        return Reply(toast=reminder_wording.put_off(snooze.until, deadline, today))

    def _go(self, parts: list[str]) -> Reply:
        """Straight into the person's own next open question, as it is now."""
        report_id = _report(parts)
        if report_id is None or self.people.report_of(report_id) is None:
            return Reply(toast=task_wording.GONE)
        task = self.tasks.task(report_id)
        one = self.tasks.addressee(self.person, self.now)
        button = "go"
        if task is not None and one is not None and task.assigned:
            form, work, _ = work_of(self.unit, report_id)
            progress = own_part(task, one.member, form, work, finished=False)
            if progress.missing:
                button = f"s:{form.section[progress.missing[0].section].item}"
        return Reply(go=f"{report_id:x}/{button}")

    # ---- the calendar file --------------------------------------------------------------

    def _calendar(self, report_id: int | None) -> Reply:
        chosen = [report_id] if report_id is not None else []
        if not chosen:
            one = self._addressee()
            if one is not None:
                chosen = [own.report_id for own in one.clerk_of if not own.finished]
        tasks = [task for id_ in chosen[:MOST_FILES] if (task := self.tasks.task(id_))]
        if not tasks:
            return _note(task_wording.NO_REPORT)
        return Reply(files=tuple(self._ics(task) for task in tasks))

    def _ics(self, task: Task) -> File:
        content = calendar_file(task, calendar_of(self.tasks), self.now)
        return File(f"{task.organ}{task.year}年度报告日期.ics", content, task_wording.ICS_CAPTION)

    # ---- tasks ------------------------------------------------------------------------------

    def _may(self, report_id: int) -> bool:
        """Whether the person administers a report's organ."""
        report = self.people.report_of(report_id)
        if report is None:
            return False
        return self.is_admin or any(
            one.organ_id == report[0] and one.role == "administrator"
            for one in self.people.memberships(self.person)
        )

    def _administers(self) -> bool:
        return self.is_admin or any(
            one.role == "administrator" for one in self.people.memberships(self.person)
        )

    def _current(self, report_id: int) -> Task:
        """The task of a report, as it is or as it would be."""
        found = self.tasks.task(report_id)
        if found is not None:
            return found
        report = self.people.report_of(report_id)
        assert report is not None
        return Task(f"{report_id:x}", report[1], report[2], default_deadline(report[2]))

    def _names(self, report_id: int) -> dict[str, str]:
        """The clerks of a report by id; two of one name are told apart."""
        clerks = self.tasks.clerks(report_id)
        plain = [clerk.name for clerk in clerks]
        return {
            str(clerk.person): clerk.name
            if clerk.name and plain.count(clerk.name) == 1
            else f"{clerk.name or '编号'}{clerk.person}"
            for clerk in clerks
        }

    def _card(self, report_id: int, before: str = "") -> Reply:
        task = self._current(report_id)
        said = task_wording.task_card(
            task, FORM, self._names(report_id), calendar_of(self.tasks), self.today
        )
        if before:
            said = replace(said, text=f"{before}\n\n{said.text}")
        return Reply((said,))

    def _task(self, argument: str, report_id: int | None) -> Reply:
        if not self._administers():
            return _note(task_wording.NOT_YOURS)
        words = argument.split()
        if words and words[0] not in _CHANGES:
            found = self._named("".join(words))
            if found is None:
                return _note(task_wording.USAGE)
            self.people.look_at(self.person, found, None)
            return self._card(found)
        if report_id is not None and not self._may(report_id):
            report_id = None
        if report_id is None:
            organs = self.tasks.administered(None if self.is_admin else self.person, self.now)
            if len(organs) != 1:
                tasks = [one.task for one in organs]
                return (
                    Reply((task_wording.choose_task(tasks),))
                    if tasks
                    else _note(task_wording.NO_TASKS)
                )
            report_id = organs[0].report_id
        if not words:
            return self._card(report_id)
        return self._change(report_id, words[0], words[1:])

    def _named(self, organ: str) -> int | None:
        """The newest report of an organ of this name that the person administers."""
        for year in reversed(self.unit.years(organ)):
            report_id = self.unit.find_report(organ, year)
            if report_id is not None and self._may(report_id):
                return report_id
        return None

    def _change(self, report_id: int, what: str, rest: list[str]) -> Reply:
        """One change, as typed after /task."""
        text = "".join(rest)
        task = self._current(report_id)
        change = _CHANGES[what]
        if change in ("deadline", "internal"):
            if change == "internal" and text in ("无", "不设", "没有"):
                return self._put(report_id, replace(task, internal=None))
            day = read_day(text, task.year)
            if day is None:
                return _note(f"{task_wording.UNREADABLE_DATE}\n{task_wording.USAGE}")
            return self._dates(report_id, change, day)
        if change in ("withdraw", "restore"):
            return self._put(report_id, replace(task, withdrawn=change == "withdraw"))
        if change == "calendar":
            return Reply(files=(self._ics(task),))
        if not rest:
            return Reply((task_wording.choose_section(task, FORM, self._names(report_id)),))
        section = read_section(rest[0], FORM)
        if section is None:
            return _note(task_wording.NO_SECTION)
        names = self._names(report_id)
        if len(rest) == 1:
            return Reply((task_wording.choose_clerk(task, FORM, section, names),))
        wanted = "".join(rest[1:])
        if wanted in ("无", "不指定"):
            return self._assign(report_id, section, None)
        for id_, name in names.items():
            if wanted in (id_, name):
                return self._assign(report_id, section, id_)
        listed = "、".join(names.values()) or task_wording.NOBODY
        return _note(task_wording.NO_CLERK.format(name=wanted, names=listed))

    def _dates(self, report_id: int, which: str, day: date) -> Reply:
        task = self._current(report_id)
        try:
            after = (
                replace(task, deadline=day) if which == "deadline" else replace(task, internal=day)
            )
        except ValueError:
            return _note(task_wording.WRONG_ORDER)
        return self._put(report_id, after)

    def _put(self, report_id: int, after: Task) -> Reply:
        before = self.tasks.task(report_id)
        if before != after:
            self.tasks.set_task(after, report_id)
        return self._card(report_id, task_wording.changed(before, after, self.today))

    def _assign(self, report_id: int, section: str, owner: str | None) -> Reply:
        if self.tasks.task(report_id) is None:
            self.tasks.set_task(self._current(report_id), report_id)
        self.tasks.assign(report_id, section, int(owner) if owner else None)
        name = self._names(report_id).get(owner, "") if owner else ""
        return self._card(report_id, task_wording.assigned(FORM, section, name))

    def _task_tapped(self, parts: list[str]) -> Reply:
        report_id = _report(parts)
        if report_id is None or not self._may(report_id):
            return Reply(toast=task_wording.NOT_YOURS)
        # So that a command that follows is about this one.
        self.people.look_at(self.person, report_id, None)
        task = self._current(report_id)
        match parts[1:]:
            case ["d" | "i" as letter]:
                said = task_wording.choose_day(task, internal=letter == "i", today=self.today)
                return Reply((said,))
            case ["i", "0"]:
                return self._put(report_id, replace(task, internal=None))
            case ["d" | "i" as letter, text]:
                day = read_day(text, task.year)
                if day is not None:
                    return self._dates(report_id, "deadline" if letter == "d" else "internal", day)
            case ["a"]:
                return Reply((task_wording.choose_section(task, FORM, self._names(report_id)),))
            case ["a", number, *owner] if number.isascii() and number.isdigit():
                section = FORM.item.get(int(number), "")
                names = self._names(report_id)
                if section not in FORM.section:
                    return self._card(report_id)
                if not owner:
                    return Reply((task_wording.choose_clerk(task, FORM, section, names),))
                if owner[0] == "0" or owner[0] in names:
                    return self._assign(report_id, section, owner[0] if owner[0] != "0" else None)
            case ["w"]:
                return Reply((task_wording.withdraw_ask(task),))
            case ["w", "y"]:
                return self._put(report_id, replace(task, withdrawn=True))
            case ["r"]:
                return self._put(report_id, replace(task, withdrawn=False))
            case ["c"]:
                return Reply(files=(self._ics(task),))
        return self._card(report_id)

    # ---- nudging ----------------------------------------------------------------------------

    def _nudge(self, group: str) -> Reply:
        """Ask for a reminder of everybody unfinished; `group` a collective task, "" all."""
        if not self._administers():
            return Reply(toast=task_wording.NOT_YOURS)
        organs = self.tasks.administered(None if self.is_admin else self.person, self.now)
        reports = [
            organ.report_id
            for organ in organs
            if not organ.finished and group in ("", group_of(organ.task).id)
        ]
        if not reports:
            return _note(task_wording.NUDGE_NONE)
        accepted: set[int] = set()
        refused: dict[int, Why] = {}
        for report_id in reports:
            if len(accepted) >= MOST_NUDGED:
                break
            for clerk in self.tasks.clerks_of(report_id, self.now):
                own = next((o for o in clerk.clerk_of if o.report_id == report_id), None)
                if own is None:
                    continue
                if len(reports) > EXACT and own.work is None:
                    # Whether the clerk's own part is done is asked again before it is sent.
                    own = replace(own, work="1,0;1,1,1,0")
                case = clerks_case(clerk, own, *WorkCache(self.unit).of(own))
                why = why_no_nudge(self.now, case)
                if why is None:
                    self.tasks.nudge(report_id, clerk.person, self.now, str(self.person))
                    accepted.add(clerk.person)
                else:
                    refused[clerk.person] = why
        others = [why for person, why in refused.items() if person not in accepted]
        text = reminder_wording.nudged(len(accepted), others)
        if len(accepted) >= MOST_NUDGED:
            text = f"{text}\n{task_wording.NUDGE_MORE}"
        return _note(text)


_CHANGES = {
    "截止": "deadline",
    "截止日期": "deadline",
    "收集": "internal",
    "收集日期": "internal",
    "分工": "assign",
    "撤销": "withdraw",
    "恢复": "restore",
    "日历": "calendar",
}


def _report(parts: list[str]) -> int | None:
    """The report that a task's id names."""
    try:
        found = int(parts[0], 16) if parts and len(parts[0]) <= 12 else 0
    except ValueError:
        return None
    return found if found > 0 else None


__all__ = ["COMMANDS", "VERBS", "File", "Reply", "TaskDoor"]
