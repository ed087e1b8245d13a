"""Each person has a key of ours, by which rows name them; members have a record."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

from storage.migrations.history import unlocked_history
from storage.tables import LONG

revision = "0004_keys_of_people"
down_revision = "0003_reminders"
branch_labels = None
depends_on = None

# Where a Telegram number said who did something.
NAMING = {
    "history": "by",
    "answer": "by",
    "explanation": "by",
    "nudge": "by",
    "conversation": "person",
    "invitation": "created_by",
}


def upgrade() -> None:
    """Make the columns and the record; rows that held a Telegram number hold the key now."""
    op.add_column("invitation", sa.Column("revoked_at", sqltypes.UTCDateTime()))
    op.add_column("invitation", sa.Column("replaces", sqltypes.AutoString()))
    op.add_column("person", sa.Column("seen_at", sqltypes.UTCDateTime()))
    op.add_column("person", sa.Column("key", sqltypes.AutoString()))
    op.create_table(
        "member_record",
        sa.Column("id", LONG, primary_key=True),
        sa.Column("organ_id", sa.Integer(), sa.ForeignKey("organ.id"), nullable=False),
        sa.Column("person", sqltypes.AutoString(), nullable=False),
        sa.Column("what", sqltypes.AutoString(), nullable=False),
        sa.Column("role", sqltypes.AutoString(), nullable=False),
        sa.Column("by", sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "what IN ('begun', 'joined', 'left', 'removed', 'replaced', 'forgotten')",
            name="what",
        ),
        sa.Index(None, "organ_id", "id"),
    )
    _give_keys()
    with op.batch_alter_table("person") as person:
        person.alter_column("key", existing_type=sqltypes.AutoString(), nullable=False)
        person.create_unique_constraint(op.f("uq_person_key"), ["key"])
    _begin_record()


def _give_keys() -> None:
    """A key for every person, and for every number that rows name."""
    link = op.get_bind()
    person = sa.table("person", *map(sa.column, ("id", "key")))
    naming = {name: sa.table(name, sa.column(column)) for name, column in NAMING.items()}
    numbers = {str(number) for number in link.execute(sa.select(person.c.id)).scalars()}
    for table in naming.values():
        (column,) = table.c
        named = link.execute(sa.select(column).distinct()).scalars()
        numbers.update(text for text in named if text.isascii() and text.isdigit())
    if not numbers:
        return
    given = op.create_table(
        "given_key",
        sa.Column("number", sqltypes.AutoString(), primary_key=True),
        sa.Column("key", sqltypes.AutoString(), nullable=False),
    )
    link.execute(
        sa.insert(given),
        [{"number": number, "key": f"p{secrets.token_hex(6)}"} for number in sorted(numbers)],
    )
    link.execute(
        sa.update(person).values(
            key=sa.select(given.c.key)
            .where(given.c.number == sa.cast(person.c.id, sa.Text))
            .scalar_subquery()
        )
    )
    with unlocked_history():
        for table in naming.values():
            (column,) = table.c
            key = sa.select(given.c.key).where(given.c.number == column).scalar_subquery()
            is_given = column.in_(sa.select(given.c.number))
            link.execute(sa.update(table).where(is_given).values({column.name: key}))
    op.drop_table("given_key")


def _begin_record() -> None:
    """Those who are members now."""
    names = ("person_id", "organ_id", "role", "joined_at", "left_at")
    member = sa.table("member", *map(sa.column, names))
    person = sa.table("person", *map(sa.column, ("id", "key")))
    record = sa.table(
        "member_record", *map(sa.column, ("person", "organ_id", "role", "what", "by", "at"))
    )
    now = sa.literal(datetime.now(UTC), sqltypes.UTCDateTime())
    op.execute(
        sa.insert(record).from_select(
            ["person", "organ_id", "role", "what", "by", "at"],
            sa.select(
                person.c.key,
                member.c.organ_id,
                member.c.role,
                sa.literal("begun"),
                sa.literal("operator"),
                now,
            )
            .join_from(member, person, person.c.id == member.c.person_id)
            .where(member.c.left_at.is_(None))
            .order_by(member.c.organ_id, member.c.joined_at, member.c.person_id),
        )
    )
