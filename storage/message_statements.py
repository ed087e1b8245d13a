"""The statements of `messages.py`; after a change `python -m storage.prepare`."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import bindparam, delete, func, literal_column, select, update
from sqlmodel import col

from storage import tables
from storage.statements import Statement, Statements


class MessageStatements(Statements):
    """Every statement of `messages.py`."""

    @cached_property
    def take_in(self) -> Statement:
        insert = self.compile.insert(tables.Incoming).values(
            update_id=bindparam("update"),
            chat=bindparam("chat"),
            body=bindparam("body"),
            received_at=bindparam("at"),
            state=bindparam("state"),
        )
        return self.compile(
            insert.on_conflict_do_nothing(index_elements=["update_id"]),
            "update",
            "chat",
            "body",
            "at",
            "state",
        )

    @cached_property
    def claim(self) -> Statement:
        one = tables.Incoming
        return self.compile(
            update(one)
            .where(
                col(one.update_id) == bindparam("update"), col(one.state) == bindparam("waiting")
            )
            .values(state=bindparam("state"), body=bindparam("body")),
            "body",
            "state",
            "update",
            "waiting",
        )

    @cached_property
    def fail(self) -> Statement:
        one = tables.Incoming
        return self.compile(
            update(one)
            .where(col(one.update_id) == bindparam("update"))
            .values(state=bindparam("state"), body=bindparam("body")),
            "body",
            "state",
            "update",
        )

    @cached_property
    def waiting(self) -> Statement:
        one = tables.Incoming
        return self.compile(
            select(col(one.update_id), col(one.chat), col(one.body))
            .where(col(one.state) == bindparam("state"))
            .order_by(col(one.update_id)),
            "state",
        )

    @cached_property
    def say(self) -> Statement:
        insert = (
            self.compile.insert(tables.Outgoing)
            .values(
                chat=bindparam("chat"),
                method=bindparam("method"),
                payload=bindparam("payload"),
                file=bindparam("file"),
                created_at=bindparam("at"),
                state=bindparam("state"),
            )
            .returning(col(tables.Outgoing.id))
        )
        return self.compile(insert, "chat", "method", "payload", "file", "at", "state")

    @cached_property
    def unsent(self) -> Statement:
        one = tables.Outgoing
        return self.compile(
            select(
                col(one.id),
                col(one.chat),
                col(one.method),
                col(one.payload),
                col(one.file),
                col(one.state),
            )
            .where(col(one.state) <= bindparam("state"))
            .order_by(col(one.id)),
            "state",
        )

    @cached_property
    def mark(self) -> Statement:
        one = tables.Outgoing
        return self.compile(
            update(one).where(col(one.id) == bindparam("id")).values(state=bindparam("state")),
            "state",
            "id",
        )

    @cached_property
    def over(self) -> Statement:
        one = tables.Outgoing
        return self.compile(
            update(one)
            .where(col(one.id) == bindparam("id"))
            .values(
                payload=bindparam("payload"),
                file=bindparam("file"),
                state=bindparam("state"),
                message_id=bindparam("message"),
            ),
            "payload",
            "file",
            "state",
            "message",
            "id",
        )

    @cached_property
    def message_id(self) -> Statement:
        one = tables.Outgoing
        return self.compile(select(col(one.message_id)).where(col(one.id) == bindparam("id")), "id")

    @cached_property
    def shown(self) -> Statement:
        insert = self.compile.insert(tables.Shown).values(
            chat=bindparam("chat"),
            message_id=bindparam("message"),
            report_id=bindparam("report"),
            number=bindparam("number"),
        )
        return self.compile(
            insert.on_conflict_do_update(
                index_elements=["chat", "message_id"],
                set_={
                    "report_id": insert.excluded["report_id"],
                    "number": insert.excluded["number"],
                },
            ),
            "chat",
            "message",
            "report",
            "number",
        )

    @cached_property
    def about(self) -> Statement:
        one = tables.Shown
        return self.compile(
            select(col(one.report_id), col(one.number)).where(
                col(one.chat) == bindparam("chat"), col(one.message_id) == bindparam("message")
            ),
            "chat",
            "message",
        )

    @cached_property
    def question(self) -> Statement:
        """The newest message of ours about an item, before a message of the person's."""
        one, out = tables.Shown, tables.Outgoing
        ours = (
            select(col(out.id))
            .where(col(out.chat) == col(one.chat), col(out.message_id) == col(one.message_id))
            .exists()
        )
        return self.compile(
            select(func.max(col(one.message_id))).where(
                col(one.chat) == bindparam("chat"),
                col(one.message_id) < bindparam("before"),
                col(one.report_id) == bindparam("report"),
                col(one.number) == bindparam("number"),
                ours,
            ),
            "chat",
            "before",
            "report",
            "number",
        )

    @cached_property
    def prune_in(self) -> Statement:
        one = tables.Incoming
        old = (
            select(col(one.update_id))
            .where(col(one.state) != bindparam("state"), col(one.received_at) < bindparam("before"))
            .limit(bindparam("most"))
            .offset(literal_column("0"))
        )
        return self.compile(
            delete(one).where(col(one.update_id).in_(old)), "state", "before", "most"
        )

    @cached_property
    def prune_out(self) -> Statement:
        one = tables.Outgoing
        old = (
            select(col(one.id))
            .where(col(one.state) >= bindparam("state"), col(one.created_at) < bindparam("before"))
            .limit(bindparam("most"))
            .offset(literal_column("0"))
        )
        return self.compile(delete(one).where(col(one.id).in_(old)), "state", "before", "most")
