"""The record of a report's sign-off: values for the store and for cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from conversations.form.model import ItemId
from conversations.sign_off.states import LOCKED, Deed, ReportState


@dataclass(frozen=True, slots=True)
class SignOffRecord:
    """
    One step that was taken; `state` is the state after it.

    `by` is the key of the person (`name` is their present name), `at` is ISO. `fingerprint` is that
    of the answers at the time, `history` the newest row of their history. `note` holds details of
    the step: `reason`; for an offline approval `name`, `date` and `photo`; for a publication
    `address` or `file`, `date`, `result`, `why` and `differences` (JSON); `operator` if a command
    did it.
    """

    id: int
    deed: Deed
    state: ReportState
    by: str
    name: str
    at: str
    door: str
    history: int
    fingerprint: str
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """
    A leader's remark on a part of the report.

    `item` is a section, line, cell or text, "" for the whole report; `quote` is the sentence of a
    text that is meant, else "". `sent` says that it went to the clerk with a return; before that
    only its author sees it. `answer` is the clerk's reply; a remark is `open` until the clerk has
    answered it or its item has changed. `before` is the content of the item when it was written,
    shortened; `returned` is the step that sent it, 0 before.

    A form's own `Remark` (`conversations/form/model.py`) is something else: a text around a table
    of the report.
    """

    id: int
    item: ItemId
    quote: str
    text: str
    by: str
    name: str
    at: str
    sent: bool
    open: bool
    answer: str = ""
    before: str = ""
    returned: int = 0

    def went_with(self, step: int, by: str) -> Remark:
        """
        The remark as sent, if it is the author's own and was unsent; any other stays as it is.
        """
        mine = not self.sent and self.by == by
        return replace(self, sent=True, returned=step) if mine else self


@dataclass(frozen=True, slots=True)
class SignOff:
    """All steps and remarks of a report, the newest record last."""

    records: tuple[SignOffRecord, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def last(self) -> SignOffRecord | None:
        """The newest step."""
        return self.records[-1] if self.records else None

    @property
    def state(self) -> ReportState:
        """The present state of the report."""
        return self.records[-1].state if self.records else ReportState.OPEN

    def newest(self, *deeds: Deed) -> SignOffRecord | None:
        """The newest step of one of these kinds."""
        return next((r for r in reversed(self.records) if r.deed in deeds), None)

    @property
    def approval(self) -> SignOffRecord | None:
        """The approval of the present version, not of one before a reopening."""
        for record in reversed(self.records):
            if record.deed in (Deed.APPROVE, Deed.RECORD_APPROVAL):
                return record
            if record.deed is not Deed.PUBLISH:
                return None
        return None

    @property
    def photo(self) -> str:
        """The photo of the signed page that came with the present approval, "" for none."""
        return self.approval.note.get("photo", "") if self.approval is not None else ""

    @property
    def version(self) -> SignOffRecord | None:
        """
        The step that locked the report in its present version: its document counts.

        That is the submission; without a leader the first approval or publication. None while the
        report is worked on.
        """
        first = None
        for record in reversed(self.records):
            if record.state not in LOCKED:
                break
            first = record
        return first

    @property
    def correction(self) -> SignOffRecord | None:
        """
        The reopening that began the correction (更正) of a published report, until it is published.
        """
        for before, record in zip(self.records[-2::-1], self.records[:0:-1], strict=True):
            if record.deed is Deed.PUBLISH:
                return None
            if record.deed is Deed.REOPEN and before.state is ReportState.PUBLISHED:
                return record
        return None

    @property
    def publication(self) -> SignOffRecord | None:
        """The last publication of the present version."""
        last = self.last
        return last if last is not None and last.deed is Deed.PUBLISH else None

    @property
    def open_remarks(self) -> tuple[Remark, ...]:
        """Remarks that were sent to the clerk and are not answered."""
        return tuple(remark for remark in self.remarks if remark.sent and remark.open)

    @property
    def unsent(self) -> tuple[Remark, ...]:
        """Remarks that a leader has written and not sent yet."""
        return tuple(remark for remark in self.remarks if not remark.sent)


NOTHING_DECIDED = SignOff()
