"""
People, invitations, and what comes from Telegram and goes to it, on every kind of store.
"""

from datetime import UTC, datetime, timedelta

from conversations.form.numbers import NUMBERS
from conversations.talk.effects import Save
from storage import Store
from storage.messages import (
    GIVEN_UP,
    HANDLED,
    SENDING,
    SENT,
    WAITING,
    Messages,
    Update,
)
from storage.people import People, token_hash
from storage.tasks import Tasks

TOWN, OTHER = "雷鸣镇人民政府", "龙门镇人民政府"
CELL = "requests.received.natural_person"
NOON = datetime(2026, 1, 12, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
WANG, LI = 5_000_000_001, 5_000_000_002


def test_an_update_is_kept_once(store: Store):
    """
    A second delivery is seen, whether the first was handled or waits.
    """
    with store.begin() as unit:
        messages = Messages(unit)
        assert messages.take_in(Update(1, WANG, ""), NOON, HANDLED)
        assert messages.take_in(Update(2, WANG, '{"update_id":2}'), NOON, WAITING)
    with store.begin() as unit:
        messages = Messages(unit)
        assert not messages.take_in(Update(1, WANG, "x"), NOON)
        assert not messages.take_in(Update(2, WANG, "x"), NOON)
        assert (Update(2, WANG, '{"update_id":2}'),) == messages.waiting()


def test_a_waiting_update_is_claimed_by_one(store: Store):
    """
    Of two processes that both remember it; one that failed stays as it came.
    """
    with store.begin() as unit:
        messages = Messages(unit)
        messages.take_in(Update(3, WANG, "{}"), NOON)
        assert messages.claim(3)
        assert not messages.claim(3)
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
    What waits, or was not sent, stays however old it is.
    """
    with store.begin() as unit:
        messages = Messages(unit)
        for number in range(10):
            messages.take_in(Update(number, WANG, ""), NOON, HANDLED)
            row = messages.say(WANG, "sendMessage", "{}", None, NOON)
            messages.mark(row.id, SENT, number)
        messages.take_in(Update(10, WANG, "{}"), NOON)
        kept = messages.say(WANG, "sendMessage", "{}", None, NOON)
        messages.take_in(Update(11, WANG, ""), NOON + HOUR, HANDLED)

    gone = []
    with store.begin() as unit:
        while found := Messages(unit).prune(NOON + HOUR, 4):
            gone.append(found)
    with store.begin() as unit:
        messages = Messages(unit)
        assert [8, 8, 4] == gone
        assert [10] == [one.update_id for one in messages.waiting()]
        assert [kept.id] == [one.id for one in messages.unsent()]
        assert not messages.take_in(Update(11, WANG, ""), NOON, HANDLED)


def test_strangers_of_long_ago_are_forgotten(store: Store):
    """
    Not those who belong, or did, or are about to; not those who were spoken to lately.
    """
    with store.begin() as unit:
        people = People(unit)
        organ = people.organ(TOWN, NOON)
        for person in range(1, 9):
            people.begin(person, NOON + HOUR if person == 8 else NOON)
        people.join(2, organ, "clerk", NOON)
        people.join(3, organ, "clerk", NOON)
        people.leave(3, organ, NOON)
        people.look_at(4, None, organ)
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
            row = messages.say(WANG, "sendMessage", "{}", None, NOON)
            messages.mark(row.id, SENT, message)
            messages.shown(WANG, message, report, number)
        messages.shown(WANG, 6, report, number)
        messages.shown(WANG, 7, report, number)

        assert 5 == messages.question(WANG, 7, report, number)
        assert 9 == messages.question(WANG, 10, report, number)
        assert messages.question(WANG, 5, report, number) is None
        assert messages.question(LI, 10, report, number) is None
        assert (report, number) == messages.about(WANG, 6)


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
        for name in (OTHER, TOWN):
            people.join(WANG, people.organ(name, NOON), "clerk", NOON)
        people.look_at(WANG, report, None)
        card = messages.say(WANG, "sendMessage", "{}", None, NOON)
        people.card(WANG, card.id, contents=True)
        before = people.focus(WANG)
        messages.mark(card.id, SENT, 42)
        people.leave(WANG, people.organ(OTHER, NOON), NOON)
        after = people.focus(WANG)

    assert before is not None
    assert after is not None
    assert {TOWN, OTHER} == {one.organ for one in before.member}
    assert (card.id, None, NOON) == (before.card, before.card_id, before.card_at)
    assert (card.id, 42, card.id) == (after.card, after.card_id, after.contents)
    assert [TOWN] == [one.organ for one in after.member]
    assert after.report_organ == after.member[0].organ_id


def test_what_a_colleague_entered_and_somebody_replaced_is_known(store: Store):
    """
    Only what came after a moment, from somebody else, and was really replaced.
    """
    with store.begin() as unit:
        people = People(unit)
        people.begin(WANG, NOON, "王芳")
        report = unit.open_report(TOWN, 2025, now=NOON, edition="2021")
        unit.save(report, [Save(CELL, None, 3)], by=str(WANG), at=NOON, door="telegram")
    with store.begin() as unit:
        people = People(unit)
        stored = unit.load(report, str(LI))
        unit.save(report, [Save(CELL, 3, 4)], by=str(LI), at=NOON + HOUR, door="telegram")
        early = people.overwritten(report, stored.history, str(LI), NOON - HOUR)
        late = people.overwritten(report, stored.history, str(LI), NOON + HOUR / 2)
        own = people.overwritten(report, stored.history, str(WANG), NOON - HOUR)

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
        organ = people.organ(TOWN, NOON)
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
