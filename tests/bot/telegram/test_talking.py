"""
Everything people do in a chat, and what they then see.
"""

import random
from datetime import datetime, timedelta
from types import ModuleType

import pytest
import time_machine
from yarl import URL

from bot.files import fetch
from bot.files.fetch import Fetched, NoReport
from bot.files.received import NO_TEXT
from bot.telegram import attachments, dispatch
from bot.telegram import talk as talk_module
from bot.telegram.attachments import read_link
from bot.telegram.jobs import Job
from bot.telegram.talk import Lately
from conversations.answers.figure import Reason, Refusal
from conversations.document.read.blocks import Left, LeftOut
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.talk.events import Uploaded
from conversations.talk.triggers import COMMAND_LIMIT
from conversations.wording import door as words
from conversations.wording import importing
from conversations.wording import talk as say
from storage.messages import Messages
from tests.bot.telegram.door import OTHER_TOWN, TOWN, ZONE, Door
from tests.botapi import BotServer, Person
from tests.said import numbers, result

LICENSING = "proactive_disclosure.licensing.decisions"
PENALTIES = "proactive_disclosure.penalties.decisions"
FIVE = "problems_and_improvements"
OVERVIEW = "overview"


async def test_a_link_leads_to_the_first_question(office: Door):
    """
    Organ and role are shown before anything is joined; then the year, then the contents.
    """
    person = office.server.person("王芳")
    await person.starts(office.invitation())

    card = await person.sees(words.join(TOWN, "clerk"))
    assert (words.JOIN,) == tuple(card.labels)
    await person.taps(words.JOIN)
    await person.sees(words.JOINED.format(organ=TOWN, role=words.ROLES["clerk"]))
    await person.says("/year 2023")

    contents = await person.sees("160")
    assert contents.labels[0].startswith(say.FIGURES_FIRST)
    await person.sees_answered()


async def test_an_answered_card_becomes_its_short_result(office: Door):
    """
    The chat reads back as a clean record; the figure is nodded at; 「修改」 stays.
    """
    person = await office.joins()
    card = await office.asks(person, "行政许可")

    said = await person.says("２９５件")
    following = await person.sees_next(result("行政许可", 295))

    await office.server.until(lambda: card.edited, "the card edited")
    assert result("行政许可", 295) == card.text
    assert (say.MODIFY,) == tuple(card.labels)
    await office.server.until(lambda: said.reactions == ("👌",), "the nod")
    assert 295 == office.answers()[LICENSING]
    assert following.rows


async def test_a_table_that_was_called_right_stays_as_its_record(office: Door):
    """
    Without the question and its buttons, but for the one to change it.
    """
    person = await office.joins()
    await person.taps(say.FIGURES_FIRST)
    await person.sees_next("规章")
    await person.taps(say.ZERO_REST)
    card = await person.sees(say.RIGHT)
    await person.taps(say.NEXT)
    await person.sees(FORM.sections[2].title, after=card)

    await office.server.until(lambda: card.edited, "the card edited")
    assert say.RIGHT not in card.text
    assert ["6", "0"] == numbers(card.text)
    assert (say.MODIFY,) == tuple(card.labels)
    await person.taps(say.MODIFY, card)
    await person.sees(say.RIGHT, after=card)


async def test_an_edited_message_corrects_the_cell_it_answered(office: Door):
    """
    From anywhere; afterwards the clerk is where they were, and the old card shows the new figure.
    """
    person = await office.joins()
    card = await office.asks(person, "行政许可")
    said = await person.says("295")
    await person.sees_next(result("行政许可", 295))
    await office.asks(person, "行政处罚")

    await person.edits(said, "296")

    await person.sees(result("行政许可", 296), "行政处罚")
    await office.server.until(lambda: "296" in card.text, "the card edited")
    assert 296 == office.answers()[LICENSING]
    await person.says("12")
    await person.sees_next(result("行政处罚", 12))


async def test_a_refused_message_may_be_edited_into_an_answer(office: Door):
    """
    What was typed for a question belongs to it, even if it could not be read.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    said = await person.says("许多")
    line = FORM.lines["proactive_disclosure.licensing"]
    await person.sees_next(say.refusal(Refusal(Reason.NOT_A_NUMBER, "许多"), line.cells, line))

    await person.edits(said, "7")

    await person.sees(result("行政许可", 7))
    assert 7 == office.answers()[LICENSING]


async def test_an_edit_of_some_other_message_is_told_kindly(office: Door):
    """
    It answered nothing, so it corrects nothing.
    """
    person = await office.joins()
    said = await person.says("/help")
    await person.sees_next("📋")

    await person.edits(said, "295")

    await person.sees(words.EDIT_UNKNOWN)
    assert LICENSING not in office.answers()


async def test_a_reply_answers_the_card_it_replies_to(office: Door):
    """
    An old question, answered from somewhere else.
    """
    person = await office.joins()
    card = await office.asks(person, "行政许可")
    await office.asks(person, "行政处罚")

    await person.replies(card, "8")

    await person.sees_next(result("行政许可", 8), "行政处罚")
    await office.server.until(lambda: result("行政许可", 8) == card.text, "the card edited")
    answers = office.answers()
    assert 8 == answers[LICENSING]
    assert PENALTIES not in answers


async def test_two_taps_are_one(office: Door):
    """
    The second is answered with a word over the chat and writes no second message.
    """
    person = await office.joins()
    await person.taps(say.FIGURES_FIRST)
    card = await person.sees_next("表二")
    await person.taps(say.ZERO_REST, card)
    await person.taps(card.button(say.ZERO_REST))

    await person.sees(say.RIGHT)
    await office.rests()

    await person.sees_answered()
    zeros = [
        one
        for one in person.from_bot
        if say.filled_zero(FORM.tables[0].short) in one.text and say.RIGHT in one.text
    ]
    assert 1 == len(zeros)
    assert 1 == len(office.changes(LICENSING))


async def test_an_old_button_does_what_it_says_or_says_what_is_there(office: Door):
    """
    Last week's zero button asks before it changes a figure.
    """
    person = await office.joins()
    card = await office.asks(person, "行政许可")
    zero = card.button("0")
    await person.says("295")
    await person.sees_next(result("行政许可", 295))

    await person.taps(zero)

    await person.sees_next(say.overwrite(["行政许可 295"]))
    assert 295 == office.answers()[LICENSING]


async def test_the_second_of_two_quick_answers_names_its_cell_in_full(office: Door):
    """
    It fills the next question, which had not been seen: the result says what it was taken for.
    """
    person = await office.joins()
    await office.asks(person, "行政处罚")
    office.server.fail("sendMessage", delay=0.5, times=1)
    await person.says("12")
    await person.says("5")

    quick = await person.sees(result("行政强制", 5), FORM.sections[1].title, "行政强制")

    assert say.MODIFY in quick.labels
    answers = office.answers()
    assert (12, 5) == (answers[PENALTIES], answers["proactive_disclosure.coercion.decisions"])


async def test_nine_thousand_characters_arrive_in_any_order(office: Door, server: BotServer):
    """
    A client parts them; Telegram may deliver the parts as it likes; the text is the one typed.
    """
    person = await office.joins()
    await office.asks(person, "一、总体情况")
    letters = random.Random(1).choices("公开政府信息依申请主动机构内容年度。", k=9000)
    letters[0] = letters[-1] = "年"
    text = "".join(letters)
    await office.stop()
    await person.says(text)
    server._updates.reverse()
    await office.start()

    await server.until(lambda: "9,000" in person.last.text, "the length")
    await person.taps(say.DONE_TEXT)
    await person.sees_next("9,000")

    assert text == office.answers()[OVERVIEW]


async def test_a_long_text_over_a_standing_one_is_asked_about_once(office: Door):
    """
    All its pieces wait together for 「替换」 or 「接着」.
    """
    person = await office.joins()
    await office.asks(person, "一、总体情况")
    await person.says("旧的总体情况。")
    await person.sees_next(say.DONE_TEXT)
    await person.taps(say.DONE_TEXT)
    await person.sees_next("✓")
    await office.asks(person, "一、总体情况")
    text = "新" * 5000

    await person.says(text)
    await person.sees("5,000")
    await person.taps(say.REPLACE)
    await person.sees_next(say.DONE_TEXT)
    await person.taps(say.DONE_TEXT)
    await person.sees_next("5,000")

    assert text == office.answers()[OVERVIEW]


async def test_an_edited_part_of_a_text_replaces_just_that_part(office: Door):
    """
    While it is being sent, and after it was finished.
    """
    person = await office.joins()
    await office.asks(person, "一、总体情况")
    await person.says("第一段。")
    await person.sees_next(say.DONE_TEXT)
    second = await person.says("第二段，有错。")
    await person.sees_next(say.DONE_TEXT)
    await person.says("第三段。")
    await person.sees_next(say.DONE_TEXT)

    await person.edits(second, "第二段，改过。")
    await office.server.until(
        lambda: office.answers()[OVERVIEW] == "第一段。\n第二段，改过。\n第三段。", "the text"
    )
    await office.rests()
    await person.taps(say.DONE_TEXT)
    await person.sees_next("✓")
    await person.edits(second, "第二段，又改过。")

    await office.server.until(
        lambda: office.answers()[OVERVIEW] == "第一段。\n第二段，又改过。\n第三段。", "the text"
    )


@pytest.mark.parametrize("kind", ["txt", "docx"])
async def test_a_file_may_hold_a_text(office: Door, kind: str):
    """
    In the chat's order: what is typed while it is fetched waits for it.
    """
    person = await office.joins()
    await office.asks(person, "一、总体情况")
    content = "我镇依法公开政府信息。\n第二段。"
    data = content.encode() if kind == "txt" else docx(content)
    office.server.fail("getFile", delay=0.3)

    await person.sends_file(f"总体情况.{kind}", data)
    await person.says("第三段。")

    await office.server.until(lambda: OVERVIEW in office.answers(), "the text")
    await office.server.until(
        lambda: office.answers()[OVERVIEW] == f"{content}\n第三段。", "all of it"
    )


@pytest.mark.parametrize("way", ["file", "message"])
async def test_several_sections_are_offered_whatever_is_asked(office: Door, way: str):
    """
    One tap puts each text into its section.
    """
    person = await office.joins()
    texts = {OVERVIEW: "我镇依法公开政府信息。", FIVE: "公开不够及时，加强培训。"}
    headings = {OVERVIEW: "一、总体情况", FIVE: "五、存在的主要问题及改进情况"}
    content = "\n".join(line for item in texts for line in (headings[item], texts[item]))

    if way == "file":
        await person.sends_file("全文.docx", docx(content))
    else:
        await person.says(content)
    await person.sees(texts[FIVE])
    await person.taps(importing.TAKE_ALL)

    await office.server.until(
        lambda: {item: office.answers().get(item) for item in texts} == texts, "both texts"
    )


PAGE = "<html><ul><li>首页</li></ul><p>我镇依法公开政府信息。</p><p>及时更新。</p></html>"


async def test_a_page_is_the_text_of_the_section_that_is_asked(office: Door):
    """
    While a figure is asked it is told apart from a report that could not be read.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    await person.sends_file("一.html", PAGE.encode())
    await person.sees_next(words.FILE_NOT_NOW)

    await office.asks(person, "一、总体情况")
    await person.sends_file("一.html", PAGE.encode())

    await office.server.until(lambda: OVERVIEW in office.answers(), "the text")
    assert "我镇依法公开政府信息。\n及时更新。" == office.answers()[OVERVIEW]


@pytest.mark.parametrize("as_text", [True, False])
async def test_a_link_to_a_page_that_is_no_report_may_be_a_text(
    as_text: bool, monkeypatch: pytest.MonkeyPatch
):
    """
    Only where one is asked.
    """

    async def fetch_report(link: str, _: object) -> None:
        raise NoReport("foreign", Fetched(PAGE.encode(), "a.html", URL(link)))

    monkeypatch.setattr(fetch, "fetch_report", fetch_report)

    read = await read_link("https://www.town.gov.cn/a.html", (), as_text)

    text = "我镇依法公开政府信息。\n及时更新。"
    around = (LeftOut("", Left.AROUND, 1),)
    assert (Uploaded("a.html", text, around) if as_text else words.FILE_NOT_NOW) == read


def docx(text: str) -> bytes:
    import io

    from docx import Document

    document = Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("module", "asked_for"), [(dispatch, 0), (attachments, 1)])
async def test_a_file_that_is_too_large_is_not_fetched(
    office: Door, monkeypatch: pytest.MonkeyPatch, module: ModuleType, asked_for: int
):
    """
    Whether the message says its size, or only Telegram when it is asked for the file.
    """
    person = await office.joins()
    await office.asks(person, "一、总体情况")
    monkeypatch.setattr(module, "UPLOAD_LIMIT", 100)
    before = office.answers()

    await person.sends_file("long.txt", "一、加强主动公开。".encode() * 10)
    await person.sees_next(words.FILE_TOO_LARGE)
    await office.rests()

    assert asked_for == len(office.server.called("getFile"))
    assert before == office.answers()


def test_what_a_process_remembers_of_chats_has_a_bound(monkeypatch: pytest.MonkeyPatch):
    """
    An album is known as long as few others come.
    """
    monkeypatch.setattr(talk_module, "REMEMBERED", 3)
    lately = Lately()

    def is_new(chat: int) -> bool:
        job = Job()
        found = lately.is_new_album(chat, "album", job)
        for fact in job.facts:
            fact()
        return found

    assert [True, False] == [is_new(1), is_new(1)]
    assert all(is_new(chat) for chat in range(2, 6))
    assert is_new(1)


async def test_what_a_file_cannot_be_is_told_kindly(office: Door):
    """
    Too large, unreadable, gone; each time the open question stands below.
    """
    person = await office.joins()
    await office.asks(person, "一、总体情况")

    await person.sends_file("picture.txt", b"\x00\x01\x02\xff" * 20)
    await person.sees_next(NO_TEXT)
    await person.sees_next("总体情况")
    office.server.fail("getFile", error=400, description="Bad Request: file is too big")
    await person.sends_file("big.docx", b"PK")
    await person.sees_next(words.FILE_TOO_LARGE)
    await person.sees_next("总体情况")
    office.server.fail("getFile", error=400, description="Bad Request: wrong file_id")
    await person.sends_file("gone.docx", b"PK")
    await person.sees_next(words.FILE_FAILED)
    await person.sees_next("总体情况")

    assert OVERVIEW not in office.answers()


async def test_why_a_file_is_not_used_stays_when_an_answer_waits_behind_it(office: Door):
    """
    The answer edits the question, and must not take the sentence away.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    office.server.fail("getFile", error=400, description="Bad Request: wrong file_id", delay=0.2)

    await person.sends_file("gone.docx", b"PK")
    await person.says("295")
    await person.sees("✓", "295 件")
    await office.server.handled()
    await office.server.quiet()

    assert any(words.FILE_FAILED in message.text for message in person.from_bot)


async def test_a_file_survives_trouble_on_the_way(office: Door):
    """
    A connection that is cut while it is fetched is no reason to ask again.
    """
    person = await office.joins()
    await office.asks(person, "一、总体情况")
    office.server.fail("getFile", cut="before")

    await person.sends_file("总体情况.txt", "我镇依法公开。".encode())

    await office.server.until(lambda: OVERVIEW in office.answers(), "the text")


async def test_what_comes_while_a_file_is_read_waits_for_it(office: Door):
    """
    Also where it is delivered by itself, with nothing else waiting.
    """
    person = await office.joins()
    await office.asks(person, "一、总体情况")
    fault = office.server.fail("getFile", error=429, retry_after=1)

    await person.sends_file("总体情况.txt", "我镇依法公开。".encode())
    await office.server.until(lambda: fault.done, "the file that must wait")
    await person.says("/status")
    await office.server.handled()

    with office.opened() as store, store.begin() as unit:
        assert 1 == len(Messages(unit).waiting())
    await person.sees_next(say.STATUS)
    assert OVERVIEW in office.answers()


@pytest.mark.parametrize(
    ("sends", "answer"),
    [
        ("sends_photo", "photo"),
        ("sends_sticker", "sticker"),
        ("sends_voice", "voice"),
        ("sends_video", "video"),
        ("sends_location", "location"),
        ("sends_contact", "other"),
        ("sends_poll", "other"),
    ],
)
async def test_what_cannot_be_an_answer_is_told_kindly(office: Door, sends: str, answer: str):
    """
    What to do instead, and the open question once more.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")

    await getattr(person, sends)()

    card = await person.sees_next(words.NOT_UNDERSTOOD[answer], "行政许可")
    assert card.rows
    assert LICENSING not in office.answers()


async def test_a_long_text_that_begins_with_a_stroke_is_a_text(office: Door):
    """
    No command is so long; a paragraph that was pasted may begin so.
    """
    person = await office.joins()
    await office.asks(person, "一、总体情况")
    text = "/a" + "公开" * COMMAND_LIMIT + "。"

    await person.says(text)
    await office.rests()

    assert text == office.answers()[OVERVIEW]


async def test_a_command_that_there_is_none_of_is_called_so(office: Door):
    """
    Also in full width; the question stands, and nothing of it is an answer.
    """
    person = await office.joins()
    await office.asks(person, "一、总体情况")

    for name in ("foo", "导出"):
        await person.says(f"／{name}")
        await person.sees_next(say.UNKNOWN_COMMAND.format(name=name))

    assert OVERVIEW not in office.answers()


async def test_an_album_is_answered_once(office: Door):
    """
    Ten pictures are one mistake.
    """
    person = await office.joins()
    await person.sends_album(*[b"\xff\xd8\xff"] * 5)
    await person.sees_next(words.NOT_UNDERSTOOD["photo"])
    await office.rests()

    told = [one for one in person.from_bot if words.NOT_UNDERSTOOD["photo"] in one.text]
    assert 1 == len(told)


async def test_a_forwarded_message_counts_as_typed(office: Door):
    """
    A colleague's figure, passed on.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")

    await person.forwards("295 件")

    await person.sees_next(result("行政许可", 295))


async def test_who_blocks_the_bot_and_comes_back_goes_on_where_they_were(office: Door):
    """
    Nothing is sent meanwhile, nothing is lost.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    await person.blocks()
    await office.server.handled()
    with office.opened() as store, store.begin() as unit:
        from storage.people import People

        gone = People(unit).focus(person.id)
    assert gone is not None
    assert not gone.reachable

    await person.unblocks()

    await person.sees_next("行政许可")
    await person.says("295")
    await person.sees_next(result("行政许可", 295))


async def test_a_deleted_chat_that_is_started_again_shows_where_one_was(office: Door):
    """
    The place is in the store, not in the chat.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    await person.deletes_chat()

    await person.starts()

    await person.sees("行政许可", say.progress(FORM.sections[1], 3, 6))


async def test_who_comes_back_after_hours_is_told_once_where_they_stopped(office: Door):
    """
    Above the question that is open; within hours, and the second time, nothing is new.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    await person.says("295")
    await person.sees(result("行政许可", 295))
    await office.rests()
    stopped = datetime.now(ZONE)

    async def comes_back(hours: int) -> str:
        with time_machine.travel(stopped + timedelta(hours=hours), tick=True):
            await person.starts()
            await office.rests()
        return person.from_bot[-1].text

    soon, later, again = [await comes_back(hours) for hours in (1, 8, 9)]

    assert soon == again
    greeting, _, card = later.partition("\n\n")
    assert soon == card
    assert say.progress(FORM.sections[1], 4, 6) in card
    assert "行政处罚" in greeting
    assert f"{stopped + timedelta(hours=1):%H:%M}" in greeting


async def test_two_devices_share_one_conversation(office: Door):
    """
    A tap on the phone and a figure from the desk follow each other as they come.
    """
    phone = await office.joins()
    desk = Person(office.server, phone.id, phone.name)
    await office.asks(phone, "行政许可")

    await desk.says("295")
    await phone.sees(result("行政许可", 295))
    await phone.says("/status")

    await desk.sees_next(say.STATUS)
    assert str(desk) == str(phone)


async def test_who_works_for_two_organs_sees_whose_card_it_is(office: Door):
    """
    Organ and year on every card, and 「切换」 leads to the other.
    """
    person = await office.joins()
    await office.joins_as(person, OTHER_TOWN)
    await office.asks(person, "行政许可")

    card = await person.sees("行政许可", say.progress(FORM.sections[1], 3, 6))
    assert say.head(OTHER_TOWN, 2023) in card.text
    await person.taps(words.SWITCH)
    await person.sees_next(words.CHOOSE_REPORT)
    await person.taps(say.head(TOWN, 2023))
    contents = await person.sees_next("📋", TOWN)

    assert words.SWITCH in contents.labels


async def test_an_old_button_of_another_report_says_where_one_is_now(office: Door):
    """
    The figure goes to the report whose button it was.
    """
    person = await office.joins()
    old = await office.asks(person, "行政许可")
    await office.joins_as(person, OTHER_TOWN)
    await office.asks(person, "行政许可")

    await person.taps("0", old)

    await person.sees_next(say.head(TOWN, 2023))
    assert 0 == office.answers()[LICENSING]
    assert LICENSING not in office.answers(OTHER_TOWN)


async def test_a_year_that_is_not_the_usual_one_is_always_named(office: Door):
    """
    So that a figure does not get into the wrong year by an old button.
    """
    person = await office.joins(year=2019)

    card = await office.asks(person, "行政许可")

    assert say.head(TOWN, 2019) in card.text


async def test_whose_answer_was_replaced_is_said(office: Door):
    """
    Two colleagues at one question: the second hears who had answered what, and can go back.
    """
    first = await office.joins("王芳")
    second = await office.joins("李强")
    await office.asks(first, "行政许可")
    await office.asks(second, "行政许可")

    await first.says("295")
    await first.sees_next(result("行政许可", 295))
    await second.says("300")

    told = await second.sees_next("王芳", "295", "300")
    assert any("行政许可" in label for label in told.labels)
    assert [(office.key(first), 295), (office.key(second), 300)] == office.changes(LICENSING)


async def test_a_colleagues_answer_that_was_on_the_screen_is_no_surprise(office: Door):
    """
    Whoever changes what they have seen knows what they do.
    """
    first = await office.joins("王芳")
    second = await office.joins("李强")
    await office.asks(first, "行政许可")
    await first.says("295")
    await first.sees_next(result("行政许可", 295))
    await office.asks(second, "行政许可")

    await second.says("300")

    await second.sees_next(result("行政许可", 300))
    second.does_not_see("王芳")


async def test_the_list_of_sections_is_kept_up_to_date_but_seldom(office: Door):
    """
    One message; after the first edit the next waits ten seconds, whatever is answered.
    """
    person = await office.joins()
    contents = await person.sees("📋")
    await person.taps(say.FIGURES_FIRST)
    await person.sees_next("规章")
    for _ in range(4):
        before = person.last
        await person.says("0 0 0" if "0 0" in before.text else "0")
        await person.sees("✓", after=before)

    await office.server.until(lambda: contents.edited, "the contents edited")
    await office.rests()

    assert 1 == contents.edited
    assert "157" in contents.text


async def test_a_new_list_of_sections_takes_the_place_of_the_old(office: Door):
    """
    The old one says where to look.
    """
    person = await office.joins()
    old = await person.sees("📋")
    await person.says("/menu")
    await person.sees_next("📋")

    await office.server.until(lambda: words.CONTENTS_MOVED == old.text, "the old one")


async def test_a_draft_arrives_as_a_file_with_its_name(office: Door):
    """
    While it is made, the chat shows that a file is coming.
    """
    person = await office.joins()

    await person.says("/preview")

    draft = await person.sees_next("docx")
    assert f"{TOWN}2023年政府信息公开工作年度报告（草稿）.docx" == draft.file_name
    assert words.DRAFT_CAPTION in draft.text
    assert "upload_document" in office.server.chats[person.id].actions


async def test_whatever_is_typed_is_shown_as_typed(office: Door):
    """
    Markup, template code, halves of characters, control characters.
    """
    person = await office.joins()
    await office.asks(person, "一、总体情况")

    for text in ("<b>{{7*7}}</b> & *甲* _乙_ [丙](http://x) `丁`", "\x07响\u202e倒", "字😀" * 2000):
        await person.says(text)
        await person.sees_next(say.DONE_TEXT)
    await person.taps(say.DONE_TEXT)

    await person.sees_next("<b>{{7*7}}</b> & *甲*")
    assert office.answers()[OVERVIEW].startswith("<b>{{7*7}}</b> & *甲* _乙_")  # type: ignore[union-attr]
