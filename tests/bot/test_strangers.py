"""
A crowd of accounts that nobody has invited delays nobody else.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.telegram.client import RawBot
from bot.telegram.intake import SLICE, Intake
from bot.telegram.jobs import Job
from bot.telegram.limiter import SendLimiter
from bot.telegram.schedule import STRANGERS
from bot.telegram.sender import Sender
from bot.telegram.talk import DoorSettings
from bot.telegram.worker import Worker
from storage import Store
from storage.messages import Messages
from tests.bot.test_limiter import REMINDER, Telegram, leaping

CROWD = 1500


class Inline:
    """
    A worker without a thread, for a loop whose clock leaps.
    """

    async def run(self, work: Callable[..., Any], *given: Any) -> Any:
        return work(*given)


def said(number: int) -> dict[str, Any]:
    """
    The update of one account of the crowd.
    """
    person = 1000 + number % CROWD
    chat = {"id": person, "type": "private"}
    sender = {"id": person, "is_bot": False, "first_name": "x"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": sender, "text": "你好"}
    return {"update_id": number, "message": message}


def reminds_at_once(
    folder: Path, jobs: Callable[[Intake], Iterable[Job]], then: Callable[[Telegram], None]
) -> None:
    """
    A reminder goes out in the moment after these jobs were given; `then` is called at the end.
    """

    async def work() -> None:
        with Store.open(":memory:") as store:
            limiter = SendLimiter()
            telegram = Telegram(limiter)
            intake = Intake(store, DoorSettings("bot", folder, ZoneInfo("Asia/Shanghai")))
            sender = Sender(cast(RawBot, telegram), cast(Worker, Inline()), intake)
            sender._looks = cast(Worker, Inline())
            for job in jobs(intake):
                sender.do(job)
            await asyncio.sleep(0.01)
            began = asyncio.get_running_loop().time()

            await telegram.call("sendMessage", REMINDER, chat_id=7)

            assert [began] == telegram.times(7)
            await sender.idle()
            then(telegram)
            with store.begin() as unit:
                assert not Messages(unit).unsent()
            await limiter.shutdown()

    leaping(work)


def test_a_reminder_goes_out_at_once_after_three_thousand_messages_of_strangers(tmp_path: Path):
    """
    Of 1,500 accounts; some two hundred hear something, in their turn, the others nothing.
    """

    def jobs(intake: Intake) -> Iterator[Job]:
        for start in range(0, 2 * CROWD, SLICE):
            yield intake.take([said(start + n) for n in range(SLICE)])

    def then(telegram: Telegram) -> None:
        assert STRANGERS <= len(telegram.got) <= STRANGERS + 10
        # One a second, the reminders' rate being three.
        assert STRANGERS - 10 < asyncio.get_running_loop().time() < STRANGERS + 10

    reminds_at_once(tmp_path, jobs, then)


def test_a_reminder_goes_out_at_once_after_hundreds_of_taps_of_strangers(tmp_path: Path):
    """
    Their waiting ends in their own turn.
    """
    taps = Job(answers=[(f"{number}", "", False) for number in range(300)])

    reminds_at_once(tmp_path, lambda _: [taps], lambda _: None)
