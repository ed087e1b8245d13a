"""
Moves of publication: ask where the report was published, and compare it.

Each comparison is recorded with its date and address and stays in the record. An address that could
not be read is recorded as not compared, with the reason.
"""

from __future__ import annotations

from conversations.form import FORMS
from conversations.sign_off.comparison import Comparison, Result, not_compared
from conversations.sign_off.states import Deed
from conversations.talk.effects import Decide
from conversations.talk.events import NotRead, ReportRead
from conversations.talk.gate import refusal
from conversations.talk.moves.going import go_back
from conversations.talk.moves.turn import Turn
from conversations.talk.session import State
from conversations.wording import comparing as wording

MOST_ADDRESS = 500  # characters recorded
A_PAGE = 1000  # characters of a text that may be a page


def ask(turn: Turn) -> None:
    """Ask where it was published, if there is a document to compare with."""
    if said := refusal(turn.session, (Decide(Deed.PUBLISH),)):
        turn.note(said)
    elif turn.place.state is not State.PUBLISH:
        turn.go(State.PUBLISH, back=turn.place.returning)


def typed(turn: Turn) -> None:
    """A copied page; any other text is no address."""
    report = turn.report_in(turn.text) if len(turn.text) > A_PAGE else None
    if report is None:
        turn.refuse(wording.NO_ADDRESS)
    else:
        _compared(turn, ReportRead("", report))


def report_read(turn: Turn) -> None:
    """Compare the published report from a link or a file."""
    if turn.read is not None:
        _compared(turn, turn.read)


def not_read(turn: Turn) -> None:
    """
    The published report cannot be read: its address is recorded all the same.

    A file alone does not mean that it was published: without an address nothing is recorded.
    """
    if turn.unread is None:
        return
    if not turn.unread.address and turn.session.sign_off.publication is None:
        turn.refuse(wording.NOT_KEPT.format(why=turn.unread.why))
        return
    _record(turn, not_compared(turn.unread.why), turn.unread)


def say_why(turn: Turn) -> None:
    """The question is no longer open: only say why it was not read."""
    if turn.unread is not None:
        turn.note(turn.unread.why)


def _compared(turn: Turn, theirs: ReportRead) -> None:
    from conversations.sign_off.compare import compare

    _record(turn, compare(turn.session.document, theirs.report), theirs)


def _record(turn: Turn, comparison: Comparison, theirs: ReportRead | NotRead) -> None:
    """Record a comparison and show the differences; an equal page ends the question."""
    if said := refusal(turn.session, (Decide(Deed.PUBLISH),)):
        turn.note(said)  # reopened meanwhile
        go_back(turn)
        return
    session = turn.session
    before = session.sign_off.publication
    address = theirs.address[:MOST_ADDRESS]
    file = "" if address else theirs.name[:MOST_ADDRESS]
    if not address and before is not None:
        address = before.note.get("address", "")  # a saved copy of the page that could not be read
    ours = wording.FINAL if session.sign_off.approval is None else wording.APPROVED
    told = wording.told(comparison, FORMS[session.form.edition], ours)
    turn.decide(
        Deed.PUBLISH,
        {
            "address": address,
            "file": file,
            "date": session.today.isoformat(),
            "result": comparison.result.value,
            "why": comparison.why,
            "differences": comparison.dumps(),
        },
    )
    told = f"{wording.recorded(address, session.today)}\n{told}"
    if comparison.result is Result.NOT_COMPARED and not session.standing.leader:
        told = f"{told}\n{wording.WAY_OUT}"
    turn.note(told)
    if comparison.result is Result.EQUAL:
        go_back(turn)
