"""
An organ's Word template in a chat: tested when it is sent, put into use or taken back by a tap.

A tested template waits in the store with its bytes, so buttons still work after a restart. Rights
are checked at each tap, for the organ that is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from bot.button_numbers import read_number
from bot.files import documents
from bot.files.documents import Tested
from bot.handle import form_of_now
from bot.telegram.incoming import Incoming
from bot.telegram.screen import Call
from bot.telegram.talk import Talk
from conversations.sign_off.rights import Action
from conversations.talk.effects import Say
from conversations.talk.events import Commanded
from conversations.wording import templates as wording
from storage import kept, templates
from storage.members import MemberReader
from storage.messages import FETCH
from storage.organ_changes import OrganDetails, details
from storage.people import Focus

TESTED = "template"  # kind of the kept data
MOST_CHOICES = 8
MOST_LINES = 6  # entries of a history
LONGEST = 20  # characters of a wish


def is_wish(said: str) -> bool:
    """Whether a text says that a file is to be a template."""
    return len(said) <= LONGEST and re.sub(r"[\W_]", "", said) in wording.WISHES


def sent(talk: Talk, screen: Focus, file: Mapping[str, Any]) -> None:
    """A file to be a template: fetched and tested outside of this transaction."""
    if not _theirs(talk, screen):
        talk.note(screen, wording.NOT_YOURS, apart=True)
        return
    wanted = {key: file[key] for key in ("file_id", "name", "message")}
    talk.send(screen.person, Call(FETCH, wanted | {"template": True, "edition": _edition(talk)}))


def tested(talk: Talk, screen: Focus, event: Tested) -> None:
    """The result of the test; a good template is kept until its sender decides."""
    organs = _theirs(talk, screen)
    if not organs:
        talk.note(screen, wording.NOT_YOURS, apart=True)
        return
    row = 0
    if event.passed:
        row = kept.keep(talk.unit, screen.person, TESTED, event.name, talk.clock.now, event.content)
    talk.put(screen.person, wording.tested(event.name, event.proof, event.why, row, organs))


def command(talk: Talk, screen: Focus, event: Commanded) -> bool:
    """/template, perhaps with an organ's name; false for anything else."""
    if event.name != "template":
        return False
    shown(talk, screen, "".join(event.argument.split()))
    return True


def shown(talk: Talk, screen: Focus, name: str = "") -> None:
    """The template of the organ with this name, else of the one on the screen, else a choice."""
    access, on_screen = talk.access(screen), screen.report_organ or screen.organ_id
    if name:
        named = MemberReader(talk.unit).organs(1, name)
        organs = [organ for organ in named if access.may(Action.LOOK, organ[0])]
    elif on_screen and access.may(Action.LOOK, on_screen):
        organs = [(on_screen, "")]
    else:
        organs = _theirs(talk, screen)
    if len(organs) == 1:
        talk.put(screen.person, _card(talk, screen, organs[0][0]))
    elif organs:
        talk.put(screen.person, wording.choose(organs))
    else:
        said = wording.NO_SUCH_ORGAN.format(organ=name) if name else wording.NO_ORGAN
        talk.note(screen, said, apart=True)


def tapped(talk: Talk, screen: Focus, update: Incoming) -> bool:
    """A button of these messages; false for any other."""
    verb, *rest = update.data.split(":")
    if verb != wording.TEMPLATE:
        return False
    numbers = [number for part in rest[1:] if (number := read_number(part)) is not None]
    word = wording.OLD
    match rest[:1], numbers:
        case ["y"], [row, organ_id]:
            word = _use(talk, screen, row, organ_id)
        case ["u"], [template]:
            word = _take_back(talk, screen, template)
        case ["o"], [organ_id] if _may_look(talk, screen, organ_id):
            talk.put(screen.person, _card(talk, screen, organ_id))
            word = ""
        case ["d"], [organ_id] if talk.access(screen).speaks_for(organ_id):
            word = _download(talk, screen, update, organ_id)
        case ["n"], []:
            word = _download(talk, screen, update)
    talk.answer(update, word)
    return True


def _theirs(talk: Talk, screen: Focus) -> list[tuple[int, str]]:
    """Id and name of the organs whose template the person may change; the first if very many."""
    access = talk.access(screen)
    ids = {screen.report_organ, screen.organ_id, *(each.organ_id for each in screen.member)}
    found = [details(talk.unit, each) for each in sorted(each for each in ids if each)]
    mine = [(each.id, each.organ) for each in found if each and _may_change(talk, screen, each)]
    return (mine or access.managed(MOST_CHOICES))[:MOST_CHOICES]


def _may_look(talk: Talk, screen: Focus, organ_id: int) -> bool:
    return talk.access(screen).may(Action.LOOK, organ_id) and bool(details(talk.unit, organ_id))


def _may_change(talk: Talk, screen: Focus, organ: OrganDetails) -> bool:
    return organ.closed_at is None and talk.access(screen).speaks_for(organ.id)


def _use(talk: Talk, screen: Focus, row: int, organ_id: int) -> str:
    """Put the tested template into use; returns the word on the button."""
    unit, person = talk.unit, screen.person
    name = kept.kept(unit, person, TESTED, row)
    content = kept.file_of(unit, person, TESTED, row)
    organ = details(unit, organ_id)
    if not name or content is None:
        return wording.GONE
    if organ is None or not _may_change(talk, screen, organ):
        return wording.NOT_YOURS
    kept.change(unit, person, TESTED, row)
    templates.use(unit, organ_id, name, content, screen.key, talk.clock.now)
    # So that the next document need not wait for it.
    with suppress(documents.TemplateError):
        documents.check_at_once(documents.of_bytes(content), _edition(talk))
    talk.put(screen.person, _card(talk, screen, organ_id, wording.used(organ.organ, name)))
    return ""


def _edition(talk: Talk) -> str:
    """The edition of new reports, for which an office makes its template."""
    return form_of_now(talk.clock.today).edition


def _take_back(talk: Talk, screen: Focus, template: int) -> str:
    """Put the previous template into use again; returns the word on the button."""
    found = templates.template(talk.unit, template)
    if found is None or not talk.access(screen).speaks_for(found.organ_id):
        return wording.NOT_IN_USE
    if not templates.undo(talk.unit, template, screen.key, talk.clock.now):
        return wording.NOT_IN_USE
    done = wording.taken_back(found.name)
    talk.put(screen.person, _card(talk, screen, found.organ_id, done))
    return ""


def _download(talk: Talk, screen: Focus, update: Incoming, organ_id: int = 0) -> str:
    """The template of an organ, or ours; returns the word on the button."""
    if talk.lately.is_second_tap(update, talk.clock.now, talk.job):
        return ""
    if organ_id:
        used = templates.in_use(talk.unit, organ_id)
        own = documents.numbered(talk.unit, talk.door.data, used.id if used else 0)
        if own is None:
            return wording.NOT_IN_USE
        content, caption = own.content, wording.IN_USE_CAPTION
        name = used.name if used else documents.TEMPLATE
    else:
        content, caption = documents.ours(_edition(talk)), wording.OURS_CAPTION
        name = wording.OURS_NAME
    talk.send_file(screen.person, name, content, caption)
    return ""


def _card(talk: Talk, screen: Focus, organ_id: int, done: str = "") -> Say:
    """An organ's template, since when, by whom, the previous one, and what was `done` just now."""
    organ, used = details(talk.unit, organ_id), templates.in_use(talk.unit, organ_id)
    assert organ is not None
    of_store = documents.of_store(talk.door.data) is not None
    now = wording.OF_STORE if of_store else wording.OF_OURS
    if used is not None:
        by = wording.who(used.by, used.person)
        now = wording.of_organ(used.organ, used.name, by, _local(talk, used.at))
    return wording.card(
        organ_id,
        organ.organ,
        now,
        _lines(talk, templates.history(talk.unit, organ_id))[-MOST_LINES:],
        changes=_may_change(talk, screen, organ),
        own=used.id if used and used.organ_id == organ_id else 0,
        file=of_store or used is not None,
        done=done,
    )


def _lines(talk: Talk, history: Sequence[templates.Template]) -> list[str]:
    """Templates put into use and taken back, in order."""
    said = []
    for each in history:
        at = _local(talk, each.at)
        said.append((at, wording.put_into_use(each.name, wording.who(each.by, each.person), at)))
        if each.ended_at is not None:
            at, by = _local(talk, each.ended_at), each.ended_by or ""
            line = wording.was_taken_back(each.name, wording.who(by, each.ended_person), at)
            said.append((at, line))
    return [line for _, line in sorted(said, key=lambda each: each[0])]


def _local(talk: Talk, moment: datetime) -> datetime:
    return moment.astimezone(talk.clock.now.tzinfo)
