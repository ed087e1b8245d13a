"""
Prepares a Word template: an office's own, or the project's after a change.

Preparing repairs tags that Word has split, and markup of LibreOffice and WPS that the standard does
not allow. It checks the tags against the form, and removes traces of people and machines. Only this
module needs docxtpl and lxml; both are imported where they are used, because most offices have no
template of their own.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

import jinja2
from jinja2 import meta

from conversations.document.archives import DAMAGED
from conversations.document.write.content import DocumentInput
from conversations.document.write.docx import (
    CORE,
    MAIN,
    Prepared,
    TemplateError,
    compiled,
    environment,
    render,
)
from conversations.document.write.package import APP, PACKAGE, XML, R, W, zipped
from conversations.form.answers import Answers
from conversations.form.model import Form, ItemId, Table

# An element of lxml.
Element = Any

WORDING = ("title", "introduction", "signature", "signature_date")

LARGEST = 20_000_000  # bytes of a template, unpacked
MOST_PARTS = 500


def prepare(template: bytes, form: Form) -> Prepared:
    """
    Prepare a Word template.

    Raises:
        TemplateError: It is no Word file, or its tags are not the form's.
    """
    parts = _opened(template)
    _forget_people(parts)
    sources: dict[str, str] = {}
    for name in sorted(parts):
        if not re.fullmatch(r"word/[^/]+\.xml", name):
            continue
        root = _parsed(parts[name])
        _refuse_fetching(root)
        _tidy(root)
        _by_the_standard(root)
        if _may_hold_tags(name) and (text := _mended(root)):
            sources[name] = text
            del parts[name]
        else:
            parts[name] = _written(root).encode()
    _check_tags(sources, form)
    prepared = compiled(sources, zipped(parts))
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
    except TemplateError:
        raise
    except DAMAGED as error:
        raise TemplateError(
            "模板不是 Word 文件（.docx），或者文件已损坏、设有密码。.doc 文件请先另存为 .docx。"
        ) from error
    if not {MAIN, "[Content_Types].xml", "_rels/.rels"} <= parts.keys():
        raise TemplateError("模板不是 Word 文件（.docx）。")
    if any("vbaProject" in name for name in parts):
        raise TemplateError("模板带有宏，请另存为不带宏的 .docx 后再试。")
    return parts


_MACHINE = re.compile(r"docProps/|customXml/|word/(comments\w*|people|stylesWithEffects)\.xml$")


def _forget_people(parts: dict[str, bytes]) -> None:
    """
    Remove traces of people and machines: properties, comments, authors, the attached template. Our
    own properties are put in their place.
    """
    gone = {name for name in parts if _MACHINE.match(name)}
    for name in gone:
        del parts[name]
    parts["docProps/app.xml"] = APP.encode()
    for name in [name for name in parts if name.endswith(".rels")]:
        parts[name] = _without_relations(parts[name])
        if "/Relationship>" not in parts[name].decode() and b"<Relationship " not in parts[name]:
            del parts[name]
    parts["_rels/.rels"] = _with_properties(parts["_rels/.rels"])
    parts["[Content_Types].xml"] = _content_types(parts["[Content_Types].xml"], gone)


_DROPPED = re.compile(
    r"/(core-properties|extended-properties|custom-properties|thumbnail|customXml|comments\w*"
    r"|people|stylesWithEffects|attachedTemplate)$"
)
# Embedded files of other programs, and content that Word would fetch when the file is opened.
_EMBEDDED = re.compile(r"/(oleObject|package|control|aFChunk|subDocument|frame)$")
_FETCHES = re.compile(
    r"\s*(DDE|DDEAUTO|IMPORT|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|LINK|DATABASE)\b", re.IGNORECASE
)
_NOT_ALONE = "模板里有嵌入的文件，或者打开时要到别处读取的图片、内容，请删去后再试。"


def _without_relations(data: bytes) -> bytes:
    root = _parsed(data)
    for relation in list(root):
        kind = relation.get("Type", "")
        if _DROPPED.search(kind):
            root.remove(relation)
        elif _EMBEDDED.search(kind) or (
            relation.get("TargetMode") == "External" and not kind.endswith("/hyperlink")
        ):
            raise TemplateError(_NOT_ALONE)
    return _written(root).encode()


def _refuse_fetching(root: Element) -> None:
    """
    Refuse fields that fetch content: a published file must not.

    Raises:
        TemplateError: A field would fetch content.
    """
    fields = [field.get(f"{{{W}}}instr", "") for field in root.iter(f"{{{W}}}fldSimple")]
    fields.append("")
    for element in root.iter(f"{{{W}}}fldChar", f"{{{W}}}instrText"):
        if element.tag.endswith("}instrText"):
            fields[-1] += element.text or ""
        else:
            fields.append("")
    if any(map(_FETCHES.match, fields)):
        raise TemplateError(_NOT_ALONE)


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


def _mended(root: Element) -> str:
    """
    A tidied part with tags as jinja text, "" if it has no tags.

    docxtpl joins the tags that Word has split over runs, and lifts `{%p … %}` and `{%r … %}` out of
    their paragraphs and runs.
    """
    text = "".join(t.text or "" for t in root.iter(f"{{{W}}}t"))
    if not re.search(r"\{[{%#]", text):
        return ""
    for kind in ("ins", "del", "moveFrom", "moveTo", "commentReference"):
        if root.find(f".//{{{W}}}{kind}") is not None:
            raise TemplateError("模板里还有修订或批注，请在 Word 中接受修订、删除批注后再试。")
    _indent_signatures(root)
    _set_running_text(root)
    _part_runs(root)
    _keep_marks_wide(root)

    try:
        from docxtpl import DocxTemplate
    except ImportError as error:
        raise TemplateError(
            "没有安装处理模板的组件，请安装：pip install 'nianbao[template]'。"
        ) from error
    text = str(DocxTemplate(io.BytesIO()).patch_xml(_written(root)))
    text = _EMPTY_RUN.sub("", text)
    # A figure has no blanks to preserve, and there are two hundred of them.
    return re.sub(r' xml:space="preserve">(\{\{\s*f\d+\s*\}\})<', r">\1<", text)


# docxtpl leaves empty runs beside each tag that it lifts out of its run.
_EMPTY_RUN = re.compile(
    r'<w:r>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t xml:space="preserve"></w:t></w:r>'
)

_MARKS = (
    *("proofErr", "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak", "noProof"),
    *("attachedTemplate", "rsids", "docId", "docVars"),  # WPS stores the machine's number there
)


def _tidy(root: Element) -> None:
    """
    Remove marks that programs leave: they split tags, and tell when and where a file was edited.
    """
    for mark in _MARKS:
        for element in list(root.iter(f"{{*}}{mark}")):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
    for element in root.iter():
        for name in list(element.attrib):
            if re.search(r"\}(rsid\w*|paraId|textId)$", str(name)):
                del element.attrib[name]


# The validator knows only on and off; LibreOffice and WPS write the others.
_ON_OR_OFF = {"true": "on", "1": "on", "false": "off", "0": "off"}
_SWITCHES = (
    *("cantSplit", "tblHeader", "noWrap", "tcFitText", "hideMark", "bidiVisual"),
    *("autoRedefine", "hidden", "semiHidden", "unhideWhenUsed", "qFormat", "locked"),
)
_VAL = f"{{{W}}}val"
_SPACE = f"{{{W}}}charSpace"


def _by_the_standard(root: Element) -> None:
    """Change other programs' spellings to those of the standard."""
    for element in root.iter(*(f"{{{W}}}{name}" for name in _SWITCHES)):
        if element.get(_VAL) in _ON_OR_OFF:
            element.set(_VAL, _ON_OR_OFF[element.get(_VAL)])
    for grid in root.iter(f"{{{W}}}docGrid"):
        # LibreOffice writes a negative number as an unsigned one.
        if re.fullmatch("[0-9]{10}", grid.get(_SPACE, "")):
            grid.set(_SPACE, str(int(grid.get(_SPACE)) - 2**32))


def _part_runs(root: Element) -> None:
    """
    Give each tag a run of its own if LibreOffice has joined runs: else docxtpl would use the style
    of the text beside it.
    """
    for run in list(root.iter(f"{{{W}}}r")):
        texts = run.findall(f"{{{W}}}t")
        pieces = [p for t in texts for p in re.split(r"(\{%-?r .*?%\})", t.text or "") if p]
        if len(texts) != 1 or len(pieces) < 2:
            continue
        for piece in pieces:
            part = copy.deepcopy(run)
            part.find(f"{{{W}}}t").text = piece
            run.addprevious(part)
        run.getparent().remove(run)


def _keep_marks_wide(root: Element) -> None:
    """
    Mark inserted texts as Chinese: only then “ ” … — are wide in Word.

    LibreOffice omits the mark, and so does a person who types a tag again.
    """
    for run in root.iter(f"{{{W}}}r"):
        text = "".join(t.text or "" for t in run.iter(f"{{{W}}}t"))
        if "{" not in text or re.search(r"\{\{\s*f\d", text):
            continue
        properties = run.find(f"{{{W}}}rPr")
        if properties is None:
            properties = run.makeelement(f"{{{W}}}rPr")
            run.insert(0, properties)
        faces = properties.find(f"{{{W}}}rFonts")
        if faces is None:
            faces = properties.makeelement(f"{{{W}}}rFonts")
            properties.insert(int(properties.find(f"{{{W}}}rStyle") is not None), faces)
        faces.set(f"{{{W}}}hint", "eastAsia")


_SIGNED = re.compile(r"\{\{\s*(\w+)\.signed\s*\}\}")
# A paragraph's properties in the standard's order, as far as it matters here.
_BEFORE_KEEP = ("pStyle",)
_BEFORE_SPACING = (
    *_BEFORE_KEEP,
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "framePr",
    "widowControl",
    "numPr",
    "suppressLineNumbers",
    "pBdr",
    "shd",
    "tabs",
    "suppressAutoHyphens",
    "kinsoku",
    "wordWrap",
    "overflowPunct",
    "topLinePunct",
    "autoSpaceDE",
    "autoSpaceDN",
    "bidi",
    "adjustRightInd",
    "snapToGrid",
)
_BEFORE_INDENT = (*_BEFORE_SPACING, "spacing")
_BEFORE_ALIGNMENT = (
    *_BEFORE_INDENT,
    "ind",
    "contextualSpacing",
    "mirrorIndents",
    "suppressOverlap",
)


def _properties(paragraph: Element) -> Element:
    properties = paragraph.find(f"{{{W}}}pPr")
    if properties is None:
        properties = paragraph.makeelement(f"{{{W}}}pPr")
        paragraph.insert(0, properties)
    return properties


def _put(properties: Element, before: Iterable[str], name: str, key: str = "") -> Element:
    """Insert a property into a paragraph, after those of `before`; `key` is key=value."""
    names = {f"{{{W}}}{other}" for other in before}
    attribute, _, value = key.partition("=")
    given = {f"{{{W}}}{attribute}": value} if key else {}
    element = properties.makeelement(f"{{{W}}}{name}", given)
    properties.insert(sum(child.tag in names for child in properties), element)
    return element


def _indent_signatures(root: Element) -> None:
    """Give each line of the signature the indent computed from its width."""
    for paragraph in root.iter(f"{{{W}}}p"):
        text = "".join(t.text or "" for t in paragraph.iter(f"{{{W}}}t"))
        match = _SIGNED.search(text)
        if not match:
            continue
        properties = _properties(paragraph)
        indent = properties.find(f"{{{W}}}ind")
        if indent is None:
            indent = _put(properties, _BEFORE_INDENT, "ind")
        for name in ("right", "end", "rightChars", "endChars"):
            indent.attrib.pop(f"{{{W}}}{name}", "")
        indent.set(f"{{{W}}}right", f"{{{{ {match[1]}.right }}}}")


_TEXT = re.compile(r"\{\{\s*(\w+)\.text\s*\}\}")
# The settings that a paragraph of running text may ask for.
_ASKED = (
    ("keep", _BEFORE_KEEP, "keepNext", ""),
    ("above", _BEFORE_SPACING, "spacing", "after=120"),
    ("below", _BEFORE_INDENT, "spacing", "before=120"),
    ("ragged", _BEFORE_ALIGNMENT, "jc", "val=left"),
)


def _set_running_text(root: Element) -> None:
    """
    Add the settings that a paragraph of running text asks for, unless the template has its own.
    """
    for paragraph in root.iter(f"{{{W}}}p"):
        match = _TEXT.search("".join(t.text or "" for t in paragraph.iter(f"{{{W}}}t")))
        if not match:
            continue
        properties = _properties(paragraph)
        own = {child.tag for child in properties}
        for asks, before, name, value in _ASKED:
            if f"{{{W}}}{name}" not in own:
                _if(f"{match[1]}.{asks}", _put(properties, before, name, value))


def _if(condition: str, element: Element) -> None:
    """Wrap an element in a condition."""
    tag = f"{{% if {condition} %}}"
    if (previous := element.getprevious()) is None:
        element.getparent().text = tag
    else:
        previous.tail = (previous.tail or "") + tag
    element.tail = "{% endif %}"


# -------------------------------------------------------------------------- checking


def _check_tags(sources: Mapping[str, str], form: Form) -> None:
    if MAIN not in sources:
        raise TemplateError("模板里没有任何标签。请以程序自带的模板为底稿修改。")
    used: set[str] = set()
    for text in sources.values():
        try:
            tree = environment().parse(text)
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(
                "模板里有标签写得不完整，或者 for、if 没有成对，请对照程序自带的模板检查。"
            ) from error
        if any(meta.find_referenced_templates(tree)):
            raise TemplateError("模板里不能引用别的模板（include、import、extends）。")
        used |= meta.find_undeclared_variables(tree)
    wanted = {"draft": "草稿标记", **tag_names(form)}
    unknown = sorted(used - wanted.keys())
    missing = [wanted[tag] + f"（{tag}）" for tag in wanted if tag not in used]
    faults = []
    if unknown:
        faults.append("有不认识的标签：" + _listed(unknown))
    if missing:
        faults.append("缺少标签：" + _listed(missing))
    if faults:
        raise TemplateError("模板" + "；".join(faults) + "。")


def tag_names(form: Form) -> dict[ItemId, str]:
    """Every tag a template must have, with its Chinese name for the office."""
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
    """Fill the template once as final and once as draft, so that it does not fail later."""
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
