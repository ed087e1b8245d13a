"""The button that tells who has filled in a place."""

from __future__ import annotations

from conversations.talk.buttons import button
from conversations.talk.effects import Button
from conversations.talk.session import Session
from conversations.wording.sign_off import WHO


def who_button(session: Session, number: int, *, answered: bool = True) -> list[Button]:
    """「谁填的」 where something stands and several have written; nothing for a lone clerk."""
    asked = answered and session.shared and session.standing.colleague
    return [button(WHO, "who", number)] if asked else []
