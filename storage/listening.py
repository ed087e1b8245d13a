"""
What one process tells the others at once: NOTIFY and LISTEN of PostgreSQL.

A notice goes out when the transaction commits in which it was told. It holds nothing of what is
stored: who tells it, what kind it is, and at most some numbers. Who misses a notice is no worse
off than on SQLite, which has nothing of the kind: they look by themselves each second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from storage.databases import Postgres
from storage.store import Store

LOOK = "look"  # something is to be seen: to send, to take over, to announce
UPDATES_WAIT = "updates"  # an update waits that whoever is free may handle

AGAIN_AFTER = 1.0  # seconds until a lost connection is made again

Heard = Callable[[str, str], None]


class Listening:
    """The connection on which a process hears the others, made again whenever it is lost."""

    def __init__(self, store: Store, heard: Heard) -> None:
        """`heard` is told who says what; "" says that something may have been missed."""
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
                pass  # whoever needs the store says so
            finally:
                self.hears = False
            await asyncio.sleep(AGAIN_AFTER)
