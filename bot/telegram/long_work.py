"""
Long work: documents, pictures, files to be read, whole folders in and out.

A row asks for it, decided in the transaction of the step that wants it. On SQLite the one process
does it at once. On PostgreSQL a job of procrastinate, deferred in that transaction, brings the row
to a process that has room. On both, the sender does the work, tries it again and tells the person;
the row says whether it is still wanted, and which process has it.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.telegram.fetching import ROOM
from bot.telegram.logs import reason
from bot.telegram.sender import LONG_TRIES, MAKERS, Failed, Sender
from bot.telegram.worker import Worker
from conversations.wording.store import NO_POSTGRESQL
from storage.databases import Database, Postgres
from storage.errors import StoreError
from storage.jobs import BESIDE, IN_CHAT, TASK

if TYPE_CHECKING:
    from procrastinate import App, JobContext
    from procrastinate.jobs import Job

log = logging.getLogger("nianbao.telegram")

# Jobs of each queue in hand at once; the sender has fewer threads.
AT_ONCE = {IN_CHAT: ROOM + MAKERS, BESIDE: 4}
MOST_BEGUN = 10  # times that one job is begun: its process was killed or stopped
CONNECTIONS = 4  # to the database, and one per queue for notices of jobs
FETCH_EVERY = 2.0  # seconds between looks for jobs to be tried again, of which there is no notice
FIRST_WAIT, LONGEST_WAIT = 2, 60  # seconds until failed work is tried again
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
AFTER_FAULT = 1.0  # seconds until the next try after a failure
END_SECONDS = 0.5  # to return unfinished jobs; the rows say it in any case


class LongWork(Protocol):
    """How long work comes to the sender."""

    async def run(self) -> None:
        """Bring work, until cancelled."""


class InProcess:
    """The process that decides work does it: the sender has it already."""

    async def run(self) -> None:
        """There is nothing to bring."""


class Jobs:
    """Long work as jobs of procrastinate, taken by any process that has room."""

    def __init__(self, database: Postgres, sender: Sender, store: Worker) -> None:
        """
        Connect to nothing yet; `store` is the store's thread.

        Raises:
            StoreError: A required package is not installed.
        """
        try:
            import procrastinate  # noqa: F401
        except ImportError as error:
            raise StoreError(NO_POSTGRESQL) from error
        self._database = database
        self._sender = sender
        self._store = store
        # We log our failures ourselves, without private data.
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)

    async def run(self) -> None:
        """Take jobs, through all failures of the database."""
        failing = False
        while True:
            working = asyncio.create_task(self._work())
            try:
                await asyncio.shield(working)
            except asyncio.CancelledError:
                working.cancel()
                await asyncio.wait((working,), timeout=END_SECONDS)
                raise
            except Exception as error:  # noqa: BLE001 - the next try may do
                if not failing:
                    log.error("jobs cannot be taken: %s", reason(error))
                failing = True
            else:
                failing = False
            await asyncio.sleep(AFTER_FAULT)

    async def _work(self) -> None:
        """Take jobs until the database fails."""
        app = self._app()
        async with app.open_async():
            workers = [
                asyncio.create_task(
                    app.run_worker_async(
                        queues=[queue],
                        name=queue,
                        concurrency=at_once,
                        fetch_job_polling_interval=FETCH_EVERY,
                        delete_jobs="successful",
                        install_signal_handlers=False,
                        shutdown_graceful_timeout=0,
                    )
                )
                for queue, at_once in AT_ONCE.items()
            ]
            try:
                await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for worker in workers:
                    worker.cancel()
                results = await asyncio.gather(*workers, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    def _app(self) -> App:
        from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision

        class Tries(BaseRetryStrategy):
            def get_retry_decision(
                self, *, exception: BaseException, job: Job
            ) -> RetryDecision | None:
                if isinstance(exception, Failed):
                    return None
                if isinstance(exception, asyncio.CancelledError):
                    # This process stops: another takes it now, by any clock.
                    return RetryDecision(retry_at=LONG_AGO)
                wait = min(FIRST_WAIT << job.attempts, LONGEST_WAIT)
                return RetryDecision(retry_in={"seconds": wait})

        app = App(
            connector=PsycopgConnector(
                conninfo=self._database.conninfo, min_size=1, max_size=CONNECTIONS, timeout=10
            )
        )
        app.task(name=TASK, pass_context=True, retry=Tries())(self._do)
        return app

    async def _do(self, context: JobContext, message: int) -> None:
        """One job: nothing if its row is over, or another process has it."""
        if self._sender.is_at(message):
            return
        row = await self._store.run(self._sender.intake.claim, message)
        if row is None:
            return
        begun: Any = context.job.attempts
        if begun >= MOST_BEGUN:
            log.error("message %s was begun %s times and is given up", row.id, begun)
            await self._sender.abandon(row)
            raise Failed
        try:
            await self._sender.perform(row, last=begun + 1 >= LONG_TRIES)
        except Failed:
            raise
        except Exception:
            await self._store.run(self._sender.intake.give_back, message)
            raise


def long_work(database: Database, sender: Sender, store: Worker) -> LongWork:
    """
    How long work comes to the sender with this database.

    Raises:
        StoreError: A package for PostgreSQL is not installed.
    """
    return Jobs(database, sender, store) if isinstance(database, Postgres) else InProcess()
