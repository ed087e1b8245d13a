"""
A made-up third edition of the form: that of 2021 with one more row.

`python -m tests.third_edition TABLE` registers the edition as a release would, before anything else
is imported. It then plays a report of the edition through (asked, checked, written, read back) and
prints the outcome as JSON. With a FOLDER as second argument it plays reports of two years in a
store there: one in the January when the edition is already in force and the report still covers the
year before, and one in the January after.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import conversations.form as editions
from conversations.form.build import BlockData, RowData, table_of_blocks, table_of_rows
from conversations.form.editions import annual_report_2021 as last
from conversations.form.model import Form, Section, Table
from conversations.form.numbers import ITEMS, NUMBERS

if TYPE_CHECKING:
    from storage.store import Store
    from storage.stored import Stored

YEAR = 2026
ROWS = {
    "proactive_disclosure": RowData(
        "proactive_disclosure.confirmations", ("行政确认",), "行政确认", "", last.NOTICE
    ),
    "requests": RowData(
        "requests.outcome.withheld.personal_information",
        (*last.WITHHELD_ROWS[-1].path[:-1], "9.属于个人隐私信息"),
        "不予·个人隐私",
        "",
        last.NOTICE,
    ),
}
"""The new row, by the table it stands in."""


def table_with(row: RowData) -> Table:
    """
    The table of 2021 with one more row after the last row of its kind.
    """
    if row is ROWS["requests"]:
        lines = list(last.TABLE_THREE.lines)
        rows = [RowData(n.id, n.path, n.short, n.counts, n.source, n.kind) for n in lines]
        at = [line.id for line in lines].index(last.WITHHELD_ROWS[-1].id) + 1
        return table_of_rows(last.HEAD_THREE, last.APPLICANTS, [*rows[:at], row, *rows[at:]])
    blocks = list(last.BLOCKS)
    at = next(i for i, block in enumerate(blocks) if "coercion" in block.rows[-1].id)
    old = blocks[at]
    blocks[at] = BlockData(old.heading, old.columns, (*old.rows, row), old.measures)
    return table_of_blocks(blocks)


def form_with(row: RowData) -> Form:
    """
    The edition; the new items get numbers after all that are in use.
    """
    columns = [column.id for column in last.APPLICANTS]
    for item in (row.id, *(f"{row.id}.{column}" for column in (*columns, "decisions"))):
        NUMBERS[item] = max(NUMBERS.values()) + 1
        ITEMS[NUMBERS[item]] = item
    table = table_with(row)

    def section_of(section: Section) -> Section:
        return replace(section, body=table) if section.id == table.id else section

    sections = tuple(map(section_of, last.SECTIONS))
    return last.annual_report("2026", "国办公开办函〔2026〕1号", YEAR, sections)


def figures_of(row: str) -> dict[str, int]:
    """
    The figures that are not 0: the new row and the figures that must agree with it.
    """
    if row.startswith("requests."):
        return {f"{line}.natural_person": 2 for line in (row, "requests.received")}
    return {f"{row}.decisions": 2}


def played(form: Form, row: str) -> dict[str, object]:
    """
    The outcome of a report that was answered question by question.
    """
    from datetime import date
    from decimal import Decimal

    from conversations.checks import check_report
    from conversations.document.read.report import ReadReport, as_report
    from conversations.document.read.understand import read
    from conversations.document.write.content import DocumentInput
    from conversations.document.write.docx import render
    from conversations.document.write.html import as_html
    from conversations.document.write.prepare import prepare
    from conversations.document.write.template import build_template
    from conversations.document.write.text import as_text
    from tests.dialogue import TEXTS, TOWN, Clerk

    texts = {item: text.replace("2025", str(YEAR)) for item, text in TEXTS.items()}
    figures = figures_of(row)
    clerk = Clerk(form=form, year=YEAR, today=date(YEAR + 1, 1, 12)).opens()
    asked: set[str] = set()
    for _ in range(200):
        asks = clerk.asks
        asked.update(asks)
        if any(clerk.documents):
            break
        if asks and set(asks) <= form.cells.keys():
            clerk.types(" ".join(str(figures.get(cell, 0)) for cell in asks))
        elif asks and asks[0] in texts:
            clerk.types(texts[asks[0]])
        else:
            clerk.taps(clerk.card.buttons[0][0].label)
    answers = clerk.session.answers
    report = DocumentInput(form, TOWN, YEAR, answers)
    files = {
        "docx": render(prepare(build_template(form), form), report),
        "html": as_html(report).encode(),
        "txt": as_text(report).encode(),
    }
    told: dict[str, object] = {
        "asked": sorted(item for item in asked if item.startswith(row)),
        "finished": any(clerk.documents),
    }
    for kind, data in files.items():
        back = read(data, f"report.{kind}")
        assert isinstance(back, ReadReport), back
        seen = as_report(back)
        total = "requests.outcome.total.natural_person"
        wrong = replace(seen, answers=seen.answers.changed({total: Decimal(9)}))
        told[kind] = {
            "edition": back.edition,
            "row": {c: int(str(v)) for c, v in back.values.items() if c.startswith(row)},
            "unread": back.unread,
            "same": all(back.values[cell] == answers.get(cell) for cell in form.asked),
            "findings": [f"{f.id} {f.message}" for f in check_report(seen)],
            "when wrong": sorted({f.id for f in check_report(wrong)}),
        }
    before = DocumentInput(
        editions.ANNUAL_REPORT_2021, TOWN, YEAR, answers.changed({"title": None})
    )
    for year in (YEAR - 1, YEAR):
        back = read(as_html(replace(before, year=year)).encode(), "before.html")
        assert isinstance(back, ReadReport), back
        told[f"before in {year}"] = [
            back.edition,
            [f.id for f in check_report(as_report(back)) if f.id in {"F2", "F4"}],
        ]
    return told


def filled_in(store: Store, organ: str, now: datetime, figures: Mapping[str, int]) -> None:
    """
    Answer a report on the year before question by question, to its final document.
    """
    from bot.handle import Clock, Handled, handle, new_session
    from conversations.talk.effects import Deliver, Say
    from conversations.talk.events import Event, Opened, Tapped, Typed
    from tests.dialogue import TEXTS

    clock, year = Clock(now), str(now.year - 1)

    def done(report: int | None, event: Event) -> Handled:
        with store.begin() as unit:
            blank = new_session(clock, "1", organ)
            return handle(unit, "1", report, event, clock, "chat", blank)

    handled, texts = done(None, Opened()), dict(TEXTS)
    if int(year) == YEAR:  # the text must differ from last year's
        texts["problems_and_improvements"] = "存在的问题：回应不及时。改进措施：每季度抽查一次。"
    for _ in range(200):
        if any(isinstance(effect, Deliver) and effect.final for effect in handled.effects):
            return
        card = handled.effects[-1]
        assert isinstance(card, Say)
        if card.asks and card.asks[0] in texts:
            event: Event = Typed(texts.pop(card.asks[0]).replace("2025", year))
        elif card.asks and card.asks[0] in handled.session.form.cells:
            event = Typed(" ".join(str(figures.get(cell, 0)) for cell in card.asks))
        else:
            event = Tapped(card.buttons[0][0].id)
        handled = done(handled.report_id, event)
    raise AssertionError(handled.effects)


def stored(form: Form, row: str, folder: Path) -> dict[str, object]:
    """
    The outcome of reports of both editions in a store.
    """
    import io
    from argparse import Namespace
    from contextlib import redirect_stdout
    from datetime import UTC

    from bot.__main__ import main as nianbao
    from bot.cli.importing import import_report
    from bot.cli.show import find, report_as_json
    from bot.county.summing import county_sum
    from bot.files.read import report_in
    from bot.handle import Clock, handle
    from conversations.document.read.report import ReadReport
    from conversations.document.read.understand import read
    from conversations.document.write.template import build_template
    from conversations.talk.effects import Save
    from conversations.talk.events import Opened
    from storage.organs import place_below
    from storage.store import Store
    from tests.dialogue import TOWN

    def through_json(said: dict[str, object], year: int) -> Stored:
        data = json.dumps(said).encode()
        wishes = Namespace(source="report.json", organ="", year=0, json=False)
        vars(wishes).update(yes=True, replace=False, doubtful=False)
        with Store.open(":memory:") as other, redirect_stdout(io.StringIO()):
            import_report(other, wishes, Clock(first), None, lambda name, _: report_in(data, name))
            view = find(other, TOWN, year)
        assert view is not None
        return view.stored

    told: dict[str, object] = {}
    county, village = "雷州县人民政府", "龙门镇人民政府"
    store = Store.open(folder)
    first = datetime(YEAR, 1, 12, 9, 0, tzinfo=UTC)
    with store.begin() as unit:
        above = unit.organ(county, first)
        place_below(unit, unit.organ(TOWN, first), above)
        # A report begun when the form of its year was not known yet.
        draft = unit.open_report(village, YEAR, now=first, edition=last.ANNUAL_REPORT_2021.edition)
        cell = next(iter(form.asked))
        unit.save(draft, [Save(cell, None, 3)], by="1", at=first, door="chat")
        handle(unit, "1", draft, Opened(), Clock(first), "chat")
        moved = unit.load(draft, "1")
    told["draft"] = [moved.edition, moved.answers.get(cell)]
    for year in (YEAR - 1, YEAR):
        now = first.replace(year=year + 1)
        filled_in(store, TOWN, now, figures_of(row) if year == YEAR else {})
        view = find(store, TOWN, year)
        assert view is not None
        with store.read() as reader:
            total = county_sum(reader, above, county, year)
        if year == YEAR:
            # The office has changed its template for the new form; older reports use the product's
            # own.
            (folder / "template.docx").write_bytes(build_template(form))
        back = through_json(report_as_json(view), year)
        # As if the report had been finished for a year that has another form by now.
        later = through_json(report_as_json(view) | {"year": YEAR + 1}, YEAR + 1)
        told[str(year)] = {
            "edition": view.stored.edition,
            "final": view.stored.is_final,
            "sum": [total.form.edition, [addend.name for addend in total.addends]],
            "held back": sum(bool(total.why_not(cell)) for cell in total.cells),
            "same as JSON": [
                [each.edition, each.answers == view.stored.answers] for each in (back, later)
            ],
        }
    store.close()
    for year in (YEAR - 1, YEAR):
        words = ["export", "--organ", TOWN, "--year", str(year), "--format", "docx"]
        with redirect_stdout(io.StringIO()):
            code = nianbao([*words, "--data", str(folder), "--out", str(folder / f"{year}.docx")])
        word = read((folder / f"{year}.docx").read_bytes(), "report.docx")
        assert isinstance(word, ReadReport)
        figures = {cell: int(str(v)) for cell, v in word.values.items() if cell.startswith(row)}
        told[f"Word of {year}"] = [code, word.edition, 2 in figures.values()]
    return told


def registered(row: RowData) -> Form:
    """
    Register the edition as a release would, before anything else is imported.
    """
    form = form_with(row)
    vars(editions).update(
        FILLED_IN=(*editions.FILLED_IN, form),
        FORMS={form.edition: form, **editions.FORMS},
        FORM_IN_FORCE=form,
    )

    from conversations.checks.editions import CHECKS
    from conversations.checks.editions.annual_report_2021 import checks_of_form
    from conversations.form.editions.not_summed import NOT_SUMMED

    CHECKS[form.edition] = checks_of_form(form)
    NOT_SUMMED[form.edition] = NOT_SUMMED[last.ANNUAL_REPORT_2021.edition]

    from bot.files import child
    from conversations.document.write import docx
    from conversations.document.write.prepare import prepare
    from conversations.document.write.template import build_template

    ours, new = docx.standard, prepare(build_template(form), form)
    vars(docx)["standard"] = lambda edition: new if edition == form.edition else ours(edition)
    # Reading happens in this process; a child would not know the edition.
    vars(child)["run"] = lambda work, *given, **_: work(*given)
    return form


def main(table: str, folder: str = "") -> None:
    """
    Register the edition, play the report and print the outcome.
    """
    row = ROWS[table]
    form = registered(row)
    told = stored(form, row.id, Path(folder)) if folder else played(form, row.id)
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
