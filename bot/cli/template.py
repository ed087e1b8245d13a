"""
`nianbao template`: an office's own Word template: start, check, use, take back.

With `--organ` it belongs to an organ and those below it and is in the store with its history;
without, it belongs to the whole store and is a file in the data folder.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.cli import frame
from bot.cli.organ_lists import organ_named
from bot.environment import time_zone
from bot.files import documents
from bot.files.documents import Tested
from bot.handle import form_of_now
from bot.memberships import OPERATOR
from conversations.document.differences import Proof
from conversations.wording import templates as wording
from conversations.wording.county_organs import IS_CLOSED
from storage import templates
from storage.organ_changes import OrganDetails
from storage.reports import Reader
from storage.templates import Template

EXAMPLES = (
    "nianbao template new 模板.docx",
    "nianbao template check 模板.docx",
    "nianbao template use 模板.docx --organ 甲县人民政府",
)
EXIT_CODES = {
    frame.FINE: "模板可以用，或已经做完",
    frame.REFUSED: "模板不能用（写明原因），或用法不对",
}
ACTIONS = {
    "check": "检查",
    "new": "写出底稿（写明机关的是它现在用的）",
    "use": "启用",
    "undo": "换回",
    "list": "看在用的",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which file."""
    parser.add_argument(
        "action",
        metavar="check|new|use|undo|list",
        choices=tuple(ACTIONS),
        help="、".join(f"{name} {about}" for name, about in ACTIONS.items()),
    )
    parser.add_argument("file", metavar="文件", type=Path, nargs="?")
    frame.add_organ(parser)
    frame.add_json(parser)
    frame.add_yes(parser)


def run(options: argparse.Namespace) -> int:
    """Do it; FINE if the template can be used."""
    if options.action == "undo":
        return _undo_of_organ(options) if options.organ else _undo(options)
    if options.action == "list":
        return _list(options)
    if options.file is None:
        raise frame.Refused(f"{frame.WRONG_USAGE}nianbao template {options.action} 文件")
    if options.action == "new":
        return _new(options)
    template = _read(options.file)
    if options.organ:
        # Nothing is tried for a missing organ.
        with frame.open_store(options, reading=True) as store, store.read() as reader:
            _organ(reader, options)
    with frame.working():
        tested = documents.tested(template, options.file.name, _edition())
    proof, why = tested.proof, tested.why
    if options.json:
        frame.say_json(_as_json(options, proof, why))
    elif options.action == "check" or not tested.passed:
        frame.say(_as_text(options.file, proof, why))
    if not tested.passed:
        return frame.REFUSED
    if options.action == "use":
        _use(options, tested)
    return frame.FINE


def _organ(reader: Reader, options: argparse.Namespace) -> OrganDetails:
    organ = organ_named(reader, options.organ)
    if organ.closed_at is not None:
        raise frame.Refused(IS_CLOSED.format(organ.organ))
    return organ


def _use(options: argparse.Namespace, tested: Tested) -> None:
    """Put it into use, for an organ and those below it or for the whole store."""
    name = frame.shown(str(options.file))
    said = wording.USED.format(file=name)
    if options.organ:
        with frame.open_store(options) as store, store.begin() as unit:
            organ = _organ(unit, options)
            templates.use(unit, organ.id, tested.name, tested.content, OPERATOR, frame.now())
        said = wording.used(organ.organ, name)
    else:
        try:
            documents.use(frame.data_folder(options), tested.content)
        except OSError as error:
            why = error.strerror or ""
            raise frame.Refused(wording.NOT_WRITTEN.format(file=error.filename, why=why)) from error
    if not options.json:
        sys.stdout.write(f"{said}\n")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise frame.Refused(wording.NO_FILE.format(file=file)) from error
    except OSError as error:
        raise frame.Refused(wording.NO_FILE.format(file=f"{file}（{error.strerror}）")) from error


def _as_json(options: argparse.Namespace, proof: Proof | None, why: str) -> dict[str, object]:
    differences = proof.differences if proof else ()
    return {
        "file": str(options.file),
        "organ": options.organ or None,
        "edition": _edition(),
        "fine": proof is not None and not proof.refused,
        "why": why,
        "compared": proof
        and {"cells": proof.cells, "headings": proof.headings, "texts": proof.texts},
        "differences": [
            {
                "kind": difference.kind.value,
                "place": difference.place,
                "told": difference.told,
                "said": difference.said,
                "refused": difference.refused,
            }
            for difference in differences
        ],
    }


def _as_text(file: Path, proof: Proof | None, why: str) -> str:
    lines = [str(file)]
    if proof is None:
        return "\n".join([*lines, wording.NOT_FINE, f"· {why}"]) + "\n"
    refused = [wording.difference(difference) for difference in proof.refused]
    remarks = [wording.difference(d) for d in proof.differences if not d.refused]
    lines += [f"✓ {said}" for said in wording.fine(proof)] if not refused else []
    for head, said in ((wording.NOT_FINE, refused), (wording.REMARKS, remarks)):
        lines += [head, *(f"· {one}" for one in said)] if said else []
    return "\n".join([*lines, *([] if refused else [wording.FINE])]) + "\n"


def _new(options: argparse.Namespace) -> int:
    """The product's own template to restyle; with an organ, the one in use there."""
    file: Path = options.file
    if file.exists() and not options.yes:
        raise frame.Refused(wording.EXISTS.format(file=file))
    try:
        documents.write(file.parent, file.name, _begun(options))
    except OSError as error:
        raise frame.Refused(wording.NOT_WRITTEN.format(file=file, why=error.strerror)) from error
    sys.stdout.write(wording.WRITTEN.format(file=frame.shown(str(file))) + "\n")
    return frame.FINE


def _edition() -> str:
    """The edition of new reports, for which an office makes its template."""
    return form_of_now(frame.now().date()).edition


def _begun(options: argparse.Namespace) -> bytes:
    """The template to start from."""
    own = None
    if options.organ:
        with frame.open_store(options, reading=True) as store, store.read() as reader:
            used = templates.in_use(reader, _organ(reader, options).id)
            data = frame.data_folder(options)
            own = documents.numbered(reader, data, used.id if used else 0)
    return documents.ours(_edition()) if own is None else own.content


def _undo(options: argparse.Namespace) -> int:
    """The whole store's previous template again, at last the product's own."""
    done = documents.undo(frame.data_folder(options))
    if done is None:
        raise frame.Refused(wording.NOTHING_TO_UNDO)
    if options.json:
        frame.say_json({"organ": None, "own": done})
    else:
        sys.stdout.write((wording.UNDONE if done else wording.UNDONE_TO_OURS) + "\n")
    return frame.FINE


def _undo_of_organ(options: argparse.Namespace) -> int:
    """An organ's previous template again, or that of an organ above."""
    with frame.open_store(options) as store, store.begin() as unit:
        organ = organ_named(unit, options.organ)
        used = templates.in_use(unit, organ.id)
        if used is None or used.organ_id != organ.id:
            raise frame.Refused(wording.NOTHING_TO_UNDO_OF.format(organ=organ.organ))
        templates.undo(unit, used.id, OPERATOR, frame.now())
        now = templates.in_use(unit, organ.id)
    if options.json:
        own = now is not None and now.organ_id == organ.id
        in_use = _entry(now) if now else None
        frame.say_json({"organ": organ.organ, "own": own, "in_use": in_use})
    else:
        of_store = documents.of_store(frame.data_folder(options)) is not None
        others = wording.OF_STORE if of_store else wording.OF_OURS
        said = frame.shown(wording.taken_back(used.name))
        sys.stdout.write(f"{said}{wording.now_counts(_shown(now) if now else others)}\n")
    return frame.FINE


def _list(options: argparse.Namespace) -> int:
    """Every template that an organ has used; without an organ, all in use."""
    with frame.open_store(options, reading=True) as store, store.read() as reader:
        if options.organ:
            found = templates.history(reader, organ_named(reader, options.organ).id)
        else:
            found = templates.all_in_use(reader)
    if options.json:
        frame.say_json([_entry(template) for template in found])
    else:
        lines = [_shown(template) for template in found] or [wording.NONE_OF_ORGANS]
        sys.stdout.write("".join(f"{line}\n" for line in lines))
    return frame.FINE


def _entry(template: Template) -> dict[str, object]:
    ended = template.ended_at
    return {
        "organ": template.organ,
        "file": template.name,
        "by": wording.who(template.by, template.person),
        "at": template.at.astimezone(time_zone()).isoformat(timespec="seconds"),
        "taken_back": ended and ended.astimezone(time_zone()).isoformat(timespec="seconds"),
        "taken_back_by": ended and wording.who(template.ended_by or "", template.ended_person),
    }


def _shown(template: Template) -> str:
    by, at = wording.who(template.by, template.person), template.at.astimezone(time_zone())
    line = wording.of_organ(template.organ, template.name, by, at)
    if template.ended_at is not None:
        by = wording.who(template.ended_by or "", template.ended_person)
        line += wording.ended(by, template.ended_at.astimezone(time_zone()))
    return frame.shown(line)
