"""A short mark of a report's whole content, by which an approval names its version."""

from __future__ import annotations

import hashlib
import json

from conversations.form.answers import Answers
from conversations.form.local_notice import UNPRINTED
from conversations.form.numbers import NUMBERS
from conversations.form.texts import written

LENGTH = 8  # hexadecimal digits: one in four thousand million by chance


def fingerprint(organ: str, year: int, edition: str, answers: Answers) -> str:
    """
    The mark of a report's figures and texts, written `3F7A-92C1`.

    Two reports of the same organ, year and edition have the same mark only if every printed answer
    is the same. Answers in no document (the organ's level, figures of a local notice) and blank
    texts do not count.
    """
    values = sorted(
        (NUMBERS[item], value if isinstance(value, str) else written(item, value))
        for item, value in answers.items()
        if item not in UNPRINTED and not (isinstance(value, str) and not value.strip())
    )
    said = json.dumps([organ, year, edition, values], separators=(",", ":"))
    mark = hashlib.sha256(said.encode()).hexdigest()[:LENGTH].upper()
    return f"{mark[:4]}-{mark[4:]}"


def mark_of(fingerprint: str) -> str:
    """A fingerprint as in the ids of buttons: `3f7a92c1`."""
    return fingerprint.replace("-", "").lower()
