"""A call with a file: the body in pieces, and a watch that cuts it when nothing moves."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from io import SEEK_END
from typing import IO, Final
from uuid import uuid4

from telegram._utils.types import FieldTuple

CHUNK: Final = 64 * 1024


class Watch:
    """Cuts an upload when nothing could be sent for a while."""

    def __init__(self, clock: asyncio.Timeout, seconds: float | None) -> None:
        self._clock = clock
        self._seconds = seconds
        self._now: Callable[[], float] = asyncio.get_running_loop().time

    def moved(self) -> None:
        if self._seconds is not None:
            self._clock.reschedule(self._now() + self._seconds)

    def done(self) -> None:
        self._clock.reschedule(None)


class Upload:
    """
    A `multipart/form-data` body.

    File names are sent as they are, in UTF-8: Telegram does not read `filename*`, and people would
    see a percent-encoded name.
    """

    def __init__(self, fields: dict[str, str], files: dict[str, FieldTuple]) -> None:
        boundary = uuid4().hex
        self._parts: list[bytes | IO[bytes]] = []
        for name, value in fields.items():
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_header(name)}"\r\n\r\n'
            self._parts.append(f"{head}{value}\r\n".encode("utf-8", "replace"))
        for name, (filename, content, kind) in files.items():
            head = (
                f'--{boundary}\r\nContent-Disposition: form-data; name="{_header(name)}"; '
                f'filename="{_header(filename)}"\r\nContent-Type: {_header(kind)}\r\n\r\n'
            )
            self._parts += [head.encode("utf-8", "replace"), content, b"\r\n"]
        self._parts.append(f"--{boundary}--\r\n".encode())
        self.headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        self.headers["Content-Length"] = str(sum(map(_size, self._parts)))

    async def chunks(self, watch: Watch) -> AsyncIterator[bytes]:
        """The body in pieces; each is asked for when the previous one was sent."""
        gathered = b""
        for part in self._parts:
            if isinstance(part, bytes) and len(part) + len(gathered) <= CHUNK:
                gathered += part
                continue
            if gathered:
                watch.moved()
                yield gathered
                gathered = b""
            if isinstance(part, bytes):
                view = memoryview(part)
                for start in range(0, len(view), CHUNK):
                    watch.moved()
                    yield bytes(view[start : start + CHUNK])
            else:
                part.seek(0)  # it may have been sent before
                while piece := await asyncio.to_thread(part.read, CHUNK):
                    watch.moved()
                    yield piece
        watch.moved()
        yield gathered
        watch.done()


def _size(part: bytes | IO[bytes]) -> int:
    return len(part) if isinstance(part, bytes) else part.seek(0, SEEK_END)


def _header(text: str) -> str:
    """A name inside quotation marks: nothing in it may end the line or the quotation."""
    return re.sub(r'[\x00-\x1f\x7f"\\]', "_", text)
