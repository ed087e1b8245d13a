"""
`nianbao template`: an office's own template begun, checked, put into use, taken back.
"""

import io
import json
import os
import threading
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.frame import FINE, REFUSED
from bot.files import child, documents
from conversations.document.differences import Proof
from conversations.document.write.docx import texts_of
from conversations.form import ANNUAL_REPORT_2021
from conversations.wording import templates as wording
from storage import Store
from storage.organs import place_below
from tests.conversations.test_document_template import changed, replaced
from tests.storage.clerk import NOW
from tests.templates import template_with
from tests.written import leiming

EDITION = ANNUAL_REPORT_2021.edition


@pytest.fixture(autouse=True)
def private() -> Iterator[None]:
    """
    What tests write before their first command is nobody else's, as what commands write.
    """
    umask = os.umask(0o077)
    yield
    os.umask(umask)


def nianbao(*words: str) -> tuple[int, str]:
    """
    A command's exit code and everything it printed.
    """
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = main(["template", *words])
    return code, said.getvalue()


def swapped(xml: str) -> str:
    return xml.replace("{{f107}}", "\0").replace("{{f108}}", "{{f107}}").replace("\0", "{{f108}}")


def test_a_new_template_is_the_products_own_and_fine(tmp_path: Path):
    """
    What it is begun with passes the check, and a file that stands is not written over.
    """
    file = tmp_path / "ours.docx"

    assert FINE == nianbao("new", str(file))[0]
    code, said = nianbao("check", str(file))
    assert (FINE, True) == (code, wording.FINE in said)
    assert REFUSED == nianbao("new", str(file))[0]
    assert FINE == nianbao("new", str(file), "--yes")[0]


def test_a_template_with_figures_in_wrong_boxes_is_refused_with_the_places(tmp_path: Path):
    """
    Both boxes are named, for people and for programs.
    """
    file = tmp_path / "swapped.docx"
    file.write_bytes(changed(swapped))

    code, said = nianbao("check", str(file))
    assert (REFUSED, 2) == (code, said.count("· 表二"))

    code, said = nianbao("check", str(file), "--json")
    found = json.loads(said)
    assert (REFUSED, False) == (code, found["fine"])
    assert {("others", True)} == {(d["kind"], d["refused"]) for d in found["differences"]}


def test_a_template_without_a_tag_is_refused_in_a_sentence(tmp_path: Path):
    """
    It is not even filled in.
    """
    file = tmp_path / "missing.docx"
    file.write_bytes(changed(replaced("{{f107}}", "295")))

    code, said = nianbao("check", str(file))

    assert REFUSED == code
    assert "f107" in said


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    """
    By its name.
    """
    code, said = nianbao("check", str(tmp_path / "none.docx"))

    assert (REFUSED, True) == (code, "none.docx" in said)


def test_a_line_of_the_offices_own_is_said_and_the_template_used(tmp_path: Path):
    """
    And what was used before can be had back.
    """
    file, data = tmp_path / "own.docx", tmp_path / "data"
    file.write_bytes(template_with("（此件公开发布）"))

    code, said = nianbao("check", str(file))
    assert FINE == code
    assert wording.REMARKS in said

    assert FINE == nianbao("use", str(file), "--data", str(data))[0]
    assert file.read_bytes() == (data / documents.TEMPLATE).read_bytes()
    assert FINE == nianbao("undo", "--data", str(data))[0]
    assert not (data / documents.TEMPLATE).exists()
    assert REFUSED == nianbao("undo", "--data", str(data))[0]


def test_the_template_of_an_organ_is_that_of_the_organs_below_until_it_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    What was used stays in the list; who has none of their own has nothing to take back.
    """
    monkeypatch.setattr(documents, "proof", lambda *_: Proof(1, 1, 1, ()))
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(tmp_path))
    file, (county, bureau) = tmp_path / "县.docx", ("某县人民政府", "某县财政局")
    file.write_bytes(template_with("（此件公开发布）"))
    with Store.open(tmp_path) as store, store.begin() as unit:
        report = unit.open_report(bureau, 2023, now=NOW, edition=EDITION)
        place_below(unit, unit.organ(bureau, NOW), unit.organ(county, NOW))

    def made() -> str:
        with Store.open(tmp_path) as store, store.read() as reader:
            own = documents.own(reader, tmp_path, report)
            return "".join(texts_of(documents.make(own, leiming(), draft=False)[1]))

    assert FINE == nianbao("use", str(file), "--organ", county)[0]
    assert "此件公开发布" in made()
    assert REFUSED == nianbao("use", str(file), "--organ", "别县人民政府")[0]
    assert REFUSED == nianbao("check", str(file), "--organ", "别县人民政府")[0]
    begun = tmp_path / "begun.docx"
    assert FINE == nianbao("new", str(begun), "--organ", bureau)[0]
    assert file.read_bytes() == begun.read_bytes()
    assert REFUSED == nianbao("undo", "--organ", bureau)[0]
    code, said = nianbao("undo", "--organ", county, "--json")
    assert (FINE, {"organ": county, "own": False, "in_use": None}) == (code, json.loads(said))
    assert "此件公开发布" not in made()

    assert [] == json.loads(nianbao("list", "--json")[1])
    (used,) = json.loads(nianbao("list", "--organ", county, "--json")[1])
    assert (county, "县.docx", used["by"]) == (used["organ"], used["file"], used["taken_back_by"])
    assert "县.docx" in nianbao("list", "--organ", county)[1]


def test_a_refused_template_is_not_put_into_use(tmp_path: Path):
    """
    What is used stays.
    """
    file, data = tmp_path / "swapped.docx", tmp_path / "data"
    file.write_bytes(changed(swapped))

    assert REFUSED == nianbao("use", str(file), "--data", str(data))[0]
    assert not (data / documents.TEMPLATE).exists()


def test_no_document_is_made_by_a_template_that_prints_otherwise(tmp_path: Path):
    """
    Whoever put the file there by hand hears the place, too.
    """
    (tmp_path / documents.TEMPLATE).write_bytes(changed(swapped))

    with pytest.raises(documents.TemplateError) as refusal:
        documents.make(documents.of_store(tmp_path), leiming(), draft=False)

    assert "表二" in str(refusal.value)


def test_a_changed_template_is_checked_while_nobody_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Until it is known nothing becomes final by it.
    """
    monkeypatch.setattr(documents, "_checked", {})
    (tmp_path / documents.TEMPLATE).write_bytes(template_with("年报"))
    own = documents.of_store(tmp_path)
    go, look = threading.Event(), documents._look
    done = threading.Event()

    def waits(*given) -> None:
        assert go.wait(60)
        look(*given)
        done.set()

    monkeypatch.setattr(documents, "_look", waits)

    with pytest.raises(documents.TemplateError) as refusal:
        documents.check_at_once(own, EDITION)
    assert wording.BEING_CHECKED == str(refusal.value)
    go.set()
    assert done.wait(60)
    documents.check_at_once(own, EDITION)


def test_a_template_that_was_too_slow_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    The machine was busy; who asks is told so once, and the next is no worse off.
    """
    monkeypatch.setattr(documents, "_checked", {})
    (tmp_path / documents.TEMPLATE).write_bytes(template_with("年报"))
    own = documents.of_store(tmp_path)
    runs = child.run
    slow: list[type[Exception]] = [child.TooSlow, child.Died]

    def run(*given, **how):
        if slow:
            raise slow.pop()
        return runs(*given, **how)

    monkeypatch.setattr(child, "run", run)

    for _ in range(2):
        with pytest.raises(documents.TemplateError):
            documents.check(own, EDITION)
    documents.check(own, EDITION)
