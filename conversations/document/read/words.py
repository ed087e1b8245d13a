"""
The words of a report in the form that is compared, without blanks, marks and numbering; and the
figures in cells.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from conversations.document.read.marks import named, unmarked
from conversations.form.model import Measure

T = TypeVar("T")

_BLANKS = re.compile(
    "[\\s\u00a0\u3000\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x1f\x7f]+"
)
_NUMBERING = re.compile(
    r"^(?:[(（〔\[【][一二三四五六七八九十\d]{1,3}[)）〕\]】][、.，,]?"
    r"|第?[一二三四五六七八九十]{1,3}[、.．，,:：]"
    r"|第[一二三四五六七八九十]{1,3}项[、.，,:：]?"
    r"|\d{1,2}[、.．)）,，:：]"
    r"|\d{1,2}(?=[^\d.,、]))"
)
MARKS = re.compile(r"\[bookmark:[^\]\n]{0,80}\]")
BLANK_MARKS = frozenset(
    ("/", "//", "\\", "-", "--", "---", "----", "_", "__", "∕", "—", "——", "———", "————", "–", "−")
)


# Radicals that some PDFs have in place of characters; NFKC knows the others.
_PARTS = str.maketrans(
    "⺁⺇⺌⺎⺏⺐⺑⺗⺘⺛⺝⺞⺟⺠⺡⺢⺣⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺳⺶⺷⺸⺹⺺⺻⺼⺽⺾⻁⻂⻃⻄⻅⻆⻇⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "厂几小兀尣尢尣心扌无月歺母民氵氺灬丬牛犭王疋目示礻竹糸纟罒罓羊羊羊耂肀聿肉臼艹虎衤覀西见角角讠贝车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食食饣马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)
_RADICALS = re.compile("[\u2e80-\u2fdf]")
_STRANGE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")


def whole_characters(text: str, *, drawn: bool = True) -> str:
    """
    Replace radicals, which some PDFs have, by characters: ⼈⺠ is 人民.

    In text from a `drawn` page other substitutes (ligatures, duplicates) are replaced, too; in a
    typed file they may be intended.
    """
    strange = _STRANGE if drawn else _RADICALS
    if not strange.search(text):
        return text
    return strange.sub(
        lambda match: unicodedata.normalize("NFKC", match.group().translate(_PARTS)), text
    )


def squeeze(text: str) -> str:
    """The text without any blanks, with full-width forms made plain."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def _remembered(compute: Callable[[str], T]) -> Callable[[str], T]:
    """Cache the results for short texts: labels are repeated, paragraphs are not."""
    cached = lru_cache(maxsize=8192)(compute)

    def look_up(text: str) -> T:
        return cached(text) if len(text) <= 120 else compute(text)

    return look_up


@_remembered
def plain(text: str) -> str:
    """Only the letters, digits and Chinese characters of a text; numbering stays."""
    return "".join(c for c in squeeze(text).lower() if c.isalnum())


@_remembered
def core(text: str) -> str:
    """The same without the numbering before it: 「（三）不予公开」 is 不予公开."""
    squeezed = squeeze(text).lower()
    for _ in range(2):
        shorter = _NUMBERING.sub("", squeezed)
        if not shorter or shorter == squeezed:
            break
        squeezed = shorter
    return "".join(c for c in squeezed if c.isalnum())


def numbering(text: str) -> str:
    """The bare number before a label: 「（三）不予公开」 has 三."""
    match = _NUMBERING.match(squeeze(text))
    return "".join(c for c in match.group() if c.isalnum() and c not in "第项") if match else ""


def distance(left: str, right: str, limit: int) -> int:
    """The number of different characters (inserted, lost, replaced); stops above `limit`."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    lost = Counter(left) - Counter(right)
    if sum(lost.values()) > limit:
        return limit + 1
    before = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        now = [i]
        for j, b in enumerate(right, 1):
            now.append(min(before[j] + 1, now[j - 1] + 1, before[j - 1] + (a != b)))
        if min(now) > limit:
            return limit + 1
        before = now
    return before[-1]


def _thins(said: str, word: str) -> bool:
    """Whether a text is the word with some characters lost."""
    rest = iter(word)
    return all(c in rest for c in said)


def nearest(said: str, words: Iterable[str], *, broken_off: bool = False) -> str | None:
    """
    The one word that a misspelt one surely means, None if that is uncertain.

    One or two characters may be wrong, and a long word may be cut off; any other word must differ
    clearly more. With `broken_off` the word may only be cut off.
    """
    words = [word for word in dict.fromkeys(words) if word]
    if said in words:
        return said
    if len(said) < 4:
        return None
    begun = [word for word in words if len(said) >= 5 and word.startswith(said)]
    if len(begun) == 1:
        return begun[0]
    if broken_off:
        return None
    thinned = [
        w for w in words if len(said) >= 5 and 3 * len(said) >= 2 * len(w) and _thins(said, w)
    ]
    if len(thinned) == 1:
        return thinned[0]
    best: list[tuple[int, str]] = []
    for word in words:
        if len(word) < 4:
            continue
        limit = max(1, min(len(word), len(said)) // 5) + 3
        best.append((distance(said, word, limit), word))
    best.sort()
    if not best:
        return None
    far, word = best[0]
    if far > max(1, min(len(word), len(said)) // 5 + (len(word) >= 8)):
        return None
    if len(best) > 1 and best[1][0] < far + (1 if far == 1 else 3):
        return None
    return word


# ------------------------------------------------------------------- figures

_COUNT = re.compile(r"^(\d+)(?:\.0+)?(?:件次|人次|件|项|次|条|宗|起|个|份|例|人|部)?$")
_DECIMAL = re.compile(r"^(\d+(?:\.\d+)?)(万元|亿元|元|万)?$")
_WRONG = re.compile(
    r"^([\-−])?(\d{1,12}(?:\.\d{1,8})?)(?:件次|人次|件|项|次|条|宗|起|个|份|例|人|部|万元)?$"
)
_SIGNED = re.compile(
    r"^(增加|新增|增|上升|减少|减|下降|\+|-|−|—|–|↑|↓)?(\d+)(?:件|项|次|条|宗|起|个|份)?$"
)
_NEGATIVE = frozenset({"减少", "减", "下降", "-", "−", "—", "–", "↓"})
_THOUSANDS = re.compile(r"^([+\-]?\d{1,3}(?:,\d{3})+)(?=\D|$)")
_LOOKS = re.compile(
    r"^(?:增加|新增|增|上升|减少|减|下降|约)?[+\-−—–↑↓]?\d+(?:\.\d+)?"
    r"(?:件次|人次|件|项|次|条|宗|起|个|份|例|人|部|万元|亿元|元|万)?$"
)
MAX_FIGURE = 80  # characters of a cell that may be a figure, with blanks and unit
UNITS = frozenset(("件次", "人次", *"件项次条宗起个份例人部元", "万元", "亿元"))
_NONE = frozenset({"无", "零", "没有", "〇"})
_SAME = frozenset({"持平", "不变", "无变化", "无增减"})
_PARTED = re.compile(
    r"[\d/\-−—–－][\s\u00a0\u3000]+[+\-−—–－/]?[.,，．]?\d|\d[\s\u00a0\u3000]+[/\-−—–－]"
)


@dataclass(frozen=True, slots=True)
class ReadFigure:
    """
    A cell's figure: 件 as int, 万元 as Decimal, an amount «as printed» as str.

    `blank`: the cell is empty or a stroke (counted as 0, A6); `doubt` says why the figure should be
    checked.
    """

    value: int | Decimal | str
    blank: bool = False
    doubt: str = ""


@_remembered
def _figure_text(text: str) -> str:
    squeezed = squeeze(text).replace("，", ",")
    match = _THOUSANDS.match(squeezed)
    if match:
        squeezed = match.group(1).replace(",", "") + squeezed[match.end(1) :]
    return squeezed


@_remembered
def is_blank(text: str) -> bool:
    """Whether a cell is empty, or has a stroke in place of a figure: «/», «-», «—»."""
    if len(text) > MAX_FIGURE and text.strip():
        return False
    squeezed = squeeze(text)
    return not squeezed or squeezed in BLANK_MARKS


@_remembered
def is_value(text: str) -> bool:
    """Whether a cell is a figure, or empty."""
    if len(text) > MAX_FIGURE and text.strip():
        return False
    if is_blank(text):
        return True
    bare, _ = unmarked(text)
    if is_blank(bare):
        return bool(bare.strip())
    squeezed = _figure_text(bare)
    return bool(_LOOKS.match(squeezed)) or squeezed in _NONE or squeezed in _SAME


def is_figure(text: str) -> bool:
    """Whether a cell is a figure in digits."""
    if len(text) > MAX_FIGURE:
        return False
    return not is_blank(text) and bool(_LOOKS.match(_figure_text(unmarked(text)[0])))


def is_torn(text: str) -> bool:
    """Whether a box holds two figures: «55 0»."""
    bare, _ = unmarked(text[: MAX_FIGURE + 1])
    return bool(_PARTED.search(bare.strip()))


def figure(text: str, unit: Measure, head: str = "") -> ReadFigure | None:
    """
    The figure of a cell, None if it is unreadable.

    `head` is the column's printed head, which may name another unit. Two digits with a blank
    between them are not one figure: they may be two cells run together. Note signs and struck-out
    text are ignored, with a doubt.
    """
    if len(text) > MAX_FIGURE and text.strip():
        return None
    bare, marks = unmarked(text)
    if text.strip() and not bare.strip():
        return None  # it is not empty, but no figure
    read = _figure(bare, unit, head)
    if read is None or not marks:
        return read
    beside = f"数字旁的{named(marks)}按注释或删去的内容处理，没有计入"
    return replace(read, doubt="；".join(filter(None, (beside, read.doubt))))


def _figure(text: str, unit: Measure, head: str) -> ReadFigure | None:
    """The figure of a cell without marks."""
    if is_blank(text):
        return ReadFigure("0" if unit is Measure.AS_PRINTED else _zero(unit), blank=True)
    if _PARTED.search(text.strip()):
        return None
    squeezed = _figure_text(text)
    if unit is Measure.AS_PRINTED:
        return ReadFigure(squeeze(text)) if _LOOKS.match(squeezed) else None
    if squeezed in _NONE:
        return ReadFigure(_zero(unit), doubt=f"原文为「{squeezed}」，按 0 计")
    if unit is Measure.FEE:
        return _fee(squeezed, squeeze(head))
    if unit is Measure.SIGNED:
        if squeezed in _SAME:
            return ReadFigure(0, doubt=f"原文为「{squeezed}」，按 0 计")
        match = _SIGNED.match(squeezed)
        if not match or _padded(match.group(2)):
            return None
        sign = -1 if match.group(1) in _NEGATIVE else 1
        return ReadFigure(sign * int(match.group(2)))
    match = _COUNT.match(squeezed)
    if not match:
        return _impossible(squeezed)
    if _padded(match.group(1)) or len(match.group(1)) > 12:
        return None
    return ReadFigure(int(match.group(1)))


def _zero(unit: Measure) -> int | Decimal:
    return Decimal(0) if unit is Measure.FEE else 0


def _impossible(squeezed: str) -> ReadFigure | None:
    """A printed figure that is impossible: «-5», «2.5» for a count, «-1» for a fee (A5)."""
    match = _WRONG.match(squeezed)
    if not match or _padded(match.group(2).partition(".")[0]):
        return None
    value = Decimal(match.group(2)) * (-1 if match.group(1) else 1)
    if not value:
        return None
    return ReadFigure(int(value) if value == int(value) else value)


def _padded(digits: str) -> bool:
    """Whether digits like «00» may be two cells run together."""
    return len(digits) > 1 and digits.startswith("0")


def _fee(squeezed: str, head: str) -> ReadFigure | None:
    match = _DECIMAL.match(squeezed)
    if not match:
        wrong = _impossible(squeezed)
        return ReadFigure(Decimal(wrong.value)) if wrong else None
    if _padded(match.group(1).partition(".")[0]) or len(match.group(1)) > 20:
        return None
    value = Decimal(match.group(1))
    printed = match.group(2)
    unit = printed or ("元" if "元" in head and "万元" not in head else "万元")
    if unit == "元" and value:
        return ReadFigure(value / 10000, doubt=f"原文单位为元（{squeezed}），已换算为万元")
    if unit == "亿元" and value:
        return ReadFigure(value * 10000, doubt=f"原文单位为亿元（{squeezed}），已换算为万元")
    return ReadFigure(value)
