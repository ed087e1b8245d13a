"""Sign-off: steps, documents, remarks; organs above organs; roles beside each other, parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0011_sign_off"
down_revision = "0010_notices"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Reports that stand are open, organs have none above them, members one role and all parts."""
    op.create_table(
        "sign_off",
        sa.Column("id", LONG, nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("deed", sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("door", sqltypes.AutoString(), nullable=False),
        sa.Column("history", LONG, nullable=False),
        sa.Column("fingerprint", sqltypes.AutoString(), nullable=False),
        sa.Column("note", sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_sign_off_report_id_report"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_off"),
    )
    op.create_index("ix_sign_off_report_id_id", "sign_off", ["report_id", "id"])
    op.create_table(
        "version",
        sa.Column("sign_off_id", LONG, autoincrement=False, nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sign_off_id"], ["sign_off.id"], name="fk_version_sign_off_id_sign_off"
        ),
        sa.PrimaryKeyConstraint("sign_off_id", name="pk_version"),
    )
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("quote", sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqltypes.AutoString(), nullable=False),
        sa.Column("before", sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("returned", LONG, nullable=True),
        sa.Column("answer", sqltypes.AutoString(), nullable=False),
        sa.Column("settled_at", sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_remark_text")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_remark_report_id_report"),
        sa.ForeignKeyConstraint(["returned"], ["sign_off.id"], name="fk_remark_returned_sign_off"),
        sa.PrimaryKeyConstraint("id", name="pk_remark"),
    )
    op.create_index("ix_remark_report_id", "remark", ["report_id"])
    op.create_table(
        "postponed",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sign_off_id", LONG, autoincrement=False, nullable=False),
        sa.Column("due", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sign_off_id"], ["sign_off.id"], name="fk_postponed_sign_off_id_sign_off"
        ),
        sa.PrimaryKeyConstraint("person_id", "sign_off_id", name="pk_postponed"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_postponed_due", "postponed", ["due"])
    op.add_column("invitation", sa.Column("sections", sqltypes.AutoString(), nullable=True))
    # In one breath: SQLite adds a foreign key to a table that others point to in no other way.
    op.execute(
        "ALTER TABLE organ ADD COLUMN parent_id INTEGER"
        " CONSTRAINT fk_organ_parent_id_organ REFERENCES organ (id)"
    )
    op.create_index("ix_organ_parent_id", "organ", ["parent_id"])
    _several_roles()


def _several_roles() -> None:
    """The role belongs to the key of a membership."""
    key = ["person_id", "organ_id", "role"]
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("member", sa.Column("sections", sqltypes.AutoString(), nullable=True))
        op.drop_constraint("pk_member", "member")
        op.create_primary_key("pk_member", "member", key)
        return
    op.rename_table("member", "member_before")
    op.drop_index("ix_member_organ_id", "member_before")
    op.create_table(
        "member",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("role", sqltypes.AutoString(), nullable=False),
        sa.Column("joined_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("left_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("sections", sqltypes.AutoString(), nullable=True),
        sa.CheckConstraint(
            "role IN ('clerk', 'leader', 'administrator')", name=op.f("ck_member_role")
        ),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name="fk_member_organ_id_organ"),
        sa.PrimaryKeyConstraint(*key, name="pk_member"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO member (person_id, organ_id, role, joined_at, left_at)"
        " SELECT person_id, organ_id, role, joined_at, left_at FROM member_before"
    )
    op.drop_table("member_before")
    op.create_index("ix_member_organ_id", "member", ["organ_id"])
