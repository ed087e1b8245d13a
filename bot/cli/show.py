"""`nianbao show`: the values of a stored report, with its findings."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

from bot.cli import frame
from bot.cli.values import findings_as_json, notice_as_json, remarks_as_json, value_as_json
from bot.handle import report_of
from conversations.checks import check_report
from conversations.checks.findings import Finding, Grade, Report
from conversations.county.status import FILE, SentFile
from conversations.document.read.own_json import FORMAT, opening
from conversations.form import FORMS, Form
from conversations.form.answers import Figures
from conversations.form.model import SectionKind, Table
from conversations.wording import talk as wording
from conversations.wording.county_collecting import source_line
from storage.collected import newest_file
from storage.reports import Reader
from storage.store import Store
from storage.stored import Stored

EXAMPLES = (
    "nianbao show --organ 甲镇人民政府 --year 2025",
    "nianbao show --organ 甲镇人民政府 --year 2025 --json",
)

STATUSES = {"open": "填报中", "final": "已生成正式文件", "changed": "正式文件生成后又有改动"}
IMPORTED = "从公布的文件读入"
EMPTY = "未填"
ALL_ZERO = "全部为 0"
OTHERS_ZERO = "其余 {count} 行为 0"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which report, and the output."""
    frame.add_report(parser)
    frame.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print it."""
    with frame.open_store(options, reading=True) as store:
        view = find(store, options.organ, options.year)
    if view is None:
        raise frame.Refused(frame.NO_REPORT)
    if options.json:
        frame.say_json(report_as_json(view))
    else:
        frame.say(as_text(view))
    return frame.FINE


@dataclass(frozen=True, slots=True)
class ReportView:
    """
    A stored report with its findings.

    `file` is the one its figures were read from; its findings count.
    """

    stored: Stored
    report: Report
    findings: tuple[Finding, ...]
    file: SentFile | None = None

    @property
    def status(self) -> str:
        """open, final, or changed: finished and then edited."""
        if not self.stored.final:
            return "open"
        return "changed" if self.stored.changed else "final"


def find(store: Store, organ: str, year: int) -> ReportView | None:
    """A report by organ and year, as `find_report` finds it."""
    with store.read() as reader:
        report_id = find_report(reader, organ, year)
        if report_id is None:
            return None
        stored = reader.load(report_id, frame.PERSON)
        last = reader.earlier(report_id)
        file = newest_file(reader, report_id) if stored.source == FILE else None
    report = report_of(stored, last)
    return ReportView(stored, report, check_report(report), file)


def find_report(reader: Reader, organ: str, year: int) -> int | None:
    """A report by organ and year; without them, the only or the last one."""
    if not organ and not year:
        current = reader.current(frame.PERSON)
        if current:
            organ, year = current
    if not organ and len(reader.organs()) == 1:
        organ = reader.organs()[0]
    if not year and reader.years(organ):
        year = reader.years(organ)[-1]
    return reader.find_report(organ, year)


def report_as_json(view: ReportView) -> dict[str, Any]:
    """The values of a report."""
    stored, report = view.stored, view.report
    form, answers = FORMS[stored.edition], stored.answers
    figures = Figures(form, answers)  # the printed ones
    claims = {cell: value for cell in form.sums if (value := figures.claimed(cell)) is not None}
    return {
        "format": FORMAT,
        "organ": stored.organ,
        "year": stored.year,
        "edition": stored.edition,
        "level": report.level.value,
        "status": view.status,
        "state": stored.sign_off.state.value,
        "source": stored.source,
        "imported": stored.imported,
        "file": None if view.file is None else {"name": view.file.name, "at": str(view.file.at)},
        "fingerprint": stored.fingerprint,
        **opening(answers),
        "wording": {item: answers[item] for item in form.wording if item in answers},
        "cells": {cell: value_as_json(cell, value) for cell, value in figures.all().items()},
        "claims": {cell: value_as_json(cell, value) for cell, value in claims.items()},
        "narratives": {
            section.id: text
            for section in report.form.sections
            if section.kind is SectionKind.NARRATIVE
            and (text := answers.text(section.id)) is not None
        },
        **remarks_as_json(answers),
        "explanations": [
            {
                "check": explanation.check,
                "cells": list(explanation.cells),
                "text": explanation.text,
                "by": explanation.by,
                "at": str(explanation.at),
            }
            for explanation in stored.explanations
        ],
        "findings": _found(view),
        "notice": notice_as_json(report.notice, answers),
    }


def _found(view: ReportView) -> list[dict[str, Any]]:
    """The findings; for a file those of the file, also about its format."""
    if view.file is None or "findings" not in view.file.note:
        return findings_as_json(view.findings)
    found: list[dict[str, Any]] = view.file.note["findings"]
    return found


def as_text(view: ReportView) -> str:
    """For a person: figures other than 0, gaps, the texts, the findings."""
    stored, report = view.stored, view.report
    status = IMPORTED if stored.imported else STATUSES[view.status]
    lines = [f"{stored.organ} {stored.year}年度（{status}）"]
    if view.file is not None:
        at = view.file.at.astimezone(frame.now().tzinfo)
        lines = [f"{stored.organ} {stored.year}年度", source_line(view.file.name, at)]
    figures = report.figures
    for section in report.form.sections:
        lines.append(section.heading)
        if isinstance(section.body, Table):
            lines += (f"  {line}" for line in _table(section.body, figures, report.form))
        else:
            text = stored.answers.text(section.id)
            lines.append("  " + (wording.shorten(text, 60) if text else EMPTY))
    lines += [
        f"{report.form.name_of(remark)}：{wording.shorten(text, 60)}"
        for remark in report.form.remark
        if (text := stored.answers.text(remark))
    ]
    lines += [
        f"{Grade[each['grade']].value}（{each['id']}）{each['message']}" for each in _found(view)
    ]
    return "\n".join(lines) + "\n"


def _table(table: Table, figures: Figures, form: Form) -> list[str]:
    """The rows other than 0, the number of those that are, and the empty ones."""
    told, empty, zeros = [], [], 0
    for line in table.lines:
        values = {cell.id: figures.get(cell.id) for cell in line.printed}
        found = [values[cell.id] for cell in line.cells]
        if any(found) or (None in found and set(found) != {None}):
            told.append(f"{line.short}：{wording.figures_of(line, values)}")
        elif None not in found:
            zeros += 1
        elif not all(cell.id in form.sums for cell in line.cells):
            empty.append(line.short)
    if empty and not told and not zeros:
        return [EMPTY]
    if zeros and not told and not empty:
        return [ALL_ZERO]
    told += [OTHERS_ZERO.format(count=zeros)] if zeros else []
    return told + ([f"{EMPTY}：{'、'.join(empty)}"] if empty else [])
