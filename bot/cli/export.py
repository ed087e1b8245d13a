"""
`nianbao export`: a stored report in any format; or everything of a county.

An unfinished report, or one changed after its final document, gives a draft. If an organ has sent a
file, that file is the document; other formats are made of the figures read from it. For a county
(`--under`) only final documents are handed out, packed with the figures or, in a report's format,
one file per organ; what is missing is named.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from pathlib import Path, PurePath

from bot.cli import frame, show
from bot.cli.under import chosen
from bot.county.handing_out import (
    KINDS,
    ZIP,
    County,
    HandingOut,
    in_form,
    is_anew,
    word_file,
)
from bot.files import documents
from bot.files.documents import TemplateError, write
from bot.files.forms import FILE_FORMS, WORD, FileForm, made
from bot.files.pictures import PictureError, printed
from conversations.county.handing_out import HandedOut
from conversations.county.status import SentFile
from conversations.document.write.content import UnfinishedError, file_name
from conversations.form import FILLED_IN, FORMS
from conversations.reminders.tasks import newest_year
from conversations.talk.other_forms import PDF
from conversations.wording import county_handing_out as county
from conversations.wording import door as wording
from conversations.wording import report_files
from conversations.wording.county_collecting import MADE_ANEW, NO_OLD_FORM
from storage.collected import sent_file
from storage.store import Store
from storage.stored import Stored

EXAMPLES = (
    "nianbao export --organ 甲镇人民政府 --year 2025 --format pdf",
    "nianbao export --under 甲县人民政府 --year 2025 --out 文件夹",
)
EXIT_CODES = {
    frame.FINE: "写出的是定稿；用 --under 时该报的单位都有",
    frame.UNFINISHED: "写出的是草稿；用 --under 时有单位缺定稿（逐个列出），或中断了",
}
TEMPLATE = "本单位的模板用不了：{why}"

JSON = FileForm("json", ".json")
OF_ONE = {**FILE_FORMS, JSON.key: JSON}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which report, or the organ above; the format and the target."""
    frame.add_report(parser)
    parser.add_argument(
        "--under", default="", type=frame.organ, metavar="机关全称", help=county.HELP_UNDER
    )
    parser.add_argument("--format", choices=(*OF_ONE, ZIP), help=county.HELP_FORMAT)
    parser.add_argument("--out", type=Path, metavar="路径", help=county.HELP_OUT)


def run(options: argparse.Namespace) -> int:
    """Write one report (a draft is UNFINISHED), or all below an organ."""
    if options.under and options.organ:
        raise frame.Refused(county.BOTH)
    if options.organ and options.format == ZIP:
        raise frame.Refused(county.NOT_OF_ONE)
    return _county(options) if options.under or options.format == ZIP else _report(options)


# ---- one report ----------------------------------------------------------------------------


def _report(options: argparse.Namespace) -> int:
    data, out = frame.data_folder(options), options.out
    try:
        with frame.open_store(options, reading=True) as store:
            view = show.find(store, options.organ, options.year)
            if view is None:
                raise frame.Refused(frame.NO_REPORT)
            draft = not view.stored.is_final
            sent = None
            if view.file and not options.format:
                sent = _sent(store, view, view.file)
            kind = options.format or "docx"
            is_word = kind in WORD and sent is None
            document = _word(store, data, view, draft=draft) if is_word else b""
        with frame.working():
            name, content = sent or content_of(view, kind, document, draft=draft)
    except TemplateError as error:
        raise frame.Refused(TEMPLATE.format(why=error)) from error
    except PictureError as error:
        raise frame.Refused(error.said) from error
    except UnfinishedError as error:
        # Answers were removed after the final document, not by us.
        raise frame.Refused(f"{error}。") from error
    code = frame.UNFINISHED if draft else frame.FINE
    if view.file is not None and not sent:
        sys.stderr.write(MADE_ANEW + "\n")
    if out == Path("-"):
        sys.stdout.buffer.write(content)
        return code
    target = data / name if out is None else _target(out, name)
    try:
        write(target.parent, target.name, content)
    except OSError as error:
        raise frame.Refused(frame.NOT_WRITTEN.format(file=target)) from error
    sys.stdout.write(f"{frame.shown(str(target))}\n")
    if draft:
        sys.stdout.write(wording.DRAFT_CAPTION + "\n")
    return code


def _target(out: Path, name: str) -> Path:
    """
    The path of the file: in a folder under its own name, or the given one.

    Raises:
        Refused: The given name has the ending of another kind of file.
    """
    if out.is_dir() or not out.suffix:
        return out / name
    ending = PurePath(name).suffix
    if ending and out.suffix.lower() != ending:
        raise frame.Refused(
            report_files.OTHER_ENDING.format(file=frame.shown(out.name), ending=ending)
        )
    return out


def _sent(store: Store, view: show.ReportView, file: SentFile) -> tuple[str, bytes]:
    """The file that the organ sent, under a clear name."""
    extension = PurePath(file.name).suffix.lower()
    with store.read() as reader:
        content = sent_file(reader, file.id) or b""
    return file_name(view.stored.organ, view.stored.year, extension=extension), content


def _word(store: Store, data: Path, view: show.ReportView, *, draft: bool) -> bytes:
    """
    The Word file: the one document of a version, else made now.

    Raises:
        TemplateError: The office's own template cannot be used.
        UnfinishedError: Something is open.
        Refused: Reports of such a form are no longer written.
    """
    stored = view.stored
    if FORMS[stored.edition] not in FILLED_IN:
        raise frame.Refused(NO_OLD_FORM.format(edition=stored.edition))
    if not draft and view.file is None:
        return word_file(store, data, stored)
    with store.read() as reader:
        own = documents.own(reader, data, stored.report_id)
    return documents.make(own, stored.document, draft=draft)[1]


def content_of(
    view: show.ReportView, kind: str, document: bytes, *, draft: bool
) -> tuple[str, bytes]:
    """
    The file's name and its bytes; `document` is the Word file, from which a PDF is made.

    Raises:
        PictureError: There is no PDF.
        UnfinishedError: Something is open.
    """
    stored = view.stored
    if kind in (*WORD, JSON.key):
        name = file_name(stored.organ, stored.year, draft, OF_ONE[kind].ending)
        if kind == JSON.key:
            return name, frame.as_json(show.report_as_json(view)).encode()
        if kind != PDF:
            return name, document
        pdf = printed(document)
        if pdf.said:
            sys.stderr.write(f"{pdf.said}\n")
        return name, pdf.content
    return made(None, stored.document, kind, draft=draft)


# ---- everything below an organ -------------------------------------------------------------


def _county(options: argparse.Namespace) -> int:
    """The files, each named when it is whole; what is missing goes to stderr."""
    data = frame.data_folder(options)
    folder: Path = options.out or data
    if folder.is_file() or folder == Path("-") or _names_a_file(folder):
        raise frame.Refused(county.NOT_A_FOLDER.format(out=folder))
    kinds = KINDS if options.format is None else (options.format,)
    form = None if options.format in (None, *KINDS) else OF_ONE[options.format]
    year = options.year or newest_year(frame.now().date())
    written: list[Path] = []
    with frame.open_store(options, reading=True) as store:
        with store.read() as reader:
            organ_id, under = chosen(reader, options.under)
        work = HandingOut(store, County(organ_id, under, year, data), frame.now())
        if not work.organs:
            raise frame.Refused(county.NONE_BELOW.format(organ=under))
        work.tell = frame.progress(len(work.organs) if form else work.total(kinds))
        files = work.files(folder, kinds) if form is None else _each(work, folder, form)
        try:
            for path in files:
                written.append(path)
                sys.stdout.write(f"{frame.shown(str(path))}\n")
                sys.stdout.flush()
            packed = work.all()
        except BaseException as error:
            if is_interrupt(error):
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends already
                sys.stderr.write(county.interrupted([frame.shown(file.name) for file in written]))
                return frame.UNFINISHED
            if isinstance(error, TemplateError):
                raise frame.Refused(TEMPLATE.format(why=error)) from error
            if isinstance(error, PictureError):
                raise frame.Refused(error.said) from error
            if isinstance(error, OSError) and error.filename:
                file = frame.shown(str(folder))  # the file itself has no name yet
                raise frame.Refused(frame.NOT_WRITTEN.format(file=file)) from error
            raise
    said = county.told(packed, tables=form is None)
    if form is not None and form is not JSON:
        said += county.made_anew(
            [each.out.name for each in packed if each.path and is_anew(each.out, form.key)]
        )
    sys.stderr.write(frame.shown(said, frame.TEXT))
    return frame.UNFINISHED if any(each.missing for each in packed) else frame.FINE


def _each(work: HandingOut, folder: Path, form: FileForm) -> Iterator[Path]:
    """One file per organ."""

    def make(out: HandedOut, stored: Stored | None) -> bytes | None:
        if form is not JSON:
            return in_form(work.store, work.county.data, out, stored, form.key)
        view = show.find(work.store, out.organ.organ, work.county.year) if out.final else None
        if view is None or not view.stored.is_final:
            return None
        return frame.as_json(show.report_as_json(view)).encode()

    return work.each(folder, form, make)


def _names_a_file(folder: Path) -> bool:
    """Whether a supposed folder has the name of one of the files."""
    endings = {f".{ZIP}", *(form.ending for form in OF_ONE.values())}
    return folder.suffix.lower() in endings and not folder.is_dir()


def is_interrupt(error: BaseException) -> bool:
    """Whether it is Ctrl-C, or follows from it: an interrupted archive cannot be closed."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, KeyboardInterrupt):
        cause = cause.__context__
    return cause is not None
