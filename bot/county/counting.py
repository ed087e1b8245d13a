"""The county's counts of each report, renewed for reports that have changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.handle import report_of
from conversations.checks import check_report
from conversations.checks.findings import Grade
from conversations.checks.questions import alarms, wants_answer
from conversations.county.status import FILE, Counts, CountyOrgan
from conversations.form.answers import Figures
from conversations.form.local_notice import form_of
from storage.collected import newest_file
from storage.county import keep_counts
from storage.errors import StoreError
from storage.memory import Memory
from storage.reports import Reader
from storage.store import Store
from storage.unit import Unit

Counted = tuple[int, str, Counts]


@dataclass(frozen=True, slots=True)
class Look:
    """The organs below one with all counts; `fresh` are the new counts."""

    organs: tuple[CountyOrgan, ...]
    fresh: tuple[Counted, ...]


def count(reader: Reader, report_id: int) -> Counts:
    """Count one report."""
    stored = reader.load(report_id, "")
    report = report_of(stored, reader.earlier(report_id))
    form, answers = form_of(stored.edition, stored.notice), stored.answers
    texts = [text.id for text in form.narratives]
    questions = alarms(check_report(report))
    errors = sum(question.grade is Grade.E for question in questions)
    open_ = sum(
        any(wants_answer(report, part) for part in question.parts)
        for question in questions
        if question.grade is Grade.W
    )
    figures = Figures(form, answers)
    explained = len(questions) - errors - open_
    file = newest_file(reader, report_id) if stored.source == FILE else None
    if file is not None and "findings" in file.note:
        # Findings of the file count: its form can be wrong, too.
        errors, open_, explained = file.note["errors"], file.note["unexplained"], 0
    return Counts(
        filled=len(answers.among(form.asked)) + len(answers.among(texts)),
        asked=len(form.asked) + len(texts),
        whole=all(figures.get(cell) is not None for cell in form.cells),
        errors=errors,
        unexplained=open_,
        explained=explained,
    )


def counted(reader: Reader, organs: Iterable[CountyOrgan]) -> Look:
    """Organs with all counts."""
    seen, fresh = [], []
    for organ in organs:
        report = organ.report
        if report is not None and report.begun and report.counts is None:
            counts = count(reader, report.report_id)
            fresh.append((report.report_id, report.mark, counts))
            organ = replace(organ, report=replace(report, counts=counts))  # noqa: PLW2901
        seen.append(organ)
    return Look(tuple(seen), tuple(fresh))


def counted_in(unit: Unit, organs: Iterable[CountyOrgan]) -> tuple[CountyOrgan, ...]:
    """The same in a transaction that may write, which stores the counts."""
    seen = counted(apart(unit), organs)
    keep_counts(unit, seen.fresh)
    return seen.organs


def apart(unit: Unit) -> Reader:
    """A reader of the same transaction: a `Unit` would lock each report it loads."""
    return Reader(unit.connection, Memory())


def remember(store: Store, fresh: Iterable[Counted]) -> None:
    """Store the counts; if the store can only be read, they are counted again next time."""
    if not (fresh := tuple(fresh)):
        return
    try:
        with store.begin() as unit:
            keep_counts(unit, fresh)
    except StoreError:
        return
