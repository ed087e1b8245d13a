"""Cards of one finding, and of everything that is left before the document."""

from __future__ import annotations

from conversations.checks import check_report
from conversations.checks.findings import Finding, Grade
from conversations.form.model import (
    ItemId,
    LineKind,
)
from conversations.talk.buttons import button, in_rows, short_mark
from conversations.talk.derived import (
    changed_lines,
    gap_names,
    section_lines,
    standing_finding,
    title_of,
    todo_findings,
)
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.talk.session import Session
from conversations.wording import talk as wording


def finding_name(session: Session, found: Finding) -> str:
    """Where a finding is, in a few words."""
    if found.cells:
        line = session.form.lines[session.form.cells[found.cells[0]].line]
        return f"{found.id} {line.short}"
    if found.narrative and found.narrative in session.form.section:
        return f"{found.id} {session.form.section[found.narrative].short}"
    return {"title": f"{found.id} 标题", "introduction": f"{found.id} 引言"}.get(
        found.narrative or "", found.id
    )


def finding_card(session: Session) -> Say:
    form = session.form
    found = standing_finding(session, session.place.item)
    if found is None:
        return Say(
            MessageKind.CARD, wording.RESOLVED, ((button(wording.GO_ON, "go", tone=Tone.MAIN),),)
        )
    fixes: list[Button] = []
    tables: set[ItemId] = set()
    for cell in found.cells:
        line = form.lines[form.cells[cell].line]
        if line.kind is LineKind.ASKED and cell not in form.sums:
            value = session.figures.get(cell)
            name = wording.cell_name(form, cell)
            if value is not None:
                name += f" {wording.number(value)}"
            fixes.append(button(wording.change(name), "o", form.cells[cell].number))
        elif line.kind is LineKind.ASKED:
            name = f"{line.short} {wording.number(session.figures.get(cell) or 0)}"
            fixes.append(button(wording.change(name), "o", line.number))
        elif line.kind is LineKind.SUM:
            tables.add(form.section_of[line.id].id)
    fixes = fixes[:20]
    for section in tables:
        fixes.append(button(wording.FIX_RESULTS[3:], "pick", form.section[section].item))
    if found.narrative:
        number = form.number.get(found.narrative)
        if number is not None:
            fixes.append(button(wording.MODIFY, "o", number))
    if found.id == "B2":
        fixes.append(button(wording.LEVEL, "lvl"))
    park = button(wording.PARK, "park", short_mark(found.key))
    text = wording.finding(found) + "\n\n"
    if found.grade is Grade.E:
        text += wording.FINDING_E
        asks: tuple[ItemId, ...] = ()
        # What was put aside once is now to be corrected.
        again = short_mark(found.key) in session.place.parked and fixes
        rows = [*in_rows(fixes, 2), (park,)] if again else [(park,), *in_rows(fixes, 2)]
    else:
        text += wording.FINDING_W
        asks = (f"explanation:{found.id}",)
        rows = [*in_rows(fixes, 2), (park,)]
    rows.append((button(wording.MENU, "menu"),))
    return Say(MessageKind.CARD, text, tuple(rows), asks)


def review_card(session: Session) -> Say:
    form = session.form
    names = gap_names(session)
    found = todo_findings(session)
    todo: list[str] = []
    rows: list[tuple[Button, ...]] = []
    if names:
        todo.append(wording.gaps(names))
        rows.append((button(wording.fill_next(names[0]), "go", tone=Tone.MAIN),))
    for one in found[:8]:
        todo.append(wording.shorten(f"{wording.GRADES[one.grade]}（{one.id}）{one.message}", 300))
        rows.append(
            (
                button(
                    wording.explain(finding_name(session, one)),
                    "fx",
                    short_mark(one.key),
                    tone=Tone.PLAIN,
                ),
            )
        )
    if len(found) > 8:
        todo.append(f"……共 {len(found)} 处要处理。")
    lines = section_lines(session)
    lines.append(f"标题：{' / '.join(title_of(session).split(chr(10)))}")
    for explanation in session.explanations[-8:]:
        lines.append(wording.shorten(f"说明（{explanation.check}）：{explanation.text}", 120))
    if not names and not found:
        again = session.final
        label = wording.MAKE_FINAL_AGAIN if again else wording.MAKE_FINAL
        rows.insert(0, (button(label, "fin", tone=Tone.GO),))
    hints = [one for one in check_report(session.report) if one.grade is Grade.H]
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
    if not names and not found:
        text = wording.review(session.organ, session.year, session.level, guessed, lines, [])
        if todo:
            text += "\n" + "\n".join(todo)
    return Say(MessageKind.CARD, text[: wording.LIMIT], tuple(rows))
