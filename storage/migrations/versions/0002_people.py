"""People, members and invitations; updates come in and messages go out through rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

from storage.tables import LONG

revision = "0002_people"
down_revision = "0001_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the Telegram door."""
    op.create_table(
        "incoming",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("body", sqltypes.AutoString(), nullable=False),
        sa.Column("received_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.CheckConstraint("state BETWEEN 0 AND 2", name="state"),
        sa.Index(None, "state", "update_id"),
    )

    op.create_table(
        "outgoing",
        sa.Column("id", LONG, primary_key=True),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("method", sqltypes.AutoString(), nullable=False),
        sa.Column("payload", sqltypes.AutoString(), nullable=False),
        sa.Column("file", sa.LargeBinary()),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.CheckConstraint("state BETWEEN 0 AND 3", name="state"),
        sa.Index(None, "state", "id"),
    )

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token_hash", sqltypes.AutoString(), nullable=False),
        sa.Column("organ_id", sa.Integer(), sa.ForeignKey("organ.id"), nullable=False),
        sa.Column("role", sqltypes.AutoString(), nullable=False),
        sa.Column("created_by", sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("bound_to", sa.BigInteger()),
        sa.Column("used_at", sqltypes.UTCDateTime()),
        sa.CheckConstraint("role IN ('clerk', 'leader', 'administrator')", name="role"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_table(
        "member",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("organ_id", sa.Integer(), sa.ForeignKey("organ.id"), primary_key=True),
        sa.Column("role", sqltypes.AutoString(), nullable=False),
        sa.Column("joined_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("left_at", sqltypes.UTCDateTime()),
        sa.CheckConstraint("role IN ('clerk', 'leader', 'administrator')", name="role"),
        sa.Index(None, "organ_id"),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("report.id")),
        sa.Column("organ_id", sa.Integer(), sa.ForeignKey("organ.id")),
        sa.Column("card", sa.BigInteger()),
        sa.Column("contents", sa.BigInteger()),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("told_at", sqltypes.UTCDateTime()),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
    )
    op.create_table(
        "shown",
        sa.Column("chat", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("report.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
