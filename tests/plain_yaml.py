"""
Reads the YAML that deploy/compose.yaml uses, without a library; anything else is an error.

It knows mappings and lists by indentation, anchors of mappings and `<<`, words, numbers, quoted
words and lists in one line.
"""

import json
import re
from typing import Any

KEY = re.compile(r"([\w<./-]+):(?: &(\w+))?(?: +(.+))?")


def read(text: str) -> Any:
    lines = [
        (len(line) - len(line.lstrip()), line.strip())
        for line in text.splitlines()
        if line.strip() and not line.strip().startswith("#")
    ]
    assert not any(re.search(r"\s#", line) for _, line in lines), "a comment has its own line"
    value = _block(lines, {})
    assert not lines, lines
    return value


def _block(lines: list[tuple[int, str]], anchors: dict[str, Any]) -> Any:
    """
    The value at the depth of the first line; its lines are removed from the list.
    """
    depth = lines[0][0]
    if lines[0][1].startswith("- "):
        items = []
        while lines and lines[0][0] == depth:
            items.append(_word(lines.pop(0)[1].removeprefix("- ")))
        return items
    mapping: dict[str, Any] = {}
    while lines and lines[0][0] == depth:
        line = lines.pop(0)[1]
        match = KEY.fullmatch(line)
        assert match, line
        key, anchor, word = match.groups()
        if key == "<<":
            mapping |= {**anchors[word.removeprefix("*")], **mapping}
            continue
        assert key not in mapping, f"twice: {key}"
        inner = lines and lines[0][0] > depth
        mapping[key] = _word(word) if word else _block(lines, anchors) if inner else None
        if anchor:
            anchors[anchor] = mapping[key]
    return mapping


def _word(word: str) -> Any:
    if word[0] in '["':
        return json.loads(word)
    assert word[0] not in "&*!{>|'", word
    if word.isdigit():
        return int(word)
    return {"true": True, "false": False}.get(word, word)
