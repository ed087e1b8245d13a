"""What a task asks for beyond the statutory form."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_notices"
down_revision = "0009_reasons_withdrawn"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tasks that stand ask for nothing more."""
    op.add_column("task", sa.Column("notice", sa.String(), nullable=True))
