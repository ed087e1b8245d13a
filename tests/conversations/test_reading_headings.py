"""
Headings and titles as offices write them: whatever the manner, the same report is read.
"""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from conversations.document.read.report import ReadReport
from conversations.document.read.titles import organ_of, taken_apart
from conversations.document.read.understand import read
from conversations.form import ANNUAL_REPORT_2021
from tests.reading_variants import (
    VARIANTS,
    WITH_PDF,
    Model,
    Sample,
    grids,
    model_of,
    sample_of,
    to_docx,
    to_html,
    to_txt,
)

CHINESE = "一二三四五六"
MANNERS: dict[str, Callable[[int, str], str]] = {
    "1、": lambda n, title: f"{n}、{title}",
    "1.": lambda n, title: f"{n}.{title}",
    "1 wide stop": lambda n, title: f"{n}．{title}",
    "（一）": lambda n, title: f"（{CHINESE[n - 1]}）{title}",
    "（1）": lambda n, title: f"（{n}）{title}",
    "第一部分": lambda n, title: f"第{CHINESE[n - 1]}部分 {title}",
    "第一章": lambda n, title: f"第{CHINESE[n - 1]}章　{title}",
    "第1部分": lambda n, title: f"第{n}部分：{title}",
    "一 with a blank": lambda n, title: f"{CHINESE[n - 1]} {title}",
    "Ⅰ.": lambda n, title: f"{'ⅠⅡⅢⅣⅤⅥ'[n - 1]}.{title}",
    "nothing": lambda _, title: title,
    "a colon": lambda n, title: f"{n}.{title}：",
    "in brackets": lambda n, title: f"【{CHINESE[n - 1]}、{title}】",
    "one twice": lambda n, title: f"{CHINESE[max(n - 2, 0)]}、{title}",
    "beyond six": lambda n, title: f"{'二三四五六七'[n - 1]}、{title}",
    "the last without": lambda n, title: f"{n}、{title}" if n < 6 else title,
    "two manners": lambda n, title: f"{n}、{title}" if n % 2 else f"（{CHINESE[n - 1]}）{title}",
}
TitleLines = Callable[[str, int], list[str]]
TITLES: tuple[tuple[TitleLines, str], ...] = (
    (lambda organ, year: [f"{organ}{year}年政府信息", "公开工作年度报告"], "broken in a word"),
    (lambda organ, year: [organ, f"{year}年政府信息公开工作", "年度报", "告"], "broken anywhere"),
    (lambda organ, year: [f"{organ[:3]}", f"{organ[3:]}{year}年政府信息公开年报"], "in the name"),
    (lambda organ, year: [f"{year}年度{organ}", "政府信息公开工作年度报告"], "year in front"),
    (lambda organ, year: [f"{organ}政府信息公开工作{year}年度报告"], "year in between"),
    (lambda organ, year: [f"{organ}", f"政府信息公开工作年度报告（{year}年度）"], "year behind"),
    (lambda organ, year: [f"{organ}政府信息公开工作年度报告", f"（{year}年）"], "year below"),
    (lambda organ, year: [f"{organ}关于{year}年度政府信息公开工作情况的年度报告"], "关于"),
    (lambda organ, year: [f"{organ}关于{year}年度", "政府信息公开工作情况的报告"], "关于, broken"),
    (lambda organ, year: [f"关于印发《{organ}{year}年政府信息公开工作年度报告》的通知"], "notice"),
    (lambda organ, year: [f"【年报】{organ}{year}年政府信息公开工作年度报告"], "label in front"),
    (lambda organ, year: [f"{organ}{year}年政府信息公开工作年度报告（公开版）"], "label behind"),
    (lambda organ, year: [f"附件1：{organ}{year}年政府信息公开工作年度报告"], "attachment"),
    (lambda organ, year: ["附件", f"{organ}{year}年政府信息公开工作年度报告"], "attachment above"),
)


def in_manner(model: Model, manner: Callable[[int, str], str]) -> Model:
    """
    The same with other headings.
    """
    sections = model.sample.form.sections
    named = [manner(n, section.title) for n, section in enumerate(sections, 1)]
    around = {
        named[at]: model.around[heading]
        for at, (heading, _) in enumerate(model.sections)
        if heading in model.around
    }
    bodies = [body for _, body in model.sections]
    return replace(model, sections=list(zip(named, bodies, strict=True)), around=around)


def remarks_of(model: Model) -> dict[str, str]:
    """
    The texts around its tables, as they should be read.
    """
    return {
        ANNUAL_REPORT_2021.remark_at[model.sample.form.sections[at].id, bool(below)]: "\n".join(
            texts
        )
        for at in grids(model)
        for below, texts in enumerate(model.around.get(model.sections[at][0], ()))
        if texts
    }


def reads(data: bytes, sample: Sample) -> ReadReport:
    """
    The report in a file; its figures and texts are those of the sample.
    """
    found = read(data)
    assert isinstance(found, ReadReport)
    assert sample.values == found.values
    assert sample.narratives == found.narratives
    return found


@pytest.mark.long
@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("writer", ["docx", "html", "txt, tabs", "txt, a cell a line, gb18030"])
def test_sections_are_found_whatever_numbers_their_headings_have(writer: str, manner: str):
    """
    The same figures, texts, remarks, organ and year; numbers inside a text open no section.
    """
    rng = random.Random(f"{writer} {manner}")
    sample = sample_of(rng.randint(0, 999), "2021")
    subheads = (
        "（一）主动公开情况。\n本年按时公开。\n（二）依申请公开情况\n1、没有逾期。\n2、没有收费。"
    )
    sample = replace(sample, narratives={**sample.narratives, "overview": subheads})
    model = in_manner(VARIANTS["texts around the tables"](model_of(sample), rng), MANNERS[manner])

    found = reads(WITH_PDF[writer](model), sample)

    assert remarks_of(model) == found.remarks
    assert (sample.organ, sample.year, ()) == (found.organ, found.year, found.missing_sections)
    assert sample.introduction == found.introduction


@pytest.mark.parametrize("manner", ["1.", "（一）", "第一部分", "nothing"])
def test_a_list_of_contents_in_any_manner_is_none_of_the_sections(manner: str):
    """
    With the numbers of pages or without.
    """
    sample = sample_of(5, "2021")
    model = in_manner(model_of(sample), MANNERS[manner])
    for page in ("", "......{n}", "  {n}"):
        listed = [f"{h}{page.format(n=n)}" for n, (h, _) in enumerate(model.sections, 1)]

        found = reads(to_txt(replace(model, title=["目录", *listed, *model.title])), sample)

        assert (sample.organ, sample.year) == (found.organ, found.year)


@pytest.mark.parametrize("manner", ["1.", "第一部分"])
def test_sections_of_a_pdf_are_found(manner: str):
    """
    There a long heading is broken over two lines.
    """
    sample = sample_of(3, "2021")

    found = reads(WITH_PDF["pdf"](in_manner(model_of(sample), MANNERS[manner])), sample)

    assert () == found.missing_sections


@pytest.mark.parametrize(
    "manner", ["1、", "（一）", "第一部分", "nothing", "beyond six", "a colon"]
)
def test_text_on_the_line_of_a_heading_belongs_to_its_section(manner: str):
    """
    Behind a colon, a full stop, a blank or nothing.
    """
    sample = sample_of(5, "2021")
    for between in ("：", "。", "　") + (() if manner == "nothing" else ("",)):
        last = "other_matters"
        texts = {**sample.narratives, last: "本年收取信息处理费0元。"}
        model = in_manner(model_of(replace(sample, narratives=texts)), MANNERS[manner])
        heading, body = model.sections[-1]
        heading = heading.rstrip("：")
        sections = [*model.sections[:-1], (f"{heading}{between}{body[0]}", [])]

        found = reads(to_docx(replace(model, sections=sections)), replace(sample, narratives=texts))

        assert () == found.missing_sections


@pytest.mark.long
@pytest.mark.parametrize(("title", "case"), TITLES)
def test_organ_and_year_of_a_title_are_known_however_it_is_written(title: TitleLines, case: str):
    """
    Broken anywhere, with the year anywhere, in a notice, under a label: printed without these.
    """
    writers: list[Callable[[Model], bytes]] = [to_docx, to_html, to_txt]
    for seed, writer in enumerate(writers):
        sample = replace(sample_of(seed, "2021"), introduction=None, signature=None)
        lines = title(sample.organ, sample.year)

        found = reads(writer(replace(model_of(sample), title=lines, introduction=[])), sample)

        assert (sample.organ, sample.year) == (found.organ, found.year), case
        assert "".join(found.title) in "".join(lines)
        assert not any(mark in "".join(found.title) for mark in "【《：版")


@pytest.mark.parametrize(
    ("label", "writer"),
    [("", to_docx), ("——", to_txt), ("编制单位：", to_txt), ("填报单位：", to_html)],
)
def test_the_organ_may_stand_below_the_title(label: str, writer: Callable[[Model], bytes]):
    """
    As covers have it; on a page only where it is said to be the one that reports.
    """
    sample = replace(sample_of(7, "2021"), introduction=None, signature=None)
    cover = [
        "政府信息公开工作年度报告",
        "（2023年度）",
        f"{label}临河县水务局（盖章）",
        "2024年1月",
    ]
    bare = [*cover[:2], "临河县水务局", "2024年1月"]
    model = replace(model_of(sample), introduction=[])

    assert "临河县水务局" == reads(writer(replace(model, title=cover)), sample).organ
    assert "" == reads(to_txt(replace(model, title=bare)), sample).organ


def test_an_organ_set_apart_from_its_title_by_a_sign_is_known():
    """
    And one in a label above.
    """
    title = "2023年政府信息公开工作年度报告"

    for sign in ("：", "——", "·"):
        assert "临河县水务局" == organ_of([f"临河县水务局{sign}{title}"])
    assert "临河县水务局" == organ_of(["单位名称：临河县水务局", title])


def test_a_text_longer_than_any_title_is_not_looked_through():
    """
    Signs of a label a hundred thousand times take no longer than one look.
    """
    assert taken_apart("(一)[甲]" * 100_000) is None


@pytest.mark.parametrize(
    ("above", "title"),
    [
        (["首页 > 政府信息公开 > 年报"], "2023年政府信息公开工作年度报告"),
        (["发布机构：临河县水务局", "来源：临河县水务局"], "2023年政府信息公开工作年度报告"),
        (["政府信息公开"], "2023年政府信息公开工作年度报告"),
        (["公开年报"], "2023年度政府信息公开工作年度报告"),
        ([], "关于2023年度政府信息公开工作情况的报告"),
        ([], "某某大剧场演出季2023年政府信息公开工作年度报告"),
    ],
)
def test_words_of_titles_and_sites_are_no_organ(above: list[str], title: str):
    """
    Nothing is invented: who imports is asked.
    """
    sample = replace(sample_of(7, "2021"), introduction=None, signature=None)
    model = replace(model_of(sample), title=[*above, title], introduction=[])

    for writer in (to_docx, to_txt):
        assert ("", 2023) == ((found := reads(writer(model), sample)).organ, found.year)


def test_the_head_of_a_site_is_no_organ_where_another_one_signs():
    """
    It may be either; the office that governs the site is not taken for the one that reports.
    """
    sample = sample_of(7, "2021")
    title = ["临河县人民政府", "2023年政府信息公开工作年度报告"]
    model = replace(model_of(sample), title=title, introduction=[])
    signed = replace(model, signature=["临河县水务局", "2024年1月15日"])
    office = replace(model, signature=["临河县人民政府办公室", "2024年1月15日"])

    assert "" == reads(to_txt(signed), replace(sample, title=title)).organ
    assert "临河县人民政府" == reads(to_txt(office), replace(sample, title=title)).organ


def test_brackets_of_a_name_are_as_printed():
    """
    Wide ones stay wide.
    """
    title = "临河县水务局（临河县河长办）2023年政府信息公开工作年度报告"

    assert "临河县水务局（临河县河长办）" == organ_of([title])


@pytest.mark.parametrize(
    "text", ["政府信息公开指南", "2023年法治政府建设年度报告", "现公布2023年度报告。", "2023年", ""]
)
def test_other_lines_are_no_title(text: str):
    """
    Nor is any of another report.
    """
    assert taken_apart(text) is None
