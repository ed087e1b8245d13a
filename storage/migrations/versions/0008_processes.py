"""Whose a message is to send; indexes of what is open, by chat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0008_processes"
down_revision = "0007_attempts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was left before is nobody's: the first process takes it over."""
    op.create_table(
        "process",
        sa.Column("id", sqltypes.AutoString(), nullable=False),
        sa.Column("beat", sa.Integer(), nullable=False),
        sa.Column("polls", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
    )
    op.add_column("outgoing", sa.Column("process", sqltypes.AutoString(), nullable=True))
    op.drop_index("ix_incoming_waiting", "incoming")
    op.drop_index("ix_outgoing_unsent", "outgoing")
    _index("ix_incoming_waiting", "incoming", ["chat", "update_id"], "state = 0")
    _index("ix_outgoing_unsent", "outgoing", ["chat", "id"], "state <= 1")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
