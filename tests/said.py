"""
The bot's sentences for assertions, made from its own wording; a changed sentence breaks no test.
"""

import re

from conversations.form import ANNUAL_REPORT_2021
from conversations.wording import talk


def pieces(template: str) -> list[str]:
    """
    The parts of a template between its fields, which are the same whatever is filled in.
    """
    return [piece.strip() for piece in re.split(r"\{[^}]*\}", template) if piece.strip()]


def numbers(text: str) -> list[str]:
    """
    The numbers of a text in order, as they are written.
    """
    return re.findall(r"\d(?:[\d,.]*\d)?", text)


def result(name: str, figure: int) -> str:
    """
    The short result of the line with this short name, with the same figure in each cell.
    """
    (line,) = [line for line in ANNUAL_REPORT_2021.lines.values() if line.short == name]
    return talk.answered(line, talk.figures_of(line, {cell.id: figure for cell in line.cells}))
