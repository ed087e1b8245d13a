"""The fact sheet: sentences that the figures make, chosen, confirmed, kept in step."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.checks import check_report
from conversations.checks.findings import Finding, Report
from conversations.form import FORMS
from conversations.form.answers import Answers, Value
from conversations.form.local_notice import LOCAL_CELLS, NOTHING, form_of
from conversations.form.model import Fact, Form, FormError, Measure
from conversations.talk.facts import facts_of, spelled
from conversations.talk.session import Asking, Session, State
from conversations.talk.triggers import Trigger
from conversations.wording import talk as wording
from tests.dialogue import TODAY, TOWN, Clerk, id_of, whole

OVERVIEW = "overview"
CLOSED_CELLS = {
    "requests.received.natural_person": 3,
    "requests.carried_over.natural_person": 1,
    "requests.outcome.disclosed.natural_person": 4,
}


def clerk_at(item: str = OVERVIEW, changes: dict[str, Value] | None = None) -> Clerk:
    """
    A clerk whose figures are all there, asked for the text of a section.
    """
    figures = {**CLOSED_CELLS, **(changes or {})}
    clerk = Clerk(answers=whole(figures, without=[item])).opens()
    return clerk.presses(id_of(clerk.form, "o", item))


def told(clerk: Clerk) -> tuple[str, ...]:
    """
    The sentences offered now.
    """
    return facts_of(clerk.session, clerk.form.section[clerk.at[1]])


def contradictions(form: Form, answers: dict[str, Value]) -> list[Finding]:
    """
    What N2 says of a report.
    """
    report = Report(form, TOWN, 2025, Answers(answers))
    return [finding for finding in check_report(report) if finding.id == "N2"]


def test_a_sentence_is_written_only_when_it_is_confirmed():
    """
    One tap chooses it, marked; the yes writes it into the text; then the text goes on.
    """
    clerk = clerk_at().taps(Trigger.FACTS)
    first, *_, last = told(clerk)

    clerk.taps(Trigger.FACT)
    assert clerk.figure(OVERVIEW) is None
    clerk.presses([b.id for b in clerk.ever.values() if b.id.startswith("fc:")][-1])
    assert clerk.card.text.count("待确认") == 2
    clerk.taps(Trigger.YES)

    assert clerk.figure(OVERVIEW) == first + last
    assert clerk.at == (State.NARRATIVE, OVERVIEW)
    clerk.types("以上情况均已公开。")
    assert clerk.figure(OVERVIEW) == f"{first}{last}\n以上情况均已公开。"


def test_what_was_sent_before_stays_before_it():
    """
    The sheet is opened in the middle of a text, and a number is typed instead of a tap.
    """
    clerk = clerk_at().types("一、基本情况。", order=10).taps(Trigger.FACTS)
    sentence = told(clerk)[1]

    clerk.types("2").types("对").types("另有说明。", order=12)
    assert clerk.figure(OVERVIEW) == f"一、基本情况。\n{sentence}\n另有说明。"

    clerk.types("一、今年情况。", order=10)
    assert clerk.figure(OVERVIEW) == f"一、今年情况。\n{sentence}\n另有说明。"


def test_a_text_sent_instead_is_the_text():
    """
    Nobody has to leave the sheet first; a number that is none of its own is refused.
    """
    clerk = clerk_at().taps(Trigger.FACTS).types("99")
    assert clerk.refused

    clerk.types("本年政府信息公开工作平稳有序。")

    assert clerk.figure(OVERVIEW) == "本年政府信息公开工作平稳有序。"
    assert clerk.at == (State.NARRATIVE, OVERVIEW)


def test_what_stands_in_a_text_is_not_offered_again():
    """
    In none of the sections that could have it.
    """
    clerk = clerk_at().taps(Trigger.FACTS)
    sentence = told(clerk)[0]
    clerk.taps(Trigger.FACT, Trigger.YES, Trigger.FACTS)

    assert sentence not in told(clerk)
    clerk.taps(Trigger.NO)
    assert clerk.figure(OVERVIEW) == sentence


def test_a_figure_that_changes_before_the_yes_is_shown_anew():
    """
    A colleague has changed it: nothing is written of what nobody has seen.
    """
    clerk = clerk_at().taps(Trigger.FACTS, Trigger.FACT)
    answers = clerk.session.answers.changed({"proactive_disclosure.normative_documents.issued": 5})
    clerk.session = replace(clerk.session, answers=answers)

    clerk.taps(Trigger.YES)

    assert clerk.figure(OVERVIEW) is None
    assert clerk.at[0] is State.CONFIRM
    assert told(clerk)[0] in clerk.text


def test_a_figure_that_changes_afterwards_offers_the_change():
    """
    The old and the new figure are told, and one tap puts the sentence right.
    """
    row = "proactive_disclosure.licensing"
    clerk = clerk_at(changes={f"{row}.decisions": 28}).taps(Trigger.FACTS)
    place = next(n for n, said in enumerate(told(clerk), 1) if "28件" in said)
    clerk.types(str(place)).taps(Trigger.YES, Trigger.DONE_TEXT)

    clerk.presses(id_of(clerk.form, "o", row)).types("31")

    assert clerk.at[0] is State.FINDING
    assert "28" in clerk.button(Trigger.MEND).label
    assert "28件" in str(clerk.figure(OVERVIEW))
    clerk.taps(Trigger.MEND)
    assert "31件" in str(clerk.figure(OVERVIEW))
    assert not contradictions(clerk.form, dict(clerk.session.answers))


def test_a_sentence_that_changed_is_told_as_it_is_now_and_no_other():
    """
    Of two that are nearly the same; one that stands in a text by now is not written again.
    """
    notice = NOTHING.asking("政务微信", "条").asking("县政务微信", "条")
    first, second = LOCAL_CELLS[:2]
    answers = whole({first: 5, second: 5}, without=[OVERVIEW])
    clerk = Clerk(form=form_of("2021", notice), answers=answers).opens()
    clerk.presses(id_of(clerk.form, "fs", OVERVIEW))
    place = told(clerk).index("政务微信5条。") + 1
    clerk.types(f"{place} {place + 1}")
    changes: dict[str, Value | None] = {
        first: 6,
        "other_matters": "今年县政务微信 5 条。无其他事项。",
    }
    clerk.session = replace(clerk.session, answers=clerk.session.answers.changed(changes))

    clerk.taps(Trigger.YES)

    assert "「政务微信5条。」→「政务微信6条。」" in clerk.said[0].text
    assert clerk.figure(OVERVIEW) is None
    assert "政务微信6条。" in told(clerk)
    assert "今年" not in clerk.said[0].text

    clerk.session = replace(
        clerk.session, answers=clerk.session.answers.changed({"other_matters": "县政务微信6条。"})
    )
    assert "政务微信6条。" in told(clerk)
    assert "县政务微信5条。" not in told(clerk)


def test_a_sentence_of_old_figures_is_mended_and_not_offered_beside():
    """
    Nobody gets the same sentence twice, with two figures.
    """
    clerk = clerk_at().taps(Trigger.FACTS).types("1").taps(Trigger.YES, Trigger.DONE_TEXT)
    issued = {"proactive_disclosure.normative_documents.issued": 5}
    clerk.session = replace(clerk.session, answers=clerk.session.answers.changed(issued))

    clerk.presses(id_of(clerk.form, "fs", OVERVIEW))

    assert not any("规范性文件" in sentence for sentence in told(clerk))


@pytest.mark.parametrize("said", ["第一句", "前三句", "1-3", "100", "1对", "选1"])
def test_a_few_words_are_meant_for_the_sheet(said: str):
    """
    They are no text of a section, and the sheet stays.
    """
    clerk = clerk_at().taps(Trigger.FACTS).types("1").types(said)

    assert clerk.refused
    assert clerk.figure(OVERVIEW) is None
    assert clerk.session.place.pending
    assert len(clerk.session.place.pending.chosen) == 1


@pytest.mark.parametrize("said", ["全部", "都要", "1和2、3；4/5 6 7"])
def test_all_of_them_can_be_typed(said: str):
    """
    And the label of the button that confirms, too.
    """
    clerk = clerk_at().taps(Trigger.FACTS)
    sentences = told(clerk)

    clerk.types(said).types("确认写入")

    assert clerk.figure(OVERVIEW) == "".join(sentences)


def test_an_edited_message_is_the_texts_also_while_the_sheet_is_open():
    """
    However short it is.
    """
    clerk = clerk_at().types("今年情况良好。", order=10).taps(Trigger.FACTS)

    clerk.types("情况良好", order=10)

    assert clerk.figure(OVERVIEW) == "情况良好"


def test_a_number_is_one_of_the_sheet_whatever_the_text_is_made_of():
    """
    Where messages have no numbers of their own, the text that stood is its first piece.
    """
    clerk = clerk_at().types("今年情况良好。").taps(Trigger.DONE_TEXT)
    clerk.presses(id_of(clerk.form, "fs", OVERVIEW)).types("1").taps(Trigger.YES, Trigger.FACTS)
    sentence = told(clerk)[0]

    clerk.types("1").taps(Trigger.YES)

    assert str(clerk.figure(OVERVIEW)).endswith(sentence)


def test_who_leaves_the_sheet_is_told_that_nothing_was_written():
    """
    As with everything that waits for a yes; a passage and an organ have places of their own.
    """
    for clerk in (
        clerk_at().taps(Trigger.FACTS).types("1", "取消"),
        clerk_at().taps(Trigger.FACTS).types("1").commands("menu"),
    ):
        assert clerk.at[0] is State.CONTENTS
        assert clerk.figure(OVERVIEW) is None
        assert clerk.said[0].text == wording.NOT_TAKEN[Asking.FACTS.value]

    elsewhere = {Asking.PASSAGE.value, Asking.ORGAN.value}
    assert {asking.value for asking in Asking} - elsewhere == wording.NOT_TAKEN.keys()


def test_nothing_is_no_text_to_write_under():
    """
    «无» and a sentence after it would contradict each other.
    """
    for end in ([], [Trigger.DONE_TEXT]):
        clerk = clerk_at("other_matters").types("无").taps(*end)
        clerk.presses(id_of(clerk.form, "fs", "other_matters"))
        sentence = told(clerk)[0]

        clerk.types("1").taps(Trigger.YES)

        assert clerk.figure("other_matters") == sentence


def test_a_text_does_not_grow_beyond_its_limit_by_the_sheet():
    """
    It stays as it is, and the sheet stays open.
    """
    text = "政" * 99_990 + "。"
    clerk = clerk_at().types(text).taps(Trigger.FACTS).types("全部").taps(Trigger.YES)

    assert clerk.refused
    assert clerk.figure(OVERVIEW) == text


def test_without_figures_there_is_no_sheet():
    """
    Who begins with the texts has no button; an old one says so.
    """
    clerk = Clerk().opens().presses(id_of(Clerk().form, "o", OVERVIEW))
    assert Trigger.FACTS not in clerk.verbs

    clerk.presses(id_of(clerk.form, "fs", OVERVIEW))

    assert clerk.at == (State.NARRATIVE, OVERVIEW)


@pytest.mark.long
@pytest.mark.parametrize("edition", FORMS)
@given(data=st.data())
def test_each_sentence_is_silent_when_true_and_speaks_of_every_figure(
    edition: str, data: st.DataObject
):
    """
    Whatever the figures: N2 finds nothing in it, and each figure that changes is found there.
    """
    form = FORMS[edition]
    counts = st.integers(0, 30)
    sizes = {
        cell.id: data.draw(counts) if cell.measure is not Measure.AS_PRINTED else "1"
        for cell in form.cells.values()
        if cell.id not in form.sums
    }
    answers: dict[str, Value] = {
        cell: Decimal(size) / 4 if form.cells[cell].measure is Measure.FEE else size
        for cell, size in sizes.items()
    }
    session = Session(form, TODAY, organ=TOWN, year=2025, answers=Answers(answers))
    section = form.section[data.draw(st.sampled_from([OVERVIEW, "other_matters"]))]
    sentences = spelled(session, section)
    text = "".join(sentences.values())
    assert sentences
    assert not contradictions(form, {**answers, section.id: text})

    fact = data.draw(st.sampled_from(list(sentences)))
    pieces = dict(form.spelled)[fact]
    group = data.draw(st.sampled_from([p for p in pieces if isinstance(p, tuple)]))
    moved = form.leaves.get(group[0], group)[0]
    changed = {**answers, section.id: text, moved: Decimal(answers[moved]) + 1}
    found = [f for f in contradictions(form, changed) if set(f.cells) == set(group)]
    assert len(found) == 1
    repair = found[0].repairs[0]
    now = spelled(replace(session, answers=Answers(changed)), section)[fact]
    assert now in text[: repair.start] + repair.instead[0] + text[repair.end :]


def test_an_amount_as_printed_can_be_answered():
    """
    An imported report of the form before is changed in the chat, too.
    """
    form = FORMS["2019"]
    clerk = Clerk(form=form, year=2019).opens()
    for line in ("normative_documents", "procurement"):
        clerk.presses(id_of(form, "o", f"proactive_disclosure.{line}")).types("0 0")
    clerk.presses(id_of(form, "zt", "proactive_disclosure"))

    assert clerk.figure("proactive_disclosure.procurement.amount") == "0"


@pytest.mark.parametrize("edition", FORMS)
def test_each_edition_has_the_figures_of_its_sentences(edition: str):
    """
    None is passed over; one for a section that is not there is no form at all.
    """
    form = FORMS[edition]
    assert [fact for fact, _ in form.spelled] == list(form.facts)

    with pytest.raises(FormError):
        replace(form, facts=(Fact("无。", ("nowhere",)),))
