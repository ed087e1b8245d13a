"""
The words of a file for one section: as they are printed, and what is not taken is counted.
"""

import io
from dataclasses import replace

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from conversations.document.read.blocks import Left, LeftOut, Unreadable
from conversations.document.read.docx_numbering import said
from conversations.document.read.report import ReadReport
from conversations.document.read.sent_text import (
    SectionText,
    holds_sections,
    own_heading,
    running_text,
    section_texts,
)
from conversations.document.read.understand import read
from tests.reading_variants import PIXEL, archive, model_of, sample_of, to_docx, to_pdf

FIVE = "problems_and_improvements"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: "docx.document.Document") -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def lines_of(body: str, numbering: str = "", styles: str = "") -> list[str]:
    parts = {"numbering": numbering, "styles": styles}
    data = archive(
        f"<w:document {W}><w:body>{body}</w:body></w:document>",
        **{name: f"<w:{name} {W}>{xml}</w:{name}>" for name, xml in parts.items() if xml},
    )
    return running_text(data).text.split("\n")


def paragraph(text: str, *, number: str = "", level: int = 0, looks: str = "") -> str:
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    properties = f"<w:pPr>{numbered}</w:pPr>" if number else ""
    return f"<w:p>{properties}<w:r><w:rPr>{looks}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def level(index: int, kind: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


LISTS = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "chineseCounting", "（%1）")
    + level(1, "decimal", "%2.")
    + level(2, "decimal", "%1.%2.%3", "<w:isLgl/>")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    + level(0, "bullet", "\uf0b7")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="1"/></w:num>'
)


SAID = (
    "（一）主动公开。本机关依法主动公开政府信息，接受社会监督。",
    "（二）依申请公开。依法办理政府信息公开申请。",
    "没有句号的一行",
    "（三）监督保障。开展工作考核。",
)
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in SAID)
MENU = "<ul><li>首页</li><li>政务公开</li></ul>"
FOOT = "<p>主办：沂河县人民政府</p><p>地址：人民路1号。邮编：276000。</p>"


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body>{PARAGRAPHS}</body></html>",
        f"<html><body>{MENU}<h1>总体情况</h1>{PARAGRAPHS}{FOOT}</body></html>",
        f"<div>{MENU}</div><div><p>发布日期：今天</p><div>{PARAGRAPHS}</div></div><div>{FOOT}</div>",
        f"<html><table><tr><td>{MENU}</td><td>{PARAGRAPHS}</td></tr></table></html>",
    ],
    ids=["bare", "flat", "divided", "laid out by a table"],
)
def test_a_page_gives_its_paragraphs_and_nothing_of_the_site_around_them(page: str):
    assert list(SAID) == running_text(page.encode(), "一.html").text.split("\n")


def test_what_stands_around_the_sentences_of_a_page_is_counted():
    """
    It may be the site's or the text's: a last point without a stop is lost, and that is said.
    """
    lines = "".join(f"<p>{line}</p>" for line in ("工作总结", *SAID, "（四）其他：无", "附：无"))

    around = running_text(f"<html><body>{lines}</body></html>".encode(), "一.html").left
    assert [(Left.AROUND, 3)] == [(left.what, left.count) for left in around]
    whole = running_text(f"<html><body>{PARAGRAPHS}</body></html>".encode(), "一.html")
    assert () == whole.left
    table = "<table><tr><td>年份<td>件<tr><td>2025<td>3</table>"
    rows = f"<html><body>{PARAGRAPHS}{table}</body></html>"
    (left,) = running_text(rows.encode(), "一.html").left
    assert (Left.AROUND, 2) == (left.what, left.count)


def test_a_page_without_a_sentence_has_no_text():
    """
    Its menu is none.
    """
    page = f"<html><body>{MENU}<p>登录</p></body></html>"

    assert "" == running_text(page.encode(), "一.htm").text


def test_a_pdf_gives_its_paragraphs():
    """
    Their lines joined, page numbers left out.
    """
    model = replace(
        model_of(sample_of(1, "2021")), sections=[("一、总体情况", [*SAID[:2], SAID[0] * 4])]
    )
    model = replace(model, title=[], introduction=[], signature=[])

    text = running_text(to_pdf(model), "一.pdf").text

    assert ["一、总体情况", *SAID[:2], SAID[0] * 4] == text.split("\n")


def test_the_numbers_of_a_list_are_kept_as_they_are_printed():
    """
    （一） and 1. stand on paper and nowhere in the file's text.
    """
    body = "".join(
        (
            paragraph("主动公开", number="1"),
            paragraph("网站", number="1", level=1),
            paragraph("微信", number="1", level=1),
            paragraph("细目", number="1", level=2),
            paragraph("依申请公开", number="1"),
            paragraph("又一", number="1", level=1),
            paragraph("同一列表接着数", number="3"),
            paragraph("从头数起", number="2"),
            paragraph("点", number="4"),
            paragraph("不在列表里", number="0"),
        )
    )

    assert [
        "（一）主动公开",
        "1.网站",
        "2.微信",
        "1.2.1细目",
        "（二）依申请公开",
        "1.又一",
        "（三）同一列表接着数",
        "（一）从头数起",
        "•点",
        "不在列表里",
    ] == lines_of(body, LISTS)


def test_a_style_may_bring_the_number():
    """
    Word's own «List Number» and styles built on it; a number of 0 takes it away.
    """
    styles = (
        '<w:style w:type="paragraph" w:styleId="List"><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Mine"><w:basedOn w:val="List"/>'
        "</w:style>"
    )
    styled = '<w:p><w:pPr><w:pStyle w:val="Mine"/>{}</w:pPr><w:r><w:t>甲</w:t></w:r></w:p>'
    body = styled.format("") * 2 + styled.format('<w:numPr><w:numId w:val="0"/></w:numPr>')

    assert ["（一）甲", "（二）甲", "甲"] == lines_of(body, LISTS, styles)

    document = docx.Document()
    for word in ("一是", "二是"):
        document.add_paragraph(word, style="List Number")
    assert "1.一是\n2.二是" == running_text(saved(document)).text


@pytest.mark.parametrize(
    ("kind", "number", "printed"),
    [
        ("chineseCountingThousand", 12, "十二"),
        ("chineseCounting", 103, "一百零三"),
        ("ideographDigital", 10, "一〇"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 2, "乙"),
        ("decimalEnclosedCircle", 3, "③"),
        ("decimalZero", 3, "03"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 27, "aa"),
        ("decimalFullWidth", 12, "１２"),
        ("unheard of", 5, "5"),
    ],
)
def test_a_number_is_printed_in_its_format(kind: str, number: int, printed: str):
    assert printed == said(number, kind)


def test_a_text_box_stands_once_and_what_is_hidden_or_deleted_not_at_all():
    """
    Word keeps a text box twice, for new and for old programs.
    """
    box = "<w:txbxContent>" + paragraph("框里的话。") + "</w:txbxContent>"
    twice = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    deleted = "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>"
    joined = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>"
    body = (
        f"<w:p><w:r><w:t>正文。</w:t></w:r><w:r>{twice}</w:r></w:p>"
        + paragraph("看不见", looks="<w:vanish/>")
        + f"<w:p>{deleted}<w:ins><w:r><w:t>增</w:t></w:r></w:ins></w:p>"
        + joined
        + paragraph("后半")
    )

    assert ["正文。", "框里的话。", "增", "前半后半"] == lines_of(body)


def test_rows_of_a_table_are_lines_and_what_is_not_taken_is_counted():
    """
    A table, a picture, a footnote and a struck out word.
    """
    document = docx.Document()
    document.add_paragraph("图一如下：")
    document.add_picture(io.BytesIO(PIXEL))
    table = document.add_table(2, 3)
    for index, word in enumerate(["年份", "主动公开", "申请", "2024", "12", "3"]):
        table.cell(index // 3, index % 3).text = word
    last = document.add_paragraph("完。")
    note = f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>'
    last._p.append(parse_xml(note))
    last.add_run("旧").font.strike = True

    found = running_text(saved(document))

    assert ["图一如下：", "年份　主动公开　申请", "2024　12　3", "完。"] == found.text.split("\n")
    assert {Left.PICTURE: 1, Left.FOOTNOTE: 1, Left.STRUCK: 1, Left.TABLE: 1} == {
        left.what: left.count for left in found.left
    }


def test_a_report_says_what_it_left_out_of_which_section():
    """
    The same picture and table within a whole report.
    """
    whole = docx.Document(io.BytesIO(to_docx(model_of(sample_of(19, "2021")))))
    heading = next(p for p in whole.paragraphs if p.text.startswith("五、"))
    heading._p.addnext(whole.add_table(1, 2)._tbl)
    whole.tables[-1].cell(0, 0).text = "甲栏"
    whole.tables[-1].cell(0, 1).text = "乙栏"
    picture = whole.add_paragraph()
    picture.add_run().add_picture(io.BytesIO(PIXEL))
    heading._p.addnext(picture._p)

    found = read(saved(whole))

    assert isinstance(found, ReadReport)
    section = "problems_and_improvements"
    assert (LeftOut(section, Left.PICTURE, 1), LeftOut(section, Left.TABLE, 1)) == found.left_out
    assert "甲栏　乙栏" == found.narratives[section].split("\n")[0]


def test_what_is_no_text_has_no_words():
    with pytest.raises(Unreadable):
        running_text(b"\x00\x01\x02\xff" * 20, "picture.txt")


# ------------------------------------------------------------------ headings in a text


def test_a_text_is_taken_apart_at_the_headings_of_sections():
    """
    Whatever stands before the first has no section; small headings part nothing.
    """
    text = (
        "某镇报告\n一、总体情况\n（一）主动公开\n公开了。\n五、存在的主要问题及改进情况\n一是不足。\n"
        "六、其他需要报告的事项：无。"
    )

    assert (
        SectionText("", "", "某镇报告"),
        SectionText("overview", "一、总体情况", "（一）主动公开\n公开了。"),
        SectionText("problems_and_improvements", "五、存在的主要问题及改进情况", "一是不足。"),
        SectionText("other_matters", "六、其他需要报告的事项", "无。"),
    ) == section_texts(text)
    assert holds_sections(text)


def test_a_list_of_contents_is_no_text():
    text = "目录\n一、总体情况\n五、存在的主要问题及改进情况\n六、其他需要报告的事项\n"
    body = "一、总体情况\n公开了。\n六、其他需要报告的事项\n无。"

    assert (
        SectionText("", "", "目录\n某镇报告"),
        SectionText("overview", "一、总体情况", "公开了。"),
        SectionText("other_matters", "六、其他需要报告的事项", "无。"),
    ) == section_texts(f"{text}某镇报告\n{body}")


@pytest.mark.parametrize(
    "text",
    [
        "一、存在的问题\n不足。\n二、改进情况\n改进了。",
        "（一）主动公开情况\n公开了。\n（二）依申请公开情况\n没有。",
        "一是强化组织领导。\n二是加强培训。",
        "一、总体情况",
    ],
)
def test_a_text_with_headings_of_its_own_has_no_sections(text: str):
    assert not holds_sections(text)


@pytest.mark.parametrize(
    "heading", ["一、总体情况", "总体情况", "第一部分 总体情况", "一、  总体情况 "]
)
def test_the_heading_over_a_sections_own_text_is_known(heading: str):
    printed, rest = own_heading(f"\n{heading}\n本年度公开了。", "overview")

    assert heading.strip() == printed
    assert "本年度公开了。" == rest


def test_the_heading_of_another_section_is_not_its_own():
    assert ("", "六、其他\n无。") == own_heading("六、其他\n无。", "overview")


@pytest.mark.parametrize(
    ("one", "five"),
    [
        ("总体情况", "存在的主要问题及改进情况"),
        ("## 一、总体情况", "## 五、存在的主要问题及改进情况"),
        ("**一、总体情况**", "**五、存在问题及改进措施**"),
        ("第一部分 总体情况", "第五部分 存在的主要问题及改进情况"),
        ("　　一、总体情况：", "　　五、存在的主要问题及改进情况："),
    ],
)
def test_headings_are_known_however_they_are_written(one: str, five: str):
    parts = section_texts(f"{one}\n公开了。\n（一）主动公开情况\n甲。\n{five}\n不足。")

    assert [("overview", "公开了。\n（一）主动公开情况\n甲。"), (FIVE, "不足。")] == [
        (part.section, part.text) for part in parts
    ]


def test_a_line_that_names_a_table_within_a_text_is_no_heading():
    """
    «主动公开情况» without a number is a small heading of section one.
    """
    assert not holds_sections("公开了。\n主动公开情况\n甲。\n依申请公开情况\n乙。")


@pytest.mark.long
@pytest.mark.parametrize("tail", ["", "甲 乙"])
@pytest.mark.parametrize("mark", ["#\n", "#", "*", " ", "　\n", "一 ", "一\n", "_。", "第"])
def test_a_text_of_nothing_but_marks_is_looked_at_once(mark: str, tail: str):
    """
    Not once for each of them: this would not end.
    """
    assert not holds_sections(f"{'正' * 40}\n{mark * 200_000}{tail}{'正' * 40}")


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "1.总体情况",
            "1、总体情况",
            "（一）总体情况",
            "第1部分 总体情况",
            "Ⅰ、总体情况",
            "①总体情况",
        ),
        *(
            "【一、总体情况】",
            "《一、总体情况》",
            "- 一、总体情况",
            "📌 一、总体情况",
            "“一、总体情况”",
        ),
        *(
            "一、总体\n情况",
            "一、\n总体情况",
            "一、总体情况\t\t1",
            "一丶总体情况",
            "总体情况如下：",
        ),
    ],
)
def test_a_heading_is_known_in_whatever_spelling_it_comes(heading: str):
    """
    Of the text under it nothing is taken off.
    """
    text = "本年度公开了。\n（一）主动公开。甲。\n1.乙。"

    printed, rest = own_heading(f"{heading}\n{text}", "overview")
    assert (True, text) == (bool(printed), rest)


@pytest.mark.parametrize(
    "numbers", ["1. 5. 6.", "（一） （五） （六）", "① ② ③", "一、 二、 三、", "● ● ●"]
)
def test_sections_are_told_apart_under_numbers_of_any_kind(numbers: str):
    """
    Also where the problems and the other matters are named in free words.
    """
    one, five, six = numbers.split()
    text = (
        f"{one}总体情况\n公开了。\n{five}存在问题和改进措施\n不足。\n{six}其他需要报告的事项\n无。"
    )
    if numbers[0] in "（●":
        text = text.replace("存在问题和改进措施", "存在的主要问题及改进情况")

    assert [
        ("overview", "公开了。"),
        ("problems_and_improvements", "不足。"),
        ("other_matters", "无。"),
    ] == [(part.section, part.text) for part in section_texts(text)]


@pytest.mark.parametrize(
    "text",
    [
        "（一）总体情况\n公开了。\n（二）主动公开情况\n甲。",
        "1.总体情况\n公开了。\n2.依申请公开\n甲。",
        "五、存在的问题：公开不够全面。改进措施：加强培训。",
    ],
    ids=["brackets", "digits", "a sentence"],
)
def test_an_item_of_a_list_is_no_heading(text: str):
    """
    It belongs to the text, with its number.
    """
    assert [("", text)] == [(part.section, part.text) for part in section_texts(text)]
    assert ("", text) == own_heading(text, "overview")
    assert ("", text) == own_heading(text, "problems_and_improvements")


@pytest.mark.parametrize(
    "text",
    [
        "一是认识不足。\n二是人手不够",
        "前言\n（一）主动公开。公开信息12条。",
        "公开信息12条。\n（三）监督保障\n【请填写】",
        "没有句号的一行",
    ],
)
def test_every_line_of_a_text_file_is_its_text(text: str):
    """
    There is no site around it: nothing is left off at its ends without a word.
    """
    assert text == running_text(text.encode(), "正文.txt").text


@pytest.mark.parametrize("mark", [" ", "\u3000", "*", "…", "（"])
def test_a_line_of_nothing_but_marks_costs_no_square_of_its_length(mark: str):
    """
    In the store's own transaction: what takes minutes there keeps everybody waiting.
    """
    text = f"无{mark * 100_000}无"

    assert ("", text) == own_heading(text, FIVE)
