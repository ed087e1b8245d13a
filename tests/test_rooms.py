"""
The rooms of the house: who may import whom, and what stays outside.

Imports point one way, `bot → storage → conversations`. Each room has a short list of
packages from outside, and the conversation itself has no clock, no disk and no network.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath

import pytest

from conversations.form import FORMS

ROOT = Path(__file__).resolve().parent.parent

SEES = {
    "conversations": {"conversations"},
    "storage": {"storage", "conversations"},
    "bot": {"bot", "storage", "conversations"},
}

OUTSIDE = {
    "conversations": {"jinja2", "markupsafe"},
    "storage": {"sqlmodel", "sqlalchemy", "alembic", "psycopg"},
}

DOCUMENT = PurePosixPath("conversations/document")

# These are slow to import and only documents need them: they are imported inside functions, in that
# one folder.
IN_DOCUMENTS = {"lxml", "pdfplumber", "docxtpl"}

# Modules that would bring the clock, the disk, the network or chance into the conversation.
IMPURE_MODULES = {
    "asyncio",
    "glob",
    "http",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib",
}
IMPURE_FUNCTIONS = {"open", "input", "__import__"}
IMPURE_METHODS = {"now", "utcnow", "today", "import_module"}


@cache
def declared_packages() -> set[str]:
    """
    The import names of the packages that the project requires, those of its extras included.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    requirements = project["dependencies"] + [
        requirement for name in extras if name != "dev" for requirement in extras[name]
    ]
    wanted = {distribution(requirement) for requirement in requirements}
    return {
        package
        for package, owners in packages_distributions().items()
        if wanted & {distribution(owner) for owner in owners}
    }


def distribution(requirement: str) -> str:
    """
    The plain name in a requirement: `psycopg[binary]>=3` is `psycopg`.
    """
    name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def imports(tree: ast.Module, file: PurePosixPath) -> Iterator[tuple[int, str, bool]]:
    """
    Every import as its line, the whole module name, and whether it is inside a function.
    """
    parents = file.parent.parts

    def walk(node: ast.AST, in_function: bool) -> Iterator[tuple[int, str, bool]]:
        match node:
            case ast.Import():
                for alias in node.names:
                    yield node.lineno, alias.name, in_function
            case ast.ImportFrom():
                above = parents[: len(parents) - node.level + 1] if node.level else ()
                base = ".".join((*above, *([node.module] if node.module else [])))
                # `from . import x`, `from .. import storage`: the names may be modules.
                names = [f"{base}.{alias.name}".strip(".") for alias in node.names]
                for name in names if node.level and not node.module else [base]:
                    yield node.lineno, name, in_function
        inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inside)

    yield from walk(tree, in_function=False)


def faults(source: str, file: PurePosixPath) -> list[str]:
    """
    What a source text at this path of the project does that its room forbids.
    """
    tree = ast.parse(source)
    room = file.parts[0]
    found = []
    for line, module, in_function in imports(tree, file):
        if reason := objection(room, file, module.split(".")[0], in_function):
            found.append(f"{file}:{line}: {module}: {reason}")
    if room == "conversations":
        found += [f"{file}:{line}: {call}" for line, call in impure_calls(tree)]
    return found


def objection(room: str, file: PurePosixPath, package: str, in_function: bool) -> str | None:
    if package in SEES:
        return None if package in SEES[room] else f"{room} does not know {package}"
    if package in sys.stdlib_module_names:
        impure = room == "conversations" and package in IMPURE_MODULES
        return "arrives as an argument, or belongs to the edge" if impure else None
    if room == "bot":
        return None if package in declared_packages() else "not among the project's requirements"
    if package in OUTSIDE[room]:
        return None
    if package in IN_DOCUMENTS and DOCUMENT in file.parents:
        return None if in_function else "import it in the function that needs it"
    return f"not a package of {room}"


def impure_calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in IMPURE_FUNCTIONS:
                yield node.lineno, f"{name}() reaches outside"
            case ast.Call(func=ast.Attribute(attr=name)) if name in IMPURE_METHODS:
                yield node.lineno, f".{name}() reaches outside"


@pytest.mark.parametrize("room", SEES)
def test_every_import_stays_in_its_room(room: str):
    """
    A figure can be asked, checked and printed without a database or Telegram in sight.
    """
    files = sorted((ROOT / room).rglob("*.py"))

    found = [
        fault
        for file in files
        for fault in faults(
            file.read_text(encoding="utf-8"), PurePosixPath(file.relative_to(ROOT).as_posix())
        )
    ]

    assert files
    assert [] == found


def test_the_packages_of_each_room_are_requirements_of_the_project():
    """
    Nothing is imported that is only there because some other package happens to need it.
    """
    wanted = set.union(IN_DOCUMENTS, *OUTSIDE.values())

    assert set() == wanted - declared_packages()


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("conversations/machine.py", "import storage.reports"),
        ("conversations/machine.py", "from bot import keyboards"),
        ("conversations/machine.py", "from ..storage import reports"),
        ("conversations/machine.py", "from .. import storage"),
        ("conversations/machine.py", "def f():\n    from storage.tables import Report"),
        ("conversations/machine.py", "import jinja2, telegram"),
        ("conversations/machine.py", "import os.path"),
        ("conversations/machine.py", "if True:\n    from time import monotonic"),
        ("conversations/reminders.py", "import datetime as d\nd.datetime.now(tz=None)"),
        ("conversations/reminders.py", "from datetime import date\nlast = date.today()"),
        ("conversations/wording.py", "text = open('wording.txt')"),
        ("conversations/wording.py", "import importlib\nimportlib.import_module('os')"),
        ("conversations/parsing.py", "def f():\n    import lxml.etree"),
        ("conversations/document/render.py", "import lxml.etree"),
        ("conversations/document/render.py", "class A:\n    import docxtpl"),
        ("storage/reports.py", "from bot.settings import Settings"),
        ("storage/reports.py", "import telegram"),
        ("bot/handlers.py", "import tests.conftest"),
        ("bot/handlers.py", "import pytest"),
    ],
)
def test_a_guest_from_the_wrong_room_is_seen(file: str, source: str):
    """
    The guard is worth something only if it can say no.
    """
    found = faults(source, PurePosixPath(file))

    assert 1 == len(found)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("conversations/machine.py", "from conversations.form import model"),
        ("conversations/machine.py", "from . import effects\nfrom .form.model import Form"),
        ("conversations/reminders.py", "from datetime import datetime\ndef due(now): return now"),
        ("conversations/document/render.py", "import jinja2\ndef f():\n    import lxml.etree"),
        ("conversations/document/read/pdf.py", "def f():\n    import pdfplumber"),
        ("storage/reports.py", "import os, sqlite3\nfrom sqlmodel import col"),
        ("storage/reports.py", "from conversations.form.answers import Answers"),
        (
            "bot/handlers.py",
            "import asyncio, telegram.ext, pydantic\nimport storage, conversations",
        ),
    ],
)
def test_a_guest_who_belongs_is_let_in(file: str, source: str):
    """
    A guard who stops everybody would soon be sent home.
    """
    found = faults(source, PurePosixPath(file))

    assert [] == found


# ------------------------------------------------------------------ how it is built

MOST_LINES = 600

# Data may be as long as what it lists. What belongs to one edition of the form stands only in data
# and in the checks of each edition.
DATA = ("/form/", "/wording/", "phrases", "vocabulary", "numbers", "/migrations/versions/")
OF_A_FORM = re.compile(rf"({'|'.join(FORMS)}) ?年版")
OF_AN_EDITION = ("/form/", "/editions/", "phrases", "vocabulary")


def modules() -> dict[str, Path]:
    """
    All modules of the product by their import names.
    """
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
        for room in SEES
        for file in sorted((ROOT / room).rglob("*.py"))
    }


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(name: str, file: Path, known: set[str]) -> set[str]:
    """
    The modules of the product that a module imports, also inside functions and for types only.
    """
    package = name.split(".")[: None if file.name == "__init__.py" else -1]
    taken: set[str] = set()
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Import):
            taken |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            names = {alias.name: f"{base}.{alias.name}" for alias in node.names}
            taken |= {whole if whole in known else base for whole in names.values()}
    return taken & known - {name}


def test_no_imports_go_in_a_circle():
    """
    Each module can be read after those it needs. A circle is a CycleError, which names it.
    """
    known = modules()

    order = TopologicalSorter(
        {name: imported(name, file, set(known)) for name, file in known.items()}
    ).static_order()

    assert set(known) == set(order)


def test_every_module_is_read_in_one_sitting():
    """
    One subject each.
    """
    lengths = {
        file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8").count("\n")
        for file in modules().values()
        if not any(part in file.as_posix() for part in DATA)
    }

    assert {} == {name: lines for name, lines in lengths.items() if lines > MOST_LINES}


def test_no_pattern_repeats_a_group_possessively():
    """
    Python before 3.11.5, that of Debian 12 too, matches `(?:ab|c)*+` wrongly: write
    `(?>(?:ab|c)*)`, which means the same.
    """
    possessive = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+")
    for name, file in modules().items():
        assert not possessive.search(file.read_text("utf-8")), name


def test_editions_and_their_ids_stand_in_the_form_alone():
    """
    The edition comes from the report: a new one is data beside the others.
    """
    found = [
        f"{file.relative_to(ROOT).as_posix()}:{node.lineno}: {node.value!r}"
        for file in modules().values()
        if not any(part in file.as_posix() for part in OF_AN_EDITION)
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Constant) and is_of_an_edition(node.value)
    ]

    assert [] == found


def is_of_an_edition(value: object) -> bool:
    sections = ("requests.", "review.", "proactive_disclosure.")
    if not isinstance(value, str):
        return False
    return value in FORMS or bool(OF_A_FORM.search(value)) or value.startswith(sections)
