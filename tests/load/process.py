"""
`nianbao serve` with a clock that is wrong: `python -m tests.load.process SECONDS`.

With each SIGUSR1 it leaps to another wrong time.
"""

import random
import runpy
import signal
import sys
from datetime import UTC, datetime, timedelta

import time_machine

DAY = 86_400


def main(wrong: float) -> None:
    traveller = time_machine.travel(datetime.now(UTC) + timedelta(seconds=wrong), tick=True).start()
    chance = random.Random(wrong)
    signal.signal(signal.SIGUSR1, lambda *_: traveller.shift(chance.uniform(-DAY / 4, DAY / 4)))
    sys.argv[1:] = ["serve"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
