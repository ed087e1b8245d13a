"""
What stands out among the organs below one, in the chat: the list, a text to forward, shared texts.

In the chat `cy:x:organ:year` is the list, `…:p1` another page of it, `…:e:report` the text to
forward, `…:a` the texts that are alike, `…:a:report:report:section` the sentences of a pair. Each
tap compares anew, and the results are stored for the organs' own reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from bot.button_numbers import read_number
from bot.county.comparing import Comparison, compare, keep
from bot.county.under import Organ, named
from bot.reminding.asker import Asker, Reply
from conversations.answers.short import read_year
from conversations.county.alike import Alike
from conversations.county.outliers import Standout
from conversations.talk.buttons import in_rows
from conversations.talk.effects import Buttons, MessageKind, Say
from conversations.wording import county_standing_out as wording
from conversations.wording.county import NOT_YOURS

LETTER = wording.LETTER
COMMANDS: frozenset[str] = frozenset()
ON_PAGE = 5  # organs, each with one line per figure
PAIRS_ON_PAGE = 8


def tapped(asker: Asker, parts: Sequence[str]) -> Reply:
    """A button of these lists; its data may be anything."""
    match parts:
        case [number, when, *what] if (organ := named(asker, number)) and (year := read_year(when)):
            return _Lists(asker, organ, year).tapped(what)
    return Reply(toast=NOT_YOURS)


class _Lists:
    """The lists of the organs below one, for one tap."""

    def __init__(self, asker: Asker, organ: Organ, year: int) -> None:
        self.asker = asker
        self.organ_id, self.organ = organ
        self.year = year
        self.found: Comparison = compare(asker.unit, self.organ_id, year)

    def tapped(self, what: Sequence[str]) -> Reply:
        """One of the lists or a detail; a detail that no longer exists shows the list."""
        match what:
            case ["e", report]:
                wanted = read_number(report)
                standouts = [each for each in self.found.standouts if each.report_id == wanted]
                return self._forward(standouts) if standouts else self._gone()
            case [wording.ALIKE, shorter, longer, section]:
                pair = next(
                    (
                        pair
                        for pair in self.found.alike
                        if [shorter, longer, section] == self._named(pair)
                    ),
                    None,
                )
                return self._sentences(pair) if pair else self._gone()
            case [wording.ALIKE, *rest]:
                return replace(self._alike(_page(rest)), instead=bool(rest))
        keep(self.asker.unit, self.found)
        return replace(self._list(_page(what)), instead=bool(what))

    def _list(self, page: int) -> Reply:
        found = self.found
        organs = [
            (report_id, list(standouts))
            for report_id, standouts in groupby(_by_organ(found), lambda each: each.report_id)
        ]
        count = -(-len(organs) // ON_PAGE)
        page = min(page, max(count - 1, 0))
        shown = list(enumerate(organs, 1))[page * ON_PAGE : (page + 1) * ON_PAGE]
        lines = [
            wording.title(self.organ, self.year),
            wording.count_line(found.count, len(found.standouts)),
        ]
        for number, (report_id, standouts) in shown:
            name, form = found.organs[report_id].organ, found.form(report_id)
            lines.append(wording.organ_lines(number, name, form, standouts))
        rows: Buttons = tuple(
            in_rows(
                (
                    wording.entry(
                        self.organ_id, self.year, number, report_id, found.organs[report_id].organ
                    )
                    for number, (report_id, _) in shown
                ),
                2,
            )
        )
        if shown:
            lines.append(wording.FORWARD)
        rows += wording.pages(self.organ_id, self.year, page, count)
        if found.alike:
            rows += ((wording.to_alike(self.organ_id, self.year, len(found.alike)),),)
        return Reply((Say(MessageKind.NOTE, "\n".join(lines), rows),))

    def _forward(self, standouts: Sequence[Standout]) -> Reply:
        report_id = standouts[0].report_id
        name, form = self.found.organs[report_id].organ, self.found.form(report_id)
        return Reply((Say(MessageKind.COPY, wording.to_forward(name, self.year, form, standouts)),))

    def _alike(self, page: int) -> Reply:
        pairs = self.found.alike
        count = -(-len(pairs) // PAIRS_ON_PAGE)
        page = min(page, max(count - 1, 0))
        shown = list(enumerate(pairs, 1))[page * PAIRS_ON_PAGE : (page + 1) * PAIRS_ON_PAGE]
        lines = [wording.alike_title(self.organ, self.year)]
        buttons = []
        for number, pair in shown:
            form = self.found.form(pair.shorter.report_id)
            lines.append(f"{number}. {wording.alike_line(pair, form)}")
            buttons.append(wording.alike_entry(self.organ_id, self.year, number, pair, form))
        if not shown:
            lines.append(wording.NO_ALIKE)
        rows: Buttons = tuple(in_rows(buttons, 3))
        rows += wording.pages(self.organ_id, self.year, page, count, wording.ALIKE)
        rows += ((wording.list_button(self.organ_id, self.year),),)
        return Reply((Say(MessageKind.NOTE, "\n".join(lines), rows),))

    def _sentences(self, pair: Alike) -> Reply:
        form = self.found.form(pair.shorter.report_id)
        return Reply((Say(MessageKind.NOTE, wording.same_sentences(pair, form)),))

    def _named(self, pair: Alike) -> list[str]:
        """The name of a pair in a button."""
        number = self.found.form(pair.shorter.report_id).number[pair.item]
        ids = [format(each.report_id, "x") for each in (pair.shorter, pair.longer)]
        return [*ids, str(number)]

    def _gone(self) -> Reply:
        return replace(self._list(0), toast=wording.GONE)


def _by_organ(found: Comparison) -> list[Standout]:
    """The figures by organ, organs in the order of their farthest figure."""
    place: dict[int, int] = {}
    for each in found.standouts:
        place.setdefault(each.report_id, len(place))
    return sorted(found.standouts, key=lambda each: place[each.report_id])


def _page(what: Sequence[str]) -> int:
    match what:
        case [page] if page.startswith("p") and page[1:].isdecimal() and len(page) < 5:
            return int(page[1:])
    return 0
