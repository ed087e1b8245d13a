"""
`nianbao sum`: the sum of the organs below one, what is missing, what differs.

The exit code is always 0. A given correction is stored.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from bot.cli import frame
from bot.cli.under import add_under, chosen
from bot.cli.values import findings_as_json, value_as_json
from bot.county.sum_sheets import as_xlsx
from bot.county.summing import county_sum, make_correction
from conversations.county.correcting import NotCorrected, Wish, read_cell, read_wish
from conversations.county.sum_text import as_text
from conversations.county.summing import CountySum, Group
from conversations.form import Form, form_to_fill_in
from conversations.form.model import CellId
from conversations.reminders.tasks import newest_year
from conversations.wording import county_summing as wording

EXAMPLES = (
    "nianbao sum --under 甲县人民政府 --year 2025 --xlsx 汇总.xlsx",
    "nianbao sum --under 甲县人民政府 --year 2025 --correct '新收 自然人=-1' --reason 重复",
)
EXIT_CODES = frame.VIEW


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which sum, the output, and what to correct."""
    add_under(parser, "汇总它的下级")
    frame.add_report(parser)
    frame.add_json(parser)
    parser.add_argument("--xlsx", type=Path, metavar="文件", help="另存为表格")
    parser.add_argument(
        "--correct", metavar="格=±N", help="更正一格，例如 '新收 自然人=-1'；「格=」为撤销"
    )
    parser.add_argument("--reason", default="", metavar="原因", help="更正的原因")


def run(options: argparse.Namespace) -> int:
    """Print the sum, with the given correction."""
    name = options.under or options.organ
    if not name:
        raise frame.Refused(wording.WHICH)
    if options.under and options.organ and options.under != options.organ:
        raise frame.Refused(wording.TWO_ORGANS)
    if options.reason and options.correct is None:
        raise frame.Refused(wording.ONLY_A_REASON)
    year = options.year or newest_year(frame.now().date())
    said = ""
    if options.correct is None:
        with (
            frame.open_store(options, reading=True) as store,
            store.read() as reader,
            frame.working(),
        ):
            total = county_sum(reader, *chosen(reader, name), year)
        _write(options, total)
    else:
        wish = _wish(options.correct, options.reason, form_to_fill_in(year))
        with frame.open_store(options) as store, store.begin() as unit:
            organ_id, under = chosen(unit, name)
            total = county_sum(unit, organ_id, under, year)
            try:
                total = make_correction(
                    unit, organ_id, total, wish, by=frame.PERSON, at=frame.now()
                )
            except NotCorrected as error:
                raise frame.Refused(str(error)) from error
            # Before the correction is stored: a refused command changes nothing.
            _write(options, total)
        said = _said(wish, total) + "\n"
    if options.json:
        frame.say_json(sum_as_json(total))
    else:
        frame.say(said + as_text(total))
    return frame.FINE


def _wish(text: str, reason: str, form: Form) -> Wish:
    """
    «CELL=±N» with its reason; no id contains a sign.

    Raises:
        Refused: It cannot be read.
    """
    name, equals, amount = text.rpartition("=")
    try:
        if not equals:
            return read_wish(text, form, reason=reason)
        cell = read_cell(name, form)
        if amount.strip() in ("", wording.TAKE_BACK):
            return Wish(cell, None)
        return read_wish(amount, form, cell, reason)
    except NotCorrected as error:
        raise frame.Refused(str(error)) from error


def _said(wish: Wish, total: CountySum) -> str:
    result = total.result[wish.cell]
    if wish.amount is None:
        return wording.taken_back(wish.cell, result)
    return wording.corrected(wish.cell, wish.amount, wish.reason, result)


def _write(options: argparse.Namespace, total: CountySum) -> None:
    if options.xlsx is not None:
        frame.write_results(options.xlsx, as_xlsx(total))


def sum_as_json(total: CountySum) -> dict[str, Any]:
    """The sum for programs: figures as in `show --json`."""
    return {
        "organ": total.organ,
        "year": total.year,
        "edition": total.form.edition,
        "cells": {cell: value_as_json(cell, value) for cell, value in total.cells.items()},
        "organs": [addend.name for addend in total.addends],
        "missing": [missing.organ.organ for missing in total.missing],
        "not_added": [
            {"cell": cell, "why": why} for cell in total.cells if (why := total.why_not(cell))
        ],
        "findings": findings_as_json(total.findings),
        "why_missing": [
            {
                "organ": missing.organ.organ,
                "why": missing.why.value,
                "gaps": dict(missing.gaps),
            }
            for missing in total.missing
        ],
        "unfinished": [addend.name for addend in total.unfinished],
        "excused": [organ.organ for organ in total.excused],
        "wrong": [
            {"organ": addend.name, "findings": findings_as_json(findings)}
            for addend, findings in total.wrong
        ],
        "own_part": [addend.name for addend in total.addends if addend.group is Group.OWN],
        "groups": _groups(total),
        "corrections": [
            {
                "cell": cell,
                "amount": value_as_json(cell, correction.amount),
                "reason": correction.reason,
                "by": correction.by,
                "at": correction.at.isoformat(timespec="seconds"),
            }
            for cell, correction in total.corrections.items()
        ],
        "result": {cell: value_as_json(cell, value) for cell, value in total.result.items()},
        "own": None
        if total.own is None
        else {cell: value_as_json(cell, value) for cell, value in total.own.items()},
        "differences": [
            {
                "cell": found.cell,
                "own": value_as_json(found.cell, found.own),
                "sum": value_as_json(found.cell, total.cells[found.cell]),
                "result": value_as_json(found.cell, found.result),
                "gap": value_as_json(found.cell, found.gap),
            }
            for found in total.differences
        ],
    }


def _groups(total: CountySum) -> dict[str, dict[CellId, int | str]]:
    """The parts of the sum by kind of organ, for figures other than 0."""
    groups: dict[str, dict[CellId, int | str]] = {}
    for cell in total.cells:
        for group, value in total.bridge(cell).parts.items():
            told = groups.setdefault(group.value, {})
            if value:
                told[cell] = value_as_json(cell, value)
    return groups
