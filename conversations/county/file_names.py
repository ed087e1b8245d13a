"""The organ's name in the name of a file, without the usual words and marks around it."""

from __future__ import annotations

import re
import unicodedata

_GROUPS = re.compile(r"[(\[【<《〈「][^()\[\]【】<>《》〈〉「」]*[)\]】>》〉」]")
_MARKS = r"[\s\-_—–.,，、。;；:：+·~#&'\"“”‘’/!！]"
_NUMBER = r"(?:第?[0-9]+(?:号|份|版|次|稿)?|[vV][0-9]+)"
_YEAR = r"(?:20\d\d|二[〇○零0][〇○零一二三四五六七八九]{2})年?度?"
_BEFORE = re.compile(rf"(?:{_MARKS}|{_YEAR}|{_NUMBER}|附件|附|关于|报送|上报)+")
_WORDS = (
    r"的|年度|年|政府信息|信息公开|政务公开|公开|工作|情况|总结|报告|年报|报表|"
    r"(?:已|未)?(?:定|终|初|草|送审|报送|上报|修改|修订|公开|公示|公布|发布|挂网|网站)(?:稿|版)|"
    r"最终|正式|修改后?|改后|最新|新|定稿|盖章|签章|扫描件?|原件|副本|复件|版|稿|件|[Ww]ord|WORD|[Pp][Dd][Ff]"
)
_AFTER = re.compile(rf"(?:{_MARKS}|{_YEAR}|{_NUMBER}|{_WORDS})+$")
# Endings of names: the last word of such a name is kept.
_ENDS = re.compile(
    r"(?:局|委|办|厅|院|处|所|站|中心|政府|办事处|委员会|公司|会|社|队|团|部|校|馆|库)$"
)


def said_in(file: str) -> str:
    """
    The name in a file's name beside words such as 「政府信息公开工作年度报告（定稿）」.

    Without one, the name in the nearest folder that has one; "" if none does. It need not be an
    organ's.
    """
    *folders, name = file.split("/")
    stem, dot, _ = name.rpartition(".")
    for part in (stem if dot else name, *reversed(folders)):
        if said := bare(part):
            return said
    return ""


def bare(text: str) -> str:
    """A file's name or a title without its usual words."""
    text = unicodedata.normalize("NFKC", text)
    # A part of an organ in brackets belongs to its name.
    alone = _GROUPS.sub(lambda group: group[0] if _ENDS.search(group[0][1:-1]) else " ", text)
    said = alone if alone.strip() else text
    while True:
        match = _BEFORE.match(said)
        shorter = said[match.end() :] if match else said
        if not _ENDS.search(shorter):
            shorter = _AFTER.sub("", shorter)
        if shorter == said:
            return "".join(said.split())
        said = shorter
