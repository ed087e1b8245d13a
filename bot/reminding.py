"""
Reminders as they run: who is looked at, what is claimed, sent and recorded.

`look` asks the pure decision about one person, `tick` about all whose moment has come,
`Courier` sends what a tick has claimed, and `Reminding` is the loop around them. The
decision itself, and every moment, is in `conversations/reminders.py`.

A reminder is claimed (its rows are unique, for five minutes), sent, and recorded. Only
as much is claimed as can be sent in some seconds, so that nobody is reminded of what he
has just finished. Killed between sending and recording, a process leaves a claim that
is released when its lease is over, and the reminder is sent a second time: this is the
one case, and `tests/bench/reminders.py` measures how long it lasts.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.calendar import working_calendar
from bot.handle import level_of
from conversations.checks import check_report
from conversations.checks.findings import Grade, Report
from conversations.form import FORMS
from conversations.form.model import Form
from conversations.reminders.calendar import Calendar
from conversations.reminders.decide import (
    Case,
    Decision,
    Reminder,
    Sent,
    decide,
    next_due,
    together,
)
from conversations.reminders.open_work import (
    OpenWork,
    OrganState,
    Overview,
    Progress,
    open_work,
    own_part,
    pace,
)
from conversations.reminders.people import Role
from conversations.reminders.tasks import Task, collective
from conversations.talk.effects import Say
from conversations.wording.reminders import explained, say
from storage.messages import Message
from storage.reports import Reader
from storage.store import Store
from storage.tasks import Addressee, Administered, Own, Pending, TaskReader, Tasks

if TYPE_CHECKING:
    from bot.telegram.client import RawBot

log = logging.getLogger("nianbao.reminders")

LEASE = timedelta(minutes=5)
# A claim is not sent in the last part of its lease: somebody else may take it then.
SAFETY = timedelta(minutes=1)
EVERY = 60.0  # seconds between two ticks
AHEAD = 10.0  # seconds of sending that may be claimed at once
AFTER_FAULT = timedelta(hours=1)
ONE_DAY = timedelta(days=1)
MOST_TOLD = 8  # reports told in one message; the rest are counted
ROOM = 3900  # UTF-16 units of one message


# ---- one person ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Computed:
    """What is open in a report, worth keeping."""

    report_id: int
    work: str
    history: int


def calendar_of(tasks: TaskReader) -> Calendar:
    """The library's calendar with what administrators have entered."""
    days, years = tasks.overrides()
    return _calendar(tuple(sorted(days.items())), years)


@lru_cache(maxsize=4)
def _calendar(days: tuple[tuple[date, bool], ...], years: tuple[int, ...]) -> Calendar:
    return working_calendar(dict(days), years)


def work_of(reader: Reader, report_id: int) -> tuple[Form, OpenWork, int]:
    """What is open in a report, with its form and the newest row of its history."""
    stored = reader.load(report_id, "")
    form = FORMS[stored.edition]
    last = reader.last_year(report_id)
    level = level_of(stored.organ, stored.answers.text("level"))
    before = None
    if last is not None:
        before = Report(FORMS[last.edition], stored.organ, last.year, last.answers, level)
    report = Report(
        form,
        stored.organ,
        stored.year,
        stored.answers,
        level,
        before,
        explanations=stored.explanations,
    )
    wrong = []
    for finding in check_report(report):
        if finding.grade is Grade.E:
            item = finding.cells[0] if finding.cells else finding.narrative
            if item and item in form.section_of:
                wrong.append(form.section_of[item].id)
    speed = _pace(reader, report_id, form)
    if speed is None and last is not None:
        speed = _pace(reader, last.report_id, FORMS[last.edition])
    return form, open_work(form, stored.answers, wrong, speed), stored.history


def _pace(reader: Reader, report_id: int, form: Form) -> timedelta | None:
    """An office's own speed, from when its figures were stored."""
    entries = reader.entries(report_id)
    return pace([entry.at for item, entry in entries.items() if item in form.cells])


def cases(
    reader: Reader,
    addressee: Addressee,
    now: datetime,
    fresh: list[Computed] | None = None,
    *,
    summaries: bool = True,
) -> list[Case]:
    """
    Everything one person could be reminded of.

    What had to be computed is added to `fresh`; `summaries` are those for administrators.
    """
    found = [clerks_case(reader, addressee, own, fresh) for own in addressee.clerk_of]
    if addressee.administers and summaries:
        member = replace(addressee.member, role=Role.ADMINISTRATOR)
        organs = TaskReader(reader).administered(
            None if addressee.everything else addressee.person, now, near=True
        )
        today = now.astimezone(member.zone).date()
        for task, overview in groups(organs, today):
            found.append(Case(task, member, overview, Sent(addressee.deliveries)))
    return found


def clerks_case(
    reader: Reader, addressee: Addressee, own: Own, fresh: list[Computed] | None = None
) -> Case:
    """The case of a clerk and one report."""
    form = FORMS[own.edition]
    work = OpenWork.loads(own.work, form) if own.work is not None else None
    if work is None and own.finished:
        work = OpenWork()
    if work is None:
        form, work, history = work_of(reader, own.report_id)
        if fresh is not None:
            fresh.append(Computed(own.report_id, work.dumps(form), history))
    member = addressee.member
    if own.since and (member.since is None or own.since > member.since):
        member = replace(member, since=own.since)
    progress = own_part(own.task, member, form, work, finished=own.finished)
    return Case(own.task, member, progress, Sent(addressee.deliveries, own.nudges))


def groups(organs: Iterable[Administered], today: date) -> list[tuple[Task, Overview]]:
    """An administrator's organs by year and dates, as `collective` tasks."""
    found: dict[tuple[int, date, date | None], list[OrganState]] = {}
    for one in organs:
        state = OrganState(
            one.task.organ,
            one.finished,
            one.unreachable,
            today if one.unreachable_unknown else one.unreachable_since,
        )
        key = (one.task.year, one.task.deadline, one.task.internal)
        found.setdefault(key, []).append(state)
    return [(collective(*key), Overview(tuple(states))) for key, states in found.items()]


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking at one person: a message for now, and when to look again."""

    message: tuple[Reminder, ...]
    look_at: datetime | None


def look(
    reader: Reader,
    addressee: Addressee,
    now: datetime,
    calendar: Calendar,
    fresh: list[Computed] | None = None,
) -> Look:
    """Ask the decision about everything that one person could be reminded of."""
    member = addressee.member
    today = now.astimezone(member.zone).date()
    # Who had his message of the day hears no summary; many organs need not be counted.
    told = any(one.day == today for one in addressee.deliveries)
    ones = cases(reader, addressee, now, fresh, summaries=not told)
    decided = [decide(now, case, calendar) for case in ones]
    reminders = [d.reminder for d in decided if d.reminder]
    if reminders:
        (message,) = together(reminders)
        return Look(message, None)
    moments = [pending.lease for pending in addressee.pending]
    for case in ones:
        if isinstance(case.progress, Progress):
            moment = next_due(now, case, calendar)
            moments += [moment] if moment else []
    if addressee.administers or not member.reachable:
        # Nothing tells us that an office has finished, or that somebody is back.
        mornings = (today, today + ONE_DAY)
        moments += [
            moment
            for day in mornings
            if (moment := datetime.combine(day, member.start, member.zone)) > now
        ]
    return Look((), min(moments, default=None))


# ---- the message ----------------------------------------------------------------------------


def message_say(message: Sequence[Reminder]) -> Say:
    """The message, short enough for Telegram however many reports it is about."""
    told = min(len(message), MOST_TOLD)
    while True:
        said = say(message[:told])
        rest = len(message) - told
        if rest:
            said = replace(said, text=f"{said.text}\n\n另有 {rest} 份年报没有完成，见 /switch。")
        if told == 1 or _units(said.text) <= ROOM:
            return said
        told -= 1


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _payload(message: Sequence[Reminder]) -> str:
    """The outgoing row's content: text and buttons as plain data."""
    said = message_say(message)
    buttons = [[[one.id, one.label[:60], one.tone.value] for one in row] for row in said.buttons]
    return json.dumps({"text": said.text, "buttons": buttons}, separators=(",", ":"))


# ---- a tick ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is ours to send until a moment, and whose lease ends later."""

    person: int
    day: date
    number: int
    row: Message
    until: datetime
    lease: datetime


@dataclass(frozen=True, slots=True)
class Tick:
    """What a tick has claimed, and how many people it has looked at."""

    claims: tuple[Claim, ...] = ()
    looked: int = 0


def tick(store: Store, now: datetime, most: int = 100) -> Tick:
    """
    Look at those whose moment has come, at most so many, and claim what is due.

    Whoever was not looked at for the limit is the next tick's. With nothing due it is
    one indexed query.
    """
    found: list[tuple[Addressee, Look, str]] = []
    fresh: list[Computed] = []
    fault = store.database.error
    with store.read() as reader:
        people = TaskReader(reader).due(now, most)
        if not people:
            return Tick()
        calendar = calendar_of(TaskReader(reader))
        for addressee in people:
            seen, payload = _seen(reader, addressee, now, calendar, fresh, fault)
            found.append((addressee, seen, payload))
    claims = []
    at = now.astimezone(UTC)
    lease = at + LEASE
    with store.begin() as unit:
        tasks = Tasks(unit)
        for one in fresh:
            tasks.remember(one.report_id, one.work, one.history)
        # In the order of their ids, so that two processes wait for each other in one way.
        for addressee, seen, payload in found:
            claim = _store(tasks, addressee, seen, payload, at, lease)
            if claim is not None:
                claims.append(claim)
    return Tick(tuple(claims), len(people))


def _seen(
    reader: Reader,
    addressee: Addressee,
    now: datetime,
    calendar: Calendar,
    fresh: list[Computed],
    fault: type[Exception],
) -> tuple[Look, str]:
    """A look at one person; a fault about one must not silence the others."""
    if any(one.lease <= now for one in addressee.pending):
        return Look((), None), ""
    try:
        seen = look(reader, addressee, now, calendar, fresh)
        return seen, _payload(seen.message) if seen.message else ""
    except fault:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is
        from bot.telegram.logs import outline

        log.error("no reminder for %s: %s", addressee.person, outline(error))
        return Look((), now + AFTER_FAULT), ""


def _store(
    tasks: Tasks,
    addressee: Addressee,
    seen: Look,
    payload: str,
    now: datetime,
    lease: datetime,
) -> Claim | None:
    """Write down what came of looking at one person."""
    person, member = addressee.person, addressee.member
    today = now.astimezone(member.zone).date()
    if member.reachable and addressee.unreachable_since is not None:
        tasks.reaches(person, None)
    elif not member.reachable and addressee.unreachable_since is None:
        tasks.reaches(person, today)
    expired = [one for one in addressee.pending if one.lease <= now]
    if expired:
        # Looked at again at once, without it: it may no longer be true, or wanted.
        for one in expired:
            tasks.release(person, one)
        return None
    if not seen.message:
        look_at = seen.look_at
        if look_at is not None and look_at <= now:
            look_at = now + timedelta(seconds=EVERY)
        tasks.plan(person, addressee.look_at, look_at)
        return None
    row = tasks.claim(person, seen.message, payload, now, lease)
    if row is None:
        # Another process was quicker; what it will have written is looked at next time.
        tasks.plan(person, addressee.look_at, now + timedelta(seconds=EVERY))
        return None
    first = seen.message[0]
    until = min(lease - SAFETY, datetime.combine(today, member.end, member.zone))
    return Claim(person, first.day, first.number, row, until, lease)


# ---- explaining -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Explained:
    """Why somebody would hear of a task at a moment, or not."""

    person: int
    line: str
    decision: Decision


def explain(reader: Reader, now: datetime) -> tuple[list[Explained], list[tuple[int, Say]]]:
    """
    Who would get what at a moment as things stand now, and why or why not; sends nothing.

    Returns:
        A line for every person and task, and the messages as they would look.
    """
    calendar = calendar_of(TaskReader(reader))
    lines, says = [], []
    for addressee in TaskReader(reader).everybody(now):
        reminders = []
        for case in cases(reader, addressee, now):
            decision = decide(now, case, calendar)
            line = explained(decision, case, calendar)
            lines.append(Explained(addressee.person, line, decision))
            reminders += [decision.reminder] if decision.reminder else []
        says += [(addressee.person, message_say(message)) for message in together(reminders)]
    return lines, says


# ---- sending --------------------------------------------------------------------------------


class Courier:
    """
    Sends claimed reminders, slowly, and records each at once.

    The limiter lets them pass last, at a rate of their own. What cannot be sent before
    its time is over is left: the claim is released, and decided anew.
    """

    def __init__(
        self,
        bot: RawBot,
        store: Store,
        clock: Callable[[], datetime],
        per_second: float = 3.0,
    ) -> None:
        """`per_second` is the rate to reckon with; the limiter of the bot keeps it."""
        self.bot = bot
        self.store = store
        self.clock = clock
        # Enough to keep the rate while each waits for Telegram's answer, and no more:
        # so many may be between sending and recording.
        self.workers = max(1, min(32, round(per_second / 2)))
        self.sent = 0
        self._queue: deque[Claim] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._records: list[tuple[Claim, int | None, bool]] = []
        self._recorder: asyncio.Task[None] | None = None
        self._room = asyncio.Event()
        self._stopping = False

    @property
    def backlog(self) -> int:
        """Claims that wait to be sent."""
        return len(self._queue)

    def send(self, claims: Iterable[Claim]) -> None:
        """Take claims for sending."""
        self._queue.extend(claims)
        for _ in range(min(self.workers, len(self._queue)) - len(self._tasks)):
            task = asyncio.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def below(self, count: int) -> None:
        """Wait until so few are waiting."""
        while len(self._queue) > count:
            self._room.clear()
            await self._room.wait()

    async def idle(self) -> None:
        """Wait until everything is sent and recorded."""
        while self._tasks or self._recorder:
            await asyncio.gather(*self._tasks, return_exceptions=True)
            if self._recorder:
                await asyncio.gather(self._recorder, return_exceptions=True)

    async def stop(self, seconds: float) -> None:
        """Let those on their way arrive; give the others back at once."""
        self._stopping = True
        left = list(self._queue)
        self._queue.clear()
        self._room.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in list(self._tasks):
            task.cancel()
        await self.idle()
        if left:
            with self.store.begin() as unit:
                for one in left:
                    Tasks(unit).release(
                        one.person, Pending(one.day, one.number, one.lease, one.row.id)
                    )

    async def _work(self) -> None:
        while self._queue:
            claim = self._queue.popleft()
            self._room.set()
            await self._one(claim)

    async def _one(self, claim: Claim) -> None:
        from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

        from bot.telegram.client import MaybeSent, pause_after

        wait = 1.0
        while not self._stopping:
            left = (claim.until - self.clock()).total_seconds()
            if left <= 0:
                return
            try:
                async with asyncio.timeout(left):
                    message_id = await self._send(claim)
            except RetryAfter as error:
                wait = pause_after(error, wait)
            except Forbidden:
                await self._record(claim, None, lost=True)
                return
            except BadRequest as error:
                gone = "chat not found" in str(error).lower()
                if not gone:
                    log.error("a reminder was refused: %s", error)
                await self._record(claim, None, lost=gone)
                return
            except MaybeSent:
                # It may be there: a lost one is made up for by the next, two are a nuisance.
                await self._record(claim, None)
                return
            except TimeoutError:
                return
            except NetworkError:
                pass
            except TelegramError as error:
                log.error("a reminder failed: %s", type(error).__name__)
            else:
                self.sent += 1
                await self._record(claim, message_id)
                return
            await asyncio.sleep(min(wait, max(0.0, left)))
            wait = min(wait * 2, 30.0)

    async def _send(self, claim: Claim) -> int:
        """The call itself, after everybody who waits for an answer."""
        from bot.telegram.client import markup
        from bot.telegram.schedule import Permit, Priority

        payload = json.loads(claim.row.payload)
        message = await self.bot.call(
            "sendMessage",
            Permit(Priority.REMINDER),
            chat_id=claim.row.chat,
            text=payload["text"],
            reply_markup=markup(payload["buttons"]),
        )
        return int(message["message_id"])

    async def _record(self, claim: Claim, message_id: int | None, *, lost: bool = False) -> None:
        """Write down that it is over; those that come while one is written share the next."""
        self._records.append((claim, message_id, lost))
        if self._recorder is None or self._recorder.done():
            self._recorder = asyncio.create_task(self._write())
        await asyncio.shield(self._recorder)

    async def _write(self) -> None:
        try:
            while self._records:
                records, self._records = self._records, []
                try:
                    await asyncio.to_thread(self.record, records)
                except Exception as error:  # noqa: BLE001 - of whatever kind, it must be tried again
                    log.error("reminders could not be recorded: %s", type(error).__name__)
                    if self._stopping:
                        return
                    self._records = records + self._records
                    await asyncio.sleep(1)
        finally:
            self._recorder = None

    def record(self, records: Sequence[tuple[Claim, int | None, bool]]) -> None:
        """Settle claims in one transaction."""
        from storage.people import People

        with self.store.begin() as unit:
            tasks = Tasks(unit)
            for claim, message_id, lost in sorted(records, key=lambda one: one[0].person):
                tasks.settle(claim.person, claim.day, claim.number, claim.row.id, message_id)
                if lost:
                    People(unit).reachable(claim.person, False)
                    tasks.reaches(claim.person, claim.day)


class Reminding:
    """The clock of the running bot: a tick a minute, and the courier."""

    def __init__(
        self,
        bot: RawBot,
        store: Store,
        clock: Callable[[], datetime],
        *,
        administrators: Iterable[int] = (),
        per_second: float = 3.0,
    ) -> None:
        """`administrators` look after all organs."""
        self.store = store
        self.clock = clock
        self.courier = Courier(bot, store, clock, per_second)
        self.batch = max(5, round(per_second * AHEAD))
        with store.begin() as unit:
            Tasks(unit).administrators(administrators)

    async def run(self) -> None:
        """Tick until cancelled."""
        while True:
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001 - the next minute tries again
                from bot.telegram.logs import outline

                log.error("a round of reminders failed: %s", outline(error))
            await asyncio.sleep(EVERY)

    async def round(self) -> None:
        """Claim what is due, as fast as it can be sent, until nothing is."""
        while True:
            room = self.batch - self.courier.backlog
            # In a thread of its own: a hard morning must not keep anybody's answer waiting.
            found = await asyncio.to_thread(tick, self.store, self.clock(), room)
            self.courier.send(found.claims)
            if found.looked < room:
                return
            await self.courier.below(self.batch // 2)

    async def stop(self, seconds: float) -> None:
        """Let what is on its way arrive."""
        await self.courier.stop(seconds)


__all__: Sequence[str] = [
    "Case",
    "Claim",
    "Courier",
    "Reminding",
    "Tick",
    "calendar_of",
    "cases",
    "explain",
    "groups",
    "look",
    "tick",
    "work_of",
]
