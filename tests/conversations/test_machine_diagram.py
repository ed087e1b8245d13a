"""
The drawn diagram is the table of transitions.
"""

import importlib.util
from types import ModuleType
from xml.etree import ElementTree

from conversations.talk.machine import TRANSITIONS, Trigger
from conversations.talk.session import State
from tests.conftest import ROOT


def diagram() -> ModuleType:
    spec = importlib.util.spec_from_file_location("diagram", ROOT / "docs" / "make_diagram.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_diagram_is_up_to_date():
    """
    After a change of the table: `python docs/make_diagram.py`.
    """
    assert diagram().draw() == diagram().FILE.read_text("utf-8")


def test_the_diagram_shows_every_state_and_every_kind_of_move():
    """
    By name, in words that can be searched for.
    """
    words = " ".join(ElementTree.fromstring(diagram().draw()).itertext())

    assert [] == [state for state in State if state.value not in words]
    moves = {one.trigger for one in TRANSITIONS}
    assert [] == [
        move for move in moves if move.name.lower() not in words.replace(",", " ").split()
    ]


def test_every_trigger_has_a_move_and_no_state_is_without_a_way_out():
    """
    The table is whole.
    """
    assert set(Trigger) - {Trigger.UPLOADED} <= {one.trigger for one in TRANSITIONS}
    for state in State:
        assert any(state in one.states and one.to - {state} for one in TRANSITIONS)
