"""
The protections that `make mutations` takes out stand where its table says.
"""

import pytest

from tests.conftest import ROOT
from tests.mutations import MUTATIONS


@pytest.mark.parametrize("file", sorted({mutation.file for mutation in MUTATIONS}))
def test_every_protection_of_a_file_stands_in_it(file: str):
    """
    A row that has lost its text would end the whole run of mutations.
    """
    source = (ROOT / file).read_text("utf-8")

    assert [] == [one.text for one in MUTATIONS if one.file == file and one.text not in source]


def test_every_test_that_must_notice_is_there():
    """
    A path that is gone would be taken for a test that fails.
    """
    named = {name.partition("::")[0] for one in MUTATIONS for name in one.tests.split()}

    assert [] == [name for name in sorted(named) if not (ROOT / "tests" / name).exists()]
