"""
The pictures of the guide for county offices, from a real run.

A made-up county in January: its office pastes the list of organs, sets the dates, invites, takes
a file, looks after the late, adds up. Drawn as the other pictures (`make_pictures.py`).

    make pictures
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

import time_machine

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.inviting import invite  # noqa: E402 - the project is found first
from conversations.form import FORM_IN_FORCE as FORM  # noqa: E402
from conversations.form.answers import Answers, Figures, Value  # noqa: E402
from conversations.form.model import ItemId, Measure  # noqa: E402
from conversations.reminders.calendar import SHANGHAI  # noqa: E402
from conversations.talk.effects import Save  # noqa: E402
from docs.make_pictures import Clerk, at_work, draw  # noqa: E402
from storage.people import People  # noqa: E402
from storage.store import Store  # noqa: E402
from storage.tasks import Tasks  # noqa: E402
from tests.botapi import BotServer, Person  # noqa: E402
from tests.sent import sent  # noqa: E402

COUNTY, YEAR = "安平县人民政府", 2025
DEPARTMENTS = ("财政局", "教育局", "公安局", "司法局", "水利局", "粮食局")
TOWNS = ("柳河镇", "青石镇")
ORGANS = (
    *(f"安平县{name}" for name in DEPARTMENTS),
    *(f"安平县{name}人民政府" for name in TOWNS),
)
SCHOOLS, LATE, HALF = ORGANS[1], ORGANS[2], ORGANS[3]
GRAIN, MONEY = ORGANS[5], ORGANS[0]
TEXTS = dict.fromkeys((text.id for text in FORM.narratives), "本机关依法公开政府信息。")
CLERKS = ("王芳", "赵敏", "孙丽", "周强", "吴军", "郑洁", "冯涛", "陈静")


def answers(seed: int) -> dict[ItemId, Value]:
    """A report of a small organ, whose sums hold."""
    values: dict[ItemId, Value] = {
        cell.id: (seed * 7 + place * 5) % 40 if (seed + place) % 3 == 0 else 0
        for place, cell in enumerate(FORM.tables[0].cells)
        if cell.id not in FORM.sums and cell.measure is Measure.COUNT
    }
    natural, firms = seed * 5 % 11 + 1, seed % 3 + 1
    values |= {
        "proactive_disclosure.rules.issued": 0,
        "proactive_disclosure.rules.repealed": 0,
        "proactive_disclosure.rules.in_force": 0,
        "proactive_disclosure.normative_documents.issued": 1,
        "proactive_disclosure.normative_documents.repealed": 0,
        "proactive_disclosure.normative_documents.in_force": 3,
        "requests.received.natural_person": natural,
        "requests.received.commercial_enterprise": firms,
        "requests.outcome.disclosed.natural_person": natural,
        "requests.outcome.partly_disclosed.commercial_enterprise": firms,
    }
    rest = {cell.id: 0 for cell in FORM.cells.values() if cell.id not in FORM.sums}
    title = f"{ORGANS[seed]}\n{YEAR}年政府信息公开工作年度报告"
    return rest | values | TEXTS | {"title": title, "introduction": "", "signature": ""}


def joins(server: BotServer, store: Store, organ: str) -> Person:
    """Somebody has followed an organ's link, and done nothing yet."""
    number, now = ORGANS.index(organ), datetime.now(SHANGHAI)
    clerk = server.person(CLERKS[number])
    server.chats[clerk.id].started = True
    with store.begin() as unit:
        people = People(unit)
        people.begin(clerk.id, now, clerk.name)
        people.join(clerk.id, unit.organ(organ, now), "clerk", now)
        Tasks(unit).wake(clerk.id)
    return clerk


def fills(server: BotServer, store: Store, organ: str, *, whole: bool = True) -> None:
    """The clerk of an organ has joined and answered; where not whole, two tables are open."""
    number, now = ORGANS.index(organ), datetime.now(SHANGHAI)
    clerk = joins(server, store, organ)
    with store.begin() as unit:
        report_id = unit.find_report(organ, YEAR)
        assert report_id is not None
        found = answers(number)
        items = found if whole else [item for item in found if item.startswith("proactive")]
        saves = [Save(item, None, found[item]) for item in items]
        unit.save(report_id, saves, by=People(unit).key(clerk.id), at=now, door="telegram")
        Tasks(unit).progressed(report_id)
        if whole:
            unit.finish(report_id, now)


def broken(organ: str) -> bytes:
    """The Word file of an organ with a total that is one too many."""
    seed = ORGANS.index(organ)
    figures = dict(Figures(FORM, Answers(answers(seed))).all())
    figures["requests.received.total"] += 1
    return sent(organ, seed, year=YEAR, printed=figures)


async def run() -> None:
    """Play the county's January and draw what its office sees."""
    async with at_work() as (server, store, name):
        now = datetime.now(SHANGHAI)
        with store.begin() as unit:
            link = invite(unit, name, COUNTY, "administrator", "operator", now)
        office = Clerk(server, server.person("县政务公开办"))
        await office.does(f"/start {link.partition('=')[2]}", ">加入")
        await the_list(office)
        await dates_and_invitations(office)
        for organ in ORGANS:
            if organ not in (SCHOOLS, LATE, HALF, GRAIN):
                fills(server, store, organ)
        fills(server, store, HALF, whole=False)
        for organ in (LATE, GRAIN):
            joins(server, store, organ)
        await a_file(office)
        await a_merger(office)
        with time_machine.travel("2026-01-21T09:30:00+08:00"):
            await who_is_late(office)
            await the_sum(office)


async def the_list(office: Clerk) -> None:
    """Pasted, looked at, taken."""
    begin = office.here()
    rows = [f"{organ}\t{CLERKS[n]}\t82001{n:02}" for n, organ in enumerate(ORGANS)]
    text = "\n".join(["导入单位名单", "机关\t联系人\t电话", *rows, rows[-1]])
    await office.does(text, ">确认导入")
    draw("county_list", office.person.chat[begin:])


async def dates_and_invitations(office: Clerk) -> None:
    """One date for all, and the links of all."""
    await office.does("/task 统一 截止 1月31日 收集 1月20日", ">布置", "/invite")
    begin = office.here()
    await office.does(f">给未加入的 {len(ORGANS)} 个单位发邀请")
    await office.server.until(lambda: len(office.person.documents) == 2, "two files")
    await office.server.quiet(0.4, timeout=20)
    draw("county_invite", office.person.chat[begin - 1 :])


async def a_file(office: Clerk) -> None:
    """From an organ that does not use the bot: one total is wrong."""
    begin = office.here()
    await office.person.sends_file("教育局年报.docx", broken(SCHOOLS))
    await office.person.sees_next("收下")
    await office.server.quiet(0.4, timeout=20)
    draw("county_file", office.person.chat[begin:])
    await office.does(">收下")


async def a_merger(office: Clerk) -> None:
    """So that one organ need not report."""
    await office.does(f"/merge {GRAIN} {MONEY}", ">确认办理")


async def who_is_late(office: Clerk) -> None:
    """The overview, a group, an organ's card, and whom a nudge reaches."""
    begin = office.here()
    await office.does("/overview")
    draw("county_overview", office.person.chat[begin:])
    await office.does(">逾期和没加入的名单", ">催办")
    draw("county_late", office.person.chat[begin + 2 :])


async def the_sum(office: Clerk) -> None:
    """The sum, and the organs of a figure."""
    begin = office.here()
    await office.does("/sum")
    draw("county_sum", office.person.chat[begin:])


if __name__ == "__main__":
    with time_machine.travel("2026-01-16T09:30:00+08:00"):
        asyncio.run(run())
