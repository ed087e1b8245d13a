"""
The load itself: what it plays comes through, and what it looks at afterwards shows a fault.
"""

import asyncio
import random
import shutil
from pathlib import Path

import pytest

from conversations.wording import door as words
from storage import Store
from tests.load.chaos import PEOPLE, play
from tests.load.clerks import Clerk, faults
from tests.load.fill import Reports, fill
from tests.load.season import Season, closed, placed

CLERKS = 2
OF_HISTORY = "report_id, number, before, after, by, at, door"
TAMPERED = (
    "DELETE FROM history WHERE id = 9",
    f"INSERT INTO history ({OF_HISTORY}) SELECT {OF_HISTORY} FROM history WHERE id = 9",
    "UPDATE history SET after = '99' WHERE id = 9",
    "UPDATE history SET report_id = 3 - report_id",
    "UPDATE answer SET value = '99' WHERE report_id = 1",
    "DELETE FROM answer WHERE report_id = 1 AND number = (SELECT max(number) FROM answer)",
    "UPDATE outgoing SET state = 0 WHERE id = 3",
    "UPDATE incoming SET state = 2",
)


async def test_clerks_fill_in_reports_and_a_fault_would_be_seen(tmp_path: Path):
    """
    Without any; then the store is tampered with, and each way of it is told.
    """
    data = tmp_path / "data"
    fill(data, CLERKS, Reports(0, 0, 1))
    season = Season(data, tmp_path, seed=7)
    async with season.running(1):
        coming = asyncio.create_task(closed(season, CLERKS, 600, 0))
        await season.telegram.until(lambda: has_ended(season), "whole reports")
        coming.cancel()
        await season.drained()
        assert 0 == await season.processes[0].ends()
        assert [] == faults(season.store, season.seated)
    for number, statement in enumerate(TAMPERED):
        copy = shutil.copytree(data, tmp_path / str(number))
        with Store.open(copy) as store:
            with store.engine.begin() as connection:
                for name in ("update", "delete", "replace"):
                    connection.exec_driver_sql(f"DROP TRIGGER history_no_{name}")
                connection.exec_driver_sql(statement)
            assert faults(store, season.seated), statement


def has_ended(season: Season) -> bool:
    return len(season.seated) == CLERKS and all(
        clerk.is_done and not clerk.waits for clerk in season.seated
    )


@pytest.mark.parametrize(
    "shown",
    [
        "〔第8镇人民政府 2024年度〕",
        "✓ 新收：自然人 1；〔第7镇人民政府 2024年度〕",
        words.ERROR.format(number="A1"),
        "✓ 新收：自然人 3；〔第7镇人民政府 2024年度〕",
    ],
    ids=["another's", "twice", "apology", "other answer"],
)
def test_what_is_not_the_reply_is_told(shown: str):
    """
    Another's message, the same once more, an apology, the reply to another answer.
    """
    clerk = Clerk(7, 7, "第7镇人民政府", 7)
    clerk.sent = 1
    if not shown.startswith("✓ 新收：自然人 3"):
        assert clerk.reads("✓ 新收：自然人 1；〔第7镇人民政府 2024年度〕")
    clerk.reads(shown)
    assert clerk.wrong or clerk.repeats


@pytest.mark.soak
@pytest.mark.parametrize(("database", "processes"), [("sqlite", 1), ("postgresql", 3)])
async def test_nothing_is_lost_in_chaos(tmp_path: Path, database: str, processes: int):
    """
    A minute of everything that can go wrong; the seed is printed.
    """
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    with placed(database, tmp_path) as target:
        fill(target, 10 * PEOPLE, Reports(0, 0, 1))
        assert [] == await play(Season(target, tmp_path, seed), processes, 60)
