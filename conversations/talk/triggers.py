"""What can set the conversation moving, and what the ids of buttons mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from conversations.talk.session import Session


class Trigger(Enum):
    """What can set the conversation moving: a kind of message, or a button's verb."""

    OPENED = "opened"
    TYPED = "typed"
    MENU = "menu"
    STATUS = "status"
    PREVIEW = "preview"
    HELP = "help"
    CANCEL = "cancel"
    RESTART = "restart"
    YEAR = "y"
    OTHER_YEAR = "yr"
    UNLOCK = "unlock"
    FIGURES_FIRST = "fig"
    TEXTS_FIRST = "txt"
    GO_ON = "go"
    SECTION = "s"
    OPEN = "o"
    ZERO = "z"
    ZERO_REST = "zt"
    ZERO_OVER = "zo"
    ROWS = "pick"
    ROWS_END = "end"
    LATER = "later"
    PREVIOUS = "prev"
    KEEP = "keep"
    COUNTS = "cnt"
    POINTS = "pts"
    YES = "ok"
    NO = "no"
    REPLACE = "rep"
    APPEND = "app"
    TABLE_RIGHT = "n"
    TABLE_SKIP = "skip"
    CARRY_RIGHT = "carry"
    TAKE_COMPUTED = "take"
    PARK = "park"
    FINDING = "fx"
    TAKE_BACK = "unx"
    DONE_TEXT = "done"
    NONE_TEXT = "none"
    REWRITE = "rw"
    SHOW_ALL = "all"
    WORDING_DEFAULT = "ts"
    ALL_DEFAULT = "def"
    NO_INTRODUCTION = "noi"
    NO_SIGNATURE = "nos"
    INTRODUCE = "intro"
    SIGN = "sig"
    SIGNED_ON = "sd"
    REVIEW = "rev"
    FINAL = "fin"
    DRAFT = "dra"
    PREPARE = "prep"
    LEVEL = "lvl"
    LEVEL_IS = "lv"
    RESTART_YES = "rsty"
    RESTART_NO = "rstn"
    SAME_AS_LAST_YEAR = "ly"
    SEE_LAST_YEAR = "lyv"
    USE_LAST_TEXT = "lyt"
    LOOK_UP = "lastyear"
    LOOK_UP_END = "lyx"
    COMPARE_YEARS = "yoy"
    READ_IN = "read"
    IMPORT_SWITCH = "imp"


COMMANDS = {
    "start": Trigger.OPENED,
    "menu": Trigger.MENU,
    "status": Trigger.STATUS,
    "preview": Trigger.PREVIEW,
    "help": Trigger.HELP,
    "cancel": Trigger.CANCEL,
    "restart": Trigger.RESTART,
    "lastyear": Trigger.LOOK_UP,
    "year": Trigger.OTHER_YEAR,
}
SPOKEN = {
    "目录": "menu",
    "进度": "status",
    "草稿": "preview",
    "帮助": "help",
    "取消": "cancel",
    "重新开始": "restart",
    "上年": "lastyear",
    "换年度": "year",
}

BUTTON_LIMIT = 64  # bytes of a button's id in Telegram

_TAPS = {trigger.value: trigger for trigger in Trigger}
_MARKED = {
    Trigger.YES,
    Trigger.NO,
    Trigger.REPLACE,
    Trigger.APPEND,
    Trigger.PARK,
    Trigger.FINDING,
    Trigger.TAKE_BACK,
}
_NUMBERED = {
    Trigger.SECTION,
    Trigger.OPEN,
    Trigger.ZERO,
    Trigger.ZERO_REST,
    Trigger.ZERO_OVER,
    Trigger.ROWS,
    Trigger.ROWS_END,
    Trigger.LATER,
    Trigger.PREVIOUS,
    Trigger.KEEP,
    Trigger.COUNTS,
    Trigger.POINTS,
    Trigger.TABLE_RIGHT,
    Trigger.TABLE_SKIP,
    Trigger.CARRY_RIGHT,
    Trigger.TAKE_COMPUTED,
    Trigger.DONE_TEXT,
    Trigger.NONE_TEXT,
    Trigger.REWRITE,
    Trigger.SHOW_ALL,
    Trigger.WORDING_DEFAULT,
    Trigger.SAME_AS_LAST_YEAR,
    Trigger.SEE_LAST_YEAR,
    Trigger.USE_LAST_TEXT,
}
# Numbers that are no items of the form.
_COUNTED = {Trigger.YEAR, Trigger.LEVEL_IS, Trigger.SIGNED_ON, Trigger.IMPORT_SWITCH}
_COMMAND_ONLY = set(COMMANDS.values()) - {Trigger.MENU, Trigger.OTHER_YEAR} | {
    Trigger.TYPED,
    Trigger.READ_IN,
}


@dataclass(frozen=True, slots=True)
class Tap:
    """A button's id taken apart: its verb, its number, and the mark of what it speaks of."""

    trigger: Trigger
    number: int = 0
    mark: str = ""


def parse_button(session: Session, button: str) -> Tap | None:
    """What a button id means; None for one that never existed."""
    verb, *rest = button.split(":")
    trigger = _TAPS.get(verb)
    if trigger is None or trigger in _COMMAND_ONLY or len(button) > BUTTON_LIMIT:
        return None
    if trigger in _MARKED:
        return Tap(trigger, 0, rest[0]) if len(rest) == 1 and _is_mark(rest[0]) else None
    if trigger not in _NUMBERED | _COUNTED:
        return None if rest else Tap(trigger)
    if len(rest) not in (1, 2) or not (rest[0].isascii() and rest[0].isdigit()):
        return None
    number, mark = int(rest[0]), rest[1] if len(rest) == 2 else ""
    if mark and not _is_mark(mark):
        return None
    if trigger in _NUMBERED and number not in session.form.item:
        return None
    return Tap(trigger, number, mark)


def _is_mark(text: str) -> bool:
    return 0 < len(text) <= 8 and all(c in "0123456789abcdef" for c in text)


def knows_button(session: Session, button: str) -> bool:
    """Whether a button id is one this form could ever have shown."""
    return parse_button(session, button) is not None
