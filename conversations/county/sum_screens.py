"""
The sum on a phone: what is missing, then tables, lines, a figure, and its organs.

Each screen is a message with buttons, at most eight choices per page. Button ids are permanent:
`cy:s:organ:year:`, a letter for the screen, and numbers of the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conversations.county.sum_text import (
    compared_lines,
    head_lines,
    main_lines,
    missing_lines,
    part_lines,
    result_of,
)
from conversations.county.summing import CountySum
from conversations.form.answers import grouped
from conversations.form.model import CellId, Line, Section, SectionKind
from conversations.talk.buttons import ROW, button, in_rows
from conversations.talk.derived import table_of
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.wording import county_summing as wording
from conversations.wording.checks import cell_name, place_of_cell
from conversations.wording.county import COUNTY
from conversations.wording.talk import shorten

A_PAGE = 8
LINES_A_PAGE = 15
MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class SumScreens:
    """The screens of one sum; `organ_id` is in the buttons."""

    organ_id: int
    total: CountySum

    def button(self, label: str, *what: str | int, tone: Tone = Tone.PLAIN) -> Button:
        """A button of these screens."""
        return button(
            label,
            COUNTY,
            wording.LETTER,
            format(self.organ_id, "x"),
            self.total.year,
            *what,
            tone=tone,
        )

    def head(self) -> Say:
        """The organs in the sum and those missing, the main figures, and buttons to the rest."""
        total = self.total
        lines = [*head_lines(total, MOST_NAMES), *main_lines(total)]
        rows: list[tuple[Button, ...]] = []
        if total.cells:
            tables = [s for s in total.form.sections if s.kind is SectionKind.TABLE]
            rows.append(tuple(self.button(s.body.short, "t", s.item, 0) for s in tables))
        lists: list[Button] = []
        if total.missing:
            lists.append(self.button(wording.missing(len(total.missing)), "m", 0))
        if total.own is not None and total.cells:
            count = sum(found.cell not in total.form.sums for found in total.differences)
            lines += compared_lines(total, count)
            if count:
                lists.append(self.button(wording.differing(count), "d", 0))
        if held_back := self._held_back():
            lists.append(self.button(wording.held_back(len(held_back)), "n", 0))
        if total.corrections and total.cells:
            lists.append(self.button(wording.corrections(len(total.corrections)), "k", 0))
        rows += in_rows(lists, 2)
        if total.cells:
            rows.append(
                (
                    self.button(wording.DOWNLOAD, "f"),
                    self.button(wording.TAKE_OVER, "o", tone=Tone.MAIN),
                )
            )
        arithmetic = [finding for finding in total.findings if finding.id != "S1"]
        if arithmetic:
            lines += [wording.DOES_NOT_ADD_UP, *(f"· {f.message}" for f in arithmetic[:3])]
        return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))

    def missing(self, page: int) -> Say:
        """The missing organs with reasons."""
        return self._listed(wording.MISSING, missing_lines(self.total), (), "m", page)

    def table(self, section: Section, page: int) -> Say:
        """The lines of a table, each a button."""
        choices = [self._of_line(line) for line in table_of(section).lines]
        return self._chosen(section.heading, choices, ("t", section.item), page)

    def line(self, line: Line) -> Say:
        """The figures of a line, each a button."""
        total = self.total
        section = total.form.section_of[line.id]
        choices = [
            self.button(f"{cell.column.name} {self._figure(cell.id)}", "c", cell.number, 0)
            for cell in line.printed
        ]
        page = list(table_of(section).lines).index(line) // A_PAGE
        back = self.button(wording.BACK, "t", section.item, page)
        rows = (*in_rows(choices, 2), (back,))
        return Say(MessageKind.NOTE, f"{table_of(section).short} {line.short}", rows)

    def cell(self, cell: CellId, page: int) -> Say:
        """The parts of a figure, and its organs, the largest first."""
        total = self.total
        lines = [place_of_cell(cell), *part_lines(total, cell)]
        if why := total.why_not(cell):
            lines.append(wording.not_as_it_is(why))
        parts = total.parts(cell)
        if parts:
            lines.append(wording.comes_from(len(parts)))
        number = total.form.number[cell]
        choices = [
            self.button(
                _part(addend.name, grouped(value)),
                "w",
                number,
                format(addend.organ.organ_id, "x"),
            )
            for addend, value in parts
        ]
        last: list[Button] = []
        if cell not in total.form.sums:
            last.append(self.button(wording.CORRECT, "e", number))
            if cell in total.corrections:
                last.append(self.button(wording.TAKE_CORRECTION_BACK, "x", number))
        line = total.form.lines[total.form.cells[cell].line]
        if len(line.printed) > 1:
            last.append(self.button(wording.BACK, "l", line.number))
        else:
            last.append(self.button(wording.BACK, "t", total.form.section_of[cell].item, 0))
        return self._chosen("\n".join(lines), choices, ("c", number), page, last)

    def differences(self, page: int) -> Say:
        """Figures for which the own report differs, each a button."""
        found = [each for each in self.total.differences if each.cell not in self.total.form.sums]
        choices = [
            self.button(
                wording.difference_label(each.cell, each.own, each.result),
                "c",
                self.total.form.number[each.cell],
                0,
            )
            for each in found
        ]
        title = "\n".join(compared_lines(self.total, len(found)))
        return self._chosen(title, choices, ("d",), page)

    def held_back(self, page: int) -> Say:
        """The figures that may not be taken over as they are."""
        return self._cells(wording.NOT_AS_THEY_ARE, self._held_back(), ("n",), page)

    def corrections(self, page: int) -> Say:
        """The corrections with their reasons."""
        total = self.total
        lines = [
            wording.correction_line(cell, correction.amount, correction.reason)
            for cell, correction in total.corrections.items()
        ]
        shown = lines[page * A_PAGE : (page + 1) * A_PAGE]
        title = "\n".join([wording.CORRECTIONS, *shown])
        return self._cells(title, tuple(total.corrections), ("k",), page)

    def ask_correction(self, cell: CellId) -> Say:
        """How to type a correction."""
        back = self.button(wording.BACK, "c", self.total.form.number[cell], 0)
        total = self.total.cells[cell]
        return Say(MessageKind.NOTE, wording.how_to_correct(cell, total), ((back,),))

    # ---- pieces ------------------------------------------------------------------------

    def _held_back(self) -> tuple[CellId, ...]:
        total = self.total
        return tuple(
            cell
            for cell, value in total.cells.items()
            if value and cell not in total.form.sums and total.why_not(cell)
        )

    def _figure(self, cell: CellId) -> str:
        return result_of(self.total.cells[cell], self.total.result[cell])

    def _of_line(self, line: Line) -> Button:
        """The button of a line: its total, or all its figures without one."""
        if len(line.printed) == 1:
            [cell] = line.printed
            return self.button(f"{line.short} {self._figure(cell.id)}", "c", cell.number, 0)
        if line.total is not None:
            said = self._figure(line.total.id)
        else:
            said = " ".join(grouped(self.total.result[cell.id]) for cell in line.cells)
        return self.button(f"{line.short} {said}", "l", line.number)

    def _cells(self, title: str, cells: Sequence[CellId], what: tuple[str, ...], page: int) -> Say:
        form = self.total.form
        choices = [
            self.button(f"{cell_name(cell)} {self._figure(cell)}", "c", form.number[cell], 0)
            for cell in cells
        ]
        return self._chosen(title, choices, what, page)

    def _chosen(
        self,
        title: str,
        choices: Sequence[Button],
        what: tuple[str | int, ...],
        page: int,
        last: Iterable[Button] = (),
    ) -> Say:
        """A page of choices, one per row."""
        page = min(page, max(0, (len(choices) - 1) // A_PAGE))
        rows: list[tuple[Button, ...]] = [
            (choice,) for choice in choices[page * A_PAGE : (page + 1) * A_PAGE]
        ]
        rows += self._turning(len(choices), A_PAGE, what, page)
        rows.append((*last, self.button(wording.TO_THE_SUM, "h")))
        return Say(MessageKind.NOTE, title, tuple(rows))

    def _listed(
        self, title: str, lines: Sequence[str], last: Iterable[Button], what: str, page: int
    ) -> Say:
        """A page of lines."""
        page = min(page, max(0, (len(lines) - 1) // LINES_A_PAGE))
        shown = lines[page * LINES_A_PAGE : (page + 1) * LINES_A_PAGE]
        rows = self._turning(len(lines), LINES_A_PAGE, (what,), page)
        rows.append((*last, self.button(wording.TO_THE_SUM, "h")))
        return Say(MessageKind.NOTE, "\n".join([title, *shown]), tuple(rows))

    def _turning(
        self, count: int, a_page: int, what: tuple[str | int, ...], page: int
    ) -> list[tuple[Button, ...]]:
        """The buttons to the previous page and the next."""
        turns = []
        if page:
            turns.append(self.button(wording.EARLIER_PAGE, *what, page - 1))
        if (page + 1) * a_page < count:
            turns.append(self.button(wording.NEXT_PAGE, *what, page + 1))
        return [tuple(turns)] if turns else []


def _part(name: str, figure: str) -> str:
    """An organ and its figure, the name shortened so that both fit into a phone's row."""
    return f"{shorten(name, max(8, ROW - len(figure) // 2 - 1))} {figure}"
