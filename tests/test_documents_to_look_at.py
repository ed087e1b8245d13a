"""
The files for a person with Word and WPS, and what that person is told to look at.
"""

import re
import zipfile
from io import BytesIO
from pathlib import Path

from docs.make_documents import FOLDER, NAMES, ROOT, files
from tests.docx_structure import structure_faults
from tests.extremes import EXTREMES


def test_the_checklist_names_every_file_that_is_made():
    """
    Twenty files, the extremes among them, all of which open as what they are called.
    """
    made = dict(files())
    listed = re.findall(
        r"^\| (\d\d-\S+) \|",
        (ROOT / "docs" / "checklist-word-wps.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )

    assert 20 == len(made)
    assert list(made) == listed
    assert EXTREMES.keys() == NAMES.keys()
    for name, content in made.items():
        if Path(name).suffix in (".docx", ".xlsx"):
            assert zipfile.ZipFile(BytesIO(content)).testzip() is None
        if name.endswith(".docx") and "底稿" not in name:  # the template keeps its tags
            assert not structure_faults(content)
    assert FOLDER.is_relative_to(ROOT / "var")
