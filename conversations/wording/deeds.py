"""How the steps of a report are told: who took one, and what came of a publication."""

from __future__ import annotations

from conversations.form.model import Form
from conversations.sign_off.status import Remark, SignOffRecord
from conversations.wording.door import item_name
from conversations.wording.talk import line_name

WHOLE = "整份年报"
BY_OPERATOR = "（由运维代办）"
DOORS = {"system": "系统", "terminal": "终端", "operator": "运维"}
RESULTS = {
    "equal": "网上公布的和定稿一致",
    "different": "网上公布的和定稿不一致",
    "not compared": "网上公布的没有对比成",
}
SETTLED, ANSWERED = "（已处理）", "（已答复：{}）"


def author(record: SignOffRecord) -> str:
    """Who took a step; that an operator did it for them is always said."""
    name = record.name or DOORS.get(record.by, record.by)
    return f"{name}{BY_OPERATOR}" if record.note.get("operator") else name


def result_of(record: SignOffRecord) -> str:
    """What came of comparing a publication, with the reason where there is one."""
    said = RESULTS.get(record.note.get("result", ""), RESULTS["not compared"])
    why = record.note.get("why", "")
    return f"{said}：{why}" if why else said


def about(form: Form, remark: Remark) -> str:
    """What a remark is about, in a few words."""
    item = remark.item
    if not item:
        name = WHOLE
    elif item in form.lines:
        name = line_name(form.lines[item])
    else:
        name = item_name(form, item)
    return f"{name}「{remark.quote}」" if remark.quote else name


def remarked(form: Form, remark: Remark) -> str:
    """A remark with its place, and what became of it."""
    said = f"{about(form, remark)}：{remark.text}"
    if remark.open:
        return said
    return said + (ANSWERED.format(remark.answer) if remark.answer else SETTLED)
