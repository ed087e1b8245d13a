"""
What a clerk reads and taps to fill in the three examples: no times, only counts.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from conversations.wording import talk as say
from tests.bot.doors import Jsonl, Message
from tests.bot.telegram.test_examples_on_the_phone import leiming_steps
from tests.bot.test_examples_played import LEIMING, NAMES, SCRIPT, SCRIPTS, Step, example, perform
from tests.conftest import EXAMPLES


def run() -> None:
    """
    Acts of the clerk, then messages of the bot, their characters and their buttons.
    """
    if not EXAMPLES.exists():
        print("the examples are not there: nothing counted")
        return
    for name in NAMES:
        report = example(EXAMPLES, name)
        options = ("--organ", report["organ"], "--year", str(report["year"]))
        with tempfile.TemporaryDirectory() as folder, Jsonl(Path(folder) / "var", *options) as chat:
            said = perform(chat, steps_of(name, report))
            assert chat.document is not None
            print(f"{name}: {chat.sent} acts, {counted(said)}")


def steps_of(name: str, report: Message) -> Iterator[Step]:
    """
    What a hurried clerk does.
    """
    if name == LEIMING:
        lines = SCRIPT.read_text("utf-8").splitlines()
        return leiming_steps([line for line in lines if line[:2] != "//"])
    return SCRIPTS[name](report)


def counted(said: list[Message]) -> str:
    """
    In words.
    """
    buttons = [sum(len(row) for row in one["buttons"]) for one in said]
    every = [button for one in said for row in one["buttons"] for button in row]
    actions = sum(not chooses(button) for button in every)
    characters = sum(len(one["text"]) for one in said)
    labels = sum(len(button["label"]) for button in every)
    return (
        f"{len(said)} messages, {characters:,} characters, {sum(buttons)} buttons "
        f"with {labels:,} characters, {actions} of them no rows or sections to choose from, "
        f"at most {max(buttons)} on a card"
    )


def chooses(button: dict[str, str]) -> bool:
    """
    Whether a button is a row or a section to choose from.
    """
    return button["id"].startswith(("o:", "s:")) and button["label"] not in (
        say.MODIFY,
        say.WORDING,
    )
