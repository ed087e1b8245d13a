"""
The store made in bulk is one that the program would have made.
"""

from pathlib import Path

import pytest

from conversations.form import FORM_IN_FORCE as FORM
from conversations.talk.effects import Save
from storage import Store
from storage.people import People
from storage.verify import verify
from tests.load.fill import BEGUN, FIGURES, PERSON, YEAR, Reports, fill
from tests.storage.servers import postgres


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_store_made_in_bulk_is_whole_and_goes_on(tmp_path: Path, database: str):
    """
    Every chain holds, a clerk is at the report, and the next answer is stored behind the rest.
    """
    if database == "sqlite":
        look_at(tmp_path)
    else:
        with postgres() as address:
            look_at(address)


def look_at(target: Path | str) -> None:
    fill(target, 3, Reports(characters=130, empty=3))
    with Store.open(target) as store:
        with store.begin() as unit:
            screen = People(unit).focus(PERSON + 2)
            assert screen is not None
            assert screen.report_id is not None
            stored = unit.load(screen.report_id, screen.key)
            assert ("第2镇人民政府", YEAR) == (stored.organ, stored.year)
            assert len(FIGURES) + len(FORM.narratives) == len(stored.answers)
            assert "第3镇人民政府" == unit.load(3, "test").organ
            assert not unit.load(3, "test").answers
            cell = next(iter(FORM.asked))
            change = Save(cell, stored.answers[cell], 7)
            unit.save(2, (change,), by=screen.key, at=BEGUN, door="telegram")
            unit.open_report("龙门镇人民政府", YEAR, now=BEGUN, edition=FORM.edition)
        with store.read() as reader:
            assert [] == list(verify(reader))
    with pytest.raises(SystemExit):
        fill(target, 3, Reports())
