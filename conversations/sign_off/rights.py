"""
Who may do what: one table by role, action, state, and own organ or one below.

Everything not listed is forbidden. The core checks every effect of a step against it
(`conversations/talk/gate.py`), the doors before they show a report or manage members.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from conversations.form.model import ItemId
from conversations.sign_off.states import (
    EDITABLE,
    LOCKED,
    TRANSITIONS,
    Deed,
    Need,
    Reach,
    ReportState,
    Role,
    Transition,
)


class Action(Enum):
    """Actions of people, beside the steps of a report."""

    LOOK = "look"
    WRITE = "write"  # write an answer, or the reason for a finding
    FINISH = "finish"  # make the final document of an office without a leader
    REMARK = "remark"  # write a remark for the clerk
    TAKE_BACK = "take_back"  # take back one's own unsent remark
    SETTLE = "settle"  # answer a remark, or mark it as settled
    SHARE = "share"  # give a section to a colleague, or hand the report over
    MANAGE = "manage"  # manage members, invitations, tasks, organs below
    COLLECT = "collect"  # take in a file that the organ has sent instead of answering


@dataclass(frozen=True, slots=True)
class Standing:
    """
    A person's roles for one report.

    `roles` are held in the report's organ or above it (`reach`); `above` says of a member that they
    also administer an organ above it. `parts` are the sections a helper may write in, None for all.
    `leader` says that the organ has a leader, `colleague` that it has a second member.
    """

    roles: frozenset[Role] = frozenset({Role.CLERK})
    reach: Reach = Reach.OWN
    parts: frozenset[ItemId] | None = None
    leader: bool = False
    colleague: bool = False
    above: bool = False

    @property
    def acting(self) -> frozenset[Role]:
        """The roles in the table: a clerk with only some sections is a helper."""
        if self.parts is None or Role.CLERK not in self.roles:
            return self.roles
        return self.roles - {Role.CLERK} | {Role.HELPER}

    @property
    def rows(self) -> frozenset[tuple[Role, Reach]]:
        """The rows of the table that apply."""
        own = {(role, self.reach) for role in self.acting}
        return frozenset(own | {(Role.ADMINISTRATOR, Reach.BELOW)} if self.above else own)

    @property
    def confined(self) -> frozenset[ItemId] | None:
        """The only sections that the person may write in, None for all."""
        alone = (Role.ADMINISTRATOR, Reach.OWN) not in self.rows and Role.HELPER in self.acting
        return self.parts if alone else None

    @property
    def holds(self) -> frozenset[Need]:
        """The needs that the organ fulfils, independent of the report."""
        needs = {Need.LEADER if self.leader else Need.NO_LEADER}
        return frozenset(needs | {Need.COLLEAGUE} if self.colleague else needs)


NOBODY = Standing(frozenset())

_ALWAYS = frozenset(ReportState)
_HANDED_IN = frozenset({ReportState.SUBMITTED})

_OF_CLERKS = {
    Action.LOOK: _ALWAYS,
    Action.WRITE: EDITABLE,
    Action.FINISH: EDITABLE,
    Action.SETTLE: EDITABLE,
    Action.SHARE: _ALWAYS,
}

RIGHTS: dict[tuple[Role, Reach], dict[Action, frozenset[ReportState]]] = {
    (Role.CLERK, Reach.OWN): _OF_CLERKS,
    (Role.HELPER, Reach.OWN): {
        Action.LOOK: _ALWAYS,
        Action.WRITE: EDITABLE,
        Action.SETTLE: EDITABLE,
    },
    (Role.LEADER, Reach.OWN): {
        Action.LOOK: _ALWAYS,
        Action.REMARK: _HANDED_IN,
        Action.TAKE_BACK: _ALWAYS,
    },
    (Role.ADMINISTRATOR, Reach.OWN): _OF_CLERKS
    | {Action.MANAGE: _ALWAYS, Action.COLLECT: EDITABLE},
    (Role.ADMINISTRATOR, Reach.BELOW): {
        Action.LOOK: _ALWAYS,
        Action.MANAGE: _ALWAYS,
        Action.COLLECT: EDITABLE,
    },
}


def may(standing: Standing, action: Action, state: ReportState = ReportState.OPEN) -> bool:
    """Whether a person may do something with a report in this state."""
    return any(state in RIGHTS.get(row, {}).get(action, ()) for row in standing.rows)


def may_in(standing: Standing, section: ItemId) -> bool:
    """Whether a person may write in a section; "" means an item without a section."""
    return standing.confined is None or section in standing.confined


def transition(standing: Standing, deed: Deed, state: ReportState) -> Transition | None:
    """
    The step that a person may take now, None if they may not.

    The needs of the organ (`standing.holds`) are checked; those of the report itself (`Need`) are
    not.
    """
    organ = {Need.LEADER, Need.NO_LEADER, Need.COLLEAGUE}
    for step in TRANSITIONS:
        if (
            step.deed is deed
            and state in step.sources
            and not step.by.isdisjoint(standing.rows)
            and step.needs & organ <= standing.holds
        ):
            return step
    return None


def is_locked(state: ReportState) -> bool:
    """Whether answers cannot be changed in this state."""
    return state in LOCKED
