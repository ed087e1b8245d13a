"""
The final documents of many organs in one archive, with an index as a workbook and a page.

It is written to a file, one document after the other, so that many need no more memory than few. If
a file has a maximum size, there are several archives to be unpacked into the same folder; the index
is in the last.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.files.county_page import as_page
from bot.files.county_sheets import index_workbook
from conversations.county.handing_out import HandedOut, Packed, apart, document_name
from conversations.document.write.package import entry
from conversations.wording import county_handing_out as wording

HEADS = 100  # bytes that an archive needs for an entry beside its name, twice
UNIX, READABLE = 3, 0o100644 << 16
ROOM = 2_000_000  # bytes that are kept free for the index


class Archive:
    """One archive, or several, being written."""

    def __init__(self, folder: Path, most: int = 0) -> None:
        """The parts are in `folder`; none is larger than `most`."""
        self.parts: list[Path] = []
        self.packed: list[Packed] = []
        self._folder = folder
        self._most = most
        self._taken: set[str] = set()
        self._file: zipfile.ZipFile | None = None
        self._listed = 0  # bytes of the list at the end of the open archive

    def add(self, out: HandedOut, year: int, content: bytes | None) -> None:
        """Add an organ with its final document, None if there is none or it could not be made."""
        if content is None:
            self.packed.append(Packed(out, failed=out.final))
            return
        folder = wording.FOLDERS[out.organ.level]
        path = apart(f"{folder}/{document_name(out, year)}", self._taken)
        self._write(path, content)
        self.packed.append(Packed(out, path, hashlib.sha256(content).hexdigest()))

    def finish(self, organ: str, year: int, when: str) -> None:
        """Write the index and close the archive; `when` is the moment it shows."""
        index = index_workbook(self.packed)
        page = as_page(self.packed, organ, year, when).encode()
        self._write(f"{wording.INDEX}.xlsx", index, last=True)
        self._write(f"{wording.INDEX}.html", page, last=True)
        self._close()

    def _write(self, path: str, content: bytes, *, last: bool = False) -> None:
        head = len(path.encode()) + HEADS
        if self._file is not None and self._most and not last:
            assert self._file.fp is not None
            taken = self._file.fp.tell() + self._listed
            if taken + 2 * head + len(content) + ROOM > self._most:
                self._close()
        if self._file is None:
            self.parts.append(self._folder / f"{len(self.parts) + 1}.zip")
            self._file, self._listed = zipfile.ZipFile(self.parts[-1], "w"), 0
        info = entry(path)
        # Marked as made on a system whose names every program reads as UTF-8.
        info.create_system, info.external_attr = UNIX, READABLE
        self._file.writestr(info, content)
        self._listed += head

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        """For `with`: it is closed in any case."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close what is open."""
        self._close()
