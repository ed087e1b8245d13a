"""
The sum in the chat: /sum, its screens, corrections, and the offer for the county's own report.

Rights are checked at each tap. A message after 「更正」 is for the figure that was shown last; that
it is awaited is kept in the store, so that a restart loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.county import overview
from bot.county.sum_sheets import as_xlsx
from bot.county.summing import county_sum, make_correction
from bot.county.under import Organ, named, year_below
from bot.memberships import begin_work
from bot.reminding.asker import Asker, Reply, SentFile, note
from conversations.answers.figure import cleaned
from conversations.answers.short import read_year
from conversations.county.correcting import NotCorrected, Wish, read_wish
from conversations.county.sum_screens import MOST_NAMES, SumScreens
from conversations.county.sum_text import head_lines
from conversations.county.summing import CountySum
from conversations.form.model import CellId, SectionKind
from conversations.form.organ import safe_file_name
from conversations.sign_off.rights import Action
from conversations.talk.buttons import button
from conversations.talk.effects import MessageKind, Say
from conversations.talk.events import SumOffered
from conversations.wording import county_summing as wording
from conversations.wording.county import COUNTY, NOT_YOURS
from conversations.wording.county_organs import IS_CLOSED
from conversations.wording.sign_off import NOT_ALLOWED
from storage.organ_changes import is_closed
from storage.sums import await_correction, awaited_correction, end_waiting

COMMANDS = frozenset({"sum", wording.SUM})

LETTER = wording.LETTER
_SIGNED = re.compile(r"\s*[+-]\s*\d")
MOST_PAGES = 1000
MOST_CHOICES = 40


def command(asker: Asker, name: str, argument: str) -> Reply:  # noqa: ARG001 - both are the same
    """/sum, perhaps with a year and a part of the organ's name."""
    words = argument.split()
    years = [year for word in words if (year := read_year(word))]
    part = "".join(word for word in words if not read_year(word))
    found = [organ for organ in asker.access.heads() if part in organ[1]]
    if not found and part:
        found = asker.access.managed(1, part)
    if not found:
        return note(wording.NO_ORGAN if part else wording.NO_ORGANS_BELOW)
    shown = found[:MOST_CHOICES]
    year = years[0] if years else year_below(asker, (organ_id for organ_id, _ in shown))
    if len(found) == 1:
        return _SumView(asker, found[0], year).tapped([])
    rows = tuple(
        (button(organ[:30], COUNTY, LETTER, format(organ_id, "x"), year),)
        for organ_id, organ in shown
    )
    return Reply((Say(MessageKind.NOTE, wording.choose(len(found), len(rows)), rows),))


def tapped(asker: Asker, parts: Sequence[str]) -> Reply:
    """A button of these screens; its data may be anything."""
    match parts:
        case [number, when, *what] if (organ := named(asker, number)) and (year := read_year(when)):
            reply = _SumView(asker, organ, year).tapped(what)
            return replace(reply, instead=bool(reply.says) and bool(what) and not reply.files)
    return Reply(toast=NOT_YOURS)


def typed_next(asker: Asker, text: str) -> Reply | None:
    """「汇总」, or the awaited message after 「更正」; None otherwise."""
    if text.strip() in wording.TYPED and asker.administers_some() and asker.access.heads():
        return command(asker, wording.SUM, "")
    if not _SIGNED.match(cleaned(text)) or not asker.administers_some():
        return None
    waited = awaited_correction(asker.unit, asker.person, asker.now)
    if waited is None:
        return None
    organ = named(asker, format(waited.organ_id, "x"))
    if organ is None:
        return note(NOT_YOURS)
    return _SumView(asker, organ, waited.year).correct(waited.cell, text)


class _SumView:
    """The sum below one organ for one person, in one transaction."""

    def __init__(self, asker: Asker, organ: Organ, year: int) -> None:
        self.asker = asker
        self.organ_id, self.organ = organ
        self.year = year
        total = county_sum(asker.unit, self.organ_id, self.organ, year)
        self.screens = SumScreens(self.organ_id, total)

    @property
    def total(self) -> CountySum:
        """The present sum."""
        return self.screens.total

    def tapped(self, what: Sequence[str]) -> Reply:
        """One of the screens; an unknown one shows the first."""
        screens, form = self.screens, self.total.form
        letter, *rest = what or ("h",)
        numbers = [int(n) for n in rest if n.isascii() and n.isdigit() and len(n) < 6]
        item = form.item.get(numbers[0], "") if numbers else ""
        page = min(numbers[-1], MOST_PAGES) if len(numbers) > 1 else 0
        first = min(numbers[0], MOST_PAGES) if numbers else 0
        has = bool(self.total.cells)
        match letter:
            case "m":
                return Reply((screens.missing(first),))
            case "t" if has and item in form.section:
                section = form.section[item]
                if section.kind is SectionKind.TABLE:
                    return Reply((screens.table(section, page),))
            case "l" if has and item in form.lines:
                return Reply((screens.line(form.lines[item]),))
            case "c" if has and item in form.cells:
                return Reply((screens.cell(item, page),))
            case "w" if has and item in form.cells and len(rest) == 2:
                return self._card(item, rest[1])
            case "d" if has:
                return Reply((screens.differences(first),))
            case "n" if has:
                return Reply((screens.held_back(first),))
            case "k" if has:
                return Reply((screens.corrections(first),))
            case "e" if has and item in form.cells and item not in form.sums:
                await_correction(
                    self.asker.unit,
                    self.asker.person,
                    self.organ_id,
                    self.year,
                    item,
                    self.asker.now,
                )
                return Reply((screens.ask_correction(item),))
            case "x" if item in self.total.corrections:
                return self._make(Wish(item, None))
            case "f" if has:
                return self._file()
            case "o" if has:
                return self._offer()
        return Reply((screens.head(),))

    def correct(self, cell: CellId, text: str) -> Reply:
        """«-1 转办重复» for the awaited figure."""
        try:
            wish = read_wish(text, self.total.form, cell)
        except NotCorrected as error:
            return note(str(error))
        return self._make(wish)

    def _make(self, wish: Wish) -> Reply:
        asker = self.asker
        try:
            total = make_correction(
                asker.unit, self.organ_id, self.total, wish, by=asker.key, at=asker.now
            )
        except NotCorrected as error:
            return note(str(error))
        end_waiting(asker.unit, asker.person)
        self.screens = SumScreens(self.organ_id, total)
        result = total.result[wish.cell]
        done = wording.taken_back(wish.cell, result)
        if wish.amount is not None:
            done = wording.corrected(wish.cell, wish.amount, wish.reason, result)
        said = self.screens.cell(wish.cell, 0)
        return Reply((replace(said, text=f"{done}\n\n{said.text}"),))

    def _card(self, cell: CellId, organ: str) -> Reply:
        """The card of an organ that a figure comes from, with the way back to the figure."""
        reply = overview.tapped(self.asker, ["k", organ, str(self.year)])
        back = self.screens.button(wording.BACK, "c", self.total.form.number[cell], 0)
        said = tuple(replace(each, buttons=(*each.buttons, (back,))) for each in reply.says)
        return replace(reply, says=said)

    def _file(self) -> Reply:
        total = self.total
        caption = wording.CAPTION.format(
            organ=self.organ, year=self.year, count=len(total.addends), missing=len(total.missing)
        )
        name = safe_file_name(self.organ, wording.FILE.format(year=self.year))
        content = as_xlsx(total, self.asker.now.tzinfo)
        return Reply(files=(SentFile(name, content, caption),))

    def _offer(self) -> Reply:
        """The sum as an offer in the county's own report, which is begun if missing."""
        asker, total = self.asker, self.total
        if not asker.access.may(Action.WRITE, self.organ_id):
            return Reply(toast=NOT_ALLOWED[Action.WRITE])
        report_id = asker.unit.find_report(self.organ, self.year)
        if report_id is None and is_closed(asker.unit, self.organ):
            return note(IS_CLOSED.format(self.organ))
        if report_id is None:
            report_id = begin_work(asker.unit, self.organ, self.year, asker.now)
        why = {cell: said for cell in total.offered if (said := total.why_not(cell))}
        # After the line with the organ of the sum.
        head = "\n".join(head_lines(total, MOST_NAMES)[1:])
        return Reply(step=(report_id, SumOffered(total.offered, why, head)))
