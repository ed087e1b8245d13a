"""
The rows. They stay in this room; other rooms get plain values.

The row of an answer names its item by the permanent number (`form/numbers.py`), never by id or
label. All moments have a time zone and are stored in UTC. A migration makes or changes every table:
`migrations/__init__.py` says how to add one.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    FromClause,
    Index,
    Integer,
    MetaData,
    ScalarSelect,
    String,
    Table,
    UniqueConstraint,
    false,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

# Constraints are named, so that a later migration can address them on both databases.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers rows by itself only if the column is plainly INTEGER.
LONG = BigInteger().with_variant(Integer, "sqlite")

# The table is its own index, which saves a second look-up (SQLite only).
BY_KEY = {"sqlite_with_rowid": False}


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of a few rows; `where` is written exactly as in the statements that ask for them."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def empty_text() -> Column[str]:
    """A text column, empty by default. Called for each table: a column belongs to one table."""
    return Column(String, nullable=False, server_default=text("''"))


class Base(SQLModel):
    """What all tables share: one collection, and naming rules for tables and constraints."""

    metadata = MetaData(naming_convention=NAMES)

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 - as SQLAlchemy calls it
        """`CalendarDayRow` is the table `calendar_day`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__.removesuffix("Row")).lower()


class OrganRow(Base, table=True):
    """
    行政机关, by its full name.

    `parent_id` is the organ above it, None if unknown. `level` is what an administrator has set,
    NULL if the name decides. `contact` and `phone` are for the administrators above. A closed organ
    keeps its reports; `merged_into` took over its work (机构改革).
    """

    __table_args__ = (CheckConstraint("length(name) > 0", name="name"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    created: datetime
    parent_id: int | None = Field(default=None, foreign_key="organ.id", index=True)
    level: str | None = None
    contact: str = Field(sa_column=empty_text())
    phone: str = Field(sa_column=empty_text())
    closed_at: datetime | None = None
    merged_into: int | None = Field(default=None, foreign_key="organ.id")


class ReportRow(Base, table=True):
    """
    One organ's report on one year.

    `final_history` is the last row of the history that the newest final document contains: 0 if the
    history was empty then, NULL without such a document. `source` says where the figures come from:
    answered here, or read from a file that the organ sent (`file`). `named` is the organ's name
    when the report was made, if the organ has been renamed since.
    """

    __table_args__ = (
        UniqueConstraint("organ_id", "year"),
        CheckConstraint("year BETWEEN 1900 AND 2999", name="year"),
        CheckConstraint("length(edition) > 0", name="edition"),
        CheckConstraint("(final_history IS NULL) = (final_at IS NULL)", name="final"),
        CheckConstraint("source IN ('bot', 'file')", name="source"),
    )

    id: int | None = Field(default=None, primary_key=True)
    organ_id: int = Field(foreign_key="organ.id")
    year: int
    edition: str
    created_at: datetime
    final_history: int | None = Field(default=None, sa_type=LONG)
    final_at: datetime | None = None
    source: str = Field(sa_column=Column(String, nullable=False, server_default=text("'bot'")))
    named: str | None = None


class AnswerRow(Base, table=True):
    """
    The present answer to an item; `value` as `form/texts.py` writes it.

    An unanswered item has no row: a blank is not a zero.
    """

    __table_args__ = (CheckConstraint("number > 0", name="number"), BY_KEY)

    report_id: int = Field(foreign_key="report.id", primary_key=True)
    number: int = Field(primary_key=True)
    value: str
    by: str
    at: datetime


class HistoryRow(Base, table=True):
    """
    Every change of an answer, in order, for ever: triggers refuse to alter a row.

    NULL means no answer. Within a report the ids grow in the order of the changes, and `hash`
    chains the rows (`chain.py`).
    """

    __table_args__ = (
        Index(None, "report_id", "id"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(
            "(before IS NOT NULL OR after IS NOT NULL)"
            " AND (before IS NULL OR after IS NULL OR before <> after)",
            name="change",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    report_id: int = Field(foreign_key="report.id")
    number: int
    before: str | None = None
    after: str | None = None
    by: str
    at: datetime
    door: str
    hash: str = Field(sa_column_kwargs={"server_default": text("''")})


class ExplanationRow(Base, table=True):
    """
    A written reason for a finding.

    Rows are kept. The newest row with a key counts; if it is `withdrawn`, there is no reason any
    more. `cells` is a JSON list of ids; `at` is stored as the conversation wrote it.
    """

    __table_args__ = (
        Index(None, "report_id"),
        CheckConstraint("length(text) > 0", name="text"),
    )

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id")
    check_id: str
    cells: str
    key: str
    text: str
    by: str
    at: str
    withdrawn: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class ConversationRow(Base, table=True):
    """Where a person is in a report; `place` is JSON that only the machine understands."""

    __table_args__ = (
        Index(None, "person", "updated_at"),
        CheckConstraint("length(person) > 0", name="person"),
        BY_KEY,
    )

    person: str = Field(primary_key=True)
    report_id: int = Field(foreign_key="report.id", primary_key=True)
    place: str
    updated_at: datetime


class IncomingRow(Base, table=True):
    """
    One update from Telegram, kept before it is confirmed to Telegram.

    `state`: 0 waiting, 1 handled, 2 failed (the person got an error number). A handled update keeps
    its id, so that a second delivery is recognised; its `body` is emptied.
    """

    __table_args__ = (
        partial_index("ix_incoming_waiting", "chat", "update_id", where="state = 0"),
        CheckConstraint("state BETWEEN 0 AND 2", name="state"),
    )

    update_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    chat: int = Field(sa_type=BigInteger)
    body: str
    received_at: datetime
    state: int = 0


class OutgoingRow(Base, table=True):
    """
    One call to Telegram that a step decided, stored in the step's own transaction.

    `state`: 0 not sent, 1 may have arrived (a repeat must be announced or avoided), 2 sent, 3 given
    up. `payload` is JSON; after the end it is empty, or says why long work failed. `file` holds
    bytes that go with it. `message_id` is Telegram's, once sent. `attempts` counts the sends that
    may have arrived, or the readings of the file it fetches. A card has `report_id`, and as
    `number` the item it asks for, 0 if it is about no single item. `process` sends the row, or says
    that a job will bring it; a reminder has a claim instead.
    """

    __table_args__ = (
        partial_index("ix_outgoing_unsent", "chat", "id", where="state <= 1"),
        partial_index("ix_outgoing_card", "chat", "id", where="report_id IS NOT NULL"),
        partial_index("ix_outgoing_failed", "id", where="state = 3 AND payload <> ''"),
        partial_index("ix_outgoing_arrived", "chat", "message_id", where="message_id IS NOT NULL"),
        CheckConstraint("state BETWEEN 0 AND 3", name="state"),
    )

    id: int | None = Field(default=None, sa_column=Column(LONG, primary_key=True))
    chat: int = Field(sa_type=BigInteger)
    method: str
    payload: str
    file: bytes | None = None
    created_at: datetime
    state: int = 0
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    report_id: int | None = None
    number: int | None = None
    attempts: int = Field(sa_column=Column(Integer, nullable=False, server_default="0"))
    process: str | None = None


class ProcessRow(Base, table=True):
    """
    A process that serves this store; `polls` says that it asks Telegram for updates.

    `beat` grows while the process lives and another process is registered.
    """

    id: str = Field(primary_key=True)
    beat: int = 0
    polls: bool


class ShownRow(Base, table=True):
    """
    Which item of which report a message of a chat is about.

    For answers of the person, and for our cards whose rows are deleted: a reply or an edit still
    finds its item. `number` is 0 if the message is about no single item.
    """

    __table_args__ = BY_KEY

    chat: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    message_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    report_id: int = Field(foreign_key="report.id")
    number: int = 0


class PersonRow(Base, table=True):
    """
    A person who has spoken with the bot in private (`id` is Telegram's user id).

    A group has a row too, under its own negative id, so that it is told only once where to go.
    `key` is ours: rows that say who did something name the person by it, and it moves to a new
    account. `name` is the latest from Telegram, shown to colleagues; `seen_at` is accurate to the
    hour. `report_id` is the report on the screen, `organ_id` the organ chosen before its year is
    chosen; `contents` is the outgoing row of the one list of sections that is kept up to date.
    `told_at` is when a stranger was last told that there is nothing for them here. `reachable` is
    false after a 403.
    """

    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    report_id: int | None = Field(default=None, foreign_key="report.id")
    organ_id: int | None = Field(default=None, foreign_key="organ.id")
    contents: int | None = Field(default=None, sa_type=BigInteger)
    name: str = ""
    reachable: bool = True
    told_at: datetime | None = None
    seen_at: datetime | None = None
    created_at: datetime
    key: str = Field(unique=True)


class MemberRow(Base, table=True):
    """
    Who may work on an organ's reports, and in which role: one row per role; `left_at` ends it.

    `sections` are the permanent numbers of the sections that a clerk may write in, separated by
    commas; NULL for all.
    """

    __table_args__ = (
        CheckConstraint("role IN ('clerk', 'leader', 'administrator')", name="role"),
        BY_KEY,
    )

    person_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    organ_id: int = Field(primary_key=True, foreign_key="organ.id", index=True)
    role: str = Field(default="clerk", primary_key=True)
    joined_at: datetime
    left_at: datetime | None = None
    sections: str | None = None


class InvitationRow(Base, table=True):
    """
    A link that makes one person a member of one organ, once, until it expires.

    Only the token's SHA-256 is stored. `bound_to` is the first person who opened it. `replaces` is
    the key of the member if the link is for their new account; `sections` as in `MemberRow`.
    """

    __table_args__ = (CheckConstraint("role IN ('clerk', 'leader', 'administrator')", name="role"),)

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    organ_id: int = Field(foreign_key="organ.id")
    role: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    bound_to: int | None = Field(default=None, sa_type=BigInteger)
    used_at: datetime | None = None
    revoked_at: datetime | None = None
    replaces: str | None = None
    sections: str | None = None


class MemberRecordRow(Base, table=True):
    """
    Who became or ceased to be a member, and who did that; kept when a person is forgotten.

    `person` and `by` are keys of persons, or the word of another door (`operator`). `begun` marks
    those who were members before there was a record.
    """

    __table_args__ = (
        Index(None, "organ_id", "id"),
        CheckConstraint(
            "what IN ('begun', 'joined', 'left', 'removed', 'replaced', 'forgotten')", name="what"
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(LONG, primary_key=True))
    organ_id: int = Field(foreign_key="organ.id")
    person: str
    what: str
    role: str
    by: str
    at: datetime


class TaskRow(Base, table=True):
    """
    The dates of one report's work; tasks are found by their deadline.

    Reminders for days before `since` are not sent late. `work` is what was open in the report after
    row `work_history` of its history, as JSON for `reminders.py`: right as long as that row is the
    newest. `notice` is what is asked for beyond the form, as `form/local_notice.py` writes it.
    `reason` says why the task is withdrawn (the organ need not report this year), or why its date
    differs from others.
    """

    __table_args__ = (CheckConstraint("internal IS NULL OR internal <= deadline", name="dates"),)

    report_id: int = Field(primary_key=True, foreign_key="report.id")
    deadline: date = Field(index=True)
    internal: date | None = None
    withdrawn: bool = False
    since: date | None = None
    work: str | None = None
    work_history: int | None = Field(default=None, sa_type=LONG)
    notice: str | None = None
    reason: str = Field(sa_column=empty_text())


class AssignmentRow(Base, table=True):
    """
    The member who fills in a section (by its permanent number); without a row, every clerk does.
    """

    __table_args__ = BY_KEY

    report_id: int = Field(primary_key=True, foreign_key="task.report_id")
    section: int = Field(primary_key=True)
    person_id: int = Field(sa_type=BigInteger)


class RecipientRow(Base, table=True):
    """
    A person who may be reminded: hours and wishes, the same in every membership.

    `starts` and `ends` are minutes after midnight. `next_check_at` is when to check again whether a
    reminder is due; NULL: not before something happens. `everything` marks the administrators of
    all organs.
    """

    __table_args__ = (
        CheckConstraint("mode IN ('on', 'quieter', 'off')", name="mode"),
        CheckConstraint("starts >= 0 AND starts < ends AND ends < 1440", name="hours"),
    )

    person_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    mode: str = "on"
    starts: int = 540
    ends: int = 1080
    zone: str = "Asia/Shanghai"
    snooze_on: date | None = None
    snooze_until: date | None = None
    snooze_again: bool = False
    since: date | None = None
    everything: bool = False
    next_check_at: datetime | None = Field(
        default=None, index=True, sa_column_kwargs={"name": "look_at", "key": "next_check_at"}
    )
    unreachable_since: date | None = None


class NoticeRow(Base, table=True):
    """
    One message of reminders, claimed by the process that sends it.

    Until `lease` has passed, no other process may send the message with this number on this day of
    the person; `lease` is NULL once it was sent. `outgoing` is the message's row.
    """

    __table_args__ = BY_KEY

    person_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    day: date = Field(primary_key=True)
    number: int = Field(primary_key=True)
    lease: datetime | None = None
    outgoing: int = Field(sa_type=LONG)


class RemindedRow(Base, table=True):
    """
    One reminder that was claimed: unique per task, person, kind and day.

    Its position in the person's day is unique, too. `task` is the report's id as the buttons write
    it, or the name of a group of tasks.
    """

    __table_args__ = (
        UniqueConstraint("task", "person_id", "day", "number"),
        Index(None, "person_id", "day"),
        BY_KEY,
    )

    task: str = Field(primary_key=True)
    person_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    kind: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    number: int
    step: int | None = None
    at: datetime


class NudgeRow(Base, table=True):
    """An administrator asked at this moment to remind a clerk of a report."""

    __table_args__ = BY_KEY

    person_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    report_id: int = Field(primary_key=True, foreign_key="task.report_id")
    at: datetime = Field(primary_key=True)
    by: str


class CalendarDayRow(Base, table=True):
    """
    A day that an administrator has set as working or free; it overrides the library's calendar.
    """

    day: date = Field(primary_key=True)
    works: bool


class CalendarYearRow(Base, table=True):
    """A year for which an administrator has entered all holidays."""

    year: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))


# The tables behind the rows, as the statements of this room speak of them.
ORGAN = Base.metadata.tables["organ"]
REPORT = Base.metadata.tables["report"]
ANSWER = Base.metadata.tables["answer"]
HISTORY = Base.metadata.tables["history"]
EXPLANATION = Base.metadata.tables["explanation"]
CONVERSATION = Base.metadata.tables["conversation"]
INCOMING = Base.metadata.tables["incoming"]
OUTGOING = Base.metadata.tables["outgoing"]
PROCESS = Base.metadata.tables["process"]
SHOWN = Base.metadata.tables["shown"]
PERSON = Base.metadata.tables["person"]
MEMBER = Base.metadata.tables["member"]
INVITATION = Base.metadata.tables["invitation"]
MEMBER_RECORD = Base.metadata.tables["member_record"]
TASK = Base.metadata.tables["task"]
ASSIGNMENT = Base.metadata.tables["assignment"]
RECIPIENT = Base.metadata.tables["recipient"]
NOTICE = Base.metadata.tables["notice"]
REMINDED = Base.metadata.tables["reminded"]
NUDGE = Base.metadata.tables["nudge"]
CALENDAR_DAY = Base.metadata.tables["calendar_day"]
CALENDAR_YEAR = Base.metadata.tables["calendar_year"]


def newest(column: Column[Any], report: FromClause) -> ScalarSelect[Any]:
    """A column of the newest row about a report, NULL without one; `report` is its table."""
    table = column.table
    return (
        select(column)
        .where(table.c.report_id == report.c.id)
        .order_by(table.c.id.desc())
        .limit(literal_column("1"))
        .scalar_subquery()
    )


def insert(table: Table) -> postgresql.Insert:
    """
    INSERT with ON CONFLICT, for both databases: their syntax is the same.

    Nothing is returned unless asked for.
    """
    return postgresql.insert(table).inline()


def upsert(table: Table, *columns: str) -> postgresql.Insert:
    """INSERT; if a row with the same key exists, these columns get the new values."""
    statement = insert(table)
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={column: statement.excluded[column] for column in columns},
    )
