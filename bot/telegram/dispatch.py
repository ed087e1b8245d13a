"""
Which code handles which kind of update.

Any message may come, and taps on very old buttons or on buttons that never existed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import handle
from bot.button_numbers import read_number
from bot.county.collecting import Found, Taken
from bot.files.documents import Tested, is_template
from bot.files.received import as_published, is_link
from bot.telegram import collecting, members, own_template, people, sharing, tasks
from bot.telegram.attachments import UPLOAD_LIMIT, Fetched
from bot.telegram.incoming import Incoming, UpdateKind
from bot.telegram.invitation import GROUP_START
from bot.telegram.jobs import CardPlace
from bot.telegram.screen import Call
from bot.telegram.talk import Talk
from conversations.form import FILLED_IN
from conversations.form.local_notice import LocalNotice, Question, form_of
from conversations.form.model import ItemId
from conversations.form.numbers import ITEMS, LOCAL_QUESTIONS
from conversations.sign_off.states import Role
from conversations.talk.events import (
    Commanded,
    LedgerRead,
    Opened,
    Photographed,
    ReportRead,
    Tapped,
    Typed,
    Uploaded,
)
from conversations.talk.moves import sections
from conversations.talk.session import Place, Session, State
from conversations.talk.triggers import command_in, knows_button
from conversations.wording import door as words
from storage.messages import FETCH
from storage.people import Focus

# All questions a task may ask; whether this report has them is checked when the tap is handled.
ALL_QUESTIONS = LocalNotice(tuple(Question(place, "-", "-") for place in LOCAL_QUESTIONS))
WITH_ALL_QUESTIONS = tuple(form_of(form.edition, ALL_QUESTIONS) for form in FILLED_IN)


# Modules with buttons under a prefix of their own, and modules with commands of their own.
WITH_BUTTONS = (people, sharing, collecting, own_template)
WITH_COMMANDS = (tasks, people, sharing, own_template, members)


def dispatch(talk: Talk, update: Incoming) -> None:
    """Handle one action of a person."""
    match update.kind:
        case UpdateKind.MESSAGE:
            _message(talk, update)
        case UpdateKind.TAP:
            _tapped(talk, update)
        case UpdateKind.EDIT:
            _edited(talk, update)
        case UpdateKind.GROUP:
            text, username = update.text or "", talk.door.username
            if (text.startswith("/") and _is_for(username, text)) or f"@{username}" in text:
                _group(talk, update.chat)
        case UpdateKind.MEMBER:
            _member_changed(talk, update)


def _is_for(username: str, command: str) -> bool:
    bot = command.split(maxsplit=1)[0].partition("@")[2]
    return not bot or bot.lower() == username.lower()


def _member_changed(talk: Talk, update: Incoming) -> None:
    """A person blocked the bot, or came back; or it was added to a group."""
    gone = update.status in ("kicked", "left", "restricted")
    if update.content == "private":
        if talk.people.focus(update.chat) is not None:
            talk.people.reachable(update.chat, not gone)
    elif not gone:
        _group(talk, update.chat)


def _group(talk: Talk, chat: int) -> None:
    """In a group, only say where to go, once a day."""
    if talk.told_lately(talk.people.begin(chat, talk.clock.now)):
        return
    talk.people.told(chat, talk.clock.now)
    link = f"https://t.me/{talk.door.username}?start={GROUP_START}"
    payload = {"text": words.GROUP, "buttons": [[[link, words.GROUP_BUTTON, "url"]]]}
    talk.send(chat, Call("sendMessage", payload | {"low": True}))


# ---- messages --------------------------------------------------------------------------


def _message(talk: Talk, update: Incoming) -> None:
    """A private message."""
    text = update.text
    if text is not None and members.came_by_invitation(talk, update, text):
        return
    screen = talk.identify(update)
    if screen is None:
        return
    if text is None or (update.file is not None and own_template.is_wish(text)):
        _not_text(talk, update, screen)
    elif own_template.is_wish(text):
        own_template.shown(talk, screen)
    elif is_link(text):
        # Fetched like a file: nothing from outside is read in a transaction.
        wanted = {"link": text.strip(), "message": update.message}
        talk.send(screen.person, Call(FETCH, wanted))
    else:
        command = command_in(text)
        if command is not None:
            _command(talk, update, screen, command)
        elif not (sharing.typed(talk, screen, text) or tasks.typed(talk, screen, text)):
            _answer(talk, update, screen, text)


def _command(talk: Talk, update: Incoming, screen: Focus, event: Commanded) -> None:
    if event.name == "start" and (
        talk.is_administrator(screen) or any(Role.LEADER in each.roles for each in screen.member)
    ):
        talk.job.menus.append(update.chat)
    if not any(door.command(talk, screen, event) for door in WITH_COMMANDS):
        talk.step(screen, event)


def _answer(talk: Talk, update: Incoming, screen: Focus, text: str) -> None:
    """Text for the open question, or for the one whose message it replies to."""
    target = CardPlace(update.chat, row=screen.card)
    item: ItemId | None = None
    unseen = False
    home = screen.report_id
    if update.reply_to:
        about = talk.messages.about(update.chat, update.reply_to)
        if about is not None:
            if not talk.allowed(about[0], screen):
                # An answer to a question of a former office answers no other question.
                talk.note(screen, words.NO_ACCESS)
                return
            item = ITEMS.get(about[1])
            screen = talk.focus_on(screen, about[0])
            target = CardPlace(update.chat, message=update.reply_to)
    elif screen.card is not None:
        unseen = screen.card_id is None or screen.card_id > update.message
    event = Typed(text, item, update.message, update.about)
    talk.step(screen, event, said=update.message, target=target, unseen=unseen, home=home)


def _not_text(talk: Talk, update: Incoming, screen: Focus) -> None:
    """Anything but text: a file may contain one, the rest gets a kind reply."""
    if update.photo and wants_photo(talk, screen):
        target = CardPlace(update.chat, row=screen.card)
        talk.step(screen, Photographed(update.photo, update.caption), target=target)
    elif update.file is not None:
        if update.file.size > UPLOAD_LIMIT:
            talk.note(screen, words.FILE_TOO_LARGE)
            return
        # Fetched by the sender, in the order of the chat, from a row that survives a crash.
        file = {"file_id": update.file.id, "name": update.file.name, "message": update.message}
        if own_template.is_wish(update.text or update.caption):
            own_template.sent(talk, screen, file)
            return
        talk.send(screen.person, Call(FETCH, file | collecting.wants(talk, screen, update)))
    elif talk.lately.is_new_album(update.chat, update.album, talk.job):
        talk.note(screen, words.NOT_UNDERSTOOD[update.content])


def file_read(
    talk: Talk,
    person: int,
    wanted: Mapping[str, Any],
    event: Fetched | None,
) -> None:
    """A file was read: handle its content, or say why there is none."""
    screen = talk.identify(Incoming(UpdateKind.MESSAGE, person, person))
    if screen is None:
        return
    if isinstance(event, Tested):
        own_template.tested(talk, screen, event)
        return
    if isinstance(event, Uploaded) and "file_id" in wanted and is_template(event.text):
        own_template.sent(talk, screen, wanted)
        return
    if isinstance(event, LedgerRead) and tasks.sent(talk, screen, event.sheets):
        return
    session = _session(talk, screen)
    if isinstance(event, Found | Taken):
        publishes = session is not None and session.place.state is State.PUBLISH
        event = collecting.arrived(talk, screen, wanted, event, publishes=publishes)
    if event is None:
        return
    if session is not None and session.place.state is State.PUBLISH:
        link = wanted.get("link", "")
        published = as_published(event, wanted.get("name", link), link)
        target = CardPlace(person, row=screen.card)
        talk.step(screen, published, said=wanted["message"], target=target)
        return
    if isinstance(event, str):
        talk.note(screen, event, apart=True)
    elif screen.report_id is None or not (
        isinstance(event, ReportRead | LedgerRead)
        or wants_text(talk, screen)
        or sections.are_in(event.text)
    ):
        talk.note(screen, words.FILE_NOT_NOW, apart=True)
    else:
        target = CardPlace(person, row=screen.card)
        talk.step(screen, event, said=wanted["message"], target=target)


def wants_photo(talk: Talk, screen: Focus) -> bool:
    """Whether the page that a leader has signed is asked for."""
    if screen.report_id is None:
        return False
    place = _place(talk, screen, screen.report_id)
    return place is not None and place.state is State.OFF_LINE


def _place(talk: Talk, screen: Focus, report_id: int) -> Place | None:
    """The person's place in a report, None before the first visit."""
    stored = talk.unit.load(report_id, screen.key)
    if stored.place is None:
        return None
    return Place.loads(stored.place, form_of(stored.edition, stored.notice))


def wants_text(talk: Talk, screen: Focus) -> bool:
    """Whether a file is the text of the open narrative, or the published report."""
    session = _session(talk, screen)
    if session is None:
        return False
    state, item = session.place.state, session.place.item
    return state is State.PUBLISH or (
        item in {text.id for text in session.form.narratives}
        and state in (State.NARRATIVE, State.CONFIRM)
    )


def _session(talk: Talk, screen: Focus) -> Session | None:
    """The report on a person's screen, with their place."""
    if screen.report_id is None:
        return None
    stored = talk.unit.load(screen.report_id, screen.key)
    return handle.session_of(
        talk.unit, stored, screen.key, talk.clock, standing=talk.standing(screen)
    )


def _edited(talk: Talk, update: Incoming) -> None:
    """An edited message corrects the answer it gave."""
    screen = talk.identify(update)
    if screen is None:
        return
    about = talk.messages.about(update.chat, update.message)
    if about is None or not update.text:
        talk.note(screen, words.EDIT_UNKNOWN)
        return
    if not talk.allowed(about[0], screen):
        talk.note(screen, words.NO_ACCESS)
        return
    item = ITEMS.get(about[1])
    if item is None:
        place = _place(talk, screen, about[0])
        if place is None or update.message not in dict(place.remarked):  # no remark of theirs
            talk.note(screen, words.EDIT_UNKNOWN)
            return
    question = talk.messages.question(update.chat, update.message, *about)
    talk.step(
        talk.focus_on(screen, about[0]),
        Typed(update.text, item, update.message),
        said=update.message,
        target=CardPlace(update.chat, message=question) if question else None,
        home=screen.report_id,
    )


# ---- buttons ---------------------------------------------------------------------------


def _tapped(talk: Talk, update: Incoming) -> None:
    """A button of the door itself, of a task, or of the conversation."""
    verb, _, rest = update.data.partition(":")
    if verb == "j":
        members.joined(talk, update, rest)
        return
    screen = talk.identify(update)
    if screen is None:
        talk.answer(update, "", known=False)
    elif verb in ("g", "gy") and (organ := read_number(rest, 10)):
        talk.answer(update)
        members.choose_organ(talk, screen, organ, other_year=verb == "gy")
    elif verb == "w":
        talk.answer(update)
        members.switch(talk, screen)
    elif not any(door.tapped(talk, screen, update) for door in WITH_BUTTONS):
        data = tasks.tapped(talk, screen, update)
        if data is not None:
            _tapped_in_report(talk, replace(update, data=data), screen)


def _tapped_in_report(talk: Talk, update: Incoming, screen: Focus) -> None:
    """A button of the conversation; its id begins with the report or organ."""
    prefix, slash, data = update.data.partition("/")
    if not slash:
        data = update.data
    elif prefix.startswith("g"):
        # The year is asked for this organ.
        organ = read_number(prefix[1:])
        if organ is None or not talk.may_open(screen, organ):
            talk.answer(update, words.NO_ACCESS)
            return
        if screen.report_id is not None or screen.organ_id != organ:
            screen = talk.focus_on(screen, None, organ)
    else:
        report = read_number(prefix)
        if report is None or not talk.allowed(report, screen):
            talk.answer(update, words.NO_ACCESS)
            return
        screen = talk.focus_on(screen, report)
    target = CardPlace(update.chat, message=update.message) if update.message else None
    if sharing.entered(talk, screen, data, update):
        return
    if data in ("", "show"):
        talk.step(screen, Opened(), query=update, target=target)
    elif any(knows_button(Session(form, talk.clock.today), data) for form in WITH_ALL_QUESTIONS):
        talk.step(screen, Tapped(data), query=update, target=target)
    else:
        talk.answer(update, words.OLD_BUTTON)
