"""Reads a PDF with text as blocks: ruled tables as grids, lines joined into paragraphs."""

from __future__ import annotations

import io
import itertools
import re
import statistics
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conversations.document.read.blocks import (
    Block,
    Grid,
    GridCell,
    GridRow,
    Para,
    Source,
    Unreadable,
    UnreadableReason,
    WorkBudget,
)
from conversations.document.read.headings import heading
from conversations.document.read.heads import says_table
from conversations.document.read.marks import PICTURE, lowered, raised, struck
from conversations.document.read.paged import alike, is_of_report
from conversations.document.read.sections import is_page_number
from conversations.document.read.words import whole_characters

MAX_PAGES = 80
MAX_CHARS = 15_000
MAX_EDGES = 3_000
MAX_STREAM = 30_000_000
MAX_STREAMS = 150_000_000

FEWEST_LETTERS = 40  # of a file that counts as text
FEWEST_OVER_PICTURES = 80  # per page on average, if most pages are pictures

MAX_PICTURES = 100  # pictures of a page that are checked
SMALLEST_PICTURE = 40.0  # points; a smaller picture is an ornament
MAX_DRAWN = 4_000_000  # bytes of drawing commands, which are slow to process

_DRAWS = re.compile(rb"[\s\])>](?:Tj|TJ|Td|TD|Tm|Tf|re|cm|[lmcfSqQWn]|BT|ET)(?=\s)")
_STREAM = re.compile(rb"stream\r?\n")


def read_pdf(data: bytes, work: WorkBudget) -> Source:
    """
    Read a PDF.

    Raises:
        Unreadable: It is damaged, locked, too large, or has no text (a scan); or the PDF reader is
            not installed.
    """
    try:
        import pdfplumber
    except ImportError as error:
        raise Unreadable(UnreadableReason.NO_PDF_READER) from error

    _refuse_bombs(data, work)
    pages: list[_Page] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise Unreadable(UnreadableReason.TOO_LARGE)
            for number, page in enumerate(pdf.pages):
                pages.append(_read_page(page, number, work))
                page.close()
    except (Unreadable, RecursionError, MemoryError):
        raise
    except Exception as error:
        if _is_ours(error):
            raise
        said = repr(error) + repr(error.__cause__ or error.__context__)
        if "MemoryError" in said:
            raise MemoryError from error
        locked = "PasswordIncorrect" in said or "ExtractionNotAllowed" in said
        raise Unreadable(
            UnreadableReason.ENCRYPTED if locked else UnreadableReason.BROKEN
        ) from error
    if _is_scan(pages):
        raise Unreadable(UnreadableReason.SCANNED)
    return Source(_assembled(pages), "pdf")


def _is_ours(error: Exception) -> bool:
    """
    Whether an error was raised here, and not by the library, which raises many kinds for damaged
    files.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals["__name__"].startswith("conversations.")


@dataclass(slots=True)
class _Page:
    """The content of one page: lines of text, tables and pictures by their upper edges."""

    lines: list[_Line]
    grids: list[tuple[float, Grid]]
    pictures: list[float] = field(default_factory=list)
    height: float = 0.0
    letters: int = 0
    photographed: bool = False


def _is_scan(pages: Sequence[_Page]) -> bool:
    """Whether pages are photographed, with no more text than stamps and page headers."""
    letters = sum(page.letters for page in pages)
    pictures = sum(page.photographed for page in pages)
    return letters < FEWEST_LETTERS or (
        pictures * 2 > len(pages) and letters < FEWEST_OVER_PICTURES * len(pages)
    )


def _refuse_bombs(data: bytes, work: WorkBudget) -> None:
    """
    Unpack every compressed part once with a limit, before the library does it without one.

    Raises:
        Unreadable: One part, or all together, are too large unpacked.
    """
    if len(data) > 2_000_000 and (b"LZWDecode" in data or b"RunLengthDecode" in data):
        raise Unreadable(UnreadableReason.TOO_LARGE)  # compression that cannot be limited here
    total = drawn = 0
    view = memoryview(data)
    for match in _STREAM.finditer(data):
        work.spend(20)
        chunk: memoryview | bytes = view[match.end() :]
        for _ in range(4):
            size, chunk = _unpacked(chunk)
            total += size
            if size > MAX_DRAWN // 20 and len(_DRAWS.findall(chunk)) * 60 > len(chunk):
                drawn += size
            if size > MAX_STREAM or total > MAX_STREAMS or drawn > MAX_DRAWN:
                raise Unreadable(UnreadableReason.TOO_LARGE)
            if chunk[:1] not in {b"x", b"h", b"H", b"X"}:
                break


def _unpacked(chunk: memoryview | bytes) -> tuple[int, bytes]:
    """The unpacked size of a compressed part (counted up to the limit), and its beginning."""
    size = 0
    kept = b""
    unpacker = zlib.decompressobj()
    try:
        piece = unpacker.decompress(chunk, 1_000_000)
        while piece:
            if not size:
                kept = piece
            elif len(kept) < 4_000_000:
                kept += piece
            size += len(piece)
            if size > MAX_STREAM or not unpacker.unconsumed_tail:
                break
            piece = unpacker.decompress(unpacker.unconsumed_tail, 1_000_000)
    except zlib.error:
        pass
    return size, kept


@dataclass(slots=True)
class _Line:
    """A line of text: its box, the margins of the text, and the size of its letters."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    left: float = 0.0
    right: float = 0.0
    wide: bool = False
    pitch: float = 0.0


def _read_page(page: Any, number: int, work: WorkBudget) -> _Page:
    chars = page.chars
    if len(chars) > MAX_CHARS:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    work.spend(len(chars))
    photographed = any(
        image["width"] * image["height"] > 0.5 * float(page.width * page.height)
        for image in page.images[:MAX_PICTURES]
    )
    if not chars:
        return _Page([], [], photographed=photographed)
    page = _upright(page).dedupe_chars(tolerance=1)  # bold is printed as the same letter twice
    _mark(page)
    grids: list[tuple[float, Grid]] = []
    zones: list[tuple[float, float, float, float]] = []
    if len(page.edges) <= MAX_EDGES:
        for index, table in enumerate(page.find_tables()):
            for top, bottom, rows in _tabular(table, number * 100 + index + 1, work):
                grids.append((top, Grid(rows)))
                zones.append((table.bbox[0] - 2, top - 1, table.bbox[2] + 2, bottom + 1))
    lines = _lines([c for c in page.chars if not _within(c, zones)])
    grids.sort(key=lambda item: item[0])
    return _Page(lines, grids, _pictures(page), float(page.height), len(chars), photographed)


def _pictures(page: Any) -> list[float]:
    """The upper edges of pictures, without backgrounds and ornaments."""
    return sorted(
        float(image["top"])
        for image in page.images[:MAX_PICTURES]
        if min(image["width"], image["height"]) > SMALLEST_PICTURE
        and image["width"] * image["height"] < 0.8 * float(page.width * page.height)
    )


_TURNS = {(1, 0): 0, (0, 1): 90, (-1, 0): 180, (0, -1): 270}


def _upright(page: Any) -> Any:
    """The page, turned so that most of its text runs from left to right."""
    ways: Counter[tuple[int, int]] = Counter()
    for char in page.chars:
        across, up = char["matrix"][:2]
        ways[(across > 0) - (across < 0), (up > 0) - (up < 0)] += 1
    turn = _TURNS.get(ways.most_common(1)[0][0], 0)
    if not turn:
        return page
    inner = page.page_obj
    inner.rotate = inner.attrs["Rotate"] = (page.rotation + turn) % 360
    return type(page)(page.pdf, inner, page.page_number, page.initial_doctop)


def _mark(page: Any) -> None:
    """Mark raised, lowered and struck-out letters of a page (see `marks`)."""
    strokes: dict[int, list[tuple[float, float, float]]] = {}
    for stroke in (*page.rects, *page.lines):
        if stroke["bottom"] - stroke["top"] < 2 < stroke["x1"] - stroke["x0"]:
            y = (stroke["top"] + stroke["bottom"]) / 2
            strokes.setdefault(int(y), []).append((y, stroke["x0"], stroke["x1"]))
    rules: dict[int, list[tuple[float, float, float]]] = {}
    for edge in page.edges[:MAX_EDGES]:
        if edge["orientation"] == "v":
            rule = (edge["x0"], edge["top"], edge["bottom"])
            rules.setdefault(int(edge["x0"]), []).append(rule)
    chars = page.chars
    moved = [0] * len(chars)  # 1 above, -1 below the letter before it
    for index, char in enumerate(chars):
        if index and _beside(chars[index - 1], char, rules):
            before = chars[index - 1]
            moved[index] = _raise(before, char)
            if not moved[index] and moved[index - 1] and before["size"] == char["size"]:
                moved[index] = moved[index - 1]
            elif moved[index] and before["size"] < 0.85 * char["size"]:
                moved[index - 1], moved[index] = -moved[index], 0  # the mark comes first
    for char, way in zip(chars, moved, strict=True):
        if way:
            char["text"] = raised(char["text"]) if way > 0 else lowered(char["text"])
        elif strokes and _is_struck(char, strokes):
            char["text"] = struck(char["text"])


def _beside(
    left: Mapping[str, Any],
    right: Mapping[str, Any],
    rules: Mapping[int, Sequence[tuple[float, float, float]]],
) -> bool:
    """Whether a letter closely follows another on its line, with no ruled line between them."""
    size = max(left["size"], right["size"])
    near = -0.3 * size < right["x0"] - left["x1"] < 0.5 * size
    if not (near and left["top"] < right["bottom"] and right["top"] < left["bottom"]):
        return False
    start, end = left["x0"], right["x1"]
    return not any(
        start < x < end and top < right["bottom"] and bottom > right["top"]
        for place in range(int(start), int(end) + 1)
        for x, top, bottom in rules.get(place, ())
    )


def _raise(before: Mapping[str, Any], char: Mapping[str, Any]) -> int:
    """Whether a letter is above (1) or below (-1) the one before it; 0 for neither."""
    up = float(char["matrix"][5] - before["matrix"][5])
    if before["fontname"] == char["fontname"] and not up:
        up = float(char["y0"] - before["y0"])
        up = up if abs(up) > 0.2 * before["size"] else 0.0
    if abs(up) <= 0.15 * max(before["size"], char["size"]):
        return 0
    return 1 if up > 0 else -1


def _is_struck(
    char: Mapping[str, Any], strokes: Mapping[int, Sequence[tuple[float, float, float]]]
) -> bool:
    """Whether a stroke crosses the middle of a letter."""
    height = char["bottom"] - char["top"]
    first, last = char["top"] + 0.35 * height, char["top"] + 0.7 * height
    middle = (char["x0"] + char["x1"]) / 2
    return any(
        first <= y <= last and x0 <= middle <= x1
        for row in range(int(first), int(last) + 1)
        for y, x0, x1 in strokes.get(row, ())
    )


_RUNNING = re.compile(
    r"^(https?|file)://\S+|^\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}[,，\s]|^第?\d{1,3}/\d{1,3}页?$"
)


def _assembled(pages: Sequence[_Page]) -> list[Block]:
    """The pages in order, without headers and footers, as paragraphs and grids."""
    edges = [[line for line in page.lines if _at_edge(line, page.height)] for page in pages]
    # The organ is at the top of the first page, and perhaps again as signature on the last.
    often = Counter(key for lines in edges[1:] for key in {alike(line.text) for line in lines})
    for page in pages:
        page.lines = [line for line in page.lines if not _is_running(line, page.height, often)]
    _margins([line for page in pages for line in page.lines])
    blocks: list[Block] = []
    previous: _Line | None = None
    for page in pages:
        waiting = list(page.grids)
        pictures = list(page.pictures)
        for line in page.lines:
            while pictures and pictures[0] <= line.top:
                pictures.pop(0)
                blocks.append(Para(PICTURE))
                previous = None
            while waiting and waiting[0][0] <= line.top:
                blocks.append(waiting.pop(0)[1])
                previous = None
            last = blocks[-1] if blocks else None
            if previous is not None and isinstance(last, Para) and _continues(previous, line):
                latin = last.text[-1:].isascii() and line.text[:1].isascii()
                apart = latin and last.text[-1:].isalpha() and line.text[:1].isalpha()
                last.text += (" " if apart else "") + line.text
            else:
                blocks.append(Para(line.text))
            previous = line
        if pictures:
            blocks.extend(Para(PICTURE) for _ in pictures)
            previous = None
        if waiting:
            blocks.extend(grid for _, grid in waiting)
            previous = None
    return blocks


def _at_edge(line: _Line, height: float) -> bool:
    """Whether a line is in the area of page headers and footers."""
    return line.top > height * 0.88 or line.bottom < height * 0.1


def _is_running(line: _Line, height: float, often: Mapping[str, int]) -> bool:
    """
    Whether a line is a page number, a browser's header or footer, or repeated on several pages.
    """
    if not _at_edge(line, height):
        return False
    again = often.get(alike(line.text), 0) > 1 and not is_of_report(line.text)
    return again or bool(is_page_number(line.text) or _RUNNING.match(line.text))


def _within(char: Mapping[str, Any], zones: Sequence[tuple[float, float, float, float]]) -> bool:
    x = (char["x0"] + char["x1"]) / 2
    y = (char["top"] + char["bottom"]) / 2
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in zones)


def _tabular(table: Any, number: int, work: WorkBudget) -> list[tuple[float, float, list[GridRow]]]:
    """The parts of a ruled table with figures and labels; frames around text have none."""
    texts = table.extract()
    bounds: set[float] = set()
    for row in table.rows:
        for box in row.cells:
            if box:
                bounds.update((box[0], box[2]))
    edges = _clustered(sorted(bounds))
    bottoms = [row.bbox[3] for row in table.rows]
    parts: list[tuple[float, float, list[GridRow]]] = []
    made: list[GridRow] = []
    start = end = 0.0
    reaching: list[tuple[GridCell, float]] = []
    for index, (row, row_texts) in enumerate(zip(table.rows, texts, strict=True)):
        work.spend(len(row_texts) + 1)
        cells: list[GridCell] = []
        top, bottom = row.bbox[1], min([row.bbox[3], *(b[3] for b in row.cells if b)])
        for box, text in zip(row.cells, row_texts, strict=True):
            if not box:
                continue
            col = _place(edges, box[0])
            width = max(1, _place(edges, box[2]) - col)
            tall = 1 + sum(1 for other in bottoms[index + 1 :] if other <= box[3] + 2)
            cells.append(GridCell(whole_characters(text or ""), col, width, max(1, tall)))
        own = list(cells)
        cells.extend(
            GridCell(cell.text, cell.col, cell.width, cell.tall, own=False)
            for cell, reach in reaching
            if reach > top + 2
        )
        cells.sort(key=lambda cell: cell.col)
        reaching = [(s, r) for s, r in reaching if r > bottom + 2]
        reaching += [
            (s, b[3])
            for s, b in zip(own, [b for b in row.cells if b], strict=True)
            if b[3] > bottom + 2
        ]
        full = [cell.text for cell in own if cell.text.strip()]
        is_label = len(full) == 1 and says_table(full[0])
        if len(full) >= 2 or is_label:
            if not made:
                start = top
            end = bottom
            made.append(GridRow(cells, number, max(1, len(edges) - 1)))
        elif full and made:
            parts.append((start, end, made))
            made = []
    if made:
        parts.append((start, end, made))
    return parts


def _clustered(values: Sequence[float]) -> list[float]:
    """Edges without those closely after another."""
    edges: list[float] = []
    for value in values:
        if not edges or value - edges[-1] > 2.5:
            edges.append(value)
    return edges


def _place(edges: Sequence[float], x: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - x))


def _lines(chars: Sequence[Mapping[str, Any]]) -> list[_Line]:
    """Letters joined into lines, with blanks only where the page has them."""
    rows: list[list[Mapping[str, Any]]] = []
    middles: list[float] = []
    for char in sorted(chars, key=lambda c: ((c["top"] + c["bottom"]) / 2, c["x0"])):
        middle = (char["top"] + char["bottom"]) / 2
        if rows and abs(middle - middles[-1]) <= max(2.0, 0.4 * char["size"]):
            rows[-1].append(char)
        else:
            rows.append([char])
            middles.append(middle)
    lines: list[_Line] = []
    for row in rows:
        row.sort(key=lambda c: c["x0"])
        text = ""
        wide = 0
        last: Mapping[str, Any] | None = None
        for char in row:
            said = whole_characters(char["text"])
            if last is not None:
                gap = char["x0"] - last["x1"]
                size = max(float(char["size"]), 1.0)
                if gap > 1.6 * size:
                    text += "  "
                    wide += 1
                elif gap > 0.25 * size and text[-1:].isascii() and said.isascii():
                    text += " "
            text += said
            last = char
        text = text.strip()
        if not text:
            continue
        filled = [c for c in row if c["text"].strip()]
        if not filled:
            continue
        lines.append(
            _Line(
                text,
                float(filled[0]["x0"]),
                float(max(c["x1"] for c in filled)),
                float(min(c["top"] for c in filled)),
                float(max(c["bottom"] for c in filled)),
                float(statistics.median(c["size"] for c in filled)),
                wide=wide >= 2,
            )
        )
    return lines


def _margins(lines: list[_Line]) -> None:
    """Set the margins of running text: where several lines begin, and where several end."""
    if not lines:
        return
    size = statistics.median(line.size for line in lines)
    left = _edge([line.x0 for line in lines], size)
    right = -_edge([-line.x1 for line in lines], size)
    steps = [b.top - a.top for a, b in itertools.pairwise(lines) if b.top > a.top]
    pitch = statistics.median_low(steps) if steps else 0.0
    for line in lines:
        line.left, line.right, line.pitch = left, right, pitch


def _edge(values: list[float], size: float) -> float:
    """The outermost place near which at least a twelfth of all lines, or three, have their edge."""
    values = sorted(values)
    enough = max(2, min(3, len(values)), len(values) // 12)
    for index, value in enumerate(values):
        if index + enough <= len(values) and values[index + enough - 1] - value <= 1.5 * size:
            return value
    return values[0]


def _continues(before: _Line, line: _Line) -> bool:
    """Whether a line continues the paragraph of the line before."""
    size = max(line.size, 1.0)
    if before.wide or line.wide or abs(before.size - line.size) > 0.25 * size:
        return False
    ended = before.text.endswith(("。", "；", "：", "！", "？", ".", ";", ":"))
    if before.x1 < before.right - (2.2 if ended else 5) * size:
        return False
    if line.x0 > line.left + 1.2 * size:
        return False
    if before.pitch and line.top - before.top > 1.5 * before.pitch:
        return False  # paragraphs separated by space instead of an indent
    return heading(line.text) is None and heading(before.text) is None
