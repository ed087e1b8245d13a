"""
How far the report of an organ is, as those see it who look after many organs.

What an organ may be in the view of a year stands here; `storage/county.py` reads it,
`bot/county/` shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from conversations.form.organ import Level
from conversations.sign_off.states import ReportState

BOT, FILE = "bot", "file"


class Progress(Enum):
    """
    Where an organ is with its report; the values are those of `nianbao overview --json`.

    FINISHED is an organ without a leader whose final document is up to date, and one that has
    sent a file.
    """

    NOT_JOINED = "not_joined"
    NOT_STARTED = "not_started"
    OPEN = "open"
    FINISHED = "finished"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"


# The report of such an organ is there: nothing is waited for but a decision or its publication.
HANDED_IN = frozenset(
    {Progress.FINISHED, Progress.SUBMITTED, Progress.APPROVED, Progress.PUBLISHED}
)


@dataclass(frozen=True, slots=True)
class Counts:
    """
    What a look into a report counts.

    `filled` of `asked` answers are there; `whole` says that every figure of the three tables
    is. `errors` are findings to be mended (E), `unexplained` such as want a reason (W),
    `explained` such as have one.
    """

    filled: int
    asked: int
    whole: bool
    errors: int
    unexplained: int
    explained: int


@dataclass(frozen=True, slots=True)
class SentFile:
    """The newest file that an organ has sent instead of answering; `note` is what was found."""

    id: int
    name: str
    at: datetime
    note: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrganReport:
    """
    An organ's report of the year.

    `state` is where it is in its sign-off and `note` what belongs to the step that led there;
    `is_final` says that the newest final document is up to date. `begun` says that anything
    was ever answered, `changed_at` when last. `deadline` and `internal` are its task's, None
    without one; `excused` says that the organ need not report this year, `reason` why, or why
    its date is another than that of others. `counts` are None where they have to be counted
    anew; `mark` is what they would be kept under.
    """

    report_id: int
    name: str
    edition: str
    source: str
    state: ReportState
    note: Mapping[str, str]
    is_final: bool
    begun: bool
    changed_at: datetime | None
    deadline: date | None
    internal: date | None
    excused: bool
    reason: str
    file: SentFile | None
    mark: str
    counts: Counts | None


@dataclass(frozen=True, slots=True)
class CountyOrgan:
    """
    An organ below the one that is looked at, with its report of the year.

    `parent` is the name of the organ right above. `joined` says that it has a clerk. A closed
    organ is there with what it reported; `merged_into` is the name of what took it over.
    """

    organ_id: int
    organ: str
    parent: str
    level: Level
    contact: str
    phone: str
    closed: bool
    merged_into: str
    joined: bool
    report: OrganReport | None

    @property
    def progress(self) -> Progress:
        """Where it is with its report."""
        report = self.report
        if report is None or not (report.begun or report.source == FILE):
            return Progress.NOT_STARTED if self.joined else Progress.NOT_JOINED
        if report.state is not ReportState.OPEN:
            return Progress(report.state.value)
        return Progress.FINISHED if report.is_final else Progress.OPEN

    @property
    def counts_in(self) -> bool:
        """
        Whether a report of the year is waited for, or is there.

        Not where the organ need not report; a closed one only where it has reported.
        """
        if self.report is not None and self.progress in HANDED_IN:
            return True
        return not (self.closed or (self.report is not None and self.report.excused))
