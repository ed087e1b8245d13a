"""
Making the document file, with the office's own template if there is one.

An office's template is a program from outside: a child prepares it and fills it in.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot import faults
from bot.environment import TEMPLATE
from bot.files import child
from conversations.document.differences import Proof
from conversations.document.write.content import DocumentInput, contents, file_name
from conversations.document.write.docx import TemplateError, pack, render, standard, unpack
from conversations.document.write.prepare import LARGEST, prepare
from conversations.document.write.template import build_template
from conversations.form import FILLED_IN, FORMS
from conversations.form.organ import is_unseen
from conversations.wording import door as wording
from conversations.wording import templates as template_wording

if TYPE_CHECKING:
    from storage.reports import Reader

LONGEST_NAME = 100  # characters of a template's mark
BEFORE = "template.before.docx"  # the template used before
FOR_APPROVAL = "（送审稿）.docx"  # the end of a name
CHECKING = 3 * child.SECONDS  # in the background; a busy machine takes its time

__all__ = ["TEMPLATE", "Own", "TemplateError", "check", "check_at_once", "make", "proof", "write"]


def packed_template(template: bytes, edition: str) -> bytes:
    """
    A prepared template that was filled in and read back. For a child.

    Raises:
        TemplateError: It lacks the form's tags, or prints something else.
    """
    from conversations.document.proof import prove

    form = FORMS[edition]
    prepared = prepare(template, form)
    if refused := prove(prepared, form).refused:
        raise TemplateError(template_wording.refused(refused))
    return pack(prepared)


def proof_of(template: bytes, edition: str) -> Proof:
    """
    The output of a template, compared with its input. For a child.

    Raises:
        TemplateError: It lacks the form's tags.
    """
    from conversations.document.proof import prove

    form = FORMS[edition]
    return prove(prepare(template, form), form)


def filled_in(packed: bytes, report: DocumentInput, draft: bool) -> bytes:
    """The report in a prepared template. For a child."""
    return render(_unpacked(packed), report, draft=draft)


_unpacked = lru_cache(maxsize=1)(unpack)


@contextmanager
def _sentences() -> Iterator[None]:
    """
    Turn the errors of a child into sentences about the template.

    Raises:
        TemplateError: With the sentence.
    """
    try:
        yield
    except child.TooSlow as error:
        raise TemplateError(wording.TEMPLATE_TOO_SLOW) from error
    except child.TooMuchMemory as error:
        raise TemplateError(wording.TEMPLATE_TOO_MUCH_MEMORY) from error
    except child.Ended as error:
        raise TemplateError(wording.TEMPLATE_BROKEN_OFF) from error
    except child.Fault as fault:
        number = faults.number("filling in a template", str(fault))
        raise TemplateError(wording.ERROR.format(number=number)) from fault


@dataclass(frozen=True, slots=True)
class Own:
    """An office's own template; `mark` identifies it."""

    content: bytes
    mark: str


def own(reader: Reader, data: Path, report_id: int) -> Own | None:
    """
    The template for a report's documents.

    That of the nearest organ, else `DATA/template.docx` of the whole store; None is the product's
    own.
    """
    from storage import templates

    kept = templates.for_report(reader, report_id)
    return numbered(reader, data, kept.id if kept else 0)


def numbered(reader: Reader, data: Path, template: int) -> Own | None:
    """The same, decided before: by the number of an organ's template, 0 for the store's."""
    from storage import templates

    content = templates.content(reader, template) if template else None
    return of_store(data) if content is None else of_bytes(content)


def of_store(data: Path) -> Own | None:
    """`DATA/template.docx`, None if it does not exist."""
    file = data / TEMPLATE
    if not file.is_file():
        return None
    with file.open("rb") as opened:
        return of_bytes(opened.read(LARGEST + 1))


def of_bytes(content: bytes) -> Own:
    """A template as sent."""
    return Own(content, hashlib.sha256(content).hexdigest())


# Prepared templates, or why they are not, by mark and edition: each is checked once.
_checked: dict[tuple[str, str], Future[bytes | str]] = {}
_lock = threading.Lock()
KEPT = 16  # templates
# Reported once, then the template is checked anew: the machine may have been busy.
ANOTHER_TRY = (wording.TEMPLATE_BROKEN_OFF, wording.TEMPLATE_TOO_SLOW)


def _check(own: Own, edition: str) -> Future[bytes | str]:
    """The check of a template: done, or running in a thread of its own."""
    with _lock:
        if (known := _checked.get((own.mark, edition))) is not None:
            return known
        while len(_checked) >= KEPT:
            del _checked[next(iter(_checked))]
        future = _checked[own.mark, edition] = Future()
    threading.Thread(target=_look, args=(own, edition, future), daemon=True).start()
    return future


def _look(own: Own, edition: str, future: Future[bytes | str]) -> None:
    result: bytes | str
    try:
        with _sentences():
            result = child.run(
                packed_template,
                own.content,
                edition,
                raises=(TemplateError,),
                seconds=CHECKING,
            )
    except TemplateError as error:
        result = str(error)
    except BaseException as error:  # noqa: BLE001 - whoever waits is told
        _forget(own, edition)
        future.set_exception(error)
        return
    future.set_result(result)


def _forget(own: Own, edition: str) -> None:
    with _lock:
        _checked.pop((own.mark, edition), None)


def _is_of_newer(own: Own, edition: str) -> bool:
    """Whether a template was made for a newer form: older reports are made in ours."""
    newer = (form for form in FILLED_IN if form.since > FORMS[edition].since)
    return any(isinstance(_check(own, form.edition).result(), bytes) for form in newer)


def _ready(own: Own, edition: str) -> bytes | None:
    """A prepared template, after its check. None for one of a newer form."""
    result = _check(own, edition).result()
    if isinstance(result, str):
        if result in ANOTHER_TRY:
            _forget(own, edition)
        elif _is_of_newer(own, edition):
            return None
        raise TemplateError(result)
    return result


def check(own: Own | None, edition: str) -> None:
    """
    Make sure that the template can be used; waits for the check of an office's own.

    Raises:
        TemplateError: The office's own prints something else, or costs too much.
    """
    if own is not None:
        _ready(own, edition)


def check_at_once(own: Own | None, edition: str) -> None:
    """
    The same without waiting, for callers on whom others wait.

    Raises:
        TemplateError: As `check`, or the office's own was changed and is being checked.
    """
    if own is not None and not _check(own, edition).done():
        raise TemplateError(template_wording.BEING_CHECKED)
    check(own, edition)


def proof(template: bytes, edition: str) -> Proof:
    """
    The output of a template, compared with its input.

    Raises:
        TemplateError: It cannot be filled in, or costs too much.
    """
    with _sentences():
        return child.run(
            proof_of,
            template[: LARGEST + 1],
            edition,
            raises=(TemplateError,),
            seconds=CHECKING,
        )


@dataclass(frozen=True, slots=True)
class Tested:
    """A file proposed as a template; `why` says why it cannot even be filled in."""

    name: str
    content: bytes
    proof: Proof | None
    why: str = ""

    @property
    def passed(self) -> bool:
        """Whether it may be used."""
        return self.proof is not None and not self.proof.refused


def tested(content: bytes, name: str, edition: str) -> Tested:
    """The result of filling in a file as a template of a form. For a thread."""
    name = "".join(c for c in name if not is_unseen(c))[:LONGEST_NAME].strip() or TEMPLATE
    try:
        return Tested(name, content, proof(content, edition))
    except TemplateError as error:
        return Tested(name, content, None, str(error))


_TAGS = re.compile(r"\{\{\s*f\d{3}\s*\}\}")


def is_template(text: str) -> bool:
    """Whether the text of a file contains the tags of a template."""
    return _TAGS.search(text) is not None


def ours(edition: str) -> bytes:
    """The product's own template as an ordinary .docx."""
    return build_template(FORMS[edition])


def use(data: Path, template: bytes) -> None:
    """Put a template into use; the previous one is kept."""
    own = data / TEMPLATE
    if own.is_file():
        write(data, BEFORE, own.read_bytes())
    write(data, TEMPLATE, template)


def undo(data: Path) -> bool | None:
    """
    Take back the template that was put into use last.

    Returns:
        True if the office's previous template is used again, False for the product's own; None if
        that is
        used already.
    """
    own, before = data / TEMPLATE, data / BEFORE
    if before.is_file():
        before.replace(own)
        return True
    if not own.is_file():
        return None
    own.unlink()
    return False


def make(own: Own | None, report: DocumentInput, *, draft: bool) -> tuple[str, bytes]:
    """
    The file's name and its bytes; `own` is the office's template, None for the product's.

    Raises:
        TemplateError: As `check`.
        UnfinishedError: A final document was asked for and something is open.
    """
    packed = _ready(own, report.form.edition) if own is not None else None
    if packed is None:
        content = render(standard(report.form.edition), report, draft=draft)
    else:
        contents(report, draft=draft)
        with _sentences():
            content = child.run(filled_in, packed, report, draft)
    return file_name(report.organ, report.year, draft), content


def version_name(organ: str, year: int, *, final: bool) -> str:
    """The name of the document of a version; it says so until it is approved."""
    return file_name(organ, year, extension=".docx" if final else FOR_APPROVAL)


def write(folder: Path, name: str, content: bytes) -> Path:
    """Write a file into a folder, whole or not at all, and surely on the disk."""
    from storage.files import write_whole

    folder.mkdir(parents=True, exist_ok=True)
    return write_whole(folder / name, content)
