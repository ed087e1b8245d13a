"""One update in its transaction: who did it, the step of the machine, and the messages it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot import handle
from bot.access import Access
from bot.files import documents
from bot.files.forms import OF_DOCX
from bot.handle import Clock, Handled
from bot.telegram import attachments
from bot.telegram.incoming import Incoming
from bot.telegram.jobs import CardPlace, Job, dumps
from bot.telegram.screen import Call, Decoration, Rendered, keyboard, pieces, prefix_of, render
from conversations.form.numbers import NUMBERS
from conversations.sign_off.rights import Action, Standing
from conversations.talk.buttons import button
from conversations.talk.cards import card as card_of
from conversations.talk.effects import Chart, Effect, MessageKind, Say
from conversations.talk.events import Event, Opened, Reading
from conversations.talk.other_forms import PDF
from conversations.talk.session import Session, State
from conversations.wording import door as words
from conversations.wording import talk as wording
from storage import templates
from storage.members import MemberReader
from storage.messages import PRINT, Message, Messages
from storage.people import Focus, People
from storage.sign_off import version_of
from storage.tasks import Tasks
from storage.unit import Unit

REFUSAL = MessageKind.REFUSAL
ABOVE = 6  # messages that a phone shows at once
JUST_NOW = timedelta(seconds=10)  # within which two taps are one
TOLD_EVERY = timedelta(hours=24)  # between two messages to a stranger or a group
CONFIRMS = ("n", "carry")  # the verbs of buttons that confirm a table
BUTTONS = 40  # organs and years offered to choose from
GUESSES = 5  # answers to wrong invitations, per person and hour
SEEN_EVERY = timedelta(hours=1)  # the time of a person's last action is stored no more often
REMEMBERED = 10_000  # people and chats remembered

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DoorSettings:
    """
    The settings that the door needs.

    `username` is the bot's, for links; `data` the folder with the office's template; `admins` look
    after all organs; `keep_days` is how long handled updates, sent messages and strangers are kept.
    """

    username: str
    data: Path
    zone: ZoneInfo
    admins: frozenset[int] = frozenset()
    keep_days: int = 14


class Lately:
    """
    Small recent facts, which a restart may forget.

    A fact goes into the job, and holds when the transaction is committed.
    """

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self._guesses: dict[int, tuple[datetime, int]] = {}
        self._albums: dict[int, str] = {}
        self._taps: dict[int, tuple[datetime, int, str]] = {}

    def is_second_tap(self, tap: Incoming, now: datetime, job: Job) -> bool:
        """Whether the same button was tapped by the same person a moment ago."""
        before = self._taps.get(tap.person)
        this = (now, tap.message, tap.data)
        job.facts.append(lambda: _remember(self._taps, tap.person, this))
        return before is not None and before[1:] == this[1:] and now - before[0] < JUST_NOW

    def may_be_told(self, person: int, now: datetime, job: Job) -> bool:
        """Whether a wrong invitation is answered once more in this hour."""
        since, count = self._guesses.get(person, (now, 0))
        if now - since > timedelta(hours=1):
            since, count = now, 0
        job.facts.append(lambda: _remember(self._guesses, person, (since, count + 1)))
        return count < GUESSES

    def is_new_album(self, chat: int, album: str, job: Job) -> bool:
        """Whether a message begins an album; its other pictures need no answer."""
        if not album:
            return True
        if self._albums.get(chat) == album:
            return False
        job.facts.append(lambda: _remember(self._albums, chat, album))
        return True


def _remember(facts: dict[int, T], whose: int, fact: T) -> None:
    if len(facts) > REMEMBERED:
        facts.clear()
    facts[whose] = fact


class Talk:
    """One update in its transaction."""

    def __init__(
        self,
        door: DoorSettings,
        lately: Lately,
        unit: Unit,
        messages: Messages,
        clock: Clock,
        job: Job,
        reading: Reading | None = None,
    ) -> None:
        """Work for after the commit is added to `job`; `reading` as for `handle`."""
        self.door = door
        self.lately = lately
        self.unit = unit
        self.messages = messages
        self.people = People(unit)
        self.clock = clock
        self.job = job
        self.reading = reading
        self.switched = False

    # ---------------------------------------------------------- who may what

    def identify(self, update: Incoming) -> Focus | None:
        """The person's screen; a stranger gets one neutral sentence, rarely, and None."""
        person = update.person
        screen = self.people.focus(person)
        if screen is None:
            screen = self.people.begin(person, self.clock.now, update.name)
        elif update.name and update.name != screen.name:
            self.people.called(person, update.name)
        if not screen.member and person not in self.door.admins:
            if not self.told_lately(screen):
                self.people.told(person, self.clock.now)
                self.send(person, Call("sendMessage", {"text": words.STRANGER, "low": True}))
            return None
        if not screen.reachable:
            self.people.reachable(person, True)
        if screen.seen_at is None or self.clock.now - screen.seen_at >= SEEN_EVERY:
            self.people.seen(person, self.clock.now)
        for organ in (screen.report_organ, screen.organ_id):
            if organ is not None and not self.is_of(screen, organ):
                return self.focus_on(screen, None)
        return screen

    def told_lately(self, screen: Focus) -> bool:
        """Whether a stranger or a group got a message in the last day."""
        return screen.told_at is not None and self.clock.now - screen.told_at < TOLD_EVERY

    def access(self, screen: Focus) -> Access:
        """The person's rights in organs."""
        return Access(self.unit, screen.person, screen.member, self.door.admins)

    def is_administrator(self, screen: Focus) -> bool:
        """Whether the person is an administrator of any organ."""
        return self.access(screen).somewhere

    def is_of(self, screen: Focus, organ_id: int) -> bool:
        """Whether a person may look at an organ's reports."""
        return self.access(screen).may(Action.LOOK, organ_id)

    def may_open(self, screen: Focus, organ_id: int) -> bool:
        """The same for an organ that a button names; any number may be sent."""
        return MemberReader(self.unit).organ(organ_id) is not None and self.is_of(screen, organ_id)

    def standing(self, screen: Focus, organ: int | None = None) -> Standing:
        """The person's roles in an organ; by default that of their screen."""
        return self.access(screen).standing(_organ_of(screen) if organ is None else organ)

    def allowed(self, report_id: int, screen: Focus) -> bool:
        """Whether a person may look at a report."""
        if report_id == screen.report_id:
            return True
        report = self.people.known_report(report_id)
        return report is not None and self.is_of(screen, report[0])

    def focus_on(self, screen: Focus, report_id: int | None, organ: int | None = None) -> Focus:
        """Put another report on the screen, or an organ whose year is still open."""
        if report_id is not None and report_id == screen.report_id:
            return screen
        self.switched = True
        self.people.focus_on(screen.person, report_id, organ)
        after = self.people.focus(screen.person)
        assert after is not None
        # The cards on the screen are about something else.
        return replace(after, card=None, card_at=None)

    # --------------------------------------------------------- conversation

    def step(
        self,
        screen: Focus,
        event: Event,
        *,
        query: Incoming | None = None,
        said: int = 0,
        target: CardPlace | None = None,
        unseen: bool = False,
        home: int | None = None,
    ) -> None:
        """
        Take one event through the machine; its messages become rows.

        `query` is the tap it came from, `said` the message; `target` is the card that becomes the
        result. `unseen` says that the answer came before its question was shown. `home` is another
        report, to which the person returns if no question about this one is left.
        """
        person = screen.person
        blank = None
        if screen.report_id is None:
            if screen.organ_id is None:
                if len(screen.member) != 1:
                    if query:
                        self.answer(query)
                    self.choose_organ(screen)
                    return
                screen = self.focus_on(screen, None, screen.member[0].organ_id)
                event = Opened()
            blank = handle.new_session(self.clock, screen.key, screen.organ)
            if not isinstance(event, Opened):
                # Organ known, year asked: the only question without a report.
                blank = replace(blank, place=replace(blank.place, state=State.YEAR))
        handled = handle.handle(
            self.unit,
            screen.key,
            screen.report_id,
            event,
            self.clock,
            "telegram",
            blank,
            standing=self.standing(screen),
            reading=self.reading,
        )
        self.job.sends += handled.told
        report_id = handled.report_id
        if report_id is not None and report_id != screen.report_id:
            self.people.focus_on(person, report_id, None)
            if any(membership.organ_id == _organ_of(screen) for membership in screen.member):
                # From now on it has a task, and its clerks may be reminded.
                session = handled.session
                if not session.imported:
                    Tasks(self.unit).opened(
                        report_id, session.year, session.level, person, self.clock.today
                    )
        effects: Sequence[Effect] = handled.effects
        if handled.replaced and report_id is not None and screen.card_at is not None:
            effects = self._with_surprises(handled, screen.key, screen.card_at)
        returns = home not in (None, report_id) and _is_settled(handled)
        if returns:
            effects = effects[:-1]  # the card of this report
        out = render(
            effects,
            prefix=f"g{screen.organ_id:x}/" if report_id is None else prefix_of(report_id),
            report_id=report_id,
            head=self._head(handled, screen),
            foot=[[["w:", words.SWITCH, ""]]] if self._may_switch(screen) else [],
            form=handled.session.form,
            moved=handled.moved,
            tapped=query is not None,
            shown=self._shows(screen, query, handled),
            unseen=unseen,
        )
        if query is not None:
            self.answer(query, out.toast)
        self._put(screen, handled, out, target)
        if query is not None and target is not None and out.decoration is None and handled.moved:
            self._confirmed(query, target)
        remarked = said in dict(handled.session.place.remarked)
        if said and report_id is not None and (handled.answered or remarked):
            self.messages.shown(person, said, report_id, NUMBERS.get(handled.answered, 0))
            if out.decoration is not None or handled.stored:
                self.job.reactions.append((person, said))
        if returns:
            self._show(self.focus_on(screen, home))

    def _may_switch(self, screen: Focus) -> bool:
        """Whether the person has another organ than the one on the screen."""
        return bool({membership.organ_id for membership in screen.member} - {_organ_of(screen)})

    def _shows(self, screen: Focus, tap: Incoming | None, handled: Handled) -> bool:
        """Whether the open question is on the screen: just sent, tapped, or right above."""
        if tap is None:
            if not any(isinstance(e, Say) and e.kind is REFUSAL for e in handled.effects):
                return False
            card, newest = screen.card_id, self.messages.newest(screen.person)
            return screen.card is not None and (card is None or newest - card <= ABOVE)
        if screen.card_at is not None and self.clock.now - screen.card_at < JUST_NOW:
            return True
        text = card_of(handled.session).text
        return tap.message == screen.card_id and (tap.text or "").endswith(text)

    def _with_surprises(self, handled: Handled, key: str, since: datetime) -> list[Effect]:
        """Tell the person of a colleague's answers that this answer has replaced."""
        assert handled.report_id is not None
        lost = self.people.overwritten(handled.report_id, handled.history, key, since)
        effects = list(handled.effects)
        form = handled.session.form
        for change in lost[:5]:
            item = change.item
            name = words.item_name(form, item)
            text = words.surprise(
                change.name or words.COLLEAGUE,
                change.at.astimezone(self.clock.now.tzinfo),
                name,
                words.value(form, item, change.value),
                words.value(form, item, handled.session.answers.get(item)),
            )
            rows = ((button(wording.change(name), "o", form.number[item]),),)
            # Before the card, which is last.
            effects.insert(len(effects) - 1, Say(MessageKind.NOTE, text, rows, item=item))
        return effects

    def _put(
        self, screen: Focus, handled: Handled, out: Rendered, target: CardPlace | None = None
    ) -> None:
        """Write the rendered messages as rows, and note the decorations."""
        person = screen.person
        session = handled.session
        if target is not None and target.row is not None and target.row == screen.contents:
            target = None
        if target is not None and (target.row or target.message):
            if out.decoration is not None:
                self.job.decorations.append((target, out.decoration))
            elif handled.stored and session.place.state is State.NARRATIVE and session.place.parts:
                heading = session.form.section[session.place.item].heading
                text = words.PART_KEPT.format(heading=heading, count=len(session.place.parts))
                self.job.decorations.append((target, Decoration(text)))
        is_contents = session.place.state is State.CONTENTS
        for decided in out.calls:
            call = decided
            if call.method == "sendDocument":
                method = PRINT if call.form == PDF else call.method
                payload = self.document(session, handled.report_id, call)
                call = replace(call, method=method, payload=payload)
            elif call.method == "sendPhoto" and "chart" in call.payload:
                chart = Chart(call.payload["chart"])
                call = replace(call, payload=attachments.chart_payload(session, chart))
            # Dropped unsent when the person leaves the organ, whatever it says.
            call = replace(call, payload=call.payload | {"report": handled.report_id})
            row = self.send(person, call)
            if call.card and is_contents:
                if session.year:
                    self.people.contents(person, row.id)
                if screen.contents is not None:
                    moved = Decoration(
                        words.CONTENTS_MOVED,
                        keyboard(((button(wording.MENU, "menu"),),), prefix_of(handled.report_id)),
                    )
                    old = CardPlace(person, row=screen.contents)
                    self.job.contents.append((old, lambda moved=moved: moved))  # type: ignore[misc]
        if handled.stored and screen.contents is not None and not is_contents:
            prefix = prefix_of(handled.report_id)
            self.job.contents.append(
                (CardPlace(person, row=screen.contents), lambda: _contents(session, prefix))
            )

    def document(self, session: Session, report_id: int | None, call: Call) -> dict[str, Any]:
        """The input of a document; a kept version is not made anew."""
        used = None if report_id is None else templates.for_report(self.unit, report_id)
        template = used.id if used else 0
        final, form = call.final, call.form
        payload = attachments.document_payload(
            session, final=final, table=call.table, form=form, template=template
        )
        if form not in OF_DOCX:
            return payload
        if call.version:
            payload |= attachments.of_version(session, call.version, final=final, form=form)
        is_made = call.version and version_of(self.unit, call.version) is not None
        if (final or call.version) and not is_made:
            own = documents.numbered(self.unit, self.door.data, template)
            documents.check_at_once(own, session.form.edition)
        return payload

    def _confirmed(self, update: Incoming, target: CardPlace) -> None:
        """A confirmed table stays in the chat as a record, not as a question."""
        prefix, _, data = update.data.rpartition("/")
        verb, _, rest = data.partition(":")
        shown = (update.text or "").rpartition("\n\n")[2].splitlines()
        lines = [line for line in shown if line != wording.RIGHT and not line.startswith("〔")]
        if verb in CONFIRMS and lines:
            back = f"{prefix}/s:{rest.partition(':')[0]}" if prefix else ""
            buttons = [[[back, wording.MODIFY, ""]]] if back else []
            self.job.decorations.append((target, Decoration("✓ " + "\n".join(lines), buttons)))

    def _head(self, handled: Handled, screen: Focus) -> str:
        """
        Organ and year, for a person who has several.

        A year other than the usual one (the last) is always named.
        """
        session = handled.session
        unheaded = session.place.state in (State.CONTENTS, State.REVIEW, State.SIGN_OFF)
        if unheaded or not session.organ or not session.year:
            return ""
        several = self._may_switch(screen) or screen.person in self.door.admins
        if several or self.switched or session.year != self.clock.today.year - 1:
            return f"〔{wording.head(session.organ, session.year)}〕\n"
        return ""

    def note(self, screen: Focus, text: str, *, apart: bool = False) -> None:
        """
        A note, and the open question again under it.

        `apart`: the note is a message of its own, as a result may still be edited into the
        question.
        """
        if apart or screen.report_id is None:
            self.say(screen.person, text)
        if screen.report_id is None:
            return
        self._show(screen, () if apart else (Say(MessageKind.NOTE, text),))

    def _show(self, screen: Focus, before: tuple[Say, ...] = ()) -> None:
        """The open question, perhaps under a note."""
        assert screen.report_id is not None
        stored = self.unit.load(screen.report_id, screen.key)
        session = handle.session_of(
            self.unit, stored, screen.key, self.clock, standing=self.standing(screen)
        )
        effects = (*before, card_of(session))
        handled = Handled(session, screen.report_id, effects, stored.history)
        out = render(
            effects,
            prefix=prefix_of(screen.report_id),
            report_id=screen.report_id,
            head=self._head(handled, screen),
            foot=[],
            form=session.form,
            moved=True,
            tapped=False,
        )
        self._put(screen, handled, out)

    def choose_organ(self, screen: Focus) -> None:
        """Ask which of several organs."""
        rows = [
            [[f"g:{membership.organ_id}", membership.organ[:60], ""]]
            for membership in screen.member[:BUTTONS]
        ]
        text = words.CHOOSE_ORGAN if rows else words.ADMIN_HELP
        self.send(screen.person, Call("sendMessage", {"text": text, "buttons": rows}))

    # --------------------------------------------------------------- sending

    def say(self, chat: int, text: str) -> None:
        """A plain message."""
        self.send(chat, Call("sendMessage", {"text": text}))

    def answer(self, update: Incoming, toast: str = "", *, known: bool = True) -> None:
        """End the button's waiting, perhaps with a word; typed messages have none."""
        if update.query:
            self.job.answers.append((update.query, toast[:190], known))

    def put(self, person: int, said: Say) -> Message:
        """A screen beside the conversation, in as many messages as it needs; returns the last."""
        *first, last = pieces(said.text)
        for piece in first:
            self.say(person, piece)
        payload = {"text": last, "buttons": keyboard(said.buttons, "")}
        return self.send(person, Call("sendMessage", payload))

    def put_instead(self, person: int, message: int, said: Say) -> None:
        """The same in place of a message of ours, by Telegram's id."""
        place = CardPlace(person, message=message)
        self.job.decorations.append((place, Decoration(said.text, keyboard(said.buttons, ""))))

    def send_file(self, person: int, name: str, content: bytes, caption: str) -> None:
        """A file that is made already."""
        payload = dumps({"name": name, "caption": caption})
        row = self.messages.say(person, "sendDocument", payload, content, self.clock.now)
        self.job.sends.append(row)

    def send(self, chat: int, call: Call) -> Message:
        """Decide a call: a row of this transaction."""
        payload = call.payload
        row = self.messages.say(
            chat, call.method, dumps(payload), None, self.clock.now, payload, call.about
        )
        self.job.sends.append(row)
        return row


def _organ_of(screen: Focus) -> int | None:
    """The organ on a screen."""
    return screen.organ_id if screen.report_id is None else screen.report_organ


def _is_settled(handled: Handled) -> bool:
    """Whether an answer was taken, and no question about it is left."""
    refused = any(isinstance(e, Say) and e.kind is REFUSAL for e in handled.effects)
    asked = handled.session.place.state in (State.CONFIRM, State.FINDING, State.TOTAL)
    return handled.stored and not refused and not asked


def _contents(session: Session, prefix: str) -> Decoration:
    """The present list of sections."""
    place = replace(session.place, state=State.CONTENTS, item="")
    said = card_of(replace(session, place=place))
    return Decoration(said.text, keyboard(said.buttons, prefix))
