"""
`nianbao compare`: what was published against what was approved.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.files import pictures
from conversations.sign_off.states import Deed, ReportState
from conversations.talk.effects import Save
from conversations.wording import comparing as wording
from storage.sign_off import SignOffs
from storage.store import Store
from tests.conftest import ROOT
from tests.written import leiming

NOW = datetime(2024, 1, 15, 9, 0, tzinfo=UTC)
EQUAL, DIFFERENT, NOT_COMPARED = 0, 1, 2
OURS = leiming()
ORGAN, YEAR = OURS.organ, OURS.year
CELL = "requests.outcome.disclosed.natural_person"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """
    A finished report.
    """
    with Store.open(tmp_path) as store, store.begin() as unit:
        report_id = unit.open_report(ORGAN, YEAR, now=NOW, edition="2021")
        saves = [Save(item, None, v) for item, v in OURS.answers.items() if v != ""]
        unit.save(report_id, saves, by="terminal", at=NOW, door="chat")
        unit.finish(report_id, NOW)
    return tmp_path


def export(data: Path, kind: str) -> Path:
    file = data / f"published.{kind}"
    named = ["--organ", ORGAN, "--year", str(YEAR), "--data", str(data)]
    assert 0 == main(["export", *named, "--format", kind, "--out", str(file)])
    return file


class Said:
    """
    What the command says, and its exit code.
    """

    def __init__(self, capsys: pytest.CaptureFixture[str], data: Path) -> None:
        self.capsys = capsys
        self.data = data

    def of(self, file: Path | str, *more: str) -> tuple[int, str]:
        self.capsys.readouterr()
        named = ["--organ", ORGAN, "--year", str(YEAR), "--data", str(self.data)]
        code = main(["compare", str(file), *named, *more])
        return code, self.capsys.readouterr().out

    def json(self, file: Path | str) -> tuple[int, dict[str, Any]]:
        code, said = self.of(file, "--json")
        return code, json.loads(said)


@pytest.fixture
def said(data: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(capsys, data)


def change(data: Path, value: int) -> None:
    """
    A figure that is changed after the final document.
    """
    with Store.open(data) as store, store.begin() as unit:
        report_id = unit.find_report(ORGAN, YEAR)
        assert report_id is not None
        before = unit.load(report_id, "terminal").answers.get(CELL)
        unit.save(report_id, [Save(CELL, before, value)], by="terminal", at=NOW, door="chat")


@pytest.mark.parametrize("kind", ["docx", "html", "txt"])
def test_what_was_exported_is_equal(data: Path, said: Said, kind: str):
    """
    With exit code 0, and nothing to tell.
    """
    wanted = {"result": "equal", "cells": [], "texts": [], "why": ""}

    assert (EQUAL, wanted) == said.json(export(data, kind))
    assert EQUAL == said.of(export(data, kind))[0]


@pytest.mark.long
@pytest.mark.parametrize(
    "kind", ["pdf", "doc", *(pytest.param(k, marks=pytest.mark.soak) for k in ("odt", "html"))]
)
def test_what_an_office_made_of_it_is_equal(data: Path, said: Said, kind: str):
    """
    Saved anew by LibreOffice.
    """
    if not pictures.pictures_available():
        pytest.skip("no LibreOffice")
    file = data / f"saved.{kind}"
    file.write_bytes(
        pictures.convert(export(data, "docx").read_bytes(), suffix=".docx", to=kind, seconds=60)
    )

    code, found = said.json(file)
    assert (EQUAL, "equal") == (code, found["result"])


def test_the_published_example_is_equal(said: Said):
    """
    As the office published it; of a bookmark that a program printed nobody knew.
    """
    file = ROOT / "bot" / "examples" / "leimingzhen-2023.txt"

    code, found = said.json(file)
    assert (EQUAL, "equal") == (code, found["result"])


def test_one_figure_that_differs_is_told_with_its_place(data: Path, said: Said):
    """
    With exit code 1; figures as `show --json` has them.
    """
    file = export(data, "html")
    change(data, 21)
    with Store.open(data) as store, store.begin() as unit:
        unit.finish(unit.find_report(ORGAN, YEAR) or 0, NOW)

    code, found = said.json(file)
    told = said.of(file)[1]

    assert (DIFFERENT, "different") == (code, found["result"])
    assert {"cell": CELL, "ours": 21, "theirs": OURS.answers[CELL]} in found["cells"]
    assert all({"cell", "ours", "theirs"} == set(entry) for entry in found["cells"])
    assert f"表三 自然人 予以公开：{wording.FINAL} 21，网上 {OURS.answers[CELL]}" in told


def test_a_sentence_that_differs_is_told_with_its_text(data: Path, said: Said):
    """
    Under the id of its section.
    """
    file = export(data, "txt")
    file.write_text(file.read_text("utf-8").replace("狠抓落实", "狠抓督办"), "utf-8")

    code, found = said.json(file)

    assert DIFFERENT == code
    assert ["overview"] == [entry["item"] for entry in found["texts"]]
    assert "狠抓落实" in found["texts"][0]["ours"]
    assert "狠抓督办" in found["texts"][0]["theirs"]


def test_what_was_changed_since_the_final_document_does_not_count(data: Path, said: Said):
    """
    The document that was published is the one that was made.
    """
    file = export(data, "docx")
    change(data, 21)

    assert EQUAL == said.of(file)[0]


def test_an_approval_is_what_it_is_compared_with(data: Path, said: Said):
    """
    And named so.
    """
    file = export(data, "docx")
    with Store.open(data) as store, store.begin() as unit:
        report_id = unit.find_report(ORGAN, YEAR) or 0
        SignOffs(unit).record(
            report_id,
            Deed.APPROVE,
            ReportState.APPROVED,
            by="leader",
            at=NOW,
            door="chat",
            history=unit.load(report_id, "terminal").history,
            fingerprint="3F7A-92C1",
            note={},
        )

    assert wording.EQUAL.format(ours=wording.APPROVED) in said.of(file)[1]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("scan.pdf", b"%PDF-1.4\n%%EOF"),
        ("notice.txt", "本周五下午开会，请准时参加。".encode()),
        ("none.docx", None),
    ],
)
def test_what_cannot_be_read_is_not_compared(
    data: Path, said: Said, name: str, content: bytes | None
):
    """
    With exit code 2 and the reason, for programs too.
    """
    file = data / name
    if content is not None:
        file.write_bytes(content)

    code, found = said.json(file)

    assert (NOT_COMPARED, "not compared") == (code, found["result"])
    assert found["why"]
    assert NOT_COMPARED == said.of(file)[0]


def test_an_address_of_ours_is_not_fetched(said: Said):
    """
    The rules for links are the same as everywhere.
    """
    for link in ("http://127.0.0.1/a.html", "http://192.168.1.1/"):
        code, found = said.json(link)
        assert (NOT_COMPARED, "not compared") == (code, found["result"])


def test_the_report_of_another_organ_is_not_compared(data: Path, said: Said, examples: Path):
    """
    Nothing of it is listed but its title.
    """
    code, found = said.json(examples / "shuyang-development-2023.html")

    assert (NOT_COMPARED, [], ["title"]) == (
        code,
        found["cells"],
        [entry["item"] for entry in found["texts"]],
    )


def test_without_a_final_document_there_is_nothing_to_compare_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    Nor without a report.
    """
    named = ["--organ", ORGAN, "--year", str(YEAR), "--data", str(tmp_path)]
    file = ROOT / "bot" / "examples" / "leimingzhen-2023.txt"
    assert NOT_COMPARED == main(["compare", str(file), *named])
    with Store.open(tmp_path) as store, store.begin() as unit:
        unit.open_report(ORGAN, YEAR, now=NOW, edition="2021")
    capsys.readouterr()

    assert NOT_COMPARED == main(["compare", str(file), *named, "--json"])
    assert wording.NOTHING_FINAL == json.loads(capsys.readouterr().out)["why"]
