"""
A copy of the database made while people answer.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.databases import FILE_NAME
from tests.storage.test_together import start, stored


@pytest.mark.long
def test_a_copy_made_while_people_answer_has_what_was_acknowledged(tmp_path: Path):
    """
    By SQLite's own backup, as the guide says; each copy opens and everything in it agrees.
    """
    clerk = start(tmp_path, "write")
    assert b"open\n" == clerk.stdout.readline()
    for number in range(5):
        acknowledged = [int(clerk.stdout.readline()) for _ in range(5)][-1]
        copy = tmp_path / f"copy{number}.sqlite3"
        with (
            closing(sqlite3.connect(tmp_path / FILE_NAME)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)

        assert stored(copy) >= acknowledged
    clerk.kill()
    clerk.communicate()
