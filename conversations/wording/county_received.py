"""Sentences in an administrator's chat about files that organs have sent."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.county.assigning import Doubt
from conversations.county.received import FileState, Received, ReceivedFile
from conversations.talk.buttons import button
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.wording.county import COUNTY
from conversations.wording.county_collecting import CORRECTS, STATES

LETTER = "c"
PAGE = 8  # buttons of a list
LINES = 12  # files named on a card
MOST_FORWARDED = 20  # messages to forward; the others are only in the spreadsheet

GONE = "这个文件已经过期，请重新发送。"
NOT_BELOW = "这个单位不归您管。"
WORKING = "正在收……"
TAKE, LEAVE, OTHER, BACK, MORE = "收下", "不收", "改归其他单位", "返回", "下一页"
READING = "收到「{name}」，正在读……"
READ = "「{name}」读完了，结果在下面。"
PROGRESS = "正在读「{name}」：{done}/{total}"
TAKING = "正在收「{name}」：{done}/{total}"
NOTHING_IN_IT = "「{name}」里没有可以收的文件。"
LEFT = "没有收：{file}"
SHEET_CAPTION = "每个文件是哪个单位的、有什么问题，都在这张表里。"
SHEET_NAME = "收到的年报.xlsx"
MORE_TO_FORWARD = "还有 {count} 个单位的话没有一一发出，在表里。"
FORWARD = "下面每条可以直接转发给单位："
BY_CAPTION = "也可以重新发这个文件，并在说明里写上机关全称。"
NOT_THIS_YEAR = "请看清年度：文件写的是 {year} 年度。"
NOTHING_FOUND = "没有发现问题"
REPLACES = "· 收下会用文件里的数字代替已填的（原来的在改动记录里）。"
WHOSE = "「{file}」是哪个单位的？"


def _id(*parts: object) -> tuple[str, ...]:
    return (COUNTY, LETTER, *map(str, parts))


def _button(label: str, *parts: object, tone: Tone = Tone.PLAIN) -> Button:
    return button(label, *_id(*parts), tone=tone)


def offer(waiting: int, place: int, file: ReceivedFile) -> Say:
    """One file: its supposed organ, the findings, and buttons."""
    if file.state is FileState.STORED:
        return Say(MessageKind.NOTE, taken(file))
    if file.state is FileState.LEFT:
        return Say(MessageKind.NOTE, LEFT.format(file=file.file))
    if file.state is FileState.SAME:
        return Say(MessageKind.NOTE, f"「{file.name}」的这份年报已经收过：{file.file}")
    head = f"收「{file.name}」的 {file.year} 年度报告？" if file.can_be_taken else ""
    lines = [head or WHOSE.format(file=file.file), f"文件：{file.file}" if head else ""]
    if file.state is not FileState.UNREADABLE:
        lines.append(_counted(file))
    lines += [f"· {why}" for why in file.why]
    if file.corrects:
        lines.append(f"· {CORRECTS}")
    if Doubt.ANSWERED.value in file.doubts:
        lines.append(REPLACES)
    rows: list[tuple[Button, ...]] = []
    if file.can_be_taken:
        rows.append((_button(TAKE, "t", waiting, place, tone=Tone.GO),))
    rows += [
        (_button(f"是{name}", "a", waiting, place, organ),)
        for organ, name in file.near
        if organ != file.organ
    ]
    rows.append((_button(LEAVE, "n", waiting, place), _button(OTHER, "o", waiting, place, 0)))
    if file.state is FileState.UNREADABLE:
        rows = []
    return Say(MessageKind.NOTE, "\n".join(filter(None, lines)), tuple(rows))


def _counted(file: ReceivedFile) -> str:
    if not (file.errors or file.unexplained or Doubt.IN_PART.value in file.doubts):
        return NOTHING_FOUND
    return f"需要改正 {file.errors} 处，需要说明 {file.unexplained} 处"


def taken(file: ReceivedFile) -> str:
    """A file has become the report."""
    return f"✓ 已收下：{file.name} {file.year} 年度报告（{file.file}）"


def choose(
    waiting: int, place: int, file: ReceivedFile, organs: Sequence[tuple[int, str]], page: int
) -> Say:
    """The choice of a file's organ among all organs below, page by page."""
    shown = organs[page * PAGE : (page + 1) * PAGE]
    rows = [(_button(name, "a", waiting, place, organ),) for organ, name in shown]
    last = [_button(BACK, "d", waiting, place)]
    if len(organs) > (page + 1) * PAGE:
        last.append(_button(MORE, "o", waiting, place, page + 1))
    text = f"{WHOSE.format(file=file.file)}\n{BY_CAPTION}"
    return Say(MessageKind.NOTE, text, (*rows, tuple(last)))


def listed(waiting: int, received: Received, page: int = 0, done: str = "") -> Say:
    """The content of an archive: counts of each kind, and files to settle."""
    states = [file.state.value for file in received.files]
    counts = [f"{word} {states.count(state)}" for state, word in KINDS.items() if state in states]
    lines = [done] if done else []
    lines.append(f"「{received.name}」：{len(states)} 个文件\n{'，'.join(counts)}")
    fine = [
        file.name
        for file in received.files
        if file.state in (FileState.READY, FileState.STORED, FileState.SAME)
        and not (file.errors or file.unexplained)
    ]
    if fine:
        more = f"等 {len(fine)} 个单位" if len(fine) > LINES else ""
        lines.append(f"{NOTHING_FOUND}：{'、'.join(fine[:LINES])}{more}")
    unread = [file for file in received.files if file.state is FileState.UNREADABLE]
    lines += [f"✗ {file.file}" for file in unread[:LINES]]
    rows: list[tuple[Button, ...]] = []
    if ready := received.places(FileState.READY):
        rows.append((_button(f"收下 {len(ready)} 份", "T", waiting, tone=Tone.GO),))
    doubts = received.places(FileState.DOUBT)
    if doubts:
        lines.append("要您确认的，逐个点开：")
    shown = doubts[page * PAGE : (page + 1) * PAGE]
    rows += [(_button(f"？{received.files[place].file}", "d", waiting, place),) for place in shown]
    if len(doubts) > PAGE:
        after = (page + 1) if len(doubts) > (page + 1) * PAGE else 0
        rows.append((_button(MORE, "l", waiting, after),))
    return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))


KINDS = STATES | {"left": "不收"}


def result(received: Received, done: Sequence[int], why: Sequence[tuple[int, str]]) -> str:
    """The result of taking files in."""
    if len(done) == 1 and not why:
        return taken(received.files[done[0]])
    lines = [f"✓ 收下了 {len(done)} 份。"] if done else []
    lines += [f"没有收 {received.files[place].file}：{told}" for place, told in why[:LINES]]
    return "\n".join(lines)
