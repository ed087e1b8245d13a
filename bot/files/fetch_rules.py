"""
The rules for links that may be fetched, and for public addresses.

A link from outside could attack the network of the bot, so:

- http and https on their own ports, no user and no password in the link;
- only hosts on the allow list (`NIANBAO_FETCH_HOSTS`; empty: switched off);
- the name is resolved here, once; *every* address it has must be a public one.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from yarl import URL

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
            "100.64.0.0/10",  # of carriers, and a cloud's metadata
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
    Whether an address is public, also if it is embedded in another one.

    Loopback, private, link-local, metadata, multicast and reserved addresses are not, nor are IPv4
    addresses of those kinds that are mapped into IPv6 or reached through NAT64.
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
    answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


# -------------------------------------------------------------------------- rules


@dataclass(frozen=True, slots=True)
class Rules:
    """
    The rules. Only tests replace anything but `hosts`.

    `hosts` is the allow list: `.gov.cn` means every name with this ending, a name without a leading
    dot only itself; empty: nothing may be fetched.
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
            host.endswith(entry) if entry.startswith(".") else host == entry
            for entry in map(str.lower, self.hosts)
        )

    def check(self, link: str | URL) -> URL:
        """
        The link as it will be used, with everything checked but its addresses.

        Raises:
            NotFetched: It may not be fetched.
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
        The addresses of a link's host, each checked.

        Raises:
            NotFetched: It has none, or one of them is not public.
        """
        host, port = url.raw_host or "", url.port or 0
        try:
            addresses = [host] if _is_address(host) else await self.resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise NotFetched(wording.HOST_UNKNOWN.format(host=host)) from error
        if not addresses:
            raise NotFetched(wording.HOST_UNKNOWN.format(host=host))
        if not all(map(self.allowed, addresses)):
            raise NotFetched(wording.ADDRESS_NOT_ALLOWED)
        return addresses


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
