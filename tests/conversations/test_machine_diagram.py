"""
The tables of moves are whole, closed, and drawn.
"""

import importlib.util
from types import ModuleType
from xml.etree import ElementTree

import pytest

from conversations.sign_off.states import TRANSITIONS, ReportState
from conversations.talk.events import ImpossibleEvent
from conversations.talk.machine import ALWAYS, ANYWHERE, EXPIRED, MOVES, Move
from conversations.talk.moves.turn import Turn
from conversations.talk.session import State
from conversations.talk.triggers import Trigger
from tests.conftest import ROOT
from tests.dialogue import Clerk


def diagram(name: str = "make_diagram") -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_diagram_is_up_to_date():
    """
    After a change of the tables: `python docs/make_diagram.py`.
    """
    assert diagram().draw() == diagram().FILE.read_text("utf-8")


def test_the_diagram_of_sign_off_is_up_to_date():
    """
    After a change of the steps: `python docs/make_sign_off_diagram.py`.
    """
    drawn = diagram("make_sign_off_diagram")

    assert drawn.draw() == drawn.FILE.read_text("utf-8")
    words = " ".join(ElementTree.fromstring(drawn.draw()).itertext())
    assert [] == [state for state in ReportState if state.value not in words]
    assert [] == [need for step in TRANSITIONS for need in step.needs if need.value not in words]


def test_the_diagram_shows_every_state_and_every_kind_of_move():
    """
    By name, in words that can be searched for.
    """
    words = " ".join(ElementTree.fromstring(diagram().draw()).itertext())

    assert [] == [state for state in State if state.value not in words]
    listed = words.replace(",", " ").replace(":", " ").split()
    assert [] == [trigger for trigger in Trigger if trigger.name.lower() not in listed]


def test_the_tables_answer_every_trigger_in_every_state_once():
    """
    A state's own button is said to be expired elsewhere; nothing stands in two tables.
    """
    own = {trigger for moves in MOVES.values() for trigger in moves} - {Trigger.TYPED}
    others = {*ANYWHERE, *ALWAYS, *EXPIRED}

    assert set(Trigger) == {Trigger.TYPED, *own, *others}
    assert own <= {*ANYWHERE, *EXPIRED}
    assert set() == ANYWHERE.keys() & ALWAYS.keys() | ANYWHERE.keys() & EXPIRED.keys()
    assert EXPIRED.keys() <= own
    assert set(State) == set(MOVES)


def test_a_message_is_understood_in_every_state_and_none_is_without_a_way_out():
    """
    The tables are whole.
    """
    assert all(Trigger.TYPED in moves for moves in MOVES.values())
    inside = [move for move in (*ANYWHERE.values(), *ALWAYS.values()) if move.to]
    for state, moves in MOVES.items():
        assert any(move.to - {state} for move in (*moves.values(), *inside))


def test_a_move_cannot_end_where_its_table_does_not_say():
    """
    The door is closed before anything is changed, not found open afterwards.
    """
    turn = Turn(Clerk().opens().session)
    turn.to = MOVES[State.CARRY][Trigger.TYPED].to

    with pytest.raises(ImpossibleEvent):
        turn.go(State.DONE)
    turn.go(State.TABLE, "requests")
    assert State.TABLE is turn.place.state


def test_a_step_opens_no_other_state_than_its_move_names(monkeypatch: pytest.MonkeyPatch):
    """
    An action that goes astray is stopped by the table that set it off.
    """
    astray = Move(lambda turn: turn.go(State.DONE), {State.REVIEW})
    monkeypatch.setitem(MOVES[State.CONTENTS], Trigger.TYPED, astray)

    with pytest.raises(ImpossibleEvent):
        Clerk().opens().types("x")
