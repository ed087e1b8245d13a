"""What is said about hand-in, decision and publication."""

from __future__ import annotations

from conversations.sign_off.rights import Action
from conversations.sign_off.states import Deed, Need, ReportState

SUBMIT = "送审"
WITHDRAW = "撤回"
APPROVE = "同意"
RETURN = "退回"
REMARK = "在此批注"
WHO = "谁填的"
HAND_OVER = "移交"
REOPEN = "重新打开"
PUBLISHED = "已公布"
OFF_LINE = "线下同意"

STATES = {
    ReportState.OPEN: "填报中",
    ReportState.SUBMITTED: "已送审",
    ReportState.RETURNED: "退回",
    ReportState.APPROVED: "已同意",
    ReportState.PUBLISHED: "已公布",
}

# Why nothing was changed.
LOCKED = {
    ReportState.SUBMITTED: "这份年报已送审，没有改动。要改，请先点「撤回」。",
    ReportState.APPROVED: "领导已同意这份年报，没有改动。要改，请审核人或管理员「重新打开」。",
    ReportState.PUBLISHED: "这份年报已公布，没有改动。要更正，请先「重新打开」并写明原因。",
}
NOT_ALLOWED = {
    Action.LOOK: "这份年报不在您的权限里。",
    Action.WRITE: "您不能改这份年报，没有改动。要填报，请管理员邀请您为经办人。",
    Action.FINISH: "正式文件由经办人生成。",
    Action.REMARK: "送审后由审核人批注。",
    Action.SETTLE: "批注由经办人答复。",
    Action.SHARE: "分工由经办人和管理员安排。",
    Action.MANAGE: "这由管理员办理。",
}
HAND_IN_FIRST = "本机关有审核人：请先送审，同意后就是正式文件。"
NOT_YOUR_PART = "这一节不是分给您的，没有改动。要改，请告诉经办人。"
UNMET = {
    Need.LEADER: "本机关没有审核人，不用送审，直接生成正式文件。",
    Need.NO_LEADER: "这由本机关的审核人办理。",
    Need.COLLEAGUE: "本机关只有您一位成员，不用记录。",
    Need.COMPLETE: "还有没填完或没处理的，不能送审。",
    Need.FINISHED: "请先生成正式文件。",
    Need.SAME_VERSION: "内容和送审时不一样了，请重新送审。",
    Need.REASON: "请先写明原因。",
}
DEEDS = {
    Deed.SUBMIT: SUBMIT,
    Deed.WITHDRAW: WITHDRAW,
    Deed.RETURN: RETURN,
    Deed.APPROVE: APPROVE,
    Deed.RECORD_APPROVAL: OFF_LINE,
    Deed.REOPEN: REOPEN,
    Deed.PUBLISH: PUBLISHED,
    Deed.HAND_BACK: "送审退给经办人",
}


def no_such_step(deed: Deed, state: ReportState) -> str:
    """A step that this person cannot take, or not in this state."""
    return f"现在是「{STATES[state]}」，您不能「{DEEDS[deed]}」，没有改动。"
