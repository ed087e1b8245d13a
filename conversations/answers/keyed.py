"""Reads figures with the names of their columns: 自然人3，商业企业1，其余为0."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from conversations.answers.figure import (
    Figure,
    Reason,
    Refusal,
    figure_of,
    shown,
)
from conversations.answers.names import called
from conversations.answers.question import Collected, Question, Reading
from conversations.answers.vocabulary import (
    EACH,
    FILLER,
    JOINS,
    LEADS,
    NUMERALS,
    OTHER,
    PARTS_OF_IT,
    PLURAL,
    REST,
    TOTAL,
    WORD,
)
from conversations.form.model import Cell, CellId, Measure

LONGEST_SENTENCE = 600

# A comma within thousands does not end a clause.
_CLAUSE_ENDS = re.compile(r"(?:[、;。\n]|(?<![0-9]),|,(?![0-9]{3}(?![0-9])))+")
_EDGES = JOINS + "()[]{}"

# A clause by its words: columns (N), the total (T), the row itself (L), the rest (R), figures (P).
# In one clause every figure stands after its name (自然人3 企业1), or every one before it
# (3个自然人 1个企业). Figures without names are taken in order, before the rest or a total.
_CLAUSE = re.compile(
    r"(?P<first>TP(?!N+$)|LP(?=N+[TL]?P|PN|$))?(?:T|L(?=N|PN|$))?"
    r"(?:(?P<behind>(?:N+[TL]?P)+)|(?P<before>(?:PN)+)|(?P<plain>P+)|(?P<names>N+))?"
    r"(?P<last>(?:[RT]P)*)"
)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a sentence; `each` says that several names share the figure (各, 都)."""

    kind: str
    text: str
    each: bool = False


def read_keyed(answer: Question) -> Reading | Refusal | None:
    """Read 自然人3，商业企业1，其余为0; 3个自然人1个企业; 共4件，其中自然人3件、企业1件."""
    if len(answer.text) > LONGEST_SENTENCE or not _is_list_of_names(answer):
        return None
    whole, parted, parts = answer.joined().replace("其它", "其他").partition(PARTS_OF_IT)
    clauses = [clause for clause in _clauses(answer, parts if parted else whole) if clause]
    if not parted and not any(word.kind in "NTR" for clause in clauses for word in clause):
        return None
    sentence = _Sentence(answer)
    refused = sentence.take_total(whole) if parted else None
    for clause in clauses:
        refused = refused or sentence.take(clause)
    return refused or sentence.reading()


class _Sentence:
    """The state while one sentence is read."""

    def __init__(self, answer: Question) -> None:
        self.answer = answer
        self.collected = Collected(answer.computed)
        self.named: set[CellId] = set()
        self.plain: list[str] = []
        self.waiting: list[str] = []
        self.rest = ""

    def take_total(self, text: str) -> Refusal | None:
        """Take the total that stands before 其中: 本年新收4件."""
        total = self.answer.lines[0].total if len(self.answer.lines) == 1 else None
        if total is None or not text.strip(_EDGES):
            return Refusal(Reason.AMBIGUOUS, shown(text + PARTS_OF_IT))
        return self._put(total, text.strip(_EDGES))

    def take(self, clause: Sequence[_Word]) -> Refusal | None:
        """Take one clause: figures by name, in order, or for the rest."""
        match = _CLAUSE.fullmatch("".join(word.kind for word in clause))
        if not match:
            for word in clause:
                if word.kind == "P" and self._is_strange(word):
                    return self._stranger(word.text)
            return Refusal(Reason.AMBIGUOUS, shown("".join(word.text for word in clause)))
        said = {part: clause[slice(*match.span(part))] for part in match.groupdict() if match[part]}
        if self.waiting and len(said.get("plain", ())) == 1:
            said["behind"] = said.pop("plain")
        refused: Refusal | None = None
        for part in ("first", "behind", "before", "last"):
            for names, piece in _pairs(said.get(part, ())):
                refused = refused or self._pair(names, piece)
        self.plain += [word.text for word in said.get("plain", ())]
        self.waiting += [word.text for word in said.get("names", ())]
        return refused

    def _pair(self, names: Sequence[_Word], piece: _Word) -> Refusal | None:
        """Give a figure to the names before it, also to names of earlier clauses."""
        keys = [*self.waiting, *(word.text for word in names)]
        if len(keys) > 1 and names and names[-1].kind in "TL":
            del keys[-1]  # «自然人共3件»
        self.waiting = []
        if len(keys) > 1 and not piece.each:
            return Refusal(Reason.NOT_A_NUMBER, shown(keys[0]))
        if len(keys) == 1 and names and names[-1].kind == "R":
            return self._take_rest(keys[0], piece)
        for key in keys:
            cell = _cell_called(self.answer, key)
            if cell is None:
                return Refusal(Reason.UNKNOWN_COLUMN, shown(key))
            if cell.id in self.named:
                return Refusal(Reason.COLUMN_TWICE, shown(key))
            if refused := self._put(cell, piece.text):
                return refused
        return None

    def _take_rest(self, name: str, piece: _Word) -> Refusal | None:
        if self.rest:
            return Refusal(Reason.COLUMN_TWICE, name)
        read = figure_of(piece.text, Measure.COUNT)
        if isinstance(read, Figure) and read.value != 0 and not piece.each:
            return Refusal(Reason.AMBIGUOUS, shown(name + piece.text))
        self.rest = piece.text
        return None

    def _put(self, cell: Cell, text: str) -> Refusal | None:
        self.named.add(cell.id)
        if not self.collected.put(cell, text):
            return None
        refused = self.collected.put(cell, self.answer.around.figure(text))
        return refused and stranger(text, refused)

    def _is_strange(self, piece: _Word) -> bool:
        return isinstance(figure_of(piece.text, self.answer.measure), Refusal)

    def _stranger(self, text: str) -> Refusal:
        read = figure_of(text, self.answer.measure)
        if isinstance(read, Refusal):
            return stranger(text, read)
        return Refusal(Reason.AMBIGUOUS, shown(text))

    def reading(self) -> Reading | Refusal:
        """The reading, if the whole sentence was understood."""
        asked = self.answer.asked
        if self.waiting:
            return Refusal(Reason.NOT_A_NUMBER, shown(self.waiting[0]))
        count = len(self.plain)
        if any("," in text for text in self.plain):
            return Refusal(Reason.AMBIGUOUS, shown(" ".join(self.plain)))
        if count and (self.named & {cell.id for cell in asked} or not self._fits(count)):
            return self._stranger(self.plain[0])
        for cell, text in zip(asked, self.plain, strict=False):
            if refused := self._put(cell, text):
                return refused
        if self.rest:
            if not count and not self.collected.values and self.collected.totals:
                return Refusal(Reason.AMBIGUOUS, shown(self.answer.text))
            for cell in asked:
                refused = None if cell.id in self.named else self.collected.put(cell, self.rest)
                if refused:
                    return refused
        if not self.collected.values and not self.collected.blanks:
            return Refusal(Reason.TOO_FEW, "", len(asked), 0)
        return self.collected.reading()

    def _fits(self, count: int) -> bool:
        """Whether the rest or a total may follow so many figures without names."""
        return count < len(self.answer.asked) if self.rest else count == len(self.answer.asked)


def _pairs(words: Sequence[_Word]) -> Iterator[tuple[Sequence[_Word], _Word]]:
    """Names with their figure, in either order."""
    names: list[_Word] = []
    held: _Word | None = None
    for word in words:
        if word.kind == "P" and not names and len(words) > 1:
            held = word
        elif word.kind == "P":
            yield names, word
            names = []
        elif held:
            yield [word], held
            held = None
        else:
            names.append(word)


def _clauses(answer: Question, text: str) -> Iterator[list[_Word]]:
    """The words of a sentence, clause by clause, without those that change nothing."""
    rows = {
        name
        for line in answer.lines
        if len(line.cells) > 1
        for name in called(line.label, line.short)
        if name not in answer.cell_names
    }
    names = {*answer.cell_names, *REST, OTHER, *TOTAL, *rows}
    pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    for clause in _CLAUSE_ENDS.split(text):
        words: list[_Word] = []
        end = 0
        for match in (*pattern.finditer(clause), None):
            start = match.start() if match else len(clause)
            words += _pieces(answer, clause[end:start])
            if match:
                end = match.end()
                words.append(_Word(_kind(answer, match[0], clause[end:], rows), match[0]))
        yield words


def _kind(answer: Question, name: str, after: str, rows: AbstractSet[str]) -> str:
    if _is_rest(answer, name, after):
        return "R"
    if name in answer.cell_names:
        return "N"
    return "L" if name in rows else "T"


def _pieces(answer: Question, text: str) -> Iterator[_Word]:
    """The figures between two names; a word for all of them marks each."""
    text = FILLER.sub("", text.strip(_EDGES))
    lead = LEADS.match(text)
    each = bool(lead and EACH.search(lead[0]))
    for token in text[lead.end() if lead else 0 :].replace(":", " ").split():
        piece = token.strip(_EDGES)
        if answer.around.figure(piece):
            yield _Word("P", piece, each)


def _is_list_of_names(answer: Question) -> bool:
    """Whether tabs stand only between a name and its figure, one pair a line."""
    rows = answer.text.split("\n") if "\t" in answer.text else ()
    return all(len([place for place in row.split("\t") if place]) in (0, 2) for row in rows)


def _is_rest(answer: Question, name: str, after: str) -> bool:
    """Whether a name means the rest: 其余0; 其他都是0; 其他0 only if no column is called 其他."""
    if name != OTHER:
        return name in REST
    lead = LEADS.match(after)
    plural = bool(lead and PLURAL.search(lead[0]))
    return plural or answer.cell_names.get(OTHER) is None


def _cell_called(answer: Question, name: str) -> Cell | None:
    if name in answer.cell_names:
        cell = answer.cell_names[name]
        return cell if cell in answer.asked else None
    return answer.lines[0].total if len(answer.lines) == 1 else None


def stranger(piece: str, refused: Refusal | None = None) -> Refusal:
    """Refuse a piece that is no figure: perhaps the name of an unknown column."""
    if refused and refused.reason is not Reason.NOT_A_NUMBER:
        return refused
    words = [word for word in WORD.findall(piece) if set(word) - set(NUMERALS)]
    if words:
        return Refusal(Reason.UNKNOWN_COLUMN, shown(words[0]))
    return Refusal(Reason.NOT_A_NUMBER, shown(piece))
