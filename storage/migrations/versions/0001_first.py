"""Organs, reports, answers and their history, explanations, conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0001_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables; the history refuses to be altered."""
    op.create_table(
        "organ",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("created", sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_organ_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organ")),
        sa.UniqueConstraint("name", name=op.f("uq_organ_name")),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("edition", sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "final_history", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("final_at", sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(final_history IS NULL) = (final_at IS NULL)", name=op.f("ck_report_final")
        ),
        sa.CheckConstraint("length(edition) > 0", name=op.f("ck_report_edition")),
        sa.CheckConstraint("year BETWEEN 1900 AND 2999", name=op.f("ck_report_year")),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_report_organ_id_organ")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("organ_id", "year", name=op.f("uq_report_organ_id_year")),
    )
    op.create_table(
        "answer",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_answer_number")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_answer_report_id_report")
        ),
        sa.PrimaryKeyConstraint("report_id", "number", name=op.f("pk_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "conversation",
        sa.Column("person", sqltypes.AutoString(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("place", sqltypes.AutoString(), nullable=False),
        sa.Column("updated_at", sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("length(person) > 0", name=op.f("ck_conversation_person")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_conversation_report_id_report")
        ),
        sa.PrimaryKeyConstraint("person", "report_id", name=op.f("pk_conversation")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_conversation_person_updated_at"), "conversation", ["person", "updated_at"]
    )

    op.create_table(
        "explanation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("check_id", sqltypes.AutoString(), nullable=False),
        sa.Column("cells", sqltypes.AutoString(), nullable=False),
        sa.Column("key", sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_explanation_text")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_explanation_report_id_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explanation")),
    )
    op.create_index(op.f("ix_explanation_report_id"), "explanation", ["report_id"])

    op.create_table(
        "history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", sqltypes.AutoString(), nullable=True),
        sa.Column("after", sqltypes.AutoString(), nullable=True),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("door", sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "(before IS NOT NULL OR after IS NOT NULL)"
            " AND (before IS NULL OR after IS NULL OR before <> after)",
            name=op.f("ck_history_change"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_history_number")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_history_report_id_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    op.create_index(op.f("ix_history_report_id_id"), "history", ["report_id", "id"])

    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER history_no_{change.lower()} BEFORE {change} ON history "
                f"BEGIN SELECT RAISE(ABORT, 'the history is never altered'); END"
            )
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
