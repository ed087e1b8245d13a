"""
The final document in other forms on the phone, and the pages of a draft.
"""

import threading
from functools import partial
from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.files import pictures
from bot.files.pictures import Look, NotInstalled, Printed
from conversations.document.write.content import file_name
from conversations.sign_off.states import ReportState
from conversations.wording import door as words
from conversations.wording import sign_off, talk
from tests.bot.telegram.door import TOWN, Door
from tests.bot.telegram.test_sign_off import YEAR, fills_in, hands_in, signed, staffed
from tests.botapi import Message, Person
from tests.botapi.people import PATIENCE
from tests.docx_structure import loose_rows

REPLACED = ("方正小标宋简体", "仿宋_GB2312")
NAME = partial(file_name, TOWN, YEAR)


@pytest.fixture(autouse=True)
def documents(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """
    What was given to LibreOffice, which takes seconds and is none of these tests' business.
    """
    given: list[bytes] = []

    def printed(document: bytes) -> Printed:
        given.append(document)
        return Printed(b"%PDF-1.7", REPLACED)

    monkeypatch.setattr("bot.telegram.maker.printed", printed)
    return given


async def finished(office: Door, *, shows: bool = False) -> tuple[Person, Message]:
    """
    A lone clerk under the final document, its pages shown as pictures or not.
    """
    clerk = await office.joins("王芳")
    fills_in(office, clerk)
    assert office.service.sender is not None
    office.service.sender.pictures = shows
    await clerk.says("/menu")
    menu = await clerk.sees_next(talk.MAKE_FINAL)
    await clerk.taps(talk.MAKE_FINAL, menu)
    return clerk, await clerk.sees(talk.DONE, after=menu)


def has_more(clerk: Person, had: int) -> bool:
    return len(clerk.documents) > had


def mark_of(document: bytes | None) -> str:
    """
    The fingerprint in a Word file's properties.
    """
    assert document is not None
    core = ZipFile(BytesIO(document)).read("docProps/core.xml").decode()
    return core.partition("<dc:identifier>")[2].partition("<")[0]


async def test_each_button_brings_its_files_with_what_they_are_for(
    office: Door, documents: list[bytes]
):
    """
    Under a good name, all of the version that the Word file is of; the page is had twice.
    """
    clerk, card = await finished(office)
    (word,) = clerk.documents
    mark = mark_of(word.file)

    for label in talk.OTHER_FORMS.values():
        before, had = clerk.last, len(clerk.documents)
        await clerk.taps(label, card)
        await clerk.sees(talk.OTHER_FORMS_BELOW, after=before)
        await office.server.until(partial(has_more, clerk, had), label)

    names = [NAME(extension=end) for end in (".html", "（完整网页）.html", ".pdf", ".xlsx", ".txt")]
    files = clerk.documents[1:]
    assert names == [each.file_name for each in files]
    captions = [words.FORM_CAPTIONS[form].format(mark=mark) for form in words.FORM_CAPTIONS]
    captions[2] += words.replaced_faces(REPLACED)
    assert captions == [each.text for each in files]
    assert [word.file] == documents
    assert b"<!doctype html>" in (files[1].file or b"").lower()
    assert b"<!doctype html>" not in (files[0].file or b"").lower()


async def test_two_thumbs_at_once_get_one_file_and_a_changed_report_none(office: Door):
    """
    The old card's buttons say that the document is to be made again first.
    """
    clerk, card = await finished(office)
    await clerk.taps(talk.OTHER_FORMS["t"], card)
    await clerk.taps(talk.OTHER_FORMS["t"], card)
    await office.rests()
    assert 2 == len(clerk.documents)

    asked = await office.asks(clerk, "行政许可")
    await clerk.replies(asked, "3")
    await office.rests()
    for label in talk.OTHER_FORMS.values():
        tap = await clerk.taps(label, card)
        await clerk.sees_answered()
        await office.rests()
        assert talk.FORM_STALE in (tap.text, clerk.last.text.partition("\n")[0])
    assert 2 == len(clerk.documents)


async def test_tables_stay_whole_by_one_tap(office: Door):
    """
    「总览」, 「更多」: the next document is laid out so, only the last row of a table is loose.
    """
    clerk, _ = await finished(office)
    await clerk.says("/menu")
    menu = await clerk.sees_next(talk.MORE)
    await clerk.taps(talk.MORE, menu)
    await clerk.taps(talk.REVIEW, await clerk.sees(talk.REVIEW, after=menu))
    card = await clerk.sees(talk.MAKE_DRAFT, talk.MORE, after=menu)
    await clerk.taps(talk.MORE, card)
    await clerk.taps(talk.TABLES[1], await clerk.sees(talk.TABLES[1]))
    await clerk.sees(talk.TABLES_ARE[1], after=menu)
    await clerk.says("/menu")
    await clerk.taps(talk.MAKE_FINAL, await clerk.sees_next(talk.MAKE_FINAL))
    await office.server.until(partial(has_more, clerk, 1), "the document")

    found = [loose_rows(document.file or b"") for document in clerk.documents]
    assert [[1, 5, 1], [1, 1, 1]] == [[*map(len, tables)] for tables in found]


async def test_what_was_agreed_to_is_had_by_the_leader_as_it_was_handed_in(
    office: Door, documents: list[bytes]
):
    """
    A PDF is made of the very bytes that were kept; before the decision there is none.
    """
    clerk, leader = await staffed(office)
    await hands_in(clerk)
    await leader.starts()
    shown = await leader.sees(sign_off.APPROVE)
    await leader.taps(sign_off.APPROVE, shown)
    card = await leader.sees(sign_off.TITLES[ReportState.APPROVED][:1], sign_off.REOPEN)

    await leader.taps(talk.OTHER_FORMS["p"], card)
    pdf = await leader.sees(".pdf")
    await office.rests()

    kept = [each.file for each in clerk.documents]
    assert kept == documents
    assert mark_of(kept[0]) == signed(office).records[0].fingerprint
    assert mark_of(kept[0]) in pdf.text
    assert NAME(extension=".pdf") == pdf.file_name


async def test_where_no_pdf_can_be_made_the_person_is_told_once(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    It is not tried for ever, and the other forms come all the same.
    """
    tries: list[bytes] = []

    def missing(document: bytes) -> Printed:
        tries.append(document)
        raise NotInstalled("LibreOffice is not installed")

    monkeypatch.setattr("bot.telegram.maker.printed", missing)
    clerk, card = await finished(office)

    await clerk.taps(talk.OTHER_FORMS["p"], card)
    await clerk.sees(words.NO_LIBREOFFICE)
    await clerk.taps(talk.OTHER_FORMS["t"], card)
    await clerk.sees(".txt")
    await office.rests()

    assert 1 == len(tries)
    assert 1 == [each.text for each in clerk.from_bot].count(words.NO_LIBREOFFICE)


async def test_one_that_was_being_made_when_the_bot_died_comes_once(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    Without a word that it might have come before: nothing was sent yet. Whatever else is asked
    meanwhile is answered.
    """
    begun, over = threading.Event(), threading.Event()

    def waits(_: bytes) -> Printed:
        begun.set()
        over.wait(PATIENCE)
        return Printed(b"%PDF-1.7", ())

    monkeypatch.setattr("bot.telegram.maker.printed", waits)
    clerk, card = await finished(office)
    await clerk.taps(talk.OTHER_FORMS["p"], card)
    await office.server.until(begun.is_set, "LibreOffice at work")
    await clerk.says("/status")
    await clerk.sees_next(TOWN)

    await office.dies()
    over.set()
    await office.start()
    pdf = await clerk.sees(".pdf")
    await office.rests()

    assert words.REPEATED not in pdf.text
    assert 2 == len(clerk.documents)


async def test_of_a_long_draft_it_is_said_how_many_pages_there_are(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    And which faces the pictures were drawn without.
    """
    seen = Look([b"\x89PNG page"] * 10, 14, REPLACED)
    monkeypatch.setattr(pictures, "pictures_available", lambda: True)
    monkeypatch.setattr(pictures, "look", lambda *_, most: replaced_by(seen, most))
    clerk, _ = await finished(office, shows=True)
    await office.rests()
    shown = len(clerk.from_bot)

    await clerk.says("/preview")
    await clerk.sees_next(words.DRAFT_CAPTION)
    await clerk.sees_next(words.pictures(14, 10, REPLACED))
    await office.rests()

    assert 10 == sum(each.kind == "photo" for each in clerk.from_bot[shown:])


def replaced_by(seen: Look, most: int) -> Look:
    assert most == len(seen.pictures)
    return seen


async def test_who_asks_to_look_hears_once_that_nothing_can_be_shown(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    The Word file comes each time; with a final one nobody has asked for pictures.
    """
    monkeypatch.setattr(pictures, "pictures_available", lambda: False)
    clerk, _ = await finished(office, shows=True)
    await office.rests()
    clerk.does_not_see(words.NO_LIBREOFFICE)

    for figure in ("", "5"):
        if figure:
            await clerk.replies(await office.asks(clerk, "行政许可"), figure)
        await clerk.says("/preview")
        await clerk.sees_next(words.DRAFT_CAPTION)
        await office.rests()

    assert 1 == [each.text for each in clerk.from_bot].count(words.NO_LIBREOFFICE)
