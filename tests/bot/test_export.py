"""
`nianbao export`: a stored report as Word, web page, spreadsheet, plain text or JSON.
"""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli import frame
from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.document.write.content import DRAFT, DRAFT_NOTICE
from conversations.talk.effects import Save
from storage.organs import place_below
from storage.store import Store
from tests.conftest import ROOT
from tests.written import leiming

NOW = datetime(2024, 1, 15, 9, 0, tzinfo=UTC)
ORGAN, YEAR = "雷鸣镇人民政府", 2023
COUNTY = "雷州县人民政府"
KINDS = ("docx", "html", "html-page", "xlsx", "csv", "txt", "json")
ENDINGS = {"html-page": "（完整网页）.html"}


def stored(data: Path, *, finished: bool, left_out: str = "") -> Store:
    store = Store.open(data)
    report = leiming()
    saves = [
        Save(item, None, value)
        for item, value in report.answers.items()
        if item != left_out and value != ""
    ]
    with store.begin() as unit:
        report_id = unit.open_report(ORGAN, YEAR, now=NOW, edition="2021")
        unit.save(report_id, saves, by="terminal", at=NOW, door="chat")
        if finished:
            unit.finish(report_id, NOW)
    return store


def run(
    data: Path, kind: str, out: Path | str | None = None, year: int = YEAR
) -> tuple[int, str, str]:
    words = ["export", "--organ", ORGAN, "--year", str(year), "--data", str(data)]
    words += ["--format", kind, *(["--out", str(out)] if out else [])]
    screen, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with redirect_stdout(screen), redirect_stderr(err):
        code = main(words)
        screen.flush()
    return code, screen.buffer.getvalue().decode(), err.getvalue()


@pytest.mark.parametrize("kind", ["docx", "html", "txt"])
def test_what_is_exported_is_read_back(tmp_path, kind):
    """
    The same figures and texts as in the store, in every format.
    """
    stored(tmp_path, finished=True).close()
    code, screen, _ = run(tmp_path, kind)
    file = Path(screen.splitlines()[0])

    found = read(file.read_bytes(), file.name)

    assert isinstance(found, ReadReport)
    assert 0 == code
    assert f"{ORGAN}{YEAR}年政府信息公开工作年度报告.{kind}" == file.name
    assert leiming().figures.all() == dict(found.values)
    assert leiming().answers["overview"] == found.narratives["overview"]


def test_json_is_what_nianbao_show_prints(tmp_path, capsys):
    """
    One shape for programs, wherever they get it.
    """
    stored(tmp_path, finished=True).close()
    wanted = ["--organ", ORGAN, "--year", str(YEAR), "--data", str(tmp_path)]
    main(["show", "--json", *wanted])
    shown = capsys.readouterr().out

    main(["export", "--format", "json", *wanted])
    file = Path(capsys.readouterr().out.splitlines()[0])

    assert shown == file.read_text(encoding="utf-8")
    assert 295 == json.loads(shown)["cells"]["proactive_disclosure.licensing.decisions"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_that_is_not_finished_gives_a_draft(tmp_path, kind):
    """
    The name says so, the page says so, and the person is told.
    """
    gap = "proactive_disclosure.licensing.decisions"
    stored(tmp_path, finished=False, left_out=gap).close()
    code, screen, _ = run(tmp_path, kind)
    file = Path(screen.splitlines()[0])

    assert 3 == code
    ending = ENDINGS.get(kind, f".{kind}")
    assert f"{ORGAN}{YEAR}年政府信息公开工作年度报告（草稿）{ending}" == file.name
    assert "草稿" in screen.splitlines()[1]
    if kind in {"html", "html-page", "csv", "txt"}:
        text = file.read_text(encoding="utf-8")
        assert (DRAFT if kind == "csv" else DRAFT_NOTICE) in text
        assert "【未填】" in text
    if kind == "json":
        assert "open" == json.loads(file.read_text(encoding="utf-8"))["status"]


def test_a_report_changed_after_its_final_document_gives_a_draft(tmp_path):
    """
    Nobody has approved the new figure yet.
    """
    with stored(tmp_path, finished=True) as store:
        with store.begin() as unit:
            report_id = unit.find_report(ORGAN, YEAR)
            assert report_id is not None
            save = Save("proactive_disclosure.licensing.decisions", 295, 296)
            unit.save(report_id, [save], by="terminal", at=NOW, door="chat")

        _, screen, _ = run(tmp_path, "txt")

    assert "（草稿）" in screen.splitlines()[0]


@pytest.mark.parametrize(
    ("out", "written"),
    [("新文件夹", f"新文件夹/{ORGAN}{YEAR}年政府信息公开工作年度报告.txt"), ("a/b.txt", "a/b.txt")],
)
def test_out_is_a_folder_or_a_file(tmp_path, out, written):
    """
    A name with an ending is a file; folders are made.
    """
    stored(tmp_path / "data", finished=True).close()
    run(tmp_path / "data", "txt", tmp_path / out)

    assert (tmp_path / written).is_file()


def test_a_dash_writes_to_the_standard_output(tmp_path):
    """
    For programs: the bytes and nothing else.
    """
    stored(tmp_path, finished=True).close()
    _, screen, _ = run(tmp_path, "txt", "-")
    run(tmp_path, "txt", tmp_path / "a.txt")

    assert "一、总体情况" in screen
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == screen


def test_a_report_that_is_not_there_is_one_sentence(tmp_path):
    """
    Code 2; no empty file is left.
    """
    stored(tmp_path, finished=True).close()
    code, screen, err = run(tmp_path, "txt", year=2019)

    assert (2, "", 1) == (code, screen, err.count("\n"))


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path):
    """
    Code 2, no traceback.
    """
    (tmp_path / "x").write_text("a file", encoding="utf-8")
    stored(tmp_path / "data", finished=True).close()
    code, _, err = run(tmp_path, "txt", tmp_path / "x" / "y.txt")

    assert (2, 1) == (code, err.count("\n"))


def full() -> int:
    return os.open("/dev/full", os.O_WRONLY)


def deserted() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    return writing


ONE, ALL = ("--organ", ORGAN, "--out", "-"), ("--under", COUNTY)


@pytest.mark.parametrize(
    ("options", "screen", "code"),
    [
        (ONE, full, frame.REFUSED),
        (ALL, deserted, frame.UNFINISHED),
        pytest.param(ONE, deserted, frame.UNFINISHED, marks=pytest.mark.soak),
        pytest.param(ALL, full, frame.REFUSED, marks=pytest.mark.soak),
    ],
)
def test_a_result_that_nobody_can_take_is_no_traceback(tmp_path, options, screen, code):
    """
    The disk behind the output is full, or whoever read it has gone: that is not the folder's
    fault, and nothing half written is left in it.
    """
    store = stored(tmp_path / "data", finished=True)
    with store.begin() as unit:
        place_below(unit, unit.organ(ORGAN, NOW), unit.organ(COUNTY, NOW))
    store.close()
    words = ["--year", str(YEAR), "--format", "txt", "--data", "data", *options]
    if "--out" not in words:
        words += ["--out", "out"]
    output = screen()
    done = subprocess.run(
        [sys.executable, "-m", "bot", "export", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(output)

    assert code == done.returncode
    assert frame.NO_ROOM * (code == frame.REFUSED) == done.stderr.strip()
    assert not list(tmp_path.glob("out/.*"))


def test_nothing_half_written_is_left(tmp_path):
    """
    Where a folder has the file's name, the file cannot be put in its place.
    """
    stored(tmp_path / "data", finished=True).close()
    taken = tmp_path / "out" / f"{ORGAN}{YEAR}年政府信息公开工作年度报告.txt"
    taken.mkdir(parents=True)
    code, screen, err = run(tmp_path / "data", "txt", taken.parent)

    assert (2, "", 1) == (code, screen, err.count("\n"))
    assert [taken] == list(taken.parent.iterdir())


@pytest.mark.parametrize(
    ("kind", "name", "ending"),
    [
        ("docx", "年报.pdf", ".docx"),
        ("html-page", "年报.txt", ".html"),
        ("txt", "年报.txt.docx", ".txt"),
        ("json", "2023.1", ".json"),
        ("xlsx", "年报.csv", ".xlsx"),
    ],
)
def test_a_name_that_ends_otherwise_than_its_format_is_refused(tmp_path, kind, name, ending):
    """
    The right ending is named, and nothing is written; a folder may be called anything.
    """
    stored(tmp_path / "data", finished=True).close()
    code, screen, err = run(tmp_path / "data", kind, tmp_path / name)
    left = list(tmp_path.iterdir())
    (tmp_path / name).mkdir()

    assert (2, "", 1) == (code, screen, err.count("\n"))
    assert ending in err
    assert [tmp_path / "data"] == left
    assert 0 == run(tmp_path / "data", kind, tmp_path / name)[0]


def test_an_ending_is_the_same_in_capitals(tmp_path):
    """
    As systems see it.
    """
    stored(tmp_path / "data", finished=True).close()
    run(tmp_path / "data", "txt", tmp_path / "A.TXT")

    assert (tmp_path / "A.TXT").is_file()
