"""
The Word file: a template is prepared once, each report is plain jinja2 after that.

Preparing mends what Word does to tags, checks them against the form, takes out whatever
tells of a person or a machine, and keeps everything that does not change in ready
archives. A report then costs one rendering and two entries added to such an archive.
Only preparing a template of one's own needs docxtpl and lxml.
"""

from __future__ import annotations

import io
import pkgutil
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jinja2
from jinja2 import meta
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from conversations.document.write.content import (
    GAP,
    DocumentInput,
    Signature,
    contents,
    title_lines,
)
from conversations.document.write.template import (
    APP,
    PACKAGE,
    XML,
    R,
    W,
    core_properties,
    entry,
    in_order,
    zipped,
)
from conversations.form.model import Form, ItemId, Table

# An element of lxml, which is loaded only to prepare an office's own template.
Element = Any

MAIN = "word/document.xml"
CORE = "docProps/core.xml"
WORDING = ("title", "introduction", "signature", "signature_date")

LARGEST = 20_000_000  # bytes of a template, unpacked
MOST_PARTS = 500


class TemplateError(ValueError):
    """A template that cannot carry this form. The message is for the office, in Chinese."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """
    A template ready for any number of reports, in any number of threads.

    `sources` are the parts with tags, as jinja text; `static` is the archive of all other
    parts. `final` and `draft` are that archive with those parts added which differ only in
    the marks of a draft.
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
        UnfinishedError: A final document was asked for and something is open. A ValueError.
    """
    given = _context(report, draft)
    parts = {name: template.render(given).encode() for name, template in prepared.templates.items()}
    parts[CORE] = core_properties(
        "".join(report.title), report.author, report.dated.isoformat()
    ).encode()
    return _added(prepared.draft if draft else prepared.final, parts)


def _added(archive: bytes, parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a") as file:
        for name, data in parts.items():
            file.writestr(entry(name), data)
        file.filelist.sort(key=lambda info: in_order(info.filename))
    return out.getvalue()


# --------------------------------------------------------------- what is filled in


def _context(report: DocumentInput, draft: bool) -> dict[str, object]:
    found = contents(report, draft=draft)
    signed = found.signature or Signature((), None)
    given: dict[str, object] = {
        "draft": draft,
        "title": title_lines(found.title, report.author),
        "signature": signed.organs,
        "signature_date": signed.date,
        **found.texts,
    }
    for table in report.form.tables:
        narrow = table.width >= 10  # in a wider box any figure fits
        for cell in table.cells:
            text = found.figures[cell.id]
            if len(text) > 3 and (text == GAP or (narrow and len(text) > 5)):
                given[f"f{cell.number}"] = _squeezed(text, narrow)
            else:
                given[f"f{cell.number}"] = text
    return given


# Digits in a narrow box (27 pt inside): half points of size, per cent of width.
_SQUEEZED = {6: (17, 100), 7: (16, 90), 8: (15, 85), 9: (14, 80), 10: (14, 74), 11: (13, 70)}


def _squeezed(text: str, narrow: bool) -> Markup:
    """A figure, or the mark of a gap, in a run of its own that fits the box."""
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


# ----------------------------------------------------------------------- preparing


@cache
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)


@cache
def standard(edition: str = "2021") -> Prepared:
    """The project's own template of an edition, prepared beforehand and kept."""
    packed = pkgutil.get_data(__package__, f"templates/annual_report_{edition}.prepared")
    if packed is None:  # a loader without data: not ours
        raise TemplateError(f"没有 {edition} 年版的模板。")
    return unpack(packed)


def pack(prepared: Prepared) -> bytes:
    """A prepared template as bytes, to be kept by the caller and read with `unpack`."""
    sources = {f"sources/{name}": text.encode() for name, text in prepared.sources.items()}
    return zipped({**sources, "static.zip": prepared.static})


def unpack(packed: bytes) -> Prepared:
    """Read what `pack` has written."""
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        sources = {
            name.removeprefix("sources/"): file.read(name).decode()
            for name in file.namelist()
            if name.startswith("sources/")
        }
        return _compiled(sources, file.read("static.zip"))


def _compiled(sources: Mapping[str, str], static: bytes) -> Prepared:
    templates = {name: _environment().from_string(text) for name, text in sources.items()}
    varying = {MAIN}
    fixed: dict[bool, dict[str, bytes]] = {False: {}, True: {}}
    for name in templates.keys() - varying:
        try:
            for draft, parts in fixed.items():
                parts[name] = templates[name].render(draft=draft).encode()
        except jinja2.UndefinedError:  # it holds more than the marks of a draft
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


def prepare(template: bytes, form: Form) -> Prepared:
    """
    Make a Word template ready.

    Raises:
        TemplateError: It is no Word file, or its tags are not the form's.
    """
    parts = _opened(template)
    _forget_people(parts)
    sources: dict[str, str] = {}
    for name in sorted(parts):
        if _may_hold_tags(name) and (text := _mended(parts[name])):
            sources[name] = text
            del parts[name]
    _check_tags(sources, form)
    prepared = _compiled(sources, zipped(parts))
    _try(prepared, form)
    return prepared


def _may_hold_tags(name: str) -> bool:
    return bool(re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml", name))


def _opened(template: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as file:
            entries = [info for info in file.infolist() if not info.is_dir()]
            if len(entries) > MOST_PARTS or sum(info.file_size for info in entries) > LARGEST:
                raise TemplateError("模板文件太大，请删去不需要的图片后再试。")
            parts = {info.filename: file.read(info) for info in entries}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as error:
        raise TemplateError("模板不是 Word 文件（.docx），或者文件已损坏、设有密码。") from error
    if not {MAIN, "[Content_Types].xml", "_rels/.rels"} <= parts.keys():
        raise TemplateError("模板不是 Word 文件（.docx）。")
    if any("vbaProject" in name for name in parts):
        raise TemplateError("模板带有宏，请另存为不带宏的 .docx 后再试。")
    return parts


_MACHINE = re.compile(r"docProps/|customXml/|word/(comments\w*|people|stylesWithEffects)\.xml$")


def _forget_people(parts: dict[str, bytes]) -> None:
    """
    Drop what tells of a person or a machine: properties, comments, authors, the path of
    the template the file hangs on. Our own properties are put in their place.
    """
    gone = {name for name in parts if _MACHINE.match(name)}
    for name in gone:
        del parts[name]
    parts["docProps/app.xml"] = APP.encode()
    for name in [name for name in parts if name.endswith(".rels")]:
        parts[name] = _without_relations(parts[name])
        if "/Relationship>" not in parts[name].decode() and b"<Relationship " not in parts[name]:
            del parts[name]
    if b"attachedTemplate" in parts.get("word/settings.xml", b""):
        settings = _parsed(parts["word/settings.xml"])
        for element in settings.findall(f"{{{W}}}attachedTemplate"):
            settings.remove(element)
        parts["word/settings.xml"] = _written(settings).encode()
    parts["_rels/.rels"] = _with_properties(parts["_rels/.rels"])
    parts["[Content_Types].xml"] = _content_types(parts["[Content_Types].xml"], gone)


_DROPPED = re.compile(
    r"/(core-properties|extended-properties|custom-properties|thumbnail|customXml|comments\w*"
    r"|people|stylesWithEffects|attachedTemplate)$"
)


def _without_relations(data: bytes) -> bytes:
    root = _parsed(data)
    for relation in list(root):
        if _DROPPED.search(relation.get("Type", "")):
            root.remove(relation)
    return _written(root).encode()


_PROPERTIES = (
    (f"{PACKAGE}/relationships/metadata/core-properties", CORE),
    (f"{R}/extended-properties", "docProps/app.xml"),
)


def _with_properties(data: bytes) -> bytes:
    root = _parsed(data)
    space = root.tag.rpartition("}")[0] + "}"
    for number, (kind, target) in enumerate(_PROPERTIES):
        relation = root.makeelement(
            f"{space}Relationship", {"Id": f"nianbao{number}", "Type": kind, "Target": target}
        )
        root.append(relation)
    return _written(root).encode()


def _content_types(data: bytes, gone: Iterable[str]) -> bytes:
    root = _parsed(data)
    space = root.tag.rpartition("}")[0] + "}"
    ours = {
        f"/{CORE}": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": (
            "application/vnd.openxmlformats-officedocument.extended-properties+xml"
        ),
    }
    missing = {f"/{name}" for name in gone} | ours.keys()
    for kind in list(root):
        if kind.get("PartName") in missing:
            root.remove(kind)
        elif kind.get("ContentType", "").endswith("template.main+xml"):
            kind.set("ContentType", kind.get("ContentType", "").replace("template", "document"))
    for name, content in ours.items():
        root.append(
            root.makeelement(f"{space}Override", {"PartName": name, "ContentType": content})
        )
    return _written(root).encode()


def _parsed(data: bytes) -> Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise TemplateError("模板文件已损坏，请在 Word 中打开并另存后再试。") from error


def _written(root: Element) -> str:
    from lxml import etree

    return XML + etree.tostring(root, encoding="unicode")


def _mended(data: bytes) -> str:
    """
    A part with tags as jinja text, empty when it has none.

    docxtpl joins the tags that Word has split over runs and lifts `{%p … %}` and
    `{%r … %}` out of their paragraphs and runs.
    """
    root = _parsed(data)
    text = "".join(t.text or "" for t in root.iter(f"{{{W}}}t"))
    if not re.search(r"\{[{%#]", text):
        return ""
    for kind in ("ins", "del", "moveFrom", "moveTo", "commentReference"):
        if root.find(f".//{{{W}}}{kind}") is not None:
            raise TemplateError("模板里还有修订或批注，请在 Word 中接受修订、删除批注后再试。")
    _tidy(root)
    _indent_signatures(root)

    try:
        from docxtpl import DocxTemplate
    except ImportError as error:
        raise TemplateError(
            "没有安装处理模板的组件，请安装：pip install 'nianbao[template]'。"
        ) from error
    text = str(DocxTemplate(io.BytesIO()).patch_xml(_written(root)))
    # A figure has no blanks to preserve, and there are two hundred of them.
    return re.sub(r' xml:space="preserve">(\{\{\s*f\d+\s*\}\})<', r">\1<", text)


_MARKS = ("proofErr", "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak", "noProof")


def _tidy(root: Element) -> None:
    """Take out the marks Word leaves behind: they split tags, and tell of editing."""
    for mark in _MARKS:
        for element in list(root.iter(f"{{{W}}}{mark}")):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
    for element in root.iter():
        for name in list(element.attrib):
            if re.search(r"\}(rsid\w*|paraId|textId)$", str(name)):
                del element.attrib[name]


_SIGNED = re.compile(r"\{\{\s*(\w+)\.signed\s*\}\}")
# What follows the indent in the properties of a paragraph, by the standard's sequence.
_AFTER_INDENT = (
    "contextualSpacing",
    "mirrorIndents",
    "suppressOverlap",
    "jc",
    "textDirection",
    "textAlignment",
    "textboxTightWrap",
    "outlineLvl",
    "divId",
    "cnfStyle",
    "rPr",
    "sectPr",
    "pPrChange",
)


def _indent_signatures(root: Element) -> None:
    """Give each line of the signature the indent that is reckoned from its width."""
    for paragraph in root.iter(f"{{{W}}}p"):
        text = "".join(t.text or "" for t in paragraph.iter(f"{{{W}}}t"))
        found = _SIGNED.search(text)
        if not found:
            continue
        properties = paragraph.find(f"{{{W}}}pPr")
        if properties is None:
            properties = paragraph.makeelement(f"{{{W}}}pPr")
            paragraph.insert(0, properties)
        indent = properties.find(f"{{{W}}}ind")
        if indent is None:
            indent = properties.makeelement(f"{{{W}}}ind")
            names = [f"{{{W}}}{name}" for name in _AFTER_INDENT]
            before = [i for i, child in enumerate(properties) if child.tag in names]
            properties.insert(before[0] if before else len(properties), indent)
        for name in ("right", "end", "rightChars", "endChars"):
            indent.attrib.pop(f"{{{W}}}{name}", "")
        indent.set(f"{{{W}}}right", f"{{{{ {found[1]}.right }}}}")


# -------------------------------------------------------------------------- checking


def _check_tags(sources: Mapping[str, str], form: Form) -> None:
    if MAIN not in sources:
        raise TemplateError("模板里没有任何标签。请以程序自带的模板为底稿修改。")
    used: set[str] = set()
    for text in sources.values():
        try:
            tree = _environment().parse(text)
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(
                "模板里有标签写得不完整，或者 for、if 没有成对，请对照程序自带的模板检查。"
            ) from error
        if any(meta.find_referenced_templates(tree)):
            raise TemplateError("模板里不能引用别的模板（include、import、extends）。")
        used |= meta.find_undeclared_variables(tree)
    wanted = {"draft": "草稿标记", **_names(form)}
    unknown = sorted(used - wanted.keys())
    missing = [wanted[tag] + f"（{tag}）" for tag in wanted if tag not in used]
    faults = []
    if unknown:
        faults.append("有不认识的标签：" + _listed(unknown))
    if missing:
        faults.append("缺少标签：" + _listed(missing))
    if faults:
        raise TemplateError("模板" + "；".join(faults) + "。")


def _names(form: Form) -> dict[ItemId, str]:
    """Every tag a template must have, with what to call it to the office."""
    wording = ("标题", "引言", "落款", "落款日期")
    names: dict[str, str] = dict(zip(WORDING, wording, strict=True))
    for section in form.sections:
        if isinstance(section.body, Table):
            for line in section.body.lines:
                for cell in line.printed:
                    names[f"f{cell.number}"] = (
                        f"{section.body.short}“{line.short}·{cell.column.name}”"
                    )
        else:
            names[section.id] = section.heading
    return names


def _listed(names: list[str]) -> str:
    return "、".join(names[:5]) + (f" 等 {len(names)} 个" if len(names) > 5 else "")


def _try(prepared: Prepared, form: Form) -> None:
    """Fill the template once in each way, so that it does not fail a clerk later."""
    from conversations.form.answers import Answers

    texts = dict.fromkeys((*form.section, *WORDING), "（一）试填。试填\n（二）试填\n试填")
    figures = dict.fromkeys(form.cells, 1)
    full = DocumentInput(form, "试填", 2023, Answers({**texts, **figures}))
    empty = DocumentInput(form, "试填", 2023, Answers())
    try:
        for made in (render(prepared, full), render(prepared, empty, draft=True)):
            for name, data in _opened(made).items():
                if name.endswith(".xml"):
                    _parsed(data)
    except TemplateError:
        raise
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise TemplateError("模板里有标签不能填写，请对照程序自带的模板检查标签的写法。") from error
