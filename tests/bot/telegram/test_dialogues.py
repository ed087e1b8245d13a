"""
Two whole dialogues as they are read, from the first word to the last.

Everywhere else the tests compare keys and figures; here somebody reads every sentence in its
place. After a change of wording `make golden` writes both anew: what changed is then read in
the difference.
"""

import io
import os
from collections.abc import Awaitable
from pathlib import Path

import pytest
import time_machine

from bot.cli import demo, frame
from bot.cli.conversation import Conversation
from bot.cli.terminal import run_terminal
from conversations.wording import door as words
from conversations.wording import talk as say
from storage import Store
from tests.bot.telegram.door import ROOT, door
from tests.botapi import BotServer
from tests.botapi.messages import Message

GOLDEN = ROOT / "tests" / "golden"
ANEW = os.environ.get("NIANBAO_GOLDEN", "") == "anew"
MOMENT = "2026-01-12T09:00:00+08:00"


def compare(name: str, dialogue: str) -> None:
    """
    A dialogue with the kept one of its name, which it replaces where that is asked for.
    """
    kept = GOLDEN / name
    if ANEW:
        kept.write_text(dialogue, "utf-8")
    assert kept.read_text("utf-8") == dialogue, "where this is meant: make golden"


@pytest.fixture(autouse=True)
def january():
    """
    A Monday in the season.
    """
    with time_machine.travel(MOMENT):
        yield


def test_the_example_in_the_terminal(tmp_path: Path):
    """
    What `nianbao demo` shows, each line of the clerk behind its mark.
    """
    screen = io.StringIO()
    with Store.open(tmp_path) as store:
        chat = Conversation(store, tmp_path, tmp_path, demo.ORGAN, demo.YEAR)
        code = run_terminal(chat, demo.script(), screen, colours=False, echo=True)

    assert frame.FINE == code
    compare("dialogue_terminal.txt", screen.getvalue().replace(f"{tmp_path}/", ""))


async def test_a_beginning_on_the_phone(tmp_path: Path):
    """
    From the link to a draft: joining, zeros, a figure, what is refused, looking around.
    """
    lines: list[str] = []
    async with BotServer() as server, door(tmp_path / "data", server) as office:
        person = server.person("王芳")
        last = 0

        async def does(shown: str, action: Awaitable[object]) -> None:
            nonlocal last
            await action
            await office.rests()
            new = [message for message in person.from_bot if message.id > last]
            last = max((message.id for message in new), default=last)
            lines.extend([f"> {shown}", "", *(as_read(message) for message in new)])

        async def taps(label: str) -> None:
            await does(f"[{label}]", person.taps(label))

        async def types(text: str) -> None:
            await does(text, person.says(text))

        await does("/start …", person.starts(office.invitation()))
        await taps(words.JOIN)
        await types("2025")
        await taps(say.FIGURES_FIRST)
        await types("0 0")
        await taps(say.ZERO_REST)
        await taps(say.change("行政许可"))
        await types("295")
        await taps(say.NEXT)
        await types("3 1 0 0 0 0 5")
        await taps(say.take("4"))
        await types("行政处罚")
        await types("/status")
        await does("(sticker)", person.sends_sticker())
        await types("/restart")
        await taps(say.NO_RESTART)
        await types("/preview")
        await types("/help")

    compare("dialogue_phone.txt", "\n".join(lines))


def as_read(message: Message) -> str:
    """
    A message with its buttons, as a person reads it.
    """
    file = [f"<{message.file_name}>"] if message.file_name else []
    rows = [" ".join(map(str, row)) for row in message.rows]
    return "\n".join([*file, message.text, *rows, ""])
