"""
A report from the page where it was published: fetching a link that somebody sent.

A link from outside is a door for attacks on the network the bot stands in, so:

- http and https on their own ports, no user and no password in the link;
- only hosts on the allow list (`NIANBAO_FETCH_HOSTS`; empty: switched off);
- the name is resolved here, once; *every* address it has must be a public one, and the
  connection goes to those checked addresses and no others (a name that answers
  differently the second time gains nothing); the certificate is verified for the name;
- the same again after each of at most three redirects, and for an attachment, of which
  at most one is followed;
- 10 MB after unpacking and 15 s for everything together;
- no cookies, no scripts, no proxy from the environment.

`NIANBAO_PROXY` is not used either: behind a proxy the name would be resolved by it, and the
checked address could not be pinned. Where the bot has no direct way out, links are simply
not reachable and the clerk is asked for the file.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Sequence
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

from bot.files.read import UnreadableFile, parse
from conversations.document.read.blocks import Reason
from conversations.document.read.understand import ReadReport, Shell
from conversations.wording import importing as wording

MOST_BYTES = 10_000_000
SECONDS = 15.0
MOST_REDIRECTS = 3
MOST_LINK = 2000  # characters
PORTS = frozenset({80, 443})

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]


class NotFetched(Exception):  # noqa: N818
    """Nothing was fetched; the message is the sentence for the person."""


# --------------------------------------------------------------------- addresses

_CLOSED = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # carriers' own, and a cloud's metadata
            "127.0.0.0/8",
            "168.63.129.16/32",  # a cloud's metadata at a public address
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",  # Teredo, benchmarks and the like
            "2001:db8::/32",
            "2002::/16",  # 6to4: an IPv4 address inside
            "3fff::/20",
        ),
    )
)
_OPEN_6 = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """
    Whether an address is out in the internet, also when it hides in another one.

    Loopback, private, link-local, metadata, multicast and reserved addresses are not, nor
    are IPv4 addresses of those kinds that are mapped into IPv6 or reached through NAT64.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id:
            return False
        inside = ip.ipv4_mapped
        if inside is None and ip in _NAT64:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(str(inside))
        if ip not in _OPEN_6:
            return False
    return ip.is_global and not any(ip in network for network in _CLOSED)


async def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a name, by the system's resolver."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class _Pinned(AbstractResolver):
    """Knows one name and its checked addresses, and nothing else."""

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
        found: list[ResolveResult] = []
        for address in self._addresses:
            of = socket.AF_INET6 if ":" in address else socket.AF_INET
            if family in {socket.AF_UNSPEC, of}:
                found.append(
                    ResolveResult(
                        hostname=host,
                        host=address,
                        port=port,
                        family=of,
                        proto=0,
                        flags=socket.AI_NUMERICHOST,
                    )
                )
        return found

    async def close(self) -> None:
        """Nothing is open."""


# -------------------------------------------------------------------------- rules


@dataclass(frozen=True, slots=True)
class Rules:
    """
    What may be fetched. Only the tests replace anything but `hosts`.

    `hosts` is the allow list: `.gov.cn` stands for every name that ends so, a name
    without a dot before it for itself; empty: nothing may be fetched.
    """

    hosts: tuple[str, ...]
    ports: frozenset[int] = PORTS
    most_bytes: int = MOST_BYTES
    seconds: float = SECONDS
    most_redirects: int = MOST_REDIRECTS
    resolver: Resolver = resolve
    allowed: Callable[[str], bool] = is_public
    tls: ssl.SSLContext | None = None

    def names(self, host: str) -> bool:
        """Whether a host is on the list."""
        return any(
            host.endswith(one) if one.startswith(".") else host == one
            for one in (entry.lower() for entry in self.hosts)
        )

    def check(self, link: str | URL) -> URL:
        """
        The link as it will be used, everything about it checked but its addresses.

        Raises:
            NotFetched: It is none of those that may be fetched.
        """
        if not self.hosts:
            raise NotFetched(wording.FETCH_OFF)
        text = str(link)
        if len(text) > MOST_LINK or not text.isprintable() or re.search(r"[\s\\]", text):
            raise NotFetched(wording.NOT_A_LINK)
        try:
            url = (URL(text) if isinstance(link, str) else link).with_fragment(None)
            host, port = (url.raw_host or "").lower(), url.port
        except ValueError as error:
            raise NotFetched(wording.NOT_A_LINK) from error
        if url.scheme not in {"http", "https"} or not host:
            raise NotFetched(wording.NOT_A_LINK)
        if re.match(r"\w+://[^/?#]*@", text) or "@" in url.raw_authority:
            raise NotFetched(wording.LINK_WITH_PASSWORD)
        if port not in self.ports:
            raise NotFetched(wording.LINK_PORT)
        host = host.rstrip(".")
        if not self.names(host):
            told = wording.allowed_hosts(self.hosts)
            raise NotFetched(wording.HOST_NOT_ALLOWED.format(hosts=told, host=host))
        try:
            return url if host == url.raw_host else url.with_host(host)
        except ValueError as error:
            raise NotFetched(wording.NOT_A_LINK) from error

    async def addresses(self, url: URL) -> Sequence[str]:
        """
        The addresses of a link's host, each of them checked.

        Raises:
            NotFetched: It has none, or one of them is not public.
        """
        host, port = url.raw_host or "", url.port or 0
        try:
            found = [host] if _is_address(host) else await self.resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise NotFetched(wording.HOST_UNKNOWN.format(host=host)) from error
        if not found:
            raise NotFetched(wording.HOST_UNKNOWN.format(host=host))
        if not all(map(self.allowed, found)):
            raise NotFetched(wording.ADDRESS_NOT_ALLOWED)
        return found


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


# ----------------------------------------------------------------------- fetching


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it came: its bytes, a name for it, where it really was."""

    data: bytes
    name: str
    url: URL


@dataclass(slots=True)
class _Budget:
    """The bytes and seconds that are left, over all redirects and attachments."""

    left: int
    seconds: float

    @classmethod
    def of(cls, rules: Rules) -> _Budget:
        return cls(rules.most_bytes, rules.seconds)

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise NotFetched(wording.TOO_LARGE)


async def fetch_report(link: str, rules: Rules) -> tuple[ReadReport, Fetched]:
    """
    The report behind a link: on the page itself, or in the file that the page offers.

    Raises:
        NotFetched: With the sentence for the person who sent the link.
        UnreadableFile: It came, and there is no report in it.
    """
    budget = _Budget.of(rules)
    page = await _fetch(rules.check(link), rules, budget)
    found = await asyncio.to_thread(_parse, page)
    if isinstance(found, ReadReport):
        return found, page
    return await _follow(found, page, rules, budget)


def _parse(page: Fetched) -> ReadReport | Shell:
    return parse(page.data, page.name)


async def _follow(
    shell: Shell, page: Fetched, rules: Rules, budget: _Budget
) -> tuple[ReadReport, Fetched]:
    """The likeliest file that a page offers, among those that may be fetched."""
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
            attached = await _fetch(url, rules, budget)
        except NotFetched as error:
            raise NotFetched(wording.NO_FOLLOWING.format(why=error)) from error
        found = await asyncio.to_thread(_parse, attached)
        if isinstance(found, ReadReport):
            return found, attached
        break
    if refused is not None:
        raise NotFetched(wording.NO_FOLLOWING.format(why=refused)) from refused
    raise UnreadableFile(shell.sentence or Reason.FOREIGN.value)


_VIEWER = re.compile(r"[?&](?:file|url|src)=([^&#]+)", re.IGNORECASE)


def _behind_viewer(href: str) -> str:
    """The file itself, where a link leads to a page that shows it."""
    found = _VIEWER.search(href)
    inner = unquote(found[1]) if found else ""
    return inner if re.search(r"\.(docx?|pdf)$", inner, re.IGNORECASE) else href.strip()


async def fetch(link: str, rules: Rules) -> Fetched:
    """
    What stands behind a link.

    Raises:
        NotFetched: With the sentence for the person who sent the link.
    """
    return await _fetch(rules.check(link), rules, _Budget.of(rules))


async def _fetch(url: URL, rules: Rules, budget: _Budget) -> Fetched:
    clock = asyncio.get_running_loop().time
    begun = clock()
    try:
        async with asyncio.timeout(budget.seconds):
            for _ in range(rules.most_redirects + 1):
                answer = await _one(url, rules, budget)
                if isinstance(answer, Fetched):
                    return answer
                url = rules.check(answer)
    except TimeoutError as error:
        raise NotFetched(wording.TOO_SLOW) from error
    finally:
        budget.seconds -= clock() - begun
    raise NotFetched(wording.TOO_MANY_REDIRECTS)


_HEADERS = {
    # Some sites turn away whoever does not look like a browser.
    "User-Agent": "Mozilla/5.0 (compatible; Nianbao)",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    # What is not packed cannot be a bomb.
    "Accept-Encoding": "identity",
}


async def _one(url: URL, rules: Rules, budget: _Budget) -> Fetched | URL:
    """One request: the file, or where it is said to be now."""
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
        timeout=ClientTimeout(total=None),  # the caller's clock covers all of it
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


async def _answer(url: URL, response: ClientResponse, budget: _Budget) -> Fetched | URL:
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


async def _body(response: ClientResponse, budget: _Budget) -> bytes:
    """The whole body, unpacked as far as the budget goes and not a byte further."""
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
            # Some servers mean the bare format.
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
    """A name for the file; only a hint for the reader and the person."""
    said = response.content_disposition
    name = (said.filename if said else None) or url.name or url.raw_host or ""
    return "".join(char for char in name if char.isprintable())[-120:]
