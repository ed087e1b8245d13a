"""A page without a report: the files it links to instead."""

from __future__ import annotations

import re

from conversations.document.read.blocks import Link, Para, Source
from conversations.document.read.report import Shell
from conversations.document.read.words import squeeze

MOST_LINKS = 20
ATTACHED = "这个网页没有报告正文，报告在附件里。"
SCRIPTED = "这个网页的内容由脚本载入，读不到报告正文。请在浏览器中另存网页，或发送附件。"

_NO_LINKS = ("javascript:", "mailto:", "#", "data:", "tel:")
_FILES = re.compile(r"\.(docx?|pdf|wps|rtf)(?:$|[?#&]|\b)", re.IGNORECASE)
_VIEWER = re.compile(r"[?&](?:file|url|src)=([^&]+)")
_SAYS_REPORT = re.compile("年度报告|年报|信息公开.{0,12}报告")


def shell_of(source: Source) -> Shell | None:
    """The files that a page links to instead of the report; None for an unrelated page."""
    offered = [
        link
        for link in source.links
        if not link.href.lower().startswith(_NO_LINKS)
        and (_FILES.search(link.href) or _FILES.search(link.text))
    ]
    offered.sort(key=_likelihood, reverse=True)
    links = dict.fromkeys((link.href, link.text) for link in offered)
    title = source.hints[0] if source.hints else ""
    if links:
        return Shell(tuple(Link(*link) for link in list(links)[:MOST_LINKS]), title, ATTACHED)
    letters = sum(len(squeeze(block.text)) for block in source.blocks if isinstance(block, Para))
    return Shell((), title, SCRIPTED) if source.scripts and letters < 400 else None


def _likelihood(link: Link) -> int:
    """The report's name counts most, then the better format, then a direct link to the file."""
    return (
        4 * bool(_SAYS_REPORT.search(link.text))
        + 2 * ("docx" in link.href.lower())
        + (_VIEWER.search(link.href) is None)
    )
