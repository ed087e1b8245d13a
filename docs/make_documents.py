"""
Twenty files for a person with Word and WPS, which the tests cannot ask: `make documents`.

What to look at in each stands in `checklist-word-wps.md`, by the same names. The reports are
made up, or the product's own example, and the same at every run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.files import documents, forms  # noqa: E402 - the project is found first
from bot.files.ledger import empty_table  # noqa: E402
from bot.files.organ_table import organ_table  # noqa: E402
from conversations.document.write.content import DocumentInput  # noqa: E402
from conversations.document.write.docx import render  # noqa: E402
from conversations.document.write.package import zipped  # noqa: E402
from conversations.document.write.prepare import prepare  # noqa: E402
from conversations.document.write.template_styles import FANGSONG, LATIN  # noqa: E402
from conversations.form import FORM_IN_FORCE as FORM  # noqa: E402
from conversations.form.answers import Answers  # noqa: E402
from tests.docx_structure import parts  # noqa: E402
from tests.extremes import EXTREMES  # noqa: E402
from tests.written import leiming, with_answers  # noqa: E402

FOLDER = ROOT / "var" / "documents"

# The extremes by what a person in front of the file sees.
NAMES = {
    "long name": "最长的名称",
    "long figures": "最长的数字",
    "long texts": "很长的正文",
    "one word": "很短的正文",
    "remarks": "表格前后有文字",
    "no signature": "没有落款",
    "three organs": "三个单位落款",
    "web addresses": "网址",
    "rare characters": "生僻字",
    "brackets": "括号和标点",
}


def files() -> Iterator[tuple[str, bytes]]:
    """The name of each file, with its number, and its bytes."""
    yield from ((f"{n:02}-{name}", content) for n, (name, content) in enumerate(_files(), 1))


def _files() -> Iterator[tuple[str, bytes]]:
    example = leiming()
    yield "示例.docx", _document(example)
    gaps = dict.fromkeys(
        ("proactive_disclosure.licensing.decisions", "requests.received.natural_person"), None
    )
    yield "草稿.docx", _document(with_answers(example, {**gaps, "other_matters": None}), draft=True)
    for name, report in EXTREMES.items():
        yield f"{NAMES[name]}.docx", _document(report)
    whole = with_answers(EXTREMES["one word"], {"table_breaks": "whole"})
    yield "表格不跨页.docx", _document(whole)
    yield "单位自己的模板.docx", render(prepare(_restyled(), FORM), example)
    yield "模板底稿.docx", documents.ours(FORM.edition)
    for key, report in (("xlsx", EXTREMES["long figures"]), ("csv", EXTREMES["brackets"])):
        yield f"数据.{key}", forms.made(None, report, key, draft=False)[1]
    yield "台账空表.xlsx", empty_table(replace(example, answers=Answers()), "requests", None)[1]
    yield "单位名单空表.xlsx", organ_table()
    yield "网页.html", forms.made(None, example, "html-page", draft=False)[1]


def _document(report: DocumentInput, *, draft: bool = False) -> bytes:
    return documents.make(None, report, draft=draft)[1]


def _restyled() -> bytes:
    """A template as an office makes one: ours, with the digits in 仿宋."""
    given = parts(documents.ours(FORM.edition))
    styles = given["word/styles.xml"].decode().replace(LATIN, FANGSONG)
    return zipped({**given, "word/styles.xml": styles.encode()})


def main() -> None:
    for name, content in files():
        documents.write(FOLDER, name, content)
        print(f"{FOLDER.relative_to(ROOT)}/{name}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
