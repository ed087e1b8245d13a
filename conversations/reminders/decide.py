"""
Who is reminded of what, and when: one decision, `due`, and nothing else decides.

Everything arrives as an argument, the moment included; the same arguments give the
same reminders. A day is the member's own day, a working day one on
which Chinese offices work (make-up days included).

The dates of a task, counted to its internal date where it has one, else to its
deadline:

- 30, 14, 7, 3 and 1 days before, each moved to the working day before where it falls
  on a free day; one that falls on 1–3 January moves to the first working day after;
  two on one day are one;
- the day itself: the deadline also when it is a free day, the internal date moved
  like a step;
- after it each working day for two weeks, then weekly until the next year's task.

Between the internal date and the deadline the late ones hear of both: the overdue
days of the internal date, and the deadline's own last steps (7, 3, 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from conversations.form.answers import Answers, Figures
from conversations.form.model import Form, ItemId, SectionKind

MemberId = str
TaskId = str

# China has had one time zone without summer time since 1992.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

STEPS = (30, 14, 7, 3, 1)
LAST_STEPS = (7, 3, 1)
QUIETER_STEPS = frozenset({7, 1, 0})
DAILY_OVERDUE = timedelta(days=14)
WEEKS_OVERDUE = 52

# No row of free days is longer; beyond it somebody has mistyped the calendar.
LONGEST_HOLIDAY = 14

AFTERNOON = time(15)
BETWEEN_TWO = timedelta(hours=3)

# Until the office's own speed is known: a figure, whole rows of zeros included, and a text.
SECONDS_PER_FIGURE = 6
SECONDS_PER_TEXT = 180
SECONDS_PER_CORRECTION = 60

ONE_DAY = timedelta(days=1)


def default_deadline(year: int) -> date:
    """When the report on a year is due unless a task says otherwise: 31 January after it."""
    return date(year + 1, 1, 31)


class Role(Enum):
    """
    What a member does.

    A leader (审核人) is to hear what waits for approval and since when; that comes
    with the sign-off, until then leaders are not reminded.
    """

    CLERK = "clerk"
    ADMINISTRATOR = "administrator"
    LEADER = "leader"


class Mode(Enum):
    """How much a member wants to hear; quieter is 7 and 1 days, the day, weekly overdue."""

    ON = "on"
    QUIETER = "quieter"
    OFF = "off"


class Kind(Enum):
    """
    What a reminder is; the values stand in stored rows and never change.

    LAST_CALL is the deadline's afternoon message. AGAIN is what 「明天再说」 promised
    for a day that would otherwise be silent.
    """

    STEP = "step"
    DEADLINE = "deadline"
    LAST_CALL = "last_call"
    OVERDUE = "overdue"
    AGAIN = "again"
    NUDGE = "nudge"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    Which days are worked.

    `free` and `working` are the exceptions from Monday to Friday; `known` the years
    whose holidays have been published. In any other year only weekends are free, and
    everything that shows its dates says so (调休以国务院通知为准).
    """

    known: frozenset[int] = frozenset()
    free: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether offices work on this day, as far as the calendar knows."""
        return day in self.working or (day.weekday() < 5 and day not in self.free)

    def knows(self, year: int) -> bool:
        """Whether the holidays of the year have been published."""
        return year in self.known

    def reminds(self, day: date) -> bool:
        """
        Whether anybody is written to on this day, a deadline apart.

        The first three days of a year that is not known yet are taken as holidays.
        """
        if _new_year(day) and not self.knows(day.year) and day not in self.working:
            return False
        return self.works(day)

    def from_day(self, day: date) -> date:
        """The first day from this one on on which people are written to."""
        for ahead in range(4 * LONGEST_HOLIDAY):
            if self.reminds(day + ahead * ONE_DAY):
                return day + ahead * ONE_DAY
        return day


@dataclass(frozen=True, slots=True)
class Task:
    """
    An organ's work of one year.

    `year` is the year reported on. `assigned` are pairs of section and member; a
    section without a member belongs to every clerk of the organ. An administrator's
    task stands for a group of organs with the same dates: see `collective`.

    Raises:
        ValueError: The internal date is after the deadline.
    """

    id: TaskId
    organ: str
    year: int
    deadline: date
    internal: date | None = None
    withdrawn: bool = False
    assigned: tuple[tuple[ItemId, MemberId], ...] = ()

    def __post_init__(self) -> None:
        """Refuse dates in the wrong order."""
        if self.internal is not None and self.internal > self.deadline:
            raise ValueError(f"internal date {self.internal} after deadline {self.deadline}")

    @property
    def counts_to(self) -> date:
        """The date the steps count to; tasks are indexed by it."""
        return self.internal or self.deadline


@dataclass(frozen=True, slots=True)
class Snooze:
    """Silence from the day it was asked for until a day; `again` promises a message then."""

    on: date
    until: date
    again: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """
    Somebody who may be reminded.

    `person` is who receives the message, where one person is a member twice; hours,
    zone and mode are then the person's, so that both are due in the same tick.
    Reminders of days before `since` (joined, or turned on again) are not made up for.

    Raises:
        ValueError: The working hours end before they start.
    """

    id: MemberId
    role: Role = Role.CLERK
    person: str = ""
    name: str = ""
    start: time = time(9)
    end: time = time(18)
    zone: tzinfo = SHANGHAI
    mode: Mode = Mode.ON
    snooze: Snooze | None = None
    reachable: bool = True
    since: date | None = None

    def __post_init__(self) -> None:
        """Refuse hours that never are, and be one's own person."""
        if self.start >= self.end:
            raise ValueError(f"working hours {self.start}–{self.end}")
        if not self.person:
            object.__setattr__(self, "person", self.id)


@dataclass(frozen=True, slots=True)
class Missing:
    """A section of the member's own with what is open in it: figures, or its one text."""

    section: ItemId
    heading: str
    open: int
    kind: SectionKind


@dataclass(frozen=True, slots=True)
class Progress:
    """
    What a clerk still has to do.

    `finished` is the report's final document. `missing` are the member's own sections
    (and those of nobody); `to_correct` findings that must be corrected there;
    `only_document` that the whole report is answered and nobody has made the document.
    `next_item` is the first open question. `per_answer` is the office's own speed per
    figure, None while it is not known.
    """

    finished: bool = False
    missing: tuple[Missing, ...] = ()
    to_correct: int = 0
    only_document: bool = False
    next_item: ItemId | None = None
    next_number: int = 0
    per_answer: timedelta | None = None

    @property
    def unfinished(self) -> bool:
        """Whether there is something for this member to do."""
        return not self.finished and bool(self.missing or self.to_correct or self.only_document)

    @property
    def minutes(self) -> int:
        """About how long the rest takes: minutes, above 5 in steps of 5, at least 1."""
        figures = sum(m.open for m in self.missing if m.kind is SectionKind.TABLE)
        texts = sum(m.open for m in self.missing if m.kind is SectionKind.NARRATIVE)
        per_figure = self.per_answer or timedelta(seconds=SECONDS_PER_FIGURE)
        needed = (
            figures * per_figure
            + texts * timedelta(seconds=SECONDS_PER_TEXT)
            + self.to_correct * timedelta(seconds=SECONDS_PER_CORRECTION)
        )
        minutes = max(1, -(-needed // timedelta(minutes=1)))
        return minutes if minutes <= 5 else -(-minutes // 5) * 5


@dataclass(frozen=True, slots=True)
class OrganState:
    """
    How far one organ is, for the administrator.

    `unreachable` are the names of members who cannot be written to, `unreachable_since`
    the day on which that was last found out.
    """

    organ: str
    finished: bool
    open: int = 0
    unreachable: tuple[str, ...] = ()
    unreachable_since: date | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """How far the organs of an administrator are."""

    organs: tuple[OrganState, ...] = ()

    @property
    def unfinished(self) -> tuple[OrganState, ...]:
        """The organs that have no final document."""
        return tuple(organ for organ in self.organs if not organ.finished)

    @property
    def unreachable(self) -> tuple[OrganState, ...]:
        """The unfinished organs some of whose members cannot be written to."""
        return tuple(organ for organ in self.unfinished if organ.unreachable)


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    One reminder that was sent, or claimed for sending.

    `at` is when, `day` the member's day, `number` which message of that day it was.
    """

    task: TaskId
    kind: Kind
    day: date
    at: datetime
    step: int | None = None
    number: int = 1


@dataclass(frozen=True, slots=True)
class Sent:
    """
    What a person was sent, of all tasks, and when an administrator asked to nudge.

    `nudges` are of this task and member.
    """

    deliveries: tuple[Delivery, ...] = ()
    nudges: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Reminder:
    """
    One reminder. Its words and buttons are in `reminder_wording`.

    `step` is days before the date that counts (0 the day itself), None where the
    reminder hangs on no step. `number` is which message of the person's day it is.
    """

    kind: Kind
    day: date
    step: int | None
    number: int
    task: Task
    member: Member
    progress: Progress | Overview
    calendar_known: bool = True

    @property
    def key(self) -> str:
        """Unique per report, member, kind and date."""
        return f"{self.task.id}:{self.member.id}:{self.kind.value}:{self.day.isoformat()}"

    @property
    def place(self) -> str:
        """
        The place in the member's day, to be unique too.

        Two processes that saw different nudges then cannot send two kinds on one day.
        """
        return f"{self.task.id}:{self.member.id}:{self.day.isoformat()}:{self.number}"

    def delivered(self, at: datetime) -> Delivery:
        """What is to be recorded when it has been sent, or claimed."""
        return Delivery(self.task.id, self.kind, self.day, at, self.step, self.number)


class Why(Enum):
    """Why there is a reminder, or none."""

    DUE = "due"
    WITHDRAWN = "withdrawn"
    FINISHED = "finished"
    OWN_PART_DONE = "own_part_done"
    UNREACHABLE = "unreachable"
    OFF = "off"
    LEADER = "leader"
    FREE_DAY = "free_day"
    OUTSIDE_HOURS = "outside_hours"
    SNOOZED = "snoozed"
    HAD_TODAY = "had_today"
    NUDGED_TODAY = "nudged_today"
    WAITS_FOR_AFTERNOON = "waits_for_afternoon"
    REACHED = "reached"
    TOO_EARLY = "too_early"


@dataclass(frozen=True, slots=True)
class Decision:
    """A reminder or none, why, and the next date of the task after the day."""

    why: Why
    reminder: Reminder | None = None
    next_date: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """
    One date of a task on which the unfinished are reminded.

    `step` is days before (0 the day itself), None when overdue. `quieter` dates are
    kept by members who want to hear less.
    """

    day: date
    kind: Kind = field(compare=False)
    step: int | None = field(compare=False)
    quieter: bool = field(compare=False)


# ---- the dates ---------------------------------------------------------------------------


def _new_year(day: date) -> bool:
    return day.month == 1 and day.day <= 3


def _moved(day: date, calendar: Calendar) -> date | None:
    """The working day before, or after New Year; None when there is none near."""
    for _ in range(LONGEST_HOLIDAY):
        if _new_year(day):
            return calendar.from_day(day + ONE_DAY)
        if calendar.reminds(day):
            return day
        day -= ONE_DAY
    return None


def _overdue(target: date, calendar: Calendar) -> Iterator[tuple[date, bool]]:
    """The days after a date, each with whether quieter members keep it."""
    day = target + ONE_DAY
    while day <= target + DAILY_OVERDUE:
        if calendar.reminds(day):
            yield day, False
        day += ONE_DAY
    for week in range(1, WEEKS_OVERDUE + 1):
        yield calendar.from_day(target + timedelta(weeks=week)), True


@lru_cache(maxsize=2048)
def slots(deadline: date, internal: date | None, calendar: Calendar) -> tuple[Slot, ...]:
    """Every date on which the unfinished of a task are reminded, in order."""
    found: dict[date, Slot] = {}
    order = {Kind.DEADLINE: 0, Kind.STEP: 1, Kind.OVERDUE: 2}

    def add(day: date, kind: Kind, step: int | None, quieter: bool) -> None:
        slot, other = Slot(day, kind, step, quieter), found.get(day)
        if other:
            # Two on one day are one: the nearer to the date speaks.
            slot, other = sorted((slot, other), key=lambda s: (order[s.kind], s.step or 0))
            slot = Slot(day, slot.kind, slot.step, slot.quieter or other.quieter)
        found[day] = slot

    def count_down(target: date, steps: Iterable[int], after: date) -> None:
        for step in steps:
            day = _moved(target - timedelta(days=step), calendar)
            if day is not None and after < day < target:
                add(day, Kind.STEP, step, step in QUIETER_STEPS)

    def count_up(target: date, before: date) -> None:
        for day, quieter in _overdue(target, calendar):
            if day < before:
                add(day, Kind.OVERDUE, None, quieter)

    early = internal if internal is not None and internal < deadline else None
    count_down(early or deadline, STEPS, date.min)
    if early is not None:
        day = _moved(early, calendar)
        if day is not None and day <= early:
            add(day, Kind.STEP, 0, quieter=True)
        count_down(deadline, LAST_STEPS, early)
        count_up(early, deadline)
    add(deadline, Kind.DEADLINE, 0, quieter=True)
    count_up(deadline, date.max)
    return tuple(sorted(found.values()))


def dates_of(task: Task, member: Member, calendar: Calendar) -> tuple[Slot, ...]:
    """The dates of a task that this member is reminded on, while unfinished."""
    every = slots(task.deadline, task.internal, calendar)
    if member.mode is Mode.OFF:
        return ()
    if member.mode is Mode.QUIETER:
        return tuple(slot for slot in every if slot.quieter)
    return every


def latest_day(today: date, task: Task, calendar: Calendar) -> date | None:
    """The last date of a task up to today: whoever was reached on it waits for the next."""
    days = [s.day for s in slots(task.deadline, task.internal, calendar) if s.day <= today]
    return days[-1] if days else None


def candidate_deadlines(now: datetime) -> tuple[date, date]:
    """
    Which tasks can have something due now: (deadline from, counts_to up to).

    Those with `deadline >= from and counts_to <= to`; every other task is silent for
    everybody. Room on both sides for time zones and the longest holiday.
    """
    today = now.astimezone(UTC).date()
    back = timedelta(weeks=WEEKS_OVERDUE + 1, days=4 * LONGEST_HOLIDAY)
    return today - back - ONE_DAY, today + timedelta(days=STEPS[0] + LONGEST_HOLIDAY) + ONE_DAY


# ---- the decision ------------------------------------------------------------------------


def due(
    now: datetime,
    task: Task,
    member: Member,
    progress: Progress | Overview,
    sent: Sent,
    calendar: Calendar,
) -> tuple[Reminder, ...]:
    """
    The reminders a member is to be sent now for a task: none or one.

    A date that was missed (the machine was off, the member had put it off) is made up
    for on the next working day, the latest one only. What was claimed counts as sent.
    An administrator's `progress` is an `Overview`, a clerk's a `Progress`.

    Raises:
        ValueError: `now` has no time zone.
        TypeError: The progress is not of the member's role.
    """
    found = decide(now, task, member, progress, sent, calendar).reminder
    return (found,) if found else ()


def decide(
    now: datetime,
    task: Task,
    member: Member,
    progress: Progress | Overview,
    sent: Sent,
    calendar: Calendar,
) -> Decision:
    """The decision of `due` with its reason."""
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone")
    local = now.astimezone(member.zone)
    today = local.date()
    dates = dates_of(task, member, calendar)
    following = next((slot.day for slot in dates if slot.day > today), None)

    silent = _silent(task, member, progress)
    if silent:
        return Decision(silent)
    final = today == task.deadline
    if not final and not calendar.reminds(today):
        return Decision(Why.FREE_DAY, next_date=following)
    if not member.start <= local.time() < member.end:
        return Decision(Why.OUTSIDE_HOURS, next_date=following)
    if _snoozed(task, member, today):
        assert member.snooze is not None
        return Decision(Why.SNOOZED, next_date=following, until=member.snooze.until)

    why, kind, step = _pending(now, today, task, member, progress, sent, dates)
    if kind is None:
        return Decision(why, next_date=following)
    used = _messages_on(today, sent)
    if used >= _most_on(today, task, member):
        return Decision(Why.HAD_TODAY, next_date=following)
    reminder = Reminder(
        kind,
        today,
        step,
        used + 1,
        task,
        member,
        progress,
        calendar_known=all(calendar.knows(y) for y in {task.counts_to.year, task.deadline.year}),
    )
    return Decision(Why.DUE, reminder, following)


def _silent(task: Task, member: Member, progress: Progress | Overview) -> Why | None:
    """Why the member hears nothing whatever the time, or None."""
    if task.withdrawn:
        return Why.WITHDRAWN
    if member.role is Role.LEADER:
        return Why.LEADER
    if not member.reachable:
        return Why.UNREACHABLE
    if member.mode is Mode.OFF:
        return Why.OFF
    if member.role is Role.ADMINISTRATOR:
        if not isinstance(progress, Overview):
            raise TypeError("an administrator is told an Overview")
        return None if progress.unfinished else Why.FINISHED
    if not isinstance(progress, Progress):
        raise TypeError("a clerk is told a Progress")
    if progress.finished:
        return Why.FINISHED
    return None if progress.unfinished else Why.OWN_PART_DONE


def _snoozed(task: Task, member: Member, today: date) -> bool:
    """Whether it was put off; the deadline itself speaks unless put off that very day."""
    snooze = member.snooze
    if snooze is None or not snooze.on <= today < snooze.until:
        return False
    return today != task.deadline or snooze.on == today


def _pending(
    now: datetime,
    today: date,
    task: Task,
    member: Member,
    progress: Progress | Overview,
    sent: Sent,
    dates: Sequence[Slot],
) -> tuple[Why, Kind | None, int | None]:
    """What has not been said yet, the budget of the day apart."""
    summary = member.role is Role.ADMINISTRATOR
    mine = [d for d in sent.deliveries if d.task == task.id and (d.kind is Kind.SUMMARY) == summary]
    last = max(mine, key=lambda d: d.at, default=None)
    latest = next((slot for slot in reversed(dates) if slot.day <= today), None)
    if latest and member.since and latest.day < member.since:
        latest = None
    step = latest.step if latest else None
    reached = latest is None or (last is not None and last.day >= latest.day)

    if summary:
        assert isinstance(progress, Overview)
        if not reached or (last is not None and _news(progress, last.day)):
            return Why.DUE, Kind.SUMMARY, step
        return (Why.REACHED if latest else Why.TOO_EARLY), None, None

    asked = [at for at in sent.nudges if at <= now and (last is None or at > last.at)]
    if asked and not any(d.kind is Kind.NUDGE and d.day == today for d in mine):
        return Why.DUE, Kind.NUDGE, step
    if today == task.deadline:
        return _on_the_day(now, today, member, sent, mine, reached=reached)
    if latest and not reached:
        return Why.DUE, latest.kind, step
    snooze = member.snooze
    if snooze and snooze.again and snooze.until <= today and (not last or last.day <= snooze.on):
        return Why.DUE, Kind.AGAIN, step
    return (Why.REACHED if latest else Why.TOO_EARLY), None, None


def _on_the_day(
    now: datetime,
    today: date,
    member: Member,
    sent: Sent,
    mine: Sequence[Delivery],
    *,
    reached: bool,
) -> tuple[Why, Kind | None, int | None]:
    """The deadline: one in the morning, one in the afternoon, not close together."""
    if member.mode is Mode.QUIETER:
        return (Why.REACHED, None, None) if reached else (Why.DUE, Kind.DEADLINE, 0)
    if any(d.kind is Kind.LAST_CALL and d.day == today for d in mine):
        return Why.REACHED, None, None
    before = max((d.at for d in sent.deliveries if d.day == today), default=None)
    afternoon = now >= datetime.combine(today, AFTERNOON, member.zone)
    if not reached:
        return Why.DUE, Kind.LAST_CALL if afternoon else Kind.DEADLINE, 0
    if afternoon and (before is None or now - before >= BETWEEN_TWO):
        return Why.DUE, Kind.LAST_CALL, 0
    return Why.WAITS_FOR_AFTERNOON, None, None


def _news(overview: Overview, told: date) -> bool:
    """Whether somebody has become unreachable since the administrator was last told."""
    since = [o.unreachable_since for o in overview.unreachable if o.unreachable_since]
    return any(day >= told for day in since)


def _messages_on(day: date, sent: Sent) -> int:
    """How many messages the person had on a day; several tasks may share one."""
    return max((d.number for d in sent.deliveries if d.day == day), default=0)


def _most_on(day: date, task: Task, member: Member) -> int:
    """One message a day, two on the deadline; an administrator is told once."""
    return 2 if day == task.deadline and member.role is Role.CLERK else 1


def together(reminders: Iterable[Reminder]) -> tuple[tuple[Reminder, ...], ...]:
    """
    The reminders of one tick as messages: one per person, the most pressing first.

    Each keeps its own key; they are sent and recorded as one.
    """
    groups: dict[str, list[Reminder]] = {}
    for reminder in reminders:
        groups.setdefault(reminder.member.person, []).append(reminder)
    return tuple(
        tuple(
            sorted(
                group, key=lambda r: (r.kind is Kind.SUMMARY, r.task.counts_to, r.task.id, r.key)
            )
        )
        for group in groups.values()
    )


def next_due(
    now: datetime,
    task: Task,
    member: Member,
    progress: Progress | Overview,
    sent: Sent,
    calendar: Calendar,
) -> datetime | None:
    """
    The first moment from now on at which something is due if nothing happens until then.

    For an index: whoever's moment has not come need not be asked. It is computed anew
    after anything that `due` looks at has changed. None: only an event ends the silence.
    """
    if _silent(task, member, progress):
        return None
    local = now.astimezone(member.zone)
    today = local.date()
    bases = {today + ONE_DAY, *(s.day for s in dates_of(task, member, calendar) if s.day > today)}
    if member.snooze and member.snooze.until > today:
        bases.add(member.snooze.until)
    days = {today, *(calendar.from_day(day) for day in bases)}
    if task.deadline >= today:
        days.add(task.deadline)
    for day in sorted(days):
        moments = {datetime.combine(day, member.start, member.zone)}
        if day == task.deadline:
            moments.add(datetime.combine(day, AFTERNOON, member.zone))
        if day == today:
            moments.add(local)
            moments |= {d.at.astimezone(member.zone) + BETWEEN_TWO for d in sent.deliveries}
        for moment in sorted(moment for moment in moments if moment >= now):
            if due(moment, task, member, progress, sent, calendar):
                return moment
    return None


# ---- what people can do about it ---------------------------------------------------------


def tomorrow(now: datetime, member: Member, calendar: Calendar) -> Snooze:
    """「明天再说」: silence until the next working day, and a word then."""
    today = now.astimezone(member.zone).date()
    return Snooze(today, calendar.from_day(today + ONE_DAY), again=True)


def next_week(now: datetime, member: Member) -> Snooze:
    """「本周不提醒」: silence until Monday; what was missed is then said once."""
    today = now.astimezone(member.zone).date()
    return Snooze(today, today + timedelta(days=7 - today.weekday()))


def why_no_nudge(
    now: datetime,
    task: Task,
    member: Member,
    progress: Progress | Overview,
    sent: Sent,
) -> Why | None:
    """
    Why an administrator cannot nudge this clerk now, or None: then store the request.

    `due` sends it, in the clerk's working hours. A nudge is that day's message, at
    most one a day, and never to somebody who has put it off or turned it off.
    """
    silent = _silent(task, member, progress)
    if silent:
        return silent
    if member.role is not Role.CLERK:
        return Why.OFF
    today = now.astimezone(member.zone).date()
    if _snoozed(task, member, today):
        return Why.SNOOZED
    nudged = [at.astimezone(member.zone).date() for at in sent.nudges]
    nudged += [d.day for d in sent.deliveries if d.kind is Kind.NUDGE and d.task == task.id]
    if today in nudged:
        return Why.NUDGED_TODAY
    if _messages_on(today, sent) >= _most_on(today, task, member):
        return Why.HAD_TODAY
    return None


# ---- making the arguments ----------------------------------------------------------------


def collective(year: int, deadline: date, internal: date | None = None) -> Task:
    """The administrator's task: all organs of a year with the same dates."""
    early = f"{internal:%m%d}" if internal else ""
    return Task(f"all{year}-{deadline:%m%d}{early}", "", year, deadline, internal)


@dataclass(frozen=True, slots=True)
class Open:
    """
    A section in which something is to be done.

    `first` is the first open item, None where only findings are to be corrected.
    """

    section: ItemId
    open: int
    first: ItemId | None
    to_correct: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """
    What is open in a report, whoever is to do it; it can be kept as text.

    `answered` says that nothing is open and only the document may be missing.
    """

    sections: tuple[Open, ...] = ()
    per_answer: timedelta | None = None

    @property
    def answered(self) -> bool:
        """Whether every question has an answer."""
        return not any(section.open for section in self.sections)

    def dumps(self, form: Form) -> str:
        """As text, with permanent numbers for ids."""
        numbers = [
            ",".join(
                str(n)
                for n in (
                    form.number[s.section],
                    s.open,
                    form.number[s.first] if s.first else 0,
                    s.to_correct,
                )
            )
            for s in self.sections
        ]
        milliseconds = self.per_answer // timedelta(milliseconds=1) if self.per_answer else 0
        return ";".join([f"1,{milliseconds}", *numbers])

    @classmethod
    def loads(cls, text: str, form: Form) -> Work | None:
        """From `dumps`; None for what another version has written."""
        try:
            head, *rest = ([int(n) for n in part.split(",")] for part in text.split(";"))
            version, milliseconds = head
            sections = tuple(
                Open(form.item[section], count, form.item[first] if first else None, wrong)
                for section, count, first, wrong in rest
            )
        except (ValueError, KeyError):
            return None
        if version != 1:
            return None
        return cls(sections, timedelta(milliseconds=milliseconds) if milliseconds else None)


def open_work(
    form: Form,
    answers: Answers,
    to_correct: Iterable[ItemId] = (),
    per_answer: timedelta | None = None,
) -> Work:
    """
    What is open in a report.

    `to_correct` holds, for each finding that must be corrected, the section it is in.
    """
    figures = Figures(form, answers).open_cells()
    texts = [n.id for n in form.narratives if n.id not in answers]
    by_section: dict[ItemId, list[ItemId]] = {}
    for item in (*figures, *texts):
        by_section.setdefault(form.section_of[item].id, []).append(item)
    wrong: dict[ItemId, int] = {}
    for section in to_correct:
        wrong[section] = wrong.get(section, 0) + 1
    return Work(
        tuple(
            Open(
                s.id,
                len(by_section.get(s.id, ())),
                by_section[s.id][0] if s.id in by_section else None,
                wrong.get(s.id, 0),
            )
            for s in form.sections
            if s.id in by_section or s.id in wrong
        ),
        per_answer,
    )


def own_part(task: Task, member: Member, form: Form, work: Work, *, finished: bool) -> Progress:
    """A clerk's part of what is open: his own sections and those of nobody."""
    own: Sequence[Open] = work.sections
    if task.assigned:
        others = {section for section, owner in task.assigned if owner != member.id}
        others -= {section for section, owner in task.assigned if owner == member.id}
        own = [s for s in own if s.section not in others]
    missing = []
    for one in own:
        if one.open:
            section = form.section[one.section]
            missing.append(Missing(one.section, section.heading, one.open, section.kind))
    first = next((one.first for one in own if one.open), None)
    return Progress(
        finished,
        tuple(missing),
        sum([one.to_correct for one in own]),
        only_document=not finished and work.answered,
        next_item=first,
        next_number=form.number[first] if first else 0,
        per_answer=work.per_answer,
    )


def own_work(
    task: Task,
    member: Member,
    form: Form,
    answers: Answers,
    *,
    finished: bool,
    to_correct: int = 0,
    per_answer: timedelta | None = None,
) -> Progress:
    """
    What a clerk still has to do: his own sections and those of nobody.

    `to_correct` are the findings that must be corrected in them.
    """
    work = open_work(form, answers, per_answer=per_answer)
    found = own_part(task, member, form, work, finished=finished)
    return replace(found, to_correct=to_correct)


def pace(moments: Sequence[datetime]) -> timedelta | None:
    """
    An office's own time per figure, from the moments its figures were stored.

    Breaks of more than five minutes do not count; a whole row of zeros is stored at
    one moment. None for fewer than 20 figures: too few to tell.
    """
    if len(moments) < 20:
        return None
    ordered = sorted(moments)
    gaps = [b - a for a, b in pairwise(ordered)]
    worked = [gap for gap in gaps if gap <= timedelta(minutes=5)]
    if not worked:
        return None
    return max(sum(worked, timedelta()) / len(worked), timedelta(seconds=1))
