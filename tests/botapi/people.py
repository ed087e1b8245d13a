"""
People with a phone: what they do, and what they then see.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from tests.botapi.calls import Upload
from tests.botapi.messages import Button, Message
from tests.botapi.state import Chat, Query, document_json, photo_json
from tests.botapi.text import found_entities, pieces

if TYPE_CHECKING:
    from tests.botapi.server import BotServer

# Seconds until what is waited for is given up: enough for a machine that does much else.
PATIENCE = 120.0  # seconds; a limit for what never comes, however busy the machine


class Tap:
    """
    A tap on a button, and how the bot answered it.
    """

    def __init__(self, server: BotServer, query: Query) -> None:
        self._server = server
        self.query = query

    @property
    def answered(self) -> bool:
        """
        False while the phone still shows the turning circle.
        """
        return self.query.answered

    @property
    def text(self) -> str:
        """
        The short notice over the chat, "" for none.
        """
        return self.query.text

    async def is_answered(self, timeout: float = PATIENCE) -> Tap:  # noqa: ASYNC109
        await self._server.until(lambda: self.answered, "the tap answered", timeout)
        return self


class Person:
    """
    Somebody who talks with the bot, alone or in a group.

    Every action returns what it made: the message (a long text: the list of them), the tap.
    """

    def __init__(
        self,
        server: BotServer,
        user_id: int,
        name: str,
        *,
        username: str | None = None,
        language: str = "zh-hans",
    ) -> None:
        self.server = server
        self.id = user_id
        self.name = name
        self.username = username
        self.language = language
        self._cleared: set[int] = set()

    def as_json(self) -> dict[str, Any]:
        found = {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": self.language,
        }
        return found | ({"username": self.username} if self.username else {})

    # ---- what the person sees ------------------------------------------------------------

    @property
    def _box(self) -> Chat:
        return self.server.chats[self.id]

    @property
    def chat(self) -> list[Message]:
        """
        The private chat as it looks now, oldest message first.
        """
        return [
            one
            for one in self._box.messages.values()
            if not one.deleted and one.id not in self._cleared
        ]

    @property
    def from_bot(self) -> list[Message]:
        return [one for one in self.chat if one.from_bot]

    @property
    def last(self) -> Message:
        """
        The bot's newest message.
        """
        assert self.from_bot, "the bot has said nothing"
        return self.from_bot[-1]

    @property
    def documents(self) -> list[Message]:
        return [one for one in self.from_bot if one.kind == "document"]

    @property
    def keyboard(self) -> list[str]:
        """
        The labels of the standing keyboard below the input line.
        """
        for one in reversed(self.from_bot):
            if one.markup and one.markup.get("remove_keyboard"):
                return []
            if one.markup and "keyboard" in one.markup:
                return [
                    key if isinstance(key, str) else key["text"]
                    for row in one.markup["keyboard"]
                    for key in row
                ]
        return []

    @property
    def commands(self) -> list[str]:
        return [one["command"] for one in self.server.commands_of(self)]

    @property
    def spinning(self) -> list[Tap]:
        """
        The taps that were never answered.
        """
        return [
            Tap(self.server, one)
            for one in self.server.queries.values()
            if one.person.id == self.id and not one.answered
        ]

    async def sees(
        self,
        *fragments: str,
        after: Message | None = None,
        timeout: float = PATIENCE,  # noqa: ASYNC109
    ) -> Message:
        """
        Wait for a message of the bot with all these fragments in its text, file name or labels.

        The newest one is returned; `after` leaves out that message and all before it.
        """

        def look() -> Message | None:
            for one in reversed(self.from_bot):
                if after and one.id <= after.id:
                    return None
                shown = "\n".join((one.text, one.file_name or "", *one.labels))
                if all(fragment in shown for fragment in fragments):
                    return one
            return None

        try:
            found = await self.server.until(look, "", timeout)
        except AssertionError:
            raise AssertionError(
                f"{self.name} does not see {fragments} within {timeout} s. The chat:\n{self}"
            ) from None
        assert isinstance(found, Message)
        return found

    async def sees_next(self, *fragments: str, timeout: float = PATIENCE) -> Message:  # noqa: ASYNC109
        """
        As `sees`, but only what came after the person's own last message.
        """
        own = [one for one in self.chat if not one.from_bot]
        return await self.sees(*fragments, after=own[-1] if own else None, timeout=timeout)

    async def sees_answered(self, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        await self.server.until(lambda: not self.spinning, "every tap answered", timeout)

    def does_not_see(self, fragment: str) -> None:
        found = [one for one in self.from_bot if fragment in one.text]
        assert not found, f"{self.name} sees {fragment!r}:\n{found[0]}"

    def __str__(self) -> str:
        return "\n".join(map(str, self.chat))

    # ---- what the person does ------------------------------------------------------------

    async def starts(self, payload: str = "") -> Message:
        """
        Press Start, or follow a link of the bot with this payload.
        """
        return await self.says(f"/start {payload}".strip())

    async def says(
        self,
        text: str,
        *,
        chat: Group | None = None,
        reply_to: Message | None = None,
        selected: str = "",
    ) -> Message:
        """
        Type a text. A client parts it where it is longer than one message may be.

        `selected` is the part of the message it replies to that was marked before.
        """
        made = [
            self._send(
                chat.chat if chat else self._box,
                text=piece.strip(),
                entities=tuple(found_entities(piece.strip())),
                reply_to=reply_to.id if reply_to else None,
                extra={"quote": {"text": selected, "position": 0}} if selected else {},
            )
            for piece in pieces(text)
        ]
        await asyncio.sleep(0)
        return made[-1]

    async def replies(self, to: Message, text: str, selected: str = "") -> Message:
        """
        Answer one particular message, or a part of it.
        """
        return await self.says(text, reply_to=to, selected=selected)

    async def edits(self, message: Message, text: str) -> Message:
        """
        Change an own message.
        """
        assert message.sender == self.id
        message.history.append(message.text)
        message.text = text
        message.entities = tuple(found_entities(text))
        message.edited += 1
        message.edit_date = int(time.time())
        self.server.push("edited_message", self.server.message_json(message))
        self.server.changed()
        await asyncio.sleep(0)
        return message

    async def taps(self, what: str | Button, message: Message | None = None) -> Tap:
        """
        Tap a button: by its label, in the newest message that has it (or in the given one), or
        a button kept from earlier, even if its message has changed or gone.
        """
        if isinstance(what, Button):
            return Tap(self.server, self.server.tap(self, what))
        shown = [message] if message else [one for one in reversed(self.from_bot) if one.rows]
        for one in shown:
            if any(what == label for label in one.labels):
                return await self.taps(one.button(what))
        for one in shown:
            if any(what in label for label in one.labels):
                return await self.taps(one.button(what))
        raise AssertionError(f"{self.name} sees no button {what!r}. The chat:\n{self}")

    async def presses(self, label: str) -> Message:
        """
        Press a key of the standing keyboard: it sends its label.
        """
        assert label in self.keyboard, f"no key {label!r} among {self.keyboard}"
        return await self.says(label)

    async def forges(self, data: str, message: Message | None = None) -> Tap:
        """
        Send callback data that no button has, as anybody may.
        """
        on = message or self.last
        return await self.taps(Button("?", on.id, on.chat, data))

    async def sends_file(
        self,
        name: str,
        content: bytes,
        *,
        kind: str = "application/octet-stream",
        caption: str = "",
    ) -> Message:
        file = self.server.keep(Upload(name, content, kind))
        return await self._sends(
            "document", {"document": document_json(file)}, text=caption, file_name=name
        )

    async def sends_photo(self, content: bytes = b"\xff\xd8\xff", caption: str = "") -> Message:
        file = self.server.keep(Upload("photo.jpg", content, "image/jpeg"), "photo")
        return await self._sends("photo", {"photo": [photo_json(file)]}, text=caption)

    async def sends_album(self, *contents: bytes) -> list[Message]:
        """
        Several photos at once: as many updates, joined by `media_group_id`.
        """
        album = {"media_group_id": str(time.monotonic_ns())}
        files = [
            self.server.keep(Upload("photo.jpg", one, "image/jpeg"), "photo") for one in contents
        ]
        return [
            await self._sends("photo", {"photo": [photo_json(file)]}, extra=album) for file in files
        ]

    async def sends_sticker(self, emoji: str = "👍") -> Message:
        return await self._sends(
            "sticker",
            {
                "sticker": _file("sticker")
                | {
                    "width": 512,
                    "height": 512,
                    "is_animated": False,
                    "is_video": False,
                    "type": "regular",
                    "emoji": emoji,
                }
            },
        )

    async def sends_voice(self, seconds: int = 3) -> Message:
        return await self._sends("voice", {"voice": _file("voice") | {"duration": seconds}})

    async def sends_video(self) -> Message:
        about = {"width": 320, "height": 240, "duration": 2}
        return await self._sends("video", {"video": _file("video") | about})

    async def sends_location(self) -> Message:
        where = {"latitude": 33.29, "longitude": 118.87}
        return await self._sends("location", {"location": where})

    async def sends_contact(self) -> Message:
        whom = {"phone_number": "+8613800000000", "first_name": self.name}
        return await self._sends("contact", {"contact": whom})

    async def sends_poll(self) -> Message:
        poll = {
            "id": "1",
            "question": "?",
            "options": [{"text": "1", "voter_count": 0, "persistent_id": "1"}],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
        return await self._sends("poll", {"poll": poll})

    async def forwards(self, text: str) -> Message:
        """
        Forward somebody else's message.
        """
        origin = {
            "type": "hidden_user",
            "date": int(time.time()) - 60,
            "sender_user_name": "某人",
        }
        message = self._send(self._box, text=text, extra={"forward_origin": origin})
        await asyncio.sleep(0)
        return message

    async def blocks(self) -> None:
        """
        Stop the bot: it is told, and can send nothing any more.
        """
        self._box.blocked = True
        self._membership("member", "kicked")

    async def unblocks(self) -> None:
        """
        Restart the bot in its profile; a client then sends /start by itself.
        """
        self._box.blocked = False
        self._membership("kicked", "member")
        await self.starts()

    async def leaves_telegram(self) -> None:
        self._box.gone = True

    async def deletes_chat(self) -> None:
        """
        Clear the chat on the phone: the bot does not learn of it.
        """
        self._cleared |= set(self._box.messages)

    def _membership(self, old: str, new: str) -> None:
        user = self.server.user_json(self.server.bot_id)

        def member(status: str) -> dict[str, Any]:
            until = {"until_date": 0} if status == "kicked" else {}
            return {"user": user, "status": status, **until}

        self.server.push(
            "my_chat_member",
            {
                "chat": self._box.as_json(),
                "from": self.as_json(),
                "date": int(time.time()),
                "old_chat_member": member(old),
                "new_chat_member": member(new),
            },
        )

    async def _sends(self, kind: str, content: dict[str, Any], **about: Any) -> Message:
        message = self._send(self._box, kind=kind, content=content, **about)
        await asyncio.sleep(0)
        return message

    def _send(self, chat: Chat, **content: Any) -> Message:
        assert not (chat.kind == "private" and chat.blocked), f"{self.name} has blocked the bot"
        chat.started = True
        message = self.server.new_message(chat, self.id, **content)
        if chat.kind == "private" or self._reaches_bot(chat, message):
            self.server.push("message", self.server.message_json(message))
        return message

    def _reaches_bot(self, chat: Chat, message: Message) -> bool:
        """
        Privacy mode: in a group the bot hears commands, mentions and replies to it.
        """
        quoted = chat.messages.get(message.reply_to or 0)
        name = self.server.username.lower()
        command, _, whom = message.text.partition(" ")[0].partition("@")
        return (
            bool(quoted and quoted.from_bot)
            or (command.startswith("/") and whom.lower() in ("", name))
            or f"@{name}" in message.text.lower()
        )


class Group:
    """
    A group chat with the bot in it.
    """

    def __init__(self, server: BotServer, chat: Chat) -> None:
        self.server = server
        self.chat = chat

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        return [one for one in self.chat.messages.values() if not one.deleted]

    @property
    def from_bot(self) -> list[Message]:
        return [one for one in self.messages if one.from_bot]

    async def shows(self, *fragments: str, timeout: float = PATIENCE) -> Message:  # noqa: ASYNC109
        """
        Wait for a message of the bot in the group.
        """

        def look() -> Message | None:
            for one in reversed(self.from_bot):
                if all(fragment in one.text for fragment in fragments):
                    return one
            return None

        found = await self.server.until(look, f"{fragments} in {self.chat.title}", timeout)
        assert isinstance(found, Message)
        return found

    async def adds_bot(self, by: Person) -> None:
        """
        Somebody adds the bot: a change of membership and a service message.
        """
        bot = self.server.user_json(self.server.bot_id)
        self.server.push(
            "my_chat_member",
            {
                "chat": self.chat.as_json(),
                "from": by.as_json(),
                "date": int(time.time()),
                "old_chat_member": {"user": bot, "status": "left"},
                "new_chat_member": {"user": bot, "status": "member"},
            },
        )
        message = self.server.new_message(
            self.chat, by.id, kind="service", content={"new_chat_members": [bot]}
        )
        self.server.push("message", self.server.message_json(message))

    async def anonymous_says(self, text: str) -> Message:
        """
        An administrator who hides behind the group: there is no usable sender.
        """
        message = self.server.new_message(
            self.chat,
            self.server.bot_id,
            text=text,
            entities=tuple(found_entities(text)),
        )
        message.from_bot = False
        message.extra = {
            "from": {
                "id": 1087968824,
                "is_bot": True,
                "first_name": "Group",
                "username": "GroupAnonymousBot",
            },
            "sender_chat": self.chat.as_json(),
        }
        self.server.push("message", self.server.message_json(message))
        return message

    async def migrates(self) -> Group:
        """
        The group becomes a supergroup: a new id, and the old one answers with it.
        """
        new = Chat(self.chat.id - 500_000, "supergroup", self.chat.title, started=True)
        new.people = self.chat.people
        self.server.chats[new.id] = new
        self.chat.migrated_to = new.id
        return Group(self.server, new)


def _file(name: str) -> dict[str, Any]:
    return {"file_id": f"CAAC{name}", "file_unique_id": f"u{name}", "file_size": 4096}
