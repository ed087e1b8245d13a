import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from psycopg.errors import AdminShutdown
from sqlalchemy import Connection, Executable, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ResourceClosedError

from conversations.checks.findings import Explanation
from conversations.form.answers import Answers, Value
from conversations.talk.effects import Save
from storage import Earlier, Entry, NoSuchReport, Store, Stored, StoreError, Unit, prepared
from storage.errors import StoreBusy
from storage.memory import KnownAnswers, Memory
from storage.prepared import Parameters, Result, run
from storage.reports import ANSWERS

ORGAN, YEAR = "雷鸣镇人民政府", 2025
ANNA, BEN = "telegram:1", "terminal"
NOW = datetime(2026, 1, 5, 1, 30, 0, 250, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)

RECEIVED = "requests.received.natural_person"
CARRIED = "requests.carried_over.natural_person"
FEE = "proactive_disclosure.administrative_fees.amount"


def begin(store: Store, organ: str = ORGAN, year: int = YEAR, **answers: Value) -> int:
    """
    A report with some answers; an item's dots are written as double underscores.
    """
    with store.begin() as unit:
        report = unit.open_report(organ, year, now=NOW, edition="2021")
        changes = [Save(name.replace("__", "."), None, value) for name, value in answers.items()]
        unit.save(report, changes, by=ANNA, at=NOW, door="telegram")
    return report


def save(
    store: Store, report: int, *changes: tuple[str, Value | None, Value | None], by: str = ANNA
) -> Sequence[str]:
    with store.begin() as unit:
        unit.load(report, by)
        return unit.save(
            report, [Save(*change) for change in changes], by=by, at=NOW, door="telegram"
        )


def test_a_new_report_is_empty(store: Store):
    """
    Nothing is answered, and nothing is a zero.
    """
    report = begin(store)

    with store.read() as reader:
        stored = reader.load(report, ANNA)

    assert (ORGAN, YEAR, "2021") == (stored.organ, stored.year, stored.edition)
    assert {} == dict(stored.answers)
    assert ((), None, False, {}, 0) == (
        stored.explanations,
        stored.place,
        stored.final,
        stored.since_final,
        stored.history,
    )


def test_answers_come_back_as_they_were_given(store: Store):
    """
    Figures as figures, texts to the last blank, whoever opens the report next.
    """
    text = "  {{7*7}} <b>&amp;\r\n\t“三审三校”😀 A&B 甲\u200b "
    store.memory.capacity = 0
    report = begin(store, requests__received__natural_person=295, overview=text)
    save(store, report, (FEE, None, Decimal("0.350")))

    with store.read() as reader:
        answers = reader.load(report, BEN).answers

    assert {RECEIVED: 295, "overview": text, FEE: Decimal("0.35")} == dict(answers)


def test_one_organ_has_one_report_a_year(store: Store):
    """
    Two clerks who both begin it are in the same one.
    """
    first = begin(store)
    again = begin(store)
    other_year = begin(store, year=YEAR - 1)
    other_organ = begin(store, organ="宿城区人民政府")

    assert first == again
    assert 3 == len({first, other_year, other_organ})
    with store.read() as reader:
        assert (YEAR - 1, YEAR) == reader.years(ORGAN)
        assert {ORGAN, "宿城区人民政府"} == set(reader.organs())
        assert first == reader.find_report(ORGAN, YEAR)
        assert reader.find_report(ORGAN, 1999) is None


def test_the_database_itself_refuses_a_second_report(store: Store):
    """
    Whatever the code above it does.
    """
    report = begin(store)

    with pytest.raises(DBAPIError), store.begin() as unit:
        unit.connection.exec_driver_sql(
            "INSERT INTO report (organ_id, year, edition, created_at)"
            f" SELECT organ_id, year, edition, created_at FROM report WHERE id = {report}"
        )


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO answer VALUES (999, 201, '1', 'a', '2026-01-01 00:00:00')",
        "INSERT INTO answer VALUES (1, 0, '1', 'a', '2026-01-01 00:00:00')",
        "INSERT INTO answer VALUES (1, 201, NULL, 'a', '2026-01-01 00:00:00')",
        "UPDATE report SET final_history = 1",
        "UPDATE report SET year = 25",
        "UPDATE organ SET name = ''",
        "DELETE FROM report",
        "UPDATE history SET after = '7'",
        "DELETE FROM history",
    ],
)
def test_the_database_itself_refuses_what_cannot_be(store: Store, statement: str):
    """
    Answers without a report, a past that is rewritten: not even by hand.
    """
    report = begin(store, overview="一")
    assert 1 == report

    with pytest.raises(DBAPIError), store.begin() as unit:
        unit.connection.exec_driver_sql(statement)

    with store.read() as reader:
        assert ["一"] == [change.after for change in reader.history(report)]


def test_the_history_cannot_be_emptied_on_postgresql(postgres_store: Store):
    """
    TRUNCATE is another way to delete there.
    """
    store = postgres_store
    begin(store, overview="一")

    with pytest.raises(DBAPIError, match="never altered"), store.begin() as unit:
        unit.connection.exec_driver_sql("TRUNCATE history")


def test_every_change_is_in_the_history(store: Store):
    """
    Who, when, from what, to what, through which door; also what was taken away.
    """
    report = begin(store)
    shanghai = timezone(timedelta(hours=8))

    with store.begin() as unit:
        unit.save(report, [Save(RECEIVED, None, 3)], by=ANNA, at=NOW, door="telegram")
    with store.begin() as unit:
        at = LATER.astimezone(shanghai)
        unit.save(report, [Save(RECEIVED, 3, 4)], by=BEN, at=at, door="terminal")
        unit.save(report, [Save(CARRIED, None, 0)], by=BEN, at=at, door="terminal")
    with store.begin() as unit:
        unit.save(report, [Save(RECEIVED, 4, None)], by=ANNA, at=LATER, door="telegram")
        found = unit.history(report, RECEIVED)
        answers = unit.load(report, ANNA).answers

    assert [(None, 3), (3, 4), (4, None)] == [(c.before, c.after) for c in found]
    assert [(ANNA, NOW, "telegram"), (BEN, LATER, "terminal"), (ANNA, LATER, "telegram")] == [
        (c.by, c.at, c.door) for c in found
    ]
    assert {CARRIED: 0} == dict(answers)
    with store.read() as reader:
        assert 4 == len(reader.history(report))


def test_a_change_to_what_already_stands_writes_nothing(store: Store):
    """
    Two taps are one; 0.50 is 0.5.
    """
    report = begin(store, requests__received__natural_person=3)
    save(store, report, (FEE, None, Decimal("0.5")))

    assert () == save(store, report, (RECEIVED, 3, 3), (FEE, Decimal("0.5"), Decimal("0.50")))

    with store.read() as reader:
        assert 2 == len(reader.history(report))


def test_a_colleagues_change_is_told_and_not_lost(store: Store):
    """
    The second person is told which items were different; the record has all three values.
    """
    report = begin(store, requests__received__natural_person=3, overview="一")
    save(store, report, (RECEIVED, 3, 4), by=BEN)

    surprises = save(store, report, (RECEIVED, 3, 5), ("overview", "一", "二"), by=ANNA)

    assert (RECEIVED,) == surprises
    with store.read() as reader:
        history = reader.history(report, RECEIVED)
        assert [(None, 3), (3, 4), (4, 5)] == [(c.before, c.after) for c in history]
        assert {RECEIVED: Entry(ANNA, NOW), "overview": Entry(ANNA, NOW)} == reader.entries(report)


def test_a_colleagues_equal_change_is_no_surprise_to_the_record(store: Store):
    """
    Both typed 4: the second writes nothing, but is told that it stood there already.
    """
    report = begin(store, requests__received__natural_person=3)
    save(store, report, (RECEIVED, 3, 4), by=BEN)

    assert (RECEIVED,) == save(store, report, (RECEIVED, 3, 4), by=ANNA)

    with store.read() as reader:
        assert 2 == len(reader.history(report))
        assert BEN == reader.entries(report)[RECEIVED].by


def test_one_item_may_change_twice_in_one_step(store: Store):
    """
    The last value stands, the record has both.
    """
    report = begin(store)

    save(store, report, (RECEIVED, None, 3), (RECEIVED, 3, None), (RECEIVED, None, 5))

    with store.read() as reader:
        assert {RECEIVED: 5} == dict(reader.load(report, ANNA).answers)
        assert [(None, 3), (3, None), (None, 5)] == [
            (c.before, c.after) for c in reader.history(report)
        ]


def test_a_step_that_fails_leaves_nothing(store: Store):
    """
    An answer without its place, or the other way round, is never seen.
    """
    report = begin(store, overview="一")

    def step(unit: Unit) -> None:
        unit.load(report, ANNA)
        unit.save(report, [Save(RECEIVED, None, 3)], by=ANNA, at=NOW, door="telegram")
        unit.place(report, ANNA, "{}", NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.begin() as unit:
        step(unit)
    save(store, report, (CARRIED, None, 1))

    with store.read() as reader:
        stored = reader.load(report, ANNA)
    assert {"overview": "一", CARRIED: 1} == dict(stored.answers)
    assert stored.place is None


def test_a_part_that_fails_leaves_the_other_parts(store: Store):
    """
    Several people's steps may share one commit without sharing a fault.
    """
    report, other = begin(store), begin(store, organ="宿城区人民政府")

    def faulty_step(unit: Unit) -> None:
        unit.save(report, [Save(RECEIVED, 3, 4)], by=ANNA, at=NOW, door="telegram")
        assert 4 == unit.load(report, ANNA).answers[RECEIVED]
        raise ZeroDivisionError

    with store.begin() as unit:
        with unit.savepoint():
            unit.save(report, [Save(RECEIVED, None, 3)], by=ANNA, at=NOW, door="telegram")
        with pytest.raises(ZeroDivisionError), unit.savepoint():
            faulty_step(unit)
        with unit.savepoint():
            unit.save(other, [Save(RECEIVED, None, 5)], by=BEN, at=NOW, door="telegram")
        inside = unit.load(report, ANNA).answers
    save(store, report, (CARRIED, None, 1))

    with store.read() as reader:
        assert {RECEIVED: 3} == dict(inside)
        assert {RECEIVED: 3, CARRIED: 1} == dict(reader.load(report, ANNA).answers)
        assert {RECEIVED: 5} == dict(reader.load(other, ANNA).answers)


def test_after_a_part_that_failed_the_record_says_what_stood(store: Store):
    """
    The next step in the same transaction does not take up what was taken back.
    """
    report = begin(store, requests__received__natural_person=3)

    def faulty_step(unit: Unit) -> None:
        unit.save(report, [Save(RECEIVED, 3, 4)], by=ANNA, at=NOW, door="telegram")
        raise ZeroDivisionError

    with store.begin() as unit:
        with pytest.raises(ZeroDivisionError), unit.savepoint():
            faulty_step(unit)
        assert () == unit.save(report, [Save(RECEIVED, 3, 5)], by=BEN, at=NOW, door="terminal")

    with store.read() as reader:
        history = reader.history(report)
        assert [(None, 3), (3, 5)] == [(change.before, change.after) for change in history]


def test_a_part_that_failed_has_unlocked_its_reports_and_the_next_locks_them(
    postgres_store: Store,
):
    """
    The database releases the locks of a part that is rolled back.
    """
    store = postgres_store
    report = begin(store)

    def faulty_step(unit: Unit) -> None:
        unit.load(report, ANNA)
        raise ZeroDivisionError

    with store.begin() as unit:
        with pytest.raises(ZeroDivisionError), unit.savepoint():
            faulty_step(unit)
        unit.load(report, ANNA)
        with (
            Store(store.database) as other,
            pytest.raises(StoreBusy),
            other.begin(brief=True) as theirs,
        ):
            theirs.load(report, BEN)


def test_what_was_taken_back_is_not_remembered(target: Path | str):
    """
    The next process may be given the same number for another row of the history.
    """
    with Store.open(target) as store, Store.open(target) as other:
        report = begin(store)

        def faulty_step(unit: Unit) -> None:
            unit.save(report, [Save(RECEIVED, None, 3)], by=ANNA, at=NOW, door="telegram")
            with pytest.raises(ZeroDivisionError), unit.savepoint():
                raise ZeroDivisionError
            unit.load(report, ANNA)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError), store.begin() as unit:
            faulty_step(unit)
        save(other, report, (RECEIVED, None, 5))

        with store.read() as reader:
            assert {RECEIVED: 5} == dict(reader.load(report, ANNA).answers)


def test_each_person_has_a_place_of_their_own(store: Store):
    """
    Two people in one report do not move each other; it comes back as it was put.
    """
    report = begin(store)
    place = json.dumps({"card": "requests", "draft": "“半句\\u0000”"}, ensure_ascii=False)

    with store.begin() as unit:
        unit.place(report, ANNA, "{}", NOW)
        unit.place(report, ANNA, place, LATER)
        unit.place(report, BEN, "[]", NOW)

    with store.read() as reader:
        assert place == reader.load(report, ANNA).place
        assert "[]" == reader.load(report, BEN).place
        assert reader.load(report, "telegram:3").place is None


def test_a_person_comes_back_to_where_they_were_last(store: Store):
    """
    The report worked on last, not the one begun last.
    """
    report = begin(store)
    other = begin(store, year=YEAR - 1)
    with store.begin() as unit:
        unit.place(report, ANNA, "{}", LATER)
        unit.place(other, ANNA, "{}", NOW)

    with store.read() as reader:
        assert (ORGAN, YEAR) == reader.current(ANNA)
        assert "{}" == reader.load(report, ANNA).place
        assert reader.current(BEN) is None


def test_reasons_are_kept_with_their_findings(store: Store):
    """
    The newest reason for a finding stands until it is taken back; nothing is kept twice.
    """
    report = begin(store)
    first = Explanation("B1", (RECEIVED,), "B1|a|1 2", "旧文件清理完毕。", ANNA, NOW.isoformat())
    second = Explanation("B5", (), "B5|b|3", "全县统一收取。", ANNA, NOW.isoformat())
    better = Explanation("B1", (RECEIVED,), "B1|a|1 2", "旧文件已清理。", BEN, LATER.isoformat())

    for explanation in (first, second, second, better):
        with store.begin() as unit:
            unit.explain(report, explanation)

    with store.read() as reader:
        assert (second, better) == reader.load(report, ANNA).explanations
    with store.begin() as unit:
        unit.explain(report, replace(second, withdrawn=True))
    with store.read() as reader:
        assert (better,) == reader.load(report, ANNA).explanations
        assert 4 == reader.connection.exec_driver_sql("SELECT count(*) FROM explanation").scalar()


def test_after_the_final_document_what_changed_is_known(store: Store):
    """
    With the value that stands in the document; an item changed back is not out of date.
    """
    report = begin(store, requests__received__natural_person=3, overview="一", title="题")
    with store.begin() as unit:
        unit.finish(report, NOW, unit.load(report, ANNA).history)
    with store.read() as reader:
        assert (True, {}) == _finality(reader.load(report, ANNA))

    save(store, report, (RECEIVED, 3, 4), (CARRIED, None, 1), ("overview", "一", "二"))
    save(store, report, (RECEIVED, 4, 5), ("overview", "二", "一"), ("title", "题", None))

    with store.read() as reader:
        changed = {RECEIVED: 3, CARRIED: None, "title": "题"}
        assert (True, changed) == _finality(reader.load(report, ANNA))
    with store.begin() as unit:
        unit.finish(report, LATER)
    with store.read() as reader:
        assert (True, {}) == _finality(reader.load(report, ANNA))


def _finality(stored: Stored) -> tuple[bool, dict[str, Value | None]]:
    return stored.final, dict(stored.since_final)


def test_a_change_while_the_document_was_made_is_not_in_it(store: Store):
    """
    The document is made outside the transaction: what counts is what it was made from.
    """
    report = begin(store, requests__received__natural_person=3)
    with store.read() as reader:
        made_from = reader.load(report, ANNA).history
    save(store, report, (RECEIVED, 3, 4), by=BEN)

    with store.begin() as unit:
        unit.finish(report, LATER, made_from)

    with store.read() as reader:
        assert (True, {RECEIVED: 3}) == _finality(reader.load(report, ANNA))


def test_last_year_is_the_report_of_the_year_before(store: Store):
    """
    Of this organ, with its edition; an empty one is as good as none.
    """
    report = begin(store)
    begin(store, organ="宿城区人民政府", year=YEAR - 1, overview="别处")
    with store.read() as reader:
        assert reader.earlier(report) is None
    last = begin(store, year=YEAR - 1)
    with store.read() as reader:
        assert reader.earlier(report) is None
    save(store, last, (RECEIVED, None, 7))

    with store.read() as reader:
        found = reader.earlier(report)
        assert found is not None
        assert (last, YEAR - 1, "2021", {RECEIVED: 7}) == _earlier(found)
        assert reader.earlier(report, 2) is None
    with store.begin() as unit:
        found = unit.earlier(report)
        assert found is not None
        assert {RECEIVED: 7} == dict(found.answers)


def _earlier(found: Earlier) -> tuple[int, int, str, dict[str, Value]]:
    return found.report_id, found.year, found.edition, dict(found.answers)


def test_last_year_changed_while_it_is_read_is_not_remembered_wrongly(
    postgres_store: Store, monkeypatch: pytest.MonkeyPatch
):
    """
    PostgreSQL shows each statement what is newest then, and last year's report is not locked.
    """
    store = postgres_store
    report, last = begin(store), begin(store, year=YEAR - 1, overview="一")
    store.memory.capacity = 0
    save(store, last, ("overview", "一", "二"))
    store.memory.capacity = 9
    meddled = False

    def meddle(connection: Connection, statement: Executable, *given: Parameters) -> Result:
        nonlocal meddled
        if statement is ANSWERS and not meddled:
            meddled = True
            save(other, last, ("overview", "二", "三"))
        return run(connection, statement, *given)

    with Store(store.database) as other, store.begin() as unit:
        monkeypatch.setattr(prepared, "run", meddle)
        unit.earlier(report)
    assert meddled

    with store.read() as reader:
        found = reader.earlier(report)
        assert found is not None
        assert {"overview": "三"} == dict(found.answers)
        history = reader.load(last, ANNA).history
    assert store.memory.get(last, history - 1) is None


def test_an_organs_wording_is_kept_for_the_next_year(store: Store):
    """
    From the newest of its other reports that has any; the date of last year is not wanted.
    """
    report = begin(store)
    begin(store, year=2022, title="旧题", introduction="旧引言")
    begin(
        store,
        year=2023,
        title="题\n二",
        signature="镇",
        signature_date="2024-01-20",
        table_breaks="whole",
    )
    begin(store, year=2024, overview="没有题")
    begin(store, organ="宿城区人民政府", year=2024, title="别处")

    with store.read() as reader:
        kept = {"title": "题\n二", "signature": "镇", "table_breaks": "whole"}
        assert (2023, kept) == reader.previous_wording(report)
        assert reader.previous_wording(999) is None


def test_a_report_that_is_not_there_is_a_bug_of_the_caller(store: Store):
    """
    Reports are never removed, so nobody can hold the id of none.
    """
    with pytest.raises(NoSuchReport), store.read() as reader:
        reader.load(999, ANNA)


def test_a_reader_sees_one_moment(shared_store: Store):
    """
    Figures of before and after a colleague's step are not mixed in one document.
    """
    store = shared_store
    report = begin(store, requests__received__natural_person=3)

    with store.read() as reader:
        reader.load(report, ANNA)
        save(store, report, (RECEIVED, 3, 4), by=BEN)
        then = reader.load(report, ANNA).answers

    with store.read() as reader:
        now = reader.load(report, ANNA).answers
    assert (3, 4) == (then[RECEIVED], now[RECEIVED])


def test_a_reader_cannot_write(store: Store):
    """
    It has no way to; and a moment without a zone is refused by whoever writes.
    """
    report = begin(store)

    with store.read() as reader:
        assert not isinstance(reader, Unit)
    with pytest.raises(ValueError, match="timezone"), store.begin() as unit:
        unit.place(report, ANNA, "{}", NOW.replace(tzinfo=None))


def test_a_unit_ends_with_its_transaction(store: Store):
    """
    Writing afterwards would be stored at nobody's wish, or never.
    """
    report = begin(store)
    with store.begin() as unit:
        pass

    with pytest.raises(ResourceClosedError):
        unit.load(report, ANNA)


def test_a_thread_does_not_wait_for_itself(sqlite_store: Store):
    """
    A transaction inside another one of the same thread is a bug; it would never go on.
    """
    store = sqlite_store

    with store.begin(), pytest.raises(RuntimeError, match="already"), store.begin():
        pass
    begin(store)


def test_a_store_goes_on_after_a_fault_of_the_database(store: Store):
    """
    One refused statement does not spoil the connection for the next step.
    """
    with pytest.raises(DBAPIError), store.begin() as unit:
        unit.run(text("NONSENSE"))
    with store.begin() as unit:
        with pytest.raises(IntegrityError), unit.savepoint():
            unit.place(0, ANNA, "{}", NOW)
        assert () == unit.organs()

    assert begin(store) > 0


def test_of_a_thousand_reports_the_newest_are_remembered():
    """
    Those of one process then take some twenty megabytes.
    """
    memory = Memory()

    for report in range(1000):
        memory.put(report, KnownAnswers(1, {}, Answers()))

    kept = [report for report in range(1000) if memory.get(report, 1)]
    assert kept
    assert len(kept) * 30_000 < 20_000_000
    assert kept == list(range(kept[0], 1000))


def test_a_server_that_was_restarted_is_met_again(postgres_store: Store):
    """
    The connections at hand are dead then; the next step makes a new one.
    """
    store = postgres_store
    report = begin(store)
    cut = text("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(StoreError) as caught, store.begin() as unit, unit.savepoint():
        unit.run(cut)
    assert isinstance(caught.value.__cause__, DBAPIError)
    assert caught.value.__cause__.connection_invalidated
    assert isinstance(caught.value.__cause__.orig, AdminShutdown)
    with store.read() as reader:
        pid = reader.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    with Store(store.database) as other, other.read() as reader:
        reader.connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")

    assert report == begin(store)
