"""
`nianbao state` as an operator and a program use it.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.__main__ import main
from bot.cli import state as words
from bot.cli.frame import FINE, REFUSED
from bot.cli.people import NO_MEMBER
from bot.cli.show import STATUSES
from bot.memberships import place
from conversations.sign_off.states import Deed, Need, ReportState, Role
from conversations.wording import sign_off as wording
from conversations.wording.deeds import BY_OPERATOR
from storage import Store
from storage.people import People
from tests.county import TOWN, YEAR, answer, finish
from tests.sign_off import LEADER, WANG, decides, joins, team

NOW = datetime(2026, 1, 20, 4, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """
    An office of a clerk and a leader, whose report is whole.
    """
    umask = os.umask(0o077)  # as the program has it: else each command tells of wide rights
    with time_machine.travel(NOW, tick=False):
        folder = tmp_path / "data"
        with Store.open(folder) as store:
            team(store)
        yield folder
    os.umask(umask)


def run(data: Path, *arguments: str) -> int:
    named = ("--organ", TOWN, "--year", str(YEAR), "--data", str(data))
    return main(["state", *arguments, *named])


def stands(data: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert FINE == run(data, "--json")
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def decide(data: Path, deed: str, person: int, *more: str) -> int:
    return run(data, "--decide", deed, "--person", str(person), *more)


def test_a_report_that_nobody_handed_in_is_open(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    With every key, and the mark that `show` prints as well.
    """
    state = stands(data, capsys)
    assert FINE == main(["show", "--organ", TOWN, "--json", "--data", str(data)])
    shown = json.loads(capsys.readouterr().out)

    assert ("open", None, None, [], None) == tuple(
        state[key] for key in ("state", "since", "by", "remarks", "published")
    )
    assert (state["fingerprint"], "open", "open") == (
        shown["fingerprint"],
        shown["state"],
        shown["status"],
    )


def test_a_final_document_is_told_where_nobody_decides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    That it is there, and that something has been changed since; the state is what it was.
    """
    with Store.open(tmp_path) as store:
        report = team(store, leaders={})
        told = [(stands(tmp_path, capsys), status_of(tmp_path, capsys))]
        finish(store, report, NOW)
        told.append((stands(tmp_path, capsys), status_of(tmp_path, capsys)))
        answer(store, report, {"overview": "改过的总体情况。"}, NOW)
        told.append((stands(tmp_path, capsys), status_of(tmp_path, capsys)))

    assert [(status, "open", STATUSES[status]) for status in ("open", "final", "changed")] == [
        (state["status"], state["state"], said) for state, said in told
    ]


def status_of(data: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """
    What stands behind the name in the first line.
    """
    assert FINE == run(data)
    return capsys.readouterr().out.splitlines()[0].rpartition("：")[2]


def test_a_report_goes_its_way_by_command(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    Handed in, returned with a remark, handed in again, approved, and opened again with a reason.
    """
    reached = []
    for deed, person, *more in (
        ("submit", WANG),
        ("withdraw", WANG),
        ("submit", WANG),
        ("return", LEADER, "--reason", "第三节再核一下"),
        ("submit", WANG),
        ("approve", LEADER),
    ):
        assert FINE == decide(data, deed, person, *more)
        reached.append(stands(data, capsys)["state"])
    assert ["submitted", "open", "submitted", "returned", "submitted", "approved"] == reached
    approved = stands(data, capsys)
    assert ("李局", NOW) == (approved["by"], datetime.fromisoformat(approved["since"]))
    (remark,) = approved["remarks"]
    assert ("李局", "", "第三节再核一下", True) == tuple(
        remark[key] for key in ("by", "item", "text", "open")
    )
    assert FINE == run(data)
    assert f"李局{BY_OPERATOR}" in capsys.readouterr().out

    assert FINE == decide(data, "reopen", LEADER, "--reason", "有一处笔误")
    assert "open" == stands(data, capsys)["state"]
    assert FINE == run(data)
    assert "有一处笔误" in capsys.readouterr().out


def test_who_may_not_is_told_so_as_in_the_chat(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    The same sentences as the bot's, and nothing changes.
    """

    def refused(deed: str, person: int, *more: str) -> str:
        capsys.readouterr()
        assert REFUSED == decide(data, deed, person, *more)
        return capsys.readouterr().err.strip()

    assert "「同意」" in refused("approve", LEADER)
    assert "「送审」" in refused("submit", LEADER)
    assert FINE == decide(data, "submit", WANG)
    assert "「同意」" in refused("approve", WANG)
    assert words.WHY_RETURNED == refused("return", LEADER)
    assert FINE == decide(data, "approve", LEADER)
    assert wording.UNMET[Need.REASON] == refused("reopen", LEADER)
    assert wording.no_such_step(words.DEEDS["reopen"], ReportState.APPROVED) == refused(
        "reopen", WANG, "--reason", "改一下"
    )
    assert "999" not in refused("approve", 999)
    assert "approved" == stands(data, capsys)["state"]


def test_an_administrator_above_opens_again_and_does_nothing_else(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    One of another county nothing at all.
    """
    with Store.open(data) as store:
        for number, organ in ((501, "雷州县人民政府"), (502, "龙州县人民政府")):
            joins(store, number, "李强", Role.ADMINISTRATOR, organ)
        with store.begin() as unit:
            town, county = (unit.organ(name, NOW) for name in (TOWN, "雷州县人民政府"))
            place(unit, town, county, NOW)
    assert FINE == decide(data, "submit", WANG)
    for deed in ("withdraw", "approve", "return"):
        assert REFUSED == decide(data, deed, 501, "--reason", "有一处笔误")
    assert FINE == decide(data, "approve", LEADER)
    capsys.readouterr()
    for person in (502, 999, 10**30):
        assert REFUSED == decide(data, "reopen", person, "--reason", "有一处笔误")
        assert NO_MEMBER.format(organ=TOWN) in capsys.readouterr().err
    assert REFUSED == decide(data, "reopen", 501)
    assert "approved" == stands(data, capsys)["state"]

    assert FINE == decide(data, "reopen", 501, "--reason", "有一处笔误")
    opened = stands(data, capsys)
    assert ("open", "李强") == (opened["state"], opened["by"])


def test_an_unfinished_report_is_not_handed_in(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    And without --decide nobody is named.
    """
    with Store.open(data) as store, store.begin() as unit:
        report = unit.open_report(TOWN, YEAR + 1, now=NOW, edition="2021")
        assert People(unit).report_of(report)
    named = ("--organ", TOWN, "--year", str(YEAR + 1), "--data", str(data))
    assert REFUSED == main(["state", "--decide", "submit", "--person", str(WANG), *named])
    assert f"{wording.UNMET[Need.COMPLETE]}\n" == capsys.readouterr().err
    assert REFUSED == run(data, "--person", str(WANG))
    assert f"{words.NOT_WITHOUT_DEED}\n" == capsys.readouterr().err
    assert REFUSED == main(
        ["state", "--organ", "某县财政局", "--year", "2025", "--data", str(data)]
    )


def test_what_an_operator_did_is_told_in_the_offices_time_and_words(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    In the history, too, that it was not the member; no word of the program's own.
    """
    assert FINE == decide(data, "submit", WANG)
    assert FINE == run(data)
    assert "2026-01-20 12:00  王芳" in capsys.readouterr().out
    assert FINE == main(["history", "--organ", TOWN, "--year", str(YEAR), "--data", str(data)])
    (line,) = (line for line in capsys.readouterr().out.splitlines() if wording.SUBMIT in line)
    assert f"王芳{BY_OPERATOR}：" in line


def test_an_approval_on_paper_is_marked_as_such(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    With who agreed and when, as long as it stands.
    """
    with Store.open(data) as store:
        with store.read() as reader:
            report = reader.find_report(TOWN, YEAR)
        assert report is not None
        decides(store, report, WANG, Deed.SUBMIT, NOW)
        note = {"name": "张建国", "date": "2026-01-19"}
        decides(store, report, WANG, Deed.RECORD_APPROVAL, NOW, **note)
    assert FINE == run(data)
    assert f"{wording.OFF_LINE}：张建国 2026-01-19\n" in capsys.readouterr().out
    approval = {"on_paper": True, "leader": "张建国", "date": "2026-01-19", "by": "王芳"}
    approval["at"] = NOW.isoformat()
    assert approval == stands(data, capsys)["approval"]


def test_an_approval_given_here_has_the_same_keys(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    The leader is who gave it, on that day in the office's zone; without one there is none.
    """
    assert stands(data, capsys)["approval"] is None
    for deed, person in (("submit", WANG), ("approve", LEADER)):
        assert FINE == decide(data, deed, person)
    approval = {"on_paper": False, "leader": "李局", "date": "2026-01-20", "by": "李局"}
    approval["at"] = NOW.isoformat()
    assert approval == stands(data, capsys)["approval"]
    assert FINE == decide(data, "reopen", LEADER, "--reason", "有一处笔误")
    assert stands(data, capsys)["approval"] is None


@pytest.mark.parametrize(("name", "other"), [("address", "file"), ("file", "address")])
def test_what_was_published_without_a_link_has_no_address(
    data: Path, capsys: pytest.CaptureFixture[str], name: str, other: str
):
    """
    Null, as everything that is not there; a file that was compared has its name.
    """
    with Store.open(data) as store:
        with store.read() as reader:
            report = reader.find_report(TOWN, YEAR)
        assert report is not None
        decides(store, report, WANG, Deed.SUBMIT, NOW)
        decides(store, report, LEADER, Deed.APPROVE, NOW)
        note = {name: "https://example.gov.cn/nb", other: "", "date": "2026-01-20"}
        decides(store, report, WANG, Deed.PUBLISH, NOW, result="equal", **note)
    published = stands(data, capsys)["published"]
    assert ("https://example.gov.cn/nb", None, "2026-01-20", "equal") == tuple(
        published[key] for key in (name, other, "date", "result")
    )


def test_a_reason_is_as_the_chat_takes_it(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    No endless one and none that says nothing; and a step that is not there is said first.
    """
    reason = ("--reason", "第三节再核一下")
    assert REFUSED == decide(data, "return", LEADER, *reason)
    said = wording.no_such_step(Deed.RETURN, ReportState.OPEN)
    assert f"{said}\n" == capsys.readouterr().err
    assert FINE == decide(data, "submit", WANG)
    for unfit in ("改" * 301, "1", "没有"):
        assert REFUSED == decide(data, "return", LEADER, "--reason", unfit)
    assert "submitted" == stands(data, capsys)["state"]
    assert FINE == decide(data, "return", LEADER, "--reason", "第三节\x00再\n核一下")
    assert ["第三节再 核一下"] == [r["text"] for r in stands(data, capsys)["remarks"]]
