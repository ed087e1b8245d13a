"""
A season of reminders in a made-up county, minute by minute, from a seed.

Offices answer, finish, put off, block the bot and come back. Administrators nudge at all hours,
withdraw tasks and move deadlines. The bot restarts, and is once down for three days. Only members
named by the index are looked at. `python -m tests.season` prints a table of the reminders sent.
"""

from __future__ import annotations

import random
import sys
import time as clock
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from bot.reminding.calendar import working_calendar
from conversations.form.model import SectionKind
from conversations.reminders.calendar import SHANGHAI
from conversations.reminders.decide import (
    Case,
    Delivery,
    Reminder,
    Sent,
    by_urgency,
    decide,
    next_due,
    why_no_nudge,
)
from conversations.reminders.open_work import Missing, OrganState, Overview, Progress
from conversations.reminders.people import Member, Mode, Snooze, next_week, tomorrow
from conversations.reminders.tasks import ReminderKind, Task, candidate_deadlines, collective
from conversations.sign_off.states import Role
from tests.county import delivered

MINUTE = timedelta(minutes=1)
SECTIONS = {
    "overview": ("一、总体情况", 1, SectionKind.NARRATIVE),
    "proactive_disclosure": ("二、主动公开政府信息情况", 13, SectionKind.TABLE),
    "requests": ("三、收到和处理政府信息公开申请情况", 150, SectionKind.TABLE),
    "review": ("四、政府信息公开行政复议、行政诉讼情况", 15, SectionKind.TABLE),
    "problems_and_improvements": ("五、存在的主要问题及改进情况", 1, SectionKind.NARRATIVE),
    "other_matters": ("六、其他需要报告的事项", 1, SectionKind.NARRATIVE),
}
HOURS = ((time(9), time(18)),) * 6 + (
    (time(8), time(17)),
    (time(8, 30), time(17, 30)),
    (time(10), time(16)),
    (time(13), time(20)),
)

Pair = tuple[str, str]


@dataclass
class Office:
    """An organ, its task, and the number of open questions in each section."""

    task: Task
    administrator: str
    members: list[str] = field(default_factory=list)
    open: dict[str, int] = field(default_factory=dict)
    finished: bool = False
    moved: bool = False


@dataclass
class Person:
    """A member with habits; all randomness comes from the member's own generator."""

    member: Member
    office: str
    dice: random.Random
    diligence: float
    blocked: bool = False
    silent_days: set[date] = field(default_factory=set)
    unreachable_since: date | None = None


@dataclass(frozen=True)
class Row:
    """A reminder that was sent, with what was true at that minute."""

    at: datetime
    message: int
    reminder: Reminder
    free_day: bool
    open: int
    finished: bool


@dataclass(frozen=True)
class Wish:
    """Whether the member is to get all reminders from this moment on, snoozes not considered."""

    at: datetime
    wants: bool


class Season:
    """The simulation; after `run` its `log` holds what was sent."""

    def __init__(
        self,
        seed: int,
        organs: int,
        year: int,
        *,
        first: date | None = None,
        last: date | None = None,
        outage: date | None = None,
        everybody: bool = False,
    ) -> None:
        """Make up a county; `everybody` looks at all members every minute, without the index."""
        self.dice = random.Random(seed)
        self.year = year
        self.now = self.at(first or date(year, 12, 1), time())
        self.end = self.at((last or date(year + 1, 2, 28)) + timedelta(days=1), time())
        self.calendar = working_calendar()
        self.everybody = everybody
        self.offices: dict[str, Office] = {}
        self.people: dict[str, Person] = {}
        self.accounts: dict[str, str] = {}  # member → the person who gets the message
        self.deliveries: dict[str, list[Delivery]] = defaultdict(list)
        self.nudges: dict[Pair, list[datetime]] = defaultdict(list)
        self.plans: dict[datetime, list[Callable[[], None]]] = defaultdict(list)
        self.waiting: list[Callable[[], None]] = []
        self.next_check_at: dict[Pair, datetime | None] = {}
        self.named: dict[datetime, set[Pair]] = defaultdict(set)
        self.log: list[Row] = []
        self.wishes: dict[str, list[Wish]] = defaultdict(list)
        self.snoozes: dict[str, list[Snooze]] = defaultdict(list)
        self.down: set[datetime] = set()
        self.groups: dict[str, dict[str, tuple[Task, Overview]]] = {}
        self.messages = 0
        self.asked = 0
        self.refused = 0
        self._people(seed, organs)
        self._machine(outage)
        self._habits()

    @staticmethod
    def at(day: date, moment: time) -> datetime:
        """A moment in Shanghai."""
        return datetime.combine(day, moment, SHANGHAI)

    # ---- the county ----------------------------------------------------------------------

    def _people(self, seed: int, organs: int) -> None:
        dice, deadline = self.dice, date(self.year + 1, 1, 31)
        administrators = [f"a{n}" for n in range(max(1, organs // 50))]
        for number in range(organs):
            name = f"t{number}"
            internal = dice.choice([None, None, None, date(self.year + 1, 1, 20)])
            ends = dice.choice([deadline] * 8 + [date(self.year + 1, 2, 24)])
            members = [f"m{number}.{n}" for n in range(dice.choice((1, 1, 2, 3)))]
            assigned = [
                (section, dice.choice(members)) for section in SECTIONS if dice.random() < 0.3
            ]
            task = Task(
                name, f"第{number}镇人民政府", self.year, ends, internal, False, (*assigned,)
            )
            self.offices[name] = Office(
                task,
                administrators[number % len(administrators)],
                members,
                {section: count for section, (_, count, _) in SECTIONS.items()},
            )
            for id_ in members:
                start, end = dice.choice(HOURS)
                mode = dice.choice([Mode.ON] * 17 + [Mode.QUIETER] * 2 + [Mode.OFF])
                member = Member(id_, start=start, end=end, mode=mode)
                self.accounts[id_] = id_
                self.people[id_] = Person(
                    member, name, random.Random(f"{seed} {id_}"), dice.choice((0, 0.01, 0.05, 0.2))
                )
        # Some people work for two organs, and some administrators fill in a report, too.
        for number in range(0, organs - 1, 20):
            one, other = self.people[f"m{number}.0"], self.people[f"m{number + 1}.0"]
            other.member = replace(one.member, id=other.member.id, mode=Mode.ON)
            self.accounts[other.member.id] = one.member.id
            one.member = replace(one.member, mode=Mode.ON)
        for number, id_ in enumerate(administrators):
            person = f"m{number * 2 + 3}.0" if f"m{number * 2 + 3}.0" in self.people else ""
            member = Member(id_, Role.ADMINISTRATOR)
            self.accounts[id_] = self.accounts.get(person, id_)
            if person:  # the hours belong to the person, whatever the role
                own = self.people[person].member
                member = replace(member, start=own.start, end=own.end)
            self.people[id_] = Person(member, "", random.Random(f"{seed} {id_}"), 0)

    def _machine(self, outage: date | None) -> None:
        """Plan when the bot is down: a few minutes every few days, and once for three days."""
        moment = self.now
        while (moment := moment + timedelta(minutes=self.dice.randrange(300, 4000))) < self.end:
            self.down |= {moment + n * MINUTE for n in range(self.dice.randrange(1, 12))}
        if outage:
            gone = self.at(outage, time(8, 20))
            self.down |= {gone + n * MINUTE for n in range(3 * 24 * 60 + 120)}

    def _habits(self) -> None:
        """Plan what people do by themselves, and what administrators change."""
        days = (self.end - self.now).days
        for person in self.people.values():
            for day in range(days):
                if person.office and person.dice.random() < person.diligence:
                    minute = person.dice.randrange(8 * 60, 21 * 60)
                    self._plan(self.now + timedelta(days=day, minutes=minute), self._work, person)
        middle = self.now + timedelta(days=min(days // 2, 40), hours=11)
        for office in self.offices.values():
            chance = self.dice.random()
            if chance < 0.03:
                self._plan(middle, self._withdraw, office)
            elif chance < 0.08:
                self._plan(middle, self._postpone, office)
        if self.year == 2026:
            self._plan(middle, self._enter_holidays)

    def _plan(self, moment: datetime, do: Callable[..., None], *arguments: object) -> None:
        self.plans[moment].append(lambda: do(*arguments))

    # ---- what happens --------------------------------------------------------------------

    def _own(self, person: Person) -> list[str]:
        office = self.offices[person.office]
        owners = dict(office.task.assigned)
        id_ = person.member.id
        return [s for s in SECTIONS if office.open[s] and owners.get(s, id_) == id_]

    def _work(self, person: Person) -> None:
        """Answer some questions; make the document when nothing is open."""
        office = self.offices[person.office]
        if office.finished or office.task.withdrawn:
            return
        budget = person.dice.randrange(5, 160)
        for section in self._own(person):
            done = min(budget, office.open[section])
            office.open[section] -= done
            budget -= done
        if not any(office.open.values()) and person.dice.random() < 0.7:
            office.finished = True
        self._changed(office)

    def _withdraw(self, office: Office) -> None:
        office.task = replace(office.task, withdrawn=True)
        self._changed(office)

    def _postpone(self, office: Office) -> None:
        office.task = replace(office.task, deadline=office.task.deadline + timedelta(days=7))
        office.moved = True
        self._changed(office)

    def _enter_holidays(self) -> None:
        """Enter the State Council's list of holidays for 2027, a made-up one."""
        free = {date(2027, 2, 5) + timedelta(days=n): False for n in range(8)}
        self.calendar = working_calendar({**free, date(2027, 2, 20): True}, complete=[2027])
        self._start()

    def _react(self, person: Person) -> None:
        """Plan what a member does after reading a reminder."""
        dice, now = person.dice, self.now
        choice = dice.random()
        soon = now + dice.randrange(1, 300) * MINUTE
        if choice < 0.25:
            self._plan(soon, self._work, person)
        elif choice < 0.40:
            self._plan(soon, self._snooze, person, False)
        elif choice < 0.46:
            self._plan(soon, self._snooze, person, True)
        elif choice < 0.49:
            self._plan(soon, self._block, person)
        elif choice < 0.50:
            self._plan(soon, self._mode, person)

    def _snooze(self, person: Person, week: bool) -> None:
        member = person.member
        snooze = next_week(self.now, member) if week else tomorrow(self.now, member, self.calendar)
        person.member = replace(member, snooze=snooze)
        self.snoozes[member.id].append(snooze)
        self._changed(self.offices[person.office])

    def _mode(self, person: Person) -> None:
        mode = person.dice.choice(list(Mode))
        person.member = replace(person.member, mode=mode)
        self._changed(self.offices[person.office])

    def _block(self, person: Person) -> None:
        """Block the bot, which learns of it only when a message is refused."""
        person.blocked = True
        person.silent_days.add(self.now.date())
        back = self.now + timedelta(days=person.dice.randrange(1, 20))
        self._plan(back, self._unblock, person)

    def _unblock(self, person: Person) -> None:
        person.blocked = False
        person.member = replace(person.member, reachable=True)
        person.unreachable_since = None
        self._changed(self.offices[person.office])

    def _nudge(self, administrator: str) -> None:
        for office in self.offices.values():
            if office.administrator != administrator:
                continue
            for id_ in office.members:
                person, pair = self.people[id_], (office.task.id, id_)
                case = Case(office.task, person.member, self._progress(person), self._sent(pair))
                if not why_no_nudge(self.now, case):
                    self.nudges[pair].append(self.now)
                    self._look(pair)

    # ---- what the bot sees ---------------------------------------------------------------

    def _progress(self, person: Person) -> Progress:
        office = self.offices[person.office]
        missing = tuple(
            Missing(s, SECTIONS[s][0], office.open[s], SECTIONS[s][2]) for s in self._own(person)
        )
        only_document = not office.finished and not any(office.open.values())
        return Progress(office.finished, missing, only_document=only_document)

    def _groups(self, administrator: str) -> dict[str, tuple[Task, Overview]]:
        """An administrator's organs by their dates."""
        if administrator in self.groups:
            return self.groups[administrator]
        groups: dict[str, tuple[Task, list[OrganState]]] = {}
        for office in self.offices.values():
            if office.administrator != administrator or office.task.withdrawn:
                continue
            task = collective(self.year, office.task.deadline, office.task.internal)
            away = [p for p in map(self.people.__getitem__, office.members) if p.unreachable_since]
            since = max((p.unreachable_since for p in away if p.unreachable_since), default=None)
            names = tuple(p.member.id for p in away)
            state = OrganState(office.task.organ, office.finished, names, since)
            groups.setdefault(task.id, (task, []))[1].append(state)
        found = {id_: (task, Overview((*states,))) for id_, (task, states) in groups.items()}
        return self.groups.setdefault(administrator, found)

    def _case(self, pair: Pair) -> Case | None:
        task_id, member_id = pair
        person = self.people[member_id]
        if person.office:
            task = self.offices[task_id].task
            return Case(task, person.member, self._progress(person), self._sent(pair))
        group = self._groups(member_id).get(task_id)
        return Case(group[0], person.member, group[1], self._sent(pair)) if group else None

    def _sent(self, pair: Pair) -> Sent:
        person = self.accounts[pair[1]]
        return Sent(tuple(self.deliveries[person]), tuple(self.nudges[pair]))

    def _pairs(self, office: Office) -> Iterable[Pair]:
        for id_ in office.members:
            yield office.task.id, id_
        yield from ((group, office.administrator) for group in self._groups(office.administrator))

    def _changed(self, office: Office) -> None:
        """Update the index after a change of anything that `due` looks at."""
        self.groups.pop(office.administrator, None)
        for pair in self._pairs(office):
            self._look(pair)
        for id_ in office.members:
            member = self.people[id_].member
            wants = (
                self._progress(self.people[id_]).unfinished
                and member.reachable
                and member.mode is Mode.ON
                and not office.task.withdrawn
            )
            self.wishes[id_].append(Wish(self.now, wants))

    def _look(self, pair: Pair) -> None:
        if self.everybody:
            return
        case = self._case(pair)
        moment = next_due(self.now, case, self.calendar) if case else None
        if moment is not None and (moment.second or moment.microsecond):
            moment = moment.replace(second=0, microsecond=0) + MINUTE
        self.next_check_at[pair] = moment
        if moment is not None:
            self.named[moment].add(pair)

    def _everyone(self) -> list[Pair]:
        seen = {pair: None for office in self.offices.values() for pair in self._pairs(office)}
        return list(seen)

    def _start(self) -> None:
        """Start the bot, which has kept nothing in memory."""
        self.next_check_at.clear()
        self.named.clear()
        for pair in self._everyone():
            self._look(pair)

    # ---- a minute ------------------------------------------------------------------------

    def run(self) -> Season:
        """Run through the season."""
        for office in self.offices.values():
            self._changed(office)
        was_up = False
        while self.now < self.end:
            up = self.now not in self.down
            plans = self.plans.pop(self.now, [])
            if not up:
                # Telegram keeps what people write until the bot is back.
                self.waiting += plans
            else:
                for do in (*self.waiting, *plans):
                    do()
                self.waiting = []
                if not was_up:
                    self._start()
                self._tick()
            was_up = up
            self.now += MINUTE
        return self

    def _tick(self) -> None:
        if self.everybody:
            pairs = self._everyone()
        else:
            named = self.named.pop(self.now, set())
            pairs = sorted(pair for pair in named if self.next_check_at.get(pair) == self.now)
        if not pairs:
            return
        lower, upper = candidate_deadlines(self.now)
        found: list[Reminder] = []
        for pair in pairs:
            case = self._case(pair)
            if not case or not (case.task.deadline >= lower and case.task.counts_to <= upper):
                continue
            self.asked += 1
            reminder = decide(self.now, case, self.calendar).reminder
            found += [reminder] if reminder else []
        by_person: dict[str, list[Reminder]] = defaultdict(list)
        for reminder in found:
            by_person[self.accounts[reminder.member.id]].append(reminder)
        for reminders in by_person.values():
            self._send(by_urgency(reminders))
        for reminder in found:
            self._look((reminder.task.id, reminder.member.id))

    def _send(self, message: tuple[Reminder, ...]) -> None:
        person = self.accounts[message[0].member.id]
        self.messages += 1
        for reminder in message:
            self.deliveries[person].append(delivered(reminder, self.now))
        receiver = self.people[message[0].member.id]
        others = [self.people[r.member.id] for r in message]
        if any(other.blocked for other in others):
            self._refused(others)
            return
        for reminder in message:
            office = self.offices.get(reminder.task.id)
            self.log.append(
                Row(
                    self.now,
                    self.messages,
                    reminder,
                    not self.calendar.works(reminder.day),
                    sum(office.open.values()) if office else len(reminder.progress.unfinished),  # type: ignore[arg-type,union-attr]
                    office.finished if office else False,
                )
            )
        if receiver.office:
            self._react(receiver)
        for other in others:
            dice = other.dice.random() if not other.office else 1.0
            if dice < 0.3:
                later = self.now + other.dice.randrange(5, 14 * 60) * MINUTE
                self._plan(later, self._nudge, other.member.id)

    def _refused(self, people: list[Person]) -> None:
        """Handle a 403: the members have blocked the bot."""
        self.refused += 1
        for person in people:
            if person.office:
                person.member = replace(person.member, reachable=False)
                person.unreachable_since = self.now.date()
                self._changed(self.offices[person.office])

    # ---- the table -----------------------------------------------------------------------

    def table(self) -> str:
        """The reminders sent, with one line per day and one column per kind."""
        kinds = list(ReminderKind)
        by_day: dict[date, Counter[ReminderKind]] = defaultdict(Counter)
        for row in self.log:
            by_day[row.at.date()][row.reminder.kind] += 1
        lines = ["date            " + " ".join(f"{kind.value:>9}" for kind in kinds)]
        for day, counts in sorted(by_day.items()):
            lines.append(f"{day:%Y-%m-%d %a}  " + " ".join(f"{counts[k]:>9}" for k in kinds))
        total = Counter(row.reminder.kind for row in self.log)
        lines.append("total           " + " ".join(f"{total[kind]:>9}" for kind in kinds))
        lines.append(
            f"{len(self.log)} reminders in {self.messages} messages, {self.refused} refused (403), "
            f"asked {self.asked} times"
        )
        return "\n".join(lines)


def main(year: int = 2026, organs: int = 200) -> None:
    """Print the table of a season."""
    began = clock.perf_counter()
    season = Season(13, organs, year, outage=date(year + 1, 1, 21)).run()
    print(season.table())
    print(f"{clock.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
