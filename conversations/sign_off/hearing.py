"""
Who is told of a step of sign-off, and when a message becomes unnecessary: as data.

Few steps are told, and each once; the person who took the step is not told.
"""

from __future__ import annotations

from collections.abc import Mapping

from conversations.sign_off.rights import Standing
from conversations.sign_off.states import Deed, Role
from conversations.sign_off.status import SignOff

# Helpers are not told of a return: the clerk shares out the work.
HEARS: dict[Deed, frozenset[Role]] = {
    Deed.SUBMIT: frozenset({Role.LEADER}),
    Deed.WITHDRAW: frozenset({Role.LEADER}),
    Deed.RETURN: frozenset({Role.CLERK}),
    Deed.APPROVE: frozenset({Role.CLERK, Role.LEADER}),
    Deed.RECORD_APPROVAL: frozenset({Role.CLERK, Role.LEADER}),
    Deed.REOPEN: frozenset({Role.CLERK, Role.LEADER}),
    Deed.PUBLISH: frozenset({Role.CLERK, Role.LEADER}),
    Deed.HAND_BACK: frozenset({Role.CLERK, Role.ADMINISTRATOR}),
}

# Steps that answer a submission: the person who submitted is told, whatever their role.
ANSWERS = frozenset({Deed.RETURN, Deed.APPROVE, Deed.HAND_BACK})

AS_APPROVED = "equal"  # the result of a publication that needs no attention


def hears(standing: Standing, deed: Deed, note: Mapping[str, str], *, handed_in: bool) -> bool:
    """Whether a member is told of a step; `handed_in` says that they submitted the report."""
    if deed is Deed.PUBLISH and note.get("result") == AS_APPROVED:
        return False
    return (handed_in and deed in ANSWERS) or bool(standing.acting & HEARS[deed])


def is_news(deed: Deed, note: Mapping[str, str], before: SignOff) -> bool:
    """Whether a step is told at all; not if the same comparison result is repeated."""
    known = before.publication
    return (
        deed is not Deed.PUBLISH or known is None or known.note.get("result") != note.get("result")
    )


def overtakes(newer: Deed, older: Deed) -> bool:
    """Whether a later step makes the message about an earlier one unnecessary."""
    return newer is not Deed.PUBLISH or older is Deed.PUBLISH


def is_spared(deed: Deed, before: SignOff) -> bool:
    """
    Whether people who were not yet told of the step before need no message about this one either.

    That is so if a submission is withdrawn before they were told of it, unless the step before it
    was a withdrawal.
    """
    earlier = before.records[-2].deed if len(before.records) > 1 else None
    return deed is Deed.WITHDRAW and earlier is not Deed.WITHDRAW
