"""Cards around the report: organ and year, the list of sections, earlier years, the end."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.checks.questions import Question
from conversations.county.status import FILE
from conversations.form.organ import Level
from conversations.reminders.open_work import taps
from conversations.reminders.tasks import newest_year
from conversations.sign_off.rights import Action
from conversations.sign_off.states import Deed, ReportState
from conversations.talk.buttons import button, in_rows, short_mark
from conversations.talk.cards.who import share_button
from conversations.talk.derived import (
    changed_lines,
    gap_names,
    missing_line,
    remaining,
    remarks_of,
    section_lines,
    todo_questions,
)
from conversations.talk.effects import Button, Buttons, MessageKind, Say, Tone
from conversations.talk.other_forms import form_buttons
from conversations.talk.remarks import unsettled
from conversations.talk.session import Session
from conversations.wording import remarks, sign_off
from conversations.wording import talk as wording
from conversations.wording.county_source import FROM_FILE

LEVELS = tuple(Level)


def level_buttons() -> Buttons:
    """The levels to choose from."""
    return tuple(
        in_rows(
            (
                button(wording.LEVELS[level], "lv", i)
                for i, level in enumerate(LEVELS)
                if level is not Level.UNKNOWN
            ),
            2,
        )
    )


def organ_card(_session: Session) -> Say:
    return Say(MessageKind.CARD, wording.ask_organ(), asks=("organ",))


def year_card(session: Session) -> Say:
    this = session.today.year
    buttons = year_buttons(session)
    return Say(MessageKind.CARD, wording.ask_year(this - 1, this), buttons, ("year",))


def year_buttons(session: Session) -> Buttons:
    """The last year and this one."""
    this = session.today.year
    return (tuple(button(f"{year}年", "y", year) for year in (this - 1, this)),)


def contents_card(session: Session) -> Say:
    todo = todo_questions(session)
    review = button(wording.REVIEW, "rev")
    finished = session.final and not (session.changed or session.gaps or todo)
    untouched = not session.answers.among([*session.form.cells, *session.form.section])
    rows: list[tuple[Button, ...]] = []
    behind: list[tuple[Button, ...]] = []
    if session.imported:
        year = newest_year(session.today)
        rows.append((button(wording.FILL_IN.format(year=year), "y", year, tone=Tone.MAIN),))
        if not session.place.unlocked:
            rows.append((button(wording.UNLOCK, "unlock"),))
    elif not session.may(Action.WRITE):
        rows.append((next_button(session, todo),))
    elif untouched:
        figures = taps(remaining(session, todo).figures)
        rows.append((button(wording.figures_first(figures), "fig", tone=Tone.MAIN),))
        rows.append((button(wording.TEXTS_FIRST, "txt"),))
    elif finished:
        rows.append((review,))
    else:
        rows.append((next_button(session, todo),))
    if session.may(Action.SETTLE) and (waiting := session.sign_off.open_remarks):
        rows.append((button(remarks.see(len(waiting)), "so"),))
    rows += section_buttons(session)
    if finished and session.may(Action.FINISH) and not session.standing.leader:
        behind += form_buttons()
    if not session.imported:
        # Not needed before the first answer.
        (behind if untouched else rows).extend(final_row(session, todo))
    others = [title_button(session), *remark_buttons(session), *([] if finished else [review])]
    others += [button(wording.MAKE_DRAFT, "dra"), button(wording.PREPARE, "prep")]
    others += [*share_button(session), button(wording.TO_OTHER_YEAR, "yr")]
    lines, missing = section_lines(session, todo), missing_line(session, todo)
    text = wording.contents(session.organ, session.year, missing, lines)
    if session.imported:
        text += "\n" + wording.IMPORTED
    if session.source == FILE:
        text += "\n" + FROM_FILE
    elif session.final and not session.standing.leader:
        text += "\n" + (wording.FINAL_STALE if session.changed else wording.FINAL_CURRENT)
    text = "\n".join([text, *sign_off_lines(session)])
    brief = wording.contents(session.organ, session.year, missing, ())
    return Say(
        MessageKind.CARD, text, tuple(rows), more=(*behind, *in_rows(others, 2)), again=brief
    )


def next_button(session: Session, todo: Sequence[Question]) -> Button:
    """The next step before the final document; else the document."""
    if not session.may(Action.WRITE):
        return sign_off_button(session)
    names = gap_names(session)
    if names:
        return button(wording.fill_next(names[0]), "go", tone=Tone.MAIN)
    if todo:
        label = wording.explain(question_name(session, todo[0]))
        return button(label, "fx", short_mark(todo[0].key), tone=Tone.MAIN)
    if session.can(Deed.SUBMIT):
        return button(sign_off.SUBMIT, "sub", tone=Tone.GO)
    if session.standing.leader or not session.may(Action.FINISH):
        return button(wording.MAKE_DRAFT, "dra")
    label = wording.MAKE_FINAL_AGAIN if session.final else wording.MAKE_FINAL
    return button(label, "fin", tone=Tone.GO)


def sign_off_button(session: Session) -> Button:
    """A button to the report's state on its way to publication."""
    asked = session.can(Deed.APPROVE)
    label = sign_off.TO_DECIDE if asked else sign_off.SEE[session.sign_off.state]
    return button(label, "so", tone=Tone.MAIN)


def sign_off_lines(session: Session) -> list[str]:
    """What the clerk needs to know of the sign-off while working."""
    signed, lines = session.sign_off, list[str]()
    if signed.state is ReportState.RETURNED and session.standing.leader:
        lines += filter(None, (sign_off.TO_MEND, unsettled(session)))
    if signed.correction is not None:
        lines.append(sign_off.correction(signed.correction.note.get("reason", "")))
    return lines


def final_row(session: Session, todo: Sequence[Question]) -> Buttons:
    """The button for the final document or submission, with what it still waits for."""
    missing = remaining(session, todo)
    if not missing.places or not session.may(Action.WRITE):
        return ()
    if session.can(Deed.SUBMIT):
        return ((button(wording.final_waits(missing, sign_off.SUBMIT), "sub"),),)
    return ((button(wording.final_waits(missing, wording.MAKE_FINAL), "fin"),),)


def section_buttons(session: Session) -> Buttons:
    """The sections to fill in or look at."""
    sections = session.form.sections
    verb = "s" if session.may(Action.WRITE) else "lk"
    return tuple(in_rows((button(f"{s.number}、{s.short}", verb, s.item) for s in sections), 2))


def remark_buttons(session: Session) -> list[Button]:
    """The texts around the tables, to change or remove."""
    form, verb = session.form, "ps" if session.may(Action.WRITE) else "lk"
    return [button(form.name_of(item), verb, form.number[item]) for item, _ in remarks_of(session)]


def title_button(session: Session) -> Button:
    """Title, introduction and signature."""
    verb = "o" if session.may(Action.WRITE) else "lk"
    return button(wording.WORDING, verb, session.form.wording["title"])


def question_name(session: Session, question: Question) -> str:
    """The place of a finding, in a few words."""
    form, cause = session.form, question.cause
    if cause.narrative:
        section = form.section.get(cause.narrative)
        return section.short if section else form.name_of(cause.narrative)
    return form.lines[form.cells[cause.cells[0]].line].short if cause.cells else cause.id


def lookup_card(session: Session) -> Say:
    rows: list[tuple[Button, ...]] = [(button(wording.BACK_TO_QUESTION, "lyx", tone=Tone.MAIN),)]
    rows += in_rows(
        (button(f"{s.number}、{s.short}", "lyv", s.item) for s in session.form.sections), 2
    )
    if session.has_earlier:
        rows.append((button(wording.COMPARE, "yoy"),))
    return Say(MessageKind.CARD, wording.LOOK_UP, tuple(rows))


def restart_card(session: Session) -> Say:
    rows = (
        (button(wording.NO_RESTART, "rstn", tone=Tone.MAIN),),
        (button(wording.RESTART, "rsty", tone=Tone.DANGER),),
    )
    return Say(MessageKind.CARD, wording.restart(len(session.answers)), rows)


def done_card(session: Session) -> Say:
    rows: list[tuple[Button, ...]] = []
    changed = changed_lines(session)
    text = wording.DONE
    if changed:
        text = wording.DONE_STALE + "\n" + wording.changed(changed)
        rows.append((button(wording.REVIEW, "rev", tone=Tone.MAIN),))
    elif session.sign_off.publication is not None:
        text = sign_off.standing(ReportState.PUBLISHED)
    elif session.can(Deed.RECORD_APPROVAL):
        rows.append((button(sign_off.OFF_LINE, "ofl"),))
    again = ""
    rows.append((button(wording.MENU, "menu"), button(wording.MODIFY, "rev")))
    if not changed:
        rows += form_buttons()
        again = wording.OTHER_FORMS_BELOW
    return Say(MessageKind.CARD, text, tuple(rows), again=again)
