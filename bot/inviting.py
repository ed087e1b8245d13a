"""Makes an invitation in one transaction: a link that lets one person into one organ, once."""

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
    Make an invitation and return its link; only the token's hash is stored.

    The organ's work on the year begins with it; with `year` 0, the usual year if there is one. `by`
    is the key of the inviter, or the name of a door. `replaces` is the key of a member whose new
    account is invited. `sections` (`sections_of`) are those that a helper may write in.
    """
    people = People(unit)
    if replaces is None and (year := year or memberships.work_year(unit, organ, now)):
        memberships.begin_work(unit, organ, year, now)
    token = new_code()
    organ_id = unit.organ(organ, now)
    until = now + timedelta(days=INVITATION_DAYS)
    people.invite(token, organ_id, role, by, now, until, replaces, sections)
    return f"https://t.me/{username}?start={token}"
