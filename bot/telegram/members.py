"""
Who belongs to which organ: invitations, the choice among several, the administrators'
commands.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot import handle as desk
from bot.telegram import tasks
from bot.telegram.incoming import Came
from bot.telegram.screen import Call, pieces, prefix_of
from conversations.form.organ import is_organ_name
from conversations.talk.effects import Tone
from conversations.talk.events import Commanded, Opened
from conversations.wording import door as words
from conversations.wording import talk as wording
from storage.people import Invited, People, Screen
from storage.reports import Unit

if TYPE_CHECKING:
    from bot.telegram.turn import Turn

INVITATION_DAYS = 7
BUTTONS = 40  # organs and years offered to choose from
MOST_ORGANS = 100  # listed for an administrator


def is_of(turn: Turn, screen: Screen, organ_id: int) -> bool:
    """Whether a person may work on an organ's reports."""
    return screen.person in turn.intake.admins or any(
        one.organ_id == organ_id for one in screen.member
    )


# ---------------------------------------------------------------- invitations


def invite(unit: Unit, username: str, organ: str, role: str, by: str, now: datetime) -> str:
    """Make an invitation and give its link; only the token's hash is kept."""
    people = People(unit)
    token = secrets.token_urlsafe(18)
    organ_id = people.organ(organ, now)
    people.invite(token, organ_id, role, by, now, now + timedelta(days=INVITATION_DAYS))
    return f"https://t.me/{username}?start={token}"


def invited(turn: Turn, came: Came, token: str) -> None:
    """An invitation was opened: say what it joins, and ask."""
    person, now = came.person, turn.clock.now
    found = turn.people.invitation(token)
    if found is None or not _is_good(turn, found, person):
        screen = turn.people.begin(person, now, came.name)
        mine = [one for one in screen.member if found and one.organ_id == found.organ_id]
        if mine:
            role = words.ROLES[mine[0].role]
            turn.say(person, words.ALREADY_MEMBER.format(organ=mine[0].organ, role=role))
            turn.machine(screen, Opened())
        elif turn.intake.may_be_told(person, now):
            turn.send(person, Call("sendMessage", {"text": words.INVITATION_BAD, "low": True}))
        return
    turn.people.begin(person, now, came.name)
    # From now on it is this person's: the button need not carry the token.
    turn.people.bind(found.id, person)
    payload = {
        "text": words.join(found.organ, found.role),
        "buttons": [[[f"j:{found.id}", words.JOIN, Tone.GO.value]]],
    }
    turn.send(person, Call("sendMessage", payload))


def _is_good(turn: Turn, found: Invited, person: int) -> bool:
    return (
        found.used_at is None
        and found.expires_at > turn.clock.now
        and found.bound_to in (None, person)
    )


def joined(turn: Turn, came: Came, rest: str) -> None:
    """「加入」 was tapped; only the person whose invitation it is can do so."""
    person, now = came.person, turn.clock.now
    found = None
    if rest.isascii() and rest.isdigit() and len(rest) < 18:
        found = turn.people.invitation(int(rest))
    if found is None or found.bound_to != person:
        turn.who(came)
        turn.answer(came, "", known=False)
        return
    screen = turn.people.begin(person, now, came.name)
    if found.used_at is not None and any(o.organ_id == found.organ_id for o in screen.member):
        turn.answer(came, wording.ALREADY)
        return
    if not _is_good(turn, found, person) or not turn.people.use(found.id, person, now):
        turn.answer(came, words.INVITATION_BAD)
        return
    turn.people.join(person, found.organ_id, found.role, now)
    tasks.joined(turn, person)
    text = words.JOINED.format(organ=found.organ, role=words.ROLES[found.role])
    turn.answer(came, text)
    turn.say(person, text)
    if found.role == "administrator":
        turn.job.menus.append(person)
    screen = turn.look_at(screen, None, found.organ_id)
    turn.machine(screen, Opened())


# ------------------------------------------------------------------- choosing


def choose(turn: Turn, screen: Screen) -> None:
    """Several organs: which one?"""
    rows = [[[f"g:{one.organ_id}", one.organ[:60], ""]] for one in screen.member[:BUTTONS]]
    text = words.CHOOSE_ORGAN if rows else words.ADMIN_HELP
    turn.send(screen.person, Call("sendMessage", {"text": text, "buttons": rows}))


def switch(turn: Turn, screen: Screen) -> None:
    """Choose another organ or year."""
    rows: list[list[list[str]]] = []
    for one in screen.member[: BUTTONS // 2]:
        for year in turn.unit.years(one.organ)[-3:]:
            report_id = turn.unit.find_report(one.organ, year)
            label = f"{one.organ} {year}年度"
            mark = "✓ " if report_id == screen.report_id else ""
            rows.append([[f"{prefix_of(report_id)}show", f"{mark}{label}"[:60], ""]])
        rows.append([[f"g:{one.organ_id}", f"{one.organ}：其他年度"[:60], ""]])
    text = words.CHOOSE_REPORT if rows else words.ADMIN_HELP
    turn.send(screen.person, Call("sendMessage", {"text": text, "buttons": rows[:BUTTONS]}))


def choose_organ(turn: Turn, screen: Screen, organ_id: int) -> None:
    """An organ was chosen: now its year."""
    if not is_of(turn, screen, organ_id):
        turn.say(screen.person, words.NO_ACCESS)
        return
    turn.machine(turn.look_at(screen, None, organ_id), Opened())


# ------------------------------------------------------------------- commands


def command(turn: Turn, screen: Screen, event: Commanded) -> bool:
    """Commands of the door itself; false for those of the conversation."""
    person = screen.person
    everywhere = person in turn.intake.admins
    somewhere = turn.is_administrator(screen)
    if event.name == "switch":
        switch(turn, screen)
    elif event.name == "invite" and somewhere:
        _invite(turn, screen, event.argument)
    elif event.name == "organs" and somewhere:
        _organs(turn, screen)
    elif event.name == "organ" and everywhere:
        name = "".join(event.argument.split())
        if not is_organ_name(name):
            turn.say(person, words.ADMIN_HELP)
        else:
            choose_organ(turn, screen, turn.people.organ(name, turn.clock.now))
    elif event.name == "help" and everywhere:
        turn.say(person, words.ADMIN_HELP)
        return screen.report_id is None
    else:
        return False
    return True


def _invite(turn: Turn, screen: Screen, argument: str) -> None:
    """A link for a new clerk."""
    name = "".join(argument.split())
    mine = {one.organ for one in screen.member if one.role == "administrator"}
    if not name and len(mine) == 1:
        name = next(iter(mine))
    if not is_organ_name(name):
        turn.say(screen.person, words.INVITE_USAGE)
        return
    if screen.person not in turn.intake.admins and name not in mine:
        turn.say(screen.person, words.NO_ACCESS)
        return
    by, now = str(screen.person), turn.clock.now
    link = invite(turn.unit, turn.intake.username, name, "clerk", by, now)
    text = words.INVITED.format(organ=name, role=words.ROLES["clerk"], link=link)
    turn.say(screen.person, text)


def _organs(turn: Turn, screen: Screen) -> None:
    """How far each organ is."""
    if screen.person in turn.intake.admins:
        names: Sequence[str] = turn.unit.organs()
    else:
        names = [one.organ for one in screen.member if one.role == "administrator"]
    lines = []
    for name in names[:MOST_ORGANS]:
        for year in turn.unit.years(name)[-2:]:
            report_id = turn.unit.find_report(name, year)
            assert report_id is not None
            stored = turn.unit.load(report_id, str(screen.person))
            session = desk.session_of(turn.unit, stored, str(screen.person), turn.clock)
            form = session.form
            total = len(form.asked) + len(form.balance) + len(form.narratives)
            final = session.final and not session.changed
            lines.append(words.organ_line(name, year, total - len(session.gaps), total, final))
    if len(names) > MOST_ORGANS:
        lines.append(words.MORE_ORGANS.format(count=len(names), shown=MOST_ORGANS))
    for piece in pieces("\n".join(lines) or words.NO_ORGANS):
        turn.say(screen.person, piece)
