"""Sentences for looking through a report, and about a leader's remarks on it."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.wording.talk import shorten

LOOK = "逐节看"
REMARK = "在此批注"
REMARKS = "我的批注"
ANSWER = "答复"
LEAVE = "返回"
UP = "回到本节"
PREVIOUS = {"section": "上一节", "line": "上一行", "passage": "上一段"}
NEXT = {"section": "下一节", "line": "下一行", "passage": "下一段"}

WHOLE = "整份年报"
NO_PLACE = "现在不用填了"  # the local notice no longer asks what the remark is about
HEADS = "标题和落款"
CUT = "（全文较长，点下面的一段接着看。）"
NOTHING = "（没有内容）"
NOT_FILLED = "未填"
ONLY_LOOKING = "这里只看，不填。要找某一行，可以发它的名字，例如「行政许可」。"
EMPTY = "批注要写一句话，例如「这个数和台账不一样，请核对」。"
EMPTY_ANSWER = "请写一句答复，或者直接改。"
NOT_NOW = "现在不能批注：送审后由审核人批注。没有记下。"
NONE_OF_YOURS = "您没有还没发出的批注。"
DROPPED = "✓ 已收回这条批注。"
GONE = "这条批注已经收回，或者已经发给经办人了。"
UNCHANGED = "没有改"
CLOSED = "这条批注已经办结了。"
HOW_TO_SETTLE = f"改好就算办结；不用改的，点「{ANSWER}」。"
ON_RETURN = "「退回」时一起发给经办人。"
MOST_SHOWN, SHORT = 400, 100  # characters of a remark in a list: for a few, for many
FEW = 6


def at_sentence(name: str, quote: str) -> str:
    """A sentence of a text in a list."""
    return f"{name}“{shorten(quote, 12)}”"


def no_remark(text: str) -> str:
    """The text is a button's label or an agreement, not a remark; it decides nothing, either."""
    return (
        f"「{shorten(text, 20)}」不是批注，没有记下。要同意或退回，请点按钮；要批注，请写一句话。"
    )


def no_answer(text: str) -> str:
    """The text is a button's label, not an answer to a remark."""
    return f"「{shorten(text, 20)}」不是答复，没有记下。要办这一步，请点按钮；要答复，请写一句话。"


def remark_card(name: str, stands: str, quote: str) -> str:
    """The place for which the next message is a remark."""
    shown = f"原句：{shorten(quote, 160)}\n" if quote else f"现在：{stands}\n" if stands else ""
    return f"批注 {name}\n{shown}请发批注内容，{ON_RETURN}"


def written(name: str, text: str, *, instead: bool) -> str:
    """A remark was stored, or replaced the one from the same message."""
    done = "批注已改" if instead else "批注"
    return f"✓ {done}　{name}：{shorten(text, 160)}\n{ON_RETURN}"


def yours(remarks: Sequence[str]) -> str:
    """A leader's unsent remarks, numbered."""
    listed = "\n".join(f"{number}. {said}" for number, said in enumerate(remarks, 1))
    return f"您有 {len(remarks)} 条批注还没发出，{ON_RETURN}\n{listed}"


def drop(number: int) -> str:
    """The button that takes a remark back."""
    return f"收回第 {number} 条"


def listed(remarks: Sequence[tuple[str, str]]) -> list[str]:
    """Remarks in a list, each after its place; shortened if there are many."""
    most = MOST_SHOWN if len(remarks) <= FEW else SHORT
    return [f"{name}：{shorten(text, most)}" for name, text in remarks]


def standing(text: str, name: str) -> str:
    """A remark on the item that is shown."""
    return f"📝 {name + '：' if name else ''}{shorten(text, 160)}"


def to_mend(name: str, text: str, quote: str, by: str, then: str) -> str:
    """A remark above its question, and what is to be done or was done."""
    who = f"{by}批注" if by else "批注"
    sentence = f"\n原句：{shorten(quote, 160)}" if quote else ""
    return f"📝 {who}　{name}：{shorten(text, MOST_SHOWN)}{sentence}\n{then}".rstrip()


def closed_with(answer: str) -> str:
    """A remark is already settled, perhaps with an answer."""
    return f"已答复：{shorten(answer, MOST_SHOWN)}" if answer else CLOSED


def ask_answer(name: str, text: str) -> str:
    """The card for answering a remark."""
    return f"答复批注　{name}：{shorten(text, MOST_SHOWN)}\n请发一句答复，审核人再审时看得到。"


def answered(name: str, answer: str) -> str:
    """The remark was answered."""
    return f"✓ 已答复　{name}：{shorten(answer, 160)}"


def returned(lines: Sequence[str]) -> str:
    """The leader's open remarks, numbered; each has a button."""
    return "\n".join(
        [f"批注 {len(lines)} 条待办：", *(f"{n}. {line}" for n, line in enumerate(lines, 1))]
    )


def open_button(number: int, name: str) -> str:
    """The button that opens a remark's place."""
    return f"{number}. {shorten(name, 14)}"


def see(count: int) -> str:
    """The button to the open remarks."""
    return f"看批注（{count}）"


def unsettled(count: int) -> str:
    """Before submitting again: the number of remarks the leader will see unsettled."""
    return f"还有 {count} 条批注没有改也没有答复，审核人会看到。"


def became(name: str, text: str, changed: str, answer: str) -> str:
    """The changes since a remark was sent, and its answer."""
    said = f"答复：{shorten(answer, 160)}" if answer else ""
    became = "；".join(filter(None, (changed, said))) or UNCHANGED
    return f"{name}：{shorten(text, 80)}\n　{became}"


def from_to(then: str, now: str) -> str:
    """The earlier and the present content of a place."""
    if not now:
        return f"删去了「{then}」"
    return f"{then or '空'} → {now}"


def text_changed(pairs: Sequence[tuple[str, str]] | None) -> str:
    """The first changed sentences of a text; None means that all of it changed."""
    if not pairs:
        return "全文重写了"
    return "；".join(from_to(shorten(then, 60), shorten(now, 60)) for then, now in pairs)


def remarks_report(lines: Sequence[str], most: int) -> str:
    """The list of remarks with their results."""
    more = [f"……共 {len(lines)} 条，点「{REMARKS}」看全部"] if len(lines) > most else []
    shown = (f"{n}. {line}" for n, line in enumerate(lines[:most], 1))
    return "\n".join(["上次的批注：", *shown, *more])


def also_changed(lines: Sequence[str], most: int) -> str:
    """Other changes since the previous submission."""
    more = [f"……共 {len(lines)} 处"] if len(lines) > most else []
    return "\n".join(["上次送审后还改了：", *lines[:most], *more])


def cells_changed(count: int) -> str:
    """The number of changed figures of a table."""
    return f"改了 {count} 格"


def last_year(said: str) -> str:
    """Last year's figures after this year's, if they differ."""
    return f"（上年 {said}）"


def rows_left(count: int) -> str:
    """Rows that do not fit on a card; each has its button."""
    return f"……还有 {count} 行有数，点行名看。"


def zeros(count: int) -> str:
    """Rows with only 0, this year and last."""
    return f"其余 {count} 行全部为 0。"


def numbered(number: int, count: int) -> str:
    """The number of a paragraph or sentence among all."""
    return f"第 {number} 处，共 {count} 处" if count > 1 else ""


def paragraph_button(number: int, text: str) -> str:
    """The button of a paragraph or sentence."""
    return f"{number}. {shorten(text, 18)}"


def too_long(found: int, most: int) -> str:
    """A remark is too long."""
    return f"太长了（{found:,} 字），最多 {most:,} 字，没有记下。"


def settled(name: str, text: str) -> str:
    """The item of a remark has changed."""
    return f"✓ 批注已办结　{name}：{text}"
