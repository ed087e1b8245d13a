"""
Reads a spreadsheet that was sent instead of typing a table.

Rows are found by their labels if they have any, by position only if the shape is exactly the
table's. Everything uncertain is refused: no figure is ever guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from conversations.answers.answer import read_answer
from conversations.answers.figure import Figure, Refusal, figure_of, is_blank
from conversations.answers.names import TableNames, name_of
from conversations.answers.question import Reading
from conversations.form.model import Form, Line, LineKind, Measure, Section, Table

# Begins a cell that shows something but holds no usable figure.
UNCERTAIN = "⚠"

# Heads of columns that are no part of the table.
BESIDE = frozenset(
    {
        *(
            "序号",
            "编号",
            "行次",
            "备注",
            "说明",
            "单位",
            "口径",
            "上年",
            "上年数",
            "去年",
            "去年数",
        ),
        *("上年同期", "同比", "增减", "核对", "核对人", "填报人", "责任人", "责任科室", "数据来源"),
    }
)
# Heads of the column of labels, which the printed table leaves empty.
ABOVE_LABELS = frozenset({"项目", "项目名称", "栏目", "指标", "内容", "类别", "名称"})
LAST_YEAR = "上年："  # begins the heads of last year's columns in tables made by this program

YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
OF_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2}) ?年度")

COUNTED = 5  # rows from which on 1, 2, 3 … in the first column count as row numbers
LONGEST_FIGURE = 24  # characters; a longer cell is a text, even with numbers in it


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    A sheet as seen: the texts of its cells, without hidden rows and columns.

    A cell with no usable figure begins with `UNCERTAIN`, then its place and the reason.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    hidden: int = 0


class Why(Enum):
    """Why a spreadsheet was not taken."""

    SHAPE = "shape"  # it is not this table
    CELL = "cell"  # a cell holds no figure: `where` says which one and why
    SEVERAL = "several"  # several sheets fit: `where` names them
    YEAR = "year"  # its name or heads name an earlier year: `where` says which
    FIGURE = "figure"  # a text in it is no figure of this table: see `refusal`


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Why a spreadsheet was not taken, and the place."""

    why: Why
    where: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """The reading of a sheet; `hidden` is the number of rows and columns left out."""

    reading: Reading
    sheet: str
    hidden: int = 0


def read_ledger(
    sheets: Iterable[Sheet], section: Section, form: Form, year: int, asked: Line | None = None
) -> Taken | NotTaken:
    """
    The figures of a table, or of the one line `asked`, from the sheet that has them.

    A sheet of an earlier year is refused.
    """
    names = TableNames(form, table_of(section))
    refused = NotTaken(Why.SHAPE)
    taken: list[Taken] = []
    for sheet in sheets:
        read = _read_sheet(sheet, section, form, names, asked)
        other = _other_year(sheet, names, year)
        if isinstance(read, Taken) and other:
            refused = NotTaken(Why.YEAR, other)
        elif isinstance(read, Taken):
            taken.append(read)
        elif read.why is not Why.SHAPE:
            refused = read
    if not taken:
        return refused
    if any(other.reading != taken[0].reading for other in taken[1:]):
        return NotTaken(Why.SEVERAL, "、".join(each.sheet for each in taken))
    return taken[0]


def _other_year(sheet: Sheet, names: TableNames, year: int) -> str:
    """
    The earlier year that a sheet is about: in its name, or above its figures; "" for none.

    A later year only says when it was filled in.
    """
    said = [sheet.name]
    for row in sheet.rows:
        texts = [cell for cell in row if len(cell) > LONGEST_FIGURE or names.is_label(cell)]
        if names.line_of(texts) and any(cell and cell not in texts for cell in row):
            break
        said += [cell for cell in row if not cell.startswith(LAST_YEAR)]
    years = OF_YEAR.findall(" ".join(said)) or YEAR.findall(" ".join(said))
    newest = max(years, default="")
    return newest if newest and int(newest) < year else ""


def table_of(section: Section) -> Table:
    assert isinstance(section.body, Table), "figures stand in tables"
    return section.body


def _read_sheet(
    sheet: Sheet, section: Section, form: Form, names: TableNames, asked: Line | None
) -> Taken | NotTaken:
    kept = _rows_of_table(_without_columns_beside(sheet.rows), names)
    if isinstance(kept, NotTaken):
        return kept
    lines = table_of(section).lines
    askable = [line for line in lines if line.kind is LineKind.ASKED]
    text = "\n".join("\t".join(row.cells) for row in kept)
    labelled = any(row.is_line for row in kept)
    figures = sum(row.has_figures for row in kept)
    first: Refusal | None = None
    for following in (lines,) if labelled else (lines, askable):
        if not labelled and figures not in (1, len(following)):
            continue
        read = read_answer(text, following[0].cells, form, following)
        if isinstance(read, Refusal):
            first = first or read
        elif (read.values or read.conversions) and (labelled or _covers(read, askable)):
            return Taken(_without_balance(read, form), sheet.name, sheet.hidden)
    if asked is not None and len(kept) == 1:
        read = read_answer(text, asked.cells, form)
        if isinstance(read, Reading) and _covers(read, [asked]):
            return Taken(read, sheet.name, sheet.hidden)
    if labelled and first is not None:
        return NotTaken(Why.FIGURE, refusal=first)
    return NotTaken(Why.SHAPE)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the table: a line or a row of heads."""

    cells: tuple[str, ...]
    is_line: bool
    has_figures: bool


def _rows_of_table(rows: Sequence[tuple[str, ...]], names: TableNames) -> list[_Row] | NotTaken:
    """The rows that belong to the table, without titles and notes."""
    kept = []
    for row in rows:
        uncertain = [cell for cell in row if cell.startswith(UNCERTAIN)]
        others = [cell for cell in row if not (is_blank(cell) or cell.startswith(UNCERTAIN))]
        texts = [cell for cell in others if len(cell) > LONGEST_FIGURE or names.is_label(cell)]
        figures = [cell for cell in others if cell not in texts]
        is_line = names.line_of(texts) is not None
        if uncertain and (is_line or figures or not texts):
            return NotTaken(Why.CELL, uncertain[0].removeprefix(UNCERTAIN))
        called = {name_of(cell) for cell in (*texts, "".join(texts))}
        if (is_line or not texts) if figures else called & names.line_names.keys():
            kept.append(_Row(row, is_line, bool(figures)))
        elif any(isinstance(figure_of(cell, Measure.FEE), Figure) for cell in figures):
            kept.append(_Row(row, is_line=False, has_figures=True))
        elif called & names.head_names.keys():
            kept.append(_Row(row, is_line=False, has_figures=False))
    return kept


def _without_balance(reading: Reading, form: Form) -> Reading:
    """Drop an empty 结转下年度: it is no zero, but computed and asked separately."""
    return replace(reading, blanks=tuple(c for c in reading.blanks if c not in form.balance))


def _covers(reading: Reading, lines: Sequence[Line]) -> bool:
    """Whether the reading has a place for every figure of these lines."""
    places = {*reading.values, *reading.blanks, *(each.cell for each in reading.conversions)}
    return all(cell.id in places for line in lines for cell in line.cells)


def _without_columns_beside(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """The rows without row numbers, remarks and the like, and without empty margins."""
    width = max(map(len, rows), default=0)
    full = [(*row, *[""] * (width - len(row))) for row in rows]
    columns = list(zip(*full, strict=True)) if full else []
    kept = [
        column
        for column in columns
        if not any(cell in BESIDE or cell.startswith(LAST_YEAR) for cell in column)
    ]
    while kept and not any(kept[0]):
        kept.pop(0)
    while kept and not any(kept[-1]):
        kept.pop()
    if len(kept) > 1 and _counts_rows(kept[0]):
        kept.pop(0)
    return [
        tuple("" if cell in ABOVE_LABELS else cell for cell in row)
        for row in zip(*kept, strict=True)
        if any(row)
    ]


def _counts_rows(column: Sequence[str]) -> bool:
    """Whether the numbers in a column are 1, 2, 3 … in order; its head does not matter."""
    numbers = [cell for cell in column if cell.isdecimal()]
    counted = list(map(str, range(1, len(numbers) + 1)))
    return len(numbers) >= COUNTED and numbers == counted
