"""The history of a report as colleagues see it: who changed what, and when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from conversations.form.answers import Value
from conversations.form.model import Form, ItemId
from conversations.talk.buttons import short_mark

# The key of a person in rows; a forgotten person has no name.
KEY = re.compile("p[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One change of an answer; None means no answer.

    `by` is the key of the person, or the word of another door; `name` is their present name, "" if
    unknown. `at` has a time zone.
    """

    at: datetime
    by: str
    name: str
    door: str
    item: ItemId
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Happened:
    """
    What a person did at one moment: changes in a section, a step, a remark.

    `section` is "" for title, signature and the whole report.
    """

    at: datetime
    by: str
    name: str
    door: str
    section: ItemId
    text: str


def section_of(form: Form, item: ItemId) -> ItemId:
    """The section of a figure, line or text, "" if it is in none."""
    if item in form.remark:
        return form.remark[item].section
    if item in form.section:
        return item
    section = form.section_of.get(item)
    return section.id if section else ""


def told(
    form: Form, entries: Iterable[Entry], text_of: Callable[[tuple[Entry, ...]], str]
) -> Iterator[Happened]:
    """The changes; those of one person at one moment in one section are one."""

    def together(entry: Entry) -> tuple[datetime, str, str, ItemId]:
        return entry.at, entry.by, entry.door, section_of(form, entry.item)

    for (at, by, door, section), group in groupby(entries, together):
        changes = tuple(group)
        yield Happened(at, by, changes[0].name, door, section, text_of(changes))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of a history: a section, a person (by the mark) or a day; or all."""

    section: ItemId = ""
    person: str = ""
    day: date | None = None

    def fits(self, happened: Happened) -> bool:
        """Whether something passes the filter; moments are in the office's zone."""
        return (
            (not self.section or happened.section == self.section)
            and (not self.person or short_mark(happened.by) == self.person)
            and (self.day is None or happened.at.date() == self.day)
        )

    def mark(self, form: Form) -> str:
        """For the ids of buttons: at most eight hexadecimal digits, "" for all."""
        if self.section:
            return format(form.number[self.section], "x")
        return self.person if self.day is None else f"{self.day:%Y%m%d}"

    @classmethod
    def of(cls, mark: str, form: Form) -> Wanted:
        """Decode a mark. An unknown mark gives a filter for a person without entries."""
        if not mark:
            return cls()
        item = form.item.get(int(mark, 16), "")
        if item in form.section and len(mark) < len("20250101"):
            return cls(section=item)
        try:
            return cls(day=datetime.strptime(mark, "%Y%m%d").date())  # noqa: DTZ007 - a day
        except ValueError:
            return cls(person=mark)
