"""Comparing the organs below one: figures that stand out, and texts that are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conversations.checks.similar import compared_cells
from conversations.county.alike import Alike, OrganText, alike
from conversations.county.kinds import similar_to
from conversations.county.outliers import (
    Compared,
    Standout,
    comparable,
    figures_to_compare,
    standing_out,
)
from conversations.county.status import CountyOrgan
from conversations.form import FORMS, Form
from storage.county import organs_below
from storage.errors import StoreError
from storage.reports import Reader
from storage.standouts import keep_standouts, reports_of, texts_of
from storage.store import Store
from storage.sums import figures_of
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    The organs below one in a year: `count` complete reports were compared.

    `judged` are those with enough similar organs. `organs` are those that reported, by the reports'
    ids; in `standouts` the farthest come first, in `alike` the most alike.
    """

    year: int
    count: int
    judged: Sequence[int]
    organs: Mapping[int, CountyOrgan]
    standouts: tuple[Standout, ...]
    alike: tuple[Alike, ...]

    def form(self, report_id: int) -> Form:
        """The reports' form."""
        report = self.organs[report_id].report
        assert report is not None
        return FORMS[report.edition]


def compare(reader: Reader, organ_id: int, year: int) -> Comparison:
    """
    Compare the reports on a year of all organs below one, each also with its year before.

    Only complete ones: an empty figure is neither much nor little.
    """
    organs = {
        organ.report.report_id: organ
        for organ in organs_below(reader, organ_id, year)
        if organ.report is not None and organ.counts_in
    }
    reports = tuple(organs)
    figures = figures_of(reader, reports)
    ids = [organ.organ_id for organ in organs.values()]
    reports_before = reports_of(reader, ids, year - 1)
    before = figures_of(reader, [report_id for report_id, _ in reports_before.values()])
    compared = []
    for report_id, organ in organs.items():
        assert organ.report is not None
        form = FORMS[organ.report.edition]
        known = figures_to_compare(form, figures[report_id]) if report_id in figures else {}
        if len(known) < len(compared_cells(form)):
            continue
        last_id, edition = reports_before.get(organ.organ_id, (0, ""))
        last = figures_to_compare(FORMS[edition], before[last_id]) if last_id in before else {}
        kinds = similar_to(organ.organ, organ.level, organ.parent)
        compared.append(Compared(report_id, kinds, known, last))
    texts = [
        OrganText(report_id, organs[report_id].organ, item, text)
        for report_id, item, text in texts_of(reader, reports)
    ]
    return Comparison(
        year,
        len(compared),
        comparable(compared),
        organs,
        tuple(standing_out(compared)),
        tuple(alike(texts)),
    )


def keep(unit: Unit, found: Comparison) -> None:
    """
    Store what stands out, for the organs' own reports.

    A comparison among many organs of a city is not undone by a county with too few to compare.
    """
    told = ((each.report_id, each.cell, each.similar) for each in found.standouts)
    keep_standouts(unit, found.judged, told)


def remember(store: Store, found: Comparison) -> None:
    """The same in a transaction of its own; nothing if the store can only be read."""
    try:
        with store.begin() as unit:
            keep(unit, found)
    except StoreError:
        return
