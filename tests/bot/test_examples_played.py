"""
The three published reports, filled in from the first question to the final document.

Twice each: as a program does it, answering every `asks`; and as a hurried clerk does it,
zero first. The figures are facts; the narratives of two of them are read where they lie.
"""

import contextlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.wording import talk as say
from tests.bot.doors import FINISHED, Jsonl, Message, nianbao, play, values_of, where
from tests.conftest import ROOT
from tests.docx_structure import document_text, grids, structure_faults
from tests.storage.servers import postgres_made

pytestmark = pytest.mark.usefixtures("out_of_season")

HONGZE, SHUYANG, LEIMING = "hongze-2023", "shuyang-development-2023", "leimingzhen-2023"
NAMES = (LEIMING, HONGZE, SHUYANG)
SCRIPT = ROOT / "bot" / "examples" / "leimingzhen-2023.chat.txt"
PUBLISHED = ROOT / "bot" / "examples" / "leimingzhen-2023.txt"

# What a hurried bureau may need, a narrative counting as one.
MOST_MESSAGES = 40

# The hints that remain. Whatever else appears here is a false alarm.
HINTS = {
    LEIMING: [("N3", "overview"), ("N3", "other_matters")],
    HONGZE: [("N3", "overview"), ("N6", "overview")],
    SHUYANG: [("N6", "overview")],
}

# Printed totals that are not the sum: the conversation computes them.
WRONG_TOTALS = {
    "review.reconsideration.total": 11,
    "review.litigation.after_reconsideration.total": 5,
}


@dataclass(frozen=True)
class Tap:
    """
    A button, by the beginning of its label.
    """

    label: str


Step = Tap | str


def example(examples: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((examples / f"{name}.json").read_text("utf-8"))
    return loaded


def row(cells: dict[str, Any], line: str) -> str:
    """
    The figures of a line as a clerk types them.
    """
    return " ".join(str(cells[cell.id]) for cell in FORM.lines[line].cells)


def texts(report: dict[str, Any]) -> Iterator[Step]:
    """
    The three narratives, then title, introduction and signature.
    """
    for section in ("overview", "problems_and_improvements", "other_matters"):
        yield report["narratives"][section]
        yield Tap(say.DONE_TEXT)
    yield "\n".join(report["title"])
    yield report["introduction"] or Tap(say.NO_INTRODUCTION)
    if report["signature"]:
        yield from report["signature"]
    else:
        yield Tap(say.NO_SIGNATURE)
    yield Tap(say.MAKE_FINAL)


def chosen(report: dict[str, Any], lines: Sequence[str]) -> Iterator[Step]:
    """
    In one table: only the rows that have something, chosen from the list, then zeros.
    """
    yield Tap(say.CHOOSE_ROWS)
    for line in lines:
        yield Tap(FORM.lines[line].short)
        yield row(report["cells"], line)
    yield Tap(say.ZERO_REST)


def bureau(report: dict[str, Any]) -> Iterator[Step]:
    """
    The bureau: one row in table two, two in table three, one block in table four.
    """
    yield Tap(say.FIGURES_FIRST)
    yield from chosen(report, ["proactive_disclosure.normative_documents"])
    yield Tap(say.NEXT)
    yield from chosen(report, ["requests.received", "requests.outcome.disclosed"])
    yield Tap(say.NEXT)
    yield "\t".join(
        str(report["cells"][cell.id]) for one in FORM.tables[2].lines for cell in one.printed
    )
    yield Tap(say.NEXT)
    yield from texts(report)


def county(report: dict[str, Any]) -> Iterator[Step]:
    """
    The county: eight rows of table three, table four pasted with its printed totals.
    """
    cells = report["cells"]
    yield Tap(say.FIGURES_FIRST)
    for line in FORM.tables[0].lines:
        yield row(cells, line.id)
    yield Tap(say.NEXT)
    yield from chosen(
        report,
        [
            line.id
            for line in FORM.tables[1].lines
            if line.id in ("requests.received", "requests.carried_over")
            or (line.id.startswith("requests.outcome.") and line.id != "requests.outcome.total")
            if any(cells.get(cell.id) for cell in line.cells)
        ],
    )
    yield Tap(say.NEXT)
    yield "\t".join(str(cells[cell.id]) for one in FORM.tables[2].lines for cell in one.printed)
    yield Tap(say.take("11"))
    yield Tap(say.take("5"))
    yield Tap(say.NEXT)
    yield from texts(report)


SCRIPTS = {HONGZE: county, SHUYANG: bureau}


def perform(chat: Jsonl, steps: Iterator[Step]) -> list[Message]:
    """
    Do it; every message of the bot.
    """
    said = list(chat.said)
    for step in steps:
        said += chat.tap(step.label) if isinstance(step, Tap) else chat.text(step)
    return said


def shown(data: Path, *options: str, **settings: str) -> dict[str, Any]:
    """
    What `nianbao show --json` prints.
    """
    place, settings = where(data, settings)
    done = nianbao("show", "--json", *place, *options, settings=settings)
    assert FINISHED == done.returncode
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


def check_document(path: Path, report: dict[str, Any]) -> None:
    """
    200 figures in tables of the printed shape, the texts as published.
    """
    content = path.read_bytes()
    assert [] == structure_faults(content)
    figures = 0
    for table, found in zip(FORM.tables, grids(content), strict=True):
        for boxes, cells in zip(table.grid, found, strict=True):
            assert [(b.columns, b.rows) for b in boxes] == [(w, h) for _, w, h in cells]
            for box, (text, _, _) in zip(boxes, cells, strict=True):
                if box.cell:
                    expected = WRONG_TOTALS.get(box.cell, report["cells"].get(box.cell))
                    if report["organ"] != "洪泽区人民政府":
                        expected = report["cells"][box.cell]
                    assert Decimal(str(expected or 0)) == Decimal(text), box.cell
                    figures += 1
    assert 200 == figures
    text = squeezed(document_text(content))
    for paragraph in [*report["title"], *report["narratives"].values()]:
        assert squeezed(paragraph) in text


def squeezed(text: str) -> str:
    """
    Without white space.
    """
    return re.sub(r"\s", "", text)


def check_values(data: Path, report: dict[str, Any], name: str, **settings: str) -> None:
    """
    Every figure as published, totals computed; the hints that remain are the known ones.
    """
    which = ("--organ", report["organ"], "--year", str(report["year"]))
    values = shown(data, *which, **settings)
    expected = {
        cell: value
        for cell, value in report["cells"].items()
        if ".otherwise_handled.all." not in cell
    }
    if name == HONGZE:
        # The single row 其他处理 of the older form is 0, and so are the three that replace it.
        assert {0} == {v for c, v in report["cells"].items() if ".otherwise_handled.all." in c}
        expected |= (
            dict.fromkeys((c for c in FORM.cells if ".otherwise_handled." in c), 0) | WRONG_TOTALS
        )
    assert {c: str(v) for c, v in expected.items()} == {
        c: str(v) for c, v in values["cells"].items()
    }
    assert 200 == len(values["cells"])
    assert "final" == values["status"]
    assert report["title"] == values["title"]
    assert report["signature"] == values["signature"]
    found = [(one["id"], one["narrative"]) for one in values["findings"]]
    assert HINTS[name] == found
    assert {"H"} == {one["grade"] for one in values["findings"]}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("name", NAMES)
def test_a_program_plays_an_example_to_its_end(
    name: str, database: str, examples: Path, tmp_path: Path
):
    """
    It answers every `asks` and taps the first button where nothing is asked; it knows no more.
    """
    report = example(examples, name)
    with contextlib.ExitStack() as stack:
        settings = {}
        if database == "postgresql":
            settings["NIANBAO_DATABASE_URL"] = stack.enter_context(postgres_made())
        with Jsonl(tmp_path / "var", **settings) as chat:
            document = play(chat, values_of(report))

            assert FINISHED == chat.close()
        check_document(document, report)
        check_values(tmp_path / "var", report, name, **settings)


@pytest.mark.parametrize("name", [HONGZE, SHUYANG])
def test_a_hurried_clerk_plays_an_example_to_its_end(name: str, examples: Path, tmp_path: Path):
    """
    Zero first, then only what has something; no slip on the way.
    """
    report = example(examples, name)
    options = ("--organ", report["organ"], "--year", str(report["year"]))
    with Jsonl(tmp_path / "var", *options) as chat:
        perform(chat, SCRIPTS[name](report))
        document = chat.document

        assert document is not None
        assert FINISHED == chat.close()
    check_document(document, report)
    check_values(tmp_path / "var", report, name)
    if name == SHUYANG:
        assert chat.sent <= MOST_MESSAGES


def test_the_wrong_totals_of_the_county_are_said_with_their_numbers(examples: Path, tmp_path: Path):
    """
    10 + 1 + 0 + 0 = 11 against 0, and 5 against 0; both are A4 until the sums are taken.
    """
    report = example(examples, HONGZE)
    steps = list(county(report))
    pasted = next(i for i, step in enumerate(steps) if isinstance(step, str) and "\t" in step)
    options = ("--organ", report["organ"], "--year", str(report["year"]))
    with Jsonl(tmp_path / "var", *options) as chat:
        perform(chat, iter(steps[: pasted + 1]))
        first = chat.whole
        claimed = shown(tmp_path / "var")
        chat.tap(say.take("11"))
        second = chat.whole

    assert "10 + 1 + 0 + 0 = 11" in first
    assert "5 + 0 + 0 + 0 = 5" in second
    errors = [one for one in claimed["findings"] if one["grade"] == "E"]
    assert ["A4", "A4"] == [one["id"] for one in errors]
    assert ["11", "5"] == [re.findall(r"= (\d+)", one["message"])[0] for one in errors]
    assert list(WRONG_TOTALS) == [one["cells"][-1] for one in errors]


@pytest.mark.parametrize("name", NAMES)
def test_a_clerks_script_plays_an_example_in_the_terminal(
    name: str, examples: Path, tmp_path: Path
):
    """
    Each line is one message, a button's label taps it, 「完成」 ends a text.
    """
    report = example(examples, name)
    if name == LEIMING:
        lines = [line for line in SCRIPT.read_text("utf-8").split("\n") if line[:2] != "//"]
    else:
        lines = list(as_lines(SCRIPTS[name](report), report))
    options = ("--organ", report["organ"], "--year", str(report["year"]))
    out = tmp_path / "out"

    done = nianbao(
        "chat", *options, "--data", tmp_path / "var", "--out", out, typed="\n".join(lines)
    )

    assert (FINISHED, b"") == (done.returncode, done.stderr)
    (document,) = out.iterdir()
    check_document(document, report)
    check_values(tmp_path / "var", report, name)


def as_lines(steps: Iterator[Step], report: dict[str, Any]) -> Iterator[str]:
    """
    The steps as lines; a label is typed in full as the terminal shows it.
    """
    for step in steps:
        if isinstance(step, Tap):
            yield step.label
        elif step == "\n".join(report["title"]):
            yield " / ".join(report["title"])
        else:
            yield step


def test_the_example_yields_the_published_text_character_by_character(tmp_path: Path):
    """
    Apart from white space and the stray bookmark mark of the published file.
    """
    done = nianbao("demo", "--quiet", "--out", tmp_path)
    (document,) = tmp_path.glob("*.docx")
    published = PUBLISHED.read_text("utf-8").replace("[bookmark: _GoBack]", "")

    assert FINISHED == done.returncode
    assert squeezed(published) == squeezed(document_text(document.read_bytes()))


def test_every_door_makes_the_same_bytes(examples: Path, tmp_path: Path):
    """
    The same answers, the same file, whoever typed them in whatever order.
    """
    report = example(examples, LEIMING)
    with Jsonl(tmp_path / "var") as chat:
        by_program = play(chat, values_of(report)).read_bytes()
    nianbao("demo", "--quiet", "--out", tmp_path / "demo")
    (by_script,) = (tmp_path / "demo").glob("*.docx")

    assert by_script.read_bytes() == by_program


def test_the_published_example_in_the_project_is_the_real_one(examples: Path):
    """
    A copy that may not drift.
    """
    assert (examples / PUBLISHED.name).read_bytes() == PUBLISHED.read_bytes()
