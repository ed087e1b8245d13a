"""
Several files at once: a folder, a .zip, or a single file; each is read when its turn comes.

An archive is not unpacked: its names are never used as paths, and at most one file within the
limits is in memory.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.files.checking import IGNORED, files_of, may_be_report, natural
from bot.files.read import bytes_of
from bot.files.unreadable import UnreadableFile
from conversations.document.read.blocks import MAX_BYTES, UnreadableReason
from conversations.form.organ import is_unseen
from conversations.wording import county_collecting as wording

MOST_ENTRIES = 5_000
MOST_UNPACKED = 2_000_000_000  # bytes of all files together, as the archive says
LONGEST_NAME = 200
ENCRYPTED = 0x1
# Errors of the library for a faulty archive.
BROKEN = (
    *(OSError, ValueError, EOFError, RuntimeError),  # NotImplementedError is one of the last
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
)
UTF_8 = 0x800


@dataclass(frozen=True, slots=True)
class Source:
    """A file with the name shown for it, and a function that loads its bytes."""

    name: str
    load: Callable[[], bytes]  # Raises UnreadableFile


@dataclass(frozen=True, slots=True)
class Sources:
    """The files that may be reports, and the names of the others."""

    files: tuple[Source, ...]
    others: tuple[str, ...] = ()


def sources_at(path: Path) -> Sources:
    """
    The files of a folder and its subfolders, of a .zip, or the file itself.

    Raises:
        UnreadableFile: It is an archive that cannot be read.
    """
    if path.is_dir():
        reports, others = files_of(path)
        files = [Source(str(each.relative_to(path)), _loading(each)) for each in reports]
        return Sources(tuple(files), tuple(str(each.relative_to(path)) for each in others))
    if path.suffix.lower() == ".zip":
        return sources_in(path)
    return Sources((Source(path.name, _loading(path)),))


def _loading(path: Path) -> Callable[[], bytes]:
    return lambda: bytes_of(path)


def is_archive(data: bytes, name: str) -> bool:
    """
    Whether the bytes are an archive of files, not a document in archive form.

    A broken archive counts, too: `sources_in` reports it.
    """
    if not (name.lower().endswith(".zip") and zipfile.is_zipfile(io.BytesIO(data))):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "[Content_Types].xml" not in archive.NameToInfo
    except BROKEN:
        return True


def sources_in(archive: Path | bytes) -> Sources:
    """
    The files of a .zip.

    Raises:
        UnreadableFile: It is no .zip, or holds too much.
    """

    def opened() -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(archive) if isinstance(archive, bytes) else archive)

    try:
        with opened() as listed:
            entries = [entry for entry in listed.infolist() if not entry.is_dir()]
    except FileNotFoundError:
        raise UnreadableFile(UnreadableReason.EMPTY.value) from None
    except BROKEN:
        raise UnreadableFile(wording.BROKEN_ARCHIVE) from None
    if len(entries) > MOST_ENTRIES:
        raise UnreadableFile(wording.TOO_MANY_ENTRIES.format(most=MOST_ENTRIES))
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise UnreadableFile(wording.TOO_LARGE_UNPACKED)
    files: list[Source] = []
    others: list[str] = []
    given: dict[str, int] = {}
    for entry in entries:
        path = PurePosixPath(name_of(entry))
        hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
        if hidden or path.name.lower().startswith(IGNORED):
            continue
        if not may_be_report(path.name):
            others.append(str(path))
            continue
        files.append(Source(_unlike(str(path), given), _reading(opened, entry)))
    files.sort(key=lambda source: natural(Path(source.name)))
    return Sources(tuple(files), tuple(sorted(others)))


def _unlike(name: str, given: dict[str, int]) -> str:
    """
    A name unlike all before: two files of one archive may have the same.

    `given` are the names used before, each with its last number.
    """
    path, told = PurePosixPath(name), name
    while told in given:
        given[name] += 1
        told = str(path.with_name(f"{path.stem}({given[name]}){path.suffix}"))
    given[told] = 1
    return told


def name_of(entry: zipfile.ZipInfo) -> str:
    """
    The name of a file in an archive, readable and unable to leave the archive.

    Programs on Windows write names as GBK and do not say so.
    """
    name = entry.filename
    if not entry.flag_bits & UTF_8:
        for encoding in ("utf-8", "gb18030"):
            try:
                name = entry.filename.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    told = "/".join(parts).rpartition(":")[2]
    return "".join(c for c in told if not is_unseen(c))[-LONGEST_NAME:].lstrip("/") or "?"


def _reading(opened: Callable[[], zipfile.ZipFile], entry: zipfile.ZipInfo) -> Callable[[], bytes]:
    def load() -> bytes:
        if entry.flag_bits & ENCRYPTED:
            raise UnreadableFile(UnreadableReason.ENCRYPTED.value)
        try:
            with opened() as archive, archive.open(entry) as file:
                data = file.read(MAX_BYTES + 1)
        except BROKEN:
            raise UnreadableFile(UnreadableReason.BROKEN.value) from None
        if len(data) > MAX_BYTES:
            raise UnreadableFile(UnreadableReason.TOO_LARGE.value)
        return data

    return load
