"""
What would be stored of a published report, before it is confirmed.

Nothing here stores anything. A plan is shown, single figures are corrected (`corrected`), it waits
as text (`dumps`) for the yes, and then says what to save (`saves`). Doubtful figures, and figures
that would replace others, are saved only if that was confirmed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import InvalidOperation

from conversations.document.read.blocks import Left, LeftOut
from conversations.document.read.report import Lost
from conversations.form.answers import Answers, Figures, Number, Value
from conversations.form.model import CellId, Form, ItemId, Table
from conversations.talk.effects import Save
from conversations.talk.session import stored_number


@dataclass(frozen=True, slots=True)
class Doubted:
    """A doubtful figure: not stored unless confirmed."""

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
    """A printed total that is not the sum of its figures; stored as a claim."""

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

    `values` are figures (件 int, 万元 Decimal) and texts by the ids of `form`, that of the year,
    `totals` the printed totals that do not add up, `doubtful` figures that need their own
    confirmation. `unread` are figures that were not read: they stay open. `kept_out` are figures
    that mean something else in the form. `standing` are existing answers of the report. `left_out`
    was left out of the texts or changed, `leftover` was found around the tables and not understood;
    `lost` are the sections that were not read as a whole.
    """

    organ: str
    year: int
    found_organ: str
    found_year: int | None
    edition: str
    form: Form
    values: Mapping[ItemId, Value]
    totals: tuple[WrongTotal, ...] = ()
    doubtful: Mapping[CellId, Doubted] = field(default_factory=dict)
    unread: tuple[CellId, ...] = ()
    kept_out: tuple[KeptOut, ...] = ()
    notes: tuple[str, ...] = ()
    standing: Mapping[ItemId, Value] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    leftover: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()

    # -- what it says

    @property
    def other_year(self) -> bool:
        """Whether the file names another year than the one it is stored under."""
        return self.found_year is not None and self.found_year != self.year

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The items with another existing answer."""
        return tuple(
            Conflict(item, self.standing[item], value)
            for item, value in self._all()
            if item in self.standing and not _same(self.standing[item], value)
        )

    @property
    def same(self) -> tuple[ItemId, ...]:
        """The items that already have this answer."""
        return tuple(
            item
            for item, value in self._all()
            if item in self.standing and _same(self.standing[item], value)
        )

    @property
    def figures(self) -> Figures:
        """The certain figures, totals computed."""
        return Figures(self.form, Answers(self.values))

    def _all(self) -> Iterable[tuple[ItemId, Value]]:
        yield from self.values.items()
        for total in self.totals:
            yield total.cell, total.printed

    # -- what is done with it

    def over(self, answers: Answers) -> ImportPlan:
        """The same plan with the present answers."""
        return replace(self, standing=answers)

    def corrected(self, figures: Mapping[CellId, Number]) -> ImportPlan:
        """
        The plan with corrected or confirmed figures.

        They are no longer doubtful, unread or kept out; totals are computed anew.
        """
        values = {**self.values, **figures}
        printed = {total.cell: total.printed for total in self.totals}
        cells = set(figures)
        return replace(
            self,
            values={cell: value for cell, value in values.items() if cell not in self.form.sums},
            totals=wrong_totals(self.form, values, {**printed, **_sums(self.form, figures)}),
            doubtful={c: doubt for c, doubt in self.doubtful.items() if c not in cells},
            unread=tuple(cell for cell in self.unread if cell not in cells),
            lost=_still_lost(self.lost, cells.intersection(self.unread)),
            kept_out=tuple(kept for kept in self.kept_out if kept.cell not in cells),
        )

    def confirmed(self) -> ImportPlan:
        """The plan with its doubtful figures confirmed as read."""
        return self.corrected({cell: doubt.value for cell, doubt in self.doubtful.items()})

    def saves(self, *, replace: bool = False) -> tuple[Save, ...]:
        """
        What to store over `standing`, in the form's order.

        Without `replace`, existing answers are kept. Doubtful figures are left out: call
        `confirmed` first.
        """
        saves = {
            item: Save(item, self.standing.get(item), value)
            for item, value in self._all()
            if item not in self.standing or (replace and not _same(self.standing[item], value))
        }
        order = {item: place for place, item in enumerate(_order(self.form))}
        return tuple(saves[item] for item in sorted(saves, key=lambda item: order.get(item, 0)))

    # -- waiting

    def dumps(self) -> str:
        """As JSON text, without the existing answers; `loads` and `over` restore it."""
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
                "kept_out": [[kept.cell, kept.printed, kept.why] for kept in self.kept_out],
                "notes": list(self.notes),
                "left_out": [[left.section, left.what.value, left.count] for left in self.left_out],
                "leftover": list(self.leftover),
                "lost": [[one.section, one.cells, one.whole, one.there] for one in self.lost],
            },
            separators=(",", ":"),
        )

    @classmethod
    def loads(cls, text: str, form_on: Callable[[int], Form]) -> ImportPlan | None:
        """
        From `dumps`, in the form that `form_on` gives for its year.

        None for the text of an incompatible version.
        """
        try:
            data = json.loads(text)
            form = form_on(data["year"])
            items = form.item
            return cls(
                data["organ"],
                data["year"],
                data["found_organ"],
                data["found_year"],
                data["edition"],
                form,
                {
                    items[int(number)]: _value(form, items[int(number)], text)
                    for number, text in data["values"].items()
                },
                tuple(
                    WrongTotal(
                        items[number],
                        stored_number(form, items[number], printed),
                        stored_number(form, items[number], computed),
                    )
                    for number, printed, computed in data["totals"]
                ),
                {
                    items[int(number)]: Doubted(stored_number(form, items[int(number)], value), why)
                    for number, (value, why) in data["doubtful"].items()
                },
                tuple(items[number] for number in data["unread"]),
                tuple(KeptOut(*kept) for kept in data["kept_out"]),
                tuple(data["notes"]),
                left_out=tuple(
                    LeftOut(section, Left(what), count)
                    for section, what, count in data.get("left_out", ())
                ),
                leftover=tuple(data.get("leftover", ())),
                lost=tuple(Lost(*one) for one in data.get("lost", ())),
            )
        except (ValueError, KeyError, TypeError, InvalidOperation):
            return None


def _still_lost(lost: Iterable[Lost], known: Iterable[CellId]) -> tuple[Lost, ...]:
    """What is still lost when some unread figures are known."""
    by_section = Counter(cell.partition(".")[0] for cell in known)
    return tuple(
        replace(one, cells=one.cells - by_section[one.section], whole=False)
        if by_section[one.section]
        else one
        for one in lost
        if not one.cells or one.cells > by_section[one.section]
    )


def _same(value: Value, other: Value) -> bool:
    if isinstance(value, str) and isinstance(other, str):
        return value.split() == other.split()
    return value == other


def _value(form: Form, item: ItemId, text: str) -> Value:
    return stored_number(form, item, text) if item in form.cells else text


def _order(form: Form) -> Iterable[ItemId]:
    yield from form.wording
    for section in form.sections:
        if isinstance(section.body, Table):
            yield from (cell.id for cell in section.body.cells)
        else:
            yield section.id
    yield from form.remark


def _sums(form: Form, figures: Mapping[CellId, Number]) -> dict[CellId, Number]:
    return {cell: value for cell, value in figures.items() if cell in form.sums}


def wrong_totals(
    form: Form, values: Mapping[ItemId, Value], printed: Mapping[CellId, Number]
) -> tuple[WrongTotal, ...]:
    """The printed totals that are not the sums of their figures, if all of these are known."""
    figures = Figures(form, Answers(values))
    wrong = []
    for cell, total in printed.items():
        computed = figures.computed(cell)
        if computed is not None and computed != total:
            wrong.append(WrongTotal(cell, total, computed))
    return tuple(wrong)
