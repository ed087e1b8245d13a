"""
The tests are the same ones in every process: whoever collects them gets the same names.
"""

import subprocess
import sys
from pathlib import Path

from tests.bot.doors import environment
from tests.conftest import ROOT


def collected(folder: Path, seed: str, moment: str) -> list[str]:
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly"],
        cwd=ROOT,
        env=environment(PYTHONHASHSEED=seed, TMPDIR=str(folder), NIANBAO_TEST_NOW=moment),
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in done.stdout.splitlines() if "::" in line]


def test_two_processes_collect_the_same_tests(tmp_path: Path):
    """
    Another hash seed, clock and folder of temporary files change no name.

    A name made of bytes, a time, a set, an address or a port would differ.
    """
    first = collected(tmp_path / "a", "1", "2024-02-29T12:00:00+08:00")
    second = collected(tmp_path / "b", "2", "2026-12-31T23:59:58+08:00")

    assert first
    assert first == second
