"""The work that waits in the store, and whether it has waited too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.doctor.result import Result, fine, warning
from storage.messages import failed_jobs
from storage.standing import standing
from storage.store import Store

NAMED = 5  # failed jobs that are named
LATE = {"updates": 60.0, "messages": 600.0}  # seconds that the oldest may have waited
WAITING = {"updates": "收到还没有处理的消息", "messages": "还没有发出的消息"}
START = "看程序是否在运行、连得上 Telegram：nianbao serve"


def waiting(store: Store) -> Iterator[Result]:
    """The updates, messages, reminders and jobs that wait in the store."""
    now = datetime.now(UTC)
    with store.read() as reader:
        seen, failed = standing(reader, now), failed_jobs(reader)
    for check, count, since in (
        ("updates", seen.waiting, seen.waiting_since),
        ("messages", seen.unsent, seen.unsent_since),
    ):
        text = f"{WAITING[check]} {count} 条"
        age = (now - since).total_seconds() if since else 0.0
        if age > LATE[check]:
            yield warning(check, f"{text}，最早的已等了 {_long(age)}", START)
        else:
            yield fine(check, text)
    text = f"现在要看是否提醒 {seen.due} 人，要通知送审结果 {seen.announcing} 件"
    yield fine("reminders", f"{text}（逐人查看：nianbao reminders）")
    yield fine("processes", f"登记在运行的进程 {seen.processes} 个")
    if seen.jobs_failed:
        text = f"没有做成的后台工作（文件、图片、导出）{seen.jobs_failed} 件"
        newest = "、".join(f"message {work.id}（{work.why}）" for work in failed[-NAMED:])
        mend = "在日志里按 message 编号看原因；用户已得到说明，可以再要一次"
        yield warning("jobs", f"{text}，最近的：{newest}" if newest else text, mend)
    elif seen.jobs_waiting is not None:
        yield fine("jobs", f"排队的后台工作 {seen.jobs_waiting} 件，没有失败的")


def _long(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时" if minutes < 48 * 60 else f"{minutes // 1440} 天"
