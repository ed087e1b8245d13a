import itertools
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.checks import check_items, check_report, checks_of, checks_table
from conversations.checks.arithmetic import Total
from conversations.checks.findings import Explanation, FileEvidence, Finding, Grade, Report
from conversations.checks.reasons import explained, reason_is_enough
from conversations.form import ANNUAL_REPORT_2019, ANNUAL_REPORT_2021, FORMS, Form
from conversations.form.answers import Answers, Figures
from conversations.form.model import LineKind
from conversations.form.organ import Level, guess_level
from tests.checked import APPLICANTS, RESULTS, found, printing, published, report

ARITHMETIC = ("A1", "A2", "A3", "A4", "A5", "A6")
RECEIVED = "requests.received.natural_person"
CARRIED_OVER = "requests.carried_over.natural_person"
DISCLOSED = "requests.outcome.disclosed.natural_person"
ANSWERED = "requests.outcome.total.natural_person"
FORWARD = "requests.carried_forward.natural_person"
DOCUMENTS = "proactive_disclosure.normative_documents"
RULES = "proactive_disclosure.rules"
FEE = "proactive_disclosure.administrative_fees.amount"
SINGLE_ROW = "requests.outcome.otherwise_handled.all"
THREE_ROWS = tuple(
    f"requests.outcome.otherwise_handled.{row}"
    for row in ("correction_overdue", "fee_overdue", "other")
)


def example(folder: Path, name: str) -> tuple[Report, dict[str, Any]]:
    """
    A published report with the figures and findings that are known of it.
    """
    facts = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    values = {
        cell: Decimal(value) if isinstance(value, str) else value
        for cell, value in facts["cells"].items()
    }
    texts = {**facts["narratives"], "title": "\n".join(facts["title"])}
    if facts["introduction"]:
        texts["introduction"] = facts["introduction"]
    return (
        Report(
            FORMS[facts["edition"]],
            facts["organ"],
            facts["year"],
            Answers({**values, **texts}),
            guess_level(facts["organ"]),
            published=True,
            blank=frozenset(facts["blank"]),
        ),
        facts["findings"],
    )


def matches(finding: Finding, expected: dict[str, Any]) -> bool:
    return (
        (finding.id, finding.grade.name) == (expected["id"], expected["grade"])
        and expected.get("narrative") in {None, finding.narrative}
        and (not expected["cells"] or set(expected["cells"]) == set(finding.cells))
    )


# ------------------------------------------------------------- A1: the balance


def test_an_unbalanced_column_reports_both_sums():
    """
    The clerk is shown 4 against 3, not merely told "wrong".
    """
    made = report({RECEIVED: 3, CARRIED_OVER: 1, DISCLOSED: 2, FORWARD: 1})

    finding = found(made, "A1")[0]

    assert (4, 3) == (finding.left, finding.right)
    assert (3, 1, 2, 1) == finding.numbers
    assert (RECEIVED, CARRIED_OVER, ANSWERED, FORWARD) == finding.cells


def test_a_balanced_column_says_nothing():
    """
    The near miss: the same figures with one more answered.
    """
    made = report({RECEIVED: 3, CARRIED_OVER: 1, DISCLOSED: 3, FORWARD: 1})

    assert [] == found(made, "A1")


@pytest.mark.parametrize("open_cell", [RECEIVED, CARRIED_OVER, DISCLOSED, FORWARD])
def test_the_balance_is_silent_while_a_figure_is_open(open_cell: str):
    """
    An empty cell is not a zero.
    """
    made = report({RECEIVED: 3, DISCLOSED: 1, FORWARD: 1, open_cell: None})

    assert [] == found(made, "A1")


def test_more_answers_than_requests_are_found_before_the_carry_over_is_confirmed():
    """
    A balance below 0 can never be carried forward.
    """
    made = report({RECEIVED: 3, DISCLOSED: 5, FORWARD: None})

    finding = found(made, "A1")[0]

    assert (3, 5) == (finding.left, finding.right)


def test_the_total_column_stands_under_the_column_it_follows_from():
    """
    One mistake is one finding with its consequence, not two.
    """
    made = report({RECEIVED: 3, DISCLOSED: 2})

    column, total = found(made, "A1")

    assert column.key == total.follows
    assert "requests.received.total" == total.cells[0]


# ------------------------------------------------ A2, A3, A4: claimed totals


def test_a_typed_total_of_a_row_is_compared():
    """
    The sum of the six columns is shown against the typed 5.
    """
    made = report({RECEIVED: 3, DISCLOSED: 3, "requests.received.total": 5})

    (finding,) = found(made, "A3")

    assert (3, 5) == (finding.left, finding.right)
    assert 7 == len(finding.cells)


def test_a_right_typed_total_is_no_finding():
    """
    The near miss: the computed total typed once more.
    """
    made = report({RECEIVED: 3, DISCLOSED: 3, "requests.received.total": 3})

    assert [] == found(made, *ARITHMETIC)


def test_a_typed_total_of_a_column_is_compared():
    """
    A2 adds the 21 rows of results.
    """
    made = report({RECEIVED: 3, DISCLOSED: 3, ANSWERED: 4})

    (finding,) = found(made, "A2")

    assert (3, 4) == (finding.left, finding.right)
    assert 22 == len(finding.cells)
    assert (3, 4) == finding.numbers


def test_a_typed_total_of_a_block_is_compared():
    """
    A4 speaks of its block and of no other.
    """
    made = report(
        {
            "review.reconsideration.upheld": 10,
            "review.reconsideration.corrected": 1,
            "review.reconsideration.total": 0,
        }
    )

    (finding,) = found(made, "A4")

    assert (11, 0) == (finding.left, finding.right)
    assert [f"review.reconsideration.{r}" for r in (*RESULTS, "total")] == list(finding.cells)


def test_a_wrong_total_says_the_balance_only_under_it():
    """
    A1 fails because A2's total is wrong: the rule that points at the cell comes first.
    """
    made = published(
        report({RECEIVED: 3, DISCLOSED: 3}), requests__outcome__total__natural_person=4
    )

    findings = found(made, *ARITHMETIC)

    assert ("A2", None) == (findings[0].id, findings[0].follows)
    assert {findings[0].key} == {finding.follows for finding in findings[1:]}
    assert {"A1", "A3"} == {finding.id for finding in findings[1:]}


def test_a_wrong_row_total_takes_the_other_totals_under_it():
    """
    The printed total of 予以公开 is wrong, and with it the sum of the total column.
    """
    made = published(report({RECEIVED: 3, DISCLOSED: 3}), requests__outcome__disclosed__total=2)

    first, second = found(made, *ARITHMETIC)

    assert ("A3", None) == (first.id, first.follows)
    assert ("A2", first.key) == (second.id, second.follows)


@pytest.mark.parametrize("edition", ["2021", "2019"])
def test_a_hybrid_report_is_added_up_over_the_rows_it_has(edition: str):
    """
    One edition's table three with the other's 其他处理: the present rows are summed.
    """
    cell = "natural_person"
    own = {"2021": THREE_ROWS, "2019": (SINGLE_ROW,)}
    there = own["2019"] if edition == "2021" else own["2021"]
    gone = own[edition]
    base = published(report({RECEIVED: 5, DISCLOSED: 3}, form=FORMS[edition]))
    rows = {f"{row}.{column}": 0 for row in there for column in (*APPLICANTS, "total")}
    rows |= {f"{there[0]}.{cell}": 2, f"{there[0]}.total": 2}
    absent = {f"{row}.{column}": None for row in gone for column in (*APPLICANTS, "total")}
    right = {
        **dict.fromkeys((ANSWERED, "requests.outcome.total.total"), 5),
    }
    made = replace(base, answers=base.answers.changed({**rows, **absent, **right}))

    wrong = printing(made, {ANSWERED: 6, "requests.outcome.total.total": 6})

    assert [] == found(made, *ARITHMETIC)
    assert "A2" == found(wrong, *ARITHMETIC)[0].id


def test_a_row_that_was_not_read_keeps_the_column_total_silent():
    """
    Better unread than wrong: only a row that is surely missing is left out of the sum.
    """
    row = "requests.outcome.disclosed"
    base = published(report({RECEIVED: 3, DISCLOSED: 3}))
    absent = {f"{row}.{column}": None for column in (*APPLICANTS, "total")}
    unread = replace(base, answers=base.answers.changed(absent), evidence=FileEvidence())
    missing = replace(unread, evidence=FileEvidence(missing_rows=(row,)))

    assert [] == found(unread, "A2")
    assert ["A2", "A2"] == [finding.id for finding in found(missing, "A2")]


# ------------------------------------------------- A5, A6: published files only


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (RECEIVED, -1),
        (RECEIVED, Decimal("1.5")),
        (RECEIVED, 1_000_000_000),
        (FEE, Decimal("-0.1")),
        (FEE, Decimal("0.0000001")),
        (FEE, Decimal(100_000_000)),
    ],
)
def test_an_impossible_figure_in_a_file_is_found(cell: str, value: int | Decimal):
    """
    A5 names the cell.
    """
    made = printing(published(report()), {cell: value})

    assert [(cell,)] == [finding.cells for finding in found(made, "A5")]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (RECEIVED, 999_999_999),
        (RECEIVED, Decimal(12)),
        (FEE, Decimal(99999999)),
        (FEE, Decimal("0.000001")),
        (FEE, 0),
    ],
)
def test_the_largest_and_smallest_possible_figures_are_no_finding(cell: str, value: int | Decimal):
    """
    The near misses of A5.
    """
    made = printing(published(report()), {cell: value})

    assert [] == found(made, "A5")


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_number_is_impossible(value: Decimal):
    """
    A file may hold anything; such a fee is told, and nothing breaks on it.
    """
    (finding,) = found(printing(published(report()), {FEE: value}), "A5")

    assert (FEE,) == finding.cells


def test_a_conversation_has_no_impossible_figures_and_no_blanks():
    """
    There such input is refused at once, and a gap is a gap.
    """
    made = replace(report({RECEIVED: -1}), blank=frozenset({FEE}))

    assert [] == found(made, "A5", "A6")


def test_blanks_are_told_once_a_table_and_count_as_zero():
    """
    A6 lists them; A1 to A4 take them as 0.
    """
    blank = frozenset({CARRIED_OVER, FORWARD, FEE})
    made = published(report({RECEIVED: 3, DISCLOSED: 3}))
    made = replace(made, answers=made.answers.changed(dict.fromkeys(blank)), blank=blank)

    findings = found(made, *ARITHMETIC)

    assert [("A6", (FEE,)), ("A6", (CARRIED_OVER, FORWARD))] == [
        (finding.id, finding.cells) for finding in findings
    ]


# --------------------------------------------------------------- B: plausibility


@pytest.mark.parametrize("row", [DOCUMENTS, RULES])
@pytest.mark.parametrize(("in_force", "expected"), [(0, 1), (1, 0)])
def test_what_was_issued_and_not_repealed_is_in_force(row: str, in_force: int, expected: int):
    """
    B1: 3 issued, 2 repealed, at least 1 in force.
    """
    made = report(
        {f"{row}.issued": 3, f"{row}.repealed": 2, f"{row}.in_force": in_force},
        organ="海口市人民政府",
    )

    assert expected == len(found(made, "B1"))


@pytest.mark.parametrize(
    ("organ", "expected"),
    [
        ("临江镇人民政府", 1),
        ("定安县人民政府", 1),
        ("定安县教育局", 1),
        ("海口市人民政府", 0),
        ("某研究院", 0),
    ],
)
def test_only_organs_that_cannot_make_rules_are_asked_about_them(organ: str, expected: int):
    """
    B2 is silent where the level is unknown.
    """
    made = report({f"{RULES}.in_force": 2}, organ=organ)

    assert [(f"{RULES}.in_force",)] * expected == [f.cells for f in found(made, "B2")]


@pytest.mark.parametrize(
    ("upheld", "received", "expected"), [(6, 5, 1), (5, 4, 0), (6, 6, 0), (6, 0, 1)]
)
def test_more_disputes_than_requests_are_a_hint(upheld: int, received: int, expected: int):
    """
    B4, from more than 5 on.
    """
    made = report(
        {"review.litigation.direct.upheld": upheld, RECEIVED: received, DISCLOSED: received}
    )

    assert expected == len(found(made, "B4"))


def test_a_report_may_set_its_own_threshold():
    """
    What is marked [ours] is a setting.
    """
    made = report({"review.litigation.direct.upheld": 6})

    assert [] == found(replace(made, settings={"B4.above": 10}), "B4")


@pytest.mark.parametrize(
    ("settings", "expected"), [({}, 0), ({"B5.township": 300}, 1), ({"B5.times": 50}, 1)]
)
def test_what_fee_is_suspected_is_a_setting(settings: dict[str, int], expected: int):
    """
    The limits by level in 万元, and how many times last year's.
    """
    last = report({FEE: Decimal(5)}, year=2022)
    made = replace(report({FEE: Decimal(300)}), last_year=last, settings=settings)

    assert expected == len(found(made, "B5"))


@pytest.mark.parametrize(
    ("organ", "fee", "last", "expected"),
    [
        ("临江镇人民政府", Decimal(10_000), None, 1),
        ("临江镇人民政府", Decimal("9999.99"), None, 0),
        ("定安县教育局", Decimal(35_000), None, 1),
        ("定安县人民政府", Decimal(35_000), None, 0),
        ("定安县人民政府", Decimal(1_000_000), None, 1),
        ("海口市人民政府", Decimal(1_000_000), None, 0),
        ("海口市人民政府", Decimal(350), Decimal("3.5"), 1),
        ("海口市人民政府", Decimal(349), Decimal("3.5"), 0),
        ("海口市人民政府", Decimal(349), Decimal(0), 0),
    ],
)
def test_a_fee_in_yuan_is_suspected(organ: str, fee: Decimal, last: Decimal | None, expected: int):
    """
    B5: 元 where 万元 is asked is the commonest mistake.
    """
    made = report({FEE: fee}, organ=organ)
    if last is not None:
        made = replace(made, last_year=report({FEE: last}, organ=organ, year=2022))

    assert expected == len(found(made, "B5"))


# ------------------------------------------------------------------ explanations


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "核实无误",
        "情况属实",
        "无误",
        "属实。",
        "清理",
        "机构改革",
        "！！！！！！！！",
        "无误无误无误无误",
        "哈哈哈哈哈哈哈哈",
        "经我单位认真核实，数据准确无误。",
        "上述情况属实，特此说明",
        "已与台账核对一致",
        "asdfghjkl",
        "1234567890",
        "补录旧文件",
        "补录旧，核实无误",
        "补录旧文，补录旧文",
        "这里写错了，应该是2025年",
        "2024年写错了，应为2025年",
        "忘记改年份了，不好意思",
        "把第一段里面的2024年全部改成2025年",
        "请把结转6件改为293件",
        "请问这个数应该在哪里改呢",
        "这个不太明白，是指收到的申请吗？",
        "先放一放，继续填后面的",
        "明天问了统计的同事再填",
    ],
)
def test_an_assurance_is_no_reason(reason: str):
    """
    W passes with a reason, not with the word of somebody that all is well.
    """
    assert not reason_is_enough(reason)


@pytest.mark.parametrize(
    "reason",
    [
        "2022年制发的3件规范性文件已于本年清理废止",
        "机构改革划入3件",
        "单位确为万元，含土地出让相关收费",
        "上年漏统1件",
        "有2件是补录的旧文件",
        "补录旧文件一",
        "补录旧文，属实",
        "上年填错了，今年按台账统计",
        "2024年报告笔误，已更正公开",
        "申请人写错了收件单位，转办后计入",
        "收费方式由差额改为全额",
        "请示县政府后改按申请登记",
        "平台没有改版，访问量下降",
    ],
)
def test_a_real_reason_is_accepted(reason: str):
    """
    Short ones too.
    """
    assert reason_is_enough(reason)


def test_an_explanation_holds_for_these_numbers_only():
    """
    When a figure changes, the reason given for the old one no longer counts.
    """
    made = report({f"{DOCUMENTS}.issued": 3})
    (finding,) = found(made, "B1")
    reason = Explanation("B1", finding.cells, finding.key, "上年漏统1件", "u1", "")
    told = replace(made, explanations=(reason,))
    changed = replace(told, answers=told.answers.changed({f"{DOCUMENTS}.issued": 4}))

    assert explained(told, finding)
    assert not explained(changed, found(changed, "B1")[0])


# ------------------------------------------------------------------- the whole


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_report_of_zeros_breaks_no_rule(form: Form):
    """
    In a conversation and printed.
    """
    made = report(form=form)

    assert () == check_report(made)
    assert () == check_report(published(made))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_table_of_rules_lists_each_rule_and_grade_once(form: Form):
    """
    For `nianbao form --json`.
    """
    table = checks_table(form.edition)

    assert len(table) == len({(rule, grade) for rule, grade, _ in table})
    assert all(text.endswith("。") for _, _, text in table)


def test_the_older_edition_lists_the_rules_that_apply_to_it():
    """
    It has no figures of documents in force and no fee.
    """
    newer = {rule for rule, _, _ in checks_table(ANNUAL_REPORT_2021.edition)}
    older = {rule for rule, _, _ in checks_table(ANNUAL_REPORT_2019.edition)}

    assert {"B1", "B5", "C2"} == newer - older
    assert {*ARITHMETIC, "B1", "B2", "B4", "B5", *(f"N{n}" for n in range(1, 7))} <= newer


def test_a_changed_figure_runs_the_checks_that_hang_on_it():
    """
    And finds what the whole report finds of it.
    """
    made = report({RECEIVED: 3, DISCLOSED: 5, FORWARD: None, f"{DOCUMENTS}.issued": 3})

    assert {"A1"} == {f.id for f in check_items(made, (DISCLOSED,))}
    assert {"B1"} == {f.id for f in check_items(made, (f"{DOCUMENTS}.in_force",))}
    assert () == check_items(made, (FEE,))


def test_the_finding_told_first_does_not_hang_on_the_order_of_what_changed():
    """
    A set of items has another order in every process; what a clerk is told has not.
    """
    made = report({RECEIVED: 3, DISCLOSED: 5, FORWARD: None, f"{DOCUMENTS}.issued": 3})
    whole = [finding for finding in check_report(made) if finding.id in ("A1", "B1")]

    for items in itertools.permutations((DISCLOSED, f"{DOCUMENTS}.in_force")):
        assert whole == list(check_items(made, items))


@st.composite
def consistent(draw: st.DrawFn, form: Form = ANNUAL_REPORT_2021) -> Report:
    """
    Random figures that add up: what is received is what was answered and carried forward.
    """
    cells: dict[str, int | Decimal] = {}
    number = st.integers(0, 40)
    outcomes = [
        line.id
        for line in form.lines.values()
        if line.id.startswith("requests.outcome.") and line.kind is LineKind.ASKED
    ]
    for column in draw(st.sets(st.sampled_from(APPLICANTS), max_size=3)):
        answered = {
            row: draw(number) for row in draw(st.sets(st.sampled_from(outcomes), max_size=4))
        }
        forward = draw(st.integers(0, 5))
        over = draw(st.integers(0, sum(answered.values()) + forward))
        cells |= {f"{row}.{column}": value for row, value in answered.items()}
        cells[f"requests.carried_forward.{column}"] = forward
        cells[f"requests.carried_over.{column}"] = over
        cells[f"requests.received.{column}"] = sum(answered.values()) + forward - over
    for block in ("reconsideration", "litigation.direct", "litigation.after_reconsideration"):
        cells[f"review.{block}.{draw(st.sampled_from(RESULTS))}"] = draw(number)
    return report(cells, form=form)


@settings(max_examples=60)
@given(consistent())
def test_figures_that_add_up_have_no_arithmetic_finding(made: Report):
    """
    In a conversation and printed with their totals.
    """
    assert [] == found(made, *ARITHMETIC)
    assert [] == found(published(made), *ARITHMETIC)


@settings(max_examples=60)
@given(consistent(), st.sampled_from(sorted(ANNUAL_REPORT_2021.sums)), st.integers(1, 9))
def test_one_wrong_total_is_one_finding_with_its_consequences(made: Report, total: str, by: int):
    """
    The first finding points at the cell; all others only follow from it.
    """
    file = published(made)
    value = Figures(made.form, made.answers).computed(total)
    assert value is not None

    findings = found(printing(file, {total: value + by}), *ARITHMETIC)

    assert total in findings[0].cells
    assert {value, value + by} == {findings[0].left, findings[0].right}
    assert [None] == [finding.follows for finding in findings if finding.follows is None]
    row = total.rsplit(".", 1)[0]
    block = "A4" if row.startswith("review.") else "A3"
    expected = "A2" if row == "requests.outcome.total" else block
    assert expected == findings[0].id


@settings(max_examples=40)
@given(consistent(), st.sampled_from(sorted(ANNUAL_REPORT_2021.asked)), st.integers(1, 9))
def test_the_checks_of_a_cell_find_what_the_whole_finds_because_of_it(
    made: Report, cell: str, by: int
):
    """
    Nothing hangs on a figure that is not run when it changes.
    """
    value = made.answers.number(cell) or 0
    changed = replace(made, answers=made.answers.changed({cell: value + by}))

    news = set(check_report(changed)) - set(check_report(made))

    assert news <= set(check_items(changed, (cell,)))


def test_every_row_and_block_has_its_total_checked():
    """
    25 rows and 3 blocks, the other edition's row beside them.
    """
    checked = {c.total for c in checks_of(ANNUAL_REPORT_2021.edition) if type(c) is Total}

    totals = {line.total.id for line in ANNUAL_REPORT_2021.lines.values() if line.total}

    assert 28 == len(totals)
    assert totals | {f"{SINGLE_ROW}.total"} == checked


# ---------------------------------------------------------- three published reports


@pytest.mark.parametrize("name", ["leimingzhen-2023", "hongze-2023", "shuyang-development-2023"])
def test_a_published_report_has_the_findings_known_of_it_and_no_others(examples: Path, name: str):
    """
    All that needs no look at the file itself; a false alarm would be seen here.
    """
    made, known = example(examples, name)
    wanted = [e for e in known["must"] if e["id"][0] != "F" or e["id"] == "F5"]

    findings = check_report(made)

    assert [] == [e for e in wanted if not any(matches(f, e) for f in findings)]
    assert [] == [
        f for f in findings if not any(matches(f, e) for e in (*known["must"], *known["may"]))
    ]


def test_the_level_changes_what_is_asked_for():
    """
    工作考核、社会评议和责任追究 concern governments, not their bureaus.
    """
    text = "主动公开、依申请公开、信息管理、平台建设和监督保障都已落实。"

    towns = found(report(overview=text), "N3")
    bureaus = found(report(overview=text, organ="定安县教育局"), "N3")
    unknown = found(report(overview=text, level=Level.UNKNOWN), "N3")

    assert ([Grade.H], [], []) == ([f.grade for f in towns], bureaus, unknown)
