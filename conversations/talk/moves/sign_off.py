"""
Moves of sign-off: hand in, withdraw, approve, return, reopen, an approval on paper.

The gate decides whether a person may take a step; a move only explains earlier why there is none to
take.
"""

from __future__ import annotations

from datetime import date

from conversations.answers.agreed import NotAgreed, read_agreed
from conversations.answers.short import is_no, is_none, is_yes
from conversations.checks.texts.unwanted import is_placeholder
from conversations.sign_off.fingerprint import mark_of
from conversations.sign_off.rights import Action, is_locked, may
from conversations.sign_off.states import DECIDED, Deed, Need
from conversations.talk.derived import missing_line, todo_questions
from conversations.talk.effects import Deliver, ShowPhoto
from conversations.talk.gate import locked
from conversations.talk.moves.going import search
from conversations.talk.moves.onward import resume
from conversations.talk.moves.remarks import whole_typed, write_remark
from conversations.talk.moves.turn import Turn, clean, say_expired
from conversations.talk.remarks import own_unsent
from conversations.talk.session import Session, State, Stop
from conversations.talk.triggers import is_step, meant_by
from conversations.wording import sign_off as wording
from conversations.wording import talk

LONGEST_REASON = 300  # characters
STATES = frozenset({State.SIGN_OFF, State.REASON, State.OFF_LINE})
# `Place.item` in State.REASON: for reopening; for a return, with the mark after it.
REOPENING, RETURNING = "reopen", "return"

# Texts that are no reason.
_NO_REASONS = (is_yes, is_no, is_none, is_placeholder, is_step)

_NOT_AGREED = {
    NotAgreed.NO_NAME: wording.NO_NAME,
    NotAgreed.NO_DAY: wording.NO_DAY,
    NotAgreed.LATER: wording.DAY_TO_COME,
}


def mark_shown(session: Session) -> str:
    """The mark of the version that its card shows, "" for none."""
    version = session.sign_off.version
    return mark_of(version.fingerprint) if version else ""


def show(turn: Turn) -> None:
    """Show the report's state, and come back afterwards."""
    turn.go(State.SIGN_OFF, mark_shown(turn.session), back=_work(turn))


def _work(turn: Turn) -> tuple[Stop, ...]:
    """The place of work to come back to."""
    return tuple(stop for stop in turn.place.returning if stop[0] not in STATES)


def _show_done(turn: Turn) -> None:
    turn.go(State.SIGN_OFF, mark_shown(turn.session), back=())


def belongs(session: Session) -> bool:
    """Whether a person who opens the report should see its state instead of a question."""
    return not session.may(Action.WRITE)


def is_asked(session: Session) -> bool:
    """Whether the open question of sign-off can still be answered."""
    place = session.place
    if place.state is State.OFF_LINE:
        return session.can(Deed.RECORD_APPROVAL) and place.item == mark_shown(session)
    if place.state is State.PUBLISH:
        return session.can(Deed.PUBLISH)
    if place.state is not State.REASON:
        return False
    what, _, mark = place.item.partition(" ")
    if what == REOPENING:
        return session.can(Deed.REOPEN)
    return session.can(Deed.RETURN) and mark == mark_shown(session)


def waits(turn: Turn, what: str) -> bool:
    """
    Whether the document waits for something; says so and goes there.

    `what` is to be done with the whole: handed in, or made.
    """
    session = turn.session
    todo = todo_questions(session)
    if session.gaps or todo:
        turn.note(talk.final_waits_for(missing_line(session, todo), what))
        turn.go(State.REVIEW, back=())
        return True
    if (open_wording := session.wording_open) is not None:
        turn.go(State.WORDING, open_wording, back=((State.REVIEW, ""),))
        return True
    return False


def _cannot(turn: Turn, deed: Deed) -> bool:
    """Whether the person cannot take a step now; says so, above the present state."""
    session = turn.session
    if session.can(deed):
        return False
    last = session.sign_off.last
    if last is not None and last.deed is deed and last.by == session.by:
        turn.note(talk.ALREADY)  # a double tap
    elif deed is Deed.SUBMIT and not session.standing.leader:
        turn.note(wording.UNMET[Need.LEADER])
        return True
    else:
        turn.note(wording.no_such_step(deed, session.sign_off.state))
    if turn.place.state is not State.SIGN_OFF and belongs(session):
        show(turn)
    return True


def _of_another_version(turn: Turn, mark: str) -> bool:
    """Whether a button is about another version than the present one; shows the present one."""
    if mark == mark_shown(turn.session):
        return False
    turn.note(wording.OTHER_VERSION if mark else wording.LOOK_FIRST)
    _show_done(turn)
    return True


def submit(turn: Turn) -> None:
    """Hand the report in if nothing is missing; sends the file to print."""
    if _cannot(turn, Deed.SUBMIT) or waits(turn, wording.SUBMIT):
        return
    turn.decide(Deed.SUBMIT)
    _deliver(turn, final=False)
    _show_done(turn)


def typed(turn: Turn) -> None:
    """
    A text where none is asked.

    From a leader it is a remark on the whole; for a locked report the clerk is told why nothing is
    taken; otherwise it is a search.
    """
    session = turn.session
    state = session.sign_off.state
    if session.may(Action.REMARK):
        whole_typed(turn)
    elif is_locked(state):
        # A note, because the screen may be out of date: the card follows below.
        turn.note(locked(session) if may(session.standing, Action.WRITE) else wording.TAP)
    elif turn.place.item:
        turn.note(wording.now_is(state))  # the card of a version that was withdrawn or returned
        _show_done(turn)
    else:
        search(turn)


def withdraw(turn: Turn) -> None:
    """Withdraw the submission before a decision; back to the clerk's place."""
    if _cannot(turn, Deed.WITHDRAW):
        return
    turn.decide(Deed.WITHDRAW)
    turn.note(wording.WITHDRAWN)
    go_on(turn)


def go_on(turn: Turn) -> None:
    """From the card of sign-off back to work."""
    resume(turn, turn.place.back)


def approve(turn: Turn) -> None:
    """Approve the version that the button is about."""
    if _cannot(turn, Deed.APPROVE) or _of_another_version(turn, turn.mark):
        return
    kept = len(own_unsent(turn.session))
    turn.decide(Deed.APPROVE)
    if kept:
        turn.note(wording.not_sent(kept))
    if turn.session.can(Deed.PUBLISH):  # who also is a clerk
        _deliver(turn, final=True)
    _show_done(turn)


def return_(turn: Turn) -> None:
    """Return it with remarks; without any, ask for a reason first."""
    if _cannot(turn, Deed.RETURN) or _of_another_version(turn, turn.mark):
        return
    if own_unsent(turn.session):
        _given_back(turn, "")
    else:
        turn.go(State.REASON, f"{RETURNING} {turn.mark}", back=_work(turn))


def _given_back(turn: Turn, reason: str) -> None:
    turn.decide(Deed.RETURN, {"reason": reason} if reason else None)
    turn.note(wording.RETURNED_NOW)
    _show_done(turn)


def reopen(turn: Turn) -> None:
    """Reopen a decided report: ask for the reason."""
    if not _cannot(turn, Deed.REOPEN):
        turn.go(State.REASON, REOPENING, back=_work(turn))


def why_no_reason(reason: str) -> str:
    """What is wrong with a reason, as a sentence; "" if it can be passed on."""
    if len(reason) > LONGEST_REASON:
        return wording.REASON_TOO_LONG.format(found=len(reason), limit=LONGEST_REASON)
    if len(reason) < 2 or any(no(reason) for no in _NO_REASONS):
        return wording.NO_REASON.format(text=talk.shorten(reason, 20))
    return ""


def reason_typed(turn: Turn) -> None:
    """The reason for returning or reopening."""
    if not is_asked(turn.session):
        turn.note(talk.PAST)
        _show_done(turn)
        return
    reason = " ".join(clean(turn, turn.text).split())
    if unfit := why_no_reason(reason):
        turn.refuse(unfit)
    elif turn.place.item == REOPENING:
        turn.decide(Deed.REOPEN, {"reason": reason})
        if turn.session.may(Action.WRITE):
            turn.note(wording.REOPENED)
            turn.go(State.REVIEW, back=())
        else:
            turn.note(wording.REOPENED_FOR_OTHERS)
            _show_done(turn)
    else:
        write_remark(turn, "", reason)
        _given_back(turn, reason)


def off_line(turn: Turn) -> None:
    """The leader has approved on paper: ask who, and when."""
    session = turn.session
    if _cannot(turn, Deed.RECORD_APPROVAL):
        return
    if session.sign_off.version is None and not session.is_finished:
        turn.note(wording.UNMET[Need.FINISHED])
        return
    turn.go(State.OFF_LINE, mark_shown(session), back=_work(turn))


def off_line_typed(turn: Turn) -> None:
    """The leader's name and the day; a photo of the signed page may have come before."""
    if not is_asked(turn.session):
        turn.note(talk.PAST)
        _show_done(turn)
        return
    said = clean(turn, turn.text)
    if is_step(said) or meant_by(said):
        turn.refuse(wording.NO_NAME)  # the label of a button, not a name
        return
    agreed = read_agreed(said, turn.session.today)
    if isinstance(agreed, NotAgreed):
        turn.refuse(_NOT_AGREED[agreed])
        return
    if agreed.day.year < turn.session.year:
        turn.refuse(wording.DAY_BEFORE.format(year=turn.session.year))
        return
    note = {"name": agreed.name, "date": agreed.day.isoformat()}
    if turn.place.parts:
        note["photo"] = turn.place.parts[-1][1]
    turn.decide(Deed.RECORD_APPROVAL, note)
    _deliver(turn, final=True)
    _show_done(turn)


def photo_sent(turn: Turn) -> None:
    """The signed page, perhaps with name and day in its caption."""
    if turn.photo is None or turn.place.state is not State.OFF_LINE:
        say_expired(turn)
        return
    turn.put_parts(((0, turn.photo),))
    if turn.text.strip():
        off_line_typed(turn)
    else:
        turn.note(wording.PHOTO_KEPT)


def show_photo(turn: Turn) -> None:
    """The signed page of the present approval, for all who may see the report."""
    session = turn.session
    approval, photo = session.sign_off.approval, session.sign_off.photo
    if approval is None or not photo:
        say_expired(turn)
    elif turn.is_again("photo"):
        turn.note(talk.JUST_SENT)
    else:
        head, note = talk.head(session.organ, session.year), approval.note
        on = wording.day(date.fromisoformat(note["date"]), session.today)
        caption = wording.signed_page(head, note["name"], on, approval.fingerprint)
        turn.effects.append(ShowPhoto(photo, caption))


def version_again(turn: Turn) -> None:
    """The document of the present version, once more."""
    version = turn.session.sign_off.version
    if version is None:
        say_expired(turn)
    elif turn.is_again("version"):
        turn.note(talk.JUST_MADE)
    else:
        _deliver(turn, final=turn.session.sign_off.state in DECIDED)


def _deliver(turn: Turn, *, final: bool) -> None:
    """The document that was handed in, always the same bytes."""
    version = turn.session.sign_off.version
    assert version is not None
    turn.effects.append(Deliver(final=final, version=version.id))
