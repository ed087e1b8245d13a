"""
The files of `deploy/`, tested as far as a machine allows: the steps of the image in a clean folder,
nginx before servers of ours, the units by systemd's own check, the upgrade in a copy.

No image is built here and no systemd runs.
"""

import asyncio
import json
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.__main__ import _options
from bot.settings import names
from bot.telegram.service import STOP_SECONDS, STORE_SECONDS
from bot.telegram.webhook import BODY_LIMIT, KEEP_PATIENCE
from tests import containerfile, plain_yaml
from tests.bot.doors import environment
from tests.bot.telegram.door import Serve, free_port
from tests.botapi import BotServer
from tests.botapi.server import hold_port
from tests.conftest import ROOT
from tests.storage.servers import postgres_made

DEPLOY = ROOT / "deploy"
CONTAINERFILE = DEPLOY / "Containerfile"
BUILD, IMAGE = containerfile.stages(CONTAINERFILE)
COMPOSE = plain_yaml.read((DEPLOY / "compose.yaml").read_text("utf-8"))
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))
TIMERS = sorted(path.name for path in DEPLOY.glob("*.timer"))
SERVING = [name for name in UNITS if "backup" not in name]

STOPS_WITHIN = STOP_SECONDS + STORE_SECONDS + 2  # seconds, with some left for the network


def test_every_setting_that_is_named_is_one():
    """
    A misspelt name would be silently nothing.
    """
    written = {
        (path.name, name)
        for path in DEPLOY.iterdir()
        for name in re.findall(r"\b(?:NIANBAO|TELEGRAM)_[A-Z_]+\b", path.read_text("utf-8"))
    }

    assert written
    assert set() == {(file, name) for file, name in written if name not in names()}


# ---------------------------------------------------------------------------- the image


def program_files() -> set[str]:
    """
    The paths of the program's files in the project.
    """
    rooms = [
        path for room in ("bot", "conversations", "storage") for path in (ROOT / room).rglob("*")
    ]
    files = [*rooms, ROOT / "LICENSE", ROOT / "pyproject.toml", ROOT / "requirements.txt"]
    return {
        str(path.relative_to(ROOT)) for path in files if path.is_file() and path.suffix != ".pyc"
    }


def test_the_image_takes_in_the_program_and_nothing_else():
    """
    No token, no data, no history, no tests, whatever lies about.
    """
    about = {
        *(".env", ".env.example", ".git/config", "var/nianbao.sqlite3", "var/a.docx", "README.md"),
        *("tests/test_deploy.py", "docs/security.md", "deploy/nianbao.env", "deploy/tls/a.key"),
        *("bot/.env", "bot/__pycache__/x.pyc", "storage/nianbao.sqlite3-wal", ".venv/bin/python"),
        *("dump.sql", "backup.nianbao", "requirements-dev.txt", ".mypy_cache/x", "dist/a.whl"),
    }

    taken = containerfile.taken_in(ROOT / ".dockerignore", program_files() | about)

    assert program_files() == taken


def test_the_image_runs_as_nobody_in_particular_and_ends_in_order():
    """
    Not root, by a number; told to stop by the signal that the program knows.
    """
    user = containerfile.only(IMAGE, "USER")
    made = next(run for run in containerfile.all_of(IMAGE, "RUN") if "useradd" in run)
    data = containerfile.environment(IMAGE)["NIANBAO_DATA_DIR"]

    assert user.isdigit()
    assert int(user) > 0
    assert f"--uid {user} " in made
    assert f" {data}" in made
    assert data == containerfile.only(IMAGE, "VOLUME") == containerfile.only(IMAGE, "WORKDIR")
    assert "SIGTERM" == containerfile.only(IMAGE, "STOPSIGNAL")
    assert [] == [run for run in containerfile.all_of(IMAGE, "RUN") if "pip install" in run]
    for image in containerfile.all_of((*BUILD, *IMAGE), "FROM"):
        assert re.match(r"python:3\.\d+-slim-\w+", image)


def test_what_the_image_starts_is_a_command():
    """
    Alone, and as what follows `docker run nianbao`.
    """
    entry = json.loads(containerfile.only(IMAGE, "ENTRYPOINT"))
    command = json.loads(containerfile.only(IMAGE, "CMD"))

    assert ["nianbao"] == entry
    assert _options(command) is not None


@pytest.mark.parametrize(("status", "fine"), [(200, True), (503, False)])
def test_the_health_check_tells_well_from_unwell(status: int, fine: bool):
    """
    As written in the file, but for the port.
    """
    listen = containerfile.environment(IMAGE)["NIANBAO_HEALTH_LISTEN"]
    words = containerfile.only(IMAGE, "HEALTHCHECK").partition(" CMD ")[2]
    program, flag, code = json.loads(words)
    with Answering(status) as server:
        assert f"http://127.0.0.1{listen}/" in code
        code = code.replace(listen, f":{server.port}")
        found = subprocess.run([sys.executable, flag, code], capture_output=True, check=False)

    assert "python" == program
    assert fine is (found.returncode == 0)
    assert ["/healthz"] == server.paths


@pytest.mark.soak
def test_the_steps_of_the_image_carried_out_in_a_clean_folder(tmp_path: Path):
    """
    Every step of the first stage but the fetching of what is locked (that is there already),
    then the program by itself.
    """
    built = Stage(tmp_path)
    built.take_in(containerfile.taken_in(ROOT / ".dockerignore", program_files()))
    for instruction in BUILD[1:]:
        built.does(instruction)
    nianbao = tmp_path / "opt/nianbao/bin/nianbao"
    data = tmp_path / "data"
    data.mkdir()

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [nianbao, *words],
            cwd=data,
            env=environment(NIANBAO_DATA_DIR=str(data)),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    form = run("form", "--json")
    shown = run("organs", "list", "--json")

    assert (0, "") == (form.returncode, form.stderr)
    assert "requests" in form.stdout
    assert (0, "[]") == (shown.returncode, shown.stdout.strip())
    assert not (tmp_path / "opt/nianbao/bin/pip").exists()
    assert [] == list((tmp_path / "opt/nianbao").rglob("hatchling"))


class Stage:
    """
    The first stage of the image, carried out in a folder that stands for the root.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.context = root / "context"
        self.work = root

    def take_in(self, paths: set[str]) -> None:
        for path in paths:
            target = self.context / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, target)

    def does(self, instruction: containerfile.Instruction) -> None:
        """
        Carry out an instruction; the packages of the lock are copied from this environment.
        """
        words = instruction.words
        if instruction.name == "WORKDIR":
            self.work = self.root / words.lstrip("/")
            self.work.mkdir(parents=True)
        elif instruction.name == "COPY":
            source, target = words.split()
            if source == ".":
                shutil.copytree(self.context, self.work / target, dirs_exist_ok=True)
            else:
                shutil.copy(self.context / source, self.work / target)
        elif "-r requirements.txt" in words:
            self._has_the_locked(words)
        else:
            assert instruction.name == "RUN"
            self._run(re.sub(r"/opt/", f"{self.root}/opt/", words))

    def _has_the_locked(self, words: str) -> None:
        assert {"--require-hashes", "--no-deps", "--no-cache-dir"} <= set(shlex.split(words))
        lock = (self.work / "requirements.txt").read_text("utf-8")
        (site,) = (self.root / "opt/nianbao/lib").glob("python*/site-packages")
        for name, version, when in re.findall(
            r"^([\w.-]+)(?:\[\w+\])?==([^ ;]+)( ; .*)?", lock, re.MULTILINE
        ):
            try:
                there = distribution(name)
            except PackageNotFoundError:
                assert when, name  # for another system
                continue
            assert version == there.version, name
            for file in there.files or ():
                if ".." not in file.parts:
                    target = site / file
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(str(file.locate()), target)

    def _run(self, words: str) -> None:
        words = re.sub(r"^python ", f"{sys.executable} ", words)
        subprocess.run(
            words,
            shell=True,
            cwd=self.work,
            env={**environment(), "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
            check=True,
            capture_output=True,
            timeout=120,
        )


# -------------------------------------------------------------------------- the services

BOTS = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "nianbao"}


def ports_of(file: str) -> set[tuple[str, str]]:
    text = (DEPLOY / file).read_text("utf-8")
    return set(re.findall(r"^\s*server (\S+):(\d+) ", text, re.MULTILINE))


def test_the_services_are_commands_of_the_program():
    """
    Two that Telegram delivers to; a further one only by its profile.
    """
    serving = [one for one in BOTS.values() if "command" not in one]

    assert 2 == len(serving)
    for one in BOTS.values():
        assert _options(one.get("command", ["serve"])) is not None
        assert ("command" in one) is ("profiles" in one)
        assert STOPS_WITHIN < int(one["stop_grace_period"].removesuffix("s"))
        assert ("..", "deploy/Containerfile") == (
            one["build"]["context"],
            one["build"]["dockerfile"],
        )
        assert one["read_only"]


def test_the_proxy_knows_the_services_by_name_and_port():
    """
    And starts anew when one of them does.
    """
    serving = {name: one for name, one in BOTS.items() if "command" not in one}
    listening = {
        (name, one["environment"]["NIANBAO_WEBHOOK_LISTEN"].removeprefix(":"))
        for name, one in serving.items()
    }
    proxy = COMPOSE["services"]["proxy"]

    assert listening == ports_of("nginx-upstream-compose.conf")
    assert {*serving} == {*proxy["depends_on"]}
    for volume in proxy["volumes"]:
        source, target, mode = volume.split(":")
        assert "ro" == mode
        assert source == "./tls" or (DEPLOY / source).is_file()
        assert target.startswith("/etc/nginx/")


def test_the_services_meet_in_one_database():
    """
    The name, the account, the password and the host of its address are those of the database.
    """
    unset = ":?see deploy/nianbao.env"  # stands where no value is set
    for one in BOTS.values():
        url = urlsplit(one["environment"]["NIANBAO_DATABASE_URL"].replace(unset, ""))
        database = COMPOSE["services"][url.hostname]
        made = {name: str(value) for name, value in database["environment"].items()}

        assert (url.username, url.path) == (made["POSTGRES_USER"], f"/{made['POSTGRES_DB']}")
        assert url.password == made["POSTGRES_PASSWORD"].replace(unset, "")
        assert {url.hostname} == {*one["depends_on"]}
        assert database["image"] >= "postgres:15"


def test_every_volume_is_declared_and_every_service_comes_back():
    """
    What holds data has a name; after a restart of the machine all is there again.
    """
    named = {
        volume.partition(":")[0]
        for one in COMPOSE["services"].values()
        for volume in one["volumes"]
        if not volume.startswith(".")
    }

    assert named == {*COMPOSE["volumes"]}
    assert {"unless-stopped"} == {one["restart"] for one in COMPOSE["services"].values()}
    assert ["443:443"] == [
        port for one in COMPOSE["services"].values() for port in one.get("ports", ())
    ]


def test_the_secrets_of_the_services_lie_in_no_repository():
    """
    The example has their names and no values; what it becomes is ignored.
    """
    example = (DEPLOY / "nianbao.env.example").read_text("utf-8")
    given = dict(re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE))
    wanted = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()

    assert wanted <= {*given}
    assert {""} == {given[name] for name in ("TELEGRAM_BOT_TOKEN", "POSTGRES_PASSWORD")}
    assert {"/deploy/*.env", "/deploy/tls/"} <= {*ignored}
    assert {"nianbao.env"} == {one["env_file"] for one in BOTS.values()}


# ----------------------------------------------------------------------------- the proxy

NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")


def test_the_proxy_waits_longer_and_takes_as_much_as_the_program():
    """
    Its figures are those of the program, and its path that of the example.
    """
    example = (DEPLOY / "nianbao.env.example").read_text("utf-8")
    (url,) = re.findall(r"^NIANBAO_WEBHOOK_URL=(.+)$", example, re.MULTILINE)
    limit = f"{BODY_LIMIT // 1024**2}m"

    assert f"location = {urlsplit(url).path} {{" in NGINX
    assert f"client_max_body_size {limit};" in NGINX
    assert f"client_body_buffer_size {limit};" in NGINX
    (patience,) = re.findall(r"proxy_read_timeout (\d+)s;", NGINX)
    assert KEEP_PATIENCE < int(patience)


class Answering(ThreadingHTTPServer):
    """
    A server that notes the paths asked for and answers with one status; with 0 it hangs up.
    """

    daemon_threads = True

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.paths: list[str] = []
        super().__init__(("127.0.0.1", 0), Note)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def __exit__(self, *error: object) -> None:
        self.dies()

    def dies(self) -> None:
        self.shutdown()
        self.server_close()


class Note(BaseHTTPRequestHandler):
    server: Answering

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.paths.append(self.path)
        if not self.server.status:
            self.close_connection = True
            return
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """
        Write no log.
        """


@contextmanager
def proxy(
    require_tool: Callable[[str], Path], folder: Path, ports: list[int], *, plain: bool = False
) -> Iterator[int]:
    """
    Start nginx with our files before these ports; gives the port on which nginx listens.

    With `plain` it serves without TLS.
    """
    nginx, openssl = require_tool("nginx"), require_tool("openssl")
    tls = folder / "tls"
    tls.mkdir()
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-keyout", tls / "nianbao.key", "-out", tls / "nianbao.crt"),
        ],
        check=True,
        capture_output=True,
    )
    servers = [f"{host}:{port}" for host, port in sorted(ports_of("nginx-upstream.conf"))]
    assert len(ports) == len(servers)
    upstream = (DEPLOY / "nginx-upstream.conf").read_text("utf-8")
    for server, port in zip(servers, ports, strict=True):
        upstream = upstream.replace(server, f"127.0.0.1:{port}")
    with hold_port() as held:
        heard = held.getsockname()[1]
        ours = NGINX.replace("/etc/nginx/tls", str(tls)).replace("/var/log/nginx", str(folder))
        ours = ours.replace("listen 443", f"listen 127.0.0.1:{heard}")
        if plain:
            ours = ours.replace(f":{heard} ssl", f":{heard}")
        ours = re.sub(r"^ *listen \[::\].*\n", "", ours, flags=re.MULTILINE)
        whole = folder / "nginx.conf"
        owner = "user root;" if os.geteuid() == 0 else ""
        places = " ".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole.write_text(
            f"{owner} daemon off; worker_processes 1; pid {folder}/pid;\n"
            f"error_log {folder}/error.log; events {{}}\nhttp {{ {places}\n{ours}\n{upstream}\n}}\n"
        )
        command: list[str | Path] = [nginx, "-e", folder / "error.log", "-p", folder, "-c", whole]
        subprocess.run([*command, "-t", "-q"], check=True)
        with subprocess.Popen(command) as running:
            try:
                wait_for(heard)
                yield heard
            finally:
                running.terminate()


def wait_for(port: int) -> None:
    """
    Wait until a server listens on the port.
    """
    until = time.monotonic() + 30
    while True:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        assert time.monotonic() < until
        time.sleep(0.02)


def ask(port: int, method: str, path: str, body: bytes = b"") -> int:
    """
    The status of the answer.
    """
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    connection = HTTPSConnection("127.0.0.1", port, timeout=30, context=anybody)
    try:
        connection.request(method, path, body)
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_proxy_hands_deliveries_on_and_nothing_else(require_tool, tmp_path: Path):
    """
    To both processes, to the other where one hangs up or is gone; its log has none of it.
    """
    secret = b"what nobody else is to read"
    with Answering() as first, Answering() as second:
        ports = [first.port, second.port]
        with proxy(require_tool, tmp_path, ports) as port:
            delivered = {ask(port, "POST", "/telegram?x=1", secret) for _ in range(4)}
            both = {len(first.paths), len(second.paths)}
            first.status = 0
            passed_on = {ask(port, "POST", "/telegram", secret) for _ in range(4)}
            first.dies()
            after = {ask(port, "POST", "/telegram", secret) for _ in range(4)}
            large = ask(port, "POST", "/telegram", bytes(BODY_LIMIT + 1))
            looked = ask(port, "GET", "/telegram")
            private = {ask(port, "GET", path) for path in ("/", "/health", "/healthz", "/metrics")}
            second.status = 503
            away = len(second.paths)
            unkept = ask(port, "POST", "/telegram", secret)

        assert {200} == delivered == passed_on == after
        assert {2} == both
        assert (413, 403, {404}) == (large, looked, private)
        assert (503, 1) == (unkept, len(second.paths) - away)
    log = b"".join(path.read_bytes() for path in tmp_path.glob("*.log"))
    assert b"POST /telegram 200" in log
    assert secret not in log
    assert b"x=1" not in log


@pytest.mark.soak
async def test_behind_the_proxy_one_of_two_processes_may_die(require_tool, tmp_path: Path):
    """
    Real processes on PostgreSQL: whoever joins while one is killed is answered by the other.
    """
    async with BotServer() as server:
        with ExitStack() as stack:
            address = stack.enter_context(postgres_made())
            ports = [free_port(), free_port()]
            port = stack.enter_context(proxy(require_tool, tmp_path, ports, plain=True))
            processes = [
                Serve(
                    server,
                    tmp_path / "data",
                    tmp_path / f"{own}.txt",
                    NIANBAO_DATABASE_URL=address,
                    NIANBAO_WEBHOOK_URL=f"http://127.0.0.1:{port}/telegram",
                    NIANBAO_WEBHOOK_LISTEN=f"127.0.0.1:{own}",
                )
                for own in ports
            ]
            for process in processes:
                await process.start()
                assert process.process is not None
                stack.callback(process.process.kill)
            first, second = processes
            await asyncio.gather(*(first.joins(f"王{n}", f"{n}镇人民政府") for n in "甲乙丙"))
            joining = [
                asyncio.create_task(first.joins(f"李{n}", f"{n}乡人民政府")) for n in "甲乙丙丁"
            ]
            await first.kill()
            await asyncio.gather(*joining)
            assert 0 == await second.terminate()
    log = (tmp_path / "access.log").read_text("utf-8")
    assert {f"127.0.0.1:{own}" for own in ports} <= set(re.findall(r"127\.0\.0\.1:\d+", log))


# ----------------------------------------------------------------------------- the units


def said(unit: str) -> list[str]:
    """
    The lines of a unit without comments and blank lines.
    """
    lines = (DEPLOY / unit).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("unit", sorted(set(SERVING) - {"nianbao.service"}))
def test_the_units_differ_in_what_they_start_alone(unit: str):
    """
    As well guarded as the first one.
    """
    own = re.compile("(Description|Environment|ExecStart)=.*")

    assert [line for line in said("nianbao.service") if not own.fullmatch(line)] == [
        line for line in said(unit) if not own.fullmatch(line)
    ]


@pytest.mark.parametrize("unit", UNITS)
def test_what_a_unit_starts_is_a_command(unit: str):
    """
    With options that it knows, in time to end by itself.
    """
    started = [line.partition("=")[2] for line in said(unit) if line.startswith("ExecStart=")]

    assert started
    for line in started:
        program, *words = shlex.split(line.replace("%%", "%"))
        if program.endswith("/nianbao"):
            assert _options(words) is not None
    if unit in SERVING:
        (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", "\n".join(said(unit)), re.MULTILINE)
        assert STOPS_WITHIN < int(seconds)


@pytest.fixture(scope="module")
def units(require_tool, tmp_path_factory) -> Callable[..., str]:
    """
    `systemd-analyze` on our units, changed to start the program of this folder.
    """
    folder = tmp_path_factory.mktemp("units")
    for name in [*UNITS, *TIMERS]:
        text = (DEPLOY / name).read_text("utf-8")
        text = text.replace("/srv/nianbao/.venv/bin/", f"{Path(sys.executable).parent}/")
        (folder / name).write_text(text.replace("/srv/nianbao", str(ROOT)))

    def analyze(*words: str, unit: str) -> str:
        done = subprocess.run(
            [require_tool("systemd-analyze"), *words, folder / unit],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stderr if done.returncode else ""

    return analyze


@pytest.mark.parametrize("unit", [*UNITS, *TIMERS])
def test_systemd_takes_the_unit(units, unit: str):
    """
    Every directive is known and every program there.
    """
    assert "" == units("verify", unit=unit)


@pytest.mark.parametrize("unit", UNITS)
def test_a_process_is_kept_from_what_it_does_not_need(units, unit: str):
    """
    Systemd's own measure of what is left open: of 100, with everything open.
    """
    assert "" == units("security", "--offline=yes", "--no-pager", "--threshold=25", unit=unit)


# --------------------------------------------------------------------------- the upgrade

# Stands for the programs of a machine with systemd; each call is noted.
SHIM = """#!/bin/sh
echo "$(basename "$0") $*" >>"$NOTES"
if [ "$(basename "$0") $1" = "$CUT_AT" ]; then kill -s "$SIGNAL" $PPID; fi
case "$(basename "$0") $1" in
    "systemctl list-units") [ "$SIGNAL" = again ] || echo 'nianbao.service loaded active x' ;;
    "make "*) if [ -e broken ]; then exit 1; fi ;;
    "runuser "*) shift 3; exec "$@" ;;
esac
"""
PYTHON_SHIM = """#!/bin/sh
echo "$(basename "$0") $*" >>"$NOTES"
if [ "$(basename "$0") $1" = "$CUT_AT" ]; then kill -s "$SIGNAL" $PPID; fi
case $1 in "$FAILS") exit 1 ;; esac
"""


class Machine:
    """
    A repository with the upgrade's files, and a clone of it to upgrade; `release` makes a new
    version.
    """

    def __init__(self, folder: Path) -> None:
        self.notes = folder / "notes"
        self.bin = folder / "bin"
        self.units = folder / "units"
        self.origin = folder / "origin"
        self.srv = folder / "srv"
        for made in (self.bin, self.units, self.origin / "deploy"):
            made.mkdir(parents=True)
        for name in ("systemctl", "make", "runuser"):
            self.write(self.bin / name, SHIM)
        shutil.copy(DEPLOY / "upgrade.sh", self.origin / "deploy")
        shutil.copy(DEPLOY / "nianbao.service", self.origin / "deploy")
        shutil.copy(DEPLOY / "nianbao.service", self.units)
        (self.origin / ".gitignore").write_text("/.venv/\n/var/\n")
        self.git("init", "-q", "-b", "main", at=self.origin)
        self.release("first")
        self.git("clone", "-q", str(self.origin), str(self.srv), at=folder)
        for name in ("nianbao", "python"):
            self.write(self.srv / ".venv/bin" / name, PYTHON_SHIM)

    def write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def git(self, *words: str, at: Path) -> str:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.cn")
        done = subprocess.run(
            ["git", *who, *words], cwd=at, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def release(self, title: str, **files: str) -> str:
        for name, text in files.items():
            (self.origin / name.replace("__", "/")).write_text(text)
        self.git("add", "--all", at=self.origin)
        self.git("commit", "-q", "--allow-empty", "-m", title, at=self.origin)
        return self.version(self.origin)

    def version(self, at: Path) -> str:
        return self.git("rev-parse", "HEAD", at=at)

    def upgrades(self, cut_at: str = "", by: str = "", fails: str = "none") -> int:
        """
        Run the upgrade; the exit code. The signal `by` is sent at the call of `cut_at`.
        """
        self.notes.write_text("")
        more = {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "NOTES": str(self.notes),
            "UNITS": str(self.units),
            "CUT_AT": cut_at,
            "SIGNAL": by,
            "FAILS": fails,
        }
        return subprocess.run(
            # If the tests run in the background, some signals are ignored.
            ["env", "--default-signal", "/bin/sh", self.srv / "deploy/upgrade.sh"],
            env={**environment(), **more},
            cwd="/",
            check=False,
            capture_output=True,
        ).returncode

    def steps(self) -> list[str]:
        """
        The first two words of each call, in order.
        """
        return [" ".join(line.split()[:2]) for line in self.notes.read_text().splitlines()]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_an_upgrade_keeps_a_copy_first_and_starts_what_ran(machine: Machine):
    """
    Nothing runs while the program is exchanged; the unit is brought up to date.
    """
    unit = (DEPLOY / "nianbao.service").read_text("utf-8") + "# newer\n"
    new = machine.release("second", **{"deploy__nianbao.service": unit})

    assert 0 == machine.upgrades()

    wanted = [
        "systemctl stop",
        "nianbao backup",
        "make .venv/.runtime",
        "python -c",
        "systemctl start",
        "nianbao doctor",
    ]
    assert wanted == [step for step in machine.steps() if step in wanted]
    assert new == machine.version(machine.srv)
    assert unit == (machine.units / "nianbao.service").read_text()


def test_an_upgrade_that_fails_puts_the_old_version_back(machine: Machine):
    """
    And starts it.
    """
    old = machine.version(machine.srv)
    machine.release("second", requirements="")
    (machine.srv / "broken").write_text("")

    assert 0 != machine.upgrades()

    assert old == machine.version(machine.srv)
    assert "systemctl start" == machine.steps()[-1]


@pytest.mark.parametrize(
    ("at", "signal"),
    [("systemctl stop", "HUP"), ("nianbao backup", "TERM"), ("make .venv/.runtime", "HUP")],
)
def test_an_upgrade_that_is_interrupted_puts_the_old_version_back(
    machine: Machine, at: str, signal: str
):
    """
    Whoever sits there closes the lid: what ran runs again.
    """
    old = machine.version(machine.srv)
    machine.release("second")

    assert 0 != machine.upgrades(cut_at=at, by=signal)

    assert old == machine.version(machine.srv)
    assert "systemctl start" == machine.steps()[-1]


def test_data_that_the_new_version_cannot_take_over_leave_the_old_one(machine: Machine):
    """
    The unit, too, is that of the old version.
    """
    old = machine.version(machine.srv)
    machine.release("second", **{"deploy__nianbao.service": "# newer"})

    assert 0 != machine.upgrades(fails="-c")

    assert old == machine.version(machine.srv)
    assert "systemctl start" == machine.steps()[-1]
    assert "# newer" != (machine.units / "nianbao.service").read_text()


def test_an_upgrade_ended_by_force_is_run_again_and_starts_what_ran(machine: Machine):
    """
    Though nothing runs any more when it begins.
    """
    machine.release("second")
    assert 0 != machine.upgrades(cut_at="make .venv/.runtime", by="KILL")
    assert "systemctl start" not in machine.steps()

    assert 0 == machine.upgrades(by="again")

    assert "systemctl start nianbao.service" in machine.notes.read_text()


def test_an_upgrade_is_refused_where_the_program_was_changed(machine: Machine):
    """
    Before anything is stopped.
    """
    machine.release("second")
    (machine.srv / "deploy/nianbao.service").write_text("")

    assert 0 != machine.upgrades()
    assert [] == machine.steps()
