"""`nianbao template`: an office's own Word template begun, checked, put into use, taken back."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.cli import frame
from bot.files import documents
from conversations.document.differences import Proof
from conversations.form import FORM_IN_FORCE
from conversations.wording import templates as wording

ACTIONS = ("check", "new", "use", "undo")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which file."""
    parser.add_argument("action", metavar="check|new|use|undo", choices=ACTIONS)
    parser.add_argument("file", metavar="文件", type=Path, nargs="?")
    frame.add_json(parser)
    frame.add_yes(parser)


def run(options: argparse.Namespace) -> int:
    """Do it; FINE when the template can be used."""
    if options.action == "undo":
        return _undo(options)
    if options.file is None:
        raise frame.Refused(f"{frame.WRONG_USAGE}nianbao template {options.action} 文件")
    if options.action == "new":
        return _new(options)
    template = _read(options.file)
    proof, why = _checked(template)
    if options.json:
        sys.stdout.write(frame.as_json(_as_json(options.file, proof, why)))
    elif options.action == "check" or why or (proof and proof.refused):
        sys.stdout.write(frame.shown(_as_text(options.file, proof, why), frame.TEXT))
    if proof is None or proof.refused:
        return frame.REFUSED
    if options.action == "use":
        try:
            documents.use(frame.data_folder(options), template)
        except OSError as error:
            why = error.strerror or ""
            raise frame.Refused(wording.NOT_WRITTEN.format(file=error.filename, why=why)) from error
        if not options.json:
            sys.stdout.write(wording.USED.format(file=frame.shown(str(options.file))) + "\n")
    return frame.FINE


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise frame.Refused(wording.NO_FILE.format(file=file)) from error
    except OSError as error:
        raise frame.Refused(wording.NO_FILE.format(file=f"{file}（{error.strerror}）")) from error


def _checked(template: bytes) -> tuple[Proof | None, str]:
    """What the check of a template found, or why it cannot be checked at all."""
    try:
        return documents.proof(template, FORM_IN_FORCE.edition), ""
    except documents.TemplateError as error:
        return None, str(error)


def _as_json(file: Path, proof: Proof | None, why: str) -> dict[str, object]:
    differences = proof.differences if proof else ()
    return {
        "file": str(file),
        "edition": FORM_IN_FORCE.edition,
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
    """The product's own template, to restyle."""
    file: Path = options.file
    if file.exists() and not options.yes:
        raise frame.Refused(wording.EXISTS.format(file=file))
    try:
        documents.write(file.parent, file.name, documents.ours(FORM_IN_FORCE.edition))
    except OSError as error:
        raise frame.Refused(wording.NOT_WRITTEN.format(file=file, why=error.strerror)) from error
    sys.stdout.write(wording.WRITTEN.format(file=frame.shown(str(file))) + "\n")
    return frame.FINE


def _undo(options: argparse.Namespace) -> int:
    """What was in use before, the product's own at last."""
    done = documents.undo(frame.data_folder(options))
    if done is None:
        raise frame.Refused(wording.NOTHING_TO_UNDO)
    sys.stdout.write((wording.UNDONE if done else wording.UNDONE_TO_OURS) + "\n")
    return frame.FINE
