"""
A report as JSON: of one published form, read back exactly, and nothing else is taken for one.
"""

import importlib.util
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sqlalchemy import insert

from bot.__main__ import main
from bot.cli import frame
from bot.cli.show import find, report_as_json
from bot.files.read import report_in
from bot.files.received import event_of
from bot.files.unreadable import UnreadableFile
from conversations.document.read.own_json import FORMAT, MOST_BYTES
from conversations.document.read.report import ReadReport
from conversations.document.write.content import WHOLE, DocumentInput
from conversations.form.answers import Figures, Value
from conversations.form.local_notice import NOTHING, LocalNotice
from conversations.form.model import ItemId
from conversations.form.organ import Level
from conversations.talk.effects import Save
from conversations.talk.events import ReportRead
from conversations.wording import importing as wording
from conversations.wording import own_json
from storage.store import Store
from storage.tables import TASK
from tests import handed_out
from tests.bot.test_importing import CLOCK, imported, wishes
from tests.conftest import ROOT
from tests.conversations.test_round_trip import Drawn, reports
from tests.written import FORM, leiming, with_answers

FEES = "proactive_disclosure.administrative_fees.amount"
LICENSING = "proactive_disclosure.licensing.decisions"
RECEIVED = "requests.received.total"
FORWARD = "requests.carried_forward.natural_person"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """
    One for all, in which each report is another organ's: a new store takes its time.
    """
    with Store.open(":memory:") as opened:
        yield opened


@pytest.fixture(scope="module")
def other() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        yield opened


number = itertools.count(1)


def of_another(report: DocumentInput) -> DocumentInput:
    return Drawn(report.form, f"第{next(number)}街道办事处", report.year, report.answers)


@cache
def schema() -> Draft202012Validator:
    file = ROOT / "docs" / "schema" / "nianbao-report-1.schema.json"
    return Draft202012Validator(json.loads(file.read_text(encoding="utf-8")))


def kept(
    store: Store, report: DocumentInput, answers: Mapping[ItemId, Value], *, final: bool = False
) -> None:
    with store.begin() as unit:
        report_id = unit.open_report(report.organ, report.year, now=CLOCK.now, edition="2021")
        saves = [Save(item, None, value) for item, value in answers.items()]
        unit.save(report_id, saves, by="1", at=CLOCK.now, door="telegram")
        if final:
            unit.finish(report_id, CLOCK.now)


def exported(store: Store, report: DocumentInput) -> bytes:
    view = find(store, report.organ, report.year)
    assert view is not None
    return frame.as_json(report_as_json(view)).encode()


@cache
def example() -> bytes:
    with Store.open(":memory:") as store:
        kept(store, leiming(), leiming().answers, final=True)
        return exported(store, leiming())


def from_bytes(data: bytes) -> Callable[[str, int], ReadReport]:
    return lambda source, _: report_in(data, source)


def changed(*path: str | int, to: object) -> bytes:
    """
    The example with another value in a place.
    """
    said: Any = json.loads(example())
    place = said
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return json.dumps(said).encode()


@st.composite
def stored_reports(draw: st.DrawFn) -> DocumentInput:
    """
    What can stand in the store: gaps, totals that were typed otherwise, remarks, a level.
    """
    report = draw(reports())
    answers: dict[ItemId, Value | None] = dict.fromkeys(
        draw(st.lists(st.sampled_from([*FORM.asked, "introduction", "overview"]), max_size=3))
    )
    for cell in draw(st.lists(st.sampled_from(sorted(FORM.sums)), max_size=2, unique=True)):
        answers[cell] = draw(st.integers(0, 10**10))
    for remark in draw(st.lists(st.sampled_from(sorted(FORM.remark)), max_size=3, unique=True)):
        answers[remark] = draw(st.sampled_from(("注：含移送件。", "=1+1\n（下同）")))
    if draw(st.booleans()):
        answers["level"] = draw(st.sampled_from(list(Level))).value
        answers["table_breaks"] = WHOLE
    return Drawn(FORM, report.organ, report.year, report.answers.changed(answers))


def test_the_schema_is_that_of_the_forms():
    """
    After a change of a form or of the JSON: `python docs/make_schema.py`.
    """
    file = ROOT / "docs" / "make_schema.py"
    spec = importlib.util.spec_from_file_location("make_schema", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert module.text() == module.TARGET.read_text(encoding="utf-8")
    Draft202012Validator.check_schema(module.schema())


@given(report=stored_reports())
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
def test_what_is_exported_is_imported_exactly(store, other, report):
    """
    Any report out of one store into an empty one: the same answers and the same mark, and the
    JSON between them is of the published form.
    """
    report = of_another(report)
    kept(store, report, report.answers)
    data = exported(store, report)
    code, _, error = imported(other, "x.json", wishes(yes=True), None, from_bytes(data))
    there, here = (find(each, report.organ, report.year) for each in (store, other))

    assert (0, "") == (code, error)
    assert there is not None
    assert here is not None
    assert there.stored.answers == here.stored.answers
    assert there.stored.fingerprint == here.stored.fingerprint
    assert [] == [error.message for error in schema().iter_errors(json.loads(data))]


def test_everything_that_can_stand_in_a_report_is_of_the_published_form():
    """
    A county with a report in every state, one of them out of a file and one of the old form; what
    the checks say and why it is so.
    """
    with Store.open(":memory:") as store:
        handed_out.county(store)
        names = [*handed_out.IN, *handed_out.MISSING[:2], handed_out.EXCUSED]
        views = [find(store, organ, handed_out.YEAR) for organ in names]

    said = [json.loads(frame.as_json(report_as_json(view))) for view in views if view is not None]
    errors = [error.message for each in said for error in schema().iter_errors(each)]
    assert [] == errors
    assert len(names) == len(said)
    assert any(each["findings"] for each in said)
    assert {"2019", "2021"} == {each["edition"] for each in said}
    assert FORMAT == next(iter(said[0].values()))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "nianbao-report/2"),
        (("edition",), "2030"),
        (("cells", LICENSING), -1),
        (("cells", LICENSING), "295"),
        (("cells", FEES), 7.5),
        (("cells", FEES), "7.50万元"),
        (("cells", "proactive_disclosure.unknown"), 0),
        (("claims", LICENSING), 1),
        (("wording", "motto"), "为人民服务"),
        (("narratives", "requests"), ""),
        (("signature",), ["雷鸣镇人民政府"]),
        (("secret",), 1),
    ],
)
def test_the_schema_says_what_a_report_is_not(path, value):
    """
    Other types, unknown names and figures that cannot be are not of the published form.
    """
    assert list(schema().iter_errors(json.loads(changed(*path, to=value))))


def deep(opening: str, closing: str, times: int = 100_000) -> bytes:
    return f'{{"format":"{FORMAT}","x":{opening * times}{closing * times}}}'.encode()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "no format": lambda: b'{"cells": {}}',
    "a list": lambda: b"[1, 2]",
    "empty": lambda: b"{}",
    "cut off": lambda: example()[: len(example()) // 2],
    "not JSON at all": lambda: b"%PDF-1.7",
    "other encoding": lambda: example().decode().encode("utf-16"),
    "deep lists": lambda: deep("[", "]"),
    "deep objects": lambda: deep('{"a":', "}").replace(b":}", b":1}"),
    "a huge number": lambda: example().replace(b": 295", b": " + b"9" * 100_000),
    "a large number": lambda: changed("cells", LICENSING, to=10**12),
    "NaN": lambda: changed("cells", LICENSING, to=float("nan")),
    "infinite": lambda: changed("cells", LICENSING, to=float("inf")),
    "an exponent": lambda: example().replace(b": 295", b": 1e999"),
    "a name of very many twice": lambda: (
        b'{%s"7":0}' % b"".join(b'"%d":0,' % n for n in range(50_000))
    ),
    "twice": lambda: example().replace(b'"year": 2023', b'"year": 2023, "year": 2022'),
    "another format": lambda: changed("format", to="nianbao-report/2"),
    "another edition": lambda: changed("edition", to="2019"),
    "an unknown figure": lambda: changed("cells", "requests.received.martians", to=1),
    "an unknown claim": lambda: changed("claims", LICENSING, to=1),
    "an unknown text": lambda: changed("narratives", "requests", to="无"),
    "unknown wording": lambda: changed("wording", "motto", to="无"),
    "an unknown place": lambda: changed("remark_places", to={"requests": {"beside": "无"}}),
    "a level": lambda: changed("wording", "level", to="皇家"),
    "a setting": lambda: changed("wording", "table_breaks", to="never"),
    "a negative figure": lambda: changed("cells", LICENSING, to=-1),
    "a decimal count": lambda: changed("cells", LICENSING, to=1.5),
    "yes": lambda: changed("cells", LICENSING, to=True),
    "a count as text": lambda: changed("cells", LICENSING, to="295"),
    "a fee as a number": lambda: changed("cells", FEES, to=7.5),
    "a fee with an exponent": lambda: changed("cells", FEES, to="1e3"),
    "an endless fee": lambda: changed("cells", FEES, to="0." + "1" * 50_000),
    "figures in a list": lambda: changed("cells", to=[1, 2]),
    "no figures": lambda: changed("cells", to=None),
    "text as a number": lambda: changed("narratives", "overview", to=7),
    "a year as text": lambda: changed("year", to="2023"),
    "no year": lambda: changed("year", to=True),
    "no organ": lambda: changed("organ", to=None),
    "another title": lambda: changed("title", to=["别的标题"]),
    "another signature": lambda: changed("signature", to=["别的机关", "2024年1月1日"]),
    "questions": lambda: changed("notice", "questions", to=[7]),
    "many megabytes": lambda: (
        b'{"format": "%s", "x": "' % FORMAT.encode() + b"x" * MOST_BYTES + b'"}'
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_report_is_refused_in_a_sentence(store, what):
    """
    Code 2, one line, nothing stored.
    """
    before = organs(store)
    read = from_bytes(HOSTILE[what]())
    code, out, error = imported(store, "x.json", wishes(yes=True), None, read)

    assert before == organs(store)
    assert (2, "", 1) == (code, out, error.count("\n"))
    assert len(error) < 300
    assert own_json.wrong("") not in error


def organs(store: Store) -> list[str]:
    with store.read() as reader:
        return list(reader.organs())


def test_a_file_is_read_by_a_child_and_refused_there(tmp_path, capsys):
    """
    The command itself: a good file goes in, fifty megabytes and a deep one do not.
    """
    good, deep_one, large = (tmp_path / name for name in ("a.json", "b.JSON", "c.json"))
    good.write_bytes(example())
    deep_one.write_bytes(HOSTILE["deep lists"]())
    large.write_bytes(b'{"a":"' + b"x" * 50_000_000 + b'"}')

    def run(file: Path) -> int:
        return main(["import", str(file), "--yes", "--data", str(tmp_path / "data")])

    assert [2, 2, 0] == [run(file) for file in (deep_one, large, good)]
    assert 2 == capsys.readouterr().err.count("\n")


def test_a_json_in_the_chat_is_a_report_like_any_other():
    """
    Of our own, whatever it is called; one that is none is not a text of the report.
    """
    found = event_of(example(), "去年.txt")
    assert isinstance(found, ReportRead)
    assert leiming().figures.all() == dict(found.report.values)
    assert leiming().answers["overview"] == found.report.narratives["overview"]
    with pytest.raises(UnreadableFile, match=own_json.HEAD):
        event_of(HOSTILE["twice"](), "去年.json")


def test_a_dry_run_stores_nothing_and_what_stands_is_kept_unless_replaced(store):
    """
    As with any other file.
    """
    report, read = of_another(leiming()), from_bytes(example())

    def licensing(**said: bool) -> tuple[int, object]:
        code, _, _ = imported(store, "x.json", wishes(report.organ, 2023, **said), None, read)
        view = find(store, report.organ, 2023)
        return code, view and view.stored.answers[LICENSING]

    assert (3, None) == licensing()
    kept(store, report, {LICENSING: 296})
    assert (0, 296) == licensing(yes=True)
    assert (0, 295) == licensing(yes=True, replace=True)


def test_totals_that_are_no_sums_stay_claims(store):
    """
    One told as a claim, one printed otherwise than it adds up, one of which a part is open.
    """
    said: Any = json.loads(example())
    said["organ"] = of_another(leiming()).organ
    said["claims"] = {RECEIVED: 7}
    said["cells"]["requests.carried_over.total"] = 9
    del said["cells"][FORWARD], said["cells"]["requests.carried_forward.total"]
    said["claims"]["requests.carried_forward.total"] = 3
    read = from_bytes(json.dumps(said).encode())
    _, out, _ = imported(store, "x.json", wishes(yes=True), None, read)
    view = find(store, said["organ"], 2023)

    assert view is not None
    figures = Figures(FORM, view.stored.answers)
    totals = (RECEIVED, "requests.carried_over.total", "requests.carried_forward.total")
    assert [7, 9, 3] == [figures.claimed(total) for total in totals]
    assert FORWARD not in view.stored.answers
    assert wording.ALTERED in out


def test_figures_asked_for_beyond_the_form_go_where_they_are_asked_for(store, other):
    """
    By name and unit, whatever their place; what nobody asks for here is said to be left out.
    """
    theirs = NOTHING.asking("政务微信发布信息", "条").asking("公报", "期").asking("热线", "次")
    ours = NOTHING.asking("公报", "期").asking("热线", "件")
    weixin, bulletin, calls = (question.cell for question in theirs.questions)
    report = of_another(leiming())

    def asking(store: Store, notice: LocalNotice, answers: Mapping[ItemId, Value]) -> None:
        kept(store, report, answers)
        with store.begin() as unit:
            report_id = unit.find_report(report.organ, report.year)
            row = {"report_id": report_id, "deadline": CLOCK.now.date(), "withdrawn": False}
            unit.connection.execute(insert(TASK).values(**row, notice=notice.dumps()))

    asking(store, theirs, {weixin: 12, bulletin: 4, calls: 0})
    asking(other, ours, {LICENSING: 295})
    data = exported(store, report)
    _, out, _ = imported(other, "x.json", wishes(yes=True), None, from_bytes(data))
    view = find(other, report.organ, report.year)

    assert view is not None
    assert 4 == view.stored.answers[ours.questions[0].cell]
    assert ours.questions[1].cell not in view.stored.answers
    assert wording.NOT_ASKED.format(count=2) in out
    assert [] == list(schema().iter_errors(json.loads(data)))


def test_a_draft_says_that_it_is_one(store):
    """
    By its status; compared with what was approved, by its title, which is the official one where
    none was given.
    """
    report = with_answers(of_another(leiming()), {"title": None})
    kept(store, report, report.answers)
    data = exported(store, report)
    draft, final = (report_in(each, "x.json") for each in (data, example()))

    assert "open" == json.loads(data)["status"]
    assert draft.marked_title[0] not in draft.title
    assert report.title == draft.title
    assert final.title == final.marked_title


def test_another_program_need_not_write_more_than_the_schema_says_it_must():
    """
    Five names are enough for a report without texts; that there is no mark is no alteration.
    """
    needed = ("format", "edition", "organ", "year", "cells")
    said: Any = json.loads(example())
    read = report_in(json.dumps({name: said[name] for name in needed}).encode(), "x.json")

    assert all(name in schema().schema["description"] for name in needed)
    assert leiming().figures.all() == dict(read.values)
    assert not read.altered


def test_a_fee_keeps_its_digits(store):
    """
    It is a text in JSON, where a number is a float to most readers.
    """
    report, fee = of_another(leiming()), Decimal("99999998.000001")
    kept(store, report, {FEES: fee})
    data = exported(store, report)

    assert str(fee) == json.loads(data)["cells"][FEES]
    assert fee == report_in(data, "x.json").values[FEES]
