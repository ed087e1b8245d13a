"""
A store of many reports, written in bulk: `python -m tests.load.fill TARGET --reports 150000`.

TARGET is a folder, a file or the address of an empty place in PostgreSQL. Each report is
answered as a clerk answers it, figure after figure, then the texts, with a history whose chain
holds (`storage/verify.py`); every so many of them is empty, its clerk at the first row of table
three. The organs stand below counties of 300. Everything is made of the numbers alone, so it is
the same in every run.
"""

import argparse
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import chain
from json import dumps
from pathlib import Path

import psycopg

from conversations.form import FORM_IN_FORCE as FORM
from conversations.form.numbers import NUMBERS
from conversations.talk.derived import asked_lines
from conversations.talk.session import Place, State
from storage import Store
from storage.databases import SQLite, locate

YEAR = 2024
PERSON = 1_000_000  # the first organ's clerk is the next
COUNTY = 301  # so many organs, the last of them above the others
KINDS = 32  # of reports with other figures
AT_ONCE = 500  # reports, in one order to the database
BEGUN = datetime(2025, 1, 6, 1, tzinfo=UTC)
ROWS = asked_lines(FORM.tables[1])
DONE, BEGINNING = Place(State.CONTENTS).dumps(), Place(State.LINE, ROWS[0].id).dumps()
FIGURES = tuple(NUMBERS[cell] for cell in FORM.asked)
TEXTS = tuple(
    (NUMBERS[item.id], share) for item, share in zip(FORM.narratives, (8, 4, 1), strict=True)
)

Row = tuple[str | None, ...]
Put = Callable[[str, Sequence[str], Iterable[Row]], None]

HISTORY = ("id", "report_id", "number", "after", "by", "at", "door", "hash")


def sql_moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}"


# An answer every five seconds.
MOMENTS = [BEGUN + timedelta(seconds=5 * step) for step in range(len(FIGURES) + len(TEXTS))]
AT = [sql_moment(moment) for moment in MOMENTS]
HASHED_AT = [moment.isoformat(timespec="microseconds") for moment in MOMENTS]


class Reports:
    """
    What stands in so many reports, and how it came there.

    Args:
        figures: How many of each are answered.
        characters: Of the three texts together; 0 for none.
        empty: One of so many is empty.
    """

    def __init__(
        self, figures: int = len(FIGURES), characters: int = 1300, empty: int = 50
    ) -> None:
        self.empty = empty
        draw = random.Random(2021)
        # Few of a township's figures are not 0.
        self.kinds = [
            [(number, str(draw.choice((0, 0, 0, 0, 3, 12)))) for number in FIGURES[:figures]]
            for _ in range(KINDS)
        ]
        self.lengths = [(number, characters * share // 13) for number, share in TEXTS]
        self.lengths = [(number, length) for number, length in self.lengths if length]
        # No two places of it are alike: a database that packs texts finds nothing to pack.
        self.ink = "".join(chr(draw.randrange(0x4E00, 0x5E00)) for _ in range(200_000))

    def __len__(self) -> int:
        return len(self.kinds[0]) + len(self.lengths)

    def answers(self, report: int) -> list[tuple[int, str]]:
        """
        The answers of one, in order.
        """
        if report % self.empty == 0:
            return []
        texts = [
            (number, self.ink[start : start + length])
            for number, length in self.lengths
            for start in [(report * 7919 + number) % (len(self.ink) - length)]
        ]
        return [*self.kinds[report % KINDS], *texts]

    def rows(self, report: int) -> tuple[list[Row], list[Row]]:
        """
        The rows of its answers and of its history, each with the hash that `storage/chain.py`
        would give it, too slowly for tens of millions.
        """
        by, known_as = key(report), str(report)
        row, digest = (report - 1) * len(self) + 1, ""
        answers: list[Row] = []
        history: list[Row] = []
        for step, (number, value) in enumerate(self.answers(report)):
            written = f'"{value}"' if value.isascii() else dumps(value)
            content = (
                f'["{digest}",{report},{number},null,{written},"{by}",'
                f'"{HASHED_AT[step]}","telegram"]'
            )
            digest = sha256(content.encode()).hexdigest()
            name, at = str(number), AT[step]
            answers.append((known_as, name, value, by, at))
            history.append((str(row + step), known_as, name, value, by, at, "telegram", digest))
        answers.sort(key=lambda row: int(row[1] or 0))
        return answers, history


def key(report: int) -> str:
    """
    What names the clerk of a report.
    """
    return f"p{report:012x}"


def fill(target: Path | str, count: int, reports: Reports) -> None:
    """
    Make the store, or fill an empty one.

    Raises:
        SystemExit: There are reports in it.
    """
    with Store.open(target) as store, store.read() as reader:
        if reader.connection.exec_driver_sql("SELECT count(*) FROM report").scalar():
            raise SystemExit("there are reports in it already")
    database = locate(target)
    if isinstance(database, SQLite):
        assert database.path is not None
        into_sqlite(database.path, count, reports)
    else:
        into_postgresql(str(target), count, reports)


def write(put: Put, count: int, reports: Reports) -> None:
    """
    All rows, table by table, those of the reports some hundred at a time.
    """
    then, numbers = sql_moment(BEGUN), range(1, count + 1)

    def place(report: int) -> str:
        return DONE if report % reports.empty else BEGINNING

    def above(organ: int) -> str | None:
        county = -(-organ // COUNTY) * COUNTY
        return str(county) if organ < county <= count else None

    columns: tuple[str, ...] = ("id", "name", "created", "parent_id")
    put("organ", columns, ((str(n), f"第{n}镇人民政府", then, above(n)) for n in numbers))
    columns = ("id", "organ_id", "year", "edition", "created_at")
    put("report", columns, ((str(n), str(n), str(YEAR), FORM.edition, then) for n in numbers))
    columns = ("report_id", "deadline", "withdrawn")
    put("task", columns, ((str(n), f"{YEAR + 1}-01-31", "0") for n in numbers))
    columns = ("id", "report_id", "name", "reachable", "created_at", "key")
    people = ((str(PERSON + n), str(n), f"芳{n}", "1", then, key(n)) for n in numbers)
    put("person", columns, people)
    columns = ("person_id", "organ_id", "role", "joined_at")
    put("member", columns, ((str(PERSON + n), str(n), "clerk", then) for n in numbers))
    columns = ("person", "report_id", "place", "updated_at")
    put("conversation", columns, ((key(n), str(n), place(n), then) for n in numbers))
    columns = ("report_id", "number", "value", "by", "at")
    began = time.monotonic()
    for start in range(1, count + 1, AT_ONCE):
        made = [reports.rows(n) for n in range(start, min(start + AT_ONCE, count + 1))]
        put("answer", columns, chain.from_iterable(answers for answers, _ in made))
        put("history", HISTORY, chain.from_iterable(history for _, history in made))
        if start // AT_ONCE % 20 == 19:
            seconds = time.monotonic() - began
            print(f"{start - 1 + len(made):,} reports, {seconds:.0f} s", file=sys.stderr)


def into_sqlite(path: Path, count: int, reports: Reports) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        run = connection.execute
        for pragma in ("synchronous = OFF", "cache_size = -200000", "journal_mode = OFF"):
            run(f"PRAGMA {pragma}")

        def put(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
            names = ", ".join(f'"{column}"' for column in columns)
            places = ", ".join("?" * len(columns))
            run("BEGIN")
            connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)
            run("COMMIT")

        # What is asked for each row, or kept up to date with each, is made again in the end.
        held = run(
            "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'history'"
            " AND type IN ('index', 'trigger') AND sql IS NOT NULL"
        ).fetchall()
        for kind, name, _ in held:
            run(f"DROP {kind} {name}")
        write(put, count, reports)
        for _, _, statement in held:
            run(statement)
        run("PRAGMA journal_mode = WAL")


def into_postgresql(address: str, count: int, reports: Reports) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        run = connection.execute
        for setting in (
            "synchronous_commit = off",
            "session_replication_role = replica",  # no look for each row at what it refers to
            "maintenance_work_mem = '256MB'",
            "TimeZone = 'UTC'",
        ):
            run(f"SET {setting}")

        def put(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
            names = ", ".join(f'"{column}"' for column in columns)
            with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

        index = "SELECT pg_get_indexdef(to_regclass('ix_history_report_id_id'))"
        (definition,) = run(index).fetchall()[0]
        run("DROP INDEX ix_history_report_id_id")
        write(put, count, reports)
        run(definition)
        for table in ("organ", "report", "history"):
            run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        run("VACUUM (ANALYZE)")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.load.fill", description=__doc__.strip().splitlines()[0]
    )
    parser.add_argument("target", help="a folder, a file, or postgresql://…")
    parser.add_argument("--reports", type=int, default=150_000)
    parser.add_argument("--figures", type=int, default=len(FIGURES), help="of each report")
    parser.add_argument("--characters", type=int, default=1300, help="of each report's texts")
    parser.add_argument("--empty", type=int, default=50, help="one of so many reports is empty")
    given = parser.parse_args()
    target = given.target if "://" in given.target else Path(given.target)
    began = time.monotonic()
    fill(target, given.reports, Reports(given.figures, given.characters, given.empty))
    print(f"{given.reports:,} reports in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
