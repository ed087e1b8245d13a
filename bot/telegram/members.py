"""Memberships: invitations, the choice among several organs, administrators' commands."""

from __future__ import annotations

from bot import handle, memberships, sharing
from bot.button_numbers import read_number
from bot.county import inviting
from bot.inviting import invite
from bot.reminding.asker import Asker
from bot.telegram import invitation as codes
from bot.telegram.incoming import Incoming
from bot.telegram.screen import Call, keyboard, prefix_of
from bot.telegram.talk import BUTTONS, JUST_NOW, Talk
from conversations.answers.figure import ENDS
from conversations.form.organ import nearest, read_organ_name
from conversations.sign_off.states import Role
from conversations.talk.effects import Tone
from conversations.talk.events import Commanded, Opened
from conversations.wording import door as words
from conversations.wording import people as member_words
from conversations.wording import talk as wording
from conversations.wording.county_organs import IS_CLOSED
from storage.members import Members
from storage.organ_changes import is_closed
from storage.organs import make_below
from storage.people import Focus, Invitation, OrganRoles, sections_of
from storage.tasks import Tasks

ALL_ORGANS = 100_000
MOST_FOUND = 8  # organs offered whose name contains the text


# ---------------------------------------------------------------- invitations


def came_by_invitation(talk: Talk, update: Incoming, text: str) -> bool:
    """Handle a message with an invitation code, or 「加入」; false for any other."""
    opened = codes.opened(text, talk.door.username)
    found = (talk.people.invitation(code) for code in opened or codes.named(text))
    invitation = next(filter(None, found), None)
    if opened or invitation:
        invited(talk, update, invitation)
        return True
    if text.strip(ENDS) not in words.JOIN_TYPED:
        return False
    waiting = talk.people.waiting_invitation(update.person, talk.clock.now)
    if waiting is not None:
        joined(talk, update, str(waiting.id))
    return waiting is not None


def invited(talk: Talk, update: Incoming, invitation: Invitation | None) -> None:
    """An invitation was opened: say what it joins, and ask."""
    person, now = update.person, talk.clock.now
    if invitation is None or not invitation.is_good(person, now):
        screen = talk.people.begin(person, now, update.name)
        mine = [
            membership
            for membership in screen.member
            if invitation and membership.organ_id == invitation.organ_id
        ]
        if mine:
            role = words.roles(mine[0].roles, memberships.numerals(mine[0].parts))
            talk.say(person, words.ALREADY_MEMBER.format(organ=mine[0].organ, role=role))
            talk.step(screen, Opened())
        else:
            _refuse(talk, person)
        return
    talk.people.begin(person, now, update.name)
    # The invitation now belongs to this person: the button need not carry the token.
    if not talk.people.bind(invitation.id, person):
        _refuse(talk, person)
        return
    ask = words.join if invitation.replaces is None else words.take_over
    sections = memberships.numerals(invitation.parts)
    payload = {
        "text": ask(invitation.organ, invitation.role, sections),
        "buttons": [[[f"j:{invitation.id}", words.JOIN, Tone.GO.value]]],
    }
    talk.send(person, Call("sendMessage", payload))


def _refuse(talk: Talk, person: int) -> None:
    """A link that is not valid, or another person's; said a few times an hour."""
    if talk.lately.may_be_told(person, talk.clock.now, talk.job):
        talk.send(person, Call("sendMessage", {"text": words.INVITATION_BAD, "low": True}))


def joined(talk: Talk, update: Incoming, rest: str) -> None:
    """「加入」 was tapped; only the person whose invitation it is can join."""
    person, now = update.person, talk.clock.now
    invitation = None
    if number := read_number(rest, 10):
        invitation = talk.people.invitation(number)
    if invitation is None or invitation.bound_to != person:
        talk.identify(update)
        talk.answer(update, "", known=False)
        return
    screen = talk.people.begin(person, now, update.name)
    role, parts = invitation.role, invitation.parts
    held = next((m for m in screen.member if m.organ_id == invitation.organ_id), None)
    if held and (invitation.used_at is not None or held.has(Role(role), parts)):
        talk.answer(update, wording.ALREADY)
        return
    if held and held.parts is not None and parts is not None:
        parts |= held.parts  # a helper gets one more section
    if not invitation.is_good(person, now):
        talk.answer(update, words.INVITATION_BAD)
        return
    if invitation.replaces is not None:
        told = memberships.take_over(talk.unit, invitation, person, now, talk.door.admins)
        if told is None:
            talk.answer(update, words.INVITATION_BAD)
            return
        talk.job.sends += told
    elif talk.people.use(invitation.id, person, now):
        talk.people.join(
            person, invitation.organ_id, role, now, invitation.created_by, sections_of(parts)
        )
        if invitation.parts is not None:
            sharing.joined(talk.unit, invitation.organ, person, invitation.parts)
    else:
        talk.answer(update, words.INVITATION_BAD)
        return
    Tasks(talk.unit).wake(person)
    text = words.JOINED.format(
        organ=invitation.organ, role=words.role_name(role, memberships.numerals(parts))
    )
    talk.answer(update, text)
    talk.say(person, text)
    talk.job.menus.append(person)
    if invitation.replaces is None:
        screen = talk.focus_on(screen, None, invitation.organ_id)
    else:
        # Their place with the old account.
        screen = talk.people.begin(person, now)
    talk.step(screen, Opened())


# ------------------------------------------------------------------- choosing


def switch(talk: Talk, screen: Focus) -> None:
    """Choose another organ or year."""
    rows: list[list[list[str]]] = []
    for membership in screen.member[: BUTTONS // 2]:
        organ = membership.organ
        for year in talk.unit.years(organ)[-3:]:
            report_id = talk.unit.find_report(organ, year)
            assert report_id is not None
            imported = handle.is_imported(talk.unit, report_id, year, talk.clock.today)
            label = f"{organ} {year}年度{words.IMPORTED_MARK if imported else ''}"
            mark = "✓ " if report_id == screen.report_id else ""
            rows.append([[f"{prefix_of(report_id)}show", f"{mark}{label}"[:60], ""]])
        rows.append([[f"gy:{membership.organ_id}", f"{organ}：其他年度"[:60], ""]])
    text = words.CHOOSE_REPORT if rows else words.ADMIN_HELP
    talk.send(screen.person, Call("sendMessage", {"text": text, "buttons": rows[:BUTTONS]}))


def choose_organ(talk: Talk, screen: Focus, organ_id: int, *, other_year: bool = False) -> None:
    """An organ was chosen: open its year, or ask for another."""
    if not talk.may_open(screen, organ_id):
        talk.say(screen.person, words.NO_ACCESS)
        return
    event = Commanded("year") if other_year else Opened()
    talk.step(talk.focus_on(screen, None, organ_id), event)


# ------------------------------------------------------------------- commands


def command(talk: Talk, screen: Focus, event: Commanded) -> bool:
    """Commands of the door itself; false for those of the conversation."""
    person, access = screen.person, talk.access(screen)
    if event.name == "switch":
        switch(talk, screen)
    elif event.name in words.ADMIN_COMMANDS and not access.somewhere:
        talk.note(screen, words.NOT_ADMINISTRATOR)
    elif event.name == "invite":
        _invite(talk, screen, event.argument)
    elif event.name == "organ":
        name = read_organ_name(event.argument)
        if not name:
            talk.say(person, words.ADMIN_HELP)
        else:
            _open_organ(talk, screen, name)
    elif event.name == "help" and access.everywhere:
        talk.say(person, words.ADMIN_HELP)
        return screen.report_id is None
    else:
        return False
    return True


def _open_organ(talk: Talk, screen: Focus, name: str) -> None:
    """
    Open the organ with a name or a part of it; several are offered, none is made.

    If none matches, similar names are offered.
    """
    access = talk.access(screen)
    if organ := access.managed(1, name):
        choose_organ(talk, screen, organ[0][0])
        return
    organs = {other: id_ for id_, other in access.managed(ALL_ORGANS)}
    holding = sorted((other for other in organs if name in other), key=len)
    if len(holding) == 1:
        talk.say(screen.person, words.FOUND.format(organ=holding[0]))
        choose_organ(talk, screen, organs[holding[0]])
        return
    shown = holding[:MOST_FOUND] or nearest(name, list(organs))
    rows = [[[f"g:{organs[other]}", other[:60], ""]] for other in shown]
    text = words.no_such_organ(name, found=bool(shown))
    if holding:
        text = words.found_organs(name, len(holding), len(shown))
    talk.send(screen.person, Call("sendMessage", {"text": text, "buttons": rows}))


def say_link(talk: Talk, screen: Focus, organ: str, role: str) -> None:
    """A new link, in a message of its own to be forwarded."""
    link = invite(talk.unit, talk.door.username, organ, role, screen.key, talk.clock.now)
    text = words.INVITED.format(organ=organ, role=words.ROLES[role], link=link)
    talk.say(screen.person, text)


def just_invited(
    talk: Talk,
    screen: Focus,
    organ_id: int,
    role: str,
    replaces: str | None = None,
    sections: str | None = None,
) -> bool:
    """Whether this person made such a link a moment ago: a double tap."""
    now, made = talk.clock.now, (screen.key, role, replaces, sections)
    return any(
        (invitation.created_by, invitation.role, invitation.replaces, invitation.sections) == made
        and now - invitation.created_at < JUST_NOW
        for invitation in Members(talk.unit).invitations(now, organ_id)
    )


def ask_year(talk: Talk, screen: Focus, organ_id: int, organ: str) -> None:
    """Ask for which year an organ was invited, if nothing says it."""
    if not memberships.work_year(talk.unit, organ, talk.clock.now):
        said = member_words.ask_year(organ_id, organ, talk.clock.today.year)
        talk.put(screen.person, said)


def _invite(talk: Talk, screen: Focus, argument: str) -> None:
    """A link for a new clerk; a new organ is made below the person's own."""
    name, access = read_organ_name(argument), talk.access(screen)
    mine = [(each.organ_id, each.organ) for each in _administered(screen)]
    if not argument:
        asker = Asker(talk.unit, screen.person, talk.clock.now, talk.door.admins)
        if said := inviting.offer(asker):
            talk.put(screen.person, said)
            return
    if not argument and len(mine) == 1:
        name = mine[0][1]
    if not name:
        talk.say(screen.person, words.INVITE_USAGE)
    elif Members(talk.unit).organs(1, name) or access.everywhere or len(mine) == 1:
        invite_clerk(talk, screen, name, *mine[:1])
    else:
        said = member_words.choose_parent(name, mine)
        talk.put(screen.person, said)


def invite_clerk(
    talk: Talk, screen: Focus, name: str, parent: tuple[int, str] | None = None
) -> None:
    """
    A link for a clerk, and buttons for other roles; a new organ is made.

    `parent` is the organ below which an administrator makes it; an administrator of all organs
    makes it at the top.
    """
    access, unit, now = talk.access(screen), talk.unit, talk.clock.now
    if not Members(unit).organs(1, name):
        near = nearest(name, [other for _, other in access.managed(ALL_ORGANS)])
        if access.everywhere:
            unit.organ(name, now)
            talk.say(screen.person, words.new_organ(name, near))
        elif parent and make_below(unit, name, parent[0], now):
            talk.say(screen.person, words.new_organ(name, near, parent[1]))
    organ = access.managed(1, name)
    if not organ:
        talk.say(screen.person, member_words.NOT_TO_INVITE.format(organ=name))
        return
    organ_id, name = organ[0]
    if is_closed(unit, name):
        talk.say(screen.person, IS_CLOSED.format(name))
        return
    if just_invited(talk, screen, organ_id, "clerk"):
        talk.say(screen.person, member_words.JUST_INVITED)
        return
    say_link(talk, screen, name, "clerk")
    more = tuple(member_words.invite_button(organ_id, role) for role in ("leader", "administrator"))
    payload = {"text": words.FORWARD, "buttons": keyboard((more,), "")}
    talk.send(screen.person, Call("sendMessage", payload))
    ask_year(talk, screen, organ_id, name)


def _administered(screen: Focus) -> list[OrganRoles]:
    """The organs whose administrator a person is."""
    return [each for each in screen.member if Role.ADMINISTRATOR in each.roles]
