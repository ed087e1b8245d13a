"""
Telling people of a step of sign-off when they are due, each once.

The note is removed in the transaction that decides the message, whichever process is quicker. The
message is made from the store as it is then, for this person, and dropped if the report is no
longer theirs. A step that overtakes another removes its note.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta

from bot import handle
from bot.faults import outline
from bot.files.documents import TemplateError
from bot.handle import Clock
from bot.telegram.intake import Intake
from bot.telegram.jobs import Job
from bot.telegram.screen import prefix_of, render
from bot.telegram.talk import Talk
from conversations.sign_off.hearing import hears
from conversations.sign_off.states import Deed
from conversations.sign_off.status import SignOffRecord
from conversations.talk.effects import Deliver, Effect
from conversations.talk.events import Opened
from conversations.talk.machine import step as advance
from conversations.talk.remarks import open_buttons, open_remarks
from conversations.talk.session import Session, State
from conversations.wording import announcing as wording
from storage.people import Focus
from storage.sign_off import SignOffs, due
from storage.stored import Stored

log = logging.getLogger("nianbao.telegram")

MOST = 100  # notes handled in one round
AFTER_FAULT = timedelta(hours=1)
APPROVALS = (Deed.APPROVE, Deed.RECORD_APPROVAL)


def announce_due(intake: Intake) -> Job:
    """Tell everything that is due now, each in a transaction of its own."""
    job = Job()
    now = Clock.read(intake.door.zone).now
    with intake.store.read() as reader:
        waiting = due(reader, now.astimezone(UTC), MOST)
    for person, report_id, step in waiting:
        try:
            with intake.talking() as talk:
                tell(talk, person, report_id, step)
        except Exception as error:
            if intake.store.is_busy(error):
                continue  # the report is being changed: next round
            if intake.store.is_out_of_order(error):
                raise
            log.error("step %s could not be told: %s", step, outline(error))
            with intake.store.begin() as unit:
                SignOffs(unit).put_off(person, step, (now + AFTER_FAULT).astimezone(UTC))
        else:
            job.add(talk.job)
    return job


def tell(talk: Talk, person: int, report_id: int, step_id: int) -> None:
    """Tell one person of one step, unless another process was quicker or it is over."""
    screen = talk.people.focus(person)
    stored = talk.unit.load(report_id, screen.key if screen else "")
    if not SignOffs(talk.unit).told(person, step_id) or screen is None or not screen.reachable:
        return
    step = next(record for record in stored.sign_off.records if record.id == step_id)
    report = talk.people.report_of(report_id)
    if not _concerns(talk, screen, report[0], stored, step):
        return
    standing = talk.standing(screen, report[0])
    session = handle.session_of(talk.unit, stored, screen.key, talk.clock, None, standing)
    session = replace(session, by=screen.key)
    if step.deed is Deed.SUBMIT:
        said = replace(wording.told(session, step), buttons=())
        # What a leader would see on opening the report; it is not opened until they tap.
        session, effects = advance(session, Opened())
        asked = session.place.state is State.SIGN_OFF and session.can(Deed.APPROVE)
        shown: tuple[Effect, ...] = (*_document(stored, final=False), effects[-1])
        if not asked:  # otherwise the card says it
            shown = (said, *shown)
    elif step.deed is Deed.RETURN:
        remarks, buttons = open_remarks(session), open_buttons(session)
        shown = (wording.told(session, step, remarks, buttons),)
    else:
        shown = (wording.told(session, step),)
        if step.deed in APPROVALS and session.can(Deed.PUBLISH):
            shown = (*_document(stored, final=True), *shown)
    _send(talk, person, session, report_id, shown)


def _concerns(
    talk: Talk, screen: Focus, organ_id: int, stored: Stored, step: SignOffRecord
) -> bool:
    """Whether a person is still one who hears of it."""
    handed_in = stored.sign_off.newest(Deed.SUBMIT)
    answered = handed_in is not None and handed_in.by == screen.key
    standing = talk.standing(screen, organ_id)
    return bool(standing.roles) and hears(standing, step.deed, step.note, handed_in=answered)


def _document(stored: Stored, *, final: bool) -> tuple[Deliver, ...]:
    """The document of the present version, the same bytes for everyone."""
    version = stored.sign_off.version
    return (Deliver(final=final, version=version.id),) if version is not None else ()


def _send(
    talk: Talk, person: int, session: Session, report_id: int, shown: Sequence[Effect]
) -> None:
    """Send messages that are dropped unsent when the person leaves the organ."""
    out = render(
        shown,
        prefix=prefix_of(report_id),
        report_id=report_id,
        head="",
        foot=[],
        form=session.form,
        moved=True,
        tapped=False,
    )
    for decided in out.calls:
        call = decided
        if call.method == "sendDocument":
            try:
                call = replace(call, payload=talk.document(session, report_id, call))
            except TemplateError:
                continue  # a person who asks for the document is told why there is none
        talk.send(person, replace(call, payload=call.payload | {"report": report_id}))
