"""The card that asks where a report was published."""

from __future__ import annotations

from conversations.talk.buttons import button
from conversations.talk.effects import MessageKind, Say
from conversations.talk.session import Session
from conversations.wording import comparing as wording
from conversations.wording import talk


def publish_card(session: Session) -> Say:
    """A link, a saved page, a file."""
    again = session.sign_off.publication is not None
    text = wording.ASK_AGAIN if again else wording.ASK
    return Say(
        MessageKind.CARD,
        f"{talk.head(session.organ, session.year)}\n{text}",
        ((button(wording.BACK, "pubx"),),),
        asks=("published",),
    )
