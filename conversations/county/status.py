"""
The state of an organ's report, for people who look after many organs.

The states of an organ in one year are defined here; `storage/county.py` reads them, `bot/county/`
shows them.
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
    The state of an organ's report; the values are those of `nianbao overview --json`.

    FINISHED is an organ without a leader with an up-to-date final document, or one that has sent a
    file.
    """

    NOT_JOINED = "not_joined"
    NOT_STARTED = "not_started"
    OPEN = "open"
    FINISHED = "finished"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"


# The report is in: only a decision or its publication is waited for.
HANDED_IN = frozenset(
    {Progress.FINISHED, Progress.SUBMITTED, Progress.APPROVED, Progress.PUBLISHED}
)


@dataclass(frozen=True, slots=True)
class Counts:
    """
    The counts of one report.

    `filled` of `asked` questions are answered; `whole` says that all figures of the three tables
    are. `errors` are findings to be corrected (E), `unexplained` those that need a reason (W),
    `explained` those that have one.
    """

    filled: int
    asked: int
    whole: bool
    errors: int
    unexplained: int
    explained: int


@dataclass(frozen=True, slots=True)
class SentFile:
    """
    The newest file that an organ has sent instead of answering; `note` is the result of reading it.
    """

    id: int
    name: str
    at: datetime
    note: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrganReport:
    """
    An organ's report of the year.

    `state` is its state of sign-off, `note` belongs to the step that led there; `is_final` says
    that the newest final document is up to date. `begun` says that anything was ever answered,
    `changed_at` when last. `deadline` and `internal` are those of its task, None without one;
    `excused` says that the organ need not report this year; `reason` is why, or why its date
    differs from that of others. `counts` are None if they must be counted again; `mark` is the key
    to store them under.
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
    An organ below another, with its report of the year.

    `parent` is the name of the organ right above. `joined` says that it has a clerk. A closed organ
    is included with its report; `merged_into` is the name of the organ that took over its work.
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
        """The state of its report."""
        report = self.report
        if report is None or not (report.begun or report.source == FILE):
            return Progress.NOT_STARTED if self.joined else Progress.NOT_JOINED
        if report.state is not ReportState.OPEN:
            return Progress(report.state.value)
        return Progress.FINISHED if report.is_final else Progress.OPEN

    @property
    def counts_in(self) -> bool:
        """
        Whether a report of the year is waited for, or already in.

        An excused organ or a closed one counts only with a report that is in.
        """
        if self.report is not None and self.progress in HANDED_IN:
            return True
        return not (self.closed or (self.report is not None and self.report.excused))
