"""
Texts that two organs share beyond the usual; only the organs above are shown them.

Numbers, punctuation and the names of organs are ignored, and so are sentences that many organs
have: they come from the law, or from a model that was sent to all.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from conversations.checks.texts.contents import sentences, words_of
from conversations.form.model import ItemId
from conversations.form.organ import TAILS

SHARE = 70  # percent of the sentences of the shorter text
FEWEST = 4  # sentences that the shorter text needs
LEAST = 8  # characters of a sentence that counts
# A sentence that so many organs have is ignored: a third of all, and at least four.
USUAL_PART, USUAL_LEAST = 3, 4
# An organ's words for itself.
_SELF = re.compile("[我本全各](?:镇|乡|街道|县|区|市|局|委|办|中心|单位|机关)")


@dataclass(frozen=True, slots=True)
class OrganText:
    """One section's text in an organ's report."""

    report_id: int
    organ: str
    item: ItemId
    text: str


@dataclass(frozen=True, slots=True)
class Alike:
    """
    Two organs' texts of a section: `of` sentences of the shorter one count, both have `same`.

    The sentences are worded and ordered as in the shorter text.
    """

    item: ItemId
    shorter: OrganText
    longer: OrganText
    same: tuple[str, ...]
    of: int


def alike(texts: Sequence[OrganText]) -> list[Alike]:
    """All pairs that share enough, the most alike first."""
    unnamed = _without_names(text.organ for text in texts)
    organs = len({text.report_id for text in texts})
    found: list[Alike] = []
    for item in dict.fromkeys(text.item for text in texts):
        those = [text for text in texts if text.item == item]
        found += _in_section(item, those, [_counting(each.text, unnamed) for each in those], organs)
    return sorted(found, key=_how_alike)


def _how_alike(pair: Alike) -> tuple[float, int, str, str]:
    return -len(pair.same) / pair.of, -pair.of, pair.shorter.organ, pair.longer.organ


def _in_section(
    item: ItemId,
    texts: Sequence[OrganText],
    counting: Sequence[Mapping[str, str]],
    organs: int,
) -> Iterable[Alike]:
    """Use an index of sentences, so that only texts that share one are compared."""
    having: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(counting):
        for key in own:
            having[key].append(place)
    usual = max(USUAL_LEAST, -(-organs // USUAL_PART))
    length = [0] * len(texts)
    shared: Counter[tuple[int, int]] = Counter()
    for places in having.values():
        if len(places) >= usual:
            continue
        for place in places:
            length[place] += 1
        shared.update(combinations(places, 2))
    for (one, other), count in shared.items():
        shorter, longer = sorted((one, other), key=lambda place: (length[place], place))
        of = length[shorter]
        if of >= FEWEST and 100 * count >= SHARE * of:
            same = (
                said
                for key, said in counting[shorter].items()
                if key in counting[longer] and len(having[key]) < usual
            )
            yield Alike(item, texts[shorter], texts[longer], tuple(same), of)


def _counting(text: str, unnamed: re.Pattern[str]) -> dict[str, str]:
    """The sentences that are long enough, each by the part that is compared."""
    found: dict[str, str] = {}
    for said in sentences(text):
        key = _SELF.sub("", words_of(unnamed.sub("", said)))
        if len(key) >= LEAST:
            found.setdefault(key, said)
    return found


def _without_names(organs: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the names of organs, in full and in short."""
    names = set(organs)
    names |= {name.removesuffix(tail) for name in names for tail in TAILS}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest_first)))
