"""
`nianbao organs` as an operator and a program use it.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot import memberships
from bot.__main__ import main
from bot.cli import organs as words
from bot.cli.frame import FINE, REFUSED
from conversations.sign_off.states import Deed, ReportState
from storage import Store
from storage.members import Members
from storage.people import People
from storage.sign_off import SignOffs
from tests.county import TOWN, office

CITY, COUNTY, NEIGHBOUR = "雷州市人民政府", "徐闻县人民政府", "龙门镇人民政府"
WANG, LI, ZHAO = 101, 102, 103
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """
    A city, a county and a township, none below another, each with an administrator.
    """
    umask = os.umask(0o077)
    with time_machine.travel(NOW, tick=False):
        folder = tmp_path / "data"
        with Store.open(folder) as store:
            for person, organ in ((WANG, CITY), (LI, COUNTY), (ZHAO, TOWN)):
                office(store, organ, administrators={person: f"人{person}"})
        yield folder
    os.umask(umask)


def run(data: Path, *arguments: str) -> int:
    return main(["organs", *arguments, "--data", str(data)])


def place(data: Path, organ: str, under: str) -> int:
    return run(data, "place", "--organ", organ, "--under", under)


def listed(data: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert FINE == run(data, "list", *arguments, "--json")
    told: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return told


def test_the_tree_is_made_and_shown(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    Those below stand after the one above, moved in; for programs each names its parent.
    """
    assert FINE == place(data, COUNTY, CITY)
    assert FINE == place(data, TOWN, COUNTY)
    nothing_more = {"contact": None, "phone": None, "closed": None, "merged_into": None}
    assert [
        {"organ": CITY, "parent": None, "level": "市"} | nothing_more,
        {"organ": COUNTY, "parent": CITY, "level": "县"} | nothing_more,
        {"organ": TOWN, "parent": COUNTY, "level": "乡镇"} | nothing_more,
    ] == listed(data, capsys)
    assert [COUNTY, TOWN] == [row["organ"] for row in listed(data, capsys, "--under", COUNTY)]
    assert FINE == run(data, "list")
    assert f"{CITY}\n  {COUNTY}\n    {TOWN}\n" == capsys.readouterr().out

    assert FINE == place(data, COUNTY, words.NONE)
    assert {(COUNTY, None), (TOWN, COUNTY), (CITY, None)} == {
        (row["organ"], row["parent"]) for row in listed(data, capsys)
    }


def test_a_view_of_nothing_is_empty_and_makes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    Neither a folder nor a database.
    """
    assert [] == listed(tmp_path / "none", capsys)
    assert not (tmp_path / "none").exists()
    assert FINE == run(tmp_path / "none", "list", "--under", COUNTY)
    assert f"{words.NO_ORGANS}\n" == capsys.readouterr().out


@pytest.mark.parametrize(
    ("organ", "under"),
    [
        pytest.param(CITY, TOWN, id="a circle"),
        pytest.param(CITY, CITY, id="itself"),
        pytest.param("某县财政局", CITY, id="no such organ"),
        pytest.param(TOWN, "某县财政局", id="no such parent"),
        pytest.param(TOWN, "", id="below what"),
        pytest.param("", CITY, id="which organ"),
    ],
)
def test_what_cannot_be_placed_is_refused_in_a_sentence(
    data: Path, capsys: pytest.CaptureFixture[str], organ: str, under: str
):
    """
    And the tree stays as it was.
    """
    place(data, COUNTY, CITY)
    place(data, TOWN, COUNTY)
    before = listed(data, capsys)
    assert REFUSED == place(data, organ, under)
    assert 1 == capsys.readouterr().err.count("\n")
    assert before == listed(data, capsys)


def test_links_of_those_who_look_after_it_no_longer_are_taken_back(data: Path):
    """
    Those of its own administrators, and of whoever still is above, stay good.
    """
    place(data, COUNTY, CITY)
    place(data, TOWN, COUNTY)
    with Store.open(data) as store, store.begin() as unit:
        people, organ = People(unit), unit.organ(TOWN, NOW)
        for person in (WANG, LI, ZHAO):
            by = people.key(person)
            people.invite(f"of {person}", organ, "clerk", by, NOW, datetime(2027, 1, 1, tzinfo=UTC))

    assert FINE == place(data, TOWN, CITY)

    with Store.open(data) as store, store.begin() as unit:
        waiting = Members(unit).invitations(NOW, unit.organ(TOWN, NOW))
        assert {People(unit).key(person) for person in (WANG, ZHAO)} == {
            invitation.created_by for invitation in waiting
        }


def test_what_waits_for_the_only_leader_goes_back_when_they_leave(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    Not before the last one has left; the report can be filled in again.
    """
    with Store.open(data) as store, store.begin() as unit:
        people, organ = People(unit), unit.organ(TOWN, NOW)
        for person in (201, 202):
            people.begin(person, NOW, f"人{person}")
            people.join(person, organ, "leader", NOW)
        people.join(202, organ, "clerk", NOW)
        report = unit.find_report(TOWN, 2025)
        assert report is not None
        handed_in(unit, report)
    states = []
    for words_typed in (("--person", "201"), ("--person", "202", "--role", "leader")):
        assert FINE == main(
            ["people", "remove", "--organ", TOWN, *words_typed, "--data", str(data)]
        )
        with Store.open(data) as store, store.read() as reader:
            states.append(reader.load(report, "").sign_off.state)
    assert [ReportState.SUBMITTED, ReportState.OPEN] == states
    with Store.open(data) as store, store.read() as reader:
        last = reader.load(report, "").sign_off.last
        assert last is not None
        assert (Deed.HAND_BACK, memberships.SYSTEM) == (last.deed, last.by)
    again = ("--organ", TOWN, "--person", "202", "--role", "leader", "--data", str(data))
    assert REFUSED == main(["people", "remove", *again])
    assert FINE == main(["people", "list", "--organ", TOWN, "--json", "--data", str(data)])
    left = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {"103": ["administrator"], "202": ["clerk"]} == {
        member["person"]: member["roles"] for member in left
    }


def handed_in(unit: Any, report: int) -> None:
    """
    The report waits for a leader.
    """
    SignOffs(unit).record(
        report,
        Deed.SUBMIT,
        ReportState.SUBMITTED,
        by="test",
        at=NOW,
        door="terminal",
        history=0,
        fingerprint="0000-0000",
        note={},
    )
