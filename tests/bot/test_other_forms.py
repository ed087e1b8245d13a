"""
The final document in other forms, through the doors of this machine.
"""

import io
import json
from pathlib import Path

import pytest

from bot.cli.conversation import Conversation
from bot.cli.jsonl import run_jsonl
from bot.files import pictures
from bot.files.pictures import Printed, TooSlow
from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.talk.effects import Say
from conversations.talk.events import Tapped
from conversations.talk.other_forms import OTHER_FORMS
from conversations.wording import door as words
from storage.store import Store
from tests.bot.test_export import run, stored
from tests.bot.test_published import NOW, OURS, office

__all__ = ["office"]

REPLACED = ("仿宋_GB2312",)


def printed(document: bytes) -> Printed:
    assert document.startswith(b"PK")
    return Printed(b"%PDF-1.7", REPLACED)


def test_each_form_is_a_file_in_the_folder(office: Conversation, monkeypatch: pytest.MonkeyPatch):
    """
    What is read of them is the same; the Word file that somebody may have opened stays as it is.
    """
    monkeypatch.setattr(pictures, "printed", printed)
    found: list[Path] = []

    for letter in OTHER_FORMS:
        _, written = office.take(Tapped(f"as:{letter}"))
        assert all(final for _, final in written)
        found += [path for path, _ in written]

    assert [".html", ".html", ".pdf", ".xlsx", ".txt"] == [path.suffix for path in found]
    assert not list(office.out.glob("*.docx"))
    for path in found:
        if path.suffix in (".html", ".txt"):
            report = read(path.read_bytes(), path.name)
            assert isinstance(report, ReadReport)
            assert OURS.figures.all() == dict(report.values)


def test_while_a_pdf_is_made_others_may_write(
    office: Conversation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    LibreOffice may take a minute, and the store is not held for it.
    """

    def slowly(document: bytes) -> Printed:
        with Store.open(tmp_path) as store, store.begin() as unit:
            unit.organ("龙门镇人民政府", NOW)
        return printed(document)

    monkeypatch.setattr(pictures, "printed", slowly)

    handled, written = office.take(Tapped("as:p"))

    assert 1 == len(written)
    said = [effect.text for effect in handled.effects if isinstance(effect, Say)]
    assert words.replaced_faces(REPLACED) == said[0]


def test_where_there_is_no_pdf_the_reason_stands_in_its_place(
    office: Conversation, monkeypatch: pytest.MonkeyPatch
):
    """
    The conversation goes on from there.
    """

    def too_slow(_: bytes) -> Printed:
        raise TooSlow("still at it after 60 s")

    monkeypatch.setattr(pictures, "printed", too_slow)

    handled, written = office.take(Tapped("as:p"))

    assert [] == written
    said, card = handled.effects
    assert isinstance(said, Say)
    assert words.PDF_TOO_SLOW == said.text
    assert isinstance(card, Say)


def test_a_program_is_told_the_file(office: Conversation, monkeypatch: pytest.MonkeyPatch):
    """
    In the field that names every document.
    """
    monkeypatch.setattr(pictures, "printed", printed)
    out = io.StringIO()

    run_jsonl(office, ['{"tap": "as:p"}', '{"tap": "as:h"}', '{"tap": "as:z"}'], out)

    messages = [json.loads(line) for line in out.getvalue().splitlines()]
    files = [Path(each["document"]) for each in messages if each.get("document")]
    assert [".pdf", ".html", ".html"] == [file.suffix for file in files]
    assert all(file.is_file() for file in files)
    assert "error" in messages[-1]


@pytest.mark.parametrize("finished", [True, False])
def test_the_command_line_names_the_faces_that_others_stand_in_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, finished: bool
):
    """
    On stderr, so that the bytes may go into a pipe; of a draft the name says what it is.
    """
    stored(tmp_path, finished=finished).close()
    monkeypatch.setattr("bot.cli.export.printed", printed)

    code, out, err = run(tmp_path, "pdf")

    assert (0 if finished else 3) == code
    assert words.replaced_faces(REPLACED) in err
    assert finished == ("草稿" not in Path(out.splitlines()[0]).name)


def test_without_libreoffice_the_command_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    In the sentence of the chat, and nothing is written.
    """
    stored(tmp_path, finished=True).close()
    monkeypatch.setattr(pictures, "_office", lambda: None)

    code, _, err = run(tmp_path, "pdf")

    assert 2 == code
    assert words.NO_LIBREOFFICE in err
    assert not list(tmp_path.glob("*.pdf"))
