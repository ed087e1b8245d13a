"""
An edition of the form is a value that is looked up: a third one needs no other code.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.outside


@pytest.fixture(scope="module", params=["proactive_disclosure", "requests"])
def played(request: pytest.FixtureRequest) -> dict[str, Any]:
    """
    What became of a report of an edition with one more row in that table.
    """
    program = [sys.executable, "-m", "tests.third_edition", request.param]
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
