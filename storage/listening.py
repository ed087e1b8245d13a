"""
Notices between processes: NOTIFY and LISTEN of PostgreSQL.

A notice is sent when its transaction commits. It holds no stored data: only the sender, its kind,
and a few numbers. A process that misses a notice is no worse off than on SQLite, which has none:
every process looks each second anyway.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from storage.databases import Postgres
from storage.store import Store

LOOK = "look"  # there is something to send, take over or announce
UPDATES_WAIT = "updates"  # an update waits for any free process

AGAIN_AFTER = 1.0  # seconds until a lost connection is made again

Heard = Callable[[str, str], None]


class Listening:
    """The connection on which a process hears the others; a lost one is made again."""

    def __init__(self, store: Store, heard: Heard) -> None:
        """`heard` is called with who says what; with "" if a notice may have been missed."""
        self.store = store
        self.heard = heard
        self.hears = False

    async def run(self) -> None:
        """Listen until cancelled."""
        database = self.store.database
        if not isinstance(database, Postgres):
            return
        import psycopg

        while True:
            try:
                async with database.listening() as notices:
                    self.hears = True
                    self.heard("", LOOK)
                    async for notice in notices:
                        who, _, what = notice.payload.partition(" ")
                        self.heard(who, what)
            except psycopg.Error:
                pass  # the next use of the store reports it
            finally:
                self.hears = False
            await asyncio.sleep(AGAIN_AFTER)
