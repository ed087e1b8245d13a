"""
The photo of the page that a leader has signed, shown again on the phone.
"""

from pathlib import Path

from conversations.sign_off.states import ReportState
from conversations.wording import door as words
from conversations.wording import sign_off
from tests.bot.telegram.door import OTHER_TOWN, TOWN, Door, door
from tests.bot.telegram.test_below import county
from tests.bot.telegram.test_people import removes
from tests.bot.telegram.test_sign_off import YEAR, hands_in, staffed
from tests.botapi import BotServer, Message, Person

PAGE = b"\xff\xd8\xff signed"


async def signs(office: Door, *, as_file: bool = False) -> tuple[Person, Person]:
    """
    The clerk records what the leader has signed, with a photo of the page.
    """
    clerk, leader = await staffed(office)
    card = await hands_in(clerk)
    await clerk.taps(sign_off.OFF_LINE, card)
    await clerk.sees(sign_off.NOT_OFF_LINE, after=card)
    if as_file:
        await clerk.sends_file("page.jpg", PAGE, kind="image/jpeg")
    else:
        await clerk.sends_photo(PAGE)
    await clerk.sees_next(sign_off.PHOTO_KEPT)
    await clerk.says("张建国 今天")
    await clerk.sees_next(sign_off.SIGNED_PAGE)
    await office.rests()
    return clerk, leader


def pages(person: Person) -> list[Message]:
    """
    What somebody was shown of the page, as a photo or a file.
    """
    return [one for one in person.from_bot if one.file == PAGE]


async def test_whoever_may_look_sees_the_signed_page(office: Door):
    """
    The clerk, the leader, the administrator above; of nobody else anything comes back.
    """
    head = await county(office)
    clerk, leader = await signs(office)
    await head.says(f"/organ {TOWN}")
    await head.sees_next("")
    await head.says(f"/year {YEAR}")
    for person in (clerk, leader, head):
        await person.says("/menu")
        menu = await person.sees_next(sign_off.SEE[ReportState.APPROVED])
        await person.taps(sign_off.SEE[ReportState.APPROVED], menu)
        card = await person.sees(sign_off.SIGNED_PAGE, after=menu)
        await person.taps(sign_off.SIGNED_PAGE, card)
    await office.rests()
    for person in (clerk, leader, head):
        (page,) = pages(person)
        assert "photo" == page.kind
        assert "张建国" in page.text
        assert TOWN in page.text

    with office.opened() as store, store.read() as reader:
        data = f"{reader.find_report(TOWN, YEAR):x}/pho"
    assert data in {button.data for button in clerk.last.buttons}
    stranger = office.server.person("生人")
    await stranger.says("您好")
    for person in (await office.joins("赵敏", OTHER_TOWN), stranger):
        tap = await person.forges(data)
        await tap.is_answered()
        await office.rests()
        assert [] == pages(person)


async def test_a_picture_that_came_as_a_file_goes_out_as_a_file(server: BotServer, tmp_path: Path):
    """
    Telegram takes its id for nothing else.
    """
    async with door(tmp_path / "data", server) as office:
        clerk, _ = await signs(office, as_file=True)
        await clerk.taps(sign_off.SIGNED_PAGE)
        await office.rests()

        (page,) = pages(clerk)
        assert "document" == page.kind
        assert "张建国" in page.text


async def test_a_photo_that_telegram_has_no_more_is_said_to_be_gone(
    server: BotServer, tmp_path: Path
):
    """
    Another token, another bot: its ids are others. The chat goes on.
    """
    async with door(tmp_path / "data", server) as office:
        clerk, _ = await signs(office)
        server.files.clear()
        card = clerk.last
        await clerk.taps(sign_off.SIGNED_PAGE)
        await clerk.sees(words.PHOTO_GONE, after=card)
        await clerk.sees(sign_off.SIGNED_PAGE, after=card)
        await clerk.says("/menu")
        await clerk.sees_next("")
        await office.rests()

        assert [] == [one for one in clerk.from_bot if one.text == words.NOT_SHOWN]


async def test_a_signed_page_that_waits_is_not_sent_to_who_is_removed(office: Door):
    """
    Promise: what is queued of the organ stays here.
    """
    head = await office.joins("李强", TOWN, role="administrator")
    clerk, _ = await signs(office)
    busy = office.server.fail("send*", error=429, chat=clerk.id, times=None)
    await clerk.says("/status")
    await clerk.taps(sign_off.SIGNED_PAGE)
    await office.server.handled(30)
    await removes(head, clerk)
    await office.server.handled(30)
    office.server.faults.remove(busy)
    await office.rests()

    assert [] == pages(clerk)
