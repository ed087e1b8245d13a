"""`nianbao standouts`: what stands out among the organs below one, and which texts are alike."""

from __future__ import annotations

import argparse
from typing import Any

from bot.cli import frame
from bot.cli.under import add_under, chosen
from bot.cli.values import value_as_json
from bot.county.comparing import Comparison, compare, remember
from conversations.checks.similar import among_similar
from conversations.reminders.tasks import newest_year
from conversations.wording import county_standing_out as wording

EXAMPLES = ("nianbao standouts --under 甲县人民政府 --year 2025",)
EXIT_CODES = frame.VIEW


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which organs, and which year."""
    add_under(parser, "看这个机关的下级")
    frame.add_year(parser, "报告年度")
    frame.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the lists, and store them for the organs' own reports; the exit code is 0."""
    year = options.year or newest_year(frame.now().date())
    with frame.open_store(options, reading=True) as store:
        with store.read() as reader, frame.working():
            organ_id, under = chosen(reader, options.under)
            found = compare(reader, organ_id, year)
        remember(store, found)
    if options.json:
        frame.say_json(as_json(found, under))
    else:
        frame.say(_as_text(found, under))
    return frame.FINE


def as_json(found: Comparison, under: str) -> dict[str, Any]:
    """
    Both lists for programs.

    `middle` is the median of the `count` others, `low` to `high` the range of most of them; with
    `last`, the organ's own figure of the year before, they are the values expected from the others'
    change. Of a pair the first has fewer sentences: `of` them count, `same` are in both.
    """
    return {
        "under": under,
        "year": found.year,
        "compared": found.count,
        "standouts": [
            {
                "organ": found.organs[each.report_id].organ,
                "cell": each.cell,
                **{
                    name: value_as_json(each.cell, getattr(each.similar, name))
                    for name in ("value", "middle", "low", "high")
                },
                "count": each.similar.count,
                "last": None
                if each.similar.last is None
                else value_as_json(each.cell, each.similar.last),
                "message": among_similar(found.form(each.report_id), each.cell, each.similar),
            }
            for each in found.standouts
        ],
        "alike": [
            {
                "organs": [pair.shorter.organ, pair.longer.organ],
                "section": pair.item,
                "of": pair.of,
                "same": list(pair.same),
            }
            for pair in found.alike
        ],
    }


def _as_text(found: Comparison, under: str) -> str:
    lines = [
        wording.title(under, found.year),
        wording.count_line(found.count, len(found.standouts)),
    ]
    for number, each in enumerate(found.standouts, 1):
        organ, form = found.organs[each.report_id].organ, found.form(each.report_id)
        lines.append(wording.organ_lines(number, organ, form, [each]))
    lines += ["", wording.alike_title(under, found.year)]
    for pair in found.alike:
        lines.append(wording.same_sentences(pair, found.form(pair.shorter.report_id)))
    if not found.alike:
        lines.append(wording.NO_ALIKE)
    return "\n".join(lines) + "\n"
