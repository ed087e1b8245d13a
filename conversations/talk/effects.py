"""What the edge must do, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from conversations.checks.findings import Explanation
from conversations.form.answers import Value
from conversations.form.model import ItemId
from conversations.sign_off.states import Deed


class Tone(Enum):
    """How a button looks in a client that shows colours."""

    PLAIN = ""
    GO = "success"
    MAIN = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its id (at most 64 bytes, meaningful for ever) and its label."""

    id: str
    label: str
    tone: Tone = Tone.PLAIN


Buttons = tuple[tuple[Button, ...], ...]


class MessageKind(Enum):
    """The kind of a message, so that a door can decide how to show it."""

    CARD = "card"  # the open question: the newest message, with its buttons
    RESULT = "result"  # the stored answer; `item` is the answered item
    REFUSAL = "refusal"  # what to enter instead
    CONTENTS = "contents"  # the list of sections, updated in place if the door can
    COPY = "copy"  # a text to copy or to forward: a message of its own
    NOTE = "note"  # anything else


@dataclass(frozen=True, slots=True)
class Say:
    """
    A message to the clerk.

    `asks` names, in order, the items that the next answer would fill; `item` is the item the
    message is about. Plain text, at most `wording.LIMIT` characters.

    A card may have more rows of buttons behind 「更多」, and a shorter text for when it stands
    again below another message; `cards.card` chooses, and doors see neither.
    """

    kind: MessageKind
    text: str
    buttons: Buttons = ()
    asks: tuple[ItemId, ...] = ()
    item: ItemId | None = None
    more: Buttons = ()
    again: str = ""


@dataclass(frozen=True, slots=True)
class Save:
    """
    Store one answer with its history; `after` None removes it (kept in the history).

    `before` is the value the machine saw, None for none. `door` names the source in the history if
    the answer was not typed; "" for the person's usual door.
    """

    item: ItemId
    before: Value | None
    after: Value | None
    door: str = ""


@dataclass(frozen=True, slots=True)
class Explain:
    """Store the written reason for a finding."""

    explanation: Explanation


@dataclass(frozen=True, slots=True)
class OpenReport:
    """Load or begin the report of an organ and year, and continue with `Opened`."""

    organ: str
    year: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Store a confirmed reading of a published report as the organ's report of its year."""

    organ: str
    year: int
    values: Mapping[ItemId, Value]


class Chart(Enum):
    """The subject of a picture."""

    YEARS = "years"  # the main figures over the stored years, including this one
    PROGRESS = "progress"  # progress of the report


@dataclass(frozen=True, slots=True)
class Draw:
    """Show a picture of the report."""

    chart: Chart


@dataclass(frozen=True, slots=True)
class ShowPhoto:
    """Show a sent photo again, by the door's name for it."""

    photo: str
    caption: str


@dataclass(frozen=True, slots=True)
class Deliver:
    """
    Make the document and hand it over; with a section, its table as a spreadsheet instead.

    A final document also marks the report as finished at this state of its history. With a
    `version` it is the document of that step of the sign-off, always the same bytes. With a `form`
    it is the existing final document in that format (`OTHER_FORMS`), and marks nothing.
    """

    final: bool
    table: ItemId = ""
    version: int = 0
    form: str = ""


THIS_STEP = -1  # the version of a `Deliver` for the step of sign-off being taken


@dataclass(frozen=True, slots=True)
class Decide:
    """Take a step of the report's sign-off; `note` as of a `SignOffRecord`."""

    deed: Deed
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WriteRemark:
    """Store a leader's remark until it is sent: fields as of a `Remark`."""

    item: ItemId
    text: str
    quote: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class DropRemark:
    """Take back an unsent remark."""

    remark: int


@dataclass(frozen=True, slots=True)
class SettleRemark:
    """The clerk has answered a remark, or with "" corrected its place."""

    remark: int
    answer: str = ""


Effect = (
    Say
    | Save
    | Explain
    | OpenReport
    | ImportReport
    | Draw
    | ShowPhoto
    | Deliver
    | Decide
    | WriteRemark
    | DropRemark
    | SettleRemark
)
