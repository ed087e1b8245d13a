"""
Invitations for many organs at once: whom they are for, what they take back, what is handed over.
"""

import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from errno import ENOSPC
from html import unescape
from pathlib import Path

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import bindparam, update

from bot.__main__ import main
from bot.cli.frame import FINE, REFUSED
from bot.county import door
from bot.county.inviting import offer
from bot.files.invitations import as_page, as_workbook, code_of
from bot.reminding.asker import Asker, Reply
from bot.reminding.editor import TaskEditor
from conversations.county.inviting import InvitedOrgan
from conversations.wording import county_inviting as wording
from conversations.wording.county import NOT_YOURS
from storage import Store
from storage.members import Members
from storage.organs import place_below
from storage.people import Invitation, People
from storage.tables import ORGAN
from storage.tasks import TaskReader
from tests.county import AUTUMN, TOWN, WEEK_BEFORE, YEAR, office

WANG, HEAD, OTHER = 101, 900, 901
COUNTY, NEIGHBOUR = "雷州县人民政府", "龙州县人民政府"
FINANCE, SCHOOLS, CLOSED = "财政局", "教育局", "老城乡人民政府"
TOWNSHIP = "青松乡人民政府"
BELOW = (TOWN, FINANCE, SCHOOLS, CLOSED, TOWNSHIP)
WEEK = timedelta(days=7)
CHANGE = update(ORGAN).where(ORGAN.c.name == bindparam("organ"))
LINK = re.compile(r"https://t\.me/nianbao_bot\?start=([a-z2-7]{24})")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """
    Below the county: a town that has joined, an organ that need not report, a closed one, and two
    that wait for an invitation.
    """

    async def name(_: object) -> str:
        return "nianbao_bot"

    monkeypatch.setattr("bot.cli.serve.name_of_bot", name)
    monkeypatch.setattr("bot.cli.serve.telegram_settings", lambda _: None)
    with Store.open(data) as opened:
        office(opened, COUNTY, administrators={HEAD: "县办"})
        office(opened, NEIGHBOUR, administrators={OTHER: "别县"})
        office(opened, TOWN, {WANG: "王芳"})
        excused = office(opened, SCHOOLS)
        with opened.begin() as unit:
            over = unit.organ(COUNTY, AUTUMN)
            for organ in BELOW:
                place_below(unit, unit.organ(organ, AUTUMN), over)
            unit.run(CHANGE, organ=FINANCE, contact="=张三", phone="0755-1")
            unit.run(CHANGE, organ=CLOSED, closed_at=AUTUMN)
            TaskEditor(Asker(unit, HEAD, AUTUMN, frozenset()), excused).put(
                withdrawn=True, reason="年底才挂牌"
            )
        yield opened


def invitations(store: Store, organ: str) -> tuple[Invitation, ...]:
    """
    Those that can still be used.
    """
    with store.begin() as unit:
        return Members(unit).invitations(WEEK_BEFORE, unit.organ(organ, AUTUMN))


def taps(store: Store, organ: str, person: int = HEAD, *, later: int = 0) -> Reply:
    with store.begin() as unit:
        now = WEEK_BEFORE + timedelta(minutes=later)
        asker = Asker(unit, person, now, frozenset(), "nianbao_bot")
        return door.tapped(asker, f"i:{unit.organ(organ, AUTUMN):x}:{YEAR}")


def rows(content: bytes) -> list[tuple[str, ...]]:
    """
    What a workbook holds, without its head.
    """
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [tuple(str(cell.value or "") for cell in row) for row in sheet.iter_rows(min_row=2)]


def codes(store: Store, links: list[str]) -> set[str]:
    """
    The organs that links let somebody into.
    """
    with store.begin() as unit:
        tokens = [match[1] for link in links if (match := LINK.fullmatch(link))]
        found = [People(unit).invitation(token) for token in tokens]
        return {invitation.organ for invitation in found if invitation}


def test_those_that_nobody_has_joined_are_invited(store: Store):
    """
    In a workbook and on a page, each with its own link; their work on the year begins.
    """
    with store.begin() as unit:
        said = offer(Asker(unit, HEAD, WEEK_BEFORE, frozenset()))
    assert said is not None
    assert wording.OFFER.format(2) == said.buttons[0][0].label
    workbook, page = taps(store, COUNTY).files
    listed = rows(workbook.content)
    assert [(FINANCE, "=张三", "0755-1"), (TOWNSHIP, "", "")] == [row[:3] for row in listed]
    assert all(link in line and organ in line for organ, _, _, link, line in listed)
    links = [row[3] for row in listed]
    assert {TOWNSHIP, FINANCE} == codes(store, links)
    for link in links:
        assert code_of(link) in page.content.decode()
    with store.read() as reader:
        report = reader.find_report(TOWNSHIP, YEAR)
        assert report is not None
        assert TaskReader(reader).task(report) is not None
    assert () == invitations(store, SCHOOLS) + invitations(store, CLOSED) + invitations(store, TOWN)


def test_a_new_link_takes_back_the_older_one_of_the_same_person(store: Store):
    """
    Not somebody else's, not one for another role; two taps are one.
    """
    with store.begin() as unit:
        people, organ, until = People(unit), unit.organ(FINANCE, AUTUMN), WEEK_BEFORE + WEEK
        mine = people.key(HEAD)
        people.invite("of another", organ, "clerk", people.key(OTHER), AUTUMN, until)
        people.invite("a leader", organ, "leader", mine, AUTUMN, until)
        people.invite("a clerk", organ, "clerk", mine, AUTUMN, until)
    assert wording.REVOKED.format(1) in taps(store, COUNTY).says[0].text
    kept = [(i.created_by == mine, i.role) for i in invitations(store, FINANCE)]
    assert [(False, "clerk"), (True, "leader"), (True, "clerk")] == kept
    before = invitations(store, FINANCE)
    again = taps(store, COUNTY)
    assert (wording.JUST_MADE, ()) == (again.toast, again.files)
    assert before == invitations(store, FINANCE)
    assert wording.REVOKED.format(2) in taps(store, COUNTY, later=5).says[0].text
    assert len(before) == len(invitations(store, FINANCE))


def test_a_neighbour_invites_nobody_and_is_offered_nothing(store: Store):
    """
    Whatever its button carries.
    """
    assert NOT_YOURS == taps(store, COUNTY, OTHER).toast
    assert () == invitations(store, FINANCE)
    with store.begin() as unit:
        assert offer(Asker(unit, OTHER, WEEK_BEFORE, frozenset())) is None


def test_a_name_stands_on_the_page_as_text():
    """
    Nothing that was typed is markup there, and no formula in the workbook.
    """
    until = WEEK_BEFORE.date()
    link = "https://t.me/nianbao_bot?start=" + "a" * 24
    invited = InvitedOrgan("<b>某&局</b>", "=1+1", "+86", "clerk", link, until)
    page = as_page([invited], "<i>县</i>", YEAR).decode()
    assert "<b>" not in page
    assert "<i>" not in page
    assert "&lt;b&gt;某&amp;局&lt;/b&gt;" in page
    sheet = load_workbook(io.BytesIO(as_workbook([invited], YEAR))).worksheets[0]
    assert [("s", True), ("s", True)] == [
        (cell.data_type, cell.quotePrefix) for cell in sheet[2][1:3]
    ]


def test_the_terminal_writes_both_files_and_says_what_it_would_do_first(
    data: Path, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    Without a place for the links there are none; nor where it cannot be written.
    """
    run = ["invite", "--under", COUNTY, "--year", str(YEAR), "--data", str(data)]
    assert FINE == main(run)
    assert wording.WOULD.format(2, f"{FINANCE}、{TOWNSHIP}") in capsys.readouterr().out
    assert REFUSED == main([*run, "--xlsx", str(tmp_path / "none" / "a.xlsx")])
    half, same = str(tmp_path / "half.xlsx"), str(tmp_path / "same")
    assert REFUSED == main([*run, "--xlsx", half, "--qr", str(tmp_path / "none" / "a.html")])
    assert REFUSED == main([*run, "--xlsx", same, "--qr", same])
    assert () == invitations(store, FINANCE)
    assert not (tmp_path / "half.xlsx").exists()

    workbook, page = tmp_path / "a.xlsx", tmp_path / "a.html"
    assert FINE == main([*run, "--xlsx", str(workbook), "--qr", str(page)])
    links = [row[3] for row in rows(workbook.read_bytes())]
    assert {TOWNSHIP, FINANCE} == codes(store, links)
    shown = re.findall(r"<code>(.*?)</code>", page.read_text(encoding="utf-8"))
    assert links == [f"https://{unescape(text)}" for text in shown]


@pytest.mark.parametrize(
    "command",
    [["invite", "--under", COUNTY, "--xlsx"], ["task", "--organ", SCHOOLS, "--ics"]],
    ids=["links", "dates"],
)
def test_a_file_that_cannot_be_written_to_its_end_leaves_the_one_before(
    command: list[str], data: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    The disk is full halfway: the links written before are still those that count.
    """
    file = tmp_path / "out" / "there"
    file.parent.mkdir()
    file.write_bytes(b"before")

    def half(to: Path, content: bytes) -> int:
        with to.open("wb") as opened:
            opened.write(content[: len(content) // 2])
        raise OSError(ENOSPC, "full", str(to))

    monkeypatch.setattr(Path, "write_bytes", half)
    run = [*command, str(file), "--year", str(YEAR), "--data", str(data)]

    assert FINE != main(run)
    assert b"before" == file.read_bytes()
    assert [file] == list(file.parent.iterdir())
    assert () == invitations(store, FINANCE)


def test_what_is_shown_first_is_of_the_year_that_is_made(
    data: Path, store: Store, capsys: pytest.CaptureFixture[str]
):
    """
    In autumn that is the year under way, where nobody says it: whoever is excused is not shown.
    """
    year = YEAR - 1
    below = "龙州县财政局"
    with store.begin() as unit:
        over = unit.organ("龙城市人民政府", AUTUMN)
        for organ in (below, "龙州县教育局"):
            place_below(unit, unit.organ(organ, AUTUMN), over)
    office(store, "龙城市人民政府", year=year)
    excused = office(store, below, year=year)
    with store.begin() as unit:
        TaskEditor(Asker(unit, HEAD, AUTUMN, frozenset()), excused).put(
            withdrawn=True, reason="年底才挂牌"
        )
    run = ["invite", "--under", "龙城市人民政府", "--data", str(data)]
    with time_machine.travel(AUTUMN, tick=False):
        assert FINE == main(run)
        shown = capsys.readouterr().out
        assert FINE == main([*run, "--json"])
    made = json.loads(capsys.readouterr().out)

    assert [("龙州县教育局", year)] == [(each["organ"], each["year"]) for each in made]
    assert wording.WOULD.format(1, "龙州县教育局") in shown


def test_all_that_are_open_are_invited_where_that_is_asked(
    data: Path, store: Store, capsys: pytest.CaptureFixture[str]
):
    """
    Those that have joined, too; for a program as values. What is of one organ is refused.
    """
    run = ["invite", "--under", COUNTY, "--year", str(YEAR), "--data", str(data)]
    assert FINE == main([*run, "--all", "--role", "leader", "--json"])
    made = json.loads(capsys.readouterr().out)
    assert {TOWN, FINANCE, SCHOOLS, TOWNSHIP} == {each["organ"] for each in made}
    assert {"leader"} == {each["role"] for each in made}
    for wrong in (
        [*run, "--section", "三"],
        ["invite", "--organ", TOWN, "--all", "--data", str(data)],
        ["invite", "--under", "凤州县人民政府", "--data", str(data)],
    ):
        assert REFUSED == main(wrong)
