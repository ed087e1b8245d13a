"""Cards of one finding, and of all that is left before the document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conversations.checks import check_report
from conversations.checks.findings import Grade
from conversations.checks.questions import Question
from conversations.document.write.content import WHOLE
from conversations.form.answers import grouped
from conversations.form.model import CellId, ItemId, LineKind
from conversations.talk.buttons import button, in_rows, short_mark
from conversations.talk.cards.contents import (
    final_row,
    next_button,
    question_name,
    section_buttons,
    title_button,
)
from conversations.talk.derived import (
    changed_lines,
    explained_questions,
    gap_names,
    is_open,
    missing_line,
    section_lines,
    standing_question,
    title_of,
    todo_questions,
)
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.talk.passages import Passage, mendings, sentences_of
from conversations.talk.session import Session, State
from conversations.wording import talk as wording

# Places from which people go to a finding on purpose.
LISTS = frozenset({State.CONTENTS, State.REVIEW, State.DONE})

MOST_MENDINGS = 2
MOST_SENTENCES = 2  # sentences shown of a question about a text
MOST_CELLS = 3  # figures of a row with a button each
MOST_FIXES = 4  # buttons to what may be wrong; the rest are behind 「更多」
MOST_QUESTIONS = 8  # questions shown on the review, each with its button


def finding_card(session: Session) -> Say:
    question = standing_question(session, session.place.item)
    if question is None:
        return Say(
            MessageKind.CARD, wording.RESOLVED, ((button(wording.GO_ON, "go", tone=Tone.MAIN),),)
        )
    mark = short_mark(question.key)
    sentences = _sentences(session, question)
    every = [*_repairs(session, sentences, question), *_fixes(session, question)]
    fixes = list(in_rows(every[:MOST_FIXES], 2))
    park = (button(wording.PARK, "park", mark),)
    asks: tuple[ItemId, ...] = (f"explanation:{question.cause.id}",)
    given = {reason.key: reason.text for reason in session.explanations}
    if question.grade is Grade.E:
        asks = ()
        text = wording.FINDING_E
        # A finding that was put aside, or opened from a list, must be corrected now.
        place = session.place
        now = short_mark(question.cause.key) in place.parked or (
            bool(place.back) and place.back[-1][0] in LISTS
        )
        rows = [*fixes, park] if now and fixes else [park, *fixes]
    elif is_open(session, question):
        text = wording.FINDING_W
        rows = [*fixes, park]
    else:
        text = wording.reason_given(given[question.cause.key])
        rows = [(button(wording.KEEP, "go", tone=Tone.MAIN),), *fixes]
        rows.append((button(wording.TAKE_BACK, "unx", mark),))
    said = wording.question_found(question)
    text = "\n\n".join(filter(None, [said, _unsaid(sentences, said), text]))
    more = in_rows((*every[MOST_FIXES:], button(wording.MENU, "menu")), 2)
    return Say(MessageKind.CARD, text[: wording.LIMIT], tuple(rows), asks, more=tuple(more))


def _repairs(
    session: Session, sentences: Sequence[Passage], question: Question
) -> Iterator[Button]:
    """Buttons that repair a text: by a tap, or by editing the one sentence."""
    for mending in mendings(session, question)[:MOST_MENDINGS]:
        label = wording.mend(mending.wrong, mending.right, len(mending.places))
        yield button(label, "fix", mending.mark, tone=Tone.MAIN)
    for sentence in sentences[:1]:
        yield button(wording.CHANGE_SENTENCE, "es", sentence.mark)


def _sentences(session: Session, question: Question) -> tuple[Passage, ...]:
    """The sentences with the wrong places."""
    return sentences_of(session, (repair for part in question.parts for repair in part.repairs))


def _unsaid(sentences: Sequence[Passage], said: str) -> str:
    """The wrong sentences that are not yet quoted in full."""
    quoted = "".join(said.split())
    shown = (s.text for s in sentences if "".join(s.text.split()).strip("。！？") not in quoted)
    return wording.sentences_of(list(shown)[:MOST_SENTENCES])


def _fixes(session: Session, question: Question) -> list[Button]:
    """Where the figures are changed; in short beside the repair of a text."""
    found = list(_figures(session, question))
    if question.cause.repairs and len(found) == 1:
        _, verb, number = ("", *found[0].id.split(":"))
        return [button(wording.CHANGE_IN_TABLE, verb, number)]
    return found


def _figures(session: Session, question: Question) -> Iterator[Button]:
    """Buttons to what may be wrong: figures, a whole row for several of them, the text."""
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
        yield button(wording.FIX_RESULTS, "pick", form.section[section].item)
    narrative = form.number.get(question.cause.narrative or "")
    if narrative is not None and not any(part.repairs for part in question.parts):
        yield button(wording.MODIFY, "o", narrative)
    if question.cause.id == "B2":
        yield button(wording.LEVEL, "lvl")


def review_card(session: Session) -> Say:
    questions = todo_questions(session)
    rows: list[tuple[Button, ...]] = [(next_button(session, questions),)]
    todo: list[str] = []
    if names := gap_names(session):
        todo.append(wording.gaps(names))
    for question in questions[:MOST_QUESTIONS]:
        todo.append(wording.shorten(wording.question_found(question), 300))
        name = question_name(session, question)
        rows.append((button(wording.explain(name), "fx", short_mark(question.key)),))
    if questions and not names:
        del rows[1]  # it is the main button
    if len(questions) > MOST_QUESTIONS:
        todo.append(f"……共 {len(questions)} 处要处理。")
    lines = section_lines(session, questions) if names or questions else []
    lines.append(f"标题：{' / '.join(title_of(session).split(chr(10)))}")
    for question, reason in explained_questions(session)[-MOST_QUESTIONS:]:
        name = question_name(session, question)
        lines.append(wording.shorten(f"{wording.reason_of(name)}：{reason.text}", 120))
        rows.append((button(wording.reason_of(name), "fx", short_mark(question.key)),))
    hints = [finding for finding in check_report(session.report) if finding.grade is Grade.H]
    if hints:
        todo += [*([""] if todo else []), wording.hints(hints[:6], 30)]
    changed = changed_lines(session)
    if session.final and changed:
        todo += [*([""] if todo else []), wording.changed(changed)]
    rows += final_row(session, questions)
    rows.append((button(wording.MAKE_DRAFT, "dra"),))
    whole = session.answers.text("table_breaks") == WHOLE
    others = [title_button(session), button(wording.LEVEL, "lvl")]
    others.append(button(wording.TABLES[not whole], "tbl", int(not whole)))
    others += [button(wording.COMPARE, "yoy")] if session.last_year is not None else []
    others.append(button(wording.MENU, "menu"))
    text = wording.review(
        session.organ,
        session.year,
        missing_line(session, questions),
        session.level,
        session.answers.text("level") is None,
        lines,
        todo,
    )
    more = (*section_buttons(session), *in_rows(others, 2))
    brief = wording.review_again(missing_line(session, questions))
    return Say(MessageKind.CARD, text[: wording.LIMIT], tuple(rows), more=more, again=brief)
