"""How often reading what an outgoing row fetches has begun."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_attempts"
down_revision = "0006_chain"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows that wait have not been tried as far as anybody knows."""
    op.add_column(
        "outgoing", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0")
    )
