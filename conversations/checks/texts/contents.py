"""N3, N4, C4: whether a text says what it should, says anything, and is this year's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from conversations.checks.findings import Finding, Grade, Report
from conversations.checks.texts.running_text import (
    KEPT,
    TextCheck,
    compiled,
    squeezed,
    without_signs,
)
from conversations.checks.texts.unwanted import is_placeholder
from conversations.form.model import ItemId
from conversations.form.organ import Level

_NOTHING = r"(?:无|没有|暂无)?"


def says_nothing(text: str) -> bool:
    """Whether a text is empty or only «无»."""
    return bool(compiled(_NOTHING).fullmatch(without_signs(text)))


@dataclass(frozen=True, eq=False)
class NotMentioned(TextCheck):
    """
    Points that a narrative should speak of and does not (N3), one finding a section.

    `governments_only` are labels of points that concern governments of every level and
    not their bureaus; where the level is unknown they are passed over.
    """

    governments_only: frozenset[str]

    def findings(self, report: Report) -> Iterator[Finding]:
        """The missing points of each answered narrative."""
        government = report.level not in {Level.BUREAU, Level.UNKNOWN}
        narratives = {narrative.id: narrative for narrative in report.form.narratives}
        for item, text in self.texts(report):
            narrative = narratives[item]
            if says_nothing(text) and not narrative.none_is_an_answer:
                continue
            flat = squeezed(text)
            missing = [
                point.label
                for point in narrative.points
                if not any(word in flat for word in point.words)
                and (government or point.label not in self.governments_only)
            ]
            if missing:
                yield self.finding(report, item, Grade.H, f"里没有看到：{'；'.join(missing)}。")


@dataclass(frozen=True, eq=False)
class SaysNothing(TextCheck):
    """A narrative that is empty or only 「无」 where that is no answer (N4, E)."""

    def findings(self, report: Report) -> Iterator[Finding]:
        """Silent while unanswered."""
        for item, text in self.texts(report):
            if says_nothing(text) and not is_placeholder(text):
                yield self.finding(report, item, Grade.E, "不能空着，也不能只写「无」。")


_SENTENCE_END = r"[。！？；\n]"
_NO_WORD = r"[\d\W_]+"


def sentences(text: str) -> list[str]:
    """The sentences of a text, without the marks at their ends."""
    return compiled(_SENTENCE_END).split(squeezed(text))


def words_of(sentence: str) -> str:
    """A sentence without numbers, years and punctuation: by what two are compared."""
    return compiled(_NO_WORD).sub("", sentence)


@lru_cache(maxsize=KEPT)
def taken_over(text: str, last: str, least: int) -> Decimal:
    """
    The share of a text's characters that stand in sentences last year's text has too.

    Only sentences of at least `least` characters count; years and numbers are ignored.
    """
    old = set(map(words_of, sentences(last)))
    said = list(map(words_of, sentences(text)))
    whole = sum(map(len, said))
    same = sum(len(text) for text in said if len(text) >= least and text in old)
    return Decimal(same) / whole if whole else Decimal(0)


@dataclass(frozen=True, eq=False)
class TakenOver(TextCheck):
    """
    A narrative that is last year's (C4): W in the texts that are `weighty`, else H.

    `share` of its characters in sentences of at least `least` characters [ours].
    """

    weighty: frozenset[ItemId]
    share: Decimal = Decimal("0.7")
    least: int = 12

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a text."""
        if report.last_year is None:
            return
        for item, text in self.texts(report):
            last = report.last_year.answers.text(item)
            if last is None:
                continue
            share = taken_over(text, last, self.least)
            if share >= report.setting(f"{self.id}.share", self.share):
                percent = int(share * 100)
                message = (
                    f"：有 {percent}% 的文字与 {report.last_year.year} 年的相同，请写本年的情况。"
                )
                grade = Grade.W if item in self.weighty else Grade.H
                yield self.finding(report, item, grade, message, (percent,))
