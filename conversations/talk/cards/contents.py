"""Cards around the report: organ and year, the list of sections, earlier years, the end."""

from __future__ import annotations

from conversations.form.organ import Level
from conversations.talk.buttons import button, in_rows
from conversations.talk.derived import (
    changed_lines,
    section_lines,
    wanted_items,
)
from conversations.talk.effects import Button, Buttons, MessageKind, Say, Tone
from conversations.talk.session import Session
from conversations.wording import talk as wording

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
    buttons = ((button(f"{this - 1}年", "y", this - 1), button(f"{this}年", "y", this)),)
    return Say(MessageKind.CARD, wording.ask_year(this - 1, this), buttons, ("year",))


def contents_card(session: Session) -> Say:
    form = session.form
    total = sum(1 for section in form.sections for _ in wanted_items(section))
    open_count = len(session.gaps)
    lines = section_lines(session)
    rows: list[tuple[Button, ...]] = []
    if open_count == total:
        rows.append((button(wording.FIGURES_FIRST, "fig", tone=Tone.MAIN),))
        rows.append((button(wording.TEXTS_FIRST, "txt"),))
    elif open_count:
        rows.append((button(wording.GO_ON, "go", tone=Tone.MAIN),))
    elif session.final and not session.changed:
        rows.append((button(wording.REVIEW, "rev"),))
    else:
        rows.append((button(wording.REVIEW, "rev", tone=Tone.MAIN),))
    rows += in_rows(
        (button(f"{s.number}、{s.short}", "s", s.item) for s in form.sections),
        2,
    )
    extra = [button(wording.WORDING, "o", form.wording["title"])]
    if open_count:
        extra.append(button(wording.REVIEW, "rev"))
    rows += in_rows(extra, 2)
    rows.append((button(wording.MAKE_DRAFT, "dra"), button(wording.PREPARE, "prep")))
    text = wording.contents(session.organ, session.year, lines, total - open_count, total)
    if session.final:
        text += "\n" + (wording.FINAL_STALE if session.changed else wording.FINAL_CURRENT)
    return Say(MessageKind.CARD, text, tuple(rows))


def lookup_card(session: Session) -> Say:
    rows: list[tuple[Button, ...]] = [(button(wording.BACK_TO_QUESTION, "lyx", tone=Tone.MAIN),)]
    rows += in_rows(
        (button(f"{s.number}、{s.short}", "lyv", s.item) for s in session.form.sections), 2
    )
    if session.last_year is not None:
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
    rows.append((button(wording.MENU, "menu"), button(wording.MODIFY, "rev")))
    return Say(MessageKind.CARD, text, tuple(rows))
