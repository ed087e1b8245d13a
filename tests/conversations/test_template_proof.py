"""
A template is used only when it prints what it is told, at the place where it belongs.
"""

import re

import pytest

from conversations.document.differences import Kind
from conversations.document.proof import prove, trials
from conversations.document.write.docx import TemplateError, standard
from conversations.document.write.prepare import prepare
from conversations.document.write.template import build_template
from tests.conversations.test_document_template import Change, changed, replaced
from tests.docx_structure import parts
from tests.written import FORM

LICENSING, PENALTIES = "f107", "f108"


def differences(change: Change, part: str = "word/document.xml") -> dict[Kind, list[str]]:
    """
    What a changed template prints otherwise: the places by the kind of difference.
    """
    found: dict[Kind, list[str]] = {}
    for difference in prove(prepare(changed(change, part), FORM), FORM).differences:
        found.setdefault(difference.kind, []).append(difference.place)
    return found


def swapped(one: str, other: str) -> Change:
    def change(xml: str) -> str:
        assert one in xml
        assert other in xml
        return xml.replace(one, "\0").replace(other, one).replace("\0", other)

    return change


def test_the_products_own_template_prints_what_it_is_told():
    """
    Every figure, heading and text; nothing else.
    """
    proof = prove(standard("2021"), FORM)

    assert () == proof.differences
    assert len(FORM.cells) == proof.cells


def looking(looks: str, tag: str = LICENSING) -> Change:
    """
    A figure whose run has these properties.
    """
    text = f"<w:t>{{{{{tag}}}}}</w:t>"
    return replaced(f"<w:r>{text}", f"<w:r><w:rPr>{looks}</w:rPr>{text}")


LABEL = '<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t>行政许可</w:t>'
BLACK = '<w:shd w:val="clear" w:fill="000000"/>'


@pytest.mark.long
@pytest.mark.parametrize(
    "looks",
    [
        '<w:color w:val="FFFFFF"/>',
        '<w:color w:val="FEFEFE" w:themeColor="background1"/>',
        f'{BLACK}<w:color w:val="000000"/>',
        '<w:sz w:val="2"/>',
        '<w:sz w:val="8"/>',
        '<w:w w:val="1"/>',
        "<w:vanish/>",
        "<w:strike/>",
        '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>',
    ],
)
def test_a_figure_that_nobody_sees_is_not_printed(looks: str):
    """
    White, tiny, squeezed, hidden, struck, drawn as a sign: its box is named.
    """
    assert any("行政许可" in place for place in differences(looking(looks))[Kind.MISSING])


def test_white_on_black_and_small_print_are_seen():
    for looks in (f'{BLACK}<w:color w:val="FFFFFF"/>', '<w:sz w:val="12"/>'):
        assert {} == differences(looking(looks))


@pytest.mark.long
@pytest.mark.parametrize(
    "cut",
    [
        "p.text[:50]",
        "p.text[:1000]",
        "p.text[1:]",
        "p.text|truncate(80)",
        "p.text|upper",
    ],
)
def test_a_text_that_is_cut_or_changed_is_named(cut: str):
    """
    However far behind.
    """
    whole = cut[:6]
    found = differences(lambda xml: xml.replace(f"{{{{ {whole} }}}}", f"{{{{ {cut} }}}}"))

    assert found[Kind.MISSING]


def test_a_text_of_which_paragraphs_are_left_out_is_named():
    found = differences(replaced("for p in overview", "for p in overview[:20]"))

    assert FORM.section["overview"].heading in found[Kind.MISSING]


@pytest.mark.long
@pytest.mark.parametrize(
    "change",
    [
        replaced("第二十条第（一）项", "第二十条第（二）项"),
        replaced("二、主动公开政府信息情况", "二、主动公开情况"),
        replaced("<w:t>行政许可</w:t>", "<w:t>许可</w:t>"),
        replaced(LABEL, LABEL.replace("<w:rPr>", '<w:rPr><w:color w:val="FFFFFF"/>')),
    ],
    ids=["article", "heading", "label", "white label"],
)
def test_official_words_that_are_altered_or_not_seen_are_named(change: Change):
    assert differences(change)


def test_no_figure_of_a_trial_stands_twice():
    """
    Totals included: whatever is printed at a wrong place is found, and whose it is.
    """
    for trial in trials(FORM):
        figures = trial.figures.all()
        assert len(FORM.cells) == len(figures) == len(set(figures.values()))


def test_two_figures_in_each_others_boxes_are_named():
    """
    Case 43: both boxes, each with whose figure stands in it.
    """
    found = differences(swapped("{{f107}}", "{{f108}}"))

    assert {Kind.OTHERS} == found.keys()
    assert 2 == len(found[Kind.OTHERS])


def test_a_text_that_is_not_printed_is_named():
    """
    Case 43: a document without its texts.
    """
    found = differences(lambda xml: xml.replace("{{ p.text }}", ""))

    assert {"一、总体情况", "引言"} <= set(found[Kind.MISSING])


def test_a_signature_printed_as_a_value_of_the_program_is_named():
    """
    Case 43: «Signed(…)».
    """
    found = differences(replaced("{{ line.signed }}", "{{ line }}"))

    assert "落款" in found[Kind.MISSING]


RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (replaced("{{f107}}", "{{f107}}0"), Kind.WRONG),
        (replaced("{{f107}}", "{% if draft %}{{f107}}{% endif %}"), Kind.MISSING),
        (replaced("{{f107}}", "{% if f107 == '5' %}{{f107}}{% else %}0{% endif %}"), Kind.WRONG),
        (replaced("{{f107}}", "{{f107 if f107 != '0' else ''}}"), Kind.MISSING),
        (replaced("{{f107}}", f"{{{{f107}}}}</w:t></w:r><w:r>{RAISED}<w:t>1"), Kind.WRONG),
        (replaced("五、存在的主要问题及改进情况", "五、主要问题"), Kind.WRONG),
        (replaced("行政许可", "行政审批"), Kind.MISSING),
        (swapped("for p in overview ", "for p in other_matters "), Kind.MISSING),
        (lambda xml: xml.replace("{{ p.text }}", "{{ p.text }}{{ p.text }}"), Kind.MISSING),
        (replaced("{{ p.head }}", ""), Kind.MISSING),
        (replaced("{{ line }}", "{{ title[0] }}"), Kind.MISSING),
        (replaced("{{ signature_date.signed }}", "{{ signature_date.right }}"), Kind.MISSING),
        (replaced("{{ line }}", "{{ title[0] }}2024年{{ line[:0] }}年度报告"), Kind.MISSING),
        (replaced("（草稿）", "（）"), None),
    ],
)
def test_what_is_printed_otherwise_is_found(change: Change, kind: Kind | None):
    """
    Also where it looks right as long as all figures are 0, or only in a draft.
    """
    found = differences(change)

    assert (set() if kind is None else {kind}) <= found.keys()
    assert (kind is None) == (not found)


def test_a_draft_that_does_not_say_so_is_refused():
    """
    On none of its pages; the headers alone would do.
    """

    def silent(xml: str) -> str:
        return re.sub("草　稿|草稿　尚未定稿，请勿对外发布|（草稿）", "", xml)

    headers = {
        name: silent(data.decode())
        for name, data in parts(build_template(FORM)).items()
        if "header" in name
    }
    said = prove(prepare(changed(silent), FORM), FORM)
    silenced = prove(prepare(changed(silent, more=headers), FORM), FORM)

    assert () == said.refused
    assert {Kind.NOT_A_DRAFT} == {difference.kind for difference in silenced.refused}


def test_a_line_of_the_offices_own_is_said_and_not_refused():
    """
    It stands in every report, and is no figure or text of it.
    """
    line = "<w:p><w:r><w:t>（此件公开发布）</w:t></w:r></w:p>"
    proof = prove(prepare(changed(replaced("<w:sectPr", f"{line}<w:sectPr")), FORM), FORM)

    assert () == proof.refused
    assert {Kind.ADDED} == {difference.kind for difference in proof.differences}


def test_a_tag_that_is_hidden_is_refused():
    """
    Hidden text is printed nowhere.
    """
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>{{f107}}</w:t></w:r>"
    found = differences(replaced("<w:r><w:t>{{f107}}</w:t></w:r>", hidden))

    assert {Kind.MISSING} == found.keys()


def test_a_figure_in_a_split_tag_is_filled_in_also_when_it_is_long():
    """
    What Word does to a tag changes nothing, seven digits included.
    """
    assert {} == differences(replaced("{{f107}}", "{{</w:t></w:r><w:r><w:t>f107}}"))


def test_what_cannot_be_filled_in_is_refused_before():
    """
    With its own sentence.
    """
    with pytest.raises(TemplateError):
        differences(replaced("{{f107}}", "295"))
