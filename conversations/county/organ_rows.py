"""
Reads a list of organs as offices keep it: the rows of a sheet or of a pasted text.

Columns are found by their heads, in any order. A list without heads is read cell by cell: the first
is the name, a second name is the organ above, then a level, a phone number or a person's name by
its look. Only `organ_list.py` decides what follows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conversations.answers.ledger import UNCERTAIN
from conversations.form.organ import (
    Level,
    is_model,
    is_surely_organ,
    is_talk,
    is_unseen,
    read_organ_name,
)

HEADS = {
    "organ": (
        *("机关", "机关名称", "机关全称", "单位", "单位名称", "单位全称", "机构", "机构名称"),
        *("部门", "部门名称", "名称", "全称", "行政机关", "报送单位", "填报单位"),
    ),
    "parent": ("上级", "上级机关", "上级单位", "上级名称", "主管部门", "主管单位", "隶属", "归口"),
    "level": ("级别", "层级", "等级", "机关级别", "单位级别"),
    "contact": ("联系人", "经办人", "联络员", "负责人", "姓名", "联系人姓名"),
    "phone": ("电话", "联系电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "座机"),
}
# A list has the organ's column and one of these; 「部门」 alone heads many other tables.
TELLING = frozenset({"parent", "level", "contact", "phone"})
_COLUMN_OF = {head: column for column, heads in HEADS.items() for head in heads}
_FULL_NAMES = frozenset({"机关名称", "机关全称", "单位名称", "单位全称", "机构名称", "部门名称"})
_SERIAL = frozenset({"序号", "编号", "行次", "号"})
HEAD_AMONG = 8  # first rows in which the heads are looked for

LEVELS: dict[str, Level] = {
    **dict.fromkeys(("省", "自治区", "市", "地市", "州", "盟", "设区的市"), Level.CITY),
    **dict.fromkeys(("县", "区", "旗", "县市", "县区", "县级市", "区县", "县市区"), Level.COUNTY),
    **dict.fromkeys(("乡镇", "乡", "镇", "街道", "苏木", "乡镇街道", "镇街"), Level.TOWNSHIP),
    **dict.fromkeys(("部门", "局", "委", "办", "科局", "委办局", "直属单位"), Level.BUREAU),
}

MOST_CHARACTERS = 60  # of a person's name or a phone number

_NUMBERING = re.compile(
    r"^\s*(?:[（(〔\[]\s*(?:\d{1,4}|[一二三四五六七八九十百]{1,5})\s*[）)〕\]]\s*[、.．]?"
    r"|(?:\d{1,4}|[一二三四五六七八九十百]{1,5})\s*[、.．)）]"
    r"|\d{1,4}[\s\u3000]+|[①-⑳㉑-㊿]|[·•●○◆■\-—*]+\s*)\s*"
)
_DIGITS_ONLY = re.compile(r"\d{1,4}")
_PHONE = re.compile(r"[\d\s+()（）\-－—转/、，,;；]{5,}")
_MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_FIXED = re.compile(r"(?:0\d{2,3})?\d{7,8}(?:转\d{1,6})?|400\d{7}|1\d{4}")
_APART = re.compile(r"[、，,;；/]|\s{2,}")
_SIGNS = "\t,，;；"
# Titles, sums and notes of a list, which are no organ's name.
_BESIDE = re.compile("名单|名录|一览表|汇总|合计|总计|共计|小计|备注|填表|制表|序号|^注")
# Headings over the organs of one kind in a list.
_GROUP = re.compile(
    "各?(?:[省市县区州旗镇]?直?属?(?:部门|单位|机关|事业单位)|乡镇|乡镇街道|镇街|街道|[省市县区州旗]直)"
    "(?:类|（.*）|[(].*[)])?"
)


@dataclass(frozen=True, slots=True)
class ListedOrgan:
    """
    One row of a list; `line` is its number in the sheet or text, from 1.

    `organ` is the name as read, "" if the row has none; `written` is its original text. `level` is
    None if the row has none, or if `level_written` is no level.
    """

    line: int
    organ: str
    written: str
    parent: str = ""
    level: Level | None = None
    level_written: str = ""
    contact: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OrganRows:
    """
    The rows of a list, with the number of empty rows between them, and of hidden rows and columns.
    """

    rows: tuple[ListedOrgan, ...]
    empty: int = 0
    hidden: int = 0


def is_organ_list(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows are a list of organs by their heads: the organ, and one other column."""
    head = _head(rows)
    return head is not None and bool(TELLING & set(head[1]))


def read_rows(rows: Sequence[Sequence[str]]) -> OrganRows:
    """Read the rows of a sheet, or of a text that was split."""
    head = _head(rows)
    start, columns = (head[0] + 1, head[1]) if head else (0, None)
    found: list[ListedOrgan] = []
    empty = waiting = 0
    for line, row in enumerate(rows[start:], start + 1):
        cells = [_clean(cell) for cell in row]
        if columns and (again := _heads_again(cells)):
            # The heads of a second page, or the lower row of a head; the organ's column stays.
            columns = columns | again | {"organ": columns["organ"]}
            continue
        if not any(cells):
            waiting += bool(found)
            continue
        empty, waiting = empty + waiting, 0
        found.append(_by_head(line, cells, columns) if columns else _by_looks(line, cells))
    return OrganRows(tuple(found), empty)


def rows_of_text(text: str) -> tuple[tuple[str, ...], ...]:
    """
    Split a pasted list: one organ per line, columns separated by tab, comma, semicolon or blank.
    """
    if '"' in text and (quoted := _rows_of_quoted(text)):
        return quoted
    rows = []
    for line in text.splitlines():
        said = _NUMBERING.sub("", line)
        sign = next((sign for sign in _SIGNS if sign in said), None)
        rows.append(tuple(cell.strip() for cell in said.split(sign)))
    return tuple(rows)


def _rows_of_quoted(text: str) -> tuple[tuple[str, ...], ...]:
    """
    The rows of a text as spreadsheets write it, with quotes around cells that hold separators.
    """
    sign = next((sign for sign in _SIGNS if sign in text.splitlines()[0]), "\t")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True))
    except csv.Error:
        return ()
    return tuple(tuple(cell.strip() for cell in row) for row in rows)


def is_odd_phone(text: str) -> bool:
    """Whether a phone number is unlikely to be one."""
    numbers = [re.sub(r"[\s()（）\-－—]", "", part) for part in _APART.split(text) if part.strip()]
    return not all(_MOBILE.fullmatch(number) or _FIXED.fullmatch(number) for number in numbers)


def level_named(text: str) -> Level | None:
    """The level that a cell names (县, 县级, 乡镇 …), None if it names none."""
    return LEVELS.get(text) or LEVELS.get(text.removesuffix("级"))


def _head(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """The row of heads and the place of each column, None if the list has no heads."""
    for index, row in enumerate(rows[:HEAD_AMONG]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(row):
            said = re.sub(r"[\s*：:]|[（(].*[）)]", "", cell)
            column = _COLUMN_OF.get(said)
            if column and (column not in columns or said in _FULL_NAMES):
                columns[column] = place
        if "organ" in columns:
            return index, columns
    return None


def _heads_again(cells: Sequence[str]) -> dict[str, int]:
    """The columns of a row that has only heads, at least two; none for any other row."""
    heads = {place: re.sub(r"[\s*：:]", "", cell) for place, cell in enumerate(cells) if cell}
    if len(heads) < 2 or not all(s in _COLUMN_OF or s in _SERIAL for s in heads.values()):
        return {}
    columns: dict[str, int] = {}
    for place, said in heads.items():
        if column := _COLUMN_OF.get(said):
            columns.setdefault(column, place)
    return columns


def _by_head(line: int, cells: Sequence[str], columns: dict[str, int]) -> ListedOrgan:
    values = {
        column: cells[place] if place < len(cells) else "" for column, place in columns.items()
    }
    return _row(line, **values)


def _by_looks(line: int, cells: Sequence[str]) -> ListedOrgan:
    """Read a row without heads: the column of each cell is seen from its text."""
    filled = [cell for cell in cells if cell]
    if len(filled) > 1 and _DIGITS_ONLY.fullmatch(filled[0]):
        filled = filled[1:]
    values = {"organ": filled[0]}
    for cell in filled[1:]:
        if level_named(cell):
            column = "level"
        elif _PHONE.fullmatch(cell):
            column = "phone"
        elif is_surely_organ(cell):
            column = "parent"
        else:
            column = "contact"
        values.setdefault(column, cell)
    return _row(line, **values)


def _row(
    line: int, organ: str, parent: str = "", level: str = "", contact: str = "", phone: str = ""
) -> ListedOrgan:
    name = read_organ_name(_NUMBERING.sub("", organ))
    if is_model(name) or is_talk(name) or _BESIDE.search(name) or _GROUP.fullmatch(name):
        name = ""
    level = "".join(level.split())
    return ListedOrgan(
        line,
        name,
        organ,
        read_organ_name(parent) or "".join(parent.split()),
        level_named(level),
        level,
        contact[:MOST_CHARACTERS],
        phone[:MOST_CHARACTERS],
    )


def _clean(cell: str) -> str:
    """The visible text of a cell in one line; "" if it has no usable value."""
    if cell.startswith(UNCERTAIN):
        return ""
    return " ".join("".join(c for c in cell if not is_unseen(c) or c.isspace()).split())


def listed_names(rows: Iterable[ListedOrgan]) -> frozenset[str]:
    """All names in a list, of organs and of those above them."""
    return frozenset(name for row in rows for name in (row.organ, row.parent) if name)
