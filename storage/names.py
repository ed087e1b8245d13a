"""Finding an organ by its present name, or else by a former one."""

from __future__ import annotations

from sqlalchemy import bindparam, func, literal_column, select

from storage.county_tables import ORGAN_RECORD
from storage.tables import ORGAN

RENAMED = "renamed"

_SO_NAMED = select(ORGAN.c.id).where(ORGAN.c.name == bindparam("organ")).scalar_subquery()

_ONCE_NAMED = (
    select(ORGAN_RECORD.c.organ_id)
    .where(
        ORGAN_RECORD.c.what == literal_column(f"'{RENAMED}'"),
        ORGAN_RECORD.c.before == bindparam("organ"),
    )
    .order_by(ORGAN_RECORD.c.id.desc())
    .limit(literal_column("1"))
    .scalar_subquery()
)

# The id of the organ with a name; former names count only if no organ has it now.
KNOWN_AS = func.coalesce(_SO_NAMED, _ONCE_NAMED)
