"""What the clerk did. A door translates its input into one of these, and nothing else."""

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
    """The tables have no such move, or a move ends in a state they do not name: a bug."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The chat was opened, or the person came back: show the present place."""


@dataclass(frozen=True, slots=True)
class Typed:
    """
    A text message.

    `item` is the item of the question it replies to, or of the answer whose message was edited;
    None for a plain message. `order` grows with the order of writing (a message id): the parts of a
    long text may arrive in any order. `about` is the text of the message it replies to, or what was
    selected of it.
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

    `left` is what was left out of it or changed.
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
    A published report that was sent or linked, read at the edge; nothing is stored yet.

    `address` is the link, if the published report is asked for.
    """

    name: str
    report: ReadReport
    address: str = ""


@dataclass(frozen=True, slots=True)
class NotRead:
    """A published report that was sent or linked and could not be read, and why, as a sentence."""

    name: str
    why: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class LedgerRead:
    """A spreadsheet that was sent: its sheets; nothing is stored yet."""

    name: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class SumOffered:
    """
    The sum over the organs below the report's own; nothing is stored yet.

    `why` says of a figure why it may not be taken as it is, `note` whose figures are missing.
    """

    values: Mapping[CellId, Number]
    why: Mapping[CellId, str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that was read at the edge like a file: the whole report that it is, if it is one."""

    text: str
    report: ReadReport | None


class NeedsReading(Exception):  # noqa: N818 - not an error
    """
    The step was not taken: the event is to come again, with the `Reading` of this text.

    A long text may be a whole report, and to find out takes time.
    """

    def __init__(self, text: str) -> None:
        """The text does not become part of the error message."""
        super().__init__()
        self.text = text


@dataclass(frozen=True, slots=True)
class Photographed:
    """A photo that was sent, by the door's name for it; `text` is its caption."""

    photo: str
    text: str = ""


FileRead = Uploaded | ReportRead | LedgerRead
Event = Opened | Typed | Tapped | FileRead | NotRead | Commanded | Photographed | SumOffered
