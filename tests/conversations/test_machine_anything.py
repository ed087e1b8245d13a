"""
Whatever a clerk does, in any order: the machine as a hypothesis state machine.
"""

from dataclasses import replace
from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from conversations.answers.ledger import Sheet
from conversations.checks.findings import Report
from conversations.document.read.report import ReadReport
from conversations.form import ANNUAL_REPORT_2021, FORMS, Form
from conversations.form.answers import Answers, Figures
from conversations.form.model import LineKind, Table
from conversations.talk.cards import card
from conversations.talk.effects import Deliver, MessageKind, OpenReport, Save, Say
from conversations.talk.events import (
    Commanded,
    Event,
    LedgerRead,
    Opened,
    ReportRead,
    SumOffered,
    Tapped,
    Typed,
    Uploaded,
)
from conversations.talk.moves.reading import planned
from conversations.talk.session import Asking, Session, State
from conversations.talk.triggers import Trigger, knows_button
from conversations.wording import talk as wording
from tests.conversations.test_reading_in import published
from tests.dialogue import COLUMNS, TEXTS, Clerk, id_of, verb_of, zeros
from tests.named_buttons import missing_buttons

FORM = ANNUAL_REPORT_2021
ITEMS = tuple(FORM.number)
WORDING = ("title", "introduction", "signature", "signature_date")
OTHER_ASKS = {"organ", "year", "title", "introduction", "signature", "signature_date"}
COMMANDS = ("start", "menu", "status", "preview", "help", "cancel", "restart", "lastyear", "x")
BUTTON_BYTES = 64
MESSAGE_UNITS = 4096
MOST_ACTIONS = 6
# Rows, sections, findings, sentences and changes to choose from.
CHOICES = {Trigger(verb) for verb in ("o", "s", "fx", "lyv", "lv", "pa", "lyc", "fc")}
VERBS = (
    *("s", "o", "z", "zt", "zo", "pick", "end", "later", "prev", "keep", "n", "carry", "skip"),
    *("take", "done", "none", "rw", "all", "ts", "ly", "lyv", "lyt", "cnt", "pts", "fs"),
)
PUBLISHED = tuple(published(year, requests__received__natural_person=3) for year in (2024, 2025))
REASON = "上年制发的文件已按规定在本年内全部清理废止，所以数字变化较大。"

counts = st.integers(0, 40).map(str)
rows_of_six = st.lists(counts, min_size=6, max_size=7).map(" ".join)
tabbed = st.lists(st.one_of(counts, st.just("")), min_size=2, max_size=8).map("\t".join)
blocks = st.lists(
    st.lists(counts, min_size=6, max_size=7).map("\t".join), min_size=2, max_size=6
).map("\n".join)
texts = st.one_of(
    counts,
    counts,
    st.lists(counts, min_size=2, max_size=5).map(" ".join),
    rows_of_six,
    tabbed,
    blocks,
    st.sampled_from(
        [
            "自然人3 其余0",
            "3500元",
            "12万",
            "无",
            "对",
            "不对",
            wording.DONE_TEXT,
            wording.MENU,
            "取消",
            "-1",
            "1.5",
            "99999999999",
            "核实无误",
            REASON,
            *TEXTS.values(),
            "\n".join(f"{FORM.section[section].heading}\n{TEXTS[section]}" for section in TEXTS),
            "2024年，本机关共收到申请3件。",
            "2026年1月15日",
            "雷鸣镇人民政府 / 2025年度信息公开工作年度报告",
            "{{7*7}} </w:t> A&B <c> 甲",
            "\ud800",
            "\x00\x07",
            "😀" * 2200,
            "字" * 3990,
            "",
            "　\n",
            "行政许可",
            "依申请公开",
        ]
    ),
    st.text(max_size=30),
)


def asked_cells(line: str) -> list[str]:
    return [cell.id for cell in FORM.lines[line].cells]


def named_by(event: Event, before: Session) -> set[str]:
    """
    The figures that an event names, and may therefore change.
    """
    place = before.place
    if isinstance(event, Typed | Uploaded):
        item = (event.item if isinstance(event, Typed) else None) or place.item
        if event.text.strip() == wording.RESTART:
            return set(FORM.cells)
        if place.state is State.FINDING and place.item == item:
            # Figures are no reason: they answer the row after the one that was left.
            item = next((stop for state, stop in place.back[::-1] if state is State.LINE), item)
        if place.pending and place.pending.asking is Asking.SUM and item in ("", card(before).item):
            return set(place.pending.values)
        section = FORM.section_of.get(item)
        if section is None or not isinstance(section.body, Table):
            return set()
        return {cell.id for cell in section.body.cells}
    if not isinstance(event, Tapped):
        return set()
    verb, *rest = event.button.split(":")
    if verb == "rsty":
        return set(FORM.cells)
    if verb == "ok" and place.pending:
        if place.pending.asking is Asking.IMPORT:
            # A report on this very year fills the gaps.
            plan = planned(before, place.pending)
            return set() if plan is None else {save.item for save in plan.saves(replace=True)}
        return {*place.pending.values, *place.pending.blanks, *place.pending.totals}
    if verb == "no" and place.pending and place.pending.asking is Asking.BLANKS:
        # The total that was sent waits for the gaps to be filled.
        return set(place.pending.totals)
    if verb in ("z", "zt", "take", "ly", "n", "carry"):
        item = FORM.item[int(rest[0])]
        if item in FORM.cells and verb == "ly":
            item = FORM.cells[item].line  # last year is taken over by whole rows
        if item in FORM.cells:
            return {item}
        if item in FORM.lines:
            return set(asked_cells(item))
        section = FORM.section.get(item)
        if section is None or not isinstance(section.body, Table):
            return set()
        kind = LineKind.BALANCE if verb in ("n", "carry") else LineKind.ASKED
        return {c.id for line in section.body.lines if line.kind is kind for c in line.cells}
    return set()


class AnyClerk(RuleBasedStateMachine):
    """
    A clerk who does anything, any button ever shown included.
    """

    @initialize(
        organ=st.sampled_from(["", "雷鸣镇人民政府", "某市"]),
        full=st.sampled_from(["empty", "zeros", "figures"]),
        last=st.sampled_from([None, *FORMS.values()]),
    )
    def begin(self, organ: str, full: str, last: Form | None) -> None:
        """
        A new report, or one that is nearly done; with last year's or without.
        """
        answers = Answers()
        if organ and full == "zeros":
            answers = Answers(zeros())
        elif organ and full == "figures":
            answers = Answers(zeros(without=tuple(TEXTS)))
        earlier = None
        if last and organ:
            figures = zeros() | {"requests.carried_forward.natural_person": 2}
            known = {item: figures[item] for item in figures if item not in FORM.cells}
            known |= {cell: figures[cell] for cell in figures.keys() & last.cells.keys()}
            earlier = Report(last, organ, 2024, Answers(known))
        self.clerk = Clerk(organ, 2025 if organ else 0, FORM, answers, earlier)
        self.turn(Opened())

    def turn(self, event: Event) -> None:
        """
        One event, and everything that must hold after any event.
        """
        clerk = self.clerk
        before = clerk.session
        clerk.does(event)
        self.check_changes(event, before)
        last = clerk.shown[-1]
        if isinstance(last, OpenReport):
            clerk.session = replace(clerk.session, place=type(before.place)())
            clerk.does(Opened())
        for effect in clerk.shown:
            if isinstance(effect, Say):
                self.check_message(effect)
        ours = [said for said in clerk.said if said.kind is not MessageKind.COPY]
        labels = [button.label for said in ours for row in said.buttons for button in row]
        for said in ours:
            assert [] == list(missing_buttons(said.text, labels)), said.text
        state = clerk.session.place.state
        if not clerk.asks and state is not State.DONE:
            assert clerk.card.buttons, f"no way on from {state}"
        # Another device, a restart: the same card again, unless it was settled meanwhile.
        again = clerk.card
        if state not in (State.FINDING, State.TOTAL, State.TABLE, State.CARRY):
            clerk.opens()
            assert (again.asks, again.item) == (clerk.card.asks, clerk.card.item)

    def check_message(self, said: Say) -> None:
        """
        Any door can show it; six things to do at most, beside what is chosen from a list.
        """
        if said.kind is MessageKind.CARD:
            shown = card(self.clerk.session).buttons
            assert sum(verb_of(b) not in CHOICES for row in shown for b in row) <= MOST_ACTIONS
        assert said.text.strip()
        units = len(said.text.encode("utf-16-le", "surrogatepass")) // 2
        assert units <= MESSAGE_UNITS, f"{units} units"
        for row in said.buttons:
            assert row
            for button in row:
                assert len(button.id.encode()) <= BUTTON_BYTES
                assert button.label.strip()
                assert knows_button(self.clerk.session, button.id)
        for item in said.asks:
            known = item in FORM.number or item in OTHER_ASKS or item.startswith("explanation:")
            assert known, item
            assert item not in FORM.sums

    def check_changes(self, event: Event, before: Session) -> None:
        """
        No figure changes by an event that does not name it.

        Two things hang on figures and go when they move: a total that was typed, and
        the confirmation of 结转下年度. Both are only ever taken away.
        """
        named = named_by(event, before)
        saves = [one for one in self.clerk.shown if isinstance(one, Save)]
        changed = {one.item: one for one in saves if one.item in FORM.cells}
        for item, save in changed.items():
            depends = (item in FORM.sums or item in FORM.balance) and save.after is None
            assert item in named or depends, f"{event} changed {item}"
            if isinstance(event, Tapped) and event.button.split(":")[0] in ("z", "zt"):
                assert before.answers.get(item) is None or depends, f"{event} changed {item}"

    # --------------------------------------------------------- what the clerk does

    @rule(text=texts)
    def types(self, text: str) -> None:
        """
        A message.
        """
        self.turn(Typed(text))

    @rule(text=texts, order=st.integers(1, 5))
    def types_in_some_order(self, text: str, order: int) -> None:
        """
        A message that arrives out of order.
        """
        self.turn(Typed(text, None, order))

    @rule(text=texts, item=st.sampled_from(ITEMS))
    def replies(self, text: str, item: str) -> None:
        """
        An answer to any question that there is.
        """
        self.turn(Typed(text, item))

    @rule(text=texts)
    def sends(self, text: str) -> None:
        """
        A file.
        """
        self.turn(Uploaded("年报.docx", text))

    @rule(name=st.sampled_from(COMMANDS))
    def commands(self, name: str) -> None:
        """
        A command.
        """
        self.turn(Commanded(name))

    @precondition(lambda self: self.clerk.card.buttons)
    @rule(data=st.data())
    def taps(self, data: st.DataObject) -> None:
        """
        A button of the card.
        """
        ids = [button.id for row in self.clerk.card.buttons for button in row]
        self.turn(Tapped(data.draw(st.sampled_from(ids))))

    @precondition(lambda self: self.clerk.card.buttons)
    @rule()
    def taps_the_first_twice(self) -> None:
        """
        Two taps are one: the second stores nothing but what it names anew.
        """
        button = self.clerk.card.buttons[0][0].id
        self.turn(Tapped(button))
        after = dict(self.clerk.session.answers)
        self.turn(Tapped(button))
        verb = button.split(":")[0]
        if verb not in ("rep", "app", "rw", "fin", "def", "ts", "go"):
            assert after == dict(self.clerk.session.answers)

    @precondition(lambda self: self.clerk.ever)
    @rule(data=st.data())
    def taps_an_old_button(self, data: st.DataObject) -> None:
        """
        Any button of any message that ever was.
        """
        self.turn(Tapped(data.draw(st.sampled_from(sorted(self.clerk.ever)))))

    @rule(item=st.sampled_from(ITEMS), verb=st.sampled_from(VERBS))
    def taps_anything(self, item: str, verb: str) -> None:
        """
        A button that this form could show somewhere.
        """
        self.turn(Tapped(id_of(FORM, verb, item)))

    @precondition(lambda self: self.clerk.session.year)
    @rule(report=st.sampled_from(PUBLISHED))
    def brings_a_published_report(self, report: ReadReport) -> None:
        """
        A report that was sent or linked.
        """
        self.turn(ReportRead("年报.docx", report))

    @rule(line=st.sampled_from(sorted(FORM.lines)), count=st.integers(0, 9))
    def sends_a_spreadsheet(self, line: str, count: int) -> None:
        """
        Of one row, which the open table has or has not.
        """
        row = (FORM.lines[line].label, *[str(count)] * len(FORM.lines[line].cells))
        self.turn(LedgerRead("a.xlsx", (Sheet("", (row,)),)))

    @rule(cells=st.dictionaries(st.sampled_from(sorted(FORM.asked)), st.integers(0, 9)))
    def is_offered_a_sum(self, cells: dict[str, int]) -> None:
        """
        Over the organs below; half of the figures may not be taken as they are.
        """
        why = dict.fromkeys(sorted(cells)[::2], "计了两次")
        self.turn(SumOffered(cells, why))

    @rule()
    def comes_back(self) -> None:
        """
        The chat is opened anew.
        """
        self.turn(Opened())

    @rule()
    def sleeps(self) -> None:
        """
        The days go by.
        """
        clerk = self.clerk
        clerk.session = replace(clerk.session, today=clerk.session.today + timedelta(days=7))

    def teardown(self) -> None:
        """
        From wherever the clerk is, answering what is asked and the first button lead to the end.
        """
        if hasattr(self, "clerk"):
            finish(self.clerk)


def finish(clerk: Clerk, bound: int = 400) -> int:
    """
    Do what a program does: answer every `asks`, else tap the first button; the steps.
    """
    clerk.opens()
    trail: list[str] = []
    for count in range(bound):
        if any(isinstance(one, Deliver) and one.final for one in clerk.shown):
            return count
        trail.append(f"{clerk.at} {clerk.asks}")
        if clerk.asks:
            clerk.types(answer_to(clerk.asks, clerk.session))
        else:
            if clerk.at[0] is State.DONE:
                return count
            clerk.presses(clerk.card.buttons[0][0].id)
        last = clerk.shown[-1]
        if isinstance(last, OpenReport):
            clerk.session = replace(clerk.session, place=type(clerk.session.place)())
            clerk.opens()
    raise AssertionError("no way to the end:\n" + "\n".join(trail[-40:]))


def answer_to(asks: tuple[str, ...], session: Session) -> str:
    """
    A harmless answer to what is asked; what is received covers what was answered.
    """
    item = asks[0]
    if item in FORM.cells:
        return " ".join(str(figure_for(cell, session)) for cell in asks)
    year = session.year
    return {
        "organ": "雷鸣镇人民政府",
        "year": "2025",
        "title": f"雷鸣镇人民政府 / {year}年政府信息公开工作年度报告",
        "introduction": "无",
        "signature": "雷鸣镇人民政府",
        "signature_date": "2026年1月15日",
        **{name: text.replace("2025", str(year)) for name, text in TEXTS.items()},
    }.get(item, REASON)


def figure_for(cell: str, session: Session) -> int:
    """
    0; for 新收 what the results that stand already need.
    """
    for balanced, (plus, _) in FORM.balance.items():
        if cell == plus[0]:
            without = Figures(FORM, session.answers.changed({cell: 0})).balance(balanced)
            return max(0, -(without or 0))
    return 0


AnyClerk.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
TestAnyClerk = pytest.mark.long(AnyClerk.TestCase)


def test_the_first_button_and_the_asks_lead_from_nothing_to_the_final_document():
    """
    A program that knows nothing of the form needs some forty turns when all is 0.
    """
    clerk = Clerk(organ="", year=0)

    assert finish(clerk) < 80
    assert clerk.session.final
    assert [0] * 6 == [clerk.figure(f"requests.received.{one}") for one in COLUMNS]
