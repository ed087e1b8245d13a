"""
An office in which more than one person works on a report, in a store.
"""

from collections.abc import Mapping
from datetime import datetime

from conversations.form.model import ItemId
from conversations.form.numbers import NUMBERS
from conversations.sign_off.states import Role
from conversations.talk.effects import Save
from storage import Store
from storage.people import People
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
    Somebody becomes a member, who may be reminded from then on.
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
    An office with its report filled in, ready to be handed in; the report's id.
    """
    report_id = office(store, TOWN, clerks or {WANG: "王芳"}, administrators=administrators or {})
    for person, name in ({LEADER: "李局"} if leaders is None else leaders).items():
        joins(store, person, name, Role.LEADER)
    fill(store, report_id)
    return report_id


def fill(store: Store, report_id: int) -> None:
    """
    Everything is answered, all figures with 0.
    """
    with store.begin() as unit:
        saves = [Save(item, None, value) for item, value in whole().items()]
        unit.save(report_id, saves, by="test", at=AUTUMN, door="test")
