"""`--under`: the organ above those that a command looks at."""

from __future__ import annotations

import argparse

from bot.cli import frame
from conversations.wording.county_organs import NO_ORGAN
from conversations.wording.county_overview import NO_ORGANS, WHICH
from storage.members import MemberReader
from storage.organs import tops
from storage.reports import Reader


def add_under(parser: argparse._ActionsContainer, about: str) -> None:
    """The option; `about` says what happens to the organs below."""
    parser.add_argument("--under", default="", type=frame.organ, metavar="机关全称", help=about)


def chosen(reader: Reader, name: str) -> tuple[int, str]:
    """
    Id and name of the organ with a name, also a former one; without a name, the only one at the
    top.

    Raises:
        Refused: There is none with the name, or not exactly one at the top.
    """
    found = MemberReader(reader).organs(1, name) if name else tops(reader)
    if name and not found:
        raise frame.Refused(NO_ORGAN.format(frame.shown(name)))
    if len(found) != 1:
        names = "、".join(top for _, top in found) or NO_ORGANS
        raise frame.Refused(WHICH.format(names))
    return found[0]
