"""Sentences about submission, decision and publication."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from conversations.sign_off.rights import Action
from conversations.sign_off.states import Deed, Need, ReportState
from conversations.wording.talk import head

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

# Why nothing was changed, and the first button for people who may change it.
LOCKED = {
    ReportState.SUBMITTED: "这份年报已送审，没有改动。",
    ReportState.APPROVED: "领导已同意这份年报，没有改动。",
    ReportState.PUBLISHED: "这份年报已公布，没有改动。",
}
FIRST = {
    ReportState.SUBMITTED: "要改，请先点「撤回」。",
    ReportState.APPROVED: "要改，请先点「重新打开」，写明原因。",
    ReportState.PUBLISHED: "要更正，请先点「重新打开」，写明原因。",
}
ASK_OTHERS = {
    ReportState.SUBMITTED: "要改，请经办人先撤回。",
    ReportState.APPROVED: "要改，请审核人或管理员重新打开。",
    ReportState.PUBLISHED: "要更正，请审核人或管理员重新打开。",
}
NOT_ALLOWED = {
    Action.LOOK: "这份年报不在您的权限里。",
    Action.WRITE: "您不能改这份年报，没有改动。要填报，请管理员邀请您为经办人。",
    Action.FINISH: "正式文件由经办人生成。",
    Action.REMARK: "送审后由审核人批注。",
    Action.TAKE_BACK: "只能收回自己还没发出的批注。",
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


def locked(state: ReportState, year: int = 0) -> str:
    """Why a report that is not on the screen cannot be changed, perhaps with its year."""
    return f"{f'{year} 年度：' if year else ''}{LOCKED[state]}{ASK_OTHERS[state]}"


def not_begun(organ: str, year: int) -> str:
    """A person who may only look opens a report that has not been begun."""
    return f"{head(organ, year)}年报还没有开始填。经办人打开以后，您就能看。"


def now_is(state: ReportState) -> str:
    """The text came for a card that is no longer valid."""
    return f"现在是「{STATES[state]}」，没有记下，请看下面。"


def no_such_step(deed: Deed, state: ReportState) -> str:
    """A step that this person cannot take, or not in this state."""
    return f"现在是「{STATES[state]}」，您不能「{DEEDS[deed]}」，没有改动。"


# ------------------------------------------------------- the card of sign-off

SUBMITTED_FILE = "送审稿"
FINAL_FILE = "正式文件"
SIGNED_PAGE = "签字页照片"
NO_FORM_YET = "领导还没有同意。同意以后，才有别的格式的正式文件。"
SUBMITTED_CAPTION = "送审稿，版本 {mark}。可以打印给领导看；同意后这一份就是正式文件。"
APPROVED_CAPTION = "正式文件，版本 {mark}，和送审的那一份完全相同。"
FINAL_CAPTION = "正式文件，版本 {mark}。"  # was never submitted
NOT_RETURNED = "不退回"
NOT_REOPENED = "不打开"
NOT_OFF_LINE = "返回"
YOU = "您"
NO_LAST_YEAR = "没有上年数据可比"
OTHER_VERSION = "这是以前的版本，没有处理。现在的版本在下面，请看过再点。"
TAP = "这里不用输入文字，请点按钮。"
STALE = "⚠️ 领导同意以后又有改动，改好后请再送审。"
TO_MEND = "↩️ 领导已退回，请修改后再送审。"
LOOK_FIRST = "请先看过下面这一版，再点按钮。"
WITHDRAWN = "已撤回，可以改了。改好后请再送审。"
REOPENED = "已重新打开，可以改了。"
REOPENED_FOR_OTHERS = "已重新打开，经办人可以改了。"
RETURNED_NOW = "已退回给经办人。"
PHOTO_KEPT = "照片收到了。"
NO_NAME = "没有看到姓名，没有记下。请发领导的姓名和日期，例如「张建国 1月12日」。"
NO_DAY = "没有这一天，没有记下。请看看日历再发，例如「张建国 1月12日」。"
DAY_TO_COME = "这一天还没有到，没有记下。请发领导同意的日期。"
DAY_BEFORE = "这一天比 {year} 年还早，没有记下。请发领导同意的日期。"
NO_REASON = "「{text}」还不算原因，没有记下。请用一句话说明。"
REASON_TOO_LONG = "原因太长了（{found} 字），请不要超过 {limit} 字，没有记下。"

TITLES = {
    ReportState.OPEN: "📋 {head}年报：填报中，还没有送审",
    ReportState.SUBMITTED: "📤 {head}年报：已送审",
    ReportState.RETURNED: "↩️ {head}年报：已退回",
    ReportState.APPROVED: "✅ {head}年报：已同意",
    ReportState.PUBLISHED: "📢 {head}年报：已公布",
}
OPEN_ALONE = "📋 {head}年报：填报中"  # without a leader
FOR_LEADER = "📝 {head}年报：请您审核"
SEE = {
    ReportState.OPEN: "看填报情况",
    ReportState.SUBMITTED: "已送审，看情况",
    ReportState.RETURNED: "看退回的原因",
    ReportState.APPROVED: "已同意，看情况",
    ReportState.PUBLISHED: "已公布，看情况",
}
TO_DECIDE = "请您审核"
WAITS_FOR_CLERK = "等经办人修改后再送审。"
WHAT_NOW = {
    ReportState.SUBMITTED: "等领导审核，内容已锁定。",
    ReportState.RETURNED: "请修改后再送审。",
}
ALL_SETTLED = "批注都已办结，请再送审。"
TO_PUBLISH = "请公布；公布以后点「已公布」，和网上的核对。"


def standing(state: ReportState) -> str:
    """The state of the report, in a line of its progress."""
    return f"现在：{STATES[state]}"


def moment(at: datetime, today: date) -> str:
    """A moment, with the year if it differs."""
    year = f"{at.year}年" if at.year != today.year else ""
    return f"{year}{at.month}月{at.day}日 {at:%H:%M}"


def day(when: date, today: date) -> str:
    """A day, with the year if it differs."""
    year = f"{when.year}年" if when.year != today.year else ""
    return f"{year}{when.month}月{when.day}日"


def done(deed: Deed, name: str, at: str) -> str:
    """«1月12日 09:05 王芳送审»."""
    return f"{at} {name}{DEEDS[deed]}"


def off_line(name: str, on: str, recorder: str, at: str, *, photo: bool) -> str:
    """An approval on paper, distinct from one that the leader gave here."""
    seen = "，有签字页照片" if photo else ""
    return f"{on} {name}{OFF_LINE}（{recorder} {at} 记录{seen}）"


def signed_page(head: str, name: str, on: str, mark: str) -> str:
    """The caption of the photo of a signed page."""
    return f"{head}年报{SIGNED_PAGE}：{on} {name}{OFF_LINE}，{version(mark)}"


def version(mark: str) -> str:
    """The fingerprint of the submitted version."""
    return f"版本 {mark}"


def correction(reason: str) -> str:
    """A published report is being corrected."""
    return f"🔁 更正：{reason}"


def because(reason: str) -> str:
    """The reason of a return or reopening."""
    return f"原因：{reason}"


def not_sent(count: int) -> str:
    """A leader has agreed although some of their remarks were not sent."""
    return f"已同意。您写的 {count} 条批注没有发给经办人；要让经办人修改，请「{REOPEN}」。"


def unsent(count: int) -> str:
    """The number of a leader's unsent remarks."""
    return f"已写批注 {count} 条，点「{RETURN}」一起发给经办人。"


def figures(year: int, last_year: bool, lines: Sequence[str], zeros: int) -> str:
    """The main figures, beside last year's if known."""
    years = f"{year - 1}年 → {year}年" if last_year else f"{year}年（{NO_LAST_YEAR}）"
    rest = [f"· {'其余' if lines else '全部'} {zeros} 项都是 0"] if zeros else []
    return "\n".join([f"【主要数字】{years}", *lines, *rest])


def most_changed(lines: Sequence[str]) -> str:
    """The figures that changed most since last year."""
    return "变化最大：" + "；".join(lines)


def explanations(lines: Iterable[str]) -> str:
    """The explanations."""
    return "\n".join(["【说明】", *lines])


def hints(lines: Iterable[str], left: int) -> str:
    """Unusual items that need no explanation, in short."""
    return "\n".join(["【提示】", *lines, *([f"……另有 {left} 条"] if left else [])])


def authors(sections: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The sections by the people who filled them in."""
    numbers: dict[tuple[str, ...], list[str]] = {}
    for number, people in sections:
        numbers.setdefault(tuple(people), []).append(number)
    if len(numbers) == 1:
        return f"【填报】{'、'.join(next(iter(numbers)))}"
    lines = [f"第{'、'.join(those)}节 {'、'.join(people)}" for people, those in numbers.items()]
    return f"【填报】{'；'.join(lines)}"


# ----------------------------------------------------- questions of sign-off


def ask_return(mark: str) -> str:
    """The question for the reason of a return without remarks."""
    return f"退回版本 {mark}：请用一句话写明要改什么，会发给经办人。"


ASK_REOPEN = "为什么要重新打开？请写一句原因，会留在记录里。打开后改过的要重新送审。"
ASK_REOPEN_ALONE = "为什么要重新打开？请写一句原因，会留在记录里。打开后改过的要重新生成正式文件。"
ASK_CORRECTION = "这份年报已经公布。为什么要更正？请写一句原因，会留在记录里。"


def ask_off_line(mark: str) -> str:
    """The question who agreed on paper, and when."""
    return (
        f"版本 {mark}：哪位领导同意的、哪一天？请一条消息发来，例如「张建国 1月12日」；"
        "不写日期按今天。\n有签字页的照片，请先发照片，再发姓名和日期。"
    )
