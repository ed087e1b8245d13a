"""
A sentence of the bot may be changed without changing a test; golden dialogues are the exception.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

# Calls that look for what a person sees or taps; they must use the wording's constants, too.
LOOKS = {"sees", "sees_next", "does_not_see", "shows", "taps", "tap", "presses", "raises"}
EXAMPLE = "雷鸣镇人民政府"


def texts(*nodes: ast.AST) -> Iterator[tuple[int, str]]:
    """
    Every string in the trees, with its line.
    """
    for node in nodes:
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.lineno, part.value


def said(*folders: str) -> str:
    """
    Every string in the modules of some folders, without command lines.
    """
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    every = (text for file in files for _, text in texts(ast.parse(file.read_text())))
    return "\n".join(text for text in every if not text.startswith("nianbao "))


def compared(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """
    The strings in assertions and in calls that look for a text.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield from texts(node.test)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in LOOKS:
            yield from texts(*node.args, *node.keywords)


def sentences(file: Path, wording: str, form: str) -> Iterator[str]:
    """
    The strings in a test's assertions with four Chinese characters in a row that are the bot's
    wording and not the form's.
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
