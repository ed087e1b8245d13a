"""Whether a message holds only figures and their names."""

from __future__ import annotations

import re
from functools import cache

from conversations.answers.names import called, name_of
from conversations.answers.vocabulary import CALLED, NUMERALS, OTHER, REST, TOTAL
from conversations.form import FORMS
from conversations.form.model import Line

_SHORTEST_NAME = 2
_SAYS_SOMETHING = 2  # remaining characters from which on a message is a sentence
_CONNECTS = "申请数量一律全部都均全各皆是为有填写的列栏行格和及与共以上本该"


@cache
def _names(edition: str) -> re.Pattern[str]:
    """The names of a form's rows and columns, the longest first."""
    names = {OTHER, *REST, *TOTAL}
    for line in FORMS[edition].lines.values():
        names.update(_of_line(line))
    names = {name for name in map(name_of, names) if len(name) >= _SHORTEST_NAME}
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


def _of_line(line: Line) -> set[str]:
    names = {name_of(step) for step in line.path} | set(called(line.label, line.short))
    for cell in line.printed:
        for name in (*called(cell.column.label, cell.column.name), *CALLED.get(cell.column.id, ())):
            names |= {name[:end] for end in range(_SHORTEST_NAME, len(name) + 1)}
    return names


def only_figures(text: str, edition: str) -> bool:
    """Whether a message is empty without its figures and the names of rows and columns."""
    left = _names(edition).sub("", name_of(text))
    words = [c for c in left if "\u4e00" <= c <= "\u9fff" and c not in NUMERALS + _CONNECTS]
    return len(words) < _SAYS_SOMETHING
