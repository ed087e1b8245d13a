"""What those are told whom a step of a report concerns, with the buttons to go on."""

from __future__ import annotations

from conversations.form.model import Form
from conversations.form.numbers import NUMBERS
from conversations.sign_off.states import Deed
from conversations.sign_off.status import SignOff, SignOffRecord
from conversations.talk.effects import Button, Buttons, MessageKind, Say, Tone
from conversations.wording.deeds import about, author, result_of
from conversations.wording.people import OPEN
from conversations.wording.talk import head, shorten

SHOW = "show"  # the button that opens a report, whatever stands there
LABEL = 20  # characters of a button
MOST_REMARKS = 20  # told in one message; the rest are counted
REMARK = 120  # characters told of a remark

REPORT = "{}年报"
SUBMITTED = "📥 {who} 送审了{report}，请您审核。"
WITHDRAWN = "↩️ {who} 撤回了{report}的送审，改好后再送。前面那份不用审了。"
RETURNED = "↩️ {who} 退回了{report}。请修改或答复，再送审。"
APPROVED = "✅ {who} 同意了{report}（版本 {mark}）。"
APPROVED_OFF_LINE = "✅ {report}已线下同意（{name} {date}，版本 {mark}），由 {who} 记录。"
REOPENED = "🔓 {who} 重新打开了{report}，可以修改。改好后要再次送审或定稿。"
PUBLISHED = "⚠️ {report}已公布，{result}"
HANDED_BACK = (
    "↩️ {report}已退给经办人：送审后，本机关唯一的审核人离开了，没有人审核。\n"
    "请管理员邀请新的审核人，再送审；没有审核人时，由经办人直接生成正式文件。"
)
REASON, ADDRESS = "原因：{}", "网址：{}"
REMARKS, MORE_REMARKS = "批注 {} 条：", "……另有 {} 条，打开年报看。"


def told(form: Form, organ: str, year: int, sign_off: SignOff, step: SignOffRecord) -> Say:
    """What is said of a step, in one message."""
    report, note = REPORT.format(head(organ, year)), step.note
    lines = [
        _FIRST[step.deed].format(
            who=author(step),
            report=report,
            mark=step.fingerprint,
            name=note.get("name", ""),
            date=note.get("date", ""),
            result=result_of(step),
        )
    ]
    rows: list[tuple[Button, ...]] = []
    if reason := note.get("reason"):
        lines.append(REASON.format(reason))
    if address := note.get("address"):
        lines.append(ADDRESS.format(address))
    if step.deed is Deed.RETURN:
        said, rows = _remarks(form, sign_off)
        lines += said
    rows.append((Button(SHOW, OPEN, Tone.GO),))
    return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))


_FIRST = {
    Deed.SUBMIT: SUBMITTED,
    Deed.WITHDRAW: WITHDRAWN,
    Deed.RETURN: RETURNED,
    Deed.APPROVE: APPROVED,
    Deed.RECORD_APPROVAL: APPROVED_OFF_LINE,
    Deed.REOPEN: REOPENED,
    Deed.PUBLISH: PUBLISHED,
    Deed.HAND_BACK: HANDED_BACK,
}


def _remarks(form: Form, sign_off: SignOff) -> tuple[list[str], list[tuple[Button, ...]]]:
    """The remarks that went with a return, and a button to the place of each."""
    remarks = sign_off.open_remarks
    lines = [REMARKS.format(len(remarks))] if remarks else []
    rows: list[tuple[Button, ...]] = []
    for number, remark in enumerate(remarks[:MOST_REMARKS], 1):
        lines.append(f"{number}. {about(form, remark)}：{shorten(remark.text, REMARK)}")
        if remark.item:
            verb = "s" if remark.item in form.section else "o"
            label = f"{number}. {shorten(about(form, remark), LABEL)}"
            rows.append((Button(f"{verb}:{NUMBERS[remark.item]}", label),))
    if len(remarks) > MOST_REMARKS:
        lines.append(MORE_REMARKS.format(len(remarks) - MOST_REMARKS))
    return lines, rows


def opening(buttons: Buttons) -> Buttons:
    """The buttons without the one that opens what stands below already."""
    return tuple(row for row in buttons if all(button.id != SHOW for button in row))
