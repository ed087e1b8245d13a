"""N4, N5: what must not stand in a published text: unfilled places, personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from conversations.checks.findings import Finding, Grade, Repair, Report
from conversations.checks.texts.running_text import (
    KEPT,
    QUOTE,
    TextCheck,
    compiled,
    half_width,
    without_signs,
)

MOST_PLACES = 5  # quoted of one text
LONGEST_PLACEHOLDER = 24  # characters
AROUND = 8  # characters shown on both sides of an unfilled place

_LEFTOVER = (
    r"(?<![A-Za-z0-9/._@-])[XxＸ]{2,}(?![A-Za-z0-9/._@-])|[×✕╳]{2,}|[某]{2}|\*{2,}|＊{2,}|\{\{|\}\}|"
    r"_{3,}|＿{2,}|[（(【\[]此处[^）)】\]\n]{0,40}[）)】\]]?|(?<![有期等])待(?:补充|填(?!补))|"
    r"[（(【\[]请(?:在此处?)?(?:填写?|输入|补充|插入|注明)[^）)】\]\n]{0,20}[）)】\]]|"
    r"[（(【\[]待(?:[填补定写]|完善|核实|确认|统计|更新)[）)】\]]|(?:单击|点击)此处(?:以?输入|添加)|"
    r"(?<![A-Za-z])(?:TODO|todo)(?![A-Za-z])|[○〇◯]{2,}(?!年|[一二三四五六七八九])|…{3,}|\.{7,}"
)

# What people write in the place of a whole text; marks around and between are not looked at.
_LATER = (
    r"待(?:各?(?:科室|部门|单位))?(?:补充?|填写?|定|完善|续|编写?|撰写|起草|写|核实|确认|更新|提供|录入|修改|统计|加)|后补|补充中|暂缺|缺"
    r"|(?:稍后|后续|以后|回头|晚点|明天|过后)再?(?:补充?|填写?|写|发|加)|未(?:填写?|写|完成|起草)"
    r"|(?:还)?没(?:有)?写(?:好|完)?|(?:正在)?(?:编写|起草|整理|撰写)中?"
)
_ELSEWHERE = (
    r"(?:请|详|参|另|可)*[见看](?:本|另|后|所)?(?:附件|附表|附图|附页|附后|附录|表格?|后附|后文|下文|上文|前文|上|下|后|文件|文档"
    r"|正文|网站|官网|链接|报告|原文)[\d一二三四五六]{0,2}|附件[\d一二三四五六]{0,2}|附后|另附|后附"
    r"|同(?:上|前|下|第?[一二三四五六]节?)"
    r"|(?:同|与|和|跟|参照|参考|按照?|照|沿用|套用)(?:去年|上年|往年|上一年)度?(?:的|报告|内容|情况)*"
    r"(?:一样|相同|一致|写|填|不变)?"
)
_STANDS_FOR_IT = (
    r"(?:[本此该]?(?:部分|[节项段处]))?[从省]?略|[一二三四五六七八九十零〇]+|空白?|空着|不填|不写|无内容|暂无(?:内容|正文|文字)|示例|样例|样稿|模板|范文|例文|占位符?"
    r"|测试(?:文字|内容|一下)?|试填|某+|[xX]+"
    r"|请?(?:在?此处?|在?这里)(?:填写?|输入|写|插入|粘贴|补充)?"
    r"|请(?:如实|具体|简要|据实)?(?:填[写入]?|输入|补充|插入|粘贴|撰写|编写|说明)"
    r"|(?:单击|点击)(?:或(?:单击|点击))?(?:此处|这里)?(?:输入|添加|编辑|插入|以?输入)(?:标题|文本|文字|正文|内容|日期|姓名)?"
    r"|请?(?:在?此处?|在?这里)?(?:填写?|输入|写|插入|粘贴|补充)?(?:正文|内容|文字|文本)"
)
_PLACEHOLDER = rf"(?:{_LATER}|{_ELSEWHERE}|{_STANDS_FOR_IT})+"
_CHINESE = r"[\u3400-\u9fff]"


@lru_cache(maxsize=KEPT)
def is_placeholder(text: str) -> bool:
    """
    Whether a text says nothing in words: 「待补充」, 「见附件」, 「（略）」, figures, «N/A».

    「无」 says something, and what is empty is not there.
    """
    said = without_signs(text)
    if not said or not compiled(_CHINESE).search(said):
        return bool(text.strip())
    return len(said) <= LONGEST_PLACEHOLDER and bool(compiled(_PLACEHOLDER).fullmatch(said))


@lru_cache(maxsize=KEPT)
def leftovers(text: str) -> tuple[str, ...]:
    """The unfilled places of a text, with what stands around them."""
    return tuple(
        text[max(0, place.start() - AROUND) : place.end() + AROUND].replace("\n", " ")
        for place in compiled(_LEFTOVER).finditer(text)
    )


@dataclass(frozen=True, eq=False)
class Leftovers(TextCheck):
    """
    Places that were to be filled in and were not (N4, W), shown with what is around them.

    A text that is nothing else is E: no reason makes it one.
    The text is kept as typed when the clerk gives a reason; nothing is evaluated.
    """

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a text."""
        for item, text in self.texts(report):
            if is_placeholder(text):
                yield self.finding(report, item, Grade.E, f"只写了“{text[:QUOTE]}”，请写正文。")
            elif places := leftovers(text):
                shown = "；".join(f"“{place}”" for place in places[:MOST_PLACES])
                message = f"里还有没填完的地方：{shown}。"
                found = compiled(_LEFTOVER).finditer(text)
                repairs = tuple(Repair(item, *place.span()) for place in found)
                yield self.finding(report, item, Grade.W, message, (len(places),), repairs=repairs)


_IDENTITY = r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{9}[\dXx](?![0-9A-Za-z])"
_MOBILE = (
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
    text = half_width(text)
    masked = [
        f"身份证号 {number[0][:6]}********{number[0][-4:]}"
        for number in compiled(_IDENTITY).finditer(text)
        if is_identity_number(number[0])
    ]
    mobiles = compiled(_MOBILE).finditer(text)
    return (*masked, *(f"手机号 {number[1]}****{number[3]}" for number in mobiles))


@dataclass(frozen=True, eq=False)
class PersonalData(TextCheck):
    """Identity numbers and mobile numbers in the text (N5), shown masked."""

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a text; the numbers themselves are never repeated."""
        for item, text in self.texts(report):
            masked = personal_numbers(text)
            if masked:
                message = (
                    f"里有个人信息：{'、'.join(dict.fromkeys(masked))}。"
                    f"公开前请删去或换成办公电话。"
                )
                yield self.finding(report, item, Grade.W, message, (len(masked),))
