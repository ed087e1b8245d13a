"""
Where answers are kept: one SQLite file, or PostgreSQL.

`Store.open` gives a store, `Store.begin` a transaction; values go in and values come
out, no row object leaves this room.
"""

from storage.errors import StoreBusy, StoreError, StoreTooNew
from storage.reports import Reader
from storage.store import Store
from storage.stored import Change, Earlier, Entry, NoSuchReport, Stored
from storage.unit import Unit

__all__ = [
    "Change",
    "Earlier",
    "Entry",
    "NoSuchReport",
    "Reader",
    "Store",
    "StoreBusy",
    "StoreError",
    "StoreTooNew",
    "Stored",
    "Unit",
]
