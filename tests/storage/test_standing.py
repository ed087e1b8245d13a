"""
How much waits in a store, as whoever watches it is told.
"""

from storage.databases import Postgres
from storage.messages import SENT, Messages, Update
from storage.processes import Processes
from storage.standing import standing
from storage.store import Store
from tests.county import AUTUMN


def test_what_waits_is_counted_with_the_moment_of_the_oldest(store: Store):
    """
    What is done counts no more.
    """
    with store.read() as reader:
        nothing = standing(reader, AUTUMN)
    with store.begin() as unit:
        messages = Messages(unit)
        messages.take_in(Update(1, 7, "{}"), AUTUMN)
        sent = messages.say(7, "sendMessage", "{}", None, AUTUMN)
        messages.say(7, "sendMessage", "{}", None, AUTUMN)
        messages.mark(sent.id, SENT, 5)
        Processes(unit).register("one", polls=True)
    with store.read() as reader:
        seen = standing(reader, AUTUMN)

    assert (0, None, 0, None, 0, 0) == (
        *(nothing.waiting, nothing.waiting_since, nothing.unsent, nothing.unsent_since),
        *(nothing.due, nothing.processes),
    )
    jobs = 0 if isinstance(store.database, Postgres) else None
    assert (jobs, jobs, 0) == (seen.jobs_waiting, seen.jobs_failed, seen.announcing)
    assert (1, AUTUMN, 1, AUTUMN, 0, 1) == (
        *(seen.waiting, seen.waiting_since, seen.unsent, seen.unsent_since),
        *(seen.due, seen.processes),
    )
