"""
F: the form of a published file, from what the reader saw of it.
"""

from dataclasses import replace

import pytest

from conversations.checks import check_report, checks_table
from conversations.checks.findings import FileEvidence, Grade, LabelDifference, Report
from conversations.document.read.report import ReadReport, as_report
from conversations.document.read.sections import is_draft
from conversations.document.read.understand import read
from conversations.document.write.content import DRAFT_NOTICE
from conversations.document.write.html import as_html
from conversations.document.write.text import as_text
from conversations.form import ANNUAL_REPORT_2019, ANNUAL_REPORT_2021, Form
from tests.checked import found, published, report, said
from tests.written import leiming

FILE_RULES = ("F1", "F2", "F3", "F4", "F5", "F6")
TITLE = "临江镇人民政府\n2023年政府信息公开工作年度报告"
HEADINGS = tuple((s.id, s.heading) for s in ANNUAL_REPORT_2021.sections)
SINGLE_ROW = "requests.outcome.otherwise_handled.all"


def seen(
    evidence: FileEvidence, form: Form = ANNUAL_REPORT_2021, year: int = 2023, title: str = TITLE
) -> Report:
    made = published(report(form=form, year=year, title=title))
    return replace(made, evidence=evidence)


def test_a_file_in_the_official_form_breaks_no_rule():
    """
    The near miss of them all.
    """
    assert () == check_report(seen(FileEvidence(headings=HEADINGS)))


def test_a_conversation_has_no_file():
    """
    Its headings and tables are printed by the form, its title is the organ's own.
    """
    evidence = FileEvidence(missing_tables=("requests",), traces=("x",))
    made = replace(report(title="年报"), evidence=evidence)

    assert [] == found(made, *FILE_RULES)


def test_a_missing_section_must_be_mended():
    """
    F1, with the text it is about where it is one.
    """
    made = seen(FileEvidence(missing_sections=("requests", "other_matters")))

    assert [("F1", Grade.E, None), ("F1", Grade.E, "other_matters")] == said(made, FILE_RULES)


def test_a_heading_of_its_own_is_a_hint():
    """
    F1, H: blanks and punctuation do not count.
    """
    headings = dict(HEADINGS) | {
        "overview": "一、 总体情况：",
        "problems_and_improvements": "五、存在的主要问题及整改措施",
    }

    made = seen(FileEvidence(headings=tuple(headings.items())))

    assert [("F1", Grade.H, "problems_and_improvements")] == said(made, FILE_RULES)


@pytest.mark.parametrize("headings_of", [ANNUAL_REPORT_2019, ANNUAL_REPORT_2021])
def test_headings_over_older_tables_may_be_those_of_either_edition(headings_of: Form):
    """
    F4 tells of the older tables; the headings in force are never a slip.
    """
    headings = tuple((s.id, s.heading) for s in headings_of.sections)

    assert [] == found(seen(FileEvidence(headings=headings), ANNUAL_REPORT_2019), "F1")


def test_sections_out_of_order_are_a_hint():
    """
    F1, H.
    """
    first, second, *rest = HEADINGS

    made = seen(FileEvidence(headings=(second, first, *rest)))

    assert [("F1", Grade.H, "overview")] == said(made, FILE_RULES)


def test_missing_tables_rows_and_columns_are_told_once_a_table():
    """
    F2 names what is missing.
    """
    made = seen(
        FileEvidence(
            missing_tables=("review",),
            missing_rows=("requests.outcome.disclosed", "requests.received"),
            missing_columns=("requests.carried_over.other", "requests.carried_forward.other"),
        )
    )

    findings = found(made, "F2")

    incomplete, absent = (finding.message for finding in findings)
    for name in ("表三", "「予以公开」", "「新收」", "「其他」"):
        assert name in incomplete
    assert "表四" in absent
    assert {Grade.E} == {finding.grade for finding in findings}


def test_a_label_in_other_words_is_a_hint():
    """
    F3 shows both.
    """
    label = LabelDifference("2.其他法律行政止公开", "2.其他法律行政法规禁止公开")

    (finding,) = found(seen(FileEvidence(labels=(label,))), *FILE_RULES)

    assert ("F3", Grade.H) == (finding.id, finding.grade)
    assert label.printed in finding.message
    assert label.official in finding.message


def test_a_row_of_the_older_edition_wants_a_word():
    """
    F4, never F2: something stands in its place.
    """
    (finding,) = found(seen(FileEvidence(other_edition=(SINGLE_ROW,))), *FILE_RULES)

    assert ("F4", Grade.W) == (finding.id, finding.grade)
    assert "其他处理" in finding.message


@pytest.mark.parametrize(("year", "expected"), [(2020, 0), (2021, 1), (2023, 1)])
def test_the_older_edition_was_right_until_2020(year: int, expected: int):
    """
    The whole table two in the older edition.
    """
    title = f"临江镇人民政府{year}年政府信息公开工作年度报告"

    made = seen(FileEvidence(), form=ANNUAL_REPORT_2019, year=year, title=title)

    assert expected == len(found(made, *FILE_RULES))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("临江镇人民政府\n2023年政府信息公开工作年度报告", 0),
        ("临江镇人民政府 2023 年政府信息公开工作年度报告", 0),
        ("2023年度信息公开工作年度报告", 1),
        ("沭河县教育局2023年政府信息公开年度报告", 1),
        ("2023年度政府信息公开工作年度报告", 1),
        ("2023年政府信息公开工作报告", 1),
    ],
)
def test_the_title_has_its_official_wording(title: str, expected: int):
    """
    F5.
    """
    made = seen(FileEvidence(), title=title)

    assert [("F5", Grade.H, "title")] * expected == said(made, FILE_RULES)


def test_traces_of_tools_are_told_together():
    """
    F6: marks, and a second report in the file.
    """
    made = seen(FileEvidence(traces=("[bookmark: _GoBack]", "U+0007"), reports=2))

    (finding,) = found(made, *FILE_RULES)

    assert ("F6", Grade.H) == (finding.id, finding.grade)
    assert "2 份" in finding.message


@pytest.mark.parametrize("above", ["定安县雷鸣镇人民政府文件", DRAFT_NOTICE, "（送审稿）"])
@pytest.mark.parametrize("kind", ["txt", "html"])
def test_a_draft_that_was_published_is_told(kind: str, above: str):
    """
    F6: by what stands over its title; what else may stand there is no mark.
    """
    text = f"{above}\n{as_text(leiming())}"
    if kind == "html":
        text = as_html(leiming()).replace("<h1", f"<p>{above}</p><h1")
    read_in = read(text.encode(), f"published.{kind}")
    assert isinstance(read_in, ReadReport)

    messages = [each.message for each in check_report(as_report(read_in)) if each.id == "F6"]

    assert is_draft(above) == any(above[:2] in message for message in messages)
    assert len(messages) == is_draft(above)


@pytest.mark.parametrize("form", [ANNUAL_REPORT_2021, ANNUAL_REPORT_2019], ids=lambda f: f.edition)
def test_the_rules_for_files_are_listed(form: Form):
    """
    F1 stands once for each of its grades.
    """
    rules = [(rule, grade) for rule, grade, _ in checks_table(form.edition) if rule in FILE_RULES]

    assert [("F1", Grade.E), ("F1", Grade.H)] == rules[:2]
    assert set(FILE_RULES) == {rule for rule, _ in rules}


def test_only_the_first_traces_are_shown():
    """
    A file may be full of them.
    """
    traces = tuple(f"U+{number:04d}" for number in range(9))

    (finding,) = found(seen(FileEvidence(traces=traces)), "F6")

    assert list(traces[:5]) == [trace for trace in traces if trace in finding.message]
