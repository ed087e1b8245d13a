"""
The chain of a report's history: each row has a hash over itself and the row before.

Editing a row directly in the database breaks every later hash unless all are recomputed; and the
present answers must be what the history ends with. The encoding can never change, because stored
rows were hashed with it: the SHA-256, in hexadecimal digits, of an ASCII JSON list without spaces
of

    the hash of the row before in this report ("" for the first), the report's id, the number
    of the item, before, after, by, at, door

where `at` is in UTC with six digits after the second and NULL is null. `by` is a key of ours, never
Telegram's number or a name, so a person can be forgotten without breaking the chain.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

_encode = json.JSONEncoder(separators=(",", ":")).encode

FIRST = ""  # the hash before the first row of a report


def link(
    previous: str,
    report_id: int,
    number: int,
    before: str | None,
    after: str | None,
    by: str,
    at: datetime,
    door: str,
) -> str:
    """The hash of one row of the history."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [previous, report_id, number, before, after, by, moment, door]
    return hashlib.sha256(_encode(content).encode()).hexdigest()
