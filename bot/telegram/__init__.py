"""The Telegram door: how updates come in and replies go out."""

import os

# The library's coming behaviour: times as `timedelta`. Without it every 429 warns.
os.environ.setdefault("PTB_TIMEDELTA", "true")
