"""
`nianbao overview` as an operator and a program use it.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot import memberships
from bot.__main__ import main
from bot.cli.frame import FINE, REFUSED
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.sign_off.states import Deed, ReportState
from conversations.wording import county_overview as words
from storage import Store
from storage.sign_off import SignOffs
from storage.tasks import Tasks
from tests.county import AUTUMN, YEAR, answer, finish, office

COUNTY, OTHER = "徐闻县人民政府", "龙州县人民政府"
OPEN, LATE, DONE, NONE, EXEMPT, OUT = (
    "甲镇人民政府",
    "乙镇人民政府",
    "徐闻县财政局",
    "徐闻县水利局",
    "徐闻县林业局",
    "徐闻县民政局",
)
NOW = datetime(2026, 1, 26, 4, tzinfo=UTC)
GROUPS = {"not_joined", "not_started", "open", "done", "different", "exempt"}
ASKED = len(FORM.asked) + len(FORM.narratives)
LICENSING = "proactive_disclosure.licensing.decisions"


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """
    A county with six organs, one in each state of need; another county beside it has none.
    """
    umask = os.umask(0o077)
    with time_machine.travel(NOW, tick=False):
        folder = tmp_path / "data"
        with Store.open(folder) as store:
            office(store, COUNTY, administrators={900: "县办"})
            office(store, OTHER)
            begun = office(store, OPEN, {101: "王芳"})
            answer(store, begun, {LICENSING: 5}, AUTUMN)
            office(store, LATE, {102: "李伟"}, internal=date(2026, 1, 20))
            done = office(store, DONE, {103: "赵敏"})
            answer(store, done, dict.fromkeys(FORM.asked, 0), AUTUMN)
            finish(store, done, AUTUMN)
            excused = office(store, EXEMPT, {104: "钱进"})
            out = office(store, OUT, {105: "孙平"})
            answer(store, out, {LICENSING: 1}, AUTUMN)
            with store.begin() as unit:
                unit.organ(NONE, AUTUMN)
                SignOffs(unit).record(
                    out,
                    Deed.PUBLISH,
                    ReportState.PUBLISHED,
                    by="1",
                    at=AUTUMN,
                    door="telegram",
                    history=0,
                    fingerprint="x",
                    note={"result": "different"},
                )
                task = Tasks(unit).task(excused)
                assert task is not None
                Tasks(unit).set_task(replace(task, withdrawn=True), excused)
                for organ in (OPEN, LATE, DONE, NONE, EXEMPT, OUT):
                    below, over = (unit.organ(name, AUTUMN) for name in (organ, COUNTY))
                    memberships.place(unit, below, over, AUTUMN)
        yield folder
    os.umask(umask)


def shown(data: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    assert FINE == main(["overview", *arguments, "--json", "--data", str(data)])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_every_organ_below_is_told_with_its_state(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    The deadline is that of most; who has another date is late by their own.
    """
    told = shown(data, capsys, "--under", COUNTY, "--year", str(YEAR))
    organs = {each["organ"]: each for each in told["organs"]}

    assert (YEAR, COUNTY, "2026-01-31") == (told["year"], told["under"], told["deadline"])
    assert {OPEN, LATE, DONE, NONE, EXEMPT, OUT} == set(organs)
    assert {"not_joined": 1, "not_started": 1, "open": 1, "finished": 1, "published": 1} == (
        told["counts"]
    )
    assert {
        "organ": OPEN,
        "parent": COUNTY,
        "level": "乡镇",
        "source": "bot",
        "state": "open",
        "filled": 1,
        "of": ASKED,
        "errors": 0,
        "unexplained": 0,
        "explained": 0,
        "last_change": AUTUMN.astimezone(UTC).isoformat(timespec="seconds"),
        "published": None,
        "late": False,
        "excused": False,
    } == organs[OPEN]
    assert (None, 0, ASKED, None) == tuple(
        organs[NONE][name] for name in ("source", "filled", "of", "last_change")
    )
    assert "different" == organs[OUT]["published"]
    assert [LATE] == [name for name, each in organs.items() if each["late"]]
    assert [EXEMPT] == [name for name, each in organs.items() if each["excused"]]


def test_the_same_for_people_without_naming_the_only_tree(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    The year is the one that is reported on; the head, then each group with its organs.
    """
    assert FINE == main(["overview", "--data", str(data)])
    lines = capsys.readouterr().out.splitlines()

    assert words.title(COUNTY, YEAR) == lines[0]
    groups = [line for line in lines[3:] if not line.startswith(" ")]
    assert [f"{words.GROUPS[group]} 1" for group in words.GROUPS if group.value in GROUPS] == groups
    assert any(LATE in line and words.LATE_MARK in line for line in lines)


def test_of_several_trees_one_must_be_named(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    The refusal names them; an organ that is not there is refused, one with nothing below is not.
    """
    with Store.open(data) as store, store.begin() as unit:
        below, over = (unit.organ(name, AUTUMN) for name in ("丙镇人民政府", OTHER))
        memberships.place(unit, below, over, AUTUMN)

    assert REFUSED == main(["overview", "--data", str(data)])
    refused = capsys.readouterr().err
    assert COUNTY in refused
    assert OTHER in refused
    assert REFUSED == main(["overview", "--under", "没有的局", "--data", str(data)])
    assert [] == shown(data, capsys, "--under", OPEN)["organs"]


def test_a_look_makes_no_store_and_remembers_what_it_counted(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    The next look says the same.
    """
    assert REFUSED == main(["overview", "--data", str(tmp_path / "none")])
    assert not (tmp_path / "none").exists()

    before = shown(data, capsys, "--under", COUNTY)

    with Store.open(data) as store, store.read() as reader:
        kept = reader.connection.exec_driver_sql("SELECT COUNT(*) FROM counted").scalar()
    assert 3 == kept
    assert before == shown(data, capsys, "--under", COUNTY)
