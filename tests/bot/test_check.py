"""
`nianbao check`: a published report, or a county's folder of them.
"""

import io
import json
import re
import signal
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.__main__ import main
from bot.cli import frame
from bot.files import checking, child
from bot.files import read as reading
from bot.files.checking import check_folder, files_of
from conversations.checks.findings import Finding, Grade
from conversations.checks.texts.phrases import Kind
from conversations.checks.texts.statements import Statement
from conversations.checks.texts.words import Word
from conversations.document.read.blocks import UnreadableReason
from conversations.document.write.docx import render, standard
from conversations.document.write.html import as_html
from conversations.document.write.text import as_text as report_as_text
from conversations.form import FORMS
from conversations.form.answers import Value
from conversations.wording import checks as wording
from conversations.wording.checks import places
from tests import child_work
from tests.said import numbers
from tests.written import leiming, with_answers

NAMES = ("leimingzhen-2023.txt", "hongze-2023.pdf", "shuyang-development-2023.html")


def run(*arguments: object) -> tuple[int, str, str]:
    """
    `nianbao check` on a target, with last year's file, JSON or not, and a spreadsheet.
    """
    target, last_year, as_json, xlsx = (*arguments, None, None, None)[:4]
    words = ["check", str(target), *(["--json"] if as_json else [])]
    words += ["--last-year", str(last_year)] if last_year else []
    words += ["--xlsx", str(xlsx)] if xlsx else []
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(words)
    return code, out.getvalue(), err.getvalue()


def explained(target: Path, *more: str) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        main(["check", str(target), "--explain", *more])
    return out.getvalue()


def checked(target: Path, last_year: Path | None = None) -> dict[str, Any]:
    code, out, _ = run(target, last_year, True)
    return {"code": code, **json.loads(out)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """
    A county's folder: a Word file, a page that does not add up, a text, a broken file.
    """
    report = leiming()
    (tmp_path / "乡镇").mkdir()
    (tmp_path / "乡镇" / "雷鸣镇.docx").write_bytes(render(standard("2021"), report))
    cells: dict[str, Value | None] = {
        "requests.received.natural_person": 3,
        "title": "龙河镇人民政府\n2023年政府信息公开工作年度报告",
    }
    page = as_html(with_answers(replace(report, organ="龙河镇人民政府"), cells))
    (tmp_path / "乡镇" / "10.html").write_text(page, encoding="utf-8")
    (tmp_path / "乡镇" / "2.txt").write_text(report_as_text(report), encoding="utf-8")
    (tmp_path / "坏文件.docx").write_bytes(b"PK\x03\x04 this is no archive")
    (tmp_path / "说明.xlsx").write_bytes(b"PK")
    (tmp_path / "~$雷鸣镇.docx").write_bytes(b"lock")
    (tmp_path / ".隐藏.txt").write_text("x", encoding="utf-8")
    return tmp_path


# --------------------------------------------------------------- the published reports


def test_what_was_read_in_the_texts_can_be_shown(tmp_path: Path):
    """
    Each figure with its cells; what does not count, or is doubtful, with the word that makes it so.
    """
    text = (
        "2023年，我镇收到政府信息公开申请3件。各校收到政府信息公开申请8件。"
        "县公安局受理政府信息公开申请50件。"
    )
    file = tmp_path / "a.txt"
    file.write_text(report_as_text(with_answers(leiming(), {"overview": text})), encoding="utf-8")

    ours, doubtful, theirs = json.loads(explained(file, "--json"))["statements"]
    shown = explained(file)

    assert (3, [["requests.received.total"]], None) == (ours["number"], ours["cells"], ours["veto"])
    assert (50, {"kind": "organ", "word": "县公安局"}) == (theirs["number"], theirs["veto"])
    assert [True, False] == [ours["sure"], doubtful["sure"]]
    assert [None, "校"] == [ours["doubt"], doubtful["doubt"]]
    assert doubtful["doubt"] in shown.split(doubtful["quote"])[-1]
    assert ours["quote"] in shown
    assert theirs["quote"] in shown


@pytest.mark.parametrize("kind", [value for name, value in vars(Kind).items() if name.isupper()])
def test_every_reason_can_be_told_in_words(kind: str):
    """
    A word that vetoes a figure has a sentence, whatever its kind.
    """
    veto = Word(kind, None, "词", 0, 1)
    said = Statement("新收", 3, (("requests.received.total",),), "收到3件", "", (0, 1), veto=veto)

    assert "词" in wording.explained(said)


def _blankless(text: str | None) -> str:
    return "".join((text or "").split(" "))


@pytest.mark.parametrize("name", NAMES)
def test_a_published_report_is_read_to_the_last_cell(examples, name):
    """
    Every figure, text and name is the published one, blanks aside, which a PDF has not
    where they stand before a mark; nothing is unread.
    """
    wanted = json.loads((examples / Path(name).with_suffix(".json")).read_text(encoding="utf-8"))

    found = checked(examples / name)

    for key in ("organ", "year", "edition", "signature", "cells"):
        assert wanted[key] == found[key], key
    assert "".join(wanted["title"]) == "".join(found["title"])
    for section in wanted["narratives"]:
        assert _blankless(wanted["narratives"][section]) == _blankless(found["narratives"][section])
    assert _blankless(wanted["introduction"]) == _blankless(found["introduction"])
    assert ([], []) == (found["unread"], found["doubtful"])


@pytest.mark.parametrize("name", NAMES)
def test_a_published_report_has_the_findings_it_must_and_no_others(examples, name):
    """
    All under `must` are found, and nothing beyond `must` and `may`.
    """
    wanted = json.loads((examples / Path(name).with_suffix(".json")).read_text(encoding="utf-8"))

    def matches(rule: dict[str, Any], finding: dict[str, Any]) -> bool:
        return all(
            finding[key] == rule[key]
            for key in ("id", "grade", "narrative", "cells")
            if rule.get(key) not in (None, [])
        )

    found = checked(examples / name)
    findings = found["findings"]
    must, may = wanted["findings"]["must"], wanted["findings"]["may"]

    assert [] == [rule for rule in must if not any(matches(rule, one) for one in findings)]
    assert [] == [one for one in findings if not any(matches(r, one) for r in (*must, *may))]
    assert (1 if any(rule["grade"] == "E" for rule in must) else 0) == found["code"]


def test_a_hybrid_has_the_ids_of_both_editions(examples):
    """
    The single row of 2019 stands beside the 2021 table two; what it replaces is not unread.
    """
    found = checked(examples / "hongze-2023.pdf")

    single = [cell for cell in found["cells"] if ".otherwise_handled." in cell]

    assert {"requests.outcome.otherwise_handled.all"} == {c.rpartition(".")[0] for c in single}
    assert (7, "2021", "7730.28") == (
        len(single),
        found["edition"],
        found["cells"]["proactive_disclosure.administrative_fees.amount"],
    )


# ------------------------------------------------------------------------- one file


def test_the_total_in_print_is_the_one_that_is_told(tmp_path):
    """
    4 stands where the row adds up to 3: the JSON says 4, the finding both, the code 1.
    """
    text = report_as_text(leiming()).replace(
        "（一）予以公开\t0\t0\t0\t0\t0\t0\t0", "（一）予以公开\t3\t0\t0\t0\t0\t0\t4"
    )
    (tmp_path / "甲.txt").write_text(text, encoding="utf-8")

    found = checked(tmp_path / "甲.txt")
    told = run(tmp_path / "甲.txt")[1]

    assert 4 == found["cells"]["requests.outcome.disclosed.total"]
    assert 1 == found["code"]
    messages = [finding["message"] for finding in found["findings"] if finding["grade"] == "E"]
    assert ["3", "3", "4", "1"] in map(numbers, messages)
    assert all(message in told for message in messages)


def test_a_blank_figure_is_zero_and_is_told(tmp_path):
    """
    The cell has the value 0, and A6 names it.
    """
    text = report_as_text(leiming()).replace("行政处罚\t0", "行政处罚\t")
    (tmp_path / "甲.txt").write_text(text, encoding="utf-8")

    found = checked(tmp_path / "甲.txt")

    cell = "proactive_disclosure.penalties.decisions"
    blanks = [one["cells"] for one in found["findings"] if one["id"] == "A6"]
    assert (0, [[cell]], 0) == (found["cells"].get(cell), blanks, found["code"])


def test_of_a_folder_without_end_the_first_files_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    In the order a person would put them.
    """
    monkeypatch.setattr(checking, "MOST_FILES", 2)
    for number in (1, 2, 10):
        (tmp_path / f"{number}.docx").write_bytes(b"")

    reports, _ = files_of(tmp_path)

    assert ["1.docx", "2.docx"] == [path.name for path in reports]


def test_what_is_not_read_is_listed_and_has_no_value(tmp_path):
    """
    A figure that is no number is unread or doubtful, never 0.
    """
    text = report_as_text(leiming()).replace("行政处罚\t0", "行政处罚\t若干")
    (tmp_path / "甲.txt").write_text(text, encoding="utf-8")

    found = checked(tmp_path / "甲.txt")

    cell = "proactive_disclosure.penalties.decisions"
    assert (True, False) == (cell in found["unread"], cell in found["cells"])
    assert "行政处罚" in run(tmp_path / "甲.txt")[1]


def unparted() -> str:
    """
    A report whose table three has cells that nothing parts.
    """
    return re.sub(
        r"(?m)^(?:（本列数据|自然人|商业企业|[一二四]、(?:本年新收|上年结转|结转)|三、本年度).*$"
        r"|^(?:（[一二三四五六七]）|[1-8]\.).*$",
        lambda row: row[0].replace("\t", ""),
        report_as_text(leiming()),
    )


def test_what_was_not_read_is_said_first_and_nothing_is_called_right(tmp_path):
    """
    The first line names the table and counts its cells; code 2, the JSON all the same.
    """
    (tmp_path / "甲.txt").write_text(unparted(), encoding="utf-8")

    code, out, _ = run(tmp_path / "甲.txt")
    found = checked(tmp_path / "甲.txt")

    first = out.splitlines()[0]
    assert found["not_read"] == first
    assert ("表三" in first, numbers(first)) == (True, [str(len(found["unread"]))])
    assert 175 == len(found["unread"])
    assert wording.NONE_FOUND not in out
    assert (2, 2) == (code, found["code"])
    assert [] == [one for one in found["findings"] if one["id"] == "F2"]


def test_a_section_that_is_not_found_is_said_first(tmp_path):
    """
    Code 1 where it is nowhere: that must be mended. Code 2 where its text may be there.
    """
    text = report_as_text(leiming())
    heading = "五、存在的主要问题及改进情况"
    lines = text.split("\n")
    at, end = lines.index(heading), lines.index("六、其他需要报告的事项")
    gone = "\n".join([*lines[:at], *lines[end:]])
    hidden = text.replace(heading, "关于存在的主要问题及改进情况的说明如下所述")
    (tmp_path / "甲.txt").write_text(gone, encoding="utf-8")
    (tmp_path / "乙.txt").write_text(hidden, encoding="utf-8")

    for name, wanted in (("甲.txt", 1), ("乙.txt", 2)):
        code, out, _ = run(tmp_path / name)

        assert wanted == code
        assert heading in out.splitlines()[0]
        assert "F1" in _ids(tmp_path / name)


def test_nothing_wrong_in_what_was_read_is_no_all_clear():
    """
    Without findings the sentence differs as soon as something was not read.
    """
    form = FORMS["2021"]

    assert [wording.NONE_FOUND] == wording.findings_text([], form)
    assert wording.NONE_FOUND not in "".join(wording.findings_text([], form, whole=False))


def test_the_json_has_every_key_of_nianbao_show(tmp_path):
    """
    A program reads both alike, and finds here what was not read.
    """
    (tmp_path / "甲.docx").write_bytes(render(standard("2021"), leiming()))

    found = checked(tmp_path / "甲.docx")

    wanted = "organ year edition level status title introduction signature cells narratives"
    more = "explanations findings unread not_read doubtful"
    assert set() == {*wanted.split(), *more.split()} - found.keys()
    assert ("township", "final") == (found["level"], found["status"])
    assert set(FORMS["2021"].cells) == found["cells"].keys()


def test_what_only_follows_names_what_it_follows_from(tmp_path):
    """
    A wrong total breaks its row and the balance: one cause, told by its own check alone.
    """
    right = report_as_text(leiming())
    wrong = re.sub(r"(（七）总计\t)(\d+)", lambda m: f"{m[1]}{int(m[2]) + 1}", right)
    (tmp_path / "甲.txt").write_text(wrong, encoding="utf-8")

    found = checked(tmp_path / "甲.txt")["findings"]

    arithmetic = [finding for finding in found if finding["id"][0] == "A"]
    others = [finding for finding in found if finding not in arithmetic]
    assert {("A2", None), ("A1", "A2"), ("A3", "A2")} == {
        (finding["id"], finding.get("follows")) for finding in arithmetic
    }
    assert 1 == len({finding["cause"] for finding in arithmetic})
    assert all({"follows", "cause"}.isdisjoint(finding) for finding in others)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", UnreadableReason.EMPTY.value),
        (b"PK\x03\x04rubbish", UnreadableReason.BROKEN.value),
        (b"\x89PNG\r\n\x1a\n", UnreadableReason.SCANNED.value),
        ("今天天气很好。".encode(), UnreadableReason.FOREIGN.value),
        (b"<html><body><script>x()</script></body></html>", None),
        (b"%PDF-1.4 nothing", None),
    ],
)
def test_a_file_that_is_no_report_gets_one_sentence(tmp_path, content, sentence):
    """
    The code is 2, nothing stands on the output, one line on the error output.
    """
    (tmp_path / "甲.docx").write_bytes(content)

    code, out, err = run(tmp_path / "甲.docx", None, True)

    assert (2, "", 1) == (code, out, err.count("\n"))
    assert sentence is None or f"甲.docx：{sentence}\n" == err


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    """
    One sentence and code 2.
    """
    assert (2, "") == run(tmp_path / "没有.docx")[:2]


def test_last_years_file_is_compared(tmp_path):
    """
    2022 carried 2 forward, 2023 says that 0 were carried over: C1 names both.
    """
    this = leiming()
    cells: dict[str, Value | None] = {
        "requests.received.natural_person": 2,
        "requests.carried_forward.natural_person": 2,
        "title": "雷鸣镇人民政府\n2022年政府信息公开工作年度报告",
    }
    last = replace(with_answers(this, cells), year=2022)
    (tmp_path / "2023.docx").write_bytes(render(standard("2021"), this))
    (tmp_path / "2022.docx").write_bytes(render(standard("2021"), last))

    found = checked(tmp_path / "2023.docx", tmp_path / "2022.docx")

    ids = {one["id"] for one in found["findings"]}
    assert not any(one.startswith("C") for one in _ids(tmp_path / "2023.docx"))
    assert "C1" in ids


def _ids(path: Path) -> set[str]:
    return {one["id"] for one in checked(path)["findings"]}


def test_a_file_of_another_year_is_not_taken_for_last_years(tmp_path):
    """
    2023 given as the year before 2023 is refused with a sentence, and nothing is compared.
    """
    path = tmp_path / "2023.docx"
    path.write_bytes(render(standard("2021"), leiming()))

    code, out, _ = run(path, path)

    assert 0 == code
    assert wording.LAST_YEAR_OTHER.format(file=path.name, year=2023, wanted=2022) in out


def test_of_two_reports_in_one_file_the_other_is_not_passed_over(tmp_path):
    """
    The first line says that one alone was checked; the code is that of a file read in part.
    """
    one = report_as_text(leiming())
    (tmp_path / "两份.txt").write_text(f"{one}\n{one}", encoding="utf-8")

    code, out, _ = run(tmp_path / "两份.txt")
    _, table, _ = run(tmp_path)

    said = wording.ONE_OF_SEVERAL.format(count=2)
    assert (2, f"{said}。") == (code, out.splitlines()[0])
    assert said in table
    assert f"{said}。" == checked(tmp_path / "两份.txt")["not_read"]


def test_an_unreadable_file_of_last_year_is_named(tmp_path):
    """
    The code is 2, and the sentence names that file, not the other.
    """
    (tmp_path / "2023.docx").write_bytes(render(standard("2021"), leiming()))
    (tmp_path / "2022.docx").write_bytes(b"PK\x03\x04rubbish")

    code, out, err = run(tmp_path / "2023.docx", tmp_path / "2022.docx")

    assert (2, "", f"2022.docx：{UnreadableReason.BROKEN.value}\n") == (code, out, err)


def test_an_old_word_file_without_libreoffice_is_one_sentence(tmp_path, monkeypatch):
    """
    It says what to do.
    """
    monkeypatch.setattr("bot.files.pictures.pictures_available", lambda: False)
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
    (tmp_path / "甲.doc").write_bytes(old)

    code, _, err = run(tmp_path / "甲.doc")

    assert (2, f"甲.doc：{wording.NO_LIBREOFFICE.format(kind='doc')}\n") == (code, err)


def test_an_old_word_file_is_read_through_libreoffice(tmp_path, require_tool):
    """
    The figures of a real .doc are those of the .docx it was made of.
    """
    require_tool("soffice")
    from bot.files.pictures import convert

    modern = render(standard("2021"), leiming())
    (tmp_path / "甲.docx").write_bytes(modern)
    (tmp_path / "甲.doc").write_bytes(convert(modern, suffix=".docx", to="doc"))

    found = [checked(tmp_path / name) for name in ("甲.docx", "甲.doc")]

    assert found[0]["cells"] == found[1]["cells"]
    assert found[0]["narratives"] == found[1]["narratives"]


# ------------------------------------------------------------------------- a folder


def test_a_folder_is_one_table_in_a_persons_order(folder):
    """
    2 stands before 10, what is hidden or locked is left out, the rest is counted.
    """
    reports, others = files_of(folder)

    names = [str(path.relative_to(folder)) for path in reports]

    assert ["乡镇/2.txt", "乡镇/10.html", "乡镇/雷鸣镇.docx", "坏文件.docx"] == names
    assert ["说明.xlsx"] == [path.name for path in others]


def test_a_folder_with_an_unreadable_file_has_code_2_whatever_else_is_wrong(folder):
    """
    3 were received and none answered; the broken file has its sentence in the table.
    """
    code, out, _ = run(folder)
    (folder / "坏文件.docx").unlink()

    assert (2, 1) == (code, run(folder)[0])
    assert UnreadableReason.BROKEN.value in out
    assert wording.folder_summary(4, 1, 1) in out


def test_a_folder_without_an_error_has_code_2_when_a_file_was_unreadable(folder):
    """
    And 0 when all was read.
    """
    (folder / "乡镇" / "10.html").unlink()
    first = run(folder)[0]
    (folder / "坏文件.docx").unlink()

    assert (2, 0) == (first, run(folder)[0])


def test_an_empty_folder_is_not_fine(tmp_path):
    """
    Nothing was checked, so nobody is told that all is well.
    """
    assert 2 == run(tmp_path)[0]


def test_a_file_that_kills_its_process_is_lost_alone(folder, monkeypatch):
    """
    The others are read; that one has a sentence.
    """
    monkeypatch.setattr(checking, "checked_report", child_work.dies_at_2)
    files, _ = files_of(folder)

    results, all_done = check_folder(folder, files)

    assert all_done
    assert ["乡镇/2.txt"] == [r.file for r in results if r.problem == wording.BROKEN_OFF]
    assert 2 == sum(result.read is not None for result in results)


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """
    A program that ends hears no Ctrl-C any more; this one goes on.
    """
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
@pytest.mark.parametrize("again", [False, True])
def test_ctrl_c_over_a_folder_gives_what_is_done(folder, monkeypatch, capsys, again: bool):
    """
    At once, whatever is under way, also to whoever presses it again; exit code 3.
    """
    end = child.end

    def pressed_again() -> None:
        if again:
            signal.raise_signal(signal.SIGINT)
        end()

    monkeypatch.setattr(child, "end", pressed_again)
    monkeypatch.setattr(checking, "checked_report", child_work.lasts_at_2)

    def pressed(done: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("bot.cli.frame.progress", lambda _: pressed)

    code = main(["check", str(folder), "--json"])

    told = capsys.readouterr()
    assert 3 == code
    assert 3 == len(json.loads(told.out))
    assert wording.INTERRUPTED.format(done=3, total=4) in told.err


@pytest.mark.usefixtures("_interruptible")
def test_what_begins_after_ctrl_c_is_ended_as_well(folder, monkeypatch):
    """
    As the reading of what LibreOffice has just given back.
    """
    ended: list[type[child.Ended]] = []

    def goes_on(_data: bytes, name: str) -> checking.Checked:
        for _ in range(2 if name.endswith("2.txt") else 0):
            try:
                child.run(child_work.sleeps)
            except child.Ended as error:
                ended.append(type(error))
        return checking.Checked(name, "-")

    def pressed(done: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(checking, "check_bytes", goes_on)

    _, all_done = check_folder(folder, files_of(folder)[0], progress=pressed)

    assert not all_done
    assert [child.Died, child.Died] == ended


def test_old_word_files_of_a_folder_are_converted_once_each(folder, monkeypatch):
    """
    The parent has them made into .docx; each is then read like any other.
    """
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
    (folder / "老.doc").write_bytes(old)
    made: list[str] = []

    def convert(_data: bytes, kind: str, _to: str, *, seconds: float) -> bytes:
        assert 0 < seconds <= child.BUSY * child.SECONDS
        made.append(kind)
        return render(standard("2021"), leiming())

    monkeypatch.setattr(reading, "converted", convert)
    files, _ = files_of(folder)

    results = {result.file: result for result in check_folder(folder, files)[0]}

    assert ["doc"] == made
    read = results["老.doc"].read
    assert "雷鸣镇人民政府" == (read and read.organ)


def test_two_files_of_one_organ_and_year_are_noticed(folder):
    """
    The county sees that one of them may be the wrong one.
    """
    out = run(folder)[1]

    files = ["乡镇/2.txt", "乡镇/雷鸣镇.docx"]
    assert wording.twice("雷鸣镇人民政府", 2023, files) in out


def test_the_spreadsheet_of_a_folder_has_overview_and_findings(folder, tmp_path_factory):
    """
    A row a file, a row a finding.
    """
    target = tmp_path_factory.mktemp("out") / "结果.xlsx"

    run(folder, None, False, target)
    book = load_workbook(target)

    overview, findings, _ = (list(page.iter_rows(values_only=True)) for page in book)
    assert list(wording.SHEETS) == book.sheetnames
    assert 5 == len(overview)
    assert {"乡镇/2.txt", "乡镇/10.html", "乡镇/雷鸣镇.docx"} == {row[0] for row in findings[1:]}


def test_a_spreadsheet_that_cannot_be_written_is_said_so(folder):
    """
    One sentence instead of a traceback.
    """
    code, _, err = run(folder, None, False, folder / "2.txt" / "x.xlsx" / "y.xlsx")
    blocked = folder / "乡镇" / "2.txt" / "x.xlsx"
    code_2, _, err_2 = run(folder, None, False, blocked)

    assert 2 == code_2
    assert frame.NOT_WRITTEN.format(file=blocked) in err_2
    assert code in {1, 2}
    assert "Traceback" not in err


def test_the_command_line_reaches_it(folder, capsys):
    """
    `nianbao check DIR --json` prints a list, an object a file.
    """
    code = main(["check", str(folder), "--json"])

    listed = json.loads(capsys.readouterr().out)

    assert 2 == code
    assert [False, False, False, True] == ["error" in one for one in listed]


# -------------------------------------------------------------------------- wording


def test_rows_with_the_same_columns_are_told_together():
    """
    A person reads two names and one list of columns.
    """
    cells = [
        f"requests.{row}.{column}"
        for row in ("received", "carried_over")
        for column in ("natural_person", "total")
    ]

    assert "新收、上年结转：自然人、总计" == places(cells)


def test_many_cells_are_counted():
    """
    125 names would help nobody.
    """
    columns = [column.id for column in FORMS["2021"].tables[1].columns[1:6]]
    cells = [f"{line.id}.{c}" for line in FORMS["2021"].tables[1].lines for c in columns]

    assert "表三 25 行的" in places(cells)
    assert "（125 格）" in places(cells)


def test_a_consequence_stands_under_its_cause():
    """
    It is marked as following from it.
    """
    cause = Finding("A3", Grade.E, "甲错了。", ("requests.received.total",))
    effect = Finding("A1", Grade.E, "乙错了。", ("requests.received.total",), follows=cause.key)

    lines = wording.findings_text((cause, effect), FORMS["2021"])

    at = next(i for i, line in enumerate(lines) if "[A3]" in line)
    assert "↳" in "".join(lines[at + 1 : at + 3])
    assert f"{Grade.E.value}（2）" == lines[0]
