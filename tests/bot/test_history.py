"""
`nianbao history`: every change with who made it, for programs and for people.
"""

import json
from datetime import datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.frame import FINE, REFUSED
from conversations.sign_off.states import Deed, ReportState
from conversations.talk.effects import Save
from storage.members import Members
from storage.people import People
from storage.sign_off import SignOffs
from storage.store import Store
from tests.bot.doors import Jsonl
from tests.county import AUTUMN, TOWN, office

LICENSING = "proactive_disclosure.licensing.decisions"
REPORT = ("--organ", TOWN, "--year", "2025")


def told(data: Path, capsys: pytest.CaptureFixture[str]):
    assert FINE == main(["history", *REPORT, "--json", "--data", str(data)])
    return json.loads(capsys.readouterr().out)


def test_a_change_names_who_when_which_door_from_what_to_what(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    In the order of the changes; numbers are numbers.
    """
    data = tmp_path / "data"
    with Jsonl(data, *REPORT, "--as", "李强") as chat:
        chat.send(tap="fig")
        chat.text("1 2 3")
        chat.close()

    first, *_ = told(data, capsys)

    assert {"at", "by", "name", "door", "item", "before", "after"} == set(first)
    assert ("李强", "jsonl", None, 1) == (
        first["by"],
        first["door"],
        first["before"],
        first["after"],
    )
    assert datetime.fromisoformat(first["at"]).tzinfo


def test_members_have_the_name_of_now_and_who_was_forgotten_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    The key stays in either case.
    """
    data = tmp_path / "data"
    with Store.open(data) as store:
        report = office(store, clerks={101: "王芳", 102: "李强"})
        with store.begin() as unit:
            people, members = People(unit), Members(unit)
            keys = [people.key(person) for person in (101, 102)]
            unit.save(report, [Save(LICENSING, None, 290)], by=keys[0], at=AUTUMN, door="telegram")
            unit.save(report, [Save(LICENSING, 290, 295)], by=keys[1], at=AUTUMN, door="telegram")
            people.called(101, "王芳芳")
            members.remove(members.memberships(102)[0], "operator", AUTUMN)
            members.forget(102, "operator", AUTUMN)

    entries = told(data, capsys)
    assert keys == [entry["by"] for entry in entries]
    assert ["王芳芳", "（已注销）"] == [entry["name"] for entry in entries]
    assert [(None, 290), (290, 295)] == [(e["before"], e["after"]) for e in entries]
    assert FINE == main(["history", *REPORT, "--data", str(data)])
    said = capsys.readouterr().out
    assert "王芳芳" in said
    assert "2025年10月9日" in said


def test_steps_of_the_sign_off_stand_between_the_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    As what the state was and is.
    """
    data = tmp_path / "data"
    with Store.open(data) as store:
        report = office(store, clerks={101: "王芳"})
        with store.begin() as unit:
            SignOffs(unit).record(
                report,
                Deed.PUBLISH,
                ReportState.PUBLISHED,
                by="operator",
                at=AUTUMN,
                door="operator",
                history=0,
                fingerprint="3F7A-92C1",
                note={},
            )

    (step,) = told(data, capsys)
    assert ("state", "open", "published") == (step["item"], step["before"], step["after"])


def test_a_report_that_is_not_there_is_refused_and_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    As `show` does.
    """
    assert REFUSED == main(["history", *REPORT, "--data", str(tmp_path / "none")])
    assert "--organ" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
