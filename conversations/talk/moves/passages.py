"""Moves that change a place in a text: a wrong figure, a sentence, a paragraph."""

from __future__ import annotations

from dataclasses import replace

from conversations.checks import check_report
from conversations.checks.questions import alarms
from conversations.form.model import ItemId
from conversations.talk.buttons import button
from conversations.talk.derived import standing_question
from conversations.talk.effects import MessageKind
from conversations.talk.moves.onward import leave_text, say_hints
from conversations.talk.moves.texts import narrative_typed
from conversations.talk.moves.turn import TEXT_LIMIT, Turn, clean, is_no_text, say_expired
from conversations.talk.passages import (
    AFTER,
    BEFORE,
    INSTEAD,
    Passage,
    mended,
    mendings,
    passage_marked,
    passages,
)
from conversations.talk.session import Asking, Pending, State
from conversations.wording import talk as wording


def list_passages(turn: Turn) -> None:
    """Choose a paragraph of a text."""
    item = turn.session.form.item.get(turn.argument, "")
    if not turn.session.answers.text(item):
        say_expired(turn)
        return
    turn.visit(State.PASSAGE, item)
    turn.put(replace(turn.place, pending=None))


def open_passage(turn: Turn) -> None:
    """Choose a paragraph or sentence; the next message replaces it."""
    _open(turn, passage_marked(turn.session, turn.mark), INSTEAD)


def insert_before(turn: Turn) -> None:
    _open(turn, passage_marked(turn.session, turn.mark), BEFORE)


def insert_after(turn: Turn) -> None:
    _open(turn, passage_marked(turn.session, turn.mark), AFTER)


def _open(turn: Turn, passage: Passage | None, how: str) -> None:
    if passage is None:
        say_expired(turn)
        return
    turn.visit(State.PASSAGE, passage.item)
    pending = Pending(Asking.PASSAGE, text=passage.text, chosen=(passage.mark, how))
    turn.put(replace(turn.place, pending=pending))


def passage_typed(turn: Turn) -> None:
    """The new words for the passage; without a chosen one, words to search for."""
    place, session = turn.place, turn.session
    if place.pending is None:
        _find(turn)
        return
    mark, how = place.pending.chosen
    passage = passage_marked(session, mark)
    text = clean(turn, turn.text).strip("\n")
    if passage is None:
        turn.put(replace(place, pending=None))
        say_expired(turn)
    elif not text.strip():
        turn.refuse(wording.EMPTY_TEXT)
    elif is_no_text(turn, text):
        turn.refuse(wording.no_text(text, none=False))
    elif passage.is_exceeded_by(text) and passage.item in session.form.section:
        turn.go(State.NARRATIVE, passage.item)
        narrative_typed(turn)
    elif len(passage.whole) + len(text) > TEXT_LIMIT:
        found = len(passage.whole) + len(text)
        turn.refuse(wording.TOO_LONG.format(found=f"{found:,}", limit=f"{TEXT_LIMIT:,}"))
    else:
        between = "\n" if passage.is_paragraph else ""
        put = {
            INSTEAD: text,
            BEFORE: f"{text}{between}{passage.text}",
            AFTER: f"{passage.text}{between}{text}",
        }[how]
        said = wording.passage_changed(passage.text if how == INSTEAD else "", text)
        _save(turn, passage.item, passage.replaced(put), said)
        leave_text(turn, passage.item)


def _find(turn: Turn) -> None:
    """The passage that contains the typed words."""
    wanted = "".join(turn.text.split())
    found = [
        passage
        for passage in passages(turn.session, turn.place.item)
        if wanted and wanted in "".join(passage.text.split())
    ]
    if found:
        _open(turn, min(found, key=lambda passage: len(passage.text)), INSTEAD)
    else:
        turn.refuse(wording.NO_SUCH_PASSAGE.format(text=wording.shorten(turn.text, 20)))


def remove_passage(turn: Turn) -> None:
    """Remove a paragraph or sentence."""
    passage = passage_marked(turn.session, turn.mark)
    if passage is None:
        say_expired(turn)
        return
    left = passage.removed()
    if not left.strip() and passage.item not in turn.session.form.remark:
        _open(turn, passage, INSTEAD)
        turn.note(wording.NOT_THE_WHOLE)
        return
    _save(turn, passage.item, left, wording.passage_changed(passage.text, ""))
    leave_text(turn, passage.item)


def mend(turn: Turn) -> None:
    """「把 6 改成 293」: replace these words, and keep the rest of the text."""
    for question in alarms(check_report(turn.session.report)):
        for mending in mendings(turn.session, question):
            if mending.mark == turn.mark:
                text = mended(turn.session, mending)
                said = wording.mended(mending.wrong, mending.right, len(mending.places))
                _save(turn, mending.item, text, said)
                place = turn.place
                if place.state is State.FINDING and not standing_question(turn.session, place.item):
                    leave_text(turn, mending.item)
                return
    say_expired(turn, wording.RESOLVED)


def _save(turn: Turn, item: ItemId, text: str, said: str) -> None:
    form = turn.session.form
    turn.save({item: text if text.strip() else None})
    modify = ((button(wording.MODIFY, "o", form.number[item]),),) if text.strip() else ()
    turn.say(MessageKind.RESULT, f"✓ {form.name_of(item)}：{said}", modify, item=item)
    turn.say_stale()
    say_hints(turn, [item])
