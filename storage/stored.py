"""A report as it is read from the store: values that later changes of the store do not affect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from conversations.checks.findings import Explanation, Similar
from conversations.county.status import BOT, FILE
from conversations.document.write.content import DocumentInput
from conversations.form import FORMS
from conversations.form.answers import Answers, Value
from conversations.form.local_notice import NOTHING, UNPRINTED, LocalNotice
from conversations.form.model import CellId, ItemId
from conversations.form.organ import Level
from conversations.sign_off.fingerprint import fingerprint
from conversations.sign_off.states import DECIDED
from conversations.sign_off.status import NOTHING_DECIDED, SignOff


class NoSuchReport(LookupError):  # noqa: N818 - reads like NoSuchElement
    """No report has this id: a bug in the caller, since reports are never removed."""


@dataclass(frozen=True, slots=True)
class Stored:
    """
    One report as a person sees it.

    `place` is where the person was and `place_at` when, None on a first visit. `final` says that a
    final document was made; `since_final` has the items that have changed since, with their value
    in that document (None: unanswered then). `history` is the newest row of the report's history, 0
    for none: it grows with every change of an answer, and is what `finish` wants. `deadline` is
    that of the report's task, None without one. `imported` says that the report was read from a
    published file and never was a task. `notice` is what the task asks for beyond the form.
    `sign_off` is what was decided about the report; `leader` says that its organ has a leader,
    `colleague` that it has a second member. `organ` is the name on the report, `level` what was set
    for the organ (None: its name decides). `source` is `file` if the figures were read from a file
    that the organ sent. `similar` are figures that stood out when they were last compared with
    those of similar organs.
    """

    report_id: int
    organ: str
    year: int
    edition: str
    answers: Answers
    explanations: tuple[Explanation, ...]
    place: str | None
    place_at: datetime | None
    final: bool
    since_final: Mapping[ItemId, Value | None]
    history: int
    deadline: date | None = None
    imported: bool = False
    notice: LocalNotice = NOTHING
    sign_off: SignOff = NOTHING_DECIDED
    leader: bool = False
    colleague: bool = False
    source: str = BOT
    similar: Mapping[CellId, Similar] = field(default_factory=dict)
    level: Level | None = None

    @property
    def fingerprint(self) -> str:
        """The mark of everything the report says now."""
        return fingerprint(self.organ, self.year, self.edition, self.answers)

    @property
    def document(self) -> DocumentInput:
        """The input of its document."""
        return DocumentInput(FORMS[self.edition], self.organ, self.year, self.answers)

    @property
    def changed(self) -> bool:
        """Whether a final document would be different now."""
        return bool(self.since_final.keys() - UNPRINTED)

    @property
    def is_final(self) -> bool:
        """Whether its document is final; after a submission, only an approved report is."""
        if self.sign_off.version is not None:
            return self.sign_off.state in DECIDED
        waits = self.leader and bool(self.sign_off.records) and self.source != FILE
        return self.final and not self.changed and not waits


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another report of the same organ, as the checks and the cards need it."""

    report_id: int
    year: int
    edition: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class Entry:
    """
    Who entered an answer that stands, and when.

    `by` is a key or a door's word; `name` is the person's present name, "" if unknown.
    """

    by: str
    at: datetime
    name: str = ""
