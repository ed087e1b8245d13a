"""
The Word file: each report is rendered from a prepared template by plain jinja2.

Parts that are the same in all reports are kept in ready archives, to which a report adds two
entries. `prepare.py` prepares a template.
"""

from __future__ import annotations

import io
import pkgutil
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import jinja2
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from conversations.document.write.content import (
    GAP,
    WHOLE,
    DocumentInput,
    Signature,
    contents,
    title_lines,
)
from conversations.document.write.package import core_properties, entry, in_order, zipped
from conversations.form import FORMS
from conversations.form.model import ItemId
from conversations.form.numbers import ITEMS, NUMBERS

MAIN = "word/document.xml"
CORE = "docProps/core.xml"


class TemplateError(ValueError):
    """A template that is not usable for this form. The message is for the office, in Chinese."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """
    A template ready for any number of reports, in any number of threads.

    `sources` are the parts with tags, as jinja text; `static` is the archive of all other parts.
    `final` and `draft` are that archive with the parts added that differ only in the marks of a
    draft.
    """

    sources: Mapping[str, str]
    static: bytes
    final: bytes = field(repr=False)
    draft: bytes = field(repr=False)
    templates: Mapping[str, jinja2.Template] = field(repr=False)


def render(prepared: Prepared, report: DocumentInput, *, draft: bool = False) -> bytes:
    """
    The report as a .docx; the same answers give the same bytes.

    A draft shows 草稿 on every page and 【未填】 at every gap.

    Raises:
        UnfinishedError: A final document is requested and an item is open. A ValueError.
    """
    given = _context(report, draft)
    parts = {name: template.render(given).encode() for name, template in prepared.templates.items()}
    parts[CORE] = core_properties(
        "".join(report.title), report.author, report.dated.isoformat(), report.fingerprint
    ).encode()
    return _added(prepared.draft if draft else prepared.final, parts)


def _added(archive: bytes, parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a") as file:
        for name, data in parts.items():
            file.writestr(entry(name), data)
        file.filelist.sort(key=lambda info: in_order(info.filename))
    return out.getvalue()


# --------------------------------------------------------------- the values


def _context(report: DocumentInput, draft: bool) -> dict[str, object]:
    document = contents(report, draft=draft)
    signed = document.signature or Signature((), None)
    given: dict[str, object] = {
        "draft": draft,
        "title": title_lines(document.title, report.author),
        "whole": report.answers.text("table_breaks") == WHOLE,
        "signature": signed.organs,
        "signature_date": signed.date,
        **{tag_of(item): paragraphs for item, paragraphs in document.texts.items()},
    }
    for table in report.form.tables:
        narrow = table.width >= 10  # in a wider box any figure fits
        for cell in table.cells:
            text = document.figures[cell.id]
            if len(text) > 3 and (text == GAP or (narrow and len(text) > 5)):
                given[f"f{cell.number}"] = _squeezed(text, narrow)
            else:
                given[f"f{cell.number}"] = text
    return given


def tag_of(item: ItemId) -> str:
    """The tag of a text in a template: for a remark its number, for any other its id."""
    return f"r{NUMBERS[item]}" if item in _REMARKS else item


_REMARKS = frozenset(item for form in FORMS.values() for item in form.remark)
_PLACES = {
    (remark.section, remark.below): f"r{remark.number}"
    for form in FORMS.values()
    for remark in form.remarks
}
_FIGURE = re.compile(r"\{\{\s*f(\d+)\s*\}\}")
# The loop of the introduction, if it consists of whole paragraphs.
_LOOP = re.compile(
    r"(\{%\s*for \w+ in )introduction"
    r"(\s*%\}(?:\s*\{%[^%]*%\})?\s*<w:p[ >].*?\{%\s*endfor\s*%\})",
    re.DOTALL,
)
_PLAIN = (
    '{%% for p in %s %%}<w:p><w:r><w:t xml:space="preserve">{{ p.head }}{{ p.text }}</w:t></w:r>'
    "</w:p>{%% endfor %%}"
)


def _with_remarks(text: str) -> str:
    """
    The main part with loops for the texts around each table, and after everything.

    Templates do not have them; these texts look like the introduction.
    """
    loop = _LOOP.search(text)

    def looped(tag: str) -> str:
        return f"{loop[1]}{tag}{loop[2]}" if loop is not None else _PLAIN % tag

    figures: dict[ItemId, list[int]] = {}
    for figure in _FIGURE.finditer(text):
        item = ITEMS.get(int(figure[1]), "")
        figures.setdefault(item.partition(".")[0], []).append(figure.start())
    put: list[tuple[int, str]] = []
    for (section, below), tag in _PLACES.items():
        if places := figures.get(section):
            ends = text.find("</w:tbl>", places[-1])
            begins = max(text.rfind(begin, 0, places[0]) for begin in ("<w:tbl>", "<w:tbl "))
            if 0 <= begins < ends:
                put.append((ends + len("</w:tbl>") if below else begins, looped(tag)))
        elif below:
            end = max(text.rfind(mark) for mark in ("<w:sectPr>", "<w:sectPr ", "<w:sectPr/>"))
            put.append((end if end >= 0 else text.rfind("</w:body>"), looped(tag)))
    for place, loops in sorted(put, reverse=True):
        text = text[:place] + loops + text[place:]
    return text


# As Word and WPS write it, and as LibreOffice does.
_BREAKS = re.compile(r'<w:keepNext w:val="(?:0|false|off)"/>')


def _with_breaks(text: str) -> str:
    """
    The main part with conditions at the places where a table may continue on another page, for
    organs that want each table whole. The template marks these places in any row but a table's
    last.
    """
    parts = text.split("</w:tbl>")
    for i, part in enumerate(parts[:-1]):
        begins = part.rfind("<w:tbl>")
        ends = part.rfind("</w:tr>", 0, part.rfind("</w:tr>"))
        if 0 <= begins < ends:
            may = _BREAKS.sub(r"{% if not whole %}\g<0>{% endif %}", part[begins:ends])
            parts[i] = part[:begins] + may + part[ends:]
    return "</w:tbl>".join(parts)


# Digits in a narrow box (27 pt inside): half points of size, percent of width.
_SQUEEZED = {6: (17, 100), 7: (16, 90), 8: (15, 85), 9: (14, 80), 10: (14, 74), 11: (13, 70)}


def _squeezed(text: str, narrow: bool) -> Markup:
    """A figure, or the mark of a gap, in a run of its own that fits into the box."""
    if text == GAP:
        look = '<w:sz w:val="13"/><w:szCs w:val="13"/>' if narrow else ""
        look += '<w:highlight w:val="yellow"/>'
    else:
        size, scale = _SQUEEZED.get(len(text), (12, max(30, 860 // len(text))))
        stretch = f'<w:w w:val="{scale}"/>' if scale < 100 else ""
        look = f'{stretch}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    return Markup(  # noqa: S704  # our own markup round digits or a constant
        f"</w:t></w:r><w:r><w:rPr>{look}</w:rPr><w:t>{escape(text)}"
    )


_PRINTED = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")


def texts_of(document: bytes) -> list[str]:
    """The texts on the pages, in the headers and the footers of a document made here."""
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        return [
            "".join(_TEXT.findall(file.read(name).decode()))
            for name in file.namelist()
            if _PRINTED.fullmatch(name)
        ]


# ---------------------------------------------------------------- prepared templates


@cache
def environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)


@cache
def standard(edition: str) -> Prepared:
    """The project's own template of an edition, prepared beforehand."""
    packed = pkgutil.get_data(__package__, f"templates/annual_report_{edition}.prepared")
    if packed is None:  # a package loader without data
        raise TemplateError(f"没有 {edition} 年版的模板。")
    return unpack(packed, ours=True)


def pack(prepared: Prepared) -> bytes:
    """A prepared template as bytes, to be stored by the caller and read with `unpack`."""
    sources = {f"sources/{name}": text.encode() for name, text in prepared.sources.items()}
    return zipped({**sources, "static.zip": prepared.static})


def unpack(packed: bytes, *, ours: bool = False) -> Prepared:
    """Read the bytes from `pack`; a template of `ours` needs no sandbox."""
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        sources = {
            name.removeprefix("sources/"): file.read(name).decode()
            for name in file.namelist()
            if name.startswith("sources/")
        }
        return compiled(sources, file.read("static.zip"), ours=ours)


def compiled(sources: Mapping[str, str], static: bytes, *, ours: bool = False) -> Prepared:
    reads = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    reads = reads if ours else environment()
    whole = dict(sources)
    if MAIN in whole:
        whole[MAIN] = _with_remarks(_with_breaks(whole[MAIN]))
    templates = {name: reads.from_string(text) for name, text in whole.items()}
    varying = {MAIN}
    fixed: dict[bool, dict[str, bytes]] = {False: {}, True: {}}
    for name in templates.keys() - varying:
        try:
            for draft, parts in fixed.items():
                parts[name] = templates[name].render(draft=draft).encode()
        except jinja2.UndefinedError:  # it needs more than the marks of a draft
            varying.add(name)
            for parts in fixed.values():
                parts.pop(name, None)
    return Prepared(
        sources=dict(sources),
        static=static,
        final=_added(static, dict(sorted(fixed[False].items()))),
        draft=_added(static, dict(sorted(fixed[True].items()))),
        templates={name: templates[name] for name in sorted(varying)},
    )
