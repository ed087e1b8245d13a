"""
Marks beside a figure in a file: note signs, raised, struck out and hidden text are no digits.
"""

import re
from dataclasses import replace

import pytest

from conversations.document.read.blocks import Left, LeftOut
from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.document.read.words import figure
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.model import Measure
from tests.reading_variants import (
    Model,
    Sample,
    archive,
    model_of,
    sample_of,
    to_docx,
    to_html,
    to_pdf,
    to_txt,
)

LICENSING = next(c.id for c in ANNUAL_REPORT_2021.cells.values() if "licensing" in c.id)
PRINTED = 424242  # stands nowhere else
SUP = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:style w:type="character" w:styleId="Base"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    '</w:style><w:style w:type="character" w:styleId="Mark"><w:basedOn w:val="Base"/></w:style>'
    '<w:style w:type="character" w:styleId="Old"><w:rPr><w:dstrike/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Seen"><w:rPr><w:vanish w:val="0"/>'
    "</w:rPr></w:style></w:styles>"
)


def sample() -> Sample:
    made = sample_of(31, "2021")
    return replace(made, values={**made.values, LICENSING: PRINTED}, blank=set())


def with_figure(text: str) -> Model:
    """
    A report in which the figure is printed so.
    """
    model = model_of(sample())
    for _, body in model.sections:
        for row in body:
            for box in row if isinstance(row, list) else ():
                box.text = text if box.text == str(PRINTED) else box.text
    return model


def read_report(data: bytes) -> ReadReport:
    found = read(data)
    assert isinstance(found, ReadReport)
    return found


def word_file(runs: str) -> bytes:
    """
    A Word file in which these runs stand in the figure's box.
    """
    plain = to_docx(model_of(sample()))
    run = f'<w:r><w:t xml:space="preserve">{PRINTED}</w:t></w:r>'
    xml = document_of(plain)
    assert 1 == xml.count(run)
    return archive(xml.replace(run, runs), styles=STYLES)


def document_of(data: bytes) -> str:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as made:
        return made.read("word/document.xml").decode()


def assert_twelve_or_doubt(found: ReadReport, *, certain: bool | None = None) -> None:
    """
    The figure is 12, in doubt or not; everything else is read as it is printed.
    """
    assert 12 == found.values[LICENSING]
    doubted = {doubt.cell for doubt in found.doubtful}
    assert doubted <= {LICENSING}
    if certain is not None:
        assert certain is (LICENSING not in doubted)
    assert {**sample().values, LICENSING: 12} == found.values


OWN_MARK = '<w:r><w:endnoteReference w:customMarkFollows="1" w:id="2"/><w:t>1</w:t></w:r>'
TWELVE = "<w:r><w:t>12</w:t></w:r>"


def run(text: str, looks: str) -> str:
    return f"<w:r><w:rPr>{looks}</w:rPr><w:t>{text}</w:t></w:r>"


def field(code: str) -> str:
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f"{begin}<w:r><w:instrText>{code}</w:instrText></w:r>{end}"


@pytest.mark.parametrize(
    ("runs", "certain"),
    [
        (f"{TWELVE}<w:r>{SUP}<w:t>1</w:t></w:r>", False),
        (f"<w:r>{SUP}<w:t>[3]</w:t></w:r>{TWELVE}", False),
        (f"{TWELVE}<w:r>{SUP.replace('super', 'sub')}<w:t>2</w:t></w:r>", False),
        (f'{TWELVE}<w:r><w:rPr><w:rStyle w:val="Mark"/></w:rPr><w:t>1</w:t></w:r>', False),
        (
            TWELVE + run("1", '<w:position w:val="6"/><w:sz w:val="12"/>'),
            False,
        ),
        (f"<w:r><w:rPr><w:strike/></w:rPr><w:t>9</w:t></w:r>{TWELVE}", False),
        (f"<w:r><w:rPr><w:dstrike/></w:rPr><w:t>9</w:t></w:r>{TWELVE}", False),
        (f'{TWELVE}<w:r><w:rPr><w:rStyle w:val="Old"/></w:rPr><w:t>9</w:t></w:r>', False),
        (f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r>{TWELVE}", True),
        (f"<w:del><w:r><w:delText>9</w:delText></w:r></w:del>{TWELVE}", True),
        (f"<w:moveFrom><w:r><w:t>9</w:t></w:r></w:moveFrom>{TWELVE}", True),
        (f"{TWELVE}<w:ins><w:r>{SUP}<w:t>1</w:t></w:r></w:ins>", False),
        (f'{TWELVE}<w:r>{SUP}<w:footnoteReference w:id="2"/></w:r>', True),
        (
            TWELVE + OWN_MARK,
            True,
        ),
        (TWELVE + field(" EQ \\s\\up5(1)"), False),
        (TWELVE + field("eq \\o\\ac(○,1)"), False),
        (
            f"<w:ruby><w:rt>{run('1', '')}</w:rt><w:rubyBase>{TWELVE}</w:rubyBase></w:ruby>",
            False,
        ),
        (f"{TWELVE}<w:r><w:t>①</w:t></w:r>", False),
        (TWELVE + run("9", '<w:color w:val="FFFFFF"/>'), True),
        (f"{TWELVE}<w:r><w:t>（注1）</w:t></w:r>", False),
        ('<w:r><w:rPr><w:position w:val="-6"/></w:rPr><w:t>12</w:t></w:r>', True),
    ],
)
def test_in_a_word_file_no_mark_joins_the_figure(runs: str, certain: bool):
    """
    What is deleted, hidden or a footnote's number surely is no digit; the rest is in doubt.
    """
    assert_twelve_or_doubt(read_report(word_file(runs)), certain=certain)


@pytest.mark.parametrize(
    "runs",
    [
        f"<w:r>{SUP}<w:t>12</w:t></w:r>",
        "<w:r><w:rPr><w:strike/></w:rPr><w:t>12</w:t></w:r>",
        f"<w:r><w:t>1</w:t></w:r><w:r>{SUP}<w:t>5</w:t></w:r><w:r><w:t>2</w:t></w:r>",
        "<w:r><w:drawing><pic/></w:drawing></w:r>",
        '<w:r><w:footnoteReference w:id="2"/></w:r>',
    ],
)
def test_what_leaves_no_figure_is_not_read_and_not_taken_for_a_blank(runs: str):
    """
    A blank counts as 0; a box with something in it is no blank.
    """
    found = read_report(word_file(runs))

    assert (LICENSING,) == found.unread
    assert LICENSING not in found.values


PAGE_STYLES = (
    "<style>.xl1 {vertical-align:super} .old, b.x{text-decoration:line-through}"
    "span.off{display:none}</style>"
)


@pytest.mark.parametrize(
    "printed",
    [
        "12<sup>1</sup>",
        "12<sub>1</sub>",
        "<s>9</s>12",
        "<del>9</del><ins>12</ins>",
        "<strike><b>9</b></strike>12",
        '12<span style="vertical-align: super; font-size:60%">1</span>',
        '12<span style="font-size:5pt;vertical-align:3.0pt">1</span>',
        '12<span style="position:relative;top:-5.0pt;mso-text-raise:5.0pt">1</span>',
        '<span style="text-decoration:line-through">9</span>12',
        '<span style="text-decoration-line: underline line-through">9</span>12',
        '<span style="display:none">9</span>12',
        '<span style="font-size:0">9</span>12',
        '12<span style="mso-hide:all;display:none">9</span>',
        '12<font class="xl1">1</font>',
        '<span class="old">9</span>12',
        '12<span class="off">9</span>',
        '12<a href="#_ftn1"><span>[1]</span></a>',
        '12<a href="#n1">1</a>',
        "<ruby>12<rp>(</rp><rt>1</rt><rp>)</rp></ruby>",
        "12<sup>①</sup>",
        "12&sup1;",
        "12<sup>注1</sup>",
        "12<small>1</small>",
        '12<span style="color:#FFFFFF">1</span>',
        '<font color="white">9</font>12',
        '12<span style="position:absolute;left:-9999px">1</span>',
        "12<img src='note.png' width=12 height=12>",
    ],
)
def test_in_a_web_page_no_mark_joins_the_figure(printed: str):
    """
    The same by elements, by styles and by classes.
    """
    page = to_html(model_of(sample())).decode()
    assert 1 == page.count(f">{PRINTED}<")
    page = page.replace(f">{PRINTED}<", f">{printed}<").replace("</head>", PAGE_STYLES + "</head>")

    assert_twelve_or_doubt(read_report(page.encode()))


@pytest.mark.long
@pytest.mark.parametrize("printed", ["12¹", "12²³", "¹12", "9\u033612"])
def test_in_a_pdf_no_mark_joins_the_figure(printed: str):
    """
    A small digit above the line, and a stroke through one.
    """
    assert_twelve_or_doubt(read_report(to_pdf(with_figure(printed))), certain=False)


SIGNS = [
    "12¹",
    "12②",
    "12[1]",
    "12［1］",
    "12〔1〕",
    "12【1】",
    "12(注1)",
    "12（注）",
    "12（见注2）",
    "12*",
    "12＊",
    "12※",
    "12注",
    "12注1",
    "12注①",
    "12#",
    "12❶",
    "12⑴",
    "12㈠",
    "12₁",
    "12★",
    "12†",
    "①12",
    "*12",
    "[1]12",
    "¹12",
    "12¹件",
    "12①件",
    "12件①",
    "12(1)",
    "12（一）",
    "12〔注3〕",
    "12ᵃ",
    "12**",
    "12¹⁾",
]


@pytest.mark.parametrize("sign", [*SIGNS, "12 ①", "12 [1]", "12\n¹", "9\u033612"])
def test_a_note_sign_in_any_spelling_is_no_digit(sign: str):
    """
    The figure is what is left, and in doubt.
    """
    found = figure(sign, Measure.COUNT)

    assert found is not None
    assert 12 == found.value
    assert "" != found.doubt


@pytest.mark.parametrize(
    "text", ["①", "¹²", "*", "[1]", "（1）", "1²3", "1①2", "(注)", "1\u03362\u0336"]
)
def test_a_sign_alone_or_between_digits_leaves_no_figure(text: str):
    assert figure(text, Measure.COUNT) is None


@pytest.mark.parametrize("style", ["tabs", "strokes"])
@pytest.mark.parametrize("sign", ["12¹", "12①", "12[1]", "12 [1]", "12*", "12（注1）", "12 注"])
def test_in_plain_text_no_mark_joins_the_figure(style: str, sign: str):
    assert_twelve_or_doubt(read_report(to_txt(with_figure(sign), style)), certain=False)


def test_a_note_sign_at_a_label_does_not_hide_its_row():
    """
    «行政许可①» is the row it is without the sign, and no other wording.
    """
    page = to_html(model_of(sample())).decode().replace(">行政许可<", ">行政许可<sup>①</sup><")

    found = read_report(page.encode())

    assert PRINTED == found.values[LICENSING]
    assert () == found.label_differences


def test_a_picture_of_a_pdf_is_counted_where_it_stands():
    """
    Its section says so; the text goes on below it.
    """
    made = sample()
    five = "problems_and_improvements"
    texts = {**made.narratives, five: f"公开不够及时。\n▣\n{made.narratives[five]}"}

    found = read_report(to_pdf(model_of(replace(made, narratives=texts))))

    assert (LeftOut(five, Left.PICTURE, 1),) == found.left_out
    assert f"公开不够及时。\n{made.narratives[five]}" == found.narratives[five]


@pytest.mark.long
@pytest.mark.parametrize("angle", [90, 180, 270])
def test_turned_pages_of_a_pdf_are_read(angle: int):
    """
    However the page is turned for looking at it, its text runs one way.
    """
    made = sample()
    data = to_pdf(model_of(made)).replace(b"/MediaBox", b"/Rotate %d/MediaBox" % angle)

    assert made.values == read_report(renumbered(data)).values


def renumbered(data: bytes) -> bytes:
    """
    A PDF whose table of objects is put right after a change.
    """
    places = [match.start() for match in re.finditer(rb"(?m)^\d+ 0 obj", data)]
    start = data.index(b"xref\n0 ")
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, start)
    return data[:start] + head + rows + tail


def test_a_torn_row_whose_heads_may_stand_askew_is_left_unread():
    """
    Two boxes run together at its end, a blank at its beginning: each figure may belong to the
    column on its right, and no sum can tell.
    """
    names = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    heads = "".join(f"<td>{text}</td>" for text in ["", "", *names, ""])
    label = "一、本年新收政府信息公开申请数量"
    boxes = ["", "", "625", "599", "509", "602", "526", "486 3347"]
    row = "".join(f"<td>{text}</td>" for text in [label, *boxes, ""])
    page = (
        "<h1>青山镇人民政府2023年政府信息公开工作年度报告</h1><h2>一、总体情况</h2><p>按时公开。</p>"
        "<h2>三、收到和处理政府信息公开申请情况</h2>"
        f"<table><tr>{heads}</tr><tr>{row}</tr></table>"
        "<h2>五、存在的主要问题及改进情况</h2><p>不够及时，将改进。</p>"
    )

    found = read(f"<html><body>{page}</body></html>".encode())

    assert isinstance(found, ReadReport)
    assert not [cell for cell in found.values if cell.startswith("requests.received.")]
