"""
The order of a report: its headings, title, introduction, narratives and signature.

Headings are found by what they say, official wording or not; a report starts anew where
the headings start anew, so that two years in one file are never mixed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from conversations.document.read.blocks import Block, Grid, Para, Path
from conversations.document.read.words import core, distance, plain, squeeze
from conversations.form import FORMS
from conversations.form.editions.annual_report_2021 import ANNUAL_REPORT_2021 as FORM

ORDER: tuple[str, ...] = tuple(section.id for section in FORM.sections)
NUMERALS = {section.number: section.id for section in FORM.sections}
TITLES: dict[str, str] = {
    plain(title): section.id
    for form in FORMS.values()
    for section in form.sections
    for title in (section.title, *section.variants)
}
_WORDS = {
    "overview": re.compile("总体|概述|概况|基本情况"),
    "proactive_disclosure": re.compile("主动公开"),
    "requests": re.compile("(收到|处理|受理|办理|依).{0,12}申请"),
    "review": re.compile("复议|诉讼"),
    "problems_and_improvements": re.compile("问题|改进|整改|不足"),
    "other_matters": re.compile("其他.{0,8}事项|报告的?.{0,4}事项|其他事项|需要报告"),
}
_NUMBERED = re.compile(
    r"^第?([一二三四五六])(?:部分|章|节)?[、.,:：，．\s]|^第([一二三四五六])(?:部分|章|节)"
)
_ANY_NUMBER = re.compile(
    r"^(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.,:，．]"
    r"|第[一二三四五六]部分[、.,:，．]?|\d{1,2}[、.,，．)）])"
)
_TABLE_LABELS = frozenset(
    plain(path[0])
    for form in FORMS.values()
    for table in form.tables
    for line in table.lines
    for path in (line.path,)
) | {plain("三、本年度办理结果")}
MAX_HEADING = 48


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as found: which section it opens, what is printed, what follows on its line."""

    section: str
    printed: str
    at: int = 0
    rest: str = ""
    numbered: bool = True
    exact: bool = True


def is_heading(text: str) -> bool:
    """Whether a paragraph is surely one of the six headings."""
    found = heading(text)
    return found is not None and found.numbered


def heading(text: str) -> Heading | None:
    """
    What section a paragraph opens, None where it opens none.

    Numbers in brackets are of a lower level and never open a section.
    """
    line = text.strip()
    if not line or len(line) > 4000:
        return None
    return _short_heading(line) if len(line) <= 100 else _heading(line)


def _heading(line: str) -> Heading | None:
    squeezed = squeeze(line)
    match = _NUMBERED.match(squeezed)
    if (
        match is None
        and re.match(r"[一二三四五六][\s\u3000]", line)
        and plain(squeezed[1:]) in TITLES
    ):
        return Heading(TITLES[plain(squeezed[1:])], line)
    if match is None:
        if _ANY_NUMBER.match(squeezed) or len(squeezed) > MAX_HEADING:
            return None
        said = plain(squeezed)
        section = TITLES.get(said)
        return Heading(section, line, numbered=False) if section else None
    numeral = match.group(1) or match.group(2)
    said = plain(squeezed)
    if said in _TABLE_LABELS:
        return None
    title = plain(squeezed[match.end() :])
    if title in TITLES:
        return Heading(TITLES[title], line)
    run_in = _run_in(line, numeral)
    if run_in:
        return run_in
    if len(squeezed) > MAX_HEADING or squeezed[-1] in "。；;，," or not title:
        return None
    if any(title.startswith(label) for label in ("本年新收", "上年结转", "本年度办理", "结转下年")):
        return None
    expected = NUMERALS[numeral]
    near = [
        (distance(title, known, max(1, len(known) // 4)), known)
        for known in TITLES
        if len(known) >= 6
    ]
    near = [(far, known) for far, known in near if far <= max(1, len(known) // 4)]
    if near:
        section = TITLES[min(near)[1]]
        return Heading(section, line, exact=False)
    if _WORDS[expected].search(title):
        return Heading(expected, line, exact=False)
    return None


_short_heading = lru_cache(maxsize=2048)(_heading)


def _run_in(line: str, numeral: str) -> Heading | None:
    """«六、其他需要报告的事项：无。»: the heading, and the text on its line."""
    match = re.match(
        r"^\s*(第?[一二三四五六](?:部分)?[\s\u3000]*[、.．,，:：]?[\s\u3000]*"
        r"([^。：:；;，,\n]{3,40}?))[\s\u3000]*[。：:][\s\u3000]*(.+)$",
        line,
    ) or re.match(
        r"^\s*(第?[一二三四五六](?:部分)?[\s\u3000]*[、.．][\s\u3000]*(\S{3,40}))[\s\u3000]+(.+)$",
        line,
    )
    if not match:
        return None
    section = TITLES.get(plain(match.group(2)))
    if section is None or NUMERALS[numeral] != section:
        return None
    return Heading(section, match.group(1).strip(), rest=match.group(3).strip())


# ------------------------------------------------------------------ the report

_TITLE = re.compile(r"(报告|年报|年度报告\(?.{0,8}\)?)$")
_TITLE_WORDS = re.compile("信息公开|政务公开|年度报告|年报")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)[\s]*年")
_CHINESE_YEAR = re.compile(r"[二两][〇○零０0oO][一二三四五六七八九〇○零]{2}年")
_SENTENCE = re.compile(r"[。；;！？!?，,：:]")
_ORGAN_END = re.compile(
    r"(政府|委员会|办公室|办事处|管委会|管理处|管理局|大队|支队|总队|中心|机关|公安局|街道|银行|集团|公司|学校|大学|学院|医院"
    r"|镇|乡|县|市|区|省|州|盟|旗|局|厅|委|办|部|院|署|站|所|处|会|室|社|馆|队|园区|开发区)$"
)
_DATE = re.compile(
    r"^\(?((?:20\d\d|二[〇○零0][一二三四五六七八九〇○零]{2})年"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})日)\)?$"
)
_FOOTER_WORDS = (
    r"上一篇|下一篇|上一条|下一条|上篇|下篇|打印|打 ?印|关闭|关 ?闭|分享|扫一扫|扫码|二维码|"
    r"版权所有|主办单位|承办单位|主办[:：]|承办[:：]|维护单位|网站标识码|网站地图|联系我们|"
    r"关于我们|网站声明|备案号|"
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]ICP备|ICP备|公网安备|"
    r"相关文章|相关链接|相关附件|相关文档|相关稿件|相关信息|相关阅读|附件|附 ?件[:：]|"
    r"信息来源|来源[:：]|文章来源|稿件来源|发布日期|发布时间|发布机构|返回顶部|返回首页|"
    r"回到顶部|浏览次数|访问量|点击数|阅读次数|责任编辑|责编|编辑[:：]|作者[:：]|您是第|"
    r"当前位置|首页|网站首页|友情链接|技术支持|政府网站找错|无障碍|适老|长者|我要纠错|纠错|"
    r"收藏|字号|保护视力色|视力保护色|微信|微博|电子邮箱[:：]|Copyright|copyright|©|下载|"
    r"关闭窗口"
)
_METADATA_WORDS = (
    r"索引号|索 引 号|信息索引|名称|名 称|文号|文 号|发文字号|发布机构|发文机关|发布日期|"
    r"发布时间|公开日期|成文日期|生成日期|生效日期|主题词|主题分类|关键词|体裁|分类|"
    r"信息分类|组配分类|信息来源|来源|文章来源|时间|日期|浏览|访问|点击|阅读|字体|字号|"
    r"字 号|打印|关闭|分享|保护视力|视力|时效|有效性|废止日期|内容概述|信息名称|公开方式|"
    r"公开时限|公开范围|责任部门|作者|编辑|审核|责任编辑|当前位置|您(现在)?的?(当前)?位置|"
    r"首页|文件下载|收藏|概述|内容分类|服务对象|语种|载体|效力|记录形式|公开责任|公开类别|"
    r"公开形式|公开程序|背景色|二维码|扫一扫|大 ?中 ?小"
)
_BULLETS = r"^[\s\u3000【\[(（>》«»|·•\-]*"
_FOOTER = re.compile(f"{_BULLETS}({_FOOTER_WORDS})")
_METADATA = re.compile(f"{_BULLETS}({_METADATA_WORDS})")
_PAGE_NUMBER = re.compile(
    r"^(?:[-—–－·]+\d{1,3}[-—–－·]+|\d{1,3})$|^第\s*\d+\s*页(.{0,3}共\s*\d+\s*页)?$"
)


@dataclass(slots=True)
class Part:
    """
    One report inside a file: where it starts and ends, its headings by section.

    Positions are indexes of blocks.
    """

    start: int
    end: int
    headings: list[Heading] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    title_at: tuple[int, int] = (0, 0)

    @property
    def by_section(self) -> dict[str, Heading]:
        """The headings by their section."""
        return {found.section: found for found in self.headings}


def find_headings(blocks: Sequence[Block]) -> list[Heading]:
    """Every heading, one without a number only where its section has none with one."""
    found: list[Heading] = []
    for at, block in enumerate(blocks):
        if isinstance(block, Para):
            one = heading(block.text)
            if one:
                found.append(
                    Heading(one.section, one.printed, at, one.rest, one.numbered, one.exact)
                )
    numbered = {one.section for one in found if one.numbered}
    if len(numbered) >= 3:
        return [one for one in found if one.numbered or one.section not in numbered]
    return found


def split_reports(blocks: Sequence[Block]) -> list[Part]:
    """
    The reports of a file, each with its headings; contents pages are none.

    Where the headings begin again a new report begins, at its title.
    """
    runs: list[list[Heading]] = []
    for one in find_headings(blocks):
        run = runs[-1] if runs else []
        if not runs:
            runs.append([one])
        elif one.section == run[-1].section:
            continue  # the heading again, over its table
        elif any(one.section == other.section for other in run):
            if one.exact or one.section == ORDER[0]:
                runs.append([one])
        else:
            run.append(one)
    runs = _rejoined([run for run in runs if not _is_contents(run, blocks)])
    whole = [run for run in runs if len(run) >= 3]
    if not whole and runs:
        whole = [max(runs, key=len)]
    parts = [Part(0, len(blocks), run) for run in whole]
    for index, part in enumerate(parts):
        first = part.headings[0].at
        begins = parts[index - 1].headings[-1].at + 1 if index else 0
        part.title, part.title_at = find_title(blocks, begins, first)
        if index:
            start = part.title_at[0] if part.title else first
            part.start = start
            parts[index - 1].end = min(parts[index - 1].end, start)
    return parts


def _rejoined(runs: list[list[Heading]]) -> list[list[Heading]]:
    """A few stray headings begin no report: those that are new belong to the one before."""
    made: list[list[Heading]] = []
    for run in runs:
        if made and len(run) < 3 and run[0].section != ORDER[0]:
            known = {one.section for one in made[-1]}
            made[-1].extend(one for one in run if one.section not in known)
        else:
            made.append(run)
    return made


def _is_contents(run: list[Heading], blocks: Sequence[Block]) -> bool:
    """A list of contents: headings one under the other with nothing between."""
    if len(run) < 3:
        return False
    return all(
        not any(
            isinstance(block, Grid) or block.text.strip()
            for block in blocks[one.at + 1 : following.at]
        )
        for one, following in itertools.pairwise(run)
    )


def find_title(blocks: Sequence[Block], start: int, end: int) -> tuple[list[str], tuple[int, int]]:
    """
    The title above the first heading: its lines, and the places it takes.

    The last one before the introduction counts; site pages print it twice.
    """
    window = range(max(start, end - 400), end)
    best: tuple[list[str], tuple[int, int]] | None = None
    for at in reversed(window):
        block = blocks[at]
        if not isinstance(block, Para):
            continue
        said = squeeze(block.text)
        if not said or len(said) > 80 or _SENTENCE.search(said) or not _TITLE.search(said):
            continue
        if _METADATA.match(block.text) and not _TITLE_WORDS.search(said):
            continue
        lines, first = _upwards(blocks, at, window.start)
        joined = squeeze("".join(lines))
        if not _TITLE_WORDS.search(joined):
            continue
        whole = bool(_YEAR.search(joined) or _CHINESE_YEAR.search(joined))
        if whole:
            return lines, (first, at + 1)
        best = best or (lines, (first, at + 1))
    return best or ([], (start, start))


def _upwards(blocks: Sequence[Block], at: int, start: int) -> tuple[list[str], int]:
    """The lines of a title that stand above its last one."""
    block = blocks[at]
    assert isinstance(block, Para)
    lines = [block.text.strip()]
    first = at
    position = at - 1
    while position >= start and len(lines) < 4:
        above = blocks[position]
        if not isinstance(above, Para):
            break
        said = squeeze(above.text)
        if not said:
            if lines and first - position > 2:
                break
            position -= 1
            continue
        joined = squeeze("".join(lines))
        has_organ = not re.match(
            r"^(关于)?(20\d\d|二[〇○零]|年度|政府信息公开|信息公开|工作|政务公开)", joined
        )
        begins = bool(re.match(r"^(年度|工作|报告|年报|政府信息公开|信息公开|政务公开)", joined))
        if has_organ or len(said) > 40 or _SENTENCE.search(said) or _METADATA.match(above.text):
            break
        if _TITLE.search(said) or _PAGE_NUMBER.match(said) or "位置" in said or ">" in said:
            break
        if not (
            _ORGAN_END.search(said) or _YEAR.search(said) or (begins and _TITLE_WORDS.search(said))
        ) and not re.search(r"关于|年度?$|的$", said):
            break
        lines.insert(0, above.text.strip())
        first = position
        position -= 1
    return lines, first


def year_of(text: str) -> int | None:
    """The first year named in a text, in digits or characters."""
    squeezed = squeeze(text)
    match = _YEAR.search(squeezed)
    if match:
        return int(match.group(1))
    written = _CHINESE_YEAR.search(squeezed)
    if written:
        digits = "".join(
            "0" if c in "〇○零0oO" else str("〇一二三四五六七八九".index(c if c != "两" else "二"))
            for c in written.group()[:4]
        )
        return int(digits)
    match = re.search(r"(?<!\d)(20\d\d)(?!\d)", squeezed)
    return int(match.group(1)) if match else None


def organ_of(title: Sequence[str]) -> str:
    """The organ that a title names, empty where it names none."""
    joined = squeeze("".join(title))
    before, mark, after = _cut(joined)
    if mark and before:
        return re.sub(r"^关于(发布|公布|公开)?|关于$", "", before)
    after = re.sub(r"^度", "", after) if mark else joined
    match = re.match(r"^(.+?)(?:政府信息公开|信息公开|政务公开|年度报告)", after)
    if not match:
        return ""
    return match.group(1) + ("政府" if match.group(1).endswith("人民") else "")


def _cut(text: str) -> tuple[str, str, str]:
    match = _YEAR.search(text) or _CHINESE_YEAR.search(text)
    if not match:
        return text, "", ""
    return text[: match.start()], match.group(), text[match.end() :]


def date_of(text: str) -> str | None:
    """A line that is only a date, as printed without blanks."""
    match = _DATE.match(squeeze(text))
    return match.group(1) if match else None


def is_footer(text: str) -> bool:
    """A line of the site, not of the report: 上一篇, 打印, 版权所有…"""
    said = text.strip()
    return (
        len(squeeze(said)) <= 60 and not said.endswith(("。", "；")) and bool(_FOOTER.match(said))
    )


def is_metadata(text: str) -> bool:
    """A line of a site's box about the page: 索引号, 发布日期…"""
    said = text.strip()
    return len(squeeze(said)) <= 60 and "。" not in said and bool(_METADATA.match(said))


def is_page_number(text: str, *, bare: bool = True) -> bool:
    """A page's number or running foot: «— 3 —», with `bare` also «3»."""
    said = squeeze(text)
    return bool(_PAGE_NUMBER.match(said)) and (bare or not said.isdigit())


def is_organ(text: str, organ: str) -> bool:
    """Whether a line is the name of an organ, as a signature has it."""
    said = squeeze(text)
    if not said or len(said) > 40 or _SENTENCE.search(said) or "、" in said:
        return False
    return said == organ or bool(_ORGAN_END.search(said))


def common(paths: Sequence[Path]) -> Path:
    """The path of the smallest element that holds all."""
    if not paths:
        return ()
    first, last = min(paths), max(paths)
    shared = 0
    for a, b in zip(first, last, strict=False):
        if a != b:
            break
        shared += 1
    return first[:shared]


__all__ = [
    "ORDER",
    "Heading",
    "Part",
    "common",
    "core",
    "date_of",
    "find_headings",
    "find_title",
    "heading",
    "is_footer",
    "is_heading",
    "is_metadata",
    "is_organ",
    "is_page_number",
    "organ_of",
    "split_reports",
    "year_of",
]
