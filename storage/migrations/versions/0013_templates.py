"""An organ's own Word template, kept with its history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0013_templates"
down_revision = "0012_county"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No organ has one; that of the whole store goes on lying in the data folder."""
    op.create_table(
        "template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ended_by", sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["organ_id"], ["organ.id"], name="fk_template_organ_id_organ"),
        sa.PrimaryKeyConstraint("id", name="pk_template"),
    )
    op.create_index("ix_template_organ_id_id", "template", ["organ_id", "id"])
