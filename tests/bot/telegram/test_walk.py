"""
A person with only a phone never meets a dead end: a random walk over all buttons shown.

Everything the bot does but the network: updates go into the intake, what it decides to send
stands on the phone, edits included. From wherever the walk has led, what a person does who
wants to be done reaches the final document.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import handle
from bot.handle import Clock
from bot.telegram.intake import Intake
from bot.telegram.jobs import CardPlace, Job
from bot.telegram.screen import prefix_of
from bot.telegram.talk import DoorSettings
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.talk.cards import card as card_of
from conversations.talk.effects import Save, Say
from conversations.talk.session import Session
from conversations.talk.triggers import Trigger
from storage import Store
from storage.messages import SENT
from storage.people import People
from tests.conversations.test_machine_anything import answer_to
from tests.dialogue import TEXTS, zeros
from tests.named_buttons import missing_buttons

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 1, 12, 9, 0, tzinfo=ZONE)
YEAR = 2025
STEPS = 250  # in which whoever wants to be done is
TYPED = (
    *("0", "3", "3 1 0 0 0 0", "12.5", "3500元", "无", "对", "不对", "取消", "2025", "今天"),
    *("自然人3 其余0", "3\t1\t\t\t\t", "雷鸣镇人民政府", "行政许可", *TEXTS.values()),
    *("待补充", "谢谢", "改一段", "删掉", "/year 2035", "/x"),
)
COMMANDS = ("/menu", "/status", "/preview", "/help", "/cancel", "/restart", "/lastyear", "/start")
# What an administrator's own buttons begin with.
OFFICE = ("/people", "/task", "/remind", "/calendar", "/switch")

Rows = list[list[list[str]]]


@dataclass
class Shown:
    """
    A message of the bot's on the phone: its text and buttons, as sent or edited.
    """

    id: int
    row: int
    text: str
    rows: Rows
    edited: bool = False

    @property
    def buttons(self) -> list[str]:
        return [data for row in self.rows for data, _, style in row if style != "url"]


@dataclass
class Phone:
    """
    One person's phone over a store.
    """

    intake: Intake
    person: int
    shown: list[Shown] = field(default_factory=list)
    own: list[int] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)
    finals: int = 0
    message: int = 0
    update: int = 0

    def says(self, text: str, to: int = 0) -> None:
        """
        Send a message, perhaps in reply `to` another.
        """
        self.message += 1
        self.own.append(self.message)
        message = self._message(self.message) | {"text": text, "from": {"id": self.person}}
        if to:
            message["reply_to_message"] = self._message(to)
        self._does(f"says {text[:30]!r} to {to}", {"message": message})

    def edits(self, number: int, text: str) -> None:
        """
        Change a message of their own.
        """
        message = self._message(number) | {"text": text, "from": {"id": self.person}}
        self._does(f"edits {number}: {text[:30]!r}", {"edited_message": message})

    def taps(self, data: str, on: Shown) -> None:
        query = {"id": "1", "from": {"id": self.person}, "data": data}
        message = self._message(on.id) | {"text": on.text}
        self._does(f"taps {data}", {"callback_query": query | {"message": message}})

    def _message(self, number: int) -> dict[str, Any]:
        return {"message_id": number, "date": 1, "chat": {"id": self.person, "type": "private"}}

    def _does(self, what: str, update: dict[str, Any]) -> None:
        self.trail.append(what)
        self.update += 1
        job = self.intake.take([{"update_id": self.person * 1_000_000 + self.update, **update}])
        if "callback_query" in update:
            assert job.answers, "the button would go on turning"
        self._shows(job)

    def _shows(self, job: Job) -> None:
        before = len(self.shown)
        for sent in job.sends:
            if sent.chat != self.person:
                continue
            self.message += 1
            self.intake.mark(sent, SENT, self.message)
            payload = sent.data or {}
            self.finals += sent.method == "sendDocument" and payload.get("draft") is False
            rows = payload.get("buttons") or []
            self.shown.append(Shown(self.message, sent.id, payload.get("text", ""), rows))
        for place, decoration in job.decorations:
            self._edits(place, decoration.text, decoration.buttons)
        for place, made in job.contents:
            decoration = made()
            self._edits(place, decoration.text, decoration.buttons)

        self._keeps_its_word(self.shown[before:])

    def _keeps_its_word(self, new: list[Shown]) -> None:
        """
        What is to be tapped is there: with what was just sent, or on the card above a refusal.
        """
        above = [one for one in self.shown if one not in new and one.rows][-1:]
        rows = [row for one in (*new, *above) for row in one.rows]
        labels = [label for row in rows for _, label, _ in row]
        for one in new:
            if "?start=" not in one.text:  # an invitation is for somebody else
                assert [] == list(missing_buttons(one.text, labels)), self.said(one.text)

    def _edits(self, place: CardPlace, text: str, rows: Rows) -> None:
        for one in self.shown:
            if (place.chat == self.person and one.id == place.message) or one.row == place.row:
                one.text, one.rows, one.edited = text, rows, True

    # ---------------------------------------------------------------- what the bot thinks

    def session(self) -> Session | None:
        """
        The report on the screen, None where none is.
        """
        store = self.intake.store
        with store.begin() as unit:
            screen = People(unit).focus(self.person)
            assert screen is not None
            if screen.report_id is None:
                return None
            stored = unit.load(screen.report_id, screen.key)
            return handle.session_of(unit, stored, screen.key, Clock.read(ZONE))

    def card(self) -> tuple[Session, Say] | None:
        session = self.session()
        return None if session is None else (session, card_of(session))

    # ---------------------------------------------------------------- what must hold

    def looks(self) -> None:
        """
        What is open is on the screen, so that there is always something to tap.
        """
        found = self.card()
        if found is None:
            assert any(one.rows for one in self.shown[-3:]), self.said("nothing to tap")
            return
        session, card = found
        ids = {button.id for row in card.buttons for button in row} - {Trigger.MORE.value}
        wanted = {f"{self.prefix()}{id_}" for id_ in ids}
        # The screens of tasks and members have their own buttons.
        ours = [one for one in self.shown if not one.rows or any("/" in d for d in one.buttons)]
        near = [set(one.buttons) for one in ours[-8:]]
        assert any(wanted <= there for there in near), self.said(
            f"{session.place.state} {session.place.item} is not on the screen: {card.text[:60]}"
        )

    def prefix(self) -> str:
        with self.intake.store.begin() as unit:
            screen = People(unit).focus(self.person)
            assert screen is not None
            return prefix_of(screen.report_id)

    def finishes(self) -> None:
        """
        Answer what is asked, else tap the first button of the card, to the final document.
        """
        before = self.finals
        for _ in range(STEPS):
            found = self.card()
            if found is None:
                self.says(str(YEAR))
                continue
            session, card = found
            done = session.final and not session.changed
            if self.finals > before or done:
                return
            if card.asks:
                self.says(answer_to(card.asks, session))
            else:
                self.taps(f"{self.prefix()}{card.buttons[0][0].id}", self.shown[-1])
        raise AssertionError(self.said("no way to the final document"))

    def said(self, why: str) -> str:
        return "\n".join([why, *self.trail[-30:]])


def walks(phone: Phone, chance: random.Random, steps: int, moment: list[datetime]) -> None:
    """
    Taps, mostly on the newest message; now and then an old button, a command, an answer,
    a reply, a message edited.
    """
    ever: list[tuple[str, Shown]] = []
    for _ in range(steps):
        moment[0] += timedelta(seconds=chance.choice((0, 1, 30, 4000)))
        ever += [(data, one) for one in phone.shown[-2:] for data in one.buttons]
        way = chance.random()
        if way < 0.04 or not ever:
            phone.says(chance.choice((*COMMANDS, *OFFICE)))
        elif way < 0.16:
            phone.says(chance.choice(TYPED), chance.choice((0, 0, chance.choice(phone.shown).id)))
        elif way < 0.18:
            phone.edits(chance.choice(phone.own), chance.choice(TYPED))
        elif way < 0.3:
            phone.taps(*chance.choice(ever))
        else:
            newest = next(one for one in reversed(phone.shown) if one.buttons)
            phone.taps(chance.choice(newest.buttons), newest)
        phone.looks()


def begins(store: Store, intake: Intake, person: int, chance: random.Random) -> Phone:
    """
    A new member of a new organ, whose report is empty, or filled in more or less.
    """
    organ = f"第{person}镇人民政府"
    role = chance.choice(("clerk", "clerk", "administrator"))
    with store.begin() as unit:
        people = People(unit)
        people.begin(person, NOW, "王芳")
        people.join(person, unit.organ(organ, NOW), role, NOW)
        report = unit.open_report(organ, YEAR, now=NOW, edition="2021")
        people.focus_on(person, report, None)
        filled = zeros(without=chance.choice(((), ("title",), tuple(TEXTS), ("requests",))))
        for item in chance.sample(sorted(FORM.asked), 5):
            filled[item] = chance.choice((1, 7, 120))
        values = chance.choice(({}, filled))
        saves = [Save(item, None, value) for item, value in values.items()]
        unit.save(report, saves, by="test", at=NOW, door="test")
    return Phone(intake, person)


@contextmanager
def moving(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[datetime]]:
    """
    The time, which only the walk moves.
    """
    moment = [NOW]
    with monkeypatch.context() as patch:
        patch.setattr(Clock, "read", classmethod(lambda cls, _: cls(moment[0])))
        yield moment


def walk(seeds: range, taps: int, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with moving(monkeypatch) as moment, Store.open(":memory:") as store:
        intake = Intake(store, DoorSettings("bot", data, ZONE))
        for seed in seeds:
            print(f"seed {seed}")
            chance = random.Random(seed)
            phone = begins(store, intake, seed, chance)
            phone.says("/menu")
            walks(phone, chance, taps, moment)
            phone.finishes()


def test_from_anywhere_a_phone_leads_to_the_final_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    A few walks, always the same.
    """
    walk(range(1, 4), 40, tmp_path, monkeypatch)


@pytest.mark.soak
def test_ten_thousand_taps_meet_no_dead_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """
    Others each time; the seed that is printed last is the one that fails.
    """
    first = random.randrange(1000, 1_000_000)
    walk(range(first, first + 200), 50, tmp_path, monkeypatch)
