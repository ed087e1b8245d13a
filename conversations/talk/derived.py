"""
Values derived from a session: what is open, offered, carried forward, wrong, missing.

Cards show them and moves act on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from conversations.checks import check_report
from conversations.checks.findings import Explanation, Finding, Grade
from conversations.checks.questions import Question, alarms, open_questions, wants_answer
from conversations.form.answers import Figures, Number, Value, grouped
from conversations.form.model import (
    CellId,
    ItemId,
    Line,
    LineKind,
    Section,
    SectionKind,
    Table,
)
from conversations.form.organ import default_title
from conversations.sign_off.rights import may_in
from conversations.talk.buttons import short_mark
from conversations.talk.own import own_questions, own_sections
from conversations.talk.remaining import Remaining
from conversations.talk.session import Session
from conversations.talk.years import advance_title, advance_years
from conversations.wording import days, sharing, sign_off
from conversations.wording import talk as wording


def table_of(section: Section) -> Table:
    """The table of a section with figures."""
    assert isinstance(section.body, Table)
    return section.body


def asked_lines(table: Table) -> tuple[Line, ...]:
    """The lines of a table that are typed, in printed order."""
    return tuple(line for line in table.lines if line.kind is LineKind.ASKED)


def balanced(table: Table) -> Line | None:
    """The line that is computed from the balance and confirmed, if there is one."""
    return next((line for line in table.lines if line.kind is LineKind.BALANCE), None)


def sections_of_kind(session: Session, kind: SectionKind) -> tuple[Section, ...]:
    """The sections with figures, or those with text."""
    return tuple(section for section in session.form.sections if section.kind is kind)


def clerks_order(session: Session) -> tuple[Section, ...]:
    """The sections in the clerk's order: tables or texts first; for a helper, their own."""
    tables = sections_of_kind(session, SectionKind.TABLE)
    texts = sections_of_kind(session, SectionKind.NARRATIVE)
    order = (*texts, *tables) if session.place.texts_first else (*tables, *texts)
    return tuple(section for section in order if may_in(session.standing, section.id))


def asked_cells(session: Session, line: Line) -> tuple[ItemId, ...]:
    """The cells that an answer to a line fills: its open cells, or all if none is open."""
    open_cells = tuple(cell.id for cell in line.cells if cell.id not in session.answers)
    return open_cells or tuple(cell.id for cell in line.cells)


def carry_now(session: Session, line: Line) -> dict[CellId, int | None]:
    """The computed value of each column of the balanced line (件)."""
    figures = session.figures
    return {cell.id: figures.balance(cell.id) for cell in line.cells}


def carry_mark(session: Session, line: Line) -> str:
    """A mark of the figures that a confirmation of 结转下年度 is about."""
    return short_mark(repr(sorted(carry_now(session, line).items())))


def carry_text(session: Session, line: Line) -> tuple[str, int, str]:
    """The arithmetic of the total, the remainder (件), and its columns."""
    figures = session.figures
    totals = []
    for column in range(3):
        total = 0
        for cell in line.cells:
            plus, minus = session.form.balance[cell.id]
            group = (*plus, *minus)
            total += int(figures.get(group[column]) or 0)
        totals.append(total)
    left = totals[0] + totals[1] - totals[2]
    now = carry_now(session, line)
    where = "，".join(f"{cell.column.name} {now[cell.id]}" for cell in line.cells if now[cell.id])
    return wording.carry_sentence(totals[0], totals[1], totals[2], left), left, where


def line_figures(session: Session, line: Line) -> str:
    """The figures of a line as a sentence, «» if none is answered."""
    return _figures_said(session.figures, line)


def _figures_said(figures: Figures, line: Line) -> str:
    values = {cell.id: figures.get(cell.id) for cell in line.printed}
    if all(values[cell.id] is None for cell in line.cells):
        return ""
    return wording.figures_of(line, values)


def what_stands(session: Session, item: ItemId) -> str:
    """The answer at a line, figure or text, in short; «» without one."""
    form = session.form
    line = form.lines.get(form.cells[item].line if item in form.cells else item)
    if line is not None and line.kind is LineKind.ASKED:
        figures = line_figures(session, line)
        return f"{line.short}：{figures}" if figures else ""
    text = session.answers.text(item)
    if text is None or item not in form.section:
        return ""
    return f"{form.section[item].heading}：“{wording.shorten(text, 30)}”"


def last_year_figures(session: Session, line: Line) -> str:
    """Last year's figures of a line as a sentence, «» if unknown."""
    return _figures_said(session.last_year.figures, line) if session.last_year else ""


def offered(session: Session, line: Line) -> dict[CellId, Number]:
    """
    Last year's offers for the open cells of a line; empty if unknown.

    上年结转 is offered the figures that last year carried forward; other cells their own figure.
    """
    last = session.last_year
    if last is None or line.kind is not LineKind.ASKED:
        return {}
    values: dict[CellId, Number] = {}
    for cell in session.open_in(line.id):
        value = last.figures.get(session.form.bridge.get(cell, cell))
        if value is None:
            return {}
        values[cell] = value
    return values


def is_open(session: Session, question: Question) -> bool:
    """Whether a question is open: a part is E, or W without a reason."""
    return any(wants_answer(session.report, part) for part in question.parts)


def todo_findings(session: Session) -> tuple[Finding, ...]:
    """Open findings: E, and W without a reason."""
    report = session.report
    return tuple(f for f in check_report(report) if wants_answer(report, f))


def todo_questions(session: Session) -> tuple[Question, ...]:
    """Open findings grouped by cause, corrections first."""
    report = session.report
    return own_questions(session, open_questions(report, check_report(report)))


def explained_questions(session: Session) -> tuple[tuple[Question, Explanation], ...]:
    """Questions answered by a reason that counts, with the reason."""
    reasons = {reason.key: reason for reason in session.explanations}
    return tuple(
        (question, reasons[question.cause.key])
        for question in alarms(check_report(session.report))
        if not is_open(session, question)
    )


def standing_question(session: Session, key: str) -> Question | None:
    """The present question for a key: same check, same place, new numbers."""
    for question in alarms(check_report(session.report)):
        if question.stands_at(key):
            return question
    return None


def gap_names(session: Session) -> list[str]:
    """Missing lines and sections, in the clerk's order."""
    names: list[str] = []
    for section in clerks_order(session):
        if isinstance(section.body, Table):
            names += [
                f"{section.body.short}「{line.short}」"
                for line in section.body.lines
                if session.is_open(line.id)
            ]
        elif session.is_open(section.id):
            names.append(f"第{section.number}节文字")
    return names


def where(session: Session) -> str:
    """The place of the clerk in a few words; «» for a place without work."""
    form, item = session.form, session.place.item
    if item in form.cells or item in form.lines:
        line = form.lines.get(item)
        name = line.short if line else wording.cell_name(form, item)
        return f"{table_of(form.section_of[item]).short}「{name}」"
    section = form.section.get(item)
    if section is None:
        return wording.STATIONS.get(session.place.state.value) or wording.PIECES.get(item, "")
    return section.body.short if isinstance(section.body, Table) else f"第{section.number}节文字"


def wanted_items(section: Section) -> Iterator[ItemId]:
    """Everything of a section that wants an answer."""
    if isinstance(section.body, Table):
        for line in section.body.lines:
            if line.kind is not LineKind.SUM:
                yield from (cell.id for cell in line.cells)
    else:
        yield section.id


def remaining_in(session: Session, section: Section, todo: Iterable[Question]) -> Remaining:
    """The open work of one section; `todo` are the open questions of the report."""
    here = [question.grade for question in todo if section_of(session, question) is section]
    corrections, reasons = here.count(Grade.E), here.count(Grade.W)
    if not isinstance(section.body, Table):
        text = int(session.is_open(section.id))
        return Remaining(texts=text, corrections=corrections, reasons=reasons)
    asked = session.form.asked_in.get(section.id, ())
    figures = len(asked) - len(session.answers.among(asked))
    line = balanced(section.body)
    balance = int(not figures and line is not None and session.is_open(line.id))
    return Remaining(figures, 0, balance, corrections, reasons)


def remaining(session: Session, todo: Sequence[Question]) -> Remaining:
    """The open work of the whole report; for a helper, of their sections."""
    sections = [remaining_in(session, section, todo) for section in own_sections(session)]
    grades = [question.grade for question in todo]
    return Remaining(
        sum(section.figures for section in sections),
        sum(section.texts for section in sections),
        sum(section.balances for section in sections),
        grades.count(Grade.E),
        grades.count(Grade.W),
    )


def section_of(session: Session, question: Question) -> Section | None:
    """The section to be corrected: of its text, else of its figures; None for title and whole."""
    cause, form = question.cause, session.form
    if cause.narrative:
        remark = form.remark.get(cause.narrative)
        return form.section.get(remark.section if remark else cause.narrative)
    return form.section_of[cause.cells[0]] if cause.cells else None


def section_line(session: Session, section: Section, todo: Iterable[Question]) -> str:
    """The state of one section."""
    untouched = all(item not in session.answers for item in wanted_items(section))
    begun = not untouched or (session.place.item == section.id and bool(session.place.parts))
    return wording.section_state(section, remaining_in(session, section, todo), begun=begun)


def section_lines(session: Session, todo: Sequence[Question]) -> list[str]:
    """The states of the six sections, and the texts around their tables."""
    form = session.form
    lines = [section_line(session, section, todo) for section in form.sections]
    lines += [wording.remark(form.name_of(item), text) for item, text in remarks_of(session)]
    return lines


def remarks_of(session: Session) -> list[tuple[ItemId, str]]:
    """The texts around the tables, which are never asked for."""
    texts = ((item, session.answers.text(item)) for item in session.form.remark)
    return [(item, text) for item, text in texts if text]


def missing_line(session: Session, todo: Sequence[Question]) -> str:
    """What is missing and the deadline, in one line."""
    return "，".join(filter(None, missing_lines(session, todo)))


def missing_lines(session: Session, todo: Sequence[Question]) -> tuple[str, str]:
    """
    What is missing, for a helper in their part only, and the deadline; «» if nothing waits for the
    deadline.
    """
    whole = remaining(session, todo)
    helps = session.standing.confined is not None
    if helps and not whole.places:
        return sharing.PART_DONE if own_sections(session) else sharing.NO_PART, ""
    wants_wording = (
        not whole.places and session.wording_open is not None and may_in(session.standing, "")
    )
    due = "" if session.final or session.imported else days.due(session.due, session.today)
    said = wording.missing(whole, wants_wording=wants_wording)
    return sharing.of_part(said) if helps else said, due


def standing_line(session: Session) -> str:
    """The report's state on its way to publication; «» while it is only filled in."""
    if session.standing.leader or session.sign_off.records:
        return sign_off.standing(session.sign_off.state)
    if session.final:
        return wording.FINAL_STALE if session.changed else wording.FINAL_CURRENT
    return ""


def title_of(session: Session) -> str:
    """The title as answered, else the organ's title of another year, else the default."""
    said = session.answers.text("title")
    if said is not None:
        return said
    return default_of(session, "title")


def default_of(session: Session, item: ItemId) -> str:
    """The default of a piece of wording: last year's with its year advanced."""
    kept = session.kept_wording.get(item)
    if kept is not None and item != "signature_date":
        if item == "title":
            return advance_title(kept, session.kept_year, session.year)
        return advance_years(kept, session.kept_year, session.year, around=0)
    if item == "title":
        return default_title(session.organ, session.year)
    return ""


def default_date(session: Session) -> str:
    """The offered date of the signature: the answered one, else today's."""
    said = session.answers.text("signature_date")
    return said or wording.day(session.today)


def joined(parts: Sequence[tuple[int, str]]) -> str:
    """
    The pieces of one text in the order they were written.

    Telegram cuts a long paste near 4,096 characters, in the middle of a sentence:
    after such a piece the text simply goes on, after a shorter one a paragraph ends.
    """
    joined = ""
    cut = False
    for _, part in sorted(parts, key=lambda piece: piece[0]):
        joined += ("" if cut or not joined or joined.endswith("\n") else "\n") + part
        cut = is_cut(part)
    return joined


def is_cut(part: str) -> bool:
    """Whether a message is so long that its text continues in the next."""
    return 4090 <= len(part.encode("utf-16-le", "surrogatepass")) // 2 <= 4096


def changed_lines(session: Session) -> list[str]:
    """The changes since the last final document, one per line."""
    return change_lines(session, session.changed)


def change_lines(
    session: Session, changes: Mapping[ItemId, tuple[Value | None, Value | None]]
) -> list[str]:
    """Changed answers, (then, now), one per line."""
    form = session.form
    lines = []
    for item, (then, now) in changes.items():
        if item in form.cells:
            name = wording.cell_name(form, item)
            shown = [
                "空" if value is None or isinstance(value, str) else grouped(value)
                for value in (then, now)
            ]
            lines.append(f"· {name}：{shown[0]} → {shown[1]}")
        elif item in form.section:
            lines.append(f"· {form.section[item].heading}：文字有改动")
        elif item in form.remark or item == "table_breaks":
            lines.append(f"· {form.name_of(item)}有改动")
        else:
            lines.append("· 标题、引言或落款有改动")
    return lines
