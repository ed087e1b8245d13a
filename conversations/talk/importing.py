"""
Taking a published report into the store: what would be stored, shown before it counts.

Nothing here stores anything. A plan is shown (`plan_text`), single figures of it are
corrected (`ImportPlan.corrected`), it waits as text (`dumps`) for the person's yes, and
then says what to save (`saves`). Doubtful figures and figures that would replace others
are saved only where that was confirmed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from conversations.answers.figure import format_number
from conversations.document.read.understand import ReadReport
from conversations.document.write.content import clean_text
from conversations.form import ANNUAL_REPORT_2021, Form
from conversations.form.answers import Answers, Figures, Number, Value
from conversations.form.editions.annual_report_2019 import MAPPED
from conversations.form.model import CellId, ItemId, Measure, SectionKind, Table
from conversations.talk.effects import Save
from conversations.wording import checks as check_wording
from conversations.wording import importing as wording
from conversations.wording.talk import shorten

MOST_SHOWN = 12
MOST_COUNT = 999_999_999
MOST_FEE = Decimal(99_999_999)
FEE_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Doubted:
    """A figure that was read with doubt: not stored unless somebody confirms it."""

    value: Number
    why: str


@dataclass(frozen=True, slots=True)
class KeptOut:
    """A figure that is not taken: of the other edition, or impossible; as printed."""

    cell: CellId
    printed: str
    why: str


@dataclass(frozen=True, slots=True)
class WrongTotal:
    """A total in print that is not the sum of its figures; stored as a claim."""

    cell: CellId
    printed: Number
    computed: Number


@dataclass(frozen=True, slots=True)
class Conflict:
    """An item that already has another answer."""

    item: ItemId
    stands: Value
    read: Value


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """
    What would be stored of a published report, as the report of `organ` on `year`.

    `values` are figures (件 int, 万元 Decimal) and texts by the ids of the present
    edition, `totals` the printed totals that do not add up, `doubtful` figures that wait
    for a confirmation of their own. `unread` are figures that were not read: they stay
    open. `kept_out` are figures that mean something else in the present edition.
    `standing` are answers the report already has.
    """

    organ: str
    year: int
    found_organ: str
    found_year: int | None
    edition: str
    values: Mapping[ItemId, Value]
    totals: tuple[WrongTotal, ...] = ()
    doubtful: Mapping[CellId, Doubted] = field(default_factory=dict)
    unread: tuple[CellId, ...] = ()
    kept_out: tuple[KeptOut, ...] = ()
    notes: tuple[str, ...] = ()
    standing: Mapping[ItemId, Value] = field(default_factory=dict)
    form: Form = ANNUAL_REPORT_2021

    # -- what it says

    @property
    def other_year(self) -> bool:
        """Whether the file names another year than the one it is to be stored under."""
        return self.found_year is not None and self.found_year != self.year

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """What would replace another answer."""
        return tuple(
            Conflict(item, self.standing[item], value)
            for item, value in self._all(doubtful=False)
            if item in self.standing and not _same(self.standing[item], value)
        )

    @property
    def same(self) -> tuple[ItemId, ...]:
        """What already stands as it was read."""
        return tuple(
            item
            for item, value in self._all(doubtful=False)
            if item in self.standing and _same(self.standing[item], value)
        )

    @property
    def figures(self) -> Figures:
        """The certain figures, totals computed."""
        return Figures(self.form, Answers(self.values))

    def _all(self, *, doubtful: bool) -> Iterable[tuple[ItemId, Value]]:
        yield from self.values.items()
        for total in self.totals:
            yield total.cell, total.printed
        if doubtful:
            for cell, one in self.doubtful.items():
                yield cell, one.value

    # -- what is done with it

    def over(self, answers: Answers) -> ImportPlan:
        """The same plan over the answers as they are now."""
        return replace(self, standing=answers)

    def corrected(self, figures: Mapping[CellId, Number]) -> ImportPlan:
        """
        The plan with figures that somebody has set right, confirmed ones among them.

        They are no longer in doubt, unread or kept out; totals are looked at anew.
        """
        values = {**self.values, **figures}
        printed = {total.cell: total.printed for total in self.totals}
        cells = set(figures)
        return replace(
            self,
            values={cell: value for cell, value in values.items() if cell not in self.form.sums},
            totals=_wrong_totals(self.form, values, {**printed, **_sums(self.form, figures)}),
            doubtful={cell: one for cell, one in self.doubtful.items() if cell not in cells},
            unread=tuple(cell for cell in self.unread if cell not in cells),
            kept_out=tuple(one for one in self.kept_out if one.cell not in cells),
        )

    def confirmed(self, cells: Iterable[CellId] | None = None) -> ImportPlan:
        """The plan with doubtful figures confirmed as they were read: these, or all."""
        wanted = self.doubtful.keys() if cells is None else set(cells) & self.doubtful.keys()
        return self.corrected({cell: self.doubtful[cell].value for cell in wanted})

    def saves(self, *, replace: bool = False) -> tuple[Save, ...]:
        """
        What to store over `standing`, in the form's order.

        Without `replace` what stands is kept. What is in doubt is left out: `confirmed`
        it first.
        """
        found = {
            item: Save(item, self.standing.get(item), value)
            for item, value in self._all(doubtful=False)
            if item not in self.standing or (replace and not _same(self.standing[item], value))
        }
        order = {item: place for place, item in enumerate(_order(self.form))}
        return tuple(found[item] for item in sorted(found, key=lambda one: order.get(one, 0)))

    # -- waiting

    def dumps(self) -> str:
        """As JSON text, without what stands; `loads` and `over` bring it back."""
        number = self.form.number
        return json.dumps(
            {
                "organ": self.organ,
                "year": self.year,
                "found_organ": self.found_organ,
                "found_year": self.found_year,
                "edition": self.edition,
                "values": {number[item]: str(value) for item, value in self.values.items()},
                "totals": [[number[t.cell], str(t.printed), str(t.computed)] for t in self.totals],
                "doubtful": {number[c]: [str(d.value), d.why] for c, d in self.doubtful.items()},
                "unread": [number[cell] for cell in self.unread],
                "kept_out": [[one.cell, one.printed, one.why] for one in self.kept_out],
                "notes": list(self.notes),
            },
            separators=(",", ":"),
        )

    @classmethod
    def loads(cls, text: str, form: Form = ANNUAL_REPORT_2021) -> ImportPlan | None:
        """From `dumps`; None where another version has written what cannot be read."""
        try:
            data = json.loads(text)
            items = form.item
            return cls(
                data["organ"],
                data["year"],
                data["found_organ"],
                data["found_year"],
                data["edition"],
                {
                    items[int(one)]: _value(form, items[int(one)], said)
                    for one, said in data["values"].items()
                },
                tuple(
                    WrongTotal(
                        items[one],
                        _number(form, items[one], printed),
                        _number(form, items[one], computed),
                    )
                    for one, printed, computed in data["totals"]
                ),
                {
                    items[int(one)]: Doubted(_number(form, items[int(one)], value), why)
                    for one, (value, why) in data["doubtful"].items()
                },
                tuple(items[one] for one in data["unread"]),
                tuple(KeptOut(*one) for one in data["kept_out"]),
                tuple(data["notes"]),
                form=form,
            )
        except (ValueError, KeyError, TypeError, InvalidOperation):
            return None


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.split() == other.split()
    return one == other


def _value(form: Form, item: ItemId, text: str) -> Value:
    return _number(form, item, text) if item in form.cells else text


def _number(form: Form, cell: CellId, text: str) -> Number:
    return Decimal(text) if form.cells[cell].measure is Measure.FEE else int(text)


def _order(form: Form) -> Iterable[ItemId]:
    yield from form.wording
    for section in form.sections:
        if isinstance(section.body, Table):
            yield from (cell.id for cell in section.body.cells)
        else:
            yield section.id


# ------------------------------------------------------------------------- planning


def plan(
    read: ReadReport,
    organ: str,
    year: int,
    existing: Answers | None = None,
    form: Form = ANNUAL_REPORT_2021,
) -> ImportPlan:
    """
    What of a published report would be stored as the report of `organ` on `year`.

    Figures of the 2019 edition go to the cell that means the same, where there is one;
    a 0 in its single row 其他处理 is a 0 in each of the three rows. Nothing is guessed.

    Args:
        read: What the reader found.
        organ: Whose report it is to be; the file may say a longer or shorter name.
        year: The year it is to be stored under.
        existing: The answers that report already has.
        form: The edition reports are stored in.
    """
    doubts = {one.cell: one.why for one in read.doubtful}
    figures: dict[CellId, Number] = {}
    printed: dict[CellId, Number] = {}
    doubtful: dict[CellId, Doubted] = {}
    kept_out: list[KeptOut] = []
    shared = False
    moved = 0
    for cell, found in read.values.items():
        targets = (cell,) if cell in form.cells else MAPPED.get(cell, ())
        if isinstance(found, str) or not targets:
            kept_out.append(KeptOut(cell, _printed(found), wording.MEANS_OTHER))
            continue
        if len(targets) > 1 and found != 0:
            kept_out.append(KeptOut(cell, _printed(found), wording.OVER_TOTAL))
            continue
        shared = shared or len(targets) > 1
        moved += cell not in form.cells or read.edition != form.edition
        for target in targets:
            value = _possible(form, target, found)
            if value is None:
                kept_out.append(KeptOut(cell, _printed(found), wording.IMPOSSIBLE))
            elif target in form.sums:
                printed[target] = value
            elif cell in doubts:
                doubtful[target] = Doubted(value, doubts[cell])
            else:
                figures[target] = value
    values: dict[ItemId, Value] = {**_texts(read, form), **figures}
    open_now = [cell for cell in form.cells if cell not in form.sums]
    notes = _notes(read, organ, year, moved, form)
    if shared:
        notes.append(wording.SHARED_ZERO)
    if read.blank:
        notes.append(wording.BLANKS.format(count=len(read.blank)))
    return ImportPlan(
        organ,
        year,
        read.organ,
        read.year,
        read.edition,
        values,
        _wrong_totals(form, figures, printed),
        doubtful,
        tuple(cell for cell in open_now if cell not in figures and cell not in doubtful),
        tuple(kept_out),
        tuple(notes),
        existing or {},
        form,
    )


def _printed(value: Value) -> str:
    return value if isinstance(value, str) else format_number(value)


def _possible(form: Form, cell: CellId, value: Number) -> Number | None:
    """The figure as the store keeps it, None where no such figure can be (A5)."""
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    if form.cells[cell].measure is Measure.FEE:
        fee = Decimal(value)
        exponent = fee.normalize().as_tuple().exponent
        fine = 0 <= fee <= MOST_FEE and isinstance(exponent, int) and exponent >= -FEE_DECIMALS
        return fee if fine else None
    return int(value) if value == int(value) and 0 <= value <= MOST_COUNT else None


def _sums(form: Form, figures: Mapping[CellId, Number]) -> dict[CellId, Number]:
    return {cell: value for cell, value in figures.items() if cell in form.sums}


def _wrong_totals(
    form: Form, values: Mapping[ItemId, Value], printed: Mapping[CellId, Number]
) -> tuple[WrongTotal, ...]:
    """The printed totals that are not the sums of the figures, where all of those are known."""
    figures = Figures(form, Answers(values))
    found = []
    for cell, total in printed.items():
        computed = figures.computed(cell)
        if computed is not None and computed != total:
            found.append(WrongTotal(cell, total, computed))
    return tuple(found)


def _texts(read: ReadReport, form: Form) -> dict[ItemId, Value]:
    """Narratives and the organ's wording, as the store can keep them."""
    said: dict[ItemId, str] = {
        section.id: read.narratives.get(section.id, "")
        for section in form.sections
        if section.kind is SectionKind.NARRATIVE
    }
    said["title"] = "\n".join(read.title)
    said["introduction"] = read.introduction or ""
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
        notes.append(wording.OLD_EDITION.format(count=moved))
    elif read.old_rows:
        notes.append(wording.HYBRID)
    return notes


def _alike(found: str, organ: str) -> bool:
    """Whether two names may be one organ: «定安县雷鸣镇人民政府» and «雷鸣镇»."""
    one, other = ("".join(name.split()).removesuffix("人民政府") for name in (found, organ))
    return one.endswith(other) or other.endswith(one)


# ---------------------------------------------------------------------------- text


def plan_text(one: ImportPlan, *, most: int = MOST_SHOWN) -> str:
    """
    A plan as a short table for a phone: what was read, what was not, what to look at.

    `most` lines at a list; 0 figures are told together.
    """
    form = one.form
    lines = [
        check_wording.head("", one.organ, one.year, one.edition).removeprefix("："),
        *one.notes,
    ]
    known = sum(cell in one.values for cell in form.cells)
    asked = sum(cell not in form.sums for cell in form.cells)
    if not one.values and not one.doubtful:
        return "\n".join([*lines, wording.NOTHING_READ])
    lines.append(
        wording.READ_ALL.format(count=known)
        if known == asked
        else wording.READ_SOME.format(count=known, unread=asked - known)
    )
    for section in form.sections:
        if isinstance(section.body, Table):
            lines += _table(one, section.heading, section.body)
    lines.append(_text_lengths(one))
    if one.totals:
        lines.append(wording.WRONG_TOTALS.format(count=len(one.totals)))
        lines += _some(
            (
                f"· {check_wording.cell_name(t.cell)}：印的是 {format_number(t.printed)}，"
                f"相加是 {format_number(t.computed)}"
                for t in one.totals
            ),
            most,
        )
    if one.doubtful:
        lines.append(wording.DOUBTFUL.format(count=len(one.doubtful)))
        lines += _some(
            (
                f"· {check_wording.cell_name(cell)} {format_number(d.value)}（{d.why}）"
                for cell, d in one.doubtful.items()
            ),
            most,
        )
    if one.unread:
        lines.append(f"{wording.UNREAD}{check_wording.places(one.unread)}")
    lines += _kept_out(one)
    if one.conflicts:
        lines.append(wording.CONFLICTS.format(count=len(one.conflicts)))
        lines += _some((conflict_text(form, c) for c in one.conflicts), most)
    if one.same:
        lines.append(wording.SAME.format(count=len(one.same)))
    return "\n".join(lines)


def conflict_text(form: Form, conflict: Conflict) -> str:
    """«· 行政许可：已有 295，文件 300»; of a text how long it is and how it begins."""
    return (
        f"· {item_name(form, conflict.item)}：已有 {_short(conflict.stands)}，"
        f"文件 {_short(conflict.read)}"
    )


def item_name(form: Form, item: ItemId) -> str:
    """A figure, section or piece of wording in short words."""
    if item in form.cells:
        return check_wording.cell_name(item)
    section = form.section.get(item)
    return section.heading if section else wording.WORDING.get(item, item)


def _short(value: Value) -> str:
    if not isinstance(value, str):
        return format_number(value)
    return f"{len(value)} 字「{shorten(value, 16)}」"


def _some(lines: Iterable[str], most: int) -> list[str]:
    every = list(lines)
    if len(every) <= most:
        return every
    return [*every[:most], f"……共 {len(every)} 项"]


def _table(one: ImportPlan, heading: str, table: Table) -> list[str]:
    """The lines of a table that are not 0, the rest together."""
    figures = one.figures
    lines = [heading]
    zeros = 0
    for line in table.lines:
        known = [(cell, figures.get(cell.id)) for cell in line.printed]
        zeros += sum(value == 0 for _, value in known)
        told = [
            (cell.column.name, format_number(value))
            for cell, value in known
            if value is not None and value
        ]
        if told and len(line.printed) == 1:
            lines.append(f"· {line.short} {told[0][1]}")
        elif told:
            lines.append(f"· {line.short}：{' '.join(f'{name} {value}' for name, value in told)}")
    if zeros == sum(1 for _ in table.cells):
        lines[0] += f"：{wording.ALL_ZERO}"
    elif zeros:
        lines.append(f"· {wording.ZEROS.format(count=zeros)}")
    return lines


def _text_lengths(one: ImportPlan) -> str:
    form = one.form
    told = [
        f"{section.number}、{len(text)} 字"
        for section in form.sections
        if isinstance(text := one.values.get(section.id), str)
    ]
    told += [name for item, name in wording.WORDING.items() if item in one.values]
    return wording.TEXTS.format(told="，".join(told)) if told else wording.NO_TEXTS


def _kept_out(one: ImportPlan) -> list[str]:
    """Figures that are not taken, by the reason; those of the 2019 edition with their value."""
    reasons: dict[str, list[KeptOut]] = {}
    for kept in one.kept_out:
        reasons.setdefault(kept.why, []).append(kept)
    lines = []
    for why, all_kept in reasons.items():
        lines.append(wording.KEPT_OUT.format(why=why, count=len(all_kept)))
        telling: Sequence[KeptOut] = [kept for kept in all_kept if kept.printed not in {"0", ""}]
        lines += _some(
            (f"· {check_wording.cell_name(k.cell)} {k.printed}" for k in telling), MOST_SHOWN
        )
    return lines


__all__ = [
    "Conflict",
    "Doubted",
    "ImportPlan",
    "KeptOut",
    "WrongTotal",
    "conflict_text",
    "item_name",
    "plan",
    "plan_text",
]
