"""
Made-up organs with random figures from a seed, for code that compares many organs.

Each organ has a size and, for every line of the tables, a rate of its own: some organs have many 件
there, most have none. The figures of both years are drawn from the rate, with more spread than a
Poisson distribution; a line's figure is entered in one column.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers, Figures
from conversations.form.organ import Level

# For each level and line: a typical figure of a year for organs that have any (件; fees in 万元),
# and the share of such organs.
PERMITS = "proactive_disclosure.licensing"
PENALTIES = "proactive_disclosure.penalties"
RARE = (0.3, 0.3)
RATES: Mapping[Level, Mapping[str, tuple[float, float]]] = {
    Level.TOWNSHIP: {
        "proactive_disclosure.normative_documents": (2, 0.5),
        PERMITS: (60, 0.7),
        PENALTIES: (12, 0.6),
        "proactive_disclosure.coercion": (3, 0.3),
        "proactive_disclosure.administrative_fees": (4, 0.1),
        "requests.received": (6, 0.9),
    },
    Level.BUREAU: {
        "proactive_disclosure.normative_documents": (4, 0.6),
        PERMITS: (300, 0.6),
        PENALTIES: (120, 0.5),
        "proactive_disclosure.coercion": (15, 0.3),
        "proactive_disclosure.administrative_fees": (80, 0.2),
        "requests.received": (15, 0.9),
    },
}
SUBJECTS = (
    *("教育局", "公安局", "民政局", "司法局", "财政局", "人力资源和社会保障局", "自然资源局"),
    *("住房和城乡建设局", "交通运输局", "农业农村局", "卫生健康局", "应急管理局"),
)
# The shares of the outcomes of requests.
OUTCOMES = {
    "requests.outcome.disclosed": 0.45,
    "requests.outcome.partly_disclosed": 0.1,
    "requests.outcome.withheld.third_party_rights": 0.05,
    "requests.outcome.unable_to_provide.not_held": 0.25,
    "requests.outcome.not_processed.petition_or_complaint": 0.1,
    "requests.outcome.otherwise_handled.other": 0.05,
}


@dataclass(frozen=True)
class MadeUp:
    """
    An organ with the figures of its lines, this year's and last year's.
    """

    organ: str
    parent: str
    level: Level
    lines: Mapping[str, int]
    last: Mapping[str, int]


def county(seed: int, towns: int = 180, bureaus: int = 120) -> list[MadeUp]:
    """
    Townships of three kinds, and the departments of ten counties.
    """
    draw = random.Random(seed)
    organs = []
    for place in range(towns):
        ending = ("镇人民政府", "乡人民政府", "街道办事处")[place % 3]
        organs.append((f"第{place}{ending}", "雷州县人民政府", Level.TOWNSHIP, ""))
    for place in range(bureaus):
        over = f"第{place // len(SUBJECTS)}县"
        subject = SUBJECTS[place % len(SUBJECTS)]
        organs.append((f"{over}{subject}", f"{over}人民政府", Level.BUREAU, subject))
    usual: dict[tuple[str, str], float] = {}
    made = []
    for organ, parent, level, subject in organs:
        size = math.exp(draw.gauss(0, 0.6))
        rates = {}
        for line, (rate, share) in RATES[level].items():
            # How often a department does something depends on its subject.
            special = usual.setdefault((subject, line), draw.gauss(0, 1) if subject else 0.0)
            does = draw.random() < share
            rates[line] = rate * size * math.exp(special + draw.gauss(0, 0.4)) if does else 0.0
        last, now = (_year(draw, rates) for _ in range(2))
        made.append(MadeUp(organ, parent, level, now, last))
    return made


def _year(draw: random.Random, rates: Mapping[str, float]) -> dict[str, int]:
    this_year = ((line, rate * math.exp(draw.gauss(0, 0.3))) for line, rate in rates.items())
    lines = {line: _count(draw, rate) for line, rate in this_year}
    open_, left = lines["requests.received"], lines["requests.received"]
    for line, share in OUTCOMES.items():
        lines[line] = min(left, round(open_ * share + draw.random() - 0.5))
        left -= lines[line]
    for line in FORM.lines:
        if line.startswith("review."):
            rate, share = RARE
            lines[line] = _count(draw, rate * 5) if draw.random() < share else 0
    return lines


def _count(draw: random.Random, rate: float) -> int:
    """
    A count from the negative binomial distribution: a Poisson count with a random rate.
    """
    rate = draw.gammavariate(4, rate / 4) if rate else 0.0
    if rate > 50:
        return round(draw.gauss(rate, math.sqrt(rate)))
    count, left = 0, rate
    while (left := left - draw.expovariate(1)) > 0:
        count += 1
    return count


def answers_of(lines: Mapping[str, int]) -> Answers:
    """
    A whole report: each line's figure is in its first column, every other cell is 0.
    """
    values = dict.fromkeys(FORM.asked, 0)
    values |= {FORM.lines[line].cells[0].id: figure for line, figure in lines.items()}
    figures = Figures(FORM, Answers(values))
    carried = {cell: max(0, figures.balance(cell) or 0) for cell in FORM.balance}
    return Answers(values | carried)
