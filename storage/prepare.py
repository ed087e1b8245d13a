"""
`python -m storage.prepare` writes `prepared.py` from the statements; see `prepared_groups.py`.
"""

from __future__ import annotations

import sys
from functools import cached_property
from inspect import getattr_static
from pathlib import Path
from typing import Any

from storage import converters
from storage.prepared_groups import MODULES, group_named
from storage.statements import Compiler, Statement, Statements

FILE = Path(__file__).with_name("prepared.py")

HEAD = '''\
"""
Written by `python -m storage.prepare` from the statements; not to be edited.
"""
# fmt: off
# ruff: noqa: E501 - SQL as SQLAlchemy wrote it

from __future__ import annotations

from typing import Any

from storage.converters import {names}
from storage.statements import Statement

PREPARED: dict[str, dict[str, Any]] = {{
'''


def members(group: type[Statements]) -> tuple[str, ...]:
    """The names of a group's statements and converters, in the order written."""
    names = {name: None for one in reversed(group.__mro__) for name in vars(one)}
    return tuple(name for name in names if isinstance(getattr_static(group, name), cached_property))


def text() -> str:
    """What `prepared.py` has to be."""
    compiler = Compiler("sqlite")
    used: set[str] = set()
    lines = []
    for name in MODULES:
        group = group_named(name)
        made = group(compiler)
        lines.append(f'    "{name}": {{')
        lines += [
            f'        "{member}": {_written(getattr(made, member), used)},'
            for member in members(group)
        ]
        lines.append("    },")
    head = HEAD.format(names=", ".join(sorted(used)))
    return head + "\n".join(lines) + "\n}\n"


def _written(found: Any, used: set[str]) -> str:
    if not isinstance(found, Statement):
        return _name(found, used)
    binds, results = (
        "None" if all_ is None else f"({', '.join(_name(one, used) for one in all_)},)"
        for all_ in (found.binds, found.results)
    )
    return f"Statement({found.sql!r}, {binds}, {results})"


def _name(convert: Any, used: set[str]) -> str:
    """It has to be one of ours: SQLAlchemy's are not there at the start."""
    if convert is None:
        return "None"
    name: str = convert.__name__
    if getattr(converters, name, None) is not convert:
        raise ValueError(f"`converters.py` has nothing like {convert!r}")
    used.add(name)
    return name


def main() -> int:
    """Write it."""
    FILE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
