"""Moves of last year: its figures and texts are shown, taken over, looked up."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.checks.findings import Report
from conversations.form.answers import Number
from conversations.form.local_notice import form_of
from conversations.form.model import CellId, Form, Line, LineKind, Narrative, Section, Table
from conversations.talk.buttons import button
from conversations.talk.derived import offered, table_of
from conversations.talk.draft import Draft, draft_of
from conversations.talk.effects import Chart, Draw, MessageKind
from conversations.talk.moves.figures import store_and_go
from conversations.talk.moves.onward import resume
from conversations.talk.moves.texts import split_text
from conversations.talk.moves.turn import Turn, line_of, say_expired, section_of
from conversations.talk.session import State
from conversations.wording import talk as wording

LOOKED_UP = 12  # matching lines shown


def year_table(report: Report, section: Section) -> str:
    """A whole table of another year, readable on a phone."""
    table = table_of(section)
    figures = report.figures
    shown: list[str] = []
    zeros = unknown = 0
    for line in table.lines:
        values = {cell.id: figures.get(cell.id) for cell in line.printed}
        if all(value is None for value in values.values()):
            unknown += 1
        elif all(values[cell.id] == 0 for cell in line.cells):
            zeros += 1
        else:
            shown.append(f"· {line.short}：{wording.figures_of(line, values)}")
    return wording.last_year_table(section, report.year, shown, zeros, unknown)


def see_last_year(turn: Turn) -> None:
    """Last year's whole table, or whole text, beside the open question."""
    last = turn.session.last_year
    section = section_of(turn)
    if last is None or section is None:
        say_expired(turn, wording.NO_LAST_YEAR)
        return
    if isinstance(section.body, Table):
        turn.note(year_table(last, section))
    else:
        text = last.answers.text(section.id)
        if text is None:
            say_expired(turn, wording.NO_LAST_YEAR)
            return
        for piece in split_text(wording.last_year_text(section, last.year, text), wording.LIMIT):
            turn.note(piece)


def use_last_text(turn: Turn) -> None:
    """Last year's text as the draft of this year's, with its updated and unresolved places."""
    last = turn.session.last_year
    section = section_of(turn)
    text = last.answers.text(section.id) if last and section else None
    if last is None or section is None or text is None or not isinstance(section.body, Narrative):
        say_expired(turn, wording.NO_LAST_YEAR)
        return
    if turn.session.answers.text(section.id) is not None:
        rewrite = button(wording.REWRITE, "rw", section.item)
        turn.say(MessageKind.NOTE, wording.TEXT_STANDS, ((rewrite,),), item=section.id)
        return
    draft = draft_of(turn.session, section.id)
    assert draft is not None
    turn.visit(State.NARRATIVE, section.id)
    _keep_draft(turn, section, draft, frozenset())
    changed = [draft.around(c.start, c.end, c.right) for c in draft.changes]
    left = [draft.around(start, end) for start, end in draft.left]
    turn.note(wording.draft_taken(changed, left))
    for piece in split_text(draft.with_all_but(frozenset()), wording.LIMIT):
        turn.say(MessageKind.COPY, piece)


def _keep_draft(turn: Turn, section: Section, draft: Draft, refused: frozenset[str]) -> None:
    text = draft.with_all_but(refused)
    turn.save({section.id: text})
    turn.put_parts(((0, text),))


def refuse_change(turn: Turn) -> None:
    """Undo a change of the draft, or make it again; only while the text is still the draft."""
    section = turn.session.form.section.get(turn.place.item)
    draft = draft_of(turn.session, section.id) if section else None
    if section is None or draft is None:
        say_expired(turn)
        return
    refused = draft.refused_in(turn.session.answers.text(section.id) or "")
    if refused is None or turn.mark not in {change.mark for change in draft.changes}:
        say_expired(turn)
        return
    _keep_draft(turn, section, draft, refused ^ {turn.mark})


def same_as_last_year(turn: Turn) -> None:
    """Take last year's figures for the open cells of this line."""
    line = line_of(turn)
    last = turn.session.last_year
    if line is None or last is None or line.kind is not LineKind.ASKED:
        say_expired(turn, wording.NO_LAST_YEAR)
        return
    values = offered(turn.session, line)
    if not values:
        say_expired(turn, wording.NO_LAST_YEAR)
        return
    take_over(turn, line, values)


def take_over(turn: Turn, line: Line, values: Mapping[CellId, Number]) -> None:
    """Store the offer as if typed."""
    if turn.place.item != line.id:
        turn.go(State.LINE, line.id, back=turn.place.returning)
    store_and_go(turn, values, {}, (), line)


def look_up(turn: Turn) -> None:
    """`/lastyear`: choose a section, or type a name; the open question waits."""
    session = turn.session
    if not set(session.years) - {session.year} and session.last_year is None:
        say_expired(turn, wording.NO_LAST_YEAR)
        return
    place = turn.place
    if place.state is not State.LOOKUP:
        turn.go(State.LOOKUP, "", back=(*place.back, (place.state, place.item)))
    if turn.text.strip():
        look_up_typed(turn)


def lines_named(form: Form, text: str) -> list[Line]:
    """The lines whose printed or short name contains a text."""
    return [
        line
        for line in form.lines.values()
        if text and (text in "".join("".join(line.path).split()) or text in line.short)
    ]


def last_year_asked(turn: Turn) -> None:
    """「去年行政许可多少」 at any question: answer it, and ask the question again."""
    if turn.session.last_year is None:
        say_expired(turn, wording.NO_LAST_YEAR)
    else:
        look_up_typed(turn)


def look_up_typed(turn: Turn) -> None:
    """The figure of the named row in each stored year."""
    text = "".join(turn.text.split())
    years = dict(turn.session.years)
    if turn.session.last_year is not None:
        years.setdefault(turn.session.last_year.year, turn.session.last_year)
    hits = lines_named(turn.session.form, text)
    if not hits or len(text) > 30:
        turn.refuse(wording.NOTHING_FOUND.format(text=wording.shorten(turn.text, 20)))
        return
    lines: list[str] = []
    for line in hits[:LOOKED_UP]:
        lines.append(line.short)
        for year in sorted(years, reverse=True):
            figures = years[year].figures
            values = {cell.id: figures.get(cell.id) for cell in line.printed}
            known = any(value is not None for value in values.values())
            said = wording.figures_of(line, values) if known else "没有数据"
            lines.append(f"　{year}年：{said}")
    if len(hits) > LOOKED_UP:
        lines.append(wording.more_hits(len(hits)))
    for piece in split_text("\n".join(lines), wording.LIMIT):
        turn.note(piece)


def compare_years(turn: Turn) -> None:
    """This year's figures against last year's, and a picture of the stored years."""
    from conversations.talk.year_on_year import compare, table_text

    session = turn.session
    last = session.last_year
    if not session.has_earlier:
        say_expired(turn, wording.NO_LAST_YEAR)
        return
    if turn.is_again("years"):
        turn.note(wording.JUST_MADE)
        return
    if last is not None:
        form = form_of(session.form.edition)  # the printed figures
        rows = compare(form, session.answers, last.answers)
        turn.note(table_text(form, rows, session.year))
    turn.effects.append(Draw(Chart.YEARS))


def leave_look_up(turn: Turn) -> None:
    """Back to the open question."""
    resume(turn, turn.place.back)
