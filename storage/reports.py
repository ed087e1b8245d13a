"""
Reading reports, answers and their history: load, last year, who changed what.

Values in, values out. A `Reader` reads, a `Unit` (`unit.py`) also writes; each is one transaction,
begun by `Store.read` or `Store.begin`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    true,
)

from conversations.checks.findings import Explanation
from conversations.county.status import FILE
from conversations.form.answers import Value
from conversations.form.local_notice import LocalNotice
from conversations.form.model import ItemId
from conversations.form.numbers import ITEMS, NUMBERS
from conversations.form.organ import Level
from conversations.sign_off.status import NOTHING_DECIDED
from conversations.talk import trail
from storage import prepared, values
from storage.chain import FIRST
from storage.county_tables import ORGAN_RECORD, STANDOUT
from storage.memory import KnownAnswers, Memory
from storage.prepared import Result
from storage.sign_off_reading import read_sign_off
from storage.sign_off_tables import SIGN_OFF
from storage.standouts_reading import read_standouts
from storage.stored import Earlier, Entry, NoSuchReport, Stored
from storage.tables import (
    ANSWER,
    CONVERSATION,
    EXPLANATION,
    HISTORY,
    MEMBER,
    ORGAN,
    PERSON,
    RECIPIENT,
    REPORT,
    TASK,
    newest,
)

# Asked once, and offered again for the next report of the organ.
WORDING: tuple[ItemId, ...] = ("title", "introduction", "signature", "level", "table_breaks")


RENAMED = "renamed"

_SO_NAMED = select(ORGAN.c.id).where(ORGAN.c.name == bindparam("organ")).scalar_subquery()

_ONCE_NAMED = (
    select(ORGAN_RECORD.c.organ_id)
    .where(
        ORGAN_RECORD.c.what == literal_column(f"'{RENAMED}'"),
        ORGAN_RECORD.c.before == bindparam("organ"),
    )
    .order_by(ORGAN_RECORD.c.id.desc())
    .limit(literal_column("1"))
    .scalar_subquery()
)

# The id of the organ with a name; former names count only if no organ has it now.
KNOWN_AS = func.coalesce(_SO_NAMED, _ONCE_NAMED)

# The name on a report: that of its organ, or the one under which it was made.
NAME_BORNE = func.coalesce(REPORT.c.named, ORGAN.c.name)

_OTHER = REPORT.alias("other")
_BEFORE = REPORT.alias("before")
_COLLEAGUE = MEMBER.alias("colleague")
_MEMBER = MEMBER.alias("present")

HAS_LEADER = exists().where(
    _MEMBER.c.organ_id == REPORT.c.organ_id,
    _MEMBER.c.role == literal_column("'leader'"),
    _MEMBER.c.left_at.is_(None),
)

# The door through which a report was begun; «» without any answer.
_BEGUN_BY = func.coalesce(
    select(HISTORY.c.door)
    .where(HISTORY.c.report_id == REPORT.c.id)
    .order_by(HISTORY.c.id)
    .limit(literal_column("1"))
    .scalar_subquery(),
    literal_column("''"),
)

# Read from a published file, and never a task: data of last year.
_ITS_TASK = TASK.alias("its_task")
_IS_IMPORTED = (literal_column("'import'") == _BEGUN_BY) & ~exists().where(
    _ITS_TASK.c.report_id == REPORT.c.id
)

_WORDING_NUMBERS: list[ColumnElement[int]] = [
    literal_column(str(NUMBERS[item])) for item in WORDING
]


def with_head(
    statement: Select[*tuple[Any, ...]], by: ColumnElement[str]
) -> Select[*tuple[Any, ...]]:
    """
    Add to a statement everything about its report but the answers, and the place of `by`.

    That is also: the newest step of its sign-off, whether its organ has a leader and how many
    members, the report on the year before, whether another report of the organ has its wording,
    whether the reminders look at any member only after something happens, and whether a figure
    stood out.
    """
    columns = (
        NAME_BORNE,
        ORGAN.c.level,
        *REPORT.c["year", "edition", "source", "final_history"],
        *CONVERSATION.c["place", "updated_at"],
        newest(HISTORY.c.id, REPORT),
        newest(HISTORY.c.hash, REPORT),
        newest(EXPLANATION.c.id, REPORT),
        *TASK.c["deadline", "notice"],
        _IS_IMPORTED.label("imported"),
        newest(SIGN_OFF.c.id, REPORT),
        HAS_LEADER.label("has_leader"),
        select(func.count(_MEMBER.c.person_id.distinct()))
        .where(_MEMBER.c.organ_id == REPORT.c.organ_id, _MEMBER.c.left_at.is_(None))
        .scalar_subquery(),
        _BEFORE.c.id,
        _BEFORE.c.year,
        _BEFORE.c.edition,
        newest(HISTORY.c.id, _BEFORE),
        exists()
        .where(
            _OTHER.c.organ_id == REPORT.c.organ_id,
            _OTHER.c.id != REPORT.c.id,
            ANSWER.c.report_id == _OTHER.c.id,
            ANSWER.c.number.in_(_WORDING_NUMBERS),
        )
        .label("has_wording"),
        exists()
        .where(
            _COLLEAGUE.c.organ_id == REPORT.c.organ_id,
            RECIPIENT.c.person_id == _COLLEAGUE.c.person_id,
            RECIPIENT.c.next_check_at.is_(None),
        )
        .label("somebody_sleeps"),
        exists().where(STANDOUT.c.report_id == REPORT.c.id).label("stands_out"),
    )
    return (
        statement.add_columns(*columns)
        .outerjoin(ORGAN, ORGAN.c.id == REPORT.c.organ_id)
        .outerjoin(
            CONVERSATION,
            (CONVERSATION.c.report_id == REPORT.c.id) & (CONVERSATION.c.person == by),
        )
        .outerjoin(TASK, (TASK.c.report_id == REPORT.c.id) & ~TASK.c.withdrawn)
        .outerjoin(
            _BEFORE,
            (_BEFORE.c.organ_id == REPORT.c.organ_id)
            & (_BEFORE.c.year == REPORT.c.year - literal_column("1")),
        )
    )


HEAD = with_head(select().select_from(REPORT), by=bindparam("person")).where(
    REPORT.c.id == bindparam("report")
)

ANSWERS = (
    select(ANSWER.c.number, ANSWER.c.value)
    .where(ANSWER.c.report_id == bindparam("report"))
    .order_by(ANSWER.c.number)
)

EXPLANATIONS = (
    select(*EXPLANATION.c["check_id", "cells", "key", "text", "by", "at", "withdrawn"])
    .where(EXPLANATION.c.report_id == bindparam("report"))
    .order_by(EXPLANATION.c.id)
)

CHANGES_SINCE = (
    select(HISTORY.c.number, HISTORY.c.before)
    .where(HISTORY.c.report_id == bindparam("report"), HISTORY.c.id > bindparam("final"))
    .order_by(HISTORY.c.id)
)

# The conversation a person was in last.
CURRENT = (
    select(REPORT.c.id, ORGAN.c.name, REPORT.c.year)
    .join_from(CONVERSATION, REPORT)
    .join(ORGAN)
    .where(CONVERSATION.c.person == bindparam("person"))
    .order_by(CONVERSATION.c.updated_at.desc(), CONVERSATION.c.report_id.desc())
    .limit(1)
)

FIND = select(REPORT.c.id).where(REPORT.c.organ_id == KNOWN_AS, REPORT.c.year == bindparam("year"))

# The report of the same organ, this many years from its own.
OF_YEAR = (
    select(*_OTHER.c["id", "year", "edition"], newest(HISTORY.c.id, _OTHER))
    .join_from(REPORT, _OTHER, _OTHER.c.organ_id == REPORT.c.organ_id)
    .where(
        REPORT.c.id == bindparam("report"),
        _OTHER.c.year == REPORT.c.year + bindparam("difference", type_=REPORT.c.year.type),
    )
)

# The organ's wording in its other reports, newest year first.
WORDING_BEFORE = (
    select(_OTHER.c.year, _OTHER.c.named, ORGAN.c.name, ANSWER.c.number, ANSWER.c.value)
    .join_from(REPORT, _OTHER, _OTHER.c.organ_id == REPORT.c.organ_id)
    .join(ORGAN, ORGAN.c.id == REPORT.c.organ_id)
    .join(ANSWER, ANSWER.c.report_id == _OTHER.c.id)
    .where(
        REPORT.c.id == bindparam("report"),
        _OTHER.c.id != REPORT.c.id,
        ANSWER.c.number.in_(_WORDING_NUMBERS),
    )
    .order_by(_OTHER.c.year.desc())
)

_AUTHOR = func.coalesce(PERSON.c.name, literal_column("''"))

CHANGES = (
    select(*HISTORY.c["at", "by"], _AUTHOR, *HISTORY.c["door", "number", "before", "after"])
    .outerjoin(PERSON, PERSON.c.key == HISTORY.c.by)
    .where(HISTORY.c.report_id == bindparam("report"))
    .order_by(HISTORY.c.id)
)

# Two rows suffice to know that there is more than one.
WRITERS = select(HISTORY.c.by).where(HISTORY.c.report_id == bindparam("report")).distinct().limit(2)

ENTRIES = (
    select(*ANSWER.c["number", "by", "at"], _AUTHOR)
    .outerjoin(PERSON, PERSON.c.key == ANSWER.c.by)
    .where(ANSWER.c.report_id == bindparam("report"))
    .order_by(ANSWER.c.number)
)

YEARS = select(REPORT.c.year).where(REPORT.c.organ_id == KNOWN_AS).order_by(REPORT.c.year)

PLACES = select(*CONVERSATION.c["person", "place"]).where(
    CONVERSATION.c.report_id == bindparam("report")
)

NOTICE_OF = select(TASK.c.notice).where(TASK.c.report_id == bindparam("report"))

IMPORTED = select(REPORT.c.id).where(REPORT.c.id == bindparam("report"), _IS_IMPORTED)

# Years without a final document on which work was begun or there is a task.
UNDER_WAY = (
    select(REPORT.c.year)
    .outerjoin(TASK, TASK.c.report_id == REPORT.c.id)
    .where(
        REPORT.c.organ_id == KNOWN_AS,
        REPORT.c.final_history.is_(None),
        TASK.c.withdrawn.is_not(true()),
        ~_IS_IMPORTED,
    )
)

ORGANS = select(ORGAN.c.name).order_by(ORGAN.c.name)


class Reader:
    """
    One moment of the store, for reading.

    `run` is for the other modules of this room, which keep their own tables.
    """

    __slots__ = ("_beside", "_from_file", "_heads", "_links", "_memory", "_seen", "connection")

    def __init__(self, connection: Connection, memory: Memory) -> None:
        """Made by `Store.read` and `Store.begin`."""
        self.connection = connection
        self._memory = memory
        # The reports seen in this transaction, as it sees them.
        self._seen: dict[int, KnownAnswers] = {}
        # The hash of the newest row of the history, of reports loaded or saved to.
        self._links: dict[int, str] = {}
        # Of the reports just loaded: the row of the year before, whether there is wording, whether
        # a member is not looked at by the reminders.
        self._beside: dict[int, tuple[Sequence[Any], bool, bool]] = {}
        # Reports whose figures were read from a file that the organ sent.
        self._from_file: set[int] = set()
        # Rows of `HEAD` that another statement has read, by report and person.
        self._heads: dict[tuple[int, str], Sequence[Any]] = {}

    def run(self, statement: Executable, **parameters: Any) -> Result:
        """Run one statement."""
        return prepared.run(self.connection, statement, parameters)

    def find_report(self, organ: str, year: int) -> int | None:
        """The id of a report, None if there is none; by a present or former name."""
        report_id: int | None = self.run(FIND, organ=organ, year=year).scalar()
        return report_id

    def current(self, person: str) -> tuple[str, int] | None:
        """Organ and year of the conversation a person was in last."""
        row = self.run(CURRENT, person=person).first()
        return None if row is None else (row[1], row[2])

    def load(self, report_id: int, person: str) -> Stored:
        """
        A report as this person sees it; in a `Unit`, nobody else changes it meanwhile.

        Raises:
            NoSuchReport: There is none with this id.
        """
        self._lock(report_id)
        row = self._heads.pop((report_id, person), None)
        if row is None:
            row = self.run(HEAD, person=person, report=report_id).first()
        if row is None:
            raise NoSuchReport(report_id)
        organ, level, year, edition, source, final, place, place_at, history, link, *more = row
        explained, deadline, notice, imported, signed, leader, members, *before = more
        *before, wording, asleep, stands_out = before
        self._links[report_id] = link or FIRST
        self._beside[report_id] = before, wording, asleep
        if source == FILE:
            self._from_file.add(report_id)
        history = history or 0
        state = self._state(report_id, history)
        return Stored(
            report_id,
            organ,
            year,
            edition,
            state.answers,
            () if explained is None else self._explanations(report_id),
            place,
            place_at,
            final is not None,
            {} if final is None or final >= history else self._since(state, report_id, final),
            history,
            deadline,
            bool(imported),
            LocalNotice.loads(notice),
            NOTHING_DECIDED if signed is None else read_sign_off(self.run, report_id),
            bool(leader),
            members > 1,
            source,
            read_standouts(self.run, report_id) if stands_out else {},
            Level(level) if level else None,
        )

    def _state(self, report_id: int, history: int) -> KnownAnswers:
        """The answers after the row `history`, the newest: remembered, or read now."""
        state = self._seen.get(report_id)
        if state is None or state.history != history:
            state = self._memory.get(report_id, history)
            if state is None:
                state = self._read(report_id, history)
            self._seen[report_id] = state
        return state

    def _read(self, report_id: int, history: int) -> KnownAnswers:
        texts = {row[0]: row[1] for row in self.run(ANSWERS, report=report_id)}
        state = KnownAnswers(history, texts, values.answers(texts))
        if self._is_certain(report_id, history):
            self._memory.put(report_id, state)
        return state

    def _is_certain(self, report_id: int, history: int) -> bool:  # noqa: ARG002 - see Unit
        """Whether what was just read is committed and belongs to that row of the history."""
        return True

    def keep_head(self, report_id: int, person: str, row: Sequence[Any]) -> None:
        """Keep a row of `HEAD` that another statement has read, for the next `load`."""
        self._heads[report_id, person] = row

    def _lock(self, report_id: int) -> None:
        """Only a `Unit` locks."""

    def _explanations(self, report_id: int) -> tuple[Explanation, ...]:
        newest: dict[str, Explanation] = {}
        for check, cells, key, text, by, at, withdrawn in self.run(EXPLANATIONS, report=report_id):
            # The last explanation of a finding takes the last position.
            newest.pop(key, None)
            if not withdrawn:
                newest[key] = Explanation(check, tuple(json.loads(cells)), key, text, by, at)
        return tuple(newest.values())

    def _since(self, state: KnownAnswers, report_id: int, final: int) -> dict[ItemId, Value | None]:
        """The items that have changed since that row of the history, with their values then."""
        first: dict[int, str | None] = {}
        for number, before in self.run(CHANGES_SINCE, report=report_id, final=final):
            first.setdefault(number, before)
        changed: dict[ItemId, Value | None] = {}
        for number, text in first.items():
            if state.texts.get(number) != text:
                changed[ITEMS[number]] = None if text is None else values.read(number, text)
        return changed

    def since(self, stored: Stored, history: int) -> dict[ItemId, Value | None]:
        """What has changed in a loaded report since a row of its history, with the values then."""
        state = self._state(stored.report_id, stored.history)
        return {} if history >= stored.history else self._since(state, stored.report_id, history)

    def earlier(self, report_id: int, years: int = 1) -> Earlier | None:
        """The organ's report of so many years before, None if it is empty."""
        row: Sequence[Any] | None
        if years == 1 and report_id in self._beside:
            row = self._beside[report_id][0]
        else:
            row = self.run(OF_YEAR, report=report_id, difference=-years).first()
        if row is None or row[0] is None:
            return None
        earlier, year, edition, history = row
        state = self._state(earlier, history or 0)
        return Earlier(earlier, year, edition, state.answers) if state.texts else None

    def somebody_sleeps(self, report_id: int) -> bool:
        """
        Whether a change of this report may make a reminder due for a person not checked by time.
        """
        return report_id not in self._beside or self._beside[report_id][2]

    def previous_wording(self, report_id: int) -> tuple[int, dict[ItemId, str]] | None:
        """
        The organ's title, introduction and so on from its newest other report that has any.

        An old name of the organ in it is replaced by the present one.
        """
        if report_id in self._beside and not self._beside[report_id][1]:
            return None
        wording: dict[ItemId, str] = {}
        newest: int | None = None
        for year, old, organ, number, text in self.run(WORDING_BEFORE, report=report_id):
            if newest not in {None, year}:
                break
            newest = year
            wording[ITEMS[number]] = text.replace(old, organ) if old else text
        return None if newest is None else (newest, wording)

    def history(self, report_id: int, item: ItemId | None = None) -> tuple[trail.Entry, ...]:
        """Every change of a report, or of one item of it, in order."""
        return tuple(
            trail.Entry(
                at,
                by,
                name,
                door,
                ITEMS[number],
                None if before is None else values.read(number, before),
                None if after is None else values.read(number, after),
            )
            for at, by, name, door, number, before, after in self.run(CHANGES, report=report_id)
            if item in {None, ITEMS[number]}
        )

    def is_shared(self, report_id: int) -> bool:
        """Whether more than one person has written in a report."""
        return len(self.run(WRITERS, report=report_id)) > 1

    def entries(self, report_id: int) -> dict[ItemId, Entry]:
        """Who entered each present answer, and when."""
        return {ITEMS[number]: Entry(*who) for number, *who in self.run(ENTRIES, report=report_id)}

    def years(self, organ: str) -> tuple[int, ...]:
        """The years an organ has a report on, oldest first."""
        return tuple(self.run(YEARS, organ=organ).scalars())

    def places(self, report_id: int) -> tuple[tuple[str, str], ...]:
        """Everyone who has worked on a report, by key, with their place."""
        return tuple((row[0], row[1]) for row in self.run(PLACES, report=report_id))

    def under_way(self, organ: str) -> tuple[int, ...]:
        """The years of an organ's unfinished reports; imported ones do not count."""
        return tuple(self.run(UNDER_WAY, organ=organ).scalars())

    def notice(self, report_id: int) -> LocalNotice:
        """What the report's task asks for beyond the form, or did before it was withdrawn."""
        return LocalNotice.loads(self.run(NOTICE_OF, report=report_id).scalar())

    def is_imported(self, report_id: int) -> bool:
        """Whether a report was begun by reading a file, and is no task."""
        return self.run(IMPORTED, report=report_id).first() is not None

    def organs(self) -> tuple[str, ...]:
        """The names of all organs, in order."""
        return tuple(self.run(ORGANS).scalars())
