"""
The few settings that are needed before, or without, all the others.

`nianbao chat` wants its first question on the screen at once and needs nothing but the data
folder, so this reads the environment and `.env` by hand. `config.py` reads everything, and a
test says that both see the same.
"""

import os
import re
from pathlib import Path

ENV_FILE = Path(".env")
DATA_DIR = "NIANBAO_DATA_DIR"
TOKEN = "TELEGRAM_BOT_TOKEN"  # noqa: S105 — the name of the setting
DEFAULT_DATA_DIR = Path("var")

# The grammar of python-dotenv, which pydantic-settings reads with.
_BLANK = r"[^\S\r\n]*"
_LINE = re.compile(
    rf"""^\s*? (?:export[^\S\r\n]+)? (?P<name>[^=\#\s'"]+) {_BLANK}=(?P<gap>{_BLANK}+)
    (?: (?: '(?P<single>(?:\\.|[^'\\])*)' | "(?P<double>(?:\\.|[^"\\])*)" )
        {_BLANK}+ (?P<garbage>[^\#\r\n][^\r\n]*)?
      | (?!['"]) (?P<plain>[^\r\n]*) )""",
    re.MULTILINE | re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"\s+#.*")
_VARIABLE = re.compile(r"\$\{(?P<name>[^}:]*)(?::-(?P<default>[^}]*))?\}")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "a": "\a", "v": "\v"}


def read_env_file(file: Path = ENV_FILE) -> dict[str, str]:
    """
    What a `.env` file sets: NAME=value lines, quotes allowed, `#` begins a comment.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        return {}
    found: dict[str, str] = {}
    for match in _LINE.finditer(text):
        if match["garbage"]:
            continue
        single, double, plain = match["single"], match["double"], match["plain"]
        if single is not None:
            value = re.sub(r"\\([\\'])", r"\1", single)
        elif double is not None:
            value = _ESCAPE.sub(_escaped, double)
        elif match["gap"] and plain.startswith("#"):
            value = ""
        else:
            value = _COMMENT.sub("", plain).rstrip()
        known = os.environ | found

        def filled(variable: re.Match[str], known: dict[str, str] = known) -> str:
            return known.get(variable["name"], variable["default"] or "")

        found[match["name"]] = _VARIABLE.sub(filled, value)
    return found


def _escaped(match: re.Match[str]) -> str:
    after = match[1]
    return after if after in "\\'\"" else _ESCAPES.get(after, match[0])


def setting(name: str) -> str:
    """
    One setting as text; "" when it is not set. The environment goes before `.env`.
    """
    return os.environ.get(name) or read_env_file().get(name, "")


def data_dir() -> Path:
    """
    The folder of the reports: NIANBAO_DATA_DIR, else `var` where the program was started.
    """
    return Path(setting(DATA_DIR) or DEFAULT_DATA_DIR)


def has_token() -> bool:
    """
    True when `nianbao run` should open the Telegram door.
    """
    return bool(setting(TOKEN).strip())
