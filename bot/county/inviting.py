"""
Invitations for all organs below one that have no members, in both doors.

Only the hash of a link's token is stored, so no link can be shown again: a new one replaces the
unused ones that the same person has made for the same organ and role.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import memberships
from bot.county.under import named
from bot.files.invitations import as_page, as_workbook
from bot.inviting import INVITATION_DAYS, invite
from bot.reminding.asker import Asker, Reply, SentFile, note
from conversations.answers.short import read_year
from conversations.county.inviting import InvitedOrgan, to_invite
from conversations.county.status import CountyOrgan
from conversations.form.organ import safe_file_name
from conversations.reminders.tasks import newest_year
from conversations.talk.effects import Say
from conversations.wording import county_inviting as wording
from conversations.wording.county import NOT_YOURS
from storage.county import organs_below
from storage.members import Members
from storage.reports import Reader
from storage.unit import Unit

LETTER = wording.LETTER
COMMANDS: frozenset[str] = frozenset()
CLERK = "clerk"
ONE_TAP = timedelta(seconds=10)  # within which two taps are one


@dataclass(frozen=True, slots=True)
class Invited:
    """The new links, and how many older ones they have replaced."""

    organs: tuple[InvitedOrgan, ...]
    revoked: int


def year_to_invite(reader: Reader, under: str, now: datetime) -> int:
    """The year of work for invitations to organs below, if none is named."""
    return memberships.work_year(reader, under, now) or newest_year(now.date())


def invite_organs(
    unit: Unit,
    username: str,
    organs: Iterable[CountyOrgan],
    role: str,
    by: str,
    now: datetime,
    year: int,
) -> Invited:
    """A new link for each of the organs; their work on the year begins with it."""
    members, revoked, made = Members(unit), 0, []
    for organ in organs:
        for older in members.invitations(now, organ.organ_id):
            same = (older.created_by, older.role) == (by, role)
            if same and older.replaces is None and older.sections is None:
                revoked += members.revoke(organ.organ_id, older.id, now)
        link = invite(unit, username, organ.organ, role, by, now, year=year)
        until = (now + timedelta(days=INVITATION_DAYS)).date()
        made.append(InvitedOrgan(organ.organ, organ.contact, organ.phone, role, link, until))
    return Invited(tuple(made), revoked)


# ---- the chat ---------------------------------------------------------------------------------


def offer(asker: Asker) -> Say | None:
    """
    What /invite without a name offers to people who look after organs below; None without any.
    """
    if not (found := asker.access.heads()):
        return None
    year = year_to_invite(asker.unit, found[0][1], asker.now)
    shown = found[: wording.MOST_HEADS]
    waiting = [
        [each.organ for each in to_invite(organs_below(asker.unit, organ_id, year))]
        for organ_id, _ in shown
    ]
    return wording.offer(shown, len(found), year, waiting)


def tapped(asker: Asker, parts: Sequence[str]) -> Reply:
    """The links for all organs without members, as files."""
    match parts:
        case [number, when] if (organ := named(asker, number)) and (year := read_year(when)):
            return _invite(asker, *organ, year)
    return Reply(toast=NOT_YOURS)


def _invite(asker: Asker, organ_id: int, under: str, year: int) -> Reply:
    unit, now = asker.unit, asker.now
    organs = to_invite(organs_below(unit, organ_id, year))
    if not organs:
        return note(wording.ALL_JOINED.format(under=under))
    waiting = Members(unit).invitations(now, organs[0].organ_id)
    if any(i.created_by == asker.key and now - i.created_at < ONE_TAP for i in waiting):
        return Reply(toast=wording.JUST_MADE)
    made = invite_organs(unit, asker.username, organs, CLERK, asker.key, now, year)
    files = (
        SentFile(
            safe_file_name(under, wording.XLSX_NAME),
            as_workbook(made.organs, year),
            wording.XLSX_CAPTION,
        ),
        SentFile(
            safe_file_name(under, wording.PAGE_NAME),
            as_page(made.organs, under, year),
            wording.PAGE_CAPTION,
        ),
    )
    said = note(wording.made(made.organs, year, made.revoked))
    return Reply(said.says, files)
