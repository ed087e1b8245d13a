"""The step in the making, and what every move needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING

from conversations.answers.only_figures import only_figures
from conversations.answers.short import is_no, is_yes
from conversations.checks import check_items
from conversations.checks.findings import Finding
from conversations.checks.texts.unwanted import is_placeholder
from conversations.document.read.blocks import LeftOut
from conversations.document.write.content import clean_text
from conversations.form.answers import Value
from conversations.form.model import ItemId, Line, Narrative, Section, Table
from conversations.form.texts import as_stored
from conversations.sign_off.rights import transition
from conversations.sign_off.states import Deed
from conversations.sign_off.status import SignOff, SignOffRecord
from conversations.talk.buttons import button, short_mark
from conversations.talk.derived import what_stands
from conversations.talk.effects import THIS_STEP, Button, Decide, Effect, MessageKind, Save, Say
from conversations.talk.events import (
    ImpossibleEvent,
    LedgerRead,
    NeedsReading,
    NotRead,
    Reading,
    ReportRead,
    SumOffered,
)
from conversations.talk.session import Parts, Pending, Place, Session, State, Stop
from conversations.wording import sign_off
from conversations.wording import talk as wording

if TYPE_CHECKING:
    from conversations.document.read.report import ReadReport

AGAIN = timedelta(seconds=10)  # within which the same document is not made again
LONGEST_ROW = 40  # characters of a message of figures
TEXT_LIMIT = 100_000  # characters of one narrative, far above any published one
MOST_LINES = 3_000  # lines of a text, which may be a report with each cell on its own line

# Only characters of figures and their names.
_ROW = re.compile(r"[\w\s,，、;；:：.。()（）/-]+")


class Turn:
    """The step in the making: the session as it becomes, and the effects so far."""

    __slots__ = (
        "_checked",
        "about",
        "argument",
        "effects",
        "ledger",
        "left",
        "mark",
        "offered",
        "order",
        "photo",
        "read",
        "reading",
        "session",
        "text",
        "to",
        "unread",
        "visited",
    )

    def __init__(self, session: Session, reading: Reading | None = None) -> None:
        self.session = session
        self.reading = reading
        self.to: AbstractSet[State] = frozenset()
        self.effects: list[Effect] = []
        self._checked: tuple[Session, dict[frozenset[ItemId], tuple[Finding, ...]]] | None = None
        self.text = ""
        self.about = ""
        self.order = 0
        self.argument = 0
        self.mark = ""
        self.read: ReportRead | None = None
        self.unread: NotRead | None = None
        self.left: tuple[LeftOut, ...] = ()
        self.ledger: LedgerRead | None = None
        self.offered: SumOffered | None = None
        self.photo: str | None = None
        self.visited = False  # the change was at another place: return afterwards

    @property
    def place(self) -> Place:
        return self.session.place

    def findings(self, items: Iterable[ItemId]) -> tuple[Finding, ...]:
        """The present findings on these items; computed once for the same answers."""
        session, wanted = self.session, frozenset(items)
        if self._checked is None or self._checked[0].answers is not session.answers:
            self._checked = (session, {})
        findings = self._checked[1].get(wanted)
        if findings is None:
            findings = self._checked[1][wanted] = check_items(session.report, wanted)
        return findings

    def say(
        self,
        kind: MessageKind,
        text: str,
        buttons: Iterable[Sequence[Button]] = (),
        item: ItemId | None = None,
    ) -> None:
        rows = tuple(tuple(row) for row in buttons)
        self.effects.append(Say(kind, text[: wording.LIMIT + 500], rows, item=item))

    def refuse(self, text: str) -> None:
        self.say(MessageKind.REFUSAL, text)

    def note(self, text: str) -> None:
        self.say(MessageKind.NOTE, text)

    def is_too_long(self, text: str) -> bool:
        """Whether a text is too long; says so."""
        for found, most, said in (
            (len(text), TEXT_LIMIT, wording.TOO_LONG),
            (text.count("\n") + 1, MOST_LINES, wording.TOO_MANY_LINES),
        ):
            if found > most:
                self.refuse(said.format(found=f"{found:,}", limit=f"{most:,}"))
                return True
        return False

    def report_in(self, text: str) -> ReadReport | None:
        """
        The whole report that a text contains, None if it is no report.

        Raises:
            NeedsReading: It has to be read first.
        """
        if self.reading is None or self.reading.text != text:
            raise NeedsReading(text)
        return self.reading.report

    def put_parts(self, parts: tuple[tuple[int, str], ...]) -> None:
        """Set the pieces of the text that is arriving."""
        self.put(replace(self.place, parts=parts))

    def put(self, place: Place) -> None:
        """
        Go to a place, or change the particulars of the present one.

        Raises:
            ImpossibleEvent: The move does not lead there.
        """
        if place.state not in self.to:
            raise ImpossibleEvent(f"this move does not lead to {place.state.value}")
        self.session = self.session.at(place)

    def go(self, state: State, item: ItemId = "", *, back: tuple[Stop, ...] | None = None) -> None:
        """Move; a pending question or half-finished text of the old place stays behind."""
        self.put(self.place.moved(state, item, back))

    def visit(self, state: State, item: ItemId) -> None:
        """Go to the place of a change before making it, to come back afterwards."""
        place = self.place
        if (place.state, place.item) != (state, item):
            self.go(state, item, back=place.returning)
            self.visited = True

    def save(self, changes: Mapping[ItemId, Value | None], door: str = "") -> None:
        """Store real changes, each with its history; from now on the session has them."""
        answers = self.session.answers
        real = {
            i: v if v is None or isinstance(v, str) else as_stored(i, v)
            for i, v in changes.items()
            if answers.get(i) != v
        }
        if not real:
            return
        self.effects += [Save(i, answers.get(i), v, door) for i, v in real.items()]
        since = self.session.since_final
        if self.session.final:
            since = {**{i: answers.get(i) for i in real}, **since}
        self.session = replace(self.session, answers=answers.changed(real), since_final=since)

    def decide(self, deed: Deed, note: Mapping[str, str] | None = None) -> None:
        """Take a step of the sign-off; later cards show the report in its new state."""
        session = self.session
        self.effects.append(Decide(deed, note or {}))
        step = transition(session.standing, deed, session.sign_off.state)
        if step is not None:
            record = SignOffRecord(
                THIS_STEP,
                deed,
                step.target,
                session.by,
                "",
                session.now,
                "",
                0,
                session.fingerprint,
                note or {},
            )
            remarks = session.sign_off.remarks
            if deed is Deed.RETURN:
                remarks = tuple(remark.went_with(THIS_STEP, session.by) for remark in remarks)
            signed = SignOff((*session.sign_off.records, record), remarks)
            self.session = replace(session, sign_off=signed)
            if deed in (Deed.APPROVE, Deed.RECORD_APPROVAL):
                self.session = replace(self.session, final=True, since_final={})

    def say_stale(self) -> None:
        """After a change: say that the final or approved document is out of date."""
        session = self.session
        if session.final and session.changed:
            self.note(sign_off.STALE if session.standing.leader else wording.FINAL_STALE)

    def is_again(self, what: str) -> bool:
        """Whether the same was made of the same answers a moment ago: a double tap."""
        mark = short_mark(f"{what} {sorted(self.session.answers.items())!r}")
        before, _, at = self.place.made.partition(" ")
        now = self.session.now
        if before == mark and at and now:
            passed = datetime.fromisoformat(now) - datetime.fromisoformat(at)
            if abs(passed) < AGAIN:
                return True
        self.put(replace(self.place, made=f"{mark} {now}"))
        return False


def begun(place: Place, item: ItemId) -> Place:
    """Mark the text of a section as unfinished until 「完成」."""
    return replace(place, begun=tuple(dict.fromkeys((*place.begun, item))))


def keep_begun(turn: Turn, section: Section, text: str, parts: Parts) -> None:
    """Save the text of a section so far, and go on with it."""
    turn.save({section.id: text})
    stop = (State.NARRATIVE, section.id)
    turn.go(*stop, back=tuple(other for other in turn.place.back if other != stop))
    turn.put(replace(begun(turn.place, section.id), parts=parts))


def ended(place: Place, item: ItemId) -> Place:
    """Mark the text of a section as finished."""
    return replace(place, begun=tuple(other for other in place.begun if other != item))


Action = Callable[[Turn], None]


def say_expired(turn: Turn, text: str = wording.PAST) -> None:
    """
    An old button without effect: say so, and show the present answer at its place.

    A button changes that answer; the card shows the open question.
    """
    session = turn.session
    item = session.form.item.get(turn.argument, "")
    now = what_stands(session, item)
    if not now or text not in (wording.PAST, wording.ALREADY):
        turn.note(text)
        return
    modify = button(wording.MODIFY, "o", turn.argument)
    turn.say(MessageKind.NOTE, wording.stands_now(text, now), ((modify,),), item=item)


def pending_of(turn: Turn) -> Pending | None:
    """The pending question, if the button is about it; else say that it is past."""
    place = turn.place
    if place.pending is None or turn.mark not in ("", place.mark):
        say_expired(turn)
        return None
    return place.pending


def line_of(turn: Turn) -> Line | None:
    """The line that a button's number names, or the line of the cell it names."""
    form = turn.session.form
    item = form.item.get(turn.argument, "")
    if item in form.cells:
        return form.lines[form.cells[item].line]
    return form.lines.get(item)


def section_of(turn: Turn) -> Section | None:
    form = turn.session.form
    return form.section.get(form.item.get(turn.argument, ""))


def on_table(action: Callable[[Turn, Section], None]) -> Action:
    """A move on the table that a button's number names; expired if it names none."""
    return _on(Table, action)


def on_text(action: Callable[[Turn, Section], None]) -> Action:
    """A move on the text section that a button's number names."""
    return _on(Narrative, action)


def _on(body: type[Table | Narrative], action: Callable[[Turn, Section], None]) -> Action:
    @wraps(action)
    def move(turn: Turn) -> None:
        section = section_of(turn)
        if section is not None and isinstance(section.body, body):
            action(turn, section)
        else:
            say_expired(turn)

    return move


def is_no_text(turn: Turn, text: str) -> bool:
    """Whether a message is no part of a text: a placeholder, a yes or no, a row's name, figures."""
    said = text.strip()
    if (
        is_yes(said)
        or is_no(said)
        or any(said == row.short for row in turn.session.form.lines.values())
    ):
        return True
    figures = len(text) <= LONGEST_ROW and any(map(str.isdigit, text))
    figures = figures and _ROW.fullmatch(text) is not None
    return is_placeholder(text) or (figures and only_figures(text, turn.session.form.edition))


def clean(turn: Turn, text: str) -> str:
    """The text without characters that a document cannot hold; the clerk is told about them."""
    kept, removed = clean_text(text)
    if removed:
        turn.note(wording.removed(removed))
    return kept
