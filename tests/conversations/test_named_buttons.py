"""
No sentence names a button that there is not.
"""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

from conversations import wording
from conversations.checks.findings import Report
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.talk.triggers import Trigger
from conversations.wording import talk
from tests.conftest import ROOT
from tests.dialogue import Clerk, verb_of, whole
from tests.named_buttons import NAMED, missing_buttons
from tests.test_wording_is_free import said


def labels() -> Iterator[str]:
    """
    Every constant of the wording, a button's label among them.
    """
    for module in pkgutil.iter_modules(wording.__path__):
        for value in vars(importlib.import_module(f"conversations.wording.{module.name}")).values():
            if isinstance(value, str):
                yield value
            elif isinstance(value, dict):
                yield from (label for label in value.values() if isinstance(label, str))


@pytest.mark.parametrize("source", ["wording", "guide-staff"])
def test_what_is_to_be_tapped_is_a_label(source: str):
    """
    Of some card; a button that was renamed lives on in no sentence and in no guide.
    """
    is_guide = source.startswith("guide")
    text = (ROOT / f"docs/{source}.md").read_text() if is_guide else said("conversations/wording")
    known = list(labels())

    assert NAMED.findall(text)
    assert [] == [n for n in NAMED.findall(text) if not any(k.startswith(n) for k in known)]


def test_what_the_county_is_to_tap_is_said_somewhere():
    """
    Its buttons often count something: «提醒这 … 人».
    """
    named = NAMED.findall((ROOT / "docs/guide-county.md").read_text())
    known = said("conversations/wording").splitlines()

    assert named
    beginnings = [name.partition("…")[0] for name in named]
    assert [] == [n for n in beginnings if not any(k.startswith(n) for k in known)]


def test_a_named_button_that_is_not_there_is_seen():
    """
    By its name, its beginning, or as a button at all; the help is about all cards.
    """
    named = f"点「{talk.DONE_TEXT}」"

    assert [talk.DONE_TEXT] == list(missing_buttons(named, [talk.REWRITE]))
    assert [] == list(missing_buttons(named, [talk.DONE_TEXT]))
    assert ["按钮"] == list(missing_buttons(talk.ANSWER_FIRST, []))
    assert [] == list(missing_buttons(talk.HELP, []))


def check(clerk: Clerk) -> None:
    """
    Everything the last turn named can be tapped.
    """
    shown = [button.label for said in clerk.said for row in said.buttons for button in row]
    assert [] == list(missing_buttons(clerk.text, shown))


def test_a_text_that_stands_is_not_taken_from_last_year_but_can_be_rewritten_at_once():
    """
    The old button of a draft says so and brings the one that it names.
    """
    last = Report(FORM, "雷鸣镇人民政府", 2024, whole())
    clerk = Clerk(answers=whole(without=("overview",)), last_year=last).opens().taps("一、")
    draft = clerk.button(Trigger.USE_LAST_TEXT).id
    clerk.types("本机关依法公开政府信息。").presses(draft)

    check(clerk)
    assert "本机关依法公开政府信息。" == clerk.figure("overview")
    clerk.taps(Trigger.REWRITE)
    assert talk.ANEW in clerk.card.text


def test_a_year_that_cannot_be_is_asked_for_with_the_buttons_of_the_years():
    """
    From wherever /year is sent.
    """
    clerk = Clerk().opens().commands("year", "2035")

    check(clerk)
    assert Trigger.YEAR in {
        verb_of(button) for said in clerk.said for row in said.buttons for button in row
    }


def test_the_whole_of_a_text_is_not_removed_and_what_is_sent_replaces_it():
    """
    As the sentence says, also where the tap came from elsewhere.
    """
    clerk = Clerk(answers=whole({"other_matters": "无。"})).opens()
    clerk.presses(f"ps:{clerk.form.number['other_matters']}")
    clerk.taps("无。")
    remove = clerk.button(Trigger.REMOVE).id
    clerk.commands("menu").presses(remove)
    assert "无。" == clerk.figure("other_matters")

    clerk.types("没有其他需要报告的事项，也没有收取信息处理费。")

    assert "没有其他需要报告的事项，也没有收取信息处理费。" == clerk.figure("other_matters")


def test_nothing_is_behind_more_where_there_is_nothing_more():
    """
    Where the organ is asked for, there are no buttons at all.
    """
    assert [] == Clerk(organ="", year=0).opens().labels


@pytest.mark.parametrize(
    "left", [(), ("overview",), ("requests",), ("requests", "review", "overview")]
)
def test_the_final_button_counts_as_the_line_above_it(left: tuple[str, ...]):
    """
    Its first part, in the same words and number.
    """
    answers = whole(without=left) if left else whole({"overview": "待补充"})
    clerk = Clerk(answers=answers).opens().commands("menu")
    (label,) = [label for label in clerk.labels if label.startswith(talk.MAKE_FINAL)]
    part = label.removeprefix(talk.MAKE_FINAL).strip("（）").removesuffix("等")

    assert part in clerk.card.text.replace(label, "")


@pytest.mark.parametrize("typed", ["行政许可 ２９５件", "规章\t1\t0\t5", "行政许可：12"])
def test_a_figure_of_a_row_nobody_asked_for_is_not_taken_but_the_row_can_be_opened(typed: str):
    """
    Nothing is stored, and the row that was named has its button.
    """
    clerk = Clerk(answers=whole(without=("proactive_disclosure",))).opens().commands("menu")

    clerk.types(typed)

    assert {} == clerk.stored
    (button,) = [button for said in clerk.said[:-1] for row in said.buttons for button in row]
    assert typed.startswith(button.label)


def test_a_section_is_found_by_its_number_before_the_rows_that_have_it_too():
    """
    And where more are named than are shown, that is said.
    """
    clerk = Clerk().opens().commands("menu").types("三、")

    buttons = [button for said in clerk.said[:-1] for row in said.buttons for button in row]
    assert Trigger.SECTION is verb_of(buttons[0])
    assert any(said.text.endswith(talk.more_hits(23)) for said in clerk.said)


@pytest.mark.parametrize("word", ["返回", "同去年", "完成", "跳过"])
def test_a_word_for_a_button_that_is_not_there_is_not_searched_for(word: str):
    """
    It is said that there are only buttons here.
    """
    assert talk.NOT_HERE in Clerk().opens().commands("menu").types(word).text


@pytest.mark.parametrize("word", ["对", "不对", "是的", "新收", "行政许可"])
def test_a_yes_a_no_or_the_name_of_a_row_is_no_text(word: str):
    """
    Neither alone nor behind what was written.
    """
    clerk = Clerk(answers=whole(without=("overview",))).opens().taps("一、").types(word)
    assert clerk.refused
    clerk.types("本机关依法公开政府信息。", word)
    assert clerk.refused
    assert "本机关依法公开政府信息。" == clerk.figure("overview")
