"""
Who hears of a step of a report, and when they need not hear of it any more: as data.

Few things are told, and each once; whoever took the step knows of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from conversations.sign_off.rights import Standing
from conversations.sign_off.states import Deed, Role
from conversations.sign_off.status import SignOff

# A helper hears of a return from the clerk, who shares out what is to be done.
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

# Steps that answer a hand-in: whoever handed in hears of them, whatever their role.
ANSWERS = frozenset({Deed.RETURN, Deed.APPROVE, Deed.HAND_BACK})

AS_APPROVED = "equal"  # the result of a publication that wants nobody's attention


def hears(standing: Standing, deed: Deed, note: Mapping[str, str], *, handed_in: bool) -> bool:
    """Whether a member hears of a step; `handed_in` says that they handed the report in."""
    if deed is Deed.PUBLISH and note.get("result") == AS_APPROVED:
        return False
    return (handed_in and deed in ANSWERS) or bool(standing.acting & HEARS[deed])


def is_news(deed: Deed, note: Mapping[str, str], before: SignOff) -> bool:
    """Whether a step is told at all: not that a page which differed differs still."""
    known = before.publication
    return (
        deed is not Deed.PUBLISH or known is None or known.note.get("result") != note.get("result")
    )


def overtakes(newer: Deed, older: Deed) -> bool:
    """Whether a step need not be told any more when another was taken after it."""
    return newer is not Deed.PUBLISH or older is Deed.PUBLISH


def is_spared(deed: Deed, before: SignOff) -> bool:
    """
    Whether who has not heard yet of the step before needs no word of this one either.

    A hand-in is taken back before anybody has read of it; unless they have read of another
    one before, whose taking back was overtaken.
    """
    earlier = before.records[-2].deed if len(before.records) > 1 else None
    return deed is Deed.WITHDRAW and earlier is not Deed.WITHDRAW
