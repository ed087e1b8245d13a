"""`nianbao organs rename`, `merge`, `close` and `open`: shown first, done with `--yes`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime

from bot import memberships
from bot.cli import frame
from bot.cli.organ_lists import organ_named
from bot.cli.people import WHICH_ORGAN
from bot.county import organ_names
from bot.county.organ_names import Refusal
from conversations.wording import county_organs as wording
from storage.reports import Reader

DOOR = "operator"

Deed = Callable[[Reader, argparse.Namespace, datetime], organ_names.Change]


def change(options: argparse.Namespace) -> int:
    """Say what will happen, and with `--yes` do it."""
    if not options.organ:
        raise frame.Refused(WHICH_ORGAN)
    now = frame.now()
    try:
        with frame.open_store(options, reading=not options.yes) as store:
            if options.yes:
                with store.begin() as unit:
                    what = DEEDS[options.action](unit, options, now)
                    what.do(unit, memberships.OPERATOR, now, DOOR)
            else:
                with store.read() as reader:
                    what = DEEDS[options.action](reader, options, now)
    except Refusal as error:
        raise frame.Refused(str(error)) from error
    said = what.done if options.yes else f"{what.will}\n{wording.WITH_YES}"
    if options.json:
        told = {"organ": what.organ.organ, "what": options.action, "to": what.to or None}
        frame.say_json(told | {"done": options.yes, "said": said})
    else:
        frame.say(said + "\n")
    return frame.FINE


def _rename(reader: Reader, options: argparse.Namespace, now: datetime) -> organ_names.Change:
    return organ_names.renaming(reader, organ_named(reader, options.organ), options.value, now)


def _merge(reader: Reader, options: argparse.Namespace, _: datetime) -> organ_names.Change:
    if not options.into:
        raise frame.Refused(wording.INTO_WHICH)
    into = organ_named(reader, options.into)
    return organ_names.merging(reader, organ_named(reader, options.organ), into)


def _close(reader: Reader, options: argparse.Namespace, _: datetime) -> organ_names.Change:
    return organ_names.closing(reader, organ_named(reader, options.organ))


def _open(reader: Reader, options: argparse.Namespace, _: datetime) -> organ_names.Change:
    return organ_names.opening(organ_named(reader, options.organ))


DEEDS: dict[str, Deed] = {"rename": _rename, "merge": _merge, "close": _close, "open": _open}
