"""
Write the schema of a report as JSON from the forms: docs/schema/nianbao-report-1.schema.json.

For developers, after a change of a form or of `nianbao show --json`: `python docs/make_schema.py`.
A test says when it is due. The form of the JSON is added to, never changed otherwise.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conversations.answers.figure import MAX_COUNT, MAX_DECIMALS
from conversations.answers.short import FIRST_YEAR, LAST_YEAR
from conversations.checks.findings import Grade
from conversations.county.handing_out import meanings
from conversations.county.status import BOT, FILE
from conversations.document.read.own_json import CHOICES, FORMAT
from conversations.form import FILLED_IN, FORMS
from conversations.form.model import Cell, Form, Measure
from conversations.sign_off.states import ReportState

TARGET = Path(__file__).resolve().parent / "schema" / "nianbao-report-1.schema.json"

DESCRIPTION = (
    "nianbao export --format json 输出的一份年报；"
    f"nianbao import 原样读回 {'、'.join(form.edition for form in FILLED_IN)} 年版表样的。"
    "给 nianbao import 读的，写 format、edition、organ、year、cells 就够："
    "cells 里可以不写合计；金额是带引号的文字；有文字的再写 narratives、wording、remark_places。"
)
Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
FINDING = {"id": TEXT, "cells": {"type": "array", "items": TEXT}, "message": TEXT}


def schema() -> Schema:
    """The whole of it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "title": "政府信息公开工作年度报告",
        "description": DESCRIPTION,
        **shape(properties(), optional=("imported",)),
        "allOf": [of_edition(form) for form in FORMS.values()],
        "$defs": {
            "count": WHOLE | {"maximum": MAX_COUNT, "description": "件"},
            "total": WHOLE | {"description": "合计，件"},
            "change": {"type": "integer", "description": "增减，件"},
            "fee": {
                "type": "string",
                "pattern": rf"^(0|[1-9][0-9]*)(\.[0-9]{{1,{MAX_DECIMALS}}})?$",
                "description": "万元",
            },
            "finding": shape(
                {
                    **FINDING,
                    "grade": {"enum": [grade.name for grade in Grade]},
                    "narrative": {"type": ["string", "null"]},
                    "follows": TEXT,
                    "cause": TEXT,
                },
                optional=("follows", "cause"),
            ),
        },
    }


def properties() -> Schema:
    """What stands in a report, by its name."""
    editions = tuple(reversed(FORMS.values()))  # what a newer one calls a section counts
    choices = {item: {"enum": list(words)} for item, words in CHOICES.items()}
    return {
        "format": {"const": FORMAT},
        "organ": TEXT | {"description": "机关全称"},
        "year": {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
        "edition": {"enum": list(FORMS)},
        "level": choices["level"],
        "status": said("填报中、已定稿、定稿后又有改动", enum=["open", "final", "changed"]),
        "state": said("送审的情况", enum=[state.value for state in ReportState]),
        "source": said("在机器人里填的，或收到的文件", enum=[BOT, FILE]),
        "imported": said("是否从公布的文件读入", type="boolean"),
        "file": {"anyOf": [{"type": "null"}, shape({"name": TEXT, "at": TEXT})]},
        "fingerprint": said("指纹", type="string", pattern="^[0-9A-F]{4}-[0-9A-F]{4}$"),
        "title": said("标题的各行，没有写的为空", type="array", items=TEXT),
        "introduction": {"type": ["string", "null"]},
        "table_breaks": said("表格跨页", enum=[None, *CHOICES["table_breaks"]]),
        "signature": said(
            "落款和日期",
            anyOf=[
                {"type": "null"},
                {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2},
            ],
        ),
        "wording": said(
            "标题、引言、落款、日期等，和填报的一样；上面几项由此而来",
            **some({item: choices.get(item, TEXT) for form in editions for item in form.wording}),
        ),
        "cells": said("表格里的数字，合计已算出；没有填的不在其中", type="object"),
        "claims": said("与相加不一致、照填报人所写的合计", type="object"),
        "narratives": some(
            {
                text.id: TEXT | {"title": form.section[text.id].title}
                for form in editions
                for text in form.narratives
            }
        ),
        "remarks": {"type": "object", "additionalProperties": TEXT},
        "remark_places": {
            "type": "object",
            "description": "表格前后的文字；第六节的在落款后",
            "additionalProperties": some({"above": TEXT, "below": TEXT}),
        },
        "explanations": {
            "type": "array",
            "items": shape(
                {
                    "check": TEXT,
                    "cells": FINDING["cells"],
                    **dict.fromkeys(("text", "by", "at"), TEXT),
                }
            ),
        },
        "findings": {"type": "array", "items": {"$ref": "#/$defs/finding"}},
        "notice": shape(
            {
                "questions": {
                    "type": "array",
                    "items": shape(
                        {
                            "name": TEXT,
                            "unit": TEXT,
                            "value": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/count"}]},
                        }
                    ),
                },
                "lengths": {"type": "object", "additionalProperties": WHOLE},
                "headings": {"type": "object", "additionalProperties": FINDING["cells"]},
            }
        ),
    }


def of_edition(form: Form) -> Schema:
    """Which figures there are in a report of this form."""
    figures = {
        each.cell.id: {"$ref": f"#/$defs/{kind(form, each.cell)}", "title": each.name}
        for each in meanings(form)
        if each.cell.measure is not Measure.AS_PRINTED
    }
    claims = {cell: figure for cell, figure in figures.items() if cell in form.sums}
    return {
        "if": {"properties": {"edition": {"const": form.edition}}},
        "then": {"properties": {"cells": some(figures), "claims": some(claims)}},
    }


def kind(form: Form, cell: Cell) -> str:
    """Which of the definitions a figure is."""
    if cell.measure is Measure.FEE:
        return "fee"
    if cell.measure is Measure.SIGNED:
        return "change"
    return "total" if cell.id in form.sums else "count"


def shape(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    """An object with just these, all of which it has but for the optional ones."""
    return some(properties) | {"required": [key for key in properties if key not in optional]}


def some(properties: Schema) -> Schema:
    """An object with some of these and no others."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def said(description: str, **more: object) -> Schema:
    """With what it is, in Chinese."""
    return {"description": description, **more}


def text() -> str:
    """As the file has it."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text(), encoding="utf-8")
    print(TARGET.name)


if __name__ == "__main__":
    main()
