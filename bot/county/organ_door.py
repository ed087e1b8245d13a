"""
Organs in a chat: a list that is sent or pasted, renaming, merging and closing, after a yes.

What was shown is kept in the store, so that its button still works after a restart. If the store
has changed meanwhile, the person is told. Rights are checked at each tap.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from bot.access import Access
from bot.button_numbers import read_number
from bot.county import organ_lists, organ_names
from bot.county.organ_lists import TooManyRows
from bot.county.organ_names import Change, Refusal
from bot.files.organ_table import organ_table
from bot.reminding.asker import Asker, Reply, SentFile, note
from conversations.answers.ledger import Sheet
from conversations.county.organ_list import OrganPlan
from conversations.county.organ_rows import OrganRows, is_organ_list, rows_of_text
from conversations.form.organ import read_organ_name
from conversations.sign_off.rights import Action
from conversations.sign_off.states import Reach, Role
from conversations.talk.effects import MessageKind, Say
from conversations.wording import county_organs as wording
from conversations.wording.county import NOT_YOURS, OLD
from storage import kept
from storage.members import MemberReader
from storage.organ_changes import OrganDetails, details

LETTER = wording.LETTER
COMMANDS = frozenset({"list", "rename", "merge", "close", "reopen"})
LIST, DEED = "organList", "organDeed"  # kinds of kept data
DOOR = "telegram"
MOST_KNOWN = 100_000
LONGEST = 80  # characters of a sentence about a name
# Telegram splits a message of more than 4,096 characters, perhaps within a name.
LONGEST_MESSAGE = 4000

_BETWEEN = re.compile(r"\s*(?:→|->|＝|=|改名为|改为|改成|并入|到)\s*|\s+")
_WRONG_NAME = re.compile(
    r"(?:我们)?(?:的)?(?:机关|单位)(?:的)?(?:名称|名字|全称)?(?:写|打|填|输)?错了[。，,：:\s]*"
    r"(?:(?:应该?是|应为|改为|改成|正确的?是|是)[：:\s]*)?(?P<name>[^。，,]*)[。]?"
    r"|(?:机关|单位)改名(?:为|成)?[：:\s]*(?P<new>.*)"
)


def command(asker: Asker, name: str, argument: str) -> Reply:
    """`/list`, `/rename 名称`, `/rename 甲 乙`, `/merge 甲 乙`, `/close 甲`, `/reopen 甲`."""
    if name != "rename" and not asker.administers_some():
        return note(NOT_YOURS)
    if name == "list":
        return Reply((how(),))
    words = [word for word in _BETWEEN.split(argument.strip()) if word]
    if name == "rename" and len(words) < 2:
        return _rename_own(asker, "".join(words))
    if len(words) != (2 if name in ("rename", "merge") else 1):
        return note(wording.USAGE[name])
    return _ask(asker, {"do": name, "organ": words[0], "to": words[1] if words[1:] else ""})


def how() -> Say:
    """How to send a list."""
    return Say(MessageKind.NOTE, wording.HOW, ((wording.button("t", wording.EMPTY_LIST),),))


def typed_next(asker: Asker, text: str) -> Reply | None:
    """A pasted list, or a message that a name is wrong; None otherwise."""
    head, _, rest = text.strip().partition("\n")
    if re.sub(r"[\s：:。，,]", "", head) in wording.TYPED and asker.administers_some():
        if not rest.strip():
            return Reply((how(),))
        if len(text) > LONGEST_MESSAGE:
            return note(wording.CUT_OFF)
        rows = rows_of_text(rest)
        return _show(asker, [("",), *rows])  # the lines as sent
    wrong = _WRONG_NAME.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if wrong is None:
        return None
    words = [word for word in _BETWEEN.split((wrong["name"] or wrong["new"] or "").strip()) if word]
    if len(words) == 2:
        named = _named(asker, words[0])
        if asker.administers_some() or (named is not None and asker.access.speaks_for(named.id)):
            return _ask(asker, {"do": "rename", "organ": words[0], "to": words[1]})
    return _rename_own(asker, "".join(words))


def sent(asker: Asker, sheets: Sequence[Sheet]) -> Reply | None:
    """A workbook; None if it is no list of organs, or its sender looks after none."""
    sheet = next((sheet for sheet in sheets if is_organ_list(sheet.rows)), None)
    if sheet is None or not asker.administers_some():
        return None
    return _show(asker, sheet.rows, sheet.hidden)


def tapped(asker: Asker, parts: Sequence[str]) -> Reply:
    """A button; its data may be anything."""
    match parts:
        case ["l"] if asker.administers_some():
            return Reply((how(),))
        case ["t"] if asker.administers_some():
            file = SentFile(wording.FILE, organ_table(), wording.TABLE_CAPTION)
            return Reply(files=(file,))
        case ["y", number, mark] if shown := read_number(number):
            return _take(asker, shown, mark)
        case ["u", number, organ] if (shown := read_number(number)) and (
            organ_id := read_number(organ)
        ):
            return _below(asker, shown, organ_id)
        case ["n", number] if shown := read_number(number):
            for what in (LIST, DEED):
                kept.change(asker.unit, asker.person, what, shown)
            return Reply((Say(MessageKind.NOTE, wording.DROPPED),), instead=True)
        case ["d", number] if shown := read_number(number):
            return _do(asker, shown)
    return Reply(toast=OLD)


# ---- a list -------------------------------------------------------------------------------


def _show(asker: Asker, rows: Sequence[Sequence[str]], hidden: int = 0) -> Reply:
    """The dry run of a new list."""
    try:
        listed = organ_lists.read_list(rows, hidden)
    except TooManyRows:
        return note(wording.TOO_MANY.format(most=organ_lists.MOST_LISTED))
    if not listed.rows:
        return note(wording.NO_ROWS)
    own = _own(asker)
    under = own[0] if own else None
    said = json.dumps({"rows": rows, "hidden": hidden, "under": under.id if under else None})
    number = kept.keep(asker.unit, asker.person, LIST, said, asker.now)
    return Reply((_shown(asker, listed, number, under),))


def _shown(
    asker: Asker, listed: OrganRows, number: int, under: OrganDetails | None, *, stale: bool = False
) -> Say:
    plan = _plan(asker, listed, under)
    others = [(o.id, o.organ) for o in _own(asker) if under is None or o.id != under.id]
    name = under.organ if under else ""
    return wording.shown(plan, number, name, others[: wording.MOST_PARENTS], stale=stale)


def _plan(asker: Asker, listed: OrganRows, under: OrganDetails | None) -> OrganPlan:
    person = None if asker.access.everywhere else asker.person
    return organ_lists.look(asker.unit, listed, under, person)


def _own(asker: Asker) -> list[OrganDetails]:
    """The organs whose administrator the person is, without closed ones."""
    mine = [m.organ_id for m in asker.members if Role.ADMINISTRATOR in m.roles]
    found = [details(asker.unit, organ_id) for organ_id in mine]
    return [organ for organ in found if organ is not None and organ.closed_at is None]


def _kept(asker: Asker, number: int) -> tuple[OrganRows, OrganDetails | None, Any] | None:
    """A waiting list and the organ it goes below, if the person still looks after that."""
    said = kept.kept(asker.unit, asker.person, LIST, number)
    if not said or not asker.administers_some():
        return None
    what = json.loads(said)
    under = None if what["under"] is None else details(asker.unit, what["under"])
    if under is None and not asker.access.everywhere:
        return None
    if under is not None and not _can_be_above(asker, under):
        return None
    return organ_lists.read_list(what["rows"], what["hidden"]), under, what


def _can_be_above(asker: Asker, organ: OrganDetails) -> bool:
    return organ.closed_at is None and asker.access.may(Action.MANAGE, organ.id)


def _below(asker: Asker, number: int, organ_id: int) -> Reply:
    """The same list below another organ."""
    found = _kept(asker, number)
    under = details(asker.unit, organ_id)
    if found is None or under is None or not _can_be_above(asker, under):
        return Reply(toast=wording.GONE)
    listed, _, what = found
    said = json.dumps(what | {"under": under.id})
    kept.change(asker.unit, asker.person, LIST, number, said)
    return Reply((_shown(asker, listed, number, under),), instead=True)


class Stale(Exception):  # noqa: N818 - says what it is
    """An organ of the list was made by another person meanwhile."""


def _take(asker: Asker, number: int, mark: str) -> Reply:
    """Store a list as shown; if the result would now differ, show that instead."""
    found = _kept(asker, number)
    if found is None:
        return Reply(toast=wording.GONE)
    listed, under, _ = found
    plan = _plan(asker, listed, under)
    if plan.mark == mark:
        with suppress(Stale), asker.unit.savepoint():
            if not organ_lists.take(asker.unit, plan, asker.key, asker.now):
                raise Stale
            kept.change(asker.unit, asker.person, LIST, number)
            return note(wording.taken(plan))
    return Reply((_shown(asker, listed, number, under, stale=True),))


# ---- names and ends -----------------------------------------------------------------------


def _ask(asker: Asker, what: dict[str, Any]) -> Reply:
    """Say what will happen, with the button that does it."""
    try:
        change = _change(asker, what)
    except Refusal as refusal:
        return note(str(refusal))
    # By number: it means the same organ after a renaming.
    said = what | {"organ": change.organ.id}
    if what["do"] == "merge":
        said["to"] = _managed(asker, what["to"]).id
    number = kept.keep(asker.unit, asker.person, DEED, json.dumps(said), asker.now)
    return Reply((wording.ask(change.will, number),))


def _do(asker: Asker, number: int) -> Reply:
    """Do what was shown, if it is still possible."""
    said = kept.kept(asker.unit, asker.person, DEED, number)
    if not said:
        return Reply(toast=wording.GONE)
    kept.change(asker.unit, asker.person, DEED, number)
    try:
        change = _change(asker, json.loads(said))
    except Refusal as refusal:
        return note(str(refusal))
    told = change.do(asker.unit, asker.key, asker.now, DOOR)
    return Reply((Say(MessageKind.NOTE, change.done),), told=tuple(told))


def _change(asker: Asker, what: dict[str, Any]) -> Change:
    """
    The change, if the person may make it.

    Raises:
        Refusal: They may not, or it is impossible.
    """
    reader, access = asker.unit, asker.access
    if what["do"] == "rename":
        organ = _named(asker, what["organ"])
        if organ is None or not access.speaks_for(organ.id):
            raise Refusal(wording.NO_ORGAN.format(what["organ"]))
        known = None
        if not access.everywhere:
            known = [name for _, name in access.managed(MOST_KNOWN)] if access.somewhere else []
        return organ_names.renaming(reader, organ, what["to"], asker.now, known=known)
    organ = _managed(asker, what["organ"])
    if not _is_from_above(access, organ.id):
        raise Refusal(wording.NOT_ONES_OWN)
    if what["do"] == "merge":
        return organ_names.merging(reader, organ, _managed(asker, what["to"]))
    if what["do"] == "close":
        return organ_names.closing(reader, organ)
    return organ_names.opening(organ)


def _named(asker: Asker, organ: int | str) -> OrganDetails | None:
    """An organ by its number or name."""
    if isinstance(organ, int):
        return details(asker.unit, organ)
    name = read_organ_name(organ)
    found = MemberReader(asker.unit).organs(1, name) if name else ()
    return details(asker.unit, found[0][0]) if found else None


def _managed(asker: Asker, organ: int | str) -> OrganDetails:
    """
    An organ that the person looks after.

    Raises:
        Refusal: There is none, or another person looks after it: the sentence is the same.
    """
    found = _named(asker, organ)
    if found is None or not asker.access.may(Action.MANAGE, found.id):
        raise Refusal(wording.NO_ORGAN.format(organ))
    return found


def _is_from_above(access: Access, organ_id: int) -> bool:
    """Whether the person looks after an organ from above it."""
    standing = access.standing(organ_id)
    return access.everywhere or (Role.ADMINISTRATOR, Reach.BELOW) in standing.rows


def _on_screen(asker: Asker) -> int | None:
    """The organ on the screen, or the person's only one."""
    focus = asker.people.focus(asker.person)
    mine = [member.organ_id for member in asker.members]
    shown = focus and (focus.report_organ or focus.organ_id)
    return shown or (mine[0] if len(mine) == 1 else None)


def hint(asker: Asker) -> str:
    """How a clerk without an administrator corrects the organ's name; "" for others."""
    if asker.administers_some():
        return ""
    organ_id = _on_screen(asker)
    return wording.WRONG_NAME_HINT if organ_id and asker.access.speaks_for(organ_id) else ""


def _rename_own(asker: Asker, name: str) -> Reply:
    """Rename the organ on the screen."""
    organ_id = _on_screen(asker)
    if organ_id is None:
        return note(wording.USAGE["rename"])
    if not asker.access.speaks_for(organ_id):
        return note(wording.RENAMED_ABOVE)
    if not name:
        return note(wording.HOW_TO_RENAME)
    return _ask(asker, {"do": "rename", "organ": organ_id, "to": name})
