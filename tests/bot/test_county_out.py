"""
`nianbao export --under`: everything of a county as files, and what is missing always named.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from bot.__main__ import main
from bot.cli.export import OF_ONE
from bot.cli.frame import NOT_WRITTEN
from bot.county.handing_out import KINDS, County, HandingOut, Stopped
from bot.files.pictures import NotInstalled, PictureError
from conversations.county.handing_out import apart, extension_of
from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers, Figures
from conversations.form.local_notice import NOTHING
from conversations.form.organ import Level
from conversations.sign_off.states import Deed, ReportState
from conversations.wording import county_handing_out as wording
from conversations.wording import county_summing as sum_wording
from storage import Store
from storage.tables import TASK
from tests import handed_out as made
from tests.handed_out import COUNTY, IN, MISSING, NOW, YEAR, county

ORGANS = (*IN, *MISSING, made.EXCUSED)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """
    A store with the county in it.
    """
    folder = tmp_path / "data"
    with Store.open(folder) as store:
        county(store)
    return folder


def export(data: Path, *more: str) -> int:
    words = ["export", "--under", COUNTY, "--year", str(YEAR), "--data", str(data)]
    return main([*words, *more])


def file(folder: Path, name: str) -> Path:
    return folder / f"{COUNTY}{name.format(year=YEAR)}"


def archive(folder: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(file(folder, wording.DOCUMENTS))


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = load_workbook(io.BytesIO(content))
    return {page.title: [[c.value for c in row] for row in page.iter_rows()] for page in book}


def table(folder: Path, cell: str) -> dict[str, dict[str, Any]]:
    """
    The sheet of figures in which a cell stands: organ → cell → what is in it.
    """
    for rows in sheets(file(folder, wording.TABLES).read_bytes()).values():
        for number, head in enumerate(rows):
            if cell in head:
                return {
                    row[0]: dict(zip(head[3:], row[3:], strict=True)) for row in rows[number + 1 :]
                }
    raise AssertionError(cell)


def figures(seed: int) -> dict[str, Any]:
    return dict(Figures(FORM, Answers(made.answers(seed))).all())


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        yield from csv.DictReader(opened)


def test_everything_is_written_and_what_is_missing_is_named(data, tmp_path, capsys):
    """
    Four files with their names on stdout; each organ that is waited for on stderr, no other.
    """
    code = export(data, "--out", str(tmp_path / "out"))

    out, error = capsys.readouterr()
    names = (wording.DICTIONARY, wording.FIGURES, wording.TABLES, wording.DOCUMENTS)
    assert [str(file(tmp_path / "out", name)) for name in names] == out.splitlines()
    assert sorted(out.splitlines()) == sorted(map(str, (tmp_path / "out").iterdir()))
    assert 3 == code
    assert set(MISSING) | {made.OLD_FORM} == {organ for organ in ORGANS if organ in error}


@pytest.mark.parametrize("kind", ["zip", "xlsx", "docx"])
def test_a_folder_that_nothing_can_be_written_into_is_named(data, capsys, kind):
    """
    Not a name of ours in it, which nobody has given.
    """
    code = export(data, "--format", kind, "--out", "/proc")

    assert (2, f"{NOT_WRITTEN.format(file='/proc')}\n") == (code, capsys.readouterr().err)


def test_nothing_is_missing_where_all_are_in(data, tmp_path, capsys):
    """
    An organ that need not report is not waited for.
    """
    with Store.open(data) as store, store.begin() as unit:
        submitted, half = (unit.find_report(organ, YEAR) for organ in MISSING[:2])
        assert submitted is not None
        assert half is not None
        made.decided(unit, submitted, Deed.APPROVE, ReportState.APPROVED)
        made.save(unit, half, made.answers(7))
        unit.finish(half, NOW)
        made.report(unit, made.NOTHING, 10)

    assert 0 == export(data, "--format", "zip", "--out", str(tmp_path))
    assert not any(organ in capsys.readouterr().err for organ in ORGANS)
    with archive(tmp_path) as found:
        assert 9 + 2 == len(found.namelist())


def test_the_archive_has_each_final_document_in_a_folder_of_its_kind(data, tmp_path):
    """
    What was approved as it was kept, a file as it was sent (the newest), the others made now.
    """
    export(data, "--format", "zip", "--out", str(tmp_path))

    with archive(tmp_path) as found:
        content = {name: found.read(name) for name in found.namelist()}
    documents = {name: data for name, data in content.items() if "/" in name}
    whose = {organ: name for organ in IN for name in documents if f"/{organ}{YEAR}" in name}
    assert set(IN) == set(whose)
    assert len(IN) == len(documents)
    assert {wording.FOLDERS[Level.TOWNSHIP]} == {
        whose[o].partition("/")[0] for o in (made.FINISHED, made.APPROVED)
    }
    assert made.KEPT == documents[whose[made.APPROVED]]
    assert made.SENT_BYTES == documents[whose[made.SENT]]
    assert (".pdf", "") == (whose[made.SENT][-4:], Path(whose[made.OLD_FORM]).suffix)
    report = read(documents[whose[made.FINISHED]], "x.docx")
    assert isinstance(report, ReadReport)
    assert figures(1) == dict(report.values)


def test_the_index_names_every_organ(data, tmp_path):
    """
    Its state, mark and address; with a document the hash of its bytes, without one why.
    """
    export(data, "--format", "zip", "--out", str(tmp_path))

    with archive(tmp_path) as found:
        ((head, *listed),) = sheets(found.read(f"{wording.INDEX}.xlsx")).values()
        page = found.read(f"{wording.INDEX}.html").decode()
        by_organ = {row[1]: dict(zip(head, row, strict=True)) for row in listed}
        path, mark = wording.ORGANS_HEAD[6], wording.ORGANS_HEAD[9]
        for organ, row in by_organ.items():
            assert (organ in IN) == bool(row[path])
            if row[path]:
                assert hashlib.sha256(found.read(row[path])).hexdigest() == row[mark]
    assert set(ORGANS) == set(by_organ)
    assert made.ADDRESS in by_organ[made.PUBLISHED].values()
    assert all(organ in page for organ in ORGANS)
    assert made.ADDRESS.replace("&", "&amp;") in page


def test_a_figure_has_its_column_in_every_year(data, tmp_path):
    """
    Ids in a head row in the order of the form, labels and units above; a blank is no 0.
    """
    export(data, "--format", "xlsx", "--out", str(tmp_path))

    book = sheets(file(tmp_path, wording.TABLES).read_bytes())
    ids = [value for page in list(book.values())[1:4] for value in page[3][3:]]
    assert list(FORM.cells) == ids
    first, fee = next(iter(FORM.cells)), "proactive_disclosure.administrative_fees.amount"
    last = list(FORM.cells)[-1]
    found = {cell: table(tmp_path, cell) for cell in (first, fee, last)}
    assert figures(1)[first] == found[first][made.FINISHED][first]
    assert figures(4)[last] == found[last][made.SENT][last]
    assert 0 == found[first][made.OPEN][first]
    for organ in (made.NOTHING, made.OLD_FORM):
        assert {None} == set(found[first][organ].values())
    assert made.EXCUSED not in found[first]
    assert made.FEE + 1 == Decimal(repr(found[fee][made.FINISHED][fee]))


def test_the_sum_and_its_bridge_stand_in_the_same_book(data, tmp_path):
    """
    As `nianbao sum --xlsx` writes them: what is added up are the rows of the sheets before.
    """
    export(data, "--format", "xlsx", "--out", str(tmp_path))
    alone = tmp_path / "sum.xlsx"
    words = ["--under", COUNTY, "--year", str(YEAR), "--data", str(data), "--xlsx", str(alone)]
    main(["sum", *words])

    book = sheets(file(tmp_path, wording.TABLES).read_bytes())
    assert sheets(alone.read_bytes()).items() <= book.items()
    first = next(iter(FORM.cells))
    rows_of = table(tmp_path, first)
    (total,) = (row for row in book[sum_wording.SHEETS[0]] if first in row)
    assert sum(row[first] or 0 for row in rows_of.values()) == total[3]


def test_what_a_task_asks_for_beyond_the_form_has_its_own_sheet(data, tmp_path):
    """
    A row a figure; none that was not answered is a 0, and nobody else's task asks for it.
    """
    with Store.open(data) as store, store.begin() as unit:
        report_id = unit.find_report(made.EXCUSED, YEAR)
        assert report_id is not None
        notice = NOTHING.asking("=政务微信", "条").asking("公报", "期")
        unit.connection.execute(
            update(TASK)
            .where(TASK.c.report_id == report_id)
            .values(withdrawn=False, notice=notice.dumps())
        )
        made.save(unit, report_id, {notice.questions[0].cell: 7})
    export(data, "--format", "xlsx", "--out", str(tmp_path))

    (_, *found) = sheets(file(tmp_path, wording.TABLES).read_bytes())[wording.LOCAL_SHEET]
    assert [
        [made.EXCUSED, "=政务微信", 7, "条"],
        [made.EXCUSED, "公报", None, "期"],
    ] == [[row[0], *row[2:]] for row in found]


def test_open_data_are_the_final_figures(data, tmp_path):
    """
    A row a figure, those of the final reports alone; the dictionary says what each id is.
    """
    export(data, "--format", "csv", "--out", str(tmp_path))

    organ, year, cell, _, value, unit = wording.FIGURES_HEAD
    told: dict[str, dict[str, Decimal]] = {}
    for row in rows(file(tmp_path, wording.FIGURES)):
        told.setdefault(row[organ], {})[row[cell]] = Decimal(row[value])
        assert str(YEAR) == row[year]
        assert FORM.cells[row[cell]].counted_in == row[unit]
    known = list(rows(file(tmp_path, wording.DICTIONARY)))
    assert set(IN) - {made.OLD_FORM} == set(told)
    assert figures(2) == told[made.APPROVED]
    assert list(FORM.cells) == [row[wording.DICTIONARY_HEAD[0]] for row in known]
    assert [FORM.lines[c.line].counts for c in FORM.cells.values()] == [
        row[wording.DICTIONARY_HEAD[6]] for row in known
    ]


def test_nothing_that_was_typed_is_live(data, tmp_path):
    """
    The name under which a file was sent begins like a formula; an address is no script.
    """
    with Store.open(data) as store, store.begin() as unit:
        report = made.report(unit, "雷州县统计局", 11)
        note = {"address": "javascript:alert(1)"}
        made.decided(unit, report, Deed.PUBLISH, ReportState.PUBLISHED, **note)
    export(data, "--out", str(tmp_path))

    with archive(tmp_path) as found:
        index, page = (found.read(f"{wording.INDEX}.{kind}") for kind in ("xlsx", "html"))
    for book in (index, file(tmp_path, wording.TABLES).read_bytes()):
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            assert not any(b"<f>" in parts.read(name) for name in parts.namelist())
        assert made.SENT_NAME in str(sheets(book))
    assert b'href="javascript' not in page


def test_an_archive_is_parted_where_a_file_may_only_be_so_large(data, tmp_path):
    """
    Each part opens by itself; together they hold every document once, the last the index.
    """
    with Store.open(data) as store:
        with store.begin() as unit:
            organ_id = unit.organ(COUNTY, NOW)
        work = HandingOut(store, County(organ_id, COUNTY, YEAR, data), NOW)
        parts = list(work.files(tmp_path, ["zip"], most=2_012_000))

    names = []
    for part in parts:
        with zipfile.ZipFile(part) as found:
            assert found.testzip() is None
            names.append(found.namelist())
        assert part.stat().st_size < 2_012_000
    assert 1 < len(parts)
    assert len(IN) == len({name for some in names for name in some if "/" in name})
    assert f"{wording.INDEX}.html" in names[-1]


def test_stopped_half_way_nothing_half_is_left(data, tmp_path):
    """
    What was whole before stays; nobody is asked again once it is over.
    """
    asked = iter([True] * len(ORGANS) + [True, False])
    with Store.open(data) as store:
        with store.begin() as unit:
            organ_id = unit.organ(COUNTY, NOW)
        work = HandingOut(
            store, County(organ_id, COUNTY, YEAR, data), NOW, wanted=lambda: next(asked)
        )
        with pytest.raises(Stopped):
            list(work.files(tmp_path / "out", KINDS))

    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert {
        file(tmp_path, n).name for n in (wording.FIGURES, wording.DICTIONARY, wording.TABLES)
    } == left


@pytest.mark.parametrize("kind", ["docx", "html", "html-page", "txt", "json"])
def test_each_final_document_is_a_file_of_its_own(data, tmp_path, capsys, kind):
    """
    In any form of one report, the form before only as JSON; what is missing is named, and what is
    not the file that was sent.
    """
    folder = tmp_path / "out"
    code = export(data, "--format", kind, "--out", str(folder))

    out, error = capsys.readouterr()
    lacks = set() if kind == "json" else {made.OLD_FORM}
    there = set(IN) - lacks
    files = {organ: file for organ in there for file in folder.glob(f"{organ}{YEAR}*")}
    assert 3 == code
    assert sorted(out.splitlines()) == sorted(map(str, files.values()))
    assert sorted(files.values()) == sorted(folder.iterdir())
    assert len(there) == len(files)
    assert {OF_ONE[kind].ending} == {file.suffix for file in files.values()}
    anew = set() if kind == "json" else {made.SENT}
    assert set(MISSING) | lacks | anew == {organ for organ in ORGANS if organ in error}
    content = {organ: file.read_bytes() for organ, file in files.items()}
    if kind == "docx":
        assert made.KEPT == content.pop(made.APPROVED)
    for organ, seed in zip((made.FINISHED, made.SENT), (1, 4), strict=True):
        found = read(content[organ], f"x.{kind}")
        assert isinstance(found, ReadReport)
        assert figures(seed) == dict(found.values)
    if kind == "json":
        assert {"final"} == {json.loads(each)["status"] for each in content.values()}


def test_pdfs_are_made_of_the_word_files(data, tmp_path, capsys, monkeypatch):
    """
    That of a version of its own bytes, a PDF that was sent as it came; one that fails is named.
    """

    def to_pdf(document: bytes) -> bytes:
        if document == made.KEPT:
            raise PictureError
        return b"%PDF of " + document[:2]

    monkeypatch.setattr("bot.county.handing_out.to_pdf", to_pdf)
    code = export(data, "--format", "pdf", "--out", str(tmp_path))

    error = capsys.readouterr().err
    content = {
        file.name.partition(str(YEAR))[0]: file.read_bytes() for file in tmp_path.glob("*.pdf")
    }
    assert 3 == code
    assert set(IN) - {made.OLD_FORM, made.APPROVED} == set(content)
    assert made.SENT_BYTES == content[made.SENT]
    assert b"%PDF of PK" == content[made.FINISHED]
    assert made.APPROVED in error


def test_without_libreoffice_there_are_no_pdfs(data, tmp_path, capsys, monkeypatch):
    """
    One sentence, no file: it would be the same for each.
    """

    def none(document: bytes) -> bytes:
        raise NotInstalled

    monkeypatch.setattr("bot.county.handing_out.to_pdf", none)

    assert 2 == export(data, "--format", "pdf", "--out", str(tmp_path / "out"))
    assert 1 == capsys.readouterr().err.count("\n")
    assert [] == list((tmp_path / "out").iterdir())


def test_ctrl_c_among_many_files_leaves_the_whole_ones(data, tmp_path, capsys, monkeypatch):
    """
    Code 3; each is named, and nothing half is left.
    """
    turns = iter(range(2))

    def write(*_: object) -> bytes:
        if next(turns, None) is None:
            raise KeyboardInterrupt
        return b"whole"

    monkeypatch.setattr("bot.cli.export.in_form", write)
    monkeypatch.setattr("bot.cli.export.signal.signal", lambda *_: None)

    assert 3 == export(data, "--format", "txt", "--out", str(tmp_path / "out"))
    there = [file.name for file in (tmp_path / "out").iterdir()]
    error = capsys.readouterr().err
    assert 2 == len(there)
    assert all(name in error for name in there)


@pytest.mark.parametrize("comes_as", [KeyboardInterrupt, ValueError])
def test_ctrl_c_says_what_is_there(data, tmp_path, capsys, monkeypatch, comes_as):
    """
    Code 3, no half file; the figures were whole before the archive was begun. Also where what
    is cut off cannot be closed, and says so instead.
    """

    def interrupt(*_: object) -> None:
        try:
            raise KeyboardInterrupt
        finally:
            raise comes_as

    monkeypatch.setattr("bot.county.handing_out.final_document", interrupt)
    monkeypatch.setattr("bot.cli.export.signal.signal", lambda *_: None)

    assert 3 == export(data, "--out", str(tmp_path / "out"))
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    error = capsys.readouterr().err
    assert 3 == len(names)
    assert all(name in error for name in names)


@pytest.mark.parametrize(
    "words",
    [
        ("--under", COUNTY, "--organ", made.SENT),
        ("--under", COUNTY, "--out", "年报.zip"),
        ("--under", COUNTY, "--format", "csv", "--out", "-"),
        ("--organ", made.SENT, "--format", "zip"),
        ("--under", "龙川县人民政府"),
        ("--format", "zip"),
        ("--under", made.SENT),
    ],
)
def test_what_does_not_go_together_is_refused(data, words):
    """
    One organ or all below one, each with its formats; an organ that has some below it, and which
    of two.
    """
    assert 2 == main(["export", "--data", str(data), *words])


def test_names_of_files_stay_apart():
    """
    Also where a system sees no difference between them; what somebody called a file is not trusted.
    """
    taken: set[str] = set()

    assert ["部门/A.docx", "部门/a（2）.docx", "部门/A（3）.docx"] == [
        apart(path, taken) for path in ("部门/A.docx", "部门/a.docx", "部门/A.docx")
    ]
    names = ("x.DOCX", "docx", "x.", "x.a/b", "x.=1+1", "x.html", "x.toolongtobe")
    assert [".docx", "", "", "", "", ".html", ""] == [extension_of(name) for name in names]
