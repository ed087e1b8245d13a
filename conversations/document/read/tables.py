"""
The three tables out of rows of boxes, found by what their labels say.

Rows come from Word, a page, a PDF or plain text, with columns that mean something or
without. A figure is taken only where its row's label and its column's head are both
known and nothing else fits as well: better unread than wrong.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from conversations.checks.findings import LabelDifference
from conversations.document.read.blocks import Row, Slot, Work
from conversations.document.read.words import (
    core,
    figure,
    is_blank,
    is_figure,
    is_torn,
    is_value,
    nearest,
    numbering,
    plain,
)
from conversations.form import ANNUAL_REPORT_2019, ANNUAL_REPORT_2021
from conversations.form.editions.annual_report_2019 import SINGLE_ROW
from conversations.form.model import Cell, CellId, ItemId, Measure, Table

Reading = int | Decimal | str

_TWO_2021, _THREE_2021, _FOUR = ANNUAL_REPORT_2021.tables
_TWO_2019, _THREE_2019, _ = ANNUAL_REPORT_2019.tables
CELLS: dict[CellId, Cell] = {**ANNUAL_REPORT_2019.cells, **ANNUAL_REPORT_2021.cells}

MOST_HEAD_ROWS = 30
MOST_GARBLED = 500  # labels that are compared letter by letter
WHOLE = {"two": 3, "three": 7, "four": 15}  # columns of a table that lacks none
FEWEST_LOOSE = {"three": 5, "four": 15}  # columns, for heads that came one cell a line
APPLICANTS = tuple(column.id for column in _THREE_2021.columns)
OF_ORGANIZATIONS = APPLICANTS[1:6]
RESULTS = ("upheld", "corrected", "other_result", "pending", "total")
BLOCKS = (
    "review.reconsideration",
    "review.litigation.direct",
    "review.litigation.after_reconsideration",
)

# ----------------------------------------------------------------- vocabulary

SERIAL_HEADS = frozenset({"序号", "行次", "编号"})


@dataclass(frozen=True, slots=True)
class Head:
    """
    What a printed head says: `kind` two, three or four, and the column it names.

    `column` is empty for heads that only stand over others.
    """

    kind: str
    column: str = ""
    label: str = ""


def _heads_two() -> dict[str, Head]:
    found: dict[str, Head] = {}
    for table in (_TWO_2019, _TWO_2021):
        for column in table.columns:
            found[plain(column.label)] = Head("two", column.id, column.label)
    for said, name in {
        "本年制定件数": "issued",
        "本年制发数量": "issued",
        "本年制发数": "issued",
        "制发件数": "issued",
        "本年度制发件数": "issued",
        "本年废止数量": "repealed",
        "本年废止数": "repealed",
        "废止件数": "repealed",
        "本年度废止件数": "repealed",
        "现行有效数量": "in_force",
        "现行有效数": "in_force",
        "现行有效件": "in_force",
        "现行有效": "in_force",
        "本年度处理决定数量": "decisions",
        "本年处理决定数": "decisions",
        "本年处理决定": "decisions",
        "处理决定数": "decisions",
        "处理决定件数": "decisions",
        "本年处理决定件数": "decisions",
        "本年收费金额": "amount_of_fees",
        "本年收费金额万元": "amount_of_fees",
        "本年收费金额元": "amount_of_fees",
        "本年收费金额单位元": "amount_of_fees",
        "本年收费总金额": "amount_of_fees",
        "本年度收费金额": "amount_of_fees",
        "收费金额": "amount_of_fees",
        "收费金额万元": "amount_of_fees",
        "收费金额单位万元": "amount_of_fees",
        "本年新制作数": "produced",
        "本年度新制作数量": "produced",
        "新制作数量": "produced",
        "本年新公开数": "newly_disclosed",
        "本年度新公开数量": "newly_disclosed",
        "新公开数量": "newly_disclosed",
        "对外公开总数": "disclosed_in_total",
        "对外公开数量": "disclosed_in_total",
        "上一年项目数": "items_last_year",
        "上年项目数量": "items_last_year",
        "上一年度项目数量": "items_last_year",
        "本年增减数": "items_change",
        "本年增减数量": "items_change",
        "本年增减情况": "items_change",
        "本年度增减": "items_change",
        "采购项目数": "projects",
        "采购数量": "projects",
        "采购总金额万元": "amount_of_procurement",
        "采购总金额元": "amount_of_procurement",
        "采购总金额单位万元": "amount_of_procurement",
        "采购总金额单位元": "amount_of_procurement",
        "采购金额": "amount_of_procurement",
        "采购金额万元": "amount_of_procurement",
    }.items():
        found[said] = Head("two", name, said)
    for table, amount in ((_TWO_2019, "amount_of_procurement"), (_TWO_2021, "amount_of_fees")):
        for column in table.columns:
            if column.id == "amount":
                found[plain(column.label)] = Head("two", amount, column.label)
    found["信息内容"] = Head("two")
    return found


HEADS_TWO = _heads_two()
HEADS_THREE: dict[str, Head] = {
    **{
        plain(column.label): Head("three", column.id, column.label)
        for column in _THREE_2021.columns
    },
    "合计": Head("three", "total", "总计"),
    "商业企业类": Head("three", "commercial_enterprise", "商业企业"),
    "公益组织": Head("three", "public_welfare_organization", "社会公益组织"),
    "社会公益机构": Head("three", "public_welfare_organization", "社会公益组织"),
    "社会公益性组织": Head("three", "public_welfare_organization", "社会公益组织"),
    "法律服务组织": Head("three", "legal_service_institution", "法律服务机构"),
    "科研单位": Head("three", "research_institution", "科研机构"),
    "公民": Head("three", "natural_person", "自然人"),
    "法人或其他组织": Head("three"),
    "法人和其他组织": Head("three"),
    "法人或者其他组织": Head("three"),
    "法人及其他组织": Head("three"),
    "法人其他组织": Head("three"),
    "申请人情况": Head("three"),
    "申请人": Head("three"),
    "申请人类型": Head("three"),
}
GROUP_THREE = frozenset(said for said in HEADS_THREE if said.startswith("法人"))
HEADS_FOUR: dict[str, Head] = {
    **{
        plain(cell.column.label): Head("four", cell.column.id, cell.column.label)
        for cell in _FOUR.lines[0].printed
    },
    "维持": Head("four", "upheld", "结果维持"),
    "纠正": Head("four", "corrected", "结果纠正"),
    "其它结果": Head("four", "other_result", "其他结果"),
    "未审结": Head("four", "pending", "尚未审结"),
    "合计": Head("four", "total", "总计"),
    "行政复议": Head("four", BLOCKS[0], "行政复议"),
    "行政诉讼": Head("four", "", "行政诉讼"),
    "未经复议直接起诉": Head("four", BLOCKS[1], "未经复议直接起诉"),
    "未经复议直接诉讼": Head("four", BLOCKS[1], "未经复议直接起诉"),
    "直接起诉": Head("four", BLOCKS[1], "未经复议直接起诉"),
    "未经行政复议直接起诉": Head("four", BLOCKS[1], "未经复议直接起诉"),
    "复议后起诉": Head("four", BLOCKS[2], "复议后起诉"),
    "复议后诉讼": Head("four", BLOCKS[2], "复议后起诉"),
    "经复议后起诉": Head("four", BLOCKS[2], "复议后起诉"),
}
_RECONCILED = "本列数据的勾稽关系"
_RECONCILING = "本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和"
_HARMLESS = re.compile(r"[(（]?(?:单位|计量单位)[:：]|表 ?[一二三四1234]")
_ARTICLE = re.compile(r"^(条例)?第?(二十|20)条第?[一二三四五六七八九十\d]+项$")

ROWS_THREE: dict[str, tuple[ItemId, str]] = {
    core(line.path[-1]): (line.id, line.path[-1]) for line in _THREE_2021.lines
}
SINGLE = core("（六）其他处理")
ROWS_THREE[SINGLE] = (SINGLE_ROW, "（六）其他处理")
_ALSO_THREE = {
    "部分公开": "requests.outcome.partly_disclosed",
    "本年新收政府信息公开申请": "requests.received",
    "本年度新收政府信息公开申请数量": "requests.received",
    "本年新收申请数量": "requests.received",
    "本年新收": "requests.received",
    "上年结转政府信息公开申请": "requests.carried_over",
    "上一年结转政府信息公开申请数量": "requests.carried_over",
    "上年度结转政府信息公开申请数量": "requests.carried_over",
    "上年结转申请数量": "requests.carried_over",
    "上年结转": "requests.carried_over",
    "结转下年度继续办理数量": "requests.carried_forward",
    "结转下年继续办理": "requests.carried_forward",
    "结转下一年度继续办理": "requests.carried_forward",
    "结转下年度": "requests.carried_forward",
    "合计": "requests.outcome.total",
    "办理结果总计": "requests.outcome.total",
    "其它": "requests.outcome.otherwise_handled.other",
    "其他情形": "requests.outcome.otherwise_handled.other",
    "其它处理": SINGLE_ROW,
}
_OTHERWISE = tuple(
    line.id for line in _THREE_2021.lines if line.id.startswith(SINGLE_ROW.rpartition(".")[0] + ".")
)
_LABEL_THREE = dict(ROWS_THREE.values())
ROWS_THREE.update({said: (row, _LABEL_THREE[row]) for said, row in _ALSO_THREE.items()})
ORDER_THREE = [line.id for line in _THREE_2021.lines]
ORDER_THREE.insert(
    ORDER_THREE.index("requests.outcome.otherwise_handled.correction_overdue"), SINGLE_ROW
)

ROWS_TWO: dict[str, ItemId] = {
    core(line.label): line.id for table in (_TWO_2019, _TWO_2021) for line in table.lines
}
ROWS_TWO |= {
    "政府规章": "proactive_disclosure.rules",
    "行政规范性文件数": "proactive_disclosure.normative_documents",
    "规范性文件数": "proactive_disclosure.normative_documents",
    "行政许可决定": "proactive_disclosure.licensing",
    "行政处罚决定": "proactive_disclosure.penalties",
    "行政强制决定": "proactive_disclosure.coercion",
    "行政事业性收费项目": "proactive_disclosure.administrative_fees",
    "行政事业收费": "proactive_disclosure.administrative_fees",
    "行政性事业收费": "proactive_disclosure.administrative_fees",
    "其他对外管理服务": "proactive_disclosure.other_services",
    "政府采购": "proactive_disclosure.procurement",
    "集中采购": "proactive_disclosure.procurement",
}
ORDER_TWO = [
    f"proactive_disclosure.{name}"
    for name in (
        "rules",
        "normative_documents",
        "licensing",
        "other_services",
        "penalties",
        "coercion",
        "administrative_fees",
        "procurement",
    )
]
LABELS_TWO = {
    edition: {line.id: line.label for line in table.lines}
    for edition, table in (("2019", _TWO_2019), ("2021", _TWO_2021))
}
OLD_COLUMNS = frozenset(column.id for column in _TWO_2019.columns) - {"decisions", "amount"} | {
    "amount_of_procurement"
}
NEW_COLUMNS = frozenset({"issued", "repealed", "in_force", "amount_of_fees"})
COLUMNS_OF: dict[str, dict[ItemId, tuple[str, ...]]] = {
    edition: {line.id: tuple(cell.column.id for cell in line.printed) for line in table.lines}
    for edition, table in (("2019", _TWO_2019), ("2021", _TWO_2021))
}

KNOWN: frozenset[str] = frozenset(
    {*SERIAL_HEADS, *HEADS_TWO, *HEADS_THREE, *HEADS_FOUR}
    | {
        plain(line.label)
        for t in (*ANNUAL_REPORT_2021.tables, *ANNUAL_REPORT_2019.tables)
        for line in t.lines
    }
    | {plain(label) for t in (_THREE_2019, _THREE_2021) for line in t.lines for label in line.path}
    | {core(label) for t in (_THREE_2019, _THREE_2021) for line in t.lines for label in line.path}
    | {*ROWS_TWO, *ROWS_THREE}
    | {plain("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）")}
    | {plain(f"第二十条第（{n}）项") for n in "一五六八九"}
)
LONGEST = max(map(len, KNOWN))


def head_of(text: str, kind: str = "") -> Head | None:
    """What head a box says, None where it says none."""
    said = plain(text)
    if not said:
        return None
    if said.startswith(_RECONCILED):
        rest = said.rpartition("之和")[2] if "之和" in said else ""
        return Head("three") if len(rest) <= 1 or rest == "申请人情况" else None
    if len(said) >= 5 and said in _RECONCILING:  # a line of it, where a page cut its box
        return Head("three")
    order = {"four": (HEADS_FOUR, HEADS_TWO, HEADS_THREE)}.get(
        kind, (HEADS_TWO, HEADS_THREE, HEADS_FOUR)
    )
    for heads in order:
        if said in heads:
            return heads[said]
    return None


def near_head(text: str, kind: str) -> Head | None:
    """A head garbled by a character, within one kind of table."""
    heads = {"two": HEADS_TWO, "three": HEADS_THREE, "four": HEADS_FOUR}[kind]
    said = plain(text)
    found = nearest(said, heads)
    return heads[found] if found else None


def is_article(text: str) -> bool:
    """«第二十条第（一）项», the line over a block of table two."""
    return bool(_ARTICLE.match(plain(text)))


def says_table(text: str) -> bool:
    """Whether a text is a label or head of one of the tables."""
    said = plain(text)
    known = said in KNOWN or core(text) in KNOWN or is_article(text)
    return known or (said.startswith(_RECONCILED) and head_of(text) is not None)


# ------------------------------------------------------------------- columns


@dataclass(frozen=True, slots=True)
class Leaf:
    """A column of figures: where it stands, what it is (empty where its head is unknown)."""

    column: str
    col: int
    width: int
    printed: str


@dataclass(slots=True)
class Heads:
    """
    The columns that are in force.

    `leaves` have places (`width` is the table's), valid in `grid`; `order` holds the
    columns from left to right, for rows whose places mean nothing.
    """

    kind: str
    grid: int = -1
    width: int = 0
    leaves: tuple[Leaf, ...] = ()
    order: tuple[Leaf, ...] = ()
    serials: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that was read and wants a look: the cell, its value, why (in Chinese)."""

    cell: CellId
    value: Reading
    why: str


@dataclass(slots=True)
class Tables:
    """
    What was read of the tables.

    `rows` says for every row found which columns it has; `kinds` which tables were met.
    """

    values: dict[CellId, Reading] = field(default_factory=dict)
    blank: set[CellId] = field(default_factory=set)
    doubtful: dict[CellId, Doubt] = field(default_factory=dict)
    leftover: list[str] = field(default_factory=list)
    differences: list[LabelDifference] = field(default_factory=list)
    rows: dict[ItemId, set[str]] = field(default_factory=dict)
    columns: dict[str, set[str]] = field(default_factory=dict)
    old_shape: set[ItemId] = field(default_factory=set)
    new_shape: set[ItemId] = field(default_factory=set)
    unsure: set[CellId] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    strange: set[str] = field(default_factory=set)  # sections with rows not understood


def read_tables(rows: Sequence[tuple[str, Row]], work: Work) -> Tables:
    """
    Read rows, each with the section it stands in (empty where that is unknown).
    """
    reader = _Reader(work, [row for _, row in rows])
    for at, (section, row) in enumerate(rows):
        work.spend(1 + len(row.slots))
        reader.at = at
        reader.row(section, row)
    reader.end()
    return reader.found


class _Reader:
    def __init__(self, work: Work, rows: Sequence[Row]) -> None:
        self.work = work
        self.rows = rows
        self.at = 0
        self.found = Tables()
        self.heads: Heads | None = None
        self.pending: list[Row] = []  # head rows that are still coming
        self.pending_kind = ""
        self.waiting: str = ""  # a label without figures, maybe broken over two rows
        self.last: ItemId = ""
        self.section = ""
        self.article = ""
        self.garbled = 0
        self.hollow: set[ItemId] = set()  # rows read as nothing but blanks
        self.loose: dict[CellId, str] = {}  # cells read from one cell a line, by kind
        self.displaced: set[str] = set()
        self.torn = (
            False  # a box of this row holds more than a figure: blanks beside it may be none
        )
        self.strange = False  # text met in this section that may be heads

    # -- rows

    def row(self, section: str, row: Row) -> None:
        if section != self.section:
            self._close()
            self.section = section
            if section == "requests" and not (self.heads and self.heads.kind == "three"):
                self.heads = None
            if section == "review" and not (self.heads and self.heads.kind == "four"):
                self.heads = None
            self.waiting = ""
            self.strange = False
        own = [slot for slot in row.slots if slot.own]
        said = [slot for slot in own if slot.text.strip()]
        if not said and not self._hollow_four(row, own):
            return
        if said and all(is_article(slot.text) for slot in said):
            self._close()
            self.article = plain(said[0].text)
            self.heads = Heads("two")
            self.waiting = ""
            return
        if self._is_head(own):
            self._head(row)
            return
        self._close()
        blank = self._all_blank(own) or self._hollow_four(row, own)
        if blank or any(is_figure(slot.text) for slot in own) or self._worded(own):
            self._figures(row, own)
        else:
            self._text(said)

    def end(self) -> None:
        self._close()
        for cell, kind in self.loose.items():
            if kind in self.displaced and cell in self.found.values:
                self._drop(cell)
        if SINGLE_ROW in self.found.rows and any(
            line in self.found.rows for line in ORDER_THREE if line.startswith(_OTHERWISE)
        ):
            self._unread_line(SINGLE_ROW)  # one of the three rows under that head
            self.found.rows.pop(SINGLE_ROW)
            self.found.unsure -= {f"{SINGLE_ROW}.{column}" for column in APPLICANTS}

    def _hollow_four(self, row: Row, own: Sequence[Slot]) -> bool:
        """The row of table four with nothing but blanks, strokes and «无»."""
        self._close()
        heads = self.heads
        return (
            heads is not None
            and heads.kind == "four"
            and not row.loose
            and len(own) == len(heads.order) == WHOLE["four"]
            and all(is_value(slot.text) for slot in own)
            and not any(leaf.column in self.found.values for leaf in heads.order)
        )

    @staticmethod
    def _all_blank(own: Sequence[Slot]) -> bool:
        """A row whose label stands and whose figures are all blank."""
        texts = [slot for slot in own if slot.text.strip() and not is_blank(slot.text)]
        return (
            1 <= len(texts) <= 3
            and len(own) - len(texts) >= 1
            and any(core(slot.text) in ROWS_THREE or core(slot.text) in ROWS_TWO for slot in texts)
        )

    def _worded(self, own: Sequence[Slot]) -> bool:
        """A known row with words where its figures belong: «行政强制 | 无»."""
        named = [i for i, slot in enumerate(own) if self._names_row(slot.text)]
        after = [slot.text for slot in own[named[-1] + 1 :] if slot.text.strip()] if named else []
        return bool(after) and not any(says_table(text) for text in after)

    def _text(self, said: Sequence[Slot]) -> None:
        """A row without figures: a group, a label to be continued, or something else."""
        text = said[-1].text
        self.strange = self.strange or not all(
            says_table(slot.text) or _HARMLESS.match(slot.text.strip()) for slot in said
        )
        if len(plain(text)) > 3 * LONGEST:
            self.found.leftover.append(text[:300])
            self.waiting = ""
            return
        self.waiting += text
        if len(plain(self.waiting)) > 3 * LONGEST:
            self.waiting = text
        if not says_table(text) and len(said) == 1:
            self.found.leftover.append(text)

    # -- heads

    def _is_head(self, own: Sequence[Slot]) -> bool:
        if any(is_figure(slot.text) for slot in own):
            return False
        texts = [slot.text for slot in own if slot.text.strip() and not is_blank(slot.text)]
        kinds = [head_of(text, self.pending_kind) for text in texts]
        named = [(t, h) for t, h in zip(texts, kinds, strict=True) if h]
        if not named:
            # a page break may leave a garbled head alone in its row
            return False
        if any(h.kind == "two" for _, h in named):
            return True
        if self.pending_kind and len(named) == len(texts):
            return True
        distinct = {plain(t) for t, _ in named}
        sure = distinct - {"其他", "总计", "合计", "申请人"}
        if len(texts) == 1 and len(own) > 1 and core(texts[0]) in ROWS_THREE:
            return False
        if len(named) >= 2 and sure:
            return len(named) * 2 > len(texts)
        return bool(sure)

    def _head(self, row: Row) -> None:
        texts = [s.text for s in row.slots if s.own and s.text.strip()]
        kinds = [h.kind for h in (head_of(t, self.pending_kind) for t in texts) if h]
        if "two" in kinds:
            kind = "two"
        elif any(plain(t) in HEADS_FOUR and plain(t) not in {"总计", "合计"} for t in texts):
            kind = "four"
        else:
            kind = "three"
        if kind == "two" or (self.pending and self.pending_kind != kind):
            self._close()
        if len(self.pending) > MOST_HEAD_ROWS:
            self._close()
        self.pending.append(row)
        self.pending_kind = kind
        self.waiting = ""
        if kind == "two":
            self._close()

    def _close(self) -> None:
        """The head rows are complete: work out the columns."""
        if not self.pending:
            return
        rows, kind = self.pending, self.pending_kind
        self.pending, self.pending_kind = [], ""
        self.found.kinds.add(kind)
        self.strange = self.strange or any(
            head_of(text, kind) is None
            and near_head(text, kind) is None
            and plain(text) not in SERIAL_HEADS
            for row in rows
            for text in row.texts
        )
        if kind == "two":
            self.heads = self._heads_two(rows[-1])
        elif kind == "three":
            self.heads = self._heads_three(rows)
        else:
            self.heads = self._heads_four(rows)
        seen = self.found.columns.setdefault(kind, set())
        seen.update(leaf.column for leaf in self.heads.order if leaf.column)

    def _note(self, printed: str, head: Head) -> None:
        """Keep a head whose wording is not the official one."""
        if head.column and head.label and plain(printed) != plain(head.label):
            self._differs(printed, head.label)

    def _differs(self, printed: str, official: str) -> None:
        one = LabelDifference(" ".join(printed.split()), official)
        if len(self.found.differences) < 100 and one not in self.found.differences:
            self.found.differences.append(one)

    def _heads_two(self, row: Row) -> Heads:
        leaves: list[Leaf] = []
        for slot in row.slots:
            if not slot.text.strip() or is_blank(slot.text):
                continue
            head = head_of(slot.text) or near_head(slot.text, "two")
            if head is None or head.kind != "two":
                if leaves:
                    leaves.append(Leaf("", slot.col, slot.width, slot.text))
                continue
            if head.column:
                if head != head_of(slot.text):
                    self._note(slot.text, head)
                leaves.append(Leaf(head.column, slot.col, slot.width, slot.text))
        self.found.kinds.add("two")
        order = tuple(leaves)
        return Heads("two", row.grid, row.width, order if row.width else (), order)

    def _heads_three(self, rows: Sequence[Row]) -> Heads:
        width = rows[0].width
        regular = bool(width) and all(
            row.width == width and row.grid == rows[0].grid for row in rows
        )
        lines: list[list[tuple[Slot, Head | None]]] = []
        for row in rows:
            boxes: list[tuple[Slot, Head | None]] = []
            lines.append(boxes)
            for slot in row.slots:
                if slot.own and slot.text.strip() and not is_blank(slot.text):
                    head = head_of(slot.text, "three")
                    if head is None or head.kind != "three":
                        head = near_head(slot.text, "three")
                        if head:
                            self._note(slot.text, head)
                    boxes.append((slot, head))
        leaves: tuple[Leaf, ...] = ()
        if regular:
            leaves = _placed([box for line in lines for box in line])
            if leaves and not _overlapping(leaves) and not self._askew(rows[0], leaves):
                return Heads("three", rows[0].grid, width, leaves, leaves)
        return Heads("three", order=_expanded(lines, loose=any(row.loose for row in rows)))

    def _askew(self, head: Row, leaves: Sequence[Leaf]) -> bool:
        """Whether labels of rows below stand where these heads claim figures."""
        first = leaves[0].col
        for row in self.rows[self.at : self.at + 40]:
            self.work.spend()
            if row.grid != head.grid or row.width != head.width:
                break
            if any(
                slot.own and slot.col >= first and self._names_row(slot.text)
                for slot in row.slots
                if not head_of(slot.text, "four") or numbering(slot.text)
            ):
                return True
        return False

    def _heads_four(self, rows: Sequence[Row]) -> Heads:
        width = rows[0].width
        regular = bool(width) and all(
            row.width == width and row.grid == rows[0].grid for row in rows
        )
        tagged: list[list[tuple[Slot, Head | None]]] = []
        for row in rows:
            line: list[tuple[Slot, Head | None]] = []
            for slot in row.slots:
                if slot.own and slot.text.strip() and not is_blank(slot.text):
                    head = head_of(slot.text, "four")
                    if head is None or head.kind == "two":
                        head = near_head(slot.text, "four")
                        if head:
                            self._note(slot.text, head)
                    line.append(
                        (slot, Head("four", "total") if head and head.column == "total" else head)
                    )
            tagged.append(line)
        if regular:
            leaves = _placed_four(tagged)
            if leaves and not _overlapping(leaves):
                return Heads("four", rows[0].grid, width, leaves, leaves)
        plain_heads = [[b for b in line if plain(b[0].text) not in SERIAL_HEADS] for line in tagged]
        serials = plain_heads != tagged
        return Heads("four", order=_expanded_four(plain_heads), serials=serials)

    # -- figures

    def _figures(self, row: Row, own: Sequence[Slot]) -> None:
        heads = self.heads
        self.torn = any(is_torn(slot.text) for slot in own)
        if heads and heads.kind == "four" and self._four(row, own, heads):
            return
        if self.section == "review" and self._four_without_heads(own):
            return
        label, path = self._label(row, own, heads)
        if not label:
            self._orphan(row, own)
            return
        self.torn = self.torn or not all(is_value(slot.text) for slot in _after(own, label))
        before = set(self.found.values)
        self._labelled(row, own, label, path)
        self.waiting = ""
        if row.loose:
            self.loose.update((c, self._kind()) for c in self.found.values if c not in before)
        if self.last and not any(slot.text.strip() for slot in _after(own, label)):
            self.hollow.add(self.last)

    def _labelled(self, row: Row, own: Sequence[Slot], label: Slot, path: list[str]) -> None:
        found = (
            self._match(label, path) if not ((row.loose or row.blind) and self.strange) else None
        )
        if found is None:
            self._left(own)
            self.last = ""
            return
        kind, line, official, sure = found
        if kind == "three":
            if label.tall > 1 and line == SINGLE_ROW:
                self._left(own)  # the label of the three rows below it, whose own are lost
                self.last = ""
                return
            self._three(row, own, label, line)
        else:
            self._two(row, own, label, line)
        other = not sure or (kind == "three" and core(label.text) not in {core(official), ""})
        if other and not self._goes_on(label.text, official):
            self._differs(label.text, official)
        self.last = line

    def _goes_on(self, text: str, official: str) -> bool:
        """Whether a page cut the label: the rest of it stands in the rows that follow."""
        said, whole = plain(core(text)), plain(core(official))
        if not said or said == whole or not whole.startswith(said):
            return False
        rest = whole[len(said) :]
        for row in self.rows[self.at + 1 : self.at + 7]:
            if any(rest == plain(slot.text) for slot in row.slots):
                return True
            more = plain("".join(slot.text for slot in row.slots if slot.own))
            if not rest.startswith(more):
                return False
            rest = rest[len(more) :]
            if not rest:
                return True
        return False

    def _orphan(self, row: Row, own: Sequence[Slot]) -> None:
        """
        Figures without a label: whose they are cannot be told.

        A row of blanks just above may be theirs, cut off by a page; where there is one cell
        a line, labels and figures may be displaced against each other in the whole table.
        """
        if self.last == SINGLE_ROW or self.last in self.hollow:
            self._unread_line(self.last)
        if row.loose:
            self.displaced.add(self._kind())
        self._left(own)

    def _left(self, own: Sequence[Slot]) -> None:
        kind = self._kind()
        self.found.strange.update({"two": {"proactive"}, "three": {"requests"}}.get(kind, set()))
        said = " | ".join(" ".join(slot.text[:300].split()) for slot in own[:40])
        self.found.leftover.append(said[:300])

    def _unread_line(self, line: ItemId) -> None:
        for cell in [c for c in self.found.values if c.rpartition(".")[0] == line]:
            self._drop(cell)

    def _drop(self, cell: CellId) -> None:
        self.found.values.pop(cell, None)
        self.found.blank.discard(cell)
        self.found.doubtful.pop(cell, None)
        self.found.unsure.add(cell)

    def _label(
        self, row: Row, own: Sequence[Slot], heads: Heads | None
    ) -> tuple[Slot | None, list[str]]:
        """The innermost label of a row, and all labels before it."""
        texts = [s for s in own if s.text.strip() and not is_value(s.text)]
        if heads and heads.leaves and row.width == heads.width and row.grid == heads.grid:
            first = min(leaf.col for leaf in heads.leaves)
            left = [s for s in texts if s.col < first]
            inside = [s for s in texts if s.col >= first and self._names_row(s.text)]
            if inside:  # the heads stand askew
                return inside[-1], _path_to(inside[-1], row)
            if left:
                path = [s.text for s in row.slots if s.col < first and s.text.strip()]
                return left[-1], path
            return None, []
        # figures follow the label: the last text before the first figure after it
        for index in range(len(own) - 1, -1, -1):
            slot = own[index]
            if slot.text.strip() and not is_value(slot.text):
                return slot, _path_to(slot, row)
        return None, []

    @staticmethod
    def _names_row(text: str) -> bool:
        said = core(text)
        return said in ROWS_THREE or said in ROWS_TWO

    def _match(self, label: Slot, path: list[str]) -> tuple[str, ItemId, str, bool] | None:
        """
        Which row a label names: kind, line, official wording, whether word for word.
        """
        kind = self._kind()
        tries = [label.text]
        if self.waiting:
            tries.append(self.waiting + label.text)
        if len(path) >= 2 and path[-1] == label.text:
            tries.append(path[-2] + path[-1])
        for text in tries:
            found = self._exact(text, kind, path)
            if found:
                return found
        for order, text in enumerate(tries):
            self.garbled += 1
            if self.garbled < MOST_GARBLED:
                # what was put together may hold a remark: it may be cut short, not garbled
                found = self._near(text, kind, broken_off=order > 0)
                if found:
                    return found
        return None

    def _kind(self) -> str:
        if self.heads:
            return self.heads.kind
        return {"proactive_disclosure": "two", "requests": "three"}.get(self.section, "")

    def _exact(self, text: str, kind: str, path: list[str]) -> tuple[str, ItemId, str, bool] | None:
        said = core(text)
        if kind in {"", "three"} and said in ROWS_THREE:
            line, official = ROWS_THREE[said]
            if line.endswith("otherwise_handled.other") and not self._is_other(text, path):
                return None
            return "three", line, official, True
        if kind in {"", "two"} and said in ROWS_TWO:
            return "two", ROWS_TWO[said], "", True
        return None

    def _is_other(self, text: str, path: list[str]) -> bool:
        """「其他」 is the third of 「（六）其他处理」 only where something says so."""
        return (
            numbering(text) == "3"
            or self.last.endswith(("fee_overdue", "correction_overdue"))
            or any(core(other) == SINGLE for other in path[:-1])
        )

    def _near(
        self, text: str, kind: str, *, broken_off: bool
    ) -> tuple[str, ItemId, str, bool] | None:
        said = core(text)
        if kind in {"", "three"}:
            words = [core(label) for label in _LABEL_THREE.values()]
            found = nearest(said, words, broken_off=broken_off)
            if found:
                line, official = ROWS_THREE[found]
                if self._in_order(line, ORDER_THREE):
                    return "three", line, official, False
        if kind in {"", "two"}:
            words = [w for w in ROWS_TWO if len(w) >= 4]
            found = nearest(said, words, broken_off=broken_off)
            if found and self._in_order(ROWS_TWO[found], ORDER_TWO):
                line = ROWS_TWO[found]
                return "two", line, LABELS_TWO["2021"].get(line, found), False
        return None

    def _in_order(self, line: ItemId, order: list[ItemId]) -> bool:
        """A garbled label counts only right where its row is expected."""
        if line in self.found.rows:
            return False
        if self.last not in order:
            return True
        return 0 < order.index(line) - order.index(self.last) <= 4

    # -- placing

    def _place(
        self, row: Row, own: Sequence[Slot], label: Slot | None, heads: Heads
    ) -> list[tuple[Leaf, Slot | None]] | None:
        """
        Which box belongs to which column; None where that is not sure.

        By place where the row's columns are the head's; by order where the row has exactly
        as many figures as there are columns; where both speak, they must agree.
        """
        by_order = _in_order(row, own, label, heads)
        if heads.leaves and row.width == heads.width and row.grid == heads.grid:
            by_place = _in_place(own, label, heads)
            if by_place is None and all(leaf.column for leaf in heads.order):
                return by_order if len(heads.order) == WHOLE.get(heads.kind, 3) else None
            if by_place is not None and by_order is not None:
                same = all(
                    a[1] is b[1] or (a[1] and b[1] and a[1].text == b[1].text) or not a[0].column
                    for a, b in zip(by_place, by_order, strict=True)
                )
                return by_place if same else None
            return by_place if by_place is not None else None
        return by_order

    def _three(self, row: Row, own: Sequence[Slot], label: Slot, line: ItemId) -> None:
        heads = self.heads
        official = False
        if heads is None or heads.kind != "three":
            if self.strange:
                self._left(own)  # its heads may be there, and were not understood
                return
            heads = Heads("three", order=tuple(Leaf(c, i, 1, "") for i, c in enumerate(APPLICANTS)))
            official = True
        if self._again(line):
            self._conflict(row, own, label, line, heads)
            return
        placed = self._place(row, own, label, heads)
        self.found.kinds.add("three")
        self.found.rows.setdefault(line, set())
        if placed is None:
            self._left(own)
            return
        for leaf, slot in placed:
            if leaf.column and slot is not None:
                self._take(f"{line}.{leaf.column}", slot.text, leaf, official)
            elif (
                slot is not None
                and not leaf.column
                and slot.text.strip()
                and not is_blank(slot.text)
            ):
                self.found.leftover.append(f"{leaf.printed or '（无表头）'}: {slot.text}")

    def _again(self, line: ItemId) -> bool:
        return line in self.found.rows and any(
            cell.rpartition(".")[0] == line for cell in (*self.found.values, *self.found.unsure)
        )

    def _conflict(
        self, row: Row, own: Sequence[Slot], label: Slot, line: ItemId, heads: Heads
    ) -> None:
        """The same row once more: the same figures are nothing new, others make both unsure."""
        placed = self._place(row, own, label, heads) or []
        for leaf, slot in placed:
            if not leaf.column or slot is None:
                continue
            cell = _cell_id(line, leaf.column)
            unit = CELLS[cell].measure if cell in CELLS else Measure.COUNT
            again = figure(slot.text, unit, leaf.printed)
            if cell in self.found.values and (
                again is None or again.value != self.found.values[cell]
            ):
                self._drop(cell)
                self._left(own)

    def _take(self, cell: CellId, text: str, leaf: Leaf, official: bool) -> None:
        """Keep a figure under its id; what is no figure is left over."""
        known = CELLS.get(cell)
        if known is None:
            self.found.leftover.append(f"{leaf.printed}: {text}")
            return
        line, _, column = cell.rpartition(".")
        self.found.rows.setdefault(line, set()).add(column)
        if cell in self.found.unsure:
            return
        read = figure(text, known.measure, leaf.printed)
        if read is None or (read.blank and self.torn):
            self.found.leftover.append(f"{known.column.name}: {' '.join(text.split())[:120]}")
            self.found.unsure.add(cell)
            return
        self.found.values[cell] = read.value
        if read.blank:
            self.found.blank.add(cell)
        why = read.doubt or ("没有找到表头，按官方栏目顺序读取" if official else "")
        if why:
            self.found.doubtful[cell] = Doubt(cell, read.value, why)

    def _two(self, row: Row, own: Sequence[Slot], label: Slot, line: ItemId) -> None:
        self.found.kinds.add("two")
        self.found.rows.setdefault(line, set())
        heads = self.heads
        if heads is None or heads.kind != "two" or not heads.order:
            heads = self._assumed(own, label, line)
            if heads is None:
                self._left(own)
                return
            official = len(heads.order) > 1 or line.endswith("administrative_fees")
        else:
            official = False
        columns = {leaf.column for leaf in heads.order}
        if columns & OLD_COLUMNS:
            self.found.old_shape.add(line)
        elif columns & NEW_COLUMNS or columns == {"decisions"}:
            self.found.new_shape.add(line)
        wording = LABELS_TWO["2019" if columns & OLD_COLUMNS else "2021"].get(line)
        if wording and core(label.text) != core(wording):
            self._differs(label.text, wording)
        if self._again(line):
            self._conflict(row, own, label, line, heads)
            return
        placed = self._place(row, own, label, _single(heads, row, own))
        if placed is None:
            self._left(own)
            return
        taken: dict[str, list[Slot]] = {}
        for leaf, slot in placed:
            if slot is None:
                continue
            if leaf.column:
                taken.setdefault(leaf.column, []).append(slot)
            elif slot.text.strip() and not is_blank(slot.text):
                self.found.leftover.append(f"{leaf.printed}: {slot.text}")
        for leaf in heads.order:
            slots = taken.pop(leaf.column, [])
            full = [s for s in slots if s.text.strip()] or slots
            if not slots:
                continue
            if len({plain(s.text) for s in full}) > 1:
                self.found.unsure.add(_cell_id(line, leaf.column))
                self._left(own)
                continue
            self._take(_cell_id(line, leaf.column), full[0].text, leaf, official)

    def _assumed(self, own: Sequence[Slot], label: Slot, line: ItemId) -> Heads | None:
        """No heads: one figure can only be the one there is, three only the official three."""
        after = _after(own, label)
        full = [s for s in after if s.text.strip()]
        columns = COLUMNS_OF["2021"].get(line)
        if columns is None or self.found.old_shape or (self.strange and len(columns) > 1):
            return None
        if line.endswith("administrative_fees"):
            columns = ("amount_of_fees",)
        if len(full) != len(columns) and len(after) != len(columns):
            return None
        return Heads("two", order=tuple(Leaf(c, i, 1, "") for i, c in enumerate(columns)))

    # -- table four

    def _four(self, row: Row, own: Sequence[Slot], heads: Heads) -> bool:
        texts = [s for s in own if s.text.strip() and not is_value(s.text)]
        if len(texts) > 2:
            return False
        label = texts[-1] if texts else None
        block = head_of(label.text, "four") if label else None
        if label and (core(label.text) in ROWS_TWO or core(label.text) in ROWS_THREE) and not block:
            return False
        if block and block.column in BLOCKS:
            return self._four_block(own, label, block.column, heads)
        if any(is_figure(slot.text) for slot in own):
            self._forget_hollow(heads)
        placed = self._place(row, own, label, heads)
        if placed is None or not heads.order or ((row.loose or row.blind) and self.strange):
            self._left(own)
            return True
        if any(
            _four_id(leaf.column) in self.found.values
            for leaf, slot in placed
            if slot and leaf.column
        ):
            self._conflict_four(placed, own)
            return True
        for leaf, slot in placed:
            if leaf.column and slot is not None:
                self._take(leaf.column, slot.text, leaf, official=False)
            elif slot is not None and slot.text.strip() and not is_blank(slot.text):
                self.found.leftover.append(f"{leaf.printed}: {slot.text}")
        return True

    def _forget_hollow(self, heads: Heads) -> None:
        """A row of blanks before the figures was only room between the lines."""
        cells = [leaf.column for leaf in heads.order if leaf.column in self.found.values]
        if cells and all(cell in self.found.blank for cell in cells):
            for cell in cells:
                self.found.values.pop(cell)
                self.found.blank.discard(cell)

    def _conflict_four(self, placed: list[tuple[Leaf, Slot | None]], own: Sequence[Slot]) -> None:
        for leaf, slot in placed:
            if leaf.column and slot is not None:
                again = figure(slot.text, Measure.COUNT)
                before = self.found.values.get(leaf.column)
                if before is not None and (again is None or again.value != before):
                    self._drop(leaf.column)
                    self._left(own)

    def _four_block(
        self, own: Sequence[Slot], label: Slot | None, block: str, heads: Heads
    ) -> bool:
        """One block a row: «行政复议 | 1 0 0 0 1» under five heads."""
        results = [leaf.column.rpartition(".")[2] for leaf in heads.order]
        values = _after(own, label)
        if len(results) != 5 or len(set(results)) != 5 or len(values) != 5:
            self._left(own)
            return True
        for leaf, result, slot in zip(heads.order, results, values, strict=True):
            cell = f"{block}.{result}"
            if cell in self.found.values:
                self._drop(cell)
                continue
            self._take(cell, slot.text, leaf, official=False)
        return True

    def _four_without_heads(self, own: Sequence[Slot]) -> bool:
        """Fifteen figures in a row under the heading of section four, their heads lost."""
        if (
            self.heads is not None
            or self.strange
            or len(own) != 15
            or not all(is_value(s.text) for s in own)
        ):
            return False
        self.found.kinds.add("four")
        cells = [cell.id for cell in _FOUR.cells]
        if any(cell in self.found.values for cell in cells):
            return False
        for cell, slot in zip(cells, own, strict=True):
            self._take(cell, slot.text, Leaf(cell, 0, 1, ""), official=True)
        return True


# ------------------------------------------------------------------ geometry


def _cell_id(line: ItemId, column: str) -> CellId:
    return f"{line}.{'amount' if column.startswith('amount') else column}"


def _four_id(column: str) -> CellId:
    return column


def _path_to(label: Slot, row: Row) -> list[str]:
    """The labels of a row up to the innermost."""
    path: list[str] = []
    for slot in row.slots:
        if slot.text.strip():
            path.append(slot.text)
        if slot is label:
            break
    return path


def _after(own: Sequence[Slot], label: Slot | None) -> list[Slot]:
    """The boxes right of the label."""
    if label is None:
        return list(own)
    for index, slot in enumerate(own):
        if slot is label:
            return list(own[index + 1 :])
    return []


def _single(heads: Heads, row: Row, own: Sequence[Slot]) -> Heads:
    """
    A head that stands over all the figures' columns, repeated in each, is one column.
    """
    if len(heads.order) > 1 and len({leaf.column for leaf in heads.order}) == 1:
        filled = [s for s in own if is_figure(s.text)]
        if len(filled) <= 1 and not (heads.leaves and row.width == heads.width):
            return Heads(heads.kind, order=heads.order[:1])
    return heads


def _in_order(
    row: Row, own: Sequence[Slot], label: Slot | None, heads: Heads
) -> list[tuple[Leaf, Slot | None]] | None:
    """The figures after the label, when they are exactly as many as the columns."""
    order = heads.order
    after = _after(own, label)
    if any(is_torn(slot.text) for slot in after):
        return None
    if label is None and heads.serials:
        if len(after) != len(order) + 1 or not after[0].text.isdigit():
            return None
        after = after[1:]
    if not order or not all(is_value(slot.text) for slot in after):
        return None
    if heads.kind != "two" and len([leaf for leaf in order if leaf.column]) < (
        FEWEST_LOOSE[heads.kind] if row.loose else 4
    ):
        return None
    if row.loose:
        full = [slot for slot in after if slot.text.strip()]
        if len(full) == len(order):
            return list(zip(order, full, strict=True))
        if not full:
            return None
        # empty lines at the ends part rows; only those inside can be empty cells
        after = after[after.index(full[0]) : len(after) - after[::-1].index(full[-1])]
        return list(zip(order, after, strict=True)) if len(after) == len(order) else None
    extra = len(after) - len(order)
    if extra > 0:
        leading = 0
        while leading < len(after) and not after[leading].text.strip():
            leading += 1
        trailing = 0
        while trailing < len(after) and not after[-1 - trailing].text.strip():
            trailing += 1
        if leading == extra and trailing == 0:
            after = after[extra:]
        elif trailing == extra and leading == 0:
            after = after[:-extra]
        else:
            return None
    if len(after) != len(order):
        return None
    return list(zip(order, after, strict=True))


def _in_place(
    own: Sequence[Slot], label: Slot | None, heads: Heads
) -> list[tuple[Leaf, Slot | None]] | None:
    """
    The boxes under each head, None where one is under two heads or under none.
    """
    after = _after(own, label)
    if label is None and heads.leaves:
        after = [slot for slot in after if slot.col >= min(leaf.col for leaf in heads.leaves)]
    used: dict[int, Leaf] = {}
    placed: list[tuple[Leaf, Slot | None]] = []
    for leaf in heads.leaves:
        under = [
            slot
            for slot in after
            if slot.col < leaf.col + leaf.width and slot.col + slot.width > leaf.col
        ]
        best = [slot for slot in under if 2 * _overlap(slot, leaf) >= min(slot.width, leaf.width)]
        full = [slot for slot in best if slot.text.strip()]
        if len(full) > 1:
            return None
        chosen = full[0] if full else (best[0] if best else None)
        if chosen is not None:
            if chosen.tall > 1:
                chosen = None
            elif id(chosen) in used and used[id(chosen)].column != leaf.column:
                return None
            else:
                used[id(chosen)] = leaf
        placed.append((leaf, chosen))
    for slot in after:
        stray = slot.text.strip() and id(slot) not in used and slot.tall == 1
        if stray and (not is_value(slot.text) or is_figure(slot.text)):
            return None
    return placed


def _overlapping(leaves: Sequence[Leaf]) -> bool:
    """Whether columns lie over each other: then their places mean nothing."""
    return any(a.col + a.width > b.col for a, b in itertools.pairwise(leaves))


def _overlap(slot: Slot, leaf: Leaf) -> int:
    return min(slot.col + slot.width, leaf.col + leaf.width) - max(slot.col, leaf.col)


def _placed(boxes: Sequence[tuple[Slot, Head | None]]) -> tuple[Leaf, ...]:
    """Table three's columns by place; a head that stands twice is none."""
    found: dict[int, Leaf] = {}
    for slot, head in boxes:
        if head and head.column:
            known = found.get(slot.col)
            if known is None or known.column == head.column:
                found[slot.col] = Leaf(head.column, slot.col, slot.width, slot.text)
            else:
                return ()  # two heads in one place: places mean nothing
    if not found:
        return ()
    first = min(found)
    for slot, head in boxes:
        if (
            head is None
            and slot.col > first
            and not any(
                leaf.col < slot.col + slot.width and slot.col < leaf.col + leaf.width
                for leaf in found.values()
            )
        ):
            found[slot.col] = Leaf("", slot.col, slot.width, slot.text)
    times: dict[str, int] = {}
    for leaf in found.values():
        times[leaf.column] = times.get(leaf.column, 0) + 1
    return tuple(
        leaf if times[leaf.column] == 1 else Leaf("", leaf.col, leaf.width, leaf.printed)
        for _, leaf in sorted(found.items())
    )


def _expanded(
    rows: Sequence[Sequence[tuple[Slot, Head | None]]], *, loose: bool
) -> tuple[Leaf, ...]:
    """
    Table three's columns by order: the kinds of organization belong where their head stands.

    Without that head they must stand in one row with the others, else nothing is sure.
    """
    boxes = [box for line in rows for box in line]
    order: list[Leaf] = []
    place: int | None = None
    inner: list[Leaf] = []
    started = False
    for slot, head in boxes:
        leaf = Leaf(head.column if head else "", slot.col, slot.width, slot.text)
        if head and not head.column:
            if (
                plain(slot.text) in GROUP_THREE
                or (plain(slot.text) not in HEADS_THREE and "法人" in slot.text)
            ) and place is None:
                place = len(order)
            continue
        if head is None and not started:
            continue
        started = True
        if head and head.column in OF_ORGANIZATIONS and place is not None:
            inner.append(leaf)
        else:
            order.append(leaf)
    if place is not None:
        order[place:place] = inner
    else:
        together = sum(any(head and head.column for _, head in line) for line in rows) <= 1
        if not together or (loose and [leaf.column for leaf in order] != list(APPLICANTS)):
            return ()
    columns = [leaf.column for leaf in order if leaf.column]
    if len(set(columns)) != len(columns):
        unique: list[Leaf] = []
        for leaf in order:  # heads repeated in every box they reach over
            if not leaf.column or leaf.column not in {other.column for other in unique}:
                unique.append(leaf)
        order = unique
    return tuple(order)


def _placed_four(rows: Sequence[Sequence[tuple[Slot, Head | None]]]) -> tuple[Leaf, ...]:
    """Table four's columns by place: each result under the block that stands over it."""
    blocks: list[tuple[int, int, str, int]] = []  # column, end, block, row
    results: list[tuple[Slot, str, int]] = []
    for depth, line in enumerate(rows):
        for slot, head in line:
            if head is None or not head.column:
                continue
            if head.column in BLOCKS:
                blocks.append((slot.col, slot.col + slot.width, head.column, depth))
            else:
                results.append((slot, head.column, depth))
    leaves: dict[int, Leaf] = {}
    litigation = [
        slot.col for line in rows for slot, head in line if head and head.label == "行政诉讼"
    ]
    for slot, result, depth in results:
        over = [b for b in blocks if b[3] < depth and b[0] <= slot.col < b[1]]
        if not over:
            # merged boxes lost: the block stands only over its first column
            left = [b for b in blocks if b[3] < depth and b[0] <= slot.col]
            if not left:
                return ()
            nearest_left = max(b[0] for b in left)
            over = [b for b in left if b[0] == nearest_left]
            if over[0][2] == BLOCKS[0] and any(over[0][0] < col <= slot.col for col in litigation):
                return ()
        block = max(over, key=lambda b: b[3])[2]
        column = f"{block}.{result}"
        leaves[slot.col] = Leaf(column, slot.col, slot.width, slot.text)
    columns = [leaf.column for leaf in leaves.values()]
    if len(set(columns)) != len(columns):
        return ()
    return tuple(leaf for _, leaf in sorted(leaves.items()))


def _expanded_four(rows: Sequence[Sequence[tuple[Slot, Head | None]]]) -> tuple[Leaf, ...]:
    """Table four's columns by order: groups of results, each for the next block waiting."""
    boxes = [(slot, head) for line in rows for slot, head in line]
    waiting: list[str] = []
    groups: dict[str, list[Leaf]] = {}
    current: str | None = None
    first_four = ""
    blocks: list[str] = []
    for slot, head in boxes:
        if head is None:
            return ()
        if head.label == "行政诉讼" and not head.column:
            first_four = first_four or "litigation"
            continue
        if head.column in BLOCKS:
            first_four = first_four or "reconsideration"
            if head.column in blocks:
                continue
            blocks.append(head.column)
            waiting.append(head.column)
            current = None
            continue
        if not head.column:
            continue
        if current is None or any(
            leaf.column == f"{current}.{head.column}" for leaf in groups[current]
        ):
            if not waiting:
                if not blocks:
                    current = "?"
                    if current in groups:
                        return ()
                    groups[current] = []
                else:
                    return ()
            else:
                current = waiting.pop(0)
                groups[current] = []
        groups[current].append(Leaf(f"{current}.{head.column}", slot.col, slot.width, slot.text))
    if waiting and len(groups) > 1:
        return ()  # with one group of results, each block has a row of its own
    order = list(groups)
    if first_four == "litigation":
        order = [b for b in order if b != BLOCKS[0]] + [b for b in order if b == BLOCKS[0]]
    sizes = {len(group) for group in groups.values()}
    if len(groups) > 1 and len(sizes) != 1:
        return ()
    return tuple(leaf for block in order for leaf in groups[block])


def table_of(kind: str, edition: str) -> Table:
    """The form's table of a kind."""
    form = ANNUAL_REPORT_2019 if edition == "2019" else ANNUAL_REPORT_2021
    return form.tables[("two", "three", "four").index(kind)]
