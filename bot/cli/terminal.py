"""The chat on a screen of lines: messages, numbered buttons, typed answers."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from bot.cli import frame
from bot.cli.conversation import TO_SWITCH, Conversation, NotDone
from bot.files.unreadable import UnreadableFile
from bot.handle import Handled
from conversations.talk.derived import remaining
from conversations.talk.effects import Button, Deliver, Draw, MessageKind, Say, ShowPhoto
from conversations.talk.events import Event, Opened, Tapped
from conversations.talk.session import Place, State
from conversations.wording import door as words
from conversations.wording import talk as wording
from conversations.wording.ledger import TABLE as EMPTY_TABLE
from conversations.wording.pictures import CHARTS
from conversations.wording.sign_off import SUBMITTED_FILE

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

# States that take only words for buttons: there a number means a button.
_BUTTONS_ONLY = {
    State.YEAR,
    State.CONTENTS,
    State.ROWS,
    State.TABLE,
    State.REVIEW,
    State.RESTART,
    State.DONE,
    State.SIGN_OFF,
}
_NOT_IN_LABELS = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]+")
_MARK_BEFORE = re.compile(r"^(?:[一二三四五六七八九十]+、|[^\w ]+ ?|0 )")
_SHORTEST_BEGINNING = 2  # characters of a label

LEAVE = "Ctrl-D 离开"


class TerminalScreen:
    """The printed messages, with their numbered buttons below."""

    def __init__(self, out: TextIO, *, colours: bool) -> None:
        """Write to `out`, in colours if it is a terminal."""
        self.out = out
        self.colours = colours
        self.buttons: list[Button] = []
        self.place: Place | None = None
        self.explained: set[str] = set()

    def line(self, text: str, style: str = "") -> None:
        """One message."""
        safe = frame.shown(text, frame.TEXT)
        self.out.write(f"{style}{safe}\033[0m\n" if self.colours and style else f"{safe}\n")

    def refuse(self, sentence: str) -> None:
        """Why something was not taken."""
        self.line(sentence, _STYLES[MessageKind.REFUSAL])

    def turn(self, handled: Handled, written: list[tuple[Path, bool]]) -> None:
        """
        Print everything of one turn, its buttons numbered from 1.

        The card's come first, whatever is printed above it: `#1` is always the way on. If an answer
        was refused and the same card is right above, it is not printed again.
        """
        said = [effect for effect in handled.effects if isinstance(effect, Say)]
        place = handled.session.place
        refused = any(message.kind is MessageKind.REFUSAL for message in said)
        repeated = said[-1] if refused and place == self.place else None
        self.place = place
        if repeated is None:
            self.buttons = [
                button for message in (*said[-1:], *said[:-1]) for button in _numbered(message)
            ]
        files = iter(written)
        for effect in handled.effects:
            if isinstance(effect, Deliver):
                path, final = next(files)
                what = EMPTY_TABLE if effect.table else "正式文件" if final else "草稿"
                what = SUBMITTED_FILE if effect.version and not final else what
                what = words.FORM_NAMES.get(effect.form, what)
                self.line(f"📄 {what}：{path}", _FILE)
            elif isinstance(effect, Draw):
                self.line(f"{CHARTS[effect.chart]}：{next(files)[0]}", _FILE)
            elif isinstance(effect, ShowPhoto):
                self.line(words.PHOTO_ON_TELEGRAM, _STYLES[MessageKind.NOTE])
            elif isinstance(effect, Say) and effect is not repeated:
                self._say(effect)
        if self.buttons:
            self._explain(words.PRESS_BY_NUMBER)
        if handled.session.place.state is State.NARRATIVE:
            self._explain(words.SEND_FILE)
        self.out.flush()

    def _explain(self, how: str) -> None:
        """Explain how something is done, the first time it is possible."""
        if how not in self.explained:
            self.explained.add(how)
            self.line(how, _STYLES[MessageKind.NOTE])

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

    def tapped(self, text: str, *, bare: bool) -> str | None:
        """
        The id of the button that a number or a label means, also by the beginning of its label if
        unique; "" for an invalid number, None for other text.

        `bare` says that a number alone means a button.
        """
        label = text.strip()
        number = label.lstrip("#＃").strip()
        if number.isdecimal() and (bare or label != number):
            place = int(number) if len(number) < 4 else 0
            if 1 <= place <= len(self.buttons):
                return self.buttons[place - 1].id
            return "" if label != number else None
        named = {button.label: button.id for button in reversed(self.buttons)}
        if label in named and not label.isdigit():
            return named[label]
        said = _NOT_IN_LABELS.sub("", label)
        if len(said) < _SHORTEST_BEGINNING or said.isdigit() or "\t" in text:
            return None
        plain = [
            (_NOT_IN_LABELS.sub("", form), id_)
            for known, id_ in named.items()
            for form in (known, _MARK_BEFORE.sub("", known))
        ]
        whole = {id_ for form, id_ in plain if form == said}
        begun = whole or {id_ for form, id_ in plain if form.startswith(said)}
        return begun.pop() if len(begun) == 1 else None


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
    quiet: bool = False,
) -> int:
    """
    A chat of lines: each line is one message, end of input ends it.

    `quiet`: at the end, what the report still lacks is not said.
    """
    screen = TerminalScreen(out, colours=colours)
    _show(conversation, screen, Opened())
    for line in lines:
        text = line.rstrip("\r\n")
        if echo:
            screen.line(f"\n> {text}", "\033[1m")
        if not text.strip():
            continue
        only = conversation.choosing or conversation.session.place.state in _BUTTONS_ONLY
        button = screen.tapped(text, bare=only)
        if button == "":
            screen.refuse(words.NO_SUCH_BUTTON)
            continue
        try:
            if button is not None:
                event: Event = Tapped(button)
            elif text.startswith("@") and Path(text[1:].strip()).is_file():
                event = conversation.read(file=Path(text[1:].strip()))
            else:
                event = conversation.read(text)
        except UnreadableFile as error:
            screen.refuse(str(error))
            continue
        _show(conversation, screen, event)
    screen.line("")
    if conversation.finished:
        return frame.FINE
    if not quiet:
        screen.refuse(conversation.missing())
    if conversation.session.organ:
        screen.line(words.KEPT)
    out.flush()
    return frame.UNFINISHED


def _show(conversation: Conversation, screen: TerminalScreen, event: Event) -> None:
    try:
        handled, written = conversation.take(event)
    except NotDone as error:
        screen.refuse(str(error))
    else:
        screen.turn(_with_switch(handled), written)


def _with_switch(handled: Handled) -> Handled:
    """The list of sections with the way to another report."""
    last = handled.effects[-1] if handled.effects else None
    if handled.session.place.state is not State.CONTENTS or not isinstance(last, Say):
        return handled
    if any(button.id.startswith(TO_SWITCH) for row in last.buttons for button in row):
        return handled
    switch = (Button(TO_SWITCH, words.SWITCH_REPORT),)
    shown = replace(last, buttons=(*last.buttons, switch))
    return replace(handled, effects=(*handled.effects[:-1], shown))


def _progress(conversation: Conversation) -> str:
    """For the foot of the terminal: the report, and its progress."""
    session = conversation.session
    if not session.organ or not session.year:
        return f"年报助手 · {LEAVE}"
    open_ = remaining(session, ())
    rest = wording.missing(open_, wants_wording=False) if open_.places else "全部填完"
    return f"{session.organ} {session.year}年度 · {rest} · /help 帮助 · {LEAVE}"


def typed_lines(conversation: Conversation) -> Iterator[str]:
    """Lines typed by a person, with history, editing, and progress at the foot."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    keys = KeyBindings()

    @keys.add("tab")
    def _(event: KeyPressEvent) -> None:
        """A tab parts two figures; where the terminal marks no pasting it is a key like others."""
        event.current_buffer.insert_text("\t")

    prompt: PromptSession[str] = PromptSession(
        history=FileHistory(str(conversation.data / "chat_history")),
        key_bindings=keys,
        bottom_toolbar=lambda: _progress(conversation),
    )
    while True:
        try:
            yield prompt.prompt("› ")
        except KeyboardInterrupt:
            # A half-typed line is dropped; an empty line ends the chat.
            if not prompt.default_buffer.text:
                return
        except EOFError:
            return


def piped_lines() -> Iterator[str]:
    """Lines from a pipe or a file; none without any input."""
    try:
        yield from sys.stdin or ()
    except KeyboardInterrupt:
        return
