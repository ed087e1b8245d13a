"""
A person's roles in an organ: the one place where doors use the table of rights.

Membership gives the roles in an organ; an administrator's reaches the organs below; the people in
the setting `NIANBAO_ADMIN_IDS` are administrators of every organ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.sign_off.rights import NOBODY, Action, Standing, may
from conversations.sign_off.states import Reach, Role
from storage.members import MemberReader
from storage.organs import above, has_below, looked_after, tops
from storage.people import OrganRoles
from storage.reports import Reader


@dataclass(frozen=True, slots=True)
class Access:
    """The rights of one person; `held` are their memberships, `admins` look after all organs."""

    reader: Reader
    person: int
    held: Sequence[OrganRoles]
    admins: frozenset[int]

    def standing(self, organ_id: int | None) -> Standing:
        """The person's roles in an organ; None is no organ."""
        own = next((each for each in self.held if each.organ_id == organ_id), None)
        roles, parts = (own.roles, own.parts) if own else (frozenset[Role](), None)
        if self.person in self.admins:
            return Standing(roles | {Role.ADMINISTRATOR}, parts=parts)
        if organ_id is None:
            return NOBODY
        is_above = self._is_above(organ_id)
        if roles:
            return Standing(roles, parts=parts, above=is_above)
        return Standing(frozenset({Role.ADMINISTRATOR}), Reach.BELOW) if is_above else NOBODY

    def _is_above(self, organ_id: int) -> bool:
        mine = {each.organ_id for each in self.held if Role.ADMINISTRATOR in each.roles}
        return bool(mine - {organ_id}) and not mine.isdisjoint(above(self.reader, organ_id))

    def may(self, action: Action, organ_id: int | None) -> bool:
        """Whether the person may do something in an organ, in any state of its report."""
        return may(self.standing(organ_id), action)

    def speaks_for(self, organ_id: int) -> bool:
        """
        Whether the person may set the organ's name and its document template.

        That is an administrator, or the clerk of an organ without any administrator in it or above
        it.
        """
        if self.may(Action.MANAGE, organ_id):
            return True
        mine = next((each for each in self.held if each.organ_id == organ_id), None)
        if mine is None or Role.CLERK not in mine.roles or mine.parts is not None:
            return False
        members = MemberReader(self.reader)
        everybody = (*members.members(organ_id), *members.administrators_above(organ_id))
        return not any(Role.ADMINISTRATOR in member.roles for member in everybody)

    @property
    def everywhere(self) -> bool:
        """Whether the person looks after all organs."""
        return self.person in self.admins

    @property
    def somewhere(self) -> bool:
        """Whether the person looks after any organ."""
        return self.everywhere or any(Role.ADMINISTRATOR in each.roles for each in self.held)

    def heads(self) -> list[tuple[int, str]]:
        """Id and name of the organs the person looks after that have organs below."""
        if self.everywhere:
            return list(tops(self.reader))
        return [
            (each.organ_id, each.organ)
            for each in self.held
            if Role.ADMINISTRATOR in each.roles and has_below(self.reader, each.organ_id)
        ]

    def managed(self, most: int, name: str = "") -> list[tuple[int, str]]:
        """Id and name of the organs the person looks after: the one with a name, or the first."""
        members = MemberReader(self.reader)
        if name:
            return [o for o in members.organs(1, name) if self.may(Action.MANAGE, o[0])]
        if self.everywhere:
            return list(members.organs(most))
        return list(looked_after(self.reader, self.person, most))
