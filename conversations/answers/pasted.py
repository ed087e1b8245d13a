"""The rows of a pasted block: their labels and places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversations.answers.figure import (
    Figure,
    Reason,
    Refusal,
    figure_of,
    shown,
)
from conversations.answers.question import MOST_PLACES, PARTS, Question
from conversations.answers.row import groups
from conversations.form.model import Measure

MOST_ROWS = 80

_LABEL_AND_FIGURES = re.compile(r"([^:]{2,60}):[ ]*(([^ ]+).*)")


@dataclass(frozen=True, slots=True)
class PastedRow:
    """
    One row of a block: its labels, its places, and the number of all its places.

    `spaced` are the places if every single blank separates two of them: some messengers turn tabs
    into blanks. `unclear` is a row with commas that may be separators or stand within thousands.
    """

    labels: tuple[str, ...]
    places: tuple[str, ...]
    width: int
    tabbed: bool
    spaced: tuple[str, ...] = ()
    unclear: bool = False


def pasted_rows(answer: Question) -> list[PastedRow | Refusal] | Refusal:
    rows: list[PastedRow | Refusal] = []
    texts = [text for text in answer.joined().split("\n") if "\t" in text or text.strip(" ")]
    if len(texts) > MOST_ROWS:
        return Refusal(Reason.TOO_MANY, "", len(answer.asked), len(texts))
    for text in texts:
        row = _row(answer, text)
        if isinstance(row, PastedRow) and row.width > MOST_PLACES:
            return Refusal(Reason.TOO_MANY, "", len(answer.asked), row.width)
        rows.append(row)
        if isinstance(row, Refusal):
            break
    return rows


def _row(answer: Question, text: str) -> PastedRow | Refusal:
    if "\t" in text:
        places = [place.strip(" ") for place in text.split("\t")]
        if len(places) > MOST_PLACES and not any(places[MOST_PLACES:]):
            places = places[:MOST_PLACES]
        start = 0
        for index, place in enumerate(places[: MOST_PLACES + 1]):
            if answer.names.is_label(place):
                if any(p and not answer.names.is_label(p) for p in places[start:index]):
                    return Refusal(Reason.NOT_A_NUMBER, shown(place))
                start = index + 1
        labels = tuple(place for place in places[:start] if place)
        return PastedRow(labels, tuple(places[start:]), len(places), tabbed=True)
    named = _LABEL_AND_FIGURES.fullmatch(text)
    if (
        named
        and answer.names.is_label(named[1])
        and any(isinstance(figure_of(named[3], unit), Figure) for unit in Measure)
    ):
        text = f"{named[1].replace(' ', '')} {named[2]}"
    tokens = text.split()
    if len(tokens) > MOST_PLACES:
        return Refusal(Reason.TOO_MANY, "", len(answer.asked), len(tokens))
    start = 0
    while start < len(tokens) and answer.names.is_label(tokens[start]):
        start += 1
    labels = tuple(tokens[:start])
    plain = tokens[start:]
    chunks = [chunk for chunk in PARTS.split(" ".join(plain)) if chunk.strip(",")]
    figures: list[str] = []
    unclear = False
    for chunk in chunks:
        pieces = chunk.rstrip(",").split(",")
        if not all(pieces) or isinstance(figure_of(chunk, Measure.FEE), Figure):
            figures.append(chunk)
            continue
        figures += pieces
        unclear = unclear or any(
            len(list(groups(pieces, start))) > 1 for start in range(len(pieces[:MOST_PLACES]))
        )
    spaced = tuple(text.strip(" ").split(" "))
    if len(spaced) > MOST_PLACES or [place for place in spaced if place] != tokens:
        spaced = ()
    return PastedRow(
        labels,
        tuple(figures),
        len(figures) + start,
        tabbed=False,
        spaced=spaced[start:],
        unclear=unclear,
    )
