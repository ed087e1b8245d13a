"""
The reader of statements: what it understands, what it passes over, and how long it takes.

`tests/sentences/` holds sentences in the manner of offices with the facts they state, and
others that look like them and state nothing; all are invented.
"""

import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.checks.texts import phrases
from conversations.checks.texts.phrases import Kind, Row
from conversations.checks.texts.statements import Statement, readings, statements
from conversations.checks.texts.words import spelled, words_of
from tests.checked import found, report

SENTENCES = Path(__file__).parent.parent / "sentences"
# Where such a sentence stands in a report.
AROUND = (
    "2023年，我们认真落实条例。\n（一）主动公开。及时公开。\n（二）依申请公开。{}\n（三）管理。"
)
FACTS: dict[str, phrases.Sum] = {
    "received": phrases.RECEIVED.cells[0],
    "carried_over": phrases.CARRIED_OVER.cells[0],
    "closed": phrases.ANSWERED.cells[0],
    "carried_forward": phrases.FORWARD.cells[0],
    "disclosed": phrases.ROWS["disclosed"].cells[0],
    "partly": phrases.ROWS["partly_disclosed"].cells[0],
    "disclosed_and_partly": (
        *phrases.ROWS["disclosed"].cells[0],
        *phrases.ROWS["partly_disclosed"].cells[0],
    ),
    "withheld": phrases.ROWS["withheld"].cells[0],
    "unable": phrases.ROWS["unable"].cells[0],
    "not_processed": phrases.ROWS["not_processed"].cells[0],
    "otherwise": phrases.ROWS["otherwise"].cells[0],
    "natural": ("requests.received.natural_person",),
    "legal": tuple(f"requests.received.{column}" for column in phrases.LEGAL_PERSONS),
    "reconsideration": phrases.ROWS["reconsideration"].cells[0],
    "litigation": phrases.ROWS["litigation"].cells[0],
    "issued": ("proactive_disclosure.normative_documents.issued",),
    "repealed": ("proactive_disclosure.normative_documents.repealed",),
    "in_force": ("proactive_disclosure.normative_documents.in_force",),
    "licensing": ("proactive_disclosure.licensing.decisions",),
    "penalties": ("proactive_disclosure.penalties.decisions",),
    "coercion": ("proactive_disclosure.coercion.decisions",),
    "fee": phrases.ROWS["administrative_fees"].cells[0],
}


def lines(file: str) -> Iterator[tuple[str, str]]:
    """
    The sentences of a file with the organ they stand under.
    """
    organ = ""
    for line in (SENTENCES / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            organ = line[3:]
        elif line and not line.startswith("#"):
            yield organ, line


STATED = [
    (organ, *(part.strip() for part in line.split("→"))) for organ, line in lines("statements.txt")
]
TRAPS = list(lines("traps.txt"))


def sure(text: str, organ: str) -> list[Statement]:
    return [said for said in statements(AROUND.format(text), 2023, organ) if said.sure]


def says(statement: Statement, cells: Sequence[str], number: Decimal) -> bool:
    """
    Whether a statement is one of this figure; «no A and no B» says both.
    """
    return statement.number == number and any(
        set(group) == set(cells) or (not number and set(group) >= set(cells))
        for group in statement.cells
    )


@pytest.mark.parametrize(("organ", "text", "facts"), STATED)
def test_every_fact_of_a_sentence_is_read(organ: str, text: str, facts: str):
    """
    With its number and its cells.
    """
    read = sure(text, organ)

    for name, number in (fact.split("=") for fact in facts.split()):
        assert any(says(said, FACTS[name], Decimal(number)) for said in read), name


@pytest.mark.parametrize(("organ", "text", "facts"), STATED)
def test_what_is_read_of_a_known_figure_is_the_fact(organ: str, text: str, facts: str):
    """
    No figure that the sentence states is read with another number.
    """
    known = {name: Decimal(number) for name, number in (fact.split("=") for fact in facts.split())}

    for said in sure(text, organ):
        told = [number for name, number in known.items() if said.cells == (FACTS[name],)]
        assert not told or Decimal(said.number) in told


@pytest.mark.parametrize(
    "text",
    [
        "收到的政府信息公开申请：{}今年新收申请6件，当年答复5件，1件结转2024年办理。",
        "收到的政府信息公开申请：{}今年新收申请6件，当年收件办结5件，1件结转2024年办理。",
        "收到政府信息公开申请6件，办结5件，1件结转下年。{}",
        "新收6件政府信息公开申请，其中5件已答复，1件正在办理；{}",
    ],
)
def test_what_was_answered_of_this_years_alone_is_only_likely_the_whole(text: str):
    """
    Unless nothing was left of the year before.
    """
    left = "上年结转的1件政府信息公开申请已答复。"

    counted, doubtful = (
        {said.number for said in sure(text.format(more), "青河县司法局")} for more in ("", left)
    )

    assert 5 in counted
    assert 5 not in doubtful
    assert 6 in doubtful


@pytest.mark.parametrize(
    ("text", "number"),
    [
        # Whether they are among those counted before, nobody can say.
        ("全县共受理政府信息公开申请91件（另有2件结转下年度办理）。", 91),
        ("全县共受理政府信息公开申请91件，另有2件结转下年度办理。", 91),
        # Others were turned away, which is an answer as well.
        ("共受理政府信息公开申请12件，答复7件，不予受理4件，内容不明确1件。", 7),
        ("共收到政府信息公开申请86件，按时答复82件，延期答复4件。", 82),
        ("我县收到政府信息公开申请2件，社会救助申请35件，答复37件。", 37),
        # They may be counted there, or elsewhere.
        ("办结申请12件，其中予以公开9件，无法提供1件，信息不存在的2件。", 1),
        ("办结申请12件，其中予以公开9件，其他处理2件，申请人撤回1件。", 2),
    ],
)
def test_a_figure_that_may_not_be_the_whole_is_only_likely(text: str, number: int):
    """
    A quiet hint, no alarm.
    """
    likely = [said for said in statements(text, 2023, "青河县人民政府") if not said.sure]

    assert number in {said.number for said in likely}
    assert number not in {said.number for said in sure(text, "青河县人民政府")}


@pytest.mark.parametrize(("organ", "text"), TRAPS)
def test_what_only_looks_like_a_statement_states_nothing(organ: str, text: str):
    """
    Other letters, other organs, other times, one subject, plans, rates, publishing.
    """
    assert [] == sure(text, organ)


SOMEBODY_ELSE = ("县公安局", "各村", "县政府办公室", "其中，镇司法所", "省教育厅", "县直各部门")
ANOTHER_TIME = ("2022年，", "上半年", "去年", "3月份，", "近三年", "第二季度，我镇", "每月")
ONE_WAY = ("通过网站", "通过邮寄方式", "其中网上", "当面", "县政府门户网站")
PLANNED = ("2024年将", "计划", "力争", "预计")
CLAUSES = (
    "受理政府信息公开申请8件，办结7件，予以公开5件",
    "收到依申请公开9件，已答复9件",
    "共收到政府信息公开申请6件，其中自然人申请5件",
)


@pytest.mark.parametrize(
    "text", list(map("".join, product(SOMEBODY_ELSE + ANOTHER_TIME + ONE_WAY + PLANNED, CLAUSES)))
)
def test_the_figures_of_others_are_not_ours(text: str):
    """
    And nothing that follows from them: parts have the scope of their head.
    """
    assert [] == sure(f"{text}。", "临江镇人民政府")


THINGS = ("低保", "居住证", "建房", "护照", "入党", "廉租房", "困难补助", "施工许可", "查询档案的")


@pytest.mark.parametrize(
    "text", list(map("".join, product(("共受理", "全年办理", "收到群众"), THINGS)))
)
def test_an_application_for_something_else_is_none_for_information(text: str):
    """
    Whatever is applied for.
    """
    assert [] == sure(f"{text}申请50件，办结48件，结转2件。", "临江镇人民政府")


# --------------------------------------------------------------------- sentences at random

OUTCOMES = {
    "disclosed": "予以公开",
    "partly": "部分公开",
    "withheld": "不予公开",
    "unable": "无法提供",
    "not_processed": "不予处理",
    "otherwise": "其他处理",
}
OF_OUTCOME = {
    "disclosed": "disclosed",
    "partly": "partly_disclosed",
    "withheld": "withheld.third_party_rights",
    "unable": "unable_to_provide.not_held",
    "not_processed": "not_processed.repeat_request",
    "otherwise": "otherwise_handled.other",
}


@st.composite
def told(draw: st.DrawFn) -> tuple[str, dict[str, int]]:
    """
    A sentence about requests in one of many ways, and the figures it states.
    """
    parts = draw(st.dictionaries(st.sampled_from(sorted(OUTCOMES)), st.integers(1, 400)))
    whole = sum(parts.values()) or draw(st.integers(0, 999))
    when = draw(st.sampled_from(("2023年，", "全年", "本年度", "2023年度", "今年以来，")))
    who = draw(st.sampled_from(("我镇", "镇政府", "临江镇人民政府", "全镇", "本机关", "")))
    verb = draw(st.sampled_from(("收到", "共受理", "共收到公民提出的", "累计接收", "新收")))
    noun = draw(st.sampled_from(("政府信息公开申请", "依申请公开", "信息公开申请", "依申请公开件")))
    unit = draw(st.sampled_from("件份宗"))
    mark = draw(st.sampled_from(("，", "；", "、")))
    opening = draw(st.sampled_from(("，其中", "，其中：", "。其中，", "，")))
    before = draw(st.booleans())
    clauses = [
        f"{n}{unit}{OUTCOMES[name]}" if before else f"{OUTCOMES[name]}{n}{unit}"
        for name, n in parts.items()
    ]
    listed = opening + mark.join(clauses) if clauses else ""
    closing = draw(st.sampled_from(("，均已按时答复", "，答复率100%", "")))
    text = f"{when}{who}{verb}{noun}{whole}{unit}{listed}{closing}。"
    return text, {"received": whole, **parts}


@settings(max_examples=60)
@given(told(), st.data())
def test_a_changed_figure_is_found_and_no_other_is_blamed(
    said: tuple[str, dict[str, int]], data: st.DataObject
):
    """
    In sentences put together from the form's own words, one figure of the table changed.
    """
    text, figures = said
    cells = {
        f"requests.outcome.{OF_OUTCOME[n]}.natural_person": v
        for n, v in figures.items()
        if n in OF_OUTCOME
    }
    cells["requests.received.natural_person"] = figures["received"]
    agreed = report(cells, overview=AROUND.format(text))
    assert [] == found(agreed, "N2")

    changed = data.draw(st.sampled_from(sorted(figures)))
    cell = (
        f"requests.outcome.{OF_OUTCOME[changed]}" if changed in OF_OUTCOME else "requests.received"
    )
    wrong = {**cells, f"{cell}.natural_person": figures[changed] + 1}
    (finding,) = found(report(wrong, overview=AROUND.format(text)), "N2")

    assert f"{cell}.total" in finding.cells
    assert figures[changed] == finding.left


# ------------------------------------------------------------------------ how long it takes

PIECES: tuple[str, ...] = (
    "收到",
    "申请",
    "5件",
    "未",
    "无",
    "（",
    "）",
    "局",
    "其中",
    "行政复议、",
    "2022年",
    "自然人、",
)
PIECES += (
    "因被",
    "网上",
    "啊",
    "，",
    "；",
    "12345",
    "政府信息公开申请",
    "规范性文件",
    "\n",
    "。",
    "□",
)


def calls(text: str) -> int:
    """
    How many functions are called to read a text: its cost, without a clock.
    """
    count = 0

    def counting(*_: object) -> None:
        nonlocal count
        count += 1

    readings.cache_clear()
    sys.setprofile(counting)
    try:
        readings(text, 2023, "临江镇人民政府")
    finally:
        sys.setprofile(None)
    return count


@settings(max_examples=40)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6))
def test_twice_the_text_takes_twice_the_time(pieces: list[str]):
    """
    Whatever it is made of.
    """
    piece = "".join(pieces) * (1500 // len("".join(pieces)) + 1)

    assert calls(f"{piece}\n" * 2) <= 2.5 * calls(piece) + 2000
    assert calls(piece) <= 400 * len(piece)


@given(
    st.text(
        alphabet="收到申请件未无其中（）、，；0123456789局公开信息不予政府行政复议", max_size=80
    )
)
def test_any_text_is_read_without_harm(text: str):
    """
    A statement's place is in the text, and its cells are cells.
    """
    for said in readings(text, 2023, "临江镇人民政府"):
        assert 0 <= said.at[0] < said.at[1] <= len(text)
        assert all(group for group in said.cells)


# ------------------------------------------------------------------------------ the words


def test_every_word_of_the_lists_is_read_as_itself():
    """
    No word stands in two lists: the second would never count.
    """
    seen: dict[str, str] = {}
    for kind, _, words in phrases.WORDS:
        for word in spelled(words):
            assert seen.setdefault(word, kind) == kind, word


def test_the_cells_of_the_lists_are_cells_of_the_form():
    """
    Of one edition or the other.
    """
    from conversations.form import FORMS

    cells = {cell for form in FORMS.values() for cell in form.cells}

    assert phrases.SPOKEN_OF <= cells


def test_the_longest_word_wins():
    """
    «依申请政务服务» is no application for information.
    """
    kinds = [word.kind for word in words_of("受理依申请政务服务430件")]

    assert [Kind.VERB, Kind.MATTER, Kind.NUMBER] == kinds


def test_a_row_is_known_by_its_word():
    """
    And brackets are one word.
    """
    words = words_of("作其他处理（含撤回2件）5件")

    assert phrases.ROWS["otherwise"] in [
        word.value for word in words if isinstance(word.value, Row)
    ]
    assert ["2件", "5件"] == [
        w.text for word in words for w in (word, *word.inside) if w.kind == Kind.NUMBER
    ]


@pytest.mark.parametrize(
    "text",
    [
        "受理热线咨询820件，办结820件",
        "收到电话预约600件，受理590件",
        "接收来函30件，答复28件",
        "收到群众来信20件。办结18件",
    ],
)
def test_another_sentence_has_a_head_of_its_own(text: str):
    """
    What was counted of something else after the applications is no part of them.
    """
    (said,) = sure(f"收到政府信息公开申请27件。{text}。", "临江镇人民政府")

    assert 27 == said.number


def test_results_of_two_kinds_of_cases_may_be_of_either_or_both():
    """
    «复议 2 件，诉讼 1 件，其中维持 2 件» does not say of which.
    """
    *_, said = sure("因信息公开引发行政复议2件，行政诉讼1件，其中维持2件。", "临江镇人民政府")

    assert 3 == len(said.cells)
    assert ("review.reconsideration.upheld",) in said.cells


def test_parts_named_like_their_sum_are_silent_but_for_the_sum():
    """
    «…不予公开 1 件、…不予公开 2 件，共不予公开 3 件».
    """
    text = (
        "收到政府信息公开申请9件，属国家秘密不予公开1件、属过程性信息不予公开2件，共不予公开3件。"
    )

    assert [9, 3] == [said.number for said in sure(text, "临江镇人民政府")]
