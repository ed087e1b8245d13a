"""
`nianbao people` as an operator and a program use it.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.__main__ import main
from bot.cli import people as words
from bot.cli.frame import FINE, REFUSED
from conversations.wording import people as wording
from conversations.wording.door import ROLES
from storage import Store
from storage.errors import ReportDamaged
from storage.members import MemberReader, Members
from storage.messages import Messages
from storage.people import People, sections_of
from storage.tasks import TaskReader
from tests.county import TOWN, office

OTHER_TOWN = "龙门镇人民政府"
WANG, LI, ZHAO = 101, 102, 103
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """
    Two clerks and an administrator of one organ; one of the clerks works for another, too.
    """
    umask = os.umask(0o077)  # as the program has it: else each command tells of wide rights
    with time_machine.travel(NOW, tick=False):
        folder = tmp_path / "data"
        with Store.open(folder) as store:
            office(store, TOWN, {WANG: "王芳", LI: "李\u202e伟"}, administrators={ZHAO: "赵敏"})
            office(store, OTHER_TOWN, {LI: "李\u202e伟"})
        yield folder
    os.umask(umask)


def run(data: Path, *arguments: str) -> int:
    return main(["people", *arguments, "--data", str(data)])


def listed(data: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert FINE == run(data, *arguments, "--json")
    told: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return told


def test_the_members_are_listed_for_programs(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    Those of an organ, or of all; an organ that is not there is refused.
    """
    wang = listed(data, capsys, "list", "--organ", TOWN)[0]
    assert (str(WANG), "王芳", ["clerk"], True) == (
        wang["person"],
        wang["name"],
        wang["roles"],
        wang["reachable"],
    )
    assert "2026-11-20" >= wang["since"]
    everybody = listed(data, capsys, "list")
    assert {(TOWN, WANG), (TOWN, LI), (TOWN, ZHAO), (OTHER_TOWN, LI)} == {
        (member["organ"], int(member["person"])) for member in everybody
    }
    for view in ("list", "invitations", "record"):
        assert REFUSED == run(data, view, "--organ", "某县财政局")
        assert f"{words.NO_ORGAN}\n" == capsys.readouterr().err


def test_what_steers_the_terminal_is_written_out(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    A name from elsewhere turns no line round.
    """
    assert FINE == run(data, "list")
    shown = capsys.readouterr().out
    assert "李\\u202e伟" in shown
    assert "\u202e" not in shown


def test_a_moment_that_is_none_is_one_sentence(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    SQLite lets anybody write one; in the bot it is the trouble of its own row alone.
    """
    with Store.open(data) as store:
        with store.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE person SET seen_at = 'noon' WHERE id = {LI}")
        with pytest.raises(ReportDamaged) as caught, store.read() as reader:
            MemberReader(reader).members()
        assert not store.is_out_of_order(caught.value)

    assert REFUSED == run(data, "list")
    assert f"{caught.value}\n" == capsys.readouterr().err


def test_somebody_is_removed_without_a_question(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    The person's farewell waits for the service; a second time is refused.
    """
    remove = ("remove", "--organ", TOWN, "--person", str(LI))
    assert FINE == run(data, *remove)
    assert REFUSED == run(data, *remove)
    capsys.readouterr()

    assert [OTHER_TOWN] == [
        member["organ"] for member in listed(data, capsys, "list") if member["person"] == str(LI)
    ]
    with Store.open(data) as store, store.begin() as unit:
        (row,) = (row for row in Messages(unit).unsent() if row.chat == LI)
        assert wording.farewell(TOWN) == json.loads(row.payload)["text"]
    record = listed(data, capsys, "record", "--organ", TOWN)
    assert ("removed", "operator") == (record[-1]["what"], record[-1]["by"])


def test_the_operator_removes_the_last_administrator_and_is_told(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    Nobody of the organ could; the next one is invited here.
    """
    assert FINE == run(data, "remove", "--organ", TOWN, "--person", str(ZHAO))
    assert words.NO_ADMINISTRATOR.format(organ=TOWN) == capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("remove", "--organ", "某县财政局", "--person", str(WANG)), id="no organ"),
        pytest.param(("remove", "--organ", OTHER_TOWN, "--person", str(WANG)), id="no member"),
        pytest.param(("remove", "--organ", TOWN), id="nobody"),
        pytest.param(("remove", "--person", str(WANG)), id="of nothing"),
        pytest.param(("revoke",), id="revoke of nothing"),
        pytest.param(("revoke", "--organ", TOWN), id="nothing to revoke"),
        pytest.param(("handover", "--organ", TOWN, "--person", str(ZHAO)), id="to no clerk"),
        pytest.param(
            ("handover", "--organ", TOWN, "--person", str(WANG), "--year", "2019"), id="no report"
        ),
        pytest.param(("forget",), id="forget nobody"),
        pytest.param(("forget", "--person", str(WANG)), id="forget a member"),
        pytest.param(("forget", "--person", "999"), id="forget a stranger"),
        pytest.param(("forget", "--person", "x"), id="forget nonsense"),
        pytest.param(("forget", "--person", "\udcff"), id="forget what is no text"),
        pytest.param(("record",), id="record of nothing"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    data: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
):
    """
    And nothing changes.
    """
    before = listed(data, capsys, "list")
    assert REFUSED == run(data, *arguments)
    assert 1 == capsys.readouterr().err.count("\n")
    assert before == listed(data, capsys, "list")


def test_open_invitations_are_listed_and_taken_back(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    By their number, by who has opened one, or all of an organ.
    """
    with Store.open(data) as store, store.begin() as unit:
        people = People(unit)
        organ = unit.organ(TOWN, NOW)
        for token in "abcd":
            people.invite(token, organ, "clerk", "operator", NOW, NOW + HOUR)
        people.invite("late", organ, "clerk", "operator", NOW - HOUR, NOW)
        opened = people.invitation("b")
        assert opened is not None
        assert people.bind(opened.id, 777)
    first, second, *_ = waiting = listed(data, capsys, "invitations", "--organ", TOWN)
    assert (4, None, "777") == (len(waiting), first["person"], second["person"])

    left = []
    for person in (("--person", str(first["id"])), ("--person", "777"), ()):
        assert FINE == run(data, "revoke", "--organ", TOWN, *person)
        capsys.readouterr()
        left.append(len(listed(data, capsys, "invitations", "--organ", TOWN)))
    assert [3, 2, 0] == left


def test_a_report_is_handed_over(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    The newest one, or that of a year: every section is the clerk's.
    """
    assert FINE == run(data, "handover", "--organ", TOWN, "--person", str(WANG))
    with Store.open(data) as store, store.read() as reader:
        report = reader.find_report(TOWN, reader.years(TOWN)[-1])
        assert report is not None
        task = TaskReader(reader).task(report)
        assert task is not None
        assert [str(WANG)] * 6 == [owner for _, owner in task.assigned]


def test_somebody_is_forgotten_after_they_were_removed(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    The record goes on naming the same key, which is nobody's any more.
    """
    with Store.open(data) as store, store.begin() as unit:
        key = People(unit).key(WANG)
    # While a bot has the store open, SQLite keeps what was written last beside its file.
    with Store.open(data) as serving:
        with serving.begin() as unit:
            People(unit).begin(WANG, NOW, "王芳")
        assert FINE == run(data, "remove", "--organ", TOWN, "--person", key)
        assert FINE == run(data, "forget", "--person", str(WANG), "--json")
        for file in data.glob("*.sqlite3*"):
            assert "王芳".encode() not in file.read_bytes()
    assert {"forgotten": key} == json.loads(capsys.readouterr().out.splitlines()[-1])

    assert FINE == run(data, "record", "--organ", TOWN)
    shown = capsys.readouterr().out
    assert key in shown
    assert "王芳" not in shown
    assert str(WANG) not in shown.replace(key, "")
    with Store.open(data) as store, store.begin() as unit:
        assert (None, "") == (Members(unit).person(key), Members(unit).name(key))


def test_a_link_for_a_new_account_has_the_members_role(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """
    The operator can help the only administrator, too.
    """
    invites(monkeypatch)
    words_typed = ["invite", "--organ", TOWN, "--replaces", str(ZHAO), "--data", str(data)]

    assert FINE == main(words_typed)
    (invitation,) = (capsys.readouterr(), listed(data, capsys, "invitations", "--organ", TOWN))[1]
    assert ("administrator", str(ZHAO)) == (invitation["role"], invitation["replaces"])
    assert REFUSED == main([*words_typed, "--replaces", "999"])


def invites(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    `nianbao invite` without Telegram.
    """

    async def name(_: object) -> str:
        return "nianbao_bot"

    monkeypatch.setattr("bot.cli.serve.name_of_bot", name)
    monkeypatch.setattr("bot.cli.serve.telegram_settings", lambda _: None)


@pytest.mark.parametrize(
    ("typed", "role", "sections"),
    [
        pytest.param(("--role", "leader"), "leader", None, id="leader"),
        pytest.param(("--section", "三"), "clerk", ["三"], id="one section"),
        pytest.param(("--section", "五,三"), "clerk", ["三", "五"], id="several at once"),
        pytest.param(("--section", "第三节", "--section", "4"), "clerk", ["三", "四"], id="twice"),
    ],
)
def test_a_link_is_for_a_role_and_perhaps_for_some_sections(
    data: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    typed: tuple[str, ...],
    role: str,
    sections: list[str] | None,
):
    """
    As it is said, kept and listed.
    """
    invites(monkeypatch)
    words_typed = ["invite", "--organ", TOWN, *typed, "--data", str(data)]
    assert FINE == main([*words_typed, "--json"])
    made = json.loads(capsys.readouterr().out)
    assert FINE == main(words_typed)
    assert ROLES[role] in capsys.readouterr().err

    waiting = listed(data, capsys, "invitations", "--organ", TOWN)
    assert [(role, sections)] * 3 == [(one["role"], one["sections"]) for one in (made, *waiting)]
    assert FINE == run(data, "invitations")
    shown = capsys.readouterr().out
    assert all(f"第{number}节" in shown for number in sections or ())


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(("--section", "七"), id="no such section"),
        pytest.param(("--section", "三", "--role", "leader"), id="of a leader"),
        pytest.param(("--section", "三", "--role", "administrator"), id="of an administrator"),
        pytest.param(("--section", "三", "--replaces", str(WANG)), id="of a new account"),
    ],
)
def test_sections_are_a_clerks_and_of_the_form(
    data: Path, capsys: pytest.CaptureFixture[str], typed: tuple[str, ...]
):
    """
    Said before anything is asked of Telegram; nothing is made.
    """
    assert REFUSED == main(["invite", "--organ", TOWN, *typed, "--data", str(data)])
    assert 1 == capsys.readouterr().err.count("\n")
    assert [] == listed(data, capsys, "invitations")


def test_the_sections_of_a_helper_are_listed(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    With the role; a clerk for everything has none.
    """
    with Store.open(data) as store, store.begin() as unit:
        people = People(unit)
        people.begin(777, NOW, "周敏")
        organ = unit.organ(TOWN, NOW)
        sections = sections_of({"requests", "review"})
        people.join(777, organ, "clerk", NOW, sections=sections)
        people.join(777, organ, "leader", NOW)
    member = next(one for one in listed(data, capsys, "list") if one["person"] == "777")
    assert (["clerk", "leader"], ["三", "四"]) == (member["roles"], member["sections"])
    assert listed(data, capsys, "list", "--organ", OTHER_TOWN)[0]["sections"] is None
    assert FINE == run(data, "list")
    assert "经办人（第三节、第四节）、审核人" in capsys.readouterr().out
