"""The organs that an administrator invites together: those below without a clerk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from conversations.county.status import CountyOrgan


@dataclass(frozen=True, slots=True)
class InvitedOrgan:
    """A new link for an organ, the contact to send it to, and its last day."""

    organ: str
    contact: str
    phone: str
    role: str
    link: str
    until: date


def to_invite(organs: Iterable[CountyOrgan], *, everybody: bool = False) -> tuple[CountyOrgan, ...]:
    """
    The open organs without a clerk, except those that need not report this year.

    `everybody`: all open organs.
    """
    return tuple(
        organ
        for organ in organs
        if not organ.closed and (everybody or (not organ.joined and organ.counts_in))
    )
