"""Organs as those see them who collect: contacts, ends, files, counts, corrections, outliers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0012_county"
down_revision = "0011_sign_off"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Organs that stand are open and say nothing more; reports that stand were answered here."""
    _organs()
    _reports()
    op.add_column("task", _text("reason"))
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount", sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name="fk_correction_organ_id_organ"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_organ_id_year", "correction", ["organ_id", "year"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sqltypes.AutoString(), server_default=sa.text("''"), nullable=False)


def _organs() -> None:
    op.add_column("organ", sa.Column("level", sqltypes.AutoString(), nullable=True))
    op.add_column("organ", _text("contact"))
    op.add_column("organ", _text("phone"))
    op.add_column("organ", sa.Column("closed_at", sqltypes.UTCDateTime(), nullable=True))
    # In one breath: SQLite adds a foreign key to a table that others point to in no other way.
    op.execute(
        "ALTER TABLE organ ADD COLUMN merged_into INTEGER"
        " CONSTRAINT fk_organ_merged_into_organ REFERENCES organ (id)"
    )
    op.create_table(
        "organ_record",
        sa.Column("id", LONG, nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("what", sqltypes.AutoString(), nullable=False),
        sa.Column("before", sqltypes.AutoString(), nullable=False),
        sa.Column("after", sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name="fk_organ_record_organ_id_organ"),
        sa.PrimaryKeyConstraint("id", name="pk_organ_record"),
    )
    op.create_index("ix_organ_record_organ_id_id", "organ_record", ["organ_id", "id"])


def _reports() -> None:
    op.execute(
        "ALTER TABLE report ADD COLUMN source VARCHAR DEFAULT 'bot' NOT NULL"
        " CONSTRAINT ck_report_source CHECK (source IN ('bot', 'file'))"
    )
    op.add_column("report", sa.Column("named", sqltypes.AutoString(), nullable=True))
    op.create_table(
        "collected",
        sa.Column("id", LONG, nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("note", sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_collected_report_id_report"),
        sa.PrimaryKeyConstraint("id", name="pk_collected"),
    )
    op.create_index("ix_collected_report_id_id", "collected", ["report_id", "id"])
    op.create_table(
        "counted",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("mark", sqltypes.AutoString(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("unexplained", sa.Integer(), nullable=False),
        sa.Column("explained", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_counted_report_id_report"),
        sa.PrimaryKeyConstraint("report_id", name="pk_counted"),
    )
    op.create_table(
        "standout",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", sqltypes.AutoString(), nullable=False),
        sa.Column("middle", sqltypes.AutoString(), nullable=False),
        sa.Column("low", sqltypes.AutoString(), nullable=False),
        sa.Column("high", sqltypes.AutoString(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last", sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_standout_report_id_report"),
        sa.PrimaryKeyConstraint("report_id", "number", name="pk_standout"),
        sqlite_with_rowid=False,
    )
