from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.form.answers import Value
from conversations.form.numbers import NUMBERS
from conversations.form.texts import written as text_of
from storage import StoreTooNew, values

COUNT = "requests.received.natural_person"
FEE = "proactive_disclosure.administrative_fees.amount"
SIGNED = "proactive_disclosure.licensing.items_change"
AS_PRINTED = "proactive_disclosure.procurement.amount"

counts = st.integers(0, 999_999_999)
fees = st.decimals(0, 99_999_999, places=6) | st.decimals(0, 99_999_999, places=2) | counts
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
anything = st.one_of(
    st.tuples(st.just(COUNT), counts),
    st.tuples(st.just(FEE), fees),
    st.tuples(st.just(SIGNED), st.integers(-999_999_999, 999_999_999)),
    st.tuples(st.sampled_from(["overview", "title", "level", AS_PRINTED]), texts),
)


@given(anything)
def test_what_is_written_is_read_back_equal(answer: tuple[str, Value]):
    """
    The document prints what the clerk typed, however long ago.
    """
    item, value = answer

    found = values.read(NUMBERS[item], text_of(item, value))

    assert value == found
    assert isinstance(found, {COUNT: int, FEE: Decimal, SIGNED: int}.get(item, str))


@given(fees)
def test_equal_fees_are_written_alike(fee: Decimal | int):
    """
    12.50 typed over 12.5 is no change: the history does not grow by it.
    """
    assert text_of(FEE, fee) == text_of(FEE, Decimal(f"{fee:f}0" if "." in f"{fee:f}" else fee))


@pytest.mark.parametrize(
    ("fee", "written"),
    [
        (Decimal("12.50"), "12.5"),
        (Decimal(100), "100"),
        (Decimal("1E+2"), "100"),
        (Decimal("0.000001"), "0.000001"),
        (Decimal("0.000000"), "0"),
        (Decimal("-0.0"), "0"),
        (0, "0"),
    ],
)
def test_a_fee_is_written_in_plain_digits(fee: Decimal | int, written: str):
    """
    No exponent and no trailing zero, so that a person can read the file with any tool.
    """
    assert written == text_of(FEE, fee)


@pytest.mark.parametrize(
    ("item", "value"),
    [
        (COUNT, -1),
        (COUNT, Decimal("1.5")),
        (COUNT, "3"),
        (COUNT, True),
        (FEE, Decimal("-0.5")),
        (FEE, Decimal("NaN")),
        (FEE, Decimal("Infinity")),
        (FEE, "0.5"),
        ("overview", 3),
        (AS_PRINTED, Decimal(3)),
        ("overview", "a\0b"),
        ("overview", "half a \ud800 pair"),
    ],
)
def test_what_cannot_be_an_answer_is_refused(item: str, value: Value):
    """
    The tables check no types; a slip in the code must not become a figure in a report.
    """
    with pytest.raises(ValueError, match=r".+"):
        text_of(item, value)


def test_an_item_this_version_does_not_know_is_not_passed_over():
    """
    A report filled by a newer version must not be finished here with a gap nobody sees.
    """
    with pytest.raises(StoreTooNew):
        values.answers({NUMBERS[COUNT]: "3", 99_999: "4"})
