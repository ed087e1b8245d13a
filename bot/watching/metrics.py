"""
All metrics, under the names that Prometheus reads.

`deploy/alerts.yml` and `deploy/grafana-dashboard.json` use them: add names, never rename one. A
label has a few values that are listed here or in the code, never a name, a chat, an organ or a
token.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

# ---- what people notice -----------------------------------------------------------------------

UPDATES = Counter(
    "nianbao_updates", "Updates of Telegram's that were handled.", ["kind"], registry=REGISTRY
)
FAULTS = Counter(
    "nianbao_faults", "Faults of the program, each with an apology.", registry=REGISTRY
)
REPLY = Histogram(
    "nianbao_reply_seconds",
    "From the arrival of an update to its first reply, as Telegram has taken it.",
    buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30, 60, 300),
    registry=REGISTRY,
)
MESSAGES = Counter(
    "nianbao_messages_sent", "Messages that Telegram has taken.", ["method"], registry=REGISTRY
)
GIVEN_UP = Counter(
    "nianbao_messages_given_up", "Messages that are not sent any more.", registry=REGISTRY
)
DOCUMENTS = Histogram(
    "nianbao_document_seconds",
    "How long files took: made (word), printed (pdf), drawn (pages), read (reading).",
    ["kind"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120),
    registry=REGISTRY,
)
DOCUMENTS_FAILED = Counter(
    "nianbao_documents_failed", "Files that were not made or read.", ["kind"], registry=REGISTRY
)
REMINDERS = Counter(
    "nianbao_reminders", "Reminders by what became of them.", ["outcome"], registry=REGISTRY
)

# ---- Telegram ---------------------------------------------------------------------------------

REFUSALS = Counter(
    "nianbao_telegram_refusals",
    "Calls that Telegram refused, or that did not reach it.",
    ["kind"],
    registry=REGISTRY,
)
LAST_POLL = Gauge(
    "nianbao_last_poll_timestamp_seconds",
    "When Telegram last answered a poll; 0 for never.",
    registry=REGISTRY,
)
LAST_DELIVERY = Gauge(
    "nianbao_last_delivery_timestamp_seconds",
    "When an update was last delivered to the webhook and kept; 0 for never.",
    registry=REGISTRY,
)

# ---- the store at its last reading; NaN if that failed ------------------------------------------

DATABASE = Gauge("nianbao_database_up", "1 where the database answers.", registry=REGISTRY)
DATABASE_SECONDS = Gauge(
    "nianbao_database_seconds", "How long the last look at the database took.", registry=REGISTRY
)
WAITING = Gauge(
    "nianbao_updates_waiting", "Updates in the store that wait to be handled.", registry=REGISTRY
)
WAITING_AGE = Gauge(
    "nianbao_updates_waiting_age_seconds", "How long the oldest has waited.", registry=REGISTRY
)
UNSENT = Gauge(
    "nianbao_messages_unsent", "Messages in the store that are not sent.", registry=REGISTRY
)
UNSENT_AGE = Gauge(
    "nianbao_messages_unsent_age_seconds", "How long the oldest has waited.", registry=REGISTRY
)
DUE = Gauge("nianbao_reminders_due", "People to be looked at for reminders now.", registry=REGISTRY)
PROCESSES = Gauge(
    "nianbao_processes", "Processes that serve this store, by its record.", registry=REGISTRY
)
JOBS = Gauge(
    "nianbao_jobs",
    "Long work on PostgreSQL (files, pictures, exports): waiting, or failed and not forgotten.",
    ["state"],
    registry=REGISTRY,
)
OF_THE_STORE = (DATABASE_SECONDS, WAITING, WAITING_AGE, UNSENT, UNSENT_AGE, DUE, PROCESSES)

DISK_FREE = Gauge(
    "nianbao_disk_free_bytes", "What is free where the folder of the data lies.", registry=REGISTRY
)

# ---- the process ------------------------------------------------------------------------------

READY = Gauge("nianbao_ready", "1 where this process can do its work now.", registry=REGISTRY)
LOOP_LAG = Gauge(
    "nianbao_loop_lag_seconds",
    "How much later than asked the event loop came round, at worst in the last minute.",
    registry=REGISTRY,
)

# The first entry whose class fits counts: the library's BadRequest is also a NetworkError.
_REFUSALS: tuple[tuple[type[TelegramError], str], ...] = (
    (RetryAfter, "429"),
    (Forbidden, "403"),
    (InvalidToken, "token"),
    (Conflict, "409"),
    (BadRequest, "400"),
    (NetworkError, "network"),
    (TelegramError, "other"),
)


def refusal(error: TelegramError) -> str:
    """The kind of a refusal, as `REFUSALS` counts it."""
    return next(name for kind, name in _REFUSALS if isinstance(error, kind))


for _, _name in _REFUSALS:
    REFUSALS.labels(_name)  # from the start, so that the first refusal is a step from 0


def count_refusal(error: TelegramError) -> None:
    """Count a failed call to Telegram."""
    # An edit that changes nothing is not counted.
    if "not modified" not in str(error):
        REFUSALS.labels(refusal(error)).inc()


@contextmanager
def document(kind: str) -> Iterator[None]:
    """Measure the making or reading of a file of this kind."""
    try:
        with DOCUMENTS.labels(kind).time():
            yield
    except Exception:
        DOCUMENTS_FAILED.labels(kind).inc()
        raise
