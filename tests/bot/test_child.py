"""
The port to child processes: limits, what comes back, and what does not.
"""

import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.files import child, plain, read
from bot.files.read import read_report
from bot.files.unreadable import BrokenOff, UnreadableFile
from conversations.checks.findings import Grade, LabelDifference
from conversations.document.read.blocks import UnreadableReason
from conversations.document.write.docx import render, standard
from conversations.wording import checks as wording
from conversations.wording.ledger import TOO_COSTLY
from tests import child_work
from tests.hostile import HOSTILE
from tests.written import leiming


@pytest.fixture(autouse=True)
def _none_left() -> Iterator[None]:
    child.end()  # what tests before have left has done some work already
    yield
    child.end()


@pytest.fixture
def by_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The warm process is no fork, as in all other tests, but started as the product does.
    """
    monkeypatch.setattr(child, "subprocess", subprocess)


# ------------------------------------------------------------------------- limits


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (child_work.sleeps, child.TooSlow),
        (child_work.deaf_and_busy, child.TooSlow),
        (child_work.deaf_and_asleep, child.TooSlow),
        (child_work.grows, child.TooMuchMemory),
        (child_work.dies, child.Died),
    ],
    ids=lambda given: given.__name__,
)
def test_whatever_work_does_it_ends(
    work: Callable[[], object], expected: type[Exception], monkeypatch: pytest.MonkeyPatch
):
    """
    By the kernel's clock, its count of the processor's time, its bound of memory; or by us.
    """
    by_us = work is child_work.deaf_and_asleep
    monkeypatch.setattr(child, "PATIENCE", 0.5 if by_us else 30.0)
    child.run(child_work.surroundings)  # which loads what the work needs
    kept_warm = child._children._process

    with pytest.raises(expected):
        child.run(work, seconds=0.5 if expected is child.TooSlow else child.SECONDS)

    assert by_us == (child._children._process is not kept_warm)
    assert child.run(child_work.surroundings)


def test_a_child_has_limits_and_no_settings(by_python: None, monkeypatch: pytest.MonkeyPatch):
    """
    600 MB, ten seconds, no picture of its memory on the disk; no token.
    """
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "12345:secret")

    _, settings, (memory, processor, core) = child.run(child_work.surroundings)

    assert {"PYTHONPATH", "PATH", "LANG"} >= set(settings) - {"LC_CTYPE"}
    assert (600_000_000, 0) == (memory, core)
    assert 10 <= processor <= 12


def test_a_child_is_used_again_until_something_went_wrong_or_it_has_done_enough(
    monkeypatch: pytest.MonkeyPatch,
):
    """
    A good file costs no new process.
    """
    numbers = [child.run(child_work.surroundings)[0] for _ in range(51)]
    with pytest.raises(child.Fault):
        child.run(child_work.stumbles, "x")
    after = child.run(child_work.surroundings)[0]

    assert 1 == len(set(numbers[:-1]))
    assert 3 == len({numbers[0], numbers[-1], after})


def test_everything_under_way_ends_at_once_and_later_work_begins_anew(tmp_path: Path):
    """
    What a program does that is told to stop.
    """
    ended: list[type[Exception]] = []

    def ask(begun: Path) -> None:
        try:
            child.run(child_work.begins_and_sleeps, str(begun))
        except child.Ended as error:
            ended.append(type(error))

    begun = [tmp_path / f"{number}" for number in range(child.AT_ONCE)]
    threads = [threading.Thread(target=ask, args=(each,)) for each in begun]
    for thread in threads:
        thread.start()
    while not all(each.exists() for each in begun):
        threads[0].join(0.01)
    child.end()
    for thread in threads:
        thread.join()

    assert [child.Died] * len(threads) == ended
    assert child.run(child_work.surroundings)


def test_a_warm_process_that_was_killed_is_started_again(by_python: None):
    """
    By the machine's lack of memory, or a person.
    """
    child.warm()
    process = child._children._process
    assert process is not None
    process.kill()
    process.wait()

    assert child.run(child_work.surroundings)


def test_what_is_under_way_ends_with_a_program_that_is_killed(tmp_path: Path):
    """
    Which can tell nobody any more.
    """
    begun = tmp_path / "begun"
    program = (
        "from bot.files import child; from tests import child_work;"
        f"child.run(child_work.begins_and_stays, {str(begun)!r})"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=child.ROOT) as running:
        while not (begun.exists() and begun.read_text().endswith("\n")):
            assert running.poll() is None
        at_work = os.pidfd_open(int(begun.read_text()))
        running.kill()

    ended, _, _ = select.select([at_work], [], [], 60)

    os.close(at_work)
    assert ended


# -------------------------------------------------------------------- what comes back


def test_a_refusal_comes_back_and_a_fault_tells_no_contents():
    """
    The place in the code and the class of the error; never what stood in the file.
    """
    with pytest.raises(UnreadableFile, match="读不了"):
        child.run(child_work.refuses, "读不了", raises=(UnreadableFile,))
    with pytest.raises(child.Fault) as caught:
        child.run(child_work.stumbles, "秘密")

    assert "child_work.py" in str(caught.value)
    assert "ValueError" in str(caught.value)
    assert "秘密" not in str(caught.value)


def test_what_is_read_comes_back_as_it_was():
    """
    Figures, texts, doubts, headings: the same as without a child.
    """
    data = render(standard("2021"), leiming())

    assert read.report_in(data, "a.docx") == read_report(data, "a.docx")


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        Decimal("1.50"),
        "\ud800\u2028",
        b"\0\xff",
        (1, (2, [3])),
        {"a": (1,), ("b", 2): None},
        frozenset({"a"}),
        Grade.E,
        LabelDifference("一、", "二、"),
    ],
    ids=repr,
)
def test_values_come_back_with_their_kinds(value: object):
    """
    A tuple is no list, 1.50 no 1.5.
    """
    again = plain.loads(plain.dumps(value))

    assert (repr(value), type(value)) == (repr(again), type(again))


@pytest.mark.parametrize(
    "answer",
    [
        ["data", "os:system", ["x", 1]],
        ["data", "bot.files.checking:Checked", ["file", "x"]],
        ["data", "conversations.document.write.docx:TemplateError"],
        ["data", "conversations.form:FORMS"],
        ["data", "conversations.answers.figure:re.compile", ["pattern", "x"]],
        ["enum", "conversations.checks.findings:replace", 1],
        ["data", "conversations.nothing:Here"],
        ["run", "x"],
        [],
    ],
    ids=repr,
)
def test_an_answer_that_is_no_value_is_refused(answer: list[object]):
    """
    A child that a file has taken over can name nothing that does anything.
    """
    with pytest.raises(ValueError, match="no value"):
        plain.loads(json.dumps(answer).encode())


@pytest.mark.parametrize("value", [os, Path(), object()], ids=["module", "path", "object"])
def test_only_values_are_answered(value: object):
    """
    The mistake shows where it is made.
    """
    with pytest.raises(TypeError):
        plain.dumps(value)


# -------------------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("widths.pdf", UnreadableReason.TOO_MUCH_MEMORY),
        ("columns.pdf", UnreadableReason.TOO_MUCH_MEMORY),
        ("contents.pdf", UnreadableReason.TOO_SLOW),
        ("forms.pdf", UnreadableReason.TOO_SLOW),
        ("map.pdf", UnreadableReason.TOO_SLOW),
        ("attributes.html", UnreadableReason.TOO_SLOW),
        ("deep.docx", UnreadableReason.TOO_DEEP),
    ],
)
def test_each_way_to_be_too_much_has_its_sentence(
    name: str, expected: UnreadableReason, monkeypatch: pytest.MonkeyPatch
):
    """
    Too long, too much memory, too deep.
    """
    child.run(child_work.surroundings)
    seconds = 0.5 if expected is UnreadableReason.TOO_SLOW else child.SECONDS
    monkeypatch.setattr(read, "SECONDS", seconds)

    with pytest.raises(UnreadableFile) as caught:
        read_report(HOSTILE[name](), name)

    assert expected.value == str(caught.value)


@pytest.mark.parametrize("name", ["台账.XLSX", "台账.xls", "台账.csv", "年报.docx"])
def test_what_to_send_instead_of_a_costly_file_hangs_on_its_kind(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    """
    A spreadsheet is none the better as a .docx.
    """

    def too_slow(*_: object, **__: object) -> None:
        raise child.TooSlow

    monkeypatch.setattr(child, "run", too_slow)

    with pytest.raises(UnreadableFile) as caught:
        read.in_child(child_work.surroundings, b"x", name)

    expected = UnreadableReason.TOO_SLOW.value if name.endswith("docx") else TOO_COSTLY
    assert expected == str(caught.value)
    assert (".xlsx" in expected) is (not name.endswith("docx"))


def test_a_fault_of_ours_is_logged_with_the_number_that_is_told(caplog: pytest.LogCaptureFixture):
    """
    It is not called damage, and the line in the log tells nothing of the file.
    """
    with pytest.raises(UnreadableFile) as caught:
        read.in_child(child_work.stumbles_reading, b"x", "秘密.docx")

    (line,) = [record.getMessage() for record in caplog.records]
    number = line.partition("error ")[2][:6]
    assert wording.OUR_FAULT.format(number=number) == str(caught.value)
    assert "child_work.py" in line
    assert "秘密" not in line


def test_a_child_that_dies_is_told_apart():
    """
    Another try may help: the door counts them.
    """
    with pytest.raises(BrokenOff):
        read.in_child(child_work.dies_reading, b"x", "a.docx")
