"""One row: a single figure, one word for zeros, figures in order, figures parted by commas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from conversations.answers.figure import (
    ENDS,
    LONGEST_FIGURE,
    Reason,
    Refusal,
    figure_of,
    is_blank,
    shown,
    zero,
)
from conversations.answers.numerals import read_chinese
from conversations.answers.question import PARTS, Collected, Question, Reading
from conversations.form.model import Measure

_ALL_ZERO = re.compile(
    r"(?:这一?行|本行|整行|这一?块|这张?表)?(?:全部|全都|统统|一律|通通|所有|[全都均皆]){1,4}"
    r"[都均]?[是为填写]?(?:0|零|〇|无|没有)件?"
)

_SO_MANY_ZEROS = re.compile(r"([0-9]{1,3}|[一二两三四五六七八九十]{1,3})个[0零]")

_GROUP_START = re.compile(r"[^0-9,]*[1-9][0-9]{0,2}")

_GROUP_NEXT = re.compile(r"[0-9]{3}")

_GROUP_LAST = re.compile(r"[0-9]{3}(?:\.[0-9]*)?[^0-9,.]*")


def read_single(answer: Question) -> Reading | None:
    if len(answer.asked) != 1:
        return None
    collected = Collected(answer.computed)
    text = answer.text.strip(" \t\n")
    if is_blank(text) or collected.put(answer.asked[0], text):
        return None
    return collected.reading()


def read_all_zero(answer: Question) -> Reading | Refusal | None:
    """全是0, 六个0, 无, or a single 0 for everything asked."""
    if len(answer.text) > 2 * LONGEST_FIGURE or "\t" in answer.text:
        return None
    tokens = answer.tokens()
    text = "".join(tokens).strip(ENDS)
    many = _SO_MANY_ZEROS.fullmatch(text)
    if many:
        count = int(many[1]) if many[1].isdecimal() else read_chinese(many[1])
        if count != len(answer.asked):
            return answer.count_refused(int(count or 0))
    elif not _ALL_ZERO.fullmatch(text):
        read = figure_of(text, Measure.COUNT)
        if len(tokens) != 1 or isinstance(read, Refusal) or read.value != 0:
            return None
    return Reading({cell.id: zero(cell.measure) for cell in answer.asked})


def read_exact(answer: Question) -> Reading | Refusal | None:
    """
    As many figures as asked, in order, or one more: the total.

    This is what a program relies on. With empty places in it, tabs decide.
    """
    if any(
        "\t\t" in row or row.startswith("\t") for row in answer.text.rstrip("\t\n ").split("\n")
    ):
        return None
    tokens = answer.tokens()
    return answer.fill(tokens) if answer.fits(len(tokens)) else None


def read_listed(answer: Question) -> Reading | Refusal | None:
    """Figures parted by commas, 、 and the like, in one row."""
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
    The one way to read commas as separators or within thousands that gives as many
    figures as wanted; None where there is none.

    `1,234` is one figure where one is wanted and two where two are.
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
    """Where a figure that begins at `start` may end: alone, or with groups of three."""
    yield start + 1
    if not _GROUP_START.fullmatch(pieces[start]):
        return
    for end in range(start + 1, min(start + 4, len(pieces))):
        if _GROUP_LAST.fullmatch(pieces[end]):
            yield end + 1
        if not _GROUP_NEXT.fullmatch(pieces[end]):
            return
