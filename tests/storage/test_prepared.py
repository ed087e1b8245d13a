"""
The SQL that was written out beforehand: it is what the statements come to, and converts alike.
"""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Date
from sqlalchemy.dialects import sqlite
from sqlmodel.sql.sqltypes import UTCDateTime

from storage import converters
from storage.prepare import FILE, text
from storage.prepared_groups import MODULES, Prepared, group_named
from storage.statements import Compiler

ROOT = Path(__file__).resolve().parents[2]
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
# A day away from both ends, where another zone's clock would leave the calendar.
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=OFFSETS)  # noqa: DTZ001


def test_the_prepared_statements_are_those_of_today():
    """
    After a change of a statement or a table: `python -m storage.prepare`.
    """
    assert text() == FILE.read_text(encoding="utf-8"), "run `python -m storage.prepare`"


@pytest.mark.parametrize("name", MODULES)
def test_a_prepared_group_has_what_its_class_compiles(name: str):
    """
    The text, and at every place the very same converter.
    """
    prepared = vars(Prepared(name))
    group = group_named(name)(Compiler("sqlite"))

    assert prepared
    for member, found in prepared.items():
        assert getattr(group, member) == found, member


def theirs(type_: Any) -> tuple[Any, Any]:
    """
    SQLAlchemy's converters for a column type on SQLite.
    """
    dialect = sqlite.dialect()
    there = type_.dialect_impl(dialect)
    return there.bind_processor(dialect), there.result_processor(dialect, None)


@settings(max_examples=200)
@given(MOMENTS)
def test_a_moment_is_written_and_read_as_sqlalchemy_does(moment: datetime):
    """
    In UTC, with six places; a store of one is the store of the other.
    """
    write, read = theirs(UTCDateTime())

    written = converters.moment_in(moment)

    assert write(moment) == written
    assert (read(written), UTC) == (converters.moment_out(written), read(written).tzinfo)
    assert moment == converters.moment_out(written)


def test_a_naive_moment_is_refused():
    """
    Nobody could say which moment it is.
    """
    with pytest.raises(ValueError, match="timezone"):
        converters.moment_in(datetime(2026, 1, 12, 9))  # noqa: DTZ001


@settings(max_examples=100)
@given(st.dates() | MOMENTS)
def test_a_day_is_written_and_read_as_sqlalchemy_does(day: date):
    """
    A moment stands for its day.
    """
    write, read = theirs(Date())

    written = converters.day_in(day)

    assert write(day) == written
    assert read(written) == converters.day_out(written)


@pytest.mark.parametrize("flag", [True, False])
def test_a_flag_is_written_and_read_as_sqlalchemy_does(flag: bool):
    """
    1 and 0 in the file.
    """
    write, read = theirs(Boolean())

    written = converters.flag_in(flag)

    assert write(flag) == written
    assert (flag, flag) == (read(written), converters.flag_out(written))


def test_a_start_on_a_ready_store_does_without_sqlalchemy(tmp_path: Path):
    """
    It is slow to import, and the first question needs nothing of it.
    """
    chat = "from bot.__main__ import main; import sys; sys.stdin = None\n"
    chat += f"main(['chat', '--jsonl', '--data', {str(tmp_path)!r}, '--organ', '雷鸣镇', '--year', '2023'])\n"  # noqa: E501
    chat += "print(sorted({'sqlalchemy', 'sqlmodel', 'pydantic'} & sys.modules.keys()))"

    said = [
        subprocess.run(
            [sys.executable, "-c", chat], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.splitlines()
        for _ in range(2)
    ]

    assert "2023" in said[1][0]
    assert ["['pydantic', 'sqlalchemy', 'sqlmodel']", "[]"] == [lines[-1] for lines in said]
