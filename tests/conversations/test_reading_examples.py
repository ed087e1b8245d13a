"""
The published reports, read to the last cell.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from conversations.checks.findings import Report
from conversations.document.read.report import ReadReport, as_report
from conversations.document.read.understand import read
from conversations.form import FORMS

GOLDEN = Path(__file__).resolve().parent.parent / "golden"

FILES = (
    "leimingzhen-2023.txt",
    "shuyang-development-2023.txt",
    "shuyang-development-2023.html",
    "hongze-2023.pdf",
)


def without_blanks(text: str | None) -> str:
    """
    What a PDF says: where it has a gap, it has no blank.
    """
    return "".join((text or "").split())


def read_example(examples: Path, name: str) -> tuple[ReadReport, dict[str, Any]]:
    found = read((examples / name).read_bytes())
    assert isinstance(found, ReadReport)
    truth = json.loads((examples / name).with_suffix(".json").read_text(encoding="utf-8"))
    return found, truth


@pytest.mark.parametrize("name", FILES)
def test_every_figure_of_a_published_report_is_read(examples: Path, name: str):
    """
    None is missing, none is in doubt, none is more than there is.
    """
    found, truth = read_example(examples, name)

    expected = {
        cell: Decimal(value) if isinstance(value, str) else value
        for cell, value in truth["cells"].items()
    }

    assert expected == found.values
    assert ((), ()) == (found.unread, found.doubtful)
    assert set(truth["blank"]) == found.blank


@pytest.mark.parametrize("name", FILES)
def test_every_text_of_a_published_report_is_read(examples: Path, name: str):
    """
    Title, introduction, narratives and signature, and nothing of the site around them.
    """
    found, truth = read_example(examples, name)
    same = without_blanks if name.endswith(".pdf") else str

    assert without_blanks("".join(truth["title"])) == without_blanks("".join(found.title))
    assert same(truth["introduction"]) == same(found.introduction)
    assert {item: same(text) for item, text in truth["narratives"].items()} == {
        item: same(text) for item, text in found.narratives.items()
    }
    assert truth["signature"] == (list(found.signature) if found.signature else None)
    assert (truth["organ"], truth["year"], truth["edition"]) == (
        found.organ,
        found.year,
        found.edition,
    )


@pytest.mark.parametrize("name", FILES[:3])
def test_paragraphs_of_a_published_report_stay_apart(examples: Path, name: str):
    """
    A narrative keeps its paragraphs, each on a line.
    """
    found, truth = read_example(examples, name)

    assert truth["narratives"] == found.narratives


def test_what_is_odd_about_a_published_report_is_kept_for_the_checks(examples: Path):
    """
    The county's hybrid table, its garbled label; the bureau's heading; the township's mark.
    """
    county, _ = read_example(examples, "hongze-2023.pdf")
    bureau, _ = read_example(examples, "shuyang-development-2023.html")
    township, _ = read_example(examples, "leimingzhen-2023.txt")

    assert ("requests.outcome.otherwise_handled.all",) == county.old_rows
    assert [("2.其他法律行政止公开", "2.其他法律行政法规禁止公开")] == [
        (one.printed, one.official) for one in county.label_differences
    ]
    assert [("规范性文件", "行政规范性文件")] == [
        (one.printed, one.official) for one in bureau.label_differences
    ]
    official = {section.heading for section in FORMS[bureau.edition].sections}
    assert ["五、存在的主要问题及整改措施"] == [
        printed for _, printed in bureau.headings if printed not in official
    ]
    assert ("[bookmark: _GoBack]",) == township.traces
    for found in (county, bureau, township):
        assert () == (*found.missing_sections, *found.missing_tables, *found.missing_rows)


def test_a_report_read_is_a_report_the_checks_can_read(examples: Path):
    """
    Printed totals are claimed, blanks and what else was seen come along.
    """
    found, truth = read_example(examples, "hongze-2023.pdf")

    report = as_report(found)

    assert isinstance(report, Report)
    assert (0, 11) == (
        report.figures.claimed("review.reconsideration.total"),
        report.figures.computed("review.reconsideration.total"),
    )
    assert report.evidence
    assert ("requests.outcome.otherwise_handled.all",) == report.evidence.other_edition
    assert truth["title"] == (report.answers.text("title") or "").split("\n")
