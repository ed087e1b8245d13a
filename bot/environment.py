"""
The few settings that are needed before, or without, all the others.

`nianbao chat` wants its first question on the screen at once, so this reads the environment
and `.env` without pydantic. `settings.py` reads everything, and a test says that both see
the same.
"""

import os
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ENV_FILE = Path(".env")
DATA_DIR = "NIANBAO_DATA_DIR"
TOKEN = "TELEGRAM_BOT_TOKEN"  # noqa: S105 — the name of the setting
DEFAULT_DATA_DIR = Path("var")
DEFAULT_ZONE = "Asia/Shanghai"


class SettingsError(Exception):
    """A setting is wrong or missing: one sentence for the operator, without any value."""


def read_env_file() -> dict[str, str]:
    """
    What a `.env` file sets, as python-dotenv reads it; nothing where there is no file.

    Raises:
        SettingsError: It is a folder, is not UTF-8 text, or may not be read.
    """
    try:
        if not ENV_FILE.is_file() and not ENV_FILE.is_dir():
            return {}
        text = ENV_FILE.read_text("utf-8-sig")
    except (UnicodeDecodeError, OSError):
        raise SettingsError(
            "读不了 .env 文件：应为 UTF-8 编码的文本文件，并允许本程序读取。"
        ) from None
    from dotenv import dotenv_values

    values = dotenv_values(stream=StringIO(text))
    return {name: value for name, value in values.items() if value is not None}


def setting(name: str) -> str:
    """One setting as text; "" when it is not set. The environment goes before `.env`."""
    return os.environ.get(name) or read_env_file().get(name, "")


def data_dir() -> Path:
    """The folder of the reports: NIANBAO_DATA_DIR, else `var` where the program was started."""
    return Path(setting(DATA_DIR) or DEFAULT_DATA_DIR).expanduser()


def has_token() -> bool:
    """True when `nianbao run` should open the Telegram door."""
    return bool(setting(TOKEN).strip())


def time_zone() -> ZoneInfo:
    """
    The office's zone: NIANBAO_TIME_ZONE, else the whole country's.

    Raises:
        SettingsError: There is no zone of that name.
    """
    try:
        return zone_named(setting("NIANBAO_TIME_ZONE") or DEFAULT_ZONE)
    except ValueError as error:
        raise SettingsError(f"设置 NIANBAO_TIME_ZONE {error}。") from None


def zone_named(name: str) -> ZoneInfo:
    """
    A time zone by its name.

    Raises:
        ValueError: There is none; the text says what is wanted.
    """
    try:
        return ZoneInfo(name.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"应为时区名称，如 {DEFAULT_ZONE}") from None
