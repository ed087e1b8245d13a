"""A card says itself which item it asks for; indexes hold what is open, not what is over."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0005_cards"
down_revision = "0004_keys_of_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The newest card of a report is the one that is open, so nobody's row names it any more."""
    op.add_column("outgoing", sa.Column("report_id", sa.Integer(), nullable=True))
    op.add_column("outgoing", sa.Column("number", sa.Integer(), nullable=True))
    _name_items()
    op.drop_column("person", "card")
    op.drop_index(op.f("ix_incoming_state_update_id"), "incoming")
    op.drop_index(op.f("ix_outgoing_state_id"), "outgoing")
    _index("ix_incoming_waiting", "incoming", ["update_id"], "state = 0")
    _index("ix_outgoing_unsent", "outgoing", ["id"], "state <= 1")
    _index("ix_outgoing_card", "outgoing", ["chat", "id"], "report_id IS NOT NULL")
    _index("ix_outgoing_arrived", "outgoing", ["chat", "message_id"], "message_id IS NOT NULL")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _name_items() -> None:
    """What was sent is known as shown; what was not yet says it in its payload."""
    link = op.get_bind()
    outgoing = sa.table(
        "outgoing",
        *map(sa.column, ("id", "chat", "message_id", "state", "payload", "report_id", "number")),
    )
    shown = sa.table("shown", *map(sa.column, ("chat", "message_id", "report_id", "number")))
    same = (shown.c.chat == outgoing.c.chat) & (shown.c.message_id == outgoing.c.message_id)
    link.execute(
        outgoing.update()
        .where(sa.exists().where(same))
        .values(
            report_id=sa.select(shown.c.report_id).where(same).scalar_subquery(),
            number=sa.select(shown.c.number).where(same).scalar_subquery(),
        )
    )
    unsent = sa.select(outgoing.c.id, outgoing.c.payload).where(outgoing.c.state <= 1)
    for id_, payload in link.execute(unsent).all():
        content = json.loads(payload)
        if "report" in content:
            link.execute(
                outgoing.update()
                .where(outgoing.c.id == id_)
                .values(report_id=content["report"], number=content["number"])
            )
