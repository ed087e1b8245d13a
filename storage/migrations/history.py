"""The history refuses to be altered; this lets a migration alter it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op

REFUSE = "BEGIN SELECT RAISE(ABORT, 'the history is never altered'); END"  # SQLite


@contextmanager
def unlocked_history() -> Iterator[None]:
    """Let the history be written to; afterwards it refuses as before."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER history_no_update")
        yield
        op.execute(f"CREATE TRIGGER history_no_update BEFORE UPDATE ON history {REFUSE}")
    else:
        op.execute("ALTER TABLE history DISABLE TRIGGER history_no_change")
        yield
        op.execute("ALTER TABLE history ENABLE TRIGGER history_no_change")
