"""What stands about a report's sign-off: values, as the store has them and cards show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from conversations.form.model import ItemId
from conversations.sign_off.states import LOCKED, Deed, ReportState


@dataclass(frozen=True, slots=True)
class SignOffRecord:
    """
    One step that was taken; `state` is where it led.

    `by` is the key of who did it (`name` how colleagues call them now), `at` ISO. `fingerprint`
    is that of the answers then, `history` the newest row of their history. `note` holds what
    belongs to the step: `reason`, of an approval off line `name`, `date` and `photo`, of a
    publication `address` or `file`, `date`, `result`, `why` and `differences` (JSON); `operator`
    where a command did it.
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
    A leader's remark on what they looked at.

    `item` is a section, line, cell or text, "" for the whole report; `quote` the sentence of
    a text that is meant, else "". `sent` says that it went to the clerk with a return, before
    which only its author sees it. `answer` is what the clerk said to it; a remark is `open`
    until the clerk has answered it or what it is about has changed. `before` is what stood
    there when it was written, in short; `returned` the step that sent it, 0 before.

    A form's own `Remark` (`conversations/form/model.py`) is something else: a text that the
    report has around a table.
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
        """The same, sent with its author's return; any other stays as it is."""
        mine = not self.sent and self.by == by
        return replace(self, sent=True, returned=step) if mine else self


@dataclass(frozen=True, slots=True)
class SignOff:
    """Everything that was decided about a report, the newest record last."""

    records: tuple[SignOffRecord, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def last(self) -> SignOffRecord | None:
        """The newest step."""
        return self.records[-1] if self.records else None

    @property
    def state(self) -> ReportState:
        """Where the report is now."""
        return self.records[-1].state if self.records else ReportState.OPEN

    def newest(self, *deeds: Deed) -> SignOffRecord | None:
        """The newest step of one of these kinds."""
        return next((r for r in reversed(self.records) if r.deed in deeds), None)

    @property
    def approval(self) -> SignOffRecord | None:
        """The approval that stands: of the version that is there, not of one before a reopening."""
        for record in reversed(self.records):
            if record.deed in (Deed.APPROVE, Deed.RECORD_APPROVAL):
                return record
            if record.deed is not Deed.PUBLISH:
                return None
        return None

    @property
    def photo(self) -> str:
        """The photo of the signed page that the approval that stands came with, "" for none."""
        return self.approval.note.get("photo", "") if self.approval is not None else ""

    @property
    def version(self) -> SignOffRecord | None:
        """
        The step with which the report became as it is now, locked: its document counts.

        That is the hand-in; without a leader the approval or publication that came first.
        None while the report is worked on.
        """
        first = None
        for record in reversed(self.records):
            if record.state not in LOCKED:
                break
            first = record
        return first

    @property
    def correction(self) -> SignOffRecord | None:
        """The reopening that began the correction (更正) of a published report, until it is out."""
        for before, record in zip(self.records[-2::-1], self.records[:0:-1], strict=True):
            if record.deed is Deed.PUBLISH:
                return None
            if record.deed is Deed.REOPEN and before.state is ReportState.PUBLISHED:
                return record
        return None

    @property
    def publication(self) -> SignOffRecord | None:
        """The publication that was recorded last, of the version that is there."""
        last = self.last
        return last if last is not None and last.deed is Deed.PUBLISH else None

    @property
    def open_remarks(self) -> tuple[Remark, ...]:
        """What the clerk was told and has not answered."""
        return tuple(remark for remark in self.remarks if remark.sent and remark.open)

    @property
    def unsent(self) -> tuple[Remark, ...]:
        """What a leader has written and not sent yet."""
        return tuple(remark for remark in self.remarks if not remark.sent)


NOTHING_DECIDED = SignOff()
