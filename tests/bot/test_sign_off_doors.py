"""
Sign-off at the doors of a terminal and of programs, and the commands that write.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from bot.__main__ import main
from bot.cli.conversation import Conversation
from bot.cli.frame import FINE, REFUSED, UNFINISHED
from bot.cli.terminal import run_terminal
from bot.files.pictures import Printed
from conversations.document.write.content import file_name
from conversations.form.numbers import NUMBERS
from conversations.sign_off.states import Deed, ReportState
from conversations.talk.effects import Say
from conversations.talk.events import Event, Opened, ReportRead, Tapped, Typed
from conversations.wording import sign_off as wording
from conversations.wording.door import PHOTO_ON_TELEGRAM
from conversations.wording.talk import import_yes
from storage import Store
from storage.organs import place_below
from storage.sign_off import SignOffs
from tests.bot.doors import Jsonl
from tests.conversations.test_reading_in import published
from tests.county import TOWN, YEAR
from tests.docx_structure import properties, structure_faults
from tests.sign_off import LEADER, WANG, decides, team

NOW = datetime(2026, 1, 20, 4, tzinfo=UTC)
COUNTY = "雷州县人民政府"
LICENSING = "proactive_disclosure.licensing.decisions"


class Desk:
    """
    A chat in this process over a store that a second one may open, too.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self.chat = Conversation(store, folder, folder, TOWN, YEAR, by="王芳")
        self.said = ""
        self.written: list[Path] = []
        self.does(Opened())

    def does(self, event: Event) -> "Desk":
        handled, written = self.chat.take(event)
        says = [effect for effect in handled.effects if isinstance(effect, Say)]
        self.said = "\n".join(say.text for say in says)
        self.labels = [button.label for row in says[-1].buttons for button in row]
        self.written = [path for path, _ in written]
        return self

    def taps(self, *ids: str) -> "Desk":
        for id_ in ids:
            self.does(Tapped(id_))
        return self


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """
    An office of a clerk and a leader, whose report is whole.
    """
    with time_machine.travel(NOW, tick=False), Store.open(tmp_path) as opened:
        team(opened)
        yield opened


def report_of(store: Store) -> int:
    with store.read() as reader:
        report = reader.find_report(TOWN, YEAR)
    assert report is not None
    return report


def history(store: Store) -> int:
    with store.read() as reader:
        return reader.load(report_of(store), "test").history


def test_the_terminal_hands_in_and_has_the_approved_bytes_later(store: Store, tmp_path: Path):
    """
    What was handed in is what is delivered, whatever became of the office's template.
    """
    desk = Desk(store, tmp_path).taps("sub")
    (draft,) = desk.written
    assert wording.FINAL_FILE not in draft.name
    content = draft.read_bytes()
    assert [] == structure_faults(content)
    assert desk.chat.session.fingerprint == properties(content)["identifier"]

    decides(store, report_of(store), LEADER, Deed.APPROVE, NOW)
    (tmp_path / "template.docx").write_bytes(b"no template at all")
    desk.taps("ver")

    (final,) = desk.written
    assert final != draft
    assert content == final.read_bytes()
    assert zipfile.is_zipfile(final)


def test_the_command_writes_the_bytes_that_were_approved(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Whatever became of the office's template, and a PDF of them; until then, and when it was
    opened again, it writes a draft.
    """

    def printed(document: bytes) -> Printed:
        return Printed(b"%PDF of " + document, ())

    def export(kind: str) -> tuple[int, str, bytes]:
        out = tmp_path / kind / str(len(list(tmp_path.iterdir())))
        out.mkdir(parents=True)
        words = ["export", "--organ", TOWN, "--year", str(YEAR), "--data", str(tmp_path)]
        code = main([*words, "--format", kind, "--out", str(out)])
        (file,) = out.iterdir()
        return code, file.name, file.read_bytes()

    monkeypatch.setattr("bot.cli.export.printed", printed)
    with store.begin() as unit:
        unit.finish(report_of(store), NOW)
        place_below(unit, unit.organ(TOWN, NOW), unit.organ(COUNTY, NOW))
    (handed_in,) = Desk(store, tmp_path).taps("sub").written
    content = handed_in.read_bytes()
    code, name, draft = export("docx")
    assert UNFINISHED == code
    assert "草稿" in name
    assert draft != content

    decides(store, report_of(store), LEADER, Deed.APPROVE, NOW)
    (tmp_path / "template.docx").write_bytes(b"no template at all")
    for kind, made in (("docx", content), ("pdf", b"%PDF of " + content)):
        assert (FINE, file_name(TOWN, YEAR, extension=f".{kind}"), made) == export(kind)

    (tmp_path / "template.docx").unlink()
    decides(store, report_of(store), LEADER, Deed.REOPEN, NOW, reason="数字与台账不符")
    assert UNFINISHED == export("txt")[0]
    county = ["export", "--under", COUNTY, "--year", str(YEAR), "--data", str(tmp_path)]
    assert UNFINISHED == main([*county, "--format", "txt", "--out", str(tmp_path / "county")])
    assert [] == list((tmp_path / "county").iterdir())


def test_what_was_handed_in_is_locked_at_the_terminal(store: Store, tmp_path: Path):
    """
    Old buttons, replies, texts; the way out is named.
    """
    desk = Desk(store, tmp_path).taps("sub")
    before = history(store)

    desk.does(Typed("5", item=LICENSING))
    assert wording.LOCKED[ReportState.SUBMITTED] in desk.said
    desk.taps(f"z:{NUMBERS[LICENSING]}", "def", "rsty", "lv:2")
    desk.does(Typed("行政许可\t7\n行政处罚\t8"))

    assert before == history(store)
    desk.does(Typed(wording.WITHDRAW))
    desk.does(Typed("5", item=LICENSING))
    assert before < history(store)


def test_the_signed_page_is_said_to_be_on_telegram(store: Store, tmp_path: Path):
    """
    The terminal's and the programs' door have no photos.
    """
    Desk(store, tmp_path).taps("sub")
    note = {"name": "张建国", "date": "2026-01-20", "photo": "photo-1"}
    decides(store, report_of(store), WANG, Deed.RECORD_APPROVAL, NOW, **note)
    store.close()
    out = io.StringIO()
    with Store.open(tmp_path) as again:
        terminal = Conversation(again, tmp_path, tmp_path, TOWN, YEAR, by="王芳")
        run_terminal(terminal, [wording.SIGNED_PAGE], out, colours=False)
    assert PHOTO_ON_TELEGRAM in out.getvalue()
    assert "photo-1" not in out.getvalue()

    # Somebody else: what one and the same has just seen is not shown again.
    with Jsonl(tmp_path, "--organ", TOWN, "--year", str(YEAR), "--as", "李强") as chat:
        assert PHOTO_ON_TELEGRAM in [message["text"] for message in chat.send(tap="pho")]


def test_a_file_is_not_imported_into_what_was_handed_in(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    `nianbao import` says why, and that with its exit code.
    """
    desk = Desk(store, tmp_path)
    desk.taps("dra")
    (draft,) = desk.written
    desk.taps("sub")
    before = history(store)
    where = ("--organ", TOWN, "--year", str(YEAR), "--data", str(tmp_path))
    store.close()

    code = main(["import", str(draft), "--yes", "--replace", "--doubtful", *where])

    assert REFUSED == code
    told, refused = capsys.readouterr()
    assert "" == told, "what would be imported is not shown"
    assert wording.LOCKED[ReportState.SUBMITTED] in refused
    with Store.open(tmp_path) as again:
        assert before == history(again)


def test_a_file_is_not_offered_to_a_year_that_was_handed_in(store: Store, tmp_path: Path):
    """
    The year before is locked, this one is not; the year before that was never begun.
    """
    with store.begin() as unit:
        before = unit.open_report(TOWN, YEAR - 1, now=NOW, edition="2021")
        SignOffs(unit).record(
            before,
            Deed.SUBMIT,
            ReportState.SUBMITTED,
            by="test",
            at=NOW,
            door="test",
            history=0,
            fingerprint="",
            note={},
        )
    desk = Desk(store, tmp_path)
    desk.does(ReportRead("年报.docx", published(YEAR - 1)))

    assert wording.locked(ReportState.SUBMITTED, YEAR - 1) in desk.said
    assert import_yes(YEAR - 1) not in desk.labels
    desk.does(ReportRead("年报.docx", published(YEAR - 2)))
    assert import_yes(YEAR - 2) in desk.labels


def test_an_old_terminal_learns_of_the_hand_in(store: Store, tmp_path: Path):
    """
    A second window that still asks: its answer is refused.
    """
    other = Desk(store, tmp_path).taps(f"o:{NUMBERS[LICENSING]}")
    Desk(store, tmp_path).taps("sub")
    before = history(store)

    other.does(Typed("5"))
    other.does(Typed("5", item=LICENSING))

    assert before == history(store)
