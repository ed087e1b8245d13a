"""
Groups of statements whose SQL for SQLite was written out beforehand.

Importing SQLModel and compiling the statements took longer than all the rest of a start.
`prepared.py` holds what they come to. Whoever changes a statement or a table writes it
anew with `python -m storage.prepare`; a test says when it is stale.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.statements import Statements

# Where each group is written.
MODULES = {
    "ReportStatements": "storage.report_statements",
    "PeopleStatements": "storage.people_statements",
    "MessageStatements": "storage.message_statements",
    "TaskStatements": "storage.task_statements",
    "DueStatements": "storage.task_statements",
    "OneStatements": "storage.task_statements",
    "OrganStatements": "storage.task_statements",
    "EveryStatements": "storage.task_statements",
}


class Prepared:
    """One group, for SQLite; its statements are attributes, as those of the class are."""

    def __init__(self, name: str) -> None:
        """Import nothing but the texts."""
        from storage.prepared import PREPARED

        self.__dict__.update(PREPARED[name])


def group_named(name: str) -> type[Statements]:
    """The class itself."""
    found: type[Statements] = getattr(importlib.import_module(MODULES[name]), name)
    return found
