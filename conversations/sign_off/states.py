"""
The states of a report on its way to publication, and every step between them.

An office without a leader usually meets only 填报中 and 已公布: its final document shows whether
the report is finished.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ReportState(Enum):
    """The state of a report; the values are those of the store and of `nianbao state`."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"


class Role(Enum):
    """
    A person's role.

    A clerk who was given only some sections is a helper; the other values are those of a
    membership.
    """

    CLERK = "clerk"
    HELPER = "helper"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class Reach(Enum):
    """Whether a person acts in the organ they are a member of, or in one below it."""

    OWN = "own"
    BELOW = "below"


class Deed(Enum):
    """A step of the whole report; kept in its record for ever."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    APPROVE = "approve"
    RECORD_APPROVAL = "record_approval"
    REOPEN = "reopen"
    PUBLISH = "publish"
    HAND_BACK = "hand_back"


class Need(Enum):
    """A condition for a step."""

    LEADER = "the organ has a leader"
    NO_LEADER = "the organ has no leader"
    COLLEAGUE = "the organ has a second member"
    COMPLETE = "nothing is open: no gap, no E, every W explained, title and signature settled"
    FINISHED = "a final document was made and nothing has changed since"
    SAME_VERSION = "what is decided about is what was handed in"
    REASON = "a reason is written"


Who = frozenset[tuple[Role, Reach]]

LOCKED = frozenset({ReportState.SUBMITTED, ReportState.APPROVED, ReportState.PUBLISHED})
EDITABLE = frozenset(ReportState) - LOCKED
DECIDED = frozenset({ReportState.APPROVED, ReportState.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Transition:
    """One step: its source states, its target, who may take it, and its conditions."""

    deed: Deed
    sources: frozenset[ReportState]
    target: ReportState
    by: Who
    needs: frozenset[Need] = frozenset()


def _own(*roles: Role) -> Who:
    return frozenset((role, Reach.OWN) for role in roles)


_CLERKS = _own(Role.CLERK, Role.ADMINISTRATOR)
_CLERKS_AND_ABOVE = _CLERKS | {(Role.ADMINISTRATOR, Reach.BELOW)}
_LEADERS = _own(Role.LEADER)
_HANDED_IN = frozenset({ReportState.SUBMITTED})

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Deed.SUBMIT,
        EDITABLE,
        ReportState.SUBMITTED,
        _CLERKS,
        frozenset({Need.LEADER, Need.COMPLETE}),
    ),
    Transition(Deed.WITHDRAW, _HANDED_IN, ReportState.OPEN, _CLERKS),
    Transition(Deed.RETURN, _HANDED_IN, ReportState.RETURNED, _LEADERS),
    Transition(
        Deed.APPROVE,
        _HANDED_IN,
        ReportState.APPROVED,
        _LEADERS,
        frozenset({Need.SAME_VERSION}),
    ),
    # 线下同意: the leader does not use Telegram, or signs on paper.
    Transition(
        Deed.RECORD_APPROVAL,
        _HANDED_IN,
        ReportState.APPROVED,
        _CLERKS,
        frozenset({Need.SAME_VERSION}),
    ),
    Transition(
        Deed.RECORD_APPROVAL,
        EDITABLE,
        ReportState.APPROVED,
        _CLERKS,
        frozenset({Need.NO_LEADER, Need.COLLEAGUE, Need.FINISHED}),
    ),
    Transition(
        Deed.REOPEN,
        DECIDED,
        ReportState.OPEN,
        _own(Role.LEADER, Role.ADMINISTRATOR) | {(Role.ADMINISTRATOR, Reach.BELOW)},
        frozenset({Need.REASON}),
    ),
    Transition(
        Deed.REOPEN,
        DECIDED,
        ReportState.OPEN,
        _own(Role.CLERK),
        frozenset({Need.REASON, Need.NO_LEADER}),
    ),
    # The county answers for publication (by 31 March) also for organs that only send files.
    Transition(Deed.PUBLISH, DECIDED, ReportState.PUBLISHED, _CLERKS_AND_ABOVE),
    Transition(
        Deed.PUBLISH,
        EDITABLE,
        ReportState.PUBLISHED,
        _CLERKS_AND_ABOVE,
        frozenset({Need.NO_LEADER, Need.FINISHED}),
    ),
    # The only leader has left while a report waited for them.
    Transition(
        Deed.HAND_BACK,
        _HANDED_IN,
        ReportState.OPEN,
        _own(Role.SYSTEM),
        frozenset({Need.NO_LEADER}),
    ),
)
