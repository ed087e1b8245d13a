"""
The few settings that are needed before, or without, all the others.

`nianbao chat` should show its first question at once, so this reads the environment and `.env`
without pydantic. `settings.py` reads everything, and a test says that both read the same values.
"""

import os
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ENV_FILE = Path(".env")
DATA_DIR = "NIANBAO_DATA_DIR"
DATABASE_URL = "NIANBAO_DATABASE_URL"
TOKEN = "TELEGRAM_BOT_TOKEN"  # noqa: S105 — the name of the setting
DEFAULT_DATA_DIR = Path("var")
TEMPLATE = "template.docx"  # the office's own template, in the data folder
DEFAULT_ZONE = "Asia/Shanghai"
UNREADABLE = "读不了 .env 文件：应为 UTF-8 编码的文本文件，并允许本程序读取。"


class SettingsError(Exception):
    """A setting is wrong or missing: one sentence for the operator, without any value."""


def read_env_file() -> dict[str, str]:
    """
    The names and values in `.env`, as python-dotenv reads them; none without a file.

    Raises:
        SettingsError: It is a folder, is not UTF-8 text, may not be read, or has a line that is no
            setting.
    """
    try:
        if not ENV_FILE.is_file() and not ENV_FILE.is_dir():
            return {}
        text = ENV_FILE.read_text("utf-8-sig")
    except (UnicodeDecodeError, OSError):
        raise SettingsError(UNREADABLE) from None
    if "\0" in text:
        raise SettingsError(UNREADABLE)
    from dotenv import dotenv_values
    from dotenv.parser import parse_stream

    wrong = next((line.original.line for line in parse_stream(StringIO(text)) if line.error), 0)
    if wrong:
        raise SettingsError(f".env 第 {wrong} 行看不懂：应为「名称=值」，说明文字前加 #。")
    values = dotenv_values(stream=StringIO(text))
    return {name: value for name, value in values.items() if value is not None}


def setting(name: str) -> str:
    """One setting as text, "" if it is not set. The environment goes before `.env`."""
    return os.environ.get(name) or read_env_file().get(name, "")


def data_dir() -> Path:
    """
    The folder of the reports: NIANBAO_DATA_DIR, else `var` in the current folder.

    Raises:
        SettingsError: Its `~` names an unknown account.
    """
    try:
        return folder_named(setting(DATA_DIR) or str(DEFAULT_DATA_DIR))
    except ValueError as error:
        raise SettingsError(f"设置 {DATA_DIR} {error}。") from None


def folder_named(text: str) -> Path:
    """
    A folder by its path; `~` is a home folder.

    Raises:
        ValueError: `~` names an unknown account; the text says what is wanted.
    """
    try:
        return Path(text.strip()).expanduser()
    except RuntimeError:
        raise ValueError("应为文件夹，~ 后面没有这个账户") from None


def has_token() -> bool:
    """True when `nianbao run` should open the Telegram door."""
    return bool(setting(TOKEN).strip())


def time_zone() -> ZoneInfo:
    """
    The office's time zone: NIANBAO_TIME_ZONE, else that of the whole country.

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
