"""The triggers of the machine, and the meaning of button ids and words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from conversations.answers.figure import ENDS
from conversations.sign_off.states import Deed
from conversations.talk.events import Commanded
from conversations.talk.other_forms import OTHER_FORMS
from conversations.talk.session import Session, State
from conversations.wording import sign_off as wording


class Trigger(Enum):
    """What sets off a move: a kind of message, or the verb of a button."""

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
    PASSAGES = "ps"
    PASSAGE = "pa"
    PUT_BEFORE = "pb"
    PUT_AFTER = "pf"
    REMOVE = "pd"
    EDIT_SENTENCE = "es"
    MEND = "fix"
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
    OTHER_FORM = "as"
    PREPARE = "prep"
    LEVEL = "lvl"
    LEVEL_IS = "lv"
    TABLE_BREAKS = "tbl"
    RESTART_YES = "rsty"
    RESTART_NO = "rstn"
    SAME_AS_LAST_YEAR = "ly"
    SEE_LAST_YEAR = "lyv"
    USE_LAST_TEXT = "lyt"
    REFUSE_CHANGE = "lyc"
    LOOK_UP = "lastyear"
    LOOK_UP_END = "lyx"
    COMPARE_YEARS = "yoy"
    SEE_PROGRESS = "pic"
    READ_IN = "read"
    IMPORT_SWITCH = "imp"
    UNSURE = "unsure"
    SECTIONS_IN = "secs"
    TAKE_SECTION = "tks"
    TAKE_AS_ONE = "tk1"
    LEDGER = "ledger"
    SUM_OFFERED = "offer"
    EMPTY_TABLE = "xls"
    MORE = "more"
    FACTS = "fs"
    FACT = "fc"
    LAST_YEAR_ASKED = "lya"
    WHO = "who"
    HISTORY = "his"
    PUBLISHED = "pub"
    NOT_PUBLISHED = "pubx"
    NOT_READ = "notread"
    SHARE = "shr"
    SIGN_OFF = "so"
    VERSION = "ver"
    SUBMIT = "sub"
    WITHDRAW = "wd"
    APPROVE = "apr"
    RETURN = "ret"
    REOPEN = "reo"
    OFF_LINE = "ofl"
    PHOTO = "photo"
    SIGNED_PAGE = "pho"
    UNKNOWN = "unknown"
    LOOK = "lk"
    LOOK_END = "lkx"
    REMARK = "rmk"
    OWN_REMARKS = "rms"
    DROP_REMARK = "rmd"
    OPEN_REMARK = "rm"
    ANSWER_REMARK = "rma"


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
    "published": Trigger.PUBLISHED,
    "history": Trigger.HISTORY,
    "share": Trigger.SHARE,
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
    "已公布": "published",
    "修改记录": "history",
}
# Words that ask who has done what.
ASKS_WHO = frozenset({"修改记录", wording.WHO})

# Words people type instead of a tap, and their buttons: the first that the card has.
_GOES_BACK = (
    Trigger.PREVIOUS,
    Trigger.NO,
    Trigger.KEEP,
    Trigger.LOOK_UP_END,
    Trigger.RESTART_NO,
    Trigger.MENU,
)
_GOES_ON = (Trigger.LATER, Trigger.TABLE_SKIP, Trigger.PARK, Trigger.NO, Trigger.KEEP, Trigger.MENU)
UNSURE = (Trigger.LATER, Trigger.COUNTS, Trigger.POINTS)
_EXPLAINS = (Trigger.COUNTS, Trigger.POINTS)
REPEATS = (Trigger.SAME_AS_LAST_YEAR, Trigger.USE_LAST_TEXT)
FINISHES = (Trigger.DONE_TEXT,)
_WRITES_ANEW = (Trigger.REWRITE,)
_CHANGES = (Trigger.PASSAGES,)
_SEES_ALL = (Trigger.MENU,)
CHATS = (Trigger.HELP,)  # words to a supposed person; they have no place in a text
# Words of agreement to the title, signature or date that a card offers.
DEFAULTS = frozenset(
    [
        "默认",
        "按默认",
        "用默认",
        "用默认的",
        "就这个",
        "就用这个",
        "就这样",
        "不改",
        "不用改",
        "照旧",
        "不变",
    ]
)
_SAID = (
    (
        _GOES_BACK,
        "上一步 上一题 上一个 上一项 上一行 返回 返回上一步 返回上一题 回到上一题 回上一题",
    ),
    (_GOES_BACK, "回去 后退 退回"),
    (_GOES_ON, "跳过 先跳过 跳过这题 这题跳过 略过 稍后 稍后填 稍后再填 以后填 以后再填 待会填"),
    (_GOES_ON, "待会再填 回头再填 先不填 暂不填 先空着 下一题 下一个 下一项"),
    (UNSURE, "不知道 不清楚 不太清楚 不会 不会填 不知道怎么填 不懂 看不懂 不明白 不了解 不确定"),
    (_EXPLAINS, "怎么填 怎么算 怎么统计 如何填 如何填写 什么意思 这是什么 口径"),
    (_EXPLAINS, "怎么写 如何写 要写什么 写什么 写哪些 要写哪些"),
    (UNSURE, "不会写 不知道写什么 不知道怎么写"),
    (
        FINISHES,
        "完成 完成了 好了 好了完成 点完成 写完了 写好了 发完了 发好了 发送完毕 完毕 完 完了",
    ),
    (FINISHES, "done finish finished end submit"),
    (FINISHES, "结束 结束了 就这些 就这些了 就这样 没有了 没了 可以了 下一步 继续 提交 保存"),
    (_WRITES_ANEW, "重来 重新写 删除 删掉 删了 清空 撤回 写错了 发错了"),
    (_CHANGES, "改 修改 改一段 改一句 改一下"),
    (_SEES_ALL, "菜单 主菜单 返回目录 回目录 预览 看草稿 生成正式文件"),
    (CHATS, "谢谢 谢谢您 谢谢你 多谢 辛苦 辛苦了 你好 您好 在吗 在不在 好 好的 嗯 嗯嗯 收到 知道"),
    (CHATS, "明白 ok okay hi hello test 测试 试试 怎么用"),
    (REPEATS, "以上年为底稿 用去年的 用上年的 去年的 上年的 照搬去年"),
    (REPEATS, "按去年 按上年 照去年 照上年 去年一样 上年一样 同上年数 同去年数"),
    *(
        (REPEATS, f"{like}{year}{same}")
        for like in "同和跟与"
        for year in ("上年", "去年", "上年度", "上一年", "去年度")
        for same in ("", "一样", "相同", "一致", "一样的", "数据一样")
        if same or like == "同"
    ),
)
SAID = {word: triggers for triggers, words in _SAID for word in words.split()}


# Words for the formats of the final document: as in the button's id.
_FORMS_SAID = {
    "h": "网页 网页版 html",
    "p": "pdf pdf版 pdf文件 pdf格式",
    "x": "excel excel版 excel表 excel表格 xlsx",
    "t": "纯文本 文本版 txt",
}
FORMS_SAID = {word: letter for letter, words in _FORMS_SAID.items() for word in words.split()}
_TAKES_WORDS = {State.ORGAN, State.YEAR, State.WORDING, State.NARRATIVE, State.PASSAGE}


# The words of sign-off, valid wherever the step can be taken.
DEEDS = {
    wording.SUBMIT: (Trigger.SUBMIT, Deed.SUBMIT),
    wording.WITHDRAW: (Trigger.WITHDRAW, Deed.WITHDRAW),
    wording.APPROVE: (Trigger.APPROVE, Deed.APPROVE),
    wording.RETURN: (Trigger.RETURN, Deed.RETURN),
    wording.REOPEN: (Trigger.REOPEN, Deed.REOPEN),
    wording.OFF_LINE: (Trigger.OFF_LINE, Deed.RECORD_APPROVAL),
}


def _word(text: str) -> str:
    return text.strip(ENDS + "！？?~「」")


def asks_who(text: str) -> bool:
    """Whether a text asks who has done what, at any place."""
    return _word(text) in ASKS_WHO


def is_step(text: str) -> bool:
    """Whether a word is the label of a button of sign-off, for any person."""
    return _word(text) in {
        *DEEDS,
        wording.PUBLISHED,
        wording.WHO,
        wording.HAND_OVER,
        wording.REMARK,
    }


def step_meant(session: Session, text: str) -> Tap | None:
    """
    The step of sign-off that a word stands for, if the person can take it.

    It is about the version that the person was shown last.
    """
    trigger, deed = DEEDS.get(_word(text), (None, None))
    if trigger is None or deed is None or not session.can(deed):
        return None
    place = session.place
    return Tap(trigger, mark=place.item if place.state is State.SIGN_OFF else "")


def form_meant(session: Session, text: str) -> Tap | None:
    """The format of the final document that a word stands for, unless a text or name is asked."""
    form, place = FORMS_SAID.get(_word(text).casefold()), session.place
    if form is None or place.state in _TAKES_WORDS or place.parts:
        return None
    return Tap(Trigger.OTHER_FORM, mark=form)


def meant_by(text: str) -> tuple[Trigger, ...]:
    """The buttons that a word stands for; empty for any other text."""
    said = text.strip().lstrip("/、\\").strip(ENDS + "！？?~").casefold()
    return SAID.get(said) or SAID.get(said.rstrip("吧了啊呀"), ())


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
    Trigger.PASSAGE,
    Trigger.PUT_BEFORE,
    Trigger.PUT_AFTER,
    Trigger.REMOVE,
    Trigger.EDIT_SENTENCE,
    Trigger.MEND,
    Trigger.TAKE_AS_ONE,
    Trigger.REFUSE_CHANGE,
    Trigger.FACT,
    Trigger.APPROVE,
    Trigger.RETURN,
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
    Trigger.PASSAGES,
    Trigger.WORDING_DEFAULT,
    Trigger.SAME_AS_LAST_YEAR,
    Trigger.SEE_LAST_YEAR,
    Trigger.USE_LAST_TEXT,
    Trigger.TAKE_SECTION,
    Trigger.EMPTY_TABLE,
    Trigger.FACTS,
    Trigger.WHO,
    Trigger.LOOK,
    Trigger.REMARK,
}
# Without a number: the whole, from its beginning.
_WHOLE = {Trigger.LOOK, Trigger.REMARK}
# Numbers that are no items of the form.
_COUNTED = {
    Trigger.YEAR,
    Trigger.LEVEL_IS,
    Trigger.TABLE_BREAKS,
    Trigger.SIGNED_ON,
    Trigger.IMPORT_SWITCH,
    Trigger.HISTORY,
    Trigger.DROP_REMARK,
    Trigger.OPEN_REMARK,
    Trigger.ANSWER_REMARK,
    Trigger.SHARE,
}
# Commands that are buttons, too.
_BOTH = {
    Trigger.MENU,
    Trigger.OTHER_YEAR,
    Trigger.HISTORY,
    Trigger.PUBLISHED,
    Trigger.SHARE,
}
_COMMAND_ONLY = set(COMMANDS.values()) - _BOTH | {
    Trigger.TYPED,
    Trigger.READ_IN,
    Trigger.NOT_READ,
    Trigger.UNSURE,
    Trigger.SECTIONS_IN,
    Trigger.LEDGER,
    Trigger.SUM_OFFERED,
    Trigger.LAST_YEAR_ASKED,
    Trigger.PHOTO,
    Trigger.UNKNOWN,
}

# A slash, or what a Chinese keyboard makes of it, and a word; not a text that begins so.
_COMMAND = re.compile(
    r"(?:/+\s*|[\\、](?=[a-z]))(?P<name>[a-z][\w-]*|[\u4e00-\u9fff]{1,8}(?=\W*$))"
    r"(?:@\w+)?\W*(?:(?<=\s)(?P<argument>.*))?",
    re.IGNORECASE,
)
COMMAND_LIMIT = 200  # characters; a longer message that begins with a slash is a text


def command_in(text: str) -> Commanded | None:
    """The command in a message, in whatever way a keyboard writes it; None for a text."""
    said = text.strip().replace("\u3000", " ")
    name, space, argument = said.partition(" ")
    if len(said) > COMMAND_LIMIT or "\n" in said:
        return None
    found = _COMMAND.fullmatch(f"{unicodedata.normalize('NFKC', name)}{space}{argument}")
    if found is None:
        return None
    return Commanded(found["name"].lower(), (found["argument"] or "").strip())


@dataclass(frozen=True, slots=True)
class Tap:
    """A button's id taken apart: its verb, its number, and the mark of its subject."""

    trigger: Trigger
    number: int = 0
    mark: str = ""


def parse_button(session: Session, button: str) -> Tap | None:
    """The meaning of a button id; None for an id that never existed."""
    verb, *rest = button.split(":")
    trigger = _TAPS.get(verb)
    if trigger is None or trigger in _COMMAND_ONLY or len(button) > BUTTON_LIMIT:
        return None
    if trigger in _MARKED:
        return Tap(trigger, 0, rest[0]) if len(rest) == 1 and _is_mark(rest[0]) else None
    if trigger is Trigger.OTHER_FORM:
        return Tap(trigger, 0, rest[0]) if len(rest) == 1 and rest[0] in OTHER_FORMS else None
    if trigger not in _NUMBERED | _COUNTED or (trigger in _WHOLE and not rest):
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
    """Whether this form could ever have shown a button with this id."""
    return parse_button(session, button) is not None
