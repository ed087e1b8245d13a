"""Moves of title, introduction and signature."""

from __future__ import annotations

import re
from collections.abc import Mapping

from conversations.answers.short import is_no, is_none, read_date
from conversations.checks.texts.days import no_days
from conversations.checks.texts.unwanted import is_placeholder
from conversations.form.model import ItemId
from conversations.form.organ import CONTACTS, offered_introduction
from conversations.talk.derived import default_date, default_of
from conversations.talk.moves.onward import (
    resume,
    say_hints,
    stop_at_finding,
)
from conversations.talk.moves.turn import Turn, clean, say_expired
from conversations.talk.session import ANEW, Session, State
from conversations.wording import talk as wording

# Requirements of an introduction: no unfilled places.
CONTACT = {
    "地址": re.compile(r"[^×＊*]{4,80}"),
    "邮编": re.compile(r"[0-9]{6}"),
    "电话": re.compile(r"[0-9０-９()（）\-－—— 、，,;；转]{5,60}"),
}

# The reply to 「待补充」, to figures or marks instead of it.
NO_WORDS = {
    "title": wording.NO_TITLE,
    "introduction": wording.NO_INTRODUCTION_TEXT,
    "signature": wording.NO_SIGNATURE_TEXT,
}
WORDING_ORDER = ("title", "introduction", "signature", "signature_date")


def wording_typed(turn: Turn) -> None:
    item = turn.place.item
    text = clean(turn, turn.text).strip()
    if turn.place.parts:
        contact_typed(turn, text)
        return
    text = re.sub(rf"^{wording.PIECES[item]}\s*[：:]\s*", "", text)
    if item in NO_WORDS and is_placeholder(text) and not (is_none(text) or is_no(text)):
        turn.refuse(NO_WORDS[item].format(text=wording.shorten(text, 20)))
        return
    if item == "title":
        lines = [part.strip() for part in split_title(text)]
        lines = [line for line in lines if line]
        if not lines or sum(map(len, lines)) > 120 or len(lines) > 3:
            turn.refuse(wording.TITLE_TOO_LONG)
            return
        value = "\n".join(lines)
    elif item == "introduction":
        value = "" if not text or is_none(text) or is_no(text) else text
        if turn.is_too_long(value):
            return
    elif item == "signature":
        value = "" if not text or is_none(text) or is_no(text) else " ".join(text.split())
        if len(value) > 60:
            turn.refuse(wording.ORGAN_TOO_LONG)
            return
    else:
        date = read_date(text, turn.session.today)
        if date is None:
            none = no_days(text) or no_days(f"{turn.session.today.year}年{text}")
            turn.refuse(wording.NO_SUCH_DAY.format(text=text) if none else wording.BAD_DATE)
            return
        value = date
    keep_wording(turn, {item: value})


def split_title(text: str) -> list[str]:
    for mark in ("\n", "／", "/", "｜", "|"):
        if mark in text:
            return text.split(mark)
    return [text]


def keep_wording(turn: Turn, values: Mapping[ItemId, str]) -> None:
    """Store wording and go to the next open piece of it, or on."""
    item = turn.place.item if turn.place.state is State.WORDING else next(iter(values))
    save_wording(turn, values)
    if turn.session.answers.text("signature") == "" and "signature_date" in turn.session.answers:
        turn.save({"signature_date": None})
    turn.say_stale()
    say_hints(turn, values)
    if not turn.visited:
        answers = turn.session.answers
        for following in WORDING_ORDER[WORDING_ORDER.index(item) + 1 :]:
            asked = following != "signature_date" or answers.text("signature")
            if asked and following not in answers:
                turn.go(State.WORDING, following)
                return
    after_wording(turn)


def save_wording(turn: Turn, values: Mapping[ItemId, str]) -> None:
    """Store wording; a first title brings the last year's setting for table breaks."""
    session = turn.session
    tables = session.kept_wording.get("table_breaks")
    if tables and "title" in values and "title" not in session.answers:
        values = {**values, "table_breaks": tables}
    turn.save(dict(values))


def after_wording(turn: Turn) -> None:
    back = turn.place.back
    if stop_at_finding(turn, ("title", "introduction"), back):
        return
    resume(turn, back)


def wording_default(turn: Turn) -> None:
    item = turn.session.form.item.get(turn.argument, "")
    if item not in WORDING_ORDER:
        say_expired(turn)
        return
    if turn.place.state is not State.WORDING or turn.place.item != item:
        if item in turn.session.answers:
            say_expired(turn, wording.ALREADY)
            return
        turn.visit(State.WORDING, item)
    keep_wording(turn, {item: wording_value(turn.session, item)})


def wording_value(session: Session, item: ItemId) -> str:
    if item == "signature_date":
        return default_date(session)
    said = session.answers.text(item)
    return default_of(session, item) if said is None else said


def all_default(turn: Turn) -> None:
    session = turn.session
    values = {item: wording_value(session, item) for item in ("title", "introduction", "signature")}
    if values["signature"]:
        values["signature_date"] = default_date(session)
    if turn.place.state is not State.WORDING:
        if "title" in session.answers:
            say_expired(turn, wording.ALREADY)
            return
        turn.go(State.WORDING, "title", back=turn.place.returning)
    save_wording(turn, values)
    turn.say_stale()
    after_wording(turn)


def introduce(turn: Turn) -> None:
    """Offer the introduction: ask for the office's contacts, one by one."""
    if turn.session.answers.text("introduction"):
        say_expired(turn, wording.ALREADY)
        return
    turn.visit(State.WORDING, "introduction")
    turn.put_parts(ANEW)


def contact_typed(turn: Turn, text: str) -> None:
    """One of the office's contacts; the introduction leaves out a missing one."""
    said = "" if is_none(text) or is_no(text) else " ".join(text.split())
    what = CONTACTS[len(turn.place.parts) - 1]
    if said and not CONTACT[what].fullmatch(said):
        turn.refuse(wording.BAD_CONTACT[what])
        return
    parts = (*turn.place.parts, (len(turn.place.parts), said))
    if len(parts) <= len(CONTACTS):
        turn.put_parts(parts)
        return
    contacts = [said for _, said in parts[1:]]
    session = turn.session
    turn.put_parts(())
    keep_wording(
        turn, {"introduction": offered_introduction(session.organ, session.year, contacts)}
    )


def sign(turn: Turn) -> None:
    """The organ's own name as the signature."""
    if turn.session.answers.text("signature"):
        say_expired(turn, wording.ALREADY)
        return
    turn.visit(State.WORDING, "signature")
    keep_wording(turn, {"signature": turn.session.organ})


def signed_on(turn: Turn) -> None:
    """One of the offered days; the number is the day in digits: 20260131."""
    day = read_date(str(turn.argument))
    if day is None or not turn.session.answers.text("signature"):
        say_expired(turn)
        return
    turn.visit(State.WORDING, "signature_date")
    keep_wording(turn, {"signature_date": day})


def no_introduction(turn: Turn) -> None:
    wording_is(turn, "introduction")


def no_signature(turn: Turn) -> None:
    wording_is(turn, "signature")


def wording_is(turn: Turn, item: ItemId) -> None:
    """None of it: an empty text, which is an answer."""
    turn.visit(State.WORDING, item)
    keep_wording(turn, {item: ""})
