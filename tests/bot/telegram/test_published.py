"""
「已公布」 on the phone: the page is fetched, compared with what was approved, and told.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from conversations.document.write.content import DocumentInput
from conversations.document.write.html import as_html
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers
from conversations.sign_off.states import Deed, ReportState
from conversations.sign_off.status import SignOffRecord
from conversations.talk.effects import Save
from conversations.wording import comparing as wording
from conversations.wording import importing, sign_off
from storage.people import People
from storage.sign_off import SignOffs
from tests.bot.telegram.door import TOWN, ZONE, Door, door
from tests.bot.test_fetch import Site, site
from tests.botapi import BotServer
from tests.dialogue import whole

__all__ = ["site"]

NOW = datetime(2024, 1, 15, 9, 0, tzinfo=ZONE)
CELL = "requests.outcome.disclosed.natural_person"
FIGURES = {**whole(), "title": f"{TOWN}\n2023年政府信息公开工作年度报告"}
OURS = DocumentInput(FORM, TOWN, 2023, Answers(FIGURES))
OTHER = replace(OURS, answers=OURS.answers.changed({CELL: 21, f"requests.received{CELL[26:]}": 0}))


def finish(office: Door, *, approved: bool) -> None:
    """
    Everything is answered, and the final document made; perhaps a leader has agreed.
    """
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, 2023)
        assert report is not None
        standing = unit.load(report, "test").answers
        saves = [Save(item, standing.get(item), v) for item, v in FIGURES.items()]
        unit.save(report, saves, by="test", at=NOW, door="test")
        unit.finish(report, NOW)
        if approved:
            SignOffs(unit).record(
                report,
                Deed.APPROVE,
                ReportState.APPROVED,
                by="leader",
                at=NOW,
                door="test",
                history=unit.load(report, "test").history,
                fingerprint="3F7A-92C1",
                note={},
            )


def publications(office: Door) -> list[SignOffRecord]:
    with office.opened() as store, store.read() as reader:
        report = reader.find_report(TOWN, 2023)
        assert report is not None
        records = reader.load(report, "test").sign_off.records
    return [record for record in records if record.deed is Deed.PUBLISH]


@pytest.fixture
def reachable(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """
    The site on loopback, which only the test may reach.
    """
    monkeypatch.setattr("bot.files.fetch_rules.Rules", lambda _: site.rules)
    return site


async def test_an_approved_report_is_compared_with_the_page_that_was_published(
    server: BotServer, tmp_path: Path, reachable: Site
):
    """
    One figure differs, and is told with its place; then the page is right.
    """
    async with door(tmp_path / "data", server) as office:
        wang = await office.joins()
        finish(office, approved=True)
        reachable.page("/a.html", as_html(OTHER), content_type="text/html")
        await wang.says(sign_off.PUBLISHED)
        await wang.sees(wording.ASK)
        await wang.says(reachable.link("/a.html"))

        told = await wang.sees(wording.DIFFERENT.partition("{")[0])
        assert f"表三 自然人 予以公开：{wording.APPROVED} 0，网上 21" in told.text
        await wang.sees(wording.ASK_AGAIN)

        reachable.page("/a.html", as_html(OURS), content_type="text/html")
        await wang.says(reachable.link("/a.html"))
        await wang.sees(wording.EQUAL.format(ours=wording.APPROVED), after=told)

        kept = publications(office)
        assert ["different", "equal"] == [record.note["result"] for record in kept]
        assert {reachable.link("/a.html")} == {record.note["address"] for record in kept}
        with office.opened() as store, store.read() as reader:
            report = reader.find_report(TOWN, 2023) or 0
            assert ReportState.PUBLISHED is reader.load(report, "test").sign_off.state


async def test_the_clerk_is_asked_on_the_card_of_the_approval(
    server: BotServer, tmp_path: Path, reachable: Site
):
    """
    By its button, and comes back to that card, which says what came of it.
    """
    async with door(tmp_path / "data", server) as office:
        wang = await office.joins()
        finish(office, approved=True)
        reachable.page("/a.html", as_html(OURS), content_type="text/html")
        await wang.says("/start")
        card = await wang.sees(sign_off.STATES[ReportState.APPROVED])
        await wang.taps(sign_off.PUBLISHED, card)
        asked = await wang.sees(wording.ASK)
        await wang.says(reachable.link("/a.html"))

        shown = await wang.sees(wording.EQUAL.format(ours=wording.APPROVED), after=asked)
        assert sign_off.PUBLISHED in shown.labels


async def test_a_page_that_is_not_there_and_a_page_that_is_no_report(
    server: BotServer, tmp_path: Path, reachable: Site
):
    """
    Both are recorded with the address and the reason, and the saved page is compared.
    """
    async with door(tmp_path / "data", server) as office:
        wang = await office.joins()
        finish(office, approved=True)
        reachable.page("/b.html", "<html><body><p>通知公告</p></body></html>")
        await wang.says("/published")
        await wang.sees(wording.ASK)
        await wang.says(reachable.link("/none.html"))
        await wang.sees(wording.NOT_COMPARED.format(why=importing.NOT_FOUND.format(status=404)))
        await wang.says(reachable.link("/b.html"))
        await office.rests()
        await wang.sends_file("page.html", as_html(OURS).encode())
        await wang.sees(wording.EQUAL.format(ours=wording.APPROVED))

        kept = publications(office)
        assert ["not compared", "not compared", "equal"] == [r.note["result"] for r in kept]
        assert all(record.note["why"] for record in kept[:2])
        assert reachable.link("/b.html") == kept[2].note["address"]


async def test_an_address_inside_is_refused_by_the_rules_that_exist(
    server: BotServer, tmp_path: Path
):
    """
    It is not fetched, also where what was published is asked for.
    """
    async with door(tmp_path / "data", server) as office:
        wang = await office.joins()
        finish(office, approved=False)
        await wang.says(sign_off.PUBLISHED)
        await wang.sees(wording.ASK)
        await wang.says("http://127.0.0.1:1/a.html")
        await wang.sees(wording.NOT_COMPARED.partition("{")[0])

        (kept,) = publications(office)
        assert "not compared" == kept.note["result"]


async def test_a_leader_and_another_office_publish_nothing(
    server: BotServer, tmp_path: Path, reachable: Site
):
    """
    Neither by the word nor by the button of somebody else.
    """
    async with door(tmp_path / "data", server) as office:
        await office.joins()
        leader = await office.joins("李局", role="leader")
        other = await office.joins("周强", "龙门镇人民政府")
        finish(office, approved=True)
        with office.opened() as store, store.read() as reader:
            report = reader.find_report(TOWN, 2023) or 0
        for person in (leader, other):
            await person.says(sign_off.PUBLISHED)
            await person.forges(f"{report:x}/pub")
            await office.rests()
            assert not any(wording.ASK in message.text for message in person.from_bot)
        assert [] == publications(office)
        with office.opened() as store, store.begin() as unit:
            assert People(unit).focus(leader.id) is not None
