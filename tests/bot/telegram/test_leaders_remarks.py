"""
A leader looks a report through on the phone and remarks by replying; the clerk mends it.
"""

from bot.handle import Clock
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.texts import as_stored
from conversations.sign_off.states import Deed, ReportState
from conversations.sign_off.status import SignOff
from conversations.talk.effects import Save
from conversations.wording import remarks as words
from conversations.wording import sign_off as sign_off_words
from conversations.wording import talk
from storage.sign_off import SignOffs
from tests.bot.telegram.door import TOWN, ZONE, Door
from tests.bot.telegram.test_sign_off import LICENSING, hands_in, staffed
from tests.botapi import Person
from tests.dialogue import TEXTS, whole

CELL = "requests.received.commercial_enterprise"
LINE = "requests.received"
SENTENCE = "2025年，本机关依法公开政府信息。"
CELL_NAME = talk.cell_name(FORM, CELL)


def step(office: Door, deed: Deed, state: ReportState, by: Person) -> None:
    """
    A step of sign-off, as its button takes it.
    """
    key = office.key(by)
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, 2023)
        stored = unit.load(report, key)
        SignOffs(unit).record(
            report,
            deed,
            state,
            by=key,
            at=Clock.read(ZONE).now,
            door="test",
            history=stored.history,
            fingerprint="",
            note={},
        )


def sign_off(office: Door) -> SignOff:
    with office.opened() as store, store.begin() as unit:
        found: SignOff = unit.load(unit.find_report(TOWN, 2023), "test").sign_off
        return found


def remarks(office: Door) -> list[tuple[str, str, str]]:
    """
    Item, sentence and text of each, those of both leaders.
    """
    return [(one.item, one.quote, one.text) for one in sign_off(office).remarks]


async def handed_in(office: Door) -> tuple[Person, Person]:
    """
    A clerk whose finished report waits for a leader, who has it open.
    """
    clerk = await office.joins()
    by = office.key(clerk)
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, 2023)
        saves = [
            Save(item, None, value if isinstance(value, str) else as_stored(item, value))
            for item, value in whole({CELL: 3}).items()
        ]
        unit.save(report, saves, by=by, at=Clock.read(ZONE).now, door="test")
    step(office, Deed.SUBMIT, ReportState.SUBMITTED, clerk)
    return clerk, await leads(office)


async def leads(office: Door, name: str = "张建国") -> Person:
    """
    A leader of the office, with the report before them.
    """
    leader = office.server.person(name)
    await office.joins_as(leader, role="leader", year=0)
    said = await leader.says("/year 2023")
    await leader.sees(talk.head(TOWN, 2023), after=said)
    return leader


async def looks(office: Door, leader: Person, item: str) -> None:
    """
    Look at a place, by the button that another card had.
    """
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, 2023)
    await leader.forges(f"{report:x}/lk:{FORM.number[item]}")
    await office.rests()


async def test_a_leader_remarks_by_replying_to_the_card_that_showed_it(office: Door):
    """
    However many cards have come since; what was shown last stays on the screen.
    """
    _, leader = await handed_in(office)
    await looks(office, leader, LINE)
    row = leader.last
    await leader.taps(talk.cell_name(FORM, CELL).partition("·")[2])
    await leader.sees(words.UP, after=row)
    await leader.replies(row, "这一行和台账不符")
    await leader.sees_next(words.REMARKS)
    await leader.says("是不是 5 件")
    await office.rests()

    assert [(LINE, "", "这一行和台账不符"), (CELL, "", "是不是 5 件")] == remarks(office)
    assert 3 == office.answers()[CELL]


async def test_a_reply_to_a_sentences_card_or_to_marked_words_is_about_that_sentence(office: Door):
    """
    As the phone offers it: hold a message, or mark some words of it, and reply.
    """
    _, leader = await handed_in(office)
    await looks(office, leader, "overview")
    text = leader.last
    await leader.taps("1. （一）")
    await office.rests()
    await leader.taps("2. 2025年")
    await office.rests()
    sentence = leader.last
    await looks(office, leader, CELL)
    await leader.replies(sentence, "太笼统")
    await office.rests()
    await leader.replies(text, "什么栏目？", "门户网站")
    await office.rests()
    await leader.replies(text, "总的写得不错")
    await office.rests()

    assert [
        ("overview", SENTENCE, "太笼统"),
        ("overview", "维护门户网站栏目。", "什么栏目？"),
        ("overview", "", "总的写得不错"),
    ] == remarks(office)


async def test_an_edited_message_edits_its_remark(office: Door):
    """
    At a sentence, too, of which the message says nothing.
    """
    _, leader = await handed_in(office)
    await looks(office, leader, "overview")
    await leader.taps("1. （一）")
    await office.rests()
    await leader.taps("2. 2025年")
    await office.rests()
    said = await leader.says("太笼同")
    await office.rests()
    await looks(office, leader, CELL)
    await leader.edits(said, "太笼统")
    await office.rests()

    assert [("overview", SENTENCE, "太笼统")] == remarks(office)


async def test_an_edited_message_edits_its_remark_on_the_whole_report(office: Door):
    """
    Wherever the leader is by then; what was sent to the clerk is corrected by nothing.
    """
    _, leader = await handed_in(office)
    first = await leader.says("总体不错")
    await office.rests()
    await looks(office, leader, CELL)
    await leader.edits(first, "总体不错，文字再压缩")
    await office.rests()
    assert [("", "", "总体不错，文字再压缩")] == remarks(office)

    step(office, Deed.RETURN, ReportState.RETURNED, leader)
    await leader.edits(first, "不用改了")
    await leader.sees_next(words.NOT_NOW)
    await office.rests()
    assert [("", "", "总体不错，文字再压缩")] == remarks(office)


async def test_a_return_sends_only_the_remarks_of_the_leader_who_returns(office: Door):
    """
    The other's are theirs as before.
    """
    _, leader = await handed_in(office)
    other = await leads(office, "李敏")
    for person, text in ((leader, "甲的批注"), (other, "乙的批注")):
        await looks(office, person, CELL)
        await person.says(text)
        await person.sees_next(words.REMARKS)
    step(office, Deed.RETURN, ReportState.RETURNED, leader)

    assert ["甲的批注"] == [one.text for one in sign_off(office).open_remarks]
    assert ["乙的批注"] == [one.text for one in sign_off(office).unsent]


async def test_two_leaders_remark_beside_each_other_and_take_back_only_their_own(office: Door):
    """
    A forged button takes back nobody else's.
    """
    _, leader = await handed_in(office)
    other = await leads(office, "李敏")
    for person, text in ((leader, "甲的批注"), (other, "乙的批注")):
        await looks(office, person, CELL)
        await person.says(text)
        await person.sees_next(words.REMARKS)
    number = sign_off(office).remarks[0].id
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, 2023)
    await other.forges(f"{report:x}/rmd:{number}")
    await office.rests()
    assert 2 == len(remarks(office))
    other.does_not_see("甲的批注")

    await other.taps(words.REMARKS)
    await office.rests()
    await other.taps(words.drop(1))
    await office.rests()
    assert [(CELL, "", "甲的批注")] == remarks(office)


async def test_a_clerk_opens_a_remark_mends_and_answers(office: Door):
    """
    The number and the sentence are settled by being changed, the third in words.
    """
    clerk, leader = await handed_in(office)
    await looks(office, leader, CELL)
    await leader.says("是不是 5 件")
    await leader.sees_next(words.REMARKS)
    await looks(office, leader, "problems_and_improvements")
    await leader.says("写得太短")
    await office.rests()
    step(office, Deed.RETURN, ReportState.RETURNED, leader)
    first, second = sign_off(office).open_remarks
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, 2023)

    await clerk.forges(f"{report:x}/rm:{first.id}")
    await clerk.sees("是不是 5 件", CELL_NAME.partition("·")[2])
    await clerk.says("5")
    await office.rests()
    assert 5 == office.answers()[CELL]
    assert [second] == list(sign_off(office).open_remarks)

    await clerk.forges(f"{report:x}/rm:{second.id}")
    await clerk.sees("写得太短", words.ANSWER)
    await clerk.taps(words.ANSWER)
    await office.rests()
    await clerk.says("情况就是这些")
    await office.rests()
    assert () == sign_off(office).open_remarks
    assert "情况就是这些" == sign_off(office).remarks[1].answer
    assert TEXTS["problems_and_improvements"] == office.answers()["problems_and_improvements"]


async def test_an_old_remark_button_remarks_nothing_after_the_return(office: Door):
    """
    Nor does an edit of a message that was sent with it.
    """
    _, leader = await handed_in(office)
    await looks(office, leader, CELL)
    await leader.taps(words.REMARK)
    await office.rests()
    said = await leader.says("是不是 5 件")
    await office.rests()
    step(office, Deed.RETURN, ReportState.RETURNED, leader)
    before = remarks(office)
    await leader.edits(said, "是不是 6 件")
    await office.rests()
    await looks(office, leader, CELL)
    assert words.REMARK not in leader.last.labels
    await leader.says("再看看")
    await office.rests()

    assert before == remarks(office)


async def test_returned_with_remarks_mended_and_looked_at_again(
    office: Door,
):
    """
    By the buttons alone, from 「送审」 to the leader's second look.
    """
    clerk, leader = await staffed(office)
    await hands_in(clerk)
    await leader.starts()
    shown = await leader.sees(sign_off_words.APPROVE, words.LOOK)
    await leader.taps(words.LOOK, shown)
    section = await leader.sees(words.REMARK, after=shown)
    await leader.replies(section, "这一节再压缩", "维护门户网站栏目")
    await office.rests()
    await looks(office, leader, LICENSING)
    await leader.says("是不是 2 件")
    await office.rests()
    await leader.starts()
    shown = await leader.sees_next(words.REMARKS)
    await leader.taps(sign_off_words.RETURN, shown)
    await office.rests()

    await clerk.starts()
    await clerk.sees_next("批注")
    await clerk.says("/menu")
    menu = await clerk.sees_next(words.see(2))
    await clerk.taps(words.see(2), menu)
    listed = await clerk.sees("是不是 2 件", after=menu)
    await clerk.taps("2. ", listed)
    asked = await clerk.sees("张建国", "是不是 2 件", after=listed)
    await clerk.replies(asked, "2")
    await office.rests()
    assert 2 == office.answers()[LICENSING]
    assert 1 == len(sign_off(office).open_remarks)

    await hands_in(clerk)
    await leader.starts()
    await leader.sees_next(sign_off_words.APPROVE, "0 件 → 2 件", words.UNCHANGED)
