"""
A county with an organ in every state, for tests of exports.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import insert, update

from conversations.county.status import FILE
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Value
from conversations.form.model import ItemId, Measure
from conversations.sign_off.states import Deed, ReportState
from conversations.talk.effects import Save
from storage import Store
from storage.county_tables import COLLECTED
from storage.organs import place_below
from storage.sign_off import SignOffs, Version
from storage.tables import REPORT, TASK
from storage.unit import Unit

NOW = datetime(2026, 1, 20, 8, 0, tzinfo=UTC)
YEAR = 2025
COUNTY = "雷州县人民政府"
NEIGHBOUR = "龙州县人民政府"
ADDRESS = "https://www.leizhou.example/2025/县财政局.html?a=1&b=2"

FINISHED, APPROVED = "雷鸣镇人民政府", "龙门镇人民政府"
PUBLISHED, SENT, OLD_FORM = "雷州县财政局", "雷州县教育局", "雷州县档案局"
SUBMITTED, OPEN, NOTHING = "雷州县民政局", "雷州县水务局", "雷州县林业局"
EXCUSED, MERGED = "雷州县信访局", "雷州县粮食局"
IN = (FINISHED, APPROVED, PUBLISHED, SENT, OLD_FORM, MERGED)
MISSING = (SUBMITTED, OPEN, NOTHING)
KEPT, SENT_BYTES = b"the bytes that were approved", b"%PDF as it was sent"
SENT_NAME = "=HYPERLINK(1)年报 最终版.PDF"
FEE = Decimal("12.345678")


def answers(seed: int) -> dict[ItemId, Value]:
    """
    Answers to all questions; each seed gives other figures.
    """
    found: dict[ItemId, Value] = {
        cell.id: FEE + seed if cell.measure is Measure.FEE else (seed * 7 + place) % 50
        for place, cell in enumerate(ANNUAL_REPORT_2021.cells.values())
        if cell.id not in ANNUAL_REPORT_2021.sums
    }
    return found | {text.id: f"第{seed}份。" for text in ANNUAL_REPORT_2021.narratives}


def report(
    unit: Unit, organ: str, seed: int, *, final: bool = True, parent: str = COUNTY, year: int = YEAR
) -> int:
    """
    Place an organ below another and make its report; the report's id.
    """
    place_below(unit, unit.organ(organ, NOW), unit.organ(parent, NOW))
    report_id = unit.open_report(organ, year, now=NOW, edition=ANNUAL_REPORT_2021.edition)
    save(unit, report_id, answers(seed))
    if final:
        unit.finish(report_id, NOW)
    return report_id


def save(unit: Unit, report_id: int, values: Mapping[ItemId, Value | None]) -> None:
    held = unit.load(report_id, "1").answers
    saves = [Save(item, held.get(item), value) for item, value in values.items()]
    unit.save(report_id, saves, by="1", at=NOW, door="telegram")


def decided(unit: Unit, report_id: int, deed: Deed, state: ReportState, **note: str) -> int:
    stored = unit.load(report_id, "")
    return SignOffs(unit).record(
        report_id,
        deed,
        state,
        by="1",
        at=NOW,
        door="telegram",
        history=stored.history,
        fingerprint=stored.fingerprint,
        note=note,
    )


def sent(unit: Unit, report_id: int, name: str, content: bytes) -> None:
    """
    Store a file that an organ sent instead of answering.
    """
    unit.connection.execute(
        insert(COLLECTED).values(report_id=report_id, name=name, content=content, by="1", at=NOW)
    )
    unit.connection.execute(update(REPORT).where(REPORT.c.id == report_id).values(source=FILE))


def county(store: Store) -> None:
    """
    Make an organ in every state below COUNTY, and one below its neighbour.
    """
    with store.begin() as unit:
        report(unit, FINISHED, 1)
        approved = report(unit, APPROVED, 2)
        step = decided(unit, approved, Deed.SUBMIT, ReportState.SUBMITTED)
        SignOffs(unit).keep_version(step, Version("x.docx", KEPT))
        decided(unit, approved, Deed.APPROVE, ReportState.APPROVED)
        out = report(unit, PUBLISHED, 3)
        note = {"address": ADDRESS, "date": "2026-01-18", "result": "equal"}
        decided(unit, out, Deed.PUBLISH, ReportState.PUBLISHED, **note)
        collected = report(unit, SENT, 4)
        sent(unit, collected, "旧.docx", b"the one before")
        sent(unit, collected, SENT_NAME, SENT_BYTES)
        old = report(unit, OLD_FORM, 5)
        sent(unit, old, "old", b"of the form before")
        unit.connection.execute(update(REPORT).where(REPORT.c.id == old).values(edition="2019"))
        decided(unit, report(unit, SUBMITTED, 6), Deed.SUBMIT, ReportState.SUBMITTED)
        half = report(unit, OPEN, 7, final=False)
        first = next(iter(ANNUAL_REPORT_2021.cells))
        save(unit, half, {first: 0, "overview": None})
        place_below(unit, unit.organ(NOTHING, NOW), unit.organ(COUNTY, NOW))
        place_below(unit, unit.organ(EXCUSED, NOW), unit.organ(COUNTY, NOW))
        excused = unit.open_report(EXCUSED, YEAR, now=NOW, edition=ANNUAL_REPORT_2021.edition)
        unit.connection.execute(
            insert(TASK).values(
                report_id=excused, deadline=NOW.date(), withdrawn=True, reason="新成立"
            )
        )
        report(unit, MERGED, 8)
        report(unit, "龙州县财政局", 9, parent=NEIGHBOUR)
