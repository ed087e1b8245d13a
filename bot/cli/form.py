"""`nianbao form`: the printed form of an edition as JSON, with its checks."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from bot.cli import frame
from conversations.checks import checks_table
from conversations.form import FORMS, Form

EXAMPLES = ("nianbao form --json",)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which edition; `--json` prints one line, else it is indented."""
    frame.add_json(parser)
    parser.add_argument(
        "--edition", choices=tuple(FORMS), default=next(iter(FORMS)), help="哪一版表样"
    )


def run(options: argparse.Namespace) -> int:
    """Print it."""
    form = form_as_json(FORMS[options.edition])
    if options.json:
        frame.say_json(form)
    else:
        sys.stdout.write(json.dumps(form, ensure_ascii=False, indent=2) + "\n")
    return frame.FINE


def form_as_json(form: Form) -> dict[str, Any]:
    """The sections, the tables cell by cell, the checks."""
    return {
        "edition": form.edition,
        "sections": [
            {
                "id": section.id,
                "number": section.number,
                "title": section.title,
                "kind": section.kind.value,
            }
            for section in form.sections
        ],
        "tables": [
            {
                "id": table.id,
                "rows": [{"id": row.id, "label": row.label} for row in table.rows],
                "columns": [{"id": column.id, "label": column.label} for column in table.columns],
                "cells": [list(row.cells) for row in table.rows],
            }
            for table in form.tables
        ],
        "checks": [
            {"id": id_, "grade": grade.name, "text": text}
            for id_, grade, text in checks_table(form.edition)
        ],
    }
