"""
Updates in, messages out, in transactions.

An update is kept and handled in the transaction that stores its answer and decides its
messages; only after the commit is it confirmed to Telegram. A delivery of many updates
is handled in slices, one update of a chat at a time, so that no chat starves another.
Everything here is synchronous and short; what takes long happens in `sender.py`.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Bot, CallbackQuery, Chat, Message, Update

from bot import desk, documents
from bot.chat import typed
from bot.desk import Clock, Handled
from bot.received import is_link
from bot.telegram.logs import outline
from bot.telegram.screen import Call, Decoration, Shown, keyboard, prefix_of, shown
from conversations import door_wording as words
from conversations import wording
from conversations.cards import card as card_of
from conversations.effects import Kind, Say, Tone
from conversations.events import Commanded, Event, Opened, ReportRead, Tapped, Typed, Uploaded
from conversations.machine import knows_button
from conversations.session import Session, State
from storage.messages import FAILED, HANDLED, WAITING, Messages
from storage.messages import Message as OutMessage
from storage.messages import Update as InUpdate
from storage.people import Membership, People, Screen
from storage.reports import Unit
from storage.store import Store

log = logging.getLogger("nianbao.telegram")

SLICE = 32  # updates handled in one transaction, each of another chat
STRANGER_EVERY = timedelta(hours=24)
INVITATION_DAYS = 7
FETCH = "fetchFile"  # not a call of Telegram's: fetch a file and read it
UPLOAD_LIMIT = 20 * 1024 * 1024
GROUP_START = "go"  # what the link in a group carries
GUESSES = 5  # unknown invitation tokens per person and hour


@dataclass(slots=True)
class Job:
    """
    What is left to do after a commit.

    `answers` are callback ids with the word to show; `reactions` messages to be nodded
    at; `decorations` cards (outgoing rows) that become their short result; `contents`
    the list of sections of a chat as it is now.
    """

    sends: list[OutMessage] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)
    reactions: list[tuple[int, int]] = field(default_factory=list)
    decorations: list[tuple[int, int, Decoration]] = field(default_factory=list)
    contents: dict[int, tuple[int, Decoration]] = field(default_factory=dict)


class Intake:
    """The door's own logic, over one store."""

    def __init__(
        self,
        store: Store,
        bot: Bot,
        data: Path,
        zone: ZoneInfo,
        admins: frozenset[int] = frozenset(),
    ) -> None:
        """Wait for updates; what was kept and not handled before comes first."""
        self.store = store
        self.bot = bot
        self.data = data
        self.zone = zone
        self.admins = admins
        self.waiting: dict[int, deque[InUpdate]] = {}
        self._guesses: dict[int, tuple[datetime, int]] = {}
        with store.begin() as unit:
            for one in Messages(unit).waiting():
                self.waiting.setdefault(one.chat, deque()).append(one)

    # ------------------------------------------------------------- taking in

    def take(self, updates: Sequence[dict[str, Any]] = ()) -> Job:
        """
        Keep the updates and handle one slice of what waits.

        When this returns, everything given is safe and may be confirmed. `pending` says
        whether more waits.
        """
        job = Job()
        clock = Clock.read(self.zone)
        fresh = [one for raw in updates if (one := _incoming(raw)) is not None]
        queued: dict[int, deque[InUpdate]] = {}
        known: set[int] = set()
        with self.store.begin() as unit:
            messages = Messages(unit)
            for one in fresh:
                if one.update_id not in known and messages.take_in(one, clock.now, WAITING):
                    known.add(one.update_id)
                    queued.setdefault(one.chat, deque()).append(one)
            batch = self._slice(queued)
            for one in batch:
                self._one(unit, messages, one, clock, job)
        # Only now is it true.
        for chat, ones in queued.items():
            self.waiting.setdefault(chat, deque()).extend(ones)
        for one in batch:
            queue = self.waiting[one.chat]
            queue.popleft()
            del self.waiting[one.chat]
            if queue:
                # To the end of the row: the next slice begins with the others.
                self.waiting[one.chat] = queue
        return job

    def _slice(self, queued: dict[int, deque[InUpdate]]) -> list[InUpdate]:
        batch = [queue[0] for queue in list(self.waiting.values())[:SLICE]]
        for chat, ones in queued.items():
            if len(batch) >= SLICE:
                break
            if chat not in self.waiting:
                batch.append(ones[0])
        return batch

    @property
    def pending(self) -> bool:
        """Whether updates wait to be handled."""
        return bool(self.waiting)

    def _one(self, unit: Unit, messages: Messages, one: InUpdate, clock: Clock, job: Job) -> None:
        """One update: all of it, or an apology with a number."""
        mine = Job()
        try:
            with unit.savepoint():
                update = Update.de_json(json.loads(one.body), self.bot)
                if update is not None:
                    _Turn(self, unit, messages, clock, mine).update(update)
                messages.settle(one.update_id, HANDLED)
        except self.store.database.error:
            raise
        except Exception as error:  # noqa: BLE001 - one update must not stop the others
            number = secrets.token_hex(3)
            log.error(
                "update %s failed, error %s: %s",
                one.update_id,
                number,
                outline(error),
            )
            messages.settle(one.update_id, FAILED)
            if one.chat > 0:
                text = words.ERROR.format(number=number)
                row = messages.say(one.chat, "sendMessage", _json({"text": text}), None, clock.now)
                job.sends.append(row)
            return
        job.sends += mine.sends
        job.answers += mine.answers
        job.reactions += mine.reactions
        job.decorations += mine.decorations
        job.contents.update(mine.contents)

    def uploaded(self, person: int, message_id: int, event: Uploaded | ReportRead | str) -> Job:
        """What a file or link held that was fetched meanwhile, or why there is nothing."""
        job = Job()
        clock = Clock.read(self.zone)
        with self.store.begin() as unit:
            turn = _Turn(self, unit, Messages(unit), clock, job)
            turn.file(person, message_id, event)
        return job

    def may_guess(self, person: int, now: datetime) -> bool:
        """Whether somebody may try another invitation token in this hour."""
        since, count = self._guesses.get(person, (now, 0))
        if now - since > timedelta(hours=1):
            since, count = now, 0
        if len(self._guesses) > 10_000:
            self._guesses.clear()
        self._guesses[person] = (since, count + 1)
        return count < GUESSES


class _Turn:
    """One update in its transaction."""

    def __init__(
        self, intake: Intake, unit: Unit, messages: Messages, clock: Clock, job: Job
    ) -> None:
        self.intake = intake
        self.unit = unit
        self.messages = messages
        self.people = People(unit)
        self.clock = clock
        self.job = job

    # ------------------------------------------------------------- kinds

    def update(self, update: Update) -> None:
        """Find out what came, from whom, and do it."""
        if update.my_chat_member is not None:
            self.member_changed(update)
        elif update.callback_query is not None:
            self.tapped(update.callback_query)
        elif update.edited_message is not None:
            if update.edited_message.chat.type == Chat.PRIVATE:
                self.edited(update.edited_message)
        elif update.message is not None:
            if update.message.chat.type == Chat.PRIVATE:
                self.message(update.message)
            else:
                self.group(update.message)

    def member_changed(self, update: Update) -> None:
        """Somebody blocked the bot, or came back."""
        change = update.my_chat_member
        assert change is not None
        if change.chat.type == Chat.PRIVATE:
            self.people.begin(change.chat.id, self.clock.now)
            status = change.new_chat_member.status
            self.people.reachable(change.chat.id, status not in ("kicked", "left"))

    def group(self, message: Message) -> None:
        """In a group nothing is said but where to go, once a day."""
        me = self.intake.bot
        text = message.text or ""
        called = text.startswith("/") or (me.username and f"@{me.username}" in text)
        if not called:
            return
        screen = self.people.begin(message.chat.id, self.clock.now)
        if screen.told_at is not None and self.clock.now - screen.told_at < STRANGER_EVERY:
            return
        self.people.told(message.chat.id, self.clock.now)
        link = f"https://t.me/{me.username}?start={GROUP_START}"
        payload = {"text": words.GROUP, "buttons": [[[link, words.GROUP_BUTTON, "url"]]]}
        self.send(message.chat.id, Call("sendMessage", payload))

    def message(self, message: Message) -> None:
        """A private message."""
        person = message.from_user.id if message.from_user else message.chat.id
        text = message.text
        if text is not None and text.startswith("/start "):
            invitation = text.partition(" ")[2].strip()
            if invitation not in ("", GROUP_START):
                self.invited(person, invitation)
                return
        who = self.who(person)
        if who is None:
            return
        screen, member = who
        if text is None:
            self.not_text(message, screen, member)
            return
        if is_link(text):
            wanted = {"link": text.strip(), "message": message.message_id}
            self.send(person, Call(FETCH, wanted))
            return
        event: Event = typed(text)
        if isinstance(event, Commanded) and self.door_command(person, event, screen, member):
            return
        if isinstance(event, Typed):
            report, item = screen.report_id, None
            if message.reply_to_message is not None:
                about = self.messages.about(message.chat.id, message.reply_to_message.message_id)
                if about is not None and self.allowed(about[0], member, person):
                    report, item = about[0], self.item(about[1])
            event = Typed(text, item, message.message_id)
            if report != screen.report_id:
                screen = self.look_at(person, report)
        self.machine(screen, member, event, said=message.message_id)

    def not_text(self, message: Message, screen: Screen, member: tuple[Membership, ...]) -> None:
        """Anything that is no text: a file may hold one, the rest is told kindly."""
        if message.document is not None:
            if (message.document.file_size or 0) > UPLOAD_LIMIT:
                self.note(screen, member, words.FILE_TOO_LARGE)
                return
            # Fetched by the sender, in the chat's order, from a row that a crash leaves.
            wanted = {
                "file_id": message.document.file_id,
                "name": message.document.file_name or "",
                "message": message.message_id,
            }
            self.send(screen.person, Call(FETCH, wanted))
            return
        kind = "other"
        for name, found in (
            ("photo", message.photo),
            ("sticker", message.sticker),
            ("voice", message.voice or message.audio),
            ("video", message.video or message.video_note or message.animation),
            ("location", message.location or message.venue),
        ):
            if found:
                kind = name
        self.note(screen, member, words.NOT_UNDERSTOOD[kind])

    def file(self, person: int, message_id: int, event: Uploaded | ReportRead | str) -> None:
        """A file or link that was fetched."""
        who = self.who(person)
        if who is None:
            return
        screen, member = who
        if isinstance(event, str):
            self.note(screen, member, event)
        elif screen.report_id is None or (
            isinstance(event, Uploaded) and not self.wants_text(screen)
        ):
            self.note(screen, member, words.FILE_NOT_NOW)
        else:
            self.machine(screen, member, event, said=message_id)

    def wants_text(self, screen: Screen) -> bool:
        """Whether the open question is a narrative."""
        assert screen.report_id is not None
        stored = self.unit.load(screen.report_id, str(screen.person))
        session = desk.session_of(self.unit, stored, str(screen.person), self.clock)
        return session.place.state in (State.NARRATIVE, State.CONFIRM)

    def edited(self, message: Message) -> None:
        """An edited message corrects the answer it gave."""
        person = message.from_user.id if message.from_user else message.chat.id
        who = self.who(person)
        if who is None:
            return
        screen, member = who
        about = self.messages.about(message.chat.id, message.message_id)
        item = self.item(about[1]) if about else None
        if about is None or item is None or not message.text:
            self.note(screen, member, words.EDIT_UNKNOWN)
            return
        if not self.allowed(about[0], member, person):
            self.note(screen, member, words.NO_ACCESS)
            return
        if about[0] != screen.report_id:
            screen = self.look_at(person, about[0])
        self.machine(
            screen, member, Typed(message.text, item, message.message_id), said=message.message_id
        )

    def tapped(self, query: CallbackQuery) -> None:
        """A button, perhaps a very old one; anybody may send any data."""
        person = query.from_user.id
        data = query.data or ""
        verb, _, rest = data.partition(":")
        if verb == "j" and rest:
            self.join(person, rest, query.id)
            return
        who = self.who(person)
        if who is None:
            self.job.answers.append((query.id, ""))
            return
        screen, member = who
        if verb == "g" and rest.isdigit():
            self.job.answers.append((query.id, ""))
            self.choose_organ(screen, member, int(rest))
            return
        prefix, slash, button = data.partition("/")
        report = screen.report_id
        if slash:
            try:
                report = int(prefix, 16)
            except ValueError:
                report = None
            if report is None or not self.allowed(report, member, person):
                self.job.answers.append((query.id, words.NO_ACCESS))
                return
        else:
            button = data
        if report != screen.report_id:
            screen = self.look_at(person, report)
        if not button or button == "show":
            self.machine(screen, member, Opened(), query=query.id)
            return
        if not knows_button(Session(desk.FORM, self.clock.today), button):
            self.job.answers.append((query.id, words.OLD_BUTTON))
            return
        self.machine(screen, member, Tapped(button), query=query.id)

    # ---------------------------------------------------------- who may what

    def who(self, person: int) -> tuple[Screen, tuple[Membership, ...]] | None:
        """A person's screen and organs; a stranger gets one neutral sentence, rarely."""
        member = self.people.memberships(person)
        admin = person in self.intake.admins
        screen = self.people.screen(person)
        if not member and not admin:
            screen = screen or self.people.begin(person, self.clock.now)
            if screen.told_at is None or self.clock.now - screen.told_at >= STRANGER_EVERY:
                self.people.told(person, self.clock.now)
                self.send(person, Call("sendMessage", {"text": words.STRANGER}))
            return None
        screen = screen or self.people.begin(person, self.clock.now)
        if not screen.reachable:
            self.people.reachable(person, True)
        if screen.report_id is not None and not self.allowed(screen.report_id, member, person):
            screen = self.look_at(person, None)
        return screen, member

    def allowed(self, report_id: int, member: Iterable[Membership], person: int) -> bool:
        """Whether a report is one of the person's organs' (an administrator's: all)."""
        report = self.people.report_of(report_id)
        if report is None:
            return False
        return person in self.intake.admins or any(one.organ_id == report[0] for one in member)

    def look_at(self, person: int, report_id: int | None, organ_id: int | None = None) -> Screen:
        """Put another report on the screen."""
        self.people.look_at(person, report_id, organ_id)
        screen = self.people.screen(person)
        assert screen is not None
        return screen

    def invited(self, person: int, token: str) -> None:
        """An invitation was opened: say what it joins, and ask."""
        found = None
        if self.intake.may_guess(person, self.clock.now):
            found = self.people.invitation(token)
        if (
            found is None
            or found.used_at is not None
            or found.expires_at <= self.clock.now
            or found.bound_to not in (None, person)
        ):
            self.people.begin(person, self.clock.now)
            mine = [
                m for m in self.people.memberships(person) if found and m.organ_id == found.organ_id
            ]
            if mine:
                text = words.ALREADY_MEMBER.format(
                    organ=mine[0].organ, role=words.ROLES[mine[0].role]
                )
                self.send(person, Call("sendMessage", {"text": text}))
                screen = self.people.begin(person, self.clock.now)
                self.start(screen, self.people.memberships(person))
                return
            self.send(person, Call("sendMessage", {"text": words.INVITATION_BAD}))
            return
        self.people.begin(person, self.clock.now)
        self.people.bind(found.id, person)
        payload = {
            "text": words.join(found.organ, found.role),
            "buttons": [[[f"j:{token}", words.JOIN, Tone.GO.value]]],
        }
        self.send(person, Call("sendMessage", payload))

    def join(self, person: int, token: str, query: str) -> None:
        """「加入」 was tapped."""
        found = self.people.invitation(token)
        if found is None or found.expires_at <= self.clock.now:
            self.job.answers.append((query, words.INVITATION_BAD))
            return
        self.people.begin(person, self.clock.now)
        if not self.people.use(found.id, person, self.clock.now):
            mine = [m for m in self.people.memberships(person) if m.organ_id == found.organ_id]
            self.job.answers.append((query, wording.ALREADY if mine else words.INVITATION_BAD))
            return
        self.people.join(person, found.organ_id, found.role, self.clock.now)
        text = words.JOINED.format(organ=found.organ, role=words.ROLES[found.role])
        self.job.answers.append((query, text))
        self.send(person, Call("sendMessage", {"text": text}))
        screen = self.look_at(person, None, found.organ_id)
        self.start(screen, self.people.memberships(person))

    # ------------------------------------------------------------- commands

    def door_command(
        self,
        person: int,
        event: Commanded,
        screen: Screen,
        member: tuple[Membership, ...],
    ) -> bool:
        """Commands of the door itself; false for those of the conversation."""
        admin = person in self.intake.admins
        roles = {one.role for one in member}
        if event.name == "switch":
            self.switch(screen, member)
        elif event.name == "invite" and (admin or "administrator" in roles):
            self.invite(person, event.argument, member)
        elif event.name == "organs" and (admin or "administrator" in roles):
            self.organs(person, member)
        elif event.name == "organ" and admin:
            name = "".join(event.argument.split())
            if not name:
                self.send(person, Call("sendMessage", {"text": words.ADMIN_HELP}))
            else:
                organ_id = self.people.organ(name, self.clock.now)
                self.start(self.look_at(person, None, organ_id), member)
        elif event.name == "help" and admin:
            self.send(person, Call("sendMessage", {"text": words.ADMIN_HELP}))
            return screen.report_id is None
        else:
            return False
        return True

    def invite(self, person: int, argument: str, member: tuple[Membership, ...]) -> None:
        """A link for a new clerk."""
        name = "".join(argument.split())
        mine = {one.organ for one in member if one.role == "administrator"}
        if not name and len(mine) == 1:
            name = next(iter(mine))
        if not name or len(name) > 60:
            self.send(person, Call("sendMessage", {"text": words.INVITE_USAGE}))
            return
        if person not in self.intake.admins and name not in mine:
            self.send(person, Call("sendMessage", {"text": words.NO_ACCESS}))
            return
        link = invite(
            self.unit, self.intake.bot.username, name, "clerk", str(person), self.clock.now
        )
        text = words.INVITED.format(organ=name, role=words.ROLES["clerk"], link=link)
        self.send(person, Call("sendMessage", {"text": text}))

    def organs(self, person: int, member: tuple[Membership, ...]) -> None:
        """How far each organ is."""
        if person in self.intake.admins:
            names: Sequence[str] = self.unit.organs()
        else:
            names = [one.organ for one in member if one.role == "administrator"]
        lines = []
        for name in names[:100]:
            for year in self.unit.years(name)[-2:]:
                report_id = self.unit.find_report(name, year)
                assert report_id is not None
                stored = self.unit.load(report_id, str(person))
                session = desk.session_of(self.unit, stored, str(person), self.clock)
                total = len(desk.FORM.asked) + len(desk.FORM.balance) + len(desk.FORM.narratives)
                done = total - len(session.gaps)
                final = session.final and not session.changed
                lines.append(words.organ_line(name, year, done, total, final))
        self.send(person, Call("sendMessage", {"text": "\n".join(lines) or words.NO_ORGANS}))

    def switch(self, screen: Screen, member: tuple[Membership, ...]) -> None:
        """Choose another organ or year."""
        rows: list[list[list[str]]] = []
        for one in member[:20]:
            for year in self.unit.years(one.organ)[-3:]:
                report_id = self.unit.find_report(one.organ, year)
                label = f"{one.organ} {year}年度"
                rows.append([[f"{prefix_of(report_id)}show", label[:60], ""]])
            rows.append([[f"g:{one.organ_id}", f"{one.organ}：其他年度"[:60], ""]])
        text = words.CHOOSE_REPORT if rows else words.ADMIN_HELP
        self.send(screen.person, Call("sendMessage", {"text": text, "buttons": rows[:40]}))

    def choose_organ(self, screen: Screen, member: tuple[Membership, ...], organ_id: int) -> None:
        """An organ was chosen: now its year."""
        if screen.person not in self.intake.admins and all(m.organ_id != organ_id for m in member):
            self.send(screen.person, Call("sendMessage", {"text": words.NO_ACCESS}))
            return
        self.start(self.look_at(screen.person, None, organ_id), member)

    # --------------------------------------------------------- conversation

    def start(self, screen: Screen, member: tuple[Membership, ...]) -> None:
        """Show where a person is, or ask for organ and year."""
        self.machine(screen, member, Opened())

    def blank(self, screen: Screen) -> Session:
        """The session of somebody whose year is not known yet."""
        return Session(
            desk.FORM,
            self.clock.today,
            self.clock.stamp,
            str(screen.person),
            screen.organ,
        )

    def machine(
        self,
        screen: Screen,
        member: tuple[Membership, ...],
        event: Event,
        *,
        query: str | None = None,
        said: int | None = None,
    ) -> None:
        """One event through the machine; what it says goes out as rows."""
        person = screen.person
        blank = None
        if screen.report_id is None:
            if screen.organ_id is None:
                if len(member) == 1:
                    screen = self.look_at(person, None, member[0].organ_id)
                else:
                    if query:
                        self.job.answers.append((query, ""))
                    self.choose(screen, member)
                    return
                event = Opened()
            blank = self.blank(screen)
            if not isinstance(event, Opened):
                # Organ known, year asked: the only question without a report.
                place = replace(blank.place, state=State.YEAR)
                blank = replace(blank, place=place)
        handled = desk.handle(
            self.unit, str(person), screen.report_id, event, self.clock, "telegram", blank
        )
        if handled.report_id != screen.report_id and handled.report_id is not None:
            self.people.look_at(person, handled.report_id, None)
        out = shown(
            handled.effects,
            report_id=handled.report_id,
            head=self.head(handled, member),
            item_number=self.number(handled),
            moved=handled.moved,
            tapped=query is not None,
        )
        if query is not None:
            self.job.answers.append((query, out.toast[:190]))
        self.put(screen, handled, out)
        if said is not None and handled.report_id is not None and handled.answered:
            number = desk.FORM.number.get(handled.answered, 0)
            self.messages.shown(person, said, handled.report_id, number)
            if out.recorded:
                self.job.reactions.append((person, said))

    def put(self, screen: Screen, handled: Handled, out: Shown) -> None:
        """The turn's calls as rows, and what is nice to have beside them."""
        person = screen.person
        if out.decoration is not None and screen.card is not None:
            self.job.decorations.append((person, screen.card, out.decoration))
        for decided in out.calls:
            call, file = decided, None
            if call.method == "sendDocument":
                report = desk.document_of(handled.session)
                name, file = documents.make(self.intake.data, report, draft=not call.final)
                call = replace(
                    call,
                    payload={
                        "name": name,
                        "caption": words.FINAL_CAPTION if call.final else words.DRAFT_CAPTION,
                    },
                )
            row = self.send(person, call, file)
            if call.card:
                self.people.card(person, row.id)
                if handled.session.place.state is State.CONTENTS:
                    self.people.contents(person, row.id)
        if (
            handled.stored
            and screen.contents is not None
            and handled.session.place.state is not State.CONTENTS
        ):
            self.job.contents[person] = (screen.contents, self.contents(handled))

    def contents(self, handled: Handled) -> Decoration:
        """The list of sections as it is now."""
        session = handled.session
        place = replace(session.place, state=State.CONTENTS, item="")
        said = card_of(replace(session, place=place))
        return Decoration(said.text, keyboard(said.buttons, prefix_of(handled.report_id)))

    def head(self, handled: Handled, member: tuple[Membership, ...]) -> str:
        """Organ and year, for somebody who has more than one to keep apart."""
        session = handled.session
        if not session.organ or not session.year or session.place.state is State.CONTENTS:
            return ""
        person = int(session.by) if session.by.lstrip("-").isdigit() else 0
        if len(member) > 1 or person in self.intake.admins:
            return f"〔{wording.head(session.organ, session.year)}〕\n"
        return ""

    def number(self, handled: Handled) -> int:
        """The permanent number of what the card asks, 0 for nothing single."""
        for one in reversed(handled.effects):
            if isinstance(one, Say) and one.kind is Kind.CARD:
                return desk.FORM.number.get(one.item or "", 0)
        return 0

    def item(self, number: int) -> str | None:
        """The item behind a stored number."""
        return desk.FORM.item.get(number)

    def choose(self, screen: Screen, member: tuple[Membership, ...]) -> None:
        """Several organs: which one?"""
        rows = [[[f"g:{one.organ_id}", one.organ[:60], ""]] for one in member[:40]]
        text = words.CHOOSE_ORGAN if rows else words.ADMIN_HELP
        self.send(screen.person, Call("sendMessage", {"text": text, "buttons": rows}))

    def note(self, screen: Screen, member: tuple[Membership, ...], text: str) -> None:
        """Something to say, and the open question again under it."""
        if screen.report_id is None:
            self.send(screen.person, Call("sendMessage", {"text": text}))
            return
        stored = self.unit.load(screen.report_id, str(screen.person))
        session = desk.session_of(self.unit, stored, str(screen.person), self.clock)
        handled = Handled(
            session,
            screen.report_id,
            (Say(Kind.NOTE, text), card_of(session)),
            stored.history,
        )
        out = shown(
            handled.effects,
            report_id=screen.report_id,
            head=self.head(handled, member),
            item_number=self.number(handled),
            moved=True,
            tapped=False,
        )
        self.put(screen, handled, out)

    def send(self, chat: int, call: Call, file: bytes | None = None) -> OutMessage:
        """Decide a call: a row of this transaction."""
        row = self.messages.say(chat, call.method, _json(call.payload), file, self.clock.now)
        self.job.sends.append(row)
        return row


def invite(unit: Unit, username: str, organ: str, role: str, by: str, now: datetime) -> str:
    """Make an invitation and give its link; only the token's hash is kept."""
    people = People(unit)
    token = secrets.token_urlsafe(18)
    organ_id = people.organ(organ, now)
    people.invite(token, organ_id, role, by, now, now + timedelta(days=INVITATION_DAYS))
    return f"https://t.me/{username}?start={token}"


def _incoming(raw: dict[str, Any]) -> InUpdate | None:
    """An update as a row: its chat decides the order."""
    update_id = raw.get("update_id")
    if not isinstance(update_id, int):
        return None
    chat = 0
    for key in ("message", "edited_message", "my_chat_member"):
        if isinstance(found := raw.get(key), dict):
            chat = int(found.get("chat", {}).get("id", 0))
    if isinstance(query := raw.get("callback_query"), dict):
        chat = int(query.get("from", {}).get("id", 0))
    return InUpdate(update_id, chat, _json(raw))


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"))


__all__ = ["FETCH", "Intake", "Job", "invite"]
