import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conversations.document.lines import pieces, width
from conversations.document.write.content import (
    Paragraph,
    clean_text,
    file_name,
    paragraphs,
    text_spots,
    title_lines,
)
from conversations.form.editions.annual_report_2019 import ANNUAL_REPORT_2019
from conversations.form.model import Form
from tests.written import FORM


@pytest.mark.parametrize(
    ("text", "kept", "removed"),
    [
        ("甲，乙。\n丙", "甲，乙。\n丙", []),
        ("甲\r\n乙\r丙\x0b丁\x0c戊\x85己\u2028庚\u2029辛", "甲\n乙\n丙\n丁\n戊\n己\n庚\n辛", []),
        ("甲\t乙", "甲 乙", []),
        ("甲\x00乙\x07丙\x07", "甲乙丙", ["控制字符 U+0000（1 处）", "控制字符 U+0007（2 处）"]),
        (
            "\ufeff甲\u202e乙",
            "甲乙",
            ["不可见的字符 U+202E（1 处）", "不可见的字符 U+FEFF（1 处）"],
        ),
        ("甲\ud83d乙", "甲乙", ["残缺的字符 U+D83D（1 处）"]),
        ("[bookmark: _GoBack]甲", "甲", ["书签标记（1 处）"]),
        ("[bookmark: 甲]", "[bookmark: 甲]", []),
        ("👨‍👩‍👧 𠮷 　㎡", "👨‍👩‍👧 𠮷 　㎡", []),
    ],
)
def test_what_cannot_be_printed_is_taken_out_and_named(text: str, kept: str, removed: list[str]):
    """
    So that the clerk can be told; what can be printed stays as typed.
    """
    assert (kept, removed) == clean_text(text)


@given(st.text())
def test_a_clean_text_stays_as_it_is(text: str):
    """
    Cleaning twice is cleaning once; what is left can be encoded.
    """
    kept, _ = clean_text(text)

    assert (kept, []) == clean_text(kept)
    assert kept == kept.encode().decode()


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["甲。乙。"], [Paragraph("", "甲。乙。")]),
        (["（一）强化认识。全年开会。"], [Paragraph("（一）强化认识。", "全年开会。")]),
        (["(二)强化认识。全年开会。"], [Paragraph("(二)强化认识。", "全年开会。")]),
        (["（一）存在的问题"], [Paragraph("（一）存在的问题", "", keep=True)]),
        (
            ["（三）信息管理情况。", "加强管理。"],
            [Paragraph("（三）信息管理情况。", "", keep=True), Paragraph("", "加强管理。")],
        ),
        (["（一）未收到申请。"], [Paragraph("", "（一）未收到申请。")]),
        (
            ["（一）未收到申请。", "（二）未收费。"],
            [Paragraph("", "（一）未收到申请。"), Paragraph("", "（二）未收费。")],
        ),
        ([f"（一）{'甲' * 40}。乙。"], [Paragraph("", f"（一）{'甲' * 40}。乙。")]),
        ([f"（一）{'甲' * 50}"], [Paragraph("", f"（一）{'甲' * 50}")]),
        *(
            ([line, "甲。"], [Paragraph("", line), Paragraph("", "甲。")])
            for line in (
                "（一）全年主动公开政府信息 1,234 条。",
                "（二）2023年共收到申请12件，已答复。其余无。",
                "（三）全年公开1234条政府信息。",
                "（四）收取信息处理费0元。",
                "（五）办结率100%",
                "（六）阅读1.2万余人次，好评多。",
            )
        ),
        *(
            ([line, "甲。"], [Paragraph(line, "", keep=True), Paragraph("", "甲。")])
            for line in (
                "（一）2023年工作情况。",
                "（二）聚焦12项重点任务。",
                "（三）落实“三审三校”制度",
                "（四）“1+3”制度建设。",
                "（五）加强公共服务，聚焦20项民生实事",
                "（六）推进共享开放12个领域",
            )
        ),
        (
            ["（一）存在的问题：一是人少。二是事多。"],
            [Paragraph("（一）存在的问题：", "一是人少。二是事多。")],
        ),
        (["（二）公开：1,234条。"], [Paragraph("（二）公开：", "1,234条。")]),
        (["（一）主动公开："], [Paragraph("（一）主动公开：", "", keep=True)]),
        (["1.加强学习。全年。"], [Paragraph("", "1.加强学习。全年。")]),
        (["（2024）1号文件。全年。"], [Paragraph("", "（2024）1号文件。全年。")]),
        ([], []),
    ],
)
def test_a_heading_is_told_from_a_sentence(lines: list[str], found: list[Paragraph]):
    """
    「（一）」 begins a heading when it is short and something stands under it.
    """
    assert tuple(found) == paragraphs(lines)


@pytest.mark.parametrize(
    ("text", "ragged"),
    [
        ("见http://www.a.gov.cn/b。", True),
        ("电子邮箱：hzzwgk@126.com）。", True),
        ("2023年1月1日起，电话：0517-87222589。", False),
        ("“互联网+”政务服务APP上线，编号ABC-2023。", False),
        ("全年1,234,567,890.123456件。", False),
        ("手机：13905171234。", False),
        ("账号：6222021234567890123。", True),
    ],
)
def test_a_line_is_not_stretched_beside_a_web_address(text: str, ragged: bool):
    """
    It goes whole to the next line, and leaves the one before it short.
    """
    assert ragged is Paragraph("", text).ragged
    assert ragged is Paragraph(text, "全年。").ragged


@given(st.lists(st.text("（一二）。甲乙，1.", min_size=1), max_size=5))
def test_no_word_is_lost_between_heading_and_text(lines: list[str]):
    """
    Heading and text together are the paragraph.
    """
    assert lines == [p.head + p.text for p in paragraphs(lines)]


@given(st.text("某市县镇乡人民政府办公室2023年度信息公开工作报告", max_size=60), st.text("某县局"))
def test_no_character_of_a_title_is_lost(line: str, organ: str):
    """
    However it is broken.
    """
    assert line == "".join(title_lines([line], organ)) == "".join(pieces(line))


@given(st.lists(st.sampled_from(["某某省", "某某市", "某某县", "某某镇", "人民政府"]), max_size=14))
def test_a_title_of_known_words_fits_the_page(words: list[str]):
    """
    20 characters to the line at 22 pt.
    """
    assert all(40 >= width(line) for line in title_lines(["".join(words)], ""))


@pytest.mark.parametrize(
    ("organ", "draft", "name"),
    [
        ("雷鸣镇人民政府", False, "雷鸣镇人民政府2023年政府信息公开工作年度报告.docx"),
        ("雷鸣镇人民政府", True, "雷鸣镇人民政府2023年政府信息公开工作年度报告（草稿）.docx"),
        ("../某/局:*?\n", False, "某局（0d1ac9）2023年政府信息公开工作年度报告.docx"),
        ("", False, "2023年政府信息公开工作年度报告.docx"),
    ],
)
def test_the_file_is_named_after_organ_and_year(organ: str, draft: bool, name: str):
    """
    As an office would name it.
    """
    assert name == file_name(organ, 2023, draft)


@given(organ=st.text(max_size=300), draft=st.booleans())
@example(organ="镇" * 100, draft=True)
def test_a_file_name_is_safe_and_short(organ: str, draft: bool):
    """
    No folder, no character that some system forbids, at most 200 bytes.
    """
    name = file_name(organ, 2023, draft)

    assert 200 >= len(name.encode())
    assert not set(name) & set('\\/:*?"<>|' + string.whitespace)
    assert all(c.isprintable() or ord(c) > 127 for c in name)
    assert not name.startswith(".")
    assert name.endswith(".docx")


@pytest.mark.parametrize("form", [FORM, ANNUAL_REPORT_2019])
def test_every_row_of_a_table_is_full(form: Form):
    """
    Merged boxes are continued in the rows below, in the other edition too.
    """
    for table in form.tables:
        for row in text_spots(table):
            assert table.width == sum(place.box.columns for place in row)
            assert sorted(place.column for place in row) == [place.column for place in row]
