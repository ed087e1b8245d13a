"""
The common form of every kind of file before it is understood: blocks in reading order (paragraphs
and grids), and the possible refusals.
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


# The kinds of files that are read, for refusals; LibreOffice converts the last four of the texts.
TEXTS_READ = ".docx、.txt、.doc、.wps、.rtf、.odt"
READ = f"{TEXTS_READ}、.html、.mht 和带文字的 .pdf"


class UnreadableReason(Enum):
    """Why a file cannot be read; each has one plain sentence for the sender."""

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
    """Content of running text that is not taken as text; a table becomes lines."""

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
    """How often one kind of content was left out of a section's running text."""

    section: str
    what: Left
    count: int


class Unreadable(Exception):  # noqa: N818
    """The file cannot be read: one reason, one Chinese sentence."""

    def __init__(self, reason: UnreadableReason, sentence: str = "") -> None:
        """Keep the reason; the message is its sentence, or a more exact one."""
        self.sentence = sentence or reason.value
        super().__init__(self.sentence)
        self.reason = reason


class NeedsConversion(Exception):  # noqa: N818
    """
    A file that LibreOffice can convert into .docx (`kind`: doc, rtf, odt); the caller does it.
    """

    def __init__(self, kind: str) -> None:
        """Keep the kind, the extension that the converter needs."""
        super().__init__(kind)
        self.kind = kind
        self.sentence = "这是旧格式的文件，需要先转换为 .docx。"


class WorkBudget:
    """
    The limit of work for reading a file: steps are counted, because this room has no clock.

    Raises:
        Unreadable: TOO_SLOW, from `spend`.
    """

    __slots__ = ("_left",)

    def __init__(self) -> None:
        """Start with all steps."""
        self._left = MAX_STEPS

    def spend(self, steps: int = 1) -> None:
        """Subtract steps, and refuse if none are left."""
        self._left -= steps
        if self._left < 0:
            raise Unreadable(UnreadableReason.TOO_SLOW)


class Element(Protocol):
    """The used part of lxml's element, which this module does not import."""

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
        """The elements of this name below this one."""
        ...

    def itertext(self) -> Iterator[str]:
        """The texts inside."""
        ...

    def __iter__(self) -> Iterator[Element]: ...


@dataclass(slots=True)
class GridCell:
    """
    One box of a table row: its text, its place, and the columns and rows it spans.

    `own` is false if the box belongs to a row above (a merged cell that reaches down).
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

    `width` is the number of columns it covers; 0 if columns mean nothing (text). `loose` rows come
    from a text with one cell per line: empty lines in them may be empty cells, or nothing. `blind`
    rows were split at blanks: an empty cell in them is invisible, so a missing cell looks like a
    missing column.
    """

    cells: list[GridCell]
    grid: int = -1
    width: int = 0
    loose: bool = False
    blind: bool = False

    @property
    def own(self) -> list[GridCell]:
        """The boxes without those that reach down from a row above."""
        return [cell for cell in self.cells if cell.own]

    @property
    def texts(self) -> list[str]:
        """The texts of its own boxes, without empty ones."""
        return [cell.text for cell in self.own if cell.text.strip()]


@dataclass(slots=True)
class Para:
    """
    A paragraph of text; `path` leads to its element.

    `left` is its content other than words.
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
    """A link of a page: its target and its text."""

    href: str
    text: str


@dataclass(slots=True)
class Source:
    """
    A file as blocks in reading order.

    `site` is true for text that may contain menus and footers of a website; `marks` are traces of
    tools that were removed; `hints` are titles found outside the text; `unseen` are texts that are
    invisible on the page (.docx).
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
    """A table cell as in the file, before merged boxes are laid out."""

    text: str
    columns: int = 1
    rows: int = 1
    continues: bool = False


def lay_out(raw: Sequence[Sequence[RawCell]], number: int, work: WorkBudget) -> list[GridRow]:
    """
    Lay out merged boxes, so that every row has a box for each of its columns.

    A box that reaches down appears in the rows below as not their own.

    Raises:
        Unreadable: TOO_LARGE, for more than MAX_CELLS boxes.
    """
    rows: list[GridRow] = []
    above: dict[int, tuple[int, GridCell]] = {}  # column → remaining rows, box
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
        for start in sorted(above):  # a gap before a box that reaches down
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
    """Add the boxes that reach down from above at this column; returns the next free column."""
    while col in above:
        rows_left, cell = above.pop(col)
        cells.append(replace(cell, own=False))
        if rows_left > 1:
            below[col] = (rows_left - 1, cell)
        col += cell.width
    return col
