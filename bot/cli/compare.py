"""
`nianbao compare`: the published report, a file or a link, against the approved one.

Without an approval, against the last final document. Exit code 0 equal, 1 different, 2 not
compared. Nothing is stored.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from bot.cli import frame, show
from bot.cli.importing import read_source
from bot.cli.values import value_as_json
from bot.files.received import is_link
from bot.files.unreadable import UnreadableFile
from bot.handle import final_of
from conversations.form import FORMS
from conversations.sign_off.compare import compare
from conversations.sign_off.comparison import Comparison, Result, not_compared
from conversations.wording import comparing as wording
from storage.stored import Stored

EXAMPLES = ("nianbao compare 公布的年报.html --organ 甲镇人民政府 --year 2025",)
EXIT_CODES = {
    frame.FINE: "一致",
    frame.FINDINGS: "不一致",
    frame.REFUSED: "没有比成：读不了，或还没有可比的文件",
}
RESULTS = {
    Result.EQUAL: frame.FINE,
    Result.DIFFERENT: frame.FINDINGS,
    Result.NOT_COMPARED: frame.REFUSED,
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """The published report, and the stored one."""
    parser.add_argument("source", metavar="文件或网址")
    frame.add_report(parser)
    frame.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the differences."""
    with frame.open_store(options, reading=True) as store:
        view = show.find(store, options.organ, options.year)
    if view is None and not options.json:
        raise frame.Refused(frame.NO_REPORT)
    if view is None:
        comparison = not_compared(frame.NO_REPORT)
    else:
        with frame.working():
            comparison = _compared(view.stored, options.source)
    if view is None or options.json:
        frame.say_json(comparison_as_json(comparison))
    else:
        approved = view.stored.sign_off.approval is not None
        word = wording.APPROVED if approved else wording.FINAL
        said = wording.told(comparison, FORMS[view.stored.edition], word, most=wording.ALL)
        frame.say(said + "\n")
    return RESULTS[comparison.result]


def _compared(stored: Stored, source: str) -> Comparison:
    ours = final_of(stored)
    if ours is None:
        return not_compared(wording.NOTHING_FINAL)
    try:
        return compare(ours, read_source(source, stored.year))
    except UnreadableFile as error:
        name = source if is_link(source) else Path(source).name
        return not_compared(f"{name}：{error}")


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """The result of a comparison; figures as in `show --json`."""
    return {
        "result": comparison.result.value,
        "cells": [
            {
                "cell": each.cell,
                "ours": value_as_json(each.cell, each.ours),
                "theirs": value_as_json(each.cell, each.theirs),
            }
            for each in comparison.cells
        ],
        "texts": [
            {"item": each.item, "ours": each.ours, "theirs": each.theirs}
            for each in comparison.texts
        ],
        "why": comparison.why,
    }
