"""Whom a piece of text speaks of: the organ that reports, by all it is called, or another one."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from conversations.checks.texts.phrases import DECIDERS
from conversations.checks.texts.running_text import KEPT
from conversations.checks.texts.words import OWN_NAME

# What the parts of a full name are shortened to; an office's name may lose its last word.
_SHORTER = (
    ("人民政府", "政府"),
    ("管理委员会", "管委会"),
    ("委员会", "委"),
    ("办公室", "办"),
    ("办公厅", "办"),
    ("办事处", "办"),
)
# Who in the organ does the work; the office of a county's government is an organ itself.
_DESK = r"(?:信息|政务)公开(?:工作)?|党委(?=政府)"
_INNER = r"机关$"
_OFFICE = r"(?:本级|(?:党政)?(?:综合)?办)$"
_PARTY = r"[省市州县区旗]委办?"
_TAILS = ("人民政府", "政府", "办事处", "管理委员会", "管委会")


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


def _shortened(name: str) -> str:
    for long, short in _SHORTER:
        name = name.replace(long, short)
    return name


class Speaker:
    """The organ that reports, as the one a text may or may not speak of."""

    def __init__(self, organ: str) -> None:
        """Take the organ's full name."""
        self.names = own_names(organ)
        self.organ = organ
        self.decides = bool(re.search(DECIDERS, organ.replace("人民政府", "政府")))

    def without_names(self, text: str) -> str:
        """The same length, with the organ's own names masked."""
        for name in self.names:
            text = text.replace(name, OWN_NAME * len(name))
        return text

    @cached_property
    def _called(self) -> tuple[str, ...]:
        """The name shortened, and without its last word: 临江镇政府, 临江镇."""
        short = _shortened(self.organ)
        return (
            short,
            *(self.organ.removesuffix(tail) for tail in _TAILS if self.organ.endswith(tail)),
        )

    def is_own(self, name: str) -> bool:
        """Whether a name is the organ's, in full or shortened: 县发改局, 镇政府, 乡."""
        name = re.sub(_INNER, "", _shortened(re.sub(_DESK, "", name)))
        names = {name, re.sub(_OFFICE, "", name) if not self.decides else name}
        return not re.fullmatch(_PARTY, name) and any(
            _stands_for(part.removesuffix("政府") or part, called)
            for part in names
            for called in self._called
        )

    def serves(self, name: str) -> bool:
        """Whether a name is the government's whose office reports: 县政府本级, not 全县."""
        government = re.search(".+政府(?=办$)", _shortened(self.organ))
        name = _shortened(name).removesuffix("本级")
        return government is not None and _stands_for(name, government[0])

    def owns(self, ours: str) -> bool:
        """Whether «我局», «全县» is the organ itself."""
        whose, what = ours[0], ours[1:].removeprefix("级")
        if what in {"社会", "国"}:
            return True
        if what == "系统" or (whose == "全" and what in {"机关", "单位", "部门"}):
            return False
        if what in {"机关", "单位", "部门"}:
            return True
        what = {"街": "街道"}.get(what, _shortened(what))
        return any(called.endswith((what, f"{what}会")) for called in self._called)


def _stands_for(name: str, called: str) -> bool:
    """Whether all letters of a short name stand in a longer one in order, the last at its end."""
    letters = iter(called)
    return name[-1:] == called[-1:] and all(letter in letters for letter in name)
