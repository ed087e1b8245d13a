"""
A process that sends reminders, for tests with several processes or with one that is killed.

    python -m tests.reminder TARGET SERVER FIRST LAST [--workers N]

It goes through the minutes from FIRST to LAST as fast as it can, finishing each one, and sends
through the Bot API server at SERVER. It prints "open", then "minute …" after each minute.
"""

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

from bot.settings import load_settings
from bot.telegram.courier import Reminding
from bot.telegram.service import make_bot
from storage import Store
from tests.botapi.server import TOKEN
from tests.county import SHANGHAI

MINUTE = timedelta(minutes=1)


async def main(target: str, server: str, first: str, last: str, workers: str = "4") -> None:
    settings = load_settings(
        TELEGRAM_BOT_TOKEN=TOKEN,
        NIANBAO_BASE_URL=server,
        NIANBAO_REMINDERS_PER_SECOND="10000",
        NIANBAO_SENDS_PER_SECOND="10000",
    )
    now, end = (datetime.fromisoformat(one).replace(tzinfo=SHANGHAI) for one in (first, last))
    with Store.open(target if "://" in target else Path(target)) as store:
        bot = make_bot(settings)
        await bot.initialize()
        reminding = Reminding(bot, store, lambda: now, per_second=10000)
        # Small batches, so that several processes meet all the time.
        reminding.batch = 5
        reminding.courier.workers = int(workers)
        print("open", flush=True)
        sys.stdin.readline()
        while now <= end:
            await reminding.round()
            await reminding.courier.idle()
            print(f"minute {now:%Y-%m-%dT%H:%M}", flush=True)
            now += MINUTE
        await bot.shutdown()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
