"""Cards of one finding, and of everything that is left before the document."""

from __future__ import annotations

from conversations.checks import check_report
from conversations.checks.findings import Finding, Grade
from conversations.form.answers import grouped
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


def finding_name(session: Session, finding: Finding) -> str:
    """Where a finding is, in a few words."""
    if finding.cells:
        line = session.form.lines[session.form.cells[finding.cells[0]].line]
        return f"{finding.id} {line.short}"
    if finding.narrative and finding.narrative in session.form.section:
        return f"{finding.id} {session.form.section[finding.narrative].short}"
    return {"title": f"{finding.id} 标题", "introduction": f"{finding.id} 引言"}.get(
        finding.narrative or "", finding.id
    )


def finding_card(session: Session) -> Say:
    form = session.form
    finding = standing_finding(session, session.place.item)
    if finding is None:
        return Say(
            MessageKind.CARD, wording.RESOLVED, ((button(wording.GO_ON, "go", tone=Tone.MAIN),),)
        )
    fixes: list[Button] = []
    tables: set[ItemId] = set()
    for cell in finding.cells:
        line = form.lines[form.cells[cell].line]
        if line.kind is LineKind.ASKED and cell not in form.sums:
            value = session.figures.get(cell)
            name = wording.cell_name(form, cell)
            if value is not None:
                name += f" {grouped(value)}"
            fixes.append(button(wording.change(name), "o", form.cells[cell].number))
        elif line.kind is LineKind.ASKED:
            name = f"{line.short} {grouped(session.figures.get(cell) or 0)}"
            fixes.append(button(wording.change(name), "o", line.number))
        elif line.kind is LineKind.SUM:
            tables.add(form.section_of[line.id].id)
    fixes += [
        button(wording.FIX_RESULTS[3:], "pick", form.section[section].item) for section in tables
    ]
    if finding.narrative:
        number = form.number.get(finding.narrative)
        if number is not None:
            fixes.append(button(wording.MODIFY, "o", number))
    if finding.id == "B2":
        fixes.append(button(wording.LEVEL, "lvl"))
    park = button(wording.PARK, "park", short_mark(finding.key))
    text = wording.finding(finding) + "\n\n"
    if finding.grade is Grade.E:
        text += wording.FINDING_E
        asks: tuple[ItemId, ...] = ()
        # What was put aside once is now to be corrected.
        again = short_mark(finding.key) in session.place.parked and fixes
        rows = [*in_rows(fixes, 2), (park,)] if again else [(park,), *in_rows(fixes, 2)]
    else:
        text += wording.FINDING_W
        asks = (f"explanation:{finding.id}",)
        rows = [*in_rows(fixes, 2), (park,)]
    rows.append((button(wording.MENU, "menu"),))
    return Say(MessageKind.CARD, text, tuple(rows), asks)


def review_card(session: Session) -> Say:
    form = session.form
    names = gap_names(session)
    findings = todo_findings(session)
    todo: list[str] = []
    rows: list[tuple[Button, ...]] = []
    if names:
        todo.append(wording.gaps(names))
        rows.append((button(wording.fill_next(names[0]), "go", tone=Tone.MAIN),))
    for finding in findings[:8]:
        todo.append(
            wording.shorten(
                f"{wording.GRADES[finding.grade]}（{finding.id}）{finding.message}", 300
            )
        )
        rows.append(
            (
                button(
                    wording.explain(finding_name(session, finding)),
                    "fx",
                    short_mark(finding.key),
                    tone=Tone.PLAIN,
                ),
            )
        )
    if len(findings) > 8:
        todo.append(f"……共 {len(findings)} 处要处理。")
    lines = section_lines(session)
    lines.append(f"标题：{' / '.join(title_of(session).split(chr(10)))}")
    for explanation in session.explanations[-8:]:
        lines.append(wording.shorten(f"说明（{explanation.check}）：{explanation.text}", 120))
    if not names and not findings:
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
    if not names and not findings:
        text = wording.review(session.organ, session.year, session.level, guessed, lines, [])
        if todo:
            text += "\n" + "\n".join(todo)
    return Say(MessageKind.CARD, text[: wording.LIMIT], tuple(rows))
