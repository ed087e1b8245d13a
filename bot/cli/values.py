"""Figures and findings as the JSON of `show`, `check` and `import` has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from conversations.checks.findings import Finding
from conversations.form import FORMS
from conversations.form.answers import Value, format_number
from conversations.form.model import CellId, Measure

_MEASURES = {cell.id: cell.measure for form in FORMS.values() for cell in form.cells.values()}


def value_as_json(cell: CellId, value: Value) -> int | str:
    """A count as a number, a fee as text without trailing zeros, a text as it is."""
    if isinstance(value, str):
        return value
    if _MEASURES.get(cell) is Measure.FEE or value != int(value):
        return format_number(value)
    return int(value)


def findings_as_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """
    An entry a finding.

    One that only follows from another names its check under `follows`. All that come from
    one slip, the slip itself among them, have the same `cause`.
    """
    findings = list(findings)
    ids = {finding.key: finding.id for finding in findings}
    slips: dict[str, str] = {}
    for finding in findings:  # each stands behind what it follows from
        slips[finding.key] = slips.get(finding.follows or "", finding.key)
    together = Counter(slips.values())
    entries: list[dict[str, Any]] = []
    for finding in findings:
        entry: dict[str, Any] = {
            "id": finding.id,
            "grade": finding.grade.name,
            "cells": list(finding.cells),
            "narrative": finding.narrative,
            "message": finding.message,
        }
        if slips[finding.key] != finding.key:
            entry["follows"] = ids[finding.follows or ""]
        if together[slips[finding.key]] > 1:
            entry["cause"] = slips[finding.key]
        entries.append(entry)
    return entries
