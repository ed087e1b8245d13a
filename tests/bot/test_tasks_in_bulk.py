"""
The dates of many organs' tasks, more time for one, and an organ that need not report this year.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.frame import FINE, REFUSED
from bot.county import door
from bot.reminding.asker import Asker, Reply
from bot.task_door import TaskDoor
from conversations.reminders.tasks import Task
from conversations.wording import county_dates as words
from conversations.wording import tasks as wording
from conversations.wording.county import NOT_YOURS
from conversations.wording.county_organs import IS_CLOSED
from storage import Store
from storage.messages import Messages
from storage.organ_changes import close
from storage.organs import place_below
from storage.tasks import TaskReader
from tests.county import AUTUMN, TOWN, WEEK_BEFORE, YEAR, office

WANG, HEAD, OTHER = 101, 900, 901
COUNTY, NEIGHBOUR = "雷州县人民政府", "龙州县人民政府"
FINANCE, SCHOOLS, FORESTS, TOWNSHIP = "财政局", "教育局", "林业局", "青松乡人民政府"
BELOW = (TOWN, FINANCE, SCHOOLS, FORESTS, TOWNSHIP)
JANUARY, TENTH = date(2026, 1, 31), date(2026, 1, 10)
LEFT_ALONE = {FINANCE: (date(2026, 2, 10), None), SCHOOLS: (JANUARY, None)}
UNTOUCHED = LEFT_ALONE | {
    TOWN: (date(2026, 3, 31), None),
    FORESTS: None,
    TOWNSHIP: None,
    NEIGHBOUR: (JANUARY, None),
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with Store.open(data) as opened:
        yield opened


@pytest.fixture
def report(store: Store) -> int:
    """
    The town's, with a clerk and its administrator; due on 31 January, collected on the 20th.
    """
    return office(
        store,
        clerks={WANG: "王芳"},
        administrators={HEAD: "县办"},
        internal=date(2026, 1, 20),
    )


def types(store: Store, text: str, report: int | None) -> Reply:
    with store.begin() as unit:
        reply = TaskDoor(unit, HEAD, WEEK_BEFORE).command("task", text, report)
    assert reply is not None
    return reply


def taps(store: Store, data: str) -> Reply:
    with store.begin() as unit:
        reply = TaskDoor(unit, HEAD, WEEK_BEFORE).tapped(data)
    assert reply is not None
    return reply


def task(store: Store, report: int) -> Task:
    with store.read() as reader:
        found = TaskReader(reader).task(report)
    assert found is not None
    return found


def county(store: Store) -> None:
    """
    Below the county: a town whose task is due in March, a bureau with more time, one that need not
    report, and two organs without a task; all of them next to a neighbour's.
    """
    office(store, COUNTY, administrators={HEAD: "县办"})
    office(store, TOWN, {WANG: "王芳"}, deadline=date(2026, 3, 31))
    for organ in (FINANCE, SCHOOLS, NEIGHBOUR):
        office(store, organ)
    with store.begin() as unit:
        over = unit.organ(COUNTY, AUTUMN)
        for organ in BELOW:
            place_below(unit, unit.organ(organ, AUTUMN), over)
        for organ, text in ((FINANCE, "延期 2月10日 换了填报人"), (SCHOOLS, "不用报 年底才挂牌")):
            report = unit.find_report(organ, YEAR)
            TaskDoor(unit, HEAD, WEEK_BEFORE).command("task", text, report)


def dates(store: Store) -> dict[str, tuple[date, date | None] | None]:
    """
    Deadline and internal date of each organ.
    """
    with store.read() as reader:
        found = {}
        for organ in (*BELOW, NEIGHBOUR):
            report = reader.find_report(organ, YEAR)
            task = report and TaskReader(reader).task(report)
            found[organ] = (task.deadline, task.internal) if task else None
        return found


def taps_county(store: Store, data: str, person: int = HEAD) -> Reply:
    with store.begin() as unit:
        asker = Asker(unit, person, WEEK_BEFORE, frozenset())
        return door.tapped(asker, data.removeprefix("cy:"))


def labelled(reply: Reply, label: str) -> str:
    """
    The button of a label.
    """
    return next(b.id for row in reply.says[-1].buttons for b in row if b.label.endswith(label))


def told(store: Store, person: int) -> list[str]:
    """
    What waits to be said to somebody.
    """
    with store.begin() as unit:
        return [message.payload for message in Messages(unit).unsent() if message.chat == person]


@pytest.mark.parametrize(
    "typed",
    [
        "延期 2月10日 换了填报人",
        "延期到2月10日，原因：换了填报人",
        "延期至2026-02-10 原因是换了填报人",
    ],
)
def test_more_time_is_counted_from_its_day_and_keeps_its_reason(
    store: Store, report: int, typed: str
):
    """
    However it is typed; the clerk hears of it once.
    """
    reply = types(store, typed, report)
    kept = task(store, report)
    assert (date(2026, 2, 10), None, "换了填报人") == (kept.deadline, kept.internal, kept.reason)
    assert [WANG] == [message.chat for message in reply.told]
    assert () == types(store, typed, report).told
    assert kept == task(store, report)


def test_more_time_before_the_deadline_leaves_the_deadline(store: Store, report: int):
    """
    Only the day on which it is collected moves; what is no later is refused.
    """
    assert wording.NOT_LATER in types(store, "延期 1月20日 换了填报人", report).says[0].text
    types(store, "延期 1月28日 换了填报人", report)
    kept = task(store, report)
    assert (date(2026, 1, 31), date(2026, 1, 28)) == (kept.deadline, kept.internal)


def test_more_time_is_given_with_two_taps(store: Store, report: int):
    """
    A day, then one of the usual reasons; without a reason nothing is kept.
    """
    days = [b.id for row in taps(store, f"tk:{report:x}:x").says[0].buttons for b in row]
    reasons = taps(store, days[1]).says[0].buttons
    assert "" == task(store, report).reason
    taps(store, reasons[0][0].id)
    kept = task(store, report)
    assert (date(2026, 1, 30), wording.EXTENSION_REASONS[0]) == (kept.internal, kept.reason)


def test_another_date_takes_the_reason_with_it(store: Store, report: int):
    """
    It was given for the date that is gone.
    """
    types(store, "延期 2月10日 换了填报人", report)
    types(store, "截止 2026-2-12", report)
    assert "" == task(store, report).reason


def test_an_organ_that_need_not_report_hears_so_once_and_is_not_reminded(store: Store, report: int):
    """
    And hears that it must, where it is asked for again.
    """
    taps(store, f"tk:{report:x}:n")
    assert not task(store, report).withdrawn
    excused = types(store, "不用报 年底才挂牌", report)
    kept = task(store, report)
    assert (True, "年底才挂牌") == (kept.withdrawn, kept.reason)
    assert [WANG] == [message.chat for message in excused.told]
    assert () == types(store, "不用报 并到财政局", report).told
    with store.read() as reader:
        waiting = TaskReader(reader).person_to_remind(WANG, WEEK_BEFORE)
    assert waiting is not None
    assert () == waiting.clerk_of

    again = types(store, "恢复", report)
    kept = task(store, report)
    assert (False, "") == (kept.withdrawn, kept.reason)
    assert [WANG] == [message.chat for message in again.told]


def test_the_terminal_gives_more_time_and_excuses_an_organ(data: Path, store: Store, report: int):
    """
    A reason goes with the date it is for.
    """
    one = ["task", "--organ", TOWN, "--year", "2025", "--data", str(data)]
    assert FINE == main([*one, "--deadline", "2026-02-10", "--reason", "换了填报人"])
    kept = task(store, report)
    assert (date(2026, 2, 10), None, "换了填报人") == (kept.deadline, kept.internal, kept.reason)
    assert FINE == main([*one, "--excuse", "年底才挂牌"])
    kept = task(store, report)
    assert (True, "年底才挂牌") == (kept.withdrawn, kept.reason)
    assert 2 == len(told(store, WANG))
    assert REFUSED == main([*one, "--reason", "换了填报人"])
    assert FINE == main([*one, "--restore"])
    assert not task(store, report).withdrawn


def test_the_dates_of_all_below_are_set_after_they_were_shown(data: Path, store: Store):
    """
    Only with --yes, and then in one go; what has a reason stays and is named, no neighbour hears.
    """
    county(store)
    run = ["task", "--under", COUNTY, "--year", "2025", "--data", str(data)]
    wanted = ["--deadline", "2026-1-31", "--internal", "2026-1-10"]
    assert FINE == main([*run, *wanted])
    assert UNTOUCHED == dates(store)
    assert FINE == main([*run, *wanted, "--yes"])
    set_ = dict.fromkeys((TOWN, FORESTS, TOWNSHIP), (JANUARY, TENTH))
    assert UNTOUCHED | set_ == dates(store)
    assert FINE == main([*run, "--internal", "无", "--only", "乡镇", "--yes"])
    none = dict.fromkeys((TOWN, TOWNSHIP), (JANUARY, None))
    assert UNTOUCHED | set_ | none == dates(store)


@pytest.mark.parametrize(
    ("only", "whom"),
    [
        ("乡镇", {TOWN, TOWNSHIP}),
        ("部门", {FORESTS}),
        ("没有任务", {FORESTS, TOWNSHIP}),
        ("全部", {TOWN, FORESTS, TOWNSHIP}),
    ],
)
def test_a_run_may_be_for_some_only(
    data: Path, store: Store, capsys: pytest.CaptureFixture[str], only: str, whom: set[str]
):
    """
    By level, or those that have no task; what would become of each is said to programs, too.
    """
    county(store)
    run = ["task", "--under", COUNTY, "--year", "2025", "--data", str(data), "--json"]
    assert FINE == main([*run, "--deadline", "2026-1-31", "--only", only])
    said = json.loads(capsys.readouterr().out)
    assert whom == {o["organ"] for o in said["organs"] if o["what"] in ("new", "changed")}
    kept = {o["organ"]: o["what"] for o in said["organs"]} | {FINANCE: "", SCHOOLS: ""}
    assert {"extended": FINANCE, "excused": SCHOOLS}.items() >= {
        what: organ for organ, what in kept.items() if what in ("extended", "excused")
    }.items()
    assert not said["done"]


@pytest.mark.parametrize(
    "wrong",
    [
        ["--under", NEIGHBOUR.replace("龙", "凤")],
        ["--under", COUNTY, "--deadline", "2026-1-31", "--internal", "2026-2-1"],
        ["--under", COUNTY, "--withdraw"],
        ["--organ", TOWN, "--only", "乡镇"],
    ],
)
def test_what_makes_no_sense_for_many_is_refused(data: Path, store: Store, wrong: list[str]):
    """
    And nothing is set.
    """
    county(store)
    assert REFUSED == main(["task", *wrong, "--year", "2025", "--data", str(data), "--yes"])
    assert UNTOUCHED == dates(store)


def test_an_edition_that_cannot_be_asked_is_refused(data: Path):
    with pytest.raises(SystemExit) as ended:
        main(
            ["task", "--under", COUNTY, "--year", "2025", "--edition", "2019", "--data", str(data)]
        )
    assert REFUSED == ended.value.code


def test_an_administrator_sets_them_step_by_step_and_says_yes_once(store: Store):
    """
    From /task on; a yes to what is not so any more is asked again.
    """
    county(store)
    with store.begin() as unit:
        first = TaskDoor(unit, HEAD, WEEK_BEFORE).command("task", "", None)
    assert first is not None
    step = taps_county(store, labelled(first, words.OFFER))
    step = taps_county(store, labelled(step, "1月31日"))
    step = taps_county(store, labelled(step, "1月10日"))
    step = taps_county(store, labelled(step, "乡镇"))
    yes = labelled(step, words.DO_SET)
    assert UNTOUCHED == dates(store)
    assert len(yes.encode()) <= 64

    with store.begin() as unit:
        report = unit.find_report(TOWN, YEAR)
        TaskDoor(unit, HEAD, WEEK_BEFORE).command("task", "延期 2026-4-10 换了填报人", report)
    asked = taps_county(store, yes)
    assert words.CHANGED_MEANWHILE == asked.toast
    done = taps_county(store, labelled(asked, words.DO_SET))
    assert words.DONE.format(count=1, year=YEAR) in done.says[0].text
    assert TOWN in done.says[0].text
    assert (JANUARY, TENTH) == dates(store)[TOWNSHIP]
    assert (date(2026, 4, 10), None) == dates(store)[TOWN]


def test_they_can_be_typed_in_one_line(store: Store):
    """
    What is missing is asked; a line that cannot be read says how it is written.
    """
    county(store)
    step = types(store, "统一 2025年度 截止1月31日，收集 1月10日 没有任务的", None)
    taps_county(store, labelled(step, words.DO_SET))
    assert UNTOUCHED | dict.fromkeys((FORESTS, TOWNSHIP), (JANUARY, TENTH)) == dates(store)
    assert (
        words.WHICH_INTERNAL
        in types(store, f"统一{words.DO_SET} 截止 2026-1-31", None).says[0].text
    )
    assert words.WHICH_DEADLINE in types(store, "统一", None).says[0].text
    for wrong in (
        "统一 截止 1月32日",
        "统一 下周五",
        "统一 9999年度",
        "统一 截止 1月20日 收集 1月25日",
    ):
        assert labels(types(store, wrong, None)) == []


def test_the_dates_of_one_below_are_a_card_of_their_own(store: Store):
    """
    Nothing begins by looking; where it has no task, more time makes one. No neighbour's is shown.
    """
    county(store)
    with store.begin() as unit:
        organ = {name: unit.organ(name, AUTUMN) for name in (*BELOW, NEIGHBOUR, COUNTY)}
    card = taps_county(store, f"cy:d:{organ[FORESTS]:x}:2025")
    assert dates(store)[FORESTS] is None
    days = taps_county(store, labelled(card, wording.TO_EXTEND))
    reasons = taps(store, days.says[0].buttons[0][0].id)
    taps(store, reasons.says[0].buttons[0][0].id)
    assert (date(2026, 2, 3), None) == dates(store)[FORESTS]
    assert wording.TO_DEADLINE in labels(taps_county(store, f"cy:d:{organ[TOWN]:x}:2025"))

    with store.begin() as unit:
        close(unit, organ[TOWNSHIP], None, AUTUMN)
    shut = taps_county(store, f"cy:d:{organ[TOWNSHIP]:x}:2025:b")
    assert [IS_CLOSED.format(TOWNSHIP)] == [said.text for said in shut.says]
    assert dates(store)[TOWNSHIP] is None

    for data in (f"cy:d:{organ[NEIGHBOUR]:x}:2025", f"cy:d:{organ[NEIGHBOUR]:x}:2025:a", "cy:d:x"):
        assert NOT_YOURS == taps_county(store, data).toast
    for data in ("cy:d", f"cy:d:{organ[COUNTY]:x}:2025:a:t:20260131:0"):
        assert () == taps_county(store, data, OTHER).says
    assert dates(store)[NEIGHBOUR] == (JANUARY, None)


def labels(reply: Reply) -> list[str]:
    return [button.label for said in reply.says for row in said.buttons for button in row]
