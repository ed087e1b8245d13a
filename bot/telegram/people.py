"""
/people: the members of an organ as its administrators see them, and their actions.

Rights are checked at each tap: a card may be a year old, and its owner no administrator any more.
"""

from __future__ import annotations

from datetime import date, datetime

from bot import memberships
from bot.button_numbers import read_number
from bot.inviting import INVITATION_DAYS, invite
from bot.telegram import members
from bot.telegram.incoming import Incoming
from bot.telegram.talk import Talk
from conversations.form.organ import read_organ_name
from conversations.sign_off.rights import Action
from conversations.sign_off.states import Reach, Role
from conversations.talk.effects import Say
from conversations.talk.events import Commanded
from conversations.wording import door as words
from conversations.wording import people as wording
from conversations.wording import tasks as task_wording
from conversations.wording.county_organs import IS_CLOSED
from storage.members import LastAdministrator, Member, Members
from storage.organ_changes import is_closed
from storage.organs import parent_of
from storage.people import Focus
from storage.tasks import Tasks

INVITED_BY_BUTTON = ("clerk", "leader", "administrator")


def command(talk: Talk, screen: Focus, event: Commanded) -> bool:
    """/people, perhaps with an organ's name; false for anything else."""
    if event.name != "people" or not talk.is_administrator(screen):
        return False
    door = PeopleDoor(talk, screen)
    name = "".join(event.argument.split())
    organs = door.organs(name)
    if not organs:
        talk.say(screen.person, wording.NO_SUCH_ORGAN if name else words.NO_ORGANS)
    elif len(organs) == 1:
        door.say(door.members(*organs[0]))
    else:
        door.say(wording.choose_organ(organs))
    return True


def tapped(talk: Talk, screen: Focus, update: Incoming) -> bool:
    """A button of these screens; false for any other."""
    verb, _, rest = update.data.partition(":")
    if verb != wording.PEOPLE:
        return False
    number, *what = rest.split(":")
    door = PeopleDoor(talk, screen)
    organ = door.organ(number)
    talk.answer(
        update, wording.NOT_YOURS if organ is None else door.tapped(*organ, what, update.text or "")
    )
    return True


class PeopleDoor:
    """The screens for one administrator, in one transaction."""

    def __init__(self, talk: Talk, screen: Focus) -> None:
        """`screen` is the administrator's."""
        self.talk = talk
        self.screen = screen
        self.access = talk.access(screen)
        self.store = Members(talk.unit)

    @property
    def today(self) -> date:
        """The date in the office."""
        return self.talk.clock.today

    def organs(self, name: str = "") -> list[tuple[int, str]]:
        """Id and name of organs the person looks after: the one with a name, or the first."""
        return self.access.managed(wording.MOST_LISTED + 1, name)

    def organ(self, number: str) -> tuple[int, str] | None:
        """The organ that a button names, if the person looks after it."""
        organ_id = read_number(number)
        if organ_id is None or not self.access.may(Action.MANAGE, organ_id):
            return None
        return self.store.organ(organ_id)

    def say(self, said: Say) -> None:
        """One screen."""
        self.talk.put(self.screen.person, said)

    def members(self, organ_id: int, organ: str) -> Say:
        """The members of an organ."""
        listed = list(self._listed(organ_id).values())
        waiting = self.store.invitations(self.talk.clock.now, organ_id)
        above = parent_of(self.talk.unit, organ_id)
        parent = above and self.access.may(Action.LOOK, above) and self.store.organ(above)
        return wording.members(organ_id, organ, listed, len(waiting), parent[1] if parent else "")

    def tapped(self, organ_id: int, organ: str, what: list[str], text: str) -> str:
        """
        A button; returns the word on it. An unknown one shows the members.

        `text` is that of the message with the button.
        """
        match what:
            case ["i"]:
                self._invitations(organ_id, organ)
            case ["i", number] if invitation := read_number(number, 10):
                return self._revoke(organ_id, organ, invitation)
            case ["v", role] if role in INVITED_BY_BUTTON:
                if members.just_invited(self.talk, self.screen, organ_id, role):
                    return wording.JUST_INVITED
                self._invite(organ_id, organ, role)
            case ["y", year] if year in (str(self.today.year - 1), str(self.today.year)):
                return self._begin(organ, int(year))
            case ["u"] if name := read_organ_name(wording.to_be_made(text)):
                members.invite_clerk(self.talk, self.screen, name, (organ_id, organ))
            case ["m" | "r" | "n" | "h" as verb, key, *rest]:
                return self._about(organ_id, key, verb, rest)
            case _:
                self.say(self.members(organ_id, organ))
        return ""

    def _about(self, organ_id: int, key: str, verb: str, rest: list[str]) -> str:
        """A button about one member."""
        everybody = self._listed(organ_id)
        member = next((member for member in everybody if key and member.key == key), None)
        if member is None:
            return wording.GONE
        organ, listed = member.organ, everybody[member]
        match verb, rest:
            case "r", []:
                self.say(wording.remove_ask(organ_id, organ, listed))
            case "r", ["y"]:
                return self._remove(member, listed.name)
            case "r", [word, *sure] if (role := _one_of_several(word, member)) is not None:
                if sure == ["y"]:
                    return self._remove(member, listed.name, role)
                self.say(wording.remove_ask(organ_id, organ, listed, role))
            case "n", []:
                return self._replace(member, listed.name)
            case "h", _:
                return self._hand_over(member, listed, rest)
            case _:
                self.say(wording.member_card(organ_id, organ, listed))
        return ""

    def _remove(self, member: Member, name: str, role: Role | None = None) -> str:
        """Remove a member, or one of several roles; from above also the last administrator."""
        talk, by = self.talk, self.screen.key
        standing = self.access.standing(member.organ_id)
        from_above = (
            self.access.everywhere or (Role.ADMINISTRATOR, Reach.BELOW) in standing.rows
        ) and member.person != self.screen.person
        try:
            told = memberships.remove(
                talk.unit,
                member,
                by,
                talk.clock.now,
                even_last=from_above,
                role=role,
                admins=talk.door.admins,
            )
        except LastAdministrator:
            talk.say(self.screen.person, wording.LAST_ADMINISTRATOR)
            return ""
        if told is None:
            return wording.GONE
        talk.job.sends += told
        talk.job.menus.append(member.person)
        if member.person != self.screen.person:
            talk.say(self.screen.person, wording.removed(member.organ, name, role))
        return ""

    def _replace(self, member: Member, name: str) -> str:
        """A link for the same person's new account."""
        talk, by = self.talk, self.screen.key
        if not memberships.may_replace(talk.unit, member.person, by, talk.door.admins):
            talk.say(self.screen.person, wording.NOT_TO_REPLACE)
            return ""
        if members.just_invited(talk, self.screen, member.organ_id, member.role, member.key):
            return wording.JUST_INVITED
        link = invite(
            talk.unit,
            talk.door.username,
            member.organ,
            member.role,
            by,
            talk.clock.now,
            replaces=member.key,
        )
        talk.say(self.screen.person, wording.replace_link(name, link, INVITATION_DAYS))
        return ""

    def _hand_over(self, member: Member, listed: wording.Listed, rest: list[str]) -> str:
        """Hand over the newest report, or after a yes the one that was asked about."""
        talk, organ = self.talk, member.organ
        if Role.CLERK not in member.roles:
            return wording.ONLY_TO_CLERKS
        years = talk.unit.years(organ)
        if not years:
            return wording.NO_REPORT
        reports = {talk.unit.find_report(organ, year): year for year in years[-2:]}
        chosen = next((r for r in reports if r is not None and rest == [f"{r:x}"]), None)
        if chosen is None:
            report_id = talk.unit.find_report(organ, years[-1])
            assert report_id is not None
            self.say(wording.hand_over_ask(member.organ_id, report_id, organ, years[-1], listed))
            return ""
        if memberships.has_all(talk.unit, chosen, member):
            return wording.ALREADY_THEIRS
        talk.job.sends += memberships.hand_over(talk.unit, chosen, member, talk.clock.now)
        talk.say(self.screen.person, wording.handed_over(organ, reports[chosen], listed.name))
        return ""

    def _begin(self, organ: str, year: int) -> str:
        """Begin an organ's task on a year; returns the word on the button."""
        unit = self.talk.unit
        task = Tasks(unit).task(memberships.begin_work(unit, organ, year, self.talk.clock.now))
        assert task is not None
        return task_wording.begun(task, self.today)

    def _invite(self, organ_id: int, organ: str, role: str) -> None:
        talk = self.talk
        if is_closed(talk.unit, organ):
            talk.say(self.screen.person, IS_CLOSED.format(organ))
            return
        members.say_link(talk, self.screen, organ, role)
        members.ask_year(talk, self.screen, organ_id, organ)

    def _invitations(self, organ_id: int, organ: str) -> None:
        waiting = [
            wording.Invitation(
                invitation.id,
                words.role_name(invitation.role, memberships.numerals(invitation.parts)),
                self._day(invitation.expires_at),
                invitation.bound_to is not None,
                invitation.replaces is not None,
            )
            for invitation in self.store.invitations(self.talk.clock.now, organ_id)
        ]
        self.say(wording.invitations_card(organ_id, organ, waiting))

    def _revoke(self, organ_id: int, organ: str, invitation: int) -> str:
        """Take one back; the list shows the rest."""
        done = self.store.revoke(organ_id, invitation, self.talk.clock.now)
        self._invitations(organ_id, organ)
        return wording.REVOKED if done else wording.NOT_OPEN

    def _listed(self, organ_id: int) -> dict[Member, wording.Listed]:
        """The members of an organ as shown; equal names are told apart."""
        everybody = self.store.members(organ_id)
        return {
            member: wording.Listed(
                member.key,
                member.person,
                memberships.called_apart(member, everybody),
                member.roles,
                self._day(member.since),
                None if member.seen_at is None else self._day(member.seen_at),
                member.reachable,
                memberships.numerals(member.parts),
            )
            for member in everybody
        }

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.talk.clock.now.tzinfo).date()


def _one_of_several(word: str, member: Member) -> Role | None:
    """The role that a button names, if the member has others, too."""
    return next((r for r in member.roles if r.value == word and len(member.roles) > 1), None)
