"""
Finds the organ of a file: from the name read in it, else from the file's own name.

A name counts if it is an organ's present or old name, or differs from it only in harmless ways (the
county's name before it, 人民政府 after it, brackets). Any other possible match is a doubt for a
person to settle: nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from conversations.county.file_names import said_in
from conversations.form.organ import TAILS, is_surely_organ, nearest

MOST_NEAR = 5
SHORTEST = 2  # characters that a name must keep when a part is removed


class Doubt(Enum):
    """Why a file is not taken in without asking."""

    UNREADABLE = "unreadable"  # nothing can be read in it
    IN_PART = "in_part"  # something in it was not read, or not surely
    NO_NAME = "no_name"  # neither its content nor its name tells the organ
    UNKNOWN = "unknown"  # the organ is not among those below
    NEAR = "near"  # the organ is not among those below; similar names are
    SEVERAL = "several"  # the name may mean several organs
    DIFFERS = "differs"  # it names different organs in different places
    OWN = "own"  # it is the report of the organ above
    CLOSED = "closed"  # the organ was closed
    TWICE = "twice"  # another file is of the same organ
    NO_YEAR = "no_year"
    OTHER_YEAR = "other_year"
    ANSWERED = "answered"  # the report was answered here
    LOCKED = "locked"  # it was handed in, approved or published
    OLDER = "older"  # the same file was taken in before the one that counts now


# Doubts that are settled when a person names the organ of the file.
SETTLED = frozenset(
    {
        *(Doubt.IN_PART, Doubt.NO_NAME, Doubt.UNKNOWN, Doubt.NEAR, Doubt.SEVERAL),
        *(Doubt.DIFFERS, Doubt.OWN, Doubt.TWICE, Doubt.NO_YEAR, Doubt.OLDER),
    }
)


@dataclass(frozen=True, slots=True)
class Office:
    """
    An organ whose report a file may be; `old` are its earlier names.

    `above` are the names of the organs above it, the nearest first; () means those above all.
    """

    id: int
    name: str
    old: tuple[str, ...] = ()
    closed: bool = False
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """
    The facts about a file: the organ and year in it, its signature, and the name in its title.

    `readable` says that it holds a report, `whole` that all of it was surely read.
    """

    file: str
    readable: bool = True
    organ: str = ""
    signed: str = ""
    year: int | None = None
    whole: bool = True
    titled: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """
    The organ of a file, None if it is not known, and the doubts to settle first.

    `said` is the name that led to it, `other` one that contradicts it; `near` are possible organs.
    """

    file: str
    office: Office | None = None
    doubts: tuple[Doubt, ...] = ()
    said: str = ""
    other: str = ""
    near: tuple[Office, ...] = ()

    def doubted(self, *more: Doubt) -> Assignment:
        """The same with more doubts."""
        return replace(self, doubts=(*self.doubts, *(d for d in more if d not in self.doubts)))


class Names:
    """
    The names of the organs below one; `above` are the names of that organ and those above it.

    The nearest comes first in `above`. The place before an organ's name must be that of the organs
    above it, with or without the larger places around it.
    """

    def __init__(
        self, offices: Iterable[Office], above: Sequence[str], tops: Sequence[str] = ()
    ) -> None:
        """
        An old name counts like the present one, unless another organ has it now.

        `tops` are the organs that all others are below, if there are more than the first of
        `above`.
        """
        self.offices = tuple(offices)
        self._above = tuple(above)
        self._tops = tuple(map(_plain, tops or above[:1]))
        self._exact: dict[str, set[Office]] = {}
        self._alike: dict[tuple[str, ...], dict[str, set[Office]]] = {}
        self._bare: dict[str, set[Office]] = {}  # without a place that only the name has
        present = {_plain(office.name) for office in self.offices}
        for office in self.offices:
            self._exact.setdefault(_plain(office.name), set()).add(office)
            places = self._places(office)
            alike = self._alike.setdefault(places, {})
            for name in (office.name, *office.old):
                if name != office.name and _plain(name) in present:
                    continue
                alike.setdefault(_core(name, places), set()).add(office)
            if bare := _bare(office.name):
                self._bare.setdefault(bare, set()).add(office)

    def _places(self, office: Office) -> tuple[str, ...]:
        return _places_of(office.above or self._above)

    def core(self, office: Office, name: str = "") -> str:
        """A name (by default its own) in the form compared, without its optional parts."""
        return _core(name or office.name, self._places(office))

    def find(self, name: str) -> tuple[Office, ...]:
        """
        The organs that a name may mean: the one with that name, and those with a longer one.

        If none has it, organs with a name that differs in harmless ways.
        """
        said = _plain(name)
        alike = set[Office]()
        for places, cores in self._alike.items():
            alike |= cores.get(_core(name, places), set())
        if alike:
            alike |= self._bare.get(_core(name, ()), set())
        if exact := self._exact.get(said):
            alike = exact | {office for office in alike if said in _plain(office.name)}
        return tuple(sorted(alike, key=lambda office: (office.name, office.id)))

    def bearing(self, name: str) -> tuple[Office, ...]:
        """The organ that now has exactly this name, else the result of `find`."""
        said = _tidy(name)
        return tuple(o for o in self.offices if _tidy(o.name) == said) or self.find(name)

    def near(self, name: str) -> tuple[Office, ...]:
        """Organs with a similar name, the most similar first."""
        said = _core(name, _places_of(self._above))
        cores = {self.core(office): office for office in self.offices}
        within = [core for core in cores if core in said]
        found = dict.fromkeys((*within, *nearest(said, list(cores), MOST_NEAR)))
        return tuple(cores[core] for core in found)[:MOST_NEAR]

    def is_above(self, name: str) -> bool:
        """Whether a name is that of an organ above the others."""
        return _plain(name).endswith(self._tops) if self._tops else False

    def hints_at_another(self, name: str, office: Office) -> bool:
        """Whether a name that belongs to no organ resembles another organ's, and not this one's."""
        said = _plain(name)
        if len(said) < SHORTEST or said in _plain(office.name):
            return False
        own = self.core(office)
        for other in self.offices:
            core = self.core(other)
            if other != office and core not in own and (core in said or said in core):
                return True
        return False


def assign(
    files: Sequence[Seen], names: Names, year: int, chosen: Mapping[str, Office]
) -> tuple[Assignment, ...]:
    """
    The organ of each file; `chosen` are the organs that a person has named, by file.

    A chosen file belongs to that organ even if others do, too.
    """
    assigned = [
        _settled(seen, office, year) if (office := chosen.get(seen.file)) else _one(seen, names)
        for seen in files
    ]
    assigned = [
        each if seen.file in chosen else each.doubted(*_of_year(seen, year))
        for each, seen in zip(assigned, files, strict=True)
    ]
    by_word = Counter(each.office for each in assigned if each.file in chosen)
    counts = Counter(each.office for each in assigned)

    def is_twice(each: Assignment) -> bool:
        others = by_word if each.file in chosen else counts
        return each.office is not None and others[each.office] > 1

    return tuple(each.doubted(Doubt.TWICE) if is_twice(each) else each for each in assigned)


def _of_year(seen: Seen, year: int) -> tuple[Doubt, ...]:
    if not seen.readable or seen.year == year:
        return ()
    return (Doubt.NO_YEAR if seen.year is None else Doubt.OTHER_YEAR,)


def _settled(seen: Seen, office: Office, year: int) -> Assignment:
    doubts = [doubt for doubt in _of_year(seen, year) if doubt not in SETTLED]
    if not seen.readable:
        doubts.append(Doubt.UNREADABLE)
    if office.closed:
        doubts.append(Doubt.CLOSED)
    return Assignment(seen.file, office, tuple(doubts), office.name)


def _one(seen: Seen, names: Names) -> Assignment:
    """The organ by the content of a file, if the file's name does not contradict."""
    in_name = said_in(seen.file)
    of_name = names.find(in_name) if in_name else ()
    said = seen.organ or seen.signed or in_name
    found = _named(seen.file, said, names) if said else Assignment(seen.file)
    if not said or not (found.office or found.near or is_surely_organ(said)):
        found = Assignment(seen.file, None, (Doubt.NO_NAME,), said)
    if not seen.readable:
        return Assignment(seen.file, found.office, (Doubt.UNREADABLE,), said)
    if found.office is not None:
        for other in (seen.signed, in_name):
            if other and _contradicts(other, found.office, names):
                found = replace(found, near=(found.office, *names.find(other)), other=other)
                found = replace(found, office=None).doubted(Doubt.DIFFERS)
                break
        if found.office is not None and _is_titled_otherwise(seen.titled, found.office, names):
            found = replace(found, near=(found.office, *names.find(seen.titled)))
            found = replace(found, office=None, other=seen.titled).doubted(Doubt.DIFFERS)
    elif seen.organ and of_name:
        found = replace(found, near=tuple(dict.fromkeys((*of_name, *found.near))), other=in_name)
    if not seen.whole:
        found = found.doubted(Doubt.IN_PART)
    if found.office is not None and found.office.closed:
        found = found.doubted(Doubt.CLOSED)
    return found


def _named(file: str, said: str, names: Names) -> Assignment:
    """The organ by one name."""
    found = names.find(said)
    if names.is_above(said) and not any(_tidy(office.name) == _tidy(said) for office in found):
        return Assignment(file, None, (Doubt.OWN,), said, "", found)
    if len(found) == 1:
        return Assignment(file, found[0], (), said)
    if found:
        return Assignment(file, None, (Doubt.SEVERAL,), said, "", found)
    near = names.near(said)
    return Assignment(file, None, (Doubt.NEAR if near else Doubt.UNKNOWN,), said, "", near)


def _contradicts(other: str, office: Office, names: Names) -> bool:
    """Whether another name in or on a file may mean another organ."""
    found = names.find(other)
    if found:
        return office not in found
    if is_surely_organ(other):
        return names.core(office, other) not in names.core(office)
    return names.hints_at_another(other, office)


def _is_titled_otherwise(titled: str, office: Office, names: Names) -> bool:
    """Whether a title names something else, known as an organ or not."""
    if not titled or office in names.find(titled):
        return False
    own, said = names.core(office), names.core(office, titled)
    return bool(names.find(titled)) or (own not in said and said not in own)


def _tidy(name: str) -> str:
    """A name with normalized signs."""
    return "".join(unicodedata.normalize("NFKC", name).split()).strip("《》「」“”【】\"'·")


def _plain(name: str) -> str:
    """A name with normalized signs, without another name in brackets at its end."""
    name = _tidy(name)
    head, bracket, inside = name.partition("(")
    if bracket and name.endswith(")") and len(head) >= SHORTEST and _OTHER.search(inside[:-1]):
        return head
    return name


# Text in brackets that is another name of the same organ, and not a part of it.
_OTHER = re.compile("(?:(?<!分)局|委员会|委|办公室|办|政府)$")

_PLACE = re.compile("[省市县区州旗盟]?[^省市县区州旗盟]+(?:州[市县区]|[省市县区州旗盟])")


def _pieces(name: str) -> tuple[str, ...]:
    """The places at the start of a name: 海南省 and 定安县 of 「海南省定安县人民政府」."""
    found, at = [], 0
    while piece := _PLACE.match(name, at):
        found.append(piece[0])
        at = piece.end()
    return tuple(found)


@lru_cache(maxsize=4096)
def _places_of(above: tuple[str, ...]) -> tuple[str, ...]:
    """The places of the organs above one, from the largest to the nearest."""
    return tuple(dict.fromkeys(piece for name in reversed(above) for piece in _pieces(name)))


@lru_cache(maxsize=65536)
def _core(name: str, places: tuple[str, ...]) -> str:
    """A name without the organ's place before it, and without 人民政府 or 办事处 after it."""
    core = _plain(name)
    if places:
        rest = core
        for place in places[:-1]:
            rest = rest.removeprefix(place)
        for nearest_place in (places[-1], places[-1][-1]):
            if rest.startswith(nearest_place) and len(rest) - len(nearest_place) >= SHORTEST:
                core = rest.removeprefix(nearest_place)
                break
    for tail in TAILS:
        if core.endswith(tail) and len(core) - len(tail) >= SHORTEST:
            core = core.removesuffix(tail)
    return core


def _bare(name: str) -> str:
    """A name without the places before it, "" if there are none."""
    core = _core(name, ())
    bare = core[sum(map(len, _pieces(core))) :]
    return bare if bare != core and len(bare) >= SHORTEST else ""
