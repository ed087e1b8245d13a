import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.checks import check_report
from conversations.checks.findings import Grade, Report
from conversations.document.write.content import GAP, DocumentInput, UnfinishedError
from conversations.document.write.docx import Prepared, pack, render, standard, unpack
from conversations.document.write.prepare import prepare
from conversations.document.write.template import build_template
from conversations.form import FILLED_IN, Form
from conversations.form.answers import Answers, Value
from conversations.form.model import Measure, Table
from tests.docx_structure import (
    W,
    body,
    document_text,
    grids,
    paragraphs,
    parts,
    printed,
    properties,
    structure_faults,
    style_of,
    text_of,
)
from tests.extremes import EXTREMES
from tests.written import FORM, GOLDEN, leiming, published, with_answers

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "conversations" / "document" / "write" / "templates"

PUBLISHED = ("hongze-2023", "shuyang-development-2023")


def without_blanks(text: str) -> str:
    return "".join(text.split())


def test_the_example_comes_out_as_it_was_published():
    """
    Character by character, apart from blanks and the mark that a program left in the text.
    """
    expected = (ROOT / "bot" / "examples" / "leimingzhen-2023.txt").read_text(encoding="utf-8")
    expected = expected.replace("[bookmark: _GoBack]", "")

    found = document_text(render(standard("2021"), leiming()))

    assert without_blanks(expected) == without_blanks(found)
    assert 1986 == len(without_blanks(found))


def test_the_tables_have_the_printed_shape():
    """
    Every box with its text and its spans; the golden file was compared with the notice.
    """
    found = grids(render(standard("2021"), leiming()))

    assert (GOLDEN / "tables_2021.txt").read_text(encoding="utf-8") == drawn(found)


def drawn(tables: list[list[list[tuple[str, int, int]]]]) -> str:
    """
    The tables as text, a box as `text [columns × rows]`.
    """
    lines = []
    for number, table in enumerate(tables, 1):
        lines.append(f"table {number}")
        lines += [
            f"{r}: "
            + " | ".join(
                text + (f" [{columns}×{rows}]" if (columns, rows) != (1, 1) else "")
                for text, columns, rows in row
            )
            for r, row in enumerate(table)
        ]
        lines.append("")
    return "\n".join(lines)


@pytest.mark.parametrize(("table", "rows", "columns"), [(0, 14, 4), (1, 28, 10), (2, 4, 15)])
def test_the_tables_have_the_rows_and_columns_of_the_notice(table: int, rows: int, columns: int):
    """
    Said once more from the notice itself, so that a wrong golden file is seen.
    """
    found = grids(render(standard("2021"), leiming()))[table]

    assert rows == len(found)
    assert rows * columns == sum(wide * high for row in found for _, wide, high in row)


def test_the_results_are_grouped_as_in_the_notice():
    """
    22 rows of results, in groups of 8, 3, 5 and 3.
    """
    table = grids(render(standard("2021"), leiming()))[1]
    heights = {text: rows for row in table for text, _, rows in row}

    assert 22 == heights["三、本年度办理结果"]
    assert [8, 3, 5, 3] == [
        heights[group]
        for group in ("（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理")
    ]


def different_figures() -> dict[str, Value]:
    """
    A figure of its own for every cell that is typed.
    """
    return {
        cell.id: Decimal(n) / 4 if cell.measure is Measure.FEE else n
        for n, cell in zip(
            count(1001), (c for c in FORM.cells.values() if c.id not in FORM.sums), strict=False
        )
    }


def test_every_figure_stands_in_its_own_box():
    """
    With 166 different figures no two boxes can be swapped unseen; totals are computed.
    """
    report = with_answers(leiming(), different_figures())
    figures = report.figures

    tables = grids(render(standard("2021"), report))

    for table, found in zip(FORM.tables, tables, strict=True):
        for expected, row in zip(table.grid, found, strict=True):
            for box, (text, columns, rows) in zip(expected, row, strict=True):
                assert (box.columns, box.rows) == (columns, rows)
                if box.cell:
                    value = figures.get(box.cell)
                    assert Decimal(str(value)) == Decimal(text)


def test_the_same_answers_give_the_same_bytes():
    """
    Whatever order they were given in, and however the template was made ready.
    """
    report = leiming()
    turned = Answers(dict(reversed(list(report.answers.items()))))
    mended = prepare((TEMPLATES / "annual_report_2021.docx").read_bytes(), FORM)

    first = render(standard("2021"), report)

    assert first == render(standard("2021"), DocumentInput(FORM, report.organ, report.year, turned))
    assert first == render(unpack(pack(standard("2021"))), report)
    assert first == render(mended, report)


def test_another_answer_gives_other_bytes():
    """
    Else the test above would prove nothing.
    """
    report = leiming()
    changed = with_answers(report, {"proactive_disclosure.licensing.decisions": 296})

    assert render(standard("2021"), report) != render(standard("2021"), changed)


def test_the_file_tells_nothing_of_when_and_where_it_was_made():
    """
    The parts are sorted, the list of types first, every date the same.
    """
    with zipfile.ZipFile(io.BytesIO(render(standard("2021"), leiming()))) as file:
        entries = file.infolist()

    names = [entry.filename for entry in entries]
    assert ["[Content_Types].xml", *sorted(names[1:])] == names
    assert {(1980, 1, 1, 0, 0, 0)} == {entry.date_time for entry in entries}
    assert {(0, 0x20)} == {(entry.create_system, entry.external_attr) for entry in entries}


@pytest.mark.parametrize("form", FILLED_IN, ids=lambda form: form.edition)
def test_the_template_and_the_prepared_one_are_those_of_the_script(form: Form):
    """
    After a change of a form or the template: `python docs/make_template.py`.
    """
    built = build_template(form)
    committed = (TEMPLATES / f"annual_report_{form.edition}.docx").read_bytes()

    assert parts(built) == parts(committed)
    prepared = prepare(committed, form)
    kept = unpack((TEMPLATES / f"annual_report_{form.edition}.prepared").read_bytes())
    assert dict(prepared.sources) == dict(kept.sources)
    assert parts(prepared.static) == parts(kept.static)


@pytest.mark.parametrize("draft", [False, True])
def test_a_report_is_sound_as_a_file(draft: bool):
    """
    What the validator of the standard does not see.
    """
    assert [] == structure_faults(render(standard("2021"), leiming(), draft=draft))


@pytest.mark.parametrize("name", PUBLISHED)
def test_other_offices_reports_are_sound_too(examples: Path, name: str):
    """
    With a signature, an introduction, figures above 0.
    """
    assert [] == structure_faults(render(standard("2021"), published(examples / f"{name}.json")))


@pytest.mark.parametrize("name", EXTREMES)
def test_the_extremes_are_legal_and_sound_as_files(name: str):
    """
    Nothing in them would keep a clerk from the final document.
    """
    report = EXTREMES[name]
    seen = Report(report.form, report.organ, report.year, report.answers)

    assert not [finding for finding in check_report(seen) if finding.grade is Grade.E]
    assert [] == structure_faults(render(standard("2021"), report))


def with_part(document: bytes, name: str, change: Callable[[str], str]) -> bytes:
    found = parts(document)
    found[name] = change(found[name].decode()).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for part, data in found.items():
            file.writestr(part, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "before", "after", "fault"),
    [
        ("document", '<w:gridSpan w:val="7"/>', '<w:gridSpan w:val="8"/>', "has 11 columns"),
        ("document", '<w:vMerge w:val="restart"/>', "", "continues nothing"),
        ("document", r"<w:p>(?:(?!</w:p>).)*</w:p></w:tc>", "</w:tc>", "no paragraph"),
        ("document", '<w:pStyle w:val="Heading1"/>', '<w:pStyle w:val="H1"/>', "H1 is not there"),
        ("document", "<w:cantSplit/>", "", "may be split"),
        ("document", "<w:t>295</w:t>", "<w:t>None</w:t>", "holds 'None'"),
        ("document", "<w:t>295</w:t>", "<w:t>{{f107}}</w:t>", "holds '{{f107}}'"),
        ("document", "<w:sectPr>", '<w:bookmarkStart w:id="0"/><w:sectPr>', "bookmarkStart"),
        ("styles", "w:eastAsia=", "w:asciiTheme=", "a face of the theme"),
        ("styles", 'w:eastAsia="黑体"', "", "not given for every script"),
    ],
)
def test_the_check_of_the_structure_sees_a_fault(part: str, before: str, after: str, fault: str):
    """
    A check that finds nothing is worth something only if it can find something.
    """
    broken = with_part(
        render(standard("2021"), leiming()),
        f"word/{part}.xml",
        lambda xml: re.sub(before, after, xml, count=1, flags=re.DOTALL),
    )

    assert any(fault in found for found in structure_faults(broken))


@pytest.mark.parametrize("draft", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_the_validator_of_the_standard_finds_nothing(
    require_tool: Callable[[str], Path], tmp_path: Path, draft: bool
):
    """
    Microsoft's own, around the Open XML SDK; with a signature, an introduction, long figures.
    """
    report = with_answers(
        leiming(),
        {
            "introduction": "根据《条例》，现公布本报告。",
            "signature": "雷鸣镇人民政府",
            "signature_date": "2024年1月15日",
            "requests.received.natural_person": 123456789,
            "proactive_disclosure.licensing.decisions": None if draft else 295,
        },
    )
    file = tmp_path / "report.docx"
    file.write_bytes(render(standard("2021"), report, draft=draft))

    done = subprocess.run(
        [require_tool("ooxml-validator"), file], capture_output=True, text=True, check=False
    )

    assert '"ok": true' in done.stdout, done.stdout
    template = subprocess.run(
        [require_tool("ooxml-validator"), TEMPLATES / "annual_report_2021.docx"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert '"ok": true' in template.stdout, template.stdout


def test_a_heading_of_the_second_level_runs_in_or_stands_alone():
    """
    As in the example: section one has them in the paragraph, section five alone.
    """
    document = body(render(standard("2021"), leiming()))
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

    run_in = [
        text_of(run)
        for paragraph in document.findall(f"{w}p")
        for run in paragraph.findall(f"{w}r")
        if run.find(f"{w}rPr/{w}rStyle") is not None
    ]
    alone = [text_of(p) for p in document.findall(f"{w}p") if style_of(p) == "Heading2"]

    assert [
        "（一）强化思想认识，加强组织保障。",
        "（二）规范信息发布，提高信息质量。",
        "（三）狠抓落实，确保工作取得实在成效。",
    ] == run_in
    assert ["（一）工作中存在的问题", "（二）整改措施"] == alone


def test_both_kinds_of_heading_look_alike_and_one_is_in_the_outline():
    """
    The same face; a list of contents finds the one that runs in by the linked style.
    """
    styles = ElementTree.fromstring(parts(render(standard("2021"), leiming()))["word/styles.xml"])
    found = {style.get(f"{W}styleId"): style for style in styles.findall(f"{W}style")}

    def told(style: str, path: str) -> str | None:
        element = found[style].find(path)
        return None if element is None else element.get(f"{W}val")

    assert ("heading 2", "1") == (
        told("Heading2", f"{W}name"),
        told("Heading2", f"{W}pPr/{W}outlineLvl"),
    )
    assert ("LevelTwo", "Heading2") == (
        told("Heading2", f"{W}link"),
        told("LevelTwo", f"{W}link"),
    )
    faces = [found[style].find(f"{W}rPr/{W}rFonts") for style in ("Heading2", "LevelTwo")]
    assert faces[0] is not None
    assert faces[1] is not None
    assert faces[0].attrib == faces[1].attrib


@pytest.mark.parametrize(
    ("table", "heads", "first_row", "first_column"),
    [(0, 0, "0", "1"), (1, 3, "1", "1"), (2, 3, "1", "0")],
)
def test_a_reader_of_screens_is_told_of_each_table(
    table: int, heads: int, first_row: str, first_column: str
):
    """
    Its name, what it is like, the rows repeated over a page, where its labels stand.
    """
    found = list(body(render(standard("2021"), leiming())).iter(f"{W}tbl"))[table]

    def told(name: str) -> dict[str, str]:
        element = found.find(f"{W}tblPr/{W}{name}")
        assert element is not None
        return {key.removeprefix(W): value for key, value in element.items()}

    headings = [section.heading for section in FORM.sections if isinstance(section.body, Table)]
    assert headings[table] == told("tblCaption")["val"]
    assert (
        f"{len(FORM.tables[table].grid)}行{FORM.tables[table].width}列"
        in (told("tblDescription")["val"])
    )
    look = told("tblLook")
    assert (first_row, first_column) == (look["firstRow"], look["firstColumn"])
    repeated = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in found.findall(f"{W}tr")]
    assert [True] * heads == repeated[:heads]
    assert not any(repeated[heads:])


def test_the_file_is_chinese_and_names_its_faces():
    """
    For who has it read aloud, and for who has not the official faces. Digits are not: else
    LibreOffice breaks a number over two lines.
    """
    found = parts(render(standard("2021"), leiming()))
    language = ElementTree.fromstring(found["word/styles.xml"]).find(f".//{W}lang")
    assert language is not None
    assert ("en-US", "zh-CN") == (language.get(f"{W}val"), language.get(f"{W}eastAsia"))

    fonts = ElementTree.fromstring(found["word/fontTable.xml"])
    names = {font.get(f"{W}name"): font.find(f"{W}altName") for font in fonts}
    used = {
        face
        for part in ("word/styles.xml", "word/document.xml")
        for faces in ElementTree.fromstring(found[part]).iter(f"{W}rFonts")
        for name, face in faces.items()
        if name != f"{W}hint"
    }
    assert used == names.keys()
    for name, other in names.items():
        assert other is not None
        assert name not in other.get(f"{W}val", "").split(",")


def test_the_parts_of_a_report_have_their_styles():
    """
    Title, an empty line, six headings in the list of contents of Word, running text.
    """
    found = paragraphs(render(standard("2021"), leiming()))

    assert [("Title", "雷鸣镇人民政府"), ("Title", "2023年度信息公开工作年度报告")] == found[:2]
    assert ("BodyText", "") == found[2]
    assert [section.heading for section in FORM.sections] == [
        text for style, text in found if style == "Heading1"
    ]
    assert {"Title", "BodyText", "Heading1", "Heading2"} == {style for style, _ in found}


def test_introduction_and_signature_stand_where_they_belong():
    """
    The introduction before section one, the signature after an empty line at the end.
    """
    report = with_answers(
        leiming(),
        {
            "introduction": "引言一。\n\n引言二。",
            "signature": "雷鸣镇人民政府",
            "signature_date": "2024年1月15日",
        },
    )

    found = paragraphs(render(standard("2021"), report))

    assert [("BodyText", ""), ("BodyText", "引言一。"), ("BodyText", "引言二。")] == found[2:5]
    assert [
        ("BodyText", "无。"),
        ("BodyText", ""),
        ("Signature", "雷鸣镇人民政府"),
        ("Date", "2024年1月15日"),
    ] == found[-4:]


@pytest.mark.parametrize("blank", ["", " \n　\n", None])
def test_no_introduction_and_no_signature_leave_nothing_behind(blank: str | None):
    """
    A blank text is none.
    """
    changed = dict.fromkeys(("introduction", "signature", "signature_date"), blank)

    assert printed(render(standard("2021"), leiming())) == printed(
        render(standard("2021"), with_answers(leiming(), changed))
    )


@pytest.mark.parametrize(
    ("organ", "date", "organ_indent", "date_indent"),
    [
        # 11 characters of 315, the date 7 digits of 155, 3 characters, 5 gaps of 72
        ("沭阳县发展和改革委员会", "2024年1月17日", 630, 11 * 315 - (7 * 155 + 3 * 315 + 5 * 72)),
        # a date longer than the organ pushes it to the left
        ("某局", "2024年1月17日", 1260 + (7 * 155 + 3 * 315 + 5 * 72) - 630, 630),
        ("某镇人民政府", "", 630, None),
        ("", "2024年1月17日", None, 630),
    ],
)
def test_the_date_begins_two_characters_after_the_organ(
    organ: str, date: str, organ_indent: int | None, date_indent: int | None
):
    """
    GB/T 9704-2012, 7.3.5.2, in twips from the right edge.
    """
    report = with_answers(leiming(), {"signature": organ, "signature_date": date})
    xml = parts(render(standard("2021"), report))["word/document.xml"].decode()

    found = dict(re.findall(r'<w:pStyle w:val="(Signature|Date)"/><w:ind w:right="(\d+)"/>', xml))

    expected = {"Signature": organ_indent, "Date": date_indent}
    assert {style: str(at) for style, at in expected.items() if at is not None} == found


def test_the_properties_are_the_organs_and_the_signatures():
    """
    No person, no machine: author, title, language and dates are those of the report.
    """
    report = with_answers(leiming(), {"signature_date": "2024年1月15日"})

    assert {
        "title": "雷鸣镇人民政府2023年度信息公开工作年度报告",
        "creator": "雷鸣镇人民政府",
        "lastModifiedBy": "雷鸣镇人民政府",
        "revision": "1",
        "created": "2024-01-15T00:00:00Z",
        "modified": "2024-01-15T00:00:00Z",
        "identifier": report.fingerprint,
        "language": "zh-CN",
    } == properties(render(standard("2021"), report))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024年1月15日", "2024-01-15"),
        ("２０２４年１月１５日", "2024-01-15"),
        ("2024 年 1 月 15 日", "2024-01-15"),
        ("二〇二四年一月二十五日", "2024-01-25"),
        ("二〇二四年十月十日", "2024-10-10"),
        ("2024.1.15", "2024-01-15"),
        ("2024年2月30日", "2024-01-31"),
        ("年初", "2024-01-31"),
        ("", "2024-01-31"),
    ],
)
def test_without_a_date_that_can_be_read_it_is_31_january(written: str, day: str):
    """
    The day by which a report is due (条例 第四十九条).
    """
    report = with_answers(leiming(), {"signature_date": written})

    assert f"{day}T00:00:00Z" == properties(render(standard("2021"), report))["created"]


def test_a_missing_title_is_the_official_one():
    """
    Broken after the organ.
    """
    found = paragraphs(render(standard("2021"), with_answers(leiming(), {"title": None})))

    assert ["雷鸣镇人民政府", "2023年政府信息公开工作年度报告"] == [
        text for style, text in found if style == "Title"
    ]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "沭阳县发展和改革局2023年政府信息公开年度报告",
            ["沭阳县发展和改革局", "2023年政府信息公开年度报告"],
        ),
        (
            "某某自治区某某自治州某某自治县某某街道办事处\n2023年政府信息公开工作年度报告",
            ["某某自治区某某自治州", "某某自治县某某街道办事处", "2023年政府信息公开工作年度报告"],
        ),
    ],
)
def test_a_title_too_long_for_a_line_is_broken_by_sense(title: str, lines: list[str]):
    """
    GB/T 9704-2012, 7.3.1: words stay whole.
    """
    report = with_answers(leiming(), {"title": title})
    report = DocumentInput(FORM, "沭阳县发展和改革局", 2023, report.answers)

    found = paragraphs(render(standard("2021"), report))

    assert lines == [text for style, text in found if style == "Title"]


HOSTILE = [
    "{{7*7}}",
    "{{ f107 }}",
    "{% for x in y %}",
    "{_{ 1 }_}",
    "{# 甲 #}",
    "{%p if draft %}",
    "</w:t></w:r></w:p>",
    "A&B <c> 甲",
    "&lt;b&gt; &amp; &#38;",
    "]]> <!-- 甲 -->",
    r"\a \n \f \t",
    "“引号”‘单引号’…—",
    "😀👨‍👩‍👧 𠮷 堃喆䶮",
    "None nan",
]


@pytest.mark.long
@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("item", ["overview", "title", "introduction", "signature"])
def test_what_is_typed_stands_there_as_typed(text: str, item: str):
    """
    Nothing a clerk writes is markup or a command.
    """
    document = render(standard("2021"), with_answers(leiming(), {item: text}))

    assert text in document_text(document).split("\n")
    assert [] == structure_faults(document)


def test_what_no_file_can_hold_is_left_out():
    """
    Control characters, halves of characters; every kind of line break is one.
    """
    text = "甲\x00\x07乙\ud800\ufffe\ufeff丙\u202e丁\r\n戊\x0b己\x0c庚\u2028辛\t壬"

    document = render(standard("2021"), with_answers(leiming(), {"overview": text}))

    assert "甲乙丙丁\n戊\n己\n庚\n辛 壬\n" in document_text(document)
    assert [] == structure_faults(document)


def test_the_organs_name_may_be_anything():
    """
    It stands in the properties too.
    """
    report = DocumentInput(
        FORM, 'A&B <c>"\x07\n局', 2023, leiming().answers.changed({"title": None})
    )

    document = render(standard("2021"), report)

    assert 'A&B <c>" 局' == properties(document)["creator"]
    assert [] == structure_faults(document)


@pytest.mark.long
@settings(max_examples=40)
@given(text=st.text(max_size=300), item=st.sampled_from(["overview", "title", "signature"]))
def test_any_text_gives_a_sound_file(text: str, item: str):
    """
    Whatever Unicode holds. (A blank narrative would be a gap: it gets a word.)
    """
    document = render(standard("2021"), with_answers(leiming(), {item: f"甲{text}"}))

    assert [] == structure_faults(document)
    printable = [c for c in text if c.isprintable() and not c.isspace()]
    found = without_blanks(document_text(document))
    assert "".join(printable) in "".join(c for c in found if c.isprintable())


COUNTS = st.integers(0, 999_999_999)
FEES = st.decimals(0, 99_999_999, places=6, allow_nan=False)


@pytest.mark.long
@settings(max_examples=25)
@given(data=st.data())
def test_any_figures_stand_in_their_boxes(data: st.DataObject):
    """
    Up to nine digits, totals up to eleven, fees with six places: as in the answers.
    """
    cells = data.draw(
        st.lists(st.sampled_from(list(FORM.asked.values())), max_size=12, unique=True)
    )
    changes: dict[str, Value] = {}
    for cell in cells:
        fee = cell.measure is Measure.FEE
        changes[cell.id] = data.draw(FEES) if fee else data.draw(COUNTS)
    report = with_answers(leiming(), changes)
    expected = {cell: report.figures.get(cell) for cell in FORM.cells}

    document = render(standard("2021"), report)

    assert [] == structure_faults(document)
    found = [
        text
        for table, rows in zip(FORM.tables, grids(document), strict=True)
        for boxes, row in zip(table.grid, rows, strict=True)
        for box, (text, _, _) in zip(boxes, row, strict=True)
        if box.cell
    ]
    assert list(expected.values()) == [Decimal(text) for text in found]
    assert not any("E" in text or text.endswith(".") for text in found)


@pytest.mark.parametrize(
    ("fee", "text"),
    [
        ("0", "0"),
        ("0.00", "0"),
        ("7730.280", "7730.28"),
        ("1E+3", "1000"),
        ("0.000001", "0.000001"),
    ],
)
def test_a_fee_is_printed_in_plain_digits(fee: str, text: str):
    """
    Without zeros at its end, never with an exponent. In 万元.
    """
    report = with_answers(
        leiming(), {"proactive_disclosure.administrative_fees.amount": Decimal(fee)}
    )

    assert ("行政事业性收费", text) == tuple(
        box[0] for box in grids(render(standard("2021"), report))[0][-1]
    )


def test_a_typed_total_never_replaces_the_computed_one():
    """
    It is compared, elsewhere; the document adds up.
    """
    report = with_answers(leiming(), {"requests.received.total": 99})

    assert printed(render(standard("2021"), leiming())) == printed(render(standard("2021"), report))


@pytest.mark.parametrize(
    "item",
    [
        "overview",
        "other_matters",
        "proactive_disclosure.licensing.decisions",
        "requests.carried_forward.other",
    ],
)
def test_a_final_document_waits_for_every_answer(item: str):
    """
    The refusal names what is open; a total over an open figure is open too.
    """
    with pytest.raises(UnfinishedError) as refusal:
        render(standard("2021"), with_answers(leiming(), {item: None}))

    assert item in refusal.value.items
    assert isinstance(refusal.value, ValueError)


def test_a_blank_narrative_is_a_gap():
    """
    Blanks and control characters say nothing.
    """
    with pytest.raises(UnfinishedError) as refusal:
        render(standard("2021"), with_answers(leiming(), {"overview": " \n\x07\t"}))

    assert ("overview",) == refusal.value.items


def test_a_draft_marks_itself_and_its_gaps():
    """
    On every page, odd and even, under the title, and where something is open.
    """
    report = with_answers(
        leiming(), {"overview": None, "proactive_disclosure.licensing.decisions": None}
    )

    document = render(standard("2021"), report, draft=True)

    assert ("DraftLine", "（草稿）") in paragraphs(document)
    found = parts(document)
    assert all("草稿" in found[f"word/header{n}.xml"].decode() for n in (1, 2))
    assert ("BodyText", GAP) in paragraphs(document)
    assert ("行政许可", GAP) == tuple(box[0] for box in grids(document)[0][6])
    assert 2 == document_text(document).count(GAP)
    assert [] == structure_faults(document)


def test_an_empty_draft_shows_every_gap():
    """
    200 figures and three narratives.
    """
    document = render(standard("2021"), DocumentInput(FORM, "某局", 2023, Answers()), draft=True)

    assert 203 == document_text(document).count(GAP)
    assert [] == structure_faults(document)


def test_a_final_document_bears_no_mark_of_a_draft():
    """
    Neither in its text nor in its headers.
    """
    document = render(standard("2021"), leiming())

    assert "草" not in document_text(document)
    found = parts(document)
    assert all("草" not in found[f"word/header{n}.xml"].decode() for n in (1, 2))


def test_a_long_figure_is_made_to_fit_its_box():
    """
    In the narrow tables six digits and more are set smaller; five are not.
    """
    report = with_answers(
        leiming(),
        {
            "requests.received.natural_person": 123456789,
            "requests.received.other": 12345,
            "proactive_disclosure.licensing.decisions": 123456789,
        },
    )

    xml = parts(render(standard("2021"), report))["word/document.xml"].decode()

    assert 1 == len(
        re.findall(r'<w:r><w:rPr><w:w w:val="80"/><w:sz w:val="14"/>.{,40}<w:t>123456789<', xml)
    )
    assert "<w:r><w:t>12345</w:t></w:r>" in xml
    assert "<w:r><w:t>123456789</w:t></w:r>" in xml


def test_filling_in_the_ready_template_needs_jinja2_alone():
    """
    Neither docxtpl nor lxml is loaded for a report: they cost time and memory.
    """
    program = (
        "import sys\n"
        "from conversations.document.write.docx import render, standard\n"
        "from tests.written import leiming\n"
        "render(standard('2021'), leiming())\n"
        "print(sorted({'lxml', 'docx', 'docxtpl', 'pdfplumber'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "[]" == done.stdout.strip()


def test_a_prepared_template_can_be_kept_as_bytes():
    """
    Packing and unpacking give the same again.
    """
    kept: Prepared = unpack(pack(standard("2021")))

    assert pack(standard("2021")) == pack(kept)
    assert (standard("2021").final, standard("2021").draft) == (kept.final, kept.draft)
