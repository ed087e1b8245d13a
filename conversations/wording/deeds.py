"""Words for the steps of a report: who took one, and the result of a publication."""

from __future__ import annotations

from conversations.form.model import Form
from conversations.sign_off.comparison import recorded
from conversations.sign_off.status import Remark, SignOff, SignOffRecord
from conversations.wording import comparing
from conversations.wording.door import item_name
from conversations.wording.talk import line_name
from conversations.wording.trail import NOT_ASKED, called

WHOLE = "整份年报"
BY_OPERATOR = "（由运维代办）"
MOST_DIFFERENCES = 8  # shown with a publication; its card has all
SETTLED, ANSWERED = "（已处理）", "（已答复：{}）"


def author(record: SignOffRecord) -> str:
    """The person who took a step, always with a note if an operator did it for them."""
    name = called(record.by, record.name)
    return f"{name}{BY_OPERATOR}" if record.note.get("operator") else name


def result_of(form: Form, sign_off: SignOff, record: SignOffRecord) -> str:
    """The result of comparing a publication, with the places that differ."""
    ours = comparing.FINAL if sign_off.approval is None else comparing.APPROVED
    return comparing.told(recorded(record.note), form, ours, MOST_DIFFERENCES)


def about(form: Form, remark: Remark) -> str:
    """The item of a remark, in a few words."""
    item = remark.item
    if not item:
        name = WHOLE
    elif item not in form.number:
        name = NOT_ASKED
    elif item in form.lines:
        name = line_name(form.lines[item])
    else:
        name = item_name(form, item)
    return f"{name}「{remark.quote}」" if remark.quote else name


def remarked(form: Form, remark: Remark) -> str:
    """A remark with its place, and its answer or settlement."""
    said = f"{about(form, remark)}：{remark.text}"
    if remark.open:
        return said
    return said + (ANSWERED.format(remark.answer) if remark.answer else SETTLED)
