"""
/share: who fills in which section, as clerks give, take back and hand over.

Rights are checked at each tap: a card may be a year old, and its owner no clerk of the report any
more.
"""

from __future__ import annotations

from dataclasses import replace

from bot import handle, memberships, sharing
from bot.button_numbers import read_number
from bot.inviting import invite
from bot.telegram.incoming import Incoming
from bot.telegram.members import just_invited
from bot.telegram.screen import Call, keyboard
from bot.telegram.talk import Talk
from conversations.form import FORMS
from conversations.form.model import Section
from conversations.reminders.typed import read_section
from conversations.sign_off.rights import Action, may
from conversations.sign_off.states import Role
from conversations.talk.effects import Say
from conversations.talk.events import Commanded
from conversations.talk.triggers import Trigger
from conversations.wording import door as words
from conversations.wording import people as people_words
from conversations.wording import sharing as wording
from conversations.wording import talk as talk_words
from conversations.wording.sign_off import NOT_ALLOWED
from storage.members import LastAdministrator, Member, Members
from storage.messages import Message
from storage.people import Focus, sections_of


def command(talk: Talk, screen: Focus, event: Commanded) -> bool:
    """/share, perhaps with a section; false for anything else."""
    if event.name not in ("share", wording.SHARE):
        return False
    _enter(talk, screen, event.argument)
    return True


def typed(talk: Talk, screen: Focus, text: str) -> bool:
    """A word for the command; false for any other text."""
    if text.strip() not in wording.TYPED or screen.report_id is None:
        return False
    _enter(talk, screen, "")
    return True


def entered(talk: Talk, screen: Focus, data: str, update: Incoming) -> bool:
    """The button of a card of the conversation; false for any other."""
    verb, _, number = data.partition(":")
    if verb != Trigger.SHARE.value:
        return False
    talk.answer(update)
    _enter(talk, screen, number)
    return True


def tapped(talk: Talk, screen: Focus, update: Incoming) -> bool:
    """A button of these screens; false for any other."""
    verb, _, rest = update.data.partition(":")
    if verb != wording.SHARES:
        return False
    number, *what = rest.split(":")
    report = read_number(number)
    if report is None or not talk.allowed(report, screen):
        talk.answer(update, words.NO_ACCESS)
        return True
    screen = talk.focus_on(screen, report)
    if not may(talk.standing(screen), Action.SHARE):
        talk.answer(update, NOT_ALLOWED[Action.SHARE])
        return True
    talk.answer(update, ShareDoor(talk, screen, report).tapped(what))
    return True


def _enter(talk: Talk, screen: Focus, section: str) -> None:
    """The list of sections, or one of them by its number or name."""
    if screen.report_id is None:
        talk.note(screen, words.CHOOSE_FIRST)
        return
    if not may(talk.standing(screen), Action.SHARE):
        talk.note(screen, NOT_ALLOWED[Action.SHARE])
        return
    door = ShareDoor(talk, screen, screen.report_id)
    named = door.section(section) or door.form.section.get(read_section(section, door.form) or "")
    door.say(door.give(named) if named else door.shares())


class ShareDoor:
    """The screens for one clerk and report, in one transaction."""

    def __init__(self, talk: Talk, screen: Focus, report_id: int) -> None:
        """`screen` is the clerk's, who may share the report."""
        self.talk = talk
        self.screen = screen
        self.report_id = report_id
        self.store = Members(talk.unit)
        self.organ_id, self.organ, self.year = talk.people.report_of(report_id)
        self.form = FORMS[talk.unit.load(report_id, screen.key).edition]
        self.members = self.store.members(self.organ_id)

    @property
    def head(self) -> str:
        """Organ and year."""
        return talk_words.head(self.organ, self.year)

    @property
    def clerks(self) -> list[Member]:
        """The members who can be given a section."""
        return [member for member in self.members if member.key and Role.CLERK in member.roles]

    def name(self, member: Member) -> str:
        """A member's name; equal names are told apart."""
        return memberships.called_apart(member, self.members)

    def section(self, number: str) -> Section | None:
        """The section with a permanent number."""
        if not (number.isascii() and number.isdigit()):
            return None
        return self.form.section.get(self.form.item.get(int(number), ""))

    def say(self, said: Say) -> None:
        """One screen."""
        shown = {"text": said.text, "buttons": keyboard(said.buttons, "")}
        payload = {**shown, "report": self.report_id}
        self.talk.send(self.screen.person, Call("sendMessage", payload))

    # ---- screens -----------------------------------------------------------------------

    def parts(self) -> dict[str, wording.Part]:
        """Each section by its id: its clerk, its progress, and the number of invited people."""
        unit, screen = self.talk.unit, self.screen
        stored = unit.load(self.report_id, screen.key)
        session = handle.session_of(unit, stored, screen.key, self.talk.clock)
        whose = sharing.owners(unit, self.report_id, self.members)
        waiting = self.store.invitations(self.talk.clock.now, self.organ_id)
        return {
            section.id: wording.Part(
                section,
                tuple(self.name(member) for member in whose.get(section.id, ())),
                *sharing.filled_in(session, section),
                sum(section.id in (invitation.parts or ()) for invitation in waiting),
            )
            for section in self.form.sections
        }

    def shares(self) -> Say:
        """Who has what, and the progress."""
        parts = tuple(self.parts().values())
        return wording.shares(self.report_id, self.head, self.form, parts)

    def give(self, section: Section) -> Say:
        """Choose who gets a section."""
        named = [(member.key, self.name(member)) for member in self.clerks]
        number = self.form.number[section.id]
        return wording.give(self.report_id, number, self.parts()[section.id], named)

    # ---- taps --------------------------------------------------------------------------

    def tapped(self, what: list[str]) -> str:
        """A button; returns the word on it. An unknown one shows the list."""
        section = self.section(what[1]) if len(what) > 1 else None
        member = next((m for m in self.clerks if m.key in what[1:]), None)
        match what:
            case ["s", _] if section:
                self.say(self.give(section))
            case ["g", _, _] if section:
                return self._give(section, member)
            case ["i", _] if section:
                return self._invite(section)
            case ["x", _] if section:
                self._take_back(section)
            case ["h"]:
                others = [m for m in self.clerks if m.person != self.screen.person]
                named = [(other.key, self.name(other)) for other in others]
                self.say(wording.hand_over_to(self.report_id, named))
            case ["h", _, *rest]:
                return self._hand_over(member, rest)
            case _:
                self.say(self.shares())
        return ""

    def _give(self, section: Section, member: Member | None) -> str:
        if member is None:
            return people_words.GONE
        told = sharing.give(
            self.talk.unit,
            self.report_id,
            section,
            member,
            self.screen.key,
            self.talk.clock.now,
        )
        return self._done(told, wording.GAVE, section, self.name(member))

    def _take_back(self, section: Section) -> None:
        told = sharing.take_back(
            self.talk.unit,
            self.report_id,
            section,
            self.organ_id,
            self.screen.key,
            self.talk.clock.now,
        )
        self._done(told, wording.TOOK, section)

    def _done(self, told: list[Message], text: str, section: Section, who: str = "") -> str:
        """Say what was done, above the present list."""
        self.talk.job.sends += told
        self.members = self.store.members(self.organ_id)
        said = self.shares()
        done = text.format(heading=section.heading, who=who)
        self.say(replace(said, text=f"{done}\n\n{said.text}"))
        return ""

    def _invite(self, section: Section) -> str:
        """A link for a new colleague who fills in this section; a double tap makes one."""
        talk, now = self.talk, self.talk.clock.now
        wanted = sections_of((section.id,))
        if just_invited(talk, self.screen, self.organ_id, "clerk", sections=wanted):
            return people_words.JUST_INVITED
        link = invite(
            talk.unit,
            talk.door.username,
            self.organ,
            "clerk",
            self.screen.key,
            now,
            year=self.year,
            sections=wanted,
        )
        role = words.role_name("clerk", memberships.numerals(frozenset({section.id})))
        talk.say(self.screen.person, words.INVITED.format(organ=self.organ, role=role, link=link))
        talk.say(self.screen.person, words.FORWARD)
        return ""

    def _hand_over(self, member: Member | None, rest: list[str]) -> str:
        """Ask, or do it; with `q` the clerk who hands over leaves."""
        talk, screen = self.talk, self.screen
        if member is None or member.person == screen.person:
            return people_words.GONE
        if rest not in (["y"], ["q"]):
            said = wording.hand_over_ask(self.report_id, self.head, member.key, self.name(member))
            self.say(said)
            return ""
        me = next((m for m in self.members if m.person == screen.person), None)
        leaves = rest == ["q"] and me is not None
        if not leaves and memberships.has_all(talk.unit, self.report_id, member):
            return people_words.ALREADY_THEIRS
        told: list[Message] = []
        if leaves and me is not None:
            try:
                left = memberships.remove(
                    talk.unit, me, screen.key, talk.clock.now, even_last=False
                )
            except LastAdministrator:
                talk.say(screen.person, people_words.LAST_ADMINISTRATOR)
                return ""
            told += left or []
            talk.job.menus.append(screen.person)
        told += memberships.hand_over(talk.unit, self.report_id, member, talk.clock.now)
        talk.job.sends += told
        if not leaves:
            done = people_words.handed_over(self.organ, self.year, self.name(member))
            talk.say(screen.person, done)
        return ""
