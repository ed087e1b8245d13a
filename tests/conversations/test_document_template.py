"""
A template that an office has restyled in Word.
"""

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from conversations.document.write.docx import TemplateError, render, standard
from conversations.document.write.prepare import prepare
from conversations.document.write.template import build_template
from tests.docx_structure import document_text, paragraphs, parts, structure_faults
from tests.hostile import DAMAGE
from tests.written import FORM, leiming, with_answers

Change = Callable[[str], str]


def changed(change: Change, part: str = "word/document.xml", more: dict[str, str] | None = None):
    """
    The project's own template as somebody might have saved it.
    """
    found = parts(build_template(FORM))
    found[part] = change(found[part].decode()).encode()
    found |= {name: text.encode() for name, text in (more or {}).items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in found.items():
            file.writestr(name, data)
    return out.getvalue()


def replaced(before: str, after: str) -> Change:
    def change(xml: str) -> str:
        assert before in xml
        return xml.replace(before, after, 1)

    return change


def test_another_style_is_taken_over():
    """
    The point of a template: a face, a size, a word of the office's own.
    """
    template = changed(replaced('w:eastAsia="黑体"', 'w:eastAsia="华文中宋"'), "word/styles.xml")

    document = render(prepare(template, FORM), leiming())

    assert "华文中宋" in parts(document)["word/styles.xml"].decode()
    assert document_text(render(standard("2021"), leiming())) == document_text(document)


@pytest.mark.parametrize(
    "split",
    [
        "{{</w:t></w:r><w:r><w:t>f107}}",
        '{</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t>{f107}}',
        "{{f107</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t> }}",
        '{{</w:t></w:r><w:bookmarkStart w:id="0"/><w:bookmarkEnd w:id="0"/><w:r><w:t>f107}}',
    ],
)
def test_a_tag_that_word_has_split_is_mended(split: str):
    """
    Word parts a text where a spelling mark, a bookmark or an editing session begins.
    """
    template = changed(replaced("{{f107}}", split))

    document = render(prepare(template, FORM), leiming())

    assert "295" in document_text(document).split("\n")
    assert [] == structure_faults(document)


def test_the_lines_of_the_signature_keep_their_reckoned_indent():
    """
    Whatever indent the paragraph had in Word.
    """
    template = changed(replaced('<w:ind w:right="630"/>', '<w:ind w:rightChars="400" w:left="9"/>'))
    report = with_answers(leiming(), {"signature": "某局", "signature_date": "2024年1月5日"})

    xml = parts(render(prepare(template, FORM), report))["word/document.xml"].decode()

    assert re.search(r'<w:pStyle w:val="Signature"/><w:ind w:left="9" w:right="\d+"/>', xml)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            replaced("{{f107}}", "295"),
            "模板缺少标签：表二“行政许可·处理决定”（f107）。",
        ),
        (
            replaced("{{f107}}", "{{f107}}{{ area }}"),
            "模板有不认识的标签：area。",
        ),
        (
            replaced("{{f107}}", "{{f99107}}"),
            "模板有不认识的标签：f99107；缺少标签：表二“行政许可·处理决定”（f107）。",
        ),
        (lambda xml: re.sub(r"\{[{%].*?[%}]\}", "", xml), "模板里没有任何标签"),
        (replaced("in overview %}", "in overview"), "标签写得不完整"),
        (replaced("{{ line }}", "{{ line }}{% include 'x' %}"), "不能引用别的模板"),
        (lambda xml: xml.replace("{{ p.text }}", "{{ p.text.no.where }}"), "标签不能填写"),
        (lambda xml: xml.replace("{{ p.text }}", "{{ p.__class__.__mro__ }}"), "标签不能填写"),
        (replaced("<w:t>{{f107}}", '<w:t>{{f107}}</w:t></w:r><w:ins w:id="1"/><w:r><w:t>'), "修订"),
    ],
)
def test_a_template_that_cannot_carry_the_form_is_refused(change: Change, sentence: str):
    """
    At once and in one sentence, not while a clerk waits for the document.
    """
    with pytest.raises(TemplateError) as refusal:
        prepare(changed(change), FORM)

    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith("。")
    assert not re.search("[a-z]{9}", str(refusal.value))


RELATIONS = "word/_rels/document.xml.rels"
RELATION = (
    '<Relationship Id="rIdX" Target="http://somewhere.example/x"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}/></Relationships>'
)


def field(*said: str) -> Change:
    """
    A field whose words Word has split.
    """
    words = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in said)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return replaced("<w:sectPr", f"<w:p>{begin}{words}{end}</w:p><w:sectPr")


def related(kind: str) -> Change:
    return replaced("</Relationships>", RELATION.format(kind))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (field(" DDE", 'AUTO cmd "/k calc"'), "word/document.xml"),
        (field(' includepicture "//somewhere/x.png"'), "word/document.xml"),
        (related('image" TargetMode="External"'), RELATIONS),
        (related('oleObject"'), RELATIONS),
    ],
)
def test_a_template_that_reads_elsewhere_or_holds_other_files_is_refused(change: Change, part: str):
    """
    Whoever opens a published report opens nothing else. Links and page numbers stay.
    """
    with pytest.raises(TemplateError, match="别处读取"):
        prepare(changed(change, part), FORM)

    linked = related('hyperlink" TargetMode="External"')(
        parts(build_template(FORM))[RELATIONS].decode()
    )
    prepare(changed(field(" PAGE "), more={RELATIONS: linked}), FORM)


def test_more_than_five_missing_tags_are_counted():
    """
    Nobody reads two hundred names.
    """
    with pytest.raises(TemplateError) as refusal:
        prepare(changed(lambda xml: re.sub(r"\{\{f2\d\d\}\}", "0", xml)), FORM)

    assert "等 99 个" in str(refusal.value)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"{\\rtf1}", b"\xd0\xcf\x11\xe0" * 200])
def test_what_is_no_word_file_is_refused(data: bytes):
    """
    Also an old .doc, or a file with a password.
    """
    with pytest.raises(TemplateError, match="不是 Word 文件"):
        prepare(data, FORM)


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_archive_is_refused(how: str):
    with pytest.raises(TemplateError, match="已损坏"):
        prepare(DAMAGE[how](build_template(FORM)), FORM)


def test_damaged_data_is_refused():
    """
    A zip whose list is whole and whose contents are not.
    """
    whole = bytearray(build_template(FORM))
    at = whole.index(b"word/document.xml") + 40
    whole[at : at + 400] = bytes(400)

    with pytest.raises(TemplateError, match="已损坏"):
        prepare(bytes(whole), FORM)


def test_a_broken_part_is_refused():
    """
    With the advice to save it in Word.
    """
    with pytest.raises(TemplateError, match="已损坏"):
        prepare(changed(lambda xml: xml[:-40]), FORM)


def test_a_template_with_macros_is_refused():
    """
    A report is published; it runs nothing.
    """
    with pytest.raises(TemplateError, match="宏"):
        prepare(changed(str, more={"word/vbaProject.bin": "x"}), FORM)


def test_a_template_that_unpacks_to_a_flood_is_refused():
    """
    Before it is unpacked.
    """
    with pytest.raises(TemplateError, match="太大"):
        prepare(changed(str, more={"word/media/image1.bin": "0" * 21_000_000}), FORM)


def test_a_template_of_five_hundred_parts_is_refused():
    """
    However small they are.
    """
    with pytest.raises(TemplateError, match="太大"):
        prepare(changed(str, more={f"word/media/image{n}.bin": "0" for n in range(500)}), FORM)


def test_nobodys_name_and_path_come_through():
    """
    What Word writes into a file by itself stays out of a published one.
    """
    relations = (
        '<?xml version="1.0"?><Relationships'
        ' xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/attachedTemplate" Target="file:///C:/Users/zhangsan/Normal.dotm"'
        ' TargetMode="External"/></Relationships>'
    )
    template = changed(
        replaced(
            "<w:settings ",
            "<w:settings"
            ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ',
        ),
        "word/settings.xml",
        more={
            "docProps/core.xml": "<a>zhangsan</a>",
            "docProps/app.xml": "<a>zhangsan</a>",
            "docProps/custom.xml": "<a>zhangsan</a>",
            "docProps/thumbnail.jpeg": "zhangsan",
            "customXml/item1.xml": "<a>zhangsan</a>",
            "word/people.xml": "<a>zhangsan</a>",
            "word/_rels/settings.xml.rels": relations,
        },
    )

    document = render(prepare(template, FORM), leiming())

    assert not [name for name, data in parts(document).items() if b"zhangsan" in data]
    assert [] == structure_faults(document)


def test_a_tag_in_a_footer_is_filled_in_too():
    """
    An office may print its name at the foot of the page.
    """
    template = changed(replaced(" —</w:t>", " — {{ title[0] }}</w:t>"), "word/footer1.xml")

    document = render(prepare(template, FORM), leiming())

    assert " — 雷鸣镇人民政府</w:t>" in parts(document)["word/footer1.xml"].decode()
    assert [] == structure_faults(document)


def test_what_is_typed_is_no_tag_in_such_a_template_either():
    """
    Filled in by docxtpl itself, `{_{` would become `{{`.
    """
    report = with_answers(leiming(), {"overview": "{_{ 甲 }_} {{7*7}} \\a"})

    found = paragraphs(render(prepare(build_template(FORM), FORM), report))

    assert ("BodyText", "{_{ 甲 }_} {{7*7}} \\a") in found
