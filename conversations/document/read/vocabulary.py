"""
The words of labels and heads in the three tables, of any edition and as offices write them.

Words are kept in the form that is compared: heads without blanks and marks (`plain`), labels of
rows also without their numbering (`core`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from conversations.document.read.words import core, plain
from conversations.form import FILLED_IN, FORM_IN_FORCE, FORMS
from conversations.form.model import Cell, CellId, Form, ItemId, Line, Measure, Table

# If editions have different words for the same, the later one comes last and counts.
EDITIONS: tuple[Form, ...] = tuple(sorted(FORMS.values(), key=lambda form: form.since))
CELLS: dict[CellId, Cell] = {cell.id: cell for form in EDITIONS for cell in form.cells.values()}
# A report without readable heads is read as one of today's forms.
OF_TODAY = FILLED_IN
_TABLES_TWO = tuple(form.tables[0] for form in EDITIONS)
_TABLES_THREE = tuple(form.tables[1] for form in EDITIONS)
_, _THREE, _FOUR = FORM_IN_FORCE.tables


class PrintedTable(Enum):
    """One of the three tables, by the id of its section."""

    TWO = "proactive_disclosure"
    THREE = "requests"
    FOUR = "review"

    @property
    def columns(self) -> int:
        """The most columns of figures in the table."""
        return {PrintedTable.TWO: 3, PrintedTable.THREE: 7, PrintedTable.FOUR: 15}[self]


# -------------------------------------------------------------------- column heads


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """
    The meaning of a printed head: its table, its column, its official wording.

    `column` is the last part of a cell id, in table four a block or a result. It is "" for heads
    above other heads.
    """

    table: PrintedTable
    column: str = ""
    label: str = ""


SERIAL_HEADS = frozenset({"序号", "行次", "编号"})
TOTALS = frozenset({"总计", "合计"})
AMBIGUOUS_HEADS = TOTALS | {"其他"}  # these are in several tables, and also labels of rows
APPLICANT = "申请人"
UNIT_LINE = re.compile(r"[(（]?(?:单位|计量单位)[:：]|表 ?[一二三四1234]")

# The fee of 2021 and the purchase of 2019 are both called `amount`; their heads differ.
AMOUNTS = FEES, PROCUREMENT = "amount_of_fees", "amount_of_procurement"
_AMOUNTS = {Measure.FEE: FEES, Measure.AS_PRINTED: PROCUREMENT}


def _columns(line: Line) -> tuple[str, ...]:
    """The columns of a row of table two, by the names of their heads."""
    return tuple(_AMOUNTS.get(cell.measure, cell.column.id) for cell in line.printed)


_SPELLINGS_TWO = {
    "issued": "本年制定件数 本年制发数量 本年制发数 制发件数 本年度制发件数",
    "repealed": "本年废止数量 本年废止数 废止件数 本年度废止件数",
    "in_force": "现行有效数量 现行有效数 现行有效件 现行有效",
    "decisions": (
        "本年度处理决定数量 本年处理决定数 本年处理决定 处理决定数 处理决定件数 本年处理决定件数"
    ),
    FEES: (
        "本年收费金额 本年收费金额万元 本年收费金额元 本年收费金额单位元 本年收费总金额 "
        "本年度收费金额 收费金额 收费金额万元 收费金额单位万元"
    ),
    "produced": "本年新制作数 本年度新制作数量 新制作数量",
    "newly_disclosed": "本年新公开数 本年度新公开数量 新公开数量",
    "disclosed_in_total": "对外公开总数 对外公开数量",
    "items_last_year": "上一年项目数 上年项目数量 上一年度项目数量",
    "items_change": "本年增减数 本年增减数量 本年增减情况 本年度增减",
    "projects": "采购项目数 采购数量",
    PROCUREMENT: (
        "采购总金额万元 采购总金额元 采购总金额单位万元 采购总金额单位元 采购金额 采购金额万元"
    ),
}
_HEADS_TWO: dict[str, ColumnHead] = {
    plain(column.label): ColumnHead(PrintedTable.TWO, column.id, column.label)
    for table in _TABLES_TWO
    for column in table.columns
}
_HEADS_TWO |= {
    spelling: ColumnHead(PrintedTable.TWO, column, spelling)
    for column, spellings in _SPELLINGS_TWO.items()
    for spelling in spellings.split()
}
_HEADS_TWO |= {
    plain(cell.column.label): ColumnHead(
        PrintedTable.TWO, _AMOUNTS[cell.measure], cell.column.label
    )
    for table in _TABLES_TWO
    for cell in table.cells
    if cell.measure in _AMOUNTS
}
_HEADS_TWO["信息内容"] = ColumnHead(PrintedTable.TWO)

APPLICANTS = tuple(column.id for column in _THREE.columns)
OF_ORGANIZATIONS = APPLICANTS[1:6]
ORGANIZATIONS = "法人"
GROUPS_OF_ORGANIZATIONS = frozenset(
    ("法人或其他组织", "法人和其他组织", "法人或者其他组织", "法人及其他组织", "法人其他组织")
)
_HEADS_THREE: dict[str, ColumnHead] = {
    plain(column.label): ColumnHead(PrintedTable.THREE, column.id, column.label)
    for column in _THREE.columns
}
_HEADS_THREE |= {
    spelling: ColumnHead(PrintedTable.THREE, column, label)
    for column, label, spellings in (
        ("total", "总计", "合计"),
        ("commercial_enterprise", "商业企业", "商业企业类"),
        ("public_welfare_organization", "社会公益组织", "公益组织 社会公益机构 社会公益性组织"),
        ("legal_service_institution", "法律服务机构", "法律服务组织"),
        ("research_institution", "科研机构", "科研单位"),
        ("natural_person", "自然人", "公民"),
    )
    for spelling in spellings.split()
}
_HEADS_THREE |= dict.fromkeys(
    (*GROUPS_OF_ORGANIZATIONS, "申请人情况", APPLICANT, "申请人类型"),
    ColumnHead(PrintedTable.THREE),
)

RECONSIDERATION, DIRECT, AFTER_RECONSIDERATION = BLOCKS = tuple(line.id for line in _FOUR.lines)
LITIGATION = "行政诉讼"
_HEADS_FOUR: dict[str, ColumnHead] = {
    plain(cell.column.label): ColumnHead(PrintedTable.FOUR, cell.column.id, cell.column.label)
    for cell in _FOUR.lines[0].printed
}
_HEADS_FOUR |= {
    spelling: ColumnHead(PrintedTable.FOUR, column, label)
    for column, label, spellings in (
        ("upheld", "结果维持", "维持"),
        ("corrected", "结果纠正", "纠正"),
        ("other_result", "其他结果", "其它结果"),
        ("pending", "尚未审结", "未审结"),
        ("total", "总计", "合计"),
        (RECONSIDERATION, "行政复议", "行政复议"),
        ("", LITIGATION, LITIGATION),
        (
            DIRECT,
            "未经复议直接起诉",
            "未经复议直接起诉 未经复议直接诉讼 直接起诉 未经行政复议直接起诉",
        ),
        (AFTER_RECONSIDERATION, "复议后起诉", "复议后起诉 复议后诉讼 经复议后起诉"),
    )
    for spelling in spellings.split()
}
HEADS: Mapping[PrintedTable, Mapping[str, ColumnHead]] = {
    PrintedTable.TWO: _HEADS_TWO,
    PrintedTable.THREE: _HEADS_THREE,
    PrintedTable.FOUR: _HEADS_FOUR,
}
# The text in the corner of table three.
RECONCILED = "本列数据的勾稽关系"
RECONCILING = "本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和"
ARTICLE = r"^(条例)?第?(二十|20)条第?[一二三四五六七八九十\d]+项$"

# ------------------------------------------------------------------ labels of rows


@dataclass(frozen=True, slots=True)
class RowName:
    """The row of a label: its table, its id, its official wording (table three)."""

    table: PrintedTable
    line: ItemId
    label: str = ""


# Rows that a later edition splits, the last part being called only 「其他」.
PARTED: Mapping[ItemId, tuple[ItemId, ...]] = {
    row: parts for form in EDITIONS for row, parts in form.parted.items()
}
OFFICIAL_THREE: dict[ItemId, str] = {
    line.id: line.path[-1] for table in reversed(_TABLES_THREE) for line in table.lines
}


@dataclass(frozen=True, slots=True)
class LastPart:
    """The last part of a split row: the parts before it, and the head above all."""

    before: tuple[ItemId, ...]
    head: str


LAST_PARTS: Mapping[ItemId, LastPart] = {
    parts[-1]: LastPart(parts[:-1], core(OFFICIAL_THREE[row])) for row, parts in PARTED.items()
}
_SPELLINGS_THREE = {
    "requests.outcome.partly_disclosed": "部分公开",
    "requests.received": (
        "本年新收政府信息公开申请 本年度新收政府信息公开申请数量 本年新收申请数量 本年新收"
    ),
    "requests.carried_over": (
        "上年结转政府信息公开申请 上一年结转政府信息公开申请数量 "
        "上年度结转政府信息公开申请数量 上年结转申请数量 上年结转"
    ),
    "requests.carried_forward": (
        "结转下年度继续办理数量 结转下年继续办理 结转下一年度继续办理 结转下年度"
    ),
    "requests.outcome.total": "合计 办理结果总计",
    "requests.outcome.otherwise_handled.other": "其它 其他情形",
    "requests.outcome.otherwise_handled.all": "其它处理",
}
_SPELLINGS_OF_ROWS_TWO = {
    "rules": "政府规章",
    "normative_documents": "行政规范性文件数 规范性文件数",
    "licensing": "行政许可决定",
    "penalties": "行政处罚决定",
    "coercion": "行政强制决定",
    "administrative_fees": "行政事业性收费项目 行政事业收费 行政性事业收费",
    "other_services": "其他对外管理服务",
    "procurement": "政府采购 集中采购",
}
ROWS_THREE: dict[str, RowName] = {
    core(label): RowName(PrintedTable.THREE, line, label) for line, label in OFFICIAL_THREE.items()
}
ROWS_THREE |= {
    spelling: RowName(PrintedTable.THREE, line, OFFICIAL_THREE[line])
    for line, spellings in _SPELLINGS_THREE.items()
    for spelling in spellings.split()
}
ROWS_TWO: dict[str, RowName] = {
    core(line.label): RowName(PrintedTable.TWO, line.id)
    for table in _TABLES_TWO
    for line in table.lines
}
ROWS_TWO |= {
    spelling: RowName(PrintedTable.TWO, f"{PrintedTable.TWO.value}.{name}")
    for name, spellings in _SPELLINGS_OF_ROWS_TWO.items()
    for spelling in spellings.split()
}
ROWS: Mapping[str, RowName] = {**ROWS_TWO, **ROWS_THREE}


def _in_order(tables: Iterable[Table]) -> list[ItemId]:
    """The rows of all editions; one that only some have comes after the row printed before it."""
    order: list[ItemId] = []
    for table in tables:
        at = 0
        for line in table.lines:
            if line.id not in order:
                order.insert(at, line.id)
            at = order.index(line.id) + 1
    return order


ORDER_TWO = _in_order(reversed(_TABLES_TWO))
ORDER_THREE = _in_order(reversed(_TABLES_THREE))

# ----------------------------------------------------- words that show the edition

LABELS_TWO = {
    form.edition: {line.id: line.label for line in form.tables[0].lines} for form in EDITIONS
}
# The columns of a row of table two without heads.
COLUMNS_TWO: dict[ItemId, tuple[str, ...]] = {
    line.id: _columns(line) for form in OF_TODAY for line in form.tables[0].lines
}
_SHAPES = {form.edition: {_columns(line) for line in form.tables[0].lines} for form in EDITIONS}
_COLUMNS = {edition: set().union(*shapes) for edition, shapes in _SHAPES.items()}
_COMMON = set.intersection(*_COLUMNS.values())
ROWS_ALIKE = frozenset(line for line, columns in COLUMNS_TWO.items() if _COMMON.issuperset(columns))


def only_in(form: Form) -> set[ItemId]:
    """The rows that no other edition has."""
    return {row for row in form.lines if sum(row in other.lines for other in EDITIONS) == 1}


def shape_of(columns: set[str]) -> tuple[str, ...]:
    """The editions whose table two may have these heads above a row, the oldest first."""
    for own in _COLUMNS.values():
        if told := columns & own - _COMMON:
            return tuple(edition for edition, known in _COLUMNS.items() if told <= known)
    return tuple(
        edition
        for edition, shapes in _SHAPES.items()
        if any(columns == set(shape) for shape in shapes)
    )


# ------------------------------------------------------------------ every known word

KNOWN: frozenset[str] = frozenset(
    {*SERIAL_HEADS, *_HEADS_TWO, *_HEADS_THREE, *_HEADS_FOUR, *ROWS, RECONCILING}
    | {
        said
        for form in EDITIONS
        for table in form.tables
        for line in table.lines
        for said in (plain(line.label), *map(plain, line.path))
    }
    | {core(label) for table in _TABLES_THREE for line in table.lines for label in line.path}
    | {plain(f"第二十条第（{n}）项") for n in "一五六八九"}
)
LONGEST = max(map(len, KNOWN))
BEGINNINGS = frozenset(word[:end] for word in KNOWN for end in range(1, len(word) + 1))
