"""
Role × reach × state × event, generated from the two tables: nothing gets through that they do not
allow, and nothing that they allow is refused.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import pytest

from conversations.answers.ledger import Sheet
from conversations.checks.findings import Explanation
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.model import ItemId
from conversations.sign_off.fingerprint import fingerprint
from conversations.sign_off.rights import RIGHTS, Action, Standing, may, transition
from conversations.sign_off.states import (
    EDITABLE,
    LOCKED,
    TRANSITIONS,
    Deed,
    Need,
    Reach,
    ReportState,
    Role,
)
from conversations.sign_off.status import Remark, SignOff, SignOffRecord
from conversations.talk import machine
from conversations.talk.cards import card
from conversations.talk.effects import (
    Decide,
    Deliver,
    DropRemark,
    Effect,
    Explain,
    ImportReport,
    OpenReport,
    Save,
    Say,
    SettleRemark,
    WriteRemark,
)
from conversations.talk.events import (
    Commanded,
    Event,
    LedgerRead,
    NeedsReading,
    Opened,
    Reading,
    ReportRead,
    SumOffered,
    Tapped,
    Typed,
    Uploaded,
)
from conversations.talk.gate import refusal
from conversations.talk.machine import step
from conversations.talk.session import Session
from conversations.talk.triggers import COMMANDS, Trigger, knows_button
from tests.conversations.test_reading_in import published
from tests.dialogue import TEXTS, Clerk, whole

# The action of the table that each effect is; a step of sign-off is in the other table.
ACTIONS: dict[type, Action] = {
    Save: Action.WRITE,
    Explain: Action.WRITE,
    ImportReport: Action.WRITE,
    WriteRemark: Action.REMARK,
    DropRemark: Action.TAKE_BACK,
    SettleRemark: Action.SETTLE,
}
SECTION = "requests"
CELL = "requests.received.natural_person"
OTHER_CELL = "proactive_disclosure.licensing.decisions"
ITEMS = (CELL, SECTION, "overview", "title")
TYPED = ("295", "没有问题", "送审")
REMARK = Remark(1, CELL, "", "请核对", "leader", "周敏", "2026-01-12", sent=True, open=True)
UNSENT = replace(REMARK, id=2, sent=False, by="terminal")  # of whoever acts
ANOTHERS = replace(UNSENT, id=4, by="leader")
ELSEWHERE = replace(REMARK, id=3, item="overview")
FULL, SOME = 1, 7  # every event, every seventh


@dataclass(frozen=True)
class Person:
    """
    As what somebody acts: the rows of the table that are theirs, and how a session says so.
    """

    rows: frozenset[tuple[Role, Reach]]
    standing: Standing


def own(*roles: Role, parts: frozenset[ItemId] | None = None, above: bool = False) -> Person:
    rows = {(Role.HELPER if parts and r is Role.CLERK else r, Reach.OWN) for r in roles}
    if above:
        rows.add((Role.ADMINISTRATOR, Reach.BELOW))
    return Person(frozenset(rows), Standing(frozenset(roles), parts=parts, above=above))


PART = frozenset({SECTION})
PEOPLE = {
    "nobody": own(),
    "clerk": own(Role.CLERK),
    "helper": own(Role.CLERK, parts=PART),
    "leader": own(Role.LEADER),
    "administrator": own(Role.ADMINISTRATOR),
    "system": own(Role.SYSTEM),
    "administrator above": Person(
        frozenset({(Role.ADMINISTRATOR, Reach.BELOW)}),
        Standing(frozenset({Role.ADMINISTRATOR}), Reach.BELOW),
    ),
    "clerk and leader": own(Role.CLERK, Role.LEADER),
    "helper and leader": own(Role.CLERK, Role.LEADER, parts=PART),
    "leader, administrator above": own(Role.LEADER, above=True),
    "helper, administrator above": own(Role.CLERK, parts=PART, above=True),
}


def of_office(standing: Standing, *, leader: bool) -> Standing:
    return replace(standing, leader=leader, colleague=True)


def in_state(session: Session, state: ReportState) -> Session:
    """
    The same where the steps that lead to a state were taken, of what stands there now.
    """
    ways = {
        ReportState.OPEN: (),
        ReportState.SUBMITTED: (Deed.SUBMIT,),
        ReportState.RETURNED: (Deed.SUBMIT, Deed.RETURN),
        ReportState.APPROVED: (Deed.SUBMIT, Deed.APPROVE),
        ReportState.PUBLISHED: (Deed.SUBMIT, Deed.APPROVE, Deed.PUBLISH),
    }
    targets = {taken.deed: taken.target for taken in TRANSITIONS}
    records = tuple(
        SignOffRecord(
            n, deed, targets[deed], "key", "王芳", f"2026-01-1{n}T09:00", "", 0, seal(session)
        )
        for n, deed in enumerate(ways[state], 1)
    )
    return replace(session, sign_off=SignOff(records, (REMARK, UNSENT, ELSEWHERE, ANOTHERS)))


def seal(session: Session) -> str:
    return fingerprint(session.organ, session.year, session.form.edition, session.answers)


def spied(
    monkeypatch: pytest.MonkeyPatch, session: Session, event: Event
) -> tuple[list[Effect], str, Sequence[Effect]]:
    """
    What a step wanted, what the gate said to it, and what got through.
    """
    wanted: list[Effect] = []
    said = ""

    def watch(before: Session, effects: Iterable[Effect]) -> str:
        nonlocal said
        wanted[:] = list(effects)
        said = refusal(before, wanted)
        return said

    monkeypatch.setattr(machine, "refusal", watch)
    try:
        _, effects = step(session, event)
    except NeedsReading as needs:
        _, effects = step(session, event, Reading(needs.text, None))
    return wanted, said, effects


def changes(effect: Effect) -> bool:
    if isinstance(effect, Deliver):
        return effect.final and not effect.version
    return not isinstance(effect, Say | OpenReport) and (
        isinstance(effect, Decide) or type(effect) in ACTIONS
    )


def is_allowed(person: Person, session: Session, effect: Effect) -> bool:
    """
    Whether the tables let somebody do one thing, read row by row.
    """
    state, leader = session.sign_off.state, session.standing.leader
    if isinstance(effect, Decide):
        return any(
            taken.deed is effect.deed
            and state in taken.sources
            and person.rows & taken.by
            and all(holds(session, need, effect) for need in taken.needs)
            for taken in TRANSITIONS
        )
    action = Action.FINISH if isinstance(effect, Deliver) else ACTIONS[type(effect)]
    rows = [row for row in person.rows if state in RIGHTS.get(row, {}).get(action, ())]
    if action is Action.FINISH and leader:
        return False
    if isinstance(effect, DropRemark) and effect.remark != UNSENT.id:
        return False
    if set(rows) == {(Role.HELPER, Reach.OWN)}:
        return is_of_part(session, effect)
    return bool(rows)


def is_of_part(session: Session, effect: Effect) -> bool:
    """
    Whether something is within the helper's section.
    """
    match effect:
        case Save(item):
            pass
        case Explain(explanation):
            item = explanation.cells[0]
        case SettleRemark(number):
            (item,) = (r.item for r in session.sign_off.remarks if r.id == number)
        case _:
            return False
    place = FORM.section_of.get(item)
    of_remark = FORM.remark[item].section if item in FORM.remark else ""
    return SECTION in (item, of_remark, place.id if place else "")


def holds(session: Session, need: Need, effect: Decide) -> bool:
    """
    What must hold, as this report and office are.
    """
    decided = [record.fingerprint for record in session.sign_off.records[-1:]]
    return {
        Need.LEADER: session.standing.leader,
        Need.NO_LEADER: not session.standing.leader,
        Need.COLLEAGUE: session.standing.colleague,
        Need.COMPLETE: session.answers == whole(),
        Need.FINISHED: session.final and not session.changed,
        Need.SAME_VERSION: [seal(session)] == decided,
        Need.REASON: bool(effect.note.get("reason")),
    }[need]


# ---- what is tried ----------------------------------------------------------------------------


@cache
def places() -> tuple[tuple[Session, tuple[str, ...]], ...]:
    """
    One session in each state that can be reached by tapping, with the buttons of its card.

    By a clerk, and by the leader of an office to whom the report was handed in; of a report
    that is whole and of one that is not.
    """
    found: dict[object, tuple[Session, tuple[str, ...]]] = {}
    for answers in (whole(), whole(without=(CELL, "overview"))):
        for person, state, leader in (
            ("clerk", ReportState.OPEN, False),
            ("clerk", ReportState.OPEN, True),
            ("leader", ReportState.SUBMITTED, True),
            ("leader", ReportState.APPROVED, True),
        ):
            first = Clerk(answers=answers).session
            standing = of_office(PEOPLE[person].standing, leader=leader)
            waiting = [replace(in_state(first, state), standing=standing)]
            tried = set()
            while waiting:
                session = waiting.pop(0)
                buttons = tuple(buttons_of(session))
                found.setdefault(
                    (session.place.state, bool(answers == whole())), (session, buttons)
                )
                for data in buttons:
                    if (session.place.state, data.split(":")[0]) in tried:
                        continue
                    tried.add((session.place.state, data.split(":")[0]))
                    after, _ = step(session, Tapped(data))
                    if after.place.state is not session.place.state:
                        waiting.append(after)
    return tuple(found.values())


def buttons_of(session: Session) -> Iterator[str]:
    said = card(session, every=True)
    for row in (*said.buttons, *said.more):
        for button in row:
            yield button.id


def everywhere() -> Iterator[Event]:
    """
    What anybody may send wherever they are: messages, files, commands, every verb there is.
    """
    yield Opened()
    yield from (Typed("17", item, 1) for item in ITEMS)
    yield Typed("\n".join("\t".join("1" * 6) for _ in range(4)))
    yield Typed("\n".join(f"{FORM.section[item].heading}\n{text}" for item, text in TEXTS.items()))
    yield Uploaded("总体情况.txt", TEXTS["overview"])
    yield ReportRead("年报.docx", published(2025, requests__received__natural_person=3))
    yield SumOffered({CELL: 3, OTHER_CELL: 4}, {CELL: "计了两次"})
    yield LedgerRead("台账.xlsx", (Sheet("台账", (("自然人", "3"),)),))
    yield from (Commanded(name, argument) for name in COMMANDS for argument in ("", "2024"))
    for trigger in Trigger:
        for rest in ("", *(f":{FORM.number[item]}" for item in ITEMS), ":1"):
            yield Tapped(f"{trigger.value}{rest}")


@cache
def tries() -> tuple[tuple[Session, Event], ...]:
    """
    Each place with the buttons of its card and what is typed; anything else from one of them.
    """
    made: list[tuple[Session, Event]] = []
    for number, (session, buttons) in enumerate(places()):
        verbs = {data.split(":")[0]: data for data in buttons}
        made += [(session, Tapped(data)) for data in verbs.values()]
        made += [(session, Typed(text)) for text in TYPED]
        if not number:
            made += [
                (session, event)
                for event in everywhere()
                if not isinstance(event, Tapped) or knows_button(session, event.button)
            ]
    return tuple(made)


def effects() -> Iterator[Effect]:
    """
    Each thing that a step can want done, small.
    """
    for deed in Deed:
        yield Decide(deed)
        yield Decide(deed, {"reason": "数字有误"})
    yield from (Save(text.id, None, "文字") for text in FORM.narratives)
    for cell in (CELL, OTHER_CELL):
        yield Save(cell, None, 1)
        yield Explain(Explanation("P1", (cell,), "P1", "已核对台账", "王芳", ""))
    yield ImportReport("", 2025, {CELL: 1})
    yield WriteRemark(CELL, "请核对")
    yield from (DropRemark(r.id) for r in (UNSENT, REMARK, ANOTHERS))
    yield from (SettleRemark(REMARK.id), SettleRemark(ELSEWHERE.id, "已改"))
    yield from (Deliver(final=True), Deliver(final=False), Deliver(final=True, version=3))


OFFICES = [
    *((who, True) for who in PEOPLE),
    *((who, False) for who in PEOPLE if "leader" not in who),
]


def verdicts(who: str, *, leader: bool) -> Iterator[tuple[ReportState, Effect, bool, bool]]:
    """
    What the tables allow somebody, and whether the gate lets it through.

    In every state; of a report that is whole or not, has a final document or none, and was
    changed since the last step or not.
    """
    person = PEOPLE[who]
    for then, now in product((whole(), whole(without=(CELL,))), repeat=2):
        for state, final in product(ReportState, (True, False)):
            session = in_state(Clerk(answers=then).session, state)
            standing = of_office(person.standing, leader=leader)
            session = replace(session, answers=now, final=final, standing=standing)
            for effect in effects():
                allowed = not changes(effect) or is_allowed(person, session, effect)
                yield state, effect, allowed, not refusal(session, (effect,))


@pytest.mark.parametrize(("who", "leader"), OFFICES)
def test_the_gate_lets_through_what_the_tables_allow(who: str, leader: bool):
    """
    Whatever a move may want done.
    """
    for state, effect, allowed, through in verdicts(who, leader=leader):
        assert allowed == through, (state, effect)


def test_everything_that_changes_something_is_somebodys_and_not_everybodys():
    """
    So that nothing above passes because it is never tried.
    """
    judged: dict[object, set[bool]] = {}
    for who, leader in OFFICES:
        for _, effect, _, through in verdicts(who, leader=leader):
            if changes(effect):
                kind = effect.deed if isinstance(effect, Decide) else type(effect)
                judged.setdefault(kind, set()).add(through)
    assert {kind: {True, False} for kind in (*Deed, Deliver, *ACTIONS)} == judged


@pytest.mark.long
@pytest.mark.parametrize("every", [SOME, pytest.param(FULL, marks=pytest.mark.soak)])
@pytest.mark.parametrize(("who", "leader"), OFFICES)
def test_what_gets_through_is_what_the_tables_allow(
    monkeypatch: pytest.MonkeyPatch, who: str, leader: bool, every: int
):
    """
    Of every event in every state: all of what a step wants, or nothing of it and a sentence.
    """
    person = PEOPLE[who]
    standing = of_office(person.standing, leader=leader)
    done: set[tuple[object, ReportState]] = set()
    for number, state in enumerate(ReportState):
        # In the suite each person in each state tries some of them; all are tried by somebody.
        first = (places()[0][0], Typed("17", CELL, 1))
        for template, event in (first, *tries()[(number + len(who)) % every :: every]):
            session = replace(in_state(template, state), standing=standing)
            wanted, said, effects = spied(monkeypatch, session, event)
            wants = [effect for effect in wanted if changes(effect)]
            allowed = all(is_allowed(person, session, effect) for effect in wants)
            assert allowed == (not said), (state, session.place.state, event, wants, said)
            through = [effect for effect in effects if changes(effect)]
            assert through == (wants if allowed else []), (state, event)
            done |= {(e.deed if isinstance(e, Decide) else type(e), state) for e in through}
    may_write = {state for kind, state in done if kind is Save}
    assert (
        EDITABLE if any(RIGHTS.get(r, {}).get(Action.WRITE) for r in person.rows) else set()
    ) == (may_write)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_tables_are_asked_as_they_are_written(who: str):
    """
    Of every action and step: allowed in the states of the rows that are theirs, and in no other.
    """
    person = PEOPLE[who]
    for state in ReportState:
        for action in Action:
            listed = any(state in RIGHTS.get(row, {}).get(action, ()) for row in person.rows)
            assert listed == may(person.standing, action, state)
        for leader in (True, False):
            standing = of_office(person.standing, leader=leader)
            unmet = Need.NO_LEADER if leader else Need.LEADER
            for deed in Deed:
                taken = [
                    t
                    for t in TRANSITIONS
                    if t.deed is deed
                    and state in t.sources
                    and person.rows & t.by
                    and unmet not in t.needs
                ]
                assert (taken[0] if taken else None) == transition(standing, deed, state)


def test_nothing_that_is_locked_is_anybodys_to_write():
    """
    Whatever row is added to the table.
    """
    for row, actions in RIGHTS.items():
        for action in (Action.WRITE, Action.FINISH, Action.SETTLE, Action.COLLECT):
            assert not LOCKED & actions.get(action, frozenset()), row
    assert {Role.ADMINISTRATOR} == {role for role, reach in RIGHTS if reach is Reach.BELOW}
    for row in ((Role.LEADER, Reach.OWN), (Role.ADMINISTRATOR, Reach.BELOW)):
        changing = {Action.WRITE, Action.FINISH, Action.SETTLE, Action.SHARE}
        assert changing.isdisjoint(RIGHTS[row])


def test_only_an_administrator_takes_in_a_file_or_looks_after_organs():
    """
    Of the organ or above it; whoever writes in a report, approves it or helps does neither.
    """
    administrators = {(Role.ADMINISTRATOR, reach) for reach in Reach}
    for action in (Action.COLLECT, Action.MANAGE):
        assert administrators == {row for row, actions in RIGHTS.items() if action in actions}
        for who, person in PEOPLE.items():
            given = {state for state in ReportState if may(person.standing, action, state)}
            wanted = EDITABLE if action is Action.COLLECT else frozenset(ReportState)
            assert (wanted if "administrator" in who else set()) == given, who
