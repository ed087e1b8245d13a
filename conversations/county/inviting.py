"""Whom an administrator invites in one go: the organs below that nobody has joined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from conversations.county.status import CountyOrgan


@dataclass(frozen=True, slots=True)
class InvitedOrgan:
    """A fresh link for somebody of an organ, whom to send it to, and its last day."""

    organ: str
    contact: str
    phone: str
    role: str
    link: str
    until: date


def to_invite(organs: Iterable[CountyOrgan], *, everybody: bool = False) -> tuple[CountyOrgan, ...]:
    """
    The open organs that have no clerk; not those that need not report this year.

    `everybody`: every open organ.
    """
    return tuple(
        organ
        for organ in organs
        if not organ.closed and (everybody or (not organ.joined and organ.counts_in))
    )
