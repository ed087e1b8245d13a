"""
The promises of docs/security.md are kept by tests that exist.
"""

import ast
import re

from tests.conftest import ROOT

ROW = re.compile(
    r"^\| (?P<promise>[^|]+) \| `(?P<file>tests/[\w/]+\.py)::(?P<test>test_\w+)` \|$", re.MULTILINE
)


def test_every_promise_has_a_test():
    """
    Each row of the table names one by its file and name.
    """
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    promises = list(ROW.finditer(text))
    rows = [line for line in text.splitlines() if line.startswith("| ")]

    # The other row is the heading of the table.
    assert len(rows) - 1 == len(promises) > 20
    for promise in promises:
        tree = ast.parse((ROOT / promise["file"]).read_text(encoding="utf-8"))
        names = {getattr(node, "name", None) for node in tree.body}
        assert promise["test"] in names, promise[0]
