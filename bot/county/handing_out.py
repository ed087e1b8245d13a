"""
A county's whole year as files, for the terminal and the chat.

Each organ is read in a transaction of its own, and its document made outside of it; a file gets its
name only when it is whole. `wanted` is called before each organ, so that the work can be stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePath

from bot.county.counting import Counted, count, remember
from bot.county.sum_sheets import sheets
from bot.county.summing import county_sum
from bot.files import documents
from bot.files.county_sheets import figures_workbook, write_dictionary, write_figures
from bot.files.county_zip import Archive
from bot.files.forms import FILE_FORMS, WORD, FileForm, made
from bot.files.pictures import NotInstalled, PictureError, to_pdf
from bot.files.spreadsheet import Sheet
from conversations.county.handing_out import (
    FINAL,
    HandedOut,
    Packed,
    apart,
    document_name,
    in_order,
)
from conversations.county.status import Counts, CountyOrgan
from conversations.document.write.content import UnfinishedError, file_name
from conversations.form import FILLED_IN, FORMS, Form, form_to_fill_in
from conversations.form.answers import Figures
from conversations.form.organ import safe_file_name
from conversations.wording import county_handing_out as wording
from storage.collected import sent_file
from storage.county import organs_below
from storage.errors import StoreError
from storage.files import part_of, place
from storage.memory import Memory
from storage.reports import Reader
from storage.sign_off import SignOffs, Version, version_of
from storage.store import Store
from storage.stored import Stored

ZIP, XLSX, CSV = KINDS = ("zip", "xlsx", "csv")


class Stopped(Exception):  # noqa: N818 - it is not an error
    """The rest is no longer wanted."""


@dataclass(frozen=True, slots=True)
class County:
    """The organs to hand out, and the year; `data` holds the office's template."""

    organ_id: int
    organ: str
    year: int
    data: Path


class HandingOut:
    """All below one organ in a year, made into files one after the other."""

    def __init__(
        self,
        store: Store,
        county: County,
        now: datetime,
        *,
        tell: Callable[[int], None] = lambda _: None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """`now` is in the office's zone; `tell` is called with the steps done of `total`."""
        self.store = store
        self.county = county
        self.now = now
        self.tell = tell
        self.wanted = wanted
        self.packed: Sequence[Packed] | None = None
        self._done = 0
        self._counts: dict[int, Counts] = {}
        self._fresh: dict[int, Counted] = {}

    @cached_property
    def organs(self) -> list[CountyOrgan]:
        """The organs, by kind and name."""
        with self.store.read() as reader:
            return in_order(organs_below(reader, self.county.organ_id, self.county.year))

    def _looks(self) -> Iterator[tuple[HandedOut, Stored | None]]:
        """Each organ as it is now; its counts are stored."""
        for organ in self.organs:
            with self.store.read() as shared:
                # The memory is for reports in work; reports read here need not be remembered.
                reader = Reader(shared.connection, Memory(1))
                seen = look_into(reader, self._counted(reader, organ))
            yield seen
        remember(self.store, self._fresh.values())
        self._fresh.clear()

    def _counted(self, reader: Reader, organ: CountyOrgan) -> CountyOrgan:
        """The same, with the findings of a report that is handed out."""
        report = organ.report
        if report is None or report.counts is not None or organ.progress not in FINAL:
            return organ
        counts = self._counts.get(report.report_id)
        if counts is None:
            counts = self._counts[report.report_id] = count(reader, report.report_id)
            self._fresh[report.report_id] = report.report_id, report.mark, counts
        return replace(organ, report=replace(report, counts=counts))

    def total(self, kinds: Collection[str]) -> int:
        """The number of steps for these kinds."""
        return len(self.organs) * ((ZIP in kinds) + bool({XLSX, CSV} & set(kinds)))

    @cached_property
    def outs(self) -> list[HandedOut]:
        """Every organ with its figures, as it was when it was read."""
        outs = []
        for out, _ in self._looks():
            outs.append(out)
            self._step()
        return outs

    def all(self) -> Sequence[Packed]:
        """Every organ, when all is made."""
        return [Packed(out) for out in self.outs] if self.packed is None else self.packed

    def _step(self) -> None:
        self._done += 1
        self.tell(self._done)
        if not self.wanted():
            raise Stopped

    def files(self, folder: Path, kinds: Collection[str], most: int = 0) -> Iterator[Path]:
        """
        Each file as soon as it is whole in the folder; none is larger than `most` bytes.

        Raises:
            Stopped: The rest is no longer wanted.
            TemplateError: The office's own template cannot be used.
        """
        folder.mkdir(parents=True, exist_ok=True)
        if CSV in kinds:
            yield self._one(folder, wording.DICTIONARY, lambda to: write_dictionary(to, self.form))
            yield self._one(
                folder,
                wording.FIGURES,
                lambda to: write_figures(to, self.outs, self.county.year, self.form),
            )
        if XLSX in kinds:
            yield self._one(
                folder,
                wording.TABLES,
                lambda to: to.write_bytes(figures_workbook(self.outs, self.form, self._sum())),
            )
        if ZIP in kinds:
            yield from self._archives(folder, most)

    @property
    def form(self) -> Form:
        """The form of the tables: that of the year."""
        return form_to_fill_in(self.county.year)

    def each(
        self, folder: Path, form: FileForm, make: Callable[[HandedOut, Stored | None], bytes | None]
    ) -> Iterator[Path]:
        """
        A file for each organ with a final document, as soon as it is whole in the folder.

        `make` returns the bytes, or None for none.

        Raises:
            Stopped: The rest is no longer wanted.
        """
        folder.mkdir(parents=True, exist_ok=True)
        taken: set[str] = set()
        packed: list[Packed] = []
        for out, stored in self._looks():
            content = make(out, stored)
            if content is None:
                packed.append(Packed(out, failed=out.final))
            else:
                ending = form.mark + form.ending
                name = apart(file_name(out.name, self.county.year, extension=ending), taken)
                yield documents.write(folder, name, content)
                packed.append(Packed(out, name))
            self._step()
        self.packed = packed

    def _sum(self) -> Sequence[Sheet]:
        """The sum with its composition."""
        county = self.county
        with self.store.read() as reader:
            total = county_sum(reader, county.organ_id, county.organ, county.year)
        return sheets(total, self.now.tzinfo)

    def _one(self, folder: Path, name: str, make: Callable[[Path], object]) -> Path:
        file = folder / self._name(name)
        with part_of(file) as part:
            make(part)
            return place(part, file)

    def _archives(self, folder: Path, most: int) -> list[Path]:
        organ, year = self.county.organ, self.county.year
        with part_of(folder / self._name(wording.DOCUMENTS)) as part:
            with Archive(part.parent, most) as archive:
                for out, stored in self._looks():
                    content = final_document(self.store, self.county.data, out, stored)
                    archive.add(replace(out, figures={}), year, content)
                    self._step()
                archive.finish(organ, year, f"{self.now:%Y-%m-%d %H:%M}")
            self.packed = archive.packed
            several = len(archive.parts) > 1
            return [
                place(
                    path,
                    folder / self._name(wording.PART if several else wording.DOCUMENTS, number),
                )
                for number, path in enumerate(archive.parts, 1)
            ]

    def _name(self, name: str, part: int = 0) -> str:
        return safe_file_name(self.county.organ, name.format(year=self.county.year, part=part))


# ---- one organ -----------------------------------------------------------------------------


def look_into(reader: Reader, organ: CountyOrgan) -> tuple[HandedOut, Stored | None]:
    """An organ as it is now, with its report if it has begun one."""
    report = organ.report
    if report is None or not (report.begun or report.file):
        return HandedOut(organ, organ.progress), None
    stored = reader.load(report.report_id, "")
    sign_off = stored.sign_off
    report = replace(
        report,
        state=sign_off.state,
        note=sign_off.last.note if sign_off.last is not None else {},
        is_final=stored.is_final,
    )
    organ = replace(organ, report=report)
    figures = Figures(FORMS[stored.edition], stored.answers).all()
    local = tuple(
        (question.name, question.unit, stored.answers.number(question.cell))
        for question in stored.notice.questions
    )
    mark = stored.fingerprint
    in_tables = stored.edition == form_to_fill_in(stored.year).edition
    return HandedOut(organ, organ.progress, stored.edition, figures, mark, local, in_tables), stored


def final_document(store: Store, data: Path, out: HandedOut, stored: Stored | None) -> bytes | None:
    """
    The bytes of a final document; None without one, or while something is open in it.

    A file that was sent is handed out as it came; a version that was handed in, with its one
    document.

    Raises:
        TemplateError: The office's own template cannot be used.
    """
    if stored is None or not out.final:
        return None
    if out.is_file:
        assert out.organ.report is not None
        assert out.organ.report.file is not None
        with store.read() as reader:
            return sent_file(reader, out.organ.report.file.id)
    try:
        return word_file(store, data, stored)
    except UnfinishedError:
        return None


def word_file(store: Store, data: Path, stored: Stored) -> bytes:
    """
    The final document of a report; of a submitted version, its one document.

    The document of a version is kept when it is first made.

    Raises:
        TemplateError: The office's own template cannot be used.
        UnfinishedError: Something is open.
    """
    version = stored.sign_off.version
    with store.read() as reader:
        kept = version_of(reader, version.id) if version is not None else None
        own = documents.own(reader, data, stored.report_id) if kept is None else None
    if kept is not None:
        return kept.content
    name, content = documents.make(own, stored.document, draft=False)
    if version is not None:
        # If the store can only be read, the document is not kept.
        with suppress(StoreError), store.begin() as unit:
            return SignOffs(unit).keep_version(version.id, Version(name, content)).content
    return content


def in_form(
    store: Store, data: Path, out: HandedOut, stored: Stored | None, key: str
) -> bytes | None:
    """
    A final document in one of the formats; None as for `final_document`, or if not available.

    For a file that was sent, other formats are made of the figures that were read.

    Raises:
        TemplateError: The office's own template cannot be used.
        NotInstalled: There is no LibreOffice, and so there are no PDFs at all.
    """
    if stored is None or not out.final:
        return None
    try:
        if key in WORD and not is_anew(out, key):
            content = final_document(store, data, out, stored)
            if content is None or _ending(out) == FILE_FORMS[key].ending:
                return content
            return to_pdf(content)
        if key in WORD and FORMS[stored.edition] not in FILLED_IN:
            return None
        with store.read() as reader:
            own = documents.own(reader, data, stored.report_id)
        return made(own, stored.document, key, draft=False)[1]
    except UnfinishedError:
        return None
    except PictureError as error:
        if isinstance(error, NotInstalled):
            raise
        return None


def is_anew(out: HandedOut, key: str) -> bool:
    """Whether this format is made of the figures of a sent file, not of the file itself."""
    whole = key in WORD and _ending(out) in (".docx", FILE_FORMS[key].ending)
    return out.is_file and not whole


def _ending(out: HandedOut) -> str:
    """The ending of the name of a final document."""
    return PurePath(document_name(out, 0)).suffix
