"""Figures and findings as JSON, for `show`, `check` and `import`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conversations.checks.findings import Finding
from conversations.checks.questions import questions
from conversations.form import FORM_IN_FORCE, FORMS
from conversations.form.answers import Answers, Value, format_number
from conversations.form.local_notice import LocalNotice
from conversations.form.model import CellId, ItemId, Measure

_MEASURES = {cell.id: cell.measure for form in FORMS.values() for cell in form.cells.values()}


def value_as_json(cell: CellId, value: Value) -> int | str:
    """A count as a number, a fee as text without trailing zeros, a text as it is."""
    if isinstance(value, str):
        return value
    if _MEASURES.get(cell) is Measure.FEE or value != int(value):
        return format_number(value)
    return int(value)


def notice_as_json(notice: LocalNotice, answers: Answers | None = None) -> dict[str, Any]:
    """What a task asks for beyond the form, with `answers` if given; None for nothing."""
    return {
        "questions": [
            {"name": question.name, "unit": question.unit}
            | ({} if answers is None else {"value": answers.number(question.cell)})
            for question in notice.questions
        ],
        "lengths": dict(notice.lengths),
        "headings": {section: list(texts) for section, texts in notice.headings},
    }


def findings_as_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """
    One entry per finding.

    A finding that only follows from another names its check under `follows`. All findings of one
    slip have the same `cause`.
    """
    findings = list(findings)
    ids = {finding.key: finding.id for finding in findings}
    causes = {
        part.key: question.cause.key
        for question in questions(findings)
        for part in question.parts
        if len(question.parts) > 1
    }
    entries: list[dict[str, Any]] = []
    for finding in findings:
        entry: dict[str, Any] = {
            "id": finding.id,
            "grade": finding.grade.name,
            "cells": list(finding.cells),
            "narrative": finding.narrative,
            "message": finding.message,
        }
        if finding.follows in ids:
            entry["follows"] = ids[finding.follows]
        if finding.key in causes:
            entry["cause"] = causes[finding.key]
        entries.append(entry)
    return entries


def remarks_as_json(texts: Mapping[ItemId, Value]) -> dict[str, Any]:
    """
    The texts around the tables, by section: `above` or `below` the table.

    For the last section, `below` is under the signature.
    """
    told: dict[str, list[str]] = {}
    places: dict[str, dict[str, str]] = {}
    for remark in FORM_IN_FORCE.remarks:
        text = texts.get(remark.id)
        if isinstance(text, str) and text:
            told.setdefault(remark.section, []).append(text)
            places.setdefault(remark.section, {})["below" if remark.below else "above"] = text
    remarks = {section: "\n".join(parts) for section, parts in told.items()}
    return {"remarks": remarks, "remark_places": places}
