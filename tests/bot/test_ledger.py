"""
The office's own spreadsheet, sent while a table is asked, and the empty one it can fill.

Whatever is in a sheet, no figure is ever read that does not stand in it.
"""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from bot.files import pictures
from bot.files import read as reading
from bot.files.ledger import empty_table
from bot.files.received import event_of, held_by
from bot.files.unreadable import UnreadableFile
from conversations.answers.ledger import NotTaken, Taken, Why, read_ledger, table_of
from conversations.document.write.content import DocumentInput
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers, Figures, Number
from conversations.form.model import CellId, LineKind, Measure
from conversations.talk.cards import card
from conversations.talk.effects import Deliver
from conversations.talk.events import LedgerRead
from conversations.talk.session import Asking, State
from conversations.talk.triggers import Trigger
from conversations.wording import ledger as words
from conversations.wording import talk
from tests.conftest import missing
from tests.conversations.test_reading_anything import source
from tests.dialogue import Clerk
from tests.hostile import DAMAGE

TABLES = ("proactive_disclosure", "requests", "review")
LINES = table_of(FORM.section["requests"]).lines
ASKED = [line for line in LINES if line.kind is LineKind.ASKED]
HEADS: list[Any] = ["项目", *(cell.column.label for cell in LINES[0].printed)]
TITLE = ["雷鸣镇人民政府2025年度依申请公开台账（单位：件）"]
FOOT = ["填表人：王芳", "2025-12-31"]


def figures(place: int) -> list[int]:
    return [(7 * place + column) % 5 for column in range(6)]


EVERY: list[list[Any]] = [[*figures(place), sum(figures(place))] for place in range(len(LINES))]
LABELLED = [[line.label, *row] for line, row in zip(LINES, EVERY, strict=True)]
ONLY_ASKED = [row for line, row in zip(LINES, EVERY, strict=True) if line.kind is LineKind.ASKED]
EXPECTED = {
    cell.id: number
    for line, row in zip(LINES, EVERY, strict=True)
    if line.kind is LineKind.ASKED
    for cell, number in zip(line.cells, row, strict=False)
}


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(
    rows: list[list[Any]], change: Callable[[Any], None] = lambda _: None, **sheets: list[list[Any]]
) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    change(book.active)
    for name, others in sheets.items():
        page = book.create_sheet(name)
        for row in others:
            page.append(row)
    return saved(book)


def read(data: bytes, name: str = "台账.xlsx", section: str = "requests") -> Taken | NotTaken:
    ledger = held_by(data, name)
    assert isinstance(ledger, LedgerRead)
    return read_ledger(ledger.sheets, FORM.section[section], FORM, 2025)


def values(found: Taken | NotTaken) -> dict[CellId, Number]:
    assert isinstance(found, Taken), found
    return {cell: value for cell, value in found.reading.values.items() if cell in EXPECTED}


@pytest.mark.parametrize(
    "rows",
    [
        [TITLE, HEADS, *LABELLED, FOOT],
        LABELLED,
        [["".join(line.path), *row] for line, row in zip(LINES, EVERY, strict=True)],
        [["序号", *HEADS, "备注"], *([n, *row, "已核"] for n, row in enumerate(LABELLED, 1))],
        [[row[0], *map(str, row[1:])] for row in LABELLED],
        EVERY,
        ONLY_ASKED,
        [row[:6] for row in ONLY_ASKED],
        [[n, *row[:6]] for n, row in enumerate(ONLY_ASKED, 1)],
        [["", *HEADS], *([n, *row] for n, row in enumerate(LABELLED, 1))],
    ],
    ids=[
        *("whole", "no heads", "paths", "numbered", "as text", "25 bare", "23 with totals", "23"),
        *("23 numbered", "numbered without a head"),
    ],
)
def test_a_ledger_is_read_by_its_labels_or_by_its_exact_shape(rows: list[list[Any]]):
    """
    The same 138 figures, however the office keeps them.
    """
    assert EXPECTED == values(read(workbook(rows)))


def test_only_the_rows_that_have_something_are_read_and_no_others():
    """
    The rest stays open: a row that is not there is no row of zeros.
    """
    found = values(read(workbook([HEADS, LABELLED[0], LABELLED[3]])))

    lines = {LINES[0].id, LINES[3].id}
    assert {c: v for c, v in EXPECTED.items() if FORM.cells[c].line in lines} == found


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (
            "\n".join(",".join(map(str, row)) for row in [HEADS, *LABELLED]).encode("gb18030"),
            "a.csv",
        ),
        ("\n".join(",".join(map(str, row)) for row in LABELLED).encode("utf-8-sig"), "台账.CSV"),
        ("\r\n".join("\t".join(map(str, row)) for row in LABELLED).encode("utf-16"), "a.csv"),
        ("\n".join(";".join(map(str, row)) for row in LABELLED).encode(), "a.csv"),
    ],
    ids=["gb18030", "utf-8 with a mark", "utf-16 with tabs", "semicolons"],
)
def test_a_csv_file_is_read_in_whatever_way_it_was_written(data: bytes, name: str):
    """
    Excel in Chinese writes gb18030, others UTF-8.
    """
    assert EXPECTED == values(read(data, name))


@pytest.mark.parametrize(
    "rows",
    [
        [row[:6] for row in ONLY_ASKED[:-1]],
        [*[row[:6] for row in ONLY_ASKED], EVERY[23][:6]],
        [row[:5] for row in ONLY_ASKED],
        [["姓名", "电话"], ["王芳", 123]],
        [],
    ],
    ids=["22 rows", "24 rows", "five columns", "something else", "nothing"],
)
def test_another_shape_is_refused_whole(rows: list[list[Any]]):
    """
    A row is missing, or too many: which one nobody can say.
    """
    found = read(workbook(rows))

    assert isinstance(found, NotTaken)
    assert Why.SHAPE is found.why


@pytest.mark.parametrize(
    "rows",
    [
        [HEADS[:1] + list(reversed(HEADS[1:])), *LABELLED],
        [["项目", "2023年", "2024年", "2025年"], *([row[0], 1, 2, 3] for row in LABELLED)],
        [["项目", 2023, 2024, 2025], *([row[0], 1, 2, 3] for row in LABELLED)],
        [*LABELLED, LABELLED[0]],
        [*LABELLED, ["一个没有的项目", *EVERY[0]]],
        [[LABELLED[0][0], 1.5, *EVERY[0][1:]], *LABELLED[1:]],
        [[LABELLED[0][0], -1, *EVERY[0][1:]], *LABELLED[1:]],
        [[LABELLED[0][0], "约12", *EVERY[0][1:]], *LABELLED[1:]],
    ],
    ids=["other order", "years", "bare years", "twice", "unknown", "half", "minus", "about"],
)
def test_what_may_mean_something_else_is_refused(rows: list[list[Any]]):
    """
    Columns in another order, years beside each other, a row twice, no counts.
    """
    assert isinstance(read(workbook(rows)), NotTaken)


def put(cell: str, value: object, shown: str = "") -> Callable[[Any], None]:
    def change(page: Any) -> None:
        page[cell] = value
        if shown:
            page[cell].number_format = shown

    return change


def struck(page: Any) -> None:
    page["B3"].font = Font(strike=True)


@pytest.mark.parametrize(
    "change",
    [
        put("B3", "=1+2"),
        put("H3", "=SUM(B3:G3)"),
        put("B3", date(2025, 1, 2)),
        put("B3", 0.12, "0%"),
        put("B3", 12000, "0,"),
        put("B3", 12000, '0.0,"千"'),
        put("B3", "#DIV/0!"),
        put("B3", True),
        put("B3", 12, ";;;"),
        put("B3", 2, '"1"0'),
        put("B3", 2.4, "0"),
        put("B3", CellRichText("12", TextBlock(InlineFont(vertAlign="superscript"), "1"))),
        put("B3", CellRichText(TextBlock(InlineFont(strike=True), "9"), "12")),
        struck,
    ],
    ids=[
        *("formula", "sum", "date", "percent", "thousands", "named thousands", "error", "truth"),
        *("not shown", "other digits", "rounded", "raised", "struck in part", "struck"),
    ],
)
def test_a_cell_without_a_plain_figure_is_named_and_nothing_is_taken(
    change: Callable[[Any], None],
):
    """
    A formula whose value was never stored, a date, a percentage, an error.
    """
    found = read(workbook([HEADS, *LABELLED], change))

    assert isinstance(found, NotTaken)
    assert Why.CELL is found.why
    assert found.where[:2] in ("B3", "H3")


def test_formulas_are_read_by_the_values_that_were_stored():
    """
    As a desk program leaves them: the sum beside what it comes from.
    """
    data = workbook([HEADS, *LABELLED])
    parts = {"B2": "<f>1-1</f>"}
    found = values(read(with_formulas(data, parts)))

    assert EXPECTED == found


def with_formulas(data: bytes, formulas: dict[str, str]) -> bytes:
    """
    A workbook in which cells have a formula beside their stored value.
    """
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = part.decode()
                for cell, formula in formulas.items():
                    before = text.index("<v>", text.index(f'r="{cell}"'))
                    text = text[:before] + formula + text[before:]
                part = text.encode()
            target.writestr(name, part)
    return out.getvalue()


def test_hidden_rows_and_sheets_are_not_read_and_that_is_said():
    """
    What the clerk does not see is not taken; by position it is another shape.
    """

    def hide(page: Any) -> None:
        page.row_dimensions[3].hidden = True

    labelled = read(workbook([HEADS, *LABELLED], hide))
    bare = read(workbook([row[:6] for row in ONLY_ASKED], hide))

    assert not {cell.id for cell in LINES[1].cells} & values(labelled).keys()
    assert isinstance(labelled, Taken)
    assert 1 == labelled.hidden
    assert isinstance(bare, NotTaken)


def test_of_several_sheets_the_one_with_the_table_is_read():
    """
    Two that are it and differ are refused; the same twice is one.
    """
    other: list[list[Any]] = [["姓名", "电话"], ["王芳", 123]]
    changed = [[LABELLED[0][0], 4, *LABELLED[0][2:]], *LABELLED[1:]]

    assert EXPECTED == values(read(workbook(other, 台账=[HEADS, *LABELLED])))
    assert EXPECTED == values(read(workbook(LABELLED, 副本=LABELLED)))
    found = read(workbook(LABELLED, 旧=changed))
    assert isinstance(found, NotTaken)
    assert Why.SEVERAL is found.why


@pytest.mark.parametrize(
    "head",
    [
        ["2024年度依申请公开台账（2025年1月填）"],
        ["统计时间：2024-01-01至2024-12-31"],
        ["项目", "2024年数量"],
    ],
    ids=["title", "period", "head"],
)
def test_last_years_ledger_is_not_taken_for_this_years(head: list[Any]):
    """
    Nor where a sheet's name says so: of two years beside each other this one is read.
    """
    found = read(workbook([head, *LABELLED]))
    changed = [[LABELLED[0][0], 4, *LABELLED[0][2:]], *LABELLED[1:]]
    both: dict[str, Any] = {"2024年": changed, "2025年": LABELLED}

    assert isinstance(found, NotTaken)
    assert (Why.YEAR, "2024") == (found.why, found.where)
    assert EXPECTED == values(read(workbook([], **both)))


def test_no_workbook_and_one_with_a_password_are_told_apart():
    """
    Each with what can be done.
    """
    for data, sentence in (
        (b"PK\x03\x04 xl/workbook", words.BROKEN),
        (b"\xd0\xcf\x11\xe0", words.LOCKED),
    ):
        with pytest.raises(UnreadableFile) as caught:
            held_by(data, "a.xlsx")
        assert sentence == str(caught.value)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (workbook([["试" * 2000] * 30]), "台账.xlsx"),
        (workbook(LABELLED, 其他=[["试" * 400] * 50] * 4), "台账.xlsx"),
        (f"{'试' * 60_000},1".encode(), "台账.csv"),
    ],
    ids=["one sheet", "another sheet", "csv"],
)
def test_more_text_than_a_table_has_is_refused(data: bytes, name: str):
    """
    Nobody else waits while the table is looked for in it.
    """
    with pytest.raises(UnreadableFile) as caught:
        held_by(data, name)

    assert words.TOO_LARGE == str(caught.value)


@pytest.mark.parametrize("number", [1e30, 1.5e300, 10**40, -1e29])
def test_a_number_that_can_be_no_figure_is_no_fault_of_ours(number: float):
    """
    It is refused as any other.
    """
    rows = [[LABELLED[0][0], number, *LABELLED[0][2:]], *LABELLED[1:]]

    assert isinstance(read(workbook(rows)), NotTaken)


# ---- the empty table -----------------------------------------------------------------------


def filled(data: bytes) -> tuple[bytes, dict[str, int]]:
    """
    An empty table filled at a desk: what can be typed into, and its sums computed.
    """
    book = load_workbook(io.BytesIO(data))
    page: Any = book.active
    typed: dict[str, int] = {}
    for row in page.iter_rows():
        for cell in row:
            if not cell.protection.locked:
                typed[cell.coordinate] = cell.value = len(typed) % 4
    for row in page.iter_rows():
        for cell in row:
            if str(cell.value).startswith("=SUM("):
                cell.value = sum(page[part].value for part in cell.value[5:-1].split(","))
    return saved(book), typed


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("known", [True, False], ids=["last year beside", "alone"])
def test_the_empty_table_is_read_back_as_it_was_filled(table: str, known: bool):
    """
    Figure by figure in printed order; last year's beside them are nobody's answer.
    """
    last = Figures(FORM, Answers(dict.fromkeys(FORM.asked, 99))) if known else None
    report = DocumentInput(FORM, "雷鸣镇人民政府", 2025, Answers())
    name, data = empty_table(report, table, last)
    content, typed = filled(data)

    found = read(content, name, table)

    lines = [line for line in table_of(FORM.section[table]).lines if line.kind is not LineKind.SUM]
    cells = [cell for line in lines for cell in line.cells]
    assert isinstance(found, Taken)
    assert (
        dict(zip((cell.id for cell in cells), typed.values(), strict=True)) == found.reading.values
    )
    assert (known, data) == (b"<v>99</v>" in unpacked(data), empty_table(report, table, last)[1])


def unpacked(data: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.read("xl/worksheets/sheet1.xml")


def test_the_empty_table_takes_only_figures_and_protects_the_rest():
    """
    Whole numbers from 0 on, 万元 with decimals; a name that looks like a formula is text.
    """
    report = DocumentInput(FORM, "=危险()", 2025, Answers({"proactive_disclosure.rules.issued": 3}))
    _, data = empty_table(report, "proactive_disclosure", None)

    page: Any = load_workbook(io.BytesIO(data)).active
    rules = {rule.type: str(rule.sqref).split() for rule in page.data_validations.dataValidation}
    fees = sum(cell.measure is Measure.FEE for cell in FORM.cells.values())
    assert (9, fees) == (sum(map(cells_in, rules["whole"])), sum(map(cells_in, rules["decimal"])))
    assert page.protection.sheet
    assert page["A1"].protection.locked
    assert "s" == page["A1"].data_type
    assert 3 == page["B4"].value


def cells_in(area: str) -> int:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = (edge or 0 for edge in range_boundaries(area))
    return (right - left + 1) * (bottom - top + 1)


# ---- in the chat ---------------------------------------------------------------------------


def at_line() -> Clerk:
    clerk = Clerk().opens()
    clerk.taps("三、依申请公开")
    return clerk


def test_what_was_read_is_shown_first_and_counts_after_a_yes():
    """
    Its totals are compared like typed ones.
    """
    wrong = [[*LABELLED[0][:-1], 99], *LABELLED[1:]]
    clerk = at_line()
    clerk.does(held_by(workbook([HEADS, *wrong]), "台账.xlsx"))

    assert not list(clerk.session.answers.items())
    pending = clerk.session.place.pending
    assert pending
    assert Asking.LEDGER is pending.asking
    clerk.taps(words.TAKE)
    assert EXPECTED == {cell: clerk.session.answers.get(cell) for cell in EXPECTED}
    assert 99 == clerk.session.answers.get("requests.received.total")


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_a_damaged_archive_is_refused_with_a_sentence(kind: str, how: str):
    """
    Which of its readers looks into it first is nobody's concern.
    """
    whole = workbook([HEADS, *LABELLED]) if kind == "xlsx" else source("docx")

    with pytest.raises(UnreadableFile):
        held_by(DAMAGE[how](whole), f"a.{kind}")


def test_the_list_of_sections_is_a_way_out():
    """
    Nothing of the sheet is taken, which is said.
    """
    clerk = at_line()
    clerk.does(held_by(workbook([HEADS, *LABELLED]), "台账.xlsx")).commands("menu")

    assert State.CONTENTS is clerk.at[0]
    assert talk.NOT_TAKEN["ledger"] in clerk.text
    assert not list(clerk.session.answers.items())


def test_a_no_leaves_everything_as_it_was():
    """
    And the question is there again.
    """
    clerk = at_line()
    before = card(clerk.session).text
    clerk.does(held_by(workbook(LABELLED), "台账.xlsx"))
    clerk.taps(Trigger.NO)

    assert not list(clerk.session.answers.items())
    assert before == card(clerk.session).text


def test_two_taps_make_one_empty_table_of_each_section():
    """
    Another section is another table.
    """
    clerk = at_line().presses("xls:3")
    assert ["requests"] == [e.table for e in clerk.shown if isinstance(e, Deliver)]

    clerk.presses("xls:3")
    assert [] == [e for e in clerk.shown if isinstance(e, Deliver)]

    clerk.presses("xls:2")
    assert ["proactive_disclosure"] == [e.table for e in clerk.shown if isinstance(e, Deliver)]


def test_a_ledger_that_does_not_fit_is_answered_with_the_empty_table():
    """
    One sentence says what shape is needed; elsewhere, where to open the table.
    """
    clerk = at_line()
    clerk.does(held_by(workbook([["姓名", "电话"], ["王芳", 123]]), "人员.xlsx"))
    assert "xls:" in clerk.button(words.EMPTY_TABLE).id

    other = Clerk().opens().taps("一、总体情况")
    other.does(held_by(workbook(LABELLED), "台账.xlsx"))
    assert words.NOT_HERE in [said.text for said in other.said]


def test_an_old_xls_goes_through_libreoffice(
    monkeypatch: pytest.MonkeyPatch, require_tool: Callable[[str], Path]
):
    """
    Where its spreadsheet is there; else the sentence says what to do.
    """
    require_tool("soffice")
    monkeypatch.setattr(reading, "SECONDS", 120)
    try:
        old = pictures.convert(workbook([HEADS, *LABELLED]), suffix=".xlsx", to="xls", seconds=120)
    except pictures.PictureError:
        missing(
            "LibreOffice's spreadsheet (Debian: libreoffice-calc-nogui)", "NIANBAO_REQUIRE_TOOLS"
        )
    ledger = event_of(old, "台账.xls")

    assert isinstance(ledger, LedgerRead)
    assert EXPECTED == values(read_ledger(ledger.sheets, FORM.section["requests"], FORM, 2025))


def test_money_keeps_its_decimals_and_no_others():
    """
    A sum of decimals is stored with more digits than anybody has typed.
    """
    rows = [["行政事业性收费", 0.1 + 0.2]]
    found = read(workbook(rows), section="proactive_disclosure")

    assert isinstance(found, Taken)
    assert [Decimal("0.3")] == list(found.reading.values.values())
