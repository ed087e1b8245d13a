"""`nianbao invite --under`: links for all organs below one, as a workbook and a page to print."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.cli import frame, serve
from bot.cli.under import chosen
from bot.county.inviting import Invited, invite_organs, year_to_invite
from bot.files.invitations import as_page, as_workbook
from bot.memberships import OPERATOR
from conversations.county.inviting import InvitedOrgan, to_invite
from conversations.county.status import CountyOrgan
from conversations.wording import county_inviting as wording
from storage.county import organs_below
from storage.files import write_whole
from storage.reports import Reader

NOT_BELOW = "--section 和 --replaces 只能和 --organ 一起写。"
ONE_FILE = "--xlsx 和 --qr 是两个文件，请写不同的名字。"
NOT_WRITTEN = "写不了文件，没有生成链接：{}"


def run_below(options: argparse.Namespace) -> int:
    """
    Make the links and write the files; without files, only say for whom they would be.

    Raises:
        Refused: There is no such organ, or the files cannot be written: then there are no links.
    """
    if options.section or options.replaces:
        raise frame.Refused(NOT_BELOW)
    if options.xlsx and options.xlsx == options.qr:
        raise frame.Refused(ONE_FILE)
    if not (options.xlsx or options.qr or options.json):
        return _show(options)
    settings = serve.telegram_settings(options)
    with frame.open_store(options) as store:
        name, now = asyncio.run(serve.name_of_bot(settings)), frame.now()
        with store.begin() as unit:
            organ_id, under = chosen(unit, options.under)
            year = options.year or year_to_invite(unit, under, now)
            organs = _organs(unit, organ_id, options, year)
            each = frame.each(organs)
            made = invite_organs(unit, name, each, options.role, OPERATOR, now, year)
            # The files are written before the links count: no link is valid that no one has.
            _write(options, under, made, year)
    if options.json:
        rows = [_as_json(each, year) for each in made.organs]
        frame.say_json(rows)
    elif made.organs:
        said = wording.made(made.organs, year, made.revoked)
        frame.say(f"{said}\n")
    else:
        sys.stdout.write(f"{wording.NOBODY}\n")
    return frame.FINE


def _show(options: argparse.Namespace) -> int:
    with frame.open_store(options, reading=True) as store, store.read() as reader:
        organ_id, under = chosen(reader, options.under)
        year = options.year or year_to_invite(reader, under, frame.now())
        organs = _organs(reader, organ_id, options, year)
    names = "、".join(organ.organ for organ in organs)
    said = f"{wording.WOULD.format(len(organs), names)}\n{wording.WHERE_TO}"
    frame.say(f"{said if organs else wording.NOBODY}\n")
    return frame.FINE


def _organs(
    reader: Reader, organ_id: int, options: argparse.Namespace, year: int
) -> Sequence[CountyOrgan]:
    return to_invite(organs_below(reader, organ_id, year), everybody=options.all)


def _write(options: argparse.Namespace, under: str, made: Invited, year: int) -> None:
    if not made.organs:
        return
    files: list[tuple[Path, bytes]] = []
    if options.xlsx:
        files.append((options.xlsx, as_workbook(made.organs, year)))
    if options.qr:
        files.append((options.qr, as_page(made.organs, under, year)))
    written: list[Path] = []
    try:
        for file, content in files:
            write_whole(file, content)
            written.append(file)
    except OSError as error:
        # No one may hand out links that do not count.
        for file in written:
            file.unlink(missing_ok=True)
        raise frame.Refused(NOT_WRITTEN.format(frame.shown(str(error)))) from error


def _as_json(invited: InvitedOrgan, year: int) -> dict[str, Any]:
    return {
        "organ": invited.organ,
        "role": invited.role,
        "link": invited.link,
        "year": year,
        "contact": invited.contact,
        "phone": invited.phone,
        "until": str(invited.until),
    }
