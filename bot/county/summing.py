"""The sum over the organs below one: read, corrected and shown, for both doors."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from conversations.county.correcting import Wish, look_over
from conversations.county.summing import CountySum, add_up
from conversations.form import form_to_fill_in
from storage.county import organs_below, organs_in_year
from storage.reports import Reader
from storage.sums import correct, corrections, figures_of
from storage.unit import Unit


def county_sum(reader: Reader, organ_id: int, organ: str, year: int) -> CountySum:
    """The sum over the organs below one, with the corrections and the organ's own report."""
    organs = organs_below(reader, organ_id, year)
    [county] = organs_in_year(reader, [organ_id], year)
    reports = [each.report.report_id for each in (county, *organs) if each.report]
    figures = figures_of(reader, reports)
    own, form = None, form_to_fill_in(year)
    if county.report is not None and county.report.edition == form.edition:
        own = figures.get(county.report.report_id)
    known = corrections(reader, organ_id, year)
    return add_up(organ, year, form, organs, figures, known, own)


def make_correction(
    unit: Unit, organ_id: int, total: CountySum, wish: Wish, *, by: str, at: datetime
) -> CountySum:
    """
    Store or cancel a correction; returns the sum after it.

    Raises:
        NotCorrected: It is impossible (`look_over`).
    """
    look_over(wish, total)
    correct(unit, organ_id, total.year, wish.cell, wish.amount, wish.reason, by=by, at=at)
    return replace(total, corrections=corrections(unit, organ_id, total.year))
