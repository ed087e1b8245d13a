"""The formats of the final document other than Word's, as the buttons of the chat name them."""

from __future__ import annotations

from conversations.talk.buttons import button, in_rows
from conversations.talk.effects import Buttons
from conversations.wording import talk as wording

PDF = "pdf"

# The letter in a button's id, which is permanent → its formats, as `export` calls them.
OTHER_FORMS = {
    "h": ("html", "html-page"),
    "p": (PDF,),
    "x": ("xlsx",),
    "t": ("txt",),
}


def form_buttons() -> Buttons:
    """The row under a final document."""
    return tuple(in_rows((button(wording.OTHER_FORMS[f], "as", f) for f in OTHER_FORMS), 4))
