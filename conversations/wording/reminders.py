"""
Sentences and buttons of reminders, and the reasons for none.

Button ids are permanent: `rgo:task:number`, `rtomorrow:task`, `rweek:task`, `rnudge:task`,
`rjoin:task`. Figures and days are those of the reminder's own day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from conversations.form.model import SectionKind
from conversations.reminders.calendar import Calendar
from conversations.reminders.decide import Case, Decision, Reminder, Why
from conversations.reminders.open_work import Missing, OrganState, Overview, Progress, Waiting
from conversations.reminders.tasks import ReminderKind, Task
from conversations.sign_off.states import ReportState, Role
from conversations.talk.effects import Button, Buttons, MessageKind, Say, Tone
from conversations.wording.days import distance
from conversations.wording.talk import BALANCE_TO_CONFIRM

GO = "rgo"
TOMORROW = "rtomorrow"
WEEK = "rweek"
NUDGE = "rnudge"
INVITE = "rjoin"

MOST_NAMES = 20
MOST_TOLD = 8  # reports in one message; the rest are only counted
MOST_UNITS = 3900  # UTF-16 units of one message
MOST_BYTES = 64

HEADS = {
    ReminderKind.STEP: "🔔 年报提醒",
    ReminderKind.DEADLINE: "🔔 年报今天截止",
    ReminderKind.LAST_CALL: "🔔 年报今天截止，还没有完成",
    ReminderKind.OVERDUE: "🔔 年报已过截止日期",
    ReminderKind.AGAIN: "🔔 您让我今天再提醒",
    ReminderKind.NUDGE: "🔔 管理员提醒您填报年报",
    ReminderKind.SUMMARY: "📋 年报进度汇总",
}

WHY = {
    Why.DUE: "应发",
    Why.WITHDRAWN: "不发：任务已撤销",
    Why.FINISHED: "不发：已经完成",
    Why.OWN_PART_DONE: "不发：本人负责的部分已经填完",
    Why.UNREACHABLE: "不发：消息送不到（对方停用了机器人）",
    Why.OFF: "不发：本人关闭了提醒",
    Why.WITH_LEADER: "不发：已送审，等审核人审核",
    Why.FREE_DAY: "不发：当天不是工作日",
    Why.OUTSIDE_HOURS: "不发：不在本人的工作时间（{start}–{end}）",
    Why.SNOOZED: "不发：本人已推迟到 {until}",
    Why.HAD_TODAY: "不发：当天已经提醒过",
    Why.NUDGED_TODAY: "不发：当天已经由管理员提醒过",
    Why.WAITS_FOR_AFTERNOON: "不发：上午已提醒，下午再看",
    Why.REACHED: "不发：最近一次提醒已经发出",
    Why.TOO_EARLY: "不发：还没有到第一次提醒的日期",
}

KINDS = {
    ReminderKind.STEP: "到期前提醒",
    ReminderKind.DEADLINE: "截止日提醒",
    ReminderKind.LAST_CALL: "截止日下午提醒",
    ReminderKind.OVERDUE: "逾期提醒",
    ReminderKind.AGAIN: "推迟后的提醒",
    ReminderKind.NUDGE: "管理员催报",
    ReminderKind.SUMMARY: "进度汇总",
}

ROLES = {Role.CLERK: "经办人", Role.ADMINISTRATOR: "管理员", Role.LEADER: "审核人"}

COLLECTION = "收集日期：{}"
DEADLINE = "截止日期：{}"
PAST_COLLECTION = "🔔 年报已过收集日期"
CONTINUE = "继续填写"
REVIEW = "去审核"
WAITS = "{}送审，等您审核。"
TO_ANSWER = "领导已退回，批注 {} 条没有处理。"
RETURNED = "领导已退回，请修改后再送审。"
ONLY_DOCUMENT, ONLY_HAND_IN = "内容已经填完，只差生成正式文件。", "内容已经填完，只差送审。"
SUBMITTED, APPROVED = "已送审、等审核人审核 {} 个：{}", "其中审核人已同意 {} 个。"
NOT_TODAY, NOT_THIS_WEEK = "明天再说", "本周不提醒"
NUDGE_ALL = "提醒所有未完成的机关"
NUDGE_DUE = "提醒{}截止的机关"
MINUTES = "大约需要 {} 分钟。"
TO_CORRECT, TO_EXPLAIN = "· {} 处要改", "· {} 处说明"
FINISHED_OF = "{year}年度报告：{organs} 个机关，已完成 {done} 个。"
UNFINISHED, OVERDUE = "尚未完成（{} 个）：{}", "逾期未完成（{} 个）：{}"
JOINED, NOT_JOINED = "已加入 {} 个：{}", "还没有人加入 {} 个：{}"
INVITE_AGAIN = "给没有加入的 {} 个机关发新链接"
ALL_JOINED = "都有人加入了。"
NOT_REACHED = "消息送不到，请另行联系：{}"
MORE_REPORTS = "另有 {} 份年报没有完成，见 /switch。"
PUT_OFF = "好的，{}之前不再提醒。"
BUT_FOR_THE_DEADLINE = "截止日 {}当天除外。"
BY_LAW = "{} 年按法定节假日推算"
UNKNOWN_YEAR = "{year} 年的放假通知尚未收录，按法定节假日和周末推算，调休以国务院通知为准。"


def day_name(day: date) -> str:
    """A date with its weekday."""
    return f"{day.year}年{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）"


def dates(task: Task, today: date) -> str:
    """The dates of a task, one per line."""
    lines = [COLLECTION.format(dated(task.early, today))] if task.early else []
    return "\n".join([*lines, DEADLINE.format(dated(task.deadline, today))])


def dated(day: date, today: date) -> str:
    """A date and its distance."""
    return f"{day_name(day)}，{distance(day, today)}"


def unknown_years(calendar: Calendar, years: Iterable[int]) -> list[int]:
    """The years whose holidays are not published yet."""
    return sorted(year for year in set(years) if not calendar.knows(year))


def calendar_note(calendar: Calendar, years: Iterable[int]) -> str:
    """A note for dates in years with unpublished holidays; usually ""."""
    return "\n".join(UNKNOWN_YEAR.format(year=y) for y in unknown_years(calendar, years))


def message_of(reminders: Sequence[Reminder]) -> Say:
    """One message for all reminders of one person."""
    told = min(len(reminders), MOST_TOLD)
    while True:
        said = say(reminders[:told])
        rest = len(reminders) - told
        if rest:
            said = replace(said, text=f"{said.text}\n\n{MORE_REPORTS.format(rest)}")
        if told == 1 or len(said.text.encode("utf-16-le", "surrogatepass")) <= 2 * MOST_UNITS:
            return said
        told -= 1


def say(message: Sequence[Reminder]) -> Say:
    """
    One message for some reminders of one person, the most urgent first.

    The first has a heading, others only if theirs differs; every task has its own button.
    """
    parts = []
    for place, reminder in enumerate(message):
        same = place and _head(reminder) == _head(message[0])
        parts.append(_body(reminder) if same else f"{_head(reminder)}\n{_body(reminder)}")
    return Say(MessageKind.NOTE, "\n\n".join(parts), buttons(message))


def _head(reminder: Reminder) -> str:
    if reminder.kind is ReminderKind.OVERDUE and reminder.day <= reminder.task.deadline:
        return PAST_COLLECTION
    return HEADS[reminder.kind]


def buttons(message: Sequence[Reminder]) -> Buttons:
    """Buttons to the next open question of each task, and to put reminders off."""
    rows: list[tuple[Button, ...]] = []
    clerks = [r for r in message if r.kind is not ReminderKind.SUMMARY]
    for reminder in clerks:
        number = reminder.progress.next_number if isinstance(reminder.progress, Progress) else 0
        go_on = REVIEW if isinstance(reminder.progress, Waiting) else CONTINUE
        label = go_on if len(clerks) == 1 else f"{go_on}：{reminder.task.organ}"
        rows.append((Button(_id(GO, reminder.task.id, number), label, Tone.GO),))
    if clerks:
        # Reminders are put off for the member, not for a task: one row for the whole message.
        task = clerks[0].task.id
        rows.append(
            (
                Button(_id(TOMORROW, task), NOT_TODAY),
                Button(_id(WEEK, task), NOT_THIS_WEEK),
            )
        )
    summaries = [r for r in message if r.kind is ReminderKind.SUMMARY]
    for reminder in summaries:
        label = NUDGE_ALL if len(summaries) == 1 else NUDGE_DUE.format(_whose(reminder.task))
        rows.append((Button(_id(NUDGE, reminder.task.id), label, Tone.MAIN),))
        if isinstance(reminder.progress, Overview) and reminder.progress.not_joined:
            rows.append(invite_again(reminder.task.id, len(reminder.progress.not_joined)))
    return tuple(rows)


def invite_again(task_id: str, count: int) -> tuple[Button, ...]:
    """The button for new links to the organs of a collective task («» for all) without a clerk."""
    return (Button(_id(INVITE, task_id), INVITE_AGAIN.format(count), Tone.PLAIN),)


def _whose(task: Task) -> str:
    """The dates that distinguish a group of organs."""
    early = f"{task.early.month}月{task.early.day}日收集、" if task.early else ""
    return f"{early}{task.deadline.year}年{task.deadline.month}月{task.deadline.day}日"


def _id(*parts: object) -> str:
    """
    A button id.

    Raises:
        ValueError: The task's id is too long for a button. A bug in the caller.
    """
    joined = ":".join(map(str, parts))
    if len(joined.encode()) > MOST_BYTES:
        raise ValueError(f"{joined} is longer than a button id may be")
    return joined


def _body(reminder: Reminder) -> str:
    if isinstance(reminder.progress, Overview):
        return _summary(reminder, reminder.progress)
    lines = [_title(reminder.task), dates(reminder.task, reminder.day), ""]
    if isinstance(reminder.progress, Waiting):
        since = reminder.member.day(reminder.progress.since)
        return "\n".join([*lines, WAITS.format(day_name(since))])
    return "\n".join([*lines, *_own(reminder.progress)])


def _title(task: Task) -> str:
    return f"{task.organ}{task.year}年政府信息公开工作年度报告"


def _own(progress: Progress) -> list[str]:
    lines = []
    if progress.remarks:
        lines.append(TO_ANSWER.format(progress.remarks))
    elif progress.state is ReportState.RETURNED:
        lines.append(RETURNED)
    if progress.missing:
        lines.append("您负责的部分还差：")
        lines += [f"· {_missing(missing)}" for missing in progress.missing]
    if progress.to_correct:
        lines.append(TO_CORRECT.format(progress.to_correct))
    if progress.to_explain:
        lines.append(TO_EXPLAIN.format(progress.to_explain))
    if progress.only_document and not (progress.to_correct or progress.to_explain):
        lines.append(ONLY_HAND_IN if progress.leader else ONLY_DOCUMENT)
    return [*lines, MINUTES.format(progress.minutes)]


def _missing(missing: Missing) -> str:
    if missing.kind is SectionKind.NARRATIVE:
        return f"{missing.heading}（文字）"
    return f"{missing.heading}（{BALANCE_TO_CONFIRM if missing.balance else f'{missing.open} 格'}）"


def _summary(reminder: Reminder, overview: Overview) -> str:
    task, unfinished = reminder.task, overview.unfinished
    done = len(overview.organs) - len(unfinished)
    late = reminder.day > task.counts_to
    lines = [
        FINISHED_OF.format(year=task.year, organs=len(overview.organs), done=done),
        dates(task, reminder.day),
        "",
        (OVERDUE if late else UNFINISHED).format(len(unfinished), _who(overview)),
    ]
    if overview.approved:
        lines[0] += APPROVED.format(len(overview.approved))
    if overview.submitted:
        lines.append(SUBMITTED.format(len(overview.submitted), _names(overview.submitted)))
    if overview.unreachable:
        people = [
            f"{state.organ}（{'、'.join(state.unreachable)}）"
            for state in overview.unreachable[:MOST_NAMES]
        ]
        rest = len(overview.unreachable) - len(people)
        more = f"等 {len(overview.unreachable)} 个机关" if rest else ""
        lines.append(NOT_REACHED.format(f"{'、'.join(people)}{more}"))
    if not reminder.calendar_known:
        lines += ["", UNKNOWN_YEAR.format(year=task.deadline.year)]
    return "\n".join(lines)


def _who(overview: Overview) -> str:
    """The unfinished organs by name, those without a clerk separately."""
    missing = overview.not_joined
    if not missing:
        return _names(overview.unfinished)
    joined = [organ for organ in overview.unfinished if organ.joined]
    parts = [JOINED.format(len(joined), _names(joined))] if joined else []
    return "；".join([*parts, NOT_JOINED.format(len(missing), _names(missing))])


def _names(states: Sequence[OrganState]) -> str:
    names = "、".join(state.organ for state in states[:MOST_NAMES])
    return names if len(states) <= MOST_NAMES else f"{names}等 {len(states)} 个"


# ---- for the administrator ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Nudged:
    """A person whom a nudge reaches, and their open work; None if it is only known when sent."""

    organ: str
    name: str
    left: Progress | None


NOT_NUDGED = {
    Why.UNREACHABLE: "消息送不到",
    Why.OFF: "关闭了提醒",
    Why.SNOOZED: "已推迟提醒",
    Why.HAD_TODAY: "今天已提醒过",
    Why.NUDGED_TODAY: "今天已提醒过",
    Why.WITH_LEADER: "已送审、在等审核人",
}
NOBODY_TO_NUDGE = "现在没有可以提醒的人。"


def do_nudge(people: int) -> str:
    """The button that sends the nudge."""
    return f"提醒这 {people} 人"


def yes_nudge(task_id: str) -> str:
    """The id of that button, for a collective task («» for all)."""
    return _id(NUDGE, task_id, "y")


def to_nudge(
    people: int, reached: Collection[Nudged], refused: Iterable[Why], not_joined: Sequence[str]
) -> str:
    """The people to be reminded, before it is done: one line per organ."""
    organs: dict[str, list[Nudged]] = {}
    for each in reached:
        organs.setdefault(each.organ, []).append(each)
    lines = [f"将提醒 {people} 人：" if people else NOBODY_TO_NUDGE]
    lines += [f"· {_told_of(organ, those)}" for organ, those in [*organs.items()][:MOST_NAMES]]
    if len(organs) > MOST_NAMES:
        lines.append(f"……共 {len(organs)} 个单位")
    return "\n".join([*lines, *_not_nudged(refused, not_joined)])


def _told_of(organ: str, those: Sequence[Nudged]) -> str:
    names = "、".join(each.name for each in those)
    left = next((each.left for each in those if each.left), None)
    return f"{organ}：{names}" + (f"（{_left(left)}）" if left else "")


def _left(progress: Progress) -> str:
    """The open work, in a few words."""
    parts = []
    if progress.remarks:
        parts.append(f"批注 {progress.remarks} 条")
    elif progress.state is ReportState.RETURNED:
        parts.append("退回待改")
    if progress.missing:
        parts.append(f"还差 {len(progress.missing)} 节")
    if progress.to_correct:
        parts.append(f"改 {progress.to_correct} 处")
    if progress.to_explain:
        parts.append(f"说明 {progress.to_explain} 处")
    if not parts and progress.only_document:
        parts.append("只差送审" if progress.leader else "只差生成文件")
    return "，".join(parts)


def _not_nudged(refused: Iterable[Why], not_joined: Sequence[str]) -> list[str]:
    counts = Counter(NOT_NUDGED[why] for why in refused if why in NOT_NUDGED)
    lines = [f"{count} 人{reason}，这次不再提醒。" for reason, count in counts.items()]
    if not_joined:
        names = "、".join(not_joined[:MOST_NAMES])
        rest = f"等 {len(not_joined)} 个" if len(not_joined) > MOST_NAMES else ""
        lines.append(f"{len(not_joined)} 个单位没人加入：{names}{rest}。")
    return lines


def nudged(people: int, refused: Iterable[Why], not_joined: Sequence[str] = ()) -> str:
    """The nudge was sent."""
    done = f"已安排提醒 {people} 人，在各人的工作时间内发出。" if people else NOBODY_TO_NUDGE
    return "\n".join([done, *_not_nudged(refused, not_joined)])


def put_off(until: date, deadline: date, today: date) -> str:
    """The answer to 「明天再说」 and 「本周不提醒」."""
    text = PUT_OFF.format(day_name(until))
    if today < deadline < until:
        text += BUT_FOR_THE_DEADLINE.format(day_name(deadline))
    return text


# ---- explaining --------------------------------------------------------------------------


def explained(decision: Decision, case: Case, calendar: Calendar) -> str:
    """Whether and why a member would be reminded, in one line."""
    task, member = case.task, case.member
    what = task.organ or f"{task.year}年度 {day_name(task.counts_to)}截止的任务"
    who = f"{what} · {ROLES[member.role]} {member.name or member.id}"
    why = WHY[decision.why].format(
        start=f"{member.start:%H:%M}",
        end=f"{member.end:%H:%M}",
        until=day_name(member.snooze.until) if member.snooze else "",
    )
    parts = [why]
    if decision.reminder:
        reminder = decision.reminder
        parts = [f"{why}{KINDS[reminder.kind]}"]
        if reminder.step:
            parts.append(f"提前 {reminder.step} 天的一次")
        late = reminder.day > task.counts_to
        parts.append(distance(task.deadline if late else task.counts_to, reminder.day))
    elif decision.next_date:
        parts.append(f"下一个日期 {day_name(decision.next_date)}")
    unknown = "、".join(
        map(str, unknown_years(calendar, (task.counts_to.year, task.deadline.year)))
    )
    if unknown:
        parts.append(BY_LAW.format(unknown))
    return f"{who}：{'；'.join(parts)}"
