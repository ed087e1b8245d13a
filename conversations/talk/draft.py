"""Last year's text as this year's draft: its years and its figures moved on, each visibly."""

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

# Figures of a text that nobody moved: what is counted, amounts and rates.
_FIGURE = re.compile(
    r"\d[\d,，]*(?:\.\d+)?[ \u3000]*(?:余|多)?"
    r"(?:万元|亿元|元|%|％|个百分点|[万亿]?(?:件|条|次|份|篇|期|场|人|个|例|起|宗|项|家|部|类|批))"
)
_ASIDE = re.compile(r"《[^》]*》|〔[^〕]*〕")


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of last year's text and what stands there in the draft."""

    start: int
    end: int
    wrong: str
    right: str
    mark: str


@dataclass(frozen=True, slots=True)
class Draft:
    """
    Last year's text of a section, what is moved on in it, and what is still last year's.

    `left` are places of figures, and of last year itself, that nobody could place.
    """

    text: str
    changes: tuple[Change, ...]
    left: tuple[tuple[int, int], ...]

    def with_all_but(self, refused: frozenset[str]) -> str:
        """The draft with some changes refused, by their marks."""
        text = self.text
        for change in reversed(self.changes):
            if change.mark not in refused:
                text = text[: change.start] + change.right + text[change.end :]
        return text

    def refused_in(self, text: str) -> frozenset[str] | None:
        """Which changes a text has not; None where it is this draft no longer."""
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
        """A place with what stands around it; `instead` is what it becomes."""
        shown = f"【{self.text[start:end]}→{instead}】" if instead else self.text[start:end]
        before = self.text[max(0, start - AROUND) : start]
        after = self.text[end : end + AROUND]
        return f"{before}{shown}{after}".replace("\n", " ").strip()


def draft_of(session: Session, item: ItemId) -> Draft | None:
    """What last year's text of a section becomes; None where there is none."""
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
    Where the text states a figure that last year's tables have, and this year's of that cell.

    None where this year's is not known yet, or more than one could be meant.
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
