"""
An edition of the form is a value that is looked up: a third one needs no other code.

What it needs besides its own module stands in docs/architecture.md, «Where to add».
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.dialogue import TOWN

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.outside


@pytest.fixture(scope="module", params=["proactive_disclosure", "requests"])
def played(request: pytest.FixtureRequest) -> dict[str, Any]:
    """
    What became of a report of an edition with one more row in that table.
    """
    return run(request.param)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """
    What became of reports in a store, of the edition and of the year before it.
    """
    return run("requests", str(tmp_path_factory.mktemp("third")))


def run(*words: str) -> dict[str, Any]:
    program = [sys.executable, "-m", "tests.third_edition", *words]
    done = subprocess.run(program, cwd=ROOT, check=False, capture_output=True, encoding="utf-8")
    assert "" == done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_the_new_row_is_asked_and_the_report_gets_finished(played: dict[str, Any]):
    """
    Each of its figures that is no sum.
    """
    assert len(played["asked"]) in {1, 6}
    assert played["finished"]


@pytest.mark.parametrize("kind", ["docx", "html", "txt"])
def test_what_is_written_of_it_is_read_back_and_checked(played: dict[str, Any], kind: str):
    """
    As its own edition, with every figure, and by its own sums.
    """
    back = played[kind]

    assert "2026" == back["edition"]
    assert 2 in back["row"].values()
    assert back["same"]
    assert ([], []) == (back["unread"], back["findings"])
    assert ["A1", "A2", "A3"] == back["when wrong"]


def test_the_edition_before_is_still_told_from_it(played: dict[str, Any]):
    """
    In its own years; later its table lacks the new row (F2).
    """
    assert ["2021", []] == played["before in 2025"]
    assert ["2026", ["F2"]] == played["before in 2026"]


@pytest.mark.parametrize("edition", ["2021", "2026"])
def test_a_report_of_each_year_is_made_summed_and_read_back_in_its_own_edition(
    stored: dict[str, Any], edition: str
):
    """
    In the January in which the newer one is in force already, that of the year before is not of it.
    """
    year = "2026" if edition == "2026" else "2025"
    report = stored[year]

    assert [edition, True] == [report["edition"], report["final"]]
    assert [edition, [TOWN]] == report["sum"]
    assert report["held back"] >= 39
    assert [[edition, True], [edition, True]] == report["same as JSON"]
    assert [0, edition, edition == "2026"] == stored[f"Word of {year}"]


def test_a_draft_that_was_begun_before_its_form_was_known_goes_on_in_it(stored: dict[str, Any]):
    """
    With what both ask.
    """
    assert ["2026", 3] == stored["draft"]
