"""
The checks of running text (N): years, figures, points, leftovers, personal data, slips.

They are judged by their false alarms: what is not surely a slip is passed over in
silence. Text is looked at without blanks and with half-width digits; what stands in
《…》 and 〔…〕 (laws, numbers of documents) is never taken for a statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from conversations.checks.findings import Finding, Grade, Report, plain
from conversations.checks.texts.phrases_2021 import (
    ABOUT_REQUESTS,
    APPLICANT_ROWS,
    APPLICANT_TAIL,
    APPLICANTS,
    FILLERS,
    PHRASES,
    REQUEST,
    Kind,
    Phrase,
    Sum,
    Topic,
)
from conversations.form.answers import Number
from conversations.form.model import Form, ItemId
from conversations.form.organ import Level

QUOTE = 24
# Beyond this a sentence is none: somebody's table, or noise.
LONGEST = 2_000
# The same few texts are looked at after every answer: what was found is kept for so many.
KEPT = 256
REST = 40


class Lazy:
    """
    A pattern that is compiled when it is first used.

    A start of the program waits for none of them, and most chats need only few.
    """

    __slots__ = ("_compiled", "pattern")

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._compiled: re.Pattern[str] | None = None

    @property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, ready for use."""
        if self._compiled is None:
            self._compiled = re.compile(self.pattern)
        return self._compiled

    def search(self, text: str) -> re.Match[str] | None:
        """The first place."""
        return self.compiled.search(text)

    def match(self, text: str, place: int = 0) -> re.Match[str] | None:
        """At the beginning, or at a place."""
        return self.compiled.match(text, place)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every place."""
        return self.compiled.finditer(text)

    def findall(self, text: str) -> list[str]:
        """The text of every place."""
        return self.compiled.findall(text)

    def split(self, text: str) -> list[str]:
        """What stands between the places."""
        return self.compiled.split(text)

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str) -> str:
        """The text with every place replaced."""
        return self.compiled.sub(new, text)


_WIDE: dict[int, str | None] = {
    ord(wide): chr(ord(wide) - 0xFEE0) for wide in map(chr, range(0xFF10, 0xFF1A))
}
_WIDE[ord("％")] = "%"
_WIDE |= {ord(c): None for c in " \t\r\v\f\u00a0\u3000\u200b\u200c\u200d\ufeff"}
_YEAR_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_YEAR = Lazy(r"[一二][〇○零一二三四五六七八九]{3}(?=年)")
_ASIDE = Lazy(
    r"《[^《》\n]{0,200}(?:《[^《》\n]{0,200}》[^《》\n]{0,200}){0,4}》|〔[^〕\n]{0,60}〕|〈[^〉\n]{0,200}〉|"
    r"\[[^\]\n]{0,200}\]"
)


_NARROW = str.maketrans(";()?!", "；（）？！")
_NARROW_MARK = Lazy(r"(?<!\d)[,:]|[,:](?!\d)")
_NARROW_STOP = Lazy(r"(?<=[\u4e00-\u9fff）”])\.(?!\d)")


@lru_cache(maxsize=KEPT)
def squeezed(text: str) -> str:
    """The text without blanks inside lines, with half-width digits, wide marks, arabic years."""
    text = text.translate(_WIDE).translate(_NARROW)
    text = _NARROW_MARK.sub(lambda found: "，" if found[0] == "," else "：", text)
    text = _NARROW_STOP.sub("。", text)
    return _CHINESE_YEAR.sub(lambda found: found[0].translate(_YEAR_DIGITS), text)


def without_asides(text: str) -> str:
    """The same length, with the titles of laws and numbers of documents blotted out."""
    return _ASIDE.sub(lambda found: "□" * len(found[0]), text)


def quoted(text: str, start: int, end: int) -> str:
    """A short piece of the text around a place, to find it by."""
    if end - start < QUOTE:
        end = min(len(text), start + QUOTE)
    piece = text[start : min(end, start + 2 * QUOTE)]
    return piece.split("\n")[0]


def _texts(report: Report, items: Iterable[ItemId]) -> Iterator[tuple[ItemId, str]]:
    for item in items:
        text = report.answers.text(item)
        if text is not None:
            yield item, text


def _title_of(form: Form, item: ItemId) -> str:
    if item in form.section:
        return form.section[item].heading
    return {"title": "标题", "introduction": "引言"}.get(item, item)


# ------------------------------------------------------------------------- N1: years

_PERIOD = Lazy(
    r"统计(?:的)?(?:期限|时限|时间|周期|时段|区间|范围|期间|期)|所列(?:的|各项)?(?:统计)?数据|"
    r"报告(?:中|内)?(?:的)?(?:各项|统计)?数据|数据(?:的)?(?:统计)?(?:期限|时限|时间|起止|截止|截至)|数据统计"
)
_DASH = r"(?:至|到|—+|－+|-+|~+|～+|–+)"
_RANGE = Lazy(
    rf"(?:(?P<y1>(?:19|20)\d\d)[年./-])?(?P<m1>\d{{1,2}})(?:月|[./-](?=\d))(?:(?P<d1>\d{{1,2}})[日号]?)?起?"
    rf"{_DASH}(?:(?P<y2>(?:19|20)\d\d)[年./-])?(?P<m2>\d{{1,2}})(?:月|[./-](?=\d))(?:(?P<d2>\d{{1,2}})[日号]?)?"
)
_UNTIL = Lazy(
    r"截(?:至|止)(?:到|至|时间为?|日期为?)?((?:19|20)\d\d)年(\d{1,2})月(?:(\d{1,2})日|底)?"
)
_PERIOD_YEAR = Lazy(r"^[^，。]{0,8}?((?:19|20)\d\d)年(?:度|全年)?(?!\d{1,2}月)")
_TITLE_YEAR = Lazy(r"((?:19|20)\d\d)(?=年(?!\d{1,2}月))")
_NAMED_YEAR = Lazy(
    r"((?:19|20)\d\d)年(?:度)?[^，。；、\d]{0,16}?信息公开(?:工作)?(?:情况)?(?:年度)?(?:工作)?(?:报告|年报)"
)
_NAMED_IN_ASIDE = Lazy(
    r"现[^，。]{0,8}(?:公布|发布|公开)[^，。《]{0,12}《[^》]{0,24}?((?:19|20)\d\d)年[^》]{0,12}年度报告》"
)

_MARKER = (
    r"(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[（(]?\d{1,2}[)）.．、]|[一二三四五六七八九十]是|"
    r"第[一二三四五六七八九十]，|[①-⑳]|首先，|其次，|此外，|同时，|另外，){0,6}"
)
_START = Lazy(
    rf"^{_MARKER}(?P<until>在|截至|截止(?:到|至)?|于)?(?P<year>(?:19|20)\d\d)年(?P<tail>度|全年|间|内)?"
    r"(?P<rest>.*)$"
)
_YEAR = Lazy(r"(?<![\d—\-~～－–])((?:19|20)\d\d)年")
_FOUNDED = Lazy(
    r"成立|组建|挂牌|设立|建成|开通|上线|合并|划转|更名|改制|机构改革|换届|修订|修正|施行|实施之日|"
    r"获批|撤并|撤[县乡镇市区]|投入使用|启用|创建于|始建|任命|到任|"
    r"获评|荣获|被评为|授予|获得[“《]|表彰"
)
_ABOUT = Lazy(
    r"^[^，。]{0,24}?(?:年报|年度报告|考核|考评|评估|测评|评议|评比|排名|决算|预算|总结|要点|通报|方案|计划|规划|"
    r"问题清单|反馈)"
)
_NOT_TIME = Lazy(rf"^(?:{_DASH}|起|以来|以前|之前|前|以后|后|之后|底前|末前|版|初(?!步))")
_THIS_YEAR = Lazy(r"本年|今年|近年|当前|近[一二两三四五\d]+年|目前|现阶段")
_COMPARED = Lazy(r"上年|去年|同比|较|相比|上一年度|结转|对比|同期|遗留|跨年|未办结")
_PLANNED = Lazy(r"将|下一步|计划|打算|拟|力争|明年|今后|下一年|展望|谋划|目标|预计|要|为契机|以下")
_MAYBE_PLANNED = Lazy(r"继续|进一步|着力|确保|持续|推动|努力|不断")
_PLANS_FOLLOW = Lazy(r"下一步|下步|打算|工作计划|工作思路|下一年|改进措施|整改措施|改进情况|今后")
_DONE = Lazy(
    r"(?:共|累计|全年|受理|收到|公开|发布|答复|办结|制发|召开|组织|开展|收取)[^，。；]{0,24}?\d+(?:件|条|次|篇|期|份|个|场|人)|"
    r"取得(?:了)?(?:一定|较好|明显|新的|显著)|虽然|仍(?:然)?(?:存在|有)|还存在|有所(?:提高|提升|增强)"
)
_SUBJECT = Lazy(
    r"^(?:，|我|本|全|各|共|累计|[县区市镇乡局委办街]|政府信息|政务公开|信息公开|主动公开|依申请|受理|收到|新收|"
    r"制发|发布|未|无|没有|坚持|围绕|按照|认真|严格|持续|不断|在)"
)
_WORK_OF_A_DAY = Lazy(
    r"^\d{1,2}月(?:\d{1,2}日|份|底|初|中旬|上旬|下旬)?，?(?:我|本|全|组织|召开|开展|举办|举行|对|完成)"
)
_COMPARED_OLDER = Lazy(
    r"(?:较|比|与|同|和)((?:19|20)\d\d)年(?:度|全年)?(?:同期)?(?=相比|增|减|上升|下降|提高|降低|多|少|略|持平|，(?:增|减|上升|下降))"
)
_REPORTED = Lazy(
    r"现(?:将|就|公布|发布|公开|向社会公布)[^，。]{0,30}?((?:19|20)\d\d)年(?:度)?[^，。]{0,40}?(?:如下|公布|报告|汇报)"
)
_SELF_YEAR = (
    r"(?:{own}|[我本全](?:[局镇乡县区市省州委办厅院处旗]|街道|单位|机关|部门|中心))(?:在|于)?((?:19|20)\d\d)年(?:度)?"
    r"(?=全年|共|累计|主动公开|受理|收到|新收|政府信息公开工作|依申请|通过|未|认真|严格|坚持|，)"
)
_COUNTED_YEAR = Lazy(
    r"(?:^|[，、；：])((?:19|20)\d\d)年(?:度)?(?:全年)?，?(?:[我全本][\u4e00-\u9fff])?(?:共|累计|总共)?"
    r"(?:受理|收到|新收|主动公开|公开|发布|制发|办结|答复|收取)[^，。；的]{0,20}?\d"
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Years:
    """
    The years named in the text (N1).

    E: the statistical period is not the report's year, or title or introduction name
    another year as the report's. W: another year as the time of the work reported;
    the year before in a comparison and the year after in a plan are no slips, nor are
    laws, documents, plans and founding dates.
    """

    id: str
    texts: tuple[str, ...]
    source: str
    named_in: tuple[ItemId, ...] = ("title", "introduction")
    read: tuple[ItemId, ...] = (
        "introduction",
        "overview",
        "problems_and_improvements",
        "other_matters",
    )
    plans_in: tuple[ItemId, ...] = ("problems_and_improvements",)
    grades: tuple[Grade, ...] = (Grade.E, Grade.W)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The texts, the title too."""
        return [item for item in dict.fromkeys((*self.named_in, *self.read)) if _has(form, item)]

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a text and grade, naming the places; silent while the year is unknown."""
        if not report.year:
            return
        for item, text in _texts(report, dict.fromkeys((*self.named_in, *self.read))):
            flat = squeezed(text)
            wrong = dict(wrong_years(item, flat, report.year, item in self.named_in))
            if wrong:
                years = "、".join(wrong)
                places = "；".join(f"“{place}”" for place in wrong.values())
                yield Finding(
                    self.id,
                    Grade.E,
                    f"{_title_of(report.form, item)}：本报告是 {report.year} 年的，"
                    f"统计期限应为 {report.year}年1月1日至{report.year}年12月31日，"
                    f"文中却是 {years}（{places}）。",
                    narrative=item,
                    numbers=(report.year,),
                )
            if item == "title":
                continue
            said = {int(year) for one in wrong for year in re.findall(r"(?:19|20)\d\d", one)}
            odd = [
                one
                for one in odd_years(flat, report.year, report.organ, item in self.plans_in)
                if one[0] not in said
            ]
            if odd:
                places = "；".join(f"“{place}”" for _, place in odd[:3])
                yield Finding(
                    self.id,
                    Grade.W,
                    f"{_title_of(report.form, item)}：本报告是 {report.year} 年的，文中写着"
                    f" {'、'.join(str(year) for year in dict.fromkeys(y for y, _ in odd))} 年"
                    f"（{places}），是不是上一次的年份没有改？",
                    narrative=item,
                    numbers=(report.year, *dict.fromkeys(year for year, _ in odd)),
                )


@lru_cache(maxsize=KEPT)
def wrong_years(item: ItemId, flat: str, year: int, names: bool) -> tuple[tuple[str, str], ...]:
    """
    Each wrong statistical period, with its place; where the text names, each named year.

    A title is only looked at for its years.
    """
    if item == "title":
        title = flat.replace("\n", "")
        found = (year_found[1] for year_found in _TITLE_YEAR.finditer(title))
        return tuple((f"{named}年", title[:QUOTE]) for named in found if int(named) != year)
    masked = without_asides(flat)
    wrong: list[tuple[str, str]] = []
    for sentence in re.split(r"[。！？\n]", masked):
        if word := _PERIOD.search(sentence):
            wrong += _wrong_period(sentence, sentence[word.end() :], year)
    if names:
        for named in (*_NAMED_YEAR.finditer(masked), *_NAMED_IN_ASIDE.finditer(flat)):
            if int(named[1]) != year:
                wrong.append((f"{named[1]}年", quoted(flat, named.start(), named.end())))
    return tuple(wrong)


def _wrong_period(sentence: str, after: str, year: int) -> Iterator[tuple[str, str]]:
    """A statistical period that is not the whole year reported on."""
    found = _RANGE.search(after)
    if found:
        y1, y2 = found["y1"] or found["y2"], found["y2"] or found["y1"]
        start = (int(y1 or year), int(found["m1"]), int(found["d1"] or 1))
        end = (int(y2 or year), int(found["m2"]), int(found["d2"] or 31))
        if (start, end) != ((year, 1, 1), (year, 12, 31)):
            yield found[0], quoted(after, found.start(), found.end())
    elif until := _UNTIL.search(after):
        if (int(until[1]), int(until[2]), int(until[3] or 31)) != (year, 12, 31):
            yield until[0], quoted(after, until.start(), until.end())
    elif (named := _PERIOD_YEAR.search(after)) and int(named[1]) != year:
        yield f"{named[1]}年", quoted(sentence, 0, len(sentence))


@lru_cache(maxsize=KEPT)
def odd_years(flat: str, year: int, organ: str, plans: bool) -> tuple[tuple[int, str], ...]:
    """
    Years that stand as the time of the work reported and are not the report's.

    Args:
        flat: The squeezed text.
        year: The year reported on.
        organ: Its name, by which a sentence speaks of itself.
        plans: Whether the text is one that speaks of plans.
    """
    own = "|".join(map(re.escape, _own_names(organ))) or "本机关"
    self_year = Lazy(_SELF_YEAR.format(own=own))
    planning = False
    first = True
    odd: list[tuple[int, str]] = []
    for paragraph in without_asides(flat).split("\n"):
        sentences = [s for s in re.split(r"[。；！？]", paragraph) if 0 < len(s) <= LONGEST]
        for i, sentence in enumerate(sentences):
            after = sentences[i + 1] if i + 1 < len(sentences) else ""
            planning = planning or bool(_PLANS_FOLLOW.search(sentence))
            found = None
            if "年" in sentence:
                found = _odd_start(sentence, after, year, (plans or planning), first)
                found = found or _odd_inside(sentence, year, self_year)
            first = False
            if found:
                place = max(0, sentence.find(f"{found}年") - 4)
                odd.append((found, quoted(sentence, place, 0)))
    return tuple(odd)


def _odd_start(sentence: str, after: str, year: int, plans: bool, first: bool) -> int | None:
    """The odd year that a sentence begins with: «2021年，我局…»."""
    found = _START.match(sentence)
    if not found:
        return None
    odd, rest = int(found["year"]), found["rest"]
    years = {int(y) for y in _YEAR.findall(sentence)}
    if odd == year or year in years or _FOUNDED.search(sentence):
        return None
    if _NOT_TIME.match(rest):
        return None
    if odd > year + 1 or _ABOUT.match(rest):
        return None
    if odd == year + 1:
        return _odd_future(odd, sentence, rest, plans, first) if not found["until"] else None
    if _THIS_YEAR.search(sentence):
        return None
    compared = bool(_COMPARED.search(sentence))
    if re.match(r"\d{1,2}月", rest):
        closing = found["until"] and re.match(r"12月(?:31日|底)", rest)
        work = _WORK_OF_A_DAY.match(rest)
        return odd if (closing or work) and not (compared and odd == year - 1) else None
    if not _SUBJECT.match(rest) and not found["tail"]:
        return None
    if odd == year - 1:
        if re.search(r"结转|遗留|跨年|未办结|相比|对比", sentence):
            return None
        if compared and not rest.startswith("，"):
            return None
        if (f"{year}年" in after or _THIS_YEAR.search(after)) and (
            compared or _COMPARED.search(after)
        ):
            return None
    return odd


def _odd_future(odd: int, sentence: str, rest: str, plans: bool, first: bool) -> int | None:
    """The year after, where it is neither a plan nor a date."""
    if re.match(r"\d{1,2}月", rest) or not _SUBJECT.match(rest) or _PLANNED.search(sentence):
        return None
    done = _DONE.search(sentence)
    if plans:
        return odd if done else None
    return odd if done or first or not _MAYBE_PLANNED.search(sentence) else None


def _odd_inside(sentence: str, year: int, self_year: Lazy) -> int | None:
    """An odd year further inside a sentence, in the few ways that leave no doubt."""
    for found in _COMPARED_OLDER.finditer(sentence):
        if int(found[1]) < year - 1:
            return int(found[1])
    years = {int(y) for y in _YEAR.findall(sentence)}
    if year in years or _THIS_YEAR.search(sentence):
        return None
    for found in _REPORTED.finditer(sentence):
        return int(found[1]) if int(found[1]) != year else None
    for pattern in (self_year, _COUNTED_YEAR):
        for found in pattern.finditer(sentence):
            odd = int(found[1])
            rest = sentence[found.end() :]
            if _FOUNDED.search(sentence) or _ABOUT.match(rest):
                continue
            if odd < year - 1 or (odd == year - 1 and not _COMPARED.search(sentence)):
                return odd
            if odd == year + 1 and _DONE.search(sentence) and not _PLANNED.search(sentence):
                return odd
    return None


def _has(form: Form, item: ItemId) -> bool:
    return item in form.section or item in form.wording


@lru_cache(maxsize=256)
def _own_names(organ: str) -> tuple[str, ...]:
    """What the organ may be called in its own text, longest first."""
    stem = organ.removesuffix("人民政府").removesuffix("办事处")
    names = {organ, stem}
    # «沭阳县发展和改革局» is also «县发展和改革局», «发展和改革局».
    for mark in "省市州县区旗盟":
        for i, letter in enumerate(stem[:-1]):
            if letter == mark:
                names |= {stem[i:], stem[i + 1 :]}
    return tuple(sorted((name for name in names if len(name) > 1), key=len, reverse=True))


# ----------------------------------------------------------------------- N2: figures

_NUMBER = r"(?P<n>\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万]+)"
_LINK = (
    r"(?:(?:的)?(?:数量|总数|总量|件数)|的|共计|总计|合计|累计|共有|共|计|为|是|有|达到|达|了|：|:|"
    r"，(?=(?:共|合计|累计|总计))){0,6}（?"
)
_AFTER_NUMBER = (
    r"(?:政府信息公开|信息公开)?(?:申请)?(?:属于|属|为|系|是|按|均|全部|都|已|被|决定|作出?|进行|"
    r"依法|按时|按期|及时|的){0,6}"
)
# Where a measure word is the beginning of another word, or the number only about right.
_NO_UNIT = {"条": "例", "起": "诉", "个": "月", "项": "目", "例": "如|行", "份": "额"}


def _unit(units: str) -> str:
    """Measure words as a pattern."""
    each = (u + (f"(?!{_NO_UNIT[u]})" if u in _NO_UNIT else "") for u in units.split("|"))
    return rf"(?:{'|'.join(each)})(?!次|以上|左右|多|余|\d)"


_END = r"(?=[，。；：、）（)]|$|情况|情形|问题|的情况|的情形|事项|案件)"
_BETWEEN = r"(?:方面|工作|情况)?(?:，)?(?:共计?|累计|全年|本年度?|已|均|依法|总计){0,6}"
_NONE = r"(?:未曾|尚未|暂未|均未|从未|未|没有|暂无|均无|无)"
_MONEY = r"(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>亿元|万元|元)"

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}


def _count(text: str) -> int | None:
    """A whole number in digits or Chinese numerals; None where it is neither."""
    text = text.replace(",", "")
    if text.isascii():
        return int(text) if text.isdigit() else None
    total = section = digit = 0
    for letter in text:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        elif letter in _PLACES:
            section += (digit or 1) * _PLACES[letter]
            digit = 0
        else:
            total += (section + digit) * 10_000
            section = digit = 0
    return total + section + digit


_SPEAKS_OF_NUMBERS = Lazy(
    r"[\d零〇一二两三四五六七八九十百千万](?:件|份|例|宗|起|条|项|个|笔|部|次|元|万|亿)|未|无|没有"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """
    A figure that a text states about this organ, this year and the whole.

    `cells` are alternatives, each a sum of cells. `step` is the size of the last digit
    printed (万元), 0 for counts; `after` is what the sentence goes on with.
    """

    name: str
    number: Number
    cells: tuple[Sum, ...]
    quote: str
    after: str = ""
    step: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Pattern:
    phrase: Phrase
    rank: int
    regex: Lazy
    none: bool = False
    number_first: bool = False


@lru_cache(maxsize=16)
def _patterns(year: int) -> tuple[_Pattern, ...]:
    """The phrases as patterns, those where the number stands first last."""
    found: list[_Pattern] = []

    def add(rank: int, phrase: Phrase, pattern: str, *, none: bool = False) -> None:
        pattern = pattern.replace("PREVIOUS", f"{year - 1}").replace("NEXT", f"{year + 1}")
        found.append(_Pattern(phrase, rank, Lazy(pattern), none, rank == 3))

    for phrase in PHRASES:
        unit = _unit(phrase.units)
        words = f"(?:{phrase.words})"
        if phrase.kind is Kind.VERB:
            obj = f"(?:{phrase.object})"
            fill = FILLERS if "申请" in phrase.object else r"(?:了|各类|的){0,6}"
            add(1, phrase, f"{words}{obj}{_LINK}{_NUMBER}{unit}")
            add(2, phrase, f"{words}{fill}(?:共|共计)?{_NUMBER}{unit}{obj}")
            add(2, phrase, f"{obj}{_BETWEEN}{words}{_LINK}{_NUMBER}{unit}")
            if phrase.none:
                verb = f"(?:{phrase.none})" + ("?" if "申请" in phrase.object else "")
                add(1, phrase, f"{_NONE}{verb}(?:到|过)?{obj}{_END}", none=True)
        elif phrase.kind is Kind.MONEY:
            add(1, phrase, f"{words}{_LINK}{_MONEY}")
            add(1, phrase, f"{_NONE}(?:{phrase.none})?{words}{_END}", none=True)
        else:
            add(1, phrase, f"{words}{_LINK}{_NUMBER}{unit}")
            add(
                3,
                phrase,
                f"{_NUMBER}{unit}{_AFTER_NUMBER}{words}(?=[，。；：、）（)]|$)",
            )
            if phrase.none:
                add(1, phrase, f"{_NONE}(?:{phrase.none}){{0,10}}{words}{_END}", none=True)
    return tuple(sorted(found, key=lambda pattern: pattern.rank))


_STOP = r"(?=[，。；、）]|$)"
_STARTS = r"(?:^|(?<=[，；：、（件份例宗中理到复结收和及为自]))"
_REQUESTS = _unit("件|份|例|宗|起|条")
_APPLICANT_PATTERNS = tuple(
    (name, Lazy(pattern), columns)
    for name, words, columns in APPLICANTS
    for pattern in (
        _STARTS + rf"(?:{words}){APPLICANT_TAIL}{_LINK}{_NUMBER}{_REQUESTS}",
        _NUMBER + rf"{_REQUESTS}(?:申请)?(?:为|系|是|来自|由)(?:{words}){APPLICANT_TAIL}" + _STOP,
    )
)
_APPLICANT_VERB = Lazy(r"(?:受理|收到|新收|办结|答复)$")

# What a number after 「其中」 must begin with to be an outcome or a kind of applicant.
_OUTCOME_HEAD = Lazy(
    r"^[，：:]?(?:\d+[件份例宗])?(?:申请)?(?:依法|决定|答复|属于|为|是|由|已){0,6}"
    r"(?:" + "|".join([p.words for p in PHRASES if p.outcome] + [w for _, w, _ in APPLICANTS]) + ")"
)
_CLOSED = Lazy(r"（[^（）]*）")
_ITEM_NUMBER = Lazy(r"(\d+)(?:件|份|例|宗|起|条)")

_SCOPE_TOKENS = (
    r"(?P<whole>(?:今年|本年度?|YEAR年度?)以来|一年来|全年|本年度?|今年|年内|当年|YEAR年度?(?!\d{1,2}月|[上下]半年|第?[一二三四]季度)|12月31日|12月底|"
    r"1月(?:1日)?(?:至|—+|-+|－|~|到)12月(?:31日)?)|"
    r"(?P<part>[上下]半年|第?[一二三四1-4]季度|\d{1,2}月|月均|每月|每年|日均|年均|同期|往年|历年|"
    r"近[一二两三四五六七八九十\d]+年|[一二三四五六七八九十\d]+年来|以来|(?:19|20)\d\d年(?!度?结转)|"
    r"去年(?!结转)|上年(?!度?结转)|上一年(?!度?结转))"
)
_COMPARING = Lazy(r"较|比(?!例)|增加|增长|减少|下降|上升|多(?!种|个|渠)|少(?!数)|提高|超")
_COMPARED_WITH = Lazy(r"较|相比|同比|同期|比(?:上|去|20)")
_MANY_WAYS = Lazy(
    r"[^，。；]{0,60}等(?:各种|多种|各类|不同)?(?:渠道|方式|途径|形式)|"
    r"(?:通过|以|经)?(?:各种|多种|各类|各个|各|不同|线上线下)[^，。；、]{0,6}?(?:渠道|方式|途径|形式)|线上线下"
)
_WAYS = Lazy(
    r"当面|面对面|网上|网络|互联网|线上|线下|信函|信件|邮寄|邮件|邮箱|传真|在线|窗口|现场|来函|函件|书面|口头|"
    r"邮政|快递|网站|电子|电话|微信|平台|系统|热线|门户|小程序|通过|经由|渠道"
)
_SUBJECT_LIMITS = Lazy(r"涉及|关于|有关|针对|围绕|类|领域|方面|按照?[^，]*分|性质|内容")
_OWN_SIDE = Lazy(
    r"(?:依申请公开|政府信息公开|信息公开|申请公开|依申请|申请办理|公开申请)(?:政府信息)?(?:工作|办理)?(?:方面|情况|上|中)?"
)
_HARMLESS = Lazy(
    r"其中|包括|全年|本年度?|今年|年内|当年|(?:19|20)\d\d年度?|我们|共计|累计|总计|合计|总共|一共|共|已|均|全部|都|"
    r"依法|依规|依照|按时|按期|按规定|及时|规范|有效|妥善|认真|严格|并|且|也|现|在法定期限内|法定期限内|期限内|实际|"
    r"所|为|含|办理|办件|各类|各级|各项|因|被申请|被提起|引发|引起|发生|产生|出现|涉及|有|工作|的|了|本|以|无|未|"
    r"自然人|政府|决定|答复|属于|作出"
)
_ORGAN_WORD = (
    r"(?:分局|局|镇|乡|街道办事处|街道|办事处|委员会|委|办公室|办|厅|院|处|科室|科|股|中心|支队|大队|部门|单位|公司|村|"
    r"社区|系统|学校|医院|企业|本级|政府|县|区|市|州|省|旗)"
)
_ORGAN_BEFORE = Lazy(
    rf"([\u4e00-\u9fff]*{_ORGAN_WORD})(?=$|共|累计|全年|依法|已|均|本年|(?:19|20)\d\d年|收|受|新|按|在)"
)
_OURS = Lazy(
    r"([我本全])(县|区|市|省|州|旗|镇|乡|街道|局|委|办|厅|院|处|中心|机关|单位|部门|办公室|大队|支队|社会|国|级)"
)
_CLAUSE = "，；：。（、(:"
_PREPOSITION = Lazy(
    r"^(?:根据|按照|依据|依托|遵照|结合|围绕|在|由|对|为|通过|经|向|与|会同|配合|指导|督促|要求|按|将|把|从|以)"
)


_CALLED = {
    "委": ("委", "委员会"),
    "办": ("办", "办公室", "办事处"),
    "街道": ("街道", "街道办事处"),
}
_TIME_FIRST = Lazy(r"^(?:今年|本年度?|全年|年内|当年|一年来|(?:19|20)\d\d年度?|以来|其中|如)+")


class _Speaker:
    """Whom a piece of text speaks of: this organ, or another or only a part of it."""

    def __init__(self, organ: str) -> None:
        self.names = _own_names(organ)
        self.full = organ.removesuffix("人民政府")
        self.stem = self.full.removesuffix("办事处")

    def is_own(self, name: str) -> bool:
        """Whether a name is the organ's, in full or shortened («发改局»)."""
        if name.removesuffix("人民政府") in self.names or name in self.names:
            return True
        if len(name) < 2 or name[-1] != self.stem[-1:]:
            return False
        letters = iter(self.stem)
        return all(letter in letters for letter in name.lstrip("县区市省"))

    def other(self, text: str) -> bool:
        """Whether somebody else, or a part, is named as the one who acts."""
        for found in _OURS.finditer(text):
            if found[1] == "全" and found[2] in {"社会", "国"}:
                continue
            if found[2] in {"机关", "单位", "部门", "级"}:
                if found[2] == "级" or found[1] == "全":
                    return True
                continue
            if not self.full.endswith(_CALLED.get(found[2], (found[2],))):
                return True
        text = _OURS.sub("", text)
        for name in self.names:
            text = text.replace(name, "")
        text = _HARMLESS.sub("", text)
        found_names = _ORGAN_BEFORE.findall(text)
        return any(not self.is_own(name) for name in found_names) or "各" in text


@lru_cache(maxsize=KEPT)
def statements(text: str, year: int, organ: str) -> tuple[Statement, ...]:
    """
    Every figure the text surely states about this organ, this year and the whole.

    Kept for the texts last seen: the same text is asked about after every figure.
    """
    speaker = _Speaker(organ)
    scope = Lazy(_SCOPE_TOKENS.replace("YEAR", str(year)))
    found: list[Statement] = []
    heading = ""
    for paragraph in without_asides(squeezed(text)).split("\n"):
        before = heading
        for sentence in re.split(r"[。！？]", paragraph):
            if len(sentence) <= LONGEST and _SPEAKS_OF_NUMBERS.search(sentence):
                found += _of_sentence(sentence, before, year, speaker, scope)
            before = sentence[-LONGEST:] or before
        heading = "" if "。" in paragraph else paragraph
    return tuple(found)


def _of_sentence(
    sentence: str, before: str, year: int, speaker: _Speaker, scope: Lazy
) -> Iterator[Statement]:
    taken: set[int] = set()
    heads: list[tuple[int, Sum]] = []
    for pattern in _patterns(year):
        for found in pattern.regex.finditer(sentence):
            at = found.start() if pattern.none else found.start("n")
            topic = pattern.phrase.topic
            if at in taken or (
                topic and not _is_topic(topic, sentence[: found.start()], before, found[0])
            ):
                continue
            taken.add(at)
            statement = _statement(pattern, found, sentence, before, speaker, scope)
            if statement:
                yield statement
                heads.append((found.start(), statement.cells[0]))
    if not re.search(Topic.REQUESTS.value, sentence + before):
        return
    for name, regex, columns in _APPLICANT_PATTERNS:
        for found in regex.finditer(sentence):
            number = _count(found["n"])
            if found.start("n") in taken or number is None:
                continue
            phrase = Phrase(name, Kind.APPLICANT, "", (), outcome=True)
            start = found.start()
            if verb := _APPLICANT_VERB.search(sentence[:start]):
                start = verb.start()
            if not _counts(phrase, sentence, start, number, speaker, scope):
                continue
            taken.add(found.start("n"))
            rows = list(APPLICANT_ROWS)
            governing = [cells for position, cells in sorted(heads) if position < found.start()]
            if governing and len(governing[-1]) == 1:
                rows.append(governing[-1][0].removesuffix(".total"))
            cells = tuple(
                tuple(f"{row}.{column}" for column in columns)
                for row in dict.fromkeys(rows)
                if row.startswith("requests.")
            )
            yield Statement(
                name,
                number,
                cells,
                quoted(sentence, start, found.end()),
                sentence[found.end() : found.end() + REST],
            )


def _statement(
    pattern: _Pattern,
    found: re.Match[str],
    sentence: str,
    before: str,
    speaker: _Speaker,
    scope: Lazy,
) -> Statement | None:
    phrase = pattern.phrase
    step = Decimal(0)
    number: Number | None
    if pattern.none:
        number = 0
    elif phrase.kind is Kind.MONEY:
        amount = Decimal(found["n"].replace(",", ""))
        factor = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}[
            found["unit"]
        ]
        number = amount * factor
        step = Decimal((0, (1,), int(amount.as_tuple().exponent))) * factor
    else:
        number = _count(found["n"])
    if phrase.object == REQUEST and not re.search(ABOUT_REQUESTS, found[0] + sentence + before):
        return None  # a bare 「申请」, perhaps for something else
    if number is None or not _counts(phrase, sentence, found.start(), number, speaker, scope):
        return None
    if re.match(rf"{_NONE}$", sentence[max(0, found.start() - 1) : found.start()]):
        return None
    cells = phrase.cells
    if phrase.name == "新收" and re.match(
        r"[^，。；]{0,2}[（(，]?(?:其中)?(?:含|包括)[^）。；]{0,6}(?:上年|去年|结转)",
        sentence[found.end() :],
    ):
        cells = (*cells, (*cells[0], "requests.carried_over.total"))
    return Statement(
        phrase.name,
        number,
        cells,
        quoted(sentence, found.start(), found.end()),
        sentence[found.end() : found.end() + REST],
        step,
    )


def _counts(
    phrase: Phrase,
    sentence: str,
    start: int,
    number: Number,
    speaker: _Speaker,
    scope: Lazy,
) -> bool:
    """Whether a statement is about this organ, this year and the whole."""
    earlier = _CLOSED.sub("", sentence[:start])
    clause_start = max(earlier.rfind(mark) for mark in _CLAUSE) + 1
    clause = earlier[clause_start:]
    part = earlier[earlier.rfind("；") + 1 :]
    if phrase.never and re.search(phrase.never, _OWN_SIDE.sub("", part if phrase.wide else clause)):
        return False
    organs, more = phrase.never_of
    if organs and re.search(organs, speaker.stem) and re.search(more, clause):
        return False
    if phrase.needs and number and not re.search(phrase.needs, sentence):
        return False
    # «较上年的 87 件增加 18 件» speaks of another year and leaves what follows in this one.
    told = "，".join(c for c in re.split("[，；]", earlier) if not _COMPARED_WITH.search(c))
    times = [match.lastgroup for match in scope.finditer(told)]
    if times and times[-1] == "part" and not phrase.anywhere:
        return False
    said = _OWN_SIDE.sub("", _MANY_WAYS.sub("", clause))
    if _COMPARING.search(said) or _WAYS.search(said):
        return False
    if _SUBJECT_LIMITS.search(said) and not (phrase.needs and "涉及" in said):
        return False
    if phrase.strict and _unknown(said, speaker):
        return False
    if speaker.other(said) or _somebody_else(earlier[:clause_start], speaker):
        return False
    return _stands_after_whole(phrase, part, clause)


def _unknown(clause: str, speaker: _Speaker) -> str:
    """What stands before a name in its clause beside the usual words."""
    for name in speaker.names:
        clause = clause.replace(name, "")
    return _HARMLESS.sub("", _OURS.sub("", clause)).strip("和及与")


def _somebody_else(earlier: str, speaker: _Speaker) -> bool:
    """Whether the nearest subject named before is somebody else."""
    other = False
    for clause in re.split(rf"[{_CLAUSE}]", earlier):
        words = _TIME_FIRST.sub("", clause)
        if _PREPOSITION.match(words):
            continue
        if re.match(r"[我本全]|" + "|".join(map(re.escape, speaker.names)), words):
            other = speaker.other(words[:12])
        elif found := re.match(
            rf"([\u4e00-\u9fff]{{1,12}}?{_ORGAN_WORD})(?=共|累计|全年|依法|已|均|本年|(?:19|20)\d\d年|收|受|新|认真|严格|积极|$)",
            words,
        ):
            other = not speaker.is_own(found[1])
    return other


def _is_topic(topic: Topic, earlier: str, before: str, rest: str) -> bool:
    """Whether the nearest subject named before, in this sentence or the last, is the topic."""
    for text in (earlier, before):
        nearest: tuple[int, Topic | None] = (-1, None)
        for other in Topic:
            ends = [match.end() for match in re.finditer(other.value, text)]
            if ends and ends[-1] > nearest[0]:
                nearest = (ends[-1], other)
        if nearest[1] is not None:
            return nearest[1] is topic
    return bool(re.match(rf"[^，。；]{{0,20}}?(?:{topic.value})", rest))


def _stands_after_whole(phrase: Phrase, part: str, clause: str) -> bool:
    """Whether 「其中」 before it leaves the statement one about the whole."""
    at = part.rfind("其中")
    if at < 0:
        return True
    listed = part[at + 2 :]
    if phrase.anywhere:
        return bool(listed.strip("，：:"))
    if _OUTCOME_HEAD.match(listed) or (
        phrase.outcome and not listed.strip("，：:、依法决定属于由为是已")
    ):
        return phrase.outcome or ("其中" not in clause and bool(listed.strip("，：:")))
    # A list of something else is over when its numbers make up the number before it.
    whole = _ITEM_NUMBER.findall(part[:at])
    if not whole:
        return False
    total = 0
    for found in _ITEM_NUMBER.findall(listed):
        total += int(found)
        if total == int(whole[-1]):
            return True
    return False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Contradiction:
    """A figure in the text is not the one in the tables (N2), one check a table."""

    id: str
    table: ItemId
    texts: tuple[str, ...]
    source: str
    read: tuple[ItemId, ...] = ("overview", "problems_and_improvements", "other_matters")
    grades: tuple[Grade, ...] = (Grade.W,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The texts, and every figure that a phrase may mean."""
        cells = {cell for phrase in PHRASES for group in phrase.cells for cell in group}
        rows = {cell.rsplit(".", 1)[0] for cell in cells if cell.startswith("requests.")}
        wanted = dict.fromkeys(self.read)
        for cell in form.cells:
            if not cell.startswith(f"{self.table}."):
                continue
            if cell in cells or cell.rsplit(".", 1)[0] in rows:
                wanted[cell] = None
                wanted.update(dict.fromkeys(form.leaves.get(cell, ())))
        return wanted

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding for each figure that is contradicted; silent while the year is unknown."""
        if not report.year:
            return
        seen: set[tuple[str, Number]] = set()
        for item, text in _texts(report, self.read):
            for statement in statements(text, report.year, report.organ):
                if not statement.cells[0][0].startswith(self.table):
                    continue
                known = _known(report, statement)
                if not known or any(_agrees(statement, value) for _, value in known):
                    continue
                if (statement.name, statement.number) in seen:
                    continue
                seen.add((statement.name, statement.number))
                values = dict.fromkeys(value for _, value in known)
                cells = dict.fromkeys(cell for group, _ in known for cell in group)
                yield Finding(
                    self.id,
                    Grade.W,
                    f"{_title_of(report.form, item)}里写“{statement.quote}”，是 "
                    f"{plain(statement.number)}；表里{statement.name}是 "
                    f"{' 或 '.join(plain(value) for value in values)}。",
                    tuple(cells),
                    item,
                    (statement.number, *values),
                    statement.number,
                    next(iter(values)),
                )


def _known(report: Report, statement: Statement) -> list[tuple[Sum, Number]]:
    """The alternatives with their sums; none where one that could agree is still open."""
    known: list[tuple[Sum, Number]] = []
    for group in statement.cells:
        if not all(cell in report.form.cells or report.published for cell in group):
            continue
        values = [report.stated(cell) for cell in group]
        if None in values:
            if not report.published:
                return []
            continue
        known.append((group, sum(value or 0 for value in values)))
        if report.published:  # a printed total may be wrong, and the text right
            figures = report.figures
            computed = [figures.get(cell) for cell in group if cell in report.form.cells]
            if len(computed) == len(group) and None not in computed:
                known.append((group, sum(value or 0 for value in computed)))
    return known


def _agrees(statement: Statement, value: Number) -> bool:
    """Equal, or as near as the digits printed can tell."""
    apart = max(statement.number, value) - min(statement.number, value)
    return apart * 2 <= statement.step


# ----------------------------------------------------------- N3, N4: points, leftovers

_NOTHING = Lazy(r"^(?:无|没有|暂无|略)?$")
_SIGNS = Lazy(r"[\W_]+")


def says_nothing(text: str) -> bool:
    """Whether a text is empty or only «无»."""
    return bool(_NOTHING.match(_SIGNS.sub("", text)))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NotMentioned:
    """
    Points that a narrative should speak of and does not (N3), one finding a section.

    `governments_only` are labels of points that concern governments of every level and
    not their bureaus; where the level is unknown they are passed over.
    """

    id: str
    texts: tuple[str, ...]
    source: str
    governments_only: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = (Grade.H,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The narratives."""
        return [narrative.id for narrative in form.narratives]

    def findings(self, report: Report) -> Iterator[Finding]:
        """The missing points of each answered narrative."""
        government = report.level not in {Level.BUREAU, Level.UNKNOWN}
        for narrative in report.form.narratives:
            text = report.answers.text(narrative.id)
            if text is None or (says_nothing(text) and not narrative.none_is_an_answer):
                continue
            flat = squeezed(text)
            missing = [
                point.label
                for point in narrative.points
                if not any(word in flat for word in point.words)
                and (government or point.label not in self.governments_only)
            ]
            if missing:
                yield Finding(
                    self.id,
                    Grade.H,
                    f"{_title_of(report.form, narrative.id)}里没有看到：{'；'.join(missing)}。",
                    narrative=narrative.id,
                )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SaysNothing:
    """A narrative that is empty or only 「无」 where that is no answer (N4, E)."""

    id: str
    texts: tuple[str, ...]
    source: str
    grades: tuple[Grade, ...] = (Grade.E,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The narratives that must say something."""
        return [n.id for n in form.narratives if not n.none_is_an_answer]

    def findings(self, report: Report) -> Iterator[Finding]:
        """Silent while unanswered."""
        for item, text in _texts(report, self.depends_on(report.form)):
            if says_nothing(text):
                yield Finding(
                    self.id,
                    Grade.E,
                    f"{_title_of(report.form, item)}不能空着，也不能只写「无」。",
                    narrative=item,
                )


_LEFTOVER = Lazy(
    r"(?<![A-Za-z0-9/._@-])[XxＸ]{2,}(?![A-Za-z0-9/._@-])|[×✕╳]{2,}|[某]{2}|\*{2,}|＊{2,}|\{\{|\}\}|"
    r"_{3,}|＿{2,}|[（(【\[]此处[^）)】\]\n]{0,40}[）)】\]]?|(?<![有期等])待(?:补充|填(?!补))|"
    r"(?<![A-Za-z])(?:TODO|todo)(?![A-Za-z])|[○〇◯]{2,}(?!年|[一二三四五六七八九])|…{3,}|\.{7,}"
)


@lru_cache(maxsize=KEPT)
def leftovers(text: str) -> tuple[str, ...]:
    """The unfilled places of a text, with what stands around them."""
    return tuple(
        text[max(0, found.start() - 8) : found.end() + 8].replace("\n", " ")
        for found in _LEFTOVER.finditer(text)
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Leftovers:
    """
    Places that were to be filled in and were not (N4, W), shown with their place.

    The text is kept as typed when the clerk gives a reason; nothing is evaluated.
    """

    id: str
    texts: tuple[str, ...]
    source: str
    read: tuple[ItemId, ...] = (
        "title",
        "introduction",
        "overview",
        "problems_and_improvements",
        "other_matters",
    )
    grades: tuple[Grade, ...] = (Grade.W,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The texts, title and introduction too."""
        return [item for item in self.read if _has(form, item)]

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a text."""
        for item, text in _texts(report, self.read):
            found = leftovers(text)
            if found:
                yield Finding(
                    self.id,
                    Grade.W,
                    f"{_title_of(report.form, item)}里还有没填完的地方："
                    f"{'；'.join(f'“{place}”' for place in found[:5])}。",
                    narrative=item,
                    numbers=(len(found),),
                )


# ------------------------------------------------------------------ N5: personal data

_IDENTITY = Lazy(r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{9}[\dXx](?![0-9A-Za-z])")
_MOBILE = Lazy(
    r"(?<![0-9A-Za-z.])(?:\+?86-?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?![0-9A-Za-z元万条件次人])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def is_identity_number(text: str) -> bool:
    """
    Whether 18 characters are a citizen identity number with a valid check digit.

    Source: GB 11643.
    """
    if not re.fullmatch(r"\d{17}[\dXx]", text):
        return False
    weighed = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return _CHECK_DIGITS[weighed % 11] == text[-1].upper()


@lru_cache(maxsize=KEPT)
def personal_numbers(text: str) -> tuple[str, ...]:
    """Identity and mobile numbers of a text, masked."""
    narrow = text.translate({wide: half for wide, half in _WIDE.items() if half is not None})
    masked = [
        f"身份证号 {found[0][:6]}********{found[0][-4:]}"
        for found in _IDENTITY.finditer(narrow)
        if is_identity_number(found[0])
    ]
    masked += [f"手机号 {found[1]}****{found[3]}" for found in _MOBILE.finditer(narrow)]
    return tuple(masked)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PersonalData:
    """Identity numbers and mobile numbers in the text (N5), shown masked."""

    id: str
    texts: tuple[str, ...]
    source: str
    read: tuple[ItemId, ...] = (
        "introduction",
        "overview",
        "problems_and_improvements",
        "other_matters",
    )
    grades: tuple[Grade, ...] = (Grade.W,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The texts, the introduction too."""
        return [item for item in self.read if _has(form, item)]

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a text; the numbers themselves are never repeated."""
        for item, text in _texts(report, self.read):
            masked = personal_numbers(text)
            if masked:
                yield Finding(
                    self.id,
                    Grade.W,
                    f"{_title_of(report.form, item)}里有个人信息："
                    f"{'、'.join(dict.fromkeys(masked))}。公开前请删去或换成办公电话。",
                    narrative=item,
                    numbers=(len(masked),),
                )


# -------------------------------------------------------- N6: numbering, punctuation

_ORDINALS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}
_PARAGRAPH_MARKS: tuple[tuple[int, Lazy], ...] = (
    (1, Lazy(r"^[ \t\u3000]*([一二三四五六七八九十]{1,3})、")),
    (2, Lazy(r"^[ \t\u3000]*[（(]([一二三四五六七八九十]{1,3})[）)]")),
    (3, Lazy(r"^[ \t\u3000]*(\d{1,2})[.．、](?!\d)")),
    (4, Lazy(r"^[ \t\u3000]*[（(](\d{1,2})[）)]")),
)
_INSIDE_MARKS: tuple[tuple[int, Lazy], ...] = (
    (2, Lazy(r"(?<=[。；：])[ \u3000]*[（(]([一二三四五六七八九十]{1,3})[）)]")),
    (3, Lazy(r"(?<=[。；：])[ \u3000]*(\d{1,2})[.．、](?!\d)")),
    (4, Lazy(r"(?<=[。；：])[ \u3000]*[（(](\d{1,2})[）)]")),
    (5, Lazy(r"(?:^|(?<=[。；，：、）)]))[ \u3000]*([一二三四五六七八九十]{1,3})是")),
    (5, Lazy(r"(?:^|(?<=[。；，：、]))[ \u3000]*其([一二三四五六七八九十])(?=[，、：]|是)")),
    (5, Lazy(r"(?:^|(?<=[。；：]))[ \u3000]*第([一二三四五六七八九十]{1,3})[，、：]")),
)
_DOUBLED = Lazy(r"[。，；：、][ \u3000]*[。，；：、]")
_BLANK_BEFORE = Lazy(r"(?<=[^\s])[ \t\u3000]+[，。；：、！？）》”]")
_PAIRS = {
    "（": "）",
    "(": "）",
    "《": "》",
    "〈": "〉",
    "【": "】",
    "〔": "〕",
    "“": "”",
    "「": "」",
    "『": "』",
}
_CLOSERS = {"）", ")", "》", "〉", "】", "〕", "”", "」", "』"}
_ENDS = "。！？!?；;：:…”’）)》」』】.~～"


def _ordinal(text: str) -> int:
    """一 → 1, 十二 → 12, «3» → 3."""
    if text.isdigit():
        return int(text)
    if "十" not in text:
        return _ORDINALS.get(text, 0)
    tens, _, ones = text.partition("十")
    return (_ORDINALS.get(tens, 1)) * 10 + _ORDINALS.get(ones, 0)


def numbering_slips(text: str) -> Iterator[str]:
    """
    Numbers left out or used twice; numbering starts anew under each higher level.

    A sequence is followed from its 1 on; what begins elsewhere is not judged.
    """
    reached: dict[int, tuple[int, int]] = {}
    for index, paragraph in enumerate(text.split("\n")):
        for depth, start, number, mark in _marks(paragraph):
            before = reached.get(depth)
            for deeper in [d for d in reached if d > depth]:
                del reached[deeper]
            if number == 1:
                twice = before and before == (1, index - 1) and start == 0 and depth < 5
                if twice:
                    yield f"“{mark}”出现了两次"
                reached[depth] = (1, index)
            elif before is None:
                continue
            elif number == before[0]:
                yield f"“{mark}”出现了两次"
                reached[depth] = (number, index)
            elif number != before[0] + 1:
                yield f"“{mark}”前面少了编号，或者顺序不对"
                reached[depth] = (number, index)
            else:
                reached[depth] = (number, index)


def _marks(paragraph: str) -> list[tuple[int, int, int, str]]:
    """The numbering of a paragraph as depth, place, number and the mark itself."""
    found: dict[int, tuple[int, int, int, str]] = {}
    for depth, pattern in _PARAGRAPH_MARKS:
        if mark := pattern.match(paragraph):
            found[mark.start(1)] = (depth, 0, _ordinal(mark[1]), mark[0].strip())
    for depth, pattern in _INSIDE_MARKS:
        for mark in pattern.finditer(paragraph):
            found.setdefault(
                mark.start(1), (depth, mark.start(1), _ordinal(mark[1]), mark[0].strip())
            )
    return [found[place] for place in sorted(found)]


# Deeper nesting is no text.
DEEPEST = 50


def _unclosed(paragraph: str) -> str:
    """The brackets and quotation marks that are opened and not closed."""
    open_marks: list[str] = []
    for letter in paragraph:
        if letter in _PAIRS:
            open_marks.append(letter)
            if len(open_marks) > DEEPEST:
                break
        elif letter in _CLOSERS:
            closer = "）" if letter == ")" else letter
            for place in range(len(open_marks) - 1, -1, -1):
                if _PAIRS[open_marks[place]] == closer:
                    del open_marks[place]
                    break
    return "".join(open_marks)


def punctuation_slips(text: str) -> Iterator[str]:
    """Doubled marks, blanks before a mark, unclosed brackets, running text without an end."""
    paragraphs = [paragraph.strip() for paragraph in text.split("\n")]
    last = max((i for i, paragraph in enumerate(paragraphs) if paragraph), default=-1)
    surplus = sum(_surplus(paragraph) for paragraph in paragraphs)
    for i, paragraph in enumerate(paragraphs):
        if not paragraph:
            continue
        for found in _DOUBLED.finditer(paragraph):
            yield f"标点重复：“{paragraph[max(0, found.start() - 6) : found.end()]}”"
        for found in _BLANK_BEFORE.finditer(paragraph):
            yield f"标点前有空格：“{paragraph[max(0, found.start() - 6) : found.end()]}”"
        if (marks := _unclosed(paragraph)) and len(marks) > surplus:
            yield f"“{marks[0]}”没有配对：“{quoted(paragraph, paragraph.rfind(marks[0]), 0)}”"
        if _runs_on(paragraph, i == last):
            yield f"段末没有句号：“…{paragraph[-12:]}”"


def _surplus(paragraph: str) -> int:
    """Closing marks without an opening one: perhaps a bracket over two paragraphs."""
    opened = sum(letter in _PAIRS for letter in paragraph)
    closed = sum(letter in _CLOSERS for letter in paragraph)
    return max(0, closed - opened - len(re.findall(r"(?:^|[。；：，])\d{1,2}[）)]", paragraph)))


def _runs_on(paragraph: str, is_last: bool) -> bool:
    """Whether a paragraph is running text, no heading, and lacks the mark at its end."""
    end = paragraph[-1]
    if end in _ENDS or (end.isascii() and end.isalnum()):
        return False
    if end in "，、,":
        return len(paragraph) >= 6
    if re.search(r"[。；！？]", paragraph[:-1]):
        return True
    commas = paragraph.count("，")
    if is_last:
        return len(paragraph) >= 15 and commas > 0
    return len(paragraph) >= 45 and commas > 1


@lru_cache(maxsize=KEPT)
def slips_of(text: str) -> tuple[str, ...]:
    """The slips of a text, each said once."""
    return tuple(dict.fromkeys((*numbering_slips(text), *punctuation_slips(text))))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Slips:
    """Slips of numbering and punctuation (N6), one finding a text."""

    id: str
    texts: tuple[str, ...]
    source: str
    read: tuple[ItemId, ...] = ("overview", "problems_and_improvements", "other_matters")
    shown: int = 4
    grades: tuple[Grade, ...] = (Grade.H,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The narratives."""
        return [item for item in self.read if _has(form, item)]

    def findings(self, report: Report) -> Iterator[Finding]:
        """The first slips of each text."""
        for item, text in _texts(report, self.read):
            slips = slips_of(text)
            if slips:
                more = f"等 {len(slips)} 处" if len(slips) > self.shown else ""
                yield Finding(
                    self.id,
                    Grade.H,
                    f"{_title_of(report.form, item)}：{'；'.join(slips[: self.shown])}{more}。",
                    narrative=item,
                )


# -------------------------------------------------------------- C4, C5: against last year

_SENTENCE = Lazy(r"[。！？；\n]")
_NUMERALS = Lazy(r"[\d\W_]+")


@lru_cache(maxsize=KEPT)
def taken_over(text: str, last: str, least: int) -> Decimal:
    """
    The share of a text's characters that stand in sentences last year's text has too.

    Only sentences of at least `least` characters count; years and numbers are ignored.
    """
    old = {_NUMERALS.sub("", sentence) for sentence in _SENTENCE.split(squeezed(last))}
    sentences = [_NUMERALS.sub("", sentence) for sentence in _SENTENCE.split(squeezed(text))]
    whole = sum(map(len, sentences))
    same = sum(len(one) for one in sentences if len(one) >= least and one in old)
    return Decimal(same) / whole if whole else Decimal(0)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TakenOver:
    """
    A narrative that is last year's (C4): W where the year's own problems are asked.

    `share` of its characters in sentences of at least `least` characters [ours].
    """

    id: str
    texts: tuple[str, ...]
    source: str
    weighty: tuple[ItemId, ...] = ("problems_and_improvements",)
    share: Decimal = Decimal("0.7")
    least: int = 12
    grades: tuple[Grade, ...] = (Grade.W, Grade.H)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The narratives."""
        return [narrative.id for narrative in form.narratives]

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a text."""
        if report.last_year is None:
            return
        for item, text in _texts(report, self.depends_on(report.form)):
            last = report.last_year.answers.text(item)
            if last is None:
                continue
            share = taken_over(text, last, self.least)
            if share >= report.setting(f"{self.id}.share", self.share):
                percent = int(share * 100)
                yield Finding(
                    self.id,
                    Grade.W if item in self.weighty else Grade.H,
                    f"{_title_of(report.form, item)}：有 {percent}% 的文字与 "
                    f"{report.last_year.year} 年的相同，请写本年的情况。",
                    narrative=item,
                    numbers=(percent,),
                )


_HOW_MUCH = (
    r"(?P<way>增长|增加|上升|提高|多|下降|减少|降低|少)(?:了|率为|幅为|为)?"
    r"(?P<n>\d+(?:\.\d+)?)(?P<unit>%|件|份|例|宗|起|条|万元)(?!点|以上|左右)"
)
_CHANGE = (
    r"[，（]?(?:(?:同比(?:上年|去年)?|(?:较|比|与)(?:上一?年度?|去年|PREVIOUS年度?)(?:同期)?(?:相比)?|"
    r"相比(?:上年|去年))(?:的?\d+(?:件|份|例|宗|起|条))?，?)?" + _HOW_MUCH
)
_UP = frozenset({"增长", "增加", "上升", "提高", "多"})


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Change:
    """A rate of change beside a figure that the tables of both years know (C5)."""

    id: str
    texts: tuple[str, ...]
    source: str
    read: tuple[ItemId, ...] = ("overview", "problems_and_improvements", "other_matters")
    grades: tuple[Grade, ...] = (Grade.H,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The texts; the figures speak through N2."""
        return [item for item in self.read if _has(form, item)]

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding for each change that does not follow."""
        last_year = report.last_year
        if last_year is None:
            return
        pattern = Lazy(_CHANGE.replace("PREVIOUS", str(last_year.year)))
        for item, text in _texts(report, self.read):
            for statement in statements(text, report.year, report.organ):
                pairs = [
                    (group, now, before)
                    for group, now in _known(report, statement)
                    if (before := _sum_in(last_year, group)) is not None
                ]
                for found in _changes(pattern, statement.after):
                    told = [pair for pair in pairs if pair[2] or found["unit"] != "%"]
                    if not told or any(
                        self._follows(found, value, before)
                        for _, now, before in told
                        for value in (now, statement.number)
                    ):
                        continue
                    group, now, before = told[0]
                    yield Finding(
                        self.id,
                        Grade.H,
                        f"{_title_of(report.form, item)}里写“{found[0].strip('，（')}”，"
                        f"{statement.name}本年是 {plain(now)}，{last_year.year} 年是 "
                        f"{plain(before)}：{self._really(found, now, before)}。",
                        group,
                        item,
                        (Decimal(found["n"]), now, before),
                    )

    @staticmethod
    def _follows(found: re.Match[str], now: Number, before: Number) -> bool:
        said = Decimal(found["n"]) * (1 if found["way"] in _UP else -1)
        change = Decimal(now) - Decimal(before)
        if found["unit"] == "%":
            if not before:
                return True
            change = change / Decimal(before) * 100
        half = Decimal((0, (5,), int(Decimal(found["n"]).as_tuple().exponent) - 1))
        return abs(said - change) <= half if found["unit"] in "%万元" else said == change

    @staticmethod
    def _really(found: re.Match[str], now: Number, before: Number) -> str:
        change = Decimal(now) - Decimal(before)
        way = "增加" if change > 0 else "减少" if change < 0 else "没有变化"
        if not change:
            return way
        if found["unit"] == "%":
            change = (change / Decimal(before) * 100).quantize(Decimal("0.01"))
        return f"{way} {plain(abs(change))}{found['unit']}"


def _changes(pattern: Lazy, after: str) -> Iterator[re.Match[str]]:
    """The changes told right after a figure: «，较上年增加 3 件，增长 12.5%»."""
    place = 0
    while found := pattern.match(after, place):
        yield found
        place = found.end()


def _sum_in(report: Report, group: Sum) -> Number | None:
    values = [report.stated(cell) for cell in group]
    return None if None in values else sum(value or 0 for value in values)
