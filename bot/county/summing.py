"""The sum over the organs below one, as both doors read it, correct it and show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.handle import FORM
from conversations.county.correcting import Wish, look_over
from conversations.county.summing import CountySum, add_up
from storage.county import organs_below
from storage.reports import Reader
from storage.sums import correct, corrections, figures_below
from storage.unit import Unit


def county_sum(reader: Reader, organ_id: int, organ: str, year: int) -> CountySum:
    """The sum over the organs below one, with the corrections and the one's own report."""
    own = None
    report_id = reader.find_report(organ, year)
    if report_id is not None:
        stored = reader.load(report_id, "")
        own = stored.answers if stored.edition == FORM.edition else None
    return add_up(
        organ,
        year,
        FORM,
        organs_below(reader, organ_id, year),
        figures_below(reader, organ_id, year),
        corrections(reader, organ_id, year),
        own,
    )


def make_correction(
    unit: Unit, organ_id: int, total: CountySum, wish: Wish, *, by: str, at: datetime
) -> CountySum:
    """
    Keep a correction, or take one back; the sum as it is then.

    Raises:
        NotCorrected: It cannot be (`look_over`).
    """
    look_over(wish, total)
    correct(unit, organ_id, total.year, wish.cell, wish.amount, wish.reason, by=by, at=at)
    return replace(total, corrections=corrections(unit, organ_id, total.year))
