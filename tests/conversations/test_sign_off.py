"""
Whole dialogues of sign-off: handed in, withdrawn, approved, returned, opened again, on paper.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from conversations.answers.agreed import Agreed, NotAgreed, read_agreed
from conversations.checks.findings import Report
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.organ import Level
from conversations.sign_off.rights import NOBODY, Action, Standing, transition
from conversations.sign_off.states import Deed, Reach, ReportState, Role
from conversations.sign_off.status import SignOff
from conversations.talk.cards import card
from conversations.talk.effects import Decide, Deliver, Save, Say, ShowPhoto
from conversations.talk.events import NotRead, Photographed, Tapped
from conversations.talk.machine import step
from conversations.talk.remarks import told_there
from conversations.talk.session import State
from conversations.talk.triggers import Trigger, knows_button
from conversations.wording import door as words
from conversations.wording import remarks as looking
from conversations.wording import sign_off as wording
from conversations.wording import talk
from conversations.wording.trail import FORGOTTEN
from tests.dialogue import ADMINISTRATOR, BOTH, CLERK, LEADER, TODAY, TOWN, Clerk, id_of, whole
from tests.dialogue import decided as as_decided

ALONE = Standing()
LEADERLESS = Standing(colleague=True)
ABOVE = replace(ADMINISTRATOR, reach=Reach.BELOW)
DISCLOSURE = "proactive_disclosure"
LINE = f"{DISCLOSURE}.licensing"
LICENSING = f"{LINE}.decisions"


def clerk(standing: Standing = CLERK, **answers: int) -> Clerk:
    """
    A clerk of an office with a leader, at the list of sections of a whole report.
    """
    return Clerk(answers=whole(answers), standing=standing, by="wang").opens()


def handed_in() -> Clerk:
    return clerk().taps(wording.SUBMIT)


def leader(of: Clerk) -> Clerk:
    return of.becomes(LEADER, "zhang").opens()


def decided(of: Clerk) -> list[Deed]:
    return [effect.deed for effect in of.shown if isinstance(effect, Decide)]


def delivered(of: Clerk) -> list[tuple[bool, int]]:
    return [(d.final, d.version) for d in of.shown if isinstance(d, Deliver)]


def state(of: Clerk) -> ReportState:
    return of.session.sign_off.state


ABOVE = Standing(frozenset({Role.ADMINISTRATOR}), Reach.BELOW, leader=True, colleague=True)


def test_an_administrator_above_sees_where_it_stands_and_opens_it_again():
    """
    With a reason; before the decision and afterwards there is nothing for them but to look.
    """
    wang = handed_in()
    above = wang.becomes(ABOVE, "county").opens()
    steps = {*wording.DEEDS.values()}
    assert State.SIGN_OFF is above.at[0]
    assert steps.isdisjoint(above.labels)
    assert looking.LOOK in above.labels

    zhang = leader(wang).taps(wording.APPROVE)
    above = zhang.becomes(ABOVE, "county").opens()
    assert {wording.REOPEN, wording.PUBLISHED} == steps & {*above.labels}
    above.taps(looking.LOOK)
    assert State.LOOK is above.at[0]
    above.opens().presses("reo").types("好的")
    assert ReportState.APPROVED is state(above)
    above.types("数字与台账不符")
    assert ReportState.OPEN is state(above)
    assert wording.REOPENED_FOR_OTHERS in above.text
    assert steps.isdisjoint(above.labels)
    above.types("3", item=LICENSING)
    assert 3 != above.session.answers.get(LICENSING)


# ------------------------------------------------------------------- handing in


def test_a_report_is_handed_in_where_the_document_was_made():
    """
    One tap; the file to print comes with it, and the card says who, when, which version.
    """
    wang = clerk()

    wang.taps(wording.SUBMIT)

    assert [Deed.SUBMIT] == decided(wang)
    assert [(False, -1)] == delivered(wang)
    assert State.SIGN_OFF is wang.at[0]
    assert wang.session.fingerprint in wang.text
    assert {wording.WITHDRAW, wording.OFF_LINE, wording.SUBMITTED_FILE} <= set(wang.labels)


def test_a_gap_keeps_a_report_from_being_handed_in():
    """
    The button names it, as that of the document does.
    """
    wang = Clerk(answers=whole(without=[LICENSING]), standing=CLERK).opens()

    assert any(label.startswith(f"{wording.SUBMIT}（") for label in wang.labels)
    wang.presses("sub")

    assert [] == decided(wang)
    assert ReportState.OPEN is state(wang)
    assert State.REVIEW is wang.at[0]


def test_title_and_signature_come_before():
    """
    As before a document; then it is handed in.
    """
    wang = Clerk(answers=whole(without=["title"]), standing=CLERK).opens().presses("sub")

    assert State.WORDING is wang.at[0]
    wang.taps(Trigger.ALL_DEFAULT)
    wang.taps(wording.SUBMIT)
    assert [Deed.SUBMIT] == decided(wang)


def test_the_final_document_is_not_to_be_had_before_the_leader_agrees():
    """
    An old button, or the word: nothing is final, and it is said what comes first.
    """
    wang = clerk().presses("fin")

    assert [] == delivered(wang)
    assert wording.HAND_IN_FIRST in wang.text
    assert not wang.session.final


def test_a_lone_clerk_meets_nothing_of_it():
    """
    No button; a made up one, or the word, changes nothing.
    """
    wang = clerk(ALONE)
    assert not set(wording.DEEDS.values()) & set(wang.labels)

    for word in wording.DEEDS.values():
        wang.types(word)
        assert [] == decided(wang)
    for verb in ("sub", "wd", "apr:12345678", "ret:12345678", "reo", "ofl", "ver", "pho"):
        wang.presses(verb)
        assert [] == decided(wang)
        assert [] == delivered(wang)
    assert Trigger.FINAL in wang.verbs


OF_A_LEADER = [
    *("领导", "审阅", "批注", words.ROLES["leader"], wording.SUBMIT, wording.WITHDRAW),
    *(wording.APPROVE, wording.RETURN, wording.OFF_LINE),
]


def alone() -> Iterator[Clerk]:
    """
    A lone clerk with an open report, a whole one, a final document, a publication that could
    not be compared, a reopening, and something changed since.
    """
    yield Clerk().opens()
    wang = clerk(ALONE)
    yield wang
    yield wang.taps(Trigger.FINAL)
    wang.presses("pub").does(NotRead("a.html", "x", "http://www.town.gov.cn/a.html"))
    assert ReportState.PUBLISHED is state(wang)
    yield wang
    yield wang.taps(Trigger.NOT_PUBLISHED)
    yield wang.presses("so")
    wang.presses("reo")
    yield wang
    yield wang.types("有一处笔误")
    yield wang.presses("so")
    assert ReportState.OPEN is state(wang)
    yield wang.types("5", item=LICENSING)


def test_a_lone_clerk_reads_no_word_of_a_leader():
    """
    In every state of the report, on every card that its buttons lead to.
    """
    seen = set()
    for wang in alone():
        waiting = [wang.session]
        tried: set[tuple[State, str]] = set()
        while waiting:
            session = waiting.pop()
            said = [card(session, every=True), *(e for e in wang.shown if isinstance(e, Say))]
            for id_ in [b.id for row in said[0].buttons for b in row]:
                if (one := (session.place.state, id_.partition(":")[0])) not in tried:
                    tried.add(one)
                    after, effects = step(session, Tapped(id_))
                    said += [effect for effect in effects if isinstance(effect, Say)]
                    waiting.append(after)
            shown = "\n".join(
                text for s in said for text in (s.text, *(b.label for r in s.buttons for b in r))
            )
            assert not [word for word in OF_A_LEADER if word in shown], shown
            seen.add((session.place.state, state(wang)))
    assert {State.DONE, State.REVIEW, State.SIGN_OFF, State.PUBLISH, State.CONTENTS} <= {
        at for at, _ in seen
    }
    assert (State.DONE, ReportState.PUBLISHED) in seen


# ----------------------------------------------------------------------- locked


@pytest.mark.parametrize(
    "way",
    [
        lambda c: c.presses(id_of(c.form, "z", LICENSING)),
        lambda c: c.types("5", item=LICENSING),
        lambda c: c.presses(id_of(c.form, "o", LICENSING)).types("5"),
        lambda c: c.presses(id_of(c.form, "rw", "overview")).types(
            "另写一段总体情况，内容有所不同。"
        ),
        lambda c: c.presses("def"),
        lambda c: c.presses("lv:1"),
        lambda c: c.presses("rsty"),
        lambda c: c.commands("restart").presses("rsty"),
        lambda c: c.types("表三\n自然人\t1\t2"),
    ],
)
def test_nothing_that_was_handed_in_can_be_changed(way):
    """
    Old buttons, edits, replies, texts: refused, and the way out stands below.
    """
    wang = handed_in()
    before = dict(wang.session.answers)
    saved = len(wang.saved)

    way(wang)

    assert before == dict(wang.session.answers)
    assert saved == len(wang.saved)
    assert ReportState.SUBMITTED is state(wang)


def test_beginning_anew_is_not_even_asked_about_what_is_locked():
    """
    The way out is said at once.
    """
    wang = handed_in().commands("restart")

    assert wording.LOCKED[ReportState.SUBMITTED] in wang.text
    assert State.RESTART is not wang.session.place.state


@pytest.mark.parametrize("item", [LICENSING, LINE, "overview", "title", "signature"])
@pytest.mark.parametrize("standing", [CLERK, replace(CLERK, parts=frozenset({DISCLOSURE}))])
def test_what_is_locked_is_not_asked_for_by_an_old_button(standing: Standing, item: str):
    """
    Refused at the tap, with what stands there and the way out; an old button of any kind.
    """
    wang = handed_in().becomes(standing, "wang").opens().presses(id_of(clerk().form, "o", item))

    assert State.SIGN_OFF is wang.at[0]
    assert () == wang.asks
    assert wording.LOCKED[ReportState.SUBMITTED] in wang.text
    if there := told_there(wang.session, item):
        assert there in wang.text
    assert there or item == "signature"


OLD = ("s", "o", "ps", "pick", "rw", "fig", "txt", "go", "prev", "later", "intro", "es", "carry")


@pytest.mark.parametrize("standing", [CLERK, LEADER, ADMINISTRATOR, LEADERLESS])
@pytest.mark.parametrize(
    "locked", [ReportState.SUBMITTED, ReportState.APPROVED, ReportState.PUBLISHED]
)
def test_nothing_is_asked_while_a_report_is_locked(standing: Standing, locked: ReportState):
    """
    Whatever old button of the list, a row, a figure or a text is tapped, by whoever works there.
    """
    deeds = {
        ReportState.SUBMITTED: ((Deed.SUBMIT, locked),),
        ReportState.APPROVED: ((Deed.RECORD_APPROVAL, locked),),
        ReportState.PUBLISHED: ((Deed.PUBLISH, locked),),
    }
    wang = handed_in().becomes(standing, "wang")
    for deed, led_to in deeds[locked]:
        then(wang, deed, led_to)
    form = wang.form
    numbers = ("", *(f":{form.number[item]}" for item in (LICENSING, LINE, DISCLOSURE, "overview")))
    for id_ in (f"{verb}{number}" for verb in OLD for number in numbers):
        if knows_button(wang.session, id_):
            wang.opens().presses(id_)
            assert () == wang.asks, id_
    assert [] == wang.saved


def test_a_card_of_a_locked_report_leads_to_what_is_looked_at():
    """
    The list of sections, its title, and what a search finds: nothing there is refused.
    """
    wang = handed_in().presses("menu").taps(talk.MORE)
    for label in (talk.WORDING, f"一、{wang.form.section['overview'].short}"):
        wang.taps(label)
        assert State.LOOK is wang.at[0]
        wang.presses("menu", "more")
    wang.types("行政许可").taps("行政许可")
    assert (State.LOOK, LINE) == wang.at
    assert wording.LOCKED[ReportState.SUBMITTED] not in wang.text


def test_who_may_not_write_is_not_asked_either():
    """
    A leader before the hand-in, by a button that somebody else was shown.
    """
    zhang = leader(clerk())
    zhang.presses(id_of(zhang.form, "o", LICENSING))

    assert () == zhang.asks
    assert wording.NOT_ALLOWED[Action.WRITE] in zhang.text


def test_a_refused_change_shows_the_way_out():
    """
    「撤回」 is one tap away, and leads back to the figure.
    """
    wang = handed_in().presses(id_of(clerk().form, "o", LICENSING)).types("5")

    assert wording.LOCKED[ReportState.SUBMITTED] in wang.text
    wang.taps(wording.WITHDRAW)
    assert ReportState.OPEN is state(wang)
    wang.types("5", item=LICENSING)
    assert 5 == wang.figure(LICENSING)


def test_withdrawing_leads_back_to_the_work():
    """
    And the next hand-in is a step of its own; the word does what the button does.
    """
    wang = handed_in().types(wording.WITHDRAW)

    assert [Deed.WITHDRAW] == decided(wang)
    assert State.REVIEW is wang.at[0]
    wang.types(wording.SUBMIT)
    assert [Deed.SUBMIT] == decided(wang)
    assert 3 == len(wang.session.sign_off.records)


def test_a_second_tap_hands_nothing_in_twice():
    """
    Two taps are one.
    """
    wang = handed_in().presses("sub")

    assert [] == decided(wang)
    assert 1 == len(wang.session.sign_off.records)


# ------------------------------------------------------------------- the leader


def test_a_leader_has_everything_in_one_message():
    """
    Who handed in what, the figures, two buttons that name the version.
    """
    zhang = leader(handed_in())

    assert State.SIGN_OFF is zhang.at[0]
    assert "王芳" in zhang.text
    assert zhang.session.fingerprint in zhang.text
    mark = zhang.session.fingerprint.replace("-", "").lower()
    assert [f"apr:{mark}", f"ret:{mark}"] == [b.id for b in zhang.card.buttons[0]]


def test_a_leader_agrees_to_the_version_that_was_handed_in():
    """
    One tap; the clerk has the document of the step with which it was handed in.
    """
    zhang = leader(handed_in()).taps(wording.APPROVE)

    assert [Deed.APPROVE] == decided(zhang)
    assert ReportState.APPROVED is state(zhang)
    wang = zhang.becomes(CLERK, "wang").opens()
    assert "张建国" in wang.text
    wang.taps(wording.FINAL_FILE)
    assert [(True, 1)] == delivered(wang)
    wang.presses("fin")
    assert [] == [final for final, version in delivered(wang) if not version]


def test_a_button_of_another_version_decides_nothing():
    """
    The clerk has withdrawn, changed a figure and handed in again: the present one is shown.
    """
    zhang = leader(handed_in())
    old = [b.id for b in zhang.card.buttons[0]]
    wang = zhang.becomes(CLERK, "wang").opens().taps(wording.WITHDRAW)
    wang.types("3", item=LICENSING)
    wang.presses("sub")
    again = wang.becomes(LEADER, "zhang")

    for id_ in old:
        again.presses(id_)
        assert [] == decided(again)
        assert wording.OTHER_VERSION in again.text
        assert again.session.fingerprint in again.text
    assert ReportState.SUBMITTED is state(again)


def test_the_word_agrees_to_what_was_shown_and_to_nothing_newer():
    """
    「同意」 of a leader who has seen the version before only shows what is there now.
    """
    zhang = leader(handed_in())
    place = zhang.session.place
    wang = zhang.becomes(CLERK, "wang").opens().taps(wording.WITHDRAW)
    wang.types("3", item=LICENSING)
    wang.presses("sub")
    again = wang.becomes(LEADER, "zhang")
    again.session = again.session.at(place)

    again.types(wording.APPROVE)
    assert [] == decided(again)
    again.types(wording.APPROVE)
    assert [Deed.APPROVE] == decided(again)


def test_a_return_without_remarks_asks_why():
    """
    The reason becomes a remark on the whole report, and the clerk can write again.
    """
    zhang = leader(handed_in()).taps(wording.RETURN)
    assert [] == decided(zhang)
    zhang.types("好的")
    assert zhang.refused
    zhang.types("处罚数请再核对一遍")

    assert [Deed.RETURN] == decided(zhang)
    wang = zhang.becomes(CLERK, "wang").presses("so")
    assert "处罚数请再核对一遍" in wang.text
    wang.types("3", item=LICENSING)
    assert 3 == wang.figure(LICENSING)


def test_a_reason_for_a_version_that_is_gone_is_for_nothing():
    """
    The clerk has withdrawn it while the leader wrote.
    """
    zhang = leader(handed_in()).taps(wording.RETURN)
    place = zhang.session.place
    wang = zhang.becomes(CLERK, "wang").opens().taps(wording.WITHDRAW)
    late = wang.becomes(LEADER, "zhang")
    late.session = late.session.at(place)

    late.types("处罚数请再核对一遍")

    assert [] == decided(late)
    assert ReportState.OPEN is state(late)


def test_a_reason_for_another_version_returns_nothing():
    """
    The clerk has withdrawn it while the leader wrote, and handed in a new one.
    """
    zhang = leader(handed_in()).taps(wording.RETURN)
    place = zhang.session.place
    wang = zhang.becomes(CLERK, "wang").opens().taps(wording.WITHDRAW)
    wang.types("3", item=LICENSING).presses("sub")
    late = wang.becomes(LEADER, "zhang")
    late.session = late.session.at(place)

    late.types("处罚数请再核对一遍")

    assert [] == decided(late)
    assert ReportState.SUBMITTED is state(late)


def test_a_leader_changes_no_figure():
    """
    Neither before it is handed in nor after.
    """
    for report in (clerk(), handed_in()):
        zhang = leader(report).types("5", item=LICENSING)
        assert 0 == zhang.figure(LICENSING)
        assert [] == [effect for effect in zhang.shown if isinstance(effect, Save)]


def test_who_is_leader_and_clerk_can_do_both():
    """
    Works as a clerk, decides as a leader, and has the document at once.
    """
    wang = clerk(BOTH)
    wang.types("3", item=LICENSING)
    wang.presses("sub")
    assert {wording.APPROVE, wording.WITHDRAW} <= set(wang.labels)
    wang.taps(wording.APPROVE)

    assert [Deed.APPROVE] == decided(wang)
    assert [(True, 1)] == delivered(wang)


# ---------------------------------------------------------------------- on paper


def test_an_approval_on_paper_is_shown_as_such():
    """
    Name, day and photo are kept, and everybody sees that it was not given here.
    """
    wang = handed_in().taps(wording.OFF_LINE)
    wang.does(Photographed("photo-1"))
    assert [] == decided(wang)
    wang.types("2月30日 张建国")
    assert wang.refused
    wang.types("张建国 1月11日")

    assert [Deed.RECORD_APPROVAL] == decided(wang)
    approval = wang.session.sign_off.approval
    assert approval is not None
    assert {"name": "张建国", "date": "2026-01-11", "photo": "photo-1"} == approval.note
    assert [(True, 1)] == delivered(wang)
    assert wording.OFF_LINE in leader(wang).text


def photos(of: Clerk) -> list[str]:
    return [effect.photo for effect in of.shown if isinstance(effect, ShowPhoto)]


def on_paper(photo: str = "photo-1") -> Clerk:
    wang = handed_in().taps(wording.OFF_LINE)
    if photo:
        wang.does(Photographed(photo))
    return wang.types("张建国 1月11日")


@pytest.mark.parametrize("standing", [CLERK, LEADER, ADMINISTRATOR, ABOVE])
def test_the_signed_page_is_seen_by_whoever_may_look(standing: Standing):
    """
    A button on the card of the approval; two taps are one.
    """
    zhang = on_paper().becomes(standing, "zhang").opens().presses("so")

    zhang.taps(wording.SIGNED_PAGE)
    assert ["photo-1"] == photos(zhang)
    (shown,) = (effect for effect in zhang.shown if isinstance(effect, ShowPhoto))
    assert "1月11日 张建国" in shown.caption
    zhang.presses("pho")
    assert [] == photos(zhang)
    assert talk.JUST_SENT in zhang.text


def test_the_signed_page_stays_to_be_seen_after_the_publication_is_recorded():
    """
    The approval stands still.
    """
    page = NotRead("page.html", "打不开", "https://www.example.gov.cn/page.html")
    wang = on_paper().taps(wording.PUBLISHED).does(page)
    assert [Deed.PUBLISH] == decided(wang)

    assert ["photo-1"] == photos(wang.presses("so").taps(wording.SIGNED_PAGE))


def test_there_is_no_signed_page_without_an_approval_that_stands():
    """
    None was sent, or the report was opened again: an old button shows nothing.
    """
    wang = on_paper("")
    assert wording.SIGNED_PAGE not in wang.labels
    assert [] == photos(wang.presses("pho"))

    wang = on_paper()
    zhang = leader(wang).taps(wording.REOPEN).types("一个数填错了")
    assert ReportState.OPEN is state(zhang)
    assert [] == photos(zhang.presses("so").presses("pho"))
    assert wording.SIGNED_PAGE not in zhang.labels


def test_who_may_not_look_sees_no_signed_page():
    """
    The button carries no right.
    """
    somebody = on_paper().becomes(NOBODY, "somebody").presses("pho")

    assert [] == photos(somebody)
    assert wording.NOT_ALLOWED[Action.LOOK] in somebody.text


def test_the_name_may_stand_under_the_photo():
    """
    One message instead of two.
    """
    wang = handed_in().taps(wording.OFF_LINE).does(Photographed("photo-1", "张建国"))

    assert [Deed.RECORD_APPROVAL] == decided(wang)


def test_a_photo_is_nothing_where_none_is_asked_for():
    """
    Whatever door lets it through.
    """
    wang = handed_in().does(Photographed("photo-1", "张建国"))

    assert [] == decided(wang)


def test_an_office_without_a_leader_may_record_it_after_the_document():
    """
    With a second member; the document comes first.
    """
    wang = clerk(LEADERLESS).presses("ofl")
    assert State.CONTENTS is wang.at[0]
    wang.taps(Trigger.FINAL)
    wang.taps(wording.OFF_LINE).types("张建国")

    assert [Deed.RECORD_APPROVAL] == decided(wang)
    assert ReportState.APPROVED is state(wang)
    wang.types("5", item=LICENSING)
    assert 0 == wang.figure(LICENSING)
    wang.taps(wording.REOPEN)
    assert wording.ASK_REOPEN_ALONE == wang.card.text  # nobody to hand it in to
    wang.types("一个数填错了")
    assert ReportState.OPEN is state(wang)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张建国 1月11日", Agreed("张建国", date(2026, 1, 11))),
        ("1月11日，张建国", Agreed("张建国", date(2026, 1, 11))),
        ("张建国1月11日", Agreed("张建国", date(2026, 1, 11))),
        ("张建国", Agreed("张建国", TODAY)),
        ("张建国副镇长昨天已同意", Agreed("张建国副镇长", date(2026, 1, 11))),
        ("２０２６．１．９ 张建国", Agreed("张建国", date(2026, 1, 9))),
        ("一月九日 张建国", Agreed("张建国", date(2026, 1, 9))),
        ("12月30日 张建国", Agreed("张建国", date(2025, 12, 30))),
        ("买买提·阿不都 9日", Agreed("买买提·阿不都", date(2026, 1, 9))),
        ("张建国 2026年1月12日上午9点", Agreed("张建国", date(2026, 1, 12))),
        ("张建国，1月12日上午", Agreed("张建国", date(2026, 1, 12))),
        ("2026-01-12 张建国", Agreed("张建国", date(2026, 1, 12))),
        ("2026-01-12T09:05 张建国", Agreed("张建国", date(2026, 1, 12))),
        ("２０２６年１月１２日９：３０　张建国", Agreed("张建国", date(2026, 1, 12))),
        ("二〇二六年一月十二日下午三点半张建国签字", Agreed("张建国", date(2026, 1, 12))),
        ("昨天下午4时20分，张建国", Agreed("张建国", date(2026, 1, 11))),
        ("张建国 1月12日（星期一）上午九点钟", Agreed("张建国", date(2026, 1, 12))),
        ("1月12日周一上午 张建国", Agreed("张建国", date(2026, 1, 12))),
        ("张建国 1月12日 周一", Agreed("张建国", date(2026, 1, 12))),
        ("周一山 1月12日", Agreed("周一山", date(2026, 1, 12))),
        ("1月12日上午9点", NotAgreed.NO_NAME),
        ("张建国 2月30日", NotAgreed.NO_DAY),
        ("张建国 1月13日", NotAgreed.LATER),
        ("1月11日", NotAgreed.NO_NAME),
        ("同意", NotAgreed.NO_NAME),
        ("好的", NotAgreed.NO_NAME),
        ("", NotAgreed.NO_NAME),
        ("张建国 3 5", NotAgreed.NO_NAME),
    ],
)
def test_a_name_and_a_day_are_read(text: str, expected: Agreed | NotAgreed):
    """
    In either order, the day as people write it; today without one.
    """
    assert expected == read_agreed(text, TODAY)


@pytest.mark.parametrize("text", [wording.SUBMIT, wording.HAND_OVER, "完成", "跳过"])
def test_the_word_of_a_button_is_no_leaders_name(text: str):
    """
    Nor the reason of anything.
    """
    wang = handed_in().taps(wording.OFF_LINE).types(text)
    assert [] == decided(wang)
    assert ReportState.SUBMITTED is state(wang)


def test_nobody_agreed_before_the_year_of_the_report():
    """
    A day that somebody has mistyped is asked again.
    """
    wang = handed_in().taps(wording.OFF_LINE).types("张建国 2020年1月12日")

    assert wording.DAY_BEFORE.format(year=2025) in wang.text
    assert ReportState.SUBMITTED is state(wang)


# ------------------------------------------------------------ over while it was on the screen


def then(of: Clerk, deed: Deed, led_to: ReportState, by: str = "other") -> Clerk:
    """
    Somebody else has taken a step, of which this person's screen knows nothing.
    """
    signed = of.session.sign_off
    last = signed.records[-1]
    newer = replace(last, id=last.id + 1, deed=deed, state=led_to, by=by, name="")
    signed = replace(signed, records=(*signed.records, newer))
    of.session = replace(of.session, sign_off=signed)
    return of


def test_what_a_leader_types_when_another_has_agreed_shows_that_it_is_over():
    """
    The message above still asks to decide.
    """
    li = then(leader(handed_in()), Deed.APPROVE, ReportState.APPROVED).types("请再核对")

    assert not li.refused
    assert wording.TITLES[ReportState.APPROVED][:1] == li.card.text[:1]


def test_what_a_clerk_types_when_the_only_leader_has_left_shows_where_it_stands():
    """
    The card above still says that it is handed in; the next message names a row again.
    """
    wang = handed_in()
    wang.session = replace(wang.session, standing=LEADERLESS)
    then(wang, Deed.HAND_BACK, ReportState.OPEN, "system").types(wording.SUBMIT)

    assert wording.now_is(ReportState.OPEN) in wang.text
    assert wording.TITLES[ReportState.OPEN][:1] == wang.card.text[:1]
    wang.types("行政许可")
    assert wording.now_is(ReportState.OPEN) not in wang.text


def test_who_was_forgotten_is_told_in_words():
    """
    Not by the key that rows have for ever: who agreed, and who filled.
    """
    key = "p0123456789ab"
    wang = then(handed_in(), Deed.APPROVE, ReportState.APPROVED, key).presses("so")

    assert FORGOTTEN in wang.text
    assert key not in wang.text
    assert FORGOTTEN in told({}, None, overview=key)


# ------------------------------------------------------------------ opened again


def test_what_was_agreed_to_is_opened_again_with_a_reason():
    """
    By the leader; the clerk changes it and hands it in anew, and the old record stays.
    """
    zhang = leader(handed_in()).taps(wording.APPROVE)
    wang = zhang.becomes(CLERK, "wang").opens()
    assert wording.REOPEN not in wang.labels
    zhang = wang.becomes(LEADER, "zhang").opens().taps(wording.REOPEN)
    assert [] == decided(zhang)
    zhang.types("县里要求改一个数")
    assert [Deed.REOPEN] == decided(zhang)

    wang = zhang.becomes(CLERK, "wang").opens()
    wang.types("3", item=LICENSING)
    wang.presses("sub")
    deeds = [record.deed for record in wang.session.sign_off.records]
    assert [Deed.SUBMIT, Deed.APPROVE, Deed.REOPEN, Deed.SUBMIT] == deeds
    first, *_, last = wang.session.sign_off.records
    assert first.fingerprint != last.fingerprint
    assert wang.session.sign_off.approval is None


def test_roles_that_may_not_decide_nothing():
    """
    Every word of sign-off, said by who has no say.
    """
    nobody = Standing(frozenset({Role.HELPER}), leader=True, colleague=True)
    other = handed_in().becomes(nobody, "li").opens()

    for verb in ("sub", "wd", "reo", "ofl"):
        other.presses(verb)
        assert [] == decided(other)
    assert ReportState.SUBMITTED is state(other)


# ------------------------------------------------------------ what a leader is told


def told(answers: dict[str, int], before: dict[str, int] | None, **authors: str) -> str:
    """
    The leader's one message on these figures, last year's beside them.
    """
    last = None
    if before is not None:
        last = Report(ANNUAL_REPORT_2021, TOWN, 2024, whole(before), Level.TOWNSHIP)
    wang = Clerk(answers=whole(answers), last_year=last, standing=CLERK, by="wang").opens()
    zhang = wang.becomes(LEADER, "zhang")
    signed = decided_as(wang, Deed.SUBMIT)
    zhang.session = replace(zhang.session, sign_off=signed, authors=authors)
    return zhang.opens().text


def decided_as(of: Clerk, deed: Deed) -> SignOff:
    step = transition(of.session.standing, deed, ReportState.OPEN)
    assert step is not None
    return as_decided(of.session, SignOff(), Decide(deed), step)


def test_a_leader_sees_what_changed_most_first():
    """
    From 300 to 340 is less than from 0 to 8.
    """
    text = told(
        {LICENSING: 340, "proactive_disclosure.penalties.decisions": 8},
        {LICENSING: 300, "proactive_disclosure.penalties.decisions": 0},
    )

    assert text.index("行政处罚：0 → 8") < text.index("行政许可：300 → 340")
    assert "行政许可决定 300 → 340 件" in text


def test_without_last_year_nothing_is_compared():
    """
    A missing year is never taken for 0.
    """
    text = told({LICENSING: 310}, None)

    assert wording.NO_LAST_YEAR in text
    assert "→ 310" not in text


def test_a_leader_sees_who_filled_which_section():
    """
    One name where it was the same for all.
    """
    cells = dict.fromkeys(ANNUAL_REPORT_2021.cells, "王芳")

    assert "【填报】王芳" in told({}, None, **cells)
    mixed = told({}, None, **cells, overview="李强")
    assert "第一节 李强；" in mixed
    assert "三、四节 王芳" in mixed


def test_the_longest_message_of_a_leader_fits():
    """
    Whatever stands in the report.
    """
    figures = {cell: 10**9 + n for n, cell in enumerate(ANNUAL_REPORT_2021.asked)}

    assert len(told(figures, dict.fromkeys(figures, 1))) <= talk.LIMIT
