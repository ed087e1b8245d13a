"""People, members and invitations; updates come in and messages go out through rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0002_people"
down_revision = "0001_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the Telegram door."""
    op.create_table(
        "incoming",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("body", sqltypes.AutoString(), nullable=False),
        sa.Column("received_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.CheckConstraint("state BETWEEN 0 AND 2", name=op.f("ck_incoming_state")),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_incoming")),
    )
    op.create_index(op.f("ix_incoming_state_update_id"), "incoming", ["state", "update_id"])

    op.create_table(
        "outgoing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("method", sqltypes.AutoString(), nullable=False),
        sa.Column("payload", sqltypes.AutoString(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state BETWEEN 0 AND 3", name=op.f("ck_outgoing_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
    )
    op.create_index(op.f("ix_outgoing_state_id"), "outgoing", ["state", "id"])

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sqltypes.AutoString(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("role", sqltypes.AutoString(), nullable=False),
        sa.Column("created_by", sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("bound_to", sa.BigInteger(), nullable=True),
        sa.Column("used_at", sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "role IN ('clerk', 'leader', 'administrator')", name=op.f("ck_invitation_role")
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"], ["organ.id"], name=op.f("fk_invitation_organ_id_organ")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_table(
        "member",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("role", sqltypes.AutoString(), nullable=False),
        sa.Column("joined_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("left_at", sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "role IN ('clerk', 'leader', 'administrator')", name=op.f("ck_member_role")
        ),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_member_organ_id_organ")),
        sa.PrimaryKeyConstraint("person_id", "organ_id", name=op.f("pk_member")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_member_organ_id"), "member", ["organ_id"])

    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.Column("card", sa.BigInteger(), nullable=True),
        sa.Column("contents", sa.BigInteger(), nullable=True),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("told_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name=op.f("fk_person_organ_id_organ")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_person_report_id_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "shown",
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_shown_report_id_report")
        ),
        sa.PrimaryKeyConstraint("chat", "message_id", name=op.f("pk_shown")),
        sqlite_with_rowid=False,
    )
