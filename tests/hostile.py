"""
Small files that make a reader use much memory or time.
"""

import base64
import io
import zipfile
import zlib
from collections.abc import Callable

from tests.reading_variants import archive

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TEXT = b"BT /F1 12 Tf 72 700 Td (2023) Tj ET "
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
WIDE = b"<</Type/Font/Subtype/Type0/BaseFont/F/Encoding/Identity-H/DescendantFonts[%s]%s>>"
DESCENDANT = (
    b"<</Type/Font/Subtype/CIDFontType2/BaseFont/F/CIDSystemInfo<</Registry(Adobe)/Ordering"
    b"(Identity)/Supplement 0>>%s/FontDescriptor<</Type/FontDescriptor/FontName/F/Flags 4>>>>"
)


def pdf(
    content: bytes = TEXT,
    *,
    packing: bytes = b"",
    font: bytes = FONT,
    resources: bytes = b"",
    contents: bytes = b"5 0 R",
    page: bytes = b"",
    kids: bytes = b"3 0 R",
    more: dict[int, bytes] | None = None,
    trailer: bytes = b"",
) -> bytes:
    """
    A PDF of one page; `more` are objects from the sixth on.
    """
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[%s]>>" % kids,
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %s%s"
        b"/Resources<</Font<</F1 4 0 R>>%s>>>>" % (contents, page, resources),
        4: font,
        5: stream(content, packing),
        **(more or {}),
    }
    body = b"".join(b"%d 0 obj%s endobj\n" % each for each in objects.items())
    return b"%%PDF-1.5\n%strailer<</Root 1 0 R%s>>\n%%%%EOF" % (body, trailer)


def stream(content: bytes, packing: bytes = b"", entries: bytes = b"") -> bytes:
    """
    A stream with these filters.
    """
    filters = b"/Filter%s" % packing if packing else b""
    return b"<</Length %d%s%s>>stream\n%s\nendstream" % (len(content), filters, entries, content)


def packed(size: int, unit: bytes = b"0 ") -> bytes:
    """
    `size` bytes, compressed twice; the first compression is done for one block, which is repeated.
    """
    chunk = unit * (1_000_000 // len(unit))
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    block = deflate.compress(chunk) + deflate.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(size // len(chunk)):
        check = zlib.adler32(chunk, check)
    end = b"\3\0" + check.to_bytes(4, "big")
    return zlib.compress(b"\x78\x9c" + block * (size // len(chunk)) + end)


def many(unit: bytes, count: int) -> bytes:
    """
    The text once for each number below `count`, with the number filled in.
    """
    return b"".join(unit % number for number in range(count))


def forms() -> bytes:
    """
    Nine form objects; each draws the next one ten times.
    """
    more = {}
    for number in range(6, 15):
        drawn = b"/X Do " * 10 if number < 14 else TEXT * 10
        inner = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 4 0 R>>"
        inner += b"/XObject<</X %d 0 R>>>>" % (number + 1)
        more[number] = stream(drawn, entries=inner)
    return pdf(b"/X Do ", resources=b"/XObject<</X 6 0 R>>", more=more)


def to_unicode() -> bytes:
    """
    A character map with a range of four billion characters.
    """
    cmap = (
        b"/CIDInit /ProcSet findresource begin 1 begincmap 1 begincodespacerange <00000000> "
        b"<ffffffff> endcodespacerange 1 beginbfrange <00000000> <ffffffff> <0041> endbfrange "
        b"endcmap"
    )
    font = WIDE % (DESCENDANT % b"", b"/ToUnicode 6 0 R")
    return pdf(TEXT.replace(b"(2023)", b"<00410042>"), font=font, more={6: stream(cmap)})


def _list_changed(at: int, value: int) -> Callable[[bytes], bytes]:
    """
    An archive in which a number is changed in each entry of the list.
    """

    def changed(archive_: bytes) -> bytes:
        data = bytearray(archive_)
        entry = data.find(b"PK\x01\x02")
        while entry >= 0:
            data[entry + at : entry + at + 2] = value.to_bytes(2, "little")
            entry = data.find(b"PK\x01\x02", entry + 4)
        return bytes(data)

    return changed


# Faults in the list of an archive; the library raises a different error for each.
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a version that there is not": _list_changed(6, 99),
    "a packing that there is not": _list_changed(10, 98),
    "a password": _list_changed(8, 1),
    "a name of another encoding": lambda data: _list_changed(8, 0x800)(
        data.replace(b".xml", b".x\xff\xfe")
    ),
    "entries that begin elsewhere": _list_changed(42, 0xFFFF),
    "an end that says too much": lambda data: data[:-10] + b"\xff" * 8 + data[-2:],
    "a list that is cut": lambda data: data[: data.rindex(b"PK\x01\x02") + 20] + data[-22:],
}


def widths() -> bytes:
    """
    A font with the widths of two billion characters.
    """
    return pdf(font=WIDE % (DESCENDANT % b"/W [0 2000000000 500]", b""))


def cross_references() -> bytes:
    """
    A cross-reference table of two billion objects.
    """
    entries = b"/Type/XRef/W[1 2 1]/Index[0 2000000000]/Size 2000000000/Root 1 0 R"
    data = pdf() + b"\n9 0 obj" + stream(b"\0" * 4000, entries=entries) + b" endobj\n"
    return data + b"startxref\n%d\n%%%%EOF" % data.rindex(b"9 0 obj")


def word(content: str, **parts: str) -> bytes:
    return archive(f"<w:document {W}><w:body>{content}</w:body></w:document>", **parts)


def zipped(count: int = 1, **parts: bytes) -> bytes:
    """
    An archive of these parts, with the first one stored `count` times.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for name, data in parts.items():
            made.writestr(name.replace("__", "/") + ".xml", data)
        name, data = next(iter(parts.items()))
        for number in range(1, count):
            made.writestr(f"{name.replace('__', '/')}{number}.xml", data)
    return out.getvalue()


def overlapping() -> bytes:
    """
    An archive whose list contains the same part a thousand times.
    """
    data = zipped(word__document=b"<a>" + b" " * 10_000_000 + b"</a>")
    at = data.index(b"PK\x01\x02")
    entry, end = data[at : data.index(b"PK\x05\x06")], data[data.index(b"PK\x05\x06") :]
    count = (1000).to_bytes(2, "little") * 2
    size = (len(entry) * 1000).to_bytes(4, "little")
    return data[:at] + entry * 1000 + end[:8] + count + size + end[16:]


def message(depth: int) -> bytes:
    """
    A web page in one file, with its parts nested in each other.
    """
    heads = b"".join(
        b'Content-Type: multipart/related; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(depth)
    )
    return b"MIME-Version: 1.0\r\n" + heads + b"Content-Type: text/html\r\n\r\n<p>x"


def old_word() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") * 50_000


EMPTY = '<w:tc><w:tcPr><w:gridSpan w:val="999999"/></w:tcPr><w:p/></w:tc>'
SPANNED = b"<td rowspan=65000 colspan=1000>1</td>"
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))

HOSTILE: dict[str, Callable[[], bytes]] = {
    "widths.pdf": widths,
    "forms.pdf": forms,
    "to-unicode.pdf": to_unicode,
    "hex.pdf": lambda: pdf(
        packed(300_000_000).hex().encode(), packing=b"[/ASCIIHexDecode/FlateDecode/FlateDecode]"
    ),
    "ascii85.pdf": lambda: pdf(
        base64.a85encode(packed(300_000_000)), packing=b"[/ASCII85Decode/FlateDecode/FlateDecode]"
    ),
    "columns.pdf": lambda: pdf(
        zlib.compress(b"\2" * 100),
        packing=b"/FlateDecode/DecodeParms<</Predictor 12/Columns 2000000000>>",
    ),
    "letters.pdf": lambda: pdf(
        zlib.compress(b"BT /F1 1 Tf (" + b"a" * 5_000_000 + b") Tj ET"), packing=b"/FlateDecode"
    ),
    "contents.pdf": lambda: pdf(TEXT * 500, contents=b"[%s]" % (b"5 0 R " * 5000)),
    "map.pdf": lambda: pdf(
        zlib.compress(
            TEXT + b"".join(b"%d %d 3 3 re f " % (n % 590, n // 130) for n in range(100_000))
        ),
        packing=b"/FlateDecode",
    ),
    "lines.pdf": lambda: pdf(
        zlib.compress(
            TEXT + b"".join(b"%d 0 m 9 %d l S " % (n % 590, n % 840) for n in range(200_000))
        ),
        packing=b"/FlateDecode",
    ),
    "kids.pdf": lambda: pdf(kids=b"2 0 R 3 0 R " * 50),
    "cross-references.pdf": cross_references,
    "previous.pdf": lambda: pdf(trailer=b"/Prev 9") + b"\nstartxref\n9\n%%EOF",
    "brackets.pdf": lambda: pdf(b"[" * 1_000_000),
    "dictionaries.pdf": lambda: pdf(page=b"/X" + b"<</X" * 100_000),
    "names.pdf": lambda: pdf(
        page=b"/X<<" + b"".join(b"/n%d 1" % n for n in range(1_000_000)) + b">>"
    ),
    "lzw.pdf": lambda: pdf(b"\x80\x0b\x60\x50" * 400_000, packing=b"/LZWDecode"),
    "run-length.pdf": lambda: pdf(b"\x81(" * 900_000, packing=b"[/RunLengthDecode]"),
    "picture.pdf": lambda: pdf(b"BI /W 99999 /H 99999 /BPC 8 /CS /RGB ID %s EI" % (b"x" * 999)),
    "matrix.pdf": lambda: pdf(b"q 9 0 0 9 0 0 cm " * 300_000 + TEXT),
    "attributes.html": lambda: b"<html><p " + many(b"a%d=1 ", 800_000) + b">",
    "one-name.html": lambda: b"<html><p " + b"a " * 4_000_000 + b">",
    "deep.html": lambda: b"<html>" + b"<div>" * 1_000_000,
    "tables.html": lambda: b"<html>" + b"<table><tr><td>" * 300_000,
    "spans.html": lambda: b"<table><tr>%s</tr>%s</table>" % (SPANNED * 5000, b"<tr></tr>" * 5000),
    "styles.html": lambda: b"<html>" + b"<b><i><u><font>x" * 500_000,
    "entities.html": lambda: b"<html>" + b"&#20844;" * 2_000_000,
    "brackets.html": lambda: b"<html>" + b"<" * 15_000_000,
    "parts.mht": lambda: message(20_000),
    "part.docx": lambda: zipped(word__document=b" " * 20_000_000),
    "deep.docx": lambda: word("<w:tbl><w:tr><w:tc>" * 100_000),
    "entries.docx": lambda: zipped(5_000, word__document=b"x"),
    "overlapping.docx": overlapping,
    "entities.docx": lambda: archive(f'<!DOCTYPE a [<!ENTITY a0 "x">{ENTITIES}]><a>&a9;</a>'),
    "attributes.docx": lambda: word(
        "<w:p " + "".join(f'w:a{n}="" ' for n in range(400_000)) + "/>"
    ),
    "spans.docx": lambda: word(f"<w:tbl>{f'<w:tr>{EMPTY * 100}</w:tr>' * 2000}</w:tbl>"),
    "numbers.docx": lambda: word("<w:p/>", numbering="<a>" * 200_000),
    "strings.xlsx": lambda: zipped(xl__workbook=b"<a/>", xl__sharedStrings=b" " * 20_000_000),
    "deep.xlsx": lambda: zipped(xl__workbook=b"<a>" * 5_000_000),
    "digits.txt": lambda: b"1" * 8_000_000,
    "headings.txt": lambda: "一、总体情况\n".encode() * 190_000,
    "table.txt": lambda: ("新收 " + "0 " * 90 + "\n").encode() * 40_000,
    "deep.rtf": lambda: b"{\\rtf1" + b"{" * 2_000_000,
    "old.doc": old_word,
}
