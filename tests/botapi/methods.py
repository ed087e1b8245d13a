"""
The methods of the Bot API, each as strict as Telegram: `do_send_message` is sendMessage.
"""

from __future__ import annotations

import re
import time
from typing import Any

from tests.botapi.calls import Call
from tests.botapi.errors import ApiError, bad
from tests.botapi.known import CHAT_ACTIONS, REACTIONS
from tests.botapi.messages import Message, read_markup
from tests.botapi.people import Person
from tests.botapi.state import QUERY_LIFE, Chat, File, State, document_json, photo_json
from tests.botapi.text import CAPTION_LIMIT, MESSAGE_LIMIT, Formatted, formatted, units

MEGABYTE = 1024 * 1024
OUT_LIMIT = 50 * MEGABYTE
IN_LIMIT = 20 * MEGABYTE
PHOTO_LIMIT = 10 * MEGABYTE

SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


class Methods(State):
    """
    Everything but receiving updates.
    """

    # ---- the bot itself ------------------------------------------------------------------

    def do_get_me(self, _call: Call) -> dict[str, Any]:
        return self.user_json(self.bot_id) | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def do_log_out(self, _call: Call) -> bool:
        return True

    def do_close(self, _call: Call) -> bool:
        return True

    def do_set_my_commands(self, call: Call) -> bool:
        commands = call.parameters.get("commands")
        if not isinstance(commands, list) or len(commands) > 100:
            raise bad("can't parse list of bot commands")
        for one in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", one.get("command", "")):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= units(one.get("description", "")) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[self._scope(call)] = commands
        return True

    def do_delete_my_commands(self, call: Call) -> bool:
        self.commands.pop(self._scope(call), None)
        return True

    def do_get_my_commands(self, call: Call) -> list[dict[str, str]]:
        return self.commands.get(self._scope(call), [])

    def _scope(self, call: Call) -> tuple[str, str]:
        scope = call.parameters.get("scope") or {"type": "default"}
        kind = scope.get("type")
        if kind not in SCOPES or not all(scope.get(name) for name in SCOPES[kind]):
            raise bad("can't parse BotCommandScope: Unsupported type specified")
        if chat := scope.get("chat_id"):
            self._chat(chat)
            kind = f"{kind}:{chat}"
        return str(kind), _language(call)

    def commands_of(self, person: Person, group: bool = False) -> list[dict[str, str]]:
        """
        The menu a person sees: the narrowest scope wins, then the person's language.
        """
        chain = [f"chat:{person.id}", "all_private_chats", "default"]
        if group:
            chain = ["all_group_chats", "default"]
        for scope in chain:
            for language in (person.language.partition("-")[0], ""):
                if (scope, language) in self.commands:
                    return self.commands[scope, language]
        return []

    def do_set_my_description(self, call: Call) -> bool:
        return self._set_text(call, "description", 512)

    def do_set_my_short_description(self, call: Call) -> bool:
        return self._set_text(call, "short_description", 120)

    def do_set_my_name(self, call: Call) -> bool:
        return self._set_text(call, "name", 64)

    def do_get_my_description(self, call: Call) -> dict[str, str]:
        return {"description": self.texts.get(("description", _language(call)), "")}

    def do_get_my_short_description(self, call: Call) -> dict[str, str]:
        return {"short_description": self.texts.get(("short_description", _language(call)), "")}

    def do_get_my_name(self, call: Call) -> dict[str, str]:
        return {"name": self.texts.get(("name", _language(call)), "年报助手")}

    def _set_text(self, call: Call, name: str, limit: int) -> bool:
        text = str(call.parameters.get(name, ""))
        if units(text) > limit:
            raise bad(f"bot {name.replace('_', ' ')} is too long")
        self.texts[name, _language(call)] = text
        return True

    def do_set_chat_menu_button(self, call: Call) -> bool:
        button = call.parameters.get("menu_button") or {"type": "default"}
        if button.get("type") not in ("default", "commands", "web_app"):
            raise bad("can't parse menu button")
        return True

    # ---- chats ---------------------------------------------------------------------------

    def do_get_chat(self, call: Call) -> dict[str, Any]:
        return self._chat(call.parameters.get("chat_id")).as_json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": {
                "unlimited_gifts": False,
                "limited_gifts": False,
                "unique_gifts": False,
                "premium_subscription": False,
                "gifts_from_channels": False,
            },
        }

    def do_get_chat_member(self, call: Call) -> dict[str, Any]:
        chat = self._chat(call.parameters.get("chat_id"))
        user = integer(call, "user_id", 0)
        if user not in chat.people and user != self.bot_id:
            raise bad("user not found")
        return {"status": "member", "user": self.user_json(user, chat)}

    def do_leave_chat(self, call: Call) -> bool:
        self._chat(call.parameters.get("chat_id")).blocked = True
        return True

    def do_send_chat_action(self, call: Call) -> bool:
        chat = self._open_chat(call)
        action = str(call.parameters.get("action", ""))
        if action not in CHAT_ACTIONS:
            raise bad("wrong parameter action in request")
        chat.actions.append(action)
        return True

    def _chat(self, chat_id: Any) -> Chat:
        try:
            return self.chats[int(chat_id)]
        except (KeyError, ValueError, TypeError):
            raise bad(
                "chat not found" if chat_id not in (None, "") else "chat_id is empty"
            ) from None

    def _open_chat(self, call: Call, weight: int = 0) -> Chat:
        """
        The chat of a call that wants to be seen there; counts it against the rates.
        """
        chat = self._chat(call.parameters.get("chat_id"))
        if chat.migrated_to:
            raise bad(
                "group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.migrated_to,
            )
        if chat.gone:
            raise ApiError(403, "Forbidden: user is deactivated")
        if chat.blocked:
            raise ApiError(
                403,
                "Forbidden: bot was blocked by the user"
                if chat.kind == "private"
                else f"Forbidden: bot was kicked from the {chat.kind} chat",
            )
        if not chat.started:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
        if self.limits and weight:
            self.limits.count(chat.id, time.monotonic(), weight)
        return chat

    # ---- sending -------------------------------------------------------------------------

    def do_send_message(self, call: Call) -> dict[str, Any]:
        chat = self._open_chat(call, weight=1)
        text = self._text(call, "text", "entities", MESSAGE_LIMIT)
        if not text.text:
            raise bad("message text is empty")
        return self._sent(call, chat, text=text.text, entities=text.entities)

    def _text(self, call: Call, name: str, entities: str, limit: int) -> Formatted:
        given = call.parameters
        text = given.get(name, "")
        if not isinstance(text, str):
            raise bad(f"can't parse {name}: String expected")
        mode = given.get("parse_mode")
        return formatted(text, mode, given.get(entities), limit)

    def _sent(self, call: Call, chat: Chat, **content: Any) -> dict[str, Any]:
        markup, rows = read_markup(call.parameters.get("reply_markup"), chat.id, chat.last + 1)
        reply = call.parameters.get("reply_parameters") or {}
        quoted = int(reply.get("message_id") or call.parameters.get("reply_to_message_id") or 0)
        if quoted and (quoted not in chat.messages or chat.messages[quoted].deleted):
            if not reply.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
            quoted = 0
        message = self.new_message(
            chat, self.bot_id, markup=markup, rows=rows, reply_to=quoted or None, **content
        )
        return self.message_json(message)

    def do_send_document(self, call: Call) -> dict[str, Any]:
        chat = self._open_chat(call, weight=1)
        file = self._file_of(call, call.parameters.get("document"), "document", OUT_LIMIT)
        return self._sent(call, chat, **self._caption(call), **self._document(file))

    def do_send_photo(self, call: Call) -> dict[str, Any]:
        chat = self._open_chat(call, weight=1)
        file = self._file_of(call, call.parameters.get("photo"), "photo", PHOTO_LIMIT)
        return self._sent(call, chat, **self._caption(call), **self._photo(file))

    def do_send_media_group(self, call: Call) -> list[dict[str, Any]]:
        media = call.parameters.get("media")
        if not isinstance(media, list) or not 2 <= len(media) <= 10:
            raise bad("wrong number of media in the album: 2 to 10 are allowed")
        kinds = {one.get("type") for one in media}
        if not kinds <= {"photo", "document"} or len(kinds) > 1:
            raise bad("can't mix these media in an album")
        chat = self._open_chat(call, weight=len(media))
        album = {"media_group_id": str(self.new_id())}
        made = []
        for one in media:
            limit = PHOTO_LIMIT if one["type"] == "photo" else OUT_LIMIT
            file = self._file_of(call, one.get("media"), one["type"], limit)
            caption = formatted(one.get("caption", ""), one.get("parse_mode"), None, CAPTION_LIMIT)
            content = self._photo(file) if one["type"] == "photo" else self._document(file)
            made.append({"text": caption.text, "entities": caption.entities, **content})
        return [self._sent(call, chat, extra=album, **one) for one in made]

    def _caption(self, call: Call) -> dict[str, Any]:
        found = self._text(call, "caption", "caption_entities", CAPTION_LIMIT)
        return {"text": found.text, "entities": found.entities}

    def _file_of(self, call: Call, value: Any, name: str, limit: int) -> File:
        way = name
        if isinstance(value, str) and value.startswith("attach://"):
            name = value.removeprefix("attach://")
            value = None
        if value in self.files:
            if self.files[value].way != way:
                raise bad("type of file mismatch")
            return self.files[value]
        if value or name not in call.files:
            raise bad(
                "wrong file identifier/HTTP URL specified"
                if value
                else f"there is no {name} in the request"
            )
        upload = call.files[name]
        if not upload.content:
            raise bad("file must be non-empty")
        if len(upload.content) > limit:
            raise ApiError(413, "Request Entity Too Large")
        return self.keep(upload, way)

    @staticmethod
    def _document(file: File) -> dict[str, Any]:
        return {
            "kind": "document",
            "file_name": file.name,
            "file": file.content,
            "content": {"document": document_json(file)},
        }

    @staticmethod
    def _photo(file: File) -> dict[str, Any]:
        return {
            "kind": "photo",
            "file": file.content,
            "content": {"photo": [photo_json(file)]},
        }

    def do_get_file(self, call: Call) -> dict[str, Any]:
        file = self.files.get(str(call.parameters.get("file_id", "")))
        if file is None:
            raise bad("invalid file_id")
        if len(file.content) > IN_LIMIT:
            raise bad("file is too big")
        return {
            "file_id": file.id,
            "file_unique_id": f"u{file.id[-8:]}",
            "file_size": len(file.content),
            "file_path": file.path,
        }

    # ---- changing what was sent ----------------------------------------------------------

    def do_edit_message_text(self, call: Call) -> dict[str, Any]:
        chat, message = self._own(call)
        text = self._text(call, "text", "entities", MESSAGE_LIMIT)
        if not text.text:
            raise bad("message text is empty")
        if message.kind != "text":
            raise bad("there is no text in the message to edit")
        return self._edited(call, chat, message, text)

    def do_edit_message_caption(self, call: Call) -> dict[str, Any]:
        chat, message = self._own(call)
        if message.kind == "text":
            raise bad("there is no caption in the message to edit")
        text = self._text(call, "caption", "caption_entities", CAPTION_LIMIT)
        return self._edited(call, chat, message, text)

    def do_edit_message_reply_markup(self, call: Call) -> dict[str, Any]:
        chat, message = self._own(call)
        return self._edited(call, chat, message, Formatted(message.text, message.entities))

    def _own(self, call: Call) -> tuple[Chat, Message]:
        chat = self._open_chat(call, weight=1)
        message = chat.messages.get(integer(call, "message_id", 0))
        if message is None or message.deleted:
            raise bad("message to edit not found")
        if not message.from_bot:
            raise bad("message can't be edited")
        return chat, message

    def _edited(self, call: Call, chat: Chat, message: Message, text: Formatted) -> dict[str, Any]:
        markup, rows = read_markup(call.parameters.get("reply_markup"), chat.id, message.id)
        if markup and "inline_keyboard" not in markup:
            raise bad("inline keyboard expected")
        same = (text.text, text.entities) == (message.text, message.entities)
        if same and rows == message.rows:
            raise bad(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        if not same:
            message.history.append(message.text)
        message.text, message.entities = text.text, text.entities
        message.markup, message.rows = markup, rows
        message.edited += 1
        message.edit_date = int(time.time())
        return self.message_json(message)

    def do_delete_message(self, call: Call) -> bool:
        chat = self._open_chat(call)
        message = chat.messages.get(integer(call, "message_id", 0))
        if message is None or message.deleted:
            raise bad("message to delete not found")
        if time.time() - message.date > 48 * 3600:
            raise bad("message can't be deleted for everyone")
        if not message.from_bot and chat.kind != "private":
            raise bad("message can't be deleted")
        message.deleted = True
        return True

    def do_delete_messages(self, call: Call) -> bool:
        chat = self._open_chat(call)
        for number in call.parameters.get("message_ids") or []:
            if message := chat.messages.get(int(number)):
                message.deleted = True
        return True

    def do_answer_callback_query(self, call: Call) -> bool:
        query = self.queries.get(str(call.parameters.get("callback_query_id", "")))
        text = str(call.parameters.get("text", ""))
        if units(text) > 200:
            raise bad("MESSAGE_TOO_LONG")
        if query is None or query.answered or time.monotonic() - query.at > QUERY_LIFE:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        query.answered = True
        query.text = text
        query.alert = call.parameters.get("show_alert") is True
        return True

    def do_set_message_reaction(self, call: Call) -> bool:
        chat = self._open_chat(call)
        message = chat.messages.get(integer(call, "message_id", 0))
        if message is None or message.deleted:
            raise bad("message to react not found")
        reactions = call.parameters.get("reaction") or []
        if not isinstance(reactions, list) or len(reactions) > 1:
            raise bad("REACTIONS_TOO_MANY")
        for one in reactions:
            emoji = str(one.get("emoji", "")).replace("\ufe0f", "")
            if one.get("type") != "emoji" or emoji not in REACTIONS:
                raise bad("REACTION_INVALID")
        message.reactions = tuple(one["emoji"] for one in reactions)
        return True

    def do_pin_chat_message(self, call: Call) -> bool:
        self._own(call)
        return True

    def do_unpin_chat_message(self, call: Call) -> bool:
        self._open_chat(call)
        return True


def integer(call: Call, name: str, default: int) -> int:
    value = call.parameters.get(name, default)
    try:
        return int(value)
    except (TypeError, ValueError):
        raise bad(f"can't parse {name}: Number expected") from None


def _language(call: Call) -> str:
    language = str(call.parameters.get("language_code", ""))
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language code specified")
    return language
