"""Tasks, reminders and the county's views at the Telegram door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import handle
from bot.county import door as county
from bot.county import organ_door
from bot.reminding.asker import Asker, Reply
from bot.task_door import COMMANDS, VERBS, TaskDoor
from bot.telegram import members
from bot.telegram.incoming import Incoming
from bot.telegram.screen import Call
from bot.telegram.talk import Talk
from conversations.answers.ledger import Sheet
from conversations.talk.events import Commanded
from conversations.wording.reminders import ALL_JOINED, GO, INVITE, NUDGE, TOMORROW, WEEK
from storage.messages import HAND_OUT
from storage.people import Focus
from storage.tasks import Tasks

MOST_LINKS = 20  # messages sent for one tap


def command(talk: Talk, screen: Focus, event: Commanded) -> bool:
    """A command about tasks, reminders or the organs below; false for any other."""
    if event.name == "help" and (hint := organ_door.hint(_asker(talk, screen.person))):
        talk.say(screen.person, hint)
    if event.name in COMMANDS:
        reply = _door(talk, screen.person).command(event.name, event.argument, screen.report_id)
    else:
        reply = county.command(_asker(talk, screen.person), event.name, event.argument)
    if reply is not None:
        _deliver(talk, screen.person, reply)
    return reply is not None


def typed(talk: Talk, screen: Focus, text: str) -> bool:
    """A message that one of the county's views waits for; false for any other."""
    reply = county.typed(_asker(talk, screen.person), text)
    if reply is not None:
        _deliver(talk, screen.person, reply)
    return reply is not None


def sent(talk: Talk, screen: Focus, sheets: Sequence[Sheet]) -> bool:
    """A workbook with a list of organs, from an administrator of some; false for any other."""
    reply = organ_door.sent(_asker(talk, screen.person), sheets)
    if reply is not None:
        _deliver(talk, screen.person, reply)
    return reply is not None


def tapped(talk: Talk, screen: Focus, update: Incoming) -> str | None:
    """
    A button: returns the data to continue with, None if it is done.

    「继续填写」 of a reminder becomes a button of the conversation.
    """
    verb, _, rest = update.data.partition(":")
    if verb in (INVITE, GO, TOMORROW, WEEK, NUDGE) and update.message:
        Tasks(talk.unit).arrived(screen.person, update.message)
    if verb == INVITE:
        organs = _door(talk, screen.person).not_joined(rest)
        talk.answer(update, "" if organs else ALL_JOINED)
        for organ in organs[:MOST_LINKS]:
            members.say_link(talk, screen, organ, "clerk")
        return None
    if verb == county.COUNTY:
        reply: Reply | None = county.tapped(_asker(talk, screen.person), rest)
    elif verb in VERBS:
        reply = _door(talk, screen.person).tapped(update.data)
    else:
        return update.data
    if reply is None:
        return update.data
    if reply.go:
        return reply.go
    if reply.step:
        report_id, event = reply.step
        talk.step(talk.focus_on(screen, report_id), event, query=update)
        return None
    makes = reply.files or reply.picture or reply.document
    if makes and talk.lately.is_second_tap(update, talk.clock.now, talk.job):
        talk.answer(update)
        return None
    talk.answer(update, reply.toast)
    if reply.instead and update.message and len(reply.says) == 1:
        talk.put_instead(screen.person, update.message, reply.says[0])
        reply = replace(reply, says=())
    _deliver(talk, screen.person, reply)
    return None


def _asker(talk: Talk, person: int) -> Asker:
    return Asker(talk.unit, person, talk.clock.now, talk.door.admins, talk.door.username)


def _door(talk: Talk, person: int) -> TaskDoor:
    return TaskDoor(talk.unit, person, talk.clock.now, talk.door.admins)


def _deliver(talk: Talk, person: int, reply: Reply) -> None:
    talk.job.sends += reply.told
    shown = None
    for said in reply.says:
        shown = talk.put(person, said)
    if reply.hands_out is not None:
        talk.send(person, Call(HAND_OUT, {**reply.hands_out, "shown": shown and shown.id}))
    if reply.picture is not None:
        talk.send(person, Call("sendPhoto", dict(reply.picture)))
    if reply.document is not None:
        _document(talk, person, reply.document)
    for file in reply.files:
        talk.send_file(person, file.name, file.content, file.caption)


def _document(talk: Talk, person: int, report_id: int) -> None:
    """The present document of a report: that of its version, the final one, or a draft."""
    by = talk.people.key(person)
    stored = talk.unit.load(report_id, by)
    session = handle.session_of(talk.unit, stored, by, talk.clock)
    version = stored.sign_off.version
    call = Call("sendDocument", {}, final=stored.is_final, version=version.id if version else 0)
    payload = talk.document(session, report_id, call) | {"report": report_id}
    talk.send(person, replace(call, payload=payload))
