"""Whom a piece of text speaks of: the organ that reports, another one, or only a part of it."""

from __future__ import annotations

import re
from functools import lru_cache

from conversations.checks.texts.running_text import KEPT, compiled

CLAUSE_MARKS = "，；：。（、(:"

_HARMLESS = (
    r"其中|包括|全年|本年度?|今年|年内|当年|(?:19|20)\d\d年度?|我们|共计|累计|总计|合计|总共|一共|共|已|均|全部|都|"
    r"依法|依规|依照|按时|按期|按规定|及时|规范|有效|妥善|认真|严格|并|且|也|现|在法定期限内|法定期限内|期限内|实际|"
    r"所|为|含|办理|办件|各类|各级|各项|因|被申请|被提起|引发|引起|发生|产生|出现|涉及|有|工作|的|了|本|以|无|未|"
    r"自然人|政府|决定|答复|属于|作出"
)
_ORGAN_WORD = (
    r"(?:分局|局|镇|乡|街道办事处|街道|办事处|委员会|委|办公室|办|厅|院|处|科室|科|股|中心|支队|大队|部门|单位|公司|村|"
    r"社区|系统|学校|医院|企业|本级|政府|县|区|市|州|省|旗)"
)
_ORGAN_BEFORE = (
    rf"([\u4e00-\u9fff]*{_ORGAN_WORD})"
    r"(?=$|共|累计|全年|依法|已|均|本年|(?:19|20)\d\d年|收|受|新|按|在)"
)
_OURS = (
    r"([我本全])"
    r"(县|区|市|省|州|旗|镇|乡|街道|局|委|办|厅|院|处|中心|机关|单位|部门|办公室|大队|支队|社会|国|级)"
)
_PREPOSITION = (
    r"^(?:根据|按照|依据|依托|遵照|结合|围绕|在|由|对|为|通过|"
    r"经|向|与|会同|配合|指导|督促|要求|按|将|把|从|以)"
)

_SUBJECT_FIRST = (
    rf"([\u4e00-\u9fff]{{1,12}}?{_ORGAN_WORD})"
    r"(?=共|累计|全年|依法|已|均|本年|(?:19|20)\d\d年|收|受|新|认真|严格|积极|$)"
)

# What «我委», «我办» may stand for at the end of a full name.
_CALLED = {
    "委": ("委", "委员会"),
    "办": ("办", "办公室", "办事处"),
    "街道": ("街道", "街道办事处"),
}
_TIME_FIRST = r"^(?:今年|本年度?|全年|年内|当年|一年来|(?:19|20)\d\d年度?|以来|其中|如)+"


@lru_cache(maxsize=KEPT)
def own_names(organ: str) -> tuple[str, ...]:
    """What an organ may be called in its own text, longest first."""
    stem = organ.removesuffix("人民政府").removesuffix("办事处")
    names = {organ, stem}
    # «沭阳县发展和改革局» is also «县发展和改革局», «发展和改革局».
    for mark in "省市州县区旗盟":
        for i, letter in enumerate(stem[:-1]):
            if letter == mark:
                names |= {stem[i:], stem[i + 1 :]}
    return tuple(sorted((name for name in names if len(name) > 1), key=len, reverse=True))


class Speaker:
    """The organ that reports, as the one a text may or may not speak of."""

    def __init__(self, organ: str) -> None:
        """Take the organ's full name."""
        self.names = own_names(organ)
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

    def is_other(self, clause: str) -> bool:
        """Whether a clause names somebody else, or a part, as the one who acts."""
        for ours in compiled(_OURS).finditer(clause):
            whose, what = ours[1], ours[2]
            if whose == "全" and what in {"社会", "国"}:
                continue
            if what in {"机关", "单位", "部门", "级"}:
                if what == "级" or whose == "全":
                    return True
                continue
            if not self.full.endswith(_CALLED.get(what, (what,))):
                return True
        words = self.unknown_words(clause)
        organs = compiled(_ORGAN_BEFORE).findall(words)
        return any(not self.is_own(name) for name in organs) or "各" in words

    def unknown_words(self, clause: str) -> str:
        """What stands in a clause beside the organ's names and the usual words."""
        clause = compiled(_OURS).sub("", clause)
        for name in self.names:
            clause = clause.replace(name, "")
        return compiled(_HARMLESS).sub("", clause)

    def is_other_before(self, earlier: str) -> bool:
        """Whether the nearest subject named in the clauses before is somebody else."""
        other = False
        for clause in re.split(rf"[{CLAUSE_MARKS}]", earlier):
            words = compiled(_TIME_FIRST).sub("", clause)
            if compiled(_PREPOSITION).match(words):
                continue
            if re.match(r"[我本全]", words) or words.startswith(self.names):
                other = self.is_other(words[:12])
            elif subject := compiled(_SUBJECT_FIRST).match(words):
                other = not self.is_own(subject[1])
        return other
