"""
The sentences of the conversation.

Plain, polite Simplified Chinese for a phone; no markup, and user text only as given. Code chooses a
function; tests assert the effect, not the sentence.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence

from conversations.answers.figure import Reason, Refusal
from conversations.checks.findings import Finding, Grade
from conversations.checks.questions import Question
from conversations.form.answers import Number, grouped
from conversations.form.local_notice import LocalNotice
from conversations.form.model import Cell, CellId, Form, Line, Measure, Narrative, Section, Table
from conversations.form.organ import Level
from conversations.talk.remaining import Remaining

LIMIT = 3500  # characters of one message: well below Telegram's 4,096

GRADES = {Grade.E: "❗ 必须改正", Grade.W: "⚠️ 需要说明", Grade.H: "💡 提示"}
LEVELS = {
    Level.CITY: "市及以上",
    Level.COUNTY: "县（市、区）",
    Level.TOWNSHIP: "乡镇、街道",
    Level.BUREAU: "部门",
    Level.UNKNOWN: "未能判断",
}


def shorten(text: str, limit: int = 40) -> str:
    """One line of at most `limit` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def cell_name(form: Form, cell: CellId) -> str:
    """The short name of a figure: 「新收·商业企业」."""
    line = form.lines[form.cells[cell].line]
    return line.short if len(line.printed) == 1 else f"{line.short}·{form.cells[cell].column.name}"


def line_name(line: Line) -> str:
    """The official wording of a line with the headings above it."""
    return " › ".join(line.path)


def figure(cell: Cell, value: Number) -> str:
    """One figure with its unit."""
    return f"{grouped(value)} {cell.counted_in}"


def figures_of(line: Line, values: Mapping[CellId, Number | None], *, zeros: bool = True) -> str:
    """
    The figures of a line in one sentence, zeros together.

    Without `zeros` they are left out, and so is a total of only one figure.
    """
    known = [(cell, values.get(cell.id)) for cell in line.cells]
    if len(known) == 1:
        value = known[0][1]
        return "未填" if value is None else figure(line.cells[0], value)
    if all(value == 0 for _, value in known):
        return "全部为 0"
    said = [f"{cell.column.name} {grouped(v)}" for cell, v in known if v is not None and v != 0]
    missing = sum(1 for _, value in known if value is None)
    alone = not zeros and len(said) == 1 and not missing
    if zeros and any(value == 0 for _, value in known):
        said.append("其余 0")
    if missing:
        said.append(f"{missing} 格未填")
    text = "，".join(said)
    total = values.get(line.total.id) if line.total else None
    return text if total is None or alone else f"{text}；合计 {grouped(total)}"


# ------------------------------------------------------------------ refusals

# What is wrong; the question's own words say what to type instead.
_REFUSALS = {
    Reason.EMPTY: "没有看到数字。",
    Reason.NOT_A_NUMBER: "「{text}」看不出是多少。",
    Reason.NEGATIVE: "「{text}」是负数，这里不能小于 0。",
    Reason.FRACTION: "「{text}」不是整数，件数要填整数。",
    Reason.TOO_LARGE: "「{text}」太大了，请看看是不是多打了几位。",
    Reason.TOO_MANY_DECIMALS: "「{text}」小数位太多，最多 6 位（万元）。",
    Reason.WRONG_UNIT: "「{text}」的单位和这里的不一样，这里是{unit}。",
    Reason.TOO_FEW: "这里要 {expected} 个数，收到 {found} 个，没有记下。",
    Reason.TOO_MANY: "这里要 {expected} 个数，收到 {found} 个，没有记下。",
    Reason.UNKNOWN_COLUMN: "「{text}」对不上这一行的栏目，没有记下。",
    Reason.COLUMN_TWICE: "「{text}」出现了两次，没有记下。",
    Reason.NOT_EXACT: "「{text}」不是一个确切的数，没有记下。",
    Reason.AMBIGUOUS: "「{text}」有两种读法，没有记下。",
    Reason.UNKNOWN_LINE: "「{text}」对不上本表的行，没有记下。",
    Reason.LINE_TWICE: "「{text}」这一行出现了两次，没有记下。",
    Reason.ROW_LOST: "从这一行起有 {expected} 行，收到 {found} 行，看不出缺的是哪一行，没有记下。",
}
_ROWS_INSTEAD = "请带上行名整块粘贴，或者一行一行发。"
_ABOUT_ROWS = {Reason.UNKNOWN_LINE, Reason.LINE_TWICE, Reason.ROW_LOST}


def refusal(refused: Refusal, asked: Sequence[Cell], line: Line) -> str:
    """Why an answer was not taken, and what to enter instead."""
    instead = _ROWS_INSTEAD if refused.reason in _ABOUT_ROWS else what_to_type(asked, line)
    return f"{why_refused(refused)}\n{instead}"


def why_refused(refused: Refusal) -> str:
    """Why an answer was not taken."""
    return _REFUSALS[refused.reason].format(
        text=shorten(refused.text, 30),
        expected=refused.expected,
        found=refused.found,
        unit=refused.unit.value,
    )


def what_to_type(asked: Sequence[Cell], line: Line) -> str:
    """How to answer the open question, in its own words."""
    unit = asked[0].measure
    if len(asked) == 1:
        name = line.short if len(line.cells) == 1 else f"{line.short}·{asked[0].column.name}"
        example = "12.5" if unit is Measure.FEE else "295"
        return f"「{name}」请发一个数（{asked[0].counted_in}），例如 {example}，没有发 0。"
    names = "、".join(cell.column.name for cell in asked)
    sample = " ".join(["3", *["0"] * (len(asked) - 1)])
    return (
        f"「{line.short}」请按顺序发 {len(asked)} 个数（{unit.value}）：{names}。\n"
        f"例如「{sample}」或「{asked[0].column.name}3 其余0」。"
    )


NOT_HERE = "这里不用输入文字，请点按钮。要找某一项，可以发它的名字，例如「行政许可」。"
ANSWER_FIRST = "请先回答这个问题：点按钮，或者发「对」「不对」。"
FIX_FIRST = "这一处要改正，不能用说明代替。请点按钮。"
WHICH_FIGURE = "没有记下：不知道「{text}」是哪一项的数。请先点那一项，再发数字。"
FIGURE_NOT_ASKED = "「{text}」没有记下：现在没有问这一项。请先点它，再发数字。"
NOTHING_FOUND = "没有找到「{text}」。请点按钮，或者发项目的名字，例如「行政许可」。"


def no_text(text: str, *, none: bool) -> str:
    """The message is no running text; `none` says that 「无」 would be accepted."""
    instead = "没有的发「无」；有的请发写好的文字" if none else "请发写好的文字"
    return f"「{shorten(text, 20)}」不是正文，没有记下。{instead}，或发 .docx 文件。"


def stands_now(text: str, now: str) -> str:
    """An old button's item in its present state."""
    return f"{text}\n现在：{now}"


NOT_TAKEN = {
    "convert": "刚才的数还没有确认，没有记下，需要时请再发一次。",
    "blanks": "空着的格子没有按 0 填，已经填的都在。",
    "overwrite": "没有改为 0，原来的数都在。",
    "replace": "刚才发来的文字没有用上，原文没有动；需要时请再发一次。",
    "import": "刚才的文件没有存入，需要时请再发一次。",
    "sections": "刚才发来的文字没有放进各节，需要时请再发一次。",
    "ledger": "刚才的表格没有用上，需要时请再发一次。",
    "facts": "句子没有写入，正文没有动。",
    "sum": "汇总里没有确认的数没有填入，需要时请从汇总里再填一次。",
}
PAST = "这一步已经过去了。"
ALREADY = "已经记下了。"
JUST_MADE = "刚刚发过，数据没有变化。"
JUST_SENT = "刚刚发过了。"
NEED_ORGAN = "请发本机关的全称，例如「雷鸣镇人民政府」。"
NO_ORGAN_NAME = "这不是机关名称。请发机关全称，例如「雷鸣镇人民政府」。"
IS_IT_AN_ORGAN = (
    "「{text}」不像机关全称。请发全称，例如「雷鸣镇人民政府」；名称确实就是这样，请回「对」。"
)
BAD_ORGAN = "机关名称请用 2 到 60 个字，要有汉字，不要有 / 和看不见的字符，也不要以 = + - @ 开头。"
BAD_YEAR = "请发要填报的年度，例如 2025，或者点按钮。"
OTHER_YEAR = "看哪一年的年报？别的年度可以发：/year 2023"
THIS_YEAR = "现在打开的就是 {year} 年度。"
IMPORTED = "📎 这是从文件读入的上年数据，用来对照，不用填，也不会提醒。"
LOCKED = "这是从文件读入的上年数据，没有改动。确实要改，请点「改上年数据」再发一次。"
UNLOCKED = "可以改了。改动只影响上年数据，不影响今年的年报。"
NO_SUCH_DAY = "没有「{text}」这一天，没有记下。请看看日历再发，例如「2026年1月15日」。"
BAD_DATE = "没看懂这个日期，请写成「2026年1月15日」这样。"
TOO_LONG = "这段文字太长了（{found} 字），一次最多 {limit} 字，没有记下。请分段发送。"
TOO_MANY_LINES = "这段文字行数太多了（{found} 行），一次最多 {limit} 行，没有记下。请分段发送。"
NO_TITLE = "「{text}」不能作标题，没有记下。标题要写出机关和年度，也可以点按钮用默认的。"
NO_SIGNATURE_TEXT = "「{text}」不是机关名称，没有记下。请发落款机关的全称；不落款请点按钮。"
NO_INTRODUCTION_TEXT = "「{text}」不是引言，没有记下。请发写好的引言；没有引言发「无」。"
EMPTY_TEXT = "没有收到文字。请直接发送这一节的正文。"
NOT_A_REASON = (
    "「{text}」还不算说明原因。填错了，请点按钮修改；没有错，"
    "请写清楚为什么，例如「2022年制发的3件已于本年清理废止」。"
)
REASON_TOO_LONG = "说明太长了（{found} 字），请不要超过 {limit} 字，没有记下。"
TITLE_TOO_LONG = "标题请不要超过 120 个字，最多 3 行。"
ORGAN_TOO_LONG = "落款机关请不要超过 60 个字。"


def removed(what: Sequence[str]) -> str:
    """Characters that no document can hold were removed from a text."""
    return "已去掉无法写入文档的字符：" + "、".join(what) + "。"


# -------------------------------------------------------------------- places


def ask_organ() -> str:
    """The very first question."""
    return (
        "您好，我是年报助手，帮您把政府信息公开工作年度报告填完并生成 Word 文件。\n\n" + NEED_ORGAN
    )


YEAR_QUESTION = "填报哪一年的年报？"


def ask_year(last: int, this: int) -> str:
    """The question for the year reported on."""
    return f"{YEAR_QUESTION}一般是去年（{last}年）。也可以直接发年份，本年是 {this}年。"


def head(organ: str, year: int) -> str:
    """The organ and year of a report."""
    return f"{organ} {year}年度"


def section_state(section: Section, missing: Remaining, *, begun: bool) -> str:
    """A section's line in the contents; ✅ only if nothing is missing or wrong."""
    if missing.figures or missing.texts:
        mark = "🔶" if begun else "⬜"
    elif missing.balances:
        mark = "🔶"
    else:
        mark = "❗" if missing.corrections else "⚠️" if missing.reasons else "✅"
    rest = "、".join(missing_parts(missing, texts=False))
    rest = f"还差 {rest}" if missing.figures else rest
    return f"{mark} {section.number}、{section.short}{f'（{rest}）' if rest else ''}"


def remark(name: str, text: str) -> str:
    """A text around a table, which is printed but never asked."""
    return f"📎 {name}：{len(''.join(text.split())):,} 字，“{shorten(text, 20)}”"


def missing_parts(missing: Remaining, *, texts: bool = True) -> list[str]:
    """The missing items, each with its number; without `texts`, no texts to write."""
    counted = (
        (missing.figures, "格"),
        (missing.texts if texts else 0, "段文字"),
        (missing.corrections, "处要改"),
        (missing.reasons, "处说明"),
    )
    parts = [f"{count:,} {what}" for count, what in counted if count]
    return [*parts, BALANCE_TO_CONFIRM] if missing.balances else parts


BALANCE_TO_CONFIRM = "结转待确认"


def missing(missing: Remaining, *, wants_wording: bool) -> str:
    """The missing items in one line: 「还差 3 格、1 段文字、2 处说明」."""
    parts = missing_parts(missing) or (["标题、引言和落款"] if wants_wording else [])
    said = f"还差 {'、'.join(parts)}" if parts else ALL_THERE
    return BALANCE_TO_CONFIRM if parts == [BALANCE_TO_CONFIRM] else said


ALL_THERE = "检查通过，都齐了"


def final_waits(missing: Remaining, what: str) -> str:
    """A button that is not available yet, with the first missing item."""
    first, *others = missing_parts(missing)
    if first == BALANCE_TO_CONFIRM:
        return f"{what}（{first}）"
    return f"{what}（还差 {first}{'等' if others else ''}）"


def final_waits_for(missing: str, what: str) -> str:
    """The message when that button is tapped."""
    return f"现在还不能{what}：{missing}。"


def contents(organ: str, year: int, missing: str, lines: Sequence[str]) -> str:
    """The list of sections with their state."""
    return "\n".join([f"📋 {head(organ, year)}年报", missing, *([""] if lines else []), *lines])


def progress(section: Section, place: int, total: int) -> str:
    """Place and progress: 「表三 12/23」."""
    return f"{section.body.short} {place}/{total}"


def question(
    section: Section,
    line: Line,
    asked: Sequence[Cell],
    place: int,
    total: int,
    *,
    known: str = "",
    last_year: str = "",
    example: bool = False,
    intro: str = "",
) -> str:
    """A question: official wording, unit, last year's figure; how to type it, only once."""
    unit = asked[0].measure
    column = asked[0].column
    parts = [f"{progress(section, place, total)} 【{printed_name(line)}】"]
    if example:
        parts.insert(0, section.heading)
    if len(asked) > 1:
        parts.append(f"{'、'.join(cell.column.name for cell in asked)}（{unit.value}）")
        if example:
            zeros = " 0" * (len(asked) - 1)
            parts.append(f"按顺序发，如「3{zeros}」或「{asked[0].column.name}3 其余0」。")
    elif unit is Measure.FEE:
        parts.append(f"{column.label}，例如 12.5")
    else:
        parts.append(f"{column.label}，多少{asked[0].counted_in}？")
    if intro:
        parts.append(intro)
    if known:
        parts.append(f"现在：{known}")
    if last_year:
        parts.append(f"上年：{last_year}")
    return "\n".join(parts)


def printed_name(line: Line) -> str:
    """The official wording of a line, without its explanation and the first heading."""
    heads = line.path[1:] if line.path[1:2] and line.path[1].startswith("（") else line.path
    return " › ".join(_LONG.sub("", head) for head in heads)


# Parts left out of a name on a card: an explanation in brackets, the second half of a long name.
_LONG = re.compile(r"(?<=.)（[^）]{6,}）$|(?<=.{8})、.*$")


def table_intro(table: Table) -> str:
    """A hint with the first question about figures."""
    choose = "；只有几行的，点「选行」" if len(table.lines) > 3 else ""
    return f"全年没有的，点「其余全部为 0」{choose}；也可以粘贴整张表。都能再改。"


def counts(line: Line) -> str:
    """What a figure counts, with its article of law."""
    text = f"【{line_name(line)}】口径\n{line.counts}"
    return f"{text}\n依据：{line.source}" if line.source else text


def answered(line: Line, figures: str) -> str:
    """The short result of an answered line."""
    return f"✓ {line.short}：{figures}"


def rows_taken(name: str, count: int) -> str:
    """Several rows of a table were answered together."""
    return f"✓ {name}：{count} 行已记下。"


def filled_zero(name: str, *, kept: bool = False) -> str:
    """A table was filled with zeros; existing figures are kept if `kept`."""
    return f"✓ {name}：{'空着的都填 0，已有的数没有动' if kept else '都填 0'}"


def overwrite(names: Sequence[str]) -> str:
    """The question before figures become zeros."""
    return "这些格已经有数：" + "，".join(names) + "。\n要全部改为 0 吗？"


def blanks(count: int, names: Sequence[str]) -> str:
    """The question about empty places of a pasted row."""
    listed = "、".join(names[:8]) + ("等" if len(names) > 8 else "")
    return f"{count} 格没有数（{listed}），按 0 填？"


def convert(pairs: Iterable[tuple[str, str, str]]) -> str:
    """Figures as converted: (name, as typed, as stored with unit)."""
    lines = [
        f"{name}：「{typed}」像是日期或年份，真是 {value} 吗？"
        if _digits(typed) == _digits(value)
        else f"{name}：「{typed}」= {value}"
        for name, typed, value in pairs
    ]
    return "请核对：\n" + "\n".join(lines) + "\n对吗？"


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def total_differs(line: Line, parts: Sequence[str], computed: str, typed: str, gap: str) -> str:
    """A typed total differs from the sum."""
    return (
        f"{line.short}的合计对不上：\n各格相加 {' + '.join(parts)} = {computed}，"
        f"您填的合计是 {typed}，差 {gap}。"
    )


TOTAL_AGREES = "与您填的合计一致。"


def rows(table: Table, todo: int) -> str:
    """The choice of the lines with figures."""
    rest = f"还有 {todo} 行没填，点有数的，其余最后填 0。" if todo else "每行都填了，要改就点。"
    return f"{table.short}{rest}"


RIGHT = "对吗？"


def table_done(section: Section, lines: Sequence[str], zeros: int, carry: str) -> str:
    """A table read back to be confirmed."""
    parts = [f"{section.body.short}：", *lines]
    if zeros:
        parts.append(f"其余 {zeros} 行为 0" if lines else f"{zeros} 行都为 0")
    if carry:
        parts.append(carry)
    parts.append(RIGHT)
    return "\n".join(parts)


def table_again(table: Table) -> str:
    """The same question again, below another message."""
    return f"{table.short}{RIGHT}"


def table_gaps(section: Section, open_lines: Sequence[str]) -> str:
    """The end of a table with missing rows."""
    listed = "\n".join(f"⬜ {name}" for name in open_lines[:12])
    more = f"\n……共 {len(open_lines)} 行" if len(open_lines) > 12 else ""
    return f"{section.body.short}还有没填的行：\n{listed}{more}"


def carry_sentence(received: int, carried: int, outcome: int, left: int) -> str:
    """The arithmetic of 结转下年度 in total."""
    return f"新收 {received:,} + 上年结转 {carried:,} − 办理结果 {outcome:,} = 结转下年度 {left:,}"


def carry(sentence: str, left: int, where: str) -> str:
    """The question whenever requests are carried into next year."""
    return f"{sentence}（{where}）。\n这 {left:,} 件结转下年度吗？"


def carry_differs(name: str, sentence: str, typed: str, gap: str) -> str:
    """A typed carried-forward figure that does not balance."""
    return (
        f"{name}列：{sentence}，您填的结转是 {typed}，差 {gap}。"
        "还没有记下，请核对新收、上年结转和办理结果。"
    )


CARRY_REOPENED = "办理情况有改动，「结转下年度」要重新确认。"


def narrative(section: Section, text: str, hint: str, wanted: str = "") -> str:
    """The question for a section of running text; `wanted` are the task's requirements."""
    parts = [f"{section.heading}：请发正文。", *([f"任务要求：{wanted}"] if wanted else [])]
    if text:
        parts.append(f"现在：{text}\n再发，会问您替换还是接着写。")
    if hint:
        parts.append(hint)
    return "\n".join(parts)


def demands_of(notice: LocalNotice, section: str) -> str:
    """A task's requirements for one section's text, "" for none."""
    length, headings = dict(notice.lengths).get(section), dict(notice.headings).get(section, ())
    told = [f"{length:,} 字以内"] if length else []
    told += [f"要有标题{''.join(f'「{heading}」' for heading in headings)}"] if headings else []
    return "；".join(told)


IN_PIECES = "可以分几条发，或发 .docx、.txt。"


ANEW = "请发新的正文。原来的文字还在，收到新的才替换。"


def which_passage(name: str) -> str:
    """The choice of the passage to change."""
    return f"{name}：请点要改的一段，或者发其中几个字来找。"


def passage(text: str, *, has_sentences: bool) -> str:
    """A chosen paragraph or sentence, and what can be done with it."""
    narrower = "只改其中一句，请点那一句。" if has_sentences else ""
    return f"现在：\n{text[:PASSAGE_SHOWN]}\n\n发新的，就替换它。{narrower}"


def put_in(text: str) -> str:
    """The next message is inserted beside a passage."""
    return f"请发要加的文字，加在这里旁边：\n{shorten(text, 60)}"


PASSAGE_SHOWN = 2_500  # characters of a passage on its card
NO_SUCH_PASSAGE = "没有找到「{text}」。请点要改的一段，或者发其中几个字。"
NOT_THE_WHOLE = "这是全文，不能删。要换成新的，请直接发。"


def passage_changed(old: str, new: str) -> str:
    """The change of a passage; "" means nothing before, or nothing after."""
    if not new:
        return f"已删去「{shorten(old, 60)}」"
    return f"已加上「{shorten(new, 60)}」" if not old else f"已改为「{shorten(new, 60)}」"


def mended(wrong: str, right: str, places: int) -> str:
    """A mistake was corrected."""
    return f"已把 {wrong} 改成 {right}" + (f"（{places} 处）" if places > 1 else "")


def mend(wrong: str, right: str, places: int) -> str:
    """The button that corrects a mistake."""
    return f"把 {wrong} 改成 {right}" + (f"（{places} 处）" if places > 1 else "")


def sentences_of(sentences: Sequence[str]) -> str:
    """The sentences with a mistake."""
    return "\n".join(f"原句：{shorten(sentence, 160)}" for sentence in sentences)


def text_changes(changes: Sequence[tuple[str, str]] | None) -> str:
    """The changes in a revised copy of a text; None if all of it changed."""
    if changes is None:
        return ""
    if not changes:
        return "和原文一样。"
    lines = [
        f"· 「{shorten(then, 40)}」→「{shorten(now, 40)}」"
        if then and now
        else f"· 删去「{shorten(then, 40)}」"
        if then
        else f"· 加上「{shorten(now, 40)}」"
        for then, now in changes[:MOST_CHANGES]
    ]
    return "\n".join([f"和原文相比，改了 {len(changes)} 处：", *lines])


MOST_CHANGES = 8  # changes of a revised copy that are shown


def points(body: Narrative) -> str:
    """What a narrative should cover."""
    lines = [f"「{body.title}」一般写到："]
    lines += [f"· {point.label}" for point in body.points]
    lines.append(f"依据：{body.source}")
    return "\n".join(lines)


def facts(section: Section, sentences: Sequence[str], chosen: Sequence[str]) -> str:
    """The sentences that state figures, with marks on those chosen."""
    lines = [f"{section.heading}：已填的数字可以写成这些句子。"]
    for number, sentence in enumerate(sentences, 1):
        lines.append(f"{number}. {sentence}{'【待确认】' if sentence in chosen else ''}")
    then = f"核对后点「{TAKE_FACTS}」，才写进正文。"
    lines.append(f"点序号选句子。{then if chosen else ''}")
    return "\n".join(lines)


def fact_switch(number: int, *, on: bool) -> str:
    """The button that chooses a sentence, or drops it again."""
    return f"{'☑' if on else '☐'} {number}"


def facts_changed(changes: Sequence[tuple[str, str]]) -> str:
    """Chosen sentences that have changed since: (then, now), "" if one is no longer possible."""
    lines = [f"· 「{then}」→{f'「{now}」' if now else '不用写了'}" for then, now in changes]
    return "\n".join(["数字或正文刚刚有改动，还没有写入，请重新核对：", *lines])


def read_back(section: Section, text: str) -> str:
    """A narrative in short, with its length."""
    heading = f"{section.number}、{section.short}"
    length = len("".join(text.split()))
    paragraphs = sum(1 for line in text.split("\n") if line.strip())
    if length <= 12:
        return f"✓ {heading}：“{shorten(text)}”"
    return f"✓ {heading}：{length:,} 字，{paragraphs} 段，“{shorten(text, 10)}”"


def part_kept(length: int, count: int) -> str:
    """After each part of a narrative."""
    told = f"，{count} 条" if count > 1 else ""
    return f"已记下 {length:,} 字{told}。接着发，或点「{DONE_TEXT}」。"


def replace(heading: str, old: int, new: int, changed: str) -> str:
    """The question what to do with a text if one exists; `changed` lists the changes of a copy."""
    told = f"\n{changed}" if changed else ""
    return f"{heading}已经有 {old:,} 字。刚发来的 {new:,} 字怎么处理？{told}"


def question_found(question: Question) -> str:
    """The findings of one slip with their grade: the cause, then its consequences."""
    cause, *others = (part.message for part in question.parts)
    return "\n".join([f"{GRADES[question.grade]}\n{cause}", *(f"· {other}" for other in others)])


FINDING_E = "改正以前可以继续往下填，但不能生成正式文件。"
FINDING_W = "没有错，就发一句话说明原因，留存备查；错了，请点按钮改。"
PARKED = "先放一放，提交前再提醒您。"
EXPLAINED = "✓ 已记下说明：{text}"
TAKEN_BACK = "✓ 说明已收回。"


def reason_given(text: str) -> str:
    """The present reason, on the card where it can be changed."""
    return f"已有说明：{shorten(text, 300)}\n要改说明，直接发新的。"


RESOLVED = "✓ 这一处已经对上了。"


def hints(findings: Sequence[Finding], limit: int = LIMIT) -> str:
    """Findings of the lowest grade, in full."""
    return "\n".join(f"💡 {shorten(finding.message, limit)}" for finding in findings)


def wording(item: str, pieces: Mapping[str, str], offered: str) -> str:
    """The question for a part of the title, introduction or signature; the title shows them all."""
    introduction, signature = pieces["introduction"], pieces["signature"]
    signed = f"{signature}　{pieces['signature_date']}".strip()
    lines = {
        "title": f"标题：{' / '.join(pieces['title'].split(chr(10)))}",
        "introduction": f"引言：{shorten(introduction, 60) if introduction else '无'}",
        "signature": f"落款：{signed if signature else '无'}",
    }
    if item == "title":
        shown = list(lines.values())
    else:
        shown = [lines[item]] if pieces[item] and item in lines else []
    ask = {
        "title": f"要改标题就直接发，分行用 /；「{ALL_DEFAULT}」即以上三项。",
        "introduction": "要引言吗？可发全文，或用参考写法"
        + (f"：\n{offered}\n联系方式会逐项问您。" if offered else "。"),
        "signature": "要落款吗？也可以发机关名称。",
        "signature_date": "落款日期？例如 1月15日、今天。",
    }[item]
    return "\n".join([*shown, ask])


def day(when: datetime.date) -> str:
    """A date as it is printed."""
    return f"{when.year}年{when.month}月{when.day}日"


def ask_contact(what: str, place: int, total: int) -> str:
    """The question for one of the office's contact details."""
    examples = {"地址": "例如 人民路1号", "邮编": "6 位数字", "电话": "例如 0550-4021234"}
    return f"引言 {place}/{total} · 请发本机关的{what}（{examples[what]}），不写就发「无」。"


BAD_CONTACT = {
    "地址": "请发完整的地址，不写就发「无」。",
    "邮编": "邮编是 6 位数字，不写就发「无」。",
    "电话": "请发电话号码，例如 0550-4021234，不写就发「无」。",
}


def review(
    organ: str,
    year: int,
    missing: str,
    level: Level,
    guessed: bool,
    lines: Sequence[str],
    todo: Sequence[str],
) -> str:
    """Everything on one page before the document."""
    how = "按名称" if guessed else "由您指定"
    parts = [f"🔎 {head(organ, year)} 总览", missing, *([""] if lines else []), *lines]
    parts += [f"层级：{LEVELS[level]}（{how}）", *(["", *todo] if todo else [])]
    return "\n".join(parts)


def review_again(missing: str) -> str:
    """The overview again, below another message."""
    return f"🔎 总览：{missing}"


GAPS = "还没填："


def gaps(names: Sequence[str]) -> str:
    """What is still missing."""
    listed = "、".join(names[:6]) + ("等" if len(names) > 6 else "")
    return f"{GAPS}{listed}。"


# The place of a person who was at no figure or text, by the state of the conversation.
STATIONS = {"contents": "目录", "review": "总览", "finding": "一处检查"}


def stopped(place: str, at: datetime.datetime, today: datetime.date) -> str:
    """Where and when a returning person stopped, with the year if it differs."""
    year = f"{at.year}年" if at.year != today.year else ""
    return f"上次 {year}{at.month}月{at.day}日 {at:%H:%M} 停在{place}，从这里继续。"


STATUS = "年报进度"
SEE_PICTURE = "看图"


def status(organ: str, year: int, missing: str, lines: Sequence[str], final: str) -> str:
    """Progress, on request."""
    return "\n".join([f"{head(organ, year)}{STATUS}", missing, *lines, final]).strip()


FINAL_CURRENT = "正式文件已生成，之后没有改动。"
FINAL_STALE = "⚠️ 正式文件生成以后又有改动，请重新生成。"


def changed(lines: Sequence[str]) -> str:
    """What changed since the last final document."""
    more = f"\n……共 {len(lines)} 处" if len(lines) > 10 else ""
    return "与上次正式文件相比：\n" + "\n".join(lines[:10]) + more


def restart(count: int) -> str:
    """The question before all answers are deleted."""
    return (
        f"要清空本年报已填的 {count} 处，从头开始吗？\n"
        "清空的内容在记录里都保留着。确定请点「清空并重新开始」，不想就点「不清空」。"
    )


RESTARTED = "已清空，从头开始。原来的内容保留在记录里。"
DONE = "🎉 正式文件已生成。请打开看一遍，再公布。"
OTHER_FORMS_BELOW = "还要别的格式，点下面的按钮。"
FORM_STALE = "正式文件生成后又有改动，请先重新生成。"
NO_FORM_YET = "还没有正式文件。生成正式文件以后，才有别的格式。"
DONE_STALE = "文件生成以后有改动，文件里还是旧数。"
DRAFT = "草稿：没填的地方标着【未填】。"
NO_LAST_YEAR = "还没有上年的数据。把上年公布的年报文件或链接发给我，就能读进来。"
TEXT_STANDS = "这一节已经有文字，没有改动。要换成上年的，请先点「重写」。"
LOOK_UP = "查往年数字：点一节看上年的整张表或全文，或者发项目名称，例如「行政许可」「新收」。"
UNKNOWN_COMMAND = (
    "没有 /{name} 这个命令。可以用：/menu 目录　/status 进度　/preview 草稿　"
    "/switch 换机关或年度　/help 帮助"
)
HELP = (
    "怎么用：\n"
    "· 一次只问一件事，照着提示发数字或文字，或点按钮。\n"
    "· 表里全年没有的，点「其余全部为 0」一次填完，以后每格都能改。\n"
    "· 一行几个数可以一起发：3 1 0 0 0 0，或「自然人3 其余0」，也可以从表格粘贴。\n"
    "· 随时可以离开，填过的都已保存，回来接着填。\n"
    "· 命令：/menu 目录　/status 进度　/preview 草稿　/lastyear 查往年数字　"
    "/cancel 离开这一题　/restart 重新开始\n"
    "· 合计由系统计算，您的台账上有合计也可以一起发来核对。"
)


def prepare(form: Form, organ: str, year: int) -> str:
    """The figures to ask colleagues for, ready to forward."""
    lines = [f"{head(organ, year)}年报要准备的数字："]
    for section in form.sections:
        body = section.body
        if isinstance(body, Table):
            if len(body.lines) > 10:
                lines.append(f"· {section.title}：申请登记台账，按申请人类型和办理结果分的件数")
            elif len(body.rows) == 1 < len(body.lines):
                heads = "、".join(line.short for line in body.lines)
                lines.append(f"· {section.title}：{heads}各自的维持、纠正、其他、未审结件数")
            else:
                for line in body.lines:
                    columns = "、".join(cell.column.label for cell in line.cells)
                    lines.append(f"· {line.short}：{columns}")
        else:
            lines.append(f"· 第{section.number}节文字：{body.title}")
    lines.append("· 上年的年报（核对结转数和现行有效件数）")
    return "\n".join(lines)


def last_year_table(
    section: Section, year: int, shown: Sequence[str], zeros: int, unknown: int
) -> str:
    """Another year's table."""
    parts = [f"{year}年 {section.title}", *shown]
    if zeros:
        parts.append(f"其余 {zeros} 行全部为 0。" if shown else f"{zeros} 行全部为 0。")
    if unknown:
        parts.append(f"{unknown} 行没有数据。")
    return "\n".join(parts)


def last_year_text(section: Section, year: int, text: str) -> str:
    """Another year's text."""
    return f"{year}年 {section.heading}\n{text}"


def draft_taken(changed: Sequence[str], left: Sequence[str]) -> str:
    """The updated figures in last year's text, numbered, and those that are still last year's."""
    said = ["已取上年文字作底稿。"]
    if changed:
        said.append(f"改了 {len(changed)} 处，不要的点编号改回：")
        said += [f"{number}. {around}" for number, around in enumerate(changed[:MOST_MOVED], 1)]
        said += ["……"] if len(changed) > MOST_MOVED else []
    if left:
        said.append(f"这 {len(left)} 处仍是上年的数：")
        said += [f"· {around}" for around in left[:MOST_LEFT]]
        said += ["……"] if len(left) > MOST_LEFT else []
    said.append("请逐句核对，改成今年的实际情况，再点「完成」。")
    return "\n".join(said)


MOST_MOVED = 60  # changes of a draft that are listed, each with its button
MOST_LEFT = 20  # figures of last year that are listed


def change_switch(number: int, *, on: bool) -> str:
    """The button for one change of a draft."""
    return f"{'☑' if on else '☐'} {number}"


IMPORT_NOTHING = "这个文件里没有读到年报的数字和文字，没有记下。"
IMPORT_HOW_TO_CORRECT = (
    "请核对。要改其中一项，请发项目名称和数字，例如「行政许可 295」「新收 26 0 0 0 0 0」。"
)
IMPORT_DOUBTS = "存疑的数也要"
IMPORT_REPLACE = "用文件里的替换已有的"
IMPORT_NO = "不用这个文件"


def import_yes(year: int) -> str:
    """The button that confirms a reading."""
    return f"核对无误，存为{year}年数据"


def imported(year: int, count: int) -> str:
    """A reading was confirmed and stored."""
    return f"✓ 已存入 {year} 年的年报（{count} 项）。"


def more_hits(count: int) -> str:
    """More lines match than are shown."""
    return f"……共 {count} 项，请把名称写得更具体些。"


def search_hits(text: str) -> str:
    """Lines found by name."""
    return f"找到与「{text}」有关的项："


# ------------------------------------------------------------------- buttons

ZERO_LINE = "本行全为 0"
ZERO_REST = "其余全部为 0"
CHOOSE_ROWS = "选行"
LATER = "稍后再填"
BACK = "上一题"
MENU = "目录"
COUNTS = "口径"
SAME_AS_LAST_YEAR = "同上年"
TO_OTHER_YEAR = "换年度"
UNLOCK = "改上年数据"
FILL_IN = "填 {year} 年度的年报"
SAME_AS_CARRIED = "同上年结转下年度"
SEE_LAST_YEAR = "查看上年"
USE_LAST_TEXT = "以上年为底稿"
COMPARE = "与上年对比"
BACK_TO_QUESTION = "回到刚才的问题"
YES = "对"
NO = "不对，重新输入"
FILL_ZERO = "按 0 填"
LEAVE_OPEN = "先空着"
TO_ZERO = "都改为 0"
TABLE_TO_ZERO = "整表都改为 0"
KEEP = "不改"
NEXT = "对，下一步"
FIX_RESULTS = "补填办理结果"
NOT_SO_FIX_RESULTS = f"不对，{FIX_RESULTS}"
PARK = "先放一放，继续"
TAKE_BACK = "收回说明"
DONE_TEXT = "完成"
REPLACE = "替换原文"
APPEND = "接在后面"
KEEP_OLD = "保留原文，不要新的"
REWRITE = "重写"
CHANGE_PASSAGE = "改一段"
PUT_BEFORE = "在前面加"
PUT_AFTER = "在后面加"
REMOVE = "删掉"
CHANGE_SENTENCE = "改这一句"
CHANGE_IN_TABLE = "表里改"
SHOW_ALL = "看全文"
POINTS = "要写哪些方面"
FACTS = "用已填的数字"
TAKE_FACTS = "确认写入"
NO_FACTS = "不用了"
EVERY_FACT = frozenset({"全部", "全选", "全要", "都要", "所有", "全都要"})
NO_SUCH_FACT = "请点序号选句子，或者发序号，如「1 3」；都要就发「全部」。"
NO_FACTS_YET = "现在没有可以写成句子的数字：填了表格以后再来看。"
TITLE_DEFAULT = "标题就用这个"
ALL_DEFAULT = "全部按默认"
PIECES = {"title": "标题", "introduction": "引言", "signature": "落款", "signature_date": "日期"}
INTRODUCE = "用参考写法"
NO_INTRODUCTION = "不要引言"
NO_SIGNATURE = "不要落款"
MAKE_FINAL = "生成正式文件"
MAKE_FINAL_AGAIN = "重新生成正式文件"
MAKE_DRAFT = "看草稿"
OTHER_FORMS = {"h": "网页版", "p": "PDF", "x": "表格", "t": "纯文本"}
REVIEW = "总览"
WORDING = "标题、引言、落款"
PREPARE = "要准备的数字"
FIGURES_FIRST = "先填数字"
TEXTS_FIRST = "先写文字"
GO_ON = "继续填"
OTHER_PARTS = "继续填其他部分"
CHANGE_A_ROW = "改某一行"
MORE = "更多"
RESTART = "清空并重新开始"
NO_RESTART = "不清空"
LEVEL = "改机关层级"
ASK_LEVEL = "本机关属于哪一级？"
LEVEL_IS = "✓ 机关层级：{level}"
# By whether each table stays on one page.
TABLES = ("表格可跨页", "表格不跨页")
TABLES_ARE = (
    "✓ 表格可跨页：表三前面空得太多时，在（三）（四）（五）（六）各组之间分页。",
    "✓ 表格不跨页：每张表都不分页，前面可能空出一大块。",
)
MODIFY = "修改"


def figures_first(taps: int) -> str:
    """The button to begin with the tables, with an estimated number of taps."""
    return f"{FIGURES_FIRST}（约 {taps} 次点击）"


def sign_as(organ: str) -> str:
    """The button to sign with the organ's own name."""
    return f"落款：{shorten(organ, 24)}"


def take(total: str) -> str:
    """The button to take the computed total."""
    return f"按 {total} 计"


def carry_yes(left: int) -> str:
    """The button to confirm the carried-forward figure."""
    return f"对，结转 {left:,} 件"


def same_as(label: str, figures: str) -> str:
    """The button to take last year's figures."""
    return f"{label}：{shorten(figures, 24)}"


def change(name: str) -> str:
    """The button to change one figure."""
    return f"改 {name}"


def explain(name: str) -> str:
    """The button to a finding."""
    return f"处理：{name}"


def reason_of(name: str) -> str:
    """The reason for something unusual; also the button to it."""
    return f"说明：{name}"


def fill_next(name: str) -> str:
    """The button to the next gap."""
    return f"{GO_ON}：{name}"
