"""
The three published reports, filled in on a phone: the file is the terminal's, byte for byte.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.wording import talk as say
from tests.bot.doors import FINISHED, nianbao
from tests.bot.telegram.door import Door
from tests.bot.test_examples_played import (
    LEIMING,
    NAMES,
    SCRIPT,
    SCRIPTS,
    Step,
    Tap,
    as_lines,
    check_document,
    check_values,
    example,
)
from tests.botapi import Person


async def fill(office: Door, person: Person, steps: Iterator[Step]) -> None:
    """
    Do it, waiting for the bot each time as a person does.
    """
    for step in steps:
        seen = len(office.server.called("sendMessage"))
        if isinstance(step, Tap):
            await person.taps(step.label)
            owed = 1
        else:
            before = len(person.chat)
            await person.says(step)
            owed = sum(not one.from_bot for one in person.chat[before:])
        await office.server.until(
            lambda seen=seen, owed=owed: len(office.server.called("sendMessage")) >= seen + owed,  # type: ignore[misc]
            f"an answer to {step}",
            10,
        )
        await office.server.handled()
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("name", NAMES)
async def test_an_example_is_filled_in_on_the_phone(
    office: Door, name: str, examples: Path, tmp_path: Path
):
    """
    From the link to the final document, which equals the one of the terminal's chat.
    """
    report = example(examples, name)
    organ, year = report["organ"], report["year"]
    if name == LEIMING:
        lines = [line for line in SCRIPT.read_text("utf-8").splitlines() if line[:2] != "//"]
        steps = iter(leiming_steps(lines))
    else:
        lines = list(as_lines(SCRIPTS[name](report), report))
        steps = SCRIPTS[name](report)
    person = await office.joins("王芳", organ, year=year)

    await fill(office, person, steps)
    await office.server.until(lambda: person.documents, "the document")

    sent = office.server.called("sendDocument")[-1]
    (file,) = sent.files.values()
    assert f"{organ}{year}年政府信息公开工作年度报告.docx" == file.name
    out = tmp_path / "out"
    done = await asyncio.to_thread(
        nianbao,
        "chat",
        "--organ",
        organ,
        "--year",
        str(year),
        "--data",
        tmp_path / "terminal",
        "--out",
        out,
        typed="\n".join(lines),
    )
    assert FINISHED == done.returncode
    (document,) = out.iterdir()
    assert document.read_bytes() == file.content
    check_document(document, report)
    await office.stop()
    check_values(office.data, report, name, **office.database)


def leiming_steps(lines: list[str]) -> Iterator[Step]:
    """
    The lines of the clerk's script as they are done on a phone: texts in one piece.
    """
    text: list[str] = []
    for line in lines:
        if line == say.DONE_TEXT:
            yield "\n".join(text)
            text = []
            yield Tap(line)
        elif text or line.startswith(("2023年，", "（一）")):
            text.append(line)
        elif "/" in line:
            yield line.replace(" / ", "\n")
        elif line.isdigit():
            yield line
        else:
            yield Tap(line)
