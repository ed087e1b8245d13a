"""
The Word templates that organs have put into use: that of the nearest organ counts.

Values in, values out. A template is checked before it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, literal, literal_column, select, update

from storage.county_tables import TEMPLATE
from storage.reports import Reader
from storage.tables import ORGAN, PERSON, REPORT, insert
from storage.unit import Unit

MOST_LEVELS = 32  # levels of organs: a look-up ends whatever is stored


@dataclass(frozen=True, slots=True)
class Template:
    """
    A template and its organ.

    `by` is the key of the person who put it into use, or the word of a door; `person` is their
    name. `ended_at` is None until it is taken back.
    """

    id: int
    organ_id: int
    organ: str
    name: str
    by: str
    person: str
    at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_person: str = ""


_ENDER = PERSON.alias("ender")

_TEMPLATES = (
    select(
        *TEMPLATE.c["id", "organ_id"],
        ORGAN.c.name,
        *TEMPLATE.c["name", "by"],
        func.coalesce(PERSON.c.name, literal_column("''")),
        *TEMPLATE.c["at", "ended_at", "ended_by"],
        func.coalesce(_ENDER.c.name, literal_column("''")),
    )
    .join_from(TEMPLATE, ORGAN)
    .outerjoin(PERSON, PERSON.c.key == TEMPLATE.c.by)
    .outerjoin(_ENDER, _ENDER.c.key == TEMPLATE.c.ended_by)
)


def _nearest(organ: Any) -> Select[Any]:
    """The template in use at an organ or at the nearest organ above."""
    up = (
        select(ORGAN.c.id, ORGAN.c.parent_id, literal(0).label("steps"))
        .where(ORGAN.c.id == organ)
        .cte("up", recursive=True)
    )
    up = up.union_all(
        select(ORGAN.c.id, ORGAN.c.parent_id, up.c.steps + 1)
        .join(up, ORGAN.c.id == up.c.parent_id)
        .where(up.c.steps < MOST_LEVELS)
    )
    return (
        _TEMPLATES.join(up, up.c.id == TEMPLATE.c.organ_id)
        .where(TEMPLATE.c.ended_at.is_(None))
        .order_by(up.c.steps, TEMPLATE.c.id.desc())
        .limit(1)
    )


IN_USE = _nearest(bindparam("organ"))

FOR_REPORT = _nearest(
    select(REPORT.c.organ_id).where(REPORT.c.id == bindparam("report")).scalar_subquery()
)

_NEWER = TEMPLATE.alias("newer")

_COUNTS = (
    TEMPLATE.c.ended_at.is_(None),
    ~exists().where(
        _NEWER.c.organ_id == TEMPLATE.c.organ_id,
        _NEWER.c.id > TEMPLATE.c.id,
        _NEWER.c.ended_at.is_(None),
    ),
)

ALL_IN_USE = _TEMPLATES.where(*_COUNTS).order_by(TEMPLATE.c.id.desc())

HISTORY = _TEMPLATES.where(TEMPLATE.c.organ_id == bindparam("organ")).order_by(TEMPLATE.c.id)

ONE = _TEMPLATES.where(TEMPLATE.c.id == bindparam("template"))

CONTENT = select(TEMPLATE.c.content).where(TEMPLATE.c.id == bindparam("template"))

USE = insert(TEMPLATE).returning(TEMPLATE.c.id)

END = update(TEMPLATE).where(TEMPLATE.c.id == bindparam("template"), *_COUNTS)


def in_use(reader: Reader, organ_id: int) -> Template | None:
    """The template that counts for an organ: its own, or that of the nearest organ above."""
    return reader.run(IN_USE, organ=organ_id).first_as(Template)


def for_report(reader: Reader, report_id: int) -> Template | None:
    """The template that counts for the organ of a report."""
    return reader.run(FOR_REPORT, report=report_id).first_as(Template)


def template(reader: Reader, template_id: int) -> Template | None:
    """One template, used or not."""
    return reader.run(ONE, template=template_id).first_as(Template)


def all_in_use(reader: Reader) -> tuple[Template, ...]:
    """The templates in use anywhere, the newest first."""
    return reader.run(ALL_IN_USE).all_as(Template)


def content(reader: Reader, template_id: int) -> bytes | None:
    """The bytes of a template, None if there is none with this number."""
    kept: bytes | None = reader.run(CONTENT, template=template_id).scalar()
    return kept


def history(reader: Reader, organ_id: int) -> tuple[Template, ...]:
    """Every template that an organ has ever used, the oldest first."""
    return reader.run(HISTORY, organ=organ_id).all_as(Template)


def use(unit: Unit, organ_id: int, name: str, content: bytes, by: str, at: datetime) -> int:
    """Put a template into use for an organ and those below it; returns its number."""
    template: int = unit.run(
        USE, organ_id=organ_id, name=name, content=content, by=by, at=at
    ).scalar()
    return template


def undo(unit: Unit, template_id: int, by: str, at: datetime) -> bool:
    """
    Take a template back: the previous one counts again.

    Returns:
        False if it is not in use any more: taken back already, or replaced.
    """
    return unit.run(END, template=template_id, ended_at=at, ended_by=by).rowcount == 1
