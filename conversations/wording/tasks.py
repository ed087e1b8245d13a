"""
What is said about tasks and about one's own reminders.

Button ids are permanent: `tk:report`, then `:d`, `:i`, `:a`, `:w`, `:r`, `:c` with their
arguments; `rm:` with what one wishes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time

from conversations.form.model import Form, ItemId
from conversations.reminders.calendar import Calendar
from conversations.reminders.people import Member, Mode
from conversations.reminders.tasks import Task, default_deadline
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.wording.reminders import calendar_note, dates, day_name, distance

TASK, REMIND = "tk", "rm"

NO_TASKS = "还没有任务。机关的经办人打开年报后会自动建立，也可以由运维用 nianbao task 建立。"
NO_REPORT = "请先打开一份年报，再用这个命令。"
CHOOSE_TASK = "请选择任务："
NOT_YOURS = "只有这个机关的管理员能改任务。"
UNREADABLE_DATE = "没有看懂日期，请写成 2027-1-20 这样。"
WRONG_ORDER = "收集日期不能晚于截止日期，没有改动。"
NO_SECTION = "没有这一节，请写一到六中的一个。"
NO_CLERK = "这个机关没有叫「{name}」的经办人。现有：{names}。"
NOBODY = "还没有经办人，先用 /invite 生成邀请链接"
USAGE = (
    "可以这样写：\n"
    "/task 截止 2027-1-31\n"
    "/task 收集 2027-1-20（不要了：/task 收集 无）\n"
    "/task 分工 三 姓名（不指定人：/task 分工 三 无）\n"
    "/task 撤销、/task 恢复\n"
    "/task 日历"
)
WITHDRAW_ASK = "撤销后不再提醒任何人，填过的内容都保留，随时可以恢复。撤销吗？"
REMIND_USAGE = "可以这样写：/remind 8:30-17:30、/remind 开、/remind 少、/remind 关"
HOURS_WRONG = "没有看懂时间，请写成 8:30-17:30 这样，开始要早于结束。"
NOT_MEMBER = "您现在不是任何机关的成员，没有提醒。"
ICS_CAPTION = "日历文件，可以导入手机或电脑的日历。日期改动后请重新获取。"
NUDGE_MORE = "人数较多，这次先提醒这些，其余的请再点一次。"
NUDGE_NONE = "现在没有您管理的任务。"
GONE = "这个任务已经没有了。"

MODES = {
    Mode.ON: "开（到期前 30、14、7、3、1 天和当天，逾期后每个工作日）",
    Mode.QUIETER: "少（到期前 7 天、1 天和当天，逾期后每周）",
    Mode.OFF: "关",
}
HOURS = (
    (time(9), time(18)),
    (time(8, 30), time(17, 30)),
    (time(8), time(17)),
    (time(14), time(18)),
)


# ---- a task -----------------------------------------------------------------------------------


def task_card(
    task: Task, form: Form, names: Mapping[str, str], calendar: Calendar, today: date
) -> Say:
    """A task as its administrator sees it; `names` are its clerks by id."""
    number = task.id
    lines = [f"{task.organ}{task.year}年度报告", dates(task, today)]
    note = calendar_note(calendar, {task.counts_to.year, task.deadline.year})
    if note:
        lines.append(note)
    if task.withdrawn:
        lines.append("⏸ 任务已撤销，不提醒任何人。")
    lines += ["", f"经办人：{'、'.join(names.values()) or NOBODY}"]
    owners = [(s, owner) for s in form.sections for id_, owner in task.assigned if id_ == s.id]
    lines += [f"· {s.heading}：{names.get(owner) or f'编号{owner}'}" for s, owner in owners]
    if names and not owners:
        lines.append("各节不分工，所有经办人都会被提醒。")
    state = (
        Button(f"{TASK}:{number}:r", "恢复任务", Tone.GO)
        if task.withdrawn
        else Button(f"{TASK}:{number}:w", "撤销任务")
    )
    return Say(
        MessageKind.NOTE,
        "\n".join(lines),
        (
            (
                Button(f"{TASK}:{number}:d", "改截止日期"),
                Button(f"{TASK}:{number}:i", "改收集日期"),
            ),
            (Button(f"{TASK}:{number}:a", "分工"), state),
            (Button(f"{TASK}:{number}:c", "日历文件"),),
        ),
    )


def task_text(
    task: Task, form: Form, names: Mapping[str, str], calendar: Calendar, today: date
) -> str:
    """The same as text, for the command line."""
    return task_card(task, form, names, calendar, today).text


def choose_task(tasks: Sequence[Task]) -> Say:
    """Which of several tasks."""
    rows = tuple(
        (Button(f"{TASK}:{task.id}", f"{task.organ} {task.year}年度"[:60]),) for task in tasks[:40]
    )
    text = (
        CHOOSE_TASK if len(tasks) <= 40 else f"{CHOOSE_TASK}（只列出前 40 个，可写 /task 机关全称）"
    )
    return Say(MessageKind.NOTE, text, rows)


def _offered(task: Task) -> list[date]:
    """Days that are usual for a report."""
    year = task.year + 1
    usual = [date(year, 1, day) for day in (10, 15, 20, 25)]
    return [*usual, default_deadline(task.year), date(year, 3, 31)]


def choose_day(task: Task, *, internal: bool, today: date) -> Say:
    """A day for the deadline or the internal date."""
    letter = "i" if internal else "d"
    days = [day for day in _offered(task) if not internal or day <= task.deadline]
    buttons = [
        Button(f"{TASK}:{task.id}:{letter}:{day:%Y%m%d}", f"{day.month}月{day.day}日")
        for day in days
    ]
    rows = [tuple(buttons[n : n + 3]) for n in range(0, len(buttons), 3)]
    if internal and task.internal:
        rows.append((Button(f"{TASK}:{task.id}:i:0", "不设收集日期"),))
    rows.append((Button(f"{TASK}:{task.id}", "返回"),))
    what, word = ("收集日期", "收集") if internal else ("截止日期", "截止")
    about = "县里收齐的日期，早于截止日期，提醒按它倒数。" if internal else "向社会公布的期限。"
    text = (
        f"{dates(task, today)}\n\n请选{what}（{about}）"
        f"\n别的日期可以发：/task {word} {task.year + 1}-1-18"
    )
    return Say(MessageKind.NOTE, text, tuple(rows))


def choose_section(task: Task, form: Form, names: Mapping[str, str]) -> Say:
    """Which section to give to somebody."""
    owner = dict(task.assigned)
    rows: list[tuple[Button, ...]] = []
    for one in form.sections:
        who = names.get(owner[one.id], "其他人") if one.id in owner else "不指定"
        label = f"{one.number}、{one.short}：{who}"
        rows.append((Button(f"{TASK}:{task.id}:a:{one.item}", label[:60]),))
    rows.append((Button(f"{TASK}:{task.id}", "返回"),))
    return Say(
        MessageKind.NOTE, "请选择要分工的一节。没有指定的，所有经办人都会被提醒。", tuple(rows)
    )


def choose_clerk(task: Task, form: Form, section: ItemId, names: Mapping[str, str]) -> Say:
    """Whose a section is."""
    one = form.section[section]
    rows: list[tuple[Button, ...]] = [
        (Button(f"{TASK}:{task.id}:a:{one.item}:{id_}", name[:60]),)
        for id_, name in list(names.items())[:30]
    ]
    rows += [
        (Button(f"{TASK}:{task.id}:a:{one.item}:0", "不指定"),),
        (Button(f"{TASK}:{task.id}:a", "返回"),),
    ]
    return Say(MessageKind.NOTE, f"{one.heading}由谁填？" if names else NOBODY, tuple(rows))


def withdraw_ask(task: Task) -> Say:
    """Before reminders stop for everybody."""
    rows = (
        (
            Button(f"{TASK}:{task.id}:w:y", "撤销", Tone.DANGER),
            Button(f"{TASK}:{task.id}", "不撤销"),
        ),
    )
    return Say(MessageKind.NOTE, f"{task.organ}{task.year}年度报告\n{WITHDRAW_ASK}", rows)


def changed(before: Task | None, after: Task, today: date) -> str:
    """What a change of dates did."""
    lines = []
    if before is None:
        lines.append("任务已建立。")
    if before is None or before.deadline != after.deadline:
        lines.append(f"截止日期：{day_name(after.deadline)}，{distance(after.deadline, today)}")
    if (before.internal if before else None) != after.internal:
        lines.append(
            f"收集日期：{day_name(after.internal)}，{distance(after.internal, today)}"
            if after.internal
            else "不再设收集日期。"
        )
    if before and before.withdrawn != after.withdrawn:
        lines.append("任务已撤销，不再提醒。" if after.withdrawn else "任务已恢复。")
    if not lines:
        return "没有改动。"
    if not after.withdrawn and before is not None:
        lines.append("提醒自动按新的日期计算。")
    return "✓ " + "\n".join(lines)


def assigned(form: Form, section: ItemId, name: str) -> str:
    """What an assignment did."""
    heading = form.section[section].heading
    return f"✓ {heading}：{name}" if name else f"✓ {heading}：不指定"


# ---- one's own reminders ----------------------------------------------------------------------


def settings(member: Member, tasks: Iterable[Task], today: date) -> Say:
    """What somebody gets, and how to change it."""
    lines = [
        f"提醒：{MODES[member.mode]}",
        f"时间：工作日 {member.start:%H:%M}–{member.end:%H:%M}，其他时间不打扰（截止日除外）",
    ]
    snoozed = member.snooze and today < member.snooze.until
    if member.snooze and snoozed:
        lines.append(f"已推迟：{day_name(member.snooze.until)}之前不提醒")
    lines += [f"· {t.organ}{t.year}年度：{distance(t.counts_to, today)}" for t in tasks]
    lines += ["", f"别的时间可以发：{REMIND_USAGE.partition('：')[2].partition('、')[0]}"]
    rows: list[tuple[Button, ...]] = [
        tuple(
            Button(f"{REMIND}:{mode.value}", f"{'● ' if mode is member.mode else ''}{label}")
            for mode, label in ((Mode.ON, "开"), (Mode.QUIETER, "少一些"), (Mode.OFF, "关"))
        ),
        *(
            tuple(
                Button(
                    f"{REMIND}:h:{start:%H%M}:{end:%H%M}",
                    f"{'● ' if (start, end) == (member.start, member.end) else ''}"
                    f"{start:%H:%M}–{end:%H:%M}",
                )
                for start, end in HOURS[n : n + 2]
            )
            for n in (0, 2)
        ),
    ]
    if snoozed:
        rows.append((Button(f"{REMIND}:again", "取消推迟"),))
    return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))
