"""
One update in its transaction: who did what, what the machine says to it, and what of
that goes on the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot import handle as desk
from bot.files import documents
from bot.files.received import is_link
from bot.handle import Clock, Handled
from bot.telegram import members, tasks
from bot.telegram.incoming import Came, Kind
from bot.telegram.jobs import FETCH, Job, Place, dumps
from bot.telegram.screen import Call, Decoration, Shown, keyboard, prefix_of, shown
from conversations.form.answers import Answers
from conversations.form.model import ItemId
from conversations.talk.buttons import button
from conversations.talk.cards import card as card_of
from conversations.talk.effects import Effect, MessageKind, Say
from conversations.talk.events import Commanded, Event, Opened, ReportRead, Tapped, Typed, Uploaded
from conversations.talk.session import Session, State
from conversations.talk.triggers import knows_button
from conversations.wording import door as words
from conversations.wording import talk as wording
from storage import values
from storage.messages import Message, Messages
from storage.people import People, Screen
from storage.reports import Unit

if TYPE_CHECKING:
    from bot.telegram.intake import Intake

TOLD_EVERY = timedelta(hours=24)  # strangers, and groups
UPLOAD_LIMIT = 20 * 1024 * 1024
GROUP_START = "go"  # what the link in a group carries
CONFIRMS = ("n", "carry")  # the verbs of buttons that call a table right
COMMAND_LIMIT = 200  # a longer text that begins with a stroke is a text


def typed(text: str) -> Event:
    """A message as an event: a command of the menu, or text."""
    stripped = text.strip()
    if (
        stripped.startswith("/")
        and len(stripped) <= COMMAND_LIMIT
        and "\n" not in stripped
        and stripped[1:2].isascii()
        and stripped[1:2].isalpha()
    ):
        name, _, argument = stripped[1:].partition(" ")
        return Commanded(name.partition("@")[0].lower(), argument.strip())
    return Typed(text)


class Turn:
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
        self.switched = False

    # ----------------------------------------------------------------- kinds

    def take(self, came: Came) -> None:
        """Do what somebody's action asks for."""
        if came.kind is Kind.MESSAGE:
            self.message(came)
        elif came.kind is Kind.TAP:
            self.tapped(came)
        elif came.kind is Kind.EDIT:
            self.edited(came)
        elif came.kind is Kind.GROUP:
            if came.text and (
                (came.text.startswith("/") and self._is_for_us(came.text))
                or f"@{self.intake.username}" in came.text
            ):
                self.group(came.chat)
        elif came.kind is Kind.MEMBER:
            self.member_changed(came)

    def _is_for_us(self, text: str) -> bool:
        bot = text.split(maxsplit=1)[0].partition("@")[2]
        return not bot or bot.lower() == self.intake.username.lower()

    def member_changed(self, came: Came) -> None:
        """Somebody blocked the bot, or came back; it was added to a group."""
        gone = came.status in ("kicked", "left", "restricted")
        if came.content == "private":
            if self.people.screen(came.chat) is not None:
                self.people.reachable(came.chat, not gone)
        elif not gone:
            self.group(came.chat)

    def group(self, chat: int) -> None:
        """In a group nothing is said but where to go, once a day."""
        if self._told_lately(self.people.begin(chat, self.clock.now)):
            return
        self.people.told(chat, self.clock.now)
        link = f"https://t.me/{self.intake.username}?start={GROUP_START}"
        payload = {"text": words.GROUP, "buttons": [[[link, words.GROUP_BUTTON, "url"]]]}
        self.send(chat, Call("sendMessage", payload | {"low": True}))

    def message(self, came: Came) -> None:
        """A private message."""
        text = came.text
        if text is not None and text.startswith("/start "):
            token = text.partition(" ")[2].strip()
            if token not in ("", GROUP_START):
                members.invited(self, came, token)
                return
        screen = self.who(came)
        if screen is None:
            return
        if text is None:
            self.not_text(came, screen)
            return
        if is_link(text):
            # Fetched like a file: nothing is read from outside in a transaction.
            wanted = {"link": text.strip(), "message": came.message}
            self.send(screen.person, Call(FETCH, wanted))
            return
        event = typed(text)
        if isinstance(event, Commanded):
            if event.name == "start" and self.is_administrator(screen):
                self.job.menus.append(came.chat)
            if not (tasks.command(self, screen, event) or members.command(self, screen, event)):
                self.machine(screen, event)
            return
        target = Place(came.chat, row=screen.card)
        item: ItemId | None = None
        if came.reply_to:
            about = self.messages.about(came.chat, came.reply_to)
            if about is not None and self.allowed(about[0], screen):
                item = desk.FORM.item.get(about[1])
                screen = self.look_at(screen, about[0])
                target = Place(came.chat, message=came.reply_to)
        unseen = False
        if screen.card is not None and not came.reply_to:
            unseen = screen.card_id is None or screen.card_id > came.message
        self.machine(
            screen,
            Typed(text, item, came.message),
            said=came.message,
            target=target,
            unseen=unseen,
        )

    def not_text(self, came: Came, screen: Screen) -> None:
        """Anything that is no text: a file may hold one, the rest is told kindly."""
        if came.file is not None:
            if came.file.size > UPLOAD_LIMIT:
                self.note(screen, words.FILE_TOO_LARGE)
                return
            # Fetched by the sender, in the chat's order, from a row that a crash leaves.
            wanted = {"file_id": came.file.id, "name": came.file.name, "message": came.message}
            self.send(screen.person, Call(FETCH, wanted))
        elif self.intake.is_new_album(came.chat, came.album):
            self.note(screen, words.NOT_UNDERSTOOD[came.content])

    def file(self, person: int, message_id: int, event: Uploaded | ReportRead | str) -> None:
        """A file that was fetched."""
        screen = self.who(Came(Kind.MESSAGE, person, person))
        if screen is None:
            return
        if isinstance(event, str):
            self.note(screen, event)
        elif screen.report_id is None or (
            isinstance(event, Uploaded) and not self.wants_text(screen.report_id, person)
        ):
            self.note(screen, words.FILE_NOT_NOW)
        else:
            target = Place(person, row=screen.card)
            self.machine(screen, event, said=message_id, target=target)

    def wants_text(self, report_id: int | None, person: int) -> bool:
        """Whether the open question is a narrative, so that a file is its text."""
        if report_id is None:
            return False
        stored = self.unit.load(report_id, str(person))
        session = desk.session_of(self.unit, stored, str(person), self.clock)
        place = session.place
        return place.item in {one.id for one in session.form.narratives} and place.state in (
            State.NARRATIVE,
            State.CONFIRM,
        )

    def edited(self, came: Came) -> None:
        """An edited message corrects the answer it gave."""
        screen = self.who(came)
        if screen is None:
            return
        about = self.messages.about(came.chat, came.message)
        item = desk.FORM.item.get(about[1]) if about else None
        if about is None or item is None or not came.text:
            self.note(screen, words.EDIT_UNKNOWN)
            return
        if not self.allowed(about[0], screen):
            self.note(screen, words.NO_ACCESS)
            return
        question = self.messages.question(came.chat, came.message, *about)
        self.machine(
            self.look_at(screen, about[0]),
            Typed(came.text, item, came.message),
            said=came.message,
            target=Place(came.chat, message=question) if question else None,
        )

    def tapped(self, came: Came) -> None:
        """A button, perhaps a very old one; anybody may send any data."""
        verb, _, rest = came.data.partition(":")
        if verb == "j":
            members.joined(self, came, rest)
            return
        screen = self.who(came)
        if screen is None:
            self.answer(came, "", known=False)
            return
        if verb == "g" and rest.isascii() and rest.isdigit() and len(rest) < 18:
            self.answer(came)
            members.choose_organ(self, screen, int(rest))
            return
        if verb == "w":
            self.answer(came)
            members.switch(self, screen)
            return
        going_on = tasks.tapped(self, screen, came)
        if going_on is None:
            return
        came = replace(came, data=going_on)
        prefix, slash, data = came.data.partition("/")
        if not slash:
            data = came.data
        elif prefix.startswith("g"):
            # The year is asked for this organ.
            organ = _hex(prefix[1:])
            if organ is None or not members.is_of(self, screen, organ):
                self.answer(came, words.NO_ACCESS)
                return
            if screen.report_id is not None or screen.organ_id != organ:
                screen = self.look_at(screen, None, organ)
        else:
            report = _hex(prefix)
            if report is None or not self.allowed(report, screen):
                self.answer(came, words.NO_ACCESS)
                return
            screen = self.look_at(screen, report)
        target = Place(came.chat, message=came.message) if came.message else None
        if data in ("", "show"):
            self.machine(screen, Opened(), query=came, target=target)
        elif knows_button(Session(desk.FORM, self.clock.today), data):
            self.machine(screen, Tapped(data), query=came, target=target)
        else:
            self.answer(came, words.OLD_BUTTON)

    # ---------------------------------------------------------- who may what

    def who(self, came: Came) -> Screen | None:
        """A person's screen; a stranger gets one neutral sentence, rarely, and None."""
        person = came.person
        screen = self.people.screen(person)
        if screen is None:
            screen = self.people.begin(person, self.clock.now, came.name)
        elif came.name and came.name != screen.name:
            self.people.called(person, came.name)
        if not screen.member and person not in self.intake.admins:
            if not self._told_lately(screen):
                self.people.told(person, self.clock.now)
                self.send(person, Call("sendMessage", {"text": words.STRANGER, "low": True}))
            return None
        if not screen.reachable:
            self.people.reachable(person, True)
        if screen.report_organ is not None and not members.is_of(self, screen, screen.report_organ):
            screen = self.look_at(screen, None)
        return screen

    def _told_lately(self, screen: Screen) -> bool:
        return screen.told_at is not None and self.clock.now - screen.told_at < TOLD_EVERY

    def is_administrator(self, screen: Screen) -> bool:
        """Of all organs, or of one."""
        return screen.person in self.intake.admins or any(
            one.role == "administrator" for one in screen.member
        )

    def allowed(self, report_id: int, screen: Screen) -> bool:
        """Whether a report is one of the person's organs' (an administrator's: all)."""
        if report_id == screen.report_id:
            return True
        report = self.people.report_of(report_id)
        return report is not None and members.is_of(self, screen, report[0])

    def look_at(self, screen: Screen, report_id: int | None, organ: int | None = None) -> Screen:
        """Put another report on the screen, or an organ whose year is still open."""
        if report_id is not None and report_id == screen.report_id:
            return screen
        self.switched = True
        self.people.look_at(screen.person, report_id, organ)
        found = self.people.screen(screen.person)
        assert found is not None
        # What is on the screen now is about something else.
        return replace(found, card=None, card_at=None)

    # --------------------------------------------------------- conversation

    def machine(
        self,
        screen: Screen,
        event: Event,
        *,
        query: Came | None = None,
        said: int = 0,
        target: Place | None = None,
        unseen: bool = False,
    ) -> None:
        """
        One event through the machine; what it says goes out as rows.

        `query` is the tap it came from, `said` the message; `target` the card that becomes
        the result. `unseen` says that the answer came before its question was there.
        """
        person = screen.person
        blank = None
        if screen.report_id is None:
            if screen.organ_id is None:
                if len(screen.member) != 1:
                    if query:
                        self.answer(query)
                    members.choose(self, screen)
                    return
                screen = self.look_at(screen, None, screen.member[0].organ_id)
                event = Opened()
            blank = self.blank(screen)
            if not isinstance(event, Opened):
                # Organ known, year asked: the only question without a report.
                blank = replace(blank, place=replace(blank.place, state=State.YEAR))
        handled = desk.handle(
            self.unit, str(person), screen.report_id, event, self.clock, "telegram", blank
        )
        report_id = handled.report_id
        if report_id is not None and report_id != screen.report_id:
            self.people.look_at(person, report_id, None)
            tasks.opened(self, screen, report_id, handled.session.year)
        effects: Sequence[Effect] = handled.effects
        if handled.replaced and report_id is not None and screen.card_at is not None:
            effects = self.with_surprises(handled, person, screen.card_at)
        out = shown(
            effects,
            prefix=f"g{screen.organ_id:x}/" if report_id is None else prefix_of(report_id),
            report_id=report_id,
            head=self.head(handled, screen),
            foot=[[["w:", words.SWITCH, ""]]] if len(screen.member) > 1 else [],
            form=handled.session.form,
            moved=handled.moved,
            tapped=query is not None,
            unseen=unseen,
        )
        if query is not None:
            self.answer(query, out.toast)
        self.put(screen, handled, out, target)
        if query is not None and target is not None and out.decoration is None and handled.moved:
            self.confirmed(query, target)
        if said and report_id is not None and handled.answered:
            number = desk.FORM.number.get(handled.answered, 0)
            self.messages.shown(person, said, report_id, number)
            if out.recorded or handled.stored:
                self.job.reactions.append((person, said))

    def with_surprises(self, handled: Handled, person: int, since: datetime) -> list[Effect]:
        """What a colleague had entered meanwhile, and this answer has replaced, is said."""
        assert handled.report_id is not None
        found = self.people.overwritten(handled.report_id, handled.history, str(person), since)
        effects = list(handled.effects)
        form = handled.session.form
        for one in found[:5]:
            name = words.item_name(form, one.item)
            text = words.surprise(
                one.name or words.COLLEAGUE,
                one.at.astimezone(self.clock.now.tzinfo),
                name,
                words.value(form, one.item, one.value),
                words.value(form, one.item, handled.session.answers.get(one.item)),
            )
            rows = ((button(wording.change(name), "o", form.number[one.item]),),)
            # Before the card, which comes last.
            effects.insert(len(effects) - 1, Say(MessageKind.NOTE, text, rows, item=one.item))
        return effects

    def blank(self, screen: Screen) -> Session:
        """The session of somebody whose year is not known yet."""
        return Session(
            desk.FORM, self.clock.today, self.clock.stamp, str(screen.person), screen.organ
        )

    def put(
        self, screen: Screen, handled: Handled, out: Shown, target: Place | None = None
    ) -> None:
        """The turn's calls as rows, and what is nice to have beside them."""
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
                call = self.document(handled, call)
            elif call.method == "sendPhoto":
                call = replace(call, payload=_years(handled.session))
            row = self.send(person, call)
            if call.card:
                self.people.card(person, row.id, contents=is_contents and bool(session.year))
                if is_contents and screen.contents is not None:
                    moved = Decoration(
                        words.CONTENTS_MOVED,
                        keyboard(((button(wording.MENU, "menu"),),), prefix_of(handled.report_id)),
                    )
                    old = Place(person, row=screen.contents)
                    self.job.contents.append((old, lambda moved=moved: moved))  # type: ignore[misc]
        if handled.stored and screen.contents is not None and not is_contents:
            prefix = prefix_of(handled.report_id)
            self.job.contents.append(
                (Place(person, row=screen.contents), lambda: _contents(session, prefix))
            )

    def confirmed(self, came: Came, target: Place) -> None:
        """A table that was called right stays in the chat as its record, not as a question."""
        prefix, _, data = came.data.rpartition("/")
        verb, _, rest = data.partition(":")
        shown = (came.text or "").rpartition("\n\n")[2].splitlines()
        lines = [one for one in shown if one != wording.RIGHT and not one.startswith("〔")]
        if verb in CONFIRMS and lines:
            back = f"{prefix}/s:{rest.partition(':')[0]}" if prefix else ""
            buttons = [[[back, wording.MODIFY, ""]]] if back else []
            self.job.decorations.append((target, Decoration("✓ " + "\n".join(lines), buttons)))

    def document(self, handled: Handled, call: Call) -> Call:
        """
        A document as it will be made, outside this transaction, from the answers as they
        are now.
        """
        session = handled.session
        # An office's template that cannot be used is found out before anything is stored.
        documents.prepared(self.intake.data, session.form.edition)
        payload = {
            "organ": session.organ,
            "year": session.year,
            "edition": session.form.edition,
            "answers": _written(session.answers),
            "draft": not call.final,
            "caption": words.FINAL_CAPTION if call.final else words.DRAFT_CAPTION,
        }
        return replace(call, payload=payload)

    def head(self, handled: Handled, screen: Screen) -> str:
        """
        Organ and year, for somebody who has more than one to keep apart.

        A year that is not the usual one (the last) is always named.
        """
        session = handled.session
        if (
            not session.organ
            or not session.year
            or session.place.state
            in (
                State.CONTENTS,
                State.REVIEW,
            )
        ):
            return ""
        several = len(screen.member) > 1 or screen.person in self.intake.admins
        if several or self.switched or session.year != self.clock.today.year - 1:
            return f"〔{wording.head(session.organ, session.year)}〕\n"
        return ""

    def note(self, screen: Screen, text: str) -> None:
        """Something to say, and the open question again under it."""
        if screen.report_id is None:
            self.say(screen.person, text)
            return
        person = str(screen.person)
        stored = self.unit.load(screen.report_id, person)
        session = desk.session_of(self.unit, stored, person, self.clock)
        effects = (Say(MessageKind.NOTE, text), card_of(session))
        handled = Handled(session, screen.report_id, effects, stored.history)
        out = shown(
            effects,
            prefix=prefix_of(screen.report_id),
            report_id=screen.report_id,
            head=self.head(handled, screen),
            foot=[],
            form=session.form,
            moved=True,
            tapped=False,
        )
        self.put(screen, handled, out)

    # --------------------------------------------------------------- sending

    def say(self, chat: int, text: str) -> None:
        """A plain message."""
        self.send(chat, Call("sendMessage", {"text": text}))

    def answer(self, came: Came, toast: str = "", *, known: bool = True) -> None:
        """Stop the button's waiting, perhaps with a word."""
        self.job.answers.append((came.query, toast[:190], known))

    def send(self, chat: int, call: Call) -> Message:
        """Decide a call: a row of this transaction."""
        payload = call.payload
        row = self.messages.say(chat, call.method, dumps(payload), None, self.clock.now, payload)
        self.job.sends.append(row)
        return row


def _contents(session: Session, prefix: str) -> Decoration:
    """The list of sections as it is now."""
    place = replace(session.place, state=State.CONTENTS, item="")
    said = card_of(replace(session, place=place))
    return Decoration(said.text, keyboard(said.buttons, prefix))


def _hex(text: str) -> int | None:
    try:
        return int(text, 16) if len(text) <= 15 and text.isalnum() else None
    except ValueError:
        return None


def _written(answers: Answers) -> dict[str, str]:
    """Answers as a stored call keeps them: permanent number → text."""
    numbers = desk.FORM.number
    return {
        str(numbers[item]): values.written(item, value)
        for item, value in answers.items()
        if item in numbers
    }


def _years(session: Session) -> dict[str, object]:
    """The figures of the years in store, for a picture that is drawn later."""
    return {
        "organ": session.organ,
        "edition": session.form.edition,
        "years": {str(year): _written(one.answers) for year, one in session.years.items()},
        "caption": words.CHART_CAPTION,
    }
