"""Run by Alembic, on the connection and in the transaction of the caller."""

from __future__ import annotations

from alembic import context

from storage import county_tables, sign_off_tables  # noqa: F401 - of the same collection
from storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,  # it names constraints, in the versions too
    user_module_prefix="sqltypes.",  # as script.py.mako imports it
    render_as_batch=True,  # SQLite changes a table by building it anew
    transactional_ddl=False,  # the transaction is the caller's
    compare_server_default=True,
)
context.run_migrations()
