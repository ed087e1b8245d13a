"""
What is told to stand out among organs that do not exist: of true figures, and of slips.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from conversations.county.kinds import similar_to
from conversations.county.outliers import Compared, figures_to_compare, standing_out
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.model import Table
from tests.peers import MadeUp, answers_of, county

COUNTIES = 5
PLANTED = 40  # slips of a kind in a county, one at a time
LEAST = 5  # 件: the figure in which there is a slip

Lines = Mapping[str, int]


def run() -> None:
    """
    How many figures are listed for an organ, and how many slips are among them.
    """
    made = [county(seed) for seed in range(COUNTIES)]
    for last in (True, False):
        print(f"-- {'with' if last else 'without'} the year before")
        listed: list[float] = []
        found: Counter[str] = Counter()
        seconds = []
        for organs in made:
            reports = [compared(place, organ, last=last) for place, organ in enumerate(organs)]
            began = time.perf_counter()
            clean = standing_out(reports)
            seconds.append(time.perf_counter() - began)
            listed.append(len(clean) / len(organs))
            for name, place, organ, lines in slips(organs):
                slipped = [*reports]
                slipped[place] = compared(place, organ, last=last)
                told = {one.cell for one in standing_out(slipped) if one.report_id == place}
                found[name] += any(cell.rpartition(".")[0] in lines for cell in told)
        print(f"listed for an organ: {min(listed):.3f}–{max(listed):.3f}  goal ≤ 0.2")
        for name, count in sorted(found.items()):
            print(f"{name}: {count / PLANTED / COUNTIES:.0%} of the slips are listed")
        print(f"{len(made[0])} organs are compared in {1000 * min(seconds):.0f} ms")


def compared(place: int, organ: MadeUp, *, last: bool) -> Compared:
    return Compared(
        place,
        similar_to(organ.organ, organ.level, organ.parent),
        figures_to_compare(FORM, answers_of(organ.lines)),
        figures_to_compare(FORM, answers_of(organ.last)) if last else {},
    )


def slips(organs: list[MadeUp]) -> Iterator[tuple[str, int, MadeUp, set[str]]]:
    """
    An organ each with a slip, and the lines that are wrong.
    """
    draw = random.Random(len(organs))
    for name, slip in SLIPS.items():
        done = 0
        while done < PLANTED:
            place = draw.randrange(len(organs))
            organ = organs[place]
            line = draw.choice(list(organ.lines))
            if organ.lines[line] < LEAST:
                continue
            done += 1
            wrong = slip(line, organ.lines)
            lines = {**organ.lines, **wrong}
            slipped = MadeUp(organ.organ, organ.parent, organ.level, lines, organ.last)
            yield name, place, slipped, set(wrong)


def times(factor: int) -> Callable[[str, Lines], Lines]:
    return lambda line, lines: {line: factor * lines[line]}


def a_row_down(line: str, lines: Lines) -> Lines:
    """
    The figure stands in the next row of its table, and that of the next row in its own.
    """
    table = FORM.section_of[line].body
    assert isinstance(table, Table)
    rows = [each.id for each in table.lines if len(each.cells) == len(FORM.lines[line].cells)]
    below = rows[(rows.index(line) + 1) % len(rows)]
    return {line: lines.get(below, 0), below: lines[line]}


SLIPS: Mapping[str, Callable[[str, Lines], Lines]] = {
    "× 10": times(10),
    "× 100": times(100),
    "a row down": a_row_down,
}
