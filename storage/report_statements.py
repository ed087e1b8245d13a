"""
The statements of `reports.py`.

For SQLite they are ready in `prepared.py`; after a change here write that anew.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.sql import bindparam, delete, literal_column
from sqlmodel import col

from conversations.form.model import ItemId
from conversations.form.numbers import NUMBERS
from storage import tables
from storage.statements import Convert, Statement, Statements

# An organ's own wording, asked once and offered again for its next report.
WORDING: tuple[ItemId, ...] = ("title", "introduction", "signature", "level")


class ReportStatements(Statements):
    """Every statement of `reports.py`; the hot ones first."""

    @cached_property
    def moment(self) -> Convert:
        """What makes a moment the driver's; a naive one raises ValueError."""
        return self.compile.convert_in(_type(tables.Answer, "at"))

    @cached_property
    def lock(self) -> Statement:
        """Others who mean to change this report wait here (PostgreSQL)."""
        report = tables.Report
        return self.compile(
            select(col(report.id))
            .where(col(report.id) == bindparam("report"))
            .with_for_update(key_share=True),
            "report",
        )

    @cached_property
    def header(self) -> Statement:
        """Everything about a report and a person's place in it but the answers."""
        report, organ, talk = tables.Report, tables.Organ, tables.Conversation
        history, explanation = tables.History, tables.Explanation
        return self.compile(
            select(
                col(organ.name),
                col(report.year),
                col(report.edition),
                col(report.final_history),
                col(talk.place),
                select(func.max(col(history.id)))
                .where(col(history.report_id) == col(report.id))
                .scalar_subquery(),
                select(func.max(col(explanation.id)))
                .where(col(explanation.report_id) == col(report.id))
                .scalar_subquery(),
            )
            .select_from(report)
            .join(organ, col(organ.id) == col(report.organ_id))
            .outerjoin(
                talk,
                (col(talk.report_id) == col(report.id)) & (col(talk.person) == bindparam("person")),
            )
            .where(col(report.id) == bindparam("report")),
            "person",
            "report",
        )

    @cached_property
    def answers(self) -> Statement:
        answer = tables.Answer
        return self.compile(
            select(col(answer.number), col(answer.value))
            .where(col(answer.report_id) == bindparam("report"))
            .order_by(col(answer.number)),
            "report",
        )

    @cached_property
    def put(self) -> Statement:
        """An answer, in the place of the one that stood there."""
        answer = tables.Answer
        insert = self.compile.insert(answer).values(
            report_id=bindparam("report"),
            number=bindparam("number"),
            value=bindparam("value"),
            by=bindparam("by"),
            at=bindparam("at"),
        )
        return self.compile(
            insert.on_conflict_do_update(
                index_elements=["report_id", "number"],
                set_={
                    "value": insert.excluded["value"],
                    "by": insert.excluded["by"],
                    "at": insert.excluded["at"],
                },
            ),
            "report",
            "number",
            "value",
            "by",
            "at",
        )

    @cached_property
    def remove(self) -> Statement:
        answer = tables.Answer
        return self.compile(
            delete(answer).where(
                col(answer.report_id) == bindparam("report"),
                col(answer.number) == bindparam("number"),
            ),
            "report",
            "number",
        )

    @cached_property
    def record(self) -> Statement:
        """A row of the history; PostgreSQL has to be asked for its id."""
        insert = self.compile.insert(tables.History).inline()
        asked = self.compile.kind == "postgresql"
        return self.compile(
            (insert.returning(col(tables.History.id)) if asked else insert).values(
                report_id=bindparam("report"),
                number=bindparam("number"),
                before=bindparam("before"),
                after=bindparam("after"),
                by=bindparam("by"),
                at=bindparam("at"),
                door=bindparam("door"),
            ),
            "report",
            "number",
            "before",
            "after",
            "by",
            "at",
            "door",
        )

    @cached_property
    def place(self) -> Statement:
        insert = self.compile.insert(tables.Conversation).values(
            person=bindparam("person"),
            report_id=bindparam("report"),
            place=bindparam("place"),
            updated_at=bindparam("at"),
        )
        return self.compile(
            insert.on_conflict_do_update(
                index_elements=["person", "report_id"],
                set_={
                    "place": insert.excluded.place,
                    "updated_at": insert.excluded.updated_at,
                },
            ),
            "person",
            "report",
            "place",
            "at",
        )

    @cached_property
    def explanations(self) -> Statement:
        row = tables.Explanation
        return self.compile(
            select(
                col(row.check_id),
                col(row.cells),
                col(row.key),
                col(row.text),
                col(row.by),
                col(row.at),
            )
            .where(col(row.report_id) == bindparam("report"))
            .order_by(col(row.id)),
            "report",
        )

    @cached_property
    def changes_since(self) -> Statement:
        history = tables.History
        return self.compile(
            select(col(history.number), col(history.before))
            .where(
                col(history.report_id) == bindparam("report"),
                col(history.id) > bindparam("final"),
            )
            .order_by(col(history.id)),
            "report",
            "final",
        )

    @cached_property
    def current(self) -> Statement:
        """The conversation a person was in last."""
        report, organ, talk = tables.Report, tables.Organ, tables.Conversation
        return self.compile(
            select(col(report.id), col(organ.name), col(report.year))
            .select_from(talk)
            .join(report, col(report.id) == col(talk.report_id))
            .join(organ, col(organ.id) == col(report.organ_id))
            .where(col(talk.person) == bindparam("person"))
            .order_by(col(talk.updated_at).desc(), col(talk.report_id).desc())
            .limit(literal_column("1"))
            .offset(literal_column("0")),
            "person",
        )

    @cached_property
    def find(self) -> Statement:
        report, organ = tables.Report, tables.Organ
        return self.compile(
            select(col(report.id))
            .join(organ, col(organ.id) == col(report.organ_id))
            .where(col(organ.name) == bindparam("name"), col(report.year) == bindparam("year")),
            "name",
            "year",
        )

    @cached_property
    def new_organ(self) -> Statement:
        return self.compile(
            self.compile.insert(tables.Organ)
            .inline()
            .values(name=bindparam("name"), created=bindparam("at"))
            .on_conflict_do_nothing(),
            "name",
            "at",
        )

    @cached_property
    def new_report(self) -> Statement:
        organ = tables.Organ
        columns = ["organ_id", "year", "edition", "created_at"]
        report = tables.Report
        return self.compile(
            self.compile.insert(report)
            .inline()
            .from_select(
                columns,
                select(
                    col(organ.id),
                    bindparam("year", type_=_type(report, "year")),
                    bindparam("edition", type_=_type(report, "edition")),
                    bindparam("at", type_=_type(report, "created_at")),
                ).where(col(organ.name) == bindparam("name")),
            )
            .on_conflict_do_nothing(),
            "year",
            "edition",
            "at",
            "name",
        )

    @cached_property
    def new_explanation(self) -> Statement:
        return self.compile(
            self.compile.insert(tables.Explanation)
            .inline()
            .values(
                report_id=bindparam("report"),
                check_id=bindparam("check"),
                cells=bindparam("cells"),
                key=bindparam("key"),
                text=bindparam("text"),
                by=bindparam("by"),
                at=bindparam("at"),
            ),
            "report",
            "check",
            "cells",
            "key",
            "text",
            "by",
            "at",
        )

    @cached_property
    def finish(self) -> Statement:
        report = tables.Report
        return self.compile(
            update(report)
            .where(col(report.id) == bindparam("report"))
            .values(final_history=bindparam("final"), final_at=bindparam("at")),
            "final",
            "at",
            "report",
        )

    @cached_property
    def newest(self) -> Statement:
        history = tables.History
        return self.compile(
            select(func.coalesce(func.max(col(history.id)), literal_column("0"))).where(
                col(history.report_id) == bindparam("report")
            ),
            "report",
        )

    @cached_property
    def of_year(self) -> Statement:
        """The report of the same organ on the year that lies this far from its own."""
        own, other, history = _aliased("own"), _aliased("other"), tables.History
        return self.compile(
            select(
                other.c.id,
                other.c.year,
                other.c.edition,
                select(func.max(col(history.id)))
                .where(col(history.report_id) == other.c.id)
                .scalar_subquery(),
            )
            .select_from(own)
            .join(other, other.c.organ_id == own.c.organ_id)
            .where(
                own.c.id == bindparam("report"),
                other.c.year == own.c.year + bindparam("difference", type_=own.c.year.type),
            ),
            "report",
            "difference",
        )

    @cached_property
    def wording(self) -> Statement:
        """The organ's wording in its other reports, newest year first."""
        own, other, answer = _aliased("own"), _aliased("other"), tables.Answer
        numbers: list[Any] = [literal_column(str(NUMBERS[item])) for item in WORDING]
        return self.compile(
            select(other.c.year, col(answer.number), col(answer.value))
            .select_from(own)
            .join(other, (other.c.organ_id == own.c.organ_id) & (other.c.id != own.c.id))
            .join(answer, col(answer.report_id) == other.c.id)
            .where(own.c.id == bindparam("report"), col(answer.number).in_(numbers))
            .order_by(other.c.year.desc()),
            "report",
        )

    @cached_property
    def history(self) -> Statement:
        history = tables.History
        return self.compile(
            select(
                col(history.id),
                col(history.number),
                col(history.before),
                col(history.after),
                col(history.by),
                col(history.at),
                col(history.door),
            )
            .where(col(history.report_id) == bindparam("report"))
            .order_by(col(history.id)),
            "report",
        )

    @cached_property
    def entries(self) -> Statement:
        answer = tables.Answer
        return self.compile(
            select(col(answer.number), col(answer.by), col(answer.at))
            .where(col(answer.report_id) == bindparam("report"))
            .order_by(col(answer.number)),
            "report",
        )

    @cached_property
    def years(self) -> Statement:
        report, organ = tables.Report, tables.Organ
        return self.compile(
            select(col(report.year))
            .join(organ, col(organ.id) == col(report.organ_id))
            .where(col(organ.name) == bindparam("name"))
            .order_by(col(report.year)),
            "name",
        )

    @cached_property
    def organs(self) -> Statement:
        return self.compile(select(col(tables.Organ.name)).order_by(col(tables.Organ.name)))


def _table(model: Any) -> Any:
    return model.__table__


def _aliased(name: str) -> Any:
    return _table(tables.Report).alias(name)


def _type(model: Any, column: str) -> Any:
    return _table(model).c[column].type
