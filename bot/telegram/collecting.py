"""
Files of organs below, in the chat of their administrator: results, buttons, decisions.

Results wait in the store for a decision, so buttons still work after a restart. Rights are checked
at each tap, for the organ that is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.access import Access
from bot.button_numbers import read_number
from bot.county.collected_table import as_xlsx, state_of
from bot.county.collecting import Found, Item, Taken
from bot.files.checking import may_be_report
from bot.telegram.incoming import Incoming
from bot.telegram.jobs import CardPlace
from bot.telegram.screen import Call, Decoration, pieces
from bot.telegram.talk import Talk
from conversations.checks.findings import Grade
from conversations.county.assigning import Doubt
from conversations.county.received import RECEIVED, FileState, Received, ReceivedFile
from conversations.reminders.tasks import newest_year
from conversations.sign_off.rights import Action
from conversations.talk.effects import Say
from conversations.talk.events import FileRead, ReportRead
from conversations.wording import county_received as wording
from conversations.wording.county import COUNTY, NOT_YOURS
from storage import kept
from storage.messages import FETCH
from storage.organs import below
from storage.people import Focus

SHORT = 600  # characters of a kept sentence


def wants(talk: Talk, screen: Focus, update: Incoming) -> dict[str, Any]:
    """
    Additions to a file that is to be fetched for an administrator of organs below.

    An archive is answered at once, by the message that then shows progress.
    """
    if update.file is None or not may_be_report(update.file.name):
        return {}
    if not talk.access(screen).heads():
        return {}
    added: dict[str, Any] = {"county": True}
    if update.caption:
        added["caption"] = update.caption
    if update.file.name.lower().endswith(".zip"):
        said = wording.READING.format(name=update.file.name)
        added["shown"] = talk.send(screen.person, Call("sendMessage", {"text": said})).id
    return added


def arrived(
    talk: Talk,
    screen: Focus,
    wanted: Mapping[str, Any],
    event: Found | Taken,
    *,
    publishes: bool,
) -> FileRead | None:
    """
    Handle a file that was read; returns what does not concern organs below.

    `publishes` says that the published report is asked for.
    """
    if isinstance(event, Taken):
        _taken(talk, screen, wanted, event)
        return None
    (first, *_) = event.items
    if not event.archive and not _is_offered(screen, first, publishes=publishes):
        assert first.checked.read is not None
        return ReportRead(event.name, first.checked.read)
    files = tuple(_file(item) for item in event.items)
    if files[0].year != newest_year(talk.clock.today) and not event.archive:
        why = wording.NOT_THIS_YEAR.format(year=files[0].year)
        files = (replace(files[0], why=(*files[0].why, why)),)
    received = Received(event.name, event.archive, files)
    now, person = talk.clock.now, screen.person
    number = kept.keep(talk.unit, person, RECEIVED, received.written(), now, event.content)
    _forward(talk, person, event)
    if event.archive:
        if "shown" in wanted:
            read = Decoration(wording.READ.format(name=event.name))
            talk.job.decorations.append((CardPlace(person, row=wanted["shown"]), read))
        talk.put(person, wording.listed(number, received))
    else:
        talk.put(person, wording.offer(number, 0, files[0]))
    return None


def _is_offered(screen: Focus, item: Item, *, publishes: bool) -> bool:
    """Whether a single report is an organ's below, not the person's own work."""
    if item.office is not None:
        own = {member.organ_id for member in screen.member}
        own |= {screen.report_organ or 0} if publishes else set()
        return item.office.id not in own
    if screen.report_id is None:
        return True
    return not publishes and bool({Doubt.DIFFERS, Doubt.SEVERAL} & {*item.doubts})


def _file(item: Item) -> ReceivedFile:
    read, office = item.checked.read, item.office
    return ReceivedFile(
        item.file,
        office.id if office else 0,
        office.name if office else "",
        (read.year if read else None) or item.year,
        FileState(state_of(item, ())),
        tuple(doubt.value for doubt in item.doubts),
        tuple(why[:SHORT] for why in item.why),
        tuple((near.id, near.name) for near in item.assignment.near[:4]),
        item.count(Grade.E),
        item.count(Grade.W),
        item.corrects,
    )


def _forward(talk: Talk, person: int, event: Found) -> None:
    """The texts for each organ, one message each; and all results as a spreadsheet."""
    texts = [item.text for item in event.items if item.text and not item.is_fine]
    if texts:
        talk.say(person, wording.FORWARD)
    for text in texts[: wording.MOST_FORWARDED]:
        for piece in pieces(text):
            talk.say(person, piece)
    if len(texts) > wording.MOST_FORWARDED:
        left = len(texts) - wording.MOST_FORWARDED
        talk.say(person, wording.MORE_TO_FORWARD.format(count=left))
    if event.archive:
        sheet = as_xlsx(event.items, ())
        talk.send_file(person, wording.SHEET_NAME, sheet, wording.SHEET_CAPTION)


def _taken(talk: Talk, screen: Focus, wanted: Mapping[str, Any], event: Taken) -> None:
    """The results for the files, above those that are left."""
    said = kept.kept(talk.unit, screen.person, RECEIVED, event.waiting)
    if not said:
        talk.note(screen, wording.GONE, apart=True)
        return
    received = Received.read(said)
    done, left = [], []
    names = dict(below_all(talk, screen))
    for place, refused in event.results.items():
        if refused:
            left.append((place, refused.why))
            doubts = tuple(doubt.value for doubt in refused.doubts)
            state = FileState.DOUBT
            received = received.changed(place, state=state, doubts=doubts, why=(refused.why,))
            continue
        done.append(place)
        organ = wanted["files"][str(place)]
        name = names.get(organ, received.files[place].name)
        received = received.changed(place, state=FileState.STORED, organ=organ, name=name)
    kept.change(talk.unit, screen.person, RECEIVED, event.waiting, received.written())
    said = wording.result(received, done, left)
    if len(event.results) == 1 and wanted["message"]:
        (number,) = event.results
        card = wording.offer(event.waiting, number, received.files[number])
        talk.put_instead(screen.person, wanted["message"], card)
    if "shown" in wanted:
        progress = CardPlace(screen.person, row=wanted["shown"])
        talk.job.decorations.append((progress, Decoration(said)))
    if received.archive:
        talk.put(screen.person, wording.listed(event.waiting, received, done=said))
    else:
        talk.say(screen.person, said)


def below_all(talk: Talk, screen: Focus) -> list[tuple[int, str]]:
    """The organs below those that the person is an administrator of, by name."""
    found: dict[int, str] = {}
    for head, _ in talk.access(screen).heads():
        found |= dict(below(talk.unit, head))
    return sorted(found.items(), key=lambda organ: organ[1])


# ---- buttons ----------------------------------------------------------------------------------


def tapped(talk: Talk, screen: Focus, update: Incoming) -> bool:
    """A button of these cards; false for any other."""
    prefix = f"{COUNTY}:{wording.LETTER}:"
    if not update.data.startswith(prefix):
        return False
    if not talk.access(screen).heads():
        talk.answer(update, NOT_YOURS)
        return True
    verb, *rest = update.data.removeprefix(prefix).split(":")
    numbers = [number for part in rest if (number := read_number(part, 10)) is not None]
    known = len(numbers) == len(rest) > 0
    said = known and kept.kept(talk.unit, screen.person, RECEIVED, numbers[0])
    if not said:
        talk.answer(update, wording.GONE)
        return True
    received = Received.read(said)
    card = Card(talk, screen, update, numbers[0], received)
    if verb == "d" and len(numbers) > 1 and numbers[1] < len(received.files):
        talk.answer(update)
        card.open(numbers[1])
    else:
        talk.answer(update, card.tapped(verb, numbers[1:]))
    return True


class Card:
    """An administrator's decisions on their files."""

    def __init__(
        self, talk: Talk, screen: Focus, update: Incoming, number: int, received: Received
    ) -> None:
        """`number` is that of the received files."""
        self.talk = talk
        self.screen = screen
        self.update = update
        self.number = number
        self.received = received
        self.access: Access = talk.access(screen)

    def tapped(self, verb: str, numbers: list[int]) -> str:
        """A button; returns the word on it."""
        received = self.received
        if verb == "T" and (ready := received.places(FileState.READY)):
            return self._take(ready, replaces=False)
        if verb in ("T", "l"):
            page = numbers[0] if numbers else 0
            self._instead(wording.listed(self.number, received, page))
            return ""
        if not numbers or numbers[0] >= len(received.files):
            return wording.GONE
        place, *rest = numbers
        file = received.files[place]
        match verb, rest:
            case "t", [] if file.can_be_taken:
                # Only what the card says is replaced: the organ may have begun meanwhile.
                return self._take([place], replaces=Doubt.ANSWERED.value in file.doubts)
            case "n", [] if file.waits:
                self._change(place, state=FileState.LEFT)
            case "o", [page] if file.waits:
                organs = below_all(self.talk, self.screen)
                self._instead(wording.choose(self.number, place, file, organs, page))
            case "a", [organ] if file.waits:
                return self._assign(place, organ)
            case _:
                self._instead(wording.offer(self.number, place, file))
        return ""

    def open(self, place: int) -> None:
        """The card of one file: in place of the list of organs, else below the archive's."""
        said = wording.offer(self.number, place, self.received.files[place])
        text = self.update.text or ""
        if self.received.archive and text.startswith(f"「{self.received.name}」"):
            self.talk.put(self.screen.person, said)
        else:
            self._instead(said)

    def _assign(self, place: int, organ: int) -> str:
        """The person assigns a file; its results stay as they are."""
        names = dict(below_all(self.talk, self.screen))
        if organ not in names or not self.access.may(Action.COLLECT, organ):
            return wording.NOT_BELOW
        self._change(place, organ=organ, name=names[organ], doubts=(), why=(), near=())
        return ""

    def _change(self, place: int, **changes: Any) -> None:
        self.received = self.received.changed(place, **changes)
        written = self.received.written()
        kept.change(self.talk.unit, self.screen.person, RECEIVED, self.number, written)
        self._instead(wording.offer(self.number, place, self.received.files[place]))

    def _take(self, places: list[int], *, replaces: bool) -> str:
        """Have the kept files to be taken in read again, outside this transaction."""
        organs = {place: self.received.files[place].organ for place in places}
        if not organs or self.talk.lately.is_second_tap(
            self.update, self.talk.clock.now, self.talk.job
        ):
            return ""
        if not all(self.access.may(Action.COLLECT, organ) for organ in organs.values()):
            return wording.NOT_BELOW
        wanted: dict[str, Any] = {
            "kept": self.number,
            "name": self.received.name,
            "files": {str(place): organ for place, organ in organs.items()},
            "replaces": replaces,
            "message": self.update.message,
        }
        if len(places) > 1:
            said = wording.TAKING.format(name=self.received.name, done=0, total=len(places))
            shown = self.talk.send(self.screen.person, Call("sendMessage", {"text": said}))
            wanted["shown"] = shown.id
        self.talk.send(self.screen.person, Call(FETCH, wanted))
        return wording.WORKING

    def _instead(self, said: Say) -> None:
        """Replace the tapped message."""
        self.talk.put_instead(self.screen.person, self.update.message, said)
