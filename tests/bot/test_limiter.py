"""
Whose message goes out when. The time is an argument, or a loop whose clock leaps: no sleeping.
"""

import asyncio
import random
import selectors
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import Forbidden, RetryAfter
from telegram.ext import ExtBot

from bot.settings import load_settings
from bot.telegram.client import AiohttpRequest
from bot.telegram.limiter import SendLimiter, Superseded
from bot.telegram.schedule import Permit, Priority, Schedule, Ticket
from tests.botapi import BotServer, Limits

PROMPT = Permit(Priority.PROMPT)
DECORATION = Permit(Priority.DECORATION)
REMINDER = Permit(Priority.REMINDER)


class Play:
    """
    A schedule whose clock is turned by hand; notes what went out when.
    """

    def __init__(self, **rates: float) -> None:
        self.schedule = Schedule(**rates)
        self.now = 0.0
        self.sent: list[tuple[float, object]] = []
        self.dropped: list[object] = []
        self.tickets: dict[object, Ticket] = {}

    def enter(self, name: object, chat: int | None = 1, turn: Permit = PROMPT, **how: Any) -> None:
        ticket = self.schedule.enter(self.now, chat, turn, **how)

        def go() -> None:
            self.sent.append((self.now, name))
            self.schedule.finished(self.now, ticket)

        ticket.go = go
        ticket.give_up = lambda: self.dropped.append(name)
        self.tickets[name] = ticket

    def run(self, until: float, late: Callable[[], float] = lambda: 0.0) -> None:
        """
        Let the time pass; `late` is by how much the loop wakes too late.
        """
        while True:
            wake = self.schedule.release(self.now)
            if wake is None or wake > until:
                self.now = until
                return
            self.now = max(self.now, wake) + late()

    def times(self, *names: object) -> list[float]:
        return [round(at, 3) for at, name in self.sent if not names or name in names]

    def names(self) -> list[object]:
        return [name for _, name in self.sent]


def busiest(times: list[float], span: float = 1.0) -> int:
    """
    The most that fell into any span of this length.
    """
    found, start = 0, 0
    for end, time in enumerate(times):
        while times[start] <= time - span + 1e-9:
            start += 1
        found = max(found, end - start + 1)
    return found


# ---- the rates ---------------------------------------------------------------------------


def test_a_chat_may_have_three_at_once_and_then_one_a_second():
    """
    The result, the card and a note go out together; a flood does not.
    """
    play = Play()
    for number in range(6):
        play.enter(number)

    play.run(10)

    assert [0, 0, 0.02, 1, 2, 3] == play.times()
    assert [0, 1, 2, 3, 4, 5] == play.names()


def test_a_group_never_gets_more_than_twenty_in_any_minute():
    """
    Its limit counts by the minute.
    """
    play = Play()
    for number in range(70):
        play.enter(number, chat=-100)

    play.run(300)

    assert 70 == len(play.sent)
    assert 18 <= busiest(play.times(), 60) <= 20


@pytest.mark.long
@pytest.mark.parametrize("rate", [10, 30, 300, 1000])
def test_no_second_holds_more_than_a_tenth_above_the_rate_and_the_rate_is_used(rate: float):
    """
    No burst of twice the rate at the start, and 98 % of what is allowed, although the loop
    always wakes a little late.
    """
    chance = random.Random(rate)
    play = Play(per_second=rate)
    total = int(rate * 30)
    for number in range(total):
        play.enter(number, chat=number + 1)

    play.run(60, late=lambda: chance.uniform(0.0002, 0.002))

    times = [at for at, _ in play.sent]
    assert total == len(times)
    assert busiest(times) <= 1.1 * rate
    assert (total - 1) / (times[-1] - times[0]) >= 0.98 * rate


@pytest.mark.parametrize("rate", [30, 300])
def test_reminders_alone_keep_their_own_rate_as_well(rate: float):
    """
    At a scaled-up limit as at the usual one.
    """
    chance = random.Random(rate)
    play = Play(per_second=10 * rate, reminders=rate)
    for number in range(20 * int(rate)):
        play.enter(number, chat=number + 1, turn=REMINDER)

    play.run(60, late=lambda: chance.uniform(0.0002, 0.002))

    times = [at for at, _ in play.sent]
    assert 20 * rate == len(times)
    assert busiest(times) <= 1.02 * rate + 1
    assert (len(times) - 1) / (times[-1] - times[0]) >= 0.98 * rate


def test_a_long_stall_is_not_made_up_for_by_a_burst():
    """
    After five seconds in which nothing could be sent the second holds no more than others.
    """
    play = Play()
    for number in range(300):
        play.enter(number, chat=number + 1)
    stalls = iter([0.0] * 20 + [5.0])

    play.run(60, late=lambda: next(stalls, 0.0))

    assert 300 == len(play.sent)
    assert busiest([at for at, _ in play.sent]) <= 33


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 3),
            st.integers(-2, 6).filter(bool),
            st.sampled_from([PROMPT, DECORATION, REMINDER]),
        ),
        max_size=120,
    )
)
def test_whatever_comes_the_limits_hold_and_nothing_is_lost(
    arrivals: list[tuple[float, int, Permit]],
):
    """
    Every message goes out once, in its order within chat and priority, within all rates.
    """
    play = Play()
    chats: dict[object, tuple[int, Priority]] = {}
    for number, (pause, chat, turn) in enumerate(arrivals):
        play.run(play.now + pause)
        play.enter(number, chat, turn)
        chats[number] = (chat, turn.priority)

    play.run(play.now + 4000)

    assert sorted(play.names(), key=str) == sorted(chats, key=str)
    assert busiest([at for at, _ in play.sent]) <= 33
    for chat in {chat for chat, _ in chats.values()}:
        times = [at for at, name in play.sent if chats[name][0] == chat]
        assert busiest(times, 60) <= (20 if chat < 0 else 63)
        assert busiest(times, 1.0) <= 4
        for priority in Priority:
            names = [name for _, name in play.sent if chats[name] == (chat, priority)]
            assert sorted(names, key=lambda one: int(str(one))) == names
    assert 0 == play.schedule.waiting


def test_taps_and_reactions_do_not_count_against_the_chat():
    """
    Ten acknowledged taps, and the next question still goes out at once.
    """
    play = Play()
    for number in range(10):
        play.enter(f"reaction {number}", counts=False)
        play.enter(f"answer {number}", chat=None)
    play.enter("card")

    play.run(0.8)

    assert 21 == len(play.sent)
    assert play.times("card")[0] < 0.8


def test_an_album_counts_as_many_messages():
    """
    Ten page pictures are ten.
    """
    play = Play()
    play.enter("album", weight=10)
    play.enter("card")

    play.run(30)

    assert [0, 8] == play.times()


# ---- who goes first ----------------------------------------------------------------------


def test_the_next_question_does_not_wait_for_decoration():
    """
    Edits of old cards leave the chat's burst to the result and the card.
    """
    play = Play()
    for number in range(20):
        play.enter(f"edit {number}", turn=DECORATION)
    play.run(5.5)
    edits = len(play.sent)

    play.enter("result")
    play.enter("card")
    play.run(5.5)

    assert [5.5, 5.5] == play.times("result", "card")
    assert 4 <= edits <= 6


def test_reminders_to_all_offices_leave_the_budget_to_those_who_answer():
    """
    A thousand reminders wait; whoever types gets the next question at once.
    """
    play = Play(reminders=30)
    for number in range(1000):
        play.enter(("reminder", number), chat=10_000 + number, turn=REMINDER)
    asked = []
    for step in range(200):
        play.run(play.now + 0.1)
        name = ("card", step)
        play.enter(name, chat=1 + step % 50)
        asked.append((play.now, name))
    play.run(play.now + 5)

    waits = [play.times(name)[0] - at for at, name in asked]
    assert max(waits) < 0.1
    assert len([1 for _, name in play.sent if name[0] == "reminder"]) > 300  # type: ignore[index]


def test_a_chat_that_floods_does_not_starve_the_others():
    """
    500 lines pasted by one, and another is answered at once.
    """
    play = Play()
    for number in range(500):
        play.enter(("flood", number), chat=1)
    play.enter("card", chat=2)

    play.run(1)

    assert play.times("card")[0] < 0.2


def test_everybody_gets_a_turn_when_there_is_not_enough():
    """
    In the order in which they asked.
    """
    play = Play(per_second=10)
    for number in range(50):
        play.enter(number, chat=number + 1)

    play.run(10)

    assert list(range(50)) == play.names()


# ---- decoration that a newer one replaces ------------------------------------------------


def test_of_two_edits_that_wait_only_the_newer_one_goes_out():
    """
    Nobody needs to see the list of sections as it was.
    """
    play = Play()
    contents = Permit(Priority.DECORATION, key="contents")
    for name in ("card", "card", "card"):
        play.enter(name)
    play.run(0)
    for number in range(5):
        play.enter(f"contents {number}", turn=contents)

    play.run(20)

    assert [f"contents {number}" for number in range(4)] == play.dropped
    assert [3.0] == play.times("contents 4")


def test_the_list_of_sections_is_edited_at_most_every_ten_seconds():
    """
    And holds up no other decoration meanwhile.
    """
    play = Play()
    contents = Permit(Priority.DECORATION, key="contents", every=10)
    for second in range(30):
        play.run(second)
        play.enter(("contents", second), turn=contents)
    play.enter("old card", turn=DECORATION)

    play.run(60)

    times = [at for at, name in play.sent if name[0] == "contents"]  # type: ignore[index]
    assert [0, 10, 20, 30] == times
    assert ("contents", 29) == [name for _, name in play.sent if name != "old card"][-1]
    assert play.times("old card")[0] < 32


@pytest.mark.parametrize("turn", [PROMPT, DECORATION])
def test_two_messages_of_one_chat_are_never_on_their_way_at_once(turn: Permit):
    """
    The older one must not arrive after the newer one.
    """
    play = Play()
    for name in ("old", "new"):
        play.enter(name, turn=turn)
    play.tickets["old"].go = lambda: play.sent.append((play.now, "old"))
    play.run(100)
    assert ["old"] == play.names()

    play.schedule.finished(play.now, play.tickets["old"])
    play.run(100)

    assert ["old", "new"] == play.names()


def test_a_chat_keeps_only_so_many_decorations():
    """
    When the budget is gone for long, the oldest are given up, not the memory.
    """
    play = Play()
    for number in range(500):
        play.enter(number, turn=DECORATION)

    assert 50 == play.schedule.waiting
    assert list(range(450)) == play.dropped


# ---- what Telegram says ------------------------------------------------------------------


def test_one_chats_limit_stops_that_chat_alone():
    """
    The library's own limiter stops everybody.
    """
    play = Play()
    play.schedule.told_to_wait(0, 1, 7)
    play.enter("own", chat=1)
    play.enter("own edit", chat=1, turn=DECORATION)
    play.enter("own reaction", chat=1, counts=False)
    play.enter("hers", chat=2)

    play.run(30)

    assert [0] == play.times("hers")
    assert [7, 7] == play.times("own", "own reaction")
    assert 7 <= play.times("own edit")[0]


@pytest.mark.parametrize("chats", [[None], [1, 2, 3]])
def test_a_limit_of_the_bot_stops_everybody(chats: list[int | None]):
    """
    It is known by having no chat, or by several chats being told to wait at once.
    """
    play = Play()
    for chat in chats:
        play.schedule.told_to_wait(0, chat, 5)
    play.enter("card", chat=9)

    play.run(30)

    assert [5] == play.times("card")


def test_the_limits_of_two_chats_in_different_seconds_are_their_own():
    """
    Three unlucky people in a minute are no flood.
    """
    play = Play()
    for second, chat in ((0, 1), (10, 2), (20, 3)):
        play.schedule.told_to_wait(second, chat, 1)
    play.now = 21
    play.enter("card", chat=9)

    play.run(30)

    assert [21] == play.times("card")


@pytest.mark.long
def test_quiet_chats_are_forgotten():
    """
    Memory does not grow with everybody who ever wrote.
    """
    play = Play(per_second=10_000)
    for number in range(20_000):
        play.enter(number, chat=number + 1, turn=Permit(key=("k", number), every=1))
        play.run(play.now + 0.01)

    assert 20_000 == len(play.sent)
    assert len(play.schedule.chats) < 2_500
    play.schedule.forget(play.now + 60)
    assert {} == play.schedule.chats


# ---- around the library ------------------------------------------------------------------


class LeapingLoop(asyncio.SelectorEventLoop):
    """
    An event loop whose clock leaps to the next timer instead of waiting for it.
    """

    def __init__(self) -> None:
        self.leapt = 0.0
        loop = self

        class Selector(selectors.DefaultSelector):
            def select(self, timeout: float | None = None) -> Any:
                loop.leapt += max(timeout or 0.0, 0.0)
                return super().select(0)

        super().__init__(Selector())

    def time(self) -> float:
        return self.leapt


def leaping(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    loop = LeapingLoop()
    try:
        loop.run_until_complete(work())
    finally:
        loop.close()


class Telegram:
    """
    What stands behind the limiter: notes the calls and refuses when told to.
    """

    def __init__(self, limiter: SendLimiter) -> None:
        self.limiter = limiter
        self.got: list[tuple[float, str, object]] = []
        self.refusals: dict[object, list[Exception]] = {}
        self.takes = 0.0

    async def __call__(self, endpoint: str, data: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(self.takes)
        waiting = self.refusals.get(data.get("chat_id"))
        if waiting:
            raise waiting.pop(0)
        at = round(asyncio.get_running_loop().time(), 3)
        self.got.append((at, endpoint, data.get("chat_id")))
        return data | {"message_id": len(self.got)}

    async def call(self, endpoint: str, turn: Permit | None = None, **data: Any) -> Any:
        return await self.limiter.process_request(self, (endpoint, data), {}, endpoint, data, turn)

    def times(self, chat: object) -> list[float]:
        return [at for at, _, one in self.got if one == chat]


def wait(seconds: float) -> RetryAfter:
    return RetryAfter(timedelta(seconds=seconds))


def test_a_message_told_to_wait_goes_out_afterwards_and_others_meanwhile():
    """
    And those behind it in the same chat stay behind it.
    """

    async def work() -> None:
        telegram = Telegram(SendLimiter())
        telegram.refusals[1] = [wait(4), wait(2)]
        first = asyncio.create_task(telegram.call("sendMessage", chat_id=1, text="a"))
        await asyncio.sleep(0.01)
        rest = [telegram.call("sendMessage", chat_id=chat, text="b") for chat in (1, 2, 2)]
        results = await asyncio.gather(first, *rest)

        assert ["a", "b", "b", "b"] == [one["text"] for one in results]
        assert [0.01, 0.02] == telegram.times(2)
        assert [6.2, 6.2] == telegram.times(1)

    leaping(work)


def test_after_too_many_refusals_or_too_long_a_wait_the_caller_is_told():
    """
    The person keeps the message, and nobody hangs for an hour.
    """

    async def work() -> None:
        telegram = Telegram(SendLimiter(retries=2, patience=60))
        telegram.refusals[1] = [wait(1)] * 3
        telegram.refusals[2] = [wait(3600)]
        with pytest.raises(RetryAfter):
            await telegram.call("sendMessage", chat_id=1)
        with pytest.raises(RetryAfter):
            await telegram.call("sendMessage", chat_id=2)
        begun = asyncio.get_running_loop().time()
        with pytest.raises(RetryAfter) as caught:
            await telegram.call("sendMessage", chat_id=2)

        assert begun == asyncio.get_running_loop().time()
        assert isinstance(caught.value.retry_after, timedelta)
        assert 3590 < caught.value.retry_after.total_seconds() < 3601
        await telegram.call("sendMessage", chat_id=3)
        await asyncio.sleep(3600)
        await telegram.call("sendMessage", chat_id=2)

    leaping(work)


def test_other_errors_pass_through_at_once():
    """
    Who has blocked the bot is not written to five times.
    """

    async def work() -> None:
        telegram = Telegram(SendLimiter())
        telegram.refusals[1] = [Forbidden("blocked")]
        with pytest.raises(Forbidden):
            await telegram.call("sendMessage", chat_id=1)
        await telegram.call("sendMessage", chat_id=1)

    leaping(work)


def test_a_replaced_edit_says_so_to_its_caller():
    """
    Two edits of one message while the chat has no room: the older one is over.
    """

    async def work() -> None:
        telegram = Telegram(SendLimiter())
        for _ in range(3):
            await telegram.call("sendMessage", chat_id=1)
        older = asyncio.create_task(telegram.call("editMessageText", chat_id=1, message_id=5))
        other = asyncio.create_task(telegram.call("editMessageText", chat_id=1, message_id=6))
        await asyncio.sleep(0.1)
        await telegram.call("editMessageText", chat_id=1, message_id=5, text="new")
        with pytest.raises(Superseded):
            await older
        await other

        assert 2 == len([1 for _, endpoint, _ in telegram.got if endpoint.startswith("edit")])

    leaping(work)


def test_an_edit_may_be_what_the_person_waits_for():
    """
    Turning a page in place is no decoration.
    """

    async def work() -> None:
        telegram = Telegram(SendLimiter())
        await telegram.call("sendMessage", chat_id=1)
        await telegram.call("editMessageText", PROMPT, chat_id=1, message_id=5)
        await telegram.call("editMessageText", chat_id=1, message_id=6)

        assert [0, 0, 2] == telegram.times(1)

    leaping(work)


def test_a_call_that_breaks_when_its_turn_comes_stops_no_other():
    """
    Those behind it, in its chat and in others, go out.
    """

    async def work() -> None:
        limiter = SendLimiter()
        telegram = Telegram(limiter)
        for _ in range(3):
            await telegram.call("sendMessage", chat_id=1)

        def broken() -> None:
            raise KeyError

        loop = asyncio.get_running_loop()
        limiter.schedule.enter(loop.time(), 1, DECORATION, counts=False).go = broken
        limiter.schedule.enter(loop.time(), None, PROMPT).go = broken
        async with asyncio.timeout(60):
            await asyncio.gather(*(telegram.call("sendMessage", chat_id=n) for n in (1, 2, 1)))

        assert (5, 1) == (len(telegram.times(1)), len(telegram.times(2)))

    leaping(work)


def test_who_stops_waiting_leaves_no_trace():
    """
    A cancelled message takes nobody's place.
    """

    async def work() -> None:
        limiter = SendLimiter()
        telegram = Telegram(limiter)
        for _ in range(3):
            await telegram.call("sendMessage", chat_id=1)
        waiting = [asyncio.create_task(telegram.call("sendMessage", chat_id=1)) for _ in range(50)]
        await asyncio.sleep(0.1)
        for task in waiting[:49]:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

        assert [0, 0, 0.02, 1] == telegram.times(1)
        assert 0 == limiter.schedule.waiting
        await limiter.shutdown()

    leaping(work)


def test_a_message_given_up_while_it_is_sent_frees_the_way():
    """
    Cancelled half way, refused, cut: the next one goes.
    """

    async def work() -> None:
        telegram = Telegram(SendLimiter())
        telegram.takes = 1.0
        first = asyncio.create_task(telegram.call("sendMessage", chat_id=1))
        second = asyncio.create_task(telegram.call("sendMessage", chat_id=1))
        await asyncio.sleep(0.5)
        first.cancel()
        await second

        assert [1.5] == telegram.times(1)

    leaping(work)


def test_calls_that_nobody_sees_are_not_held_up():
    """
    Menus, files, polling: no rate of messages is meant for them.
    """

    async def work() -> None:
        telegram = Telegram(SendLimiter(per_second=1))
        for endpoint in ("getMe", "setMyCommands", "getFile") * 20:
            await telegram.call(endpoint)

        assert 0 == asyncio.get_running_loop().time()

    leaping(work)


def test_the_settings_set_the_rates():
    """
    An operator with paid broadcast turns them up.
    """
    chosen = load_settings(
        NIANBAO_SENDS_PER_SECOND="300",
        NIANBAO_SENDS_PER_CHAT_PER_SECOND="10",
        NIANBAO_SENDS_PER_GROUP_PER_MINUTE="200",
        NIANBAO_REMINDERS_PER_SECOND="100",
    )

    async def work() -> None:
        telegram = Telegram(SendLimiter.of(chosen))
        await asyncio.gather(
            *(telegram.call("sendMessage", chat_id=1) for _ in range(13)),
            *(telegram.call("sendMessage", REMINDER, chat_id=10 + n) for n in range(100)),
        )

        assert 1.0 == pytest.approx(max(telegram.times(1)), abs=0.01)
        assert 0.9 < asyncio.get_running_loop().time() < 1.1

    leaping(work)


async def test_against_a_strict_server_nothing_is_refused_and_nothing_lost():
    """
    The library's real bot over real HTTP, at twenty times the usual rates.
    """
    usual = SendLimiter(per_second=600, per_chat=20, per_group_minute=400)
    async with BotServer(limits=Limits(overall=600, chat=20, group=400)) as server:
        people = [server.person(str(number)) for number in range(10)]
        for person in people:
            await person.starts()
        group = server.group("群", *people)
        request = AiohttpRequest()
        bot: ExtBot[Permit] = ExtBot(
            server.token, base_url=server.base_url, request=request, rate_limiter=usual
        )
        server.fail("sendMessage", error=429, chat=people[0].id)
        async with request:
            await asyncio.gather(
                *(bot.send_message(one.id, str(n)) for one in people for n in range(12)),
                *(bot.send_message(group.id, str(n)) for n in range(5)),
            )
            card = people[1].last
            results = await asyncio.gather(
                *(bot.edit_message_text(f"{n}!", card.chat, card.id) for n in range(5)),
                return_exceptions=True,
            )

    assert server.limits
    assert 0 == server.limits.refused
    numbers = [str(n) for n in range(12)]
    for person in (people[0], *people[2:]):
        assert numbers == [one.text for one in person.from_bot]
    assert 5 == len(group.from_bot)
    assert 3 == len([one for one in results if isinstance(one, Superseded)])
    assert ["11", "0!"] == card.history
    assert "4!" == card.text
