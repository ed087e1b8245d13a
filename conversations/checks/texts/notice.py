"""N3, N7: whether a text has the headings and the length that the report's task asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conversations.checks.findings import Finding, Grade, Report
from conversations.checks.texts.contents import says_nothing
from conversations.checks.texts.running_text import TextCheck, compiled, squeezed, without_signs

_NUMBERED = r"^第?[（(]?[一二三四五六七八九十\d]{1,3}(?:[)）、.．]|部分|是)"


def _bare(text: str) -> str:
    """A heading, or the line it begins, without its number and punctuation."""
    return without_signs(compiled(_NUMBERED).sub("", squeezed(text)))


@dataclass(frozen=True, eq=False)
class WantedHeadings(TextCheck):
    """Headings that a task wants in a text and that begin no line of it (N3)."""

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a text; silent where nothing is wanted or said."""
        wanted = dict(report.notice.headings)
        for item, text in self.texts(report):
            if item not in wanted or says_nothing(text):
                continue
            lines = [_bare(line) for line in text.split("\n")]
            missing = [
                heading
                for heading in wanted[item]
                if not any(line.startswith(_bare(heading)) for line in lines)
            ]
            if missing:
                told = "；".join(f"「{heading}」" for heading in missing)
                yield self.finding(report, item, Grade.H, f"里没有任务要求的标题：{told}。")


@dataclass(frozen=True, eq=False)
class TooLong(TextCheck):
    """
    A text of more characters (without blanks) than a task allows (N7).

    Up to a tenth over it is H: programs count digits and Latin words differently.
    """

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a text; silent where the task says nothing."""
        allowed = dict(report.notice.lengths)
        for item, text in self.texts(report):
            length, limit = len("".join(text.split())), allowed.get(item)
            if limit is None or length <= limit:
                continue
            grade = Grade.W if length * 10 > limit * 11 else Grade.H
            message = f"有 {length:,} 字，任务要求 {limit:,} 字以内，多 {length - limit:,} 字。"
            yield self.finding(report, item, grade, message, (length, limit))
