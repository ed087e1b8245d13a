"""A plan in words: a short table for a phone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conversations.document.read.blocks import Left, LeftOut
from conversations.form import FORMS
from conversations.form.answers import Value, grouped
from conversations.form.model import Form, ItemId, Table
from conversations.talk.importing.plan import (
    Conflict,
    ImportPlan,
    KeptOut,
)
from conversations.wording import checks as check_wording
from conversations.wording import importing as wording
from conversations.wording.talk import shorten

MOST_SHOWN = 12


def plan_text(plan: ImportPlan) -> str:
    """What was read, what was not, and what to check; 0 figures are counted together."""
    form = plan.form
    lost = check_wording.not_read(plan.lost, FORMS[plan.edition])
    lines = [
        *([lost] if lost else []),
        check_wording.head("", plan.organ, plan.year, plan.edition).removeprefix("："),
        *plan.notes,
    ]
    figures = form.cells.keys() - form.sums.keys()
    known, asked = len(figures & plan.values.keys()), len(figures)
    if not plan.values and not plan.doubtful:
        return "\n".join([*lines, wording.NOTHING_READ])
    lines.append(
        wording.READ_ALL.format(count=known)
        if known == asked
        else wording.READ_SOME.format(count=known, unread=asked - known)
    )
    for section in form.sections:
        if isinstance(section.body, Table):
            lines += _table(plan, section.heading, section.body)
    lines.append(_text_lengths(plan))
    lines += [
        f"{form.section[section].number}、{wording.left_out(left)}"
        for section, left in by_section(plan.left_out).items()
    ]
    if plan.totals:
        lines.append(wording.WRONG_TOTALS.format(count=len(plan.totals)))
        lines += _some(
            f"· {check_wording.cell_name(t.cell)}：印的是 {grouped(t.printed)}，"
            f"相加是 {grouped(t.computed)}"
            for t in plan.totals
        )
    if plan.doubtful:
        lines.append(wording.DOUBTFUL.format(count=len(plan.doubtful)))
        lines += _some(
            f"· {check_wording.cell_name(cell)} {grouped(d.value)}（{d.why}）"
            for cell, d in plan.doubtful.items()
        )
    if plan.unread:
        lines.append(f"{wording.UNREAD}{check_wording.places(plan.unread)}")
    lines += _kept_out(plan)
    if plan.leftover:
        lines.append(wording.LEFTOVER.format(count=len(plan.leftover)))
        lines += _some(f"· {shorten(text, 40)}" for text in plan.leftover)
    if plan.conflicts:
        lines.append(wording.CONFLICTS.format(count=len(plan.conflicts)))
        lines += _some(conflict_text(form, c) for c in plan.conflicts)
    if plan.same:
        lines.append(wording.SAME.format(count=len(plan.same)))
    return "\n".join(lines)


def by_section(left_out: Iterable[LeftOut]) -> dict[ItemId, list[tuple[Left, int]]]:
    """What was left out of each section's text."""
    sections: dict[ItemId, list[tuple[Left, int]]] = {}
    for left in left_out:
        sections.setdefault(left.section, []).append((left.what, left.count))
    return sections


def conflict_text(form: Form, conflict: Conflict) -> str:
    """«· 行政许可：已有 295，文件 300»; of a text its length and its beginning."""
    return (
        f"· {item_name(form, conflict.item)}：已有 {_short(conflict.stands)}，"
        f"文件 {_short(conflict.read)}"
    )


def item_name(form: Form, item: ItemId) -> str:
    """A figure, section or piece of wording in short words."""
    return check_wording.cell_name(item) if item in form.cells else form.name_of(item)


def _short(value: Value) -> str:
    if not isinstance(value, str):
        return grouped(value)
    return f"{len(value)} 字「{shorten(value, 16)}」"


def _some(lines: Iterable[str]) -> list[str]:
    every = list(lines)
    if len(every) <= MOST_SHOWN:
        return every
    return [*every[:MOST_SHOWN], f"……共 {len(every)} 项"]


def _table(plan: ImportPlan, heading: str, table: Table) -> list[str]:
    """The lines of a table that are not 0, the rest together."""
    figures = plan.figures
    lines = [heading]
    zeros = 0
    for line in table.lines:
        known = [(cell, figures.get(cell.id)) for cell in line.printed]
        zeros += sum(value == 0 for _, value in known)
        told = [
            (cell.column.name, grouped(value))
            for cell, value in known
            if value is not None and value
        ]
        if told and len(line.printed) == 1:
            lines.append(f"· {line.short} {told[0][1]}")
        elif told:
            lines.append(f"· {line.short}：{' '.join(f'{name} {value}' for name, value in told)}")
    if zeros == sum(1 for _ in table.cells):
        lines[0] += f"：{wording.ALL_ZERO}"
    elif zeros:
        lines.append(f"· {wording.ZEROS.format(count=zeros)}")
    return lines


def _text_lengths(plan: ImportPlan) -> str:
    form = plan.form
    told = [
        f"{section.number}、{len(text)} 字"
        for section in form.sections
        if isinstance(text := plan.values.get(section.id), str)
    ]
    others = (*form.wording_names, *form.remark)
    told += [form.name_of(item) for item in others if item in plan.values]
    return wording.TEXTS.format(told="，".join(told)) if told else wording.NO_TEXTS


def _kept_out(plan: ImportPlan) -> list[str]:
    """The figures that are not taken, by reason, each with its value."""
    reasons: dict[str, list[KeptOut]] = {}
    for kept in plan.kept_out:
        reasons.setdefault(kept.why, []).append(kept)
    lines = []
    for why, all_kept in reasons.items():
        lines.append(wording.KEPT_OUT.format(why=why, count=len(all_kept)))
        telling: Sequence[KeptOut] = [kept for kept in all_kept if kept.printed not in {"0", ""}]
        lines += _some(f"· {check_wording.cell_name(k.cell)} {k.printed}" for k in telling)
    return lines
