"""The chat for programs: one JSON object per line, in and out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from bot.cli import frame
from bot.cli.conversation import TO_SWITCH, Conversation, NotDone
from bot.files.unreadable import UnreadableFile
from conversations.talk.cards import card
from conversations.talk.effects import Deliver, Draw, Say, ShowPhoto
from conversations.talk.events import Event, Opened, Tapped
from conversations.talk.triggers import knows_button
from conversations.wording import door as words
from conversations.wording.pictures import CHARTS

WANTED = '每行一个对象：{"text": …}、{"tap": …} 或 {"file": …}'


def run_jsonl(conversation: Conversation, lines: Iterable[str], out: TextIO) -> int:
    """Answer every line with the messages of one turn; returns the exit code."""
    _write_turn(conversation, out, Opened())
    for line in lines:
        event = _event_of(line, conversation)
        if isinstance(event, str):
            _write(out, {"error": event, "done": True})
        else:
            _write_turn(conversation, out, event)
    return frame.FINE if conversation.finished else frame.UNFINISHED


def _event_of(line: str, conversation: Conversation) -> Event | str:
    """The event of a line, or what is wrong with the line."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return "这一行不是 JSON"
    if not isinstance(data, dict) or len(data) != 1:
        return WANTED
    ((key, value),) = data.items()
    if key not in ("text", "tap", "file") or not isinstance(value, str):
        return f"{WANTED}，值是字符串"
    if key == "tap":
        known = knows_button(conversation.session, value) or value.startswith(TO_SWITCH)
        return Tapped(value) if known else f"没有这个按钮：{value[:70]}"
    try:
        return conversation.read(value) if key == "text" else conversation.read(file=Path(value))
    except (UnreadableFile, ValueError) as error:
        return str(error)


def _write_turn(conversation: Conversation, out: TextIO, event: Event) -> None:
    """Every message of one turn, the last marked as done."""
    try:
        handled, written = conversation.take(event)
    except NotDone as error:
        _write(out, {"error": str(error), "done": True})
        return
    messages: list[dict[str, Any]] = []
    files = iter(written)
    for effect in handled.effects:
        if isinstance(effect, Deliver):
            path, final = next(files)
            messages.append(_message(f"📄 {path.name}", document=str(path), final=final))
        elif isinstance(effect, Draw):
            messages.append(_message(f"{CHARTS[effect.chart]}：{next(files)[0]}"))
        elif isinstance(effect, ShowPhoto):
            messages.append(_message(words.PHOTO_ON_TELEGRAM))
        elif isinstance(effect, Say):
            messages.append(_message(effect.text, effect))
    if not messages or not (messages[-1]["asks"] or messages[-1]["buttons"]):
        said = card(handled.session)
        messages.append(_message(said.text, said))
    messages[-1]["done"] = True
    for message in messages:
        _write(out, message)


def _message(
    text: str, said: Say | None = None, *, document: str | None = None, final: bool = False
) -> dict[str, Any]:
    rows = said.buttons if said else ()
    return {
        "text": text,
        "buttons": [[{"id": button.id, "label": button.label} for button in row] for row in rows],
        "asks": list(said.asks) if said else [],
        "document": document,
        "final": final,
    }


def _write(out: TextIO, message: dict[str, Any]) -> None:
    out.write(frame.as_json(message))
    out.flush()
