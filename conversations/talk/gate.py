"""
Whether somebody may do what a step decided: asked once for every event, whatever the door.

A button carries no right, and a move need not know who may make it.
"""

from __future__ import annotations

from collections.abc import Iterable

from conversations.sign_off.rights import Action, is_locked, may, transition
from conversations.sign_off.states import Deed, Need, ReportState
from conversations.talk.derived import todo_questions
from conversations.talk.effects import (
    Decide,
    Deliver,
    DropRemark,
    Effect,
    Explain,
    ImportReport,
    Save,
    SettleRemark,
    ShowPhoto,
    WriteRemark,
)
from conversations.talk.own import is_helper, is_own, may_explain
from conversations.talk.session import Session
from conversations.wording import sign_off as wording

_ACTIONS: dict[type[Effect], Action] = {
    Save: Action.WRITE,
    Explain: Action.WRITE,
    ImportReport: Action.WRITE,
    Deliver: Action.FINISH,
    WriteRemark: Action.REMARK,
    DropRemark: Action.TAKE_BACK,
    SettleRemark: Action.SETTLE,
    ShowPhoto: Action.LOOK,
}

CHANGES = frozenset({Action.WRITE, Action.FINISH, Action.SETTLE})


def refusal(session: Session, effects: Iterable[Effect]) -> str:
    """
    Why the person may not do what a step decided, as a sentence; "" where they may.

    `session` is as it was before the step.
    """
    for effect in effects:
        if isinstance(effect, Decide):
            said = _decision(session, effect)
        elif isinstance(effect, Deliver) and (not effect.final or effect.version):
            said = ""  # a draft, an empty table, a version that was made before
        elif type(effect) in _ACTIONS:
            said = _action(session, effect)
        else:
            said = ""
        if said:
            return said
    return ""


def _action(session: Session, effect: Effect) -> str:
    standing, state = session.standing, session.sign_off.state
    action = _ACTIONS[type(effect)]
    if isinstance(effect, ImportReport) and effect.year != session.year:
        state = ReportState.OPEN  # of another report, which `bot/handle.py` looks at
    if not may(standing, action, state):
        if action in CHANGES and is_locked(state) and may(standing, action):
            return locked(session)
        return wording.NOT_ALLOWED[action]
    if action is Action.FINISH and standing.leader:
        return wording.HAND_IN_FIRST
    if isinstance(effect, DropRemark) and not _is_unsent(session, effect.remark):
        return wording.NOT_ALLOWED[Action.TAKE_BACK]
    return "" if _is_own(session, effect) else wording.NOT_YOUR_PART


def _is_unsent(session: Session, remark: int) -> bool:
    """Whether a remark is the person's and was not sent."""
    return any(r.id == remark and r.by == session.by for r in session.sign_off.unsent)


def _is_own(session: Session, effect: Effect) -> bool:
    """Whether an effect changes nothing beyond the person's sections."""
    match effect:
        case Save(item):
            return is_own(session, item)
        case Explain(explanation):
            return may_explain(session, explanation)
        case ImportReport():
            return not is_helper(session)
        case SettleRemark(remark):
            about = (r.item for r in session.sign_off.remarks if r.id == remark)
            return is_own(session, next(about, ""))
        case _:
            return True


def locked(session: Session) -> str:
    """Why nothing is changed while a report is locked, and what is to be done first."""
    state = session.sign_off.state
    way = session.can(Deed.WITHDRAW) or session.can(Deed.REOPEN)
    return wording.LOCKED[state] + (wording.FIRST if way else wording.ASK_OTHERS)[state]


def _decision(session: Session, effect: Decide) -> str:
    """Whether a step may be taken, and what must hold before does."""
    step = transition(session.standing, effect.deed, session.sign_off.state)
    if step is None:
        return wording.no_such_step(effect.deed, session.sign_off.state)
    for need in step.needs:
        if not holds(session, need, effect):
            return wording.UNMET[need]
    return ""


def holds(session: Session, need: Need, effect: Decide) -> bool:
    """Whether what a step needs is so."""
    match need:
        case Need.COMPLETE:
            return not (session.gaps or todo_questions(session)) and session.wording_open is None
        case Need.FINISHED:
            return session.is_finished
        case Need.SAME_VERSION:
            last = session.sign_off.last
            return last is not None and last.fingerprint == session.fingerprint
        case Need.REASON:
            return bool(effect.note.get("reason", "").strip())
        case _:
            return need in session.standing.holds
