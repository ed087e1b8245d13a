"""
What every kind of file is brought into before anything is understood: blocks in
reading order, a paragraph or a grid, and the refusals that are possible on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Protocol

Path = tuple[int, ...]

MAX_BYTES = 20_000_000
MAX_CELLS = 120_000
MAX_STEPS = 3_000_000


# The kinds of files that are read, for whoever sent another; the last four of the texts
# through LibreOffice.
TEXTS_READ = ".docx、.txt、.doc、.wps、.rtf、.odt"
READ = f"{TEXTS_READ}、.html、.mht 和带文字的 .pdf"


class UnreadableReason(Enum):
    """Why a file cannot be read; each has one plain sentence for the person who sent it."""

    EMPTY = "文件是空的，请重新发送。"
    BROKEN = "文件已损坏，打不开。请用 Word 或 WPS 打开后另存一份再发送。"
    ENCRYPTED = "文件有密码保护，请取消密码后再发送。"
    SCANNED = (
        f"这是扫描件或图片，里面没有文字，读不了；请找到原来的电子文件再发送，能读的是 {READ}。"
    )
    FOREIGN = "没有在文件里找到政府信息公开工作年度报告。请确认发送的是年度报告全文。"
    UNSUPPORTED = f"这种文件读不了；请另存为 .docx 再发送，能读的是 {READ}。"
    ARCHIVE = f"这是压缩包，读不了；请解压后发送里面的年报，能读的是 {READ}。"
    OFD = (
        f"这是 .ofd 文件，读不了；请发送原来的 Word 文件，或在阅读器里导出为 PDF，能读的是 {READ}。"
    )
    PAGES = f"这是 .pages 文件，读不了；请在 Pages 里导出为 Word 文件再发送，能读的是 {READ}。"
    SHEET = f"这是电子表格（.xlsx、.xls、.et），不是年报全文；请发送年报本身，能读的是 {READ}。"
    SLIDES = f"这是演示文稿，不是年报全文；请发送年报本身，能读的是 {READ}。"
    TOO_LARGE = "文件太大，超出了能够读取的范围。请只发送年度报告本身。"
    TOO_DEEP = "文件的表格或网页嵌套太深，无法读取。请另存为 Word 文件后再发送。"
    NO_PDF_READER = (
        "没有安装读取 PDF 的组件，请安装：pip install 'nianbao[pdf]'；或改发 .docx 文件。"
    )
    TOO_SLOW = "读取这个文件用时太长，已停止。请只留报告的文字和表格，再发送。"
    TOO_MUCH_MEMORY = "读取这个文件占用的内存太多，已停止。请只留报告的文字和表格，再发送。"


class Left(Enum):
    """What stands in running text and is not taken as text; a table becomes lines."""

    PICTURE = "picture"
    CHART = "chart"
    EMBEDDED = "embedded"
    FORMULA = "formula"
    FOOTNOTE = "footnote"
    STRUCK = "struck"
    HIDDEN = "hidden"
    SIGN = "sign"
    SOUND = "sound"
    AROUND = "around"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How often something of the running text of a section was not taken as it stands."""

    section: str
    what: Left
    count: int


class Unreadable(Exception):  # noqa: N818
    """The file cannot be read, and why: one reason, one Chinese sentence."""

    def __init__(self, reason: UnreadableReason, sentence: str = "") -> None:
        """Keep the reason; the message is its sentence, or one that says more."""
        self.sentence = sentence or reason.value
        super().__init__(self.sentence)
        self.reason = reason


class NeedsConversion(Exception):  # noqa: N818
    """A file that LibreOffice can turn into .docx (`kind`: doc, rtf, odt); the edge does it."""

    def __init__(self, kind: str) -> None:
        """Keep the kind, which is the ending the converter wants."""
        super().__init__(kind)
        self.kind = kind
        self.sentence = "这是旧格式的文件，需要先转换为 .docx。"


class WorkBudget:
    """
    What reading may cost: steps are counted, for there is no clock in this room.

    Raises:
        Unreadable: TOO_SLOW, from `spend`.
    """

    __slots__ = ("_left",)

    def __init__(self) -> None:
        """All steps are left."""
        self._left = MAX_STEPS

    def spend(self, steps: int = 1) -> None:
        """Take steps off; refuse when none are left."""
        self._left -= steps
        if self._left < 0:
            raise Unreadable(UnreadableReason.TOO_SLOW)


class Element(Protocol):
    """What is needed of an element of lxml, which this module does not import."""

    @property
    def tag(self) -> str: ...

    @property
    def text(self) -> str | None: ...

    @property
    def tail(self) -> str | None: ...

    @property
    def attrib(self) -> Mapping[str, str]: ...

    def get(self, key: str) -> str | None:
        """An attribute."""
        ...

    def iter(self, tag: str) -> Iterator[Element]:
        """The elements of a name below this one."""
        ...

    def itertext(self) -> Iterator[str]:
        """The texts below."""
        ...

    def __iter__(self) -> Iterator[Element]: ...


@dataclass(slots=True)
class GridCell:
    """
    One box of a table row: its text, where it stands, the room it takes.

    `own` is false where the box belongs to a row above (a merged cell reaching down).
    """

    text: str
    col: int = 0
    width: int = 1
    tall: int = 1
    own: bool = True


@dataclass(slots=True)
class GridRow:
    """
    One row of a table.

    `width` is the number of columns it covers; 0 where columns mean nothing (text).
    `loose` rows come out of a text with one cell a line: empty lines in them may be
    empty cells, or nothing. `blind` rows were parted at blanks: they cannot show an empty
    cell, so that a column more and a blank less look like nothing.
    """

    cells: list[GridCell]
    grid: int = -1
    width: int = 0
    loose: bool = False
    blind: bool = False

    @property
    def own(self) -> list[GridCell]:
        """The boxes that do not reach down from a row above."""
        return [cell for cell in self.cells if cell.own]

    @property
    def texts(self) -> list[str]:
        """The texts of its own boxes that have one."""
        return [cell.text for cell in self.own if cell.text.strip()]


@dataclass(slots=True)
class Para:
    """
    A paragraph of text; `path` leads to its element.

    `left` is what stands in it beside its words.
    """

    text: str
    path: Path = ()
    left: tuple[Left, ...] = ()


@dataclass(slots=True)
class Grid:
    """A table: its rows, with merged boxes laid out."""

    rows: list[GridRow]
    path: Path = ()


Block = Para | Grid


@dataclass(slots=True)
class Link:
    """A link of a page: where it leads, and what it says."""

    href: str
    text: str


@dataclass(slots=True)
class Source:
    """
    A file as blocks in reading order.

    `site` is true for text that may carry menus and footers of a web site; `marks` are
    traces of tools that were stripped; `hints` are titles found outside the text; `unseen` is
    what nobody sees on the page (.docx).
    """

    blocks: list[Block]
    kind: str
    site: bool = False
    marks: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    scripts: int = 0
    unseen: list[str] = field(default_factory=list)


@dataclass(slots=True)
class RawCell:
    """A table cell as the file has it, before merged boxes are laid out."""

    text: str
    columns: int = 1
    rows: int = 1
    continues: bool = False


def lay_out(raw: Sequence[Sequence[RawCell]], number: int, work: WorkBudget) -> list[GridRow]:
    """
    Lay merged boxes out, so that every row knows what stands in its columns.

    A box that reaches down appears in the rows below as not their own.

    Raises:
        Unreadable: TOO_LARGE, above MAX_CELLS boxes.
    """
    rows: list[GridRow] = []
    above: dict[int, tuple[int, GridCell]] = {}  # column → rows left, box
    boxes = 0
    for raw_cells in raw:
        cells: list[GridCell] = []
        below: dict[int, tuple[int, GridCell]] = {}
        col = _reach(0, above, below, cells)
        for raw_cell in raw_cells:
            work.spend()
            cell = GridCell(raw_cell.text, col, raw_cell.columns, raw_cell.rows)
            cells.append(cell)
            if cell.tall > 1:
                below[col] = (cell.tall - 1, cell)
            col = _reach(col + cell.width, above, below, cells)
        for start in sorted(above):  # a hole before a box that reaches down
            col = max(col, _reach(start, above, below, cells))
        work.spend(len(cells))
        boxes += len(cells)
        if boxes > MAX_CELLS:
            raise Unreadable(UnreadableReason.TOO_LARGE)
        rows.append(GridRow(cells, number, col))
        above = below
    return rows


def _reach(
    col: int,
    above: dict[int, tuple[int, GridCell]],
    below: dict[int, tuple[int, GridCell]],
    cells: list[GridCell],
) -> int:
    """Pass over the boxes that reach down from above at this column."""
    while col in above:
        rows_left, cell = above.pop(col)
        cells.append(replace(cell, own=False))
        if rows_left > 1:
            below[col] = (rows_left - 1, cell)
        col += cell.width
    return col
