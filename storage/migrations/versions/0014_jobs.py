"""Long work as jobs of procrastinate, on PostgreSQL alone; an index of what has failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014_jobs"
down_revision = "0013_templates"
branch_labels = None
depends_on = None

SCHEMA = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """What waits already gets its job from the first process that looks around."""
    failed = sa.text("state = 3 AND payload <> ''")
    op.create_index(
        "ix_outgoing_failed",
        "outgoing",
        ["id"],
        sqlite_where=failed,
        postgresql_where=failed,
    )
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    # Many statements at once, with % signs: as the driver takes them, within our transaction.
    driver: Any = connection.connection.driver_connection
    driver.execute(SCHEMA.read_text(encoding="utf-8"))
