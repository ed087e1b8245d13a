"""`nianbao history`: who changed what in a report, when, from what to what."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from bot.cli import frame
from bot.cli.show import find_report
from bot.cli.values import value_as_json
from bot.handle import Clock, session_of
from conversations.form.answers import Value
from conversations.sign_off.states import ReportState
from conversations.sign_off.status import SignOff
from conversations.talk.events import Commanded
from conversations.talk.moves.history import happened
from conversations.talk.trail import Entry
from conversations.wording import trail as wording

EXAMPLES = ("nianbao history --organ 甲镇人民政府 --year 2025",)
EXIT_CODES = frame.VIEW


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which report, and the output."""
    frame.add_report(parser)
    frame.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print it, the oldest first."""
    with frame.open_store(options, reading=True) as store, store.read() as reader:
        report_id = find_report(reader, options.organ, options.year)
        if report_id is None:
            raise frame.Refused(frame.NO_REPORT)
        stored = reader.load(report_id, frame.PERSON)
        now = frame.now()
        session = session_of(reader, stored, frame.PERSON, Clock(now), Commanded("history"))
    if options.json:
        frame.say_json(as_json(session.trail, session.sign_off, now))
        return frame.FINE
    lines = [
        wording.line(step.at, step.by, step.name, step.door, step.text, year=True)
        for step in happened(session)
    ]
    text = "".join(f"{line}\n" for line in lines) or f"{wording.EMPTY}\n"
    frame.say(text)
    return frame.FINE


def as_json(trail: tuple[Entry, ...], signed: SignOff, now: datetime) -> list[dict[str, Any]]:
    """
    Every change in order: answers by their items, steps of the sign-off as `state`.

    `by` is the key of a member, or the name or door of others; `name` is the name their colleagues
    know. A remark is at its item, with `before` and `after` empty.
    """
    told = [
        _entry(entry.at, entry.by, entry.name, entry.door, entry.item)
        | {"before": _value(entry.item, entry.before), "after": _value(entry.item, entry.after)}
        for entry in trail
    ]
    state = ReportState.OPEN
    for record in signed.records:
        at = datetime.fromisoformat(record.at)
        told.append(
            _entry(at, record.by, record.name, record.door, "state")
            | {"before": state.value, "after": record.state.value}
        )
        state = record.state
    told += [
        _entry(datetime.fromisoformat(remark.at), remark.by, remark.name, "", remark.item)
        | {"before": None, "after": None, "remark": remark.text}
        for remark in signed.remarks
        if remark.sent
    ]
    told.sort(key=lambda entry: entry["at"])
    zone = now.tzinfo
    return [
        entry | {"at": entry["at"].astimezone(zone).isoformat(timespec="seconds")} for entry in told
    ]


def _entry(at: datetime, by: str, name: str, door: str, item: str) -> dict[str, Any]:
    return {"at": at, "by": by, "name": wording.called(by, name), "door": door, "item": item}


def _value(item: str, value: Value | None) -> int | str | None:
    return None if value is None else value_as_json(item, value)
