"""Tells people once, quietly, that a colleague has replaced their answers."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.telling import tell
from conversations.form.answers import Answers
from conversations.form.model import Form
from conversations.wording import sharing as wording
from conversations.wording.trail import called
from storage.members import Members
from storage.messages import Message
from storage.people import Overwritten, People
from storage.unit import Unit

EVER = datetime(1970, 1, 1, tzinfo=UTC)


def tell_replaced(
    unit: Unit, report_id: int, history: int, by: str, form: Form, answers: Answers, now: datetime
) -> tuple[Message, ...]:
    """
    Tell each person whose answers this transaction has replaced, in one message each.

    `history` is the newest row before it, `by` the person who replaced them, `answers` the present
    ones. Former members and people who cannot be reached are not told.
    """
    people, members = People(unit), Members(unit)
    theirs: dict[str, list[Overwritten]] = {}
    for change in people.overwritten(report_id, history, by, EVER):
        if answers.get(change.item) != change.value and change.item in form.number:
            theirs.setdefault(change.by, []).append(change)
    report = people.report_of(report_id)
    told = []
    for key, changes in theirs.items():
        person = members.person(key)
        if person is None or not any(
            member.organ_id == report[0] and member.reachable
            for member in members.memberships(person)
        ):
            continue
        said = wording.replaced(
            form,
            called(by, members.name(by)),
            [(change.item, change.value, answers.get(change.item)) for change in changes],
        )
        buttons = [
            [[f"{report_id:x}/{button.id}", button.label, button.tone.value] for button in row]
            for row in said.buttons
        ]
        payload = {"text": said.text, "buttons": buttons, "low": True, "report": report_id}
        told.append(tell(unit, person, payload, now))
    return tuple(told)
