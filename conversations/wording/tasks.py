"""
Sentences about tasks and about a person's own reminders.

Button ids are permanent: `tk:report`, then `:d`, `:i`, `:a`, `:w`, `:r`, `:c`, `:x`, `:n` with
their arguments; `rm:` with the setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta

from conversations.form.local_notice import LocalNotice
from conversations.form.model import Form, ItemId
from conversations.form.organ import Level
from conversations.reminders.calendar import Calendar
from conversations.reminders.people import Member, Mode
from conversations.reminders.tasks import Task, default_deadline
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.wording.days import distance
from conversations.wording.reminders import (
    COLLECTION,
    DEADLINE,
    calendar_note,
    dated,
    dates,
    day_name,
)
from conversations.wording.talk import demands_of

TASK, REMIND = "tk", "rm"

MOST_TASKS, MOST_CLERKS = 40, 30  # listed to choose from
LONGEST_LABEL = 60

NO_TASKS = "还没有任务。用 /invite 邀请经办人后自动建立。"
NO_REPORT = "请先打开一份年报。"
CHOOSE_TASK = "请选择任务："
MORE_TASKS = "（只列出前 40 个，可写 /task 机关全称）"
CHOOSE_SECTION = "给哪一节分工？没有指定的，所有经办人都提醒。"
NOT_ASSIGNED = "不指定"
BACK = "返回"
NOT_YOURS = "只有这个机关的管理员能改任务。"
UNREADABLE_DATE = "没看懂日期，请写成 2027-1-20。"
WRONG_ORDER = "收集日期不能晚于截止日期，没有改动。"
NO_SECTION = "没有这一节，请写一到六中的一个。"
NO_CLERK = "这个机关没有叫「{name}」的经办人。现有：{names}。"
NOBODY = "还没有经办人，先用 /invite 生成邀请链接"
COUNTY_DEADLINE = "县级以上政府本级 3月31日前公布（条例第四十九条），可以改。"
DEMANDS = {
    "ask": "请写名称和单位，如「政务微信发布信息 条」，单位最多 4 个字；最多问 30 个。",
    "no_ask": "没有问这个数。",
    "length": "请写第几节和字数，如「一=1000」；只有第一、五、六节是文字。",
    "headings": "请写第几节和标题，如「一=主动公开；依申请公开」；只有第一、五、六节是文字。",
}
DEMANDED = "✓ 任务的要求已改。"
USAGE = (
    "可以这样写：\n"
    "/task 截止 2027-1-31\n"
    "/task 收集 2027-1-20（不要了：/task 收集 无）\n"
    "/task 分工 三 姓名（不指定人：/task 分工 三 无）\n"
    "/task 加问 政务微信发布信息 条（不问了：/task 不问 政务微信发布信息）\n"
    "/task 字数 一=1000、/task 标题 一=主动公开；依申请公开\n"
    "/task 延期 2月10日 原因、/task 不用报 原因\n"
    "/task 撤销、/task 恢复\n"
    "/task 日历"
)
EXTENSION_USAGE = "请写日期和原因，如：/task 延期 2月10日 经办人变动"
NOT_LATER = "新日期不比现在的晚，没有改动。"
EXTENDED, EXCUSED = "已延期，原因：{}。", "今年不用报，原因：{}。不再提醒，填过的都保留。"
TO_EXTEND, TO_EXCUSE = "延期", "今年不用报"
# Their places are in buttons: add new ones at the end.
EXTENSION_REASONS = ("经办人变动", "数据还在核对", "等上级答复")
EXCUSE_REASONS = ("机构改革，并入其他机关", "今年新成立", "由上级机关一并编报")
EXTEND_BY = (3, 7, 14, 28)  # days that are offered
WITHDRAW_ASK = "撤销后不再提醒任何人，填过的都保留，可以恢复。撤销吗？"
REMIND_USAGE = "可以这样写：/remind 8:30-17:30、/remind 开、/remind 少、/remind 关"
HOURS_WRONG = "没看懂时间，请写成 8:30-17:30，开始早于结束。"
NOT_MEMBER = "您不是任何机关的成员，没有提醒。"
ICS_NAME = "{organ}{year}年度报告日期.ics"
ICS_CAPTION = "日历文件，可导入手机或电脑。日期改了请重新获取。"
NUDGE_MORE = "人数较多，先提醒这些，其余请再点一次。"
NOT_TO_NUDGE = "只有管理员能用这个命令提醒大家。"
NUDGE_NONE = "现在没有您管理的任务。"
GONE = "这个任务已经没有了。"
MADE = "任务已建立。"
NO_COLLECTION = "不再设收集日期。"
WITHDRAWN, RESTORED = "任务已撤销，不再提醒。", "任务已恢复。"
ON, FEWER, OFF = "开", "少一些", "关"
TO_DEADLINE, TO_COLLECTION = "改截止日期", "改收集日期"
ASSIGN = "分工"
TO_WITHDRAW, TO_RESTORE = "撤销任务", "恢复任务"
WITHDRAW, DO_NOT_WITHDRAW = "撤销", "不撤销"

MODES = {
    Mode.ON: "开（到期前 30、14、7、3、1 天和当天，逾期后每个工作日）",
    Mode.QUIETER: "少（到期前 7 天、1 天和当天，逾期后每周）",
    Mode.OFF: "关",
}
REMINDED = "提醒：{}"
HOURS = (
    (time(9), time(18)),
    (time(8, 30), time(17, 30)),
    (time(8), time(17)),
    (time(14), time(18)),
)


# ---- a task -----------------------------------------------------------------------------------


def _button(task: Task, what: str, label: str, tone: Tone = Tone.PLAIN) -> Button:
    """A button of a task's card; `what` follows the task's id."""
    return Button(f"{TASK}:{task.id}{what and ':'}{what}", label[:LONGEST_LABEL], tone)


def task_card(
    task: Task, form: Form, names: Mapping[str, str], calendar: Calendar, today: date
) -> Say:
    """A task for its administrator; `names` are its clerks by id."""
    lines = [_title(task), dates(task, today)]
    note = calendar_note(calendar, {task.counts_to.year, task.deadline.year})
    if note:
        lines.append(note)
    if task.deadline == default_deadline(task.year, Level.COUNTY):
        lines.append(COUNTY_DEADLINE)
    if task.withdrawn:
        excused = f"今年不用报：{task.reason}。" if task.reason else "任务已撤销，"
        lines.append(f"⏸ {excused}不提醒任何人。")
    elif task.reason:
        lines.append(f"延期原因：{task.reason}")
    lines += ["", f"经办人：{'、'.join(names.values()) or NOBODY}"]
    owners = [(s, owner) for s in form.sections for id_, owner in task.assigned if id_ == s.id]
    lines += [f"· {s.heading}：{names.get(owner) or f'编号{owner}'}" for s, owner in owners]
    if names and not owners:
        lines.append("不分工，所有经办人都提醒。")
    if demands := demanded(task.notice, form):
        lines += ["", *demands]
    if task.withdrawn:
        state = _button(task, "r", TO_RESTORE, Tone.GO)
    else:
        state = _button(task, "w", TO_WITHDRAW)
    excuse = () if task.withdrawn and task.reason else (_button(task, "n", TO_EXCUSE),)
    rows = (
        (_button(task, "d", TO_DEADLINE), _button(task, "i", TO_COLLECTION)),
        (_button(task, "x", TO_EXTEND), *excuse),
        (_button(task, "a", ASSIGN), state),
        (_button(task, "c", "日历文件"),),
    )
    return Say(MessageKind.NOTE, "\n".join(lines), rows)


def demanded(notice: LocalNotice, form: Form) -> list[str]:
    """A task's requirements beyond the form."""
    asked = [f"{question.name}（{question.unit}）" for question in notice.questions]
    lines = [f"另外要填：{'、'.join(asked)}"] if asked else []
    for section in form.sections:
        wanted = demands_of(notice, section.id)
        if wanted:
            lines.append(f"{section.heading}：{wanted}")
    return lines


def choose_task(tasks: Sequence[Task]) -> Say:
    """The choice of a task."""
    listed = tasks[:MOST_TASKS]
    rows = tuple((_button(task, "", f"{task.organ} {task.year}年度"),) for task in listed)
    more = "" if len(tasks) == len(listed) else MORE_TASKS
    return Say(MessageKind.NOTE, f"{CHOOSE_TASK}{more}", rows)


def choose_day(task: Task, *, internal: bool, today: date) -> Say:
    """The choice of the deadline or internal date, among usual days."""
    year = task.year + 1
    usual = [date(year, 1, day) for day in (10, 15, 20, 25)]
    usual += [default_deadline(task.year, level) for level in (Level.BUREAU, Level.COUNTY)]
    letter = "i" if internal else "d"
    buttons = [
        _button(task, f"{letter}:{day:%Y%m%d}", f"{day.month}月{day.day}日")
        for day in usual
        if not internal or day <= task.deadline
    ]
    rows = [tuple(buttons[n : n + 3]) for n in range(0, len(buttons), 3)]
    if internal and task.internal:
        rows.append((_button(task, "i:0", "不设收集日期"),))
    rows.append((_button(task, "", BACK),))
    what, word = ("收集日期", "收集") if internal else ("截止日期", "截止")
    about = "县里收齐的日期，提醒按它倒数。" if internal else "向社会公布的期限。"
    text = (
        f"{dates(task, today)}\n\n请选{what}（{about}）\n别的日期可以发：/task {word} {year}-1-18"
    )
    return Say(MessageKind.NOTE, text, tuple(rows))


def choose_extension(task: Task, today: date) -> Say:
    """The choice of an extension, some days after the present date."""
    days = [max(task.counts_to, today) + timedelta(days=more) for more in EXTEND_BY]
    buttons = [_button(task, f"x:{day:%Y%m%d}", f"{day.month}月{day.day}日") for day in days]
    rows = (tuple(buttons[:2]), tuple(buttons[2:]), (_button(task, "", BACK),))
    text = f"{_title(task)}\n{dates(task, today)}\n\n延期到哪一天？\n{EXTENSION_USAGE}"
    return Say(MessageKind.NOTE, text, rows)


def extension_reason(task: Task, day: date) -> Say:
    """The choice of the reason for an extension."""
    rows = _reasons(task, f"x:{day:%Y%m%d}", EXTENSION_REASONS)
    text = (
        f"{_title(task)}\n延期到{day.month}月{day.day}日，原因？\n"
        f"别的原因可以发：/task 延期 {day} 原因"
    )
    return Say(MessageKind.NOTE, text, rows)


def choose_excuse(task: Task) -> Say:
    """The choice of the reason why an organ need not report this year."""
    rows = _reasons(task, "n", EXCUSE_REASONS)
    text = f"{_title(task)}\n今年不用报，原因？\n别的原因可以发：/task 不用报 原因"
    return Say(MessageKind.NOTE, text, rows)


def _reasons(task: Task, what: str, reasons: Sequence[str]) -> tuple[tuple[Button, ...], ...]:
    rows = [(_button(task, f"{what}:{n}", reason),) for n, reason in enumerate(reasons, 1)]
    return (*rows, (_button(task, "", BACK),))


def _title(task: Task) -> str:
    return f"{task.organ}{task.year}年度报告"


def told_clerks(before: Task | None, after: Task, today: date) -> str:
    """To an organ's clerks about a change that has a reason; usually ""."""
    was = before is not None and before.withdrawn and bool(before.reason)
    now = after.withdrawn and bool(after.reason)
    due = DEADLINE.format(dated(after.deadline, today))
    if now and not was:
        return f"{_title(after)}今年不用报，原因：{after.reason}。不再提醒，填过的都保留。"
    if was and not after.withdrawn:
        return f"{_title(after)}仍然要报。{due}"
    fresh = before is None or before.counts_to != after.counts_to
    if after.reason and not after.withdrawn and fresh:
        return f"{_title(after)}已延期，原因：{after.reason}。\n{dates(after, today)}"
    return ""


def choose_section(task: Task, form: Form, names: Mapping[str, str]) -> Say:
    """The choice of a section to assign."""
    owners = dict(task.assigned)
    rows = []
    for section in form.sections:
        owner = names.get(owners[section.id], "其他人") if section.id in owners else NOT_ASSIGNED
        label = f"{section.number}、{section.short}：{owner}"
        rows.append((_button(task, f"a:{section.item}", label),))
    rows.append((_button(task, "", BACK),))
    return Say(MessageKind.NOTE, CHOOSE_SECTION, tuple(rows))


def choose_clerk(task: Task, form: Form, section: ItemId, names: Mapping[str, str]) -> Say:
    """The choice of a section's owner."""
    item, heading = form.section[section].item, form.section[section].heading
    clerks = list(names.items())[:MOST_CLERKS]
    rows = [(_button(task, f"a:{item}:{id_}", name),) for id_, name in clerks]
    rows += [(_button(task, f"a:{item}:0", NOT_ASSIGNED),), (_button(task, "a", BACK),)]
    return Say(MessageKind.NOTE, f"{heading}由谁填？" if names else NOBODY, tuple(rows))


def withdraw_ask(task: Task) -> Say:
    """The question before all reminders stop."""
    rows = ((_button(task, "w:y", WITHDRAW, Tone.DANGER), _button(task, "", DO_NOT_WITHDRAW)),)
    return Say(MessageKind.NOTE, f"{_title(task)}\n{WITHDRAW_ASK}", rows)


def changed(before: Task | None, after: Task, today: date) -> str:
    """The result of a change of dates."""
    lines = []
    if before is None:
        lines.append(MADE)
    if before is None or before.deadline != after.deadline:
        lines.append(DEADLINE.format(dated(after.deadline, today)))
    if (before.internal if before else None) != after.internal:
        collection = COLLECTION.format(dated(after.internal, today)) if after.internal else ""
        lines.append(collection or NO_COLLECTION)
    if after.reason and after.reason != (before.reason if before else ""):
        lines.append((EXCUSED if after.withdrawn else EXTENDED).format(after.reason))
    elif before and before.withdrawn != after.withdrawn:
        lines.append(WITHDRAWN if after.withdrawn else RESTORED)
    if not lines:
        return "没有改动。"
    if not after.withdrawn and before is not None:
        lines.append("提醒按新日期。")
    return "✓ " + "\n".join(lines)


def begun(task: Task, today: date) -> str:
    """The task that an invitation has begun, in one line."""
    return f"✓ {task.organ}{task.year}年度：{DEADLINE.format(dated(task.deadline, today))}"


def assigned(form: Form, section: ItemId, name: str) -> str:
    """The result of an assignment."""
    return f"✓ {form.section[section].heading}：{name or NOT_ASSIGNED}"


# ---- a person's own reminders -----------------------------------------------------------------


def settings(member: Member, tasks: Iterable[Task], today: date) -> Say:
    """A person's reminder settings, and how to change them."""
    hours = f"{member.start:%H:%M}–{member.end:%H:%M}"
    snooze = member.snooze if member.snooze and today < member.snooze.until else None
    lines = [
        REMINDED.format(MODES[member.mode]),
        f"时间：工作日 {hours}，其他时间不打扰（截止日除外）",
        *([f"已推迟：{day_name(snooze.until)}之前不提醒"] if snooze else []),
        *(f"· {t.organ}{t.year}年度：{distance(t.counts_to, today)}" for t in tasks),
        "",
        "别的时间可以发：/remind 8:30-17:30",
    ]
    modes = [
        _choice(mode.value, label, chosen=mode is member.mode)
        for mode, label in ((Mode.ON, ON), (Mode.QUIETER, FEWER), (Mode.OFF, OFF))
    ]
    times = [
        _choice(
            f"h:{start:%H%M}:{end:%H%M}",
            f"{start:%H:%M}–{end:%H:%M}",
            chosen=(start, end) == (member.start, member.end),
        )
        for start, end in HOURS
    ]
    rows = [tuple(modes), tuple(times[:2]), tuple(times[2:])]
    if snooze:
        rows.append((Button(f"{REMIND}:again", "取消推迟"),))
    return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))


def _choice(what: str, label: str, *, chosen: bool) -> Button:
    return Button(f"{REMIND}:{what}", f"{'● ' if chosen else ''}{label}")
