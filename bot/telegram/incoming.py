"""
A raw update from Telegram, reduced to the few things we need.

Any content may arrive, and Telegram adds fields and kinds every few months: a missing or strange
part makes an `Incoming` of kind OTHER, never an error. Reading the JSON directly costs a tenth of
building the library's objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class UpdateKind(Enum):
    """What the person did."""

    MESSAGE = "message"  # in a private chat
    EDIT = "edited_message"  # in a private chat
    TAP = "callback_query"
    MEMBER = "my_chat_member"  # the bot was blocked, unblocked, added, thrown out
    GROUP = "group"  # a message in a group
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class File:
    """A sent document; its size in bytes, by Telegram."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """
    One update.

    `chat` decides the order: a tap belongs to the chat of the person who tapped. `person` is 0
    without a usable sender. `text` of a tap is that of its message, if Telegram still knows it.
    `file` is the sent file, or for a text the file it replies to. `content` names the kind of a
    message without text (photo, sticker, …); `album` joins the messages of an album. `photo` is the
    id of a picture, `caption` the text under it. `status` is the bot's new status in a chat
    (MEMBER). `about` is the text of the message that this one replies to, or what was selected of
    it.
    """

    kind: UpdateKind
    chat: int = 0
    person: int = 0
    name: str = ""
    message: int = 0
    text: str | None = None
    reply_to: int = 0
    content: str = ""
    file: File | None = None
    photo: str = ""
    caption: str = ""
    album: str = ""
    query: str = ""
    data: str = ""
    status: str = ""
    about: str = ""


OTHER = Incoming(UpdateKind.OTHER)

_CONTENTS = {
    "photo": "photo",
    "sticker": "sticker",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "location": "location",
    "venue": "location",
}

# Service messages of Telegram, which no person wrote.
_SERVICE = (
    "new_chat_members",
    "left_chat_member",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "group_chat_created",
    "supergroup_chat_created",
    "new_chat_title",
    "new_chat_photo",
)


def read_update(raw: Mapping[str, Any]) -> Incoming:
    """Read one raw update; an unreadable one is OTHER, in chat 0."""
    if (message := _part(raw, "message")) is not None:
        return _message(message, UpdateKind.MESSAGE)
    if (message := _part(raw, "edited_message")) is not None:
        return _message(message, UpdateKind.EDIT)
    if (query := _part(raw, "callback_query")) is not None:
        person = _number(_part(query, "from"), "id")
        if not person:
            return OTHER
        return Incoming(
            UpdateKind.TAP,
            person,
            person,
            _name(query),
            _number(_part(query, "message"), "message_id"),
            _text(_part(query, "message"), "text"),
            query=_text(query, "id"),
            data=_text(query, "data"),
        )
    if (change := _part(raw, "my_chat_member")) is not None:
        chat = _part(change, "chat")
        if not _number(chat, "id"):
            return OTHER
        return Incoming(
            UpdateKind.MEMBER,
            _number(chat, "id"),
            _number(_part(change, "from"), "id"),
            _name(change),
            status=_text(_part(change, "new_chat_member"), "status"),
            content=_text(chat, "type"),
        )
    return OTHER


def _message(message: Mapping[str, Any], kind: UpdateKind) -> Incoming:
    chat = _part(message, "chat")
    chat_id = _number(chat, "id")
    if not chat_id:
        return OTHER
    text = message.get("text")
    text = text if isinstance(text, str) else None
    number = _number(message, "message_id")
    person = _number(_part(message, "from"), "id")
    if _text(chat, "type") != "private":
        if kind is UpdateKind.EDIT or any(name in message for name in _SERVICE):
            return Incoming(UpdateKind.OTHER, chat_id)
        return Incoming(UpdateKind.GROUP, chat_id, person, message=number, text=text)
    if not person or not number or (text is None and any(name in message for name in _SERVICE)):
        return Incoming(UpdateKind.OTHER, chat_id)
    file = _file(message if text is None else _part(message, "reply_to_message"))
    content = ""
    if text is None:
        kinds = (what for key, what in _CONTENTS.items() if message.get(key))
        content = "file" if file is not None else next(kinds, "other")
    selected = _text(_part(message, "quote"), "text")
    return Incoming(
        kind,
        chat_id,
        person,
        _name(message),
        number,
        text,
        _number(_part(message, "reply_to_message"), "message_id"),
        content,
        file,
        _photo(message),
        _text(message, "caption"),
        _text(message, "media_group_id"),
        about=selected or _text(_part(message, "reply_to_message"), "text"),
    )


def _file(message: Mapping[str, Any] | None) -> File | None:
    document = _part(message, "document")
    if document is None or message is None or "animation" in message:
        return None
    return File(
        _text(document, "file_id"), _text(document, "file_name"), _number(document, "file_size")
    )


def _photo(message: Mapping[str, Any]) -> str:
    """The id of the largest size of a photo, "" for none; a picture may come as a file."""
    document = _part(message, "document")
    if document is not None and _text(document, "mime_type").startswith("image/"):
        return _text(document, "file_id")
    sizes = message.get("photo")
    last = sizes[-1] if isinstance(sizes, list) and sizes else None
    return _text(last, "file_id") if isinstance(last, dict) else ""


def _part(raw: Mapping[str, Any] | None, key: str) -> Mapping[str, Any] | None:
    part = raw.get(key) if raw is not None else None
    return part if isinstance(part, dict) else None


def _number(raw: Mapping[str, Any] | None, key: str) -> int:
    number = raw.get(key) if raw is not None else None
    # Both databases count to 2⁶³; Telegram's ids have at most 52 bits.
    return number if isinstance(number, int) and -(2**62) < number < 2**62 else 0


def _text(raw: Mapping[str, Any] | None, key: str) -> str:
    text = raw.get(key) if raw is not None else None
    return text if isinstance(text, str) else ""


def _name(raw: Mapping[str, Any]) -> str:
    """The sender's name at Telegram, in characters that both databases can hold."""
    person = _part(raw, "from")
    parts = (_text(person, "last_name"), _text(person, "first_name"))
    name = "".join(parts) if all(_is_chinese(part) for part in parts) else " ".join(parts[::-1])
    if not name.isprintable():  # also no half characters
        name = "".join(c for c in name if c.isprintable())
    return name.strip()[:60]


def _is_chinese(text: str) -> bool:
    return all("\u4e00" <= c <= "\u9fff" for c in text)
