"""Cards of a helper: the list of their sections, and their open work."""

from __future__ import annotations

from conversations.checks.questions import Question
from conversations.sign_off.rights import Action
from conversations.sign_off.states import ReportState
from conversations.talk.buttons import button, in_rows, short_mark
from conversations.talk.cards.contents import next_button, question_name, sign_off_button
from conversations.talk.derived import gap_names, missing_line, section_line, todo_questions
from conversations.talk.effects import Button, MessageKind, Say
from conversations.talk.own import own_sections
from conversations.talk.session import Session
from conversations.wording import sharing, sign_off
from conversations.wording import talk as wording

MOST_QUESTIONS = 8


def part_contents_card(session: Session) -> Say:
    """Their sections with buttons, the rest to look at."""
    todo = todo_questions(session)
    own = own_sections(session)
    rest = [section for section in session.form.sections if section not in own]
    head = wording.head(session.organ, session.year)
    missing = _missing(session, todo)
    text = sharing.part(
        head,
        missing,
        [section_line(session, section, todo) for section in own],
        [section_line(session, section, todo) for section in rest],
    )
    rows = [*_next(session, todo), *_see(session)]
    verb = "s" if session.may(Action.WRITE) else "lk"
    rows += in_rows((button(f"{s.number}、{s.short}", verb, s.item) for s in own), 2)
    more = [button(wording.REVIEW, "rev"), button(wording.MAKE_DRAFT, "dra")]
    more += [button(sharing.SEE_REST, "lk", rest[0].item)] if rest else []
    more.append(button(wording.TO_OTHER_YEAR, "yr"))
    brief = wording.contents(session.organ, session.year, missing, ())
    return Say(MessageKind.CARD, text, tuple(rows), more=tuple(in_rows(more, 2)), again=brief)


def part_review_card(session: Session) -> Say:
    """Their open work; or that it is complete, and the clerk continues."""
    todo = todo_questions(session)
    names = gap_names(session)
    rows = [*_next(session, todo)]
    said = [wording.gaps(names)] if names else []
    for question in todo[:MOST_QUESTIONS]:
        said.append(wording.shorten(wording.question_found(question), 300))
        name = question_name(session, question)
        rows.append((button(wording.explain(name), "fx", short_mark(question.key)),))
    if todo and not names:
        del rows[1]  # it is the main button
    text = sharing.part_review(
        wording.head(session.organ, session.year),
        _missing(session, todo),
        [section_line(session, section, todo) for section in own_sections(session)],
        said,
    )
    rows += [*_see(session), (button(wording.MENU, "menu"),)]
    more = ((button(wording.MAKE_DRAFT, "dra"),),)
    return Say(MessageKind.CARD, text[: wording.LIMIT], tuple(rows), more=more)


def _missing(session: Session, todo: tuple[Question, ...]) -> str:
    """The report's state, and what is missing of the part; if nothing, who continues."""
    if not own_sections(session):
        return sharing.NO_PART
    state = session.sign_off.state
    stands = [] if state is ReportState.OPEN else [sign_off.standing(state)]
    if not session.may(Action.WRITE):
        return stands[0]  # the helper has nothing to do
    return "\n".join([*stands, missing_line(session, todo)])


def _next(session: Session, todo: tuple[Question, ...]) -> list[tuple[Button, ...]]:
    open_ = session.may(Action.WRITE) and (gap_names(session) or todo)
    return [(next_button(session, todo),)] if open_ else []


def _see(session: Session) -> list[tuple[Button, ...]]:
    """A button to the report's state, once it was handed in."""
    begun = session.sign_off.state is not ReportState.OPEN
    return [(sign_off_button(session),)] if begun else []
