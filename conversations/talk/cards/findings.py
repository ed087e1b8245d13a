"""Cards of one finding, and of everything that is left before the document."""

from __future__ import annotations

from collections.abc import Iterator

from conversations.checks import check_report
from conversations.checks.findings import Grade
from conversations.checks.questions import Question
from conversations.form.answers import grouped
from conversations.form.model import CellId, ItemId, LineKind
from conversations.talk.buttons import button, in_rows, short_mark
from conversations.talk.derived import (
    changed_lines,
    explained_questions,
    gap_names,
    is_open,
    section_lines,
    standing_question,
    title_of,
    todo_questions,
)
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.talk.session import Session
from conversations.wording import talk as wording

MOST_CELLS = 3  # of a row that have a button each
MOST_QUESTIONS = 8  # that are told on the review, each with its button


def question_name(session: Session, question: Question) -> str:
    """Where something was found, in a few words."""
    form, cause = session.form, question.cause
    if cause.narrative and cause.narrative in form.section:
        return form.section[cause.narrative].short
    if cause.narrative:
        return wording.WORDING_ITEMS[cause.narrative]
    return form.lines[form.cells[cause.cells[0]].line].short if cause.cells else cause.id


def finding_card(session: Session) -> Say:
    question = standing_question(session, session.place.item)
    if question is None:
        return Say(
            MessageKind.CARD, wording.RESOLVED, ((button(wording.GO_ON, "go", tone=Tone.MAIN),),)
        )
    mark = short_mark(question.key)
    fixes = list(in_rows(_fixes(session, question), 2))
    park = (button(wording.PARK, "park", mark),)
    asks: tuple[ItemId, ...] = (f"explanation:{question.cause.id}",)
    given = {reason.key: reason.text for reason in session.explanations}
    if question.grade is Grade.E:
        asks = ()
        text = wording.FINDING_E
        # What was put aside once is now to be corrected.
        put_aside = short_mark(question.cause.key) in session.place.parked
        rows = [*fixes, park] if put_aside and fixes else [park, *fixes]
    elif is_open(session, question):
        text = wording.FINDING_W
        rows = [*fixes, park]
    else:
        text = wording.reason_given(given[question.cause.key])
        rows = [(button(wording.KEEP, "go", tone=Tone.MAIN),), *fixes]
        rows.append((button(wording.TAKE_BACK, "unx", mark),))
    rows.append((button(wording.MENU, "menu"),))
    text = f"{wording.question_found(question)}\n\n{text}"
    return Say(MessageKind.CARD, text[: wording.LIMIT], tuple(rows), asks)


def _fixes(session: Session, question: Question) -> Iterator[Button]:
    """Buttons that lead to what may be wrong: figures, whole rows where several are, the text."""
    form = session.form
    by_line: dict[ItemId, list[CellId]] = {}
    for cell in question.cells:
        by_line.setdefault(form.cells[cell].line, []).append(cell)
    tables: dict[ItemId, None] = {}
    for item, cells in by_line.items():
        line = form.lines[item]
        if line.kind is LineKind.SUM:
            tables[form.section_of[item].id] = None
        elif line.kind is LineKind.ASKED:
            whole = len(cells) > MOST_CELLS or any(cell in form.sums for cell in cells)
            for cell in cells[:1] if whole else cells:
                name = line.short if whole else wording.cell_name(form, cell)
                value = session.figures.get(line.total.id if whole and line.total else cell)
                name += "" if value is None else f" {grouped(value)}"
                number = line.number if whole else form.cells[cell].number
                yield button(wording.change(name), "o", number)
    for section in tables:
        yield button(wording.FIX_RESULTS[3:], "pick", form.section[section].item)
    narrative = form.number.get(question.cause.narrative or "")
    if narrative is not None:
        yield button(wording.MODIFY, "o", narrative)
    if question.cause.id == "B2":
        yield button(wording.LEVEL, "lvl")


def review_card(session: Session) -> Say:
    form = session.form
    names = gap_names(session)
    questions = todo_questions(session)
    todo: list[str] = []
    rows: list[tuple[Button, ...]] = []
    if names:
        todo.append(wording.gaps(names))
        rows.append((button(wording.fill_next(names[0]), "go", tone=Tone.MAIN),))
    for question in questions[:MOST_QUESTIONS]:
        todo.append(wording.shorten(wording.question_found(question), 300))
        name = question_name(session, question)
        rows.append((button(wording.explain(name), "fx", short_mark(question.key)),))
    if len(questions) > MOST_QUESTIONS:
        todo.append(f"……共 {len(questions)} 处要处理。")
    lines = section_lines(session)
    lines.append(f"标题：{' / '.join(title_of(session).split(chr(10)))}")
    for question, reason in explained_questions(session)[-MOST_QUESTIONS:]:
        name = question_name(session, question)
        lines.append(wording.shorten(f"{wording.reason_of(name)}：{reason.text}", 120))
        rows.append((button(wording.reason_of(name), "fx", short_mark(question.key)),))
    if not names and not questions:
        again = session.final
        label = wording.MAKE_FINAL_AGAIN if again else wording.MAKE_FINAL
        rows.insert(0, (button(label, "fin", tone=Tone.GO),))
    hints = [finding for finding in check_report(session.report) if finding.grade is Grade.H]
    if hints:
        todo += ["", wording.hints(hints[:6])]
    changed = changed_lines(session)
    if session.final and changed:
        todo += ["", wording.changed(changed)]
    rows += in_rows((button(f"{s.number}、{s.short}", "s", s.item) for s in form.sections), 2)
    if session.last_year is not None:
        rows.append((button(wording.COMPARE, "yoy"),))
    rows.append((button(wording.WORDING, "o", form.wording["title"]), button(wording.LEVEL, "lvl")))
    rows.append((button(wording.MAKE_DRAFT, "dra"), button(wording.MENU, "menu")))
    guessed = session.answers.text("level") is None
    text = wording.review(session.organ, session.year, session.level, guessed, lines, todo)
    if not names and not questions:
        text = wording.review(session.organ, session.year, session.level, guessed, lines, [])
        if todo:
            text += "\n" + "\n".join(todo)
    return Say(MessageKind.CARD, text[: wording.LIMIT], tuple(rows))
