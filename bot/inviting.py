"""An invitation, made in one transaction: a link that lets one person into one organ, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import memberships
from bot.telegram.invitation import new_code
from storage.people import People
from storage.unit import Unit

INVITATION_DAYS = 7


def invite(
    unit: Unit,
    username: str,
    organ: str,
    role: str,
    by: str,
    now: datetime,
    replaces: str | None = None,
    year: int = 0,
    sections: str | None = None,
) -> str:
    """
    Make an invitation and give its link; only the token's hash is kept.

    The organ's work on the year begins with it; 0 is the year that need not be asked, if
    there is one. `by` is the key of who invites, or the word of a door; `replaces` that of
    a member for whose new account it is; `sections` (`sections_of`) what a helper may write in.
    """
    people = People(unit)
    if replaces is None and (year := year or memberships.work_year(unit, organ, now)):
        memberships.begin_work(unit, organ, year, now)
    token = new_code()
    organ_id = unit.organ(organ, now)
    until = now + timedelta(days=INVITATION_DAYS)
    people.invite(token, organ_id, role, by, now, until, replaces, sections)
    return f"https://t.me/{username}?start={token}"
