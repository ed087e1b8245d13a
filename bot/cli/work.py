"""`nianbao work`: one more process that answers, beside those that receive updates."""

from __future__ import annotations

import argparse

from bot.cli import frame, serve
from bot.environment import setting

EXAMPLES = ("nianbao work",)
EXIT_CODES = serve.EXIT_CODES
NEEDS_POSTGRESQL = (
    "work 用于 PostgreSQL：SQLite 同一时刻只容一个进程写入，多开一个也不会更快。"
    "请用 serve；要多开进程，请先设 NIANBAO_DATABASE_URL。"
)


def add_options(_: argparse.ArgumentParser) -> None:
    """The settings say the rest."""


def run(options: argparse.Namespace) -> int:
    """
    Handle waiting updates and send the messages, without receiving.

    Raises:
        Refused: The store is an SQLite file.
    """
    if not setting("NIANBAO_DATABASE_URL").startswith("postgresql"):
        raise frame.Refused(NEEDS_POSTGRESQL)
    return serve.run_service(options, receives=False)
