"""
What clerks do, and what has to come of it.

A clerk goes through one report: rows of figures typed, rows of zeros by a tap, once back to a row
that is there already, a text, the rows of table four. Every step is one update and gets one
message. What the store has to hold afterwards is known beforehand, row by row of the history.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import bindparam, text

from conversations.form import FORM_IN_FORCE as FORM
from conversations.form.model import Line
from conversations.form.numbers import NUMBERS
from conversations.talk.triggers import Trigger
from conversations.wording import door as words
from storage import Store
from tests.load.fill import ROWS

FOUR = tuple(line for line in FORM.tables[2].lines if line.kind is ROWS[0].kind)[:2]
TEXT = FORM.narratives[1]
NAMED = re.compile(r"第\d+镇人民政府")

Change = tuple[str, str]  # an item and what it is answered with


@dataclass(frozen=True)
class Step:
    """
    One thing a clerk does: types a text, or taps the button with this verb, and what the history
    has to gain by it.
    """

    typed: str = ""
    tapped: str = ""
    changes: tuple[Change, ...] = ()


def steps(number: int) -> list[Step]:
    """
    A whole report of the clerk with this number; no two rows of it are the same.
    """
    stands: dict[str, str] = {}

    def changed(line: Line, figures: Iterable[int]) -> tuple[Change, ...]:
        wanted = {cell.id: str(figure) for cell, figure in zip(line.cells, figures, strict=True)}
        changes = tuple(one for one in wanted.items() if stands.get(one[0]) != one[1])
        stands.update(wanted)
        return changes

    def row(line: Line, *first: int) -> Step:
        figures = [*first, *([0] * (len(line.cells) - len(first)))]
        return Step(typed=" ".join(map(str, figures)), changes=changed(line, figures))

    found = []
    # Two rows less than there are: the balance is not asked for.
    for place, line in enumerate(ROWS[:-2]):
        if place % 4 == 2:
            zeros = [0] * len(line.cells)
            found.append(Step(tapped=Trigger.ZERO.value, changes=changed(line, zeros)))
        else:
            found.append(row(line, place + 1, number % 100))
        if place == 5:
            found += [Step(tapped="more"), Step(tapped=Trigger.PREVIOUS.value)]
            found.append(row(line, 100 + place, number % 100))
    written = f"第{number}号经办人：公开还不够及时，下一步加强培训。"
    found += [Step(typed="/menu"), Step(tapped=f"{Trigger.SECTION.value}:{TEXT.number}")]
    found.append(Step(typed=written, changes=((TEXT.id, written),)))
    found += [Step(typed="/menu"), Step(tapped=f"{Trigger.SECTION.value}:4")]
    return [*found, *(row(line, place + 1) for place, line in enumerate(FOUR))]


STEPS = len(steps(0))


@dataclass
class Clerk:
    """
    One clerk: how far they are, and what they were shown.

    Attributes:
        sent: Steps that were done, the last perhaps not yet answered.
        seen: Texts of the bot, how often each.
        given_up: They were told that a message may be missing.
        wrong: What was shown that should not have been.
    """

    id: int
    report: int
    organ: str
    number: int
    steps: list[Step] = field(init=False)
    sent: int = 0
    answered: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    given_up: bool = False
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.steps = steps(self.number)

    @property
    def waits(self) -> bool:
        return self.answered < self.sent

    @property
    def is_done(self) -> bool:
        return self.sent == len(self.steps)

    def reads(self, said: str) -> bool:
        """
        A message of the bot; whether it ends the waiting: the reply, or that there may be none.
        """
        if self.given_up:
            return False
        named = set(NAMED.findall(said))
        if named - {self.organ}:
            self.wrong.append(f"another's: {said}")
        if said in (words.NOT_SHOWN, words.MAYBE_NOT_SHOWN):
            self.given_up = True
            return self.waits
        if not named:
            if said != words.NOT_KEPT_YET:
                self.wrong.append(said)
            return False
        self.seen[said] += 1
        if self.seen[said] > 1:
            return False
        if not self.waits:
            self.wrong.append(f"nothing was asked: {said}")
            return False
        step = self.steps[self.answered]
        first = re.search(r"\d+", said.partition("\n")[0]) if step.changes else None
        if step.changes and step.typed[:1].isdigit():
            figure = step.typed.partition(" ")[0]
            if first is None or first[0] != figure:
                self.wrong.append(f"not the reply to {step.typed}: {said}")
        self.answered += 1
        return True

    @property
    def repeats(self) -> int:
        """
        Messages that came more than once.
        """
        return sum(count - 1 for count in self.seen.values())

    @property
    def expected(self) -> list[Change]:
        """
        The history of their report.
        """
        return [change for step in self.steps[: self.sent] for change in step.changes]


HISTORY = text(
    "SELECT report_id, number, after FROM history WHERE report_id IN :reports"
    " ORDER BY report_id, id"
).bindparams(bindparam("reports", expanding=True))

ANSWERS = text(
    "SELECT report_id, number, value FROM answer WHERE report_id IN :reports"
).bindparams(bindparam("reports", expanding=True))

LEFT = {
    "updates that wait": "SELECT count(*) FROM incoming WHERE state = 0",
    "updates that failed": "SELECT count(*) FROM incoming WHERE state = 2",
    "messages not sent": "SELECT count(*) FROM outgoing WHERE state <= 1",
}


def faults(store: Store, clerks: Iterable[Clerk], *, troubled: bool = False) -> list[str]:
    """
    What is not as it has to be; in a `troubled` run a message may have come twice, or the clerk
    was told that it may not have come.
    """
    found = []
    used = {clerk.report: clerk for clerk in clerks if clerk.sent}
    items = {number: item for item, number in NUMBERS.items()}
    history: dict[int, list[Change]] = {report: [] for report in used}
    stands: dict[int, dict[str, str]] = {report: {} for report in used}
    with store.engine.connect() as connection:
        for part in parts(sorted(used)):
            for report, number, after in connection.execute(HISTORY, {"reports": part}):
                history[report].append((items[number], after))
            for report, number, value in connection.execute(ANSWERS, {"reports": part}):
                stands[report][items[number]] = value
        for what, statement in LEFT.items():
            if count := connection.execute(text(statement)).scalar():
                found.append(f"{what}: {count}")
    for report, clerk in used.items():
        found += [f"{clerk.organ}: {wrong}" for wrong in clerk.wrong]
        if clerk.waits and not (troubled and clerk.given_up):
            found.append(f"{clerk.organ}: no reply to {clerk.steps[clerk.answered]}")
        if clerk.repeats and not troubled:
            found.append(f"{clerk.organ}: {clerk.repeats} messages came twice")
        if clerk.expected != history[report]:
            found.append(f"{clerk.organ}: {difference(clerk.expected, history[report])}")
        if dict(clerk.expected) != stands[report]:
            found.append(f"{clerk.organ}: what stands is not what was answered")
    return found


def difference(expected: list[Change], found: list[Change]) -> str:
    """
    The first row in which the two are not the same.
    """
    for place, (wanted, got) in enumerate(zip(expected, found, strict=False)):
        if wanted != got:
            return f"row {place} of the history is {got}, not {wanted}"
    return f"{len(found)} rows of history, not {len(expected)}"


def parts(reports: list[int], most: int = 500) -> Iterable[list[int]]:
    return (reports[start : start + most] for start in range(0, len(reports), most))
