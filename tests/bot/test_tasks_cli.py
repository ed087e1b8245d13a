"""
`nianbao task`, `nianbao reminders` and `nianbao calendar` as an operator types them.
"""

import subprocess
from datetime import date
from pathlib import Path

import pytest

from storage import Store
from storage.tasks import TaskReader
from tests.bot.doors import BAD_USAGE, FINISHED, nianbao
from tests.county import TOWN, office

WANG, LI = 101, 102


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

    assert "任务已建立" in made
    assert "收集日期：2026年1月20日（周二）" in shown
    assert "不再设收集日期" in taken
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
    assert "任务已恢复" in said(run(tmp_path, *task, "--restore"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--deadline", "2026-13-01"), "日期 '2026-13-01' 不对"),
        (("--deadline", "2026-1-31", "--internal", "2026-2-1"), "收集日期不能晚于截止日期"),
        (("--assign", "七=王芳"), "没有这一节"),
        (("--assign", "三=赵敏"), "没有叫「赵敏」的经办人。现有：王芳（101）"),
        (("--withdraw", "--restore"), "用法不对"),
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

    one = (tmp_path / f"{TOWN}2025年度报告日期.ics").read_bytes()
    other = (tmp_path / "dates.ics").read_bytes()
    assert b"DTSTART;VALUE=DATE:20260131\r\n" in one
    assert b"DTSTART;VALUE=DATE:20260131\r\n" in other


def test_who_would_get_what_is_printed_and_nothing_sent(tmp_path: Path):
    """
    A year the library does not know is said to be reckoned by weekends.
    """
    with Store.open(tmp_path) as store:
        office(store, clerks={WANG: "王芳"}, year=2026)

    printed = said(run(tmp_path, "reminders", "--at", "2027-01-22T09:30"))
    again = said(run(tmp_path, "reminders", "--at", "2027-01-22T09:30"))
    early = said(run(tmp_path, "reminders", "--at", "2027-01-22T08:30"))

    assert (
        f"· {TOWN} · 经办人 王芳：应发到期前提醒；提前 7 天的一次；还有 9 天；2027 年按周末推算"
        in printed
    )
    assert "应发 1 条消息" in printed
    assert "[继续填写]" in printed
    assert "2027 年的放假安排尚未收录" in printed
    assert again == printed
    assert "不发：不在本人的工作时间（09:00–18:00）" in early


def test_a_moment_that_is_none_is_one_sentence(tmp_path: Path):
    """
    With an example of how to write it.
    """
    done = run(tmp_path, "reminders", "--at", "明天")

    assert BAD_USAGE == done.returncode
    assert "例如 2027-01-20T09:30" in done.stderr.decode()


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

    assert "2027年1月22日（周五） 放假" in shown
    assert "不发：当天不是工作日" in friday
    assert "应发到期前提醒" in saturday
    assert "按周末推算" not in saturday
    assert "没有录入的日期" in cleared
