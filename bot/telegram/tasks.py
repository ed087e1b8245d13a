"""Tasks and reminders at the Telegram door: `bot/task_door.py`, delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reminding.asker import Reply
from bot.task_door import COMMANDS, VERBS, TaskDoor
from bot.telegram.incoming import Came
from bot.telegram.jobs import dumps
from bot.telegram.screen import Call, keyboard, pieces
from conversations.talk.events import Commanded
from storage.people import Screen
from storage.tasks import Tasks

if TYPE_CHECKING:
    from bot.telegram.turn import Turn


def command(turn: Turn, screen: Screen, event: Commanded) -> bool:
    """A command about tasks or reminders; false for any other."""
    if event.name not in COMMANDS:
        return False
    reply = _door(turn, screen.person).command(event.name, event.argument, screen.report_id)
    if reply is not None:
        _deliver(turn, screen.person, reply)
    return reply is not None


def tapped(turn: Turn, screen: Screen, came: Came) -> str | None:
    """
    A button: the data to go on with, None when all is said.

    「继续填写」 of a reminder becomes a button of the conversation.
    """
    if came.data.partition(":")[0] not in VERBS:
        return came.data
    reply = _door(turn, screen.person).tapped(came.data)
    if reply is None:
        return came.data
    if reply.go:
        return reply.go
    turn.answer(came, reply.toast)
    _deliver(turn, screen.person, reply)
    return None


def opened(turn: Turn, screen: Screen, report_id: int, year: int) -> None:
    """A member has opened a report: it has a task, and he may be reminded of it."""
    if screen.member:
        Tasks(turn.unit).opened(report_id, year, screen.person, turn.clock.today)


def joined(turn: Turn, person: int) -> None:
    """Somebody has become a member."""
    Tasks(turn.unit).wake(person)


def _door(turn: Turn, person: int) -> TaskDoor:
    return TaskDoor(turn.unit, person, turn.clock.now, turn.intake.admins)


def _deliver(turn: Turn, person: int, reply: Reply) -> None:
    for said in reply.says:
        *first, last = pieces(said.text)
        for piece in first:
            turn.say(person, piece)
        payload = {"text": last, "buttons": keyboard(said.buttons, "")}
        turn.send(person, Call("sendMessage", payload))
    for file in reply.files:
        payload = {"name": file.name, "caption": file.caption}
        row = turn.messages.say(
            person, "sendDocument", dumps(payload), file.content, turn.clock.now
        )
        turn.job.sends.append(row)
