"""A written reason can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_reasons_withdrawn"
down_revision = "0008_processes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Reasons that were written before stand."""
    op.add_column(
        "explanation",
        sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
