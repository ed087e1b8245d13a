"""The statements of `tasks.py`: whom to look at, tasks, claims, the calendar."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, func, literal_column, select, update
from sqlmodel import col

from storage import tables
from storage.statements import Statement, Statements


def _table(model: Any) -> Any:
    return model.__table__


def _clerk(member: type[tables.Member]) -> Any:
    return (col(member.role) == literal_column("'clerk'")) & col(member.left_at).is_(None)


def _administrator(member: type[tables.Member]) -> Any:
    return (col(member.role) == literal_column("'administrator'")) & col(member.left_at).is_(None)


def _assigned() -> Any:
    """Whose sections are whose; those of somebody who has left are everybody's again."""
    one, own = tables.Assignment, _table(tables.Report).alias("own")
    member = _table(tables.Member).alias("his")
    return (
        select(col(one.report_id), col(one.section), col(one.person_id))
        .join(own, own.c.id == col(one.report_id))
        .join(
            member,
            (member.c.person_id == col(one.person_id)) & (member.c.organ_id == own.c.organ_id),
        )
        .where(member.c.role == literal_column("'clerk'"), member.c.left_at.is_(None))
        .order_by(col(one.report_id), col(one.section))
    )


class DueStatements(Statements):
    """Everything about the people whose moment has come, the longest waiting first."""

    @property
    def people(self) -> Select[Any]:
        """Whom it is about; its parameters are `names`."""
        one = tables.Recipient
        return (
            select(col(one.person_id))
            .where(col(one.look_at) <= bindparam("now"))
            .order_by(col(one.look_at), col(one.person_id))
            .limit(bindparam("most"))
            .offset(literal_column("0"))
        )

    names: tuple[str, ...] = ("now", "most")

    @cached_property
    def due(self) -> Statement:
        """The one query of a tick in which nothing is due."""
        return self.compile(self.people, *self.names)

    @cached_property
    def recipients(self) -> Statement:
        one, person, member = tables.Recipient, tables.Person, tables.Member
        return self.compile(
            select(
                col(one.person_id),
                col(person.name),
                col(person.reachable),
                col(one.mode),
                col(one.starts),
                col(one.ends),
                col(one.zone),
                col(one.snooze_on),
                col(one.snooze_until),
                col(one.snooze_again),
                col(one.since),
                col(one.everything),
                col(one.look_at),
                col(one.unreachable_since),
                exists()
                .where(col(member.person_id) == col(one.person_id), _administrator(member))
                .label("administers"),
            )
            .select_from(one)
            .outerjoin(person, col(person.id) == col(one.person_id))
            .where(col(one.person_id).in_(self.people))
            .order_by(col(one.person_id)),
            *self.names,
        )

    @cached_property
    def own(self) -> Statement:
        member, report, task = tables.Member, tables.Report, tables.Task
        organ, history = tables.Organ, tables.History
        return self.compile(
            select(
                col(member.person_id),
                col(task.report_id),
                col(organ.name),
                col(report.year),
                col(report.edition),
                col(task.deadline),
                col(task.internal),
                col(task.since),
                col(task.work),
                col(task.work_history),
                col(report.final_history).is_not(None).label("finished"),
                select(func.max(col(history.id)))
                .where(col(history.report_id) == col(report.id))
                .scalar_subquery(),
            )
            .select_from(member)
            .join(report, col(report.organ_id) == col(member.organ_id))
            .join(task, col(task.report_id) == col(report.id))
            .join(organ, col(organ.id) == col(report.organ_id))
            .where(
                col(member.person_id).in_(self.people),
                _clerk(member),
                ~col(task.withdrawn),
                col(task.deadline) >= bindparam("lower"),
            )
            .order_by(col(member.person_id), col(task.deadline), col(task.report_id)),
            *self.names,
            "lower",
        )

    @cached_property
    def assigned(self) -> Statement:
        member, report = tables.Member, tables.Report
        reports = (
            select(col(report.id))
            .join(member, col(member.organ_id) == col(report.organ_id))
            .where(col(member.person_id).in_(self.people))
        )
        return self.compile(
            _assigned().where(col(tables.Assignment.report_id).in_(reports)), *self.names
        )

    @cached_property
    def deliveries(self) -> Statement:
        one = tables.Reminded
        return self.compile(
            select(
                col(one.person_id),
                col(one.task),
                col(one.kind),
                col(one.day),
                col(one.at),
                col(one.step),
                col(one.number),
            ).where(
                col(one.person_id).in_(self.people),
                col(one.day) >= bindparam("since"),
            ),
            *self.names,
            "since",
        )

    @cached_property
    def nudges(self) -> Statement:
        one = tables.Nudge
        return self.compile(
            select(col(one.person_id), col(one.report_id), col(one.at)).where(
                col(one.person_id).in_(self.people)
            ),
            *self.names,
        )

    @cached_property
    def pending(self) -> Statement:
        one = tables.Notice
        return self.compile(
            select(
                col(one.person_id),
                col(one.day),
                col(one.number),
                col(one.lease),
                col(one.outgoing),
            ).where(col(one.person_id).in_(self.people), col(one.lease).is_not(None)),
            *self.names,
        )


class OneStatements(DueStatements):
    """The same about one person."""

    names = ("person",)

    @property
    def people(self) -> Select[Any]:
        one = tables.Recipient
        return select(col(one.person_id)).where(col(one.person_id) == bindparam("person"))


class OrganStatements(DueStatements):
    """The same about the clerks of one report's organ."""

    names = ("report",)

    @property
    def people(self) -> Select[Any]:
        report, member = tables.Report, tables.Member
        return (
            select(col(member.person_id))
            .join(report, col(report.organ_id) == col(member.organ_id))
            .where(col(report.id) == bindparam("report"), _clerk(member))
        )


class EveryStatements(DueStatements):
    """The same about everybody."""

    names = ()

    @property
    def people(self) -> Select[Any]:
        return select(col(tables.Recipient.person_id))


class TaskStatements(Statements):
    """Every other statement of this module."""

    # ---- tasks ------------------------------------------------------------------------

    @cached_property
    def task(self) -> Statement:
        task, report, organ = tables.Task, tables.Report, tables.Organ
        return self.compile(
            select(
                col(organ.name),
                col(report.year),
                col(task.deadline),
                col(task.internal),
                col(task.withdrawn),
            )
            .select_from(task)
            .join(report, col(report.id) == col(task.report_id))
            .join(organ, col(organ.id) == col(report.organ_id))
            .where(col(task.report_id) == bindparam("report")),
            "report",
        )

    @cached_property
    def assigned(self) -> Statement:
        return self.compile(
            _assigned().where(col(tables.Assignment.report_id) == bindparam("report")), "report"
        )

    @cached_property
    def begin(self) -> Statement:
        return self.compile(
            self.compile.insert(tables.Task)
            .inline()
            .values(
                report_id=bindparam("report"),
                deadline=bindparam("deadline"),
                withdrawn=bindparam("withdrawn"),
                since=bindparam("since"),
            )
            .on_conflict_do_nothing(index_elements=["report_id"]),
            "report",
            "deadline",
            "withdrawn",
            "since",
        )

    @cached_property
    def change(self) -> Statement:
        task = tables.Task
        return self.compile(
            update(task)
            .where(col(task.report_id) == bindparam("report"))
            .values(
                deadline=bindparam("deadline"),
                internal=bindparam("internal"),
                withdrawn=bindparam("withdrawn"),
            ),
            "deadline",
            "internal",
            "withdrawn",
            "report",
        )

    @cached_property
    def assign(self) -> Statement:
        insert = self.compile.insert(tables.Assignment).values(
            report_id=bindparam("report"), section=bindparam("section"), person_id=bindparam("to")
        )
        return self.compile(
            insert.on_conflict_do_update(
                index_elements=["report_id", "section"],
                set_={"person_id": insert.excluded["person_id"]},
            ),
            "report",
            "section",
            "to",
        )

    @cached_property
    def unassign(self) -> Statement:
        one = tables.Assignment
        return self.compile(
            delete(one).where(
                col(one.report_id) == bindparam("report"), col(one.section) == bindparam("section")
            ),
            "report",
            "section",
        )

    @cached_property
    def remember(self) -> Statement:
        task = tables.Task
        return self.compile(
            update(task)
            .where(col(task.report_id) == bindparam("report"))
            .values(work=bindparam("work"), work_history=bindparam("history")),
            "work",
            "history",
            "report",
        )

    @cached_property
    def clerks(self) -> Statement:
        member, report, person = tables.Member, tables.Report, tables.Person
        return self.compile(
            select(col(member.person_id), col(person.name))
            .select_from(member)
            .join(report, col(report.organ_id) == col(member.organ_id))
            .outerjoin(person, col(person.id) == col(member.person_id))
            .where(col(report.id) == bindparam("report"), _clerk(member))
            .order_by(col(member.joined_at), col(member.person_id)),
            "report",
        )

    def _administered(self, *where: Any) -> Any:
        task, report, organ = tables.Task, tables.Report, tables.Organ
        return (
            select(
                col(task.report_id),
                col(organ.id),
                col(organ.name),
                col(report.year),
                col(task.deadline),
                col(task.internal),
                col(report.final_history).is_not(None).label("finished"),
            )
            .select_from(task)
            .join(report, col(report.id) == col(task.report_id))
            .join(organ, col(organ.id) == col(report.organ_id))
            .where(
                ~col(task.withdrawn),
                col(task.deadline) >= bindparam("lower"),
                func.coalesce(col(task.internal), col(task.deadline)) <= bindparam("upper"),
                *where,
            )
            .order_by(col(task.deadline), col(organ.name), col(task.report_id))
        )

    @cached_property
    def all_tasks(self) -> Statement:
        return self.compile(self._administered(), "lower", "upper")

    @cached_property
    def their_tasks(self) -> Statement:
        member = tables.Member
        organs = select(col(member.organ_id)).where(
            col(member.person_id) == bindparam("person"), _administrator(member)
        )
        return self.compile(
            self._administered(col(tables.Report.organ_id).in_(organs)),
            "lower",
            "upper",
            "person",
        )

    @cached_property
    def unreachable(self) -> Statement:
        """Clerks who cannot be written to, of all organs: there are few."""
        member, person, one = tables.Member, tables.Person, tables.Recipient
        return self.compile(
            select(
                col(member.organ_id),
                col(person.id),
                col(person.name),
                col(one.unreachable_since),
            )
            .select_from(person)
            .join(member, col(member.person_id) == col(person.id))
            .outerjoin(one, col(one.person_id) == col(person.id))
            .where(~col(person.reachable), _clerk(member))
            .order_by(col(member.organ_id), col(person.id))
        )

    # ---- recipients ---------------------------------------------------------------------

    @cached_property
    def wake(self) -> Statement:
        """Look at a person at once; it is made somebody who may be reminded."""
        one = tables.Recipient
        insert = self.compile.insert(one).values(
            person_id=bindparam("person"),
            mode=bindparam("mode"),
            starts=bindparam("starts"),
            ends=bindparam("ends"),
            zone=bindparam("zone"),
            snooze_again=bindparam("again"),
            everything=bindparam("everything"),
            since=bindparam("since"),
            look_at=bindparam("look"),
        )
        return self.compile(
            insert.on_conflict_do_update(
                index_elements=["person_id"], set_={"look_at": insert.excluded["look_at"]}
            ),
            "person",
            "mode",
            "starts",
            "ends",
            "zone",
            "again",
            "since",
            "everything",
            "look",
        )

    @cached_property
    def wake_silent(self) -> Statement:
        """Clerks of a report who had nothing to do: now they may."""
        one, member, report = tables.Recipient, tables.Member, tables.Report
        clerks = (
            select(col(member.person_id))
            .join(report, col(report.organ_id) == col(member.organ_id))
            .where(col(report.id) == bindparam("report"))
        )
        return self.compile(
            update(one)
            .where(col(one.look_at).is_(None), col(one.person_id).in_(clerks))
            .values(look_at=bindparam("look")),
            "look",
            "report",
        )

    @cached_property
    def wake_administrators(self) -> Statement:
        """Those who look after one of a person's organs."""
        one, his = tables.Recipient, _table(tables.Member).alias("his")
        member = tables.Member
        organs = select(his.c.organ_id).where(his.c.person_id == bindparam("person"))
        administrators = select(col(member.person_id)).where(
            _administrator(member), col(member.organ_id).in_(organs)
        )
        return self.compile(
            update(one)
            .where(col(one.everything) | col(one.person_id).in_(administrators))
            .values(look_at=bindparam("look")),
            "look",
            "person",
        )

    @cached_property
    def wake_all(self) -> Statement:
        return self.compile(update(tables.Recipient).values(look_at=bindparam("look")), "look")

    @cached_property
    def plan(self) -> Statement:
        """When to look again, unless something has happened meanwhile."""
        one = tables.Recipient
        return self.compile(
            update(one)
            .where(
                col(one.person_id) == bindparam("person"),
                col(one.look_at) == bindparam("seen"),
            )
            .values(look_at=bindparam("look")),
            "look",
            "person",
            "seen",
        )

    @cached_property
    def look(self) -> Statement:
        one = tables.Recipient
        return self.compile(
            update(one)
            .where(col(one.person_id) == bindparam("person"))
            .values(look_at=bindparam("look")),
            "look",
            "person",
        )

    @cached_property
    def wishes(self) -> Statement:
        one = tables.Recipient
        return self.compile(
            update(one)
            .where(col(one.person_id) == bindparam("person"))
            .values(
                mode=bindparam("mode"),
                starts=bindparam("starts"),
                ends=bindparam("ends"),
                since=bindparam("since"),
                look_at=bindparam("look"),
            ),
            "mode",
            "starts",
            "ends",
            "since",
            "look",
            "person",
        )

    @cached_property
    def snooze(self) -> Statement:
        one = tables.Recipient
        return self.compile(
            update(one)
            .where(col(one.person_id) == bindparam("person"))
            .values(
                snooze_on=bindparam("on"),
                snooze_until=bindparam("until"),
                snooze_again=bindparam("again"),
                look_at=bindparam("look"),
            ),
            "on",
            "until",
            "again",
            "look",
            "person",
        )

    @cached_property
    def unreachable_since(self) -> Statement:
        one = tables.Recipient
        return self.compile(
            update(one)
            .where(col(one.person_id) == bindparam("person"))
            .values(unreachable_since=bindparam("day")),
            "day",
            "person",
        )

    @cached_property
    def no_longer_everything(self) -> Statement:
        one = tables.Recipient
        return self.compile(
            update(one).where(col(one.everything)).values(everything=bindparam("no")), "no"
        )

    @cached_property
    def everything(self) -> Statement:
        one = tables.Recipient
        return self.compile(
            update(one)
            .where(col(one.person_id) == bindparam("person"))
            .values(everything=bindparam("yes")),
            "yes",
            "person",
        )

    # ---- sending --------------------------------------------------------------------

    @cached_property
    def notice(self) -> Statement:
        return self.compile(
            self.compile.insert(tables.Notice)
            .inline()
            .values(
                person_id=bindparam("person"),
                day=bindparam("day"),
                number=bindparam("number"),
                lease=bindparam("lease"),
                outgoing=bindparam("outgoing"),
            )
            .on_conflict_do_nothing(index_elements=["person_id", "day", "number"]),
            "person",
            "day",
            "number",
            "lease",
            "outgoing",
        )

    @cached_property
    def unsay(self) -> Statement:
        one = tables.Outgoing
        return self.compile(delete(one).where(col(one.id) == bindparam("id")), "id")

    @cached_property
    def reminded(self) -> Statement:
        return self.compile(
            self.compile.insert(tables.Reminded)
            .inline()
            .values(
                task=bindparam("task"),
                person_id=bindparam("person"),
                kind=bindparam("kind"),
                day=bindparam("day"),
                number=bindparam("number"),
                step=bindparam("step"),
                at=bindparam("at"),
            )
            .on_conflict_do_nothing(),
            "task",
            "person",
            "kind",
            "day",
            "number",
            "step",
            "at",
        )

    @cached_property
    def settle(self) -> Statement:
        one = tables.Notice
        return self.compile(
            update(one)
            .where(
                col(one.person_id) == bindparam("person"),
                col(one.day) == bindparam("day"),
                col(one.number) == bindparam("number"),
            )
            .values(lease=bindparam("lease")),
            "lease",
            "person",
            "day",
            "number",
        )

    @cached_property
    def give_up(self) -> Statement:
        one = tables.Notice
        return self.compile(
            delete(one).where(
                col(one.person_id) == bindparam("person"),
                col(one.day) == bindparam("day"),
                col(one.number) == bindparam("number"),
                col(one.lease) == bindparam("lease"),
            ),
            "person",
            "day",
            "number",
            "lease",
        )

    @cached_property
    def forget(self) -> Statement:
        one = tables.Reminded
        return self.compile(
            delete(one).where(
                col(one.person_id) == bindparam("person"),
                col(one.day) == bindparam("day"),
                col(one.number) == bindparam("number"),
            ),
            "person",
            "day",
            "number",
        )

    @cached_property
    def nudge(self) -> Statement:
        return self.compile(
            self.compile.insert(tables.Nudge)
            .inline()
            .values(
                person_id=bindparam("person"),
                report_id=bindparam("report"),
                at=bindparam("at"),
                by=bindparam("by"),
            )
            .on_conflict_do_nothing(),
            "person",
            "report",
            "at",
            "by",
        )

    # ---- the calendar -----------------------------------------------------------------

    @cached_property
    def days(self) -> Statement:
        one = tables.CalendarDay
        return self.compile(select(col(one.day), col(one.works)).order_by(col(one.day)))

    @cached_property
    def years(self) -> Statement:
        one = tables.CalendarYear
        return self.compile(select(col(one.year)).order_by(col(one.year)))

    @cached_property
    def put_day(self) -> Statement:
        insert = self.compile.insert(tables.CalendarDay).values(
            day=bindparam("day"), works=bindparam("works")
        )
        return self.compile(
            insert.on_conflict_do_update(
                index_elements=["day"], set_={"works": insert.excluded["works"]}
            ),
            "day",
            "works",
        )

    @cached_property
    def drop_day(self) -> Statement:
        one = tables.CalendarDay
        return self.compile(delete(one).where(col(one.day) == bindparam("day")), "day")

    @cached_property
    def put_year(self) -> Statement:
        insert = self.compile.insert(tables.CalendarYear).inline().values(year=bindparam("year"))
        return self.compile(insert.on_conflict_do_nothing(index_elements=["year"]), "year")

    @cached_property
    def drop_year(self) -> Statement:
        one = tables.CalendarYear
        return self.compile(delete(one).where(col(one.year) == bindparam("year")), "year")
