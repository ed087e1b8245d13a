"""
Dialogues written as what the clerk does and then sees.

A `Clerk` talks to the state machine alone, without a store and a door. At every step the session is
rebuilt from what the effects say to store, as a door does it, so that nothing can be kept in memory
only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Self

from conversations.checks.findings import Report
from conversations.form import ANNUAL_REPORT_2021, Form
from conversations.form.answers import Answers, Value
from conversations.form.numbers import NUMBERS
from conversations.form.texts import READERS, written
from conversations.sign_off.rights import Standing, transition
from conversations.sign_off.states import Deed, ReportState, Role, Transition
from conversations.sign_off.status import Remark, SignOff, SignOffRecord
from conversations.talk.cards import card
from conversations.talk.effects import (
    Button,
    Decide,
    Deliver,
    DropRemark,
    Effect,
    Explain,
    MessageKind,
    OpenReport,
    Save,
    Say,
    SettleRemark,
    WriteRemark,
)
from conversations.talk.events import (
    Commanded,
    Event,
    FileRead,
    NeedsReading,
    Opened,
    Reading,
    ReportRead,
    Tapped,
    Typed,
    Uploaded,
)
from conversations.talk.machine import step
from conversations.talk.session import Place, Session, State
from conversations.talk.triggers import Trigger

TOWN = "雷鸣镇人民政府"
TODAY = date(2026, 1, 12)

AS_CLERK = Standing()
# Members of an office with a leader and a second member.
CLERK = Standing(leader=True, colleague=True)
LEADER = Standing(frozenset({Role.LEADER}), leader=True, colleague=True)
BOTH = Standing(frozenset({Role.LEADER, Role.CLERK}), leader=True, colleague=True)
ADMINISTRATOR = Standing(frozenset({Role.ADMINISTRATOR}), leader=True, colleague=True)
# The names that colleagues see for the accounts in the history.
NAMES = {"wang": "王芳", "zhang": "张建国", "li": "李强"}

# The six columns of table three.
COLUMNS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_service_institution",
    "other",
)

# Texts in which no check finds an error.
TEXTS = {
    "overview": "（一）主动公开。2025年，本机关依法公开政府信息。\n"
    "（二）依申请公开。依法办理政府信息公开申请。\n"
    "（三）政府信息管理。规范制作、审核和保存。\n"
    "（四）政府信息公开平台建设。维护门户网站栏目。\n"
    "（五）监督保障。开展工作考核、社会评议，没有责任追究情形。",
    "problems_and_improvements": "存在的问题：公开内容不够全面。改进措施：加强培训，细化目录。",
    "other_matters": "按照《政府信息公开信息处理费管理办法》，2025年收取信息处理费0元。",
}


@dataclass
class Clerk:
    """
    A clerk in a conversation; `shown` holds the effects of the last turn.

    `ever` holds all buttons shown so far by id, `saved` all changes of answers.
    """

    organ: str = TOWN
    year: int = 2025
    form: Form = ANNUAL_REPORT_2021
    answers: Answers = field(default_factory=Answers)
    last_year: Report | None = None
    today: date = TODAY
    kept_wording: Mapping[str, str] = field(default_factory=dict)
    kept_year: int = 0
    place: str = ""
    last_here: datetime | None = None
    standing: Standing = AS_CLERK
    by: str = "terminal"
    shown: tuple[Effect, ...] = ()
    ever: dict[str, Button] = field(default_factory=dict)
    saved: list[Save] = field(default_factory=list)
    versions: list[Answers] = field(default_factory=list)

    def __post_init__(self) -> None:
        """
        Make the session; no message is shown yet.
        """
        self.session = Session(
            self.form,
            self.today,
            "2026-01-12T09:00:00+08:00",
            self.by,
            self.organ,
            self.year,
            self.answers,
            last_year=self.last_year,
            kept_wording=self.kept_wording,
            kept_year=self.kept_year,
            place=Place.loads(self.place, self.form),
            last_here=self.last_here,
            standing=self.standing,
        )

    def becomes(self, standing: Standing, by: str = "terminal") -> "Clerk":
        """
        The same report for another member, who has not opened it yet.
        """
        other = Clerk(self.organ, self.year, self.form, standing=standing, by=by)
        now = self.session
        other.session = replace(
            now, standing=standing, by=by, place=Place(), authors=self.session.authors
        )
        other.versions = self.versions
        return other

    # ---------------------------------------------------------- what the clerk does

    def opens(self) -> Self:
        """
        Open the chat, or come back to it.
        """
        return self.does(Opened())

    def types(self, *texts: str, item: str | None = None, order: int = 0) -> Self:
        """
        Send messages, one after another; `item` is the question that they reply to.
        """
        for text in texts:
            self.does(Typed(text, item, order))
        return self

    def taps(self, *buttons: Trigger | str) -> Self:
        """
        Tap buttons of the last turn one after another; each is named by its verb or its label.
        """
        for button in buttons:
            self.does(Tapped(self.button(button).id))
        return self

    def presses(self, *ids: str) -> Self:
        """
        Tap buttons by id, also old ones.
        """
        for id_ in ids:
            self.does(Tapped(id_))
        return self

    def commands(self, name: str, argument: str = "") -> Self:
        """
        Send a command of the menu.
        """
        return self.does(Commanded(name, argument))

    def sends(self, name: str, text: str) -> Self:
        """
        Send a file.
        """
        return self.does(Uploaded(name, text))

    def does(self, event: Event) -> Self:
        """
        Handle any event, and assert the rules that hold for every turn.
        """
        before = self.session
        try:
            after, effects = step(before, event)
        except NeedsReading as needs:
            held = _held_by(needs.text)
            reading = Reading(needs.text, held.report if isinstance(held, ReportRead) else None)
            after, effects = step(before, event, reading)
        assert isinstance(effects[-1], Say | OpenReport), "the last word is a card"
        if isinstance(effects[-1], Say):
            assert effects[-1].kind is MessageKind.CARD
        stored = dict(before.answers)
        since = dict(before.since_final)
        explanations = list(before.explanations)
        final = before.final
        signed = before.sign_off
        for effect in effects:
            if isinstance(effect, Save):
                assert stored.get(effect.item) == effect.before, "the history would be wrong"
                if final:
                    since.setdefault(effect.item, effect.before)
                if effect.after is None:
                    del stored[effect.item]
                else:
                    again = READERS[NUMBERS[effect.item]](written(effect.item, effect.after))
                    assert repr(again) == repr(effect.after), "it is another after a restart"
                    stored[effect.item] = effect.after
                self.saved.append(effect)
            elif isinstance(effect, Explain):
                said = effect.explanation
                explanations = [other for other in explanations if other.key != said.key]
                explanations += [] if said.withdrawn else [said]
            elif isinstance(effect, Deliver) and effect.final and not effect.form:
                final, since = True, {}
            elif isinstance(effect, Decide):
                taken = transition(before.standing, effect.deed, signed.state)
                assert taken is not None, "a step that nobody may take"
                signed = decided(before, signed, effect, taken)
                if effect.deed is Deed.SUBMIT:
                    self.versions.append(Answers(stored))
            elif isinstance(effect, WriteRemark | DropRemark | SettleRemark):
                signed = remarked(before, signed, effect)
            elif isinstance(effect, Say):
                for row in effect.buttons:
                    for button in row:
                        self.ever[button.id] = button
        assert stored == dict(after.answers), "something is kept in memory only"
        assert tuple(explanations) == after.explanations
        assert signed.state is after.sign_off.state
        assert said_of(signed) == said_of(after.sign_off)
        place = Place.loads(after.place.dumps(), self.form)
        assert place == after.place
        assert place.mark == after.place.mark, "a button on the card would be dead"
        self.session = replace(
            before,
            organ=after.organ,
            year=after.year,
            answers=Answers(stored),
            explanations=tuple(explanations),
            final=final,
            since_final=since,
            place=place,
            sign_off=signed,
            since_hand_in=self._since_hand_in(signed, stored),
        )
        self.shown = effects
        return self

    def _since_hand_in(
        self, signed: SignOff, stored: Mapping[str, Value]
    ) -> dict[str, Value | None]:
        if signed.state is not ReportState.SUBMITTED or len(self.versions) < 2:
            return {}
        then = self.versions[-2]
        return {i: then.get(i) for i in {*then, *stored} if then.get(i) != stored.get(i)}

    # ---------------------------------------------------------- what the clerk sees

    @property
    def card(self) -> Say:
        """
        The card of the last turn.
        """
        last = self.shown[-1]
        assert isinstance(last, Say)
        return last

    @property
    def said(self) -> list[Say]:
        """
        The messages of the last turn.
        """
        return [one for one in self.shown if isinstance(one, Say)]

    @property
    def text(self) -> str:
        """
        The text of all messages of the last turn.
        """
        return "\n".join(one.text for one in self.said)

    @property
    def asks(self) -> tuple[str, ...]:
        """
        The items that the next answer fills.
        """
        return self.card.asks

    @property
    def at(self) -> tuple[State, str]:
        """
        The state and the item at which the clerk is.
        """
        return self.session.place.state, self.session.place.item

    @property
    def refused(self) -> bool:
        """
        Whether the last turn refused something.
        """
        return any(one.kind is MessageKind.REFUSAL for one in self.said)

    @property
    def stored(self) -> dict[str, Value | None]:
        """
        What the last turn stored: values by item, None for a removed answer.
        """
        return {one.item: one.after for one in self.shown if isinstance(one, Save)}

    @property
    def documents(self) -> list[bool]:
        """
        The documents of the last turn; True for a final one.
        """
        return [one.final for one in self.shown if isinstance(one, Deliver)]

    @property
    def labels(self) -> list[str]:
        """
        The labels of the card's buttons.
        """
        return [button.label for row in self.card.buttons for button in row]

    @property
    def verbs(self) -> list[Trigger]:
        """
        What the card's buttons do.
        """
        return [verb_of(button) for row in self.card.buttons for button in row]

    def button(self, wanted: Trigger | str) -> Button:
        """
        The first button of the last turn with this verb or label; the label may be given by its
        beginning.

        Buttons behind 「更多」 are found, too.
        """
        every = card(self.session, every=True)
        buttons = [b for said in (*self.said[::-1], every) for row in said.buttons for b in row]
        if isinstance(wanted, Trigger):
            fitting = [b for b in buttons if verb_of(b) is wanted]
        else:
            fitting = [b for b in buttons if b.label == wanted]
            fitting += [b for b in buttons if b.label.startswith(wanted)]
        assert fitting, f"no button {wanted} among {[b.label for b in buttons]}"
        return fitting[0]

    def figure(self, cell: str) -> Value | None:
        """
        A stored answer.
        """
        return self.session.answers.get(cell)

    def row(self, line: str) -> list[Value | None]:
        """
        The stored figures of a line, without its total.
        """
        return [self.figure(cell.id) for cell in self.form.lines[line].cells]


def decided(session: Session, signed: SignOff, step: Decide, taken: Transition) -> SignOff:
    """
    The sign-off after a step, as the store would give it.
    """
    record = SignOffRecord(
        len(signed.records) + 1,
        step.deed,
        taken.target,
        session.by,
        NAMES.get(session.by, ""),
        session.now,
        "chat",
        0,
        session.fingerprint,
        step.note,
    )
    remarks = signed.remarks
    if step.deed is Deed.RETURN:
        remarks = tuple(remark.went_with(record.id, session.by) for remark in remarks)
    return SignOff((*signed.records, record), remarks)


def remarked(
    session: Session, signed: SignOff, said: WriteRemark | DropRemark | SettleRemark
) -> SignOff:
    """
    The sign-off with a new remark that is not sent yet, without a dropped one, or with one settled.
    """
    if isinstance(said, DropRemark):
        left = tuple(remark for remark in signed.remarks if remark.id != said.remark)
        return replace(signed, remarks=left)
    if isinstance(said, SettleRemark):
        settled = tuple(
            replace(remark, open=False, answer=said.answer) if remark.id == said.remark else remark
            for remark in signed.remarks
        )
        return replace(signed, remarks=settled)
    remark = Remark(
        max((remark.id for remark in signed.remarks), default=0) + 1,
        said.item,
        said.quote,
        said.text,
        session.by,
        NAMES.get(session.by, ""),
        session.now,
        sent=False,
        open=True,
        before=said.before,
    )
    return replace(signed, remarks=(*signed.remarks, remark))


def said_of(signed: SignOff) -> list[tuple[str, str, str, bool, bool, str]]:
    """
    The contents of the remarks, without their ids.
    """
    return [(r.item, r.quote, r.text, r.sent, r.open, r.answer) for r in signed.remarks]


def verb_of(button: Button) -> Trigger:
    """
    What a button does.
    """
    return Trigger(button.id.split(":")[0])


def _held_by(text: str) -> FileRead:
    """
    What the reader finds in a text, read in this process.
    """
    from bot.files.received import held_by

    return held_by(text.encode("utf-8", "replace"), "text.txt")


def id_of(form: Form, verb: str, item: str) -> str:
    """
    The button id of a verb at an item.
    """
    return f"{verb}:{form.number[item]}"


def zeros(form: Form = ANNUAL_REPORT_2021, *, without: Iterable[str] = ()) -> dict[str, Value]:
    """
    Answers with every figure 0 and every text harmless; the named cells, lines or sections stay
    open.
    """
    left_out = set(without)
    answers: dict[str, Value] = {}
    for cell in form.cells.values():
        section = form.section_of[cell.id].id
        if cell.id not in form.sums and not {cell.id, cell.line, section} & left_out:
            answers[cell.id] = 0
    answers.update({item: text for item, text in TEXTS.items() if item not in left_out})
    if "title" not in left_out:
        answers |= {"title": f"{TOWN}\n2025年政府信息公开工作年度报告"}
        answers |= {"introduction": "", "signature": ""}
    return answers


def whole(changes: Mapping[str, Value] | None = None, *, without: Iterable[str] = ()) -> Answers:
    """
    The answers of a finished report, with some changed or left open.
    """
    return Answers({**zeros(without=without), **(changes or {})})
