"""Each row of the history carries a hash over itself and the row before; none is replaced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

from storage.chain import FIRST, link
from storage.migrations.history import REFUSE, unlocked_history

revision = "0006_chain"
down_revision = "0005_cards"
branch_labels = None
depends_on = None

HISTORY = sa.table(
    "history",
    sa.column("id", sa.BigInteger),
    sa.column("report_id", sa.Integer),
    sa.column("number", sa.Integer),
    sa.column("at", sqltypes.UTCDateTime()),
    *(sa.column(name, sa.Text) for name in ("before", "after", "by", "door", "hash")),
)

REPORTS = sa.select(HISTORY.c.report_id).distinct().order_by(HISTORY.c.report_id)


def upgrade() -> None:
    """Begin the chain of every report, while the history may be altered for once."""
    op.add_column(
        "history", sa.Column("hash", sqltypes.AutoString(), nullable=False, server_default="")
    )
    with unlocked_history():
        for report_id in op.get_bind().scalars(REPORTS).all():
            _begin(report_id)
    if op.get_bind().dialect.name == "sqlite":
        # INSERT OR REPLACE takes a row away without asking the trigger for DELETE.
        there = "EXISTS (SELECT 1 FROM history WHERE id = NEW.id)"
        op.execute(
            f"CREATE TRIGGER history_no_replace BEFORE INSERT ON history WHEN {there} {REFUSE}"
        )


def _begin(report_id: int) -> None:
    """The hashes of one report's rows."""
    columns = HISTORY.c
    names = ("id", "number", "before", "after", "by", "at", "door")
    rows = op.get_bind().execute(
        sa.select(*columns[names]).where(columns.report_id == report_id).order_by(columns.id)
    )
    previous = FIRST
    links = []
    for id_, number, before, after, by, at, door in rows:
        previous = link(previous, report_id, number, before, after, by, at, door)
        links.append({"row": id_, "link": previous})
    op.get_bind().execute(
        sa.update(HISTORY)
        .where(columns.id == sa.bindparam("row"))
        .values(hash=sa.bindparam("link")),
        links,
    )
