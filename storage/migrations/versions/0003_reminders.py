"""Tasks, who is to be reminded of them, what was sent, and days that offices work."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

from storage.tables import LONG

revision = "0003_reminders"
down_revision = "0002_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; reports that clerks are at work on get their task."""
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("works", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, primary_key=True),
    )
    op.create_table(
        "notice",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("lease", sqltypes.UTCDateTime()),
        sa.Column("outgoing", LONG, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recipient",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("mode", sqltypes.AutoString(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("zone", sqltypes.AutoString(), nullable=False),
        sa.Column("snooze_on", sa.Date()),
        sa.Column("snooze_until", sa.Date()),
        sa.Column("snooze_again", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("everything", sa.Boolean(), nullable=False),
        sa.Column("look_at", sqltypes.UTCDateTime()),
        sa.Column("unreachable_since", sa.Date()),
        sa.CheckConstraint("mode IN ('on', 'quieter', 'off')", name="mode"),
        sa.CheckConstraint("starts >= 0 AND starts < ends AND ends < 1440", name="hours"),
        sa.Index(None, "look_at"),
    )

    op.create_table(
        "reminded",
        sa.Column("task", sqltypes.AutoString(), primary_key=True),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("kind", sqltypes.AutoString(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer()),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.UniqueConstraint("task", "person_id", "day", "number"),
        sa.Index(None, "person_id", "day"),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "task",
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("report.id"), primary_key=True),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("internal", sa.Date()),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("work", sqltypes.AutoString()),
        sa.Column("work_history", LONG),
        sa.CheckConstraint("internal IS NULL OR internal <= deadline", name="dates"),
        sa.Index(None, "deadline"),
    )

    op.create_table(
        "assignment",
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("task.report_id"), primary_key=True),
        sa.Column("section", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "nudge",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("task.report_id"), primary_key=True),
        sa.Column("at", sqltypes.UTCDateTime(), primary_key=True),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sqlite_with_rowid=False,
    )
    _begin()


def _begin() -> None:
    """As if every report of the last two years had just been opened by its clerks."""
    link = op.get_bind()
    today = datetime.now(UTC).date()
    member = sa.table("member", *map(sa.column, ("person_id", "organ_id", "role", "left_at")))
    report = sa.table("report", *map(sa.column, ("id", "organ_id", "year")))
    works = (member.c.role == "clerk") & member.c.left_at.is_(None)
    task = sa.table(
        "task",
        *map(sa.column, ("report_id", "withdrawn")),
        sa.column("deadline", sa.Date),
        sa.column("since", sa.Date),
    )
    reports = link.execute(
        sa.select(report.c.id, report.c.year).where(
            report.c.year >= today.year - 1,
            report.c.organ_id.in_(sa.select(member.c.organ_id).where(works)),
        )
    ).all()
    tomorrow = {"withdrawn": False, "since": today + timedelta(days=1)}
    op.bulk_insert(
        task,
        [tomorrow | {"report_id": id_, "deadline": date(y + 1, 1, 31)} for id_, y in reports],
    )
    recipient = sa.table(
        "recipient",
        *map(sa.column, ("person_id", "mode", "starts", "ends", "zone")),
        *map(sa.column, ("snooze_again", "everything")),
        sa.column("look_at", sqltypes.UTCDateTime),
    )
    people = sa.select(member.c.person_id).where(member.c.left_at.is_(None)).distinct()
    usual = {"mode": "on", "starts": 540, "ends": 1080, "zone": "Asia/Shanghai"}
    usual |= {
        "snooze_again": False,
        "everything": False,
        "look_at": datetime(2000, 1, 1, tzinfo=UTC),
    }
    op.bulk_insert(recipient, [usual | {"person_id": id_} for id_ in link.scalars(people)])
