"""N1: the years named in the texts, against the year that is reported on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from conversations.checks.findings import Finding, Grade, Repair, Report
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
from conversations.checks.texts.speaker import own_names
from conversations.form.model import ItemId

MOST_PLACES = 3  # quoted of one text

_PERIOD = (
    r"统计(?:的)?(?:期限|时限|时间|周期|时段|区间|范围|期间|期)|所列(?:的|各项)?(?:统计)?数据|"
    r"报告(?:中|内)?(?:的)?(?:各项|统计)?数据|数据(?:的)?(?:统计)?(?:期限|时限|时间|起止|截止|截至)|数据统计"
)
_DASH = r"(?:至|到|—+|－+|-+|~+|～+|–+)"
_RANGE = (
    rf"(?:(?P<y1>(?:19|20)\d\d)[年./-])?(?P<m1>\d{{1,2}})(?:月|[./-](?=\d))(?:(?P<d1>\d{{1,2}})[日号]?)?起?"
    rf"{_DASH}(?:(?P<y2>(?:19|20)\d\d)[年./-])?(?P<m2>\d{{1,2}})(?:月|[./-](?=\d))(?:(?P<d2>\d{{1,2}})[日号]?)?"
)
_UNTIL = r"截(?:至|止)(?:到|至|时间为?|日期为?)?((?:19|20)\d\d)年(\d{1,2})月(?:(\d{1,2})日|底)?"
_PERIOD_YEAR = r"^[^，。]{0,8}?((?:19|20)\d\d)年(?:度|全年)?(?!\d{1,2}月)"
_FOUR_DIGITS = r"((?:19|20)\d\d)年?"
_TITLE_YEAR = r"((?:19|20)\d\d)(?=年(?!\d{1,2}月))"
_NAMED_YEAR = (
    r"((?:19|20)\d\d)年(?:度)?[^，。；、\d]{0,16}?"
    r"信息公开(?:工作)?(?:情况)?(?:年度)?(?:工作)?(?:报告|年报)"
)
_NAMED_IN_ASIDE = (
    r"现[^，。]{0,8}(?:公布|发布|公开)[^，。《]{0,12}"
    r"《[^》]{0,24}?((?:19|20)\d\d)年[^》]{0,12}年度报告》"
)

# What a paragraph or sentence may begin with before it says anything.
_MARKER = (
    r"(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[（(]?\d{1,2}[)）.．、]|[一二三四五六七八九十]是|"
    r"第[一二三四五六七八九十]，|[①-⑳]|首先，|其次，|此外，|同时，|另外，){0,6}"
)
_START = (
    rf"^{_MARKER}(?P<until>在|截至|截止(?:到|至)?|于)?(?P<year>(?:19|20)\d\d)年(?P<tail>度|全年|间|内)?"
    r"(?P<rest>.*)$"
)
_YEAR = r"(?<![\d—\-~～－–])((?:19|20)\d\d)年"
_FOUNDED = (
    r"成立|组建|挂牌|设立|建成|开通|上线|合并|划转|更名|改制|机构改革|换届|修订|修正|施行|实施之日|"
    r"获批|撤并|撤[县乡镇市区]|投入使用|启用|创建于|始建|任命|到任|"
    r"获评|荣获|被评为|授予|获得[“《]|表彰"
)
_ABOUT = (
    r"^[^，。]{0,24}?(?:年报|年度报告|考核|考评|评估|测评|评议|评比|排名|决算|预算|总结|要点|通报|方案|计划|规划|"
    r"问题清单|反馈)"
)
_NOT_TIME = rf"^(?:{_DASH}|起|以来|以前|之前|前|以后|后|之后|底前|末前|版|初(?!步))"
_THIS_YEAR = r"本年|今年|近年|当前|近[一二两三四五\d]+年|目前|现阶段"
_COMPARED = r"上年|去年|同比|较|相比|上一年度|结转|对比|同期|遗留|跨年|未办结"
_PLANNED = r"将|下一步|计划|打算|拟|力争|明年|今后|下一年|展望|谋划|目标|预计|要|为契机|以下"
_MAYBE_PLANNED = r"继续|进一步|着力|确保|持续|推动|努力|不断"
_PLANS_FOLLOW = r"下一步|下步|打算|工作计划|工作思路|下一年|改进措施|整改措施|改进情况|今后"
_DONE = (
    r"(?:共|累计|全年|受理|收到|公开|发布|答复|办结|制发|召开|组织|开展|收取)[^，。；]{0,24}?\d+(?:件|条|次|篇|期|份|个|场|人)|"
    r"取得(?:了)?(?:一定|较好|明显|新的|显著)|虽然|仍(?:然)?(?:存在|有)|还存在|有所(?:提高|提升|增强)"
)
_SUBJECT = (
    r"^(?:，|我|本|全|各|共|累计|[县区市镇乡局委办街]|政府信息|政务公开|信息公开|主动公开|依申请|受理|收到|新收|"
    r"制发|发布|未|无|没有|坚持|围绕|按照|认真|严格|持续|不断|在)"
)
_WORK_OF_A_DAY = (
    r"^\d{1,2}月(?:\d{1,2}日|份|底|初|中旬|上旬|下旬)?"
    r"，?(?:我|本|全|组织|召开|开展|举办|举行|对|完成)"
)
_COMPARED_OLDER = (
    r"(?:较|比|与|同|和)((?:19|20)\d\d)年(?:度|全年)?(?:同期)?"
    r"(?=相比|增|减|上升|下降|提高|降低|多|少|略|持平|，(?:增|减|上升|下降))"
)
# «2022年收到31件，2021年收到27件» tells of years gone by, not of the year reported on.
_EACH_YEAR = r"(?:^|[，、])((?:19|20)\d\d)年"
_REPORTED = (
    r"现(?:将|就|公布|发布|公开|向社会公布)[^，。]{0,30}?"
    r"((?:19|20)\d\d)年(?:度)?[^，。]{0,40}?(?:如下|公布|报告|汇报)"
)
_SELF_YEAR = (
    r"(?:{own}|[我本全](?:[局镇乡县区市省州委办厅院处旗]|街道|单位|机关|部门|中心))(?:在|于)?((?:19|20)\d\d)年(?:度)?"
    r"(?=全年|共|累计|主动公开|受理|收到|新收|政府信息公开工作|依申请|通过|未|认真|严格|坚持|，)"
)
_COUNTED_YEAR = (
    r"(?:^|[，、；：])((?:19|20)\d\d)年(?:度)?(?:全年)?，?(?:[我全本][\u4e00-\u9fff])?(?:共|累计|总共)?"
    r"(?:受理|收到|新收|主动公开|公开|发布|制发|办结|答复|收取)[^，。；的]{0,20}?\d"
)


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
        if not report.year:
            return
        for item, text in self.texts(report):
            flat = squeezed(text)
            if item == self.title:
                wrong = dict(wrong_title_years(flat, report.year))
            else:
                wrong = dict(wrong_periods(flat, report.year, item in self.named_in))
            if wrong:
                places = "；".join(f"“{place}”" for place in wrong.values())
                message = (
                    f"：本报告是 {report.year} 年的，统计期限应为 "
                    f"{report.year}年1月1日至{report.year}年12月31日，"
                    f"文中却是 {'、'.join(wrong)}（{places}）。"
                )
                repairs = tuple(
                    repair
                    for printed, quote in wrong.items()
                    for repair in _of_period(item, text, quote, printed, report.year)
                )
                slip = f"{self.id}|{item}"
                yield self.finding(report, item, Grade.E, message, (report.year,), slip, repairs)
            if item == self.title:
                continue
            told = {int(year) for period in wrong for year in re.findall(r"(?:19|20)\d\d", period)}
            odd = [
                (year, place)
                for year, place in odd_years(flat, report.year, report.organ, item in self.plans_in)
                if year not in told
            ]
            if odd:
                years = tuple(dict.fromkeys(year for year, _ in odd))
                places = "；".join(f"“{place}”" for _, place in odd[:MOST_PLACES])
                message = (
                    f"：本报告是 {report.year} 年的，文中写着 {'、'.join(map(str, years))} 年"
                    f"（{places}），是不是上一次的年份没有改？"
                )
                repairs = tuple(
                    repair
                    for year, quote in odd
                    for repair in _repairs(
                        item, text, quote, f"{year}年", _this_year(year, quote, report.year)
                    )
                )
                numbers, slip = (report.year, *years), f"{self.id}|{item}"
                yield self.finding(report, item, Grade.W, message, numbers, slip, repairs)


def _repairs(item: ItemId, text: str, quote: str, wrong: str, right: str) -> Iterator[Repair]:
    """Where a wrong year or period stands in the text itself."""
    flat = squeezed(text)
    start = max(without_asides(flat).find(quote), flat.find(quote), 0)
    at = flat.find(wrong, start)
    if at >= 0:
        yield Repair(item, *place_in(text, at, at + len(wrong)), (right,))


def _of_period(item: ItemId, text: str, quote: str, printed: str, year: int) -> Iterator[Repair]:
    """Each wrong year of a period; the period itself where its days are wrong."""
    (whole,) = [*_repairs(item, text, quote, printed, f"{year}年1月1日至{year}年12月31日")] or (
        None,
    )
    if whole is None:
        return
    stands = text[whole.start : whole.end]
    years = [y for y in compiled(_FOUR_DIGITS).finditer(stands) if y[1] != str(year)]
    if not years:
        yield whole
    for wrong in years:
        right = wrong[0].replace(wrong[1], str(year))
        yield Repair(item, whole.start + wrong.start(), whole.start + wrong.end(), (right,))


def _this_year(odd: int, quote: str, year: int) -> str:
    """The year that was meant: the report's, in a comparison the one before."""
    compared = (int(place[1]) for place in compiled(_COMPARED_OLDER).finditer(quote))
    return f"{year - 1 if odd in compared else year}年"


def wrong_title_years(flat: str, year: int) -> Iterator[tuple[str, str]]:
    """Each year of a title that is not the report's, with its place."""
    title = flat.replace("\n", "")
    for named in compiled(_TITLE_YEAR).finditer(title):
        if int(named[1]) != year:
            yield f"{named[1]}年", title[:QUOTE]


@lru_cache(maxsize=KEPT)
def wrong_periods(flat: str, year: int, names: bool) -> tuple[tuple[str, str], ...]:
    """
    Each wrong statistical period of a squeezed text, with its place.

    Where the text `names` the report («现公布…2023年政府信息公开工作年度报告»), each other
    year that it is named by, too.
    """
    masked = without_asides(flat)
    wrong: list[tuple[str, str]] = []
    for sentence in re.split(r"[。！？\n]", masked):
        if period := compiled(_PERIOD).search(sentence):
            wrong += _wrong_period(sentence, sentence[period.end() :], year)
    if names:
        in_text = compiled(_NAMED_YEAR).finditer(masked)
        for named in (*in_text, *compiled(_NAMED_IN_ASIDE).finditer(flat)):
            if int(named[1]) != year:
                wrong.append((f"{named[1]}年", quoted(flat, named.start(), named.end())))
    return tuple(wrong)


def _wrong_period(sentence: str, after: str, year: int) -> Iterator[tuple[str, str]]:
    """A statistical period that is not the whole year reported on."""
    if period := compiled(_RANGE).search(after):
        y1, y2 = period["y1"] or period["y2"], period["y2"] or period["y1"]
        start = (int(y1 or year), int(period["m1"]), int(period["d1"] or 1))
        end = (int(y2 or year), int(period["m2"]), int(period["d2"] or 31))
        if (start, end) != ((year, 1, 1), (year, 12, 31)):
            yield period[0], quoted(after, period.start(), period.end())
    elif until := compiled(_UNTIL).search(after):
        if (int(until[1]), int(until[2]), int(until[3] or 31)) != (year, 12, 31):
            yield until[0], quoted(after, until.start(), until.end())
    elif (named := compiled(_PERIOD_YEAR).search(after)) and int(named[1]) != year:
        yield f"{named[1]}年", quoted(sentence, 0, len(sentence))


@lru_cache(maxsize=KEPT)
def odd_years(flat: str, year: int, organ: str, plans: bool) -> tuple[tuple[int, str], ...]:
    """
    Years that stand as the time of the work reported and are not the report's, with places.

    Args:
        flat: The squeezed text.
        year: The year reported on.
        organ: Its name, by which a sentence speaks of itself.
        plans: Whether the text is one that speaks of plans.
    """
    own = "|".join(map(re.escape, own_names(organ))) or "本机关"
    self_year = re.compile(_SELF_YEAR.format(own=own))
    planning = plans
    first = True
    odd: list[tuple[int, str]] = []
    for paragraph in without_asides(flat).split("\n"):
        sentences = [s for s in re.split(r"[。；！？]", paragraph) if 0 < len(s) <= LONGEST]
        for sentence, after in pairwise((*sentences, "")):
            planning = planning or bool(compiled(_PLANS_FOLLOW).search(sentence))
            history = len(set(compiled(_EACH_YEAR).findall(sentence)) - {str(year)}) > 1
            if "年" in sentence and not history:
                odd_year = _odd_start(sentence, after, year, planning, first)
                odd_year = odd_year or _odd_inside(sentence, year, self_year)
                if odd_year:
                    place = max(0, sentence.find(f"{odd_year}年") - 4)
                    odd.append((odd_year, quoted(sentence, place, 0)))
            first = False
    return tuple(odd)


def _odd_start(sentence: str, after: str, year: int, plans: bool, first: bool) -> int | None:
    """The odd year that a sentence begins with: «2021年，我局…»."""
    start = compiled(_START).match(sentence)
    if not start:
        return None
    odd, rest = int(start["year"]), start["rest"]
    if odd == year or odd > year + 1 or _names_year(sentence, year):
        return None
    if compiled(_FOUNDED).search(sentence) or compiled(_NOT_TIME).match(rest):
        return None
    if compiled(_ABOUT).match(rest):
        return None
    if odd == year + 1:
        return None if start["until"] else _odd_future(odd, sentence, rest, plans, first)
    if compiled(_THIS_YEAR).search(sentence):
        return None
    compared = bool(compiled(_COMPARED).search(sentence))
    if re.match(r"\d{1,2}月", rest):
        closing = start["until"] and re.match(r"12月(?:31日|底)", rest)
        work = compiled(_WORK_OF_A_DAY).match(rest)
        return odd if (closing or work) and not (compared and odd == year - 1) else None
    if not compiled(_SUBJECT).match(rest) and not start["tail"]:
        return None
    if odd == year - 1:
        if re.search(r"结转|遗留|跨年|未办结|相比|对比", sentence):
            return None
        if compared and not rest.startswith("，"):
            return None
        if (f"{year}年" in after or compiled(_THIS_YEAR).search(after)) and (
            compared or compiled(_COMPARED).search(after)
        ):
            return None
    return odd


def _odd_future(odd: int, sentence: str, rest: str, plans: bool, first: bool) -> int | None:
    """The year after, where it is neither a plan nor a date."""
    if re.match(r"\d{1,2}月", rest) or not compiled(_SUBJECT).match(rest):
        return None
    if compiled(_PLANNED).search(sentence):
        return None
    if compiled(_DONE).search(sentence):
        return odd
    may_be_planned = plans or (not first and compiled(_MAYBE_PLANNED).search(sentence))
    return None if may_be_planned else odd


def _odd_inside(sentence: str, year: int, self_year: re.Pattern[str]) -> int | None:
    """An odd year further inside a sentence, in the few ways that leave no doubt."""
    for compared in compiled(_COMPARED_OLDER).finditer(sentence):
        if int(compared[1]) < year - 1:
            return int(compared[1])
    if _names_year(sentence, year) or compiled(_THIS_YEAR).search(sentence):
        return None
    if reported := compiled(_REPORTED).search(sentence):
        return int(reported[1]) if int(reported[1]) != year else None
    if compiled(_FOUNDED).search(sentence):
        return None
    for pattern in (self_year, compiled(_COUNTED_YEAR)):
        for named in pattern.finditer(sentence):
            odd = int(named[1])
            if compiled(_ABOUT).match(sentence[named.end() :]):
                continue
            if odd < year - 1 or (odd == year - 1 and not compiled(_COMPARED).search(sentence)):
                return odd
            done = odd == year + 1 and compiled(_DONE).search(sentence)
            if done and not compiled(_PLANNED).search(sentence):
                return odd
    return None


def _names_year(sentence: str, year: int) -> bool:
    """Whether the year reported on is named in a sentence, too."""
    return any(int(named) == year for named in compiled(_YEAR).findall(sentence))
