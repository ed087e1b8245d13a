"""`nianbao overview`: the progress of the organs below one with their reports of a year."""

from __future__ import annotations

import argparse
from typing import Any

from bot.cli import frame
from bot.cli.organs import LEVELS
from bot.cli.under import add_under, chosen
from bot.county import counting
from conversations.county.overview import Overview, errors, overview, published, source_of
from conversations.county.status import CountyOrgan
from conversations.form import form_to_fill_in
from conversations.reminders.tasks import newest_year
from conversations.wording import county_overview as wording
from storage.county import organs_below

EXAMPLES = ("nianbao overview --under 甲县人民政府 --year 2025",)
EXIT_CODES = frame.VIEW


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which organs, and which year."""
    add_under(parser, "看这个机关的下级")
    frame.add_year(parser, "报告年度")
    frame.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print it; the exit code is always 0."""
    today = frame.now().date()
    year = options.year or newest_year(today)
    with frame.open_store(options, reading=True) as store:
        with store.read() as reader:
            organ_id, under = chosen(reader, options.under)
            look = counting.counted(reader, frame.each(organs_below(reader, organ_id, year)))
        counting.remember(store, look.fresh)
    seen = overview(look.organs, year, today)
    if options.json:
        frame.say_json(as_json(seen, under))
    else:
        lines = [wording.title(under, year), wording.head_line(seen), ""]
        lines += wording.groups_text(seen) or [wording.NO_ORGANS]
        frame.say("\n".join(lines) + "\n")
    return frame.FINE


def as_json(seen: Overview, under: str) -> dict[str, Any]:
    """
    The overview for programs.

    `deadline` is that of most tasks below, null without any; an organ's own date counts for its
    `late`. `counts` leaves out those that need not report (`excused`). `filled` of `of` answers are
    there; `errors` are findings to be corrected, `unexplained` and `explained` want or have a
    reason.
    """
    return {
        "year": seen.year,
        "under": under,
        "deadline": seen.dates.deadline and seen.dates.deadline.isoformat(),
        "internal": seen.dates.internal and seen.dates.internal.isoformat(),
        "counts": seen.states,
        "organs": [_organ(seen, organ) for organ in seen.organs],
    }


def _asked(year: int) -> int:
    """What a report that has not begun asks for."""
    form = form_to_fill_in(year)
    return len(form.asked) + len(form.narratives)


def _organ(seen: Overview, organ: CountyOrgan) -> dict[str, Any]:
    counts = organ.report and organ.report.counts
    changed = organ.report and organ.report.changed_at
    result = published(organ)
    return {
        "organ": organ.organ,
        "parent": organ.parent,
        "level": LEVELS.get(organ.level),
        "source": source_of(organ),
        "state": organ.progress.value,
        "filled": counts.filled if counts else 0,
        "of": counts.asked if counts else _asked(seen.year),
        "errors": errors(organ),
        "unexplained": counts.unexplained if counts else 0,
        "explained": counts.explained if counts else 0,
        "last_change": changed and changed.isoformat(timespec="seconds"),
        "published": result and result.value,
        "late": seen.is_late(organ),
        "excused": not organ.counts_in,
    }
