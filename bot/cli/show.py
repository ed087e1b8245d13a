"""A report and a form as JSON: for programs, tests and people who look after the data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.handle import level_of
from conversations.answers.parsing import format_number
from conversations.checks import check_report, checks_table
from conversations.checks.findings import Finding, Report
from conversations.form import FORMS, Form
from conversations.form.answers import Figures
from conversations.form.model import Measure, SectionKind, Table
from conversations.wording import talk as wording
from storage.reports import Stored
from storage.store import Store

PERSON = "terminal"


@dataclass(frozen=True, slots=True)
class Shown:
    """A stored report with what the checks say of it."""

    stored: Stored
    report: Report
    findings: tuple[Finding, ...]

    @property
    def status(self) -> str:
        """open, final, or changed: finished and then edited."""
        if not self.stored.final:
            return "open"
        return "changed" if self.stored.since_final else "final"


def find(store: Store, organ: str, year: int) -> Shown | None:
    """A report by organ and year; the only or the last one where they are not given."""
    with store.read() as reader:
        if not organ and not year:
            current = reader.current(PERSON)
            if current:
                organ, year = current
        if not organ and len(reader.organs()) == 1:
            organ = reader.organs()[0]
        if not year and reader.years(organ):
            year = reader.years(organ)[-1]
        report_id = reader.find_report(organ, year)
        if report_id is None:
            return None
        stored = reader.load(report_id, PERSON)
        last = reader.last_year(report_id)
    level = level_of(organ, stored.answers.text("level"))
    last_report = (
        Report(FORMS[last.edition], organ, last.year, last.answers, level) if last else None
    )
    report = Report(
        FORMS[stored.edition],
        organ,
        year,
        stored.answers,
        level,
        last_report,
        explanations=stored.explanations,
    )
    return Shown(stored, report, check_report(report))


def cells_of(form: Form, figures: Figures) -> dict[str, int | str]:
    """Every known figure, totals computed; fees as text without trailing zeros."""
    return {
        cell: format_number(value) if form.cells[cell].measure is Measure.FEE else int(value)
        for cell, value in figures.all().items()
    }


def findings_of(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Findings as JSON."""
    return [
        {
            "id": one.id,
            "grade": one.grade.name,
            "cells": list(one.cells),
            "narrative": one.narrative,
            "message": one.message,
        }
        for one in findings
    ]


def report_as_json(shown: Shown) -> dict[str, Any]:
    """The values of a report."""
    stored, report = shown.stored, shown.report
    answers = stored.answers
    signature = answers.text("signature")
    return {
        "organ": stored.organ,
        "year": stored.year,
        "edition": stored.edition,
        "level": report.level.value,
        "status": shown.status,
        "title": (answers.text("title") or "").split("\n") if answers.text("title") else [],
        "introduction": answers.text("introduction") or None,
        "signature": [signature, answers.text("signature_date") or ""] if signature else None,
        "cells": cells_of(report.form, report.figures),
        "narratives": {
            section.id: text
            for section in report.form.sections
            if section.kind is SectionKind.NARRATIVE
            and (text := answers.text(section.id)) is not None
        },
        "explanations": [
            {
                "check": one.check,
                "cells": list(one.cells),
                "text": one.text,
                "by": one.by,
                "at": str(one.at),
            }
            for one in stored.explanations
        ],
        "findings": findings_of(shown.findings),
    }


def as_json(shown: Shown) -> str:
    """One line of JSON."""
    text = json.dumps(report_as_json(shown), ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(report_as_json(shown))
    return text + "\n"


def as_text(shown: Shown) -> str:
    """For a person: the figures that are not 0, the texts in short, the findings."""
    stored, report = shown.stored, shown.report
    names = {"open": "填报中", "final": "已生成正式文件", "changed": "正式文件生成后又有改动"}
    lines = [f"{stored.organ} {stored.year}年度（{names[shown.status]}）"]
    figures = report.figures
    for section in report.form.sections:
        lines.append(section.heading)
        if isinstance(section.body, Table):
            for line in section.body.lines:
                values = {cell.id: figures.get(cell.id) for cell in line.printed}
                if any(values.values()):
                    lines.append(f"  {line.short}：{wording.figures_of(line, values)}")
        else:
            text = stored.answers.text(section.id)
            lines.append("  " + (wording.shorten(text, 60) if text else "未填"))
    lines += [f"{one.grade.value}（{one.id}）{one.message}" for one in shown.findings]
    return "\n".join(lines) + "\n"


def form_as_json(form: Form) -> dict[str, Any]:
    """The printed form."""
    return {
        "edition": form.edition,
        "sections": [
            {"id": one.id, "number": one.number, "title": one.title, "kind": one.kind.value}
            for one in form.sections
        ],
        "tables": [
            {
                "id": table.id,
                "rows": [{"id": row.id, "label": row.label} for row in table.rows],
                "columns": [{"id": one.id, "label": one.label} for one in table.columns],
                "cells": [list(row.cells) for row in table.rows],
            }
            for table in form.tables
        ],
        "checks": [
            {"id": id_, "grade": grade.name, "text": text}
            for id_, grade, text in checks_table(form.edition)
        ],
    }
