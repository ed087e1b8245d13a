"""
An import as a plan: what of a published report would be stored, and how it is shown.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from conversations.document.read.readings import Doubt
from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.document.write.text import as_text
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers, Value
from conversations.talk.importing.make import plan as plan_of
from conversations.talk.importing.plan import Conflict, ImportPlan, KeptOut, WrongTotal
from conversations.talk.importing.text import plan_text
from conversations.wording import importing as wording
from tests.reading_variants import model_of, sample_of, to_txt
from tests.said import numbers
from tests.written import leiming, with_answers

ORGAN, YEAR = "雷鸣镇人民政府", 2023
FORM = ANNUAL_REPORT_2021
LICENSING = "proactive_disclosure.licensing.decisions"
OTHERWISE = "requests.outcome.otherwise_handled"


def found(changes: Mapping[str, Value | None] | None = None) -> ReadReport:
    report = with_answers(leiming(), changes or {})
    said = read(as_text(report).encode(), "x.txt")
    assert isinstance(said, ReadReport)
    return said


def plan(report: ReadReport, organ: str, year: int, standing: Answers | None = None) -> ImportPlan:
    return plan_of(report, organ, year, standing or Answers(), FORM)


def old_report(single: Mapping[str, int]) -> ReadReport:
    """
    A report of 2020, its single row 其他处理 as given by column.
    """
    sample = sample_of(7, "2019")
    said = read(to_txt(model_of(sample)), "x.txt")
    assert isinstance(said, ReadReport)
    values = {f"{OTHERWISE}.all.{column}": value for column, value in single.items()}
    return replace(said, values={**said.values, **values})


def test_figures_and_texts_become_answers():
    """
    What the store holds afterwards is what the report of the present edition holds.
    """
    saves = plan(found(), ORGAN, YEAR).saves()

    wanted = {item: value for item, value in leiming().answers.items() if value != ""}
    assert wanted == {one.item: one.after for one in saves}
    assert {None} == {one.before for one in saves}


def test_totals_that_add_up_are_not_stored():
    """
    They are computed; stored ones would grow stale at the first correction.
    """
    wanted = plan(found(), ORGAN, YEAR)

    assert set() == FORM.sums.keys() & wanted.values.keys()
    assert () == wanted.totals


def test_a_total_that_does_not_add_up_is_stored_as_it_was_printed():
    """
    The check goes on finding it: 4 is printed, 3 is the sum.
    """
    cell = "requests.received.total"
    said = found({"requests.received.natural_person": 3})
    wanted = plan(replace(said, values={**said.values, cell: 4}), ORGAN, YEAR)

    assert WrongTotal(cell, 4, 3) in wanted.totals
    assert 4 == {one.item: one.after for one in wanted.saves()}[cell]


@pytest.mark.parametrize("doubt", [LICENSING, "requests.received.natural_person"])
def test_what_is_in_doubt_is_left_out_until_confirmed(doubt):
    """
    Neither stored nor called unread; confirmed it is like the others.
    """
    said = found()
    doubted = replace(said, doubtful=(Doubt(doubt, said.values[doubt], "印得不清"),))

    wanted = plan(doubted, ORGAN, YEAR)

    assert (False, False) == (doubt in wanted.values, doubt in wanted.unread)
    assert "印得不清" in plan_text(wanted)
    assert said.values[doubt] == wanted.confirmed().values[doubt]
    assert {} == wanted.confirmed().doubtful


def test_what_was_not_read_is_said_before_anything_else():
    """
    The first line names the table; a figure that is set right is no longer counted.
    """
    said = found()
    lost = tuple(cell for cell in said.claimed if cell.startswith("review."))
    values = {cell: value for cell, value in said.values.items() if cell not in lost}
    sent = plan(replace(said, values=values, unread=lost), ORGAN, YEAR)
    one = sent.corrected({next(cell for cell in lost if cell in sent.unread): 0})

    kept = [ImportPlan.loads(one.dumps(), lambda _: FORM) for one in (sent, one)]
    first = [plan_text(one).split("\n")[0] for one in kept if one]

    assert ["15", "14"] == [numbers(line)[-1] for line in first]
    assert all("表四" in line for line in first)


def test_what_was_not_read_stays_open():
    """
    It is named, and nothing is stored for it.
    """
    said = found()
    values = {cell: value for cell, value in said.values.items() if cell != LICENSING}

    wanted = plan(replace(said, values=values, unread=(LICENSING,)), ORGAN, YEAR)

    assert (LICENSING,) == wanted.unread
    assert f"{wording.UNREAD}行政许可" in plan_text(wanted)


def test_a_figure_can_be_set_right_before_it_is_stored():
    """
    The corrected one is stored, and is no longer unread.
    """
    said = found()
    values = {cell: value for cell, value in said.values.items() if cell != LICENSING}
    wanted = plan(replace(said, values=values), ORGAN, YEAR).corrected({LICENSING: 300})

    assert ((), 300) == (wanted.unread, wanted.values[LICENSING])


def test_a_correction_settles_a_total():
    """
    4 printed, 3 added up: with the missing one set right nothing is wrong any more.
    """
    said = found({"requests.received.natural_person": 3})
    printed = {**said.values, "requests.received.total": 4}
    wanted = plan(replace(said, values=printed), ORGAN, YEAR)

    right = wanted.corrected({"requests.received.natural_person": 4})

    assert (["requests.received.total"], []) == (
        [one.cell for one in wanted.totals],
        [one.cell for one in right.totals],
    )


def test_what_stands_and_differs_is_a_conflict():
    """
    295 in the file against 296 in the store; what is equal is none.
    """
    standing = Answers({LICENSING: 296, "other_matters": "无。\n"})

    wanted = plan(found(), ORGAN, YEAR, standing)

    assert (Conflict(LICENSING, 296, 295),) == wanted.conflicts
    assert ("other_matters",) == wanted.same
    assert any(numbers(line) == ["296", "295"] for line in plan_text(wanted).splitlines())


def test_what_stands_is_replaced_only_when_that_is_asked_for():
    """
    And then with what stood as `before`, so that the store can tell a surprise.
    """
    wanted = plan(found(), ORGAN, YEAR, Answers({LICENSING: 296}))

    kept = {one.item: one for one in wanted.saves()}
    replaced = {one.item: one for one in wanted.saves(replace=True)}

    assert LICENSING not in kept
    assert (296, 295) == (replaced[LICENSING].before, replaced[LICENSING].after)


def test_a_waiting_plan_looks_at_the_answers_of_the_moment():
    """
    Between showing and confirming a colleague may have answered.
    """
    wanted = plan(found(), ORGAN, YEAR)

    later = wanted.over(Answers({LICENSING: 1}))

    assert ((), 1) == (wanted.conflicts, len(later.conflicts))


# ------------------------------------------------------------------------ 2019 edition


def test_the_2019_edition_goes_where_it_means_the_same():
    """
    Decisions, table three and table four; what means something else is kept out and told.
    """
    said = old_report({})
    wanted = plan(said, ORGAN, said.year or 0)

    assert said.values[LICENSING] == wanted.values[LICENSING]
    assert (
        said.values["review.reconsideration.upheld"]
        == (wanted.values["review.reconsideration.upheld"])
    )
    out = {one.cell for one in wanted.kept_out if one.why == wording.MEANS_OTHER}
    assert "proactive_disclosure.rules.produced" in out
    assert "proactive_disclosure.procurement.amount" in out
    assert "proactive_disclosure.rules.issued" in wanted.unread
    assert wording.MEANS_OTHER in plan_text(wanted)


def test_the_single_row_is_not_shared_out():
    """
    3 cases of «其他处理» might be any of three kinds: none of them is guessed.
    """
    said = old_report({"natural_person": 3, "total": 3})
    wanted = plan(said, ORGAN, 2020)

    cells = [f"{OTHERWISE}.{row}.natural_person" for row in ("correction_overdue", "other")]
    assert KeptOut(f"{OTHERWISE}.all.natural_person", "3", wording.OVER_TOTAL) in wanted.kept_out
    assert all(cell in wanted.unread and cell not in wanted.values for cell in cells)


def test_a_zero_of_the_single_row_is_three_zeros():
    """
    Counts are not negative: three that add up to 0 are 0.
    """
    columns = [column.id for column in FORM.tables[1].columns]
    wanted = plan(old_report(dict.fromkeys(columns, 0)), ORGAN, 2020)

    rows = ("correction_overdue", "fee_overdue", "other")
    assert {0} == {wanted.values[f"{OTHERWISE}.{row}.natural_person"] for row in rows}
    assert wording.SHARED_ZERO in wanted.notes


# ----------------------------------------------------------------------- odd contents


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (LICENSING, -1),
        (LICENSING, Decimal("2.5")),
        (LICENSING, 1_000_000_000),
        ("proactive_disclosure.administrative_fees.amount", Decimal("-0.1")),
        ("proactive_disclosure.administrative_fees.amount", Decimal("0.1234567")),
        ("proactive_disclosure.administrative_fees.amount", Decimal(100000000)),
    ],
)
def test_a_figure_that_cannot_be_is_kept_out(cell, value):
    """
    The store would refuse it; the person is told what is printed.
    """
    said = found()
    wanted = plan(replace(said, values={**said.values, cell: value}), ORGAN, YEAR)

    assert (False, True) == (cell in wanted.values, cell in wanted.unread)
    assert [wording.IMPOSSIBLE] == [one.why for one in wanted.kept_out if one.cell == cell]


def test_a_fee_is_a_decimal_and_a_count_an_int():
    """
    Whatever the reader made of «150» and «150.0».
    """
    fee = "proactive_disclosure.administrative_fees.amount"
    said = found()
    values = {**said.values, fee: 150, LICENSING: Decimal("150.0")}

    wanted = plan(replace(said, values=values), ORGAN, YEAR)

    assert (Decimal, int) == (type(wanted.values[fee]), type(wanted.values[LICENSING]))


def test_marks_that_no_text_can_hold_are_taken_out():
    """
    A NUL or half a character would not go into the store.
    """
    said = found()
    texts = {**said.narratives, "overview": "甲\x00乙\ud800丙"}

    wanted = plan(replace(said, narratives=texts), ORGAN, YEAR)

    assert "甲乙丙" == wanted.values["overview"]


def test_another_year_and_another_organ_are_told():
    """
    A longer name of the same organ is not another organ.
    """
    said = found()

    same = plan(said, "定安县雷鸣镇人民政府", YEAR)
    other = plan(said, "龙河镇人民政府", 2022)

    assert ((), False) == (same.notes, same.other_year)
    assert True is other.other_year
    assert (
        wording.OTHER_YEAR.format(found=2023, wanted=2022),
        wording.OTHER_ORGAN.format(found=ORGAN, wanted="龙河镇人民政府"),
    ) == other.notes


# ------------------------------------------------------------------- waiting and showing


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("edition", ["2021", "2019"])
def test_a_plan_waits_as_text(seed, edition):
    """
    What comes back is what was put away, figure by figure.
    """
    sample = sample_of(seed, edition)
    said = read(to_txt(model_of(sample)), "x.txt")
    assert isinstance(said, ReadReport)
    doubts = tuple(Doubt(c, v, "某故") for c, v in list(said.values.items())[5:9])
    wanted = plan(replace(said, doubtful=doubts), ORGAN, YEAR)

    assert wanted == ImportPlan.loads(wanted.dumps(), lambda _: FORM)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"organ": "x", "values": {"0": "x"}}', "null"])
def test_a_plan_of_another_version_is_none(text):
    """
    The person sends the file again; nothing breaks.
    """
    assert ImportPlan.loads(text, lambda _: FORM) is None


def test_a_phone_shows_only_what_is_not_zero():
    """
    A township's whole report fits on one screen.
    """
    text = plan_text(plan(found(), ORGAN, YEAR))

    assert "· 行政许可 295" in text
    assert wording.ALL_ZERO in text
    assert len(text.splitlines()) <= 12


def test_the_longest_plan_fits_into_one_message():
    """
    Telegram takes 4,096 characters; every figure set, every one in doubt.
    """
    values: dict[str, Value] = {
        cell.id: 99_999 for cell in FORM.cells.values() if cell.id not in FORM.sums
    }
    said = found(values)
    doubts = tuple(Doubt(cell, 99_999, "多数行的总计与各列之和不符") for cell in values)
    full = plan(said, ORGAN, YEAR, Answers(dict.fromkeys(values, 1)))
    unsure = plan(replace(said, doubtful=doubts), ORGAN, YEAR)

    assert max(len(plan_text(full)), len(plan_text(unsure))) <= 4096


def test_where_no_figure_is_filled_in_blanks_are_no_zeros():
    """
    A report whose texts are written and whose tables are still empty brings its texts.
    """
    said = found()
    wanted = plan(replace(said, blank=frozenset(said.values)), ORGAN, YEAR)

    assert not [item for item in wanted.values if item in FORM.cells]
    assert {section.id for section in FORM.sections if section.id in said.narratives} <= set(
        wanted.values
    )
