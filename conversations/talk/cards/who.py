"""Buttons for offices with several members: authors, and the assignment of sections."""

from __future__ import annotations

from conversations.form.model import Section
from conversations.sign_off.rights import Action
from conversations.talk.buttons import button
from conversations.talk.effects import Button
from conversations.talk.session import Session
from conversations.wording.sharing import SHARE, give_section
from conversations.wording.sign_off import WHO


def who_button(session: Session, number: int, *, answered: bool = True) -> list[Button]:
    """「谁填的」 at an answered place, if several members have written."""
    asked = answered and session.shared and session.standing.colleague
    return [button(WHO, "who", number)] if asked else []


def share_button(session: Session, section: Section | None = None) -> list[Button]:
    """「分工」, or a section for a colleague, if there is a second member."""
    if not (session.standing.colleague and session.may(Action.SHARE)):
        return []
    if section is None:
        return [button(SHARE, "shr", 0)]
    return [button(give_section(section), "shr", section.item)]
