"""
The conversation in a terminal, in a pipe, or as JSON lines.

A door only: it translates what is typed into events and prints what is said. Nothing
is kept in memory that the store does not have.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot import handle as desk
from bot.environment import setting
from bot.files.received import is_link
from bot.handle import Clock, Handled
from conversations.talk.cards import card
from conversations.talk.derived import gap_names, todo_findings
from conversations.talk.effects import Button, Deliver, DrawYears, MessageKind, Say
from conversations.talk.events import Commanded, Event, Opened, ReportRead, Tapped, Typed, Uploaded
from conversations.talk.machine import knows_button
from conversations.talk.session import Session
from conversations.wording import talk as wording
from storage.errors import StoreError
from storage.store import Store

PERSON = "terminal"
BEGUN = "chat_organ.txt"
ZONE = "Asia/Shanghai"
FINISHED, UNFINISHED, BAD_USAGE = 0, 3, 2


class Conversation:
    """One person's conversation over an open store, event by event."""

    def __init__(
        self,
        store: Store,
        data: Path,
        out: Path,
        organ: str = "",
        year: int = 0,
        door: str = "chat",
    ) -> None:
        """Go on with the report named, or with the last one where none is named."""
        self.store = store
        self.data = data
        self.out = out
        self.door = door
        self.zone = _zone(setting("NIANBAO_TIME_ZONE") or ZONE)
        clock = Clock.read(self.zone)
        self.session = Session(desk.FORM, clock.today, clock.stamp, PERSON, organ, year)
        self.report_id: int | None = None
        if not organ and not year:
            with store.read() as reader:
                current = reader.current(PERSON)
            if begun := self._begun():
                self.session = replace(self.session, organ=begun)
            elif current:
                organ, year = current
        if organ and year:
            with store.begin() as unit:
                self.report_id = unit.open_report(organ, year, now=clock.now, edition=desk.EDITION)
            (data / BEGUN).unlink(missing_ok=True)

    def take(self, event: Event) -> tuple[Handled, list[tuple[Path, bool]]]:
        """
        One event: stored first, then what is to be said, and the documents written.

        A document is on the disk before the report counts as finished.

        Raises:
            NotDone: It could not be stored or written; nothing has changed.
        """
        clock = Clock.read(self.zone)
        blank = replace(self.session, today=clock.today, now=clock.stamp)
        try:
            with self.store.begin() as unit:
                handled = desk.handle(unit, PERSON, self.report_id, event, clock, self.door, blank)
                written = [
                    self._write(handled.session, effect)
                    for effect in handled.effects
                    if isinstance(effect, Deliver | DrawYears)
                ]
        except StoreError as error:
            raise NotDone(str(error)) from error
        if handled.session.organ != self.session.organ and handled.report_id is None:
            self._remember(handled.session.organ)
        elif handled.report_id != self.report_id:
            (self.data / BEGUN).unlink(missing_ok=True)
        self.session = handled.session
        self.report_id = handled.report_id
        return handled, written

    def _write(self, session: Session, effect: Deliver | DrawYears) -> tuple[Path, bool]:
        """Make a document or picture in the folder for documents; whether it is final."""
        from bot.files import documents

        try:
            if isinstance(effect, DrawYears):
                return self._draw(session), False
            report = desk.document_of(session)
            name, content = documents.make(self.data, report, draft=not effect.final)
            return documents.write(self.out, name, content), effect.final
        except documents.TemplateError as error:
            raise NotDone(str(error)) from error
        except OSError as error:
            raise NotDone(f"文件没有写成：{self.out}：{error.strerror}。") from error

    def _draw(self, session: Session) -> Path:
        """The picture of the years in store, as SVG beside the documents."""
        from bot.files import documents
        from conversations.document.write.content import file_name
        from conversations.talk.year_on_year import picture_svg

        years = {year: report.answers for year, report in session.years.items()}
        drawn = picture_svg(years, session.form, session.organ)
        name = file_name(session.organ, session.year, extension="-历年对比.svg")
        return documents.write(self.out, name, drawn.encode())

    def _remember(self, organ: str) -> None:
        """Keep the organ where there is no report yet to keep it in."""
        from bot.files import documents

        try:
            documents.write(self.data, BEGUN, organ.encode())
        except OSError as error:
            raise NotDone(f"没有保存成功：{self.data}：{error.strerror}。") from error

    def _begun(self) -> str:
        """The organ that was named before the chat was cut off, while its year was not."""
        try:
            return (self.data / BEGUN).read_text("utf-8", errors="replace")
        except OSError:
            return ""

    @property
    def finished(self) -> bool:
        """Whether the final document is there and up to date."""
        return self.session.final and not self.session.changed

    def missing(self) -> str:
        """What the report still wants, in one sentence."""
        session = self.session
        if not session.organ or not session.year or self.report_id is None:
            return "年报还没有开始。"
        if session.final and session.changed:
            return wording.FINAL_STALE
        parts = []
        if names := gap_names(session):
            parts.append(wording.gaps(names))
        if found := todo_findings(session):
            parts.append(f"还有 {len(found)} 处检查没有处理。")
        return "年报还没有完成：" + ("".join(parts) or "还没有生成正式文件。")


class NotDone(Exception):  # noqa: N818 - says what became of the event
    """An event that changed nothing, and the sentence that says why."""


class BadZone(ValueError):  # noqa: N818 - says what the setting is
    """NIANBAO_TIME_ZONE names no time zone; the sentence is for the operator."""


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise BadZone(f"NIANBAO_TIME_ZONE 不是时区名：{name}，例如 {ZONE}。") from error


class NotText(Exception):  # noqa: N818 - says what the file is
    """An uploaded file that holds no text we can read; the sentence is for the clerk."""


def uploaded(path: Path) -> Uploaded | ReportRead:
    """
    A file as an event.

    Raises:
        NotText: It is no report and cannot be read as text.
    """
    from bot.files.received import event_of
    from bot.files.uploads import LIMIT, UploadError

    try:
        with path.open("rb") as file:
            return event_of(file.read(LIMIT + 1), path.name)
    except OSError as error:
        raise NotText(f"读不到文件 {path.name}：{error.strerror}") from error
    except UploadError as error:
        raise NotText(str(error)) from error


def linked(link: str) -> ReportRead:
    """
    A link as an event.

    Raises:
        NotText: It may not be fetched, or holds no report.
    """
    import asyncio

    from bot.files.received import allowed_hosts, event_of_link
    from bot.files.uploads import UploadError

    try:
        return asyncio.run(event_of_link(link, allowed_hosts()))
    except UploadError as error:
        raise NotText(str(error)) from error


# ------------------------------------------------------------------ JSON lines


def run_jsonl(conversation: Conversation, lines: IO[str], out: IO[str]) -> int:
    """The chat for programs: a JSON object a line, in and out."""
    _write_turn(conversation, out, Opened())
    for line in lines:
        event = _event_of(line, conversation.session)
        if isinstance(event, str):
            _write(out, {"error": event, "done": True})
        else:
            _write_turn(conversation, out, event)
    return FINISHED if conversation.finished else UNFINISHED


def _event_of(line: str, session: Session) -> Event | str:
    """The event a line describes, or what is wrong with the line."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return "这一行不是 JSON"
    if not isinstance(data, dict) or len(data) != 1:
        return '每行一个对象：{"text": …}、{"tap": …} 或 {"file": …}'
    ((key, value),) = data.items()
    if key not in ("text", "tap", "file") or not isinstance(value, str):
        return '每行一个对象：{"text": …}、{"tap": …} 或 {"file": …}，值是字符串'
    if key == "tap":
        return Tapped(value) if knows_button(session, value) else f"没有这个按钮：{value[:70]}"
    try:
        if key == "text":
            return linked(value) if is_link(value) else typed(value)
        return uploaded(Path(value))
    except (NotText, ValueError) as error:
        return str(error)


def typed(text: str) -> Event:
    """A message as an event: a command of the menu, or text."""
    stripped = text.strip()
    if stripped.startswith("/") and len(stripped) < 64 and stripped[1:2].isalpha():
        name, _, argument = stripped[1:].partition(" ")
        return Commanded(name, argument.strip())
    return Typed(text)


def _write_turn(conversation: Conversation, out: IO[str], event: Event) -> None:
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
        elif isinstance(effect, DrawYears):
            messages.append(_message(f"🖼 历年对比图：{next(files)[0]}"))
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
    buttons = said.buttons if said else ()
    return {
        "text": text,
        "buttons": [[{"id": one.id, "label": one.label} for one in row] for row in buttons],
        "asks": list(said.asks) if said else [],
        "document": document,
        "final": final,
    }


def _write(out: IO[str], message: dict[str, Any]) -> None:
    line = json.dumps(message, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        line = json.dumps(message)
    out.write(line + "\n")
    out.flush()


# -------------------------------------------------------------------- terminal

_STYLES = {
    MessageKind.CARD: "",
    MessageKind.CONTENTS: "",
    MessageKind.RESULT: "\033[32m",
    MessageKind.REFUSAL: "\033[33m",
    MessageKind.NOTE: "\033[36m",
}


# Blank and joining characters that do no harm to a terminal.
_SHOWN = "\n\t\u3000\u00a0\u200d"


class Screen:
    """What is printed: messages, and under them the buttons with their numbers."""

    def __init__(self, out: IO[str], *, colours: bool) -> None:
        """Write to `out`, in colours where it is a terminal."""
        self.out = out
        self.colours = colours
        self.buttons: list[Button] = []

    def line(self, text: str, style: str = "") -> None:
        """One message."""
        shown = "".join(c if c.isprintable() or c in _SHOWN else "�" for c in text)
        self.out.write(f"{style}{shown}\033[0m\n" if self.colours and style else f"{shown}\n")

    def turn(self, handled: Handled, written: list[tuple[Path, bool]]) -> None:
        """
        Everything one turn says, its buttons numbered from 1.

        The card's come first, whatever is said above it: `#1` is always the way on.
        """
        self.buttons = []
        said = [effect for effect in handled.effects if isinstance(effect, Say)]
        for message in (*said[-1:], *said[:-1]):
            self.buttons += self._offered(message)
        files = iter(written)
        for effect in handled.effects:
            if isinstance(effect, Deliver):
                path, final = next(files)
                name = "正式文件" if final else "草稿"
                self.line(f"📄 {name}：{path}", "\033[1;32m")
            elif isinstance(effect, DrawYears):
                self.line(f"🖼 历年对比图：{next(files)[0]}", "\033[1;32m")
            elif isinstance(effect, Say):
                self.say(effect)
        self.out.flush()

    def say(self, said: Say) -> None:
        """One message with its buttons; the 「修改」 of a result is left to the phone."""
        if said.kind is MessageKind.CARD:
            self.line("")
        self.line(said.text, _STYLES[said.kind])
        offered = self._offered(said)
        for row in said.buttons:
            shown = []
            for one in row:
                if one not in offered:
                    continue
                number = f"#{self.buttons.index(one) + 1}"
                shown.append(
                    f"\033[1;34m{number}\033[0m {one.label}"
                    if self.colours
                    else f"{number} {one.label}"
                )
            if shown:
                self.out.write("  " + "    ".join(shown) + "\n")

    def _offered(self, said: Say) -> list[Button]:
        """The buttons of a message that are numbered."""
        return [
            one
            for row in said.buttons
            for one in row
            if said.kind is not MessageKind.RESULT or one.label != wording.MODIFY
        ]

    def tapped(self, text: str) -> str | None:
        """The id of the button that `#3` or a label means."""
        label = text.strip()
        if label.startswith(("#", "＃")) and label[1:].strip().isdigit():
            number = int(label[1:])
            if 1 <= number <= len(self.buttons):
                return self.buttons[number - 1].id
            return None
        for one in self.buttons:
            if one.label == label and not label.isdigit():
                return one.id
        return None


def run_terminal(
    conversation: Conversation,
    read: Callable[[], Iterator[str]],
    out: IO[str],
    *,
    colours: bool,
    echo: bool = False,
) -> int:
    """A chat of lines: each line is one message, end of input ends it."""
    screen = Screen(out, colours=colours)
    _turn(conversation, screen, Opened())
    for line in read():
        text = line.rstrip("\r\n")
        if echo:
            screen.line(f"\n> {text}", "\033[1m")
        if not text.strip():
            continue
        button = screen.tapped(text)
        if button is not None:
            event: Event = Tapped(button)
        elif text.strip().startswith(("#", "＃")) and text.strip()[1:].strip().isdigit():
            screen.line("没有这个编号的按钮。", _STYLES[MessageKind.REFUSAL])
            continue
        elif (text.startswith("@") and Path(text[1:].strip()).is_file()) or is_link(text):
            try:
                event = linked(text) if is_link(text) else uploaded(Path(text[1:].strip()))
            except NotText as error:
                screen.line(str(error), _STYLES[MessageKind.REFUSAL])
                continue
        else:
            event = typed(text)
        _turn(conversation, screen, event)
    screen.line("")
    if conversation.finished:
        return FINISHED
    screen.line(conversation.missing(), _STYLES[MessageKind.REFUSAL])
    if conversation.session.organ:
        screen.line("已填的都保存好了，下次启动接着填。")
    out.flush()
    return UNFINISHED


def _turn(conversation: Conversation, screen: Screen, event: Event) -> None:
    try:
        screen.turn(*conversation.take(event))
    except NotDone as error:
        screen.line(str(error), _STYLES[MessageKind.REFUSAL])


def progress_line(session: Session) -> str:
    """For the foot of the terminal: whose report, and how far."""
    if not session.organ or not session.year:
        return "年报助手"
    gaps = len(session.gaps)
    rest = f"还有 {gaps} 处没填" if gaps else "全部填完"
    return f"{session.organ} {session.year}年度 · {rest} · /help 帮助 · Ctrl-D 离开"


def interactive_lines(conversation: Conversation) -> Iterator[str]:
    """Lines typed by a person, with history, editing, and progress at the foot."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory

    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(conversation.data / "chat_history")),
        bottom_toolbar=lambda: progress_line(conversation.session),
    )
    while True:
        try:
            yield session.prompt("› ")
        except KeyboardInterrupt:
            # What is half typed goes; an empty line ends the chat.
            if not session.default_buffer.text:
                return
        except EOFError:
            return


def piped_lines() -> Iterator[str]:
    """Lines from a pipe or a file."""
    try:
        yield from sys.stdin
    except KeyboardInterrupt:
        return
