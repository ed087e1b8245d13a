"""
A list of organs compared with the store and taken in, for every door.

People see and change only the organs they look after; of other organs a list only says that they
are not theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot import memberships
from bot.county.organ_names import level_changed
from conversations.answers.ledger import Sheet
from conversations.county.organ_list import Entry, Known, KnownOrgan, OrganPlan, plan
from conversations.county.organ_rows import OrganRows, is_organ_list, listed_names, read_rows
from storage.members import MemberReader
from storage.organ_changes import (
    OrganDetails,
    all_details,
    describe,
    details,
    former_names,
)
from storage.organs import make_below
from storage.reports import Reader
from storage.unit import Unit

MOST_LISTED = 3_000  # organs in one list


class TooManyRows(ValueError):  # noqa: N818 - says what it is
    """A list is longer than can be taken in at once."""


def list_in(sheets: Sequence[Sheet]) -> OrganRows | None:
    """
    The list of organs in a workbook, recognised by its heads; None if there is none.

    Raises:
        TooManyRows: See `MOST_LISTED`.
    """
    found = next((sheet for sheet in sheets if is_organ_list(sheet.rows)), None)
    return None if found is None else read_list(found.rows, found.hidden)


def read_list(rows: Sequence[Sequence[str]], hidden: int = 0) -> OrganRows:
    """
    The rows of a list, and how many rows beside them are hidden.

    Raises:
        TooManyRows: See `MOST_LISTED`.
    """
    listed = read_rows(rows)
    if len(listed.rows) > MOST_LISTED:
        raise TooManyRows
    return replace(listed, hidden=hidden)


def look(
    reader: Reader, listed: OrganRows, under: OrganDetails | None, person: int | None
) -> OrganPlan:
    """
    What a list would change.

    `under` is the organ above those for which the list names none; `person` is the administrator
    whose list it is, None for all organs.
    """
    return plan(listed, _known(reader, listed, under, person))


def _known(
    reader: Reader, listed: OrganRows, under: OrganDetails | None, person: int | None
) -> Known:
    organs = all_details(reader, person)
    names = {organ.id: organ.organ for organ in organs}
    former: dict[int, list[str]] = {}
    for name, organ_id in former_names(reader).items():
        former.setdefault(organ_id, []).append(name)
    known = [
        KnownOrgan(
            organ.id,
            organ.organ,
            names.get(organ.parent_id or 0, ""),
            organ.level,
            organ.contact,
            organ.phone,
            organ.closed_at is not None,
            names.get(organ.merged_into or 0, ""),
            tuple(former.get(organ.id, ())),
            organ.parent_id is None or organ.parent_id in names,
        )
        for organ in organs
    ]
    elsewhere: list[str] = []
    if person is not None:
        members, own = MemberReader(reader), {name for each in known for name in each.former}
        own |= set(names.values())
        elsewhere = [n for n in listed_names(listed.rows) - own if members.organs(1, n)]
    return Known.of(known, elsewhere, under.organ if under else "")


def take(unit: Unit, what: OrganPlan, by: str, now: datetime) -> bool:
    """
    Carry out a plan in this transaction, in which it was made.

    Returns:
        False if one of the organs was made meanwhile: then nothing may be stored.
    """
    ids: dict[str, int | None] = {"": None}

    def id_of(name: str) -> int | None:
        if name not in ids:
            found = MemberReader(unit).organs(1, name)
            ids[name] = found[0][0] if found else None
        return ids[name]

    for entry in what.made:
        made = make_below(unit, entry.organ, id_of(entry.parent or ""), now)
        if made is None:
            return False
        ids[entry.organ] = made
        describe(unit, made, level=entry.level, contact=entry.contact, phone=entry.phone)
    for entry in what.changed:
        _change(unit, entry, None if entry.parent is None else id_of(entry.parent), by, now)
    return True


def _change(unit: Unit, entry: Entry, parent: int | None, by: str, now: datetime) -> None:
    """Apply the plan to an existing organ."""
    assert entry.organ_id is not None
    if entry.parent is not None:
        memberships.place(unit, entry.organ_id, parent, now, by)
    before = details(unit, entry.organ_id)
    assert before is not None
    describe(unit, before.id, level=entry.level, contact=entry.contact, phone=entry.phone)
    if entry.level is not None:
        level_changed(unit, before, entry.level, by, now)
