"""
Reads a typed answer as values, or refuses it and says what was not understood.

An answer is a row, a row with the names of its columns, or a block pasted from a spreadsheet.
Nothing is guessed silently: a unit conversion has to be confirmed, an empty place of a pasted row
is asked, a typed total is compared. An answer with two readings is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from conversations.answers.block import read_block
from conversations.answers.figure import (
    ENDS,
    LONGEST_ANSWER,
    Conversion,
    Reason,
    Refusal,
    cleaned,
    figure_of,
    is_blank,
    shown,
)
from conversations.answers.keyed import read_keyed, stranger
from conversations.answers.question import MOST_PLACES, Question, Reading
from conversations.answers.row import read_all_zero, read_exact, read_listed, read_single
from conversations.answers.short import read_date
from conversations.form.model import Cell, Form, Line, Measure

_PLAIN = re.compile(r"[0-9]{1,9}(?: [0-9]{1,9})*")


# Words and signs beside an answer that mean nothing: 嗯三件, 12 👍, 谢谢.
_CHATTER = re.compile("[嗯呃唔哦嘛啊呀哈]|谢谢您?|[👍👌✅✔☑🙏😊🌹][\ufe0f\U0001f3fb-\U0001f3ff]?")

_LIKE_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])?")


def read_answer(
    text: str,
    asked: Sequence[Cell],
    form: Form,
    following: Sequence[Line] = (),
    year: int = 0,
) -> Reading | Refusal:
    """
    Read an answer to the asked cells, in order.

    `asked` are the cells of the question: one cell, or the open or all cells of a line. `following`
    are the lines that a pasted block may fill in order, the asked one first; a block with labels
    may fill any line of the same table. A keyed answer (自然人3) may name only some of the cells;
    the others are not in the reading. Beside a figure only the `year` reported on may be written
    (2025年12件).

    The tabs of `text` count: it must not be stripped beforehand.
    """
    if not asked or len(text) > LONGEST_ANSWER:
        return Refusal(Reason.NOT_A_NUMBER, shown(text), len(asked))
    read: Reading | Refusal | None = _plain(text, asked)
    if not read:
        said = cleaned(text)
        if read_date(said) and not said.strip().isdecimal():
            return Refusal(Reason.NOT_A_NUMBER, shown(text), len(asked))
        said = _without_year(_without_chatter(said), year)
        read = read_any(Question(said, tuple(asked), form, tuple(following)))
    return _doubted(read, text, year) if len(asked) == 1 else read


def _without_chatter(text: str) -> str:
    """Replace chatter by blanks, so that no two figures become one."""
    without = _CHATTER.sub(" ", text)
    return without if without.strip(ENDS) else text


def _without_year(text: str, year: int) -> str:
    """The text without the year reported on; another year stays, and is refused."""
    without = re.sub(rf"(?<![0-9]){year}[ ]?年度?", "", text) if year else text
    return without if without.strip() else text


def _doubted(read: Reading | Refusal, text: str, year: int) -> Reading | Refusal:
    """Ask about a single figure that may be a day, a month (20231231) or the year."""
    if isinstance(read, Refusal) or read.conversions:
        return read
    doubts = tuple(
        Conversion(cell, shown(text), value)
        for cell, value in read.values.items()
        if _LIKE_DATE.fullmatch(str(value)) or (year and value in (year - 1, year, year + 1))
    )
    return replace(read, conversions=doubts) if doubts else read


def _plain(text: str, asked: Sequence[Cell]) -> Reading | None:
    """Read the most usual answer quickly: as many plain numbers (件) as asked."""
    if not _PLAIN.fullmatch(text):
        return None
    places = text.split(" ")
    if len(places) != len(asked) or any(cell.measure is not Measure.COUNT for cell in asked):
        return None
    return Reading({cell.id: int(place) for cell, place in zip(asked, places, strict=True)})


def read_any(answer: Question) -> Reading | Refusal:
    """Read an answer of any form; the readers are tried one after another."""
    if not answer.text.strip(" \t\n"):
        return Refusal(Reason.EMPTY, "", len(answer.asked), unit=answer.measure)
    first: Refusal | None = None
    for attempt in _attempts(answer):
        result = attempt(answer)
        if isinstance(result, Reading):
            return result
        if result and (
            (attempt is read_keyed and "\t" not in answer.text)
            or result.reason in (Reason.UNKNOWN_LINE, Reason.LINE_TWICE)
        ):
            first = result  # it names the mistake better than an earlier one
        first = first or result
    if first is None or (len(answer.asked) == 1 and first.reason is Reason.UNKNOWN_COLUMN):
        return _refusal(answer)
    return first


def _attempts(answer: Question) -> tuple[Callable[[Question], Reading | Refusal | None], ...]:
    """The readers in order; if none reads the answer, the first refusal counts."""
    if "\t" in answer.text or "\n" in answer.text.strip():
        return read_single, read_all_zero, read_exact, read_block, read_keyed, read_listed
    return read_single, read_all_zero, read_exact, read_block, read_listed, read_keyed


def _refusal(answer: Question) -> Refusal:
    """
    The refusal if nothing fitted: too few or too many figures, or the first piece that is none.
    """
    unit = answer.measure
    pieces = [piece for piece in re.split(r"[ \t\n、;:|,]+", answer.joined()) if piece]
    for piece in pieces[:MOST_PLACES]:
        read = figure_of(piece, unit)
        if isinstance(read, Refusal) and not is_blank(piece):
            return stranger(piece, read) if len(answer.asked) > 1 else read
    if len(pieces) == len(answer.asked):
        return Refusal(Reason.AMBIGUOUS, shown(answer.text), len(pieces), len(pieces), unit)
    return answer.count_refused(len(pieces))
