"""Organs, reports, answers and their history, explanations, conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

from storage.migrations.history import REFUSE
from storage.tables import LONG

revision = "0001_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables; the history refuses to be altered."""
    op.create_table(
        "organ",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("created", sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name="name"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("organ_id", sa.Integer(), sa.ForeignKey("organ.id"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("edition", sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("final_history", LONG),
        sa.Column("final_at", sqltypes.UTCDateTime()),
        sa.CheckConstraint("(final_history IS NULL) = (final_at IS NULL)", name="final"),
        sa.CheckConstraint("length(edition) > 0", name="edition"),
        sa.CheckConstraint("year BETWEEN 1900 AND 2999", name="year"),
        sa.UniqueConstraint("organ_id", "year"),
    )
    op.create_table(
        "answer",
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("report.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("value", sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("number > 0", name="number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "conversation",
        sa.Column("person", sqltypes.AutoString(), primary_key=True),
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("report.id"), primary_key=True),
        sa.Column("place", sqltypes.AutoString(), nullable=False),
        sa.Column("updated_at", sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("length(person) > 0", name="person"),
        sa.Index(None, "person", "updated_at"),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "explanation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("report.id"), nullable=False),
        sa.Column("check_id", sqltypes.AutoString(), nullable=False),
        sa.Column("cells", sqltypes.AutoString(), nullable=False),
        sa.Column("key", sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("length(text) > 0", name="text"),
        sa.Index(None, "report_id"),
    )

    op.create_table(
        "history",
        sa.Column("id", LONG, primary_key=True),
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("report.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", sqltypes.AutoString()),
        sa.Column("after", sqltypes.AutoString()),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("door", sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "(before IS NOT NULL OR after IS NOT NULL)"
            " AND (before IS NULL OR after IS NULL OR before <> after)",
            name="change",
        ),
        sa.CheckConstraint("number > 0", name="number"),
        sa.Index(None, "report_id", "id"),
    )

    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            name = f"history_no_{change.lower()}"
            op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON history {REFUSE}")
    else:
        op.execute(
            "CREATE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'the history is never altered' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(
            "CREATE TRIGGER history_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON history "
            "FOR EACH STATEMENT EXECUTE FUNCTION history_refuse()"
        )
