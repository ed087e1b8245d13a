"""Tasks, who is to be reminded of them, what was sent, and days that offices work."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0003_reminders"
down_revision = "0002_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; reports that clerks are at work on get their task."""
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "notice",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lease", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("outgoing", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "day", "number", name=op.f("pk_notice")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recipient",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mode", sqltypes.AutoString(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("zone", sqltypes.AutoString(), nullable=False),
        sa.Column("snooze_on", sa.Date(), nullable=True),
        sa.Column("snooze_until", sa.Date(), nullable=True),
        sa.Column("snooze_again", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("everything", sa.Boolean(), nullable=False),
        sa.Column("look_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("unreachable_since", sa.Date(), nullable=True),
        sa.CheckConstraint("mode IN ('on', 'quieter', 'off')", name=op.f("ck_recipient_mode")),
        sa.CheckConstraint(
            "starts >= 0 AND starts < ends AND ends < 1440", name=op.f("ck_recipient_hours")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_recipient")),
    )
    op.create_index(op.f("ix_recipient_look_at"), "recipient", ["look_at"])

    op.create_table(
        "reminded",
        sa.Column("task", sqltypes.AutoString(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sqltypes.AutoString(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("task", "person_id", "kind", "day", name=op.f("pk_reminded")),
        sa.UniqueConstraint(
            "task", "person_id", "day", "number", name=op.f("uq_reminded_task_person_id_day_number")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_reminded_person_id_day"), "reminded", ["person_id", "day"])

    op.create_table(
        "task",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("internal", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("work", sqltypes.AutoString(), nullable=True),
        sa.Column(
            "work_history", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint("internal IS NULL OR internal <= deadline", name=op.f("ck_task_dates")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_task_report_id_report")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_deadline"), "task", ["deadline"])

    op.create_table(
        "assignment",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["task.report_id"], name=op.f("fk_assignment_report_id_task")
        ),
        sa.PrimaryKeyConstraint("report_id", "section", name=op.f("pk_assignment")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "nudge",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["task.report_id"], name=op.f("fk_nudge_report_id_task")
        ),
        sa.PrimaryKeyConstraint("person_id", "report_id", "at", name=op.f("pk_nudge")),
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
        sa.column("report_id", sa.Integer),
        sa.column("deadline", sa.Date),
        sa.column("withdrawn", sa.Boolean),
        sa.column("since", sa.Date),
    )
    found = link.execute(
        sa.select(report.c.id, report.c.year).where(
            report.c.year >= today.year - 1,
            report.c.organ_id.in_(sa.select(member.c.organ_id).where(works)),
        )
    ).all()
    for id_, year in found:
        link.execute(
            task.insert().values(
                report_id=id_,
                deadline=date(year + 1, 1, 31),
                withdrawn=False,
                since=today + timedelta(days=1),
            )
        )
    recipient = sa.table(
        "recipient",
        *map(sa.column, ("person_id", "mode", "starts", "ends", "zone")),
        sa.column("snooze_again", sa.Boolean),
        sa.column("everything", sa.Boolean),
        sa.column("look_at", sqltypes.UTCDateTime),
    )
    people = link.execute(
        sa.select(member.c.person_id).where(member.c.left_at.is_(None)).distinct()
    ).all()
    for (person,) in people:
        link.execute(
            recipient.insert().values(
                person_id=person,
                mode="on",
                starts=540,
                ends=1080,
                zone="Asia/Shanghai",
                snooze_again=False,
                everything=False,
                look_at=datetime(2000, 1, 1, tzinfo=UTC),
            )
        )
