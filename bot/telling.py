"""Messages to people other than the sender of the update, stored in its transaction."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from storage.messages import Message, Messages
from storage.unit import Unit


def tell(unit: Unit, person: int, payload: dict[str, Any], now: datetime) -> Message:
    """Store a message to a person; the caller passes it on to be sent."""
    text = json.dumps(payload, separators=(",", ":"))
    return Messages(unit).say(person, "sendMessage", text, None, now, payload)
