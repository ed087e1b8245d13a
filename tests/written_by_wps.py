"""
A template as WPS saves it, with what WPS adds according to published files.

WPS itself cannot be run here.
"""

import io
import zipfile

from tests.docx_structure import parts

MACHINE = "eyJoZGlkIjoiMDAwMDAwMDAwMCJ9"  # {"hdid": …}, the id of a machine

_ROOT = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:wp14="http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:wpsCustomData="http://www.wps.cn/officeDocument/2013/wpsCustomData"'
    ' mc:Ignorable="w14 wp14"'
)
_SESSION = 'w:rsidR="7F8960EF" w14:paraId="4F11ED91" w14:textId="77777777"'
_BOX = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0"'
    ' distL="114300" distR="114300" simplePos="0" relativeHeight="251659264" behindDoc="0"'
    ' locked="0" layoutInCell="1" allowOverlap="1" wp14:anchorId="4F11ED92"'
    ' wp14:editId="4F11ED93"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="margin">'
    '<wp:align>outside</wp:align></wp:positionH><wp:positionV relativeFrom="paragraph">'
    "<wp:posOffset>0</wp:posOffset></wp:positionV>"
    '<wp:extent cx="1828800" cy="1828800"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
    '<wp:wrapNone/><wp:docPr id="1" name="文本框 1"/><wp:cNvGraphicFramePr/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData'
    ' uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
    '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="1828800" cy="1828800"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    "</wps:spPr><wps:txbx><w:txbxContent><w:p><w:r><w:t>内部</w:t></w:r></w:p>"
    '</w:txbxContent></wps:txbx><wps:bodyPr vert="horz" wrap="none"/></wps:wsp></a:graphicData>'
    "</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict>"
    '<v:shape id="_x0000_s1026" o:spt="202" type="#_x0000_t202" style="position:absolute">'
    "<v:textbox><w:txbxContent><w:p><w:r><w:t>内部</w:t></w:r></w:p></w:txbxContent></v:textbox>"
    "</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
_SETTINGS = (
    f'<w:docVars><w:docVar w:name="commondata" w:val="{MACHINE}"/></w:docVars>'
    '<w:rsids><w:rsidRoot w:val="00000000"/><w:rsid w:val="7F8960EF"/></w:rsids>'
)
_VERSION = (
    '<mc:AlternateContent><mc:Choice Requires="wpsCustomData">'
    '<wpsCustomData:typoFeatureVersion val="0"/></mc:Choice></mc:AlternateContent>'
)
_STYLE = (
    '<w:style w:type="character" w:customStyle="1" w:styleId="13"><w:name w:val="font11"/>'
    '<w:uiPriority w:val="0"/><w:semiHidden w:val="0"/><w:qFormat w:val="1"/></w:style>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_TYPE = "application/vnd.openxmlformats-officedocument"
_GO_BACK = '<w:p><w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/></w:p>'
_TYPES = f'<Override PartName="/docProps/custom.xml" ContentType="{_TYPE}.custom-properties+xml"/>'
_PROPERTIES = (
    f'<Relationship Id="rId9" Type="{_OFFICE}/relationships/custom-properties"'
    ' Target="docProps/custom.xml"/>'
)
_DATA = (
    f'<Relationship Id="rId99" Type="{_OFFICE}/relationships/customXml"'
    ' Target="../customXml/item1.xml"/>'
)
_CUSTOM = (
    f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer">'
    "<vt:lpwstr>2052-12.1.0.16120</vt:lpwstr></property></Properties>"
)
_ITEM = '<s:customData xmlns:s="http://www.wps.cn/officeDocument/2013/wpsCustomData"/>'


def as_wps_saves(template: bytes) -> bytes:
    """
    The same .docx with what WPS adds.
    """
    found = {name: data.decode() for name, data in parts(template).items()}

    def put(name: str, *changes: tuple[str, str]) -> None:
        for before, after in changes:
            assert before in found[name], (name, before)
            found[name] = found[name].replace(before, after)

    for name, root in (
        ("document", "<w:document "),
        ("settings", "<w:settings "),
        ("styles", "<w:styles "),
        ("footer1", "<w:ftr "),
    ):
        put(f"word/{name}.xml", (root, f"{root}{_ROOT} "))
    put(
        "word/document.xml",
        ("<w:p><w:pPr>", f"<w:p {_SESSION}><w:pPr>"),
        ("<w:body>", f"<w:body>{_GO_BACK}"),
        ("<w:tr>", f'<w:tr {_SESSION}><w:tblPrEx><w:tblLayout w:type="fixed"/></w:tblPrEx>'),
        ("<w:vAlign ", '<w:noWrap w:val="0"/><w:vAlign '),
        (
            'w:hint="eastAsia"/></w:rPr>',
            'w:hint="default"/><w:vertAlign w:val="baseline"/></w:rPr>',
        ),
        ("</w:sectPr>", '<w:docGrid w:linePitch="312" w:charSpace="0"/></w:sectPr>'),
    )
    put(
        "word/footer1.xml",
        ("<w:p>", f"<w:p {_SESSION}>"),
        ("</w:p></w:ftr>", f"{_BOX}</w:p></w:ftr>"),
    )
    put(
        "word/settings.xml",
        ("</w:compat>", f"</w:compat>{_SETTINGS}"),
        ("</w:settings>", f"{_VERSION}</w:settings>"),
    )
    put("word/styles.xml", ("</w:styles>", f"{_STYLE}</w:styles>"))
    put("[Content_Types].xml", ("</Types>", f"{_TYPES}</Types>"))
    put("_rels/.rels", ("</Relationships>", f"{_PROPERTIES}</Relationships>"))
    put("word/_rels/document.xml.rels", ("</Relationships>", f"{_DATA}</Relationships>"))
    found["docProps/custom.xml"] = _CUSTOM
    found["customXml/item1.xml"] = _ITEM
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in found.items():
            file.writestr(name, text)
    return out.getvalue()
