"""Sentences about who changed what, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from conversations.form.answers import grouped
from conversations.form.model import Form, ItemId
from conversations.sign_off.status import Remark, SignOffRecord
from conversations.talk.trail import KEY, Entry
from conversations.wording.door import COLLEAGUE, item_name, value
from conversations.wording.sign_off import DEEDS, WHO
from conversations.wording.talk import shorten

NAMED = 4  # figures of one step that are named; the rest are counted

FORGOTTEN = "（已注销）"
BY = {"terminal": "终端", "operator": "运维", "system": "系统"}
DOORS = {
    "chat": "终端",
    "jsonl": "程序",
    "import": "读入文件",
    "sum": "下级汇总",
    "collect": "收到的文件",
    "operator": "运维",
    "command": "由运维代办",
}
USUAL = "telegram"

EARLIER, LATER = "更早的", "更近的"
NOT_ASKED = "不再问的一项"
EMPTY = "没有修改记录。"
NOBODY = "「{name}」还没有人填过。"
USAGE = "没有这样的记录。只看一节、一天或一个人：/history 第三节、/history 1月12日、/history 姓名。"
FILTERS = "只看一部分：/history 第三节、/history 1月12日、/history 姓名"
REMARKED = "批注「{name}」：{text}"


def called(by: str, name: str) -> str:
    """The name of the author of a change, as colleagues know it."""
    if name:
        return name
    return FORGOTTEN if KEY.fullmatch(by) else BY.get(by, by) or COLLEAGUE


def when(at: datetime, *, year: bool = False) -> str:
    """A moment in short."""
    return f"{f'{at.year}年' if year else ''}{at.month}月{at.day}日 {at:%H:%M}"


def line(at: datetime, by: str, name: str, door: str, text: str, *, year: bool = False) -> str:
    """One line of a history: time, author, change, and the door if it is unusual."""
    through = "" if door in (USUAL, "") else DOORS.get(door, door)
    who = called(by, name)
    said = f"（{through}）" if through and through != who else ""
    return f"· {when(at, year=year)} {who}{said}：{text}"


def change(form: Form, entry: Entry, *, named: bool = True) -> str:
    """One change: the earlier and the later value."""
    known = item_name(form, entry.item) if entry.item in form.number else NOT_ASKED
    name = f"{known} " if named else ""
    after = value(form, entry.item, entry.after).strip()
    before = entry.before
    if before is None:
        return f"{name}{after}"
    was = value(form, entry.item, before) if isinstance(before, str) else grouped(before)
    return f"{name}{was} → {after}"


def changes(form: Form, entries: Sequence[Entry], *, named: bool = True) -> str:
    """The changes of one step in one section."""
    said = "、".join(change(form, entry, named=named) for entry in entries[:NAMED])
    return said if len(entries) <= NAMED else f"{said} 等 {len(entries)} 项"


def step(record: SignOffRecord) -> str:
    """A step of the sign-off, with its reason, or the name of the person who agreed on paper."""
    reason = record.note.get("reason") or record.note.get("name", "")
    return f"{DEEDS[record.deed]}{f'（{shorten(reason)}）' if reason else ''}"


def remark(form: Form, said: Remark) -> str:
    """A leader's remark."""
    return REMARKED.format(name=place(form, said.item), text=shorten(said.text))


def place(form: Form, item: ItemId) -> str:
    """The short name of an item."""
    if not item:
        return "全文"
    return form.lines[item].short if item in form.lines else item_name(form, item)


def who(name: str, lines: Sequence[str], left_out: int) -> str:
    """The authors of one item, the newest first."""
    more = [f"……还有 {left_out} 次，见 /history"] if left_out else []
    return "\n".join([f"{WHO}：「{name}」", *lines, *more])


def page(lines: Iterable[str], number: int, pages: int, total: int) -> str:
    """One page of the history."""
    head = f"修改记录（共 {total} 次" + (f"，第 {number}/{pages} 页）" if pages > 1 else "）")
    return "\n".join([head, *lines, FILTERS])
