"""
Files that become whole beside their place, while another program writes into the same folder.
"""

import fcntl
import tempfile
from pathlib import Path
from typing import Any

import pytest

from storage.files import part_of, place


@pytest.mark.parametrize("moment", ["made", "opened"])
def test_a_new_folder_that_another_program_took_for_a_left_one_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
):
    """
    Nothing tells a folder that is not yet locked from that of a killed program.
    """
    make, lock, looks = tempfile.mkdtemp, fcntl.flock, iter([True])

    def another_looks() -> None:
        if next(looks, False):
            with part_of(tmp_path / "other.txt"):
                pass

    def made(*args: Any) -> str:
        folder: str = make(*args)
        another_looks()
        return folder

    def locked(*args: Any) -> None:
        another_looks()
        lock(*args)

    if moment == "made":
        monkeypatch.setattr(tempfile, "mkdtemp", made)
    else:
        monkeypatch.setattr(fcntl, "flock", locked)

    with part_of(tmp_path / "report.txt") as part:
        part.write_text("whole")
        place(part, tmp_path / "report.txt")

    assert ([tmp_path / "report.txt"], None) == ([*tmp_path.iterdir()], next(looks, None))
