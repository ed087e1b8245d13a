"""Reads plain text as blocks: decodes the bytes, one paragraph per line."""

from __future__ import annotations

import codecs

from conversations.document.read.blocks import (
    Para,
    Source,
    Unreadable,
    UnreadableReason,
    WorkBudget,
)
from conversations.document.read.paged import without_running_lines

MAX_TEXT = 8_000_000
MAX_LINES = 200_000

_KNOWN = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "big5": "big5",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_COMMON = "的政府信息公开年度报告申请行机关情况本总计一二三〇，。、"


def decode(data: bytes, declared: str = "") -> str:
    """
    The text of a file: by its byte order mark, its valid encodings, its declared one.

    GB 2312 and GBK are read as GB 18030, which contains them.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace")
    wide = _wide(data)
    candidates = [wide] if wide else []
    candidates += ["utf-8", _KNOWN.get(declared.lower(), ""), "gb18030"]
    for name in filter(None, candidates):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    guesses = [data.decode(name, "replace") for name in ("utf-8", "gb18030")]
    return min(
        guesses, key=lambda text: text.count("\ufffd") - sum(c in _COMMON for c in text[:20_000])
    )


def _wide(data: bytes) -> str:
    """The UTF-16 encoding of data without a mark, seen from its zero bytes; "" if it is none."""
    sample = data[:4000]
    zeros = sample.count(0)
    if zeros < len(sample) // 50 or zeros < 2:
        return ""
    even = sum(byte == 0 for byte in sample[0::2])
    return "utf-16-be" if even > zeros - even else "utf-16-le"


def read_text(data: bytes, work: WorkBudget) -> Source:
    """
    Read plain text.

    Raises:
        Unreadable: It is too large, or no text.
    """
    if len(data) > MAX_TEXT:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    if text[:4000].count("\ufffd") > 200 or text[:4000].count("\x00") > 20:
        raise Unreadable(UnreadableReason.UNSUPPORTED)
    text = without_running_lines(text[:MAX_TEXT])
    lines = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x0b", "\n").split("\n")
    if len(lines) > MAX_LINES:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    work.spend(len(lines))
    return Source([Para(line) for line in lines], "txt", site=True)
