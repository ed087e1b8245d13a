"""
Ten minutes of damage for each kind of file: as it is sent, read by a child, and taken.

What is found becomes a named case of its kind; the seed in the message makes it again.
"""

import io
import random
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from bot.files import child, pictures
from bot.files.received import event_of
from bot.files.unreadable import BrokenOff, UnreadableFile
from tests.bot.test_ledger import LABELLED, saved
from tests.conversations.test_reading_anything import mutated, source
from tests.dialogue import TEXTS, Clerk, id_of

MINUTES = 10
LONGEST_STEP = 1.0  # seconds of the processor for what is done with a file in a transaction


def workbook() -> bytes:
    """
    A table with a total, dates and something merged.
    """
    book = Workbook()
    sheet: Any = book.active
    for row in LABELLED:
        sheet.append(row)
    sheet["I1"], sheet["I2"] = "=SUM(B1:G1)", "2025-12-31"
    sheet.merge_cells("K1:L3")
    return saved(book)


KINDS: dict[str, tuple[Callable[[], bytes], ...]] = {
    "pdf": (lambda: source("pdf"), lambda: source("pdf, unpacked")),
    "html": (lambda: source("html"),),
    "docx": (lambda: source("docx"),),
    "xlsx": (workbook,),
    "csv": (
        lambda: "\n".join(",".join(map(str, row)) for row in LABELLED).encode("gb18030"),
        lambda: "\n".join("\t".join(map(str, row)) for row in LABELLED).encode("utf-16"),
    ),
    "txt": (
        lambda: source("txt"),
        lambda: "\n".join(f"一、{name}\n{text}" for name, text in TEXTS.items()).encode(),
    ),
    "doc": (lambda: pictures.convert(source("docx"), suffix=".docx", to="doc"),),
}


def damaged(whole: bytes, chance: random.Random) -> bytes:
    """
    The bytes of a file, or of one part of an archive: the archive hides its parts from them.
    """
    if not whole.startswith(b"PK") or chance.random() < 0.2:
        return mutated(whole, chance)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as parts, zipfile.ZipFile(out, "w") as made:
        names = parts.namelist()
        hurt = chance.choice(names + [name for name in names if "document" in name] * len(names))
        for name in names:
            part = parts.read(name)
            made.writestr(name, mutated(part, chance) if name == hurt else part)
    return out.getvalue()


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_ten_minutes_of_damage_find_no_fault_of_ours(
    kind: str, caplog: pytest.LogCaptureFixture, require_tool: Callable[[str], str]
):
    """
    A damaged file is used or refused with a sentence; no child dies of one, and what is
    found in it costs the conversation no more than a moment.
    """
    if kind == "doc":
        require_tool("soffice")
    wholes = [make() for make in KINDS[kind]]
    first = random.randrange(10**9)  # from the seed of the whole run
    found: list[str] = []
    count, longest = 0, 0.0
    end = time.monotonic() + MINUTES * 60
    while time.monotonic() < end and len(found) < 20:
        count += 1
        seed = f"{kind} {first + count}"
        chance = random.Random(seed)
        clerk = Clerk().opens()
        if chance.random() < 0.5:
            clerk.presses(id_of(clerk.form, "s", "requests"))
        caplog.clear()
        try:
            event = event_of(damaged(chance.choice(wholes), chance), f"a.{kind}")
            begun = time.process_time()
            clerk.does(event)
            longest = max(longest, time.process_time() - begun)
        except UnreadableFile as error:
            if isinstance(error, BrokenOff):
                found.append(f"{seed}: a child died")
        except Exception as error:  # noqa: BLE001  # the others are looked for as well
            found.append(f"{seed}: {type(error).__name__} {error}"[:300])
        if caplog.messages:
            found.append(f"{seed}: {caplog.messages}"[:2000])
    child.end()
    print(f"{kind}: {count} files, the longest step {longest:.2f} s")

    assert [] == found
    assert count > 0
    assert longest < LONGEST_STEP
