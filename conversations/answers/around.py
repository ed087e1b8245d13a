"""Words around a figure, or instead of a zero, that mean nothing else in one question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from conversations.answers.names import name_of, printed_name
from conversations.answers.vocabulary import (
    AFTER,
    BEFORE,
    BEFORE_NOTHING,
    DONE,
    NOTHING,
    OF_NOTHING,
    VERB_NEEDED,
    WHOSE,
)
from conversations.form.model import Cell, Line

_LONGEST_WORD = 24
_MARKS = " \t\n,:、;。·"
_DATED = re.compile("[0-9零〇一二三四五六七八九十][ ]*[年月日]")
_ASKING = re.compile("有没有|有无|是不是|是否|[吗呢]")
_SAID = re.compile("[\u4e00-\u9fff ,。!、:;]+")
_NOTHING = re.compile("|".join(NOTHING))


class Around:
    """
    The words that may stand beside a figure without changing it.

    They are the question's own names, whole or in part (at least two characters), verbs for what it
    counts, and some everyday words. Any other word may change the meaning of a figure: 去年, or
    处罚 if 行政许可 is asked.
    """

    def __init__(self, lines: Sequence[Line], cell: Cell | None) -> None:
        labels = [text for line in lines for text in (*line.path, line.label, line.short)]
        ids = [line.id for line in lines]
        if cell is not None:
            labels += [cell.column.label, cell.column.name]
            ids.append(cell.column.id)
        self.names = tuple(printed_name(label, numbered=False) for label in dict.fromkeys(labels))
        done = [DONE.get(full.rpartition(".")[2], frozenset[str]()) for full in ids]
        self.done = frozenset[str]().union(*done)

    def figure(self, text: str) -> str:
        """The text without the known words at both ends."""
        left = text.strip(_MARKS)
        if _DATED.search(left) or _ASKING.search(left):
            return left
        while length := self._length(left, BEFORE | self.done, named=True):
            left = left[length:].lstrip(_MARKS)
        while length := self._length(left, AFTER | self.done, named=True, ending=True):
            left = left[:-length].rstrip(_MARKS)
        if left != text and left[:1] == "(" and left[-1:] == ")":
            left = left[1:-1].strip(_MARKS)
        return left

    def behind_name(self, text: str) -> str:
        """
        The text after the name of a row, with this year's or the organ's own: 本年新收：3 1 0.
        """
        left = text.lstrip()
        while length := self._length(left, WHOSE, named=True):
            left = left[length:].lstrip(_MARKS)
        return left if left[:1].isalnum() and left != text.lstrip() else text

    def is_nothing(self, text: str) -> bool:
        """Whether a text says only that there was nothing of it: 本年未发生, 无此类事项, 未收费."""
        said = name_of(text)
        if not _SAID.fullmatch(text.strip()):
            return False
        # But not «没有掌握» if 不掌握 is asked.
        named = not any(map(_NOTHING.search, self.names))
        for match in _NOTHING.finditer(said):
            before, after = said[: match.start()], said[match.end() :]
            known = OF_NOTHING | self.done
            if match[0] in VERB_NEEDED:
                verb = self._length(after, known, named=False)
                if not verb:
                    continue
                after = after[verb:]
            if self._consists(before, BEFORE_NOTHING, named=named) and self._consists(
                after, known, named=named
            ):
                return True
        return False

    def names_something(self, text: str) -> bool:
        """Whether a word for «nothing» stands with a name or verb of this question."""
        return not self._consists(
            name_of(text), frozenset(NOTHING) | BEFORE_NOTHING | OF_NOTHING, named=False
        )

    def _consists(self, text: str, known: AbstractSet[str], *, named: bool) -> bool:
        """Whether a text has only known words, and parts of the names if `named`."""
        while text:
            length = self._length(text, known, named=named)
            if not length:
                return False
            text = text[length:]
        return True

    def _length(
        self, text: str, known: AbstractSet[str], *, named: bool, ending: bool = False
    ) -> int:
        """The length of the longest known word at the start, or at the end, of a text."""
        for length in range(min(len(text), _LONGEST_WORD), 0, -1):
            word = text[-length:] if ending else text[:length]
            if word in known or (named and length > 1 and any(word in n for n in self.names)):
                return length
        return 0
