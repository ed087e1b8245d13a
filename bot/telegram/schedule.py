"""
Which call may be made when: Telegram's rates, shared fairly, the next question first.

Two rates hold at once: the whole bot's and the chat's. Calls that people wait for go before
decorations (the edit of an old card, the list of sections), decorations before reminders, reminders
before messages to strangers. The lower three leave a part of each rate free, so that a new question
need not wait. Has no clock and no network: `limiter.py` provides both.
"""

import heapq
import itertools
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from enum import IntEnum

# The part of a rate that may be caught up at once after a pause. No second has more than 1.1 times
# the rate; the rest is for calls that the network bunches together.
CATCH_UP = 0.08

# A chat's messages that may be sent at once.
BURST = 3

# Different chats that hit a limit within a second: then it is the limit of the bot.
CHATS_OF_A_FLOOD = 3

# The part of a second's messages that is worth a report to other processes.
WORTH_TELLING = 0.01

# The longest time other processes' reports may hold our sending back. Running processes never reach
# it, but one that was stopped for a while reads the reports of all that time at once.
MOST_HEARD = 1.0

# Number of lanes of one chat from which unused ones are removed.
LANES = 16

# Waiting decorations of one chat; older ones are given up.
DECORATIONS = 50

# Waiting answers to strangers, of all chats together; a further one is given up. They have a rate
# of their own, this part of the rate for reminders.
STRANGERS = 200
STRANGERS_SHARE = 1 / 3


class Priority(IntEnum):
    """The order of calls when not all can be made."""

    PROMPT = 1  # a person waits for it
    DECORATION = 2  # nice to have: may be replaced by a newer one while it waits
    REMINDER = 3  # no hurry at all
    STRANGER = 4  # to strangers: may be dropped


@dataclass(frozen=True, slots=True)
class Permit:
    """
    How a call is to be treated: `rate_limit_args` of the library's methods.

    Without it a sent message is a PROMPT, an edit is a DECORATION of its message.

    Args:
        key: A waiting call with the same key is given up for this one (`Superseded`).
        every: Seconds between two calls of this key.
        wanted: Called after a wait; if it returns false, the call is given up.
    """

    priority: Priority = Priority.PROMPT
    key: Hashable | None = None
    every: float = 0.0
    wanted: Callable[[], Awaitable[bool]] | None = field(default=None, compare=False)


class Rate:
    """
    At most so many a second, evenly, `burst` at once after a pause.

    Any span of time contains at most as many as this rate allows, plus `burst`.
    """

    __slots__ = ("_whole", "burst", "full_at", "gap")

    def __init__(self, per_second: float, burst: float) -> None:
        self._whole = (1 / per_second, burst)
        self.full_at = float("-inf")
        self.share(1)

    def share(self, parts: int) -> None:
        """Use one of so many equal parts of the rate."""
        gap, burst = self._whole
        self.gap = gap * parts
        self.burst = max(1.0, burst / parts)

    def free_at(self, reserve: float = 0.0) -> float:
        """When the next may pass so that `reserve` of the burst is left."""
        return self.full_at - max(0.0, self.burst - 1 - reserve) * self.gap

    def begin(self, now: float) -> None:
        """Let the first pass now and the others evenly after it, without a burst."""
        self.full_at = max(self.full_at, now + (self.burst - 1) * self.gap)

    def take(self, now: float, weight: int = 1) -> None:
        self.full_at = max(self.full_at, now) + self.gap * weight

    def hear(self, now: float, weight: int) -> None:
        """Others have used so many: late or wrong reports stop us for `MOST_HEARD` at most."""
        full_at = max(self.full_at, now)
        self.full_at = max(full_at, min(full_at + self.gap * weight, now + MOST_HEARD))


def _nothing() -> None:
    pass


@dataclass(eq=False, slots=True)
class Ticket:
    """
    One call that waits for its turn.

    With `chat` None it counts against the overall rate alone.
    """

    chat: "Chat | None"
    permit: Permit
    weight: int
    number: int
    counts: bool = True
    given_up: bool = False
    passed: bool = False
    go: Callable[[], None] = _nothing
    give_up: Callable[[], None] = _nothing


@dataclass(eq=False, slots=True)
class Lane:
    """The calls of one chat with one priority, in order; a key with `every` has its own."""

    chat: "Chat | None"
    priority: Priority
    key: Hashable | None = None
    tickets: deque[Ticket] = field(default_factory=deque)
    planned: bool = False
    busy: bool = False
    not_before: float = float("-inf")

    def idle(self, now: float) -> bool:
        return not (self.tickets or self.planned or self.busy) and self.not_before <= now


@dataclass(eq=False, slots=True)
class Chat:
    rate: Rate
    lanes: dict[Hashable, Lane] = field(default_factory=dict)
    keys: dict[Hashable, Ticket] = field(default_factory=dict)
    paused_until: float = float("-inf")

    def tidy(self, now: float) -> None:
        self.lanes = {name: lane for name, lane in self.lanes.items() if not lane.idle(now)}

    def idle(self, now: float) -> bool:
        return (
            self.rate.full_at <= now
            and self.paused_until <= now
            and all(lane.idle(now) for lane in self.lanes.values())
        )


class Schedule:
    """Decides which call is next. It has no clock: every time is an argument, in seconds."""

    def __init__(
        self,
        *,
        per_second: float = 30.0,
        per_chat: float = 1.0,
        per_group_minute: float = 20.0,
        reminders: float = 3.0,
    ) -> None:
        self.overall = Rate(per_second, per_second * CATCH_UP)
        self.reminders = Rate(reminders, reminders * CATCH_UP)
        self.strangers = Rate(reminders * STRANGERS_SHARE, 1)
        self._rates = dict.fromkeys(Priority, (self.overall,)) | {
            Priority.REMINDER: (self.overall, self.reminders),
            Priority.STRANGER: (self.overall, self.strangers),
        }
        self._strangers: set[Ticket] = set()
        self.paused_until = float("-inf")
        self._per_chat = per_chat
        # So that any minute, with its burst, has no more than allowed.
        self._group_burst = min(BURST, max(1.0, per_group_minute / 2))
        self._per_group = max(1.0, per_group_minute - self._group_burst) / 60
        self.chats: dict[int | str, Chat] = {}
        self._loose = {priority: Lane(None, priority) for priority in Priority}
        self._ready: dict[Priority, list[tuple[int, Lane]]] = {
            priority: [] for priority in Priority
        }
        self._later: list[tuple[float, int, Lane]] = []
        self._numbers = itertools.count()
        self._floods: deque[tuple[float, int | str]] = deque()
        self._sweep_at = 1024
        self._reminded_at = float("-inf")
        self.waiting = 0
        self.passed: Counter[Priority] = Counter()  # sent and not yet reported
        self._worth_telling = min(per_second, reminders) * WORTH_TELLING

    # ---- entering ------------------------------------------------------------------------

    def enter(
        self,
        now: float,
        chat: int | str | None,
        permit: Permit,
        *,
        weight: int = 1,
        counts: bool = True,
    ) -> Ticket:
        """
        Queue a call, to be let go by a `release`; `given_up` if there is no room for it.

        Args:
            now: The time.
            chat: Its chat; None for a call without a chat.
            permit: How it is to be treated.
            weight: Messages that it makes (an album makes several).
            counts: False: it waits for a paused chat, but not for the chat's rate.
        """
        if permit.priority is Priority.REMINDER and now - self._reminded_at > 1:
            self.reminders.begin(now)
            self._reminded_at = now
        number = next(self._numbers)
        home = None if chat is None else self._chat(chat, now)
        ticket = Ticket(home, permit, weight, number, counts)
        if permit.priority is Priority.STRANGER:
            if len(self._strangers) >= STRANGERS:
                ticket.given_up = True
                return ticket
            self._strangers.add(ticket)
        if home is not None and permit.key is not None:
            if (older := home.keys.get(permit.key)) is not None:
                self._drop(older)
            home.keys[permit.key] = ticket
        lane = self._lane(ticket, now)
        lane.tickets.append(ticket)
        self.waiting += 1
        if permit.priority is Priority.DECORATION and len(lane.tickets) > DECORATIONS:
            oldest = next((waiting for waiting in lane.tickets if not waiting.given_up), None)
            if oldest is not None and oldest is not ticket:
                self._drop(oldest)
        self._plan(lane, now)
        return ticket

    def enter_again(self, now: float, ticket: Ticket) -> None:
        """Queue a call again that was told to wait: before later calls."""
        ticket.passed = False
        lane = self._lane(ticket, now)
        lane.busy = False
        lane.tickets.appendleft(ticket)
        self.waiting += 1
        self._plan(lane, now)

    def leave(self, ticket: Ticket) -> bool:
        """A call no longer waits; False if it has passed already."""
        if ticket.passed:
            return False
        if not ticket.given_up:
            ticket.give_up = _nothing
            self._drop(ticket)
        return True

    def finished(self, now: float, ticket: Ticket) -> bool:
        """
        A call has ended, well or not; True if another one waited for that.

        A chat's messages are sent one after the other, and so are its decorations: over two
        connections the later could arrive first.
        """
        lane = self._lane(ticket, now)
        if not lane.busy:
            return False
        lane.busy = False
        self._plan(lane, now)
        return lane.planned

    def _chat(self, chat: int | str, now: float) -> Chat:
        home = self.chats.get(chat)
        if home is None:
            if len(self.chats) >= self._sweep_at:
                self.forget(now)
            group = isinstance(chat, str) or chat < 0
            rate = (
                Rate(self._per_group, self._group_burst) if group else Rate(self._per_chat, BURST)
            )
            home = self.chats[chat] = Chat(rate)
        return home

    def share(self, processes: int) -> None:
        """Divide the rates of the whole bot among so many processes."""
        for rate in (self.overall, self.reminders, self.strangers):
            rate.share(processes)

    def forget(self, now: float) -> None:
        """Forget chats without calls for a while."""
        self.chats = {number: chat for number, chat in self.chats.items() if not chat.idle(now)}
        self._sweep_at = max(1024, 2 * len(self.chats))

    def _lane(self, ticket: Ticket, now: float) -> Lane:
        if ticket.chat is None:
            return self._loose[ticket.permit.priority]
        permit = ticket.permit
        own = permit.key if permit.every else None
        name = (permit.priority, ticket.counts, own)
        lane = ticket.chat.lanes.get(name)
        if lane is None:
            if len(ticket.chat.lanes) > LANES:
                ticket.chat.tidy(now)
            lane = ticket.chat.lanes[name] = Lane(ticket.chat, permit.priority, own)
        return lane

    def _drop(self, ticket: Ticket) -> None:
        ticket.given_up = True
        self.waiting -= 1
        self._strangers.discard(ticket)
        self._forget_key(ticket)
        ticket.give_up()

    @staticmethod
    def _forget_key(ticket: Ticket) -> None:
        chat, key = ticket.chat, ticket.permit.key
        if chat is not None and key is not None and chat.keys.get(key) is ticket:
            del chat.keys[key]

    # ---- whose turn it is ----------------------------------------------------------------

    def _head(self, lane: Lane) -> Ticket | None:
        while lane.tickets and lane.tickets[0].given_up:
            lane.tickets.popleft()
        return lane.tickets[0] if lane.tickets else None

    def _free_at(self, lane: Lane, ticket: Ticket) -> float:
        """When the chat would let this call pass."""
        chat = ticket.chat
        if chat is None:
            return float("-inf")
        free = max(chat.paused_until, lane.not_before)
        if not ticket.counts:
            return free
        # Other calls leave the whole burst to the prompts: the result and the card.
        reserve = 0.0 if lane.priority is Priority.PROMPT else chat.rate.burst
        return max(free, chat.rate.free_at(reserve))

    def _plan(self, lane: Lane, now: float) -> None:
        """Put a lane among the ready ones, or among those for later."""
        if lane.planned or lane.busy:
            return
        ticket = self._head(lane)
        if ticket is None:
            return
        lane.planned = True
        free = self._free_at(lane, ticket)
        if free <= now:
            heapq.heappush(self._ready[lane.priority], (ticket.number, lane))
        else:
            heapq.heappush(self._later, (free, ticket.number, lane))

    def _overall_free_at(self, priority: Priority) -> float:
        if priority is Priority.PROMPT:
            return max(self.paused_until, self.overall.free_at())
        free = max(self.paused_until, self.overall.free_at((self.overall.burst - 1) / 2))
        if priority is Priority.REMINDER:
            return max(free, self.reminders.free_at())
        return max(free, self.strangers.free_at()) if priority is Priority.STRANGER else free

    def release(self, now: float) -> float | None:
        """Let all calls go whose turn it is, in order; returns when to ask again, None if never."""
        while self._later and self._later[0][0] <= now:
            lane = heapq.heappop(self._later)[2]
            lane.planned = False
            self._plan(lane, now)
        wake = self._later[0][0] if self._later else None
        for priority, ready in self._ready.items():
            while ready:
                free = self._overall_free_at(priority)
                if free > now:
                    wake = free if wake is None else min(wake, free)
                    break
                lane = heapq.heappop(ready)[1]
                lane.planned = False
                ticket = self._head(lane)
                try:
                    if ticket is not None and self._free_at(lane, ticket) <= now:
                        lane.tickets.popleft()
                        self._pass(lane, ticket, now)
                finally:
                    self._plan(lane, now)
                if self._later and (wake is None or self._later[0][0] < wake):
                    wake = self._later[0][0]
        return wake

    def hear(self, now: float, priority: Priority, weight: int) -> None:
        """Another process has sent so many messages."""
        for rate in self._rates[priority]:
            rate.hear(now, weight)

    def _pass(self, lane: Lane, ticket: Ticket, now: float) -> None:
        ticket.passed = True
        lane.busy = ticket.chat is not None and ticket.counts
        self.waiting -= 1
        for rate in self._rates[lane.priority]:
            rate.take(now, ticket.weight)
        self.passed[lane.priority] += ticket.weight
        if lane.priority is Priority.REMINDER:
            self._reminded_at = now
        elif lane.priority is Priority.STRANGER:
            self._strangers.discard(ticket)
        if ticket.chat is not None and ticket.counts:
            ticket.chat.rate.take(now, ticket.weight)
        if ticket.permit.every:
            lane.not_before = now + ticket.permit.every
        self._forget_key(ticket)
        ticket.go()

    @property
    def has_news(self) -> bool:
        """Whether enough was sent to report it to others."""
        return self.passed.total() >= self._worth_telling

    # ---- what Telegram says --------------------------------------------------------------

    def told_to_wait(self, now: float, chat: int | str | None, seconds: float) -> None:
        """A 429: the chat waits; the whole bot if no chat was meant, or several at once."""
        until = now + seconds
        if chat is not None:
            home = self._chat(chat, now)
            home.paused_until = max(home.paused_until, until)
            while self._floods and self._floods[0][0] < now - 1:
                self._floods.popleft()
            self._floods.append((now, chat))
            if len({flooded for _, flooded in self._floods}) < CHATS_OF_A_FLOOD:
                return
        self.paused_until = max(self.paused_until, until)

    def paused(self, now: float, chat: int | str | None) -> float:
        """Seconds that a call for this chat would wait because of Telegram."""
        home = self.chats.get(chat) if chat is not None else None
        until = max(self.paused_until, home.paused_until if home else float("-inf"))
        return max(0.0, until - now)
