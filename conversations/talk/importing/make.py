"""Makes the plan of an import from a published report as it was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from conversations.answers.figure import MAX_COUNT, MAX_DECIMALS, MAX_FEE
from conversations.document.read.report import ReadReport
from conversations.document.write.content import clean_text
from conversations.form import FORMS
from conversations.form.answers import Answers, Number, Value, format_number
from conversations.form.local_notice import NOTHING, UNPRINTED, LocalNotice, form_of
from conversations.form.model import CellId, Form, ItemId, Measure, RowId, SectionKind
from conversations.talk.importing.plan import (
    Doubted,
    ImportPlan,
    KeptOut,
    wrong_totals,
)
from conversations.wording import importing as wording

MOST_LEFTOVER = 30  # unread pieces of text that are named


def plan(
    read: ReadReport,
    organ: str,
    year: int,
    existing: Answers,
    form: Form,
    notice: LocalNotice = NOTHING,
) -> ImportPlan:
    """
    What would be stored of a published report as the report of `organ` on `year`.

    Figures of another edition go to the cell with the same meaning, if there is one; a 0 in a row
    that is split into several is a 0 in each. Nothing is guessed.

    Args:
        read: The result of the reader.
        organ: The organ it is stored for; the file may use a longer or shorter name.
        year: The year it is stored under.
        existing: The answers of that report.
        form: The edition that reports are stored in.
        notice: What that report's task asks for beyond the form; only a file of our own has it.
    """
    if read.answers is not None and read.edition == form.edition:
        return _as_it_was(read, read.answers, organ, year, existing, form_of(form.edition, notice))
    doubts = {doubt.cell: doubt.why for doubt in read.doubtful}
    figures: dict[CellId, Number] = {}
    as_printed: dict[CellId, str] = {}
    printed: dict[CellId, Number] = {}
    doubtful: dict[CellId, Doubted] = {}
    kept_out: list[KeptOut] = []
    shared = False
    moved = 0
    # In an empty form, blanks are not known to be zeros.
    filled = read.values if set(read.values) - read.blank else {}
    for cell, value_read in filled.items():
        targets = (cell,) if cell in form.cells else _parts_of(cell, form)
        if isinstance(value_read, str) and _is_as_printed(form, cell):
            as_printed[cell] = value_read
            continue
        if isinstance(value_read, str) or not targets:
            kept_out.append(KeptOut(cell, _printed(value_read), wording.MEANS_OTHER))
            continue
        if len(targets) > 1 and value_read != 0:
            kept_out.append(KeptOut(cell, _printed(value_read), wording.OVER_TOTAL))
            continue
        shared = shared or len(targets) > 1
        moved += cell not in form.cells or read.edition != form.edition
        for target in targets:
            value = _possible(form, target, value_read)
            if value is None:
                kept_out.append(KeptOut(cell, _printed(value_read), wording.IMPOSSIBLE))
            elif target in form.sums:
                printed[target] = value
            elif cell in doubts:
                doubtful[target] = Doubted(value, doubts[cell])
            else:
                figures[target] = value
    values: dict[ItemId, Value] = {**_texts(read, form), **as_printed, **figures}
    open_now = [cell for cell in form.cells if cell not in form.sums and cell not in as_printed]
    notes = _notes(read, organ, year, moved, form)
    if shared:
        notes.append(wording.SHARED_ZERO)
    if read.blank and filled:
        notes.append(wording.BLANKS.format(count=len(read.blank)))
    return ImportPlan(
        organ,
        year,
        read.organ,
        read.year,
        read.edition,
        form,
        values,
        wrong_totals(form, figures, printed),
        doubtful,
        tuple(cell for cell in open_now if cell not in figures and cell not in doubtful),
        tuple(kept_out),
        tuple(notes),
        existing,
        read.left_out,
        tuple(dict.fromkeys(" ".join(text.split()) for text in read.leftover))[:MOST_LEFTOVER],
        read.lost,
    )


def _as_it_was(
    read: ReadReport,
    answers: Mapping[ItemId, Value],
    organ: str,
    year: int,
    existing: Answers,
    form: Form,
) -> ImportPlan:
    """The plan of a file of our own: everything in it, exactly."""
    claims = {c: v for c, v in answers.items() if c in form.sums and not isinstance(v, str)}
    wrong = wrong_totals(form, answers, claims)
    local = _local(read, form)
    values = {**answers, **local}
    for total in wrong:
        del values[total.cell]
    notes = _notes(read, organ, year, 0, form)
    if read.altered:
        notes.append(wording.ALTERED)
    if left := len(read.local) - len(local):
        notes.append(wording.NOT_ASKED.format(count=left))
    unread = tuple(c for c in form.cells if c not in values and c not in form.sums)
    return ImportPlan(
        *(organ, year, read.organ, read.year, read.edition, form, values, wrong),
        unread=unread,
        notes=tuple(notes),
        standing=existing,
        lost=read.lost,
    )


def _local(read: ReadReport, form: Form) -> dict[CellId, Value]:
    """Figures beyond the form that are asked for here, too: by name and unit."""
    told = {(name, unit): value for name, unit, value in read.local}
    local = (cell for cell in form.cells.values() if cell.id in UNPRINTED)
    asked = {(form.lines[cell.line].label, cell.unit): cell.id for cell in local}
    return {asked[question]: told[question] for question in told if question in asked}


def _parts_of(cell: CellId, form: Form) -> tuple[CellId, ...]:
    """The figures whose sum a figure of an older form is, none if there are none."""
    row, _, column = cell.rpartition(".")
    parts = (part for older in FORMS.values() for part in older.parted.get(row, ()))
    return tuple(f"{part}.{column}" for part in parts if part in form.lines)


def _is_as_printed(form: Form, cell: CellId) -> bool:
    """Whether the form keeps the printed content of a cell as a text."""
    return cell in form.cells and form.cells[cell].measure is Measure.AS_PRINTED


def _printed(value: Value) -> str:
    return value if isinstance(value, str) else format_number(value)


def _possible(form: Form, cell: CellId, value: Number) -> Number | None:
    """The figure as the store keeps it, None if it is impossible (A5)."""
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    if form.cells[cell].measure is Measure.FEE:
        fee = Decimal(value)
        exponent = fee.normalize().as_tuple().exponent
        fine = 0 <= fee <= MAX_FEE and isinstance(exponent, int) and exponent >= -MAX_DECIMALS
        return fee if fine else None
    least = -MAX_COUNT if form.cells[cell].measure is Measure.SIGNED else 0
    return int(value) if value == int(value) and least <= value <= MAX_COUNT else None


def _texts(read: ReadReport, form: Form) -> dict[ItemId, Value]:
    """Narratives, remarks and the wording, as the store can keep them."""
    said: dict[ItemId, str] = {
        section.id: read.narratives.get(section.id, "")
        for section in form.sections
        if section.kind is SectionKind.NARRATIVE
    }
    said["title"] = "\n".join(read.title)
    said["introduction"] = read.introduction or ""
    said |= {item: text for item, text in read.remarks.items() if item in form.remark}
    if read.signature:
        said["signature"], said["signature_date"] = read.signature
    clean = {item: clean_text(text)[0].strip() for item, text in said.items()}
    return {item: text for item, text in clean.items() if text}


def _notes(read: ReadReport, organ: str, year: int, moved: int, form: Form) -> list[str]:
    notes = []
    if read.year is None:
        notes.append(wording.NO_YEAR.format(wanted=year))
    elif read.year != year:
        notes.append(wording.OTHER_YEAR.format(found=read.year, wanted=year))
    if read.organ and not _alike(read.organ, organ):
        notes.append(wording.OTHER_ORGAN.format(found=read.organ, wanted=organ))
    if read.reports_in_file > 1:
        notes.append(wording.TWO_REPORTS.format(count=read.reports_in_file, year=read.year or year))
    if read.edition != form.edition:
        notes.append(wording.other_edition(read.edition, moved))
    elif read.old_rows:
        notes.append(wording.hybrid(_older_with(read.old_rows, form)))
    return notes


def _older_with(rows: Iterable[RowId], form: Form) -> Iterable[str]:
    """The editions from which rows of a form that is older than this one are."""
    older = sorted((f for f in FORMS.values() if f.since < form.since), key=lambda f: -f.since)
    found = {next((f.edition for f in older if row in f.lines), "") for row in rows}
    return sorted(found - {""})


def _alike(read_name: str, organ: str) -> bool:
    """Whether two names may mean one organ: «定安县雷鸣镇人民政府» and «雷鸣镇»."""
    first, second = ("".join(name.split()).removesuffix("人民政府") for name in (read_name, organ))
    return first.endswith(second) or second.endswith(first)
