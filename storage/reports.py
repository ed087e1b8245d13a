"""
Reports, answers and their history: load, save, last year.

Values in, values out. A `Reader` looks, a `Unit` also writes; both are one transaction,
begun by `Store.read` and `Store.begin`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from conversations.checks.findings import Explanation
from conversations.form.answers import Answers, Value
from conversations.form.model import ItemId
from conversations.form.numbers import NUMBERS
from conversations.talk.effects import Save
from storage import values
from storage.memory import State
from storage.statements import Connection, Cursor, Record, Statement

if TYPE_CHECKING:
    from storage.report_statements import ReportStatements
    from storage.store import Store


class NoSuchReport(LookupError):  # noqa: N818 - reads like NoSuchElement
    """No report has this id: a bug in the caller, since reports are never removed."""


@dataclass(frozen=True, slots=True)
class Stored:
    """
    One report as a person finds it.

    `place` is where the person was, None when he comes for the first time. `final` says
    that a final document was made; `since_final` has the items that are different now,
    with their value in that document (None: unanswered then). `history` is the newest
    row of the report's history, 0 for none: it grows with every change of an answer, and
    belongs into `finish`.
    """

    report_id: int
    organ: str
    year: int
    edition: str
    answers: Answers
    explanations: tuple[Explanation, ...]
    place: str | None
    final: bool
    since_final: Mapping[ItemId, Value | None]
    history: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another report of the same organ, as the checks and the cards want it."""

    report_id: int
    year: int
    edition: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the history: who changed what, when, from and to, through which door."""

    id: int
    item: ItemId
    before: Value | None
    after: Value | None
    by: str
    at: datetime
    door: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Who entered an answer that stands, and when."""

    by: str
    at: datetime


class Reader:
    """
    One moment of the store, to look at.

    `prepared` and `run` are for the other modules of this room, which keep their own
    tables; `connection` is the driver's.
    """

    __slots__ = ("_seen", "_statements", "_store", "connection")

    def __init__(self, store: Store, connection: Connection) -> None:
        """Made by `Store.read` and `Store.begin`."""
        self.connection = connection
        self._store = store
        self._statements: ReportStatements = store.prepared("ReportStatements")
        # The reports seen in this transaction, as it sees them.
        self._seen: dict[int, State] = {}

    def prepared(self, name: str) -> Any:
        """The one instance of a group of statements, by its name."""
        return self._store.prepared(name)

    def run(self, statement: Statement, *parameters: Any) -> Cursor:
        """Run one statement, its parameters as the table has them, in the order compiled."""
        return self.connection.execute(statement.sql, statement.values(parameters))

    def rows(self, statement: Statement, *parameters: Any) -> list[Record]:
        """The rows of a SELECT, as the table has them."""
        found = self.run(statement, *parameters).fetchall()
        return found if statement.results is None else [statement.record(row) for row in found]

    def find_report(self, organ: str, year: int) -> int | None:
        """The id of a report, None where there is none."""
        row = self.run(self._statements.find, organ, year).fetchone()
        return None if row is None else row[0]

    def current(self, person: str) -> tuple[str, int] | None:
        """Organ and year of the conversation a person was in last."""
        row = self.run(self._statements.current, person).fetchone()
        return None if row is None else (row[1], row[2])

    def resume(self, person: str) -> Stored | None:
        """The report of the conversation a person was in last, loaded."""
        row = self.run(self._statements.current, person).fetchone()
        return None if row is None else self.load(row[0], person)

    def load(self, report_id: int, person: str) -> Stored:
        """
        A report as this person finds it; in a `Unit`, nobody else changes it meanwhile.

        Raises:
            NoSuchReport: There is none with this id.
        """
        run = self.connection.execute
        statements = self._statements
        self._lock(report_id)
        row = run(statements.header.sql, (person, report_id)).fetchone()
        if row is None:
            raise NoSuchReport(report_id)
        organ, year, edition, final, place, history, explained = row
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
            final is not None,
            {} if final is None or final >= history else self._since(state, report_id, final),
            history,
        )

    def _state(self, report_id: int, history: int) -> State:
        """The report after that row, the newest of its history: remembered, or read now."""
        state = self._seen.get(report_id)
        if state is None or state.history != history:
            state = self._store.memory.get(report_id, history)
            if state is None:
                state = self._read(report_id, history)
            self._seen[report_id] = state
        return state

    def _read(self, report_id: int, history: int) -> State:
        rows = self.connection.execute(self._statements.answers.sql, (report_id,)).fetchall()
        texts = dict(rows)
        state = State(history, texts, values.answers(texts))
        if self._is_certain(report_id, history):
            self._store.memory.put(report_id, state)
        return state

    def _is_certain(self, report_id: int, history: int) -> bool:  # noqa: ARG002 - see Unit
        """Whether what was just read is committed and belongs to that row of the history."""
        return True

    def committed(self) -> None:
        """Called by the transaction when everything is stored."""

    def _lock(self, report_id: int) -> None:
        """Only a `Unit` needs to."""

    def _explanations(self, report_id: int) -> tuple[Explanation, ...]:
        found: dict[str, Explanation] = {}
        for check, cells, key, text, by, at in self.rows(self._statements.explanations, report_id):
            # What was said last about a finding stands where it was last said.
            found.pop(key, None)
            found[key] = Explanation(check, tuple(json.loads(cells)), key, text, by, at)
        return tuple(found.values())

    def _since(self, state: State, report_id: int, final: int) -> dict[ItemId, Value | None]:
        """What is different now from what stood after that row of the history."""
        first: dict[int, str | None] = {}
        for number, before in self.rows(self._statements.changes_since, report_id, final):
            first.setdefault(number, before)
        found: dict[ItemId, Value | None] = {}
        for number, text in first.items():
            if state.texts.get(number) != text:
                found[values.ITEMS[number]] = None if text is None else values.read(number, text)
        return found

    def earlier(self, report_id: int, years: int = 1) -> Earlier | None:
        """The organ's report on the year so many years before, None if nothing is in it."""
        row = self.run(self._statements.of_year, report_id, -years).fetchone()
        if row is None:
            return None
        found, year, edition, history = row
        state = self._state(found, history or 0)
        return Earlier(found, year, edition, state.answers) if state.texts else None

    def last_year(self, report_id: int) -> Earlier | None:
        """The organ's report on the year before, None if nothing is in it."""
        return self.earlier(report_id)

    def previous_wording(self, report_id: int) -> tuple[int, dict[ItemId, str]] | None:
        """The organ's title, introduction and so on in its newest other report that has any."""
        found: dict[ItemId, str] = {}
        newest: int | None = None
        for year, number, text in self.rows(self._statements.wording, report_id):
            if newest not in {None, year}:
                break
            newest = year
            found[values.ITEMS[number]] = text
        return None if newest is None else (newest, found)

    def history(self, report_id: int, item: ItemId | None = None) -> tuple[Change, ...]:
        """Every change of a report, or of one item of it, in order."""
        number = None if item is None else NUMBERS[item]
        found = []
        for id_, changed, before, after, by, at, door in self.rows(
            self._statements.history, report_id
        ):
            if number not in {None, changed}:
                continue
            found.append(
                Change(
                    id_,
                    values.ITEMS[changed],
                    None if before is None else values.read(changed, before),
                    None if after is None else values.read(changed, after),
                    by,
                    at,
                    door,
                )
            )
        return tuple(found)

    def entries(self, report_id: int) -> dict[ItemId, Entry]:
        """Who entered each answer that stands, and when."""
        return {
            values.ITEMS[number]: Entry(by, at)
            for number, by, at in self.rows(self._statements.entries, report_id)
        }

    def years(self, organ: str) -> tuple[int, ...]:
        """The years an organ has a report on, oldest first."""
        return tuple(row[0] for row in self.rows(self._statements.years, organ))

    def organs(self) -> tuple[str, ...]:
        """The names of all organs, in order."""
        return tuple(row[0] for row in self.rows(self._statements.organs))


class Unit(Reader):
    """
    One transaction that may write: everything in it is stored together, or nothing.

    A report that was loaded, or that is saved to, stays as it is for everybody else
    until the end of the transaction.
    """

    __slots__ = ("_changed", "_locked", "_moment")

    def __init__(self, store: Store, connection: Connection) -> None:
        """Made by `Store.begin`."""
        super().__init__(store, connection)
        self._changed: set[int] = set()
        self._locked: set[int] = set()
        self._moment: tuple[datetime, Any] | None = None

    def _lock(self, report_id: int) -> None:
        if self._store.database.locks and report_id not in self._locked:
            self.connection.execute(self._statements.lock.sql, (report_id,))
            self._locked.add(report_id)

    def _is_certain(self, report_id: int, history: int) -> bool:
        if report_id in self._changed:
            return False
        if not self._store.database.locks or report_id in self._locked:
            return True
        # PostgreSQL shows each statement what is newest then; a report that was only looked
        # at may have been changed between two of them.
        return history == self._newest(report_id)

    def _newest(self, report_id: int) -> int:
        """The newest row of the history, 0 for none."""
        found: int = self.run(self._statements.newest, report_id).fetchone()[0]
        return found

    def committed(self) -> None:
        """What was just stored need not be read again."""
        for report_id in self._changed:
            state = self._seen.get(report_id)
            if state is not None:
                self._store.memory.put(report_id, state)

    def _at(self, at: datetime) -> Any:
        """The moment as the driver takes it; converted once for all rows of a step."""
        if self._moment is None or self._moment[0] is not at:
            self._moment = (at, self._statements.moment(at))
        return self._moment[1]

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """
        A part that can fail alone: when it raises, only what it did is taken back.

        For several people's steps in one transaction, which then share one commit.
        """
        self.connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO SAVEPOINT part")
            self.connection.execute("RELEASE SAVEPOINT part")
            self._seen.clear()
            # PostgreSQL gives the locks of the part back, too.
            self._locked.clear()
            raise
        self.connection.execute("RELEASE SAVEPOINT part")

    def open_report(self, organ: str, year: int, *, now: datetime, edition: str = "2021") -> int:
        """The id of an organ's report on a year; it is begun where there is none yet."""
        found = self.find_report(organ, year)
        if found is None:
            self.run(self._statements.new_organ, values.storable(organ), now)
            self.run(self._statements.new_report, year, edition, now, organ)
            found = self.find_report(organ, year)
            assert found is not None
        return found

    def save(
        self, report_id: int, changes: Sequence[Save], *, by: str, at: datetime, door: str
    ) -> tuple[ItemId, ...]:
        """
        Store changes of answers, each with a row of history.

        What the history calls `before` is what the store really held. A change to the
        value that already stands writes nothing.

        Returns:
            The items that held something else than the machine thought (`Save.before`):
            a colleague has changed them meanwhile.
        """
        state = self._own_state(report_id)
        held = state.texts
        moment = self._at(at)
        surprises: list[ItemId] = []
        records: list[tuple[Any, ...]] = []
        fresh: dict[int, str | None] = {}
        for change in changes:
            item = change.item
            number = NUMBERS[item]
            stands = fresh[number] if number in fresh else held.get(number)
            before = None if change.before is None else values.written(item, change.before)
            after = None if change.after is None else values.written(item, change.after)
            if stands != before:
                surprises.append(item)
            if stands != after:
                records.append((report_id, number, stands, after, by, moment, door))
                fresh[number] = after
        if records:
            self._write(state, report_id, fresh, records)
        return tuple(surprises)

    def _own_state(self, report_id: int) -> State:
        """The report as this transaction has seen it, or sees it now, locked."""
        state = self._seen.get(report_id)
        if state is not None and (report_id in self._locked or not self._store.database.locks):
            return state
        self._lock(report_id)
        return self._state(report_id, self._newest(report_id))

    def _write(
        self,
        state: State,
        report_id: int,
        fresh: Mapping[int, str | None],
        records: Sequence[tuple[Any, ...]],
    ) -> None:
        """Write what stands now, and how it came about; `records` as in `record`."""
        statements = self._statements
        by, at = records[0][4:6]
        texts = dict(state.texts)
        puts, gone = [], []
        for number, text in fresh.items():
            if text is None:
                gone.append((report_id, number))
                texts.pop(number, None)
            else:
                puts.append((report_id, number, text, by, at))
                texts[number] = text
        self._changed.add(report_id)
        self._many(statements.put, puts)
        self._many(statements.remove, gone)
        if len(records) == 1:
            cursor = self.connection.execute(statements.record.sql, records[0])
            newest = cursor.fetchone()[0] if self._store.database.locks else cursor.lastrowid
        else:
            self._many(statements.record, records)
            newest = self._newest(report_id)
        changed = {
            values.ITEMS[number]: None if text is None else values.read(number, text)
            for number, text in fresh.items()
        }
        self._seen[report_id] = State(newest, texts, state.answers.changed(changed))

    def _many(self, statement: Statement, rows: Sequence[tuple[Any, ...]]) -> None:
        if len(rows) == 1:
            self.connection.execute(statement.sql, rows[0])
        elif rows:
            self.connection.cursor().executemany(statement.sql, rows)

    def explain(self, report_id: int, explanation: Explanation) -> None:
        """Keep the written reason for a finding; what is already said is not said twice."""
        if explanation in self._explanations(report_id):
            return
        self.run(
            self._statements.new_explanation,
            report_id,
            explanation.check,
            json.dumps(explanation.cells),
            values.storable(explanation.key),
            values.storable(explanation.text),
            explanation.by,
            explanation.at,
        )

    def place(self, report_id: int, person: str, place: str, at: datetime) -> None:
        """Remember where a person is; the report is his current one from now on."""
        self.connection.execute(
            self._statements.place.sql, (person, report_id, place, self._at(at))
        )

    def finish(self, report_id: int, at: datetime, history: int | None = None) -> None:
        """
        Note that a final document was made.

        `history` is `Stored.history` of the answers that are in the document. Without it
        it is what stands now: right only in the transaction that loaded them.
        """
        if history is None:
            self._lock(report_id)
            history = self._newest(report_id)
        self.run(self._statements.finish, history, at, report_id)
