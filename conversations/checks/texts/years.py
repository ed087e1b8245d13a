"""
N1: the years named in the texts, against the year that is reported on.

`LISTS` has what may stand beside a year, a kind of words a line («(a|b|)» stands for each of
its alternatives). A sentence is passed over where it names the report's year as well, speaks
of the present, of a founding, or of several years one by one. Else another year is odd where
it is the time of the work: it begins the sentence, a clause that counts something, or follows
the organ itself, and what follows is work. The year before is none in a comparison, the year
after none in a plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from conversations.checks.findings import Finding, Grade, Repair, Report
from conversations.checks.texts.phrases import OURS
from conversations.checks.texts.running_text import (
    KEPT,
    LONGEST,
    QUOTE,
    TextCheck,
    compiled,
    place_in,
    quoted,
    squeezed,
    without_asides,
)
from conversations.checks.texts.speaker import Speaker
from conversations.checks.texts.words import OWN_NAME, spelled
from conversations.form.model import ItemId

MOST_PLACES = 3  # quoted of one text
LONG_NAME = 26  # characters in which a year may be that of another thing

# What the statistical period is called; what makes a whole sentence unfit to be judged
# (present, founding); what makes the year one of a comparison, a carrying over or a plan; and
# what stands right behind the year: no time of work, another thing's year, work.
LISTS = f"""
period: 统计(的|)(期限|时限|时间|周期|时段|区间|范围|期间|期) 所列(的|各项|)(统计|)数据 数据统计
period: 报告(中|内|)(的|)(各项|统计|)数据 数据(的|)(统计|)(期限|时限|时间|起止|截止|截至)
present: 本年 今年 近年 当前 目前 现阶段 近(一|二|两|三|四|五|几|2|3|4|5|10|十)年
founding: 成立 组建 挂牌 设立 建成 开通 上线 合并 划转 更名 改制 机构改革 换届 修订 修正 施行
founding: 实施之日 获批 撤(并|县|乡|镇|市|区) 投入使用 启用 创建于 始建 任命 到任
founding: 获评 荣获 授予 获得(“|《) 表彰 加挂 迁移(至|到) 迁至
founding: 被(确定|列|评|选|命名|认定|确认|纳)(为|入) 列(入|为)((全|)(国|省|市|县|区)|试点|首批)
compared: 上年 去年 同比 较 相比 上一年度 对比 同期 结转 转结 遗留 跨年 未办结
two_years: 结转 转结 遗留 跨年 未办结 相比 对比
planned: 将 下一步 计划 打算 拟 力争 明年 今后 下一年 展望 谋划 目标 预计 要 为契机 以下
perhaps_planned: 继续 进一步 着力 确保 持续 推动 努力 不断
plans_follow: 下一步 下步 打算 工作计划 工作思路 下一年 (改进|整改)措施 改进情况 今后
done: 取得(了|)(一定|较好|明显|新的|显著) 虽然 仍(然|)(存在|有) 还存在 有所(提高|提升|增强)
no_time: 至 到 — － - ~ ～ – 起 以来 以前 之前 前 以后 后 之后 底前 末前 版 初
another: 年报 年度报告 考核 考评 评估 测评 评议 评比 排名 决算 预算 总结 要点 通报 方案 计划
another: 规划 问题清单 反馈 情况报告 (执行|落实|完成|发放|整改)情况 (抽查|检查|监测|调查)结果
another: (招考|招聘|招生|采购|征地)公告 公报 (事项|公开)目录 名单
work: ， 我 本 全 各 共 累计 县 区 市 镇 乡 局 委 办 街 政府信息 政务公开 信息公开 主动公开 依申请
work: 受理 收到 新收 收取 制发 发布 未 无 没有 坚持 围绕 按照 认真 严格 持续 不断 在 通过 {OWN_NAME}
"""

_YEAR = r"(?:19|20)\d\d"
_PRINTED = rf"(?P<printed>(?P<y>{_YEAR})年)"
_SINGLE_YEAR = rf"(?<![\d—\-~～－–])({_YEAR})年"
_EACH_YEAR = rf"(?:^|[，、])({_YEAR})年"
_TITLE_YEAR = rf"(?P<y>{_YEAR})(?=\n?年(?!\d{{1,2}}月))"
_DATE = rf"(?:({_YEAR})[年./-])?(\d{{1,2}})(?:月|[./-](?=\d))(?:(\d{{1,2}})[日号]?|底)?"
_UNTIL = r"截[至止](?:到|至|时间为?|日期为?)?"
_PERIOD = rf"(?:{_DATE}起?(?:[至到]|[—－\-~～–]+)|{_UNTIL}(?={_YEAR})){_DATE}"
_PERIOD_YEAR = rf"[^，。]{{0,8}}?{_PRINTED}(?:度|全年)?(?!\d{{1,2}}月)"
_NAMED = (
    rf"{_PRINTED}度?[^，。；、\d]{{0,16}}?信息公开(?:工作)?(?:情况)?(?:年度)?(?:工作)?(?:报告|年报)"
)
_NAMED_IN_ASIDE = (
    r"现[^，。]{0,8}(?:公布|发布|公开)[^，。《]{0,12}"
    rf"《[^》]{{0,24}}?{_PRINTED}[^》]{{0,12}}年度报告》"
)
_SENTENCE = r"[^。；！？\n]+"
_AFTER = rf"[。；！？]*(?:{_SENTENCE})?"
# What a sentence may begin with before it says anything.
_MARKER = (
    r"(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[（(]?\d{1,2}[)）.．、]|[一二三四五六七八九十]是|"
    r"第[一二三四五六七八九十]，|[①-⑳]|首先，|其次，|此外，|同时，|另外，){0,6}"
)
# Where a year may be the time of the work: at the start, behind the organ, in a clause, in
# «现将…», or in a comparison.
_NAMED_YEAR = (
    rf"(?:(?P<start>^{_MARKER}(?P<until>在|于|{_UNTIL})?)|(?P<ours>(?:{OURS}|{OWN_NAME})[在于]?)|"
    r"(?P<clause>[，、：])|(?P<than>[较比与同和])|(?P<now>现[将就公发向][^，。]{0,36}?))"
    rf"{_PRINTED}(?P<tail>度|全年|间|内)?"
)
_CHANGED = r"(?:同期)?(?:相比|增|减|上升|下降|提高|降低|多|少|略|持平|，(?:增|减|上升|下降))"
_REPORTED = r"[^，。]{0,40}?(?:如下|公布|报告|汇报)"
_MONTH = r"\d{1,2}月"
_CLOSING = r"12月(?:31日|底)|底(?=，)"
_WORK_OF_A_DAY = (
    rf"{_MONTH}(?:\d{{1,2}}日|份|底|初|[上中下]旬)?"
    r"，?(?:我|本|全|组织|召开|开展|举办|举行|对|完成)"
)
_DONE = r"(?:受理|收到|新收|公开(?![招征选拍竞])|发布|答复|办结|制发|召开|组织|开展|收取|更新|办理)"
_FIGURE = r"\d[\d.万余多]*[件条次篇期份个场人起例宗部元字]"
_COUNTED = rf"(?:共|累计|全年|{_DONE})[^，的]{{0,24}}?{_FIGURE}"
_COUNTS = rf"，?(?:[我全本][\u4e00-\u9fff])?(?:总共|主动)?{_COUNTED}"
# «2022年我镇制发的3件文件»: the year is that of the thing, unless one works by it (按照印发的…).
_OF_A_THING = (
    rf"(?:{OURS}|{OWN_NAME}+)?[^，的按依根照\d]{{0,6}}?"
    rf"(?:{_DONE}|出台|印发|制定|审结|提起|提出|提交|发生|立案)了?(?:{_FIGURE})?的"
)
# «2021年，省政府办公厅印发…»: an organ, by its first and last letter, and what only it does.
_ORGAN_ACTS = (
    rf"，?(?P<organ>[国中省市县区州上][^，按依根照在{OWN_NAME}\d]{{0,14}}?(?<=[院府委局厅办室央级门]))"
    r"(?:对[^，]{0,12})?(?:印发|下发|出台|部署|作出|调整|修订|制定|开展[测考评督检巡审])"
)


@cache
def _kind(kind: str) -> re.Pattern[str]:
    """The words of a kind."""
    lines = (line.partition(": ") for line in LISTS.strip().splitlines())
    words = [word for head, _, listed in lines if head == kind for word in spelled(listed)]
    return re.compile(rf"(?:{'|'.join(map(re.escape, words))})(?!如下)")


def _says(kind: str, sentence: str) -> bool:
    """Whether a sentence has a word of a kind."""
    return bool(_kind(kind).search(sentence))


class WrongYear(NamedTuple):
    """A wrong year or period where the squeezed text has it, its place, and the right year."""

    start: int
    end: int
    quote: str
    right: int


@dataclass(frozen=True, eq=False)
class Years(TextCheck):
    """
    The years named in the texts (N1).

    E: the statistical period is not the report's year, or the title or a text of
    `named_in` names another year as the report's. W: another year as the time of the
    work reported; the year before in a comparison and the year after in a plan (usual in
    the texts `plans_in`) are no slips, nor are laws, documents, plans, founding dates.
    """

    title: ItemId
    named_in: frozenset[ItemId]
    plans_in: frozenset[ItemId]

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a text and grade, naming the places; silent while the year is unknown."""
        year = report.year
        if not year:
            return
        for item, text in self.texts(report):
            flat = squeezed(text)
            if item == self.title:
                wrong = _wrong_title(flat, year)
            else:
                wrong = wrong_periods(flat, year, item in self.named_in)
            if wrong:
                printed = {flat[slip.start : slip.end]: f"“{slip.quote}”" for slip in wrong}
                message = (
                    f"：本报告是 {year} 年的，统计期限应为 {year}年1月1日至{year}年12月31日，"
                    f"文中却是 {'、'.join(printed)}（{'；'.join(printed.values())}）。"
                )
                yield self._finding(report, item, Grade.E, message, wrong)
            told = {y for s in wrong for y in re.findall(_YEAR, flat[s.start : s.end])}
            found = odd_years(flat, year, report.organ, item in self.plans_in)
            odd = tuple(slip for slip in found if flat[slip.start : slip.start + 4] not in told)
            if odd and item != self.title:
                years = dict.fromkeys(int(flat[slip.start : slip.start + 4]) for slip in odd)
                places = "；".join(f"“{slip.quote}”" for slip in odd[:MOST_PLACES])
                message = (
                    f"：本报告是 {year} 年的，文中写着 {'、'.join(map(str, years))} 年"
                    f"（{places}），是不是上一次的年份没有改？"
                )
                yield self._finding(report, item, Grade.W, message, odd, *years)

    def _finding(
        self,
        report: Report,
        item: ItemId,
        grade: Grade,
        message: str,
        slips: tuple[WrongYear, ...],
        *years: int,
    ) -> Finding:
        text = report.answers.text(item) or ""
        repairs = tuple(
            Repair(item, *place_in(text, start, end), (right,))
            for slip in slips
            for start, end, right in _mended(squeezed(text), slip)
        )
        numbers = (report.year, *years)
        return self.finding(report, item, grade, message, numbers, f"{self.id}|{item}", repairs)


def _mended(flat: str, slip: WrongYear) -> Iterator[tuple[int, int, str]]:
    """Each wrong year of a slip and what it becomes; the whole period where its days are wrong."""
    named = compiled(rf"({_YEAR})(年?)").finditer(flat, slip.start, slip.end)
    wrong = [place for place in named if int(place[1]) != slip.right]
    for place in wrong:
        yield *place.span(), f"{slip.right}{place[2]}"
    if not wrong:
        yield slip.start, slip.end, f"{slip.right}年1月1日至{slip.right}年12月31日"


def _wrong_title(flat: str, year: int) -> tuple[WrongYear, ...]:
    """Each year of a title that is not the report's."""
    quote = flat.replace("\n", "")[:QUOTE]
    return tuple(
        WrongYear(*named.span(), quote, year)
        for named in compiled(_TITLE_YEAR).finditer(flat)
        if int(named["y"]) != year
    )


@lru_cache(maxsize=KEPT)
def wrong_periods(flat: str, year: int, names: bool) -> tuple[WrongYear, ...]:
    """
    Each wrong statistical period of a squeezed text.

    Where the text `names` the report («现公布…2023年政府信息公开工作年度报告»), each other
    year that it is named by, too.
    """
    masked = without_asides(flat)
    wrong: list[tuple[int, int]] = []
    for sentence in compiled(_SENTENCE).finditer(masked):
        if called := _kind("period").search(sentence[0]):
            wrong += _wrong_period(masked, sentence.start() + called.end(), sentence.end(), year)
    if names:
        named = chain(compiled(_NAMED).finditer(masked), compiled(_NAMED_IN_ASIDE).finditer(flat))
        wrong += [place.span("printed") for place in named if int(place["y"]) != year]
    return tuple(WrongYear(*span, quoted(flat, *span), year) for span in wrong)


def _wrong_period(flat: str, start: int, end: int, year: int) -> Iterator[tuple[int, int]]:
    """Where a statistical period stands that is not the whole year reported on."""
    if period := compiled(_PERIOD).search(flat, start, end):
        y1, m1, d1, y2, m2, d2 = period.groups()
        first = int(y1 or y2 or year), int(m1 or 1), int(d1 or 1)
        last = int(y2 or y1 or year), int(m2), int(d2 or 31)
        if (m1 and first != (year, 1, 1)) or last != (year, 12, 31):
            yield period.span()
    elif (named := compiled(_PERIOD_YEAR).match(flat, start, end)) and int(named["y"]) != year:
        yield named.span("printed")


@lru_cache(maxsize=KEPT)
def odd_years(flat: str, year: int, organ: str, plans: bool) -> tuple[WrongYear, ...]:
    """
    Years that stand as the time of the work reported and are not the report's.

    `flat` is the squeezed text, `year` the one reported on, `organ` the name by which a
    sentence speaks of itself; `plans` is whether the text is one that speaks of plans.
    """
    speaker = Speaker(organ)
    masked = speaker.without_names(without_asides(flat))
    odd: list[WrongYear] = []
    for said in compiled(_SENTENCE).finditer(masked):
        sentence = said[0]
        if len(sentence) > LONGEST:
            continue
        plans = plans or _says("plans_follow", sentence)
        others = set(compiled(_EACH_YEAR).findall(sentence)) - {str(year)}
        if len(others) > 1:
            continue
        after = compiled(_AFTER).match(masked, said.end())
        first = said.start() == 0
        judged = _Sentence(sentence, after[0] if after else "", year, plans, first, speaker)
        if named := next(filter(judged.is_odd, compiled(_NAMED_YEAR).finditer(sentence)), None):
            start, end = (said.start() + place for place in named.span("printed"))
            quote = quoted(flat, max(said.start(), start - 4), 0)
            odd.append(WrongYear(start, end, quote, year - 1 if named["than"] else year))
    return tuple(odd)


@dataclass(frozen=True)
class _Sentence:
    """A sentence of `speaker` and the next; `plans` may follow, `first` is that of its text."""

    said: str
    after: str
    year: int
    plans: bool
    first: bool
    speaker: Speaker

    def is_odd(self, named: re.Match[str]) -> bool:
        """Whether a year stands as the time of the work and cannot be."""
        odd, rest = int(named["y"]), self.said[named.end() :]
        if named["than"]:
            return odd < self.year - 1 and bool(compiled(_CHANGED).match(rest))
        if odd == self.year or self._is_now:
            return False
        if named["now"]:
            return bool(compiled(_REPORTED).match(rest))
        if odd > self.year + 1 or self._founded or not _is_work(named, rest):
            return False
        acts = compiled(_ORGAN_ACTS).match(rest)
        if acts and not self.speaker.is_own(acts["organ"]):
            return False
        if _says("another", rest.partition("，")[0][:LONG_NAME]) or _kind("no_time").match(rest):
            return False
        if odd > self.year:
            return not self._is_planned(named, rest)
        return odd < self.year - 1 or not self._is_compared(named, rest)

    @cached_property
    def _is_now(self) -> bool:
        """Whether the year reported on is named, or meant, in the sentence."""
        return _names_now(self.said, self.year)

    @cached_property
    def _founded(self) -> bool:
        """Whether the sentence tells of a founding, a revision or an honour."""
        return _says("founding", self.said)

    def _is_planned(self, named: re.Match[str], rest: str) -> bool:
        """Whether what is said of the year after is, or may be, a plan."""
        if named["until"] or compiled(_MONTH).match(rest) or _says("planned", self.said):
            return True
        if _says("done", self.said) or compiled(_COUNTED).search(self.said):
            return False
        perhaps = _kind("perhaps_planned")
        if self.plans or named["start"] is None or (rest[:1] == "，" and perhaps.match(rest, 1)):
            return True
        return not self.first and bool(perhaps.search(self.said))

    def _is_compared(self, named: re.Match[str], rest: str) -> bool:
        """Whether the year before is told beside this one."""
        if not _says("compared", self.said):
            return _says("compared", self.after) and _names_now(self.after, self.year)
        told_apart = named["start"] is not None and rest.startswith("，")
        return not told_apart or _says("two_years", self.said) or _names_now(self.after, self.year)


def _names_now(said: str, year: int) -> bool:
    """Whether the year reported on is named, or meant."""
    return str(year) in compiled(_SINGLE_YEAR).findall(said) or _says("present", said)


def _is_work(named: re.Match[str], rest: str) -> bool:
    """Whether what follows a year is work that was done in it."""
    if compiled(_OF_A_THING).match(rest):
        return False
    if named["clause"] or compiled(_COUNTS).match(rest):
        return bool(compiled(_COUNTS).match(rest))
    if named["until"] and compiled(_CLOSING).match(rest):
        return True
    if named["start"] is not None and compiled(_MONTH).match(rest):
        return bool(compiled(_WORK_OF_A_DAY).match(rest))
    return bool((named["tail"] and not named["ours"]) or _kind("work").match(rest))
