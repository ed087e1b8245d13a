"""Makes rows of boxes from lines of text: with tabs, blanks, strokes, or one cell per line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from conversations.document.read.blocks import GridCell, GridRow, WorkBudget
from conversations.document.read.heads import head_of, is_article, says_table
from conversations.document.read.vocabulary import (
    AMBIGUOUS_HEADS,
    BEGINNINGS,
    HEADS,
    KNOWN,
    LONGEST,
    ORDER_THREE,
    ORDER_TWO,
    PARTED,
    ROWS,
    SERIAL_HEADS,
    PrintedTable,
)
from conversations.document.read.words import UNITS, core, is_blank, is_figure, is_value, plain

MOST_HEADS = 60  # more than in any table

KNOWN_HEADS = frozenset(word for heads in HEADS.values() for word in heads)

_PIPES = re.compile(r"[|│┃｜]")
_BORDER = re.compile(r"^[\s+\-=|:─━═┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬│┃｜]+$")
TORN = re.compile(r"[.,．，]\d")
_WIDE = re.compile(r"[ \u00a0]{2,}|[\u3000\u2003]+")
_ANY = re.compile(r"[\s\u00a0\u3000]+")


def rows_of(lines: Sequence[str], number: int, work: WorkBudget) -> list[GridRow]:
    """
    The rows in lines of text.

    `number` is the table's number for rows with reliable columns.
    """
    work.spend(sum(len(line) for line in lines) // 8 + len(lines))
    lines = heads_whole(lines)
    full = [line for line in lines if line.strip()]
    if not full:
        return []
    if sum(len(_PIPES.findall(line)) >= 2 for line in full) * 2 > len(full):
        return _by_strokes(full, number)
    if _is_indented(lines, full):
        return _by_blank_lines(lines)
    rows = [_cells(line) for line in lines]
    complete = sum(
        1
        for cells in rows
        if cells and any(is_figure(c) for c in cells[1:]) and not is_value(cells[0])
    ) + sum(1 for cells in rows if len(cells) > 2 and is_value(cells[0]) and not is_value(cells[1]))
    several = sum(
        len(cells) >= 3 or "\t" in line.strip() for cells, line in zip(rows, lines, strict=True)
    )
    if (complete >= 3 and complete * 5 >= len(full)) or several * 2 > len(full):
        made = _by_line([cells for cells in rows if cells], number)
        if not any("\t" in line for line in full):
            for row in made:
                row.blind, row.width = True, 0
        return made
    return _by_cell(lines, work)


def heads_whole(lines: Sequence[str]) -> list[str]:
    """Lines in which heads that were broken over two lines are joined."""
    made: list[str] = []
    for line in lines:
        whole = _zipped(made[-1], line) if made else None
        if whole:
            made[-1] = whole
        else:
            made.append(line)
    return made


def _zipped(above: str, below: str) -> str | None:
    """Two lines of heads joined: each piece below continues one above, in order."""
    upper, lower = above.split(), below.split()
    if not 2 <= len(lower) <= len(upper) <= MOST_HEADS or len(above) + len(below) > 400:
        return None
    words: list[str] = []
    waiting = list(lower)
    for piece in upper:
        if waiting and plain(piece + waiting[0]) in KNOWN_HEADS:
            words.append(piece + waiting.pop(0))
        elif plain(piece) in KNOWN_HEADS:
            words.append(piece)
        else:
            return None
    return None if waiting else "  ".join(words)


# ------------------------------------------------------------ one row per line


def _cells(line: str) -> list[str]:
    """
    The boxes of one line: split at tabs, else at wide blanks, before figures also at single ones.
    """
    if not line.strip():
        return []
    if "\t" in line:
        return [cell.strip() for cell in line.rstrip("\n").split("\t")]
    texts = [part for part in _WIDE.split(line.strip()) if part.strip()]
    cells: list[str] = []
    for text in texts:
        cells.extend(_figures_apart(text))
    return _joined(cells) if len(cells) > 1 else cells


def _figures_apart(text: str) -> list[str]:
    """«规章 0 0 0» is four boxes; «1. 属于国家秘密» is one; known heads are split."""
    words = _with_units([word for word in _ANY.split(text) if word])
    if len(words) == 1:
        return words
    if not any(is_value(word) for word in words):
        parts = _joined(words)
        if all(plain(part) in KNOWN for part in parts):
            return parts
    tail = len(words)
    while tail and is_value(words[tail - 1]):
        tail -= 1
    if tail == len(words):
        return [text]
    if not tail:
        return words
    front = 1 if tail > 1 and words[0].isdigit() else 0
    label = words[front:tail]
    known = 0
    while known < len(label) and says_table(label[known]):
        known += 1
    rest = " ".join(label[known:])
    return [*words[:front], *label[:known], *([rest] if rest else []), *words[tail:]]


def _with_units(words: Sequence[str]) -> list[str]:
    """Words, with units and single marks joined to the figure before them."""
    made: list[str] = []
    for word in words:
        beside = word in UNITS or (not plain(word) and not is_value(word))
        if made and beside and is_figure(made[-1]):
            made[-1] += word
        else:
            made.append(word)
    return made


def _row(cells: Sequence[str], number: int = -1, width: int = 0) -> GridRow:
    return GridRow([GridCell(text, col) for col, text in enumerate(cells)], number, width)


def _by_line(rows: Sequence[list[str]], number: int) -> list[GridRow]:
    """
    One row per line.

    Lines with the same number of tabs have reliable columns. Figures on a line without a label are
    assigned to the labels beside them only if all rows between two complete ones are there in
    order.
    """
    widths = {len(cells) for cells in rows if len(cells) > 1}
    singles = sum(len(cells) == 1 for cells in rows)
    if len(widths) == 1 and not singles:
        width = widths.pop()
        return [_row(cells, number, width) for cells in rows]
    made: list[GridRow] = []
    texts: list[list[str]] = []
    bare: list[list[str]] = []

    def settle(before: str, after: str) -> None:
        """Join the labels and the figures that stand on separate lines."""
        if not bare:
            made.extend(_row(cells) for cells in texts)
        else:
            labels = [cells for cells in texts if _leaf(cells)]
            order = ORDER_THREE if len(bare[0]) > 3 else ORDER_TWO
            names = [_leaf(cells) for cells in labels]
            if len(labels) == len(bare) and _between(before, names, after, order):
                for cells, figures in zip(labels, bare, strict=True):
                    made.append(_row([*cells, *figures]))
            else:
                made.extend(_row(cells) for cells in texts if not _leaf(cells))
                made.extend(_row(cells) for cells in bare)
        texts.clear()
        bare.clear()

    last = ""
    for line in rows:
        cells = line
        figures = [cell for cell in cells if is_figure(cell)]
        said = [cell for cell in cells if cell and not is_value(cell)]
        if figures and not said and _expects_label(made):
            bare.append(cells)
        elif said and not figures:
            if any(head_of(cell) for cell in said) or any(is_article(cell) for cell in said):
                settle(last, "")
                made.append(_row(cells))
                last = ""
            else:
                texts.append(cells)
        else:
            name = _leaf(said) if said else ""
            if texts and not bare and not name and said:
                cells = _prefixed(texts, cells)
                name = _leaf([c for c in cells if c and not is_value(c)])
            settle(last, name)
            made.append(_row(cells))
            last = name or last
    settle(last, "")
    return made


def _expects_label(made: Sequence[GridRow]) -> bool:
    """Whether figures need labels: in tables two and three, but not in table four."""
    if not made:
        return False
    heads = [head_of(text, PrintedTable.FOUR) for text in made[-1].texts]
    return {head.table for head in heads if head} != {PrintedTable.FOUR}


def _prefixed(texts: list[list[str]], cells: list[str]) -> list[str]:
    """A label broken over two lines, joined if that makes a known one."""
    joined = "".join(texts[-1])
    for index, cell in enumerate(cells):
        if cell and not is_value(cell):
            whole = joined + cell
            if core(whole) in ROWS or plain(whole) in KNOWN:
                texts.pop()
                return [*cells[:index], whole, *cells[index + 1 :]]
            break
    return cells


def _leaf(cells: Sequence[str]) -> str:
    """The row that the last label of a line names exactly, else ""."""
    for text in reversed(cells):
        if text.strip():
            name = ROWS.get(core(text))
            return name.line if name else ""
    return ""


def _between(before: str, names: Sequence[str], after: str, order: list[str]) -> bool:
    """Whether `names` are all rows between two others, in printed order."""
    if not all(name in order for name in names) or before not in order or after not in order:
        return False
    whole = list(order[order.index(before) + 1 : order.index(after)])
    return list(names) in (whole, [name for name in whole if name not in PARTED])


def _by_strokes(lines: Sequence[str], number: int) -> list[GridRow]:
    """Rows between strokes: «| 规章 | 0 | 0 | 0 |»; a border line ends a row."""
    rows: list[list[str]] = []
    bordered = sum(bool(_BORDER.match(line)) for line in lines) * 3 >= len(lines)
    open_row: list[str] | None = None
    for line in lines:
        if _BORDER.match(line) and not re.search(r"[|│┃｜]\s+[|│┃｜]", line):
            open_row = None
            continue
        cells = [cell.strip() for cell in _PIPES.split(line.strip())]
        if cells and not cells[0]:
            cells = cells[1:]
        if cells and not cells[-1]:
            cells = cells[:-1]
        if bordered and open_row is not None and len(open_row) == len(cells):
            for index, cell in enumerate(cells):
                open_row[index] = f"{open_row[index]}\n{cell}".strip()
        else:
            open_row = cells
            rows.append(open_row)
    widths = {len(cells) for cells in rows}
    width = widths.pop() if len(widths) == 1 else 0
    return [_row(cells, number if width else -1, width) for cells in rows]


# ------------------------------------------------------------ one cell per line


def _is_indented(lines: Sequence[str], full: Sequence[str]) -> bool:
    """
    Whether each cell is on a line after a tab, with a blank line after each row: text from Word.
    """
    behind = sum(line.startswith("\t") and "\t" not in line.strip() for line in full)
    return behind * 10 >= len(full) * 6 and any(not line for line in lines)


def _by_blank_lines(lines: Sequence[str]) -> list[GridRow]:
    rows: list[list[str]] = [[]]
    for line in lines:
        if not line:
            if rows[-1]:
                rows.append([])
        elif line.startswith("\t"):
            rows[-1].append(line[1:])
        elif rows[-1]:
            rows[-1][-1] += "\n" + line
        else:
            rows[-1].append(line)
    return [_row(cells) for cells in rows if cells]


def _by_cell(lines: Sequence[str], work: WorkBudget) -> list[GridRow]:
    """
    One cell per line: labels begin a row, the figures after them belong to it.

    Empty lines are kept in the rows, where they may be empty cells, unless they stand between all
    lines.
    """
    cells: list[str] = []
    for line in lines:
        if line.strip():
            parts = _cells(line)
            cells.extend(part for part in parts if part or len(parts) > 1)
        else:
            cells.append("")
    if _parted(cells):
        cells = [cell for cell in cells if cell]
    cells = _with_units(cells)
    work.spend(len(cells) * 4)
    without = _without_serials(_joined(cells))
    if without is None:  # row numbers that cannot be told from figures
        return [_loose([cell]) for cell in cells if cell and not is_value(cell)]
    cells = without
    rows: list[GridRow] = []
    texts: list[str] = []
    figures: list[str] = []

    def close() -> None:
        while figures and not figures[-1] and not any(figures):
            figures.pop()
        if texts or figures:
            rows.extend(_stacked(texts, figures))
        texts.clear()
        figures.clear()

    for cell in cells:
        if figures and figures[-1] and TORN.match(cell):
            figures[-1] += f" {cell}"  # its other part: no figure
        elif not cell or is_value(cell):
            if texts or figures or cell:
                figures.append(cell)
        else:
            if any(figures):
                close()
            elif figures:
                figures.clear()  # empty lines between labels
            texts.append(cell)
    close()
    return rows


def _parted(cells: Sequence[str]) -> bool:
    """Whether empty lines stand between all cells, and so mean nothing."""
    together = sum(bool(a) and bool(b) for a, b in itertools.pairwise(cells))
    return together * 10 < sum(map(bool, cells))


def _joined(cells: Sequence[str]) -> list[str]:
    """Labels broken over several lines, joined if that makes a known one."""
    made: list[str] = []
    index = 0
    while index < len(cells):
        best = index + 1
        text = cells[index]
        if text and not is_value(text) and len(plain(text)) < LONGEST:
            joined = text
            for end in range(index + 1, min(len(cells), index + 16)):
                nxt = cells[end]
                if not nxt or is_value(nxt):
                    break
                joined += nxt
                if plain(joined) not in BEGINNINGS:
                    break
                if plain(joined) in KNOWN and _better(cells[index : end + 1]):
                    best = end + 1
        made.append("".join(cells[index:best]))
        index = best
    return made


def _better(parts: Sequence[str]) -> bool:
    """Whether joining gives more than parts that are all known («其他», «结果维持»)."""
    return not all(plain(part) in KNOWN for part in parts)


def _without_serials(cells: list[str]) -> list[str] | None:
    """
    The cells without a column of row numbers, if a head names one.

    Every row must have a number, 1 or one more than the row above; else None.
    """
    if not any(plain(cell) in SERIAL_HEADS for cell in cells):
        return cells
    serials: list[int] = []
    previous = 0
    for index, cell in enumerate(cells):
        follows = index + 1 < len(cells) and is_figure(cells[index + 1])
        if not follows or not _leaf([cell]):
            continue
        before = index - 1
        while before >= 0 and cells[before] and not is_value(cells[before]):
            before -= 1
        if before < 0 or not (cells[before].isascii() and cells[before].isdigit()):
            return None
        number = int(cells[before][:9])
        if number not in {1, previous + 1}:
            return None
        previous = number
        serials.append(before)
    gone = set(serials)
    return [cell for index, cell in enumerate(cells) if index not in gone]


def _stacked(texts: list[str], figures: list[str]) -> list[GridRow]:
    """
    The rows of these texts and figures; heads and articles among the labels are rows of their own.
    """
    rows: list[GridRow] = []
    run: list[str] = []
    rest: list[str] = []
    for text in texts:
        head = head_of(text, PrintedTable.FOUR)
        if head is not None or (run and not says_table(text) and not figures):
            if rest:
                rows.extend(_loose([part]) for part in rest)
                rest = []
            if len({*map(_table_of, (*run, text))} - {None}) > 1 or len(run) > MOST_HEADS:
                rows.append(_loose(run))
                run = []
            run.append(text)
        else:
            if run:
                rows.append(_loose(run))
                run = []
            if is_article(text):
                rows.extend(_loose([part]) for part in rest)
                rest = []
                rows.append(_loose([text]))
            else:
                rest.append(text)
    if len(run) == 1 and figures and core(run[0]) in AMBIGUOUS_HEADS:
        rest.append(run.pop())
    if run:
        rows.append(_loose(run))
    if figures:
        rows.append(_loose([*rest, *figures]))
    else:
        rows.extend(_loose([part]) for part in rest)
    return rows


def _table_of(text: str) -> PrintedTable | None:
    """The table of a head, None if several tables have it."""
    if plain(text) in AMBIGUOUS_HEADS or is_blank(text):
        return None
    head = head_of(text, PrintedTable.FOUR)
    return head.table if head else None


def _loose(cells: Sequence[str]) -> GridRow:
    return GridRow([GridCell(text, col) for col, text in enumerate(cells)], loose=True)
