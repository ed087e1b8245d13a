"""
The stores that a benchmark fills by hand are such as the program makes today.
"""

from pathlib import Path

from bot.reminding.claim import tick
from storage import Store
from tests.bench import county, reminders


def test_reminders_are_due_in_the_one(tmp_path: Path):
    path = tmp_path / "many.sqlite3"
    reminders.fill(path, 3)
    with Store.open(path) as store:
        assert not tick(store, reminders.NOW).looked
        reminders.due(path, 2)
        assert 2 == len(tick(store, reminders.NOW, 3).claims)


def test_the_organs_of_a_county_are_seen_in_the_other(tmp_path: Path):
    with Store.open(tmp_path / "county.sqlite3") as store:
        county.fill(store, county.COUNTY)
        county.first_look(store)
        assert county.BELOW == len(county.seen(store).organs)
