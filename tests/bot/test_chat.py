"""
The chat in a terminal: scripts through a pipe, exit codes, and what may go wrong.
"""

import json
import os
import stat
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.cli.chat import login
from bot.cli.conversation import NOT_BEGUN, NOT_WRITTEN, Conversation
from bot.cli.frame import WRONG_USAGE
from bot.files.received import NO_TEXT
from conversations.document.write.content import clean_text
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers
from conversations.talk.derived import gap_names
from conversations.talk.effects import Chart, Draw, MessageKind, Say
from conversations.talk.events import Commanded, Opened, Tapped, Typed
from conversations.wording import door as words
from conversations.wording import pictures
from conversations.wording import talk as say
from conversations.wording.pictures import CHARTS
from conversations.wording.store import TOO_NEW
from storage.store import Store
from tests.bot.doors import BAD_USAGE, COMMAND, FINISHED, UNFINISHED, environment, nianbao
from tests.dialogue import TEXTS, TOWN, Clerk, zeros
from tests.said import numbers, pieces, result

ZEROS = [say.FIGURES_FIRST, *[say.ZERO_REST, say.NEXT] * 3]
WRITTEN = [line for text in TEXTS.values() for line in (*text.split("\n"), say.DONE_TEXT)]
WHOLE = [*ZEROS, *WRITTEN, say.ALL_DEFAULT, say.MAKE_FINAL]


def chat(
    data: Path, *lines: str, organ: bool = True, options: tuple[str, ...] = (), **settings: str
) -> subprocess.CompletedProcess[bytes]:
    """
    A piped chat; each line is one message.
    """
    known = ("--organ", TOWN, "--year", "2025") if organ else ()
    typed = "".join(f"{line}\n" for line in lines)
    return nianbao("chat", *known, "--data", data, *options, typed=typed, settings=settings)


@pytest.mark.usefixtures("out_of_season")
def test_a_script_from_nothing_to_the_final_document(tmp_path: Path):
    """
    Organ and year first, ten taps of zeros, three texts, exit code 0.
    """
    done = chat(tmp_path / "var", TOWN, "2025", *WHOLE, organ=False)

    assert (FINISHED, b"") == (done.returncode, done.stderr)
    assert [f"{TOWN}2025年政府信息公开工作年度报告.docx"] == [
        one.name for one in (tmp_path / "var").glob("*.docx")
    ]


def test_a_name_stands_in_the_history_of_what_its_bearer_changed(tmp_path: Path):
    """
    Who gives none has that of the login; a number would be somebody on Telegram.
    """
    chat(tmp_path / "var", "#1", "0 0 7")
    chat(tmp_path / "var", "#1", "0 0 8", options=("--as", "王 芳"))
    refused = chat(tmp_path / "var", options=("--as", "101"))

    with Store.open(tmp_path / "var") as store, store.read() as reader:
        report = reader.find_report(TOWN, 2025)
        assert report is not None
        by = {change.by for change in reader.history(report)}
    assert {login(), "王 芳"} == by
    assert BAD_USAGE == refused.returncode


def test_buttons_are_tapped_by_number_or_by_label(tmp_path: Path):
    """
    `#2` is the second button on the screen; ＃ of a Chinese keyboard, too.
    """
    done = chat(tmp_path / "var", "#1", "#2", "＃1")
    shown = done.stdout.decode()

    assert say.filled_zero(FORM.tables[0].short) in shown
    assert say.progress(FORM.sections[2], 1, 23) in shown


def test_a_number_is_a_value_where_a_value_is_asked(tmp_path: Path):
    """
    `1` is one 件 and never the first button.
    """
    done = chat(tmp_path / "var", "#1", "0 0 0", "0 0 0", "1")

    assert result("行政许可", 1) in done.stdout.decode()


def test_an_unfinished_report_ends_with_what_is_missing(tmp_path: Path):
    """
    Exit code 3, and the gaps by name.
    """
    done = chat(tmp_path / "var", *ZEROS)

    assert UNFINISHED == done.returncode
    left = gap_names(Clerk(answers=Answers(zeros(without=(*TEXTS, "title")))).session)
    assert done.stdout.decode().splitlines()[-2].endswith(say.gaps(left))


def test_a_finished_report_that_was_edited_is_unfinished(tmp_path: Path):
    """
    The file is out of date until it is made again.
    """
    done = chat(tmp_path / "var", *WHOLE, say.MENU, "行政许可", "行政许可", "7")

    assert UNFINISHED == done.returncode
    assert FINISHED == chat(tmp_path / "var", say.MENU, say.REVIEW, say.MAKE_FINAL_AGAIN).returncode


def test_a_finished_report_is_still_finished_the_next_day(tmp_path: Path):
    """
    Opened again without a word: exit code 0.
    """
    chat(tmp_path / "var", *WHOLE)

    assert FINISHED == chat(tmp_path / "var", organ=False).returncode


@pytest.mark.parametrize("typed", ["", "\n\n", " \t \n"])
def test_no_input_is_an_unfinished_report(typed: str, tmp_path: Path):
    """
    `nianbao chat` itself plays no example.
    """
    done = nianbao("chat", "--data", tmp_path / "var", typed=typed)

    assert (UNFINISHED, b"") == (done.returncode, done.stderr)
    assert NOT_BEGUN in done.stdout.decode()


def test_a_closed_input_is_an_unfinished_report(tmp_path: Path):
    """
    `<&-`: no standard input at all.
    """
    for more in ((), ("--jsonl",)):
        command = [*COMMAND, "chat", "--data", str(tmp_path / "var"), *more]
        done = subprocess.run(
            ["sh", "-c", 'exec "$@" <&-', "sh", *command],
            capture_output=True,
            env=environment(),
            timeout=60,
            check=False,
        )
        assert (UNFINISHED, b"") == (done.returncode, done.stderr)


def test_a_last_line_without_its_end_counts(tmp_path: Path):
    """
    A pipe that ends in the middle of a line.
    """
    done = nianbao(
        "chat", "--organ", TOWN, "--year", "2025", "--data", tmp_path / "var", typed="#1\n0 0 0"
    )

    assert result("规章", 0) in done.stdout.decode()


def test_a_reader_that_goes_away_is_no_crash(tmp_path: Path):
    """
    `nianbao chat | head -1`.
    """
    command = [*COMMAND, "chat", "--organ", TOWN, "--year", "2025", "--data", str(tmp_path / "v")]
    done = subprocess.run(
        ["bash", "-c", 'set -o pipefail; yes "#1" | head -2000 | "$@" | head -1', "sh", *command],
        capture_output=True,
        env=environment(),
        timeout=120,
        check=False,
    )

    assert b"" == done.stderr
    assert UNFINISHED == done.returncode


@pytest.mark.parametrize(
    "options",
    [
        ("--year", "去年"),
        ("--year", "20255"),
        ("--year", "-1"),
        ("--organ", "123"),
        ("--organ", "局" * 61),
        ("--organ", "甲\x07县"),
        ("--nonsense",),
    ],
)
def test_bad_usage_is_one_sentence_and_exit_code_2(options: tuple[str, ...], tmp_path: Path):
    """
    No traceback, nothing opened.
    """
    done = nianbao("chat", "--data", tmp_path / "var", *options)

    assert (BAD_USAGE, b"") == (done.returncode, done.stdout)
    assert WRONG_USAGE in done.stderr.decode()
    assert not (tmp_path / "var").exists()


def test_no_command_and_an_unknown_one_are_bad_usage():
    """
    The list of commands is printed.
    """
    assert BAD_USAGE == nianbao().returncode
    assert BAD_USAGE == nianbao("nonsense").returncode


def test_a_zone_that_does_not_exist_is_bad_usage(tmp_path: Path):
    """
    The sentence names the setting.
    """
    done = chat(tmp_path / "var", NIANBAO_TIME_ZONE="Mars/Olympus")

    assert BAD_USAGE == done.returncode
    assert "NIANBAO_TIME_ZONE" in done.stderr.decode()


def test_a_store_that_cannot_be_opened_is_bad_usage(tmp_path: Path):
    """
    A file where the folder should be, foreign bytes where the store should be.
    """
    (tmp_path / "file").write_text("no database" * 100)
    (tmp_path / "foreign").mkdir(0o700)
    (tmp_path / "foreign" / "nianbao.sqlite3").write_bytes(b"no database" * 100)
    for file in (tmp_path / "file", *(tmp_path / "foreign").iterdir()):
        file.chmod(0o600)
    for folder in ("file", "foreign"):
        for command in ("chat", "show"):
            done = nianbao(command, "--data", tmp_path / folder)
            assert (BAD_USAGE, b"") == (done.returncode, done.stdout)
            assert 1 == len(done.stderr.decode().splitlines())


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path):
    """
    One sentence; not a byte is changed.
    """
    import sqlite3

    chat(tmp_path / "var", "#1")
    file = tmp_path / "var" / "nianbao.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from the future'")
    connection.close()
    before = file.read_bytes()
    done = chat(tmp_path / "var", "#1")

    assert (BAD_USAGE, b"") == (done.returncode, done.stdout)
    assert TOO_NEW in done.stderr.decode()
    assert before == file.read_bytes()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_bad_usage(tmp_path: Path):
    """
    A read-only data folder.
    """
    folder = tmp_path / "var"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    done = chat(folder, "#1")

    assert BAD_USAGE == done.returncode
    assert 1 == len(done.stderr.decode().splitlines())


def test_a_document_that_cannot_be_written_is_said_and_nothing_counts_as_finished(tmp_path: Path):
    """
    The folder for documents is a file; the report stays open, the chat goes on.
    """
    (tmp_path / "out").write_text("x")
    options = ("--out", str(tmp_path / "out"))
    done = chat(tmp_path / "var", *WHOLE, say.MENU, options=options)

    assert (UNFINISHED, b"") == (done.returncode, done.stderr)
    assert pieces(NOT_WRITTEN)[0] in done.stdout.decode()
    assert FINISHED == chat(tmp_path / "var", say.MENU, say.REVIEW, say.MAKE_FINAL).returncode


@pytest.mark.parametrize("content", [b"no archive", b"PK\x03\x04broken", b""])
def test_a_template_that_is_no_word_file_is_said_and_nothing_is_lost(
    content: bytes, tmp_path: Path
):
    """
    One sentence, and the same report is finished when the template is gone.
    """
    data = tmp_path / "var"
    data.mkdir(0o700)
    (data / "template.docx").write_bytes(content)
    (data / "template.docx").chmod(0o600)
    done = chat(data, *WHOLE)
    assert (UNFINISHED, b"") == (done.returncode, done.stderr)
    assert [] == [one for one in data.glob("*.docx") if one.name != "template.docx"]

    (data / "template.docx").unlink()
    assert FINISHED == chat(data, say.MAKE_FINAL).returncode


HOSTILE = [
    "\x00\x01\x02\x1b[31mred\x1b[0m",
    "😀" * 50,
    "{{7*7}} {% for x in y %} {#",
    "</w:t></w:r><w:p/>",
    "A&B <c> 甲 &amp; ]]> <!--",
    "\u202eabc\u202c \u200b\ufeff",
    "字" * 100_000,
    "#99",
    "#",
    "/nonsense",
    "/",
    "@/etc/passwd",
    "@/nowhere",
    "1" * 5000,
    "一" * 500,
    "\t" * 300,
    "9" * 400 + "万",
]


def test_whatever_is_typed_nothing_crashes_and_nothing_is_interpreted(tmp_path: Path):
    """
    At every kind of question; no control character comes back to the terminal.
    """
    lines = [*HOSTILE, "#1", *HOSTILE, *ZEROS[1:], *HOSTILE, say.MENU, *HOSTILE]
    done = chat(tmp_path / "var", *lines)

    assert (UNFINISHED, b"") == (done.returncode, done.stderr)
    shown = done.stdout.decode()
    assert not [c for c in shown if c < " " and c not in "\n\t"]


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "{% raw %}x{% endraw %}", "</w:t>", "A&B <c> 甲", "😀 表情"]
)
def test_what_is_typed_stands_in_the_document_as_typed(text: str, tmp_path: Path):
    """
    Markup, template code and rare characters are text.
    """
    from tests.docx_structure import document_text, structure_faults

    # Where it looks like something left over from a template, it stays for a reason.
    reason = ["引用了信息系统模板中的原文，按原样公开。"] if text.startswith("{{") else []
    written = [*WRITTEN[:-2], f"按规定公开。{text}", say.DONE_TEXT, *reason]
    lines = [*ZEROS, *written, say.ALL_DEFAULT, say.MAKE_FINAL]
    done = chat(tmp_path / "var", *lines)
    (document,) = (tmp_path / "var").glob("*.docx")

    assert FINISHED == done.returncode
    assert [] == structure_faults(document.read_bytes())
    assert f"按规定公开。{text}" in document_text(document.read_bytes())


def test_what_no_document_can_hold_is_taken_out_and_said(tmp_path: Path):
    """
    Control characters, and marks that turn the direction of writing.
    """
    typed = "甲\x07乙\u202e丙"
    done = chat(tmp_path / "var", *ZEROS, typed, say.DONE_TEXT)

    assert say.removed(clean_text(typed)[1]) in done.stdout.decode()
    assert "“甲乙丙”" in done.stdout.decode()


def test_bytes_that_are_no_text_are_taken_for_unknown_characters(tmp_path: Path):
    """
    A GBK pipe: refused or replaced, never a crash.
    """
    done = nianbao(
        "chat", "--organ", TOWN, "--year", "2025", "--data", tmp_path / "var",
        typed="#1\n二九五\n".encode("gbk") + b"\xff\xfe\x80\n",
    )  # fmt: skip

    assert (UNFINISHED, b"") == (done.returncode, done.stderr)


def test_a_file_is_sent_by_its_name_after_an_at(tmp_path: Path):
    """
    `@path`: its text is the section's; one that cannot be read is said.
    """
    (tmp_path / "六.txt").write_text("按规定报告。", "utf-8")
    (tmp_path / "bad.bin").write_bytes(bytes(range(256)) * 40)
    done = chat(
        tmp_path / "var",
        *ZEROS,
        say.MENU,
        "六、其他事项",
        f"@{tmp_path / 'bad.bin'}",
        f"@{tmp_path / '六.txt'}",
    )
    shown = done.stdout.decode()

    assert (UNFINISHED, b"") == (done.returncode, done.stderr)
    assert say.part_kept(6, 1) in shown
    assert NO_TEXT in shown


def test_last_years_introduction_is_still_offered_after_the_title_was_given(tmp_path: Path):
    """
    「不改」 keeps what the card shows, in another session, too.
    """
    data = tmp_path / "var"
    wording = (say.WORDING, say.TITLE_DEFAULT)
    introduction = "现公布2024年政府信息公开工作年度报告。"
    nianbao(
        *("chat", "--organ", TOWN, "--year", "2024", "--data", data),
        typed="\n".join([*wording, introduction, say.NO_SIGNATURE]) + "\n",
    )
    chat(data, *wording, "/menu")
    done = chat(data, say.WORDING, say.TITLE_DEFAULT, say.KEEP, say.NO_SIGNATURE)

    assert introduction.replace("2024", "2025") in done.stdout.decode()
    shown = nianbao("show", "--json", "--organ", TOWN, "--year", "2025", "--data", data)
    assert introduction.replace("2024", "2025") == json.loads(shown.stdout)["introduction"]


def test_a_report_that_was_left_at_its_introduction_asks_for_it_before_the_end(tmp_path: Path):
    """
    A title alone is not the whole wording: nothing is left out because somebody was called away.
    """
    data = tmp_path / "var"
    whole = [*ZEROS, *WRITTEN]
    chat(data, *whole, say.TITLE_DEFAULT, "/menu")
    done = chat(
        data, say.REVIEW, say.MAKE_FINAL, "现公布年度报告。", say.NO_SIGNATURE, say.MAKE_FINAL
    )

    assert FINISHED == done.returncode
    shown = nianbao("show", "--json", "--data", data).stdout
    assert "现公布年度报告。" in json.dumps(json.loads(shown), ensure_ascii=False)


def test_an_answer_to_a_question_that_a_colleague_answered_is_no_answer(tmp_path: Path):
    """
    Each has a place of their own; whoever comes second sees what stands there now.
    """
    licensing = FORM.lines["proactive_disclosure.licensing"]
    with Store.open(tmp_path / "var") as store:
        first, second = (
            Conversation(store, tmp_path, tmp_path, TOWN, 2025, person=name)
            for name in ("王芳", "李明")
        )
        for chat in (first, second):
            chat.take(Opened())
            chat.take(Tapped(f"o:{licensing.number}"))
        first.take(Typed("12"))
        told = second.take(Typed("13"))[0].effects
        assert 12 == second.session.answers.get(licensing.cells[0].id)
        assert words.PLACE_MOVED in {effect.text for effect in told if isinstance(effect, Say)}
        second.take(Typed("13"))

        assert 13 == second.session.answers.get(licensing.cells[0].id)
        assert 13 == first.take(Opened())[0].session.answers.get(licensing.cells[0].id)


def test_another_report_is_chosen_and_what_is_typed_meanwhile_is_no_answer(tmp_path: Path):
    """
    By the command, at any door of this process.
    """
    with Store.open(tmp_path / "var") as store:
        chat = Conversation(store, tmp_path, tmp_path, TOWN, 2024, "jsonl")
        chat.take(Opened())
        there = chat.report_id
        here = Conversation(store, tmp_path, tmp_path, TOWN, 2025, "jsonl")
        here.take(Opened())
        here.take(Tapped(f"o:{FORM.lines['proactive_disclosure.licensing'].number}"))
        here.take(Commanded("switch"))
        here.take(Typed("7"))
        assert () == tuple(here.session.answers)
        here.take(Tapped(f"w:{there}"))

        assert (there, 2024) == (here.report_id, here.session.year)
        unknown = here.take(Commanded("nothing"))[0].effects
        assert isinstance(unknown[0], Say)
        assert MessageKind.REFUSAL is unknown[0].kind


def test_pictures_lie_beside_the_documents_and_are_told_in_words(tmp_path: Path):
    """
    Of the years in store, though the last one is missing, and of how far the report is.
    """
    with Store.open(tmp_path / "var") as store:
        licensing = FORM.lines["proactive_disclosure.licensing"].number
        before, chat = (
            Conversation(store, tmp_path, tmp_path / "out", TOWN, year, "jsonl")
            for year in (2023, 2025)
        )
        for office, figure in ((before, "283"), (chat, "295")):
            office.take(Tapped(f"o:{licensing}"))
            office.take(Typed(figure))
        chat.take(Commanded("lastyear"))
        assert chat.session.last_year is None
        for button, known in (("yoy", {"2023", "283", "295", "12"}), ("pic", {"1", "163"})):
            handled, written = chat.take(Tapped(button))
            drawn = next(at for at, one in enumerate(handled.effects) if isinstance(one, Draw))
            said = handled.effects[drawn + 1]

            ((path, final),) = written
            title, says = list(ET.fromstring(path.read_text("utf-8")))[:2]
            assert isinstance(said, Say)
            assert known <= {*numbers(said.text)}
            assert (False, said.text) == (final, says.text)
            assert str(title.text) in said.text


def test_a_picture_is_offered_and_made_at_the_terminal(tmp_path: Path):
    """
    Tapped by its label; the path is named, then the words.
    """
    shown = chat(tmp_path / "var", "/status", say.SEE_PICTURE).stdout.decode()

    (file,) = (tmp_path / "var").glob("*.svg")
    before, _, after = shown.partition(str(file))
    assert before.endswith(f"{CHARTS[Chart.PROGRESS]}：")
    assert pictures.NOT_WRITTEN in after
