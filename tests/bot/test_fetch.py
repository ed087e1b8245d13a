"""
Fetching a link: what is fetched, and everything that is not.

The server is on loopback, names are resolved by the test, and the address check is told
that loopback will do: nothing outside is ever called.
"""

import asyncio
import datetime
import gzip
import ipaddress
import os
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.files import fetch as fetching
from bot.files.fetch import Budget, Fetched, fetch_report
from bot.files.fetch_rules import NotFetched, Rules, is_public, resolve
from bot.files.unreadable import UnreadableFile
from conversations.document.write.docx import render, standard
from conversations.document.write.html import as_html
from conversations.wording import importing as wording
from tests.written import leiming

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def fetch(link: str, rules: Rules) -> Fetched:
    """
    What stands behind a link, with all that the rules allow to spend.
    """
    return await fetching.fetch(rules.check(link), rules, Budget.of(rules))


NAMES = {"www.town.gov.cn": ["127.0.0.1"], "files.town.gov.cn": ["127.0.0.1"]}


@dataclass
class Site:
    """
    A server on loopback that answers for every name, and remembers who asked for what.
    """

    port: int = 0
    pages: dict[str, Handler] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=lambda: dict(NAMES))
    resolved: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.host.partition(":")[0], request.path))
        self.headers.append(dict(request.headers))
        handler = self.pages.get(request.path)
        return await handler(request) if handler else web.Response(status=404)

    def page(self, path: str, body: bytes | str, **more: object) -> None:
        async def handler(_: web.Request) -> web.Response:
            data = body.encode() if isinstance(body, str) else body
            return web.Response(body=data, **more)  # type: ignore[arg-type]

        self.pages[path] = handler

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.page(path, b"", status=status, headers={"Location": to})

    async def resolver(self, host: str, _port: int) -> Sequence[str]:
        self.resolved.append(host)
        if host not in self.names:
            raise OSError("no such name")
        return self.names[host]

    @property
    def rules(self) -> Rules:
        return Rules(
            (".gov.cn",),
            ports=frozenset({self.port}),
            resolver=self.resolver,
            allowed=lambda address: address == "127.0.0.1",
            seconds=60,
        )

    def link(self, path: str, host: str = "www.town.gov.cn", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    found = Site()
    async for _ in _serving(found, None):
        yield found


async def _serving(site: Site, tls: ssl.SSLContext | None) -> AsyncIterator[None]:
    runner = web.ServerRunner(web.Server(site.handle), shutdown_timeout=0.1)  # type: ignore[arg-type]
    await runner.setup()
    served = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await served.start()
    site.port = runner.addresses[0][1]
    try:
        yield
    finally:
        await runner.cleanup()


async def refusal(link: str, rules: Rules) -> str:
    with pytest.raises(NotFetched) as refused:
        await fetch(link, rules)
    return str(refused.value)


# ------------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "169.254.0.23",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "100::1",
        "5f00::1",
        "localhost",
        "",
    ],
)
def test_an_address_inside_is_not_public(address):
    """
    Loopback, private, link-local, metadata, multicast, reserved, however it is dressed up.
    """
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.2.4.8",
        "114.114.114.114",
        "202.106.0.20",
        "2400:3200::1",
        "::ffff:114.114.114.114",
        "64:ff9b::7272:7272",
    ],
)
def test_an_address_outside_is_public(address):
    """
    Also through NAT64, which is the only way out of some networks.
    """
    assert is_public(address)


async def test_the_systems_resolver_gives_addresses():
    """
    Plain ones, each once; a name of this machine needs no network.
    """
    found = await resolve("localhost", 80)

    assert {"127.0.0.1", "::1"} & set(found)
    assert len(set(found)) == len(found)


# ---------------------------------------------------------------- links that are refused


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("ftp://www.town.gov.cn/a", wording.NOT_A_LINK),
        ("file:///etc/passwd", wording.NOT_A_LINK),
        ("gopher://www.town.gov.cn/", wording.NOT_A_LINK),
        ("javascript:alert(1)", wording.NOT_A_LINK),
        ("www.town.gov.cn/a", wording.NOT_A_LINK),
        ("http://", wording.NOT_A_LINK),
        ("http:///a", wording.NOT_A_LINK),
        ("http://www.town.gov.cn\\@evil.example/", wording.NOT_A_LINK),
        ("http://www.town.gov.cn/a b", wording.NOT_A_LINK),
        ("http://www.town.gov.cn/\r\nHost: x", wording.NOT_A_LINK),
        ("http://www.town.gov.cn:99999/", wording.NOT_A_LINK),
        ("http://[::1", wording.NOT_A_LINK),
        ("http://www.town.gov.cn/" + "a" * 3000, wording.NOT_A_LINK),
        ("http://user:secret@www.town.gov.cn/", wording.LINK_WITH_PASSWORD),
        ("http://user@www.town.gov.cn/", wording.LINK_WITH_PASSWORD),
        ("http://@www.town.gov.cn/", wording.LINK_WITH_PASSWORD),
        ("http://www.town.gov.cn:8080/", wording.LINK_PORT),
        ("http://www.town.gov.cn:22/", wording.LINK_PORT),
        ("https://www.town.gov.cn:6379/", wording.LINK_PORT),
    ],
)
async def test_a_link_that_is_none_of_ours_is_refused(link, sentence):
    """
    Nothing is resolved for it.
    """

    async def never(_host: str, _port: int) -> Sequence[str]:
        raise AssertionError("resolved")

    assert sentence == await refusal(link, Rules((".gov.cn",), resolver=never))


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "gov.cn.example.com",
        "evilgov.cn",
        "gov.cn",
        "127.0.0.1",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "localhost",
        "www.town.gov.cn.",
    ],
)
async def test_only_hosts_on_the_list_are_fetched(host):
    """
    A name must end as the list says, whatever stands before or behind; addresses never do.
    """

    async def never(found: str, _port: int) -> Sequence[str]:
        raise OSError(found)

    said = await refusal(f"http://{host}/", Rules((".gov.cn",), resolver=never))

    if host == "www.town.gov.cn.":
        assert wording.HOST_UNKNOWN.format(host="www.town.gov.cn") == said
    else:
        assert "以 .gov.cn 结尾" in said


async def test_a_name_without_a_dot_before_it_stands_for_itself():
    """
    `town.cn` in the settings does not let in `www.town.cn`.
    """
    rules = Rules(("town.cn",), resolver=resolve)

    assert "town.cn" == rules.check("http://TOWN.cn/").host
    with pytest.raises(NotFetched):
        rules.check("http://www.town.cn/")


async def test_fetching_can_be_switched_off():
    """
    An empty list fetches nothing, and says so.
    """
    assert wording.FETCH_OFF == await refusal("http://www.town.gov.cn/", Rules(()))


async def test_one_bad_address_among_good_ones_is_enough(site):
    """
    Who resolves a name to an address inside as well may mean the one inside.
    """
    site.names["www.town.gov.cn"] = ["127.0.0.1", "10.0.0.7"]
    site.page("/", "x")

    said = await refusal(site.link("/"), site.rules)

    assert wording.ADDRESS_NOT_ALLOWED == said
    assert [] == site.asked


async def test_a_name_that_leads_inside_is_not_connected_to(site):
    """
    With the real check, loopback is refused before anything is sent.
    """
    site.page("/", "x")

    said = await refusal(site.link("/"), replace(site.rules, allowed=is_public))

    assert wording.ADDRESS_NOT_ALLOWED == said
    assert [] == site.asked


async def test_an_address_on_the_list_is_checked_like_any_other(site):
    """
    Written as an address it needs no resolving, and is still refused.
    """
    rules = replace(site.rules, hosts=("127.0.0.1",), allowed=is_public)

    said = await refusal(site.link("/", "127.0.0.1"), rules)

    assert (wording.ADDRESS_NOT_ALLOWED, []) == (said, site.resolved)


async def test_the_connection_goes_to_the_checked_address(site):
    """
    The name is asked for once; a second, other answer would be of no use.
    """
    answers = iter([["127.0.0.1"], ["10.0.0.7"]])

    async def rebinding(_host: str, _port: int) -> Sequence[str]:
        return next(answers)

    site.page("/", "这里")

    found = await fetch(site.link("/"), replace(site.rules, resolver=rebinding))

    assert "这里" == found.data.decode()
    assert ["10.0.0.7"] == next(answers)


async def test_no_proxy_of_the_environment_is_used(site, monkeypatch):
    """
    It would resolve the name anew.
    """
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setitem(os.environ, name, "http://127.0.0.1:1")
    site.page("/", "x")

    assert b"x" == (await fetch(site.link("/"), site.rules)).data


# --------------------------------------------------------------------------- redirects


async def test_three_redirects_are_followed(site):
    """
    Each is resolved and checked like the first link.
    """
    site.redirect("/1", "/2")
    site.redirect("/2", site.link("/3", "files.town.gov.cn"), 301)
    site.redirect("/3", "4", 307)
    site.page("/4", "到了")

    found = await fetch(site.link("/1"), site.rules)

    assert "到了" == found.data.decode()
    assert ["www", "www", "files", "files"] == [host.partition(".")[0] for host in site.resolved]


async def test_a_fourth_redirect_is_not(site):
    """
    The person is told to save the page.
    """
    for number in range(1, 5):
        site.redirect(f"/{number}", f"/{number + 1}")
    site.page("/5", "x")

    assert wording.TOO_MANY_REDIRECTS == await refusal(site.link("/1"), site.rules)
    assert ("www.town.gov.cn", "/5") not in site.asked


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://evil.example/",
        "file:///etc/passwd",
        "http://user:pw@www.town.gov.cn/",
        "http://www.town.gov.cn:1/",
        "//localhost/",
        "http://inside.gov.cn:{port}/",
        "http://[::ffff:127.0.0.1]/",
        "http://%00/",
    ],
)
async def test_a_redirect_to_where_a_link_may_not_lead_is_refused(site, to):
    """
    Another host, another port, an address inside, a password: as if it had been sent.
    """
    site.names["inside.gov.cn"] = ["10.0.0.7"]
    site.redirect("/1", to.format(port=site.port))

    await refusal(site.link("/1"), site.rules)

    assert [("www.town.gov.cn", "/1")] == site.asked


# ------------------------------------------------------------------------ size and time


async def test_a_page_that_is_too_large_is_not_read_to_its_end(site):
    """
    Said beforehand it is refused at once.
    """
    site.page("/", b"x" * 2000)

    assert wording.TOO_LARGE == await refusal(site.link("/"), replace(site.rules, most_bytes=1999))
    assert 2000 == len((await fetch(site.link("/"), replace(site.rules, most_bytes=2000))).data)


async def test_a_page_that_does_not_end_is_cut(site):
    """
    Whoever says no length is counted.
    """
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 50_000_000:
            await response.write(b"x" * 10_000)
            sent += 10_000
        return response

    site.pages["/"] = endless

    said = await refusal(site.link("/"), replace(site.rules, most_bytes=100_000))

    assert wording.TOO_LARGE == said
    assert sent < 50_000_000


async def test_what_unpacks_too_large_is_cut(site):
    """
    100 kB that become 100 MB are a bomb; it is not unpacked further than allowed.
    """
    bomb = gzip.compress(bytes(100_000_000), 1)
    site.page("/", bomb, headers={"Content-Encoding": "gzip"})

    assert len(bomb) < 1_000_000
    assert wording.TOO_LARGE == await refusal(
        site.link("/"), replace(site.rules, most_bytes=1_000_000)
    )


def _bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("packed", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", _bare)],
    ids=["gzip", "zlib", "bare deflate"],
)
async def test_a_packed_page_is_unpacked(site, packed, pack):
    """
    Though we ask for a plain one: some servers do not listen.
    """
    site.page("/", pack("中文".encode() * 1000), headers={"Content-Encoding": packed})

    found = await fetch(site.link("/"), site.rules)

    assert "中文" * 1000 == found.data.decode()
    assert "identity" == site.headers[0]["Accept-Encoding"]


@pytest.mark.parametrize(
    ("packed", "body"),
    [("br", b"x"), ("gzip", b"nothing"), ("gzip", gzip.compress(b"x" * 99)[:-9])],
    ids=["unknown", "not packed", "cut off"],
)
async def test_a_packing_we_cannot_undo_is_refused(site, packed, body):
    """
    One sentence, no half of a page.
    """
    site.page("/", body, headers={"Content-Encoding": packed})

    assert wording.BAD_ANSWER == await refusal(site.link("/"), site.rules)


async def test_redirects_share_one_clock(site):
    """
    Each waits less than the time allowed; together they wait longer.
    """

    async def slow(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.3)
        return web.Response(status=302, headers={"Location": "/"})

    site.pages["/"] = slow

    assert wording.TOO_SLOW == await refusal(site.link("/"), replace(site.rules, seconds=0.5))


async def test_a_server_that_trickles_is_left(site):
    """
    A byte now and then keeps no connection open beyond the time allowed.
    """

    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x")
            await asyncio.sleep(0.1)
        return response

    site.pages["/"] = trickle

    assert wording.TOO_SLOW == await refusal(site.link("/"), replace(site.rules, seconds=0.4))


# ------------------------------------------------------------------------ what is said


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (404, wording.NOT_FOUND),
        (403, wording.REFUSED),
        (412, wording.REFUSED),
        (500, wording.REFUSED),
        (204, wording.REFUSED),
    ],
)
async def test_a_site_that_gives_nothing_is_told_apart(site, status, sentence):
    """
    A wrong address is corrected, a refusal is got round by saving the page.
    """
    site.page("/", b"", status=status)

    assert sentence.format(status=status) == await refusal(site.link("/"), site.rules)


async def test_a_name_that_is_not_there_is_said_so(site):
    """
    With the name, which may have a slip.
    """
    said = await refusal(site.link("/", "www.twon.gov.cn"), site.rules)

    assert wording.HOST_UNKNOWN.format(host="www.twon.gov.cn") == said


async def test_a_closed_port_is_said_so(site, unused_tcp_port_factory):
    """
    Not «found nothing», but «could not reach».
    """
    port = unused_tcp_port_factory()
    rules = replace(site.rules, ports=frozenset({port}))

    assert wording.NOT_CONNECTED == await refusal(f"http://www.town.gov.cn:{port}/", rules)


async def test_nothing_about_us_is_sent(site):
    """
    No cookie although the site set one, no page we came from.
    """
    site.page("/1", b"", status=302, headers={"Location": "/2", "Set-Cookie": "a=b; Path=/"})
    site.page("/2", "x")

    await fetch(site.link("/1"), site.rules)

    sent = {name.lower() for headers in site.headers for name in headers}
    known = "host user-agent accept accept-language accept-encoding connection"
    assert set(known.split()) == sent


# ----------------------------------------------------------------------------- https


def _certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for `name`, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


@pytest.mark.parametrize(
    ("host", "fine"), [("www.town.gov.cn", True), ("files.town.gov.cn", False)]
)
async def test_the_certificate_is_that_of_the_name(tmp_path, host, fine):
    """
    Though the connection goes to an address, the name in the link is what is proved.
    """
    server, client = _certificate(tmp_path, "www.town.gov.cn")
    site = Site()
    site.page("/", "安全")
    async for _ in _serving(site, server):
        rules = replace(site.rules, tls=client)
        link = site.link("/", host, "https")
        if fine:
            assert "安全" == (await fetch(link, rules)).data.decode()
        else:
            assert wording.BAD_CERTIFICATE == await refusal(link, rules)


async def test_an_unknown_certificate_is_refused(tmp_path):
    """
    Nobody has signed it whom the machine trusts.
    """
    server, _ = _certificate(tmp_path, "www.town.gov.cn")
    site = Site()
    said = ""
    async for _ in _serving(site, server):
        said = await refusal(site.link("/", scheme="https"), site.rules)

    assert (wording.BAD_CERTIFICATE, []) == (said, site.asked)


# --------------------------------------------------------------------- whole reports


def _page(body: str) -> str:
    return f"<html><head><title>x</title></head><body>{body}</body></html>"


async def test_a_report_on_a_page_is_read(site):
    """
    The page of the site is the report.
    """
    site.page("/a.html", _page(as_html(leiming())), content_type="text/html")

    report, fetched = await fetch_report(site.link("/a.html"), site.rules)

    assert ("雷鸣镇人民政府", 2023, "a.html") == (report.organ, report.year, fetched.name)


async def test_a_report_offered_as_a_file_is_followed(site):
    """
    The page only has a link to the Word file, on another host of the list.
    """
    link = site.link("/files/2023.docx", "files.town.gov.cn")
    site.page("/a.html", _page(f'<p>年度报告见附件</p><a href="{link}">2023年年度报告.docx</a>'))
    site.page("/files/2023.docx", render(standard("2021"), leiming()))

    report, fetched = await fetch_report(site.link("/a.html"), site.rules)

    assert (295, "/files/2023.docx") == (
        report.values["proactive_disclosure.licensing.decisions"],
        fetched.url.path,
    )


async def test_a_viewer_of_files_is_passed_by(site):
    """
    `viewer.html?file=…` shows the file with scripts; the file itself is fetched.
    """
    href = "/viewer.html?file=%2Ffiles%2F2023.docx"
    site.page("/a.html", _page(f'<a href="{href}">2023年年度报告</a>'))
    site.page("/files/2023.docx", render(standard("2021"), leiming()))

    report, _ = await fetch_report(site.link("/a.html"), site.rules)

    assert 2023 == report.year


async def test_only_one_file_is_followed(site):
    """
    A page of many attachments is not crawled.
    """
    links = "".join(f'<a href="/{n}.docx">{n}年度报告.docx</a>' for n in range(5))
    site.page("/a.html", _page(links))
    for number in range(5):
        site.page(f"/{number}.docx", _page(f'<a href="/{number + 1}.docx">年度报告.docx</a>'))

    with pytest.raises(UnreadableFile):
        await fetch_report(site.link("/a.html"), site.rules)

    assert 2 == len(site.asked)


@pytest.mark.parametrize(
    "href",
    [
        "http://evil.example/年度报告.docx",
        "http://169.254.169.254/报告.docx",
        "file:///etc/报告.docx",
        "http://inside.gov.cn:{port}/报告.docx",
    ],
)
async def test_a_file_elsewhere_is_not_followed(site, href):
    """
    The rules of the link hold for what its page offers.
    """
    site.names["inside.gov.cn"] = ["10.0.0.7"]
    href = href.format(port=site.port)
    site.page("/a.html", _page(f'<a href="{href}">2023年年度报告.docx</a>'))

    with pytest.raises((NotFetched, UnreadableFile)):
        await fetch_report(site.link("/a.html"), site.rules)

    assert [("www.town.gov.cn", "/a.html")] == site.asked


async def test_page_and_file_share_one_budget(site):
    """
    Two thirds each are too much together.
    """
    data = render(standard("2021"), leiming())
    filler = "<!--" + "x" * len(data) + "-->"
    site.page("/a.html", _page(f'{filler}<a href="/b.docx">年度报告.docx</a>'))
    site.page("/b.docx", data)

    with pytest.raises(NotFetched) as refused:
        await fetch_report(site.link("/a.html"), replace(site.rules, most_bytes=len(data) * 3 // 2))

    assert wording.TOO_LARGE in str(refused.value)


async def test_a_page_of_scripts_is_recognised(site):
    """
    The person is told that there is nothing but scripts.
    """
    site.page("/a.html", _page("<script>document.write('x')</script><div id='app'></div>"))

    with pytest.raises(UnreadableFile) as refused:
        await fetch_report(site.link("/a.html"), site.rules)

    assert "脚本" in str(refused.value)


def test_the_test_network_is_not_the_real_one():
    """
    What the tests allow, the product does not.
    """
    assert not any(is_public(one) for found in NAMES.values() for one in found)
    assert ipaddress.ip_address("127.0.0.1").is_loopback
