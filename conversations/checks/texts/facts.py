"""
N2, the sentences that were offered: each is known word for word, and so are its figures.

What the reader of running text must be in doubt about (a kind of applicant in which row?) is
certain here. A sentence that somebody has changed is running text like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from conversations.checks.findings import Report
from conversations.checks.texts.running_text import quoted, squeezed
from conversations.checks.texts.statements import Statement, statements
from conversations.form.model import Fact, Form, Pieces

_FIGURE = r"(\d{1,15}(?:\.\d{1,6})?)"
# A sentence begins after the end of another one, and may be joined to the next.
_BEGINS = r"(?:(?<=[，。；：、！？）”])|(?<=\n)|(?<!.))"
_ENDS = r"(?=[，。；、！）”\n]|$)"
_CLAUSE = re.compile(r"[，：、。\s]")


@lru_cache(maxsize=256)
def _pattern(pieces: Pieces) -> tuple[str, re.Pattern[str]]:
    """How a sentence begins, and all of it."""
    words = [_FIGURE if isinstance(p, tuple) else re.escape(squeezed(p)) for p in pieces]
    begins = pieces[0] if isinstance(pieces[0], str) else ""
    return squeezed(begins), re.compile(f"{_BEGINS}{''.join(words).removesuffix('。')}{_ENDS}")


def _places(pieces: Pieces, flat: str) -> Iterator[re.Match[str]]:
    """Where a sentence stands; searched by its first words, which is quick."""
    begins, pattern = _pattern(pieces)
    at = flat.find(begins)
    while at >= 0:
        if place := pattern.match(flat, at):
            yield place
        at = flat.find(begins, at + 1)


def statements_in(report: Report, text: str) -> Iterator[Statement]:
    """What a text states: in the sentences that were offered, and in all the others."""
    offered: list[tuple[int, int]] = []
    for _, span, stated in facts_in(report.form, text):
        offered.append(span)
        yield from stated
    for statement in statements(text, report.year, report.organ):
        if not any(start <= statement.at[0] < end for start, end in offered):
            yield statement


def facts_in(form: Form, text: str) -> Iterator[tuple[Fact, tuple[int, int], list[Statement]]]:
    """The facts that stand in a text: where (without blanks), and what they state there."""
    flat = squeezed(text)
    for fact, pieces in form.spelled:
        for place in _places(pieces, flat):
            stated: list[Statement] = []
            name = ""
            for piece in pieces:
                if isinstance(piece, str):
                    name = _CLAUSE.split(piece)[-1] or name
                    continue
                start, end = place.span(len(stated) + 1)
                number = Decimal(flat[start:end])
                quote = quoted(flat, max(place.start(), start - len(name)), end)
                at = (start, end)
                whole = int(number) if number == int(number) else number
                stated.append(Statement(name, whole, (piece,), quote, at=at))
            yield fact, place.span(), stated
