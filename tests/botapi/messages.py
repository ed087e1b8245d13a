"""
Messages and buttons: as the server keeps them and as a person sees them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.botapi.errors import bad
from tests.botapi.text import is_address, units

STYLES = ("primary", "success", "danger")

# Every button does exactly one of these things.
ACTIONS = (
    "callback_data",
    "url",
    "copy_text",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "callback_game",
    "pay",
)


@dataclass(frozen=True)
class Button:
    """
    An inline button as a person sees it. Kept by a test, it can be tapped long afterwards.
    """

    label: str
    message: int
    chat: int
    data: str | None = None
    url: str | None = None
    copies: str | None = None
    style: str | None = None

    def __str__(self) -> str:
        return f"[{self.label}]"


@dataclass
class Message:
    """
    One message of a chat, with everything a person sees of it.

    `history` holds its earlier texts, oldest first; `reactions` what the bot put on it.
    """

    id: int
    chat: int
    sender: int
    date: int
    text: str = ""
    entities: tuple[dict[str, Any], ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()
    markup: dict[str, Any] | None = None
    content: dict[str, Any] = field(default_factory=dict)
    file_name: str | None = None
    file: bytes | None = None
    kind: str = "text"
    from_bot: bool = False
    reply_to: int | None = None
    edited: int = 0
    edit_date: int | None = None
    deleted: bool = False
    reactions: tuple[str, ...] = ()
    history: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(button for row in self.rows for button in row)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.label for button in self.buttons)

    def button(self, label: str) -> Button:
        """
        The button with this label, else the only one whose label contains it.
        """
        exact = [one for one in self.buttons if one.label == label]
        near = exact or [one for one in self.buttons if label in one.label]
        assert near, f"no button {label!r} among {self.labels}"
        assert exact or len(near) == 1, f"which {label!r} of {self.labels}?"
        return near[0]

    def __str__(self) -> str:
        who = "bot" if self.from_bot else "person"
        lines = [f"#{self.id} {who}: {self.text or self.kind}"]
        if self.file_name:
            lines.append(f"    <{self.file_name}>")
        if self.reactions:
            lines.append(f"    {''.join(self.reactions)}")
        lines += ["    " + " ".join(map(str, row)) for row in self.rows]
        return "\n".join(lines)


def read_markup(
    markup: object, chat: int, message: int
) -> tuple[dict[str, Any] | None, tuple[tuple[Button, ...], ...]]:
    """
    Check a `reply_markup` as Telegram does, and make its buttons.
    """
    if markup in (None, "", {}):
        return None, ()
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline keyboard")
        return markup, tuple(
            tuple(_inline_button(one, chat, message) for one in row) for row in rows if row
        )
    if "keyboard" in markup:
        for row in _rows(markup["keyboard"], "keyboard"):
            for one in row:
                if not (one if isinstance(one, str) else one.get("text")):
                    raise bad("can't parse keyboard button: text is empty")
        placeholder = markup.get("input_field_placeholder")
        if placeholder is not None and not 1 <= units(placeholder) <= 64:
            raise bad("input field placeholder is too long")
        return markup, ()
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup, ()
    raise bad("can't parse reply keyboard markup JSON object")


def _rows(rows: object, name: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad(f"can't parse {name}: Array of Array expected")
    if sum(map(len, rows)) > 100:
        raise bad("reply markup is too long")
    if any(len(row) > 8 for row in rows):
        raise bad(f"can't parse {name}: a row may hold 8 buttons")
    return rows


def _inline_button(one: object, chat: int, message: int) -> Button:
    where = "can't parse inline keyboard button"
    if not isinstance(one, dict):
        raise bad(f"{where}: Object expected")
    label = one.get("text")
    if not isinstance(label, str) or not label.strip():
        raise bad(f"{where}: text of the button is empty")
    actions = [name for name in ACTIONS if name in one]
    if not actions:
        raise bad(f"{where}: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad(f"{where}: exactly one action is allowed")
    if (data := one.get("callback_data")) is not None and (
        not isinstance(data, str) or not 1 <= len(data.encode()) <= 64
    ):
        raise bad("BUTTON_DATA_INVALID")
    if (url := one.get("url")) is not None and not is_address(url):
        raise bad(f"inline keyboard button URL '{url}' is invalid")
    copies = one.get("copy_text")
    if copies is not None and not 1 <= units(copies.get("text", "")) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    if (style := one.get("style")) is not None and style not in STYLES:
        raise bad(f"{where}: invalid button style specified")
    return Button(label, message, chat, data, url, copies["text"] if copies else None, style)
