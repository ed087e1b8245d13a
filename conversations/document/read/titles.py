"""
Finds the title of a report above its text, on any number of lines, and splits it.

Titles are broken anywhere, have the year in any place, and stand in a notice or after labels of a
website. The text left after removing a title's usual words is the organ, if it is surely a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conversations.answers.numerals import read_spelled_year
from conversations.document.lines import TITLE, broken
from conversations.document.read.blocks import Block, Para
from conversations.document.read.words import squeeze
from conversations.form.organ import ends_as_organ, is_surely_organ

MOST_LINES = 6  # of a title
LONGEST_LINE = 90  # characters
NAME_LINES = 3  # lines that an organ's name may take above the title's last line
FAR = 400  # blocks above the first heading

_ANY_YEAR = r"(?:(?<!\d)(?:19|20)\d\d(?!\d)|[二两][〇○零0oO][一二三四五六七八九〇○零]{2})"
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)[\s]*年")
_BARE_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_CHINESE_YEAR = re.compile(r"[二两][〇○零0oO][一二三四五六七八九〇○零]{2}(?=年)")

_LABEL = (
    r"(?:【[^【】]{1,14}】|\[[^\[\]]{1,14}\]|附件?\d{0,2}[:：.、]"
    r"|(?:标题|名称|题名|年报|信息名称|(?:填报|编制|报告|制作)(?:单位|机关)|(?:单位|机关)名称)[:：])"
)
_LABELS_BEFORE = re.compile(
    rf"^(?:{_LABEL}|附件\d{{1,2}}|\((?:公开|定稿|全文|正式)[^()]{{0,6}}\))+"
)
_LABELS_AFTER = re.compile(
    r"(?:【[^【】]{1,14}】|\[[^\[\]]{1,14}\]"
    r"|\((?![^()]*(?:19|20)\d\d)(?![^()]*(?:局|府|会|处|室)\))[^()]{1,12}\)|[-—_|].{0,14}网.{0,4})+$"
)
_REPORTS = re.compile(r"^(?:(?:填报|编制|报告|制作)?(?:单位|机关)(?:名称)?:|[-—–]+)")
_NOTICE_END = r"(?:的(?:通知|公告|公示|通告|函|说明))?"
_QUOTED = re.compile(rf"^(.*?)[《〈]([^《》〈〉]+)[》〉]{_NOTICE_END}$")
_TELLS = r"(?:关于)?(?:印发|发布|公布|公开|报送|上报|转发|公示|编制|做好)?"
_SUBJECT = r"(?:政府信息(?:和|与|及)?政务公开|政务信息公开|政府信息(?:主动)?公开|信息公开|政务公开)"
_YEAR_PART = rf"\(?{_ANY_YEAR}(?:年(?!度?报))?(?:度(?!报))?\)?"
_BETWEEN = rf"(?>(?:{_YEAR_PART}|工作|情况|总结|制度|条例|执行|落实|实施|年度(?!报)|的|\(|\))*)"
_BODY = re.compile(
    rf"^{_TELLS}(?P<before>.*?)(?P<subject>{_SUBJECT}{_BETWEEN}|年度工作|年度|(?<=年))"
    rf"(?:年度报告|工作报告|报告|年报)(?>(?:{_YEAR_PART}|\(?年度\)?)*){_NOTICE_END}$"
)
_YEAR_FIRST = re.compile(rf"^(?:{_TELLS}{_YEAR_PART}(?:的)?)?")
_YEAR_LAST = re.compile(rf"(?:关于(?:公布|发布|报送|上报|印发|公开)?)?(?:{_YEAR_PART})?(?:关于)?$")
_LAST_LINE = re.compile(r"[告报知示函)）】\]》〉度年版稿]$|\d$|网站?$")
_NO_LINE = re.compile(r"[。；;！？!?，,>＞|»]|位置|首页")
_PAGE_NUMBER = re.compile(r"^[-—–－·]*\d{1,3}[-—–－·]*$|^第?\d+页")
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,12}(?:[省市县区州旗盟镇乡]|开发区)")
_FRAGMENT = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]{1,20}")
# A name with such a beginning was torn: «云岭街» above «道办事处», «白石市城» above «市管理局».
_NO_BEGINNING = re.compile(r"[省市县区州旗盟镇乡道]|.(?:局|厅|委|办|院|处|所|站|中心|办事处)$")
_HAS_PLACE = re.compile("[省市县区州旗盟镇乡]")


@dataclass(frozen=True, slots=True)
class Title:
    """
    A title: its lines without labels, its blocks, its organ and year.

    The organ is "" if none is surely named, the year None. `apart` says that the organ has its own
    lines, which may be a website's head.
    """

    lines: tuple[str, ...] = ()
    at: tuple[int, int] = (0, 0)
    organ: str = ""
    year: int | None = None
    apart: bool = False


def year_of(text: str) -> int | None:
    """The first year in a text, in digits or Chinese characters."""
    squeezed = squeeze(text)
    if match := _YEAR.search(squeezed):
        return int(match.group(1))
    if written := _CHINESE_YEAR.search(squeezed):
        return read_spelled_year(written[0])
    match = _BARE_YEAR.search(squeezed)
    return int(match.group(1)) if match else None


def taken_apart(text: str) -> tuple[str, str, int | None] | None:
    """
    The title in a text, without labels and notices, its organ and its year.

    None if the text is no title. The organ is "" if it is uncertain.
    """
    if len(text) > 2 * MOST_LINES * LONGEST_LINE:
        return None
    said = _LABELS_AFTER.sub("", _LABELS_BEFORE.sub("", squeeze(text)))
    issuer = ""
    if quoted := _QUOTED.match(said):
        issuer, said = quoted.groups()
    if len(said) > LONGEST_LINE or not (body := _BODY.match(said)):
        return None
    name = body["before"]
    if body["subject"].startswith("政府") and name.endswith("人民"):
        name += "政府"
    name = _YEAR_LAST.sub("", _YEAR_FIRST.sub("", name)).strip("-—–·:「」『』")
    if re.search(r"[。；;！？!?，,：:>＞|»《》]", name):
        return None
    if not name and issuer:
        name = re.sub(rf"(?:关于)?{_TELLS}$", "", _LABELS_BEFORE.sub("", issuer))
    if is_surely_organ(name):
        return said, name, year_of(said)
    of_else = name and "公开" not in body["subject"]  # «…法治政府建设年度报告»
    return None if of_else else (said, "", year_of(said))


def organ_of(title: Sequence[str]) -> str:
    """The organ in a title, with its brackets as printed; "" if it is uncertain."""
    printed = "".join("".join(title).split())
    found = taken_apart(printed)
    if not found or not found[1]:
        return ""
    organ = found[1]
    for at in range(len(printed) - len(organ) + 1):
        if squeeze(printed[at : at + len(organ)]) == organ:
            return printed[at : at + len(organ)]
    return organ


def find_title(blocks: Sequence[Block], start: int, end: int) -> Title:
    """
    The title above the first heading.

    The last one before the introduction counts, because websites print it twice; one with a year is
    preferred.
    """
    best: Title | None = None
    for title in titles_above(blocks, start, end):
        if title.year is not None:
            return title
        best = best or title
    return best or Title(at=(start, start))


def titles_above(blocks: Sequence[Block], start: int, end: int) -> Iterator[Title]:
    """The possible titles, from below."""
    first = max(start, end - FAR)
    for at in range(end - 1, first - 1, -1):
        block = blocks[at]
        if isinstance(block, Para) and _LAST_LINE.search(squeeze(block.text)[-3:]):
            title = _title_ending(blocks, at, first)
            if title is not None:
                yield title


def _title_ending(blocks: Sequence[Block], last: int, start: int) -> Title | None:
    """The title with this last line, and the lines above it that are needed for organ and year."""
    best: Title | None = None
    best_says = -1
    for lines, first in _upwards(blocks, last, start):
        found = taken_apart("".join(lines))
        if found is None:
            continue
        whole, organ, year = found
        says = bool(organ) + bool(year)
        if says > best_says:
            printed = _without_labels(lines, whole)
            best = Title(printed, (first, last + 1), organ, year, organ in map(squeeze, printed))
            best_says = says
    return _with_name_above(blocks, best, start) if best else None


def _upwards(blocks: Sequence[Block], last: int, start: int) -> Iterator[tuple[list[str], int]]:
    """The line, then with the one above it, and so on, each with its first block."""
    lines: list[str] = []
    empty = 0
    for at in range(last, start - 1, -1):
        block = blocks[at]
        said = squeeze(block.text) if isinstance(block, Para) else "。"
        if not said:
            empty += 1
            if empty > 2:
                return
            continue
        if len(said) > LONGEST_LINE or _NO_LINE.search(said) or _PAGE_NUMBER.match(said):
            return
        empty = 0
        assert isinstance(block, Para)
        lines.insert(0, block.text.strip())
        yield lines, at
        if len(lines) == MOST_LINES:
            return


def _without_labels(lines: Sequence[str], whole: str) -> tuple[str, ...]:
    """The lines of a title, without a label or a notice around it."""
    said = [squeeze(line) for line in lines]
    joined = "".join(said)
    begins = joined.find(whole)
    if begins < 0 or joined == whole:
        return tuple(lines)
    ends = begins + len(whole)
    kept = []
    place = 0
    for line, text in zip(lines, said, strict=True):
        a, b = max(begins - place, 0), min(ends - place, len(text))
        if a < b:
            kept.append(line if (a, b) == (0, len(text)) else text[a:b])
        place += len(text)
    return tuple(kept)


def _with_name_above(blocks: Sequence[Block], title: Title, start: int) -> Title:
    """The title with the lines above it that belong to an organ's long name."""
    first = title.at[0]
    lines = list(title.lines)
    parts = ["".join(line.split()) for line in lines]
    whole, begins = lines, first
    for position in range(first - 1, max(start, first - NAME_LINES) - 1, -1):
        block = blocks[position]
        said = "".join(block.text.split()) if isinstance(block, Para) else ""
        if not said or _NO_LINE.search(said):
            break
        parts.insert(0, said)
        above = len(parts) - len(lines)
        for count in range(max(2, above), len(parts) + 1):
            name = "".join(parts[:count])
            if ends_as_organ(squeeze(name)) and list(broken(name, TITLE)) == parts[:count]:
                whole, begins = [*parts[:above], *lines], position
    if begins == first and first > start and title.organ:
        block = blocks[first - 1]
        said = squeeze(block.text) if isinstance(block, Para) else ""
        if _FRAGMENT.fullmatch(said) and _goes_on(said, title, blocks):
            whole, begins = [said, *lines], first - 1
    if begins == first:
        return title
    organ = organ_of(whole)
    return Title(tuple(whole), (begins, title.at[1]), organ or title.organ, title.year)


def organ_below(blocks: Sequence[Block], title: Title, end: int, *, site: bool) -> str:
    """
    The organ on its own line right under a title, as on covers; "" for none.

    On a web page only if the line says that it is the reporting organ: other organs publish it.
    """
    for block in blocks[title.at[1] : end]:
        said = squeeze(block.text) if isinstance(block, Para) else "。"
        if said:
            name = re.sub(r"\((?:盖章|公章)\)$", "", _REPORTS.sub("", said))
            believed = is_surely_organ(name) and (not site or _REPORTS.match(said))
            return name if believed else ""
    return ""


def _goes_on(said: str, title: Title, blocks: Sequence[Block]) -> bool:
    """
    Whether the organ of a title begins in the line above: the organ alone is not yet a name, the
    line is only a place, or the joined name is elsewhere in the file.
    """
    name = said + title.organ
    if not is_surely_organ(name):
        return False
    if _PLACE.fullmatch(said) and not _HAS_PLACE.search(title.organ):  # «沭阳县», «发展和改革局»
        return True
    if _NO_BEGINNING.match(title.organ) and not ends_as_organ(said):
        return True
    others = (*blocks[: title.at[0]][-FAR:], *blocks[title.at[1] :][:FAR], *blocks[-FAR:])
    return any(isinstance(block, Para) and name in squeeze(block.text) for block in others)
