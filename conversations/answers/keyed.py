"""自然人3，商业企业1，其余为0: figures with the names of their columns."""

from __future__ import annotations

import re

from conversations.answers.figure import (
    ARABIC,
    Figure,
    Reason,
    Refusal,
    figure_of,
    shown,
)
from conversations.answers.question import Collected, Question, Reading
from conversations.answers.vocabulary import (
    EACH,
    FILLER,
    JOINS,
    LEADS,
    NUMERALS,
    OTHER,
    PLURAL,
    REST,
    TOTAL,
    WORD,
)
from conversations.form.model import Cell, CellId, Measure

LONGEST_SENTENCE = 600


def read_keyed(answer: Question) -> Reading | Refusal | None:
    """自然人3，商业企业1，其余为0: figures with the names of their columns."""
    if len(answer.text) > LONGEST_SENTENCE or not _is_list_of_names(answer):
        return None
    text = answer.joined().replace("其它", "其他")
    names = answer.cell_names
    pattern = "|".join(
        map(re.escape, sorted({*names, *REST, OTHER, *TOTAL}, key=len, reverse=True))
    )
    before, *parts = re.split(f"({pattern})", text)
    if not parts:
        return None
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    collected = Collected(answer.computed)
    named: dict[CellId, str] = {}
    waiting: list[str] = []
    rest: str | None = None

    leading = FILLER.sub("", before.strip(JOINS))
    if leading:
        chunks = [chunk for chunk in re.split(r"[ \t\n、;:|,]+", leading) if chunk]
        if ARABIC.fullmatch(leading) and len(chunks) > 1:
            return Refusal(Reason.AMBIGUOUS, shown(leading))
        if len(pairs) > 1 or not _is_rest(answer, *pairs[0]) or len(chunks) >= len(answer.asked):
            return stranger(leading)
        refused = collected.put_all(answer.asked[: len(chunks)], chunks)
        if refused:
            return stranger(leading, refused)
        named = {cell.id: "" for cell in answer.asked[: len(chunks)]}

    for name_typed, after in pairs:
        name = name_typed
        lead = LEADS.match(after)
        piece = after[lead.end() if lead else 0 :].rstrip(JOINS)
        if not piece:
            waiting.append(name)
            continue
        if len(waiting) == 1 and name in TOTAL and _cell_called(answer, waiting[0]):
            name = waiting.pop()  # «自然人共3件»
        if waiting and not (lead and EACH.search(lead[0])):
            return Refusal(Reason.NOT_A_NUMBER, shown(waiting[0]))
        if not waiting and _is_rest(answer, name, after):
            if rest is not None:
                return Refusal(Reason.COLUMN_TWICE, name)
            each = bool(lead and EACH.search(lead[0]))
            read = figure_of(piece, Measure.COUNT)
            if isinstance(read, Figure) and read.value != 0 and not each:
                return Refusal(Reason.AMBIGUOUS, shown(name + after))
            rest = piece
            continue
        for key in (*waiting, name):
            cell = _cell_called(answer, key)
            if cell is None:
                return Refusal(Reason.UNKNOWN_COLUMN, shown(key))
            if cell.id in named:
                return Refusal(Reason.COLUMN_TWICE, shown(key))
            named[cell.id] = key
            refused = collected.put(cell, piece)
            if refused:
                return stranger(piece, refused)
        waiting = []
    if waiting:
        return Refusal(Reason.NOT_A_NUMBER, shown(waiting[0]))
    if rest is not None:
        for cell in answer.asked:
            refused = None if cell.id in named else collected.put(cell, rest)
            if refused:
                return refused
    if not collected.values and not collected.blanks:
        return Refusal(Reason.TOO_FEW, "", len(answer.asked), 0)
    return collected.reading()


def _is_list_of_names(answer: Question) -> bool:
    """Tabs only as between a name and its figure, a pair a line."""
    rows = answer.text.split("\n") if "\t" in answer.text else ()
    return all(len([place for place in row.split("\t") if place]) in (0, 2) for row in rows)


def _is_rest(answer: Question, name: str, after: str) -> bool:
    """其余0; 其他都是0; 其他0 only where no column is called 其他."""
    if name != OTHER:
        return name in REST
    lead = LEADS.match(after)
    plural = bool(lead and PLURAL.search(lead[0]))
    return plural or answer.cell_names.get(OTHER) is None


def _cell_called(answer: Question, name: str) -> Cell | None:
    cell = answer.cell_names.get(name)
    if cell:
        return cell if cell in answer.asked else None
    if name in TOTAL and len(answer.lines) == 1:
        return answer.lines[0].total
    return None


def stranger(piece: str, refused: Refusal | None = None) -> Refusal:
    """A piece of a keyed answer that is no figure: a column we do not know?"""
    if refused and refused.reason is not Reason.NOT_A_NUMBER:
        return refused
    words = [word for word in WORD.findall(piece) if set(word) - set(NUMERALS)]
    if words:
        return Refusal(Reason.UNKNOWN_COLUMN, shown(words[0]))
    return Refusal(Reason.NOT_A_NUMBER, shown(piece))
