"""
Whether a person may do what a step decided: checked once for every event, from every door.

A button carries no right, and a move need not know who may make it.
"""

from __future__ import annotations

from collections.abc import Iterable

from conversations.sign_off.rights import Action, is_locked, may, transition
from conversations.sign_off.states import Deed, Need, ReportState
from conversations.talk.derived import is_open, standing_question, todo_questions
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
from conversations.talk.session import Asking, Pending, Session, State
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

# States in which a typed message becomes an answer of the report.
_FILLING = frozenset(
    {
        State.LINE,
        State.CELL,
        State.ROWS,
        State.TABLE,
        State.CARRY,
        State.TOTAL,
        State.NARRATIVE,
        State.PASSAGE,
        State.WORDING,
        State.RESTART,
    }
)


def refusal(session: Session, effects: Iterable[Effect]) -> str:
    """
    Why the person may not do what a step decided, as a sentence; "" if they may.

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


def not_to_be_asked(before: Session, after: Session) -> str:
    """Why the person may not answer the question at which a step ends; "" if they may."""
    was, place = before.place, after.place
    if (was.state, was.item, was.pending) == (place.state, place.item, place.pending):
        return ""
    if place.pending is not None and place.pending.asking is Asking.IMPORT:
        return _why_not_imported(after, place.pending)
    return why_not_written(after) if _asks(after) else ""


def _why_not_imported(session: Session, pending: Pending) -> str:
    """Why an import may not be offered, into its own year or into this report."""
    from conversations.talk.importing.plan import ImportPlan

    plan = ImportPlan.loads(pending.text, session.form_on)
    if plan is None or plan.year == session.year:
        return why_not_written(session)
    state = session.states.get(plan.year, ReportState.OPEN)
    said = refusal(session, (ImportReport(session.organ, plan.year, {}),))
    return said or (wording.locked(state, plan.year) if is_locked(state) else "")


def _asks(session: Session) -> bool:
    """Whether the place asks for an answer of the report, or for a yes to one."""
    place = session.place
    if place.state is State.FINDING:
        question = standing_question(session, place.item)
        return question is not None and is_open(session, question)
    if place.state is State.CONFIRM:
        return place.pending is not None
    return place.state in _FILLING


def why_not_written(session: Session) -> str:
    """Why the person may change no answer of the report now; "" if they may."""
    if session.may(Action.WRITE):
        return ""
    later = may(session.standing, Action.WRITE)
    return locked(session) if later else wording.NOT_ALLOWED[Action.WRITE]


def _action(session: Session, effect: Effect) -> str:
    standing, state = session.standing, session.sign_off.state
    action = _ACTIONS[type(effect)]
    if isinstance(effect, ImportReport) and effect.year != session.year:
        state = ReportState.OPEN  # another report, which `bot/handle.py` checks
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
    """Whether a remark is the person's own and unsent."""
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
    """Why a locked report cannot be changed, and what must be done first."""
    state = session.sign_off.state
    way = session.can(Deed.WITHDRAW) or session.can(Deed.REOPEN)
    return wording.LOCKED[state] + (wording.FIRST if way else wording.ASK_OTHERS)[state]


def _decision(session: Session, effect: Decide) -> str:
    """Why a step of sign-off may not be taken; "" if it may."""
    step = transition(session.standing, effect.deed, session.sign_off.state)
    if step is None:
        return wording.no_such_step(effect.deed, session.sign_off.state)
    for need in step.needs:
        if not holds(session, need, effect):
            return wording.UNMET[need]
    return ""


def holds(session: Session, need: Need, effect: Decide) -> bool:
    """Whether a requirement of a step is met."""
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
