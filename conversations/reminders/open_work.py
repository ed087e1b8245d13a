"""The open work in a report, in a clerk's own part of it, and in a group of organs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from conversations.form.answers import Answers
from conversations.form.model import Form, ItemId, SectionKind
from conversations.reminders.people import Member
from conversations.reminders.tasks import Task
from conversations.sign_off.states import DECIDED, ReportState

# Used until the office's own speed is known: per figure (rows of zeros included), per text.
SECONDS_PER_FIGURE = 6
SECONDS_PER_TEXT = 180
SECONDS_PER_CORRECTION = 60

# A tap settles a row or a block of zeros, whose figures have to be looked up.
SECONDS_PER_TAP = 100

# A longer pause is a break; fewer figures do not show an office's speed.
LONGEST_PAUSE = timedelta(minutes=5)
FEWEST_FIGURES = 20

VERSION = 2  # version of the text of `OpenWork.dumps`


# ---- a report ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenSection:
    """
    A section with open work.

    `open` counts the figures to type, or the text; if all figures are there, the computed balance
    (结转下年度), which has to be confirmed, counts as one. `first` is the first open item, None if
    only findings are left: to correct, or to explain.
    """

    section: ItemId
    open: int
    first: ItemId | None
    to_correct: int = 0
    to_explain: int = 0


@dataclass(frozen=True, slots=True)
class OpenWork:
    """The open work in a report, for all its people; it can be stored as text."""

    sections: tuple[OpenSection, ...] = ()
    per_answer: timedelta | None = None

    @property
    def answered(self) -> bool:
        """Whether every question is answered and only the document may be missing."""
        return not any(section.open for section in self.sections)

    def dumps(self, form: Form) -> str:
        """The text form, with permanent numbers for ids."""
        milliseconds = self.per_answer // timedelta(milliseconds=1) if self.per_answer else 0
        parts = [f"{VERSION},{milliseconds}"]
        for s in self.sections:
            first = form.number[s.first] if s.first else 0
            left = (s.to_correct, s.to_explain)
            parts.append(",".join(map(str, (form.number[s.section], s.open, first, *left))))
        return ";".join(parts)

    @classmethod
    def loads(cls, text: str, form: Form) -> OpenWork | None:
        """Read the text of `dumps`; None if another version wrote it."""
        try:
            head, *rest = ([int(n) for n in part.split(",")] for part in text.split(";"))
            version, milliseconds = head
            sections = tuple(
                OpenSection(form.item[section], count, form.item[first] if first else None, *left)
                for section, count, first, *left in rest
            )
        except (ValueError, KeyError, TypeError):
            return None
        if version != VERSION:
            return None
        return cls(sections, timedelta(milliseconds=milliseconds) if milliseconds else None)


def open_work(
    form: Form,
    answers: Answers,
    to_correct: Iterable[ItemId] = (),
    to_explain: Iterable[ItemId] = (),
    per_answer: timedelta | None = None,
) -> OpenWork:
    """
    The open work in a report, counted as in the list of sections.

    `to_correct` and `to_explain` have the section of each slip to correct and of each figure that
    needs a reason.
    """
    wrong, unexplained = Counter(to_correct), Counter(to_explain)
    sections = []
    for section in form.sections:
        wanted = form.asked_in.get(section.id, (section.id,))
        items = [item for item in wanted if item not in answers]
        if not items:
            balance = (cell for cell in form.balance if form.section_of[cell] is section)
            items = [cell for cell in balance if cell not in answers][:1]
        left = (wrong[section.id], unexplained[section.id])
        if items or any(left):
            first = items[0] if items else None
            sections.append(OpenSection(section.id, len(items), first, *left))
    return OpenWork(tuple(sections), per_answer)


def pace(moments: Sequence[datetime]) -> timedelta | None:
    """
    An office's own time per figure, from the moments at which its figures were stored.

    Breaks of more than five minutes do not count; a whole row of zeros is stored at one moment.
    None for fewer than 20 figures, which tell too little.
    """
    if len(moments) < FEWEST_FIGURES:
        return None
    gaps = [later - earlier for earlier, later in pairwise(sorted(moments))]
    worked = [gap for gap in gaps if gap <= LONGEST_PAUSE]
    if not worked:
        return None
    return max(sum(worked, timedelta()) / len(worked), timedelta(seconds=1))


def taps(figures: int) -> int:
    """The estimated number of taps for so many open figures, consistent with the minutes."""
    return -(-figures * SECONDS_PER_FIGURE // SECONDS_PER_TAP)


# ---- a clerk's part -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missing:
    """
    One of the member's sections with its open items: figures, or its one text.

    `balance` says that only the computed 结转下年度 is open.
    """

    section: ItemId
    heading: str
    open: int
    kind: SectionKind
    balance: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """
    A clerk's open work.

    `finished` refers to the report's final document. `missing` are open sections of the member and
    those without an owner; `to_correct` counts slips to correct there, `to_explain` figures that
    need a reason; `only_document` says that the whole report is answered and only the document is
    missing. `next_number` is the permanent number of the first open question, 0 for none.
    `per_answer` is the office's own time per figure, None if not known. `state` is the report's
    state of sign-off, `remarks` the number of a leader's remarks that wait for an answer; with a
    `leader` a complete report is handed in.
    """

    finished: bool = False
    missing: tuple[Missing, ...] = ()
    to_correct: int = 0
    only_document: bool = False
    next_number: int = 0
    per_answer: timedelta | None = None
    to_explain: int = 0
    state: ReportState = ReportState.OPEN
    remarks: int = 0
    leader: bool = False

    @property
    def unfinished(self) -> bool:
        """Whether this member has anything to do."""
        findings = self.to_correct or self.to_explain
        left = self.missing or findings or self.only_document or self.remarks
        return not self.finished and bool(left)

    @property
    def minutes(self) -> int:
        """The estimated minutes for the rest: at least 1, above 5 in steps of 5."""
        figures = sum(m.open for m in self.missing if m.kind is SectionKind.TABLE)
        texts = sum(m.open for m in self.missing if m.kind is SectionKind.NARRATIVE)
        per_figure = self.per_answer or timedelta(seconds=SECONDS_PER_FIGURE)
        needed = figures * per_figure + timedelta(
            seconds=texts * SECONDS_PER_TEXT
            + (self.to_correct + self.to_explain) * SECONDS_PER_CORRECTION
        )
        minutes = max(1, -(-needed // timedelta(minutes=1)))
        return minutes if minutes <= 5 else -(-minutes // 5) * 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that waits for a leader, who has known of it since a moment."""

    since: datetime


def is_finished(final_at: datetime | None, state: ReportState, decided_at: datetime | None) -> bool:
    """
    Whether nothing is left to do in a report.

    It is approved, or its final document was made after the last step of sign-off and it is open.
    """
    if state in DECIDED:
        return True
    made = final_at is not None and (decided_at is None or final_at > decided_at)
    return made and state is ReportState.OPEN


def own_part(
    task: Task,
    member: Member,
    form: Form,
    work: OpenWork,
    *,
    finished: bool,
    parts: frozenset[ItemId] | None = None,
) -> Progress:
    """
    A clerk's part of the open work: their own sections and those without an owner.

    For a helper with some `parts` only, these.
    """
    others = {section for section, owner in task.assigned if owner != member.id}
    others -= {section for section, owner in task.assigned if owner == member.id}
    own = [
        s
        for s in work.sections
        if s.section not in others and (parts is None or s.section in parts)
    ]
    missing = []
    for open_section in own:
        if open_section.open:
            section = form.section[open_section.section]
            balance = open_section.first in form.balance
            told = (section.id, section.heading, open_section.open, section.kind)
            missing.append(Missing(*told, balance=balance))
    first = next((s.first for s in own if s.open), None)
    return Progress(
        finished,
        tuple(missing),
        sum(s.to_correct for s in own),
        only_document=not finished and work.answered and parts is None,
        next_number=form.number[first] if first else 0,
        per_answer=work.per_answer,
        to_explain=sum(s.to_explain for s in own),
    )


# ---- an administrator's organs --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrganState:
    """
    The progress of one organ, for the administrator.

    `unreachable` are the names of members who cannot be reached, `unreachable_since` the day on
    which this was last noticed. `joined` says that there is a clerk, or that the report has been
    begun; `state` is its state of sign-off.
    """

    organ: str
    finished: bool
    unreachable: tuple[str, ...] = ()
    unreachable_since: date | None = None
    joined: bool = True
    state: ReportState = ReportState.OPEN


@dataclass(frozen=True, slots=True)
class Overview:
    """The progress of an administrator's organs."""

    organs: tuple[OrganState, ...] = ()

    @property
    def unfinished(self) -> tuple[OrganState, ...]:
        """The organs without a final document."""
        return tuple(organ for organ in self.organs if not organ.finished)

    @property
    def submitted(self) -> tuple[OrganState, ...]:
        """The unfinished organs whose report waits for their leader."""
        return tuple(o for o in self.unfinished if o.state is ReportState.SUBMITTED)

    @property
    def approved(self) -> tuple[OrganState, ...]:
        """The organs whose report was approved, published or not."""
        return tuple(organ for organ in self.organs if organ.state in DECIDED)

    @property
    def not_joined(self) -> tuple[OrganState, ...]:
        """The unfinished organs without a clerk whose report has not been begun."""
        return tuple(organ for organ in self.unfinished if not organ.joined)

    @property
    def unreachable(self) -> tuple[OrganState, ...]:
        """The unfinished organs with members who cannot be reached."""
        return tuple(organ for organ in self.unfinished if organ.unreachable)
