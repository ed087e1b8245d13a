"""
One clerk's conversation about one report, as a value.

A session is rebuilt from stored answers on every event. Only the `Place` is stored beside them, as
JSON, so that a restart or a second device continues at the same place.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from conversations.answers.question import Reading
from conversations.checks.findings import Explanation, Report, Similar
from conversations.county.status import BOT
from conversations.document.write.content import DocumentInput
from conversations.form import FORMS, form_to_fill_in
from conversations.form.answers import Answers, Figures, Number, Value
from conversations.form.local_notice import NOTHING, UNPRINTED, LocalNotice
from conversations.form.model import CellId, Form, ItemId, LineKind, Measure, Section, Table
from conversations.form.numbers import NUMBERS
from conversations.form.organ import Level, guess_level
from conversations.reminders.tasks import default_deadline
from conversations.sign_off.fingerprint import fingerprint
from conversations.sign_off.rights import Action, Standing, may, transition
from conversations.sign_off.states import Deed, ReportState
from conversations.sign_off.status import NOTHING_DECIDED, SignOff
from conversations.talk.trail import Entry


class State(Enum):
    """The state of the conversation; `Place.item` is its subject."""

    ORGAN = "organ"
    YEAR = "year"
    CONTENTS = "contents"
    LINE = "line"
    CELL = "cell"
    ROWS = "rows"
    TABLE = "table"
    CARRY = "carry"
    TOTAL = "total"
    CONFIRM = "confirm"
    FINDING = "finding"
    NARRATIVE = "narrative"
    PASSAGE = "passage"
    WORDING = "wording"
    REVIEW = "review"
    RESTART = "restart"
    DONE = "done"
    LOOKUP = "lookup"
    LOOK = "look"
    REMARK = "remark"
    ANSWERING = "answering"
    PUBLISH = "publish"
    SIGN_OFF = "sign_off"
    REASON = "reason"
    OFF_LINE = "off_line"


class Asking(Enum):
    """The subject of a pending question."""

    CONVERT = "convert"
    BLANKS = "blanks"
    OVERWRITE = "overwrite"
    REPLACE = "replace"
    IMPORT = "import"
    PASSAGE = "passage"
    SECTIONS = "sections"
    LEDGER = "ledger"
    FACTS = "facts"
    SUM = "sum"
    ORGAN = "organ"


@dataclass(frozen=True, slots=True)
class Pending:
    """
    Figures or a text that wait for a yes or no.

    `typed` is the message as typed. For a published report, `text` is the plan of its import and
    `chosen` the switches that the clerk has set. For a passage of a text, they are the passage, its
    mark, and what to do with it. For sentences that the figures make, `chosen` are those to be
    confirmed. For a sum over organs, `typed` says why a figure may not be taken as it is, `text`
    whose figures are missing.
    """

    asking: Asking
    values: Mapping[CellId, Number] = field(default_factory=dict)
    totals: Mapping[CellId, Number] = field(default_factory=dict)
    blanks: tuple[CellId, ...] = ()
    typed: Mapping[CellId, str] = field(default_factory=dict)
    text: str = ""
    chosen: tuple[str, ...] = ()

    def written(self) -> dict[str, Any]:
        """For the store; reading and writing it again gives the same."""
        return {
            "asking": self.asking.value,
            "values": {cell: str(value) for cell, value in self.values.items()},
            "totals": {cell: str(value) for cell, value in self.totals.items()},
            "blanks": list(self.blanks),
            "typed": dict(self.typed),
            "text": self.text,
            "chosen": list(self.chosen),
        }

    @classmethod
    def of(
        cls, asking: Asking, reading: Reading, *, text: str = "", chosen: tuple[str, ...] = ()
    ) -> Pending:
        """Figures that were read and wait; amounts in the unit of the form, shown as typed."""
        return cls(
            asking,
            {**reading.values, **{each.cell: each.value for each in reading.conversions}},
            dict(reading.totals or {}),
            reading.blanks,
            {each.cell: each.typed for each in reading.conversions},
            text,
            chosen,
        )

    @classmethod
    def read(cls, written: Mapping[str, Any], form: Form) -> Pending:
        """
        Read what `written` wrote.

        Raises:
            ValueError, KeyError, TypeError: It is invalid, or not of this form.
        """
        return cls(
            Asking(written["asking"]),
            {cell: stored_number(form, cell, v) for cell, v in written["values"].items()},
            {cell: stored_number(form, cell, v) for cell, v in written["totals"].items()},
            tuple(written["blanks"]),
            written["typed"],
            written["text"],
            tuple(written.get("chosen", ())),
        )


Stop = tuple[State, ItemId]
Parts = tuple[tuple[int, str], ...]

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode

BACK_LIMIT = 6  # places remembered to return to

# Switches of an import: also take doubtful figures, replace existing answers.
DOUBTS, REPLACE = "doubts", "replace"

FEW_CHARACTERS = 20  # shorter texts of published reports are 「无。」 and the like

# The parts of a text that is written anew: the old text stays until it is replaced.
ANEW = ((0, ""),)


@dataclass(frozen=True, slots=True)
class Half:
    """A question or a half-finished text that waits at a place in `Place.back`."""

    at: Stop
    pending: Pending | None
    parts: Parts


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where the clerk is.

    `back` are the places to return to after a correction, the innermost last, and `halves` what
    waits there. `parts` are the pieces of a narrative that is arriving, with their order. `parked`
    are the findings the clerk has put aside until the review; `told` the findings already shown,
    which are not shown again by themselves. `written` says of which messages (order, length) the
    finished texts were made. `made` is the document handed over last, so that a second tap makes no
    second one. `unlocked` says that last year's data may be changed here. `begun` are the texts not
    ended with 「完成」. `remarked` are the messages (order) of a leader's remarks, each with the
    mark of the remark.
    """

    state: State = State.CONTENTS
    item: ItemId = ""
    back: tuple[Stop, ...] = ()
    pending: Pending | None = None
    parts: Parts = ()
    parked: tuple[str, ...] = ()
    texts_first: bool = False
    written: tuple[tuple[ItemId, tuple[tuple[int, int], ...]], ...] = ()
    told: tuple[str, ...] = ()
    halves: tuple[Half, ...] = ()
    made: str = ""
    unlocked: bool = False
    begun: tuple[ItemId, ...] = ()
    remarked: tuple[tuple[int, str], ...] = ()

    @property
    def returning(self) -> tuple[Stop, ...]:
        """The places to return to after an excursion from here."""
        settled = self.state is State.CONFIRM and self.pending is None
        if settled or self.state is State.RESTART:
            return self.back
        return (*self.back, (self.state, self.item))

    def moved(self, state: State, item: ItemId, back: tuple[Stop, ...] | None = None) -> Place:
        """
        Another place; a question or half-finished text of this one waits if it is returned to.

        No place is in the way back twice: what lies between is cut out.
        """
        stops: list[Stop] = []
        for stop in (*(self.back if back is None else back), (state, item)):
            if stop in stops:
                del stops[stops.index(stop) :]
            stops.append(stop)
        stops = stops[:-1][-BACK_LIMIT:]
        here = (self.state, self.item)
        halves = [half for half in self.halves if half.at in stops and half.at != here]
        if here in stops and (self.pending is not None or self.parts):
            halves.append(Half(here, self.pending, self.parts))
        return Place(
            state,
            item,
            tuple(stops),
            parked=self.parked,
            texts_first=self.texts_first,
            written=self.written,
            told=self.told,
            halves=tuple(halves),
            made=self.made,
            unlocked=self.unlocked,
            begun=self.begun,
            remarked=self.remarked,
        )

    @property
    def mark(self) -> str:
        """A short mark of the pending question, so that an old 「对」 confirms nothing new."""
        written = None if self.pending is None else self.pending.written()
        return format(zlib.crc32(_encode(written).encode()), "x")

    def dumps(self) -> str:
        """As JSON text for the store."""
        return _encode(
            {
                "state": self.state.value,
                "item": self.item,
                "back": [[state.value, item] for state, item in self.back],
                "pending": self.pending and self.pending.written(),
                "parts": [list(part) for part in self.parts],
                "parked": list(self.parked),
                "texts_first": self.texts_first,
                "written": self.written,
                "told": list(self.told),
                "halves": [
                    [
                        *(half.at[0].value, half.at[1]),
                        half.pending and half.pending.written(),
                        half.parts,
                    ]
                    for half in self.halves
                ],
                "made": self.made,
                "unlocked": self.unlocked,
                "begun": self.begun,
                "remarked": self.remarked,
            }
        )

    @classmethod
    def loads(cls, text: str, form: Form) -> Place:
        """
        Read it from the store; a place of an unreadable version becomes the contents.

        So does a question that is no longer asked.
        """
        try:
            data = json.loads(text)
            place = cls(
                State(data["state"]),
                data["item"],
                tuple((State(state), item) for state, item in data["back"]),
                data["pending"] and Pending.read(data["pending"], form),
                tuple((order, part) for order, part in data["parts"]),
                tuple(data["parked"]),
                data["texts_first"],
                tuple(
                    (item, tuple((order, length) for order, length in lengths))
                    for item, lengths in data.get("written", ())
                ),
                tuple(data.get("told", ())),
                tuple(
                    Half(
                        (State(state), item),
                        pending and Pending.read(pending, form),
                        tuple((order, part) for order, part in parts),
                    )
                    for state, item, pending, parts in data.get("halves", ())
                ),
                data.get("made", ""),
                bool(data.get("unlocked")),
                tuple(data.get("begun", ())),
                tuple((order, mark) for order, mark in data.get("remarked", ())),
            )
        except (ValueError, KeyError, TypeError, ArithmeticError):
            return cls()
        items = (place.item, *(item for _, item in place.back))
        return cls() if any(i in NUMBERS and i not in form.number for i in items) else place


def stored_number(form: Form, cell: CellId, text: str) -> Number:
    """A figure from its text in the store: 万元 Decimal, 件 int."""
    return Decimal(text) if form.cells[cell].measure is Measure.FEE else int(text)


def is_short(text: str | None) -> bool:
    """Whether a text is so short that it may be only a beginning."""
    return text is not None and len("".join(text.split())) < FEW_CHARACTERS


@dataclass(frozen=True, slots=True)
class Session:
    """
    Everything one step needs, and nothing it may not know.

    `today`, `now` (ISO, for the record) and `by` (the person's key) come from the edge.
    `since_final` has the changes since the last final document, with the values then. `years` are
    the organ's stored reports, given on demand. `usual_year` is the year that is worked on now, 0
    if it has to be asked. `begun_by_others` are texts that colleagues have not ended. `imported`
    says that the report is last year's data, read from a file, and no work to be done; `source` is
    `file` if its figures come from a file that the organ sent. `kept_wording` is the organ's
    wording of another year, `kept_year`; given while a piece of this year's is open. `deadline` is
    that of the report's task, None without one. `last_here` is when this person last worked on it
    (in the office's zone; `now` is given then, too), None for a new person. `notice` is what the
    task asks for beyond the statutory form; its figures are a table of `form`. `standing` are the
    person's roles, `sign_off` is what was decided about the report. `shared` says that several
    members have written in it; `trail` is its history, given on demand. `since_hand_in` has the
    changes since the submission before the last one, with the values then; given while the report
    waits for a decision. `authors` are the names of those who entered its answers, given to the
    person who decides. `states` are the states of the organ's reports by year, given when one may
    be read from a file. `similar` are figures that stood out among those of similar organs;
    `organ_level` is the level that an administrator has set for the organ.
    """

    form: Form
    today: date
    now: str = ""
    by: str = ""
    organ: str = ""
    year: int = 0
    answers: Answers = field(default_factory=Answers)
    explanations: tuple[Explanation, ...] = ()
    final: bool = False
    since_final: Mapping[ItemId, Value | None] = field(default_factory=dict)
    last_year: Report | None = None
    years: Mapping[int, Report] = field(default_factory=dict)
    kept_wording: Mapping[ItemId, str] = field(default_factory=dict)
    kept_year: int = 0
    place: Place = field(default_factory=Place)
    deadline: date | None = None
    usual_year: int = 0
    imported: bool = False
    source: str = BOT
    begun_by_others: frozenset[ItemId] = frozenset()
    last_here: datetime | None = None
    notice: LocalNotice = NOTHING
    standing: Standing = field(default_factory=Standing)
    sign_off: SignOff = NOTHING_DECIDED
    shared: bool = False
    trail: tuple[Entry, ...] = ()
    since_hand_in: Mapping[ItemId, Value | None] = field(default_factory=dict)
    authors: Mapping[ItemId, str] = field(default_factory=dict)
    states: Mapping[int, ReportState] = field(default_factory=dict)
    similar: Mapping[CellId, Similar] = field(default_factory=dict)
    organ_level: Level | None = None

    def at(self, place: Place) -> Session:
        """The same at another place."""
        return replace(self, place=place)

    @property
    def figures(self) -> Figures:
        """The figures, with computed totals."""
        return Figures(self.form, self.answers)

    @property
    def fingerprint(self) -> str:
        """The mark of everything the report says now."""
        return fingerprint(self.organ, self.year, self.form.edition, self.answers)

    @property
    def document(self) -> DocumentInput:
        """The input of a document: the form without what a local notice asks for."""
        return DocumentInput(FORMS[self.form.edition], self.organ, self.year, self.answers)

    @property
    def is_finished(self) -> bool:
        """Whether a final document was made of the present answers."""
        return self.final and not self.changed

    def may(self, action: Action) -> bool:
        """Whether the person may do this to the report in its present state."""
        return may(self.standing, action, self.sign_off.state)

    def can(self, deed: Deed) -> bool:
        """Whether the person may take this step now, even if the report is incomplete."""
        return transition(self.standing, deed, self.sign_off.state) is not None

    @property
    def level(self) -> Level:
        """The level that the clerk has set, else the administrator, else the name suggests."""
        said = self.answers.text("level")
        return Level(said) if said else self.organ_level or guess_level(self.organ)

    @property
    def due(self) -> date:
        """When the report is due: by its task, else by law."""
        return self.deadline or default_deadline(self.year, self.level)

    @property
    def report(self) -> Report:
        """What the checks look at."""
        return Report(
            self.form,
            self.organ,
            self.year,
            self.answers,
            self.level,
            self.last_year,
            explanations=self.explanations,
            notice=self.notice,
            similar=self.similar,
        )

    @property
    def has_earlier(self) -> bool:
        """Whether an earlier year is in store, as far as years were given."""
        return self.last_year is not None or any(year < self.year for year in self.years)

    def form_on(self, year: int) -> Form:
        """
        The form in which the organ's report on a year is filled in, as it is printed.

        No published report has what a local notice asks beyond it.
        """
        return FORMS[self.form.edition] if year == self.year else form_to_fill_in(year)

    def answers_of(self, year: int) -> Answers:
        """The stored answers of the organ's report on a year."""
        if year == self.year:
            return self.answers
        known = self.years.get(year)
        return known.answers if known else Answers()

    @property
    def changed(self) -> dict[ItemId, tuple[Value | None, Value | None]]:
        """
        The changes since the last final document: item → (then, now).

        The organ's level and the answers to a local notice are in no document.
        """
        return {
            item: (then, self.answers.get(item))
            for item, then in self.since_final.items()
            if item not in UNPRINTED and self.answers.get(item) != then
        }

    @property
    def wording_open(self) -> ItemId | None:
        """The first piece of the organ's wording that is unanswered; "" is an answer."""
        answers = self.answers
        for item in ("title", "introduction", "signature"):
            if answers.text(item) is None:
                return item
        dated = not answers.text("signature") or answers.text("signature_date") is not None
        return None if dated else "signature_date"

    def is_open(self, item: ItemId) -> bool:
        """Whether a line, cell, narrative or section still wants an answer."""
        line = self.form.lines.get(item)
        if line is None:
            return bool(self.open_in(item))
        if line.kind is LineKind.SUM:
            return False
        answers = self.answers
        for cell in line.cells:  # noqa: SIM110 - asked for each line at each step
            if cell.id not in answers:
                return True
        return False

    def open_in(self, item: ItemId) -> tuple[ItemId, ...]:
        """The unanswered cells of a line or section, or the narrative itself."""
        line = self.form.lines.get(item)
        if line is not None:
            if line.kind is LineKind.SUM:
                return ()
            return tuple(cell.id for cell in line.cells if cell.id not in self.answers)
        section = self.form.section.get(item)
        if section is not None and isinstance(section.body, Table):
            return tuple(cell for line in section.body.lines for cell in self.open_in(line.id))
        if item in self.form.sums:
            return ()
        return () if item in self.answers and not self.is_begun(item) else (item,)

    def is_begun(self, item: ItemId) -> bool:
        """Whether a text is only a few characters and was not ended with 「完成」."""
        unended = item in self.place.begun or item in self.begun_by_others
        return unended and is_short(self.answers.text(item))

    def first_open(self, section: Section) -> ItemId | None:
        """The first asked line of a table with a gap, in printed order."""
        for cell in self.form.asked_in.get(section.id, ()):
            if cell not in self.answers:
                return self.form.cells[cell].line
        return None

    @property
    def gaps(self) -> tuple[ItemId, ...]:
        """All that is missing for the final document, in printed order."""
        return tuple(item for s in self.form.sections for item in self.open_in(s.id))
