"""
Measuring, each figure as a ratio to its baseline in the same run.

The machine may be busy with other things, so the candidates take turns in every round and
a ratio is taken inside the round. `make bench` runs every module here that has a `run()`;
`python -m tests.bench storage` only that one.
"""

import statistics
import time
from collections.abc import Callable, Mapping

# Does some work and says how many times it did it.
Candidate = Callable[[], int]
Clock = Callable[[], float]

WALL: Clock = time.perf_counter
CPU: Clock = time.process_time


def spread(values: list[float], digits: int = 3) -> str:
    """
    min–median–max.
    """
    numbers = (min(values), statistics.median(values), max(values))
    return "–".join(f"{number:.{digits}g}" for number in numbers)


def compare(
    candidates: Mapping[str, Candidate],
    *,
    goals: Mapping[str, str] | None = None,
    rounds: int = 9,
    clock: Clock = WALL,
) -> dict[str, float]:
    """
    Print how often a second each candidate does its work, as a ratio to the first.

    Returns:
        The median ratio of each.
    """
    rates: dict[str, list[float]] = {name: [] for name in candidates}
    for work in candidates.values():
        work()
    for turn in range(rounds):
        names = list(candidates)
        # Nobody always comes after the same neighbour.
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            began = clock()
            count = candidates[name]()
            rates[name].append(count / (clock() - began))
    medians = {}
    first = next(iter(rates.values()))
    for name, found in rates.items():
        ratios = [rate / base for rate, base in zip(found, first, strict=True)]
        medians[name] = statistics.median(ratios)
        goal = (goals or {}).get(name)
        print(
            f"{name}: ratio {spread(ratios)}"
            f" ({statistics.median(found):,.0f}/s)" + (f"  goal {goal}" if goal else "")
        )
    return medians
