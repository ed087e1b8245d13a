"""
Steps, remarks and documents of a report's sign-off.

Values in, values out. The newest record gives the state of a report; `sign_off_reading.py` reads
what was decided, `SignOffs` records.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from conversations.form.model import ItemId
from conversations.form.numbers import NUMBERS
from conversations.form.texts import storable
from conversations.sign_off.states import Deed, ReportState
from storage.reports import Reader
from storage.sign_off_reading import state_of
from storage.sign_off_tables import POSTPONED, REMARK, SIGN_OFF, VERSION
from storage.tables import ORGAN, REPORT, insert, newest
from storage.unit import Unit

RECORD = insert(SIGN_OFF).returning(SIGN_OFF.c.id)

NEW_REMARK = insert(REMARK)

UNSENT = REMARK.c.report_id == bindparam("report"), REMARK.c.returned.is_(None)

SEND_REMARKS = update(REMARK).where(*UNSENT, REMARK.c.by == bindparam("author"))

# A leader may take back their unsent remarks.
DROP_REMARK = delete(REMARK).where(REMARK.c.id == bindparam("remark"), *UNSENT)

SETTLE = update(REMARK).where(
    REMARK.c.report_id == bindparam("report"),
    REMARK.c.id == bindparam("remark"),
    REMARK.c.returned.is_not(None),
)

VERSION_OF = select(*VERSION.c["name", "content"]).where(
    VERSION.c.sign_off_id == bindparam("sign_off")
)

STATES = (
    select(REPORT.c.year, newest(SIGN_OFF.c.state, REPORT))
    .join(ORGAN)
    .where(ORGAN.c.name == bindparam("organ"))
)

KEEP_VERSION = insert(VERSION).on_conflict_do_nothing()

POSTPONE = insert(POSTPONED).on_conflict_do_nothing()

DUE = (
    select(POSTPONED.c.person_id, SIGN_OFF.c.report_id, SIGN_OFF.c.id)
    .join_from(POSTPONED, SIGN_OFF)
    .where(POSTPONED.c.due <= bindparam("now"))
    .order_by(POSTPONED.c.due, POSTPONED.c.sign_off_id)
    .limit(bindparam("most"))
)

ANY_DUE = select(POSTPONED.c.due).where(POSTPONED.c.due <= bindparam("now")).limit(1)

UNTOLD = (
    select(POSTPONED.c.person_id, *SIGN_OFF.c["id", "deed"])
    .join_from(POSTPONED, SIGN_OFF)
    .where(SIGN_OFF.c.report_id == bindparam("report"))
)

_THIS = (
    POSTPONED.c.person_id == bindparam("person"),
    POSTPONED.c.sign_off_id == bindparam("sign_off"),
)

TOLD = delete(POSTPONED).where(*_THIS)

PUT_OFF = update(POSTPONED).where(*_THIS)


@dataclass(frozen=True, slots=True)
class Version:
    """The document of a version that was handed in, by the id of that step."""

    name: str
    content: bytes


def version_of(reader: Reader, sign_off: int) -> Version | None:
    """The document of a step, None if it was not made yet."""
    return reader.run(VERSION_OF, sign_off=sign_off).first_as(Version)


def states_of(reader: Reader, organ: str) -> dict[int, ReportState]:
    """The state of each of an organ's reports on its way to publication, by year."""
    return {year: state_of(state) for year, state in reader.run(STATES, organ=organ)}


def is_any_due(reader: Reader, now: datetime) -> bool:
    """Whether any person is to be told of a step now: one indexed query."""
    return reader.run(ANY_DUE, now=now).first() is not None


def due(reader: Reader, now: datetime, most: int) -> tuple[tuple[int, int, int], ...]:
    """Person, report and step to be told now, the longest waiting first."""
    return tuple((row[0], row[1], row[2]) for row in reader.run(DUE, now=now, most=most))


class SignOffs:
    """Sign-off in one transaction, in which the report was loaded and so is locked."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`."""
        self._unit = unit

    def record(
        self,
        report_id: int,
        deed: Deed,
        state: ReportState,
        *,
        by: str,
        at: datetime,
        door: str,
        history: int,
        fingerprint: str,
        note: Mapping[str, str],
    ) -> int:
        """
        Record a step, for ever, and return its id; a return sends its author's unsent remarks.
        """
        said = {name: storable(text) for name, text in note.items()}
        step: int = self._unit.run(
            RECORD,
            report_id=report_id,
            deed=deed.value,
            state=state.value,
            by=by,
            at=at,
            door=door,
            history=history,
            fingerprint=fingerprint,
            note=json.dumps(said, ensure_ascii=False),
        ).scalar()
        if deed is Deed.RETURN:
            self._unit.run(SEND_REMARKS, report=report_id, author=by, returned=step)
        self._unit.forget()
        return step

    def remark(
        self,
        report_id: int,
        item: ItemId,
        quote: str,
        text: str,
        before: str,
        by: str,
        at: datetime,
    ) -> None:
        """Store a leader's remark on a place, until it is sent."""
        self._unit.run(
            NEW_REMARK,
            report_id=report_id,
            number=NUMBERS.get(item, 0),
            quote=storable(quote),
            text=storable(text),
            before=storable(before),
            by=by,
            at=at,
            answer="",
        )
        self._unit.forget()

    def drop_remark(self, report_id: int, remark: int) -> None:
        """Take back an unsent remark."""
        self._unit.run(DROP_REMARK, report=report_id, remark=remark)
        self._unit.forget()

    def settle(self, report_id: int, remark: int, answer: str, at: datetime) -> None:
        """The clerk has answered a remark, or corrected its place ("" then)."""
        self._unit.run(
            SETTLE, report=report_id, remark=remark, answer=storable(answer), settled_at=at
        )
        self._unit.forget()

    def keep_version(self, sign_off: int, version: Version) -> Version:
        """Keep the document of a version; the first one made counts for everyone."""
        self._unit.run(
            KEEP_VERSION, sign_off_id=sign_off, name=version.name, content=version.content
        )
        kept = version_of(self._unit, sign_off)
        assert kept is not None
        return kept

    # ---- who is told later

    def postpone(self, person: int, sign_off: int, due: datetime) -> None:
        """A person is to be told of a step when their working hours begin."""
        self._unit.run(POSTPONE, person_id=person, sign_off_id=sign_off, due=due)

    def untold(self, report_id: int) -> tuple[tuple[int, int, Deed], ...]:
        """Person, step and deed that are still to be told about a report."""
        rows = self._unit.run(UNTOLD, report=report_id)
        return tuple((person, step, Deed(deed)) for person, step, deed in rows)

    def told(self, person: int, sign_off: int) -> bool:
        """A person is told now, or needs no message any more; false if done already."""
        return self._unit.run(TOLD, person=person, sign_off=sign_off).rowcount == 1

    def put_off(self, person: int, sign_off: int, due: datetime) -> None:
        """It cannot be told now; try again later."""
        self._unit.run(PUT_OFF, person=person, sign_off=sign_off, due=due)
