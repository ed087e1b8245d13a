"""
Reads a Containerfile, and tells which files `.dockerignore` leaves to a builder.

Only the parts of both languages that our files use are read; anything else is an error.
"""

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

KNOWN = {
    *("ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "FROM", "HEALTHCHECK"),
    *("RUN", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
}


@dataclass(frozen=True, slots=True)
class Instruction:
    name: str
    words: str


def stages(file: Path) -> list[list[Instruction]]:
    """
    The instructions of each stage; a stage begins with its FROM.
    """
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    found: list[list[Instruction]] = []
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if not line.strip():
            continue
        name, _, words = line.partition(" ")
        assert name in KNOWN, line
        if name == "FROM":
            found.append([])
        found[-1].append(Instruction(name, words))
    return found


def all_of(stage: Iterable[Instruction], name: str) -> list[str]:
    return [instruction.words for instruction in stage if instruction.name == name]


def only(stage: Iterable[Instruction], name: str) -> str:
    (words,) = all_of(stage, name)
    return words


def environment(stage: Iterable[Instruction]) -> dict[str, str]:
    pairs = [pair for words in all_of(stage, "ENV") for pair in shlex.split(words)]
    return dict(pair.split("=", 1) for pair in pairs)


def taken_in(ignore: Path, paths: Iterable[str]) -> set[str]:
    """
    The paths that reach the builder; the last rule that fits a path or a folder above it decides.
    """
    rules = [
        (line.startswith("!"), _pattern(line.lstrip("!")))
        for line in ignore.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    taken = set()
    for path in paths:
        parts = path.split("/")
        above = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
        fits = [kept for kept, pattern in rules if any(map(pattern.fullmatch, above))]
        if not fits or fits[-1]:
            taken.add(path)
    return taken


def _pattern(rule: str) -> re.Pattern[str]:
    assert not re.search(r"[?\[\\]|\s$", rule), rule
    pieces = re.split(r"(\*\*/|\*)", rule.strip("/"))
    meant = {"**/": "(?:.*/)?", "*": "[^/]*"}
    return re.compile("".join(meant.get(piece) or re.escape(piece) for piece in pieces))
