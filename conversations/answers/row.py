"""Reads one row: a single figure, a word for zeros, figures in order or separated by commas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from conversations.answers.figure import (
    ENDS,
    LONGEST_FIGURE,
    NONE_WORDS,
    Figure,
    Reason,
    Refusal,
    figure_of,
    is_blank,
    shown,
    zero,
)
from conversations.answers.question import PARTS, Collected, Question, Reading
from conversations.form.model import Measure

_ALL_ZERO = re.compile(
    r"(?:这一?行|本行|整行|这一?块|这张?表)?(?:全部|全都|统统|一律|通通|所有|[全都均皆]){1,4}"
    r"[都均]?[是为填写]?(?:0|零|〇|无|没有)件?|[一1][件个宗份次条项][都也]?(?:没有|没|无)"
)

_NOUGHT = re.compile("[0零〇]")

_APART = re.compile(r"[ \n,()、;]+")

_GROUP_START = re.compile(r"[^0-9,]*[1-9][0-9]{0,2}")

_GROUP_NEXT = re.compile(r"[0-9]{3}")

_GROUP_LAST = re.compile(r"[0-9]{3}(?:\.[0-9]*)?[^0-9,.]*")


def read_single(answer: Question) -> Reading | None:
    """Read one figure, alone or among words that change nothing."""
    if len(answer.asked) != 1:
        return None
    collected = Collected(answer.computed)
    text = answer.text.strip(" \t\n")
    if is_blank(text):
        return None
    if collected.put(answer.asked[0], text) and (
        len(text) > LONGEST_FIGURE or collected.put(answer.asked[0], answer.around.figure(text))
    ):
        return None
    return collected.reading() if collected.values or collected.totals else None


def read_all_zero(answer: Question) -> Reading | None:
    """
    Read 全是0, 无, 本年未发生, or a single 0 for everything asked.

    A zero for a whole row that names something (未收到申请) is asked about.
    """
    if len(answer.text) > 2 * LONGEST_FIGURE or "\t" in answer.text:
        return None
    parts = [part for part in _APART.split(answer.text) if part]
    text = "".join(answer.tokens()).strip(ENDS)
    if len(parts) == 1 or _has_none_word(parts):
        # «其他0» is one column's zero, «没有申请» is asked about; «本年新收0件» is the row's zero.
        bare = len(parts) == 1 and (
            not _NOUGHT.search(text) or any(name in text for name in answer.cell_names)
        )
        figures = parts if bare else [answer.around.figure(part) for part in parts]
        reads = [figure_of(figure, Measure.COUNT) for figure in figures]
        if all(isinstance(read, Figure) and read.value == 0 for read in reads):
            return _zeros(answer)
    if _ALL_ZERO.fullmatch(text):
        return _zeros(answer)
    if not answer.around.is_nothing(answer.text):
        return None
    if len(answer.asked) > 1 and answer.around.names_something(text):
        return Reading({}, tuple(cell.id for cell in answer.asked))
    return _zeros(answer)


def _has_none_word(parts: Sequence[str]) -> bool:
    return any(part.strip(ENDS) in NONE_WORDS for part in parts)


def _zeros(answer: Question) -> Reading:
    return Reading({cell.id: zero(cell.measure) for cell in answer.asked})


def read_exact(answer: Question) -> Reading | Refusal | None:
    """
    Read as many figures as asked, in order, or one more for the total.

    Programs rely on this form. A row with empty places is left to the readers of tabs.
    """
    if any(
        "\t\t" in row or row.startswith("\t") for row in answer.text.rstrip("\t\n ").split("\n")
    ):
        return None
    tokens = answer.tokens()
    return answer.fill(tokens) if answer.fits(len(tokens)) else None


def read_listed(answer: Question) -> Reading | Refusal | None:
    """Read figures separated by commas, 、 and the like, in one row."""
    wanted = {len(answer.asked)} | ({len(answer.asked) + 1} if answer.total else set())
    chunks = [chunk for chunk in PARTS.split(answer.joined()) if chunk.strip(",")]
    if answer.fits(len(chunks)):
        read = answer.fill(chunks)
        if isinstance(read, Reading):
            return read
    places = _divided(chunks, wanted)
    return answer.fill(places) if isinstance(places, tuple) else places


def _divided(chunks: Sequence[str], wanted: set[int]) -> tuple[str, ...] | Refusal | None:
    """
    The one way to read commas as separators or within thousands that gives the wanted number of
    figures; None if there is none.

    `1,234` is one figure if one is wanted, and two if two are.
    """
    parts = [chunk.rstrip(",").split(",") for chunk in chunks]
    if sum(map(len, parts)) > 4 * max(wanted):
        return None
    ways: dict[int, tuple[int, tuple[str, ...]]] = {0: (1, ())}
    for pieces in parts:
        if not all(pieces):
            return Refusal(Reason.NOT_A_NUMBER, shown(",".join(pieces)))
        ends: list[dict[int, tuple[int, tuple[str, ...]]]] = [{} for _ in range(len(pieces) + 1)]
        ends[0] = ways
        for start in range(len(pieces)):
            for end in groups(pieces, start):
                figure = ",".join(pieces[start:end])
                for count, (number, places) in ends[start].items():
                    if count < max(wanted):
                        known = ends[end].get(count + 1, (0, ()))[0]
                        ends[end][count + 1] = (known + number, (*places, figure))
        ways = ends[-1]
    fitting = [ways[count] for count in wanted if count in ways]
    if not fitting:
        return None
    if len(fitting) > 1 or fitting[0][0] > 1:
        return Refusal(Reason.AMBIGUOUS, shown(" ".join(chunks)), min(wanted))
    return fitting[0][1]


def groups(pieces: Sequence[str], start: int) -> Iterable[int]:
    """The possible ends of a figure that begins at `start`: alone, or with groups of three."""
    yield start + 1
    if not _GROUP_START.fullmatch(pieces[start]):
        return
    for end in range(start + 1, min(start + 4, len(pieces))):
        if _GROUP_LAST.fullmatch(pieces[end]):
            yield end + 1
        if not _GROUP_NEXT.fullmatch(pieces[end]):
            return
