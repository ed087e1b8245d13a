"""
What is installed: requirements with bounds, what only some need, and the wheel by itself.
"""

import io
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from unittest.mock import Mock

import pytest

from bot.files.charts import NoPicture, png
from bot.files.pictures import PictureError, drawn
from bot.files.read import understood
from bot.files.unreadable import UnreadableFile
from bot.settings import load_settings
from bot.telegram.receiving import Fatal
from bot.telegram.service import Service, make_bot
from conversations.document.write.docx import TemplateError, render, standard
from conversations.document.write.prepare import prepare
from conversations.drawing import Picture
from conversations.form import FORMS
from storage.errors import StoreError
from storage.store import Store
from tests.bot.doors import FINISHED, environment
from tests.conftest import ROOT
from tests.written import leiming

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]


def plain(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].replace("_", "-").lower()


def test_every_requirement_says_from_which_version():
    """
    An environment that is older than the tests have seen is refused by the installer.
    """
    every = [*PROJECT["dependencies"], *(one for wanted in EXTRAS.values() for one in wanted)]

    assert [] == [requirement for requirement in every if ">=" not in requirement]


def test_the_lock_has_every_extra_and_names_no_registry():
    """
    `make run` installs all of it, from wherever the machine is set to.
    """
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([\w.-]+)(?:\[\w+\])?==", lock, re.MULTILINE))
    wanted = {plain(one) for name in EXTRAS if name != "dev" for one in EXTRAS[name]}

    assert set() == wanted - locked
    assert "://" not in lock


# ------------------------------------------------------------------- what only some need


def without(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    """
    Make the packages look as if they were not installed.
    """
    for package in packages:
        monkeypatch.setitem(sys.modules, package, None)


def test_without_the_reader_of_pdf_its_sentence_names_the_extra(monkeypatch):
    """
    The person is told what to send instead, too.
    """
    without(monkeypatch, "pdfplumber")

    with pytest.raises(UnreadableFile, match=r"nianbao\[pdf\].*\.docx"):
        understood(b"%PDF-1.4 nothing", "a.pdf")


@pytest.mark.parametrize("package", ["pypdfium2", "PIL"])
def test_without_what_draws_there_are_no_page_pictures(monkeypatch, package):
    """
    The log of the bot says which extra it wants; the Word file is sent all the same.
    """
    without(monkeypatch, package)

    with pytest.raises(PictureError, match=r"nianbao\[pictures\]"):
        drawn(b"%PDF-1.4 nothing", 200, 1, b"", frozenset())


def test_without_what_draws_there_is_no_chart(monkeypatch):
    """
    And the sentence names what is missing.
    """
    without(monkeypatch, "PIL")

    with pytest.raises(NoPicture, match=r"nianbao\[pictures\]"):
        png(Picture(10, 10, (), "", ""))


def test_without_its_driver_postgresql_is_one_sentence(monkeypatch):
    """
    Before anything is connected.
    """
    without(monkeypatch, "psycopg")

    with pytest.raises(StoreError, match=r"nianbao\[postgresql\]"):
        Store.open("postgresql://nobody@127.0.0.1:1/none")


def test_without_what_mends_templates_an_offices_own_is_refused(monkeypatch):
    """
    The product's own needs none of it.
    """
    own = render(standard("2021"), leiming())
    without(monkeypatch, "docxtpl", "docx")

    assert own == render(standard("2021"), leiming())
    with pytest.raises(TemplateError, match=r"nianbao\[template\]"):
        prepare(with_a_tag(own), FORMS["2021"])


def with_a_tag(document: bytes) -> bytes:
    """
    A document with one tag of a template before its first text.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = re.sub(rb"(<w:t[^>]*>)", rb"\1{{ organ }}", data, count=1)
            new.writestr(name, data)
    return out.getvalue()


async def test_without_the_server_for_webhooks_polling_is_offered(monkeypatch, tmp_path):
    """
    The sentence is for the operator.
    """
    without(monkeypatch, "uvicorn")
    for module in ("bot.telegram.webhook", "bot.serving"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    settings = load_settings(
        TELEGRAM_BOT_TOKEN="123456:made-up", NIANBAO_WEBHOOK_URL="https://bot.example.gov.cn/t"
    )
    with Store.open(tmp_path) as store:
        service = Service(settings, store, make_bot(settings))

        with pytest.raises(Fatal, match=r"nianbao\[webhook\].*NIANBAO_WEBHOOK_URL"):
            await service._webhook(Mock())


# --------------------------------------------------------------------------- the wheel


def test_the_wheel_plays_its_example_by_itself(tmp_path: Path):
    """
    Unpacked in a folder of its own, started in an empty one: nothing of the source tree is
    needed, neither the example nor templates nor migrations.
    """
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    empty.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
        rooms = {name.partition("/")[0] for name in archive.namelist()}

    code = (
        "import sys, bot.__main__ as door; print(door.__file__); sys.stdout.flush();"
        "sys.exit(door.main(['run']))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=empty,
        env=environment(PYTHONPATH=str(installed)),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )

    assert (FINISHED, b"") == (done.returncode, done.stderr)
    assert done.stdout.decode().startswith(str(installed))
    assert 1 == len(list((empty / "var").glob("*.docx")))
    assert {"bot", "conversations", "storage"} == {
        room for room in rooms if not room.endswith(".dist-info")
    }
