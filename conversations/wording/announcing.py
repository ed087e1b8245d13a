"""Messages about a step of a report to the people it concerns, with buttons to continue."""

from __future__ import annotations

from conversations.sign_off.states import Deed
from conversations.sign_off.status import SignOffRecord
from conversations.talk.effects import Button, Buttons, MessageKind, Say, Tone
from conversations.talk.session import Session
from conversations.wording.deeds import author, result_of
from conversations.wording.people import OPEN
from conversations.wording.talk import head

SHOW = "show"  # the button that opens a report, in any state

REPORT = "{}年报"
SUBMITTED = "📥 {who} 送审了{report}，请您审核。"
WITHDRAWN = "↩️ {who} 撤回了{report}的送审，改好后再送。前面那份不用审了。"
RETURNED = "↩️ {who} 退回了{report}。请修改或答复，再送审。"
APPROVED = "✅ {who} 同意了{report}（版本 {mark}）。"
APPROVED_OFF_LINE = "✅ {report}已线下同意（{name} {date}，版本 {mark}），由 {who} 记录。"
REOPENED = "🔓 {who} 重新打开了{report}，可以修改。改好后要再次送审或定稿。"
PUBLISHED = "⚠️ {report}已公布。{result}"
HANDED_BACK = (
    "↩️ {report}已退给经办人：送审后，本机关唯一的审核人离开了，没有人审核。\n"
    "请管理员邀请新的审核人，再送审；没有审核人时，由经办人直接生成正式文件。"
)
REASON, ADDRESS = "原因：{}", "网址：{}"


def told(session: Session, step: SignOffRecord, remarks: str = "", buttons: Buttons = ()) -> Say:
    """
    The message about a step.

    With a return, `remarks` are the open ones and `buttons` lead to their places.
    """
    report, note = REPORT.format(head(session.organ, session.year)), step.note
    lines = [
        _FIRST[step.deed].format(
            who=author(step),
            report=report,
            mark=step.fingerprint,
            name=note.get("name", ""),
            date=note.get("date", ""),
            result=result_of(session.form, session.sign_off, step)
            if step.deed is Deed.PUBLISH
            else "",
        )
    ]
    if remarks:
        lines.append(remarks)  # the reason is one of them
    elif reason := note.get("reason"):
        lines.append(REASON.format(reason))
    if address := note.get("address"):
        lines.append(ADDRESS.format(address))
    rows = (*buttons, (Button(SHOW, OPEN, Tone.GO),))
    return Say(MessageKind.NOTE, "\n".join(lines), rows)


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
