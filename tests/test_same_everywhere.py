"""
Every process collects the same tests under the same names.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.doors import environment
from tests.conftest import ROOT


@pytest.mark.soak  # the workers of `make test` compare the collected names, too
def test_two_processes_collect_the_same_tests(request: pytest.FixtureRequest, tmp_path: Path):
    """
    Another hash seed, clock and folder of temporary files change no name.

    A name made of bytes, a time, a set, an address or a port would differ.
    """
    here = {item.nodeid for item in request.session.items}
    files = sorted({name.partition("::")[0] for name in here})

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-qm", "", "-p", "no:randomly", *files],
        cwd=ROOT,
        env=environment(
            PYTHONHASHSEED="1", TMPDIR=str(tmp_path), NIANBAO_TEST_NOW="2031-12-31T23:59:58+08:00"
        ),
        capture_output=True,
        text=True,
        check=True,
    )

    assert set() == here - set(done.stdout.splitlines())
