"""The checks of both editions, as data over their rows and columns."""

from __future__ import annotations

from conversations.checks import Check

CHECKS: tuple[Check, ...] = ()
CHECKS_2019: tuple[Check, ...] = ()
