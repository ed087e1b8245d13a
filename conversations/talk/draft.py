"""Last year's text as this year's draft: years and figures are updated, each change visible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conversations.checks.findings import Report
from conversations.checks.texts.figures import as_written, means
from conversations.checks.texts.running_text import place_in
from conversations.checks.texts.statements import statements
from conversations.form.model import ItemId
from conversations.talk.buttons import short_mark
from conversations.talk.session import Session
from conversations.talk.years import moved_years, years_named

AROUND = 8  # characters shown on both sides of a change

# Figures of a text that were not updated: counts, amounts and rates.
_FIGURE = re.compile(
    r"\d[\d,，]*(?:\.\d+)?[ \u3000]*(?:余|多)?"
    r"(?:万元|亿元|元|%|％|个百分点|[万亿]?(?:件|条|次|份|篇|期|场|人|个|例|起|宗|项|家|部|类|批))"
)
_ASIDE = re.compile(r"《[^》]*》|〔[^〕]*〕")


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of last year's text and its replacement in the draft."""

    start: int
    end: int
    wrong: str
    right: str
    mark: str


@dataclass(frozen=True, slots=True)
class Draft:
    """
    Last year's text of a section as a draft, with its changes.

    `left` are places of figures, and of last year itself, that could not be updated.
    """

    text: str
    changes: tuple[Change, ...]
    left: tuple[tuple[int, int], ...]

    def with_all_but(self, refused: frozenset[str]) -> str:
        """The draft without some changes, given by their marks."""
        text = self.text
        for change in reversed(self.changes):
            if change.mark not in refused:
                text = text[: change.start] + change.right + text[change.end :]
        return text

    def refused_in(self, text: str) -> frozenset[str] | None:
        """The changes that a text does not have; None if it is not this draft any more."""
        pattern, place = "", 0
        for change in self.changes:
            pattern += re.escape(self.text[place : change.start])
            pattern += f"({re.escape(change.right)}|{re.escape(change.wrong)})"
            place = change.end
        match = re.fullmatch(pattern + re.escape(self.text[place:]), text)
        if match is None:
            return None
        pairs = zip(self.changes, match.groups(), strict=True)
        return frozenset(change.mark for change, stands in pairs if stands != change.right)

    def around(self, start: int, end: int, instead: str = "") -> str:
        """A place with its surroundings; `instead` is its replacement."""
        shown = f"【{self.text[start:end]}→{instead}】" if instead else self.text[start:end]
        before = self.text[max(0, start - AROUND) : start]
        after = self.text[end : end + AROUND]
        return f"{before}{shown}{after}".replace("\n", " ").strip()


def draft_of(session: Session, item: ItemId) -> Draft | None:
    """The draft from last year's text of a section; None without a text."""
    last = session.last_year
    text = last.answers.text(item) if last else None
    if last is None or not text:
        return None
    years = [*moved_years(text, last.year, session.year)]
    moved = [year for year in years if year[2]]
    stay = [(start, end) for start, end, year in years if not year]
    known: set[tuple[int, int]] = set()
    for start, end, right in _moved_figures(text, session.report, last):
        if right is None or right == text[start:end]:
            known |= {(start, end)} if right else set()
        else:
            moved.append((start, end, right))
    changes: list[Change] = []
    for start, end, right in sorted(moved):
        if not changes or start >= changes[-1].end:
            wrong = text[start:end]
            changes.append(Change(start, end, wrong, right, short_mark(f"{item}|{start}|{right}")))
    settled = [*known, *stay, *((change.start, change.end) for change in changes)]
    settled += [place.span() for place in _ASIDE.finditer(text)]
    left = [place.span() for place in _FIGURE.finditer(text)] + [*years_named(text, last.year)]
    return Draft(
        text,
        tuple(changes),
        tuple(
            sorted(
                [*stay, *(p for p in left if not any(s < p[1] and p[0] < e for s, e in settled))]
            )
        ),
    )


def _moved_figures(text: str, now: Report, last: Report) -> Iterator[tuple[int, int, str | None]]:
    """
    Where the text states a figure of last year's tables, with this year's figure of that cell.

    None if this year's figure is unknown, or more than one cell could be meant.
    """
    for statement in statements(text, last.year, last.organ):
        if statement.none:
            continue
        groups = means(last, statement)
        values = {now.sum_of(group) for group in groups}
        if not groups:
            continue
        start, end = place_in(text, *statement.at)
        value = values.pop() if len(values) == 1 else None
        right = None if value is None else as_written(text[start:end], statement.number, value)
        yield start, end, right
