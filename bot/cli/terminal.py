"""The chat on a screen of lines: what is said, numbered buttons, and what is typed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from bot.cli import frame
from bot.cli.conversation import Conversation, NotDone, typed, uploaded
from bot.files.unreadable import UnreadableFile
from bot.handle import Handled
from conversations.talk.derived import remaining
from conversations.talk.effects import Button, Deliver, DrawYears, MessageKind, Say
from conversations.talk.events import Event, Opened, Tapped
from conversations.wording import talk as wording
from conversations.wording.ledger import TABLE as EMPTY_TABLE

_STYLES = {
    MessageKind.CARD: "",
    MessageKind.CONTENTS: "",
    MessageKind.RESULT: "\033[32m",
    MessageKind.REFUSAL: "\033[33m",
    MessageKind.COPY: "",
    MessageKind.NOTE: "\033[36m",
}
_FILE = "\033[1;32m"
_NUMBER = "\033[1;34m{}\033[0m"

# Blank and joining characters that do no harm to a terminal.

LEAVE = "Ctrl-D 离开"


class TerminalScreen:
    """What is printed: messages, and under them the buttons with their numbers."""

    def __init__(self, out: TextIO, *, colours: bool) -> None:
        """Write to `out`, in colours where it is a terminal."""
        self.out = out
        self.colours = colours
        self.buttons: list[Button] = []

    def line(self, text: str, style: str = "") -> None:
        """One message."""
        safe = frame.shown(text, frame.TEXT)
        self.out.write(f"{style}{safe}\033[0m\n" if self.colours and style else f"{safe}\n")

    def refuse(self, sentence: str) -> None:
        """Why something was not taken."""
        self.line(sentence, _STYLES[MessageKind.REFUSAL])

    def turn(self, handled: Handled, written: list[tuple[Path, bool]]) -> None:
        """
        Everything one turn says, its buttons numbered from 1.

        The card's come first, whatever is said above it: `#1` is always the way on.
        """
        said = [effect for effect in handled.effects if isinstance(effect, Say)]
        self.buttons = [
            button for message in (*said[-1:], *said[:-1]) for button in _numbered(message)
        ]
        files = iter(written)
        for effect in handled.effects:
            if isinstance(effect, Deliver):
                path, final = next(files)
                what = EMPTY_TABLE if effect.table else "正式文件" if final else "草稿"
                self.line(f"📄 {what}：{path}", _FILE)
            elif isinstance(effect, DrawYears):
                self.line(f"🖼 历年对比图：{next(files)[0]}", _FILE)
            elif isinstance(effect, Say):
                self._say(effect)
        self.out.flush()

    def _say(self, said: Say) -> None:
        if said.kind is MessageKind.CARD:
            self.line("")
        self.line(said.text, _STYLES[said.kind])
        numbered = _numbered(said)
        for row in said.buttons:
            labels = []
            for button in row:
                if button in numbered:
                    number = f"#{self.buttons.index(button) + 1}"
                    number = _NUMBER.format(number) if self.colours else number
                    labels.append(f"{number} {button.label}")
            if labels:
                self.out.write("  " + "    ".join(labels) + "\n")

    def tapped(self, text: str) -> str | None:
        """The id of the button that a label or a number means; "" for a number that is none."""
        label = text.strip()
        if label.startswith(("#", "＃")) and label[1:].strip().isdigit():
            number = int(label[1:])
            return self.buttons[number - 1].id if 1 <= number <= len(self.buttons) else ""
        for button in self.buttons:
            if button.label == label and not label.isdigit():
                return button.id
        return None


def _numbered(said: Say) -> list[Button]:
    """The buttons of a message that get a number; 「修改」 of a result is left to the phone."""
    return [
        button
        for row in said.buttons
        for button in row
        if said.kind is not MessageKind.RESULT or button.label != wording.MODIFY
    ]


def run_terminal(
    conversation: Conversation,
    lines: Iterable[str],
    out: TextIO,
    *,
    colours: bool,
    echo: bool = False,
) -> int:
    """A chat of lines: each line is one message, end of input ends it."""
    screen = TerminalScreen(out, colours=colours)
    _show(conversation, screen, Opened())
    for line in lines:
        text = line.rstrip("\r\n")
        if echo:
            screen.line(f"\n> {text}", "\033[1m")
        if not text.strip():
            continue
        button = screen.tapped(text)
        if button == "":
            screen.refuse("没有这个编号的按钮。")
            continue
        try:
            if button is not None:
                event: Event = Tapped(button)
            elif text.startswith("@") and Path(text[1:].strip()).is_file():
                event = uploaded(Path(text[1:].strip()))
            else:
                event = typed(text)
        except UnreadableFile as error:
            screen.refuse(str(error))
            continue
        _show(conversation, screen, event)
    screen.line("")
    if conversation.finished:
        return frame.FINE
    screen.refuse(conversation.missing())
    if conversation.session.organ:
        screen.line("已填的都保存好了，下次启动接着填。")
    out.flush()
    return frame.UNFINISHED


def _show(conversation: Conversation, screen: TerminalScreen, event: Event) -> None:
    try:
        screen.turn(*conversation.take(event))
    except NotDone as error:
        screen.refuse(str(error))


def _progress(conversation: Conversation) -> str:
    """For the foot of the terminal: whose report, and how far."""
    session = conversation.session
    if not session.organ or not session.year:
        return "年报助手"
    gaps = remaining(session, ()).places
    rest = f"还有 {gaps} 处没填" if gaps else "全部填完"
    return f"{session.organ} {session.year}年度 · {rest} · /help 帮助 · {LEAVE}"


def typed_lines(conversation: Conversation) -> Iterator[str]:
    """Lines typed by a person, with history, editing, and progress at the foot."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory

    prompt: PromptSession[str] = PromptSession(
        history=FileHistory(str(conversation.data / "chat_history")),
        bottom_toolbar=lambda: _progress(conversation),
    )
    while True:
        try:
            yield prompt.prompt("› ")
        except KeyboardInterrupt:
            # What is half typed goes; an empty line ends the chat.
            if not prompt.default_buffer.text:
                return
        except EOFError:
            return


def piped_lines() -> Iterator[str]:
    """Lines from a pipe or a file; none where there is no input at all."""
    try:
        yield from sys.stdin or ()
    except KeyboardInterrupt:
        return
