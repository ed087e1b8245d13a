"""
A clock that jumps: set wrong by hand, set right by the network, a machine that slept.
"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.bot.telegram.door import Door
from tests.said import result

SECTION = "proactive_disclosure"
LINES = {"licensing": "行政许可", "penalties": "行政处罚", "coercion": "行政强制"}


@pytest.mark.parametrize("hours", [-24, -1, 1, 24])
async def test_a_clock_that_jumps_loses_and_doubles_no_answer(office: Door, hours: int):
    """
    There, a restart meanwhile, and back again.
    """
    person = await office.joins()
    await office.asks(person, LINES["licensing"])
    await person.says("1")
    await person.sees(result(LINES["licensing"], 1))
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True):
        await person.says("2")
        await person.sees(result(LINES["penalties"], 2))
        await office.rests()
        await office.stop()
        await office.start()
        await person.says("3")
        await person.sees(result(LINES["coercion"], 3))
    await person.says("/menu")
    await person.sees_next("📋")
    await office.rests()

    with office.opened() as store, store.read() as reader:
        report = reader.find_report("雷鸣镇人民政府", 2023)
        changes = reader.history(report)
    cells = [f"{SECTION}.{line}.decisions" for line in LINES]
    assert list(zip(cells, (1, 2, 3), strict=True)) == [
        (change.item, change.after) for change in changes if change.item in cells
    ]
