"""
Whose report a file is: by the organ read in it, else by its own name.

A name counts where it is an organ's, or an old one of it, or the same after harmless
differences (the county's name before it, 人民政府 after it, brackets). Whatever else may
be meant is a doubt, for a person to settle: nothing is guessed.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from conversations.county.file_names import said_in
from conversations.form.organ import TAILS, is_surely_organ, nearest

MOST_NEAR = 5
SHORTEST = 2  # characters that a name has at least when something is taken from it


class Doubt(Enum):
    """Why a file is not taken in without a word."""

    UNREADABLE = "unreadable"  # nothing can be read in it
    IN_PART = "in_part"  # something in it was not read, or not for sure
    NO_NAME = "no_name"  # neither it nor its name says whose it is
    UNKNOWN = "unknown"  # the organ is none below
    NEAR = "near"  # the organ is none below; others are called nearly so
    SEVERAL = "several"  # the name may be that of several organs
    DIFFERS = "differs"  # it says another organ in one place than in another
    OWN = "own"  # it is the report of the organ above
    CLOSED = "closed"  # the organ is no more
    TWICE = "twice"  # another file is of the same organ
    NO_YEAR = "no_year"
    OTHER_YEAR = "other_year"
    ANSWERED = "answered"  # somebody has answered the report here
    LOCKED = "locked"  # it was handed in, approved or published
    OLDER = "older"  # the same file was taken in before the one that counts now


# What is settled by somebody saying whose a file is.
SETTLED = frozenset(
    {
        *(Doubt.IN_PART, Doubt.NO_NAME, Doubt.UNKNOWN, Doubt.NEAR, Doubt.SEVERAL),
        *(Doubt.DIFFERS, Doubt.OWN, Doubt.TWICE, Doubt.NO_YEAR, Doubt.OLDER),
    }
)


@dataclass(frozen=True, slots=True)
class Office:
    """An organ whose report a file may be; `old` are the names that it had before."""

    id: int
    name: str
    old: tuple[str, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """
    What is known of a file: the organ and year it says, who has signed.

    `readable` says that there is a report in it, `whole` that all of it was read for sure.
    """

    file: str
    readable: bool = True
    organ: str = ""
    signed: str = ""
    year: int | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Assignment:
    """
    Whose report a file is, None where that is not known, and what has to be settled first.

    `said` is the name that led there, `other` one that contradicts it; `near` are organs that
    may be meant.
    """

    file: str
    office: Office | None = None
    doubts: tuple[Doubt, ...] = ()
    said: str = ""
    other: str = ""
    near: tuple[Office, ...] = ()

    def doubted(self, *more: Doubt) -> Assignment:
        """With these doubts, too."""
        return replace(self, doubts=(*self.doubts, *(d for d in more if d not in self.doubts)))


class Names:
    """The names of the organs below one; `above` are the names of that organ and those above it."""

    def __init__(self, offices: Iterable[Office], above: Sequence[str]) -> None:
        """Old names count as the present ones, unless another organ bears one now."""
        self.offices = tuple(offices)
        self._above = tuple(above)
        stems = {stem for name in above for stem in _stems(_plain(name))}
        self._places = sorted(stems, key=len, reverse=True)
        self._kinds = tuple({stem[-1] for stem in stems})
        self._exact: dict[str, set[Office]] = {}
        self._alike: dict[str, set[Office]] = {}
        present = {_plain(office.name) for office in self.offices}
        for office in self.offices:
            for name in (office.name, *office.old):
                if name != office.name and _plain(name) in present:
                    continue
                self._exact.setdefault(_plain(name), set()).add(office)
                self._alike.setdefault(self.core(name), set()).add(office)

    def core(self, name: str) -> str:
        """A name without what may be written or not."""
        core = _plain(name)
        for place in self._places:
            core = _without(core, place)
        if core[:1] in self._kinds:
            core = _without(core, core[:1])
        for tail in TAILS:
            if core.endswith(tail) and len(core) - len(tail) >= SHORTEST:
                core = core.removesuffix(tail)
        return core

    def find(self, name: str) -> tuple[Office, ...]:
        """The organs of a name: the one that bears it, else those called alike."""
        found = self._exact.get(_plain(name)) or self._alike.get(self.core(name), set())
        return tuple(sorted(found, key=lambda office: office.name))

    def near(self, name: str) -> tuple[Office, ...]:
        """Organs with nearly this name, the likest first."""
        said = self.core(name)
        cores = {self.core(office.name): office for office in self.offices}
        within = [core for core in cores if core in said]
        found = dict.fromkeys((*within, *nearest(said, list(cores), MOST_NEAR)))
        return tuple(cores[core] for core in found)[:MOST_NEAR]

    def is_above(self, name: str) -> bool:
        """Whether a name is that of the organ the others are below."""
        own = _plain(self._above[0]) if self._above else ""
        return bool(own) and (_plain(name) == own or _plain(name).endswith(own))


def assign(
    files: Sequence[Seen], names: Names, year: int, chosen: Mapping[str, Office]
) -> tuple[Assignment, ...]:
    """
    Whose each file is; `chosen` are the files of which somebody has said that.

    A chosen file is that organ's whatever other files there are of it.
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
    """By what stands in the file, which its name may not contradict."""
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
    elif seen.organ and of_name:
        found = replace(found, near=tuple(dict.fromkeys((*of_name, *found.near))), other=in_name)
    if not seen.whole:
        found = found.doubted(Doubt.IN_PART)
    if found.office is not None and found.office.closed:
        found = found.doubted(Doubt.CLOSED)
    return found


def _named(file: str, said: str, names: Names) -> Assignment:
    """By one name."""
    found = names.find(said)
    if len(found) == 1:
        return Assignment(file, found[0], (), said)
    if found:
        return Assignment(file, None, (Doubt.SEVERAL,), said, "", found)
    if names.is_above(said):
        return Assignment(file, None, (Doubt.OWN,), said)
    near = names.near(said)
    return Assignment(file, None, (Doubt.NEAR if near else Doubt.UNKNOWN,), said, "", near)


def _contradicts(other: str, office: Office, names: Names) -> bool:
    """Whether another name in or on a file is surely not that of this organ."""
    found = names.find(other)
    if found:
        return office not in found
    return is_surely_organ(other) and not _is_part(names.core(other), names.core(office.name))


def _is_part(first: str, second: str) -> bool:
    return first in second or second in first


def _plain(name: str) -> str:
    """A name in one spelling of its signs, without another name in brackets at its end."""
    name = "".join(unicodedata.normalize("NFKC", name).split()).strip("《》「」“”\"'·")
    head, bracket, _ = name.partition("(")
    return head if bracket and name.endswith(")") and len(head) >= SHORTEST else name


def _without(name: str, beginning: str) -> str:
    """A name without a beginning, where something is left of it."""
    if name.startswith(beginning) and len(name) - len(beginning) >= SHORTEST:
        return name.removeprefix(beginning)
    return name


def _stems(name: str) -> set[str]:
    """The places that an organ above is in: 「海南省定安县人民政府」 in 海南省 and 定安县."""
    for tail in TAILS:
        name = name.removesuffix(tail)
    stems, begun = set(), 0
    for at, character in enumerate(name):
        if character in "省市县区州旗盟" and at - begun >= 1:
            stems |= {name[begun : at + 1], name[: at + 1]}
            begun = at + 1
    return stems
