"""
Moves of publication: where the report was published is asked, and what stands there compared.

Each comparison is recorded with its date and address; a later one does not take the place of
one before. An address that could not be read is recorded as not compared, with the reason.
"""

from __future__ import annotations

from conversations.form import FORMS
from conversations.sign_off.comparison import Comparison, Result, not_compared
from conversations.sign_off.states import Deed
from conversations.talk.effects import Decide
from conversations.talk.events import NotRead, ReportRead
from conversations.talk.gate import refusal
from conversations.talk.moves.going import menu
from conversations.talk.moves.onward import resume
from conversations.talk.moves.turn import Turn
from conversations.talk.session import State
from conversations.wording import comparing as wording

MOST_ADDRESS = 500  # characters that are kept
A_PAGE = 1000  # characters of a text that may be what stands on a page


def ask(turn: Turn) -> None:
    """Ask where it was published, if there is anything to compare with."""
    if said := refusal(turn.session, (Decide(Deed.PUBLISH),)):
        turn.note(said)
    elif turn.place.state is not State.PUBLISH:
        turn.go(State.PUBLISH, back=turn.place.returning)


def typed(turn: Turn) -> None:
    """A page that was copied whole; anything else is no address."""
    report = turn.report_in(turn.text) if len(turn.text) > A_PAGE else None
    if report is None:
        turn.refuse(wording.NO_ADDRESS)
    else:
        _compared(turn, ReportRead("", report))


def report_read(turn: Turn) -> None:
    """What was published, out of a link or a file."""
    if turn.read is not None:
        _compared(turn, turn.read)


def not_read(turn: Turn) -> None:
    """
    What was published cannot be read: that it was is kept with its address all the same.

    A file alone says not that it was published: before there is an address nothing is kept.
    """
    if turn.unread is None:
        return
    if not turn.unread.address and turn.session.sign_off.publication is None:
        turn.refuse(wording.NOT_KEPT.format(why=turn.unread.why))
        return
    _record(turn, not_compared(turn.unread.why), turn.unread)


def say_why(turn: Turn) -> None:
    """What was asked for is asked no more: only why it was not read."""
    if turn.unread is not None:
        turn.note(turn.unread.why)


def leave(turn: Turn) -> None:
    """Back to where one was."""
    if turn.place.back:
        resume(turn, turn.place.back)
    else:
        menu(turn)


def _compared(turn: Turn, theirs: ReportRead) -> None:
    from conversations.sign_off.compare import compare

    _record(turn, compare(turn.session.document, theirs.report), theirs)


def _record(turn: Turn, comparison: Comparison, theirs: ReportRead | NotRead) -> None:
    """Keep it, and tell it with its places; a page that is as approved ends the question."""
    if said := refusal(turn.session, (Decide(Deed.PUBLISH),)):
        turn.note(said)  # reopened meanwhile
        leave(turn)
        return
    session = turn.session
    before = session.sign_off.publication
    address = theirs.address[:MOST_ADDRESS]
    file = "" if address else theirs.name[:MOST_ADDRESS]
    if not address and before is not None:
        address = before.note.get("address", "")  # the page that could not be read, saved
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
        leave(turn)
