"""
Texts as Telegram takes them: cleaned, trimmed, counted in UTF-16, marked up in strict HTML.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from tests.botapi.errors import bad

MESSAGE_LIMIT = 4096
CAPTION_LIMIT = 1024

# Tag → the entity it makes.
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}

_TOKEN = re.compile(r"<(?P<tag>[^<>]*)(?P<end>>?)|&(?P<entity>#x?[0-9a-fA-F]+|lt|gt|amp|quot);")
_START = re.compile(
    r"(?P<name>[a-z-]+)(?P<rest>(?:\s+[a-z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'))?)*)\s*"
)
_ATTRIBUTE = re.compile(r"([a-z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'))?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def units(text: str) -> int:
    """
    The length as Telegram counts it: UTF-16 code units.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """
    Control characters become blanks, carriage returns go.
    """
    return _CONTROL.sub(" ", text.replace("\r", "")).replace("\t", " ")


@dataclass(frozen=True)
class Formatted:
    text: str
    entities: tuple[dict[str, Any], ...] = ()


def formatted(text: str, parse_mode: str | None, entities: object, limit: int) -> Formatted:
    """
    The text a person sees and its entities; refuses what Telegram refuses.
    """
    match parse_mode:
        case None | "":
            found = Formatted(clean(text), tuple(_given_entities(entities)))
        case "HTML" | "html":
            found = parse_html(clean(text))
        case _:
            raise bad(f"unsupported parse_mode ({parse_mode}): this server reads HTML only")
    stripped = found.text.strip()
    if units(stripped) > limit:
        raise bad(
            "message is too long" if limit == MESSAGE_LIMIT else "message caption is too long"
        )
    if len(found.entities) > 100:
        raise bad("too many entities")
    cut = units(found.text[: len(found.text) - len(found.text.lstrip())])
    moved = tuple({**one, "offset": one["offset"] - cut} for one in found.entities)
    return Formatted(stripped, moved)


def _given_entities(entities: object) -> list[dict[str, Any]]:
    if entities in (None, ""):
        return []
    if not isinstance(entities, list):
        raise bad("can't parse entities: expected an Array")
    for one in entities:
        if not isinstance(one, dict) or not {"type", "offset", "length"} <= one.keys():
            raise bad("can't parse entities: malformed MessageEntity")
    return entities


def parse_html(source: str) -> Formatted:
    """
    Strict, as Telegram is: an unknown or unclosed tag is an error that names its place.
    """
    out: list[str] = []
    length = 0
    open_tags: list[tuple[str, int, dict[str, Any]]] = []
    entities: list[dict[str, Any]] = []
    position = 0

    def add(text: str) -> None:
        nonlocal length
        out.append(text)
        length += units(text)

    for token in _TOKEN.finditer(source):
        add(source[position : token.start()])
        position = token.end()
        offset = len(source[: token.start()].encode("utf-8", "replace"))
        if token["entity"] is not None:
            add(unescape(token[0]))
            continue
        tag = token["tag"]
        if not token["end"]:
            raise bad(f"can't parse entities: Unclosed start tag at byte offset {offset}")
        if tag.startswith("/"):
            entities += _close(tag[1:].strip().lower(), open_tags, length, offset)
        else:
            name, extra = _open(tag, offset)
            open_tags.append((name, length, extra))
    add(source[position:])
    if open_tags:
        name = open_tags[-1][0]
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{name}\"")
    return Formatted("".join(out), tuple(sorted(entities, key=lambda one: one["offset"])))


def _open(tag: str, offset: int) -> tuple[str, dict[str, Any]]:
    match = _START.fullmatch(tag.lower() if "=" not in tag else tag)
    name = match["name"] if match else tag.partition(" ")[0]
    if match is None or name not in TAGS:
        raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
    attributes = {key: one or two for key, one, two in _ATTRIBUTE.findall(match["rest"])}
    extra: dict[str, Any] = {}
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise bad(
            "can't parse entities: "
            f'Tag "span" must have class "tg-spoiler" at byte offset {offset}'
        )
    if name == "a":
        extra["url"] = unescape(attributes.get("href", ""))
    if name == "blockquote" and "expandable" in attributes:
        extra["type"] = "expandable_blockquote"
    return name, extra


def _close(
    name: str, open_tags: list[tuple[str, int, dict[str, Any]]], length: int, offset: int
) -> list[dict[str, Any]]:
    if not open_tags:
        raise bad(f"can't parse entities: Unexpected end tag at byte offset {offset}")
    started, start, extra = open_tags.pop()
    if name not in ("", started):
        raise bad(
            f"can't parse entities: Unmatched end tag at byte offset {offset}, "
            f'expected "</{started}>", found "</{name}>"'
        )
    if length == start or (started == "a" and not extra.get("url")):
        return []
    return [{"type": TAGS[started], "offset": start, "length": length - start, **extra}]


def found_entities(text: str) -> list[dict[str, Any]]:
    """
    What the server marks by itself in a person's message: commands, mentions, links.
    """
    kinds = (
        ("bot_command", r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@\w+)?"),
        ("mention", r"(?<!\S)@[A-Za-z0-9_]{3,32}"),
        ("url", r"https?://\S+"),
    )
    return [
        {
            "type": kind,
            "offset": units(text[: match.start()]),
            "length": units(match[0]),
        }
        for kind, pattern in kinds
        for match in re.finditer(pattern, text)
    ]


def pieces(text: str) -> list[str]:
    """
    How a client sends a long text: several messages, parted at line ends where it can.
    """
    parts: list[str] = []
    rest = text
    while units(rest) > MESSAGE_LIMIT:
        cut = MESSAGE_LIMIT
        while units(rest[:cut]) > MESSAGE_LIMIT:
            cut -= 1
        at_line = rest.rfind("\n", cut // 2, cut)
        cut = at_line if at_line > 0 else cut
        parts.append(rest[:cut])
        rest = rest[cut:]
    return [*parts, rest]


def is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https", "tg") and bool(parts.netloc or parts.path)
