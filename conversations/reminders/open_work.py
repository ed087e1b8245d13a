"""What is still to be done: in a report, in a clerk's own part of it, in a group of organs."""

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

# Until the office's own speed is known: a figure, whole rows of zeros included, and a text.
SECONDS_PER_FIGURE = 6
SECONDS_PER_TEXT = 180
SECONDS_PER_CORRECTION = 60

# A tap settles a row or a block of zeros, and the figures of it have to be looked up.
SECONDS_PER_TAP = 100

# A break in an office's work, and how many figures tell its speed.
LONGEST_PAUSE = timedelta(minutes=5)
FEWEST_FIGURES = 20

VERSION = 2  # of `OpenWork.dumps`


# ---- a report ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenSection:
    """
    A section in which something is to be done.

    `open` counts the figures to type, or the text; when all figures are there, what the
    balance gives (结转下年度) and is to be confirmed counts as one. `first` is the first open
    item, None where only findings are left: to be corrected, or to be given a reason.
    """

    section: ItemId
    open: int
    first: ItemId | None
    to_correct: int = 0
    to_explain: int = 0


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What is open in a report, whoever is to do it; it can be kept as text."""

    sections: tuple[OpenSection, ...] = ()
    per_answer: timedelta | None = None

    @property
    def answered(self) -> bool:
        """Whether every question has an answer and only the document may be missing."""
        return not any(section.open for section in self.sections)

    def dumps(self, form: Form) -> str:
        """As text, with permanent numbers for ids."""
        milliseconds = self.per_answer // timedelta(milliseconds=1) if self.per_answer else 0
        parts = [f"{VERSION},{milliseconds}"]
        for s in self.sections:
            first = form.number[s.first] if s.first else 0
            left = (s.to_correct, s.to_explain)
            parts.append(",".join(map(str, (form.number[s.section], s.open, first, *left))))
        return ";".join(parts)

    @classmethod
    def loads(cls, text: str, form: Form) -> OpenWork | None:
        """From `dumps`; None for what another version has written."""
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
    What is open in a report, counted as the list of sections counts it.

    `to_correct` and `to_explain` hold, for each slip that must be corrected and for each
    figure that wants a reason, the section it is in.
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
    An office's own time per figure, from the moments its figures were stored.

    Breaks of more than five minutes do not count; a whole row of zeros is stored at
    one moment. None for fewer than 20 figures: too few to tell.
    """
    if len(moments) < FEWEST_FIGURES:
        return None
    gaps = [later - earlier for earlier, later in pairwise(sorted(moments))]
    worked = [gap for gap in gaps if gap <= LONGEST_PAUSE]
    if not worked:
        return None
    return max(sum(worked, timedelta()) / len(worked), timedelta(seconds=1))


def taps(figures: int) -> int:
    """About how many taps so many open figures take, by the same estimate as the minutes."""
    return -(-figures * SECONDS_PER_FIGURE // SECONDS_PER_TAP)


# ---- a clerk's part of it ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missing:
    """
    A section of the member's own with what is open in it: figures, or its one text.

    `balance` says that it is only the one that the figures give (结转下年度).
    """

    section: ItemId
    heading: str
    open: int
    kind: SectionKind
    balance: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """
    What a clerk still has to do.

    `finished` is the report's final document. `missing` are the member's own sections
    (and those of nobody); `to_correct` slips that must be corrected there, `to_explain`
    what wants a reason; `only_document` that the whole report is answered and nobody has
    made the document.
    `next_number` is the permanent number of the first open question, 0 for none.
    `per_answer` is the office's own speed per figure, None while it is not known. `state` is
    where the report is in its sign-off, `remarks` how many of a leader's wait for an answer;
    with a `leader` it is handed in when everything is there.
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
        """Whether there is something for this member to do."""
        findings = self.to_correct or self.to_explain
        left = self.missing or findings or self.only_document or self.remarks
        return not self.finished and bool(left)

    @property
    def minutes(self) -> int:
        """About how long the rest takes: minutes, above 5 in steps of 5, at least 1."""
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
    """What waits for a leader, who has known of it since a moment."""

    since: datetime


def is_finished(final_at: datetime | None, state: ReportState, decided_at: datetime | None) -> bool:
    """
    Whether nothing is left to do in a report.

    It is approved; or its final document was made, and that after it was opened again.
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
    A clerk's part of what is open: the clerk's own sections and those of nobody.

    Of a helper, who was given some `parts` only, these.
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


# ---- the organs of an administrator --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrganState:
    """
    How far one organ is, for the administrator.

    `unreachable` are the names of members who cannot be written to, `unreachable_since`
    the day on which that was last found out. `joined` says that there is a clerk, or that
    somebody has begun the report; `state` where that is in its sign-off.
    """

    organ: str
    finished: bool
    unreachable: tuple[str, ...] = ()
    unreachable_since: date | None = None
    joined: bool = True
    state: ReportState = ReportState.OPEN


@dataclass(frozen=True, slots=True)
class Overview:
    """How far the organs of an administrator are."""

    organs: tuple[OrganState, ...] = ()

    @property
    def unfinished(self) -> tuple[OrganState, ...]:
        """The organs that have no final document."""
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
        """The unfinished organs whose invitation nobody has followed yet."""
        return tuple(organ for organ in self.unfinished if not organ.joined)

    @property
    def unreachable(self) -> tuple[OrganState, ...]:
        """The unfinished organs some of whose members cannot be written to."""
        return tuple(organ for organ in self.unfinished if organ.unreachable)
