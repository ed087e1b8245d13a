"""
What the guides name is there: commands as they are written, pictures.
"""

import re
import shlex
from pathlib import Path

import pytest

from bot.__main__ import _options
from bot.county.door import VIEWS
from bot.task_door import COMMANDS
from conversations.wording import door as words
from tests.conftest import ROOT

DOCS = ROOT / "docs"
GUIDES = sorted(DOCS.glob("guide-*.md"))
LINES = [
    line.strip()
    for guide in GUIDES
    for line in guide.read_text("utf-8").splitlines()
    if line.strip().startswith(".venv/bin/nianbao ")
]
# Spoken by the conversation itself.
OF_THE_CONVERSATION = {"published", "share", "history"}


@pytest.mark.parametrize("line", LINES)
def test_a_line_for_the_terminal_is_one_the_program_takes(line: str):
    """
    Every option of it is known; what stands in brackets may be left out.
    """
    written = re.sub(r"[\[\]]", "", re.split(r" [#<>|] ", line)[0])

    assert _options(shlex.split(written)[1:]) is not None


@pytest.mark.parametrize("name", ["guide-staff.md", "guide-county.md"])
def test_a_command_of_the_chat_is_one_the_bot_knows(name: str):
    """
    Wherever it is written, also with something after it.
    """
    text = (DOCS / name).read_text("utf-8")
    named = set(re.findall(r"(?<![\w/.)])/([a-z]+)\b", text))
    views = {command for view in VIEWS.values() for command in view.COMMANDS}

    assert named
    known = {*words.COMMANDS, *words.ADMIN_COMMANDS, *COMMANDS, *views, *OF_THE_CONVERSATION}
    assert set() == named - known


@pytest.mark.parametrize(
    "page", [*DOCS.glob("*.md"), *ROOT.glob("*.md")], ids=lambda page: page.name
)
def test_a_link_leads_to_a_file_of_ours(page: Path):
    """
    From where the page lies; a section after it is not looked for.
    """
    links = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page.read_text("utf-8"))

    assert [] == [link for link in links if not (page.parent / link).exists()]


def test_every_picture_that_is_shown_is_there_and_none_besides():
    """
    In a guide or in the README.
    """
    texts = [guide.read_text("utf-8") for guide in (*GUIDES, ROOT / "README.md")]
    shown = set(re.findall(r'pictures/(\w+\.png)"', "".join(texts)))

    assert shown == {picture.name for picture in (DOCS / "pictures").iterdir()}
