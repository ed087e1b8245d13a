"""
Renaming, merging, closing and reopening organs: for every door, in one transaction.

Locked reports and reports of earlier years keep the name under which they were made, so that an
approval still matches what was handed in. The members are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import memberships
from bot.county.report_names import FILE, keeps_name, take_name
from bot.telling import tell
from conversations.county.organ_list import is_near
from conversations.form.organ import Level, guess_level, is_model, is_talk, read_organ_name
from conversations.sign_off.rights import is_locked
from conversations.sign_off.states import Role
from conversations.wording import county_organs as wording
from storage import organ_changes as changes
from storage.members import Member, MemberReader, Members
from storage.messages import Message
from storage.organ_changes import OrganDetails, OrganReportState
from storage.organs import below
from storage.reports import Reader
from storage.sign_off_reading import state_of
from storage.tasks import Tasks
from storage.unit import Unit

MERGED, CLOSED, REOPENED, LEVEL = "merged", "closed", "reopened", "level"
MOST_NEAR = 3


class Refusal(ValueError):  # noqa: N818 - says what it is
    """It is impossible; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """
    A possible change of an organ: what will happen, and the function that does it.

    `to` is the new name, or the organ that takes over.
    """

    organ: OrganDetails
    to: str
    will: str
    done: str
    do: Callable[[Unit, str, datetime, str], list[Message]]


def renaming(
    reader: Reader,
    organ: OrganDetails,
    typed: str,
    now: datetime,
    *,
    known: Sequence[str] | None = None,
) -> Change:
    """
    A new name, checked like a new organ's; `known` are the names to compare it with, None: all.

    Raises:
        Refusal: It is no name, or another organ's.
    """
    name = read_organ_name(typed)
    if not name or is_model(name) or is_talk(name):
        raise Refusal(wording.BAD_NAME.format(typed))
    if name == organ.organ:
        raise Refusal(wording.SAME_NAME)
    members = MemberReader(reader)
    other = members.organs(1, name)
    if other and other[0] != (organ.id, organ.organ):
        ask = wording.TAKEN_NAME if known is None else wording.TAKEN_NAME_ASK_COUNTY
        raise Refusal(ask.format(name))
    names = reader.organs() if known is None else known
    near = [each for each in names if each != organ.organ and is_near(name, each)]
    will = wording.will_rename(organ.organ, name, keeping(reader, organ.id, now), near[:MOST_NEAR])
    return Change(
        organ,
        name,
        will,
        wording.renamed(organ.organ, name),
        lambda unit, by, at, door: rename(unit, organ, name, by, at, door),
    )


def merging(reader: Reader, organ: OrganDetails, into: OrganDetails) -> Change:
    """
    Merge one organ into another.

    Raises:
        Refusal: One of them is closed, or it is the same.
    """
    for each in (organ, into):
        _see_open(each)
    if organ.id == into.id:
        raise Refusal(wording.INTO_ITSELF)
    end = ending(reader, organ.id)
    moved = [child for child in end.below if child != into.id]
    will = wording.will_merge(organ.organ, into.organ, _years(end.excused), _years(end.kept), moved)
    return Change(
        organ,
        into.organ,
        will,
        wording.merged(organ.organ, into.organ),
        lambda unit, by, at, _: merge(unit, organ, into, by, at),
    )


def closing(reader: Reader, organ: OrganDetails) -> Change:
    """
    Close an organ.

    Raises:
        Refusal: It is closed already, or has open organs below it.
    """
    _see_open(organ)
    end = ending(reader, organ.id)
    children = [child for each in end.below if (child := changes.details(reader, each))]
    if there := sum(child.closed_at is None for child in children):
        raise Refusal(wording.HAS_CHILDREN.format(organ=organ.organ, count=there))
    will = wording.will_close(organ.organ, _years(end.excused), _years(end.kept))
    done = wording.closed(organ.organ)
    return Change(organ, "", will, done, lambda unit, by, at, _: close(unit, organ, by, at))


def opening(organ: OrganDetails) -> Change:
    """
    Reopen a closed organ.

    Raises:
        Refusal: It is not closed.
    """
    if organ.closed_at is None:
        raise Refusal(wording.NOT_CLOSED.format(organ.organ))
    will, done = wording.will_reopen(organ.organ), wording.reopened(organ.organ)
    return Change(organ, "", will, done, lambda unit, by, at, _: reopen(unit, organ, by, at))


def _see_open(organ: OrganDetails) -> None:
    if organ.closed_at is not None:
        raise Refusal(wording.IS_CLOSED.format(organ.organ))


def _years(reports: Iterable[OrganReportState]) -> tuple[int, ...]:
    return tuple(report.year for report in reports)


@dataclass(frozen=True, slots=True)
class Ending:
    """The reports of an organ that ends, and the organs below it."""

    excused: tuple[OrganReportState, ...]
    kept: tuple[OrganReportState, ...]
    below: tuple[int, ...]


def keeping(reader: Reader, organ_id: int, now: datetime) -> tuple[int, ...]:
    """The years of the reports that keep the present name."""
    reports = changes.reports_of(reader, organ_id)
    return tuple(report.year for report in reports if keeps_name(report, now))


def rename(
    unit: Unit, organ: OrganDetails, name: str, by: str, now: datetime, door: str
) -> list[Message]:
    """
    Rename an organ; no other may have the name; `by` is a person's key or the word of a door.

    Returns:
        The messages to its members.
    """
    reports = changes.reports_of(unit, organ.id)
    for report in reports:
        unit.load(report.report_id, "")
    changes.rename(unit, organ, name, by, now)
    for report in reports:
        if not keeps_name(report, now):
            take_name(unit, report, organ.organ, name, by, now, door)
        elif report.named is None:
            changes.name_report(unit, report.report_id, organ.organ)
    text = wording.told_renamed(organ.organ, name)
    return _tell(unit, Members(unit).members(organ.id), text, by, now)


def level_changed(unit: Unit, organ: OrganDetails, level: Level, by: str, now: datetime) -> None:
    """An organ's level was changed: its default deadlines change with it."""
    before = organ.level or guess_level(organ.organ)
    was, now_is = (wording.LEVELS.get(each, wording.NO_LEVEL) for each in (before, level))
    changes.record(unit, organ.id, LEVEL, was, now_is, by, now)
    tasks = Tasks(unit)
    for report in changes.reports_of(unit, organ.id):
        if is_locked(state_of(report.state)) or report.year < now.year - 1:
            continue
        if unit.load(report.report_id, "").answers.text("level") is None:
            tasks.level_changed(report.report_id, before, level)


def ending(reader: Reader, organ_id: int) -> Ending:
    """What would happen to an organ's reports and to the organs below it."""
    reports = changes.reports_of(reader, organ_id)
    kept = tuple(
        r for r in reports if r.is_final or r.source == FILE or is_locked(state_of(r.state))
    )
    excused = tuple(report for report in reports if report not in kept and report.waits)
    return Ending(excused, kept, changes.children(reader, organ_id))


def merge(
    unit: Unit, organ: OrganDetails, into: OrganDetails, by: str, now: datetime
) -> list[Message]:
    """
    Merge one organ into another, with the organs below it; submitted reports stay as they are.

    Returns:
        The messages to the members of both.
    """
    if into.id in {id_ for id_, _ in below(unit, organ.id)}:
        memberships.place(unit, into.id, organ.parent_id, now, by)
    for child in changes.children(unit, organ.id):
        memberships.place(unit, child, into.id, now, by)
    _end(unit, organ, into, wording.WHY_MERGED.format(into.organ), by, now)
    members = Members(unit)
    ours = members.members(organ.id)
    told = _tell(unit, ours, wording.told_merged(organ.organ, into.organ), by, now)
    clerks = [m for m in members.members(into.id) if Role.CLERK in m.roles]
    text = wording.told_taking_over(organ.organ, into.organ)
    return told + _tell(unit, clerks, text, by, now)


def close(unit: Unit, organ: OrganDetails, by: str, now: datetime) -> list[Message]:
    """
    Close an organ without organs below it.

    Returns:
        The messages to its members.
    """
    _end(unit, organ, None, wording.WHY_CLOSED, by, now)
    ours = Members(unit).members(organ.id)
    return _tell(unit, ours, wording.told_closed(organ.organ), by, now)


def _end(
    unit: Unit, organ: OrganDetails, into: OrganDetails | None, why: str, by: str, now: datetime
) -> None:
    for report in ending(unit, organ.id).excused:
        unit.load(report.report_id, "")
        changes.excuse(unit, report.report_id, why)
    changes.close(unit, organ.id, into.id if into else None, now)
    what, after = (MERGED, into.organ) if into else (CLOSED, "")
    changes.record(unit, organ.id, what, organ.organ, after, by, now)
    Tasks(unit).wake(*(member.person for member in Members(unit).members(organ.id)))


def reopen(unit: Unit, organ: OrganDetails, by: str, now: datetime) -> list[Message]:
    """
    Reopen a closed organ, with the tasks that its end had withdrawn.

    Returns:
        The messages to its members.
    """
    ends = [r for r in changes.records(unit, organ.id) if r.what in (MERGED, CLOSED)]
    into = ends[-1].after if ends else ""
    why = wording.WHY_MERGED.format(into) if into else wording.WHY_CLOSED
    changes.reopen(unit, organ.id)
    changes.wait_again(unit, organ.id, why)
    changes.record(unit, organ.id, REOPENED, "", organ.organ, by, now)
    ours = Members(unit).members(organ.id)
    Tasks(unit).wake(*(member.person for member in ours))
    return _tell(unit, ours, wording.told_reopened(organ.organ), by, now)


def _tell(
    unit: Unit, members: Sequence[Member], text: str, by: str, now: datetime
) -> list[Message]:
    """The same message to each reachable member, except the person who did it."""
    whom = {member.person for member in members if member.reachable and member.key != by}
    return [tell(unit, person, {"text": text, "low": True}, now) for person in sorted(whom)]
