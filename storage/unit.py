"""One transaction that may write: reports are begun, answered and finished."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    String,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from conversations.checks.findings import Explanation
from conversations.county.status import BOT
from conversations.form import form_to_fill_in
from conversations.form.model import ItemId
from conversations.form.numbers import NUMBERS
from conversations.form.organ import organ_name
from conversations.form.texts import storable, written
from conversations.talk.effects import Save
from storage import prepared
from storage.chain import FIRST, link
from storage.databases import Postgres
from storage.memory import KnownAnswers, Memory
from storage.reports import KNOWN_AS, Reader
from storage.tables import (
    ANSWER,
    CONVERSATION,
    EXPLANATION,
    HISTORY,
    ORGAN,
    PERSON,
    REPORT,
    insert,
    upsert,
)

_THE_REPORT = select(REPORT.c.id).where(REPORT.c.id == bindparam("report"))

# Other transactions that want to change this report wait here (PostgreSQL).
LOCK = _THE_REPORT.with_for_update(key_share=True)

# … or fail at once if it is locked.
LOCK_NOW = _THE_REPORT.with_for_update(key_share=True, nowait=True)

# Only if it is free; otherwise what was read of it is not relied upon.
LOCK_OPEN = (
    select(REPORT.c.id)
    .where(
        REPORT.c.id
        == select(PERSON.c.report_id).where(PERSON.c.id == bindparam("person")).scalar_subquery()
    )
    .with_for_update(key_share=True, skip_locked=True)
)

# The lock of a chat whose update is being handled; nobody waits for it (PostgreSQL). Such locks
# belong to the whole database, of which our tables may be one schema.
HAVE_CHAT = select(
    func.pg_try_advisory_xact_lock(
        func.hashtextextended(func.current_schema().concat(bindparam("chat", type_=String)), 0)
    )
)

# Other processes get it when the transaction commits (PostgreSQL).
TELL = select(func.pg_notify(literal_column(Postgres.CHANNEL), bindparam("notice", type_=String)))

NEWEST = select(func.coalesce(func.max(HISTORY.c.id), 0)).where(
    HISTORY.c.report_id == bindparam("report")
)

NEWEST_LINK = (
    select(HISTORY.c.id, HISTORY.c.hash)
    .where(HISTORY.c.report_id == bindparam("report"))
    .order_by(HISTORY.c.id.desc())
    .limit(1)
)

ORGAN_BY_NAME = select(*ORGAN.c["id", "name"]).where(ORGAN.c.id == KNOWN_AS)

NEW_ORGAN = insert(ORGAN).on_conflict_do_nothing()

NEW_REPORT = insert(REPORT).on_conflict_do_nothing()


# An answer, replacing the present one.
PUT = upsert(ANSWER, "value", "by", "at")

REMOVE = delete(ANSWER).where(
    ANSWER.c.report_id == bindparam("report"), ANSWER.c.number == bindparam("item")
)

# Inserted one after another: the ids grow in the order of the changes.
RECORD = insert(HISTORY).returning(HISTORY.c.id)

NEW_EXPLANATION = insert(EXPLANATION)

PLACE = upsert(CONVERSATION, "place", "updated_at")

CHANGE_REPORT = update(REPORT).where(REPORT.c.id == bindparam("report"))

COLLECT = "collect"  # the door of files that organs send instead of answering


SAVEPOINT = text("SAVEPOINT part")
RELEASE = text("RELEASE SAVEPOINT part")
ROLLBACK = text("ROLLBACK TO SAVEPOINT part")


class Unit(Reader):
    """
    One transaction that may write: everything in it is stored together, or nothing.

    Nobody else can change a report that was loaded here or saved to until the transaction ends.
    `process` will send the messages decided in it; without one, any process that serves does.
    """

    __slots__ = ("_changed", "_locked", "_locks", "_statement", "process")

    def __init__(
        self, connection: Connection, memory: Memory, *, locks: bool, brief: bool = False
    ) -> None:
        """
        Made by `Store.begin`.

        `locks` says that reports have to be locked; `brief` that a report locked by another is not
        waited for.
        """
        super().__init__(connection, memory)
        self.process: str | None = None
        self._locks = locks
        self._statement = LOCK_NOW if brief else LOCK
        self._changed: set[int] = set()
        self._locked: set[int] = set()

    def _lock(self, report_id: int) -> None:
        if self._locks and report_id not in self._locked:
            self.run(self._statement, report=report_id)
            self._locked.add(report_id)

    def tell(self, what: str) -> None:
        """Tell all processes that listen, at the commit (`listening.py`)."""
        if self._locks:
            self.run(TELL, notice=f"{self.process or ''} {what}")

    def alone(self, chats: Iterable[int]) -> set[int]:
        """
        Lock these chats until this transaction ends; returns those that no other process has.

        The lock is not on a row, because an update that has just come is no row yet for other
        processes. Read a chat only after this call, in another statement: only that sees what the
        last holder has written.
        """
        wanted = sorted(set(chats))
        if not (self._locks and wanted):
            return set(wanted)
        got = prepared.run(self.connection, HAVE_CHAT, *({"chat": str(chat)} for chat in wanted))
        return {chat for chat, (free,) in zip(wanted, got, strict=True) if free}

    def lock_open(self, person: int) -> None:
        """Lock the report that a person has open, if possible now, before reading both."""
        if self._locks:
            self._locked.update(self.run(LOCK_OPEN, person=person).scalars())

    def keep_head(self, report_id: int, person: str, row: Sequence[Any]) -> None:
        """A row that was read before the report was locked may be out of date."""
        if not self._locks or report_id in self._locked:
            super().keep_head(report_id, person, row)

    def forget(self) -> None:
        """After a write, what was read beside the answers may be out of date."""
        self._beside.clear()
        self._heads.clear()

    def _is_certain(self, report_id: int, history: int) -> bool:
        if report_id in self._changed:
            return False
        if not self._locks or report_id in self._locked:
            return True
        # On PostgreSQL each statement sees the newest data; a report that was only read may have
        # changed between two of them.
        return history == self._newest(report_id)

    def _newest(self, report_id: int) -> int:
        """The newest row of the history, 0 for none."""
        newest: int = self.run(NEWEST, report=report_id).scalar()
        return newest

    def committed(self) -> None:
        """Remember what was just stored."""
        for report_id in self._changed:
            state = self._seen.get(report_id)
            if state is not None:
                self._memory.put(report_id, state)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """
        A part that can fail alone: when it raises, only its own changes are rolled back.

        Lets the steps of several people share one transaction and one commit.
        """
        try:
            self.run(SAVEPOINT)
            yield
            self.run(RELEASE)
        except BaseException:
            # After a failure of the database the savepoint may be gone.
            with suppress(SQLAlchemyError):
                self.run(ROLLBACK)
            self._seen.clear()
            self.forget()
            self._links.clear()
            # PostgreSQL releases the locks of the part, too.
            self._locked.clear()
            raise

    def organ(self, name: str, at: datetime) -> int:
        """The id of the organ with a present or former name; a new one is made."""
        organ_id: int | None = self.run(ORGAN_BY_NAME, organ=name).scalar()
        if organ_id is None:
            self.run(NEW_ORGAN, name=organ_name(name), created=at)
            organ_id = self.run(ORGAN_BY_NAME, organ=name).scalar()
        assert organ_id is not None
        return organ_id

    def open_report(self, organ: str, year: int, *, now: datetime, edition: str = "") -> int:
        """The id of an organ's report on a year; a new one is begun, in the form of the year."""
        report_id = self.find_report(organ, year)
        if report_id is None:
            self.forget()
            organ_id = self.organ(organ, now)
            form = edition or form_to_fill_in(year).edition
            self.run(NEW_REPORT, organ_id=organ_id, year=year, edition=form, created_at=now)
            report_id = self.find_report(organ, year)
            assert report_id is not None
        return report_id

    def save(
        self, report_id: int, changes: Sequence[Save], *, by: str, at: datetime, door: str
    ) -> tuple[ItemId, ...]:
        """
        Store changes of answers, each with a row of history.

        The `before` in the history is what the store really held. A change to the present value
        writes nothing. If the report's figures came from a file, the report counts as answered here
        from now on, except by the door of such files.

        Returns:
            The items that held something else than the machine assumed (`Save.before`): a
            colleague has changed them meanwhile.
        """
        state = self._own_state(report_id)
        held = state.texts
        surprises: list[ItemId] = []
        records: list[dict[str, Any]] = []
        fresh: dict[int, str | None] = {}
        for change in changes:
            item = change.item
            number = NUMBERS[item]
            stands = fresh[number] if number in fresh else held.get(number)
            before = None if change.before is None else written(item, change.before)
            after = None if change.after is None else written(item, change.after)
            if stands != before:
                surprises.append(item)
            if stands != after:
                came = {"before": stands, "after": after, "door": change.door or door}
                records.append({"number": number} | came)
                fresh[number] = after
        if records:
            if report_id in self._from_file and door != COLLECT:
                self.run(CHANGE_REPORT, report=report_id, source=BOT)
            common = {"report_id": report_id, "by": by, "at": at}
            rows = [common | record for record in records]
            self._links[report_id] = _chained(self._links[report_id], rows)
            newest = self._write(common, fresh, rows)
            self._changed.add(report_id)
            self.forget()
            self._seen[report_id] = state.changed(newest, fresh)
        return tuple(surprises)

    def _own_state(self, report_id: int) -> KnownAnswers:
        """The report as this transaction has seen it; else lock and read it now."""
        state = self._seen.get(report_id)
        locked = report_id in self._locked or not self._locks
        if state is not None and locked and report_id in self._links:
            return state
        self._lock(report_id)
        newest, link = self.run(NEWEST_LINK, report=report_id).first() or (0, FIRST)
        self._links[report_id] = link
        return self._state(report_id, newest)

    def _write(
        self,
        common: dict[str, Any],
        fresh: Mapping[int, str | None],
        records: list[dict[str, Any]],
    ) -> int:
        """Write the new answers and their history; returns the newest row of the history."""
        puts = [
            common | {"number": n, "value": text} for n, text in fresh.items() if text is not None
        ]
        report = common["report_id"]
        gone = [{"report": report, "item": n} for n, text in fresh.items() if text is None]
        if puts:
            prepared.run(self.connection, PUT, *puts)
        if gone:
            prepared.run(self.connection, REMOVE, *gone)
        newest: int = prepared.run(self.connection, RECORD, *records)[-1][0]
        return newest

    def explain(self, report_id: int, explanation: Explanation) -> None:
        """Store a written reason or its withdrawal; a repeated reason is not stored again."""
        if explanation in self._explanations(report_id):
            return
        self.forget()
        self.run(
            NEW_EXPLANATION,
            report_id=report_id,
            check_id=explanation.check,
            cells=json.dumps(explanation.cells),
            key=storable(explanation.key),
            text=storable(explanation.text),
            by=explanation.by,
            at=explanation.at,
            withdrawn=explanation.withdrawn,
        )

    def renew(self, report_id: int, edition: str) -> None:
        """From now on the report is answered here, in another edition of the form."""
        self.forget()
        self.run(CHANGE_REPORT, report=report_id, source=BOT, edition=edition)

    def place(self, report_id: int, person: str, place: str, at: datetime) -> None:
        """Store where a person is; this report is the person's current one from now on."""
        self._heads.clear()
        self.run(PLACE, person=person, report_id=report_id, place=place, updated_at=at)

    def finish(self, report_id: int, at: datetime, history: int | None = None) -> None:
        """
        Note that a final document was made.

        `history` is `Stored.history` of the answers in the document. Without it, it is the present
        newest row: right only in the transaction that loaded the answers.
        """
        if history is None:
            self._lock(report_id)
            history = self._newest(report_id)
        self._heads.clear()
        self.run(CHANGE_REPORT, final_history=history, final_at=at, report=report_id)


def _chained(previous: str, rows: list[dict[str, Any]]) -> str:
    """Give new rows of one history their hashes, following the hash before; returns the last."""
    for row in rows:
        previous = row["hash"] = link(previous, **row)
    return previous
