"""
An office at one report at once: random work of its people, in threads, against what must hold.

Each thing somebody does is a transaction of its own, as the door of Telegram makes it; in what
order they come nobody knows. Whatever the order, the report is afterwards what its history
says, each step was one that could be taken, and nothing has changed under a leader's eyes.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, text

from bot.access import Access
from bot.handle import Clock, Handled, handle
from bot.memberships import remove
from conversations.form.answers import Answers, Value
from conversations.form.numbers import NUMBERS
from conversations.sign_off.fingerprint import fingerprint, mark_of
from conversations.sign_off.rights import Standing, transition
from conversations.sign_off.states import LOCKED, TRANSITIONS, Deed, ReportState, Role
from conversations.sign_off.status import SignOffRecord
from conversations.talk.events import Event, Opened, Tapped, Typed
from conversations.talk.session import State
from storage import Store, Unit
from storage.databases import FILE_NAME
from storage.members import Members
from storage.people import People
from storage.reports import Reader
from storage.tables import HISTORY
from storage.verify import verify
from tests.county import TOWN, YEAR
from tests.sign_off import LEADER, LI, WANG, ZHAO, joins, team
from tests.storage.servers import postgres_made
from tests.storage.test_model import empty_store

NOW = datetime.fromisoformat("2026-01-20T12:00:00+08:00")
LICENSING = "proactive_disclosure.licensing.decisions"
PENALTIES = "proactive_disclosure.penalties.decisions"
OTHER_LEADER = 202
NOBODY_ABOVE: frozenset[int] = frozenset()


def standing_of(unit: Unit, person: int) -> Standing:
    """
    As what somebody acts in this office, which has a leader.
    """
    screen = People(unit).focus(person)
    assert screen is not None
    (here,) = screen.member
    acting = Access(unit, person, screen.member, NOBODY_ABOVE).standing(here.organ_id)
    return replace(acting, leader=True, colleague=True)


def does(store: Store, person: int, event: Event) -> Handled | None:
    """
    One thing that somebody does, as the door does it; None where the report is not theirs.
    """
    with store.begin() as unit:
        screen = People(unit).focus(person)
        assert screen is not None
        if not screen.member:
            return None
        acting = Access(unit, person, screen.member, NOBODY_ABOVE).standing(screen.report_organ)
        return handle(
            unit, screen.key, screen.report_id, event, Clock(NOW), "telegram", standing=acting
        )


def mark_now(store: Store, report: int) -> str:
    """
    The mark of the version that a leader would see at this moment.
    """
    with store.read() as reader:
        version = reader.load(report, "").sign_off.version
    return mark_of(version.fingerprint) if version else "00000000"


@dataclass
class Person:
    """
    Somebody with what they have typed; the figures are nobody else's.
    """

    store: Store
    report: int
    number: int
    figures: Iterator[int]
    seen: str = "00000000"  # the mark of the version they looked at last
    told: list[tuple[str, int, bool]] = field(default_factory=list)

    def event(self, event: Event) -> Handled | None:
        return does(self.store, self.number, event)

    def taps(self, button: str) -> Handled | None:
        return self.event(Tapped(button))

    def answers(self, item: str) -> None:
        figure = next(self.figures)
        handled = self.event(Typed(str(figure), item=item))
        kept = (
            handled is not None and handled.stored and handled.session.answers.get(item) == figure
        )
        self.told.append((item, figure, kept))

    def looks(self) -> None:
        self.event(Opened())
        self.seen = mark_now(self.store, self.report)

    def act(self, what: str) -> None:
        """
        One of the things that people do, in as many transactions as it takes.
        """
        match what:
            case "looks":
                self.looks()
            case "licensing":
                self.answers(LICENSING)
            case "penalties":
                self.answers(PENALTIES)
            case "zero":
                self.taps(f"z:{NUMBERS[LICENSING]}")
            case "approves" | "returns":
                verb = "apr" if what == "approves" else "ret"
                handled = self.taps(f"{verb}:{self.seen}")
                if handled and handled.session.place.state is State.REASON:
                    self.event(Typed("请再核对一次。"))
            case "remarks":
                self.taps(f"rmk:{NUMBERS[LICENSING]}")
                self.event(Typed(f"第{next(self.figures)}处请核对。"))
            case "reopens":
                self.taps("reo")
                self.event(Typed("数字有误，需要更正。"))
            case "off line":
                self.taps("ofl")
                self.event(Typed("张建国 1月12日"))
            case _:
                self.taps(what)


class Chief(Person):
    """
    Who lets leaders go and come; they are asked for nothing.
    """

    def act(self, what: str) -> None:
        with self.store.begin() as unit:
            here = [m for m in Members(unit).memberships(int(what[1:])) if Role.LEADER in m.roles]
            if what[0] == "-" and here:
                remove(unit, here[0], "operator", NOW)
        if what[0] == "+":
            comes(self.store, self.report, int(what[1:]))


def comes(store: Store, report: int, person: int, role: Role = Role.LEADER) -> None:
    """
    Somebody joins, and has the report open.
    """
    joins(store, person, NAMES[person], role, parts=PARTS.get(person, ()))
    with store.begin() as unit:
        People(unit).focus_on(person, report, None)


NAMES = {WANG: "王芳", LI: "李强", ZHAO: "赵敏", LEADER: "张局", OTHER_LEADER: "李局"}
PARTS = {ZHAO: ("proactive_disclosure",)}
CLERKS = ("licensing", "penalties", "zero", "sub", "wd", "off line", "looks", "reopens")
HELPERS = ("penalties", "licensing", "sub", "zero", "looks")
LEADERS = ("looks", "approves", "returns", "remarks", "reopens", "licensing")
CHIEFS = tuple(f"{way}{leader}" for leader in (LEADER, OTHER_LEADER) for way in "-+")


class Office(RuleBasedStateMachine):
    """
    Two clerks, a helper, two leaders; each round some of them work at the same time.
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
        # Two processes: what each remembers of the report may be old.
        first, second = (self.cleanup.enter_context(Store.open(target)) for _ in range(2))
        self.store = first
        self.report = team(first, {WANG: NAMES[WANG]}, {})
        figures = count(1)
        self.people: list[Person] = []
        self.roles = {}
        for number in NAMES:
            role = Role.LEADER if number in (LEADER, OTHER_LEADER) else Role.CLERK
            comes(first, self.report, number, role)
            store = second if number in (LI, OTHER_LEADER) else first
            self.people.append(Person(store, self.report, number, figures))
            with first.begin() as unit:
                self.roles[People(unit).key(number)] = standing_of(unit, number)
        self.chief = Chief(second, self.report, 0, figures)

    def teardown(self) -> None:
        self.cleanup.close()

    @rule(
        handed_in=st.booleans(),
        plans=st.tuples(
            *(st.lists(st.sampled_from(CLERKS), min_size=1, max_size=3) for _ in range(2)),
            st.lists(st.sampled_from(HELPERS), min_size=1, max_size=2),
            *(st.lists(st.sampled_from(LEADERS), min_size=1, max_size=3) for _ in range(2)),
            st.lists(st.sampled_from(CHIEFS), max_size=1),
        ),
    )
    def work_at_once(self, handed_in: bool, plans: tuple[list[str], ...]) -> None:
        """
        Everybody does what they mean to, in an order that the threads find.
        """
        self.prepare(handed_in)
        everybody = (*self.people, self.chief)
        at_once([(person, plan) for person, plan in zip(everybody, plans, strict=True) if plan])

    def prepare(self, handed_in: bool) -> None:
        """
        The leaders look at what was handed in, or nothing stands in the way of the clerks.
        """
        clerk, *_, leader, other = self.people
        for person in (leader, other):
            comes(self.store, self.report, person.number)
        if handed_in:
            clerk.act("sub")
        else:
            clerk.act("wd")
            leader.act("reopens")
        leader.looks()
        other.looks()

    @invariant()
    def everything_fits(self) -> None:
        with self.store.read() as reader:
            assert [] == list(verify(reader))
            check_answers(reader, self.report, self.people)
            check_steps(reader, self.report, self.roles)
            check_remarks(reader, self.report)
        for person in self.people:
            check_what_is_seen(person)


def at_once(plans: Sequence[tuple[Person, Sequence[str]]]) -> None:
    """
    Each in a thread; all have ended well, none waits for another for ever.
    """
    ready = threading.Barrier(len(plans)) if plans else None
    faults: list[BaseException] = []

    def work(person: Person, plan: Sequence[str]) -> None:
        try:
            assert ready is not None
            ready.wait()
            for what in plan:
                person.act(what)
        except BaseException as error:  # noqa: BLE001 - told below, in the test's own thread
            faults.append(error)

    threads = [threading.Thread(target=work, args=plan) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    if faults:
        raise faults[0]


def answers_after(reader: Reader, report: int, row: int) -> dict[str, Value]:
    """
    What stood after a row of the history.
    """
    ids = select(HISTORY.c.id).where(HISTORY.c.report_id == report).order_by(HISTORY.c.id)
    rows = reader.connection.execute(ids)
    stood: dict[str, Value] = {}
    for id_, change in zip(rows.scalars(), reader.history(report), strict=True):
        if id_ > row:
            break
        stood.pop(change.item, None)
        if change.after is not None:
            stood[change.item] = change.after
    return stood


def check_answers(reader: Reader, report: int, people: Sequence[Person]) -> None:
    """
    Every answer that somebody was told is kept is in the history, once, and no other.
    """
    changes = reader.history(report)
    for number, change in enumerate(changes):
        earlier = [c.after for c in changes[:number] if c.item == change.item]
        assert (earlier[-1] if earlier else None) == change.before
    kept = sorted((item, figure) for p in people for item, figure, stored in p.told if stored)
    written = sorted(
        (change.item, change.after)
        for change in changes
        if change.door == "telegram" and change.after
    )
    assert kept == written


def check_steps(reader: Reader, report: int, roles: dict[str, Standing]) -> None:
    """
    Each step was one that its person could take; nothing has changed while it was locked.
    """
    stored = reader.load(report, "")
    state, before = ReportState.OPEN, None
    for record in stored.sign_off.records:
        if record.by in roles:
            taken = transition(roles[record.by], record.deed, state)
        else:  # by itself
            taken = next(t for t in TRANSITIONS if t.deed is record.deed and state in t.sources)
        assert taken is not None
        assert taken.target is record.state
        stood = Answers(answers_after(reader, report, record.history))
        assert fingerprint(TOWN, YEAR, stored.edition, stood) == record.fingerprint
        if before is not None and state in LOCKED:
            assert (before.history, before.fingerprint) == (record.history, record.fingerprint)
        state, before = record.state, record
    assert state is stored.sign_off.state
    if state is ReportState.SUBMITTED:
        assert stored.leader
    if state in LOCKED:
        assert before is not None
        assert stored.history == before.history
    check_approval(stored.sign_off.approval, stored.final, dict(stored.since_final))


def check_approval(approval: SignOffRecord | None, final: bool, since: object) -> None:
    """
    What was approved is the final document, as it was handed in.
    """
    if approval is not None:
        assert final
        assert {} == since


def check_remarks(reader: Reader, report: int) -> None:
    """
    A remark went with the return that was taken after it, if any was.
    """
    sign_off = reader.load(report, "").sign_off
    returns = {record.id for record in sign_off.records if record.deed is Deed.RETURN}
    for remark in sign_off.remarks:
        assert remark.sent == (remark.returned in returns)


def check_what_is_seen(person: Person) -> None:
    """
    Who looks sees what is in the store.
    """
    handled = person.event(Opened())
    if handled is None:
        return
    session = handled.session
    with person.store.read() as reader:
        stored = reader.load(person.report, "")
        stood = answers_after(reader, person.report, stored.history)
    assert stood == dict(session.answers.items())
    assert stored.sign_off == session.sign_off
    if stored.sign_off.state in LOCKED and session.place.state is State.SIGN_OFF:
        assert stored.sign_off.version is not None
        assert session.fingerprint == stored.sign_off.version.fingerprint


def run(kind: str, examples: int, steps: int) -> None:
    if kind == "postgresql":
        with postgres_made():
            pass

    class There(Office):
        pass

    There.kind = kind
    run_state_machine_as_test(
        There,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=[Phase.explicit, Phase.generate],  # another run is another order
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_office_that_works_at_once_leaves_what_its_history_says(kind: str):
    """
    Whoever was quicker.
    """
    run(kind, 3, 6)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_office_that_works_at_once_for_long_does(kind: str):
    """
    The same with more rounds.
    """
    run(kind, 60, 10)


def test_the_only_leader_is_removed_while_the_report_is_handed_in(postgres_store: Store):
    """
    The removal waits for the hand-in, and takes it back; neither is given up as a deadlock.
    """
    store = postgres_store
    report = team(store)
    faults: list[Exception] = []

    def removes() -> None:
        try:
            with store.begin() as unit:
                (leader,) = Members(unit).memberships(LEADER)
                remove(unit, leader, "operator", NOW)
        except Exception as error:  # noqa: BLE001 - told below, in the test's own thread
            faults.append(error)

    removal = threading.Thread(target=removes)
    with store.begin() as unit:
        acting = standing_of(unit, WANG)
        clerk = People(unit).key(WANG)
        unit.load(report, clerk)
        removal.start()
        until_somebody_waits(store)
        handle(unit, clerk, report, Tapped("sub"), Clock(NOW), "telegram", standing=acting)
    removal.join(60)

    assert [] == faults
    with store.read() as reader:
        records = reader.load(report, "").sign_off.records
    assert [Deed.SUBMIT, Deed.HAND_BACK] == [record.deed for record in records]


def until_somebody_waits(store: Store) -> None:
    """
    Until a transaction of this store's database waits for another one's lock.
    """
    waiting = text(
        "SELECT count(*) FROM pg_locks w JOIN pg_locks h ON h.pid = ANY(pg_blocking_pids(w.pid))"
        " WHERE NOT w.granted AND h.relation = to_regclass('report')"
    )
    while True:
        with store.read() as reader:
            if reader.connection.scalar(waiting):
                return
