"""The code of an invitation, in whatever way a phone writes it."""

from __future__ import annotations

import base64
import re
import secrets

_BYTES = 15
_LENGTH = 24  # characters of a code
_LONGEST = 500  # characters of a message that may hold one
_CODE = r"[A-Za-z0-9_-]"

# Full-width characters as plain ones; variants of hyphens; invisible characters.
_PLAIN = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((*range(0x200B, 0x2010), 0x2060, 0xFEFF)),
    0x3000: " ",
    0x2014: "--",
    0x2013: "-",
}
_LINK = re.compile(
    rf"(?:(?:t|telegram)\.(?:me|dog)/\w+/?\?|tg:/*resolve\?)(?:[^\s]*&)?start=({_CODE}+)",
    re.IGNORECASE,
)
_START = re.compile(r"/start(?:@\w+)?(?:\s+|$)", re.IGNORECASE)
_BARE = re.compile(rf"(?<!{_CODE}){_CODE}{{{_LENGTH}}}(?!{_CODE})")
# The link in a group carries this instead of a code.
GROUP_START = "go"


def new_code() -> str:
    """A code of small letters and digits: keyboards change capitals and hyphens."""
    return base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower()


def plain(text: str) -> str:
    """A message with the slash, letters and spaces of a command."""
    return text.translate(_PLAIN).strip()


def opened(text: str, username: str) -> tuple[str, ...]:
    """The possible codes in a link to our bot or in `/start`."""
    if len(text) > _LONGEST:
        return ()
    said = plain(text)
    if (link := _LINK.search(said)) and username.lower() in link[0].lower():
        code = link[1]
    elif start := _START.match(said):
        code = "".join(said[start.end() :].split())
    else:
        return ()
    return () if code.lower() in ("", GROUP_START) else _ways(code)


def named(text: str) -> tuple[str, ...]:
    """Possible codes in a message: alone, after the bot's name, or among a few words."""
    if len(text) > _LONGEST:
        return ()
    said = plain(text)
    bare = _BARE.search(said) or _BARE.fullmatch("".join(said.split()))
    return _ways(bare[0]) if bare else ()


def _ways(code: str) -> tuple[str, ...]:
    """The code as typed, with its first letter small, and all of it small."""
    return tuple(dict.fromkeys((code, code[:1].lower() + code[1:], code.lower())))
