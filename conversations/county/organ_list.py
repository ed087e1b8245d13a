"""
A list of organs compared with the store: what it would make and change, and its errors.

A doubtful row is reported and taken as written. An impossible one (no name, a circle, an organ of
another administrator) is reported and left out; the rest can still be taken.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from conversations.county.organ_rows import ListedOrgan, OrganRows, is_odd_phone
from conversations.form.organ import Level, guess_level, is_surely_organ


class Slip(Enum):
    """A remark on a row; the values are those of `nianbao organs import --json`."""

    NEAR = "near_name"  # one character differs from `other`
    TWICE = "twice"  # an earlier row has it; `other` is that line
    TWO_PARENTS = "two_parents"  # … below another organ
    NO_PARENT = "no_parent"  # no organ has the parent's name
    ODD_NAME = "odd_name"  # it does not look like an organ's name
    NO_LEVEL = "no_level"  # the text written as its level is no level
    ODD_PHONE = "odd_phone"
    OLD_NAME = "old_name"  # the organ's present name is `other`
    STAYS = "stays"  # the asker may not move it
    NO_NAME = "no_name"
    CIRCLE = "circle"  # it would be below itself
    CLOSED = "closed"  # it was closed; `other` took over its work
    NOT_YOURS = "not_yours"


LEFT_OUT = frozenset({Slip.NO_NAME, Slip.CIRCLE, Slip.CLOSED, Slip.NOT_YOURS})


@dataclass(frozen=True, slots=True)
class KnownOrgan:
    """
    An organ in the store that the asker looks after.

    `level` is the stored level, None if only the name tells it. `parent` is the name of the organ
    above, "" for none; `movable` says that the asker may move it. `former` are its earlier names;
    `merged_into` is the organ that took over the work of a closed one.
    """

    id: int
    organ: str
    parent: str = ""
    level: Level | None = None
    contact: str = ""
    phone: str = ""
    closed: bool = False
    merged_into: str = ""
    former: tuple[str, ...] = ()
    movable: bool = True


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a row of the list; line 0 means none."""

    line: int
    slip: Slip
    organ: str
    other: str = ""

    @property
    def left_out(self) -> bool:
        """Whether the row is left out."""
        return self.slip in LEFT_OUT


@dataclass(frozen=True, slots=True)
class Entry:
    """
    The change of one organ; None leaves a value as it is.

    `organ_id` is None for a new organ; `parent` is the name of the organ that it is put below, ""
    for none.
    """

    organ: str
    organ_id: int | None = None
    parent: str | None = None
    level: Level | None = None
    contact: str | None = None
    phone: str | None = None

    @property
    def changes(self) -> bool:
        """Whether anything changes."""
        new = (self.parent, self.level, self.contact, self.phone)
        return self.organ_id is None or any(value is not None for value in new)


@dataclass(frozen=True, slots=True)
class OrganPlan:
    """
    The result of a list: new organs (upper ones first), changed ones, remarks and counts.

    `same` counts unchanged organs, `empty` empty rows between others, `hidden` the hidden rows and
    columns, which were not read.
    """

    made: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    same: int
    remarks: tuple[Remark, ...]
    empty: int = 0
    hidden: int = 0

    @property
    def mark(self) -> str:
        """
        A mark that differs if the same list has another result, because the store has changed.
        """
        return hashlib.sha256(repr((self.made, self.changed)).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Known:
    """
    The organs in the store: those the asker looks after, and names in the list that others do.

    `under` is the name of the organ below which organs without a parent in the list are put.
    """

    organs: Mapping[str, KnownOrgan]
    elsewhere: frozenset[str] = frozenset()
    under: str = ""

    @classmethod
    def of(
        cls, organs: Iterable[KnownOrgan], elsewhere: Iterable[str] = (), under: str = ""
    ) -> Known:
        """Organs by their names; an earlier name counts if no organ has it now."""
        every = tuple(organs)
        by_name = {name: organ for organ in every for name in organ.former}
        by_name |= {organ.organ: organ for organ in every}
        return cls(by_name, frozenset(elsewhere) - by_name.keys(), under)


def plan(listed: OrganRows, known: Known) -> OrganPlan:
    """The result of a list."""
    remarks: list[Remark] = []
    rows = _without_doubles(_named(listed.rows, known, remarks), remarks)
    parents = _parents(rows, known, remarks)
    while circle := _in_circle(rows, parents, known):
        remarks += (Remark(row.line, Slip.CIRCLE, row.organ, row.parent) for row in circle)
        rows = [row for row in rows if row not in circle]
        remarks = [r for r in remarks if r.slip not in (Slip.NO_PARENT, Slip.STAYS)]
        parents = _parents(rows, known, remarks)
    remarks += _details(rows)
    remarks += _near(rows, known)
    entries = [_entry(row, parents[row.organ], known) for row in rows]
    entries.sort(key=lambda entry: len(_path(entry.organ, parents, known)))
    made = tuple(entry for entry in entries if entry.organ_id is None)
    changed = tuple(e for e in entries if e.organ_id is not None and e.changes)
    same = len(entries) - len(made) - len(changed)
    remarks.sort(key=lambda remark: (not remark.left_out, remark.line))
    return OrganPlan(made, changed, same, tuple(remarks), listed.empty, listed.hidden)


def _named(
    rows: Sequence[ListedOrgan], known: Known, remarks: list[Remark]
) -> Iterator[ListedOrgan]:
    """The rows that can be taken, with the present names of the organs."""
    for row in rows:
        organ = known.organs.get(row.organ)
        if not row.organ:
            remarks.append(Remark(row.line, Slip.NO_NAME, row.written))
        elif row.organ in known.elsewhere:
            remarks.append(Remark(row.line, Slip.NOT_YOURS, row.organ))
        elif organ is not None and organ.closed:
            remarks.append(Remark(row.line, Slip.CLOSED, row.organ, organ.merged_into))
        else:
            if organ is not None and organ.organ != row.organ:
                remarks.append(Remark(row.line, Slip.OLD_NAME, row.organ, organ.organ))
            elif organ is None and _is_odd(row.organ):
                remarks.append(Remark(row.line, Slip.ODD_NAME, row.organ))
            above = known.organs.get(row.parent)
            yield replace(
                row,
                organ=organ.organ if organ else row.organ,
                parent=above.organ if above else row.parent,
            )


def _is_odd(name: str) -> bool:
    """Whether a name does not look like one organ's: it starts with a number, or names several."""
    parts = name.split("、")
    several = len(parts) > 1 and all(map(is_surely_organ, parts))
    return several or name[0].isdecimal() or not is_surely_organ(name)


def _without_doubles(rows: Iterable[ListedOrgan], remarks: list[Remark]) -> list[ListedOrgan]:
    """Each organ once: its first row, filled up from later ones."""
    first: dict[str, ListedOrgan] = {}
    for row in rows:
        before = first.setdefault(row.organ, row)
        if before is row:
            continue
        two = bool(before.parent and row.parent and before.parent != row.parent)
        slip = Slip.TWO_PARENTS if two else Slip.TWICE
        remarks.append(Remark(row.line, slip, row.organ, before.parent if two else ""))
        first[row.organ] = replace(
            before,
            parent=before.parent or row.parent,
            level=before.level or row.level,
            contact=before.contact or row.contact,
            phone=before.phone or row.phone,
        )
    return list(first.values())


def _parents(
    rows: Sequence[ListedOrgan], known: Known, remarks: list[Remark]
) -> dict[str, str | None]:
    """The new parent of each organ of the list, "" for none; None keeps the present one."""
    listed = {row.organ for row in rows}
    found: dict[str, str | None] = {}
    for row in rows:
        organ = known.organs.get(row.organ)
        stands = organ.parent if organ else ""
        above = known.organs.get(row.parent)
        wanted = row.parent
        if row.parent and row.parent not in listed and (above is None or above.closed):
            if row.parent != stands:
                remarks.append(Remark(row.line, Slip.NO_PARENT, row.organ, row.parent))
            wanted = ""
        if not wanted:
            wanted = stands or (known.under if known.under != row.organ else "")
        if organ is None:
            found[row.organ] = wanted
        elif wanted == stands:
            found[row.organ] = None
        elif organ.movable:
            found[row.organ] = wanted
        else:
            found[row.organ] = None
            if row.parent:
                remarks.append(Remark(row.line, Slip.STAYS, row.organ, row.parent))
    return found


def _path(organ: str, parents: Mapping[str, str | None], known: Known) -> list[str]:
    """An organ and those above it after the change, up to the first that comes twice."""
    path: dict[str, None] = {}
    while organ and organ not in path:
        path[organ] = None
        given = parents.get(organ)
        if given is not None:
            organ = given
        else:
            organ = known.organs[organ].parent if organ in known.organs else ""
    return [*path, organ] if organ else list(path)


def _in_circle(
    rows: Sequence[ListedOrgan], parents: Mapping[str, str | None], known: Known
) -> list[ListedOrgan]:
    """The rows that would put organs below themselves."""
    found = set[str]()
    for row in rows:
        *path, last = _path(row.organ, parents, known)
        if last in path:
            found.update(path[path.index(last) :])
    return [row for row in rows if row.organ in found and parents[row.organ] is not None]


def _details(rows: Iterable[ListedOrgan]) -> Iterator[Remark]:
    """Remarks on impossible levels and unlikely phone numbers."""
    for row in rows:
        if row.level_written and row.level is None:
            yield Remark(row.line, Slip.NO_LEVEL, row.organ, row.level_written)
        if row.phone and is_odd_phone(row.phone):
            yield Remark(row.line, Slip.ODD_PHONE, row.organ, row.phone)


def _near(rows: Sequence[ListedOrgan], known: Known) -> Iterator[Remark]:
    """Remarks on new names that differ by one character from another in the list or the store."""
    lines = {row.organ: row.line for row in rows}
    shapes: dict[str, list[str]] = {}
    for row in rows:
        if row.organ not in known.organs:
            for shape in _shapes(row.organ):
                shapes.setdefault(shape, []).append(row.organ)
    for other in dict.fromkeys((*lines, *known.organs)):
        # Hardly any of the organs in the store is near; skip the others quickly.
        alike = [shape for shape in _shapes(other) if shape in shapes]
        for name in dict.fromkeys(name for shape in alike for name in shapes[shape]):
            # Of two new ones, the later gets the remark.
            earlier = other in known.organs or lines[other] < lines[name]
            if earlier and is_near(name, other):
                yield Remark(lines[name], Slip.NEAR, name, other)


def is_near(name: str, other: str) -> bool:
    """
    Whether one character differs, is missing, or is swapped with its neighbour.

    Full-width and half-width signs count as the same.
    """
    if name == other:
        return False
    name, other = _in_one_width(name), _in_one_width(other)
    if name == other:
        return True
    short, long = sorted((name, other), key=len)
    if len(long) > len(short):
        return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))
    places = [n for n in range(len(name)) if name[n] != other[n]]
    if len(places) == 2:
        first, second = places
        return (
            second == first + 1
            and name[first:second] == other[second : second + 1]
            and (name[second] == other[first])
        )
    return len(places) == 1


def _in_one_width(name: str) -> str:
    return unicodedata.normalize("NFKC", name)


def _shapes(name: str) -> list[str]:
    """A name, and the name without each one of its characters: near names share one of these."""
    name = _in_one_width(name)
    return [name, *[name[:n] + name[n + 1 :] for n in range(len(name))]]


def _entry(row: ListedOrgan, parent: str | None, known: Known) -> Entry:
    """The change of the organ of a row."""
    organ = known.organs.get(row.organ)
    stands = (organ and organ.level) or guess_level(row.organ)
    level = row.level if row.level is not stands else None
    if organ is None:
        return Entry(row.organ, None, parent, level, row.contact or None, row.phone or None)
    return Entry(
        organ.organ,
        organ.id,
        parent,
        level,
        row.contact if row.contact not in ("", organ.contact) else None,
        row.phone if row.phone not in ("", organ.phone) else None,
    )
