"""
A spreadsheet that was sent, and what is done instead of a yes or no.
"""

import pytest

from conversations.answers.ledger import Sheet
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.talk.events import LedgerRead
from conversations.talk.session import State
from conversations.talk.triggers import Trigger
from tests.dialogue import Clerk, whole

CARRIED = "requests.carried_forward"


def sheet_of(row: str, *figures: str) -> LedgerRead:
    """
    A spreadsheet of one row.
    """
    return LedgerRead("a.xlsx", (Sheet("", ((FORM.lines[row].label, *figures),)),))


@pytest.mark.parametrize("answer", ["1 38 1", "2 0 0 0 0 0", "对", "不对"])
@pytest.mark.parametrize("row", [CARRIED, "requests.received"])
def test_figures_under_a_spreadsheet_are_no_answer_where_no_row_was_asked(row: str, answer: str):
    """
    It was sent from the contents, perhaps of a row that is computed: a yes or no is awaited.
    """
    clerk = Clerk(answers=whole(without=("requests",))).opens().commands("menu")
    clerk.does(sheet_of(row, "1", "0", "0", "0", "0", "0"))

    clerk.types(answer)

    stored = [1, 0, 0, 0, 0, 0] if answer == "对" else [None] * 6
    assert stored == clerk.row(row)
    assert clerk.refused is (answer not in ("对", "不对"))


def test_figures_under_a_spreadsheet_answer_the_row_that_was_asked():
    """
    Right above it; the spreadsheet is forgotten.
    """
    clerk = Clerk(answers=whole(without=("requests",))).opens().taps("三、")
    clerk.does(sheet_of(CARRIED, "1", "0", "0", "0", "0", "0"))

    clerk.types("2 0 0 0 0 0")

    assert [2, 0, 0, 0, 0, 0] == clerk.row("requests.received")
    assert [None] * 6 == clerk.row(CARRIED)


@pytest.mark.parametrize("way", [Trigger.PARK, Trigger.TAKE_COMPUTED, Trigger.MENU])
def test_a_computed_row_is_never_asked_for_as_one_that_is_typed(way: Trigger):
    """
    Not when what it brought about is left after a figure has opened it again.
    """
    clerk = Clerk(answers=whole({"requests.received.natural_person": 1})).opens().commands("menu")
    clerk.does(sheet_of(CARRIED, "1", "0", "0", "0", "0", "0", "9")).taps(Trigger.YES)
    assert State.TOTAL is clerk.at[0]
    place = clerk.session.place
    clerk.presses(f"o:{FORM.number['requests.received.natural_person']}").types("3")

    clerk.taps(way) if way in clerk.verbs else clerk.opens()

    assert (State.LINE, CARRIED) != clerk.at
    assert place.back
