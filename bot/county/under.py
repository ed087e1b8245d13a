"""The organs below which a person looks after others, and the one that a button names."""

from __future__ import annotations

from collections.abc import Iterable

from bot.button_numbers import read_number
from bot.reminding.asker import Asker
from conversations.reminders.tasks import newest_year, year_of_work
from conversations.sign_off.rights import Action
from storage.members import MemberReader
from storage.organs import years_below

MOST_OFFERED = 40  # organs to choose from, one per button; a message holds a hundred buttons

Organ = tuple[int, str]


def named(asker: Asker, number: str) -> Organ | None:
    """The organ that a button names, None if the person does not look after it."""
    organ_id = read_number(number)
    if organ_id is None or not asker.access.may(Action.MANAGE, organ_id):
        return None
    return MemberReader(asker.unit).organ(organ_id)


def year_below(asker: Asker, organs: Iterable[int]) -> int:
    """The year of work below these organs: after March the newest that is under way."""
    years = {year for organ_id in organs for year in years_below(asker.unit, organ_id)}
    return year_of_work(asker.today, years) or newest_year(asker.today)
