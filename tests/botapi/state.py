"""
What the server remembers: chats with their messages, files, taps.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.botapi.calls import Upload
from tests.botapi.limits import Limits
from tests.botapi.messages import Message

if TYPE_CHECKING:
    from tests.botapi.people import Person

QUERY_LIFE = 15 * 60.0


@dataclass
class Query:
    """
    A tap on an inline button that waits for its answer.
    """

    id: str
    person: Person
    message: int
    chat: int
    data: str
    at: float
    answered: bool = False
    text: str = ""
    alert: bool = False


@dataclass
class Chat:
    id: int
    kind: str = "private"
    title: str = ""
    messages: dict[int, Message] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    blocked: bool = False
    gone: bool = False
    started: bool = False
    migrated_to: int | None = None
    actions: list[str] = field(default_factory=list)
    last: int = 0

    def as_json(self) -> dict[str, Any]:
        if self.kind != "private":
            return {"id": self.id, "type": self.kind, "title": self.title}
        person = self.people[self.id]
        found = {"id": self.id, "type": "private", "first_name": person.name}
        return found | ({"username": person.username} if person.username else {})


@dataclass
class File:
    id: str
    name: str
    content: bytes
    kind: str
    path: str
    way: str  # photo or document; it goes out again in no other


class State:
    """
    The bot's chats as Telegram keeps them.
    """

    def __init__(self, token: str, username: str, limits: Limits | None) -> None:
        self.token = token
        self.username = username
        self.bot_id = int(token.partition(":")[0])
        self.limits = limits
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, Query] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self._last_id = 0
        self._changed = asyncio.Event()

    def changed(self) -> None:
        """
        Wake everybody who waits for something to be seen.
        """
        self._changed.set()

    def new_message(self, chat: Chat, sender: int, **content: Any) -> Message:
        chat.last += 1
        message = Message(chat.last, chat.id, sender, int(time.time()), **content)
        message.from_bot = sender == self.bot_id
        chat.messages[message.id] = message
        self.changed()
        return message

    def message_json(self, message: Message) -> dict[str, Any]:
        chat = self.chats[message.chat]
        if message.deleted:
            return {"message_id": message.id, "chat": chat.as_json(), "date": 0}
        found: dict[str, Any] = {
            "message_id": message.id,
            "from": self.user_json(message.sender, chat),
            "chat": chat.as_json(),
            "date": message.date,
        }
        if message.edit_date:
            found["edit_date"] = message.edit_date
        if message.kind == "text":
            found["text"] = message.text
            if message.entities:
                found["entities"] = list(message.entities)
        elif message.text:
            found["caption"] = message.text
            if message.entities:
                found["caption_entities"] = list(message.entities)
        if message.reply_to is not None and message.reply_to in chat.messages:
            quoted = self.message_json(chat.messages[message.reply_to])
            quoted.pop("reply_to_message", None)
            found["reply_to_message"] = quoted
        if message.rows and message.markup:
            found["reply_markup"] = message.markup
        return found | message.content | message.extra

    def user_json(self, user: int, chat: Chat | None = None) -> dict[str, Any]:
        if user == self.bot_id:
            return {
                "id": self.bot_id,
                "is_bot": True,
                "first_name": "年报助手",
                "username": self.username,
            }
        if chat and user in chat.people:
            return chat.people[user].as_json()
        return self.chats[user].people[user].as_json()

    def keep(self, upload: Upload, way: str = "document") -> File:
        """
        Store a file that the bot, or a person, has sent in this way.
        """
        number = self.new_id()
        ending = upload.name.rpartition(".")[2] if "." in upload.name else "bin"
        file = File(
            f"BQACAgUAAxkBAAI{number}",
            upload.name,
            upload.content,
            upload.kind,
            f"documents/file_{number}.{ending if ending.isascii() else 'bin'}",
            way,
        )
        self.files[file.id] = file
        return file

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id


def document_json(file: File) -> dict[str, Any]:
    return {
        "file_id": file.id,
        "file_unique_id": f"u{file.id[-8:]}",
        "file_name": file.name,
        "mime_type": file.kind,
        "file_size": len(file.content),
    }


def photo_json(file: File) -> dict[str, Any]:
    return {
        "file_id": file.id,
        "file_unique_id": f"u{file.id[-8:]}",
        "width": 800,
        "height": 600,
        "file_size": len(file.content),
    }
