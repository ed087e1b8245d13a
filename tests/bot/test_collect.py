"""
`nianbao collect`: files of organs that do not use the bot become their reports.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import update

from bot.__main__ import main
from bot.cli.importing import store_plan
from bot.cli.show import find, report_as_json
from bot.county.collecting import below, take_in
from bot.county.counting import counted
from bot.county.organ_names import rename
from bot.files import archives
from bot.files.unreadable import UnreadableFile
from bot.handle import Clock, handle
from conversations.checks.findings import Grade
from conversations.county.status import BOT, FILE, Progress
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.organ import Level
from conversations.sign_off.rights import Standing
from conversations.sign_off.states import Deed, Reach, ReportState, Role
from conversations.talk.effects import MessageKind, Save, Say
from conversations.talk.events import Opened, ReportRead, Typed
from conversations.talk.importing.make import plan
from conversations.wording import county_collecting as wording
from conversations.wording.county_source import BEGUN_ANEW
from storage.collected import files_of, newest_file, sent_file
from storage.county import organs_below
from storage.members import MemberReader
from storage.organ_changes import details
from storage.sign_off import SignOffs
from storage.store import Store
from storage.tables import ORGAN
from tests.conversations.test_reading_in import published
from tests.hostile import HOSTILE
from tests.said import numbers
from tests.sent import (
    COUNTY,
    MONEY,
    NOW,
    RECEIVED,
    SCHOOLS,
    TOWN,
    WATER,
    YEAR,
    county,
    legal,
    sent,
    wrong,
    zipped,
)

LICENSING = "proactive_disclosure.licensing.decisions"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "data") as store:
        county(store, SCHOOLS, TOWN, MONEY, WATER)
    return tmp_path / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sent").mkdir()
    return tmp_path / "sent"


def collected(
    source: Path, data: Path, *words: str, year: int = YEAR
) -> tuple[int, dict[str, Any]]:
    """
    The exit code, and what is told to programs.
    """
    out = io.StringIO()
    options = ["--data", str(data), "--under", COUNTY, "--year", str(year), "--json"]
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        code = main(["collect", str(source), *options, *words])
    return code, json.loads(out.getvalue() or "{}")


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def states(told: dict[str, Any]) -> dict[str, tuple[str | None, str, list[str]]]:
    return {
        each["file"]: (each["organ"], each["state"], [d["kind"] for d in each["doubts"]])
        for each in told["files"]
    }


def shown(data: Path, organ: str, year: int = YEAR) -> dict[str, Any]:
    with Store.open(data) as store:
        view = find(store, organ, year)
        assert view is not None
        return report_as_json(view)


def printed(seed: int, organ: str) -> dict[str, Any]:
    """
    The figures of a legal report as JSON has them.
    """
    return {
        cell: value if isinstance(value, int) else str(value)
        for cell, value in legal(organ, seed).values.items()
    }


def test_a_folder_becomes_reports_figure_by_figure(data: Path, folder: Path):
    """
    The dry run stores nothing; afterwards everything is said of them that is of others.
    """
    put(folder, {"教育局.docx": sent(SCHOOLS), "雷鸣镇/年报.docx": wrong(TOWN, 2)})

    code, told = collected(folder, data)
    assert 1 == code
    assert {
        "教育局.docx": (SCHOOLS, "ready", []),
        "雷鸣镇/年报.docx": (TOWN, "ready", []),
    } == states(told)
    with Store.open(data) as store:
        assert find(store, SCHOOLS, YEAR) is None

    code, told = collected(folder, data, "--yes")
    assert (1, 2) == (code, told["stored"])
    report = shown(data, SCHOOLS)
    assert printed(1, SCHOOLS).items() <= report["cells"].items()
    assert (FILE, "final", "教育局.docx") == (
        report["source"],
        report["status"],
        report["file"]["name"],
    )
    assert {"collect"} == doors(data, SCHOOLS)
    assert {("A3", "E"), ("A1", "E")} == {
        (found["id"], found["grade"])
        for found in shown(data, TOWN)["findings"]
        if found["grade"] != Grade.H.name
    }


def doors(data: Path, organ: str) -> set[str]:
    with Store.open(data) as store, store.read() as reader:
        report = reader.find_report(organ, YEAR)
        assert report is not None
        return {change.door for change in reader.history(report)}


def test_what_goes_back_names_the_places_and_the_figures(data: Path, folder: Path):
    """
    By cause, what must be mended first; who has nothing to mend gets one line.
    """
    put(folder, {"a.docx": sent(SCHOOLS), "b.docx": wrong(TOWN, 2)})
    total = legal(TOWN, 2).values[RECEIVED]

    _, told = collected(folder, data)

    fine, broken = (each["text"] for each in told["files"])
    assert wording.nothing_found(SCHOOLS, YEAR) == fine
    head, line, *_ = broken.splitlines()
    assert head.startswith(TOWN)
    assert [str(YEAR), "1"] == numbers(head)
    assert {str(total), str(int(str(total)) + 1)} <= set(numbers(line.replace(",", "")))


def test_who_has_sent_a_word_file_is_not_asked_for_one(data: Path, folder: Path):
    """
    A table is missing in it: that is to be mended, in whatever file.
    """
    document = Document(io.BytesIO(sent(SCHOOLS)))
    document.element.body.remove(document.tables[1]._tbl)
    out = io.BytesIO()
    document.save(out)
    put(folder, {"a.docx": out.getvalue()})

    _, told = collected(folder, data)

    assert (SCHOOLS, "doubt", ["in_part"]) == states(told)["a.docx"]
    assert wording.ASK_FOR not in told["files"][0]["text"]


def test_an_archive_of_windows_is_taken_name_by_name(data: Path, tmp_path: Path):
    """
    Its Chinese names are read as they were meant; a name is never a path.
    """
    files = {
        "年报/教育局.docx": sent(SCHOOLS),
        "..\\..\\雷鸣镇.docx": sent(TOWN, 2),
        "说明.xlsx": b"",
        "年报/__MACOSX/教育局.docx": b"",
    }
    (tmp_path / "a.zip").write_bytes(zipped(files, on_windows=True))

    code, told = collected(tmp_path / "a.zip", data, "--yes")

    assert 0 == code
    assert {
        "年报/教育局.docx": (SCHOOLS, "stored", []),
        "雷鸣镇.docx": (TOWN, "stored", []),
    } == states(told)


def test_a_neighbours_file_is_nobodys_where_two_counties_are_looked_after(data: Path):
    """
    Whoever looks after all organs: a county's name is not left out before another county's organ.
    """
    with Store.open(data) as store:
        county(store, "龙州县水务局", name="龙州县人民政府")
        with store.read() as reader:
            members = MemberReader(reader)
            tops = [members.organs(1, name)[0][0] for name in (COUNTY, "龙州县人民政府")]
            names = below(reader, tops, YEAR).names

    def found(name: str) -> list[str]:
        return [office.name for office in names.find(name)]

    assert [] == found("龙州县教育局")
    assert [SCHOOLS] == found("教育局") == found(SCHOOLS)
    assert [WATER, "龙州县水务局"] == found("水务局")
    assert names.is_above("龙州县人民政府")


def test_taken_again_nothing_is_stored_twice(data: Path, folder: Path):
    """
    A file that counts already is left as it is.
    """
    put(folder, {"a.docx": sent(SCHOOLS)})
    collected(folder, data, "--yes")

    code, told = collected(folder, data, "--yes")

    assert (0, 0) == (code, told["stored"])
    assert {"a.docx": (SCHOOLS, "same", [])} == states(told)
    assert 1 == len(kept(data, SCHOOLS))


def kept(data: Path, organ: str) -> list[str]:
    with Store.open(data) as store, store.read() as reader:
        report = reader.find_report(organ, YEAR)
        assert report is not None
        return [file.name for file in files_of(reader, report)]


def test_a_corrected_file_replaces_the_one_before_and_both_are_kept(data: Path, folder: Path):
    """
    Totals that were claimed go with it; the history has what they were. The old one is asked about.
    """
    old, new = wrong(TOWN, 2), sent(TOWN, 2)
    put(folder, {"old.docx": old})
    collected(folder, data, "--yes")
    (folder / "old.docx").unlink()
    put(folder, {"new.docx": new})

    code, told = collected(folder, data, "--yes")

    assert (0, 1, True) == (code, told["stored"], told["files"][0]["corrects"])
    assert ["new.docx", "old.docx"] == kept(data, TOWN)
    assert printed(2, TOWN).items() <= shown(data, TOWN)["cells"].items()
    with Store.open(data) as store, store.read() as reader:
        report = reader.find_report(TOWN, YEAR)
        assert report is not None
        file = newest_file(reader, report)
        assert file is not None
        assert new == sent_file(reader, file.id)
        total = [change.after for change in reader.history(report) if change.item == RECEIVED]
        assert [int(str(legal(TOWN, 2).values[RECEIVED])) + 1, None] == total
    (folder / "new.docx").unlink()
    put(folder, {"old.docx": old})
    assert {"old.docx": (TOWN, "doubt", ["older"])} == states(collected(folder, data, "--yes")[1])
    assert 1 == collected(folder, data, "--yes", "--assign", f"old.docx={TOWN}")[1]["stored"]


def test_doubts_are_left_out_until_they_are_settled(data: Path, folder: Path):
    """
    Of which organ, which of two, which year: the rest is taken in.
    """
    put(
        folder,
        {
            "1.docx": sent(SCHOOLS),
            "2.docx": sent(SCHOOLS, 2),
            "3.docx": sent("定安县档案馆"),
            "4.docx": sent(MONEY, year=2022),
            "5.docx": sent(TOWN),
            "6.pdf": b"%PDF-1.4",
        },
    )

    code, told = collected(folder, data, "--yes")

    assert (2, 1) == (code, told["stored"])
    assert {
        "1.docx": (SCHOOLS, "doubt", ["twice"]),
        "2.docx": (SCHOOLS, "doubt", ["twice"]),
        "3.docx": (None, "doubt", [told["files"][2]["doubts"][0]["kind"]]),
        "4.docx": (MONEY, "doubt", ["other_year"]),
        "5.docx": (TOWN, "stored", []),
        "6.pdf": (None, "unreadable", ["unreadable"]),
    } == states(told)
    words = ("--yes", "--assign", f"2.docx={SCHOOLS}", "--assign", "3.docx=水务局")
    code, told = collected(folder, data, *words)
    assert (2, 2) == (code, told["stored"])
    assert printed(2, SCHOOLS).items() <= shown(data, SCHOOLS)["cells"].items()
    assert 0 == collected(folder / "4.docx", data, "--yes", year=2022)[0]
    assert FILE == shown(data, MONEY, 2022)["source"]


def test_what_is_answered_here_is_not_touched_unless_that_is_said(data: Path, folder: Path):
    """
    And somebody who answers later makes it the bot's again.
    """
    with Store.open(data) as store, store.begin() as unit:
        report = unit.open_report(SCHOOLS, YEAR, now=NOW, edition="2021")
        unit.save(report, [Save(LICENSING, None, 7)], by="1", at=NOW, door="telegram")
    put(folder, {"a.docx": sent(SCHOOLS)})

    assert {"a.docx": (SCHOOLS, "doubt", ["answered"])} == states(
        collected(folder, data, "--yes")[1]
    )
    assert (BOT, 7) == (shown(data, SCHOOLS)["source"], shown(data, SCHOOLS)["cells"][LICENSING])
    assert 1 == collected(folder, data, "--yes", "--replace")[1]["stored"]
    assert FILE == shown(data, SCHOOLS)["source"]
    with Store.open(data) as store, store.begin() as unit:
        before = unit.load(report, "1").answers[LICENSING]
        unit.save(report, [Save(LICENSING, before, 8)], by="1", at=NOW, door="telegram")
        unit.save(report, [Save(LICENSING, 8, 9)], by="1", at=NOW, door="telegram")
    assert (BOT, "changed") == (shown(data, SCHOOLS)["source"], shown(data, SCHOOLS)["status"])


@pytest.mark.parametrize("state", [ReportState.SUBMITTED, ReportState.APPROVED])
def test_a_locked_report_is_never_touched(data: Path, folder: Path, state: ReportState):
    """
    Whatever was said.
    """
    put(folder, {"a.docx": sent(SCHOOLS), "b.docx": sent(SCHOOLS, 2)})
    collected(folder / "a.docx", data, "--yes")
    with Store.open(data) as store, store.begin() as unit:
        report = unit.find_report(SCHOOLS, YEAR)
        assert report is not None
        SignOffs(unit).record(
            report,
            Deed.SUBMIT,
            state,
            by="1",
            at=NOW,
            door="telegram",
            history=1,
            fingerprint="",
            note={},
        )

    words = ("--yes", "--replace", "--assign", f"b.docx={SCHOOLS}")
    _, told = collected(folder, data, *words)

    assert 0 == told["stored"]
    assert (SCHOOLS, "doubt", ["locked"]) == states(told)["b.docx"]


def test_the_edition_of_2019_is_found_and_kept_as_it_is(data: Path, folder: Path):
    """
    Every figure of it, those of its own too; it is no report of the form in force.
    """
    put(folder, {"a.docx": sent(SCHOOLS, edition="2019")})

    code, told = collected(folder, data, "--yes")

    assert (1, 1) == (code, told["stored"])
    assert ["F4"] == [each["id"] for each in told["files"][0]["findings"] if each["grade"] != "H"]
    report = shown(data, SCHOOLS)
    assert "2019" == report["edition"]
    own = dict(legal(SCHOOLS, edition="2019").values)
    amount = "proactive_disclosure.procurement.amount"
    with Store.open(data) as store, store.read() as reader:
        assert (
            own.pop(amount)
            == reader.load(reader.find_report(SCHOOLS, YEAR) or 0, "").answers[amount]
        )
    assert {cell: str(value) for cell, value in own.items()} == {
        cell: str(value) for cell, value in report["cells"].items()
    }
    put(folder, {"a.docx": sent(SCHOOLS)})
    assert 0 == collected(folder, data, "--yes")[0]
    assert "2021" == shown(data, SCHOOLS)["edition"]
    assert printed(1, SCHOOLS).keys() == shown(data, SCHOOLS)["cells"].keys()


def test_who_goes_on_with_a_file_of_an_old_form_does_so_in_that_of_its_year(
    data: Path, folder: Path
):
    """
    What both ask is kept; whoever only looks changes nothing.
    """
    put(folder, {"a.docx": sent(SCHOOLS, edition="2019")})
    collected(folder, data, "--yes")
    own = legal(SCHOOLS, edition="2019").values
    above = Standing(frozenset({Role.ADMINISTRATOR}), Reach.BELOW)
    with Store.open(data) as store, store.begin() as unit:
        report = unit.find_report(SCHOOLS, YEAR)
        assert report is not None
        handle(unit, "2", report, Opened(), Clock(NOW), "telegram", standing=above)
        assert (FILE, "2019") == (unit.load(report, "").source, unit.load(report, "").edition)

        handled = handle(unit, "1", report, Opened(), Clock(NOW), "telegram")

        assert Say(MessageKind.NOTE, BEGUN_ANEW) == handled.effects[0]
        stored = unit.load(report, "")
        assert (BOT, ANNUAL_REPORT_2021.edition) == (stored.source, stored.edition)
        figures = {c: v for c, v in stored.answers.items() if c in ANNUAL_REPORT_2021.cells}
        both = [
            c for c in own if c in ANNUAL_REPORT_2021.cells and c not in ANNUAL_REPORT_2021.sums
        ]
        assert {cell: own[cell] for cell in both} == figures


def test_a_file_that_adds_nothing_leaves_the_report_in_its_form(data: Path, folder: Path):
    """
    Its only figure stands otherwise already, and stays: from the command line and in the chat.
    """
    put(folder, {"a.docx": sent(SCHOOLS, edition="2019")})
    collected(folder, data, "--yes")
    stood = shown(data, SCHOOLS)
    read = replace(published(YEAR), organ=SCHOOLS, values={LICENSING: 8}, title=(), narratives={})
    with Store.open(data) as store:
        with store.read() as reader:
            answers = reader.load(reader.find_report(SCHOOLS, YEAR) or 0, "").answers
        figure = plan(read, SCHOOLS, YEAR, answers, ANNUAL_REPORT_2021)
        assert [LICENSING] == [each.item for each in figure.conflicts]

        assert 0 == store_plan(store, figure, Clock(NOW), replace=False, by="1")

        with store.begin() as unit:
            this_year = unit.open_report(SCHOOLS, YEAR + 1, now=NOW, edition="2021")
            clerk = partial(handle, unit, "1", this_year, clock=Clock(NOW), door="telegram")
            clerk(Opened())
            clerk(ReportRead("年报.docx", read))
            clerk(Typed("是"))
    assert stood == shown(data, SCHOOLS)
    assert FILE == stood["source"]


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_a_file_keeps_the_name_it_was_sent_under_until_somebody_goes_on_with_it(
    data: Path, folder: Path, edition: str
):
    """
    What is answered here then bears the organ's present name.
    """
    put(folder, {"a.docx": sent(SCHOOLS, edition=edition)})
    collected(folder, data, "--yes")
    with Store.open(data) as store, store.begin() as unit:
        organ = details(unit, unit.organ(SCHOOLS, NOW))
        assert organ is not None
        rename(unit, organ, "定安县教体局", "operator", NOW, "operator")
        report = unit.find_report(SCHOOLS, YEAR)
        assert report is not None
        assert SCHOOLS == unit.load(report, "").organ
        for event in (Opened(), Typed("8", item=LICENSING)):
            handle(unit, "1", report, event, Clock(NOW), "telegram")
        stored = unit.load(report, "")
        assert (BOT, "定安县教体局") == (stored.source, stored.organ)


def test_the_county_counts_what_was_found_in_the_file(data: Path, folder: Path):
    """
    The form of it, too, of which the answers know nothing.
    """
    put(folder, {"a.docx": wrong(SCHOOLS), "b.docx": sent(TOWN, edition="2019")})
    collected(folder, data, "--yes")

    with Store.open(data) as store, store.read() as reader:
        top = county_id(reader)
        organs = {
            organ.organ: organ for organ in counted(reader, organs_below(reader, top, YEAR)).organs
        }

    counts = {name: organs[name].report.counts for name in (SCHOOLS, TOWN)}  # type: ignore[union-attr]
    assert [(1, 0), (0, 1)] == [(each.errors, each.unexplained) for each in counts.values()]  # type: ignore[union-attr]
    assert {Progress.FINISHED} == {organs[name].progress for name in (SCHOOLS, TOWN)}


def county_id(reader: Any) -> int:
    ((found, _),) = MemberReader(reader).organs(1, COUNTY)
    return found


def test_the_spreadsheet_has_every_file_finding_and_doubt(data: Path, folder: Path, tmp_path: Path):
    """
    Nothing in it is a formula, whatever a file is called.
    """
    put(folder, {"=1+1.docx": wrong(SCHOOLS), "b.docx": sent("档案馆")})

    collected(folder, data, "--xlsx", str(tmp_path / "r.xlsx"))

    files, findings, doubts = load_workbook(tmp_path / "r.xlsx").worksheets
    assert ["=1+1.docx", "b.docx"] == [row[0].value for row in files.iter_rows(min_row=2)]
    assert {"s"} == {row[0].data_type for row in files.iter_rows(min_row=2)}
    (finding,) = (row for row in findings.iter_rows(min_row=2, values_only=True) if row[4] == "A3")
    assert ("=1+1.docx", SCHOOLS, YEAR) == finding[:3]
    assert ["b.docx"] == [row[0].value for row in doubts.iter_rows(min_row=2)]


@pytest.mark.soak
def test_hostile_files_take_nothing_from_the_others(data: Path, tmp_path: Path, monkeypatch):
    """
    Each is told by itself; a few of them, the reader's own tests have all.
    """
    some = dict(list(HOSTILE.items())[::4])
    monkeypatch.setattr("bot.files.read.SECONDS", 2)
    files = {name: make() for name, make in some.items()} | {"教育局.docx": sent(SCHOOLS)}
    (tmp_path / "a.zip").write_bytes(zipped(files))

    code, told = collected(tmp_path / "a.zip", data, "--yes")

    assert (2, 1) == (code, told["stored"])
    assert (SCHOOLS, "stored", []) == states(told)["教育局.docx"]


@pytest.mark.parametrize(
    "content",
    [b"no archive", zipped({f"{number}.docx": b"" for number in range(4)})],
    ids=["broken", "many"],
)
def test_an_archive_that_cannot_be_taken_is_refused(
    data: Path, tmp_path: Path, content, monkeypatch
):
    """
    With a sentence, before anything is read.
    """
    monkeypatch.setattr(archives, "MOST_ENTRIES", 3)
    (tmp_path / "a.zip").write_bytes(content)

    assert (2, {}) == collected(tmp_path / "a.zip", data)


def test_no_more_of_an_entry_is_unpacked_than_may_be(data: Path, tmp_path: Path, monkeypatch):
    """
    Whatever the archive says of its size.
    """
    monkeypatch.setattr(archives, "MAX_BYTES", 1000)
    (tmp_path / "a.zip").write_bytes(zipped({"教育局.docx": bytes(10_000_000)}))

    code, told = collected(tmp_path / "a.zip", data)

    assert 2 == code
    assert {"教育局.docx": (SCHOOLS, "unreadable", ["unreadable"])} == states(told)


def test_ctrl_c_says_what_was_taken_in(data: Path, folder: Path, monkeypatch, capsys):
    """
    What is stored stays; another run takes the rest.
    """
    put(folder, {"a.docx": sent(SCHOOLS), "b.docx": sent(TOWN, 2)})

    def interrupted(unit, item, *more, **named):
        if item.file == "b.docx":
            raise KeyboardInterrupt
        return take_in(unit, item, *more, **named)

    monkeypatch.setattr("bot.cli.collect.take_in", interrupted)
    words = ["--data", str(data), "--under", COUNTY, "--year", str(YEAR), "--yes"]
    assert 3 == main(["collect", str(folder), *words])
    said = wording.STORE_INTERRUPTED.format(done=1, total=2)
    assert capsys.readouterr().err.endswith(said)
    monkeypatch.setattr("bot.cli.collect.take_in", take_in)

    code, told = collected(folder, data, "--yes")
    assert (0, 1) == (code, told["stored"])


@pytest.mark.parametrize(
    "words",
    [
        ("--assign", "a.docx"),
        ("--assign", f"b.docx={SCHOOLS}"),
        ("--assign", "a.docx=没有这个局"),
        ("--under", "没有这个县"),
        ("--under", SCHOOLS),
    ],
)
def test_what_is_not_there_is_refused(data: Path, folder: Path, words: tuple[str, ...]):
    """
    A file, an organ, a county without organs below it.
    """
    put(folder, {"a.docx": sent(SCHOOLS)})

    assert (2, {}) == collected(folder, data, *words)


def test_the_document_of_a_file_is_the_file(data: Path, folder: Path, tmp_path: Path, capsys):
    """
    In a format that is asked for it is made of the figures; of an old form it cannot be.
    """
    content = sent(SCHOOLS)
    put(folder, {"a.docx": content, "b.docx": sent(TOWN, edition="2019")})
    collected(folder, data, "--yes")
    common = ["--data", str(data), "--year", str(YEAR), "--organ"]

    assert 0 == main(["export", *common, SCHOOLS, "--out", str(tmp_path / "a.docx")])
    assert content == (tmp_path / "a.docx").read_bytes()
    assert 0 == main(["export", *common, SCHOOLS, "--format", "docx"])
    assert 2 == main(["export", *common, TOWN, "--format", "docx"])
    assert 0 == main(["compare", str(folder / "a.docx"), *common, SCHOOLS])
    capsys.readouterr()
    assert 0 == main(["show", *common, SCHOOLS])
    assert "a.docx" in capsys.readouterr().out
    assert 0 == main(["state", *common, SCHOOLS, "--json"])
    assert FILE == json.loads(capsys.readouterr().out)["source"]


def test_the_level_that_was_said_of_an_organ_counts(data: Path, folder: Path):
    """
    A city may issue rules; an organ whose name does not tell it is one when that was said.
    """
    rules = {"proactive_disclosure.rules.issued": 1, "proactive_disclosure.rules.in_force": 1}
    put(folder, {"a.docx": sent(WATER, printed=rules)})

    assert "B2" in found(folder, data)
    with Store.open(data) as store, store.begin() as unit:
        ((organ, _),) = MemberReader(unit).organs(1, WATER)
        unit.connection.execute(
            update(ORGAN).where(ORGAN.c.id == organ).values(level=Level.CITY.value)
        )
    assert "B2" not in found(folder, data)


def found(folder: Path, data: Path) -> set[str]:
    return {each["id"] for each in collected(folder, data)[1]["files"][0]["findings"]}


def test_the_only_county_need_not_be_named(data: Path, folder: Path, capsys):
    """
    Nor the year of the season.
    """
    put(folder, {"a.docx": sent(SCHOOLS)})

    main(["collect", str(folder), "--data", str(data), "--year", str(YEAR), "--json"])

    assert COUNTY == json.loads(capsys.readouterr().out)["under"]


def test_last_years_report_in_store_counts_for_what_is_found(data: Path, folder: Path):
    """
    What was carried over must be what was carried forward.
    """
    put(folder, {"a.docx": sent(SCHOOLS, 5, year=2022)})
    collected(folder, data, "--yes", year=2022)
    put(folder, {"a.docx": sent(SCHOOLS, 6)})

    _, told = collected(folder, data)

    ids = {each["id"] for each in told["files"][0]["findings"] if each["grade"] != "H"}
    assert {"C1"} <= ids


@pytest.mark.parametrize("name", ["hongze-2023.pdf", "shuyang-development-2023.html"])
def test_the_published_examples_give_their_known_findings(data: Path, examples: Path, name: str):
    """
    Read where they lie; every figure of theirs is in store.
    """
    known = json.loads((examples / f"{Path(name).stem}.json").read_text(encoding="utf-8"))
    with Store.open(data) as store:
        county(store, known["organ"], name="江苏省人民政府")
    options = ["--data", str(data), "--under", "江苏省人民政府", "--year", "2023", "--json"]
    out = io.StringIO()
    with redirect_stdout(out):
        main(["collect", str(examples / name), *options, "--yes"])

    (told,) = json.loads(out.getvalue())["files"]
    assert "stored" == told["state"]
    wanted = [(each["id"], each["grade"]) for each in known["findings"]["must"]]
    found = [(each["id"], each["grade"]) for each in told["findings"]]
    assert not [each for each in wanted if wanted.count(each) > found.count(each)]
    cells = shown(data, known["organ"])["cells"]
    assert {} == {
        cell: (value, cells.get(cell))
        for cell, value in known["cells"].items()
        if str(cells.get(cell, 0)) != str(value) and not cell.endswith(".total")
    }


@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_broken_archive_is_a_sentence_and_no_fault(kind: int):
    """
    Whatever byte of it is another: it is told by itself, or the file in it is.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        archive.writestr("教育局.docx", bytes(range(256)) * 20)
    for place in range(len(out.getvalue())):
        data = bytearray(out.getvalue())
        data[place] ^= 0x5A
        archives.is_archive(bytes(data), "a.zip")
        with suppress(UnreadableFile):
            for source in archives.sources_in(bytes(data)).files:
                source.load()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_files_of_one_name_are_told_apart_however_many():
    """
    Each with its own bytes; the lists that come of it are short work.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(3_000):
            archive.writestr("局/a.docx", str(number))
        archive.writestr("局/a(2).docx", "another")

    sources = archives.sources_in(out.getvalue()).files

    assert 3_001 == len({source.name for source in sources})
    first = [source for source in sources if source.name in ("局/a.docx", "局/a(2).docx")]
    assert {"局/a.docx": b"0", "局/a(2).docx": b"1"} == {s.name: s.load() for s in first}
