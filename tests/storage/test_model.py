"""
Random work in a store against a model of a few dicts.
"""

import contextlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from conversations.form.answers import Value
from conversations.talk.effects import Save
from storage import Store, Unit
from storage.databases import FILE_NAME
from tests.storage.servers import postgres_made

NOW = datetime(2026, 1, 5, tzinfo=UTC)
FEE = "proactive_disclosure.administrative_fees.amount"
ITEMS: dict[str, st.SearchStrategy[Value]] = {
    "requests.received.natural_person": st.integers(0, 3),
    "requests.received.other": st.integers(0, 10**9 - 1),
    FEE: st.integers(0, 3) | st.sampled_from([Decimal("0.5"), Decimal("0.50"), Decimal("3.0")]),
    "overview": st.sampled_from(["", "一", "一 ", "二\n"]),
}
steps = st.lists(
    st.one_of([st.tuples(st.just(item), st.none() | values) for item, values in ITEMS.items()]),
    max_size=4,
)
YEARS = (2024, 2025)
Step = list[tuple[str, Value | None]]


class Undone(Exception):  # noqa: N818 - it is meant to happen
    """Raised to have a transaction taken back."""


class Work(RuleBasedStateMachine):
    """
    Two processes (two stores on one place) answer in two reports, finish them, and fail.

    `truth` is what stands, `told` the changes there must be in the history, `final` what
    the newest final document contains.
    """

    kind = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.cleanup = ExitStack()
        target: Path | str
        if self.kind == "sqlite":
            target = Path(self.cleanup.enter_context(TemporaryDirectory()))
            (target / FILE_NAME).write_bytes(empty_store())
        else:
            target = self.cleanup.enter_context(postgres_made())
        self.stores = [self.cleanup.enter_context(Store.open(target)) for _ in range(2)]
        # One of them has to forget all the time.
        self.stores[1].memory.capacity = 1
        with self.stores[0].begin() as unit:
            self.reports = [
                unit.open_report("雷鸣镇", year, now=NOW, edition="2021") for year in YEARS
            ]
        self.truth: dict[int, dict[str, Value]] = {report: {} for report in self.reports}
        self.told: dict[int, list[tuple[str, Value | None, Value | None]]] = {
            report: [] for report in self.reports
        }
        self.final: dict[int, dict[str, Value]] = {}

    def teardown(self) -> None:
        self.cleanup.close()

    def save(self, unit: Unit, report: int, step: Step) -> None:
        """
        One step, in the store and in the model.
        """
        truth = self.truth[report]
        changes, surprises = [], []
        for item, value in step:
            # The machine's idea of what stands is that before the step.
            believed = truth.get(item) if item != "overview" else None
            changes.append(Save(item, believed, value))
        for change in changes:
            stands = truth.get(change.item)
            if stands != change.before:
                surprises.append(change.item)
            if stands != change.after:
                self.told[report].append((change.item, stands, change.after))
            if change.after is None:
                truth.pop(change.item, None)
            else:
                truth[change.item] = change.after
        assert tuple(surprises) == unit.save(report, changes, by="a", at=NOW, door="test")

    @rule(
        who=st.integers(0, 1),
        work=st.lists(st.tuples(st.integers(0, 1), st.booleans(), steps), min_size=1, max_size=3),
    )
    def step(self, who: int, work: list[tuple[int, bool, Step]]) -> None:
        with self.stores[who].begin() as unit:
            for which, looks, step in work:
                report = self.reports[which]
                if looks:
                    assert self.truth[report] == dict(unit.load(report, "a").answers)
                    assert unit.earlier(self.reports[1]) is None or self.truth[self.reports[0]]
                self.save(unit, report, step)

    @contextlib.contextmanager
    def taken_back(self) -> Iterator[None]:
        """
        The model forgets what happens inside.
        """
        truth = {report: dict(answers) for report, answers in self.truth.items()}
        told = {report: list(changes) for report, changes in self.told.items()}
        with contextlib.suppress(Undone):
            yield
        self.truth, self.told = truth, told

    @rule(who=st.integers(0, 1), which=st.integers(0, 1), step=steps)
    def fail(self, who: int, which: int, step: Step) -> None:
        report = self.reports[which]
        with self.taken_back(), self.stores[who].begin() as unit:
            self.save_and_fail(unit, report, step)

    @rule(
        who=st.integers(0, 1),
        which=st.integers(0, 1),
        parts=st.tuples(steps, steps, steps),
        looks=st.booleans(),
        whole=st.booleans(),
    )
    def fail_in_part(
        self, who: int, which: int, parts: tuple[Step, Step, Step], looks: bool, whole: bool
    ) -> None:
        """
        The second of three parts fails, and then perhaps the whole.
        """
        report = self.reports[which]
        before, bad, after = parts

        def work(unit: Unit) -> None:
            self.save(unit, report, before)
            with self.taken_back(), unit.savepoint():
                self.save_and_fail(unit, report, bad)
            if looks:
                assert self.truth[report] == dict(unit.load(report, "a").answers)
            self.save(unit, report, after)

        if whole:
            with self.taken_back(), self.stores[who].begin() as unit:
                work(unit)
                raise Undone
        else:
            with self.stores[who].begin() as unit:
                work(unit)

    def save_and_fail(self, unit: Unit, report: int, step: Step) -> None:
        self.save(unit, report, step)
        assert self.truth[report] == dict(unit.load(report, "a").answers)
        raise Undone

    @rule(who=st.integers(0, 1), which=st.integers(0, 1))
    def finish(self, who: int, which: int) -> None:
        report = self.reports[which]
        with self.stores[who].begin() as unit:
            unit.finish(report, NOW)
        self.final[report] = dict(self.truth[report])

    @invariant()
    def everybody_sees_what_is_true(self) -> None:
        for store in self.stores:
            with store.read() as reader:
                for report, truth in self.truth.items():
                    stored = reader.load(report, "a")
                    assert truth == dict(stored.answers)
                    assert (report in self.final) == stored.final
                    assert self.changed_since(report) == dict(stored.since_final)

    def changed_since(self, report: int) -> dict[str, Value | None]:
        now, then = self.truth[report], self.final.get(report)
        if then is None:
            return {}
        return {
            item: then.get(item)
            for item in now.keys() | then.keys()
            if now.get(item) != then.get(item)
        }

    @precondition(lambda self: any(self.told.values()))
    @rule()
    def replay(self) -> None:
        """
        The history alone makes the same answers.
        """
        with self.stores[1].read() as reader:
            for report, truth in self.truth.items():
                history = reader.history(report)
                assert self.told[report] == [(c.item, c.before, c.after) for c in history]
                replayed: dict[str, Value] = {}
                for change in history:
                    assert change.before == replayed.pop(change.item, None)
                    if change.after is not None:
                        replayed[change.item] = change.after
                assert truth == replayed


@cache
def empty_store() -> bytes:
    """
    The file of a new store: to make one each time costs more than the work.
    """
    with TemporaryDirectory() as folder:
        Store.open(Path(folder)).close()
        return (Path(folder) / FILE_NAME).read_bytes()


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 25), ("postgresql", 8)])
def test_random_work_ends_as_the_model_says(kind: str, examples: int):
    """
    Whatever is answered, taken back and finished, by whichever process.
    """
    if kind == "postgresql":
        with postgres_made():
            pass

    class There(Work):
        pass

    There.kind = kind
    run_state_machine_as_test(
        There,
        settings=settings(
            max_examples=examples,
            stateful_step_count=15,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
