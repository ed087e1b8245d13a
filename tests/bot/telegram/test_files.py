"""
Files from outside at the phone's door: whatever they are, everybody else is answered.
"""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.files import child, documents, read, received
from bot.telegram.dispatch import dispatch
from bot.telegram.fetching import ATTEMPTS
from bot.telegram.incoming import Incoming
from bot.telegram.talk import Talk
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.wording import door as words
from conversations.wording import ledger, talk
from storage.messages import FAILED, Messages
from storage.tables import INCOMING, OUTGOING
from tests import child_work
from tests.bot.telegram.door import ROWS, Door, door, seated, serve
from tests.bot.test_ledger import EXPECTED, HEADS, LABELLED, workbook
from tests.botapi import BotServer
from tests.botapi.errors import ApiError
from tests.conversations.test_machine_sections import SEVERAL, report_text
from tests.dialogue import zeros
from tests.hostile import HOSTILE
from tests.templates import COSTLY, template_with
from tests.written import leiming

ROW = ROWS[0].short
ANSWER = "1 0 0 0 0 0"


async def test_ten_people_are_answered_beside_the_hostile_files_of_forty(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog
):
    """
    And each who sent one gets a sentence; what is left over of the time is not used.
    """
    monkeypatch.setattr(read, "SECONDS", 0.2)
    people = seated(tmp_path / "data", server, len(HOSTILE) + 10)
    async with door(tmp_path / "data", server) as office:
        for person, (name, make) in zip(people, HOSTILE.items(), strict=False):
            await person.sends_file(name, make())
        honest = people[len(HOSTILE) :]
        await asyncio.gather(*(person.says(ANSWER) for person in honest))

        for person in honest:
            await person.sees(f"✓ {ROW}")
        assert waiting(office)
        for person in people[: len(HOSTILE)]:
            await server.until(lambda: person.from_bot, f"a sentence for {person.name}", 60)  # noqa: B023

    assert [] == [line for line in caplog.messages if "error" in line]


def waiting(office: Door) -> int:
    """
    How many files are still to be read.
    """
    with office.opened() as store, store.begin() as unit:
        return len(Messages(unit).unsent())


async def test_people_are_answered_while_a_file_is_read(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Also their documents are made; the sender's own answers wait, in order.
    """
    monkeypatch.setattr(received, "held_by", child_work.reads_when_told)
    sender, other = seated(tmp_path / "data", server, 2)
    told = tmp_path / "told"
    async with door(tmp_path / "data", server):
        await sender.sends_file("a.txt", str(told).encode())
        await sender.says(ANSWER)
        await other.says(ANSWER)
        await other.sees(f"✓ {ROW}")
        await other.says("/preview")
        await server.until(lambda: other.documents, "the document")

        assert not sender.from_bot
        told.touch()

        await sender.sees(words.FILE_NOT_NOW)
        await sender.sees(f"✓ {ROW}")


async def test_only_so_many_files_are_held_at_once(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    The others are not even fetched; then each has its turn.
    """
    monkeypatch.setattr("bot.telegram.fetching.ROOM", 1)
    monkeypatch.setattr(received, "held_by", child_work.reads_when_told)
    people = seated(tmp_path / "data", server, 3)
    told = tmp_path / "told"
    async with door(tmp_path / "data", server) as office:
        for person in people:
            await person.sends_file("a.txt", str(told).encode())
        await server.until(lambda: attempts(office) == 1, "the reading")
        await server.handled()
        assert 1 == len(server.called("getFile"))
        told.touch()

        for person in people:
            await person.sees(words.FILE_NOT_NOW)


async def test_a_child_that_dies_twice_is_told_and_the_chat_goes_on(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Another try may help, a third would not.
    """
    monkeypatch.setattr(received, "held_by", child_work.dies_reading)
    (person,) = seated(tmp_path / "data", server, 1)
    async with door(tmp_path / "data", server) as office:
        await person.sends_file("a.docx", b"PK")

        await person.sees(words.FILE_BROKEN_OFF)
        assert 3 == attempts(office)
        await person.says(ANSWER)
        await person.sees(f"✓ {ROW}")


def attempts(office: Door) -> int:
    with office.opened() as store, store.read() as reader:
        found: int = reader.connection.execute(select(func.max(OUTGOING.c.attempts))).scalar_one()
        return found


async def test_a_file_that_is_the_end_of_two_processes_is_not_read_by_a_third(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Whatever killed them: the chat is not dead for good.
    """
    monkeypatch.setattr(received, "held_by", child_work.reads_when_told)
    (person,) = seated(tmp_path / "data", server, 1)
    office = Door(server, tmp_path / "data")
    for life in (1, 2):
        await office.start()
        if life == 1:
            await person.sends_file("a.txt", b"never")
        await server.until(lambda: attempts(office) == life, "the reading", 20)  # noqa: B023
        await office.dies()
        child.end()
    await office.start()
    try:
        await person.sees(words.FILE_BROKEN_OFF)
    finally:
        await office.stop()


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_a_file_that_is_not_to_be_had_does_not_hold_up_the_chat(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
):
    """
    Nor does it say anything of the person, or of our token.
    """

    def refuses(_: str):
        raise ApiError(status, "made to fail")

    monkeypatch.setattr("bot.telegram.sender.FIRST_WAIT", 0.001)
    monkeypatch.setattr(server, "_send_file", refuses)
    (person,) = seated(tmp_path / "data", server, 1)
    async with door(tmp_path / "data", server) as office:
        await person.sends_file("a.txt", b"never")

        await person.sees(words.FILE_FAILED)
        await person.says(ANSWER)
        await person.sees(f"✓ {ROW}")
        assert office.service.health()["ok"]


async def test_a_file_of_which_telegram_knows_nothing_for_long_is_asked_for_again(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Eight times, then the person is told and the chat goes on.
    """
    monkeypatch.setattr("bot.telegram.sender.FIRST_WAIT", 0.001)
    server.fail("getFile", error=500, times=None)
    (person,) = seated(tmp_path / "data", server, 1)
    async with door(tmp_path / "data", server):
        await person.sends_file("a.txt", b"never")

        await person.sees(words.FILE_FAILED)
        assert ATTEMPTS == len(server.called("getFile"))
        await person.says(ANSWER)
        await person.sees(f"✓ {ROW}")


async def test_being_told_to_stop_is_no_attempt_at_reading(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    However often that happens while a file is read, it is read in the end.
    """
    monkeypatch.setattr(received, "held_by", child_work.reads_when_told)
    (person,) = seated(tmp_path / "data", server, 1)
    told = tmp_path / "told"
    office = Door(server, tmp_path / "data")
    await office.start()
    await person.sends_file("a.txt", str(told).encode())
    for _ in range(3):
        await server.until(lambda: attempts(office) == 1, "the reading")
        await office.stop()
        assert 0 == attempts(office)
        await office.start()
    told.touch()

    await person.sees(words.FILE_NOT_NOW)
    await office.stop()


@pytest.mark.parametrize("body", ["<html></html>", '{"ok":true,"result":"x"}', '{"ok":true}'])
async def test_a_file_of_which_somebody_else_answers_is_asked_for_again(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
):
    """
    As a proxy does. Where it never gets better, the sender hears of it.
    """
    monkeypatch.setattr("bot.telegram.sender.FIRST_WAIT", 0.01)
    (person,) = seated(tmp_path / "data", server, 1)
    async with door(tmp_path / "data", server):
        server.fail("getFile", body=body, times=ATTEMPTS - 1)
        await person.sends_file("a.txt", "一二三".encode())
        await person.sees(words.FILE_NOT_NOW)

        server.fail("getFile", body=body, times=ATTEMPTS)
        await person.sends_file("b.txt", "一二三".encode())
        await person.sees(words.FILE_FAILED)


async def test_what_was_read_and_could_not_be_stored_is_not_read_again(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    The store's trouble is no fault of the file's.
    """
    from storage.errors import StoreBusy

    (person,) = seated(tmp_path / "data", server, 1)
    async with door(tmp_path / "data", server) as office:
        await person.says(ANSWER)
        await person.sees(f"✓ {ROW}")
        intake = office.service.intake
        assert intake is not None
        store, failures = intake.uploaded, [1, 2, 3]

        def fails(*given):
            if failures:
                failures.pop()
                raise StoreBusy("busy")
            return store(*given)

        monkeypatch.setattr(intake, "uploaded", fails)
        monkeypatch.setattr("bot.telegram.sender.FIRST_WAIT", 0.01)
        await person.sends_file("a.txt", "一二三".encode())

        await person.sees(words.FILE_NOT_NOW)
        assert 1 == attempts(office)


# ----------------------------------------------------------------- texts that are pasted


async def test_people_are_answered_while_a_long_text_is_read(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Whoever sent it waits, in order, and loses nothing when the bot ends meanwhile.
    """
    monkeypatch.setattr(received, "held_by", child_work.reads_when_told)
    sender, other = seated(tmp_path / "data", server, 2)
    told = tmp_path / "told"
    office = Door(server, tmp_path / "data")
    await office.start()
    await sender.says(f"{SEVERAL}\n{told}")
    await sender.says("/menu")
    await server.until(lambda: attempts(office) == 1, "the reading")
    await other.says(ANSWER)
    await other.sees(f"✓ {ROW}")
    assert not sender.from_bot
    await office.stop()
    assert 0 == attempts(office)
    await office.start()
    told.touch()

    asked = await sender.sees(FORM.section["overview"].heading)
    await sender.sees("📋", after=asked)
    await office.stop()


async def test_a_whole_report_that_is_pasted_in_pieces_is_offered_as_one(
    server: BotServer, tmp_path: Path
):
    """
    Read once for each piece that came; a yes stores every figure.
    """
    text = report_text(2023, proactive_disclosure__licensing__decisions=295)
    half = text.index("\n", len(text) // 2)
    async with door(tmp_path / "data", server) as office:
        person = await office.joins()
        await person.says(text[:half])
        await person.says(text[half + 1 :])
        first = await person.sees("295")
        await person.sees("295", after=first)
        assert "overview" not in office.answers()

        await person.taps(talk.import_yes(2023))

        await person.sees_next("✓")
        answers = office.answers()
        assert 295 == answers["proactive_disclosure.licensing.decisions"]
        assert {*FORM.cells} & {*zeros()} <= {*answers}


async def test_a_text_that_fails_after_it_was_read_stays_as_it_came(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    The fault is ours: the person is told a number, and the update is kept to be looked at.
    """

    def fails(talk: Talk, update: Incoming) -> None:
        assert talk.reading is None
        dispatch(talk, update)

    monkeypatch.setattr("bot.telegram.intake.dispatch", fails)
    async with door(tmp_path / "data", server) as office:
        person = await office.joins()
        await person.says(SEVERAL)
        await person.sees(words.ERROR.partition("{")[0])

        with office.opened() as store, store.read() as reader:
            failed = select(INCOMING.c.body).where(INCOMING.c.state == FAILED)
            bodies = list(reader.run(failed).scalars())
        assert [SEVERAL] == [json.loads(body)["message"]["text"] for body in bodies]


async def test_serve_ends_at_once_whatever_is_being_read(tmp_path: Path):
    """
    And the file is read after the start.
    """
    async with BotServer() as server:
        people = seated(tmp_path / "data", server, 3)
        async with serve(tmp_path, server) as running:
            for person in people:
                await person.sends_file("forms.pdf", HOSTILE["forms.pdf"]())
            await server.until(lambda: len(server.called("sendChatAction")) >= 3, "the reading")

            assert 0 == await running.terminate(), running.shown

        assert not any(person.from_bot for person in people)


# ------------------------------------------------------------------------- templates


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.soak if name == "power" else ()) for name in COSTLY],
)
def test_a_template_that_costs_too_much_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    In a sentence; only one that took too long is tried again: the machine may have been busy.
    """
    text, expected = COSTLY[name]
    (tmp_path / documents.TEMPLATE).write_bytes(template_with(text))
    child.run(child_work.surroundings)
    tried: list[str] = []
    run = child.run

    # What ends for want of memory has all the time: a busy machine may take it.
    short = {} if expected == words.TEMPLATE_TOO_MUCH_MEMORY else {"seconds": 3.0}

    def counted(work, *given, **named):
        tried.append(work.__name__)
        return run(work, *given, **named | short)

    monkeypatch.setattr(child, "run", counted)
    said = []
    for _ in range(2):
        with pytest.raises(documents.TemplateError) as caught:
            documents.check(documents.of_store(tmp_path), "2021")
        said.append(str(caught.value))
        assert expected in {said[-1], ""}

    assert ["packed_template"] * (1 + (said[0] == words.TEMPLATE_TOO_SLOW)) == tried


def test_an_offices_own_template_gives_the_document_it_gave_before(tmp_path: Path):
    """
    Made in a child, the same bytes as without.
    """
    from conversations.document.write.docx import render
    from conversations.document.write.prepare import prepare
    from conversations.form import ANNUAL_REPORT_2021

    template = template_with("年报")
    (tmp_path / documents.TEMPLATE).write_bytes(template)

    _, content = documents.make(documents.of_store(tmp_path), leiming(), draft=False)

    assert render(prepare(template, ANNUAL_REPORT_2021), leiming()) == content


async def test_a_spreadsheet_comes_in_over_telegram_and_the_empty_one_goes_out(
    server: BotServer, tmp_path: Path
):
    """
    From the row that is asked to the confirmed figures.
    """
    (person,) = seated(tmp_path / "data", server, 1)
    async with door(tmp_path / "data", server) as office:
        await person.says("/menu")
        await person.taps("三、依申请公开", await person.sees_next("📋"))
        await person.taps(talk.MORE, await person.sees(talk.MORE))
        shown = await person.sees(ledger.EMPTY_TABLE)
        await person.taps(ledger.EMPTY_TABLE, shown)
        await server.until(lambda: person.documents, "the empty table")
        await person.sends_file("台账.xlsx", workbook([HEADS, *LABELLED]))
        asked = await person.sees(ledger.TAKE)
        await person.taps(ledger.TAKE, asked)
        await person.sees(ledger.STORED.format(count=len(EXPECTED) + 6))

        answers = office.answers("第0镇人民政府")
        assert EXPECTED == {cell: answers.get(cell) for cell in EXPECTED}
