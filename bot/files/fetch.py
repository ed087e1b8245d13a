"""
A report from the page where it was published: fetching a link that a person sent.

Beyond what `fetch_rules.py` allows:

- the connection goes to the checked addresses and no others (a name that answers
  differently the second time gains nothing); the certificate is verified for the name;
- the rules hold again after each of at most three redirects, and for an attachment, of
  which at most one is followed;
- 10 MB after unpacking and 15 s for everything together;
- no cookies, no scripts, no proxy from the environment.

`NIANBAO_PROXY` is not used either: a proxy resolves the name itself, so the checked address could
not be enforced. If the bot has no direct connection to the internet, no link can be fetched, and
the clerk is asked for the file.
"""

from __future__ import annotations

import asyncio
import re
import socket
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorSSLError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.files.fetch_rules import NotFetched, Rules
from bot.files.read import parse
from bot.files.unreadable import BrokenOff, UnreadableFile
from conversations.document.read.blocks import UnreadableReason
from conversations.document.read.report import ReadReport, Shell
from conversations.wording import importing as wording


class _Pinned(AbstractResolver):
    """Resolves only one name, to its checked addresses."""

    def __init__(self, host: str, addresses: Sequence[str]) -> None:
        self._host = host
        self._addresses = addresses

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,
    ) -> list[ResolveResult]:
        if host != self._host:
            raise OSError(f"{host} was not checked")
        results: list[ResolveResult] = []
        for address in self._addresses:
            of = socket.AF_INET6 if ":" in address else socket.AF_INET
            if family in {socket.AF_UNSPEC, of}:
                results.append(
                    ResolveResult(
                        hostname=host,
                        host=address,
                        port=port,
                        family=of,
                        proto=0,
                        flags=socket.AI_NUMERICHOST,
                    )
                )
        return results

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched file: its bytes, a name for it, its final address."""

    data: bytes
    name: str
    url: URL


class NoReport(UnreadableFile):
    """The fetched file is no report."""

    def __init__(self, sentence: str, page: Fetched) -> None:
        """Keep the file: it may be a text."""
        super().__init__(sentence)
        self.page = page


@dataclass(slots=True)
class Budget:
    """The bytes and seconds left, over all redirects and attachments."""

    left: int
    seconds: float

    @classmethod
    def of(cls, rules: Rules) -> Budget:
        return cls(rules.most_bytes, rules.seconds)

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise NotFetched(wording.TOO_LARGE)


async def fetch_report(link: str, rules: Rules) -> tuple[ReadReport, Fetched]:
    """
    The report at a link: on the page itself, or in a file that the page offers.

    Raises:
        NotFetched: With the sentence for the sender of the link.
        UnreadableFile: It was fetched, and has no report (`NoReport`), nor offers one.
    """
    budget = Budget.of(rules)
    page = await fetch(rules.check(link), rules, budget)
    try:
        report = await asyncio.to_thread(_parse, page)
    except BrokenOff:
        raise
    except UnreadableFile as error:
        raise NoReport(str(error), page) from error
    if isinstance(report, ReadReport):
        return report, page
    return await _follow(report, page, rules, budget)


def _parse(page: Fetched) -> ReadReport | Shell:
    return parse(page.data, page.name)


async def _follow(
    shell: Shell, page: Fetched, rules: Rules, budget: Budget
) -> tuple[ReadReport, Fetched]:
    """The likeliest file on a page, among those that may be fetched."""
    refused: NotFetched | None = None
    for link in shell.links:
        try:
            url = rules.check(page.url.join(URL(_behind_viewer(link.href))))
        except ValueError:
            continue
        except NotFetched as error:
            refused = refused or error
            continue
        if url == page.url:
            continue
        try:
            attached = await fetch(url, rules, budget)
        except NotFetched as error:
            raise NotFetched(wording.NO_FOLLOWING.format(why=error)) from error
        report = await asyncio.to_thread(_parse, attached)
        if isinstance(report, ReadReport):
            return report, attached
        break
    if refused is not None:
        raise NotFetched(wording.NO_FOLLOWING.format(why=refused)) from refused
    raise UnreadableFile(shell.sentence or UnreadableReason.FOREIGN.value)


_VIEWER = re.compile(r"[?&](?:file|url|src)=([^&#]+)", re.IGNORECASE)


def _behind_viewer(href: str) -> str:
    """The file itself, if a link leads to a viewer page."""
    viewer = _VIEWER.search(href)
    inner = unquote(viewer[1]) if viewer else ""
    return inner if re.search(r"\.(docx?|pdf)$", inner, re.IGNORECASE) else href.strip()


async def fetch(url: URL, rules: Rules, budget: Budget) -> Fetched:
    """
    The content of an address that the rules allow, after all redirects.

    Raises:
        NotFetched: With the sentence for the sender of the link.
    """
    clock = asyncio.get_running_loop().time
    begun = clock()
    try:
        async with asyncio.timeout(budget.seconds):
            for _ in range(rules.most_redirects + 1):
                answer = await _request(url, rules, budget)
                if isinstance(answer, Fetched):
                    return answer
                url = rules.check(answer)
    except TimeoutError as error:
        raise NotFetched(wording.TOO_SLOW) from error
    finally:
        budget.seconds -= clock() - begun
    raise NotFetched(wording.TOO_MANY_REDIRECTS)


_HEADERS = {
    # Some sites refuse clients that do not look like a browser.
    "User-Agent": "Mozilla/5.0 (compatible; Nianbao)",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    # Uncompressed data cannot be a bomb.
    "Accept-Encoding": "identity",
}


async def _request(url: URL, rules: Rules, budget: Budget) -> Fetched | URL:
    """One request: the file, or its new address."""
    addresses = await rules.addresses(url)
    connector = TCPConnector(
        resolver=_Pinned(url.raw_host or "", addresses),
        use_dns_cache=False,
        force_close=True,
        limit=1,
        ssl=rules.tls or True,
    )
    async with ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        timeout=ClientTimeout(total=None),  # the caller's time limit covers all of it
        trust_env=False,
        auto_decompress=False,
        headers=_HEADERS,
    ) as session:
        try:
            async with session.get(url, allow_redirects=False) as response:
                return await _answer(url, response, budget)
        except (ClientConnectorCertificateError, ClientConnectorSSLError) as error:
            raise NotFetched(wording.BAD_CERTIFICATE) from error
        except (ClientError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise NotFetched(wording.NOT_CONNECTED) from error
        except ValueError as error:
            raise NotFetched(wording.BAD_ANSWER) from error


async def _answer(url: URL, response: ClientResponse, budget: Budget) -> Fetched | URL:
    status = response.status
    if status in {301, 302, 303, 307, 308} and "Location" in response.headers:
        try:
            return url.join(URL(response.headers["Location"]))
        except ValueError as error:
            raise NotFetched(wording.BAD_ANSWER) from error
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise NotFetched(wording.NOT_FOUND.format(status=status))
    if status != HTTPStatus.OK:
        raise NotFetched(wording.REFUSED.format(status=status))
    if (response.content_length or 0) > budget.left:
        raise NotFetched(wording.TOO_LARGE)
    return Fetched(await _body(response, budget), _name(url, response), url)


async def _body(response: ClientResponse, budget: Budget) -> bytes:
    """The whole body, unpacked up to the budget and not a byte further."""
    packed = response.headers.get("Content-Encoding", "").strip().lower()
    if packed not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise NotFetched(wording.BAD_ANSWER)
    unpack = zlib.decompressobj(wbits=47) if "gzip" in packed else None
    parts: list[bytes] = []
    received = budget.left
    async for chunk in response.content.iter_chunked(64 * 1024):
        received -= len(chunk)
        if received < 0:
            raise NotFetched(wording.TOO_LARGE)
        if packed == "deflate" and unpack is None:
            # Some servers mean the raw format.
            unpack = zlib.decompressobj(15 if chunk[0] & 0x0F == 8 else -15)
        if unpack is not None:
            try:
                chunk = unpack.decompress(chunk, budget.left + 1)  # noqa: PLW2901
            except zlib.error as error:
                raise NotFetched(wording.BAD_ANSWER) from error
        budget.take(len(chunk))
        parts.append(chunk)
    if unpack is not None and not unpack.eof:
        raise NotFetched(wording.BAD_ANSWER)
    return b"".join(parts)


def _name(url: URL, response: ClientResponse) -> str:
    """A name for the file, only a hint for reader and person."""
    said = response.content_disposition
    name = (said.filename if said else None) or url.name or url.raw_host or ""
    return "".join(char for char in name if char.isprintable())[-120:]
