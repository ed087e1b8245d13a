"""Cards of the texts: a narrative, the title, introduction and signature."""

from __future__ import annotations

from datetime import date

from conversations.form.model import ItemId, Narrative
from conversations.form.organ import CONTACTS, offered_introduction
from conversations.talk.buttons import button, in_rows
from conversations.talk.cards.who import share_button, who_button
from conversations.talk.derived import (
    default_date,
    default_of,
)
from conversations.talk.draft import draft_of
from conversations.talk.effects import Button, Buttons, MessageKind, Say, Tone
from conversations.talk.facts import facts_of
from conversations.talk.session import ANEW, Session
from conversations.wording import talk as wording


def _change_switches(session: Session, item: ItemId, text: str) -> Buttons:
    """While a text is last year's draft: each change of it, to be refused."""
    draft = draft_of(session, item)
    refused = draft.refused_in(text) if draft else None
    if draft is None or refused is None:
        return ()
    switches = (
        button(wording.change_switch(number, on=change.mark not in refused), "lyc", change.mark)
        for number, change in enumerate(draft.changes[: wording.MOST_MOVED], 1)
    )
    return tuple(in_rows(switches, 5))


def narrative_card(session: Session) -> Say:
    section = session.form.section[session.place.item]
    body = section.body
    assert isinstance(body, Narrative)
    text = session.answers.text(section.id)
    number = section.item
    wanted = wording.demands_of(session.notice, section.id)
    if session.place.parts == ANEW and text is not None:
        rows1 = ((button(wording.KEEP_OLD, "keep", number),),)
        look = (button(wording.SHOW_ALL, "all", number), button(wording.POINTS, "pts", number))
        asked = wording.narrative(section, "", wording.ANEW, wanted)
        return Say(
            MessageKind.CARD,
            asked,
            rows1,
            (section.id,),
            section.id,
            more=(look, (button(wording.MENU, "menu"),)),
        )
    if session.place.parts:
        rows = (
            (button(wording.DONE_TEXT, "done", number, tone=Tone.GO),),
            *_change_switches(session, section.id, text or ""),
        )
        more = [button(wording.REWRITE, "rw", number), button(wording.SHOW_ALL, "all", number)]
        more += [button(wording.FACTS, "fs", number)] if facts_of(session, section) else []
        pieces = sum(1 for _, part in session.place.parts if part)
        kept = wording.part_kept(len("".join((text or "").split())), pieces)
        return Say(
            MessageKind.CARD,
            f"第{section.number}节：{kept}",
            rows,
            item=section.id,
            more=tuple(in_rows(more, 2)),
        )
    if text is not None:
        rows2 = (
            (button(wording.KEEP, "keep", number, tone=Tone.MAIN),),
            (button(wording.CHANGE_PASSAGE, "ps", number), button(wording.SHOW_ALL, "all", number)),
            (button(wording.REWRITE, "rw", number),),
        )
        more = [button(wording.FACTS, "fs", number)] if facts_of(session, section) else []
        more.append(button(wording.POINTS, "pts", number))
        more += [*who_button(session, number), button(wording.MENU, "menu")]
        more += share_button(session, section)
        short = f"{len(''.join(text.split())):,} 字，“{wording.shorten(text, 30)}”"
        return Say(
            MessageKind.CARD,
            wording.narrative(section, short, ""),
            rows2,
            (section.id,),
            section.id,
            more=tuple(in_rows(more, 2)),
            again=wording.narrative(section, "", ""),
        )
    quick = [button("无。", "none", number)] if body.none_is_an_answer else []
    quick += [button(wording.FACTS, "fs", number)] if facts_of(session, section) else []
    last = session.last_year and session.last_year.answers.text(section.id)
    before = [button(wording.USE_LAST_TEXT, "lyt", number)] if last else []
    written = any(session.answers.text(s.id) for s in session.form.sections)
    points = [button(wording.POINTS, "pts", number)]
    rows3 = tuple(in_rows((*before, *quick, *([] if written else points)), 2))
    tail = [*(points if written else []), button(wording.LATER, "later", number)]
    if last:
        tail.insert(0, button(wording.SEE_LAST_YEAR, "lyv", number))
    tail += [button(wording.MENU, "menu"), *share_button(session, section)]
    brief = wording.narrative(section, "", "", wanted)
    return Say(
        MessageKind.CARD,
        brief if written else wording.narrative(section, "", wording.IN_PIECES, wanted),
        rows3,
        (section.id,),
        section.id,
        more=tuple(in_rows(tail, 3)),
        again=brief,
    )


def title_and_signature_card(session: Session) -> Say:
    item = session.place.item
    answers = session.answers
    shown = {
        name: (answers.text(name) if answers.text(name) is not None else default_of(session, name))
        or ""
        for name in ("title", "introduction", "signature", "signature_date")
    }
    number = session.form.wording[item]
    asked_who = who_button(session, number, answered=item in answers)
    more = ((*asked_who, button(wording.MENU, "menu")),)
    if session.place.parts:
        said = len(session.place.parts) - 1
        ask = wording.ask_contact(CONTACTS[said], said + 1, len(CONTACTS))
        leave = ((button(wording.NO_INTRODUCTION, "noi"),),)
        return Say(MessageKind.CARD, ask, leave, (item,), item, more=more)
    offered = offered_introduction(session.organ, session.year)
    text = wording.wording(item, shown, "" if shown["introduction"] else offered)
    keep = button(wording.KEEP, "ts", number, tone=Tone.MAIN)
    rows: list[tuple[Button, ...]]
    if item == "title":
        rows = [(button(wording.TITLE_DEFAULT, "ts", number, tone=Tone.MAIN),)]
        if session.wording_open is not None:
            rows.append((button(wording.ALL_DEFAULT, "def", tone=Tone.GO),))
        else:
            dated = ("signature_date",) if shown["signature"] else ()
            rows.append(
                tuple(
                    button(wording.change(wording.PIECES[name]), "o", session.form.wording[name])
                    for name in ("introduction", "signature", *dated)
                )
            )
    elif item == "introduction" and shown[item]:
        rows = [(keep,), (button(wording.NO_INTRODUCTION, "noi"),)]
    elif item == "introduction":
        rows = [
            (button(wording.NO_INTRODUCTION, "ts", number, tone=Tone.MAIN),),
            (button(wording.INTRODUCE, "intro"),),
        ]
    elif item == "signature" and shown[item]:
        rows = [(keep,), (button(wording.NO_SIGNATURE, "nos"),)]
    elif item == "signature":
        rows = [
            (button(wording.sign_as(session.organ), "sig", tone=Tone.MAIN),),
            (button(wording.NO_SIGNATURE, "ts", number),),
        ]
    else:
        day = default_date(session)
        rows = [(button(day, "ts", number, tone=Tone.MAIN),)]
        deadline = date(session.year + 1, 1, 31)
        named = wording.day(deadline)
        if named != day and deadline >= session.today:
            rows.append((button(named, "sd", f"{deadline:%Y%m%d}"),))
    return Say(MessageKind.CARD, text, tuple(rows), (item,), item, more=more)
