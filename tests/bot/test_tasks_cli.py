"""
`nianbao task`, `nianbao reminders` and `nianbao calendar` as an operator types them.
"""

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest

from bot.cli.calendar import FREE, NO_DAYS
from bot.cli.frame import NOT_WRITTEN, WRONG_USAGE
from conversations.reminders.decide import Why
from conversations.reminders.tasks import ReminderKind
from conversations.wording import tasks as words
from conversations.wording.days import distance
from conversations.wording.door import new_organ
from conversations.wording.reminders import (
    BY_LAW,
    CONTINUE,
    KINDS,
    UNKNOWN_YEAR,
    WHY,
    day_name,
)
from conversations.wording.tasks import COUNTY_DEADLINE
from storage import Store
from storage.tasks import TaskReader
from tests.bot.doors import BAD_USAGE, FINISHED, nianbao
from tests.county import TOWN, office

WANG, LI = 101, 102
DUE = f"{WHY[Why.DUE]}{KINDS[ReminderKind.STEP]}"


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return nianbao(*arguments, "--data", folder, cwd=folder)


def said(done: "subprocess.CompletedProcess[bytes]") -> str:
    assert FINISHED == done.returncode, done.stderr.decode()
    return done.stdout.decode()


def test_a_task_is_made_changed_and_shown(tmp_path: Path):
    """
    Its dates, and the dates of the reminders as moved by holidays.
    """
    task = ("task", "--organ", TOWN, "--year", "2025")

    made = said(run(tmp_path, *task, "--deadline", "2026-01-31", "--internal", "2026-1-20"))
    shown = said(run(tmp_path, *task))
    taken = said(run(tmp_path, *task, "--internal", "无"))

    assert words.MADE in made
    assert day_name(date(2026, 1, 20)) in shown
    assert words.NO_COLLECTION in taken
    with Store.open(tmp_path) as store, store.read() as reader:
        found = reader.find_report(TOWN, 2025)
        assert found is not None
        kept = TaskReader(reader).task(found)
    assert kept is not None
    assert (date(2026, 1, 31), None) == (kept.deadline, kept.internal)


def test_sections_are_given_to_clerks_by_name_or_number(tmp_path: Path):
    """
    And taken away again; withdrawn and restored.
    """
    with Store.open(tmp_path) as store:
        report = office(store, clerks={WANG: "王芳", LI: "李伟"})
    task = ("task", "--organ", TOWN, "--year", "2025")

    said(run(tmp_path, *task, "--assign", "三=王芳", "--assign", "一=102", "--assign", "5=王芳"))
    said(run(tmp_path, *task, "--assign", "五=", "--withdraw"))

    with Store.open(tmp_path) as store, store.read() as reader:
        kept = TaskReader(reader).task(report)
    assert kept is not None
    assert kept.withdrawn
    assert {"requests": str(WANG), "overview": str(LI)} == dict(kept.assigned)
    assert words.RESTORED in said(run(tmp_path, *task, "--restore"))


def test_what_a_notice_asks_for_is_asked_in_the_chat_and_kept_out_of_the_document(tmp_path: Path):
    """
    From the option to the question, the answer, the check of the text and the JSON.
    """
    report = ("--organ", TOWN, "--year", "2025")
    wanted = ("--ask", "政务微信发布信息 条", "--length", "一=50", "--headings", "一=主动公开")
    made = json.loads(said(run(tmp_path, "task", *report, *wanted, "--json")))
    assert [{"name": "政务微信发布信息", "unit": "条"}] == made["notice"]["questions"]

    text = "本年政务公开工作平稳有序，各项公开内容更新及时。" * 3
    script = "\n".join(["附、上级要求", "120条", "目录", "一、总体情况", text, "完成"])
    nianbao("chat", *report, "--data", tmp_path, typed=script, cwd=tmp_path)

    shown = json.loads(said(run(tmp_path, "show", *report, "--json")))
    asked = {"name": "政务微信发布信息", "unit": "条", "value": 120}
    assert [asked] == shown["notice"]["questions"]
    assert {} == shown["cells"]
    assert {("N3", "H"), ("N7", "W")} <= {(f["id"], f["grade"]) for f in shown["findings"]}
    run(tmp_path, "export", *report, "--format", "txt", "--out", str(tmp_path))
    written = next(tmp_path.glob("*.txt")).read_text("utf-8")
    assert "政务微信" not in written


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--ask", "政务微信发布信息"), words.DEMANDS["ask"]),
        (("--no-ask", "政务微信发布信息"), words.DEMANDS["no_ask"]),
        (("--length", "三=1000"), words.DEMANDS["length"]),
        (("--headings", "一=" + "长" * 50), words.DEMANDS["headings"]),
        (("--deadline", "2026-13-01"), "2026-13-01"),
        (("--deadline", "2026-1-31", "--internal", "2026-2-1"), words.WRONG_ORDER),
        (("--assign", "七=王芳"), words.NO_SECTION),
        (("--assign", "三=赵敏"), words.NO_CLERK.format(name="赵敏", names="王芳（101）")),
        (("--withdraw", "--restore"), WRONG_USAGE),
    ],
)
def test_what_makes_no_sense_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
):
    """
    And changes nothing.
    """
    with Store.open(tmp_path) as store:
        office(store, clerks={WANG: "王芳"})

    done = run(tmp_path, "task", "--organ", TOWN, "--year", "2025", *arguments)

    assert BAD_USAGE == done.returncode
    assert sentence in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_a_task_that_is_not_there_is_not_made_by_looking(tmp_path: Path):
    """
    Nothing to show is bad usage, and no report was begun.
    """
    done = run(tmp_path, "task", "--organ", TOWN, "--year", "2025")

    assert BAD_USAGE == done.returncode
    with Store.open(tmp_path) as store, store.read() as reader:
        assert () == reader.organs()


def test_the_dates_go_into_a_calendar_file(tmp_path: Path):
    """
    Into a folder under the organ's name, or under the name given.
    """
    with Store.open(tmp_path) as store:
        office(store)
    task = ("task", "--organ", TOWN, "--year", "2025")

    said(run(tmp_path, *task, "--ics", str(tmp_path)))
    said(run(tmp_path, *task, "--ics", str(tmp_path / "dates.ics")))

    one = (tmp_path / words.ICS_NAME.format(organ=TOWN, year=2025)).read_bytes()
    other = (tmp_path / "dates.ics").read_bytes()
    assert b"DTSTART;VALUE=DATE:20260131\r\n" in one
    assert b"DTSTART;VALUE=DATE:20260131\r\n" in other


def test_a_calendar_file_that_cannot_be_written_is_one_sentence(tmp_path: Path):
    """
    The file is named; no trace of the program is shown.
    """
    with Store.open(tmp_path) as store:
        office(store)
    (tmp_path / "note.txt").touch()
    file = tmp_path / "note.txt" / "dates.ics"

    done = run(tmp_path, "task", "--organ", TOWN, "--year", "2025", "--ics", str(file))

    expected = f"{NOT_WRITTEN.format(file=file)}\n"
    assert (BAD_USAGE, expected) == (done.returncode, done.stderr.decode())


def test_withdrawing_a_task_cancels_the_dates_in_calendars(tmp_path: Path):
    """
    The file that comes with it calls off what an earlier one has brought.
    """
    with Store.open(tmp_path) as store:
        office(store)
    task = ("task", "--organ", TOWN, "--year", "2025")

    said(run(tmp_path, *task, "--withdraw", "--ics", str(tmp_path / "dates.ics")))

    cancelled = (tmp_path / "dates.ics").read_bytes()
    assert b"METHOD:CANCEL\r\n" in cancelled
    assert b"STATUS:CANCELLED\r\n" in cancelled


def test_nobody_is_reminded_on_the_days_that_the_law_names(tmp_path: Path):
    """
    除夕 to 初三, whether the year's notice is known or not.
    """
    with Store.open(tmp_path) as store:
        office(store, clerks={WANG: "王芳"}, year=2026)

    def messages(day: str) -> int:
        told = json.loads(said(run(tmp_path, "reminders", "--at", f"2027-{day}T09:30", "--json")))
        return len(told["messages"])

    assert [1, 0, 0, 0] == [messages(day) for day in ("01-22", "02-05", "02-06", "02-08")]


def test_a_task_of_an_organ_that_was_not_there_says_that_it_was_made(tmp_path: Path):
    """
    Once; a county's own is due by its level.
    """
    task = ("task", "--organ", "定远县人民政府", "--year", "2025")
    first = said(run(tmp_path, *task, "--deadline", "2026-03-31"))
    again = said(run(tmp_path, *task, "--internal", "2026-03-01"))

    made = new_organ("定远县人民政府", ())
    assert made in first
    assert COUNTY_DEADLINE in first
    assert made not in again


def test_who_would_get_what_is_printed_and_nothing_sent(tmp_path: Path):
    """
    A year the library does not know is said to be reckoned by weekends.
    """
    with Store.open(tmp_path) as store:
        office(store, clerks={WANG: "王芳"}, year=2026)

    printed = said(run(tmp_path, "reminders", "--at", "2027-01-22T09:30"))
    again = said(run(tmp_path, "reminders", "--at", "2027-01-22T09:30"))
    early = said(run(tmp_path, "reminders", "--at", "2027-01-22T08:30"))

    (line,) = [line for line in printed.splitlines() if "王芳" in line]
    for piece in (
        TOWN,
        DUE,
        distance(date(2027, 1, 31), date(2027, 1, 22)),
        BY_LAW.format(2027),
    ):
        assert piece in line
    assert f"[{CONTINUE}]" in printed
    assert UNKNOWN_YEAR.format(year=2027) in printed
    assert again == printed
    assert WHY[Why.OUTSIDE_HOURS].format(start="09:00", end="18:00") in early


def test_a_moment_that_is_none_is_one_sentence(tmp_path: Path):
    """
    With an example of how to write it.
    """
    done = run(tmp_path, "reminders", "--at", "明天")

    assert BAD_USAGE == done.returncode
    assert "2027-01-20T09:30" in done.stderr.decode()


def test_days_that_offices_work_are_entered_and_count(tmp_path: Path):
    """
    Friday the 22nd is made a holiday: the step of that day is due on Thursday already.
    """
    with Store.open(tmp_path) as store:
        office(store, clerks={WANG: "王芳"}, year=2026)

    shown = said(
        run(
            tmp_path, "calendar", "--free", "2027-1-22", "--work", "2027-1-23", "--complete", "2027"
        )
    )
    friday = said(run(tmp_path, "reminders", "--at", "2027-01-22T09:30"))
    saturday = said(run(tmp_path, "reminders", "--at", "2027-01-23T09:30"))
    cleared = said(run(tmp_path, "calendar", "--clear", "2027-1-22", "2027-1-23"))

    assert f"{day_name(date(2027, 1, 22))} {FREE}" in shown
    assert WHY[Why.FREE_DAY] in friday
    assert DUE in saturday
    assert BY_LAW.format(2027) not in saturday
    assert NO_DAYS in cleared
