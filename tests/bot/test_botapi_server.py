"""
The tests' own Bot API server, tried with the library's real objects over real HTTP.

What it lets through wrongly, no other test would find.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.constants import ReactionEmoji
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.telegram.client import AiohttpRequest, MaybeSent, NotSent
from tests.botapi import BotServer, Limits, Message, Person
from tests.botapi.known import REACTIONS
from tests.botapi.text import parse_html, units


def make_bot(server: BotServer, token: str | None = None, **how: Any) -> Bot:
    return Bot(
        token or server.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=AiohttpRequest(**how),
        get_updates_request=AiohttpRequest(connections=4),
    )


@pytest.fixture
async def server() -> AsyncIterator[BotServer]:
    async with BotServer() as found:
        yield found


@pytest.fixture
async def bot(server: BotServer) -> AsyncIterator[Bot]:
    async with make_bot(server) as found:
        yield found


@pytest.fixture
async def person(server: BotServer) -> Person:
    found = server.person("王芳")
    await found.starts()
    return found


def keyboard(*labels: str, **more: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"d:{label}", **more)] for label in labels]
    )


async def updates(bot: Bot, **how: Any) -> tuple[Update, ...]:
    return await bot.get_updates(allowed_updates=Update.ALL_TYPES, **how)


# ---- receiving ---------------------------------------------------------------------------


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(
    server: BotServer, bot: Bot, person: Person
):
    """
    This is what the bot's inbox is built on.
    """
    await person.says("295")

    first = await updates(bot)
    again = await updates(bot)
    rest = await updates(bot, offset=first[0].update_id + 1)
    none = await updates(bot, offset=first[1].update_id + 1)

    assert ["/start", "295"] == [one.message.text for one in first if one.message]
    assert [one.update_id for one in first] == [one.update_id for one in again]
    assert [first[1].update_id] == [one.update_id for one in rest]
    assert () == none
    assert 0 == server.pending


async def test_a_long_poll_ends_when_something_comes(server: BotServer, bot: Bot):
    """
    A person waits for the bot, not for its next round.
    """
    person = server.person("李强")
    waiting = asyncio.create_task(updates(bot, timeout=3600))
    await server.until(lambda: server.called("getUpdates"), "a poll")

    await person.says("你好")
    found = await waiting

    assert ["你好"] == [one.message.text for one in found if one.message]


async def test_a_second_poller_ends_the_first_with_a_conflict(server: BotServer, bot: Bot):
    """
    Two processes with one token are noticed.
    """
    first = asyncio.create_task(updates(bot, timeout=20))
    await server.until(lambda: server.called("getUpdates"), "a poll")

    second = await updates(bot, timeout=0)

    assert () == second
    with pytest.raises(Conflict):
        await first


async def test_polling_and_a_webhook_exclude_each_other(server: BotServer, bot: Bot):
    """
    A forgotten webhook would otherwise look like silence.
    """
    await bot.set_webhook("http://127.0.0.1:1/hook")

    with pytest.raises(Conflict):
        await updates(bot)
    await bot.delete_webhook()

    assert () == await updates(bot)


async def test_only_the_kinds_asked_for_are_kept(server: BotServer, bot: Bot, person: Person):
    """
    What is not asked for by name is lost, as with Telegram.
    """
    await bot.get_updates(allowed_updates=["message"])
    message = await person.says("1")
    await person.edits(message, "2")

    found = await bot.get_updates()

    assert ["/start", "1"] == [one.message.text for one in found if one.message]


def seconds(error: RetryAfter) -> float:
    assert isinstance(error.retry_after, timedelta)
    return error.retry_after.total_seconds()


class Hook:
    """
    A webhook of a bot that answers as told.
    """

    def __init__(self) -> None:
        self.got: list[tuple[int, str | None]] = []
        self.answers: list[int] = []
        self.pause = 0.0
        self.at_once = 0
        self._now = 0

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        self._now += 1
        self.at_once = max(self.at_once, self._now)
        update = await request.json()
        await asyncio.sleep(self.pause)
        self._now -= 1
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.got.append((update["update_id"], secret))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


@pytest.fixture
async def hook() -> AsyncIterator[tuple[Hook, str]]:
    found = Hook()
    runner = web.ServerRunner(web.Server(found), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield found, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def test_a_webhook_gets_each_update_with_its_secret_until_it_says_200(
    server: BotServer, bot: Bot, hook: tuple[Hook, str]
):
    """
    Refused deliveries are repeated, in order, and the fault is there to be read.
    """
    seen, url = hook
    seen.answers = [500, 403, 200, 200]
    await bot.set_webhook(url, secret_token="a-secret", max_connections=1)
    person = server.person("王芳")

    await person.says("1")
    await person.says("2")
    await server.handled()

    numbers = [number for number, _ in seen.got]
    assert [numbers[0]] * 3 + [numbers[0] + 1] == numbers
    assert {"a-secret"} == {secret for _, secret in seen.got}
    info = await bot.get_webhook_info()
    assert "403" in (info.last_error_message or "")
    assert (url, 1, 0) == (info.url, info.max_connections, info.pending_update_count)


@pytest.mark.parametrize(
    ("overtaking", "connections", "expected"), [(False, 8, 1), (True, 8, 5), (True, 1, 1)]
)
async def test_one_chats_updates_overtake_each_other_only_on_demand(
    server: BotServer,
    bot: Bot,
    hook: tuple[Hook, str],
    overtaking: bool,
    connections: int,
    expected: int,
):
    """
    Parallel and shuffled, or one after the other.
    """
    seen, url = hook
    seen.pause = 0.02
    server.delivery.overtaking = overtaking
    server.delivery.shuffle = random.Random(7)
    person = server.person("王芳")
    for number in range(5):
        await person.says(str(number))

    await bot.set_webhook(url, max_connections=connections)
    await server.handled()

    numbers = [number for number, _ in seen.got]
    assert expected == seen.at_once
    assert 5 == len(set(numbers))
    assert (numbers != sorted(numbers)) == overtaking


async def test_a_delivery_can_be_doubled_and_its_answer_lost(
    server: BotServer, bot: Bot, hook: tuple[Hook, str]
):
    """
    A bot must bear both.
    """
    seen, url = hook
    await bot.set_webhook(url, max_connections=1)
    person = server.person("王芳")
    server.delivery.lost_answers = 1
    await person.says("1")
    await server.handled()
    server.delivery.copies = 3
    await person.says("2")
    await server.handled()

    assert [2, 3] == [[n for n, _ in seen.got].count(one) for one in sorted({*dict(seen.got)})]


# ---- sending: what is refused ------------------------------------------------------------


async def test_a_text_is_counted_after_its_markup_and_in_utf_16(bot: Bot, person: Person):
    """
    4096 is the limit, an emoji counts two, a tag nothing.
    """
    await bot.send_message(person.id, "字" * 4096)
    await bot.send_message(person.id, f"<b>{'字' * 4096}</b>", parse_mode="HTML")
    await bot.send_message(person.id, "😀" * 2048)

    for text in ("字" * 4097, "😀" * 2049):
        with pytest.raises(BadRequest, match="too long"):
            await bot.send_message(person.id, text)
    with pytest.raises(BadRequest, match="empty"):
        await bot.send_message(person.id, " \n ")


@pytest.mark.parametrize(
    "text",
    ["<b>x", "x</b>", "<b><i>x</b></i>", "a < b", "<figure>1</figure>", "<b", "<span>x</span>"],
)
async def test_markup_that_telegram_does_not_know_is_refused(bot: Bot, person: Person, text: str):
    """
    A forgotten escape is a 400 here too.
    """
    with pytest.raises(BadRequest, match="parse entities"):
        await bot.send_message(person.id, text, parse_mode="HTML")

    assert [] == person.from_bot


def test_markup_becomes_entities_at_the_right_places():
    """
    Offsets are in UTF-16 units, entities of HTML are unescaped.
    """
    found = parse_html('😀<b>4 &lt; 5</b> &amp; <a href="https://x.cn/?a=1&amp;b=2">见</a>&nbsp;')

    assert "😀4 < 5 & 见&nbsp;" == found.text
    assert [("bold", 2, 5), ("text_link", 10, 1)] == [
        (one["type"], one["offset"], one["length"]) for one in found.entities
    ]
    assert "https://x.cn/?a=1&b=2" == found.entities[1]["url"]


async def test_a_plain_text_arrives_as_it_was_typed(bot: Bot, person: Person):
    """
    Without a parse mode nothing is interpreted.
    """
    text = "{{7*7}} <b>甲</b> & </w:t> 'x' \"y\" %20+/?=; 😀"

    sent = await bot.send_message(person.id, text)

    assert text == person.last.text == sent.text


BUTTON = InlineKeyboardButton


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ([BUTTON("a", callback_data="许" * 21 + "ab")], "data_invalid"),
        ([BUTTON("a", api_kwargs={"callback_data": ""})], "data_invalid"),
        ([BUTTON("a")], "text buttons"),
        ([BUTTON(" ", callback_data="a")], "empty"),
        ([BUTTON("a", callback_data="a")] * 9, "8 buttons"),
        ([BUTTON("a", callback_data="a", api_kwargs={"style": "green"})], "style"),
        ([BUTTON("a", callback_data="a", url="https://x.cn")], "exactly one"),
        ([BUTTON("a", url="nowhere")], "url"),
    ],
)
async def test_a_keyboard_that_telegram_refuses_is_refused(
    bot: Bot, person: Person, row: list[BUTTON], problem: str
):
    """
    Bytes, not characters; and nothing half done.
    """
    with pytest.raises(BadRequest, match=problem):
        await bot.send_message(person.id, "x", reply_markup=InlineKeyboardMarkup([row]))

    assert [] == person.from_bot


async def test_a_hundred_buttons_pass_and_one_more_does_not(bot: Bot, person: Person):
    """
    The list of rows of table three has its limit.
    """
    await bot.send_message(person.id, "x", reply_markup=keyboard(*map(str, range(100))))

    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(person.id, "x", reply_markup=keyboard(*map(str, range(101))))


async def test_a_button_of_every_allowed_kind_passes(bot: Bot, person: Person):
    """
    64 bytes of data, a link, a figure to copy, a colour.
    """
    row = [
        BUTTON("甲", callback_data="许" * 21 + "a", api_kwargs={"style": "success"}),
        BUTTON("乙", url="https://x.gov.cn/a?b=c"),
        BUTTON("丙", copy_text=CopyTextButton("295")),
    ]
    await bot.send_message(person.id, "x", reply_markup=InlineKeyboardMarkup([row]))

    assert ("甲", "乙", "丙") == person.last.labels
    assert ("success", "295") == (person.last.buttons[0].style, person.last.buttons[2].copies)


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, person: Person):
    """
    As on a double tap.
    """
    sent = await bot.send_message(person.id, "甲", reply_markup=keyboard("是"))

    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("甲", person.id, sent.message_id, reply_markup=keyboard("是"))
    await bot.edit_message_text("乙", person.id, sent.message_id)

    assert ("乙", (), ["甲"], 1) == (
        person.last.text,
        person.last.labels,
        person.last.history,
        person.last.edited,
    )


async def test_only_its_own_messages_that_are_there_can_be_edited(bot: Bot, person: Person):
    """
    Three ways to be wrong.
    """
    own = await person.says("1")
    sent = await bot.send_message(person.id, "甲")
    document = await bot.send_document(person.id, b"x", filename="x.txt")

    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_text("乙", person.id, 999)
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("乙", person.id, own.id)
    with pytest.raises(BadRequest, match="no text"):
        await bot.edit_message_text("乙", person.id, document.message_id)
    await bot.delete_message(person.id, sent.message_id)
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_reply_markup(person.id, sent.message_id)
    with pytest.raises(BadRequest, match="to delete not found"):
        await bot.delete_message(person.id, sent.message_id)


async def test_a_tap_is_answered_once_and_not_too_late(server: BotServer, bot: Bot, person: Person):
    """
    The phone turns its circle until then.
    """
    await bot.send_message(person.id, "甲", reply_markup=keyboard("是", "否"))
    tap = await person.taps("是")
    late = await person.taps("否")
    found = (await updates(bot))[-2].callback_query
    assert found
    assert ("d:是", person.id) == (found.data, found.from_user.id)
    assert 2 == len(person.spinning)

    with pytest.raises(BadRequest, match="too_long"):
        await bot.answer_callback_query(tap.query.id, "字" * 201)
    await bot.answer_callback_query(tap.query.id, "好的")
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query(tap.query.id)
    server.expire_queries()
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query(late.query.id)

    assert (True, "好的", False) == (tap.answered, tap.text, late.answered)


async def test_an_old_button_can_be_tapped_after_its_message_has_gone(bot: Bot, person: Person):
    """
    Phones keep what they have shown.
    """
    sent = await bot.send_message(person.id, "甲", reply_markup=keyboard("是"))
    old = person.last.button("是")
    await bot.delete_message(person.id, sent.message_id)

    await person.taps(old)
    found = (await updates(bot))[-1].callback_query

    assert found
    assert found.message
    assert not found.message.is_accessible


async def test_only_the_allowed_reactions_pass(bot: Bot, person: Person):
    """
    👌 is one, ✓ is none.
    """
    own = await person.says("295")

    await bot.set_message_reaction(person.id, own.id, "👌")
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(person.id, own.id, "✓")

    assert ("👌",) == own.reactions
    assert {one.value.replace("\ufe0f", "") for one in ReactionEmoji} == REACTIONS


async def test_a_document_arrives_with_its_chinese_name(bot: Bot, person: Person):
    """
    The name is what the clerk will find in the phone's downloads.
    """
    name = "雷鸣镇人民政府2023年政府信息公开工作年度报告.docx"
    content = random.Random(1).randbytes(300_000)

    sent = await bot.send_document(person.id, content, filename=name, caption="草稿")

    assert (name, content, "草稿") == (
        person.last.file_name,
        person.last.file,
        person.last.text,
    )
    assert sent.document
    assert name == sent.document.file_name
    again = await bot.send_document(person.id, sent.document.file_id)
    assert again.document
    assert content == person.last.file
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_document(person.id, b"x", caption="字" * 1025)
    with pytest.raises(BadRequest, match="non-empty"):
        await bot.send_document(person.id, b"", filename="x")


async def test_pictures_arrive_alone_and_as_an_album(bot: Bot, person: Person):
    """
    The pages of a draft are an album.
    """
    await bot.send_photo(person.id, b"png", caption="第 1 页")
    album = await bot.send_media_group(
        person.id, [InputMediaPhoto(bytes([number] * 9)) for number in range(3)]
    )
    with pytest.raises(BadRequest, match="2 to 10"):
        await bot.send_media_group(person.id, [InputMediaDocument(InputFile(b"x"))])

    assert 1 == len({one.media_group_id for one in album})
    assert [b"png", b"\0" * 9, b"\1" * 9, b"\2" * 9] == [one.file for one in person.from_bot]


async def test_a_file_too_large_is_refused(bot: Bot, person: Person):
    """
    50 MB out, and the answer is not JSON then.
    """
    with pytest.raises(NetworkError):
        await bot.send_document(person.id, bytes(50 * 1024 * 1024 + 1))

    assert [] == person.documents


async def test_a_persons_file_can_be_fetched_up_to_20_megabytes(bot: Bot, person: Person):
    """
    Last year's report comes in this way.
    """
    content = random.Random(2).randbytes(1_000_000)
    await person.sends_file("去年.docx", content)
    await person.sends_file("大.docx", bytes(20 * 1024 * 1024 + 1))
    small, large = [one.message.document for one in await updates(bot) if one.message][-2:]
    assert small
    assert large

    found = await (await small.get_file()).download_as_bytearray()

    assert ("去年.docx", content) == (small.file_name, bytes(found))
    with pytest.raises(BadRequest, match="too big"):
        await large.get_file()


async def test_commands_are_checked_and_the_narrowest_scope_wins(
    server: BotServer, bot: Bot, person: Person
):
    """
    What a person's menu shows.
    """
    await bot.set_my_commands([BotCommand("help", "帮助")])
    await bot.set_my_commands(
        [BotCommand("menu", "目录")], BotCommandScopeAllPrivateChats(), language_code="zh"
    )
    await bot.set_my_commands([], BotCommandScopeAllGroupChats())

    assert ["menu"] == person.commands
    assert ["help"] == server.person("John", language="en").commands
    for wrong in (BotCommand("Menu", "目录"), BotCommand("m" * 33, "目录")):
        with pytest.raises(BadRequest, match="invalid"):
            await bot.set_my_commands([wrong])
    with pytest.raises(BadRequest, match="invalid"):
        await bot.set_my_commands([BotCommand("menu", "目" * 257)])


async def test_descriptions_have_their_limits(bot: Bot):
    """
    512 and 120 characters.
    """
    await bot.set_my_description("字" * 512, "zh")
    await bot.set_my_short_description("字" * 120)

    assert "字" * 512 == (await bot.get_my_description("zh")).description
    with pytest.raises(BadRequest, match="too long"):
        await bot.set_my_description("字" * 513)
    with pytest.raises(BadRequest, match="too long"):
        await bot.set_my_short_description("字" * 121)


async def test_a_chat_shows_typing_and_can_be_asked_about(
    server: BotServer, bot: Bot, person: Person
):
    """
    The indicator is one of Telegram's list.
    """
    await bot.send_chat_action(person.id, "upload_document")
    with pytest.raises(BadRequest):
        await bot.send_chat_action(person.id, "thinking")

    assert ["upload_document"] == server.chats[person.id].actions
    assert "王芳" == (await bot.get_chat(person.id)).first_name
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat(5)


async def test_a_wrong_token_is_unauthorized_and_a_malformed_one_not_found(server: BotServer):
    """
    Both are the library's InvalidToken.
    """
    for token in (f"{server.token}x", "nonsense"):
        wrong = make_bot(server, token)
        with pytest.raises(InvalidToken):
            await wrong.initialize()
        await wrong.shutdown()


# ---- people ------------------------------------------------------------------------------


async def test_who_has_not_pressed_start_or_has_blocked_cannot_be_written_to(
    server: BotServer, bot: Bot
):
    """
    403 in three ways, and the bot is told of the blocking.
    """
    person = server.person("李强")
    with pytest.raises(Forbidden, match="initiate"):
        await bot.send_message(person.id, "1")
    await person.starts("abc")
    await bot.send_message(person.id, "1")
    await person.blocks()
    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(person.id, "2")
    await person.unblocks()
    await bot.send_message(person.id, "3")
    await person.leaves_telegram()
    with pytest.raises(Forbidden, match="deactivated"):
        await bot.send_message(person.id, "4")

    found = await updates(bot)
    kinds = ["message", "my_chat_member", "my_chat_member", "message"]
    assert kinds == [next(iter(set(one.to_dict()) - {"update_id"})) for one in found]
    assert "/start abc" == found[0].message.text if found[0].message else ""
    assert ["1", "3"] == [one.text for one in person.from_bot]


async def test_a_long_text_arrives_in_several_messages(bot: Bot, person: Person):
    """
    9,000 characters are three updates, and nothing between them is lost.
    """
    text = "\n".join(f"第{number}段" + "字" * 90 for number in range(95))

    await person.says(text)
    parts = [one.message.text or "" for one in (await updates(bot))[1:] if one.message]

    assert 3 == len(parts)
    assert all(units(part) <= 4096 for part in parts)
    assert text == "\n".join(parts)


async def test_everything_people_send_can_be_read_by_the_library(
    server: BotServer, bot: Bot, person: Person
):
    """
    Built as JSON, read as in production.
    """
    server.delivery.copies = 2
    card = await bot.send_message(person.id, "几件？")
    own = await person.replies(person.last, "295")
    await person.edits(own, "296")
    await person.sends_sticker()
    await person.sends_photo()
    await person.sends_voice()
    await person.sends_video()
    await person.sends_location()
    await person.sends_contact()
    await person.sends_poll()
    await person.forwards("听说的")
    await person.sends_album(b"1", b"2")
    await person.forges("nonsense")

    found = (await updates(bot))[2::2]

    reply = found[0].message
    assert reply
    assert reply.reply_to_message
    assert card.message_id == reply.reply_to_message.message_id
    assert found[1].edited_message
    assert "296" == found[1].edited_message.text
    messages = [one.message for one in found if one.message]
    assert [*"1110111100"] == [
        str(int(bool(one)))
        for one in (
            messages[1].sticker,
            messages[2].photo,
            messages[3].voice,
            messages[3].sticker,
            messages[4].video,
            messages[5].location,
            messages[6].contact,
            messages[7].poll,
            messages[7].text,
            messages[8].media_group_id,
        )
    ]
    assert messages[8].forward_origin
    assert messages[9].media_group_id == messages[10].media_group_id
    assert found[-1].callback_query
    assert "nonsense" == found[-1].callback_query.data


async def test_in_a_group_the_bot_hears_only_what_is_meant_for_it(
    server: BotServer, bot: Bot, person: Person
):
    """
    Privacy mode: commands, mentions, replies to it.
    """
    await updates(bot, offset=-1)
    group = server.group("政务公开群", person)
    await person.says("295", chat=group)
    await person.says("/status", chat=group)
    await person.says("/status@other_bot", chat=group)
    await person.says("@nianbao_bot 在吗", chat=group)
    sent = await bot.send_message(group.id, "请私聊")
    await person.says("好", chat=group, reply_to=group.messages[-1])
    await group.anonymous_says("/help")

    texts = [one.message.text for one in await updates(bot) if one.message][1:]

    assert ["/status", "@nianbao_bot 在吗", "好", "/help"] == texts
    assert "请私聊" == (await group.shows("私聊")).text == sent.text


async def test_a_group_that_moves_answers_with_its_new_id(
    server: BotServer, bot: Bot, person: Person
):
    """
    The library turns it into ChatMigrated.
    """
    group = server.group("群", person, kind="group")
    new = await group.migrates()

    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "1")

    assert new.id == caught.value.new_chat_id


async def test_a_person_waits_for_what_the_bot_will_say(bot: Bot, person: Person):
    """
    And is not satisfied with what it said before.
    """
    await bot.send_message(person.id, "第一题")
    own = await person.says("295")
    waiting = asyncio.create_task(person.sees_next("第"))
    await asyncio.sleep(0)
    assert not waiting.done()
    await bot.send_message(person.id, "第二题", reply_markup=keyboard("全部为 0"))

    found = await waiting

    assert isinstance(found, Message)
    assert "第二题" == found.text
    assert found is await person.sees("全部为 0", after=own)
    with pytest.raises(AssertionError, match="王芳 does not see"):
        await person.sees("第三题", timeout=0.01)
    await person.deletes_chat()
    assert [] == person.chat


async def test_a_standing_keyboard_sends_what_its_key_says(bot: Bot, person: Person):
    """
    A tap on it arrives like typing.
    """
    keys = ReplyKeyboardMarkup([["同上年", "295"]], input_field_placeholder="输入件数")
    await bot.send_message(person.id, "几件？", reply_markup=keys)

    await person.presses("295")

    found = (await updates(bot))[-1].message
    assert found
    assert "295" == found.text


# ---- rates and faults --------------------------------------------------------------------


class AtOneMoment(Limits):
    """
    As if no time passed between two calls, however busy the machine is.
    """

    def count(self, chat: int, _: float, weight: int = 1) -> None:
        super().count(chat, 0.0, weight)


async def test_rates_are_kept_when_a_test_asks_for_it(server: BotServer, bot: Bot, person: Person):
    """
    A chat's fifth message at once is one too many; another chat does not mind.
    """
    other = server.person("李强")
    await other.starts()
    server.limits = AtOneMoment()
    for number in range(4):
        await bot.send_message(person.id, str(number))

    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(person.id, "5")
    await bot.send_message(other.id, "1")
    crowd = [server.person(str(number)) for number in range(40)]
    for one in crowd:
        await one.starts()
    sent = await asyncio.gather(
        *(bot.send_message(one.id, "1") for one in crowd), return_exceptions=True
    )

    assert 1 <= seconds(caught.value) <= 3
    refused = [one for one in sent if isinstance(one, RetryAfter)]
    assert 28 == len(sent) - len(refused)
    assert 1 + len(refused) == server.limits.refused


async def test_a_fault_is_played_as_often_as_asked_and_recorded(
    server: BotServer, bot: Bot, person: Person
):
    """
    Too many requests, a proxy's 502, and then all is well.
    """
    server.fail("sendMessage", error=429, retry_after=7)
    server.fail("sendMessage", error=502)
    server.fail("sendMessage", error=403, description="Forbidden: bot was blocked by the user")

    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(person.id, "1")
    with pytest.raises(NetworkError, match="502"):
        await bot.send_message(person.id, "2")
    with pytest.raises(Forbidden):
        await bot.send_message(person.id, "3")
    await bot.send_message(person.id, "4")

    assert 7 == seconds(caught.value)
    assert ["4"] == [one.text for one in person.from_bot]
    assert ["fault: 429", "fault: 502", "fault: 403", "ok"] == [
        call.outcome for call in server.called("sendMessage")
    ]


@pytest.mark.parametrize(("when", "effect"), [("before", []), ("after", ["1"])])
async def test_a_cut_connection_may_or_may_not_have_had_its_effect(
    server: BotServer, bot: Bot, person: Person, when: str, effect: list[str]
):
    """
    To the bot both look the same.
    """
    server.fail("sendMessage", cut=when)

    with pytest.raises(MaybeSent):
        await bot.send_message(person.id, "1")

    assert effect == [one.text for one in person.from_bot]


async def test_a_fault_can_be_for_one_chat_only(server: BotServer, bot: Bot, person: Person):
    """
    One chat's trouble is not another's.
    """
    other = server.person("李强")
    await other.starts()
    server.fail("send*", error=429, chat=person.id, times=None)

    await bot.send_message(other.id, "1")
    with pytest.raises(RetryAfter):
        await bot.send_document(person.id, b"x")
    server.faults.clear()
    await bot.send_document(person.id, b"x")


async def test_an_outage_refuses_everybody_and_then_goes_on(
    server: BotServer, bot: Bot, person: Person
):
    """
    What waited is still there afterwards.
    """
    waiting = asyncio.create_task(updates(bot, offset=2_000_000_000, timeout=20))
    await server.until(lambda: server.called("getUpdates"), "a poll")
    async with server.outage():
        with pytest.raises(TelegramError):
            await waiting
        with pytest.raises(NotSent):
            await bot.send_message(person.id, "1")
    await bot.send_message(person.id, "2")
    await person.says("3")

    assert ["2"] == [one.text for one in person.from_bot]
    assert ["3"] == [one.message.text for one in await updates(bot) if one.message]


async def test_a_late_answer_is_late(server: BotServer, person: Person):
    """
    The effect is there although the bot gave up.
    """
    server.fail("sendMessage", delay=0.2, cut="after")
    async with make_bot(server, read_timeout=0.05) as bot:
        with pytest.raises(MaybeSent):
            await bot.send_message(person.id, "1")

    assert ["1"] == [one.text for one in person.from_bot]


async def test_an_unknown_method_is_not_found(bot: Bot):
    """
    A newer method, tried against an older server.
    """
    with pytest.raises(TelegramError, match="not found"):
        await bot.do_api_request("sendRichMessage", {"chat_id": 1})
