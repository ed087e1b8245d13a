"""
The conversation: `step(session, event) → (session, effects)`, pure.

Every move stands once in the tables below; `docs/machine.svg` is drawn from them. A move can only
end in a state that its row names: `Turn.put` refuses any other. An answer that cannot be accepted
is a message, a total that fails is a finding; only a bug raises.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from conversations.answers.figure import ENDS
from conversations.answers.short import asks_last_year, is_no, is_none, is_yes
from conversations.form.model import Form, ItemId, LineKind, SectionKind
from conversations.sign_off import rights
from conversations.sign_off.rights import is_locked
from conversations.talk.buttons import button
from conversations.talk.cards import card
from conversations.talk.effects import Effect, Explain, MessageKind, OpenReport, Save, Say
from conversations.talk.events import (
    Commanded,
    Event,
    ImpossibleEvent,
    LedgerRead,
    NotRead,
    Opened,
    Photographed,
    Reading,
    ReportRead,
    SumOffered,
    Tapped,
    Uploaded,
)
from conversations.talk.gate import not_to_be_asked, refusal
from conversations.talk.moves import (
    confirm,
    documents,
    facts,
    figures,
    findings,
    going,
    history,
    last_year,
    ledger,
    onward,
    opening,
    passages,
    publication,
    reading,
    remarks,
    sections,
    sign_off,
    summing,
    tables,
    texts,
    title_and_signature,
    totals,
)
from conversations.talk.moves.title_and_signature import WORDING_ORDER
from conversations.talk.moves.turn import Action, Turn, say_expired
from conversations.talk.remarks import item_asked, told_there
from conversations.talk.session import Session, State
from conversations.talk.triggers import (
    CHATS,
    COMMANDS,
    DEFAULTS,
    REPEATS,
    SPOKEN,
    UNSURE,
    Trigger,
    asks_who,
    form_meant,
    meant_by,
    parse_button,
    step_meant,
)
from conversations.wording import talk as wording


@dataclass(frozen=True, slots=True)
class Move:
    """An action, and the states it may lead to; staying in the same state is always allowed."""

    action: Action
    to: AbstractSet[State] = frozenset()


# The targets of a move when the answers decide. `onward.py` chooses among them.

# A section's next question, or its end: carried forward, a finding, the whole table.
SECTION = frozenset(
    {State.LINE, State.NARRATIVE, State.TABLE, State.CARRY, State.FINDING, State.TOTAL}
)
# The next gap in the clerk's order; then title and signature; then the review.
NEXT = SECTION | {State.CONTENTS, State.WORDING, State.REVIEW}
# Back to the clerk's place, if it is not settled by now; else the next gap.
ONWARD = NEXT | {State.PASSAGE, State.ROWS, State.LOOKUP, State.DONE, State.CONFIRM}
ONWARD |= {State.PUBLISH, State.LOOK, State.REMARK, State.ANSWERING, State.SIGN_OFF}

# Moves of one state: for a typed message, and for buttons no other state has.
MOVES: dict[State, dict[Trigger, Move]] = {
    State.ORGAN: {
        Trigger.TYPED: Move(opening.organ_typed, {State.YEAR}),
    },
    State.YEAR: {
        Trigger.TYPED: Move(opening.year_typed),
        Trigger.YEAR: Move(opening.year_tapped),
    },
    State.CONTENTS: {
        Trigger.TYPED: Move(going.search),
    },
    State.LINE: {
        Trigger.TYPED: Move(figures.type_figures, ONWARD),
        Trigger.KEEP: Move(going.keep, ONWARD),
    },
    State.CELL: {
        Trigger.TYPED: Move(figures.type_figures, ONWARD),
        Trigger.KEEP: Move(going.keep, ONWARD),
    },
    State.ROWS: {
        Trigger.TYPED: Move(going.row_typed, {State.LINE}),
    },
    State.TABLE: {
        Trigger.TYPED: Move(going.table_typed, ONWARD),
    },
    State.CARRY: {
        Trigger.TYPED: Move(tables.carry_typed, {State.TABLE, State.ROWS}),
    },
    State.TOTAL: {
        Trigger.TYPED: Move(totals.total_typed, ONWARD),
        Trigger.TAKE_COMPUTED: Move(totals.take_computed, ONWARD),
        Trigger.PARK: Move(findings.park_total, ONWARD),
    },
    State.CONFIRM: {
        Trigger.TYPED: Move(confirm.confirm_typed, ONWARD | {State.CELL}),
        Trigger.YES: Move(confirm.say_yes, ONWARD),
        Trigger.NO: Move(confirm.say_no, ONWARD),
        Trigger.REPLACE: Move(texts.replace_text, {State.NARRATIVE}),
        Trigger.APPEND: Move(texts.append_text, {State.NARRATIVE}),
        Trigger.IMPORT_SWITCH: Move(reading.switch),
        Trigger.TAKE_SECTION: Move(sections.take_one, ONWARD),
        Trigger.TAKE_AS_ONE: Move(sections.take_as_one, {State.NARRATIVE}),
        Trigger.FACT: Move(facts.choose_fact),
        Trigger.DONE_TEXT: Move(texts.done_text, ONWARD),
        Trigger.KEEP: Move(going.keep, ONWARD),
    },
    State.FINDING: {
        Trigger.TYPED: Move(findings.explain, ONWARD | {State.CONFIRM}),
        Trigger.PARK: Move(findings.park, ONWARD),
        Trigger.GO_ON: Move(going.leave_finding, ONWARD),
        Trigger.LEVEL_IS: Move(documents.level_is, ONWARD),
    },
    State.NARRATIVE: {
        Trigger.REFUSE_CHANGE: Move(last_year.refuse_change),
        Trigger.TYPED: Move(texts.narrative_typed, ONWARD),
        Trigger.DONE_TEXT: Move(texts.done_text, ONWARD),
        Trigger.KEEP: Move(going.keep, ONWARD),
    },
    State.PASSAGE: {
        Trigger.TYPED: Move(passages.passage_typed, ONWARD),
        Trigger.KEEP: Move(going.keep, ONWARD),
    },
    State.WORDING: {
        Trigger.TYPED: Move(title_and_signature.wording_typed, ONWARD),
    },
    State.REVIEW: {
        Trigger.TYPED: Move(going.search),
    },
    State.RESTART: {
        Trigger.TYPED: Move(going.search),
        Trigger.RESTART_YES: Move(opening.restart_yes, {State.CONTENTS}),
        Trigger.RESTART_NO: Move(going.go_back, ONWARD),
    },
    State.DONE: {
        Trigger.TYPED: Move(going.search),
    },
    State.PUBLISH: {
        Trigger.TYPED: Move(publication.typed, ONWARD),
        Trigger.READ_IN: Move(publication.report_read, ONWARD),
        Trigger.NOT_READ: Move(publication.not_read, ONWARD),
        Trigger.NOT_PUBLISHED: Move(going.go_back, ONWARD),
    },
    State.LOOKUP: {
        Trigger.TYPED: Move(last_year.look_up_typed),
        Trigger.LOOK_UP_END: Move(last_year.leave_look_up, ONWARD),
    },
    State.LOOK: {
        Trigger.TYPED: Move(remarks.look_typed),
    },
    State.REMARK: {
        Trigger.TYPED: Move(remarks.remark_typed, ONWARD),
    },
    State.ANSWERING: {
        Trigger.TYPED: Move(remarks.answer_typed, ONWARD),
    },
    State.SIGN_OFF: {
        Trigger.TYPED: Move(sign_off.typed, ONWARD),
    },
    State.REASON: {
        Trigger.TYPED: Move(sign_off.reason_typed, {State.SIGN_OFF, State.REVIEW}),
    },
    State.OFF_LINE: {
        Trigger.TYPED: Move(sign_off.off_line_typed, {State.SIGN_OFF}),
        Trigger.PHOTO: Move(sign_off.photo_sent, {State.SIGN_OFF}),
    },
}

# Commands and buttons that work at every place, however old the button is.
ANYWHERE: dict[Trigger, Move] = {
    # figures
    Trigger.ZERO: Move(figures.zero, ONWARD | {State.CELL}),
    Trigger.ZERO_REST: Move(figures.zero_rest, SECTION),
    Trigger.ZERO_OVER: Move(figures.zero_over, {State.CONFIRM}),
    Trigger.SAME_AS_LAST_YEAR: Move(last_year.same_as_last_year, ONWARD),
    Trigger.TAKE_COMPUTED: Move(totals.take_computed),
    Trigger.ROWS: Move(tables.choose_rows, {State.ROWS}),
    Trigger.ROWS_END: Move(tables.rows_end, SECTION),
    Trigger.TABLE_RIGHT: Move(tables.table_right, ONWARD),
    Trigger.TABLE_SKIP: Move(tables.table_skip, NEXT),
    Trigger.CARRY_RIGHT: Move(tables.carry_right, {State.TABLE}),
    Trigger.COUNTS: Move(going.show_counts),
    # texts
    Trigger.NONE_TEXT: Move(texts.none_text, ONWARD),
    Trigger.REWRITE: Move(texts.rewrite, {State.NARRATIVE}),
    Trigger.USE_LAST_TEXT: Move(last_year.use_last_text, {State.NARRATIVE}),
    Trigger.SHOW_ALL: Move(texts.show_all),
    Trigger.PASSAGES: Move(passages.list_passages, {State.PASSAGE}),
    Trigger.PASSAGE: Move(passages.open_passage, {State.PASSAGE}),
    Trigger.PUT_BEFORE: Move(passages.insert_before, {State.PASSAGE}),
    Trigger.PUT_AFTER: Move(passages.insert_after, {State.PASSAGE}),
    Trigger.REMOVE: Move(passages.remove_passage, ONWARD),
    Trigger.EDIT_SENTENCE: Move(passages.open_passage, {State.PASSAGE}),
    Trigger.MEND: Move(passages.mend, ONWARD),
    Trigger.POINTS: Move(texts.show_points),
    Trigger.FACTS: Move(facts.show_facts, {State.NARRATIVE, State.CONFIRM}),
    # title, introduction and signature
    Trigger.WORDING_DEFAULT: Move(title_and_signature.wording_default, ONWARD),
    Trigger.ALL_DEFAULT: Move(title_and_signature.all_default, ONWARD),
    Trigger.NO_INTRODUCTION: Move(title_and_signature.no_introduction, ONWARD),
    Trigger.NO_SIGNATURE: Move(title_and_signature.no_signature, ONWARD),
    Trigger.INTRODUCE: Move(title_and_signature.introduce, {State.WORDING}),
    Trigger.SIGN: Move(title_and_signature.sign, ONWARD),
    Trigger.SIGNED_ON: Move(title_and_signature.signed_on, ONWARD),
    # going about
    Trigger.FIGURES_FIRST: Move(going.figures_first, NEXT),
    Trigger.TEXTS_FIRST: Move(going.texts_first, NEXT),
    Trigger.GO_ON: Move(onward.next_section, NEXT),
    Trigger.SECTION: Move(going.open_section, SECTION),
    Trigger.OPEN: Move(
        going.open_item, SECTION | {State.CELL, State.ROWS, State.WORDING, State.PASSAGE}
    ),
    Trigger.PREVIOUS: Move(going.previous, {State.LINE}),
    Trigger.LATER: Move(going.later, ONWARD),
    Trigger.UNSURE: Move(going.unsure, ONWARD),
    Trigger.FINDING: Move(findings.question_at, {State.FINDING, State.TOTAL}),
    Trigger.TAKE_BACK: Move(findings.take_back),
    Trigger.MENU: Move(going.menu, {State.CONTENTS}),
    Trigger.MORE: Move(going.show_more),
    Trigger.CANCEL: Move(going.menu, {State.CONTENTS}),
    Trigger.REVIEW: Move(documents.review, {State.REVIEW}),
    Trigger.RESTART: Move(opening.restart, {State.RESTART}),
    Trigger.STATUS: Move(documents.status),
    Trigger.SEE_PROGRESS: Move(documents.progress_picture),
    Trigger.PREPARE: Move(documents.prepare),
    Trigger.LEVEL: Move(documents.ask_level),
    Trigger.LEVEL_IS: Move(documents.level_is),
    Trigger.TABLE_BREAKS: Move(documents.set_table_breaks),
    # who has done what
    Trigger.WHO: Move(history.who),
    Trigger.HISTORY: Move(history.history),
    Trigger.SHARE: Move(history.share),
    # other years
    Trigger.SEE_LAST_YEAR: Move(last_year.see_last_year),
    Trigger.COMPARE_YEARS: Move(last_year.compare_years),
    Trigger.LAST_YEAR_ASKED: Move(last_year.last_year_asked),
    Trigger.LOOK_UP: Move(last_year.look_up, {State.LOOKUP}),
    Trigger.YEAR: Move(opening.year_tapped),
    Trigger.UNLOCK: Move(opening.unlock),
    Trigger.READ_IN: Move(reading.report_sent, {State.CONFIRM}),
    Trigger.SECTIONS_IN: Move(sections.sections_in, {State.CONFIRM}),
    # the office's own spreadsheet, and the sum over the organs below
    Trigger.LEDGER: Move(ledger.take_ledger, {State.CONFIRM}),
    Trigger.EMPTY_TABLE: Move(ledger.empty_table),
    Trigger.SUM_OFFERED: Move(summing.offer, {State.CONFIRM}),
    # looking through, and leaders' remarks
    Trigger.LOOK: Move(remarks.look, {State.LOOK}),
    Trigger.LOOK_END: Move(remarks.leave_look, ONWARD),
    Trigger.REMARK: Move(remarks.remark, {State.REMARK}),
    Trigger.OWN_REMARKS: Move(remarks.own_remarks),
    Trigger.DROP_REMARK: Move(remarks.drop_remark),
    Trigger.OPEN_REMARK: Move(
        remarks.open_remark,
        SECTION
        | {State.CELL, State.ROWS, State.WORDING, State.PASSAGE, State.LOOK, State.ANSWERING},
    ),
    Trigger.ANSWER_REMARK: Move(remarks.answer_remark, {State.ANSWERING}),
    # publication
    Trigger.PUBLISHED: Move(publication.ask, {State.PUBLISH}),
    Trigger.NOT_READ: Move(publication.say_why),
    # the documents
    Trigger.PREVIEW: Move(documents.preview),
    Trigger.DRAFT: Move(documents.preview),
    Trigger.OTHER_FORM: Move(documents.other_form),
    Trigger.FINAL: Move(documents.final_document, {State.DONE, State.REVIEW, State.WORDING}),
    # sign-off
    Trigger.SIGN_OFF: Move(sign_off.show, {State.SIGN_OFF}),
    Trigger.VERSION: Move(sign_off.version_again),
    Trigger.SIGNED_PAGE: Move(sign_off.show_photo),
    Trigger.SUBMIT: Move(sign_off.submit, {State.SIGN_OFF, State.REVIEW, State.WORDING}),
    Trigger.WITHDRAW: Move(sign_off.withdraw, ONWARD),
    Trigger.APPROVE: Move(sign_off.approve, {State.SIGN_OFF}),
    Trigger.RETURN: Move(sign_off.return_, {State.SIGN_OFF, State.REASON}),
    Trigger.REOPEN: Move(sign_off.reopen, {State.SIGN_OFF, State.REASON}),
    Trigger.OFF_LINE: Move(sign_off.off_line, {State.SIGN_OFF, State.OFF_LINE}),
}
# Moves that are possible even before the report is known.
ALWAYS: dict[Trigger, Move] = {
    Trigger.OPENED: Move(opening.opened, ONWARD | {State.ORGAN, State.YEAR}),
    Trigger.HELP: Move(going.help_),
    Trigger.UNKNOWN: Move(going.say_unknown),
    Trigger.OTHER_YEAR: Move(opening.other_year, {State.YEAR}),
}

# Buttons of one state, tapped in another: nothing is done, and this is said.
EXPIRED: dict[Trigger, str] = {
    Trigger.YES: wording.PAST,
    Trigger.NO: wording.PAST,
    Trigger.REPLACE: wording.PAST,
    Trigger.APPEND: wording.PAST,
    Trigger.IMPORT_SWITCH: wording.PAST,
    Trigger.TAKE_SECTION: wording.PAST,
    Trigger.TAKE_AS_ONE: wording.PAST,
    Trigger.FACT: wording.PAST,
    Trigger.DONE_TEXT: wording.PAST,
    Trigger.REFUSE_CHANGE: wording.PAST,
    Trigger.KEEP: wording.PAST,
    Trigger.RESTART_YES: wording.PAST,
    Trigger.RESTART_NO: wording.ALREADY,
    Trigger.PARK: wording.ALREADY,
    Trigger.LOOK_UP_END: "",
    Trigger.NOT_PUBLISHED: "",
    Trigger.PHOTO: wording.PAST,
}


def move_of(state: State, trigger: Trigger) -> Move | None:
    """The move that a trigger sets off in a state; None if there is none."""
    move = MOVES[state].get(trigger) or ALWAYS.get(trigger)
    if move is None and state not in (State.ORGAN, State.YEAR):
        move = ANYWHERE.get(trigger)
    return move


# ------------------------------------------------------------------- the step


def step(
    session: Session, event: Event, reading: Reading | None = None
) -> tuple[Session, tuple[Effect, ...]]:
    """
    Advance one conversation by one thing the clerk did.

    Effects are in the order in which the edge performs them; the last message is the card of the
    clerk's new place.

    Raises:
        NeedsReading: A text must be read first, then the event comes again with its `reading`.
        ImpossibleEvent: The tables have no such move. A bug in the caller.
    """
    turn = Turn(session, reading)
    trigger = _trigger(turn, event)
    state = turn.place.state
    if (move := move_of(state, trigger)) is not None:
        turn.to = move.to | {state}
        move.action(turn)
        remarks.settle_mended(turn, session)
        changes = any(isinstance(effect, Save | Explain) for effect in turn.effects)
        if session.imported and not session.place.unlocked and changes:
            turn = Turn(session)
            turn.say(MessageKind.NOTE, wording.LOCKED, ((button(wording.UNLOCK, "unlock"),),))
        elif refused := _refusal(session, turn):
            now = told_there(session, turn.place.item)
            turn = Turn(session)
            turn.note(wording.stands_now(refused, now) if now else refused)
            if is_locked(session.sign_off.state):
                # Its card says why, and what can be done.
                turn.to = {State.SIGN_OFF}
                sign_off.show(turn)
    elif state not in (State.ORGAN, State.YEAR) and EXPIRED[trigger]:
        say_expired(turn, EXPIRED[trigger])
    if not turn.effects or not isinstance(turn.effects[-1], OpenReport):
        again = trigger is not Trigger.OPENED and _asked(turn.session) == _asked(session)
        if turn.place.state in (State.LOOK, State.SIGN_OFF):
            again = remarks.has_remarked(turn)  # read before; otherwise show all of it
        said = card(turn.session, again=again, every=trigger is Trigger.MORE)
        turn.effects = [*(_unlike(said, effect) for effect in turn.effects), said]
    return turn.session, tuple(turn.effects)


def _refusal(session: Session, turn: Turn) -> str:
    """Why a step is refused; also a step that only asks for what would then be refused."""
    if all(isinstance(effect, Say) for effect in turn.effects):
        return not_to_be_asked(session, turn.session)
    return refusal(session, turn.effects)


def _unlike(card: Say, effect: Effect) -> Effect:
    """The same without its buttons, if the card right below has all of them."""
    if not isinstance(effect, Say) or effect.kind is not MessageKind.RESULT:
        return effect
    below = {shown.id for row in card.buttons for shown in row}
    own = {shown.id for row in effect.buttons for shown in row}
    return replace(effect, buttons=()) if own <= below else effect


def _asked(session: Session) -> tuple[object, ...]:
    """The subject of the card: if it is the same as before, the card says nothing new."""
    place = session.place
    return place.state, place.item, place.pending, place.parts, session.answers


def _trigger(turn: Turn, event: Event) -> Trigger:
    """Translate an event into a trigger of the tables, its particulars into the turn."""
    session = turn.session
    if isinstance(event, Opened):
        return Trigger.OPENED
    if isinstance(event, Commanded):
        turn.text = event.argument
        meant = COMMANDS.get(event.name)
        if meant is None and event.name.isalpha():
            meant = _spoken(turn, event.name)
        if meant is None:
            turn.text, meant = event.name, Trigger.UNKNOWN
        return meant
    if isinstance(event, Tapped):
        return _tapped(turn, event.button)
    if isinstance(event, LedgerRead):
        turn.ledger = event
        return Trigger.LEDGER
    if isinstance(event, SumOffered):
        turn.offered = event
        return Trigger.SUM_OFFERED
    if isinstance(event, ReportRead):
        turn.read = event
        return Trigger.READ_IN
    if isinstance(event, NotRead):
        turn.unread = event
        return Trigger.NOT_READ
    if isinstance(event, Photographed):
        turn.photo, turn.text = event.photo, event.text
        return Trigger.PHOTO
    if isinstance(event, Uploaded):
        turn.text, turn.left = event.text, event.left
        return _text_arrived(turn)
    text = event.text
    known = session.organ and session.year
    if event.item is None and event.order in dict(session.place.remarked):
        # An edit of the message that was a remark on the whole report.
        _be_at(turn, State.REMARK, "")
    elif event.item is not None and known and event.item in session.form.number:
        if not _visit(turn, event.item):
            turn.argument = session.form.number[event.item]
            return Trigger.OPEN
    else:
        spoken = _spoken(turn, text.strip())
        if spoken is not None:
            return spoken
        if sought := _last_year_sought(session, text):
            turn.text = sought
            return Trigger.LAST_YEAR_ASKED
    turn.text, turn.order, turn.about = text, event.order, event.about
    return _text_arrived(turn)


def _text_arrived(turn: Turn) -> Trigger:
    """Whether a text answers what is asked, or has headings that say what it is."""
    place = turn.place
    if place.state in (State.ORGAN, State.YEAR, State.NARRATIVE, State.PUBLISH, *remarks.READING):
        return Trigger.TYPED
    # The open question is settled first.
    if place.state is State.CONFIRM and (place.parts or place.item in turn.session.form.section):
        return Trigger.TYPED
    return Trigger.SECTIONS_IN if sections.are_in(turn.text) else Trigger.TYPED


def _last_year_sought(session: Session, text: str) -> str:
    """The row of last year that a message asks about; "" if it is an answer or names a row."""
    state = session.place.state
    if state in (State.ORGAN, State.YEAR, State.LOOKUP, *remarks.READING):
        return ""
    plainly = state in (State.NARRATIVE, State.WORDING, State.FINDING)
    sought = asks_last_year(text, plainly=plainly)
    named = last_year.lines_named(session.form, "".join(text.split()))
    return sought if not named and last_year.lines_named(session.form, sought) else ""


def _spoken(turn: Turn, label: str) -> Trigger | None:
    """The tap that a word stands for: a button's label, or a usual word for it."""
    session = turn.session
    if len(label) > 40 or label.replace(" ", "").isdigit():
        return None
    if label in SPOKEN and session.place.state is not State.ORGAN:
        return COMMANDS[SPOKEN[label]]
    if asks_who(label) and session.place.state not in (State.ORGAN, State.YEAR):
        turn.argument = session.form.number.get(item_asked(session), 0)
        return Trigger.WHO if turn.argument else Trigger.HISTORY
    if (step := step_meant(session, label) or form_meant(session, label)) is not None:
        turn.mark = step.mark
        return step.trigger
    buttons = [shown for row in card(session, every=True).buttons for shown in row]
    if label == wording.MORE and any(b.id == "more" for row in card(session).buttons for b in row):
        return Trigger.MORE
    for shown in buttons:
        known = shown.label.casefold()
        if label.casefold() in (known, known.partition("（")[0]):
            return _tapped(turn, shown.id)
    said = label.strip(ENDS + "！？?~").casefold()
    if session.place.state is State.WORDING and not session.place.parts:
        item = session.place.item
        if is_yes(said) or said in DEFAULTS:
            # 「好的」 to an introduction may mean either button.
            if item == "introduction" and not session.answers.text(item):
                return Trigger.HELP
            return _tapped(turn, buttons[0].id)
        if item == "title" and (is_no(said) or is_none(said)):
            return Trigger.HELP
        if meant_by(label) is CHATS:
            return Trigger.HELP
    meant = meant_by(label)
    for trigger in meant:
        for shown in buttons:
            tap = parse_button(session, shown.id)
            if tap is not None and tap.trigger is trigger:
                turn.argument, turn.mark = tap.number, tap.mark
                return Trigger.UNSURE if meant is UNSURE and trigger is Trigger.LATER else trigger
    place = session.place
    if meant is REPEATS and place.state is State.NARRATIVE:
        turn.argument = session.form.number[place.item]
        return Trigger.USE_LAST_TEXT  # says why there is none
    if meant is REPEATS and place.state is State.LINE and session.last_year is None:
        return Trigger.SAME_AS_LAST_YEAR
    # Such a word is neither a text nor a title.
    if meant and (_is_text_asked(session) or place.state is State.WORDING):
        return Trigger.HELP
    return None


def _is_text_asked(session: Session) -> bool:
    """Whether a typed message becomes running text, or continues one."""
    place = session.place
    offered = place.state is State.CONFIRM and bool(place.parts)
    return offered or place.state in (State.NARRATIVE, State.PASSAGE)


def _tapped(turn: Turn, id_: str) -> Trigger:
    tap = parse_button(turn.session, id_)
    if tap is None:
        raise ImpossibleEvent(f"no such button: {id_[:70]!r}")
    turn.argument, turn.mark = tap.number, tap.mark
    return tap.trigger


def _visit(turn: Turn, item: ItemId) -> bool:
    """
    Take an answer to another question than the open one there, and come back afterwards.

    False for a total or a whole table, which are no questions and can only be opened.
    """
    form, place = turn.session.form, turn.place
    if item in (place.item, card(turn.session).item) and place.state is not State.PASSAGE:
        return True
    # A person who may remark does not answer: a reply to any card is a remark on its place.
    remarks_on = turn.session.may(rights.Action.REMARK)
    state = State.REMARK if remarks_on else _asked_at(form, item)
    if state is None:
        return False
    _be_at(turn, state, item)
    return True


def _be_at(turn: Turn, state: State, item: ItemId) -> None:
    """Take the message at that place, and return afterwards."""
    place = turn.place
    turn.visited = True
    turn.session = turn.session.at(place.moved(state, item, place.returning))


def _asked_at(form: Form, item: ItemId) -> State | None:
    """The state in which an item is the question; None if it is never asked."""
    if item in form.cells:
        asked = form.lines[form.cells[item].line].kind is LineKind.ASKED
        return State.CELL if asked and item not in form.sums else None
    if item in form.lines:
        return State.LINE if form.lines[item].kind is LineKind.ASKED else None
    if item in form.section:
        return State.NARRATIVE if form.section[item].kind is SectionKind.NARRATIVE else None
    return State.WORDING if item in WORDING_ORDER else None
