"""
Reads the three tables from rows of boxes, by their labels.

Rows come from Word, a web page, a PDF or plain text, with or without reliable columns. A figure is
taken only if its row's label and its column's head are both known and nothing else fits as well:
better unread than wrong.
"""

from __future__ import annotations

from collections.abc import Sequence

from conversations.document.read.blocks import GridCell, GridRow, WorkBudget
from conversations.document.read.heads import (
    Columns,
    Heads,
    PrintedColumn,
    head_of,
    heads_four,
    heads_three,
    heads_two,
    is_article,
    near_head,
    says_table,
)
from conversations.document.read.labels import Label, LabelMatcher, goes_on, label_of, names_row
from conversations.document.read.placing import boxes_after, place
from conversations.document.read.readings import Readings
from conversations.document.read.remarks import is_caption
from conversations.document.read.table_two import read_row_of_two
from conversations.document.read.vocabulary import (
    AMBIGUOUS_HEADS,
    APPLICANT,
    APPLICANTS,
    BLOCKS,
    HEADS,
    LONGEST,
    PARTED,
    ROWS_THREE,
    SERIAL_HEADS,
    TOTALS,
    UNIT_LINE,
    PrintedTable,
)
from conversations.document.read.words import (
    core,
    is_blank,
    is_figure,
    is_torn,
    is_value,
    numbering,
    plain,
)
from conversations.form import FORM_IN_FORCE
from conversations.form.model import CellId, ItemId

MOST_HEAD_ROWS = 30
MOST_EMPTY_ROWS = 3  # rows whose labels may stand before a row's figures, with one cell per line
_SECTIONS = {table.value: table for table in PrintedTable}
_OFFICIAL_THREE = Heads(PrintedTable.THREE, tuple(map(PrintedColumn, APPLICANTS)))
_OFFICIAL_FOUR = tuple(cell.id for cell in FORM_IN_FORCE.tables[2].cells)


def read_tables(rows: Sequence[tuple[ItemId, GridRow]], work: WorkBudget) -> Readings:
    """
    Read rows, each with its section ("" if unknown).

    Raises:
        Unreadable: TOO_SLOW.
    """
    reader = _Reader(work, [row for _, row in rows])
    for at, (section, row) in enumerate(rows):
        work.spend(1 + len(row.cells))
        reader.at = at
        reader.row(section, row)
    reader.end()
    return reader.readings


class _Reader:
    """Goes through the rows once, with the present heads and the readings so far."""

    def __init__(self, work: WorkBudget, rows: Sequence[GridRow]) -> None:
        self.work = work
        self.rows = rows
        self.at = 0
        self.section = ""
        self.readings = Readings()
        self.heads: Heads | None = None
        self.head_rows: list[GridRow] = []  # head rows collected so far
        self.coming: PrintedTable | None = None
        self.matcher = LabelMatcher(self.readings.rows)
        self.strange = False  # this section has text that may be heads
        self.torn = False  # a box of this row holds more than a figure
        self.headed = False  # the row before was a head
        self.waiting = 0  # labels of rows without figures since the last figures
        self.hollow: set[ItemId] = set()  # rows read as only blanks
        # Cells from texts with one cell per line; if a figure has no label, all of its table may be
        # displaced.
        self.loose: dict[CellId, PrintedTable | None] = {}
        self.displaced: set[PrintedTable | None] = set()

    @property
    def table(self) -> PrintedTable | None:
        """The table being read, by its heads or else by its section."""
        if self.heads:
            return self.heads.table
        table = _SECTIONS.get(self.section)
        return None if table is PrintedTable.FOUR else table

    # -- rows

    def row(self, section: str, row: GridRow) -> None:
        if section != self.section:
            self._begin(section)
        own = row.own
        filled = [box for box in own if box.text.strip()]
        if filled and all(is_article(box.text) for box in filled):
            self._close_heads()
            self.heads = Heads(PrintedTable.TWO)
            self.matcher.before = ""
        elif self._is_head(own):
            self._head(row)
            self.headed = True
            return
        else:
            self._close_heads()
            blank = self._is_blank_row(own) or self._is_hollow_four(row)
            if blank or any(is_figure(box.text) for box in own) or self._is_worded(own):
                self._figures(row)
            elif filled:
                self._text(filled)
        self.headed = False

    def end(self) -> None:
        self._close_heads()
        for cell, table in self.loose.items():
            if table in self.displaced and cell in self.readings.values:
                self.readings.drop(cell)
        rows = self.readings.rows
        for line in [row for row in rows if self._exceeds_its_total(row)]:
            self.readings.drop_row(line)
        for whole, parts in PARTED.items():
            if whole in rows and any(part in rows for part in parts):
                self.readings.drop_row(whole)  # one of the rows under that head
                rows.pop(whole)
                self.readings.unsure -= {f"{whole}.{column}" for column in APPLICANTS}

    def _exceeds_its_total(self, line: ItemId) -> bool:
        """Whether a row of table three is partly read, and its sum exceeds its total."""
        values = [self.readings.values.get(f"{line}.{column}") for column in APPLICANTS]
        known = [value for value in values if isinstance(value, int)]
        total = values[-1]
        return isinstance(total, int) and len(known) < len(values) and sum(known[:-1]) > total

    def _begin(self, section: str) -> None:
        self._close_heads()
        self.section = section
        table = _SECTIONS.get(section, PrintedTable.TWO)
        if table is not PrintedTable.TWO and self.heads and self.heads.table is not table:
            self.heads = None
        self.matcher.before = ""
        self.strange = False

    def _is_hollow_four(self, row: GridRow) -> bool:
        """Whether it is the row of table four with only blanks, strokes and «无»."""
        heads = self.heads
        return (
            heads is not None
            and heads.table is PrintedTable.FOUR
            and not row.loose
            and len(row.own) == len(heads.order) == PrintedTable.FOUR.columns
            and all(is_value(box.text) for box in row.own)
            and not any(column.name in self.readings.values for column in heads.order)
        )

    @staticmethod
    def _is_blank_row(own: Sequence[GridCell]) -> bool:
        """Whether a row has a label and only blank figures."""
        texts = [box.text for box in own if not is_blank(box.text)]
        return 1 <= len(texts) <= 3 and len(own) > len(texts) and any(map(names_row, texts))

    @staticmethod
    def _is_worded(own: Sequence[GridCell]) -> bool:
        """Whether a known row has words in place of its figures: «行政强制 | 无»."""
        named = [i for i, box in enumerate(own) if names_row(box.text)]
        after = [box.text for box in own[named[-1] + 1 :] if box.text.strip()] if named else []
        return bool(after) and not any(says_table(text) for text in after)

    def _text(self, filled: Sequence[GridCell]) -> None:
        """Read a row without figures: a group, the beginning of a label, or other text."""
        if len(filled) == 1 and is_caption(filled[0].text):
            return
        self.waiting += sum(names_row(box.text) for box in filled)
        text = filled[-1].text
        if len(filled) == 1 and plain(text) in SERIAL_HEADS:
            self.strange = True  # a column of row numbers without a known place
        self.strange = self.strange or not all(
            says_table(box.text) or UNIT_LINE.match(box.text.strip()) for box in filled
        )
        if len(plain(text)) > 3 * LONGEST:
            self.readings.leftover.append(text[:300])
            self.matcher.before = ""
            return
        self.matcher.before += text
        if len(plain(self.matcher.before)) > 3 * LONGEST:
            self.matcher.before = text
        if not says_table(text) and len(filled) == 1:
            self.readings.leftover.append(text)

    # -- heads

    def _is_head(self, own: Sequence[GridCell]) -> bool:
        if any(is_figure(box.text) for box in own):
            return False
        texts = [box.text for box in own if not is_blank(box.text)]
        heads = {text: head for text in texts if (head := head_of(text, self.coming))}
        named = sum(text in heads for text in texts)
        if not named:
            return False  # a page break may leave a misspelt head alone in its row
        if any(head.table is PrintedTable.TWO for head in heads.values()):
            return True
        if self.coming and named == len(texts):
            return True
        if len(texts) == 1 and len(own) > 1 and core(texts[0]) in ROWS_THREE:
            return False
        sure = bool({plain(text) for text in heads} - AMBIGUOUS_HEADS - {APPLICANT})
        return sure and (named == 1 or named * 2 > len(texts))

    def _head(self, row: GridRow) -> None:
        heads = [head for head in (head_of(text, self.coming) for text in row.texts) if head]
        if any(head.table is PrintedTable.TWO for head in heads):
            table = PrintedTable.TWO
        elif {plain(text) for text in row.texts} & (HEADS[PrintedTable.FOUR].keys() - TOTALS):
            table = PrintedTable.FOUR
        else:
            table = PrintedTable.THREE
        if self.coming is not table or len(self.head_rows) > MOST_HEAD_ROWS:
            self._close_heads()
        self.head_rows.append(row)
        self.coming = table
        self.matcher.before = ""
        if table is PrintedTable.TWO:  # its heads are one row, or one broken line of text
            before = self.heads if self.headed and not row.width else None
            self._close_heads()
            if before and before.table is PrintedTable.TWO and self.heads:
                self.heads = Heads(PrintedTable.TWO, (*before.order, *self.heads.order))

    def _close_heads(self) -> None:
        """Work out the columns: the head rows are complete."""
        rows, table = self.head_rows, self.coming
        if not rows or table is None:
            return
        self.head_rows, self.coming = [], None
        self.readings.tables.add(table)
        self.strange = self.strange or any(
            head_of(text, table) is None
            and near_head(text, table) is None
            and plain(text) not in SERIAL_HEADS
            for row in rows
            for text in row.texts
        )
        note = self.readings.note_difference
        if table is PrintedTable.TWO:
            self.heads = heads_two(rows[-1], note)
        elif table is PrintedTable.THREE:
            self.heads = heads_three(rows, note, self._is_askew)
        else:
            self.heads = heads_four(rows, note)
        names = {column.name for column in self.heads.order if column.name}
        self.readings.columns[table] |= names

    def _is_askew(self, head: GridRow, columns: Columns) -> bool:
        """Whether rows below have labels in the columns that these heads give to figures."""
        for row in self.rows[self.at : self.at + 40]:
            self.work.spend()
            if (row.grid, row.width) != (head.grid, head.width):
                break
            if any(
                box.col >= columns[0].col and names_row(box.text)
                for box in row.own
                if not head_of(box.text, PrintedTable.FOUR) or numbering(box.text)
            ):
                return True
        return False

    # -- figures

    def _figures(self, row: GridRow) -> None:
        heads = self.heads
        self.torn = any(is_torn(box.text) for box in row.own)
        if heads and heads.table is PrintedTable.FOUR and self._four(row, heads):
            return
        if self._four_without_heads(row):
            return
        label = label_of(row, heads)
        if not label:
            self._orphan(row)
            return
        waiting = self.waiting + sum(names_row(box.text) for box in row.own)
        self.waiting = 0
        if row.loose and waiting > MOST_EMPTY_ROWS:
            self.displaced.add(self.table)  # first the labels, then the figures
        after = boxes_after(row.own, label.box)
        self.torn = self.torn or not all(is_value(box.text) for box in after)
        before = set(self.readings.values)
        self._labelled(row, label)
        self.matcher.before = ""
        if row.loose:
            self.loose |= dict.fromkeys(self.readings.values.keys() - before, self.table)
        if self.matcher.last and not any(box.text.strip() for box in after):
            self.hollow.add(self.matcher.last)

    def _labelled(self, row: GridRow, label: Label) -> None:
        match = None
        if not self._may_lack_heads(row):
            match = self.matcher.match(label, self.table)
        self.matcher.last = ""
        if match is None:
            self._leave(row)
            return
        text, name = label.box.text, match.name
        differs = not match.exact
        if name.table is PrintedTable.THREE:
            if label.box.tall > 1 and name.line in PARTED:
                self._leave(row)  # the label of the rows below it, whose own labels are lost
                return
            self._three(row, label.box, name.line)
            differs = differs or core(text) not in {core(name.label), ""}
        elif not read_row_of_two(
            self.readings,
            row,
            label.box,
            name.line,
            self.heads,
            torn=self.torn,
            strange=self.strange,
        ):
            self._leave(row)
        if differs and not goes_on(text, name.label, self.rows[self.at + 1 :]):
            self.readings.note_difference(text, name.label)
        self.matcher.last = name.line

    def _may_lack_heads(self, row: GridRow) -> bool:
        """Whether a row without reliable places may lack a column that was not understood."""
        return (row.loose or row.blind) and self.strange

    def _orphan(self, row: GridRow) -> None:
        """
        Read figures without a label: their row is unknown.

        A blank row just above may be theirs, cut off by a page. With one cell per line, labels and
        figures of the whole table may be displaced.
        """
        last = self.matcher.last
        if last in PARTED or last in self.hollow or row.blind:  # or a figure was broken
            self.readings.drop_row(last)
        if row.loose:
            self.displaced.add(self.table)
        self._leave(row)

    def _leave(self, row: GridRow) -> None:
        self.readings.leave(self.table, row.own)

    # -- tables three and four

    def _three(self, row: GridRow, label: GridCell, line: ItemId) -> None:
        heads = self.heads
        guessed = heads is None or heads.table is not PrintedTable.THREE
        if heads is None or guessed:
            if self.strange:
                self._leave(row)  # its heads may be there, and were not understood
                return
            heads = _OFFICIAL_THREE
        placed = place(row, label, heads)
        figures = [box for box in boxes_after(row.own, label) if box.text.strip()]
        if row.loose and len(figures) > 2 * PrintedTable.THREE.columns:
            self.displaced.add(PrintedTable.THREE)  # column after column

        def cell_of(column: str) -> CellId:
            return f"{line}.{column}"

        if self.readings.has_row(line):
            if placed and self.readings.contradicted(placed, cell_of):
                self._leave(row)
            return
        self.readings.tables.add(PrintedTable.THREE)
        self.readings.rows.setdefault(line, set())
        if placed is None:
            self._leave(row)
        else:
            self.readings.take_placed(placed, cell_of, guessed=guessed, torn=self.torn)

    def _four(self, row: GridRow, heads: Heads) -> bool:
        """Read a row under heads of table four; False if it does not belong to that table."""
        texts = [box for box in row.own if box.text.strip() and not is_value(box.text)]
        if len(texts) > 2:
            return False
        label = texts[-1] if texts else None
        if label:
            block = head_of(label.text, PrintedTable.FOUR)
            if names_row(label.text) and not block:
                return False
            if block and block.column in BLOCKS:
                self._block(row, label, block.column, heads)
                return True
        if any(is_figure(box.text) for box in row.own):
            self._forget_hollow(heads)
        placed = place(row, label, heads)
        if placed is None or not heads.order or self._may_lack_heads(row):
            self._leave(row)
        elif any(box and column.name in self.readings.values for column, box in placed):
            if self.readings.contradicted(placed, str):
                self._leave(row)
        else:
            self.readings.take_placed(placed, str, torn=self.torn)
        return True

    def _forget_hollow(self, heads: Heads) -> None:
        """Forget a row of blanks before the figures: it was only space between the lines."""
        values, blank = self.readings.values, self.readings.blank
        cells = [column.name for column in heads.order if column.name in values]
        if blank.issuperset(cells):
            for cell in cells:
                values.pop(cell)
                blank.discard(cell)

    def _block(self, row: GridRow, label: GridCell, block: str, heads: Heads) -> None:
        """Read a row with one block: «行政复议 | 1 0 0 0 1» under five heads."""
        results = [column.name.rpartition(".")[2] for column in heads.order]
        boxes = boxes_after(row.own, label)
        if not len(results) == len(set(results)) == len(boxes) == 5:
            self._leave(row)
            return
        for column, result, box in zip(heads.order, results, boxes, strict=True):
            cell = f"{block}.{result}"
            if cell in self.readings.values:
                self.readings.drop(cell)
            else:
                self.readings.take(cell, box.text, column, torn=self.torn)

    def _four_without_heads(self, row: GridRow) -> bool:
        """Read fifteen figures in a row under the heading of section four, without heads."""
        if (
            self.section != PrintedTable.FOUR.value
            or self.heads is not None
            or self.strange
            or len(row.own) != PrintedTable.FOUR.columns
            or not all(is_value(box.text) for box in row.own)
        ):
            return False
        self.readings.tables.add(PrintedTable.FOUR)
        if not self.readings.values.keys().isdisjoint(_OFFICIAL_FOUR):
            return False
        for cell, box in zip(_OFFICIAL_FOUR, row.own, strict=True):
            self.readings.take(cell, box.text, PrintedColumn(cell), guessed=True, torn=self.torn)
        return True
