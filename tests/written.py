"""
Reports to make documents of.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from conversations.document.write.content import DocumentInput
from conversations.form.answers import Answers, Value
from conversations.form.editions.annual_report_2021 import ANNUAL_REPORT_2021
from conversations.form.model import ItemId, Measure

FORM = ANNUAL_REPORT_2021
GOLDEN = Path(__file__).resolve().parent / "golden"


def published(file: Path) -> DocumentInput:
    """
    A report from a JSON file, as printed by `nianbao show --json`.

    Totals are left out, as a document computes them. Rows of the form of 2021 that the report lacks
    are 0.
    """
    values = json.loads(file.read_text(encoding="utf-8"))
    answers: dict[ItemId, Value] = {
        cell.id: (
            Decimal(str(values["cells"].get(cell.id, 0)))
            if cell.measure is Measure.FEE
            else int(values["cells"].get(cell.id, 0))
        )
        for cell in FORM.cells.values()
        if cell.id not in FORM.sums
    }
    answers |= values["narratives"]
    answers["title"] = "\n".join(values["title"])
    answers["introduction"] = values["introduction"] or ""
    if values["signature"]:
        answers["signature"], answers["signature_date"] = values["signature"]
    return DocumentInput(FORM, values["organ"], values["year"], Answers(answers))


def leiming() -> DocumentInput:
    """
    The report that the project began with.
    """
    return published(GOLDEN / "leimingzhen-2023.json")


def with_answers(report: DocumentInput, changes: Mapping[ItemId, Value | None]) -> DocumentInput:
    return replace(report, answers=report.answers.changed(changes))
