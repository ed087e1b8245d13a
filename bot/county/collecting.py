"""
Files that organs send instead of answering: checked, assigned, taken in.

Both doors use this. Results are shown first; a file that is taken in becomes the report, whose
figures then count like any others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.access import Access
from bot.cli.values import findings_as_json
from bot.files import child
from bot.files.checking import Checked, findings_after
from bot.files.read import sentences
from bot.files.unreadable import UnreadableFile
from conversations.checks.findings import Finding, Grade, Report
from conversations.checks.questions import Question, alarms
from conversations.county.assigning import (
    Assignment,
    Doubt,
    Names,
    Office,
    Seen,
    assign,
)
from conversations.county.file_names import bare
from conversations.county.status import BOT, FILE, CountyOrgan, OrganReport
from conversations.form import FORMS
from conversations.form.answers import Answers
from conversations.form.local_notice import LOCAL_CELLS, NOTHING, answers_for
from conversations.form.model import ItemId
from conversations.form.organ import Level, guess_level
from conversations.sign_off.rights import Action, Standing, may
from conversations.sign_off.states import Reach, Role
from conversations.talk.effects import Save
from conversations.talk.importing.make import plan
from conversations.talk.importing.plan import ImportPlan
from conversations.wording import county_collecting as wording
from conversations.wording.checks import not_read, place_of
from storage.collected import files_of, keep_file, newest_file, old_names
from storage.county import organs_below
from storage.organs import path
from storage.reports import Reader
from storage.tasks import Tasks
from storage.unit import COLLECT, Unit

# The roles in which the terminal takes in files of organs below.
ABOVE = Standing(frozenset({Role.ADMINISTRATOR}), Reach.BELOW)
WORD = (".docx", ".doc", ".docm", ".wps")
KEPT = frozenset({"level", *LOCAL_CELLS})  # answers that published reports lack


@dataclass(frozen=True, slots=True)
class Below:
    """The organs whose files may be taken in, with their reports of the year and their names."""

    year: int
    organs: Mapping[int, CountyOrgan]
    names: Names

    def office(self, name: str) -> Office | None:
        """The one organ that a name surely means."""
        found = self.names.bearing(name)
        return found[0] if len(found) == 1 else None


def below(reader: Reader, tops: Iterable[int], year: int) -> Below:
    """The organs below these, which an administrator looks after."""
    organs: dict[int, CountyOrgan] = {}
    before: dict[int, tuple[str, ...]] = {}
    parents: dict[str, str] = {}  # by name
    names_of_tops: list[str] = []
    for top in tops:
        organs |= {organ.organ_id: organ for organ in organs_below(reader, top, year)}
        before |= old_names(reader, top)
        name, *higher = path(reader, top)
        names_of_tops.append(name)
        parents |= dict(zip((name, *higher), (*higher, ""), strict=True))
    parents |= {organ.organ: organ.parent for organ in organs.values()}

    def above(name: str) -> tuple[str, ...]:
        parent = parents.get(name, "")
        return (parent, *above(parent)) if parent else ()

    offices = [
        Office(
            organ.organ_id,
            organ.organ,
            before.get(organ.organ_id, ()),
            organ.closed,
            above(organ.organ),
        )
        for organ in organs.values()
    ]
    first = (names_of_tops[0], *above(names_of_tops[0])) if names_of_tops else ()
    names = Names(offices, first, names_of_tops)
    return Below(year, organs, names)


# ------------------------------------------------------------------------------- what was sent


@dataclass(frozen=True, slots=True)
class Item:
    """
    A file with its organ, its doubts, and the findings of the checks.

    `same` says that it was taken in before and counts; `corrects` that it replaces another file.
    """

    checked: Checked
    assignment: Assignment
    year: int
    findings: tuple[Finding, ...] = ()
    same: bool = False
    corrects: bool = False

    @property
    def file(self) -> str:
        """Its name."""
        return self.checked.file

    @property
    def office(self) -> Office | None:
        """Its organ."""
        return self.assignment.office

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What has to be settled."""
        return self.assignment.doubts

    @property
    def ready(self) -> bool:
        """Whether it can be taken in as it is."""
        return self.office is not None and not self.doubts and not self.same

    def doubted(self, doubt: Doubt) -> Item:
        """With one more doubt."""
        return replace(self, assignment=self.assignment.doubted(doubt))

    @property
    def questions(self) -> tuple[Question, ...]:
        """Corrections and missing reasons, by cause."""
        return alarms(self.findings)

    def count(self, grade: Grade) -> int:
        """The number of causes of a grade."""
        return sum(question.grade is grade for question in self.questions)

    @property
    def not_read(self) -> str:
        """The parts that were not read, or not surely; "" for none."""
        read = self.checked.read
        if read is None:
            return ""
        told = [not_read(read.lost, FORMS[read.edition], read.reports_in_file).rstrip("。")]
        told += [f"{len(read.doubtful)} 格存疑"] if read.doubtful else []
        kept_out = _planned(self.checked, "", self.year, Answers()).kept_out
        told += [f"{len(kept_out)} 格和表样对不上"] if kept_out else []
        return "；".join(filter(None, told))

    @property
    def why(self) -> list[str]:
        """Each doubt as a sentence."""
        read = self.checked.read
        found = read.year if read else None
        why = self.checked.problem or self.not_read
        return [
            wording.doubt_line(doubt, self.assignment, self.year, found, why)
            for doubt in self.doubts
        ]

    @property
    def text(self) -> str:
        """A text that can be forwarded to the organ, "" if the organ is not sure."""
        if self.office is None or set(self.doubts) - {Doubt.UNREADABLE, Doubt.IN_PART}:
            return ""
        name, read = self.office.name, self.checked.read
        if read is None:
            return wording.please_send_anew(name, self.year, self.checked.problem)
        if not self.questions and not self.not_read:
            return wording.nothing_found(name, self.year)
        form = FORMS[read.edition]
        is_word = self.file.lower().endswith(WORD)
        questions, not_read = self.questions, self.not_read
        return wording.to_forward(name, self.year, questions, form, not_read, is_word=is_word)

    @property
    def is_fine(self) -> bool:
        """Whether its organ has nothing to do."""
        return not (self.questions or self.not_read or self.checked.problem)


@dataclass(frozen=True, slots=True)
class Found:
    """Files from an administrator, read; kept until they decide."""

    name: str
    content: bytes
    archive: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file was not taken in."""

    why: str
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """The results of taking files in, by place; None means taken in."""

    waiting: int
    results: Mapping[int, Refused | None]


def _planned(checked: Checked, organ: str, year: int, standing: Answers) -> ImportPlan:
    """The part of a file that becomes the report, in the edition that it follows."""
    assert checked.read is not None
    return plan(checked.read, organ, year, standing, FORMS[checked.read.edition])


def _seen(checked: Checked) -> Seen:
    read = checked.read
    if read is None:
        return Seen(checked.file, readable=False)
    whole = checked.whole and not read.doubtful
    whole = whole and not _planned(checked, "", read.year or 0, Answers()).kept_out
    signed = read.signature[0] if read.signature else ""
    titled = bare("".join(read.title))
    return Seen(checked.file, True, read.organ, signed, read.year, whole, titled)


def look(
    reader: Reader,
    known: Below,
    results: Sequence[Checked],
    chosen: Mapping[str, Office],
    standing: Callable[[int], Standing] = lambda _: ABOVE,
    *,
    replaces: bool = False,
) -> tuple[Item, ...]:
    """
    The organ of each file, and whether it can be taken in.

    Args:
        reader: The store.
        known: The possible organs, and the year.
        results: The files as they were read.
        chosen: Organs that were assigned by hand, by file.
        standing: The roles in which it would be taken in, by organ.
        replaces: Whether answers given here may be replaced.
    """
    items = []
    seen = [_seen(checked) for checked in results]
    for checked, each in zip(results, assign(seen, known.names, known.year, chosen), strict=True):
        item = Item(checked, each, known.year, checked.findings)
        if each.office is not None and checked.read is not None:
            report = known.organs[each.office.id].report
            acts = standing(each.office.id)
            item = _beside(reader, item, report, acts, replaces=replaces)
            if item.doubts == (Doubt.OLDER,) and checked.file in chosen:
                item = replace(item, assignment=each)
        items.append(item)
    return _checked_as_its_own(reader, known, items)


def _beside(
    reader: Reader, item: Item, report: OrganReport | None, acts: Standing, *, replaces: bool
) -> Item:
    """Compare it with the organ's existing report of the year."""
    if report is None:
        return item
    if not may(acts, Action.COLLECT, report.state):
        return item.doubted(Doubt.LOCKED)
    if report.source == BOT:
        return item.doubted(Doubt.ANSWERED) if report.begun and not replaces else item
    digests = [file.note.get("sha256") for file in files_of(reader, report.report_id)]
    if digests[:1] == [item.checked.digest]:
        return replace(item, assignment=replace(item.assignment, doubts=()), same=True)
    if item.checked.digest in digests:
        item = item.doubted(Doubt.OLDER)
    return replace(item, corrects=bool(digests))


def _checked_as_its_own(reader: Reader, known: Below, items: Sequence[Item]) -> tuple[Item, ...]:
    """
    With the findings of the checks as the organ's own report.

    A child checks again if the file alone did not suffice: the year before is in store, or the
    organ's level differs from the one its name in the file suggests.
    """
    lasts = [_last(reader, item) for item in items]
    levels = [known.organs[item.office.id].level if item.office else None for item in items]
    with ThreadPoolExecutor(child.AT_ONCE) as pool:
        return tuple(pool.map(_compared, items, levels, lasts))


def _last(reader: Reader, item: Item) -> Report | None:
    if item.office is None or item.checked.read is None:
        return None
    report_id = reader.find_report(item.office.name, item.year - 1)
    if report_id is None:
        return None
    last = reader.load(report_id, "")
    if not last.answers:
        return None
    answers = answers_for(last.answers, NOTHING, NOTHING)
    return Report(FORMS[last.edition], last.organ, last.year, answers, guess_level(last.organ))


def _compared(item: Item, level: Level | None, last: Report | None) -> Item:
    report = item.checked.report
    if report is None or level is None or (last is None and level is report.level):
        return item
    try:
        with sentences():
            findings = child.run(findings_after, item.checked.read, level, last)
    except UnreadableFile:
        return item  # the findings of the file alone remain
    return replace(item, findings=findings)


def look_for(
    reader: Reader,
    access: Access,
    results: Sequence[Checked],
    year: int,
    chosen: Mapping[str, int],
    said: str = "",
    *,
    replaces: bool = False,
) -> tuple[Item, ...]:
    """
    As `look`, for a person in a chat: the organs that they look after.

    `chosen` are ids of organs by file; `said` is the caption of a single file.
    """
    known = below(reader, [organ_id for organ_id, _ in access.heads()], year)
    offices = {office.id: office for office in known.names.offices}
    meant = {file: offices[organ] for file, organ in chosen.items() if organ in offices}
    if said and len(results) == 1 and (office := known.office(said)):
        meant[results[0].file] = office
    return look(reader, known, results, meant, access.standing, replaces=replaces)


# ------------------------------------------------------------------------------------ taking in


def take_in(
    unit: Unit,
    item: Item,
    content: bytes,
    by: str,
    now: datetime,
    acts: Standing = ABOVE,
    *,
    replaces: bool = False,
) -> Doubt | None:
    """
    Make a file the report of its organ: figures and texts, its bytes, as finished.

    Earlier answers stay in the history, the earlier file in the store. A file that already counts
    is not taken in twice.

    Returns:
        A change of the report meanwhile, because of which it is left as it is.
    """
    office, read = item.office, item.checked.read
    assert office is not None
    assert read is not None
    report_id = unit.open_report(office.name, item.year, now=now, edition=read.edition)
    stored = unit.load(report_id, by)
    if not may(acts, Action.COLLECT, stored.sign_off.state):
        return Doubt.LOCKED
    if stored.source == BOT and stored.history and not replaces:
        return Doubt.ANSWERED
    if stored.source == FILE:
        newest = newest_file(unit, report_id)
        if newest is not None and newest.note.get("sha256") == item.checked.digest:
            return None
    before = stored.answers
    wanted = _planned(item.checked, office.name, item.year, before)
    printed: set[ItemId] = {*wanted.values, *(total.cell for total in wanted.totals)}
    gone = [
        Save(each, value, None)
        for each, value in before.items()
        if each not in printed and each not in KEPT
    ]
    unit.save(report_id, (*gone, *wanted.saves(replace=True)), by=by, at=now, door=COLLECT)
    note = note_of(item)
    keep_file(unit, report_id, item.file, content, note, edition=read.edition, by=by, at=now)
    unit.finish(report_id, now)
    Tasks(unit).progressed(report_id)
    return None


def note_of(item: Item) -> dict[str, Any]:
    """The result of reading a file, kept with it; `findings` as in `check --json`."""
    read = item.checked.read
    assert read is not None
    form = FORMS[read.edition]
    findings = [
        entry | {"place": place_of(finding, form)}
        for entry, finding in zip(findings_as_json(item.findings), item.findings, strict=True)
    ]
    return {
        "sha256": item.checked.digest,
        "organ": read.organ,
        "year": read.year,
        "edition": read.edition,
        "errors": item.count(Grade.E),
        "unexplained": item.count(Grade.W),
        "findings": findings,
        "not_read": item.not_read,
    }
