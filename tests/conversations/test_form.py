"""
A form that contradicts itself is refused when it is built, and each edition builds.
"""

from dataclasses import replace

import pytest

from conversations.checks import checks_of, checks_on
from conversations.checks.editions.shared import C3
from conversations.checks.last_year import Jump
from conversations.checks.texts.phrases import ROWS
from conversations.form import ANNUAL_REPORT_2021, FILLED_IN, FORMS, Form
from conversations.form.model import Box, FormError, Table
from conversations.form.organ import is_organ_name
from conversations.talk.buttons import wide

FORM = ANNUAL_REPORT_2021
CELL = "requests.received.total"


def with_table(table: Table) -> Form:
    """
    The form in force with one table changed.
    """
    sections = tuple(
        replace(section, body=table) if section.id == table.id else section
        for section in FORM.sections
    )
    return replace(FORM, sections=sections)


def test_a_permanent_number_stands_for_one_thing():
    """
    Button ids and stored rows hang on it.
    """
    with pytest.raises(FormError, match="stands for"):
        replace(FORM, wording={**FORM.wording, "title": FORM.number[CELL]})


def test_a_figure_stands_once():
    """
    A table printed twice would ask twice.
    """
    with pytest.raises(FormError, match="twice"):
        replace(FORM, sections=(*FORM.sections, FORM.section["review"]))


@pytest.mark.parametrize(
    "rules",
    [
        {"sums": {"nowhere": (CELL,)}},
        {"sums": {CELL: ("nowhere",)}},
        {"balance": {"nowhere": ((CELL,), (CELL,))}},
        {"balance": {CELL: (("nowhere",), (CELL,))}},
        {"balance": {CELL: ((CELL,), ("nowhere",))}},
        {"bridge": {"nowhere": CELL}},
        {"bridge": {CELL: "nowhere"}},
    ],
)
def test_sums_balances_and_bridges_name_figures_that_are_there(rules: dict[str, object]):
    """
    A rule over a figure that nobody is asked would be silent for ever.
    """
    with pytest.raises(FormError, match="not there"):
        replace(FORM, **rules)  # type: ignore[arg-type]  # one field of the form


def test_rows_and_lines_list_the_same_figures():
    """
    Programs read rows, clerks are asked lines.
    """
    table = FORM.tables[0]

    with pytest.raises(FormError, match="rows and lines"):
        with_table(replace(table, rows=table.rows[::-1]))


@pytest.mark.parametrize(
    ("boxes", "reason"),
    [
        ({(1, 1): Box("本年制发件数", rows=2), (2, 0): Box("规章", columns=2)}, "two boxes"),
        ({(2, 0): Box("规章", columns=2)}, "juts out"),
        ({(2, 0): Box("规章", columns=0)}, "hole"),
    ],
)
def test_a_printed_table_covers_each_place_once(boxes: dict[tuple[int, int], Box], reason: str):
    """
    Word calls a file with a broken grid corrupt.
    """
    table = FORM.tables[0]
    grid = [list(row) for row in table.grid]
    for (row, place), box in boxes.items():
        grid[row][place] = box

    with pytest.raises(FormError, match=reason):
        with_table(replace(table, grid=tuple(map(tuple, grid))))


def test_the_printed_figures_are_those_of_the_lines_in_their_order():
    """
    Two figures exchanged in print would be read as each other.
    """
    table = FORM.tables[0]
    grid = list(table.grid)
    name, first, second, third = grid[2]
    grid[2] = (name, second, first, third)

    with pytest.raises(FormError, match="printed figures"):
        with_table(replace(table, grid=tuple(grid)))


def test_every_name_on_a_button_fits_half_a_row_of_a_narrow_phone():
    """
    Eight Chinese characters at 360 px: what is longer is cut by the phone.
    """
    names: list[str] = []
    for form in FILLED_IN:
        names += [line.short for line in form.lines.values()]
        names += [f"{section.number}、{section.short}" for section in form.sections]
        names += [cell.column.name for cell in form.cells.values()]

    assert [] == [name for name in names if wide(name) > 8]


@pytest.mark.parametrize("form", FILLED_IN, ids=lambda form: form.edition)
def test_what_texts_say_may_be_of_any_row_of_a_form_that_is_filled_in(form: Form):
    """
    A row that only an older one has is spoken of for as long as that is filled in.
    """
    assert {line.rpartition(".")[2] for line in form.lines} <= ROWS.keys()


@pytest.mark.parametrize("edition", FORMS)
def test_every_check_hangs_on_what_its_edition_has(edition: str):
    """
    And every check that is not one of a file's form hangs on something.
    """
    hanging = {place for places in checks_on(edition).values() for place in places}

    assert {"F1", "F2", "F3", "F4", "F6"} == {c.id for c in checks_of(edition)} - {
        checks_of(edition)[place].id for place in hanging
    }


def test_a_check_of_a_figure_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch):
    """
    It would be silent for ever.
    """
    check = Jump(C3, ("nowhere",), "行政许可")
    monkeypatch.setattr("conversations.checks.CHECKS", {FORM.edition: (check,)})

    with pytest.raises(FormError, match="nowhere"):
        checks_on.__wrapped__(FORM.edition)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("甲乡", True),
        ("乡", False),
        ("镇" * 60, True),
        ("镇" * 61, False),
        ("12345", False),
        ("Town", False),
    ],
)
def test_an_organs_name_has_2_to_60_characters_chinese_ones_among_them(name: str, expected: bool):
    """
    What is typed in its place is usually a number or a command.
    """
    assert expected is is_organ_name(name)
