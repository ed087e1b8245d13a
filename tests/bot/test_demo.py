"""
`make run` and `make demo`: what a fresh machine shows, and its exit codes.

`make` itself is started in a copy of the project's Makefile beside an environment that is
there already, so that nothing is installed; how it sets one up is tried by hand and by CI.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.cli.demo import NO_INPUT
from conversations.wording import talk as say
from tests.bot.doors import BAD_USAGE, COMMAND, FINISHED, UNFINISHED, environment, nianbao
from tests.conftest import ROOT
from tests.said import result

NAME = "雷鸣镇人民政府2023年政府信息公开工作年度报告.docx"


def run(shell: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """
    `nianbao run` behind some redirection, in a folder of its own.
    """
    return subprocess.run(
        ["sh", "-c", shell, "sh", *COMMAND, "run"],
        capture_output=True,
        cwd=folder,
        env=environment(),
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize(
    "shell",
    [
        'exec "$@" </dev/null',
        pytest.param('exec "$@" <&-', marks=pytest.mark.soak),
        pytest.param('printf "" | "$@"', marks=pytest.mark.soak),
    ],
)
def test_without_any_input_the_example_is_played_to_its_end(shell: str, tmp_path: Path):
    """
    It says so, leaves only the document in var/, and keeps no report.
    """
    done = run(shell, tmp_path)

    assert (FINISHED, b"") == (done.returncode, done.stderr)
    assert NO_INPUT in done.stdout.decode()
    assert [NAME] == [one.name for one in (tmp_path / "var").iterdir()]


def test_with_piped_input_run_is_the_chat(tmp_path: Path):
    """
    The first byte decides; nothing of it is lost.
    """
    done = run('printf "甲县财政局\\n2025\\n" | "$@"', tmp_path)

    assert UNFINISHED == done.returncode
    assert say.head("甲县财政局", 2025) in done.stdout.decode()
    assert NO_INPUT not in done.stdout.decode()
    assert (tmp_path / "var" / "nianbao.sqlite3").is_file()


def test_the_demo_shows_the_whole_dialogue(tmp_path: Path):
    """
    What the clerk types and sees, to the finished document.
    """
    done = nianbao("demo", "--out", tmp_path)
    shown = done.stdout.decode()

    assert (FINISHED, b"") == (done.returncode, done.stderr)
    for word in ("> 295", result("行政许可", 295), f"> {say.MAKE_FINAL}", say.DONE, NAME):
        assert word in shown
    assert [NAME] == [one.name for one in tmp_path.iterdir()]


def test_a_demo_that_cannot_write_is_no_success(tmp_path: Path):
    """
    Not exit code 0.
    """
    (tmp_path / "file").write_text("x")
    done = nianbao("demo", "--quiet", "--out", tmp_path / "file")

    assert done.returncode not in (FINISHED, BAD_USAGE)
    assert b"Traceback" not in done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """
    The Makefile with an environment that it takes for finished.
    """
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv" / "bin").mkdir(parents=True)
    python = folder / ".venv" / "bin" / "python"
    python.write_text("#!/bin/sh\nexit 0\n")
    python.chmod(0o755)
    command = folder / ".venv" / "bin" / "nianbao"
    command.write_text(f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n')
    command.chmod(0o755)
    (folder / ".venv" / ".runtime").write_text(f"{folder.resolve()}\n")
    return folder


def make(project: Path, shell: str) -> subprocess.CompletedProcess[bytes]:
    """
    `make run` behind some redirection.
    """
    return subprocess.run(
        ["sh", "-c", shell],
        capture_output=True,
        cwd=project,
        env=environment(),
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize(
    "shell", ["make run </dev/null", pytest.param("make run <&-", marks=pytest.mark.soak)]
)
def test_make_run_without_input_ends_well_with_the_document(shell: str, project: Path):
    """
    What the first look at the project does.
    """
    done = make(project, shell)

    assert (FINISHED, b"") == (done.returncode, done.stderr)
    assert (project / "var" / NAME).is_file()


def test_make_run_hands_its_input_to_the_chat(project: Path):
    """
    Nothing of make reads it; an unfinished report is make's own 2.
    """
    done = make(project, 'printf "甲县财政局\\n2025\\n" | make run')

    assert say.head("甲县财政局", 2025) in done.stdout.decode()
    assert 2 == done.returncode
    assert "3" in done.stderr.decode()
