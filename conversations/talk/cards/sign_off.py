"""Cards of sign-off: a report's state, the message to the leader, questions."""

from __future__ import annotations

from datetime import date, datetime

from conversations.sign_off.fingerprint import mark_of
from conversations.sign_off.rights import Action
from conversations.sign_off.states import DECIDED, Deed, ReportState
from conversations.sign_off.status import SignOffRecord
from conversations.talk.buttons import button
from conversations.talk.cards.contents import next_button
from conversations.talk.derived import missing_line, todo_questions
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.talk.other_forms import form_buttons
from conversations.talk.remarks import (
    MOST_TOLD,
    changes_since,
    open_buttons,
    open_remarks,
    own_unsent,
    remarks_report,
    told_again,
)
from conversations.talk.session import Session
from conversations.talk.summary import summary
from conversations.wording import remarks as looking
from conversations.wording import sign_off as wording
from conversations.wording import talk
from conversations.wording.deeds import author, result_of


def sign_off_card(session: Session) -> Say:
    """The report's state; for a leader who must decide, everything in one message."""
    signed = session.sign_off
    decides = session.can(Deed.APPROVE)
    head = talk.head(session.organ, session.year)
    title = wording.FOR_LEADER if decides else wording.TITLES[signed.state]
    if signed.state is ReportState.OPEN and not session.standing.leader:
        title = wording.OPEN_ALONE
    lines = [title.format(head=head), *_what_was_done(session)]
    if signed.correction is not None:
        lines.append(wording.correction(signed.correction.note.get("reason", "")))
    parts = ["\n".join(lines)]
    if decides:
        parts += [remarks_report(session), changes_since(session), *summary(session)]
        if own := own_unsent(session):
            parts.append(wording.unsent(len(own)))
    elif signed.state is ReportState.RETURNED:
        parts.append(open_remarks(session))
    parts += _what_now(session)
    text = "\n\n".join(filter(None, parts))[: talk.LIMIT]
    brief = title.format(head=head) if decides else ""
    return Say(MessageKind.CARD, text, _buttons(session, decides=decides), again=brief)


def _what_now(session: Session) -> list[str]:
    """What the person waits for or does next."""
    signed = session.sign_off
    if session.can(Deed.APPROVE):
        return []
    left = signed.state is ReportState.RETURNED and not session.standing.leader
    if signed.state is ReportState.OPEN or left:
        return [missing_line(session, todo_questions(session))]
    if signed.state is ReportState.RETURNED and not session.may(Action.WRITE):
        return [wording.WAITS_FOR_CLERK]
    if signed.state is ReportState.RETURNED and told_again(session) and not signed.open_remarks:
        return [wording.ALL_SETTLED]
    if signed.state is ReportState.APPROVED and session.can(Deed.PUBLISH):
        return [wording.TO_PUBLISH]
    said = wording.WHAT_NOW.get(signed.state)
    return [said] if said else []


def _buttons(session: Session, *, decides: bool) -> tuple[tuple[Button, ...], ...]:
    signed = session.sign_off
    rows: list[tuple[Button, ...]] = []
    version = signed.version
    if decides and version is not None:
        mark = mark_of(version.fingerprint)
        rows.append(
            (
                button(wording.APPROVE, "apr", mark, tone=Tone.GO),
                button(wording.RETURN, "ret", mark, tone=Tone.DANGER),
            )
        )
    own = len(own_unsent(session))
    if own or (decides and len(told_again(session)) > MOST_TOLD):
        label = f"{looking.REMARKS}（{own}）" if own else looking.REMARKS
        rows.append((button(label, "rms"),))
    if session.may(Action.WRITE):
        rows += open_buttons(session)
        rows.append((next_button(session, todo_questions(session)),))
    if version is None:
        document = button(talk.MAKE_DRAFT, "dra")
    else:
        label = wording.FINAL_FILE if signed.state in DECIDED else wording.SUBMITTED_FILE
        document = button(label, "ver")
    if version is not None and session.can(Deed.PUBLISH):
        rows.append((button(wording.PUBLISHED, "pub", tone=Tone.MAIN),))
    page = (button(wording.SIGNED_PAGE, "pho"),) if signed.photo else ()
    look = () if session.may(Action.WRITE) else (button(looking.LOOK, "lk"),)
    rows.append((document, *page, *look))
    if version is not None and signed.state in DECIDED:
        rows += form_buttons()
    steps = (
        (Deed.WITHDRAW, wording.WITHDRAW, "wd"),
        (Deed.RECORD_APPROVAL, wording.OFF_LINE, "ofl"),
        (Deed.REOPEN, wording.REOPEN, "reo"),
    )
    taken = [button(label, verb) for deed, label, verb in steps if session.can(deed)]
    if version is not None and taken:
        rows.append(tuple(taken))
    rows.append((button(talk.MENU, "menu"),))
    return tuple(rows)


# ---------------------------------------------------------------- what was done


def _what_was_done(session: Session) -> list[str]:
    """Who handed it in, approved, returned or reopened it, and when, with the version."""
    signed = session.sign_off
    version = signed.version
    lines = []
    if version is not None:
        kept = signed.records[signed.records.index(version) :]
        # Of repeated comparisons of a page, only the last.
        lines = [
            said_of(session, r) for r in kept if r.deed is not Deed.PUBLISH or r is signed.last
        ]
        lines.append(wording.version(version.fingerprint))
        if signed.publication is not None:
            lines.append(result_of(session.form, signed, signed.publication))
    elif signed.last is not None:
        lines.append(said_of(session, signed.last))
        told = signed.state is ReportState.RETURNED and session.may(Action.WRITE)
        if (reason := signed.last.note.get("reason")) and not told:
            lines.append(wording.because(reason))
    return lines


def said_of(session: Session, record: SignOffRecord) -> str:
    """One step in a line: when, by whom, what."""
    today, at, name = session.today, moment_of(session, record), name_of(session, record)
    note = record.note
    if record.deed is Deed.RECORD_APPROVAL and note.get("name"):
        on = wording.day(date.fromisoformat(note["date"]), today)
        return wording.off_line(note["name"], on, name, at, photo=bool(note.get("photo")))
    return wording.done(record.deed, name, at)


def moment_of(session: Session, record: SignOffRecord) -> str:
    """When a step was taken, in the office's own zone."""
    at = datetime.fromisoformat(record.at)
    if session.now:
        at = at.astimezone(datetime.fromisoformat(session.now).tzinfo)
    return wording.moment(at, session.today)


def name_of(session: Session, record: SignOffRecord) -> str:
    """The person who took a step, as the reader calls them."""
    return wording.YOU if record.by == session.by else author(record)


# --------------------------------------------------------------- what is asked


def reason_card(session: Session) -> Say:
    """Ask for the reason for returning or reopening."""
    what, _, _ = session.place.item.partition(" ")
    version = session.sign_off.version
    if what == "return":
        text = wording.ask_return(version.fingerprint if version else "")
        label = wording.NOT_RETURNED
    else:
        published = session.sign_off.state is ReportState.PUBLISHED
        ask = wording.ASK_REOPEN if session.standing.leader else wording.ASK_REOPEN_ALONE
        text = wording.ASK_CORRECTION if published else ask
        label = wording.NOT_REOPENED
    return Say(MessageKind.CARD, text, ((button(label, "so"),),), asks=("reason",))


def off_line_card(session: Session) -> Say:
    """Ask who has approved on paper, and when."""
    version = session.sign_off.version
    text = wording.ask_off_line(version.fingerprint if version else session.fingerprint)
    if session.place.parts:
        text = f"{wording.PHOTO_KEPT}\n{text}"
    return Say(MessageKind.CARD, text, ((button(wording.NOT_OFF_LINE, "so"),),), asks=("approval",))
