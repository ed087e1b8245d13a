"""
The doors of the chat as a person or a program uses them: real processes, real pipes.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.wording import talk as say
from tests.programs import Program

COMMAND = [sys.executable, "-m", "bot"]
FINISHED, UNFINISHED, BAD_USAGE = 0, 3, 2

Message = dict[str, Any]


def environment(**more: str) -> dict[str, str]:
    """
    The present environment without any setting of the product.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NIANBAO_", "TELEGRAM_"))
    }
    return kept | {"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"} | more


def nianbao(
    *arguments: str | Path,
    typed: str | bytes = "",
    cwd: Path | None = None,
    settings: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """
    Run one command to its end; `typed` is its whole standard input.
    """
    data = typed.encode("utf-8", "surrogatepass") if isinstance(typed, str) else typed
    program = Program("bot", *arguments, cwd=cwd, env=environment(**(settings or {})))
    out, error = program.communicate(data)
    return subprocess.CompletedProcess(["nianbao", *arguments], program.wait(), out, error)


def where(data: Path, settings: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """
    Options and settings that name the data: `--data` does not go with the address of a database.
    """
    if "NIANBAO_DATABASE_URL" in settings:
        return [], {"NIANBAO_DATA_DIR": str(data), **settings}
    return ["--data", str(data)], dict(settings)


class Jsonl:
    """
    A program at `nianbao chat --jsonl`.
    """

    def __init__(self, data: Path, *options: str | Path, **settings: str) -> None:
        """
        Start it and read the turn that it writes unasked.
        """
        self.data = data
        place, settings = where(data, settings)
        self.process = Program(
            "bot",
            *("chat", "--jsonl", *place, *options),
            env=environment(**settings),
            cwd=data.parent,
        )
        self.sent = 0
        self.said: list[Message] = self._turn()

    def __enter__(self) -> "Jsonl":
        """
        For a `with`.
        """
        return self

    def __exit__(self, *_: object) -> None:
        """
        Leave no process behind.
        """
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            with suppress(BrokenPipeError):
                pipe.close()
        self.process.wait()

    def _turn(self) -> list[Message]:
        messages: list[Message] = []
        for line in self.process.stdout:
            messages.append(json.loads(line))
            if messages[-1].get("done"):
                return messages
        raise AssertionError("the chat has ended:\n" + self.process.stderr.read().decode())

    def raw(self, line: str | bytes) -> list[Message]:
        """
        Send a line, read the turn.
        """
        data = line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line
        self.process.stdin.write(data + b"\n")
        self.process.stdin.flush()
        self.said = self._turn()
        return self.said

    def send(self, **what: str) -> list[Message]:
        """
        Send `text=…`, `tap=…` or `file=…`; it counts as one message of the clerk.
        """
        self.sent += 1
        return self.raw(json.dumps(what))

    def text(self, text: str) -> list[Message]:
        """
        Type.
        """
        return self.send(text=text)

    def tap(self, label: str) -> list[Message]:
        """
        Tap the first button of the turn whose label is this, or begins with it.
        """
        buttons = [b for one in reversed(self.said) for row in one["buttons"] for b in row]
        found = [b for b in buttons if b["label"] == label]
        found += [b for b in buttons if b["label"].startswith(label)]
        if not found and any(b["label"] == say.MORE for b in buttons):
            self.tap(say.MORE)
            return self.tap(label)
        assert found, f"no button {label} among {[b['label'] for b in buttons]}"
        return self.send(tap=found[0]["id"])

    @property
    def asks(self) -> list[str]:
        """
        What the last message asks.
        """
        return list(self.said[-1]["asks"])

    @property
    def whole(self) -> str:
        """
        Everything the last turn said.
        """
        return "\n".join(one["text"] for one in self.said)

    @property
    def document(self) -> Path | None:
        """
        The final document of the last turn.
        """
        for one in self.said:
            if one.get("document") and one["final"]:
                return Path(one["document"])
        return None

    def first(self) -> list[Message]:
        """
        Tap the first button of the last message: the way on.
        """
        return self.send(tap=self.said[-1]["buttons"][0][0]["id"])

    def close(self) -> int:
        """
        End of input; the exit code.
        """
        _, error = self.process.communicate(timeout=60)
        assert b"" == error
        return self.process.wait()


def play(chat: Jsonl, values: Mapping[str, str], most: int = 400) -> Path:
    """
    What any program does: answer every `asks` in order, else tap the first button.
    """
    for _ in range(most):
        if chat.document:
            return chat.document
        if chat.asks:
            chat.text(answer(chat.asks, values))
        else:
            chat.first()
    raise AssertionError(f"no end after {most} turns, at {chat.whole}")


def answer(asks: Sequence[str], values: Mapping[str, str]) -> str:
    """
    The values asked, in order, parted by blanks.
    """
    if asks[0] in FORM.cells:
        return " ".join(values.get(item, "0") for item in asks)
    return values[asks[0]]


def values_of(example: Mapping[str, Any]) -> dict[str, str]:
    """
    A published report as answers to everything that can be asked.
    """
    values = {item: str(value) for item, value in example["cells"].items()}
    values |= example["narratives"]
    values |= {
        "organ": example["organ"],
        "year": str(example["year"]),
        "title": "\n".join(example["title"]),
        "introduction": example["introduction"] or "无",
        "signature": "无",
    }
    if example["signature"]:
        values["signature"], values["signature_date"] = example["signature"]
    return values
