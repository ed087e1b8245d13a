"""`nianbao organs import` and `table`: many organs at once, from a list and into one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot import memberships
from bot.cli import frame
from bot.cli.under import chosen
from bot.county import organ_lists
from bot.files import documents, organ_table
from bot.files.ledger import sheets_in
from bot.files.read import SHEETS, bytes_of, in_child
from bot.files.unreadable import UnreadableFile
from conversations.county.organ_list import Entry, OrganPlan, Remark
from conversations.county.organ_rows import OrganRows, rows_of_text
from conversations.wording import county_organs as wording
from conversations.wording import templates
from storage.organ_changes import OrganDetails, details, details_below
from storage.reports import Reader

STDIN = "-"
ALL = 1_000_000  # entries of each kind shown in a terminal
ZIP = b"PK"


def read_file(source: str) -> OrganRows:
    """
    The list in a file, or on standard input.

    Raises:
        Refused: It cannot be read, or there is no list in it.
    """
    try:
        if source == STDIN:
            data, name = sys.stdin.buffer.read(), "list.xlsx"
        else:
            path = Path(source)
            data, name = bytes_of(path), path.name
        listed = _listed(data, name, stdin=source == STDIN)
    except UnreadableFile as error:
        raise frame.Refused(f"{frame.shown(Path(source).name)}：{error}") from error
    except organ_lists.TooManyRows:
        raise frame.Refused(wording.TOO_MANY.format(most=organ_lists.MOST_LISTED)) from None
    if not listed.rows:
        raise frame.Refused(wording.NO_ROWS)
    return listed


def _listed(data: bytes, name: str, *, stdin: bool) -> OrganRows:
    """
    The list in a workbook or a text; a single sheet needs no head.

    Raises:
        UnreadableFile: There is none, or it is broken.
    """
    if data.startswith(ZIP) or (name.lower().endswith(SHEETS) and not stdin):
        read = in_child(sheets_in, data, name)
        listed = organ_lists.list_in(read.sheets)
        if listed is None:
            listed = organ_lists.read_list(read.sheets[0].rows if read.sheets else ())
        return listed
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return organ_lists.read_list(rows_of_text(data.decode(encoding)))
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(wording.NOT_TEXT)


def organ_named(reader: Reader, name: str) -> OrganDetails:
    """
    The organ with a name.

    Raises:
        Refused: There is none.
    """
    organ_id, _ = chosen(reader, name)
    organ = details(reader, organ_id)
    assert organ is not None
    return organ


def import_list(options: argparse.Namespace) -> int:
    """Show what a list would change, and with `--yes` do it."""
    listed = read_file(options.value)
    under = "".join(options.under.split())
    with frame.open_store(options, reading=not options.yes) as store, frame.working():
        if not options.yes:
            with store.read() as reader:
                plan = _plan(reader, listed, under)
        else:
            with store.begin() as unit:
                plan = _plan(unit, listed, under)
                done = organ_lists.take(unit, plan, memberships.OPERATOR, frame.now())
                if not done:
                    raise frame.Refused(wording.STALE)
    if options.json:
        frame.say_json(_as_json(plan, taken=options.yes))
    else:
        lines = wording.plan_lines(plan, names=ALL, changed=ALL, remarks=ALL, private=False)
        if plan.made and under:
            lines.append(wording.BELOW.format(under))
        lines.append(wording.taken(plan) if options.yes else wording.AS_SHOWN)
        sys.stdout.write("".join(f"{frame.shown(line)}\n" for line in lines))
    nothing = not (plan.made or plan.changed or plan.same)
    return frame.REFUSED if nothing else frame.FINE


def _plan(reader: Reader, listed: OrganRows, under: str) -> OrganPlan:
    """
    What a list would change.

    Raises:
        Refused: The organ above the others does not exist.
    """
    above = organ_named(reader, under) if under else None
    if above is not None and above.closed_at is not None:
        raise frame.Refused(wording.IS_CLOSED.format(frame.shown(under)))
    return organ_lists.look(reader, listed, above, None)


def _as_json(plan: OrganPlan, *, taken: bool) -> dict[str, object]:
    return {
        "taken": taken,
        "made": [_entry(entry) for entry in plan.made],
        "changed": [_entry(entry) for entry in plan.changed],
        "same": plan.same,
        "empty": plan.empty,
        "remarks": [_remark(remark) for remark in plan.remarks],
    }


def _entry(entry: Entry) -> dict[str, object]:
    level = None if entry.level is None else wording.LEVELS[entry.level]
    return {
        "organ": entry.organ,
        "parent": entry.parent,
        "level": level,
        "contact": entry.contact,
        "phone": entry.phone,
    }


def _remark(remark: Remark) -> dict[str, object]:
    return {
        "line": remark.line,
        "what": remark.slip.value,
        "organ": remark.organ,
        "other": remark.other or None,
        "left_out": remark.left_out,
    }


def write_table(options: argparse.Namespace) -> int:
    """Write the list to be filled in, with the organs below `--under`."""
    file = Path(options.value)
    if file.exists() and not options.yes:
        raise frame.Refused(templates.EXISTS.format(file=frame.shown(str(file))))
    rows: list[tuple[str, ...]] = []
    under = "".join(options.under.split())
    if under:
        with frame.open_store(options, reading=True) as store, store.read() as reader:
            rows = table_rows(reader, organ_named(reader, under))
    try:
        documents.write(file.parent, file.name, organ_table.organ_table(rows))
    except OSError as error:
        why = error.strerror
        raise frame.Refused(templates.NOT_WRITTEN.format(file=file, why=why)) from error
    sys.stdout.write(wording.TABLE_WRITTEN.format(file=frame.shown(str(file))) + "\n")
    return frame.FINE


def table_rows(reader: Reader, under: OrganDetails) -> list[tuple[str, ...]]:
    """The organs below one as rows of the table; closed ones are left out."""
    organs = details_below(reader, under.id)
    names = {organ.id: organ.organ for organ in organs}
    return [
        (
            organ.organ,
            names.get(organ.parent_id or 0, ""),
            "" if organ.level is None else wording.LEVELS.get(organ.level, ""),
            organ.contact,
            organ.phone,
        )
        for organ in organs
        if organ.id != under.id and organ.closed_at is None
    ]
