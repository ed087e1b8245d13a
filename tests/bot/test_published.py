"""
「已公布」 in the conversation: what was published is compared, recorded and told.

Through the doors of this machine, over a store.
"""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import conversation as door
from bot.cli.conversation import Conversation
from bot.cli.jsonl import run_jsonl
from bot.files.unreadable import UnreadableFile
from bot.telegram.attachments import of_version
from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.document.write.html import as_html
from conversations.document.write.text import as_text
from conversations.sign_off.states import Deed, ReportState
from conversations.sign_off.status import SignOff, SignOffRecord
from conversations.talk.cards import card
from conversations.talk.effects import Save, Say
from conversations.talk.events import ReportRead, Tapped
from conversations.talk.session import State
from conversations.wording import comparing as wording
from conversations.wording import importing, sign_off
from storage.store import Store
from tests.written import leiming, with_answers

NOW = datetime(2024, 1, 15, 9, 0, tzinfo=UTC)
OURS = with_answers(leiming(), {"introduction": "", "signature": ""})
CELL = "requests.outcome.disclosed.natural_person"
LINK = "http://www.town.gov.cn/a.html"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Conversation]:
    """
    A lone clerk with a final document.
    """
    with Store.open(tmp_path) as store:
        with store.begin() as unit:
            report_id = unit.open_report(OURS.organ, OURS.year, now=NOW, edition="2021")
            saves = [Save(item, None, value) for item, value in OURS.answers.items()]
            unit.save(report_id, saves, by="terminal", at=NOW, door="chat")
            unit.finish(report_id, NOW)
        yield Conversation(store, tmp_path, tmp_path, OURS.organ, OURS.year)


def says(office: Conversation, text: str = "", file: Path | None = None) -> str:
    """
    What is said to a message or a file.
    """
    handled, _ = office.take(office.read(text, file))
    return "\n".join(effect.text for effect in handled.effects if isinstance(effect, Say))


def behind_link(monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    def linked(link: str) -> ReportRead:
        found = read(page.encode(), "a.html")
        assert isinstance(found, ReadReport)
        return ReportRead("a.html", found)

    monkeypatch.setattr(door, "linked", linked)


def publications(office: Conversation) -> tuple[SignOffRecord, ...]:
    with office.store.read() as reader:
        stored = reader.load(office.report_id or 0, "terminal")
        signed: SignOff = stored.sign_off
    return tuple(record for record in signed.records if record.deed is Deed.PUBLISH)


def test_a_page_that_differs_and_then_one_that_is_right(
    office: Conversation, monkeypatch: pytest.MonkeyPatch
):
    """
    Told with its place; both comparisons are kept, and the newest is shown.
    """
    figure = OURS.answers[CELL]
    assert isinstance(figure, int)
    assert wording.ASK in says(office, sign_off.PUBLISHED)
    behind_link(monkeypatch, as_html(with_answers(OURS, {CELL: figure + 9})))
    told = says(office, LINK)

    assert f"表三 自然人 予以公开：{wording.FINAL} {figure}，网上 {figure + 9}" in told
    assert wording.ASK_AGAIN in told
    (first,) = publications(office)
    assert (LINK, "different", "") == tuple(
        first.note[name] for name in ("address", "result", "why")
    )
    assert [CELL, str(figure), str(figure + 9)] in json.loads(first.note["differences"])["cells"]
    assert office.session.today.isoformat() == first.note["date"]

    behind_link(monkeypatch, as_html(OURS))
    told = says(office, LINK)

    assert wording.EQUAL.format(ours=wording.FINAL) in told
    assert wording.ASK_AGAIN not in told
    assert ["different", "equal"] == [p.note["result"] for p in publications(office)]
    assert ReportState.PUBLISHED is office.session.sign_off.state


def test_a_page_that_cannot_be_read_is_recorded_with_the_reason(
    office: Conversation, monkeypatch: pytest.MonkeyPatch
):
    """
    Date and address are kept; the page that was saved is then compared under that address.
    """

    def linked(link: str) -> ReportRead:
        raise UnreadableFile(importing.TOO_SLOW)

    monkeypatch.setattr(door, "linked", linked)
    says(office, sign_off.PUBLISHED)

    assert wording.NOT_COMPARED.format(why=importing.TOO_SLOW) in says(office, LINK)
    (kept,) = publications(office)
    assert (LINK, "not compared", importing.TOO_SLOW) == tuple(
        kept.note[name] for name in ("address", "result", "why")
    )

    file = office.data / "saved.html"
    file.write_text(as_html(OURS), "utf-8")
    says(office, file=file)
    assert [(LINK, "not compared"), (LINK, "equal")] == [
        (p.note["address"], p.note["result"]) for p in publications(office)
    ]


def test_an_address_inside_is_not_fetched(office: Conversation):
    """
    It is recorded, and why nothing was compared.
    """
    says(office, sign_off.PUBLISHED)
    says(office, "http://127.0.0.1/a.html")

    (kept,) = publications(office)
    assert "not compared" == kept.note["result"]
    assert kept.note["why"]


def test_a_scan_alone_locks_nothing(office: Conversation, monkeypatch: pytest.MonkeyPatch):
    """
    The reason is told and the address asked for; under an address it is kept as not compared.
    """
    file = office.data / "scan.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF")
    says(office, sign_off.PUBLISHED)
    told = says(office, file=file)

    assert wording.NOT_KEPT.rpartition("}")[2] in told
    assert () == publications(office)
    assert ReportState.OPEN is office.session.sign_off.state

    def linked(link: str) -> ReportRead:
        raise UnreadableFile(importing.TOO_SLOW)

    monkeypatch.setattr(door, "linked", linked)
    says(office, LINK)
    says(office, file=file)
    assert [(LINK, "not compared")] * 2 == [
        (p.note["address"], p.note["result"]) for p in publications(office)
    ]


def test_there_is_a_way_out_of_what_was_not_compared(
    office: Conversation, monkeypatch: pytest.MonkeyPatch
):
    """
    It is said with what was recorded, and works as it is said.
    """

    def linked(link: str) -> ReportRead:
        raise UnreadableFile(importing.TOO_SLOW)

    monkeypatch.setattr(door, "linked", linked)
    says(office, sign_off.PUBLISHED)
    assert wording.WAY_OUT in says(office, LINK)
    says(office, sign_off.REOPEN)
    says(office, "网址发错了，还没有公布。")

    assert ReportState.OPEN is office.session.sign_off.state


def test_a_page_that_was_copied_is_compared(office: Conversation):
    """
    As a text of its own; a word is no address.
    """
    says(office, sign_off.PUBLISHED)
    assert wording.NO_ADDRESS in says(office, "县政府网站")
    assert () == publications(office)

    says(office, as_text(OURS))
    assert ["equal"] == [p.note["result"] for p in publications(office)]


def test_a_file_that_is_no_report_is_a_mistake(office: Conversation):
    """
    Nothing is recorded.
    """
    file = office.data / "a.txt"
    file.write_text("会议通知，请准时参加。", "utf-8")
    says(office, sign_off.PUBLISHED)

    assert wording.NO_ADDRESS in says(office, file=file)
    assert () == publications(office)


def test_what_was_published_is_locked_and_can_be_compared_again(
    office: Conversation, monkeypatch: pytest.MonkeyPatch
):
    """
    No figure changes any more.
    """
    behind_link(monkeypatch, as_html(OURS))
    says(office, sign_off.PUBLISHED)
    says(office, LINK)
    office.take(office.read("/menu"))

    before = OURS.answers[CELL]
    for text in ("1 2 3", "/menu"):
        says(office, text)
    with office.store.read() as reader:
        assert before == reader.load(office.report_id or 0, "terminal").answers[CELL]
    assert wording.ASK_AGAIN in says(office, sign_off.PUBLISHED)
    says(office, LINK)
    assert ["equal", "equal"] == [p.note["result"] for p in publications(office)]


def test_of_what_was_never_handed_in_there_is_no_file_to_hand_in(
    office: Conversation, monkeypatch: pytest.MonkeyPatch
):
    """
    The document is the final one, on the button, by its name and under it.
    """
    behind_link(monkeypatch, as_html(OURS))
    says(office, sign_off.PUBLISHED)
    says(office, LINK)
    handled, _ = office.take(Tapped("so"))
    labels = [b.label for row in card(handled.session).buttons for b in row]
    assert sign_off.FINAL_FILE in labels
    assert sign_off.SUBMITTED_FILE not in labels

    _, ((path, final),) = office.take(Tapped("ver"))
    assert final
    assert sign_off.SUBMITTED_FILE not in path.name
    caption = of_version(office.session, 1, final=True)["caption"]
    assert sign_off.FINAL_CAPTION.format(mark=office.session.fingerprint) == caption


def test_nothing_is_asked_before_there_is_a_final_document(tmp_path: Path):
    """
    Nor is a link anything else than before.
    """
    with Store.open(tmp_path) as store:
        with store.begin() as unit:
            unit.open_report(OURS.organ, OURS.year, now=NOW, edition="2021")
        office = Conversation(store, tmp_path, tmp_path, OURS.organ, OURS.year)

        assert wording.ASK not in says(office, sign_off.PUBLISHED)
        assert State.PUBLISH is not office.session.place.state


def test_one_who_has_changed_their_mind_goes_back(office: Conversation):
    """
    To where they were; no link was compared.
    """
    office.take(office.read("/menu"))
    says(office, "/published")
    handled, _ = office.take(office.read(wording.BACK))

    assert State.CONTENTS is handled.session.place.state
    assert () == publications(office)


def test_a_link_of_another_state_is_imported_as_before(
    office: Conversation, monkeypatch: pytest.MonkeyPatch
):
    """
    Nothing is compared, nothing recorded.
    """
    behind_link(monkeypatch, as_html(OURS))
    handled, _ = office.take(office.read(LINK))

    assert State.CONFIRM is handled.session.place.state
    assert () == publications(office)


def test_a_lone_clerk_sees_no_button(office: Conversation):
    """
    Neither at the end nor in the list of sections.
    """
    for text in ("/menu", "/status", "/start"):
        handled, _ = office.take(office.read(text))
        shown = [e for e in handled.effects if isinstance(e, Say)]
        assert not any(
            button.id == "pub" for said in shown for row in said.buttons for button in row
        )


def test_a_program_is_answered_in_the_same_way(
    office: Conversation, monkeypatch: pytest.MonkeyPatch
):
    """
    A link at the JSON-lines door.
    """
    behind_link(monkeypatch, as_html(OURS))
    out = io.StringIO()
    lines = [json.dumps({"text": text}) for text in (sign_off.PUBLISHED, LINK)]

    assert 0 == run_jsonl(office, lines, out)
    assert wording.EQUAL.format(ours=wording.FINAL) in out.getvalue()
    assert ["equal"] == [p.note["result"] for p in publications(office)]
