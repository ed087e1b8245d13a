"""
What the product writes, it reads: the same figures, texts, title and signature.
"""

import io
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import docx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conversations.document.read.report import ReadReport
from conversations.document.read.sent_text import running_text
from conversations.document.read.understand import read
from conversations.document.write.content import DocumentInput
from conversations.document.write.docx import render, standard
from conversations.document.write.html import as_html, as_page
from conversations.document.write.text import as_text
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers, Value
from conversations.form.model import Measure, SectionKind
from conversations.form.organ import default_title, offered_introduction
from conversations.talk.triggers import Trigger
from tests.dialogue import Clerk, id_of

FORM = ANNUAL_REPORT_2021
COLUMNS = [column.id for column in FORM.tables[1].columns[:-1]]
RESULTS = [
    line.id
    for line in FORM.tables[1].lines
    if line.id.startswith("requests.outcome.") and line.id != "requests.outcome.total"
]

WRITERS: dict[str, Callable[[DocumentInput], bytes]] = {
    "docx": lambda report: render(standard("2021"), report),
    "html": lambda report: as_html(report).encode(),
    "txt": lambda report: as_text(report).encode(),
}

ORGANS = (
    "雷鸣镇人民政府",
    "沭阳县发展和改革局",
    "白石市城市管理行政执法局",
    "云岭街道办事处",
    "东湖区人民政府",
    "阿坝藏族羌族自治州人民政府",
    "某某开发区管委会",
)

FEES = ("0", "0.000001", "12.5", "7730.28", "150", "99999999", "3")


def figures_of(seed: int) -> dict[str, Value]:
    """
    Figures that balance; most of a row may be 0, as in real reports.
    """
    rng = random.Random(seed)
    share = rng.choice((0.0, 0.05, 0.5, 1.0))
    most = rng.choice((9, 300, 99_999))

    def count() -> int:
        return rng.randint(1, most) if rng.random() < share else 0

    values: dict[str, Value] = {}
    for cell in FORM.cells.values():
        if cell.id not in FORM.sums:
            values[cell.id] = Decimal(rng.choice(FEES)) if cell.measure is Measure.FEE else count()
    for column in COLUMNS:
        done = sum(int(values[f"{row}.{column}"]) for row in RESULTS)
        over, forward = rng.choice(((0, 0), (0, 0), (0, 2), (2, 0), (1, 3)))
        over = min(over, done + forward)
        values[f"requests.carried_over.{column}"] = over
        values[f"requests.carried_forward.{column}"] = forward
        values[f"requests.received.{column}"] = done + forward - over
    return values


sentences = st.sampled_from(
    (
        "本年度主动公开政府信息1136条，其中网站公开1100条。",
        "2023年，我镇严格按照《中华人民共和国政府信息公开条例》要求，扎实推进政务公开。",
        "全年收到政府信息公开申请21件，均在法定期限内答复，予以公开7件。",
        "一是公开不够及时；二是解读形式单一，群众知晓率有待提高。",
        "（一）主动公开。及时公开“五公开”信息，A&B <c> 甲。",
        "（二）依申请公开情况",
        "1.加强组织领导。",
        "国办公开办函〔2021〕30号要求的事项已全部落实。",
        "联系电话：0517-87222589，邮编：223100，网址：http://www.example.gov.cn/a?b=1&c=2。",
        "收取信息处理费0元。",
        "无。",
        "下一步，将健全制度、明确责任：（1）培训；（2）考核。",
        "{{7*7}} ${x} <b>粗</b> &amp; </w:t> \\n %s “引号” ‘单引号’ —— ……",
        "规章 0 0 0",
        "总计",
        "36",
    )
)
characters = st.characters(
    codec="utf-8",
    categories=("L", "N", "P", "S"),
    # Letters without a shape; parts of characters, which the reader makes whole.
    exclude_characters="\u115f\u1160\u3164\uffa0" + "".join(map(chr, range(0x2E80, 0x2FE0))),
)
paragraphs = st.one_of(
    st.lists(sentences, min_size=1, max_size=4).map("".join),
    st.text(characters, min_size=8, max_size=60).map(lambda text: f"工作情况{text}。"),
)
texts = st.lists(paragraphs, min_size=1, max_size=6).map("\n".join)


class Drawn(DocumentInput):
    """
    For a failing test: only the texts; what differs is told figure by figure.
    """

    def __repr__(self) -> str:
        texts = {item: value for item, value in self.answers.items() if isinstance(value, str)}
        return f"{self.organ} {self.year} {texts}"


@st.composite
def reports(draw: st.DrawFn) -> DocumentInput:
    """
    A legal report: whole numbers that balance, texts of every kind, wording of every kind.
    """
    organ, year = draw(st.sampled_from(ORGANS)), draw(st.integers(2021, 2035))
    values = figures_of(draw(st.integers(0, 10_000)))
    for section in FORM.sections:
        if section.kind is SectionKind.NARRATIVE:
            values[section.id] = draw(texts)
    values["title"] = draw(
        st.sampled_from(
            (
                default_title(organ, year),
                f"{organ}{year}年政府信息公开工作年度报告",
                f"{organ}\n{year}年度信息公开工作年度报告",
                f"{organ}关于{year}年度政府信息公开工作的报告",
            )
        )
    )
    introduction = draw(
        st.sampled_from(("", offered_introduction(organ, year), "现将情况报告如下。"))
    )
    values["introduction"] = introduction
    if draw(st.booleans()):
        values["signature"] = organ
        values["signature_date"] = draw(
            st.sampled_from(
                (f"{year + 1}年1月15日", f"{year + 1}年12月3日", "二〇二四年一月十五日")
            )
        )
    return Drawn(FORM, organ, year, Answers(values))


def differences(report: DocumentInput, found: ReadReport) -> dict[str, tuple[object, object]]:
    """
    What was written and what was read, where the two are not the same.
    """
    written: dict[str, object] = {
        "organ": report.organ,
        "year": report.year,
        "edition": "2021",
        "title": "".join(report.title),
        "introduction": "\n".join(report.lines("introduction")) or None,
        "signature": (report.organ, report.answers["signature_date"])
        if "signature" in report.answers
        else None,
        "unread": (),
        "doubtful": (),
        **report.figures.all(),
    }
    got: dict[str, object] = {
        "organ": found.organ,
        "year": found.year,
        "edition": found.edition,
        "title": "".join(found.title),
        "introduction": found.introduction,
        "signature": found.signature,
        "unread": found.unread,
        "doubtful": found.doubtful,
        **found.values,
    }
    for narrative in FORM.narratives:
        written[narrative.id] = "\n".join(report.lines(narrative.id))
        got[narrative.id] = found.narratives.get(narrative.id)
    return {
        item: (written.get(item), got.get(item))
        for item in {**written, **got}
        if written.get(item) != got.get(item)
    }


@pytest.mark.long
@pytest.mark.parametrize("kind", list(WRITERS))
@given(report=reports())
@settings(
    max_examples=30,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),  # no explaining: slow
)
def test_what_is_written_is_read(kind, report):
    """
    For any legal report, through each format: nothing lost, nothing changed, no doubt.
    """
    found = read(WRITERS[kind](report), f"x.{kind}")

    assert isinstance(found, ReadReport)
    assert {} == differences(report, found)


@given(report=reports())
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
def test_a_page_of_its_own_is_read_as_the_fragment_is(report):
    """
    What it says of itself besides is no part of the report.
    """
    assert read(as_html(report).encode()) == read(as_page(report).encode())


def put_in(report: DocumentInput, texts: dict[str, str]) -> Answers:
    """
    What stands in the store when a clerk sends these texts, each where it is asked.
    """
    clerk = Clerk(report.organ, report.year).opens()
    for item, text in texts.items():
        clerk.presses(id_of(FORM, "o", item)).types(text)
    return clerk.session.answers


def in_one(report: DocumentInput, texts: dict[str, str]) -> Answers:
    """
    The same when the texts come together, under their headings.
    """
    lines = [line for item, text in texts.items() for line in (FORM.section[item].heading, text)]
    clerk = Clerk(report.organ, report.year).opens().types("\n".join(lines)).taps(Trigger.YES)
    return clerk.session.answers


def out_of_a_file(texts: dict[str, str], kind: str) -> dict[str, str]:
    """
    Each text saved as a file of its own, and read out of that.
    """
    if kind == "txt":
        return {item: running_text(text.encode(), "a.txt").text for item, text in texts.items()}
    again = {}
    for item, text in texts.items():
        document = docx.Document()
        for line in text.split("\n"):
            document.add_paragraph(line)
        out = io.BytesIO()
        document.save(out)
        again[item] = running_text(out.getvalue(), "a.docx").text
    return again


@pytest.mark.long
@given(report=reports(), way=st.sampled_from(("typed", "together", "txt", "docx", "whole")))
@settings(
    max_examples=40,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)
def test_a_text_that_was_read_and_is_put_in_again_gives_the_same_document(report, way):
    """
    However the clerk sends it: section by section, together, as files, as a whole report.
    """
    written = render(standard("2021"), report)
    found = read(written)
    assert isinstance(found, ReadReport)
    texts = dict(found.narratives)
    if way == "whole":
        clerk = Clerk(report.organ, report.year).opens()
        clerk.types(as_text(report)).taps(Trigger.YES)
        answers = clerk.session.answers
    elif way == "together":
        answers = in_one(report, texts)
    else:
        answers = put_in(report, texts if way == "typed" else out_of_a_file(texts, way))
    again = {item: answers[item] for item in texts}

    assert texts == again
    assert written == render(
        standard("2021"), replace(report, answers=report.answers.changed(again))
    )
