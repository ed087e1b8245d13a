"""
The chat for programs: JSON lines in and out.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from conversations.wording import talk as say
from tests.bot.doors import UNFINISHED, Jsonl, Message
from tests.dialogue import TEXTS, TOWN

KEYS = {"text", "buttons", "asks", "document", "final"}
FIGURES = count(1)  # another one each time


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Jsonl]:
    """
    A program at a report just begun.
    """
    with Jsonl(tmp_path / "var", "--organ", TOWN, "--year", "2025") as program:
        yield program


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jsonl]:
    """
    A chat that several tests speak with, one after another.
    """
    data = tmp_path_factory.mktemp("lasting") / "var"
    with Jsonl(data, "--organ", TOWN, "--year", "2025") as program:
        yield program


def is_a_turn(messages: list[Message]) -> bool:
    """
    Every line has its keys, and only the last is marked as done.
    """
    marks = [message.get("done", False) for message in messages]
    return [False] * (len(messages) - 1) + [True] == marks and all(
        message.keys() - {"done"} in (KEYS, {"error"}) for message in messages
    )


def test_the_first_turn_is_written_unasked(chat: Jsonl):
    """
    The contents, with the way on as the first button.
    """
    assert is_a_turn(chat.said)
    assert [] == chat.asks
    assert "fig" == chat.said[-1]["buttons"][0][0]["id"]


def test_asks_names_the_figures_of_the_next_answer_in_order(chat: Jsonl):
    """
    An answer with that many values, parted by blanks, tabs or line breaks.
    """
    chat.first()
    two = "proactive_disclosure"
    three = [f"{two}.rules.{one}" for one in ("issued", "repealed", "in_force")]
    assert three == chat.asks
    chat.text("0 0 0")
    chat.text("8\t0\t18")
    assert [f"{two}.licensing.decisions"] == chat.asks
    chat.tap(say.BACK)
    chat.text("8\n1\n17")

    assert "发 3" not in chat.whole
    assert [f"{two}.licensing.decisions"] == chat.asks


def test_every_answer_is_a_turn_that_ends_with_done(chat: Jsonl):
    """
    Notes, results and the card; a draft with its path.
    """
    for what in (
        {"text": "#"},
        {"tap": "dra"},
        {"tap": "prep"},
        {"tap": "pic"},
        {"text": "/help"},
        {"tap": "zt:2"},
    ):
        assert is_a_turn(chat.send(**what))
    draft = next(m for m in chat.send(tap="dra") if m["document"])

    assert Path(draft["document"]).is_file()
    assert draft["final"] is False


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nonsense",
        "[]",
        "null",
        "5",
        '"text"',
        "{}",
        '{"text": 5}',
        '{"text": null}',
        '{"text": "x", "tap": "fig"}',
        '{"nonsense": "x"}',
        '{"tap": "nonsense"}',
        '{"tap": ""}',
        '{"tap": "z:99999999999999999999"}',
        '{"tap": "z:２１"}',
        '{"tap": "ok:"}',
        '{"tap": "typed"}',
        '{"tap": "\\ud800"}',
        '{"tap": "' + "x" * 100_000 + '"}',
        '{"file": "/nowhere/at/all.docx"}',
        '{"file": ""}',
        '{"file": "/"}',
        '{"file": "a\\u0000b"}',
        '{"file": "\\ud800"}',
        '{"file": "' + "x" * 5000 + '"}',
        "[" * 100_000,
        '{"text":' * 5_000,
        "1" * 10_000,
        '{"text": ' + "9" * 10_000 + "}",
        "NaN",
        b"\xff\xfe\x00",
        "\ufeff{}",
    ],
)
def test_a_bad_line_is_an_error_and_changes_nothing(lasting: Jsonl, line: str | bytes):
    """
    One line with an error and done; the next good line goes on.
    """
    before = lasting.raw('{"text": "/start"}')
    (said,) = lasting.raw(line)
    assert said["done"] is True
    assert said["error"]

    assert before == lasting.raw('{"text": "/start"}')


def test_an_old_button_is_no_error(chat: Jsonl):
    """
    Every button ever shown may be tapped at any time.
    """
    ever = {b["id"] for m in chat.said for row in m["buttons"] for b in row}
    chat.first()
    for _ in range(3):
        ever |= {b["id"] for m in chat.said for row in m["buttons"] for b in row}
        chat.send(tap=next(b["id"] for b in chat.said[-1]["buttons"][-1]))
    for button in sorted(ever):
        assert is_a_turn(chat.send(tap=button))
        assert "error" not in chat.said[-1]


@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        "甲\udc00乙",
        "\x00",
        "\x1b[31m",
        "😀" * 3000,
        "字" * 100_000,
        "字" * 100_001,
        "{{7*7}}",
        "</w:t>",
        "A&B <c> 甲",
        "\u202e\u200f",
        "\r\n\r\n",
        "9" * 100_000,
        "/" + "x" * 100,
        "\u2028\u2029\x85\x0b\x0c\x1c",
    ],
)
def test_hostile_text_is_taken_or_refused_at_every_kind_of_question(lasting: Jsonl, text: str):
    """
    Where figures, a text, a reason, a title or nothing is asked; the chat goes on.
    """
    assert is_a_turn(lasting.text(text))
    for button in ("zt:2", "o:24", "s:1", "o:11", "rev", "pick:3"):
        lasting.send(tap=button)
        assert is_a_turn(lasting.text(text))
        assert "error" not in lasting.said[-1]
    lasting.send(tap="o:23")
    lasting.text(str(next(FIGURES)))  # a draft of the same answers is not made twice
    assert is_a_turn(lasting.send(tap="dra"))
    draft = next(m for m in lasting.said if m.get("document"))
    assert zipfile.ZipFile(draft["document"]).testzip() is None


def test_an_organ_of_any_characters_is_refused_or_taken(tmp_path: Path):
    """
    What is no name is refused; the question stands.
    """
    with Jsonl(tmp_path / "var") as chat:
        for name in ("\ud800", "\x00", "😀😀", "局" * 5000, "../../etc", "</w:t>", "{{7*7}}"):
            assert is_a_turn(chat.text(name))
            assert ["organ"] == chat.asks
        chat.text("A&B <甲>县局")
        assert ["organ"] == chat.asks
        chat.text("对")
        chat.text("2025")
        chat.send(tap="dra")
        draft = next(m for m in chat.said if m["document"])
        assert Path(draft["document"]).parent == tmp_path / "var"
        assert UNFINISHED == chat.close()


def test_a_narrative_is_the_whole_text_of_one_line(chat: Jsonl):
    """
    New lines and all; then the first button is the way on.
    """
    chat.tap("一、总体情况")
    assert ["overview"] == chat.asks
    chat.text(TEXTS["overview"])
    assert [] == chat.asks
    assert say.DONE_TEXT == chat.said[-1]["buttons"][0][0]["label"]


def test_a_file_is_a_text(chat: Jsonl, tmp_path: Path):
    """
    .txt in UTF-8 or GBK, .docx; anything else is told as an error.
    """
    (tmp_path / "a.txt").write_bytes("正文甲。".encode("gbk"))
    (tmp_path / "b.docx").write_bytes(word("正文乙。"))
    (tmp_path / "c.bin").write_bytes(bytes(range(256)) * 100)
    (tmp_path / "d.docx").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "e.docx").write_bytes(bomb())
    chat.tap("一、总体情况")
    chat.send(file=str(tmp_path / "a.txt"))
    assert "3 字" in chat.whole or "4 字" in chat.whole
    chat.send(file=str(tmp_path / "b.docx"))
    assert "8 字" in chat.whole
    for name in ("c.bin", "d.docx", "e.docx", "missing.txt"):
        (said,) = chat.send(file=str(tmp_path / name))
        assert said["error"]


def word(text: str) -> bytes:
    """
    The smallest Word file with a text.
    """
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
        )
    return file.getvalue()


def bomb() -> bytes:
    """
    A Word file that unpacks to 200 MB.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 200_000_000)
    return file.getvalue()


def test_end_of_input_in_the_middle_of_a_line_is_an_end(chat: Jsonl):
    """
    Half a line is an error, and then the report is unfinished.
    """
    out, error = chat.process.communicate(b'{"text": "0 0')

    assert b"" == error
    assert UNFINISHED == chat.process.returncode
    assert "error" in json.loads(out.splitlines()[-1])


def test_a_program_that_goes_away_is_no_crash(chat: Jsonl):
    """
    Its end of the pipe is closed while it still sends.
    """
    chat.process.stdout.close()
    chat.process.stdin.write(b'{"tap": "menu"}\n' * 50)
    chat.process.stdin.close()

    assert UNFINISHED == chat.process.wait(60)
    assert b"" == chat.process.stderr.read()


def test_a_surrogate_never_breaks_a_line_of_the_answer(chat: Jsonl):
    """
    What is quoted back is still one line of UTF-8.
    """
    chat.tap(say.FIGURES_FIRST)
    said = chat.raw('{"text": "3\\ud800"}')

    assert is_a_turn(said)


def test_a_file_without_an_end_is_refused(chat: Jsonl):
    """
    Not more is read than may be sent.
    """
    said = chat.send(file="/dev/zero")

    assert is_a_turn(said)
    assert "error" in said[-1]
