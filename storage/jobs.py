"""
Long work as jobs of procrastinate, in the database that holds the messages (PostgreSQL).

A job holds only the id of an outgoing row. The row says whether its work is still wanted and which
process is doing it. The job brings it to a process that has room, is tried again, and shows when it
has failed. If job and row disagree, the job is corrected (`Processes.take_over`). SQLite has no
such tables, and no other process to bring work to.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, literal_column, select, table, text

from storage.reports import Reader
from storage.unit import Unit

FOR_A_JOB = "job"  # the process of a row that waits for its job

# Rows of a chat are done one after another; work beside the chat waits for nothing.
IN_CHAT, BESIDE = "chat", "beside"
TASK = "long_work"

# The newest migration of procrastinate that is contained in ours (`0014_jobs.sql`).
SCHEMA = "03.04.00_50_post_add_retry_failed_job_procedure"

DEFER = text(
    f"""
    SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
        CAST(:queue AS text), '{TASK}', 0, CAST(:lock AS text), NULL,
        jsonb_build_object('message', CAST(:message AS bigint)), NULL
    )::procrastinate_job_to_defer_v1])
    """
)

_MESSAGE = "(job.args->>'message')::bigint"

# Whether a job will come for an outgoing row, or has come and is about to claim it.
HAS_JOB: ColumnElement[bool] = literal_column(
    f"EXISTS (SELECT FROM procrastinate_jobs AS job"
    f" WHERE {_MESSAGE} = outgoing.id AND job.status IN ('todo', 'doing'))"
)

# A job that began seconds ago while its row is unowned or over: its worker has died, or could not
# report the end.
_IS_LOST = f"""
    job.status = 'doing'
    AND NOT EXISTS (SELECT FROM procrastinate_events AS event
        WHERE event.job_id = job.id AND event.type = 'started'
        AND event.at > now() - interval '7 seconds')
    AND NOT EXISTS (SELECT FROM outgoing
        WHERE outgoing.id = {_MESSAGE} AND outgoing.state <= 1
        AND outgoing.process <> '{FOR_A_JOB}')
"""  # noqa: S608

# The time of the next try was set by the clock of the machine that failed.
_IS_FAR_OFF = "job.status = 'todo' AND job.scheduled_at > now() + interval '60 seconds'"

ANY_LOST: ColumnElement[bool] = literal_column(
    f"EXISTS (SELECT FROM procrastinate_jobs AS job WHERE ({_IS_LOST}) OR ({_IS_FAR_OFF}))"
)

HURRY = text(f"UPDATE procrastinate_jobs AS job SET scheduled_at = now() WHERE {_IS_FAR_OFF}")  # noqa: S608

RETRY_LOST = text(
    f"""
    WITH lost AS (
        SELECT job.id FROM procrastinate_jobs AS job
        WHERE {_IS_LOST} OR job.status = 'doing' AND {_MESSAGE} = ANY(CAST(:messages AS bigint[]))
        FOR UPDATE OF job SKIP LOCKED
    )
    SELECT procrastinate_retry_job_v2(lost.id, now(), NULL, NULL, NULL) FROM lost
    """  # noqa: S608
)

WAITING, FAILED = (
    select(func.count())
    .select_from(table("procrastinate_jobs"))
    .where(text(f"procrastinate_jobs.status = '{status}'"))
    .scalar_subquery()
    for status in ("todo", "failed")
)

PRUNE = text(
    f"""
    DELETE FROM procrastinate_jobs AS job WHERE job.status NOT IN ('todo', 'doing')
    AND NOT EXISTS (SELECT FROM outgoing WHERE outgoing.id = {_MESSAGE})
    """  # noqa: S608
)

# The lock of a job is its chat.
FORGET = text("DELETE FROM procrastinate_jobs WHERE lock = CAST(:chat AS text)")


def are_kept(reader: Reader) -> bool:
    """Whether long work goes through jobs in this store."""
    return reader.connection.dialect.name == "postgresql"


def defer(unit: Unit, message: int, queue: str, lock: str | None) -> None:
    """
    Give a message its job, in the transaction that decides it; one job of a `lock` runs at a time.
    """
    unit.run(DEFER, message=message, queue=queue, lock=lock)


def retry_lost(unit: Unit, messages: Sequence[int]) -> None:
    """
    Let jobs without a worker wait again, and the jobs of messages taken from dead processes.

    None waits longer than the longest pause between tries.
    """
    unit.run(HURRY)
    unit.run(RETRY_LOST, messages=list(messages))


def prune(unit: Unit) -> int:
    """Forget failed jobs whose messages are forgotten; returns their number."""
    return unit.run(PRUNE).rowcount


def forget(unit: Unit, chat: int) -> None:
    """Remove the jobs of a chat whose messages are gone."""
    unit.run(FORGET, chat=str(chat))
