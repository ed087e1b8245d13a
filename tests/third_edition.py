"""
A third edition of the form, made up: that of 2021 with one more row.

`python -m tests.third_edition TABLE` registers it as a release would, before anything else is
imported, plays a report of it through (asked, checked, written, read back) and prints what
became of it as JSON.
"""

import json
import sys
from dataclasses import replace

import conversations.form as editions
from conversations.form.build import BlockData, RowData, table_of_blocks, table_of_rows
from conversations.form.editions import annual_report_2021 as last
from conversations.form.model import Form, Section, Table
from conversations.form.numbers import NUMBERS

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
    The table of 2021 with a row more, after the last of its kind.
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
    The edition, its new numbers after all that have been given away.
    """
    columns = [column.id for column in last.APPLICANTS]
    for item in (row.id, *(f"{row.id}.{column}" for column in (*columns, "decisions"))):
        NUMBERS[item] = max(NUMBERS.values()) + 1
    table = table_with(row)

    def section_of(section: Section) -> Section:
        return replace(section, body=table) if section.id == table.id else section

    sections = tuple(map(section_of, last.SECTIONS))
    return last.annual_report("2026", "国办公开办函〔2026〕1号", YEAR, sections)


def played(form: Form, row: str) -> dict[str, object]:
    """
    What became of a report that was answered question by question.
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
    figures = {f"{row}.decisions": 2}
    if row.startswith("requests."):
        figures = {f"{line}.natural_person": 2 for line in (row, "requests.received")}
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


def main(table: str) -> None:
    """
    Register, then play.
    """
    row = ROWS[table]
    form = form_with(row)
    editions.FORMS[form.edition] = form
    editions.FORM_IN_FORCE = form

    from conversations.checks.editions import CHECKS
    from conversations.checks.editions.annual_report_2021 import checks_of_form

    CHECKS[form.edition] = checks_of_form(form)
    print(json.dumps(played(form, row.id), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1])
