"""What the clerk did. A door translates its input into one of these; nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conversations.form.answers import Number
from conversations.form.model import CellId, ItemId

if TYPE_CHECKING:
    from conversations.answers.ledger import Sheet
    from conversations.document.read.blocks import LeftOut
    from conversations.document.read.report import ReadReport


class ImpossibleEvent(Exception):  # noqa: N818 - the name the design gives it
    """The table has no such move, or a move ends where the table does not say: a bug."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The chat was opened, or came back: say where we are."""


@dataclass(frozen=True, slots=True)
class Typed:
    """
    A text message.

    `item` is the item of the question it replied to, or of the answer whose message
    was edited; None for a plain message. `order` grows with the order of writing
    (a message id): parts of one long text may arrive in any order. `about` is the text of the
    message it replied to, or what was selected of it.
    """

    text: str
    item: ItemId | None = None
    order: int = 0
    about: str = ""


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button was tapped, perhaps an old one. Anybody may send any id."""

    button: str


@dataclass(frozen=True, slots=True)
class Uploaded:
    """
    The text of a file that was sent (.docx, .txt), read at the edge.

    `left` is what was not taken of it as it stands.
    """

    name: str
    text: str
    left: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command of the menu, without the slash: menu, status, preview, help, cancel, …"""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class ReportRead:
    """
    A published report that was sent or linked, read at the edge; nothing counts yet.

    `address` is the link, where what was published is asked for.
    """

    name: str
    report: ReadReport
    address: str = ""


@dataclass(frozen=True, slots=True)
class NotRead:
    """What was sent or linked as published could not be read, and why, as a sentence."""

    name: str
    why: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class LedgerRead:
    """A spreadsheet that was sent: what is seen of its sheets; nothing counts yet."""

    name: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class SumOffered:
    """
    What the organs below the report's own come to together; nothing counts yet.

    `why` says of a figure why it may not be taken as it is, `note` whose figures are missing.
    """

    values: Mapping[CellId, Number]
    why: Mapping[CellId, str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that was read at the edge as a file is: the whole report that it is, if one."""

    text: str
    report: ReadReport | None


class NeedsReading(Exception):  # noqa: N818 - not an error
    """
    Nothing has happened: the event is to come again, with the `Reading` of this text.

    A text that people send may be a whole report, and to know that takes its time.
    """

    def __init__(self, text: str) -> None:
        """The text is in no message of ours."""
        super().__init__()
        self.text = text


@dataclass(frozen=True, slots=True)
class Photographed:
    """A photo that was sent, by what the door finds it again with; `text` stands under it."""

    photo: str
    text: str = ""


FileRead = Uploaded | ReportRead | LedgerRead
Event = Opened | Typed | Tapped | FileRead | NotRead | Commanded | Photographed | SumOffered
