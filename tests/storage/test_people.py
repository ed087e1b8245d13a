"""
People, invitations, and what comes from Telegram and goes to it, on every kind of store.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Executable, column, inspect, select
from sqlalchemy import table as table_clause
from sqlalchemy.exc import DBAPIError

from conversations.form.numbers import NUMBERS
from conversations.form.organ import Level
from conversations.reminders.tasks import Task, default_deadline
from conversations.talk.effects import Save
from storage import Store, kept, migrations, prepared
from storage.databases import SQLite, locate
from storage.members import LastAdministrator, Member, Members, StillMember
from storage.messages import (
    FETCH,
    GIVEN_UP,
    HANDLED,
    SENDING,
    SENT,
    WAITING,
    Messages,
    Update,
    is_behind,
)
from storage.moving import copy_store
from storage.people import People, token_hash
from storage.prepared import Parameters, Result, run
from storage.processes import Processes, ProcessReader
from storage.reminders import task_id
from storage.tables import Base
from storage.tasks import Tasks
from storage.unit import LOCK_OPEN, Unit
from storage.verify import verify
from tests.storage.clerk import leaves

TOWN, OTHER = "雷鸣镇人民政府", "龙门镇人民政府"
CELL = "requests.received.natural_person"
NOON = datetime(2026, 1, 12, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
WANG, LI, ZHAO = 5_000_000_001, 5_000_000_002, 5_000_000_003


def test_an_update_is_kept_once(store: Store):
    """
    A second delivery is seen, whether the first was handled or waits.
    """
    with store.begin() as unit:
        messages = Messages(unit)
        assert HANDLED == messages.take_in(Update(1, WANG, ""), NOON, wait=False)
        assert WAITING == messages.take_in(Update(2, WANG, '{"update_id":2}'), NOON)
    with store.begin() as unit:
        messages = Messages(unit)
        assert messages.take_in(Update(1, WANG, "x"), NOON) is None
        assert messages.take_in(Update(2, WANG, "x"), NOON) is None
        assert (Update(2, WANG, '{"update_id":2}'),) == messages.waiting()


def test_an_update_that_failed_stays_as_it_came(store: Store):
    """
    It waits no longer.
    """
    with store.begin() as unit:
        messages = Messages(unit)
        messages.take_in(Update(3, WANG, "{}"), NOON)
        messages.handle([3])
        messages.fail(3, '{"update_id":3}')
        assert () == messages.waiting()


def test_a_message_is_sent_once_and_then_forgotten_but_for_its_ids(store: Store):
    """
    Order is kept; what may have gone out says so.
    """
    with store.begin() as unit:
        messages = Messages(unit)
        rows = [messages.say(WANG, "sendMessage", f'{{"n":{n}}}', b"x", NOON) for n in range(4)]
        messages.mark(rows[0].id, SENT, 77)
        messages.mark(rows[1].id, SENDING)
        messages.mark(rows[2].id, GIVEN_UP)
    with store.begin() as unit:
        messages = Messages(unit)
        left = messages.unsent()
        assert [(rows[1].id, SENDING, '{"n":1}', b"x"), (rows[3].id, 0, '{"n":3}', b"x")] == [
            (one.id, one.state, one.payload, bytes(one.file or b"")) for one in left
        ]
        assert 77 == messages.message_id(rows[0].id)
        assert messages.message_id(rows[1].id) is None


def test_what_is_old_goes_a_few_at_a_time(store: Store):
    """
    What waits, or was not sent, stays however old it is; which item a card asked for is known.
    """
    with store.begin() as unit:
        messages = Messages(unit)
        card = unit.open_report(TOWN, 2025, now=NOON, edition="2021"), NUMBERS[CELL]
        for number in range(10):
            messages.take_in(Update(number, WANG, ""), NOON, wait=False)
            row = messages.say(WANG, "sendMessage", "{}", None, NOON, about=card)
            messages.mark(row.id, SENT, number)
        messages.take_in(Update(10, WANG, "{}"), NOON)
        kept = messages.say(WANG, "sendMessage", "{}", None, NOON)
        messages.take_in(Update(11, LI, ""), NOON + HOUR, wait=False)

    gone = []
    with store.begin() as unit:
        while found := Messages(unit).prune(NOON + HOUR, 4):
            gone.append(found)
    with store.begin() as unit:
        messages = Messages(unit)
        assert [8, 8, 4] == gone
        assert [10] == [one.update_id for one in messages.waiting()]
        assert [kept.id] == [one.id for one in messages.unsent()]
        assert [card] * 10 == [messages.about(WANG, number) for number in range(10)]
        assert messages.take_in(Update(11, LI, ""), NOON, wait=False) is None


def test_what_comes_after_something_that_waits_waits_too(store: Store):
    """
    Of its own chat: behind an update, and behind a file that is being read.
    """
    with store.begin() as unit:
        messages = Messages(unit)
        messages.take_in(Update(1, WANG, "{}"), NOON)
        assert WAITING == messages.take_in(Update(2, WANG, ""), NOON, wait=False)
        assert HANDLED == messages.take_in(Update(3, LI, ""), NOON, wait=False)
        file = messages.say(LI, FETCH, "{}", None, NOON)
        assert WAITING == messages.take_in(Update(4, LI, ""), NOON, wait=False)
        assert [1] == [update.update_id for update in messages.heads(-1, 9)]
        messages.mark(file.id, SENT)
        heads = messages.heads(-1, 9)
        assert {1, 4} == {update.update_id for update in heads}
        assert [heads[1]] == list(messages.heads(heads[0].chat, 9))
        assert [heads[0]] == list(messages.heads(-1, 1))


def test_a_message_is_its_processes_to_send(store: Store):
    """
    Until that is gone: whoever comes late finds that it is another's.
    """
    with store.begin() as unit:
        processes = Processes(unit)
        for name in ("first", "second"):
            processes.register(name, polls=False)
        unit.process = "first"
        mine = Messages(unit)
        unit.process = "second"
        others = Messages(unit)
        row = mine.say(WANG, "sendMessage", "{}", None, NOON)
        assert not row.behind
        assert not mine.say(WANG, "sendMessage", "{}", None, NOON).behind
        assert not others.say(LI, "sendMessage", "{}", None, NOON).behind
        later = others.say(WANG, "sendMessage", "{}", None, NOON)
        assert later.behind
        assert is_behind(unit, later, "second")
        assert not processes.is_any_left
        assert () == processes.take_over("second")
        assert mine.sending(row.id, 1)

        processes.end("first")

        assert ProcessReader(unit).is_any_left
        assert [row.id, row.id + 1] == [left.id for left in processes.take_over("second")]
        assert not mine.sending(row.id, 1)
        assert not mine.finish(row.id)
        assert not is_behind(unit, later, "second")
        assert others.finish(row.id)
        assert not processes.beat("first")
        own = [message.id for message in processes.own("second")]
        assert [row.id + 1, row.id + 2, later.id] == own


def test_strangers_of_long_ago_are_forgotten(store: Store):
    """
    Not those who belong, or did, or are about to; not those who were spoken to lately.
    """
    with store.begin() as unit:
        people = People(unit)
        organ = unit.organ(TOWN, NOON)
        for person in range(1, 9):
            people.begin(person, NOON + HOUR if person == 8 else NOON)
        people.join(2, organ, "clerk", NOON)
        people.join(3, organ, "clerk", NOON)
        leaves(unit, 3, TOWN, NOON)
        people.focus_on(4, None, organ)
        people.told(5, NOON + HOUR)
        people.invite("token", organ, "clerk", "1", NOON, NOON + HOUR)
        invitation = people.invitation("token")
        assert invitation is not None
        people.bind(invitation.id, 6)
        Tasks(unit).wake(7)

        assert 1 == people.prune(NOON + HOUR)
        assert [1] == [person for person in range(1, 9) if people.focus(person) is None]


def test_the_question_before_an_answer_is_found(store: Store):
    """
    Ours, not an earlier answer to it.
    """
    with store.begin() as unit:
        messages = Messages(unit)
        report = unit.open_report(TOWN, 2025, now=NOON, edition="2021")
        number = NUMBERS[CELL]
        for message in (5, 9):
            row = messages.say(WANG, "sendMessage", "{}", None, NOON, about=(report, number))
            messages.mark(row.id, SENT, message)
        messages.shown(WANG, 6, report, number)
        messages.shown(WANG, 7, report, number)

        assert 5 == messages.question(WANG, 7, report, number)
        assert 9 == messages.question(WANG, 10, report, number)
        assert messages.question(WANG, 5, report, number) is None
        assert messages.question(LI, 10, report, number) is None
        for message in (5, 6):
            assert (report, number) == messages.about(WANG, message)
        assert messages.about(WANG, 8) is None


def test_a_screen_shows_report_card_and_organs(store: Store):
    """
    All that an update needs, in one look; who has left is no member.
    """
    with store.begin() as unit:
        people, messages = People(unit), Messages(unit)
        assert people.focus(WANG) is None
        empty = people.begin(WANG, NOON, "王芳")
        assert ("王芳", None, ()) == (empty.name, empty.report_id, empty.member)
        report = unit.open_report(TOWN, 2025, now=NOON, edition="2021")
        other = unit.open_report(TOWN, 2024, now=NOON, edition="2021")
        for name in (OTHER, TOWN):
            people.join(WANG, unit.organ(name, NOON), "clerk", NOON)
        people.focus_on(WANG, report, None)
        messages.say(WANG, "sendMessage", "{}", None, NOON, about=(report, 0))
        card = messages.say(WANG, "sendMessage", "{}", None, NOON, about=(report, 0))
        messages.say(WANG, "sendMessage", "{}", None, NOON)
        messages.say(WANG, "sendMessage", "{}", None, NOON, about=(other, 0))
        people.contents(WANG, card.id)
        before = people.focus(WANG)
        messages.mark(card.id, SENT, 42)
        leaves(unit, WANG, OTHER, NOON)
        after = people.focus(WANG)

    assert before is not None
    assert after is not None
    assert {TOWN, OTHER} == {one.organ for one in before.member}
    assert (card.id, None, NOON) == (before.card, before.card_id, before.card_at)
    assert (card.id, 42, card.id) == (after.card, after.card_id, after.contents)
    assert [TOWN] == [one.organ for one in after.member]
    assert after.report_organ == after.member[0].organ_id


def test_the_report_read_with_the_screen_is_as_it_is_now(store: Store):
    """
    Also after something was written to it in between, or in a part that was taken back.
    """

    def faulty_step(unit: Unit) -> None:
        unit.place(report, key, "0", NOON)
        People(unit).focus(WANG)
        raise ZeroDivisionError

    with store.begin() as unit:
        people = People(unit)
        key = people.begin(WANG, NOON).key
        report = unit.open_report(TOWN, 2025, now=NOON, edition="2021")
        people.focus_on(WANG, report, None)

        people.focus(WANG)
        unit.save(report, [Save(CELL, None, 3)], by=key, at=NOON, door="telegram")
        unit.place(report, key, "{}", NOON)
        after = unit.load(report, key)
        assert ({CELL: 3}, "{}", False) == (dict(after.answers), after.place, after.final)
        people.focus(WANG)
        unit.place(report, key, "[]", NOON)
        assert "[]" == unit.load(report, key).place
        people.focus(WANG)
        unit.finish(report, NOON)
        assert unit.load(report, key).final
        with pytest.raises(ZeroDivisionError), unit.savepoint():
            faulty_step(unit)
        assert "[]" == unit.load(report, key).place


def test_a_report_put_on_the_screen_by_somebody_else_is_locked_before_it_counts(
    postgres_store: Store, monkeypatch: pytest.MonkeyPatch
):
    """
    Another process is quick: it changes what is open, and then that report.
    """
    store = postgres_store
    with store.begin() as unit:
        key = People(unit).begin(WANG, NOON).key
        first, second = (
            unit.open_report(TOWN, year, now=NOON, edition="2021") for year in (2024, 2025)
        )
        People(unit).focus_on(WANG, first, None)

    def meddle(connection: Connection, statement: Executable, *given: Parameters) -> Result:
        result = run(connection, statement, *given)
        if statement is LOCK_OPEN:
            monkeypatch.setattr(prepared, "run", run)
            with other.begin() as unit:
                People(unit).focus_on(WANG, second, None)
        return result

    with Store(store.database) as other, store.begin() as unit:
        monkeypatch.setattr(prepared, "run", meddle)
        focus = People(unit).focus(WANG)
        assert focus is not None
        assert second == focus.report_id
        with other.begin() as quick:
            quick.save(second, [Save(CELL, None, 3)], by="a", at=NOON, door="telegram")
        loaded = unit.load(second, key)
        assert loaded.history > 0
        assert {CELL: 3} == dict(loaded.answers)


def test_what_a_colleague_entered_and_somebody_replaced_is_known(store: Store):
    """
    Only what came after a moment, from somebody else, and was really replaced.
    """
    with store.begin() as unit:
        people = People(unit)
        people.begin(WANG, NOON, "王芳")
        report = unit.open_report(TOWN, 2025, now=NOON, edition="2021")
        wang = people.key(WANG)
        unit.save(report, [Save(CELL, None, 3)], by=wang, at=NOON, door="telegram")
    with store.begin() as unit:
        people = People(unit)
        stored = unit.load(report, str(LI))
        unit.save(report, [Save(CELL, 3, 4)], by=str(LI), at=NOON + HOUR, door="telegram")
        early = people.overwritten(report, stored.history, str(LI), NOON - HOUR)
        late = people.overwritten(report, stored.history, str(LI), NOON + HOUR / 2)
        own = people.overwritten(report, stored.history, wang, NOON - HOUR)

    (one,) = early
    assert (CELL, 3, "王芳", NOON) == (one.item, one.value, one.name, one.at)
    assert () == late
    assert () == own


def test_an_invitation_is_one_persons_and_used_once(store: Store):
    """
    Of its token only the hash is there.
    """
    with store.begin() as unit:
        people = People(unit)
        people.begin(WANG, NOON)
        organ = unit.organ(TOWN, NOON)
        people.invite("secret", organ, "clerk", "99", NOON, NOON + HOUR)
        found = people.invitation("secret")
        assert found is not None
        assert found == people.invitation(found.id)
        people.bind(found.id, WANG)
        people.bind(found.id, LI)
        assert not people.use(found.id, LI, NOON)
        assert people.use(found.id, WANG, NOON)
        assert not people.use(found.id, WANG, NOON)
        kept = unit.connection.exec_driver_sql("SELECT token_hash FROM invitation").scalar()
        assert people.invitation("other") is None

    assert token_hash("secret") == kept


# ---- keys -------------------------------------------------------------------------------


NAMING = (("history", "by"), ("answer", "by"), ("explanation", "by"), ("conversation", "person"))


def test_rows_of_before_name_people_by_their_keys_now(target: Path | str):
    """
    Numbers of an earlier version are gone from every row; other doors keep their word.
    """
    at = "2026-01-05 00:00:00"
    old = {
        "organ": {"id": 1, "name": TOWN, "created": at},
        "report": {"id": 1, "organ_id": 1, "year": 2025, "edition": "2021", "created_at": at},
        "person": {"id": WANG, "name": "王芳", "reachable": True, "created_at": at},
        "member": {"person_id": WANG, "organ_id": 1, "role": "clerk", "joined_at": at},
        "invitation": {
            "token_hash": "x",
            "organ_id": 1,
            "role": "clerk",
            "created_by": str(WANG),
            "created_at": at,
            "expires_at": at,
        },
        "answer": {"report_id": 1, "number": 201, "value": "4", "by": str(WANG), "at": at},
        "explanation": {
            "report_id": 1,
            "check_id": "T1",
            "cells": "[]",
            "key": "k",
            "text": "因为",
            "by": str(LI),
            "at": at,
        },
        "conversation": {"person": str(WANG), "report_id": 1, "place": "{}", "updated_at": at},
    }
    change = {"report_id": 1, "number": 201, "at": at, "door": "x"}
    changes = (
        change | {"after": "3", "before": None, "by": "terminal"},
        change | {"after": "4", "before": "3", "by": str(WANG)},
    )
    engine = locate(target).engine()
    with engine.begin() as connection:
        command.upgrade(migrations.configuration(connection), "0003_reminders")
        for table, row in (*old.items(), *(("history", row) for row in changes)):
            columns = table_clause(table, *map(column, row))
            connection.execute(columns.insert().values(row))
    engine.dispose()

    with Store.open(target) as store, store.begin() as unit:
        people = People(unit)
        key = people.key(WANG)
        assert ("王芳", WANG) == (Members(unit).name(key), Members(unit).person(key))
        assert ["terminal", key] == [one.by for one in unit.history(1)]
        assert {key} == {entry.by for entry in unit.entries(1).values()}
        stored = unit.load(1, key)
        assert "{}" == stored.place
        (explanation,) = stored.explanations
        assert explanation.by not in (key, str(LI))
        kept = unit.connection.exec_driver_sql("SELECT created_by FROM invitation").scalar()
        assert key == kept
        (begun,) = Members(unit).record(1)
        assert (key, "begun", "clerk") == (begun.person, begun.what, begun.role)
        with pytest.raises(DBAPIError), unit.savepoint():
            unit.connection.exec_driver_sql("UPDATE history SET door = 'y'")


# ---- members ----------------------------------------------------------------------------


def office(unit: Unit, organ: str = TOWN, **roles: str) -> int:
    """
    People by their role; who is named joins first first.
    """
    people = People(unit)
    organ_id = unit.organ(organ, NOON)
    for name, role in roles.items():
        people.begin(NUMBERS_OF[name], NOON, name)
        people.join(NUMBERS_OF[name], organ_id, role, NOON)
    return organ_id


NUMBERS_OF = {"wang": WANG, "li": LI, "zhao": ZHAO}


def member(unit: Unit, person: int, organ_id: int) -> Member:
    (wanted,) = (m for m in Members(unit).memberships(person) if m.organ_id == organ_id)
    return wanted


def test_who_is_removed_is_no_member_and_has_no_way_back(store: Store):
    """
    Neither an invitation opened before, nor one made for somebody else to come by, nor any link
    that was on its way; one that is made since does.
    """
    with store.begin() as unit:
        people, members = People(unit), Members(unit)
        organ = office(unit, wang="administrator", li="administrator")
        key = people.key(LI)
        for token, by in (("own", "operator"), ("made", key), ("other", people.key(WANG))):
            people.invite(token, organ, "clerk", by, NOON, NOON + HOUR)
        people.invite("new", organ, "clerk", "operator", NOON, NOON + HOUR, replaces=key)
        own = people.invitation("own")
        assert own is not None
        assert people.bind(own.id, LI)
        assert members.remove(member(unit, LI, organ), people.key(WANG), NOON)

        assert [WANG] == [m.person for m in members.members(organ)]
        assert [False, False, False, True] == [
            people.invitation(token).is_good(LI, NOON)  # type: ignore[union-attr]
            for token in ("own", "made", "new", "other")
        ]
        assert not people.use(own.id, LI, NOON)
        other = people.invitation("other")
        assert other is not None
        assert not people.bind(other.id, LI)
        assert people.bind(other.id, WANG)
        people.invite("since", organ, "clerk", "operator", NOON + HOUR, NOON + 2 * HOUR)
        since = people.invitation("since")
        assert since is not None
        assert people.bind(since.id, LI)
        assert [
            ("joined", people.key(WANG), "operator"),
            ("joined", key, "operator"),
            ("removed", key, people.key(WANG)),
        ] == [(r.what, r.person, r.by) for r in members.record(organ)]


def test_who_came_back_opens_no_invitation_of_before(store: Store):
    """
    What was made before the removal stays closed to them, and to nobody else.
    """
    with store.begin() as unit:
        people, members = People(unit), Members(unit)
        organ = office(unit, wang="administrator", li="administrator")
        people.invite("old", organ, "administrator", "operator", NOON, NOON + 9 * HOUR)
        members.remove(member(unit, LI, organ), people.key(WANG), NOON + HOUR)
        people.join(LI, organ, "clerk", NOON + 2 * HOUR)
        people.invite("new", organ, "administrator", "operator", NOON + 2 * HOUR, NOON + 9 * HOUR)
        old, new = people.invitation("old"), people.invitation("new")
        assert old is not None
        assert new is not None

        assert not people.bind(old.id, LI)
        assert people.bind(new.id, LI)
        assert people.bind(old.id, WANG)


def test_an_opened_invitation_goes_with_its_person_to_a_new_account(store: Store):
    """
    Whoever has the old account joins nothing by it.
    """
    with store.begin() as unit:
        people, members = People(unit), Members(unit)
        office(unit, wang="administrator", li="clerk")
        people.begin(ZHAO, NOON)
        people.invite("other", unit.organ("某县", NOON), "clerk", "operator", NOON, NOON + HOUR)
        other = people.invitation("other")
        assert other is not None
        assert people.bind(other.id, LI)

        members.replace(LI, ZHAO, "operator", NOON)

        assert not people.use(other.id, LI, NOON)
        assert people.use(other.id, ZHAO, NOON)


def test_a_leader_whose_sections_were_taken_back_may_write_in_none(store: Store):
    """
    An empty list of sections is not all of them, whichever role the person had first.
    """
    with store.begin() as unit:
        people, organ = People(unit), office(unit, wang="leader", li="clerk")
        people.join(WANG, organ, "clerk", NOON + HOUR, sections="")
        people.set_parts(LI, organ, frozenset())
        people.join(LI, organ, "leader", NOON + HOUR)
        for person in (WANG, LI):
            assert frozenset() == member(unit, person, organ).parts
            assert [frozenset()] == [held.parts for held in people.begin(person, NOON).member]


def test_who_was_removed_meanwhile_is_not_removed_twice(store: Store):
    """
    The second of two administrators hears so, and the record has one line.
    """
    with store.begin() as unit:
        members = Members(unit)
        organ = office(unit, wang="clerk")
        wang = member(unit, WANG, organ)
        assert members.remove(wang, "operator", NOON)
        assert not members.remove(wang, "operator", NOON)
        assert ["joined", "removed"] == [r.what for r in members.record(organ)]


def test_the_last_administrator_cannot_leave(store: Store):
    """
    One of two can; the operator can remove the last one, and stands in the record.
    """
    with store.begin() as unit:
        people, members = People(unit), Members(unit)
        organ = office(unit, wang="administrator", li="administrator", zhao="clerk")
        li = member(unit, LI, organ)
        assert members.remove(li, li.key, NOON, even_last=False)
        wang = member(unit, WANG, organ)
        with pytest.raises(LastAdministrator):
            members.remove(wang, wang.key, NOON, even_last=False)
        assert members.remove(member(unit, ZHAO, organ), people.key(ZHAO), NOON)
        assert members.remove(wang, "operator", NOON)
        assert ["left", "left", "removed"] == [r.what for r in members.record(organ)[3:]]


def test_of_two_administrators_who_remove_each_other_one_stays(store: Store):
    """
    Both had looked before either was gone.
    """
    with store.begin() as unit:
        members = Members(unit)
        organ = office(unit, wang="administrator", li="administrator")
        wang, li = member(unit, WANG, organ), member(unit, LI, organ)
        assert members.remove(li, wang.key, NOON, even_last=False)
        with pytest.raises(LastAdministrator):
            members.remove(wang, li.key, NOON, even_last=False)
        assert [WANG] == [one.person for one in members.members(organ)]


def test_a_new_account_has_everything_of_the_old_one(store: Store):
    """
    Place, name in the history, sections, wishes; the old one is a stranger.
    """
    with store.begin() as unit:
        people, members, tasks = People(unit), Members(unit), Tasks(unit)
        organ = office(unit, wang="clerk")
        key = people.key(WANG)
        report = unit.open_report(TOWN, 2025, now=NOON, edition="2021")
        unit.save(report, [Save(CELL, None, 3)], by=key, at=NOON, door="telegram")
        unit.place(report, key, "{}", NOON)
        people.focus_on(WANG, report, None)
        tasks.set_task(
            Task(task_id(report), TOWN, 2025, default_deadline(2025, Level.TOWNSHIP)), report
        )
        tasks.assign(report, "requests", WANG)
        people.begin(LI, NOON, "新号")

        people.invite("again", organ, "clerk", "operator", NOON, NOON + HOUR, replaces=key)
        members.replace(WANG, LI, "operator", NOON)

        again = people.invitation("again")
        assert again is not None
        assert not again.is_good(ZHAO, NOON)
        focus, before = people.focus(LI), people.focus(WANG)
        assert focus is not None
        assert (key, report, organ) == (focus.key, focus.report_id, focus.member[0].organ_id)
        assert "{}" == unit.load(report, focus.key).place
        assert ("新号", [key]) == (
            members.name(key),
            [change.by for change in unit.history(report)],
        )
        task = tasks.task(report)
        assert task is not None
        assert (("requests", str(LI)),) == task.assigned
        assert before is not None
        assert ((), None) == (before.member, before.report_id)
        assert before.key != key
        assert ("replaced", key) == (
            members.record(organ)[-1].what,
            members.record(organ)[-1].person,
        )
        people.begin(ZHAO, NOON)
        members.replace(LI, ZHAO, "operator", NOON)
        with pytest.raises(StillMember):
            members.replace(ZHAO, ZHAO, "operator", NOON)


def test_who_is_forgotten_is_nobodys_number_and_name(store: Store):
    """
    No table holds either; what they answered names the same key as before.
    """
    with store.begin() as unit:
        people, members, messages = People(unit), Members(unit), Messages(unit)
        organ = office(unit, wang="clerk")
        key = people.key(WANG)
        report = unit.open_report(TOWN, 2025, now=NOON, edition="2021")
        unit.save(report, [Save(CELL, None, 3)], by=key, at=NOON, door="telegram")
        unit.place(report, key, "{}", NOON)
        people.invite("token", organ, "clerk", "operator", NOON, NOON + HOUR)
        invitation = people.invitation("token")
        assert invitation is not None
        people.bind(invitation.id, WANG)
        messages.take_in(Update(1, WANG, f'{{"from":{WANG}}}'), NOON)
        messages.shown(WANG, 5, report, 1)
        messages.say(WANG, "sendMessage", "wang", None, NOON)
        Tasks(unit).wake(WANG)
        with pytest.raises(StillMember):
            members.forget(WANG, "operator", NOON)
        members.remove(member(unit, WANG, organ), "operator", NOON)

        assert key == members.forget(WANG, "operator", NOON)

        kept = {
            table.name: [tuple(row) for row in unit.run(select(table))]
            for table in Base.metadata.sorted_tables
        }
        assert str(WANG) not in str(kept)
        assert "wang" not in str(kept)
        assert [key] == [change.by for change in unit.history(report)]
        assert ("forgotten", key) == (
            members.record(organ)[-1].what,
            members.record(organ)[-1].person,
        )
        assert [] == list(verify(unit))
        assert ("", None) == (Members(unit).name(key), Members(unit).person(key))
        assert not messages.take_in(Update(1, WANG, ""), NOON)
        with pytest.raises(LookupError):
            members.forget(WANG, "operator", NOON)
        assert key != people.begin(WANG, NOON).key


@pytest.mark.parametrize("target", ["sqlite", "postgresql"], indirect=True)
def test_no_column_of_any_table_holds_who_is_forgotten(target: Path | str, tmp_path: Path):
    """
    Nor does a file that is made of the store later; what they are quoted in is emptied.
    """
    number, name = 7_123_456_789, "王芳🌾"
    update_ = json.dumps({"from": {"id": number, "first_name": name}})
    with Store.open(target) as store:
        with store.begin() as unit:
            people, members, messages = People(unit), Members(unit), Messages(unit)
            organ = office(unit, wang="clerk")
            for person, called in ((number, name), (LI, "li")):
                people.begin(person, NOON, called)
            people.join(number, organ, "clerk", NOON)
            key = people.key(number)
            report = unit.open_report(TOWN, 2025, now=NOON, edition="2021")
            unit.save(report, [Save(CELL, None, 3)], by=key, at=NOON, door="telegram")
            unit.place(report, key, "{}", NOON)
            people.focus_on(number, report, None)
            # Updates that failed, of a group and of a colleague who has forwarded something, too;
            # one that waits; a file that is being fetched; what a colleague is shown of them.
            for id_, chat in enumerate((-5, number, LI)):
                messages.take_in(Update(id_, chat, update_), NOON)
                messages.fail(id_, update_)
            messages.take_in(Update(9, number, update_), NOON)
            messages.say(number, "fetchFile", update_, None, NOON)
            kept.keep(unit, LI, "people", update_, NOON, b"")
            kept.keep(unit, LI, "people", f"{name}（{number}）", NOON, b"")
            messages.shown(number, 5, report, 1)
            Tasks(unit).wake(number)
            members.remove(member(unit, number, organ), "operator", NOON)
            members.forget(number, "operator", NOON)
        with store.read() as reader:
            rows = [str(row) for row in everything(reader.connection)]
            assert [] == [row for row in rows if str(number) in row or name in row]
            assert [row for row in rows if key in row]
            assert [] == list(verify(reader))
        copy_store(store, SQLite(tmp_path / "copy"), lambda _: None, lambda *_: None)

    content = (tmp_path / "copy").read_bytes()
    for trace in (name, json.dumps(name)[1:-1], str(number)):
        assert trace.encode() not in content


def everything(connection: Connection) -> list[Any]:
    """
    Every row of every table there is, whosever.
    """
    inspector = inspect(connection)
    return [
        tuple(row)
        for table in inspector.get_table_names()
        for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"')
    ]
