"""
What the bot says, made from its own wording, so that a sentence may change and no test with it.
"""

import re

from conversations.form import ANNUAL_REPORT_2021
from conversations.wording import talk


def pieces(template: str) -> list[str]:
    """
    What stands between the places of a template: said whatever is filled in.
    """
    return [piece.strip() for piece in re.split(r"\{[^}]*\}", template) if piece.strip()]


def numbers(text: str) -> list[str]:
    """
    The numbers of a text in their order, as they are written.
    """
    return re.findall(r"\d(?:[\d,.]*\d)?", text)


def result(name: str, figure: int) -> str:
    """
    The short result of a line with one figure, by the short name of the line.
    """
    (line,) = [line for line in ANNUAL_REPORT_2021.lines.values() if line.short == name]
    return talk.answered(line, talk.figures_of(line, {cell.id: figure for cell in line.cells}))
