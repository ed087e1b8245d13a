"""
Where answers are kept: one SQLite file, or PostgreSQL.

`Store.open` opens a store, `Store.begin` a transaction. Values go in and values come out; row
objects stay in this room.
"""

from storage.errors import StoreBusy, StoreError, StoreTooNew
from storage.reports import Reader
from storage.store import Store
from storage.stored import Earlier, Entry, NoSuchReport, Stored
from storage.unit import Unit

__all__ = [
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
