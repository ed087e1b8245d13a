"""
What an organ's name tells: its level, and the usual wording of its report.

The level is a guess that is shown and can be changed; the wording is a default to be edited.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache

from conversations.form.organ_vocabulary import (
    ENDS,
    KINDS,
    LABELS,
    NO_ENDS,
    OF_MODELS,
    OF_SITES,
    OF_TALK,
    OF_TITLES,
)


class Level(Enum):
    """The level of an organ, guessed from its name, shown, and changeable."""

    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    BUREAU = "bureau"
    UNKNOWN = "unknown"


# The longest matching ending counts. A 县级市 looks like any other 市.
ENDINGS: dict[str, Level] = {
    **dict.fromkeys(("自治区", "自治州", "省", "市"), Level.CITY),
    **dict.fromkeys(("自治县", "县", "旗", "区"), Level.COUNTY),
    **dict.fromkeys(("镇", "乡", "街道"), Level.TOWNSHIP),
    **dict.fromkeys(
        (
            "局",
            "委",
            "委员会",
            "管委会",
            "办",
            "办公室",
            "中心",
            "支队",
            "大队",
        ),
        Level.BUREAU,
    ),
}
TAILS = ("人民政府", "办事处")


@lru_cache(maxsize=4096)
def guess_level(name: str) -> Level:
    """
    The level by the name's ending; UNKNOWN if none matches.

    Another name in brackets at its end is ignored.
    """
    stem = _BRACKET.sub("", "".join(name.split()))
    for tail in TAILS:
        stem = stem.removesuffix(tail)
    for length in range(min(len(stem), max(map(len, ENDINGS))), 0, -1):
        if level := ENDINGS.get(stem[-length:]):
            return level
    return Level.UNKNOWN


_BRACKET = re.compile(r"(?<=.)(?:[（(][^（()）]*[）)]|〔[^〔〕]*〕)$")
_LABEL = re.compile(LABELS)
_QUOTES = ("「」", "“”", '""', "‘’", "''", "《》", "【】")
_TALK = re.compile(f"{OF_TALK}|[。！？?!，；;]")
_END = re.compile(f"(?:{'|'.join(ENDS)})$")
_NO_END = re.compile(f"(?:{NO_ENDS})$")
_KINDS = re.compile(KINDS)
_NO_NAME = re.compile(f"{OF_TITLES}|{OF_SITES}|{OF_TALK}")
_MODEL = re.compile(OF_MODELS)
_NAME = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff〇·、“”（）()〔〕A-Za-z\\d]{2,}")


def ends_as_organ(name: str) -> bool:
    """Whether a name ends with 局, 人民政府 or the like, perhaps with another name in brackets."""
    stem = _BRACKET.sub("", name)
    return bool(_END.search(stem)) and not _NO_END.search(stem)


def is_surely_organ(name: str) -> bool:
    """
    Whether a text can only be an organ's name: no title, no words of a website or of talk.

    Other texts may still be names («某某大剧院»); they are asked about, never taken silently.
    """
    name = "".join(name.split())
    stem = _BRACKET.sub("", name)
    return (
        len(stem) <= 60
        and ends_as_organ(name)
        and _NAME.fullmatch(stem) is not None
        and bool(_KINDS.sub("", stem))
        and not _NO_NAME.search(name)
    )


# A spreadsheet reads a text that begins so as a formula; the wide signs in some programs.
FORMULAS = tuple("=+-@＝＋－＠")

# Parts of a path in a file system.
PATH_PARTS = ("/", "\\", "..")


NAME_BYTES = 200  # of a file's name: most file systems allow 255

_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')


def is_unseen(character: str) -> bool:
    """Whether a character is invisible: control, format, line end, or unassigned."""
    category = unicodedata.category(character)
    return category.startswith("C") or category in {"Zl", "Zp"}


def read_organ_name(text: str) -> str:
    """
    The typed name, without blanks and labels; "" if it cannot be an organ's.

    All doors use this rule: 2 to 60 characters, at least one Chinese, no invisible ones, no part of
    a path, no beginning of a formula.
    """
    text = text.strip(" \t\r\n")
    if any(is_unseen(character) for character in text if character not in "\t\r\n"):
        return ""
    name = "".join(_LABEL.sub("", text).split()).rstrip("。．，,；;！!、")
    if name[:1] + name[-1:] in _QUOTES:
        name = name[1:-1]
    return name if is_organ_name(name) else ""


def is_talk(name: str) -> bool:
    """Whether the text is talk instead of the name of an organ."""
    return bool(_TALK.search(name))


def is_model(name: str) -> bool:
    """Whether the text is only a placeholder for a name: 「某某镇」, 「XX县」."""
    return bool(_MODEL.search(name))


def is_organ_name(name: str) -> bool:
    """Whether this is a name in the form that `read_organ_name` returns."""
    return (
        2 <= len(name) <= 60
        and any("一" <= character <= "鿿" for character in name)
        and not any(is_unseen(character) or character.isspace() for character in name)
        and not name.startswith(FORMULAS)
        and not any(part in name for part in PATH_PARTS)
    )


def organ_name(name: str) -> str:
    """
    Return the name, if an organ can have it.

    Raises:
        ValueError: No organ can. A bug in the door, which should have asked again.
    """
    if not is_organ_name(name):
        raise ValueError("this is no organ's name")
    return name


def nearest(name: str, names: Sequence[str], most: int = 5) -> list[str]:
    """The names most similar to one, the most similar first; names that contain it come before."""
    containing = [other for other in names if name in other][:most]
    alike = get_close_matches(name, names, most, cutoff=0.6)
    return list(dict.fromkeys([*containing, *alike]))[:most]


def safe_file_name(organ: str, rest: str) -> str:
    """
    A file name that begins with the organ's name, safe on every system and of limited length.

    If the organ's name had to be changed, a short hash tells it from others.
    """
    seen = "".join(character for character in organ if not is_unseen(character))
    name = _UNSAFE.sub("", seen).strip(".")
    room = NAME_BYTES - len(rest.encode())
    if name != organ or len(name.encode()) > room:
        mark = f"（{hashlib.sha256(organ.encode(errors='replace')).hexdigest()[:6]}）"
        name = name.encode()[: room - len(mark.encode())].decode(errors="ignore") + mark
    return name + rest


def default_title(organ: str, year: int) -> str:
    """The title in two lines, broken after the organ."""
    return f"{organ}\n{year}年政府信息公开工作年度报告"


# Contact details that an introduction may give, in printed order.
CONTACTS = ("地址", "邮编", "电话")


def offered_introduction(organ: str, year: int, contacts: Sequence[str] = ()) -> str:
    """The usual introduction, with the `contacts` that are not empty."""
    given = "，".join(
        f"{what}：{said}" for what, said in zip(CONTACTS, contacts, strict=False) if said
    )
    return (
        f"根据《中华人民共和国政府信息公开条例》（国务院令第711号）要求，"
        f"现公布{organ}{year}年政府信息公开工作年度报告。"
        f"本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
        f"如对本报告有疑问，请与{organ}联系{f'（{given}）' if given else ''}。"
    )
