"""
A sentence of the bot may be changed without touching a test, but for the golden dialogues.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

# What a person sees or taps in a test is named by its constant, too.
LOOKS = {"sees", "sees_next", "does_not_see", "shows", "taps", "tap", "presses", "raises"}
EXAMPLE = "雷鸣镇人民政府"


def texts(*nodes: ast.AST) -> Iterator[tuple[int, str]]:
    """
    Every text of a tree, with its line.
    """
    for node in nodes:
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.lineno, part.value


def said(*folders: str) -> str:
    """
    Every text in the modules of some folders, but for lines to be typed.
    """
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    every = (text for file in files for _, text in texts(ast.parse(file.read_text())))
    return "\n".join(text for text in every if not text.startswith("nianbao "))


def compared(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """
    The texts that assertions and looks compare with.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield from texts(node.test)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in LOOKS:
            yield from texts(*node.args, *node.keywords)


def sentences(file: Path, wording: str, form: str) -> Iterator[str]:
    """
    Texts of a test with four characters in a row that are the bot's wording and no form's.
    """
    for line, text in compared(ast.parse(file.read_text())):
        for piece in re.findall(r"[\u4e00-\u9fff]{4,}", text):
            if piece in wording and piece not in form:
                yield f"{file.name}:{line}:{text}"


def test_no_assertion_repeats_a_sentence_of_the_wording():
    """
    It names the constant or function of `conversations/wording/`, or the key and the figures.
    """
    wording = said("conversations/wording", "bot").replace(EXAMPLE, "")
    form = said("conversations/form", "conversations/document")

    found = [
        sentence
        for file in sorted((ROOT / "tests").rglob("*.py"))
        for sentence in sentences(file, wording, form)
    ]

    assert [] == found


def test_a_repeated_sentence_is_seen(tmp_path: Path):
    """
    In an assertion or a look; what is typed, and what the form says, may stand.
    """
    file = tmp_path / "test_made_up.py"
    file.write_text(
        'assert "甲乙丙丁" in shown\nperson.sees("甲乙丙丁")\n'
        'person.says("甲乙丙丁")\nassert "戊己庚辛" in shown\n'
    )

    found = list(sentences(file, wording="甲乙丙丁，戊己庚辛", form="戊己庚辛"))

    assert [f"{file.name}:{line}" for line in (1, 2)] == [one.rpartition(":")[0] for one in found]
