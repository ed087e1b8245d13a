"""
The chain of a report's history: each row carries a hash over itself and the row before.

Who changes, removes or inserts a row with the tools of the database cannot keep the hashes
after it right without computing them all anew, and what a report holds now must be what its
history ends with. The encoding is for ever, as old rows were hashed by it: a JSON list
without blanks and in ASCII of

    the hash of the row before in this report ("" for the first), the report's id, the number
    of the item, before, after, by, at, door

where `at` is in UTC with six digits after the second and NULL is null; of that SHA-256 in
hexadecimal digits. `by` is a key of ours, never Telegram's number or a name: somebody can be
forgotten without breaking it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

_encode = json.JSONEncoder(separators=(",", ":")).encode

FIRST = ""  # what the first row of a report has for the hash of the row before


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
