"""A message to somebody who has not just spoken, decided in the transaction of what it tells."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from storage.messages import Message, Messages
from storage.unit import Unit


def tell(unit: Unit, person: int, payload: dict[str, Any], now: datetime) -> Message:
    """Say something to a person; whoever has the sending adds it to what is to be sent."""
    text = json.dumps(payload, separators=(",", ":"))
    return Messages(unit).say(person, "sendMessage", text, None, now, payload)
