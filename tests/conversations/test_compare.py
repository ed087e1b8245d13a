"""
Published is approved: every cell, heading and text is compared, and nothing is equal by default.
"""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conversations.document.read.blocks import Left, LeftOut
from conversations.document.read.readings import Doubt
from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.document.write.content import DocumentInput
from conversations.document.write.html import as_html, as_page
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.model import SectionKind
from conversations.sign_off.compare import compare
from conversations.sign_off.comparison import HEADINGS, LABELS, Comparison, Result, heading_of
from conversations.wording import comparing as wording
from tests.conversations.test_round_trip import WRITERS, Drawn, reports
from tests.written import leiming, published, with_answers

OURS = leiming()
FIRST, FIFTH, LAST = (text.id for text in FORM.narratives)
FIGURES = [box.cell for table in FORM.tables for row in table.grid for box in row if box.cell]


def as_read(report: DocumentInput, kind: str = "html") -> ReadReport:
    """
    What our reader makes of a report that was published in a kind of file.
    """
    return of_page(WRITERS[kind](report).decode() if kind != "docx" else WRITERS[kind](report))


def of_page(page: str | bytes) -> ReadReport:
    found = read(page.encode() if isinstance(page, str) else page, year=OURS.year)
    assert isinstance(found, ReadReport)
    return found


def page() -> str:
    return WRITERS["html"](OURS).decode()


def on_page(change: Callable[[str], str]) -> Comparison:
    """
    Our page, changed after it was approved.
    """
    before = page()
    after = change(before)
    assert before != after
    return compare(OURS, of_page(after))


def items(comparison: Comparison) -> list[str]:
    return [difference.item for difference in comparison.texts]


def box_changed(text: str, at: int, figure: str) -> str:
    """
    One printed figure in place of another.
    """
    boxes = list(re.finditer(r"(<td [^>]*>)([\d.]+)(</td>)", text))
    assert len(FIGURES) == len(boxes)
    box = boxes[at]
    return f"{text[: box.start()]}{box[1]}{figure}{box[3]}{text[box.end() :]}"


# ------------------------------------------------------------------ equal


@pytest.mark.long
@pytest.mark.parametrize("kind", list(WRITERS))
@given(report=reports())
@settings(
    max_examples=10,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)
def test_what_we_export_is_what_was_approved(kind: str, report: Drawn):
    """
    For any legal report, through each format.
    """
    found = read(WRITERS[kind](report), f"x.{kind}", year=report.year)
    assert isinstance(found, ReadReport)

    assert Comparison(Result.EQUAL) == compare(report, found)


SITE = (
    "<html><head><title>{title}-某某市人民政府</title></head><body><div>网站首页</div>"
    "<div>您现在的位置：首页 &gt; 政务公开 &gt; 年报</div><h1>{title}</h1>"
    "<div>发布时间：2024-01-20 09:30　来源：办公室　浏览次数：123　字体：[大 中 小]　打印</div>"
    "<div id=content>{page}</div><div>分享到：微信 微博</div><p>上一篇：2022年年报</p>"
    "<div>主办单位：某某镇 联系电话：0898-12345678</div><div>琼ICP备12345号-1</div></body></html>"
)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: SITE.format(title="".join(OURS.title), page=text),
        lambda text: text.replace("。", "。<br>\n　　"),
        lambda text: text.replace("，", "，\n"),
        lambda text: text.replace("</p>", "</p><p>&nbsp;</p>"),
        lambda text: re.sub(r">(\d+)</td>", r"> \1&nbsp;</td>", text),
        lambda text: re.sub(r' [a-z-]+="[^"]*"', "", text),
        lambda text: re.sub("(<table.*?>)\n<caption.*?>(.*?)</caption>", r"<p>\2</p>\1", text),
        lambda _: as_page(OURS),
    ],
    ids=[
        *("a site around it", "line breaks", "lines of the source", "empty paragraphs", "blanks"),
        *("no attributes", "no captions", "a page of its own"),
    ],
)
def test_what_a_page_does_to_a_report_is_no_difference(change: Callable[[str], str]):
    """
    Navigation, source and print buttons around it, blanks and line breaks in it.
    """
    assert Comparison(Result.EQUAL) == on_page(change)


def test_a_title_that_is_read_as_introduction_is_the_same_text():
    """
    Where one ends and the other begins is our reader's guess.
    """
    found = as_read(OURS)
    shifted = replace(found, title=(), marked_title=(), introduction="".join(found.title))

    assert Comparison(Result.EQUAL) == compare(OURS, shifted)


# -------------------------------------------------------------- different


@given(at=st.integers(0, len(FIGURES) - 1), seed=st.integers(0, 999))
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_one_figure_that_was_changed_is_always_found(at: int, seed: int):
    """
    With its place, and no other with it.
    """
    ours = OURS.figures.all()[FIGURES[at]]
    theirs = ours + random.Random(seed).randint(1, 99)
    comparison = on_page(lambda text: box_changed(text, at, str(theirs)))

    assert Result.DIFFERENT is comparison.result
    assert [(FIGURES[at], ours, theirs)] == [(c.cell, c.ours, c.theirs) for c in comparison.cells]
    assert () == comparison.texts


@pytest.mark.parametrize("kind", list(WRITERS))
@given(report=reports(), pick=st.randoms(use_true_random=False))
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
def test_a_figure_that_stands_otherwise_is_found_with_its_sums(
    kind: str, report: Drawn, pick: random.Random
):
    """
    In each format, whatever else stands in the report.
    """
    cell = pick.choice([cell for cell in FORM.cells if cell not in FORM.sums])
    other = with_answers(report, {cell: report.figures.all()[cell] + 1})
    found = read(WRITERS[kind](other), f"x.{kind}", year=report.year)
    assert isinstance(found, ReadReport)
    ours, theirs = report.figures.all(), other.figures.all()

    comparison = compare(report, found)

    assert [cell for cell in ours if ours[cell] != theirs[cell]] == [
        difference.cell for difference in comparison.cells
    ]
    assert Result.DIFFERENT is comparison.result


def test_a_wrong_total_of_a_file_is_published_as_it_was_sent():
    """
    It is said where the file is checked; that the page says the same is no difference.
    """
    total = "requests.received.total"
    wrong = with_answers(OURS, {total: 99})
    place = FIGURES.index(total)

    assert Result.EQUAL is compare(wrong, of_page(box_changed(page(), place, "99"))).result
    assert Result.EQUAL is compare(wrong, of_page(page())).result
    assert Result.DIFFERENT is compare(wrong, of_page(box_changed(page(), place, "98"))).result


def test_figures_that_change_places_are_both_found():
    """
    Two rows of table two, each with the other's.
    """
    report = published_town()
    first, second = (line.cells[0].id for line in FORM.tables[0].lines[:2])
    a, b = report.answers[first], report.answers[second]
    assert a != b
    comparison = compare(report, as_read(with_answers(report, {first: b, second: a})))

    assert [(first, a, b), (second, b, a)] == [(c.cell, c.ours, c.theirs) for c in comparison.cells]


def published_town() -> DocumentInput:
    cells = [line.cells[0].id for line in FORM.tables[0].lines[:2]]
    return with_answers(OURS, dict(zip(cells, (3, 4), strict=True)))


def test_a_blank_is_no_nought():
    """
    An office that leaves its noughts out has not published what was approved.
    """
    comparison = on_page(lambda text: box_changed(text, 12, ""))

    assert [(FIGURES[12], "")] == [(c.cell, c.theirs) for c in comparison.cells]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace("一、总体情况", "一、总体状况"), [heading_of(FIRST)]),
        (lambda text: text.replace("2023", "2022", 1), ["title"]),
        (lambda text: text.replace("狠抓落实，", "狠抓落实、"), [FIRST]),
        (lambda text: text.replace("狠抓落实，", "狠抓落实,"), [FIRST]),
        (lambda text: text.replace("行政处罚</th>", "行政处分</th>"), [LABELS]),
    ],
    ids=["a heading", "the year in the title", "a mark", "its width", "a label"],
)
def test_a_text_that_was_changed_is_found(change: Callable[[str], str], told: list[str]):
    """
    Under the name of its place, and no other with it.
    """
    comparison = on_page(change)

    assert (Result.DIFFERENT, told) == (comparison.result, items(comparison))


def test_of_a_text_the_sentences_are_told_that_are_others():
    """
    Not the whole of it.
    """
    sentence = OURS.lines(FIFTH)[5]
    comparison = on_page(lambda text: text.replace(sentence, "没有问题。"))

    assert [(FIFTH, sentence, "没有问题。")] == [
        (t.item, t.ours, t.theirs) for t in comparison.texts
    ]


def test_a_paragraph_that_is_missing_is_found():
    """
    There is nothing in its place.
    """
    paragraph = OURS.lines(FIRST)[-1]
    without = "\n".join(OURS.lines(FIRST)[:-1])
    comparison = compare(OURS, as_read(with_answers(OURS, {FIRST: without})))

    assert [(FIRST, paragraph, "")] == [(t.item, t.ours, t.theirs) for t in comparison.texts]


def test_what_was_added_inside_is_found():
    """
    A paragraph, and a sentence under a table.
    """
    added = with_answers(OURS, {LAST: f"{OURS.answers[LAST]}\n本页为测试。"})

    assert [LAST] == items(compare(OURS, as_read(added)))
    remark = next(r.id for r in FORM.remarks if r.below)
    noted = with_answers(OURS, {remark: "注：以上数据不含所属单位的数据。"})
    assert [remark] == items(compare(OURS, as_read(noted)))


def test_a_signature_that_was_changed_is_found():
    """
    The organ and the date.
    """
    signed = with_answers(OURS, {"signature": OURS.organ, "signature_date": "2024年1月15日"})
    late = with_answers(signed, {"signature_date": "2024年1月16日"})

    assert Result.EQUAL is compare(signed, as_read(signed)).result
    assert ["signature"] == items(compare(signed, as_read(late)))
    assert ["signature"] == items(compare(signed, as_read(OURS)))


@pytest.mark.long
@pytest.mark.parametrize(
    "mark",
    [
        lambda text: "<p>草稿</p>" + text,
        lambda text: "<p>（征求意见稿）</p>" + text,
        lambda text: text.replace("工作年度报告</span>", "工作年度报告（草稿）</span>", 1),
        lambda text: text.replace("</h1>", "</h1><p>送审稿</p>", 1),
    ],
)
def test_a_page_that_says_it_is_a_draft_is_not_equal(mark: Callable[[str], str]):
    """
    Above its title, in it, under it.
    """
    comparison = on_page(mark)

    assert (Result.DIFFERENT, ["title"]) == (comparison.result, items(comparison))


@pytest.mark.parametrize("line", ["附件：1.更正表.xls", "注：表三以更正为准", "以上数据不含乡镇"])
def test_what_was_added_under_a_signature_is_found(line: str):
    """
    In what holds the report; outside it is the site's, but for a sentence that speaks of it.
    """
    signed = with_answers(OURS, {"signature": OURS.organ, "signature_date": "2024年1月15日"})
    whole = as_html(signed)
    end = whole.rindex("</div>")
    added = compare(signed, of_page(f"{whole[:end]}<p>{line}</p>{whole[end:]}"))
    outside = compare(signed, of_page(f"{whole}<p>本报告的数据以更正后的为准。</p>"))

    for comparison in (added, outside):
        assert Result.DIFFERENT is comparison.result
        assert [FORM.remark_at[(LAST, True)]] == items(comparison)
    site = compare(signed, of_page(f"{whole}<p>附件：年报.docx</p><p>主办单位：某镇</p>"))
    assert Result.EQUAL is site.result


def table_rows(text: str) -> list[str]:
    return re.findall(r"<tr\b.*?</tr>", text, re.DOTALL)


def test_rows_that_changed_places_are_found():
    """
    With label and figures: every figure is right, and the table another.
    """
    rows = table_rows(page())
    second = next(row for row in rows if "查询事项" in row)
    third = next(row for row in rows if "2.其他法律" in row)
    head = next(row for row in rows if "处理决定数量" in row)
    for row, other in ((rows[2], rows[3]), (third, second)):
        before = page()
        after = before.replace(row, "§").replace(other, row).replace("§", other)
        comparison = compare(OURS, of_page(after))
        assert (Result.DIFFERENT, [LABELS]) == (comparison.result, items(comparison))

    assert {LABELS} == set(items(on_page(lambda text: text.replace(head, "", 1))))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("申请人情况", "申请者情况"),
        ("（三）不予公开", "（三）不公开"),
        ("第二十条第（一）项", ""),
        ("行政诉讼</th>", "行政审判</th>"),
        ("三、本年度办理结果", "三、年度办理结果"),
    ],
)
def test_words_of_the_tables_that_were_changed_are_found(word: str, other: str):
    """
    Heads and groups of rows, that have no figures of their own.
    """
    comparison = on_page(lambda text: text.replace(word, other))

    assert (Result.DIFFERENT, {LABELS}) == (comparison.result, set(items(comparison)))


def test_sections_in_another_order_are_a_difference():
    """
    Though each says what it should.
    """
    found = as_read(OURS)
    shuffled = replace(found, headings=(*found.headings[1:], found.headings[0]))

    assert [HEADINGS] == items(compare(OURS, shuffled))


def test_of_the_published_examples_what_really_differs_is_told(examples: Path):
    """
    A town's text is equal; a bureau left its noughts out, and its heading is another; a county
    printed two wrong totals.
    """
    bureau = published(examples / "shuyang-development-2023.json")
    county = published(examples / "hongze-2023.json")
    for kind in ("html", "txt"):
        file = examples / f"shuyang-development-2023.{kind}"
        comparison = compare(bureau, as_published(file))
        assert {("", 0)} == {(cell.theirs, cell.ours) for cell in comparison.cells}
        assert [heading_of(FIFTH), LABELS] == items(comparison)
    assert Result.EQUAL is compare(OURS, as_published(examples / "leimingzhen-2023.txt")).result
    comparison = compare(county, as_published(examples / "hongze-2023.pdf"))
    assert {
        "review.reconsideration.total",
        "review.litigation.after_reconsideration.total",
    } == {difference.cell for difference in comparison.cells}
    assert [LABELS] == items(comparison)
    assert comparison.why


def as_published(file: Path) -> ReadReport:
    found = read(file.read_bytes(), file.name, year=2023)
    assert isinstance(found, ReadReport)
    return found


# ----------------------------------------------------------- not compared


@pytest.mark.parametrize(
    "change",
    [
        {"doubtful": (Doubt(FIGURES[0], 0, "读不准"),)},
        {"edition": "2019"},
        {"old_rows": (FORM.tables[0].lines[0].id,)},
        {"reports_in_file": 2},
        {"leftover": ("看不懂的一行",)},
        {"left_out": (LeftOut(FIRST, Left.PICTURE, 1),)},
        {"left_out": (LeftOut(FIRST, Left.STRUCK, 1),)},
        {"missing_sections": (FORM.sections[-1].id,)},
        {"traces": ("[bookmark: _GoBack]",)},
    ],
)
def test_what_was_not_surely_read_is_not_equal(change: dict[str, Any]):
    """
    Though nothing differs of what was read, and the reason is said.
    """
    comparison = compare(OURS, replace(as_read(OURS), **change))

    assert (Result.NOT_COMPARED, (), ()) == (
        comparison.result,
        comparison.cells,
        comparison.texts,
    )
    assert comparison.why


def test_figures_that_were_not_read_are_not_equal():
    """
    They are named.
    """
    found = as_read(OURS)
    values = {cell: value for cell, value in found.values.items() if cell != FIGURES[0]}
    comparison = compare(OURS, replace(found, values=values))

    assert Result.NOT_COMPARED is comparison.result
    assert wording.cells_not_read([FIGURES[0]]) == comparison.why


def test_a_sure_difference_is_told_beside_what_was_not_read():
    """
    Nobody waits for the rest to hear of it.
    """
    found = as_read(OURS)
    values = {cell: value for cell, value in found.values.items() if cell != FIGURES[0]}
    comparison = compare(
        OURS, replace(found, values={**values, FIGURES[1]: OURS.figures.all()[FIGURES[1]] + 1})
    )

    assert Result.DIFFERENT is comparison.result
    assert [FIGURES[1]] == [difference.cell for difference in comparison.cells]
    assert wording.cells_not_read([FIGURES[0]]) == comparison.why


def test_a_figure_in_doubt_is_no_sure_difference():
    """
    It is a reason.
    """
    found = as_read(OURS)
    doubt = Doubt(FIGURES[0], 99, "读不准")
    comparison = compare(
        OURS, replace(found, doubtful=(doubt,), values={**found.values, FIGURES[0]: 99})
    )

    assert (Result.NOT_COMPARED, ()) == (comparison.result, comparison.cells)


def test_another_report_is_not_compared(examples: Path):
    """
    That of another organ, or of another year with texts of its own.
    """
    other = published(examples / "hongze-2023.json")
    texts = {text.id: "这是上一年的内容，和今年的完全不同。" for text in FORM.narratives}
    before = with_answers(
        replace(OURS, year=2022), {**texts, "title": "".join(OURS.title).replace("2023", "2022")}
    )

    for theirs in (other, before):
        comparison = compare(OURS, as_read(theirs))
        assert (Result.NOT_COMPARED, ()) == (comparison.result, comparison.cells)
        assert ["title"] == items(comparison)
        assert comparison.why


def test_a_second_document_behind_the_end_of_a_page_is_seen():
    """
    As a browser shows it: which of the two was meant, nobody knows.
    """
    whole = f"<html><body>{page()}</body></html>"

    assert Result.EQUAL is compare(OURS, of_page(whole)).result
    assert Result.EQUAL is not compare(OURS, of_page(whole + whole)).result


def test_a_text_whose_heading_was_not_found_is_no_difference_of_the_one_before():
    """
    It may be there: the heading is asked for.
    """
    found = as_read(OURS)
    remark = FORM.remark_at[(FORM.sections[3].id, True)]
    lost = replace(
        found,
        headings=tuple(h for h in found.headings if h[0] != FIFTH),
        missing_sections=(FIFTH,),
        narratives={k: v for k, v in found.narratives.items() if k != FIFTH},
        remarks={remark: found.narratives[FIFTH]},
    )

    comparison = compare(OURS, lost)

    assert (Result.NOT_COMPARED, ()) == (comparison.result, comparison.texts)


@pytest.mark.parametrize("kind", list(WRITERS))
def test_a_text_that_not_even_our_own_document_keeps_apart_is_not_compared(kind: str):
    """
    A line of it is the heading of the next section.
    """
    heading = next(s.heading for s in FORM.sections if s.kind is SectionKind.TABLE)
    ours = with_answers(OURS, {FIRST: f"甲。\n{heading}\n乙。"})

    comparison = compare(ours, as_read(ours, kind))

    assert (Result.NOT_COMPARED, ()) == (comparison.result, comparison.texts)
    assert wording.text_not_read(FORM, FIRST) in comparison.why


@pytest.mark.parametrize("kind", list(WRITERS))
def test_in_what_a_table_counts_is_no_text(kind: str):
    above = FORM.remark_at[(FORM.sections[3].id, False)]
    ours = with_answers(OURS, {above: "（单位：件）"})
    assert compare(ours, as_read(ours, kind)).result is Result.EQUAL
    sentence = with_answers(OURS, {above: "以下数据不含所属各单位的数据。"})
    assert [above] == items(compare(sentence, as_read(OURS, kind)))


@pytest.mark.parametrize("kind", list(WRITERS))
def test_a_remark_under_the_signature_is_compared(kind: str):
    """
    On a page, too: what stands there is the report's, or was added.
    """
    remark = FORM.remark_at[(LAST, True)]
    signed = {"signature": OURS.organ, "signature_date": "2024年1月15日"}
    ours = with_answers(OURS, {**signed, remark: "联系电话以本页所列的为准。"})

    assert Result.EQUAL is compare(ours, as_read(ours, kind)).result
    without = compare(with_answers(OURS, signed), as_read(ours, kind))
    assert (Result.DIFFERENT, [remark]) == (without.result, items(without))


# ------------------------------------------------------------------- told


def test_a_figure_is_told_with_its_place():
    """
    Table, column, row, and both figures.
    """
    cell = "requests.outcome.disclosed.natural_person"
    report = with_answers(OURS, {cell: 12})
    found = as_read(report)
    comparison = compare(report, replace(found, values={**found.values, cell: 21}))

    assert "表三 自然人 予以公开：批准 12，网上 21" in wording.told(
        comparison, FORM, wording.APPROVED
    ).split("\n")


def test_many_differences_are_counted():
    """
    Some twenty are named, noughts that are left blank together.
    """
    other = {cell: 7 for cell in FIGURES if cell not in FORM.sums}
    comparison = compare(OURS, as_read(with_answers(OURS, other)))
    told = wording.told(comparison, FORM, wording.APPROVED).split("\n")

    assert wording.MOST_LINES + 2 == len(told)
    found = as_read(OURS)
    blank = replace(found, blank=frozenset(found.values))
    assert 2 + sum(value != 0 for value in found.values.values()) == len(
        wording.told(compare(OURS, blank), FORM, wording.APPROVED).split("\n")
    )
