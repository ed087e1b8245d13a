"""What can be wrong with a store, as sentences for the person who started the program."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError


class StoreError(Exception):
    """
    The store cannot be used as it is.

    Its text is one plain Chinese sentence for the user; the cause is for the log.
    """


class StoreTooNew(StoreError):  # noqa: N818 - it is not an error to be new
    """The data were written by a newer version of the program: nothing was touched."""


class StoreDamaged(StoreError):  # noqa: N818 - a state, too
    """The stored data cannot be read: another try will not help."""


class ReportDamaged(StoreDamaged):
    """An answer of one report, or one row about a person, cannot be read; others can."""


class StoreBusy(StoreError):  # noqa: N818 - a state, which passes
    """Another program kept the store locked for longer than we wait. May be tried again."""


# Raised inside a transaction if the database fails or refuses. When the transaction ends, a fault
# of the place becomes a `StoreError`; a bug of ours stays what it is.
STORE_FAILURES: tuple[type[Exception], ...] = (StoreError, DBAPIError)
