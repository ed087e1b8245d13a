"""
What a county office looks at: 300 organs below one, among few reports and among many.

NIANBAO_BENCH_REPORTS sets how many reports are in the large store (150,000). Every report has
some figures, those of the county all; all figures are made of the ids, so they are the same in
every run. Both databases are filled by the same statements.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import text

from bot.county import counting
from bot.county.summing import county_sum
from conversations.county.overview import Overview, overview
from conversations.county.summing import CountySum
from conversations.form import FORM_IN_FORCE as FORM
from conversations.form.numbers import NUMBERS
from storage import Store
from storage.county import organs_below
from tests.bench import spread
from tests.storage.servers import postgres, server

FEW, MANY = 1_000, int(os.environ.get("NIANBAO_BENCH_REPORTS", "150000"))
BELOW = 300
COUNTY = BELOW + 1  # the id of the organ that is looked at; those before it stand below it
YEAR = 2025
TODAY = date(2026, 1, 23)
ROUNDS = 15
THEN = "2026-01-05 04:00:00.000000"
FIGURES = tuple(NUMBERS[cell] for cell in FORM.cells)
ABOVE = f"(id - 1) / {COUNTY} * {COUNTY} + {COUNTY}"

STATEMENTS = f"""
WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < {{reports}})
INSERT INTO organ (id, name, created) SELECT id, '第' || id || '镇人民政府', '{THEN}' FROM n;

UPDATE organ SET parent_id = {ABOVE} WHERE id % {COUNTY} <> 0 AND {ABOVE} <= {{reports}};

INSERT INTO report (id, organ_id, year, edition, created_at)
SELECT id, id, {YEAR}, '{FORM.edition}', created FROM organ;

INSERT INTO task (report_id, deadline, internal, withdrawn)
SELECT id, '2026-01-31', '2026-01-20', FALSE FROM report;

INSERT INTO member (person_id, organ_id, role, joined_at)
SELECT id + 1000000, id, 'clerk', '{THEN}' FROM organ WHERE id % 5 <> 0;

WITH f(number) AS (VALUES {", ".join(f"({number})" for number in FIGURES)}),
a(report_id, number) AS (
    SELECT report.id, f.number FROM report, f
    WHERE report.id <= {BELOW} OR f.number < {sorted(FIGURES)[3]}
)
INSERT INTO answer (report_id, number, value, by, at)
SELECT report_id, number, CAST((report_id * 7919 + number * 31) % 9 AS VARCHAR), 'bench', '{THEN}'
FROM a;

INSERT INTO history (report_id, number, after, by, at, door)
SELECT report_id, number, value, by, at, 'telegram' FROM answer ORDER BY report_id, number
"""

Look = Callable[[Store], object]


def run() -> None:
    """
    The overview, warm and after one report has changed, on each database.
    """
    with tempfile.TemporaryDirectory() as folder:
        stores = {count: Path(folder) / str(count) for count in (FEW, MANY)}
        measured("SQLite", stores)
    if not server()[0]:
        print(f"-- PostgreSQL is not measured: {server()[1]}")
        return
    with postgres() as few, postgres() as many:
        measured("PostgreSQL", {FEW: few, MANY: many})


def measured(database: str, targets: Mapping[int, Path | str]) -> None:
    """
    Each look in each store; the stores take turns.
    """
    print(f"-- {BELOW} organs below one, {database}")
    with opened(targets) as stores:
        for name, goal, look in (
            ("counting all once", "", first_look),
            ("overview, warm", "≤ 300 ms", seen),
            ("the sum of every figure", "≤ 3,000 ms", added),
        ):
            rounds = 1 if look is first_look else ROUNDS
            taken = {count: list[float]() for count in stores}
            for turn in range(rounds):
                for count in sorted(stores, reverse=bool(turn % 2)):
                    began = time.perf_counter()
                    look(stores[count])
                    taken[count].append((time.perf_counter() - began) * 1000)
            few, many = (taken[count] for count in sorted(taken))
            ratios = [b / a for a, b in zip(few, many, strict=True)]
            print(
                f"{name}: {spread(few)} ms among {min(stores):,} reports, {spread(many)} ms among"
                f" {max(stores):,}{goal and f'  goal {goal}'}; ratio {spread(ratios)}"
                f"{goal and '  goal ≤ 1.1'}"
            )


@contextmanager
def opened(targets: Mapping[int, Path | str]) -> Iterator[dict[int, Store]]:
    """
    The stores, filled with so many reports each.
    """
    stores = {count: Store.open(target) for count, target in targets.items()}
    try:
        for count, store in stores.items():
            fill(store, count)
        yield stores
    finally:
        for store in stores.values():
            store.close()


def first_look(store: Store) -> None:
    """
    Every report is counted, and what was counted is kept.
    """
    with store.read() as reader:
        look = counting.counted(reader, organs_below(reader, COUNTY, YEAR))
    assert BELOW == len(look.organs)
    counting.remember(store, look.fresh)


def seen(store: Store) -> Overview:
    """
    The overview as it is shown, everything counted before.
    """
    with store.read() as reader:
        look = counting.counted(reader, organs_below(reader, COUNTY, YEAR))
    assert not look.fresh
    made = overview(look.organs, YEAR, TODAY)
    assert BELOW == sum(map(len, made.groups.values())) == len(made.organs)
    return made


def added(store: Store) -> CountySum:
    """
    Every figure of every report added, the own one compared.
    """
    with store.read() as reader:
        total = county_sum(reader, COUNTY, f"第{COUNTY}镇人民政府", YEAR)
    assert (BELOW, len(FORM.cells)) == (len(total.addends), len(total.cells))
    assert total.findings
    return total


def fill(store: Store, reports: int) -> None:
    """
    So many organs in counties of 300, each with a task, and with a clerk but for every fifth.
    """
    with store.begin() as unit:
        for statement in STATEMENTS.format(reports=reports).split(";"):
            unit.connection.execute(text(statement))
    if store.database.locks:
        # As autovacuum would do in time; SQLite plans without, as it does for everybody.
        with store.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text("VACUUM ANALYZE")
            )
