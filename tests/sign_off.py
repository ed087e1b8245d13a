"""
An office in a store in which several people work on a report.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.handle import Clock, decide, session_of
from conversations.form.model import ItemId
from conversations.form.numbers import NUMBERS
from conversations.sign_off.rights import Standing
from conversations.sign_off.states import Deed, Role
from conversations.talk.effects import Decide, Save
from conversations.talk.gate import refusal
from storage import Store
from storage.people import People
from storage.sign_off import SignOffs
from storage.tasks import Tasks
from tests.county import AUTUMN, TOWN, office
from tests.dialogue import whole

WANG, LI, LEADER, ZHAO = 101, 102, 201, 301


def joins(
    store: Store,
    person: int,
    name: str,
    role: Role,
    organ: str = TOWN,
    parts: tuple[ItemId, ...] = (),
    at: datetime = AUTUMN,
) -> None:
    """
    Add a member, who may get reminders from then on.
    """
    sections = ",".join(str(NUMBERS[part]) for part in parts) or None
    with store.begin() as unit:
        people = People(unit)
        people.begin(person, at, name)
        people.join(person, unit.organ(organ, at), role.value, at, sections=sections)
        Tasks(unit).wake(person)


def team(
    store: Store,
    clerks: Mapping[int, str] | None = None,
    leaders: Mapping[int, str] | None = None,
    administrators: Mapping[int, str] | None = None,
) -> int:
    """
    An office whose report is filled in and can be handed in; the report's id.
    """
    report_id = office(store, TOWN, clerks or {WANG: "王芳"}, administrators=administrators or {})
    for person, name in ({LEADER: "李局"} if leaders is None else leaders).items():
        joins(store, person, name, Role.LEADER)
    fill(store, report_id)
    return report_id


def fill(store: Store, report_id: int) -> None:
    """
    Answer everything, with 0 for all figures.
    """
    with store.begin() as unit:
        saves = [Save(item, None, value) for item, value in whole().items()]
        unit.save(report_id, saves, by="test", at=AUTUMN, door="test")


def decides(
    store: Store, report_id: int, person: int, deed: Deed, now: datetime, **note: str
) -> int:
    """
    Take a step of sign-off that this person may take; the step's id.
    """
    with store.begin() as unit:
        people = People(unit)
        screen = people.focus(person)
        assert screen is not None
        report = people.report_of(report_id)
        (mine,) = (m for m in screen.member if m.organ_id == report[0])
        stored = unit.load(report_id, screen.key)
        standing = Standing(mine.roles, parts=mine.parts)
        session = session_of(unit, stored, screen.key, Clock(now), None, standing)
        session = replace(session, by=screen.key)
        assert "" == refusal(session, (Decide(deed, note),))
        return decide(unit, report_id, session, Decide(deed, note), Clock(now), "test")


def remarks(store: Store, report_id: int, person: int, item: ItemId, text: str) -> None:
    """
    Write a leader's remark, which is not sent yet.
    """
    with store.begin() as unit:
        SignOffs(unit).remark(report_id, item, "", text, "", People(unit).key(person), AUTUMN)
