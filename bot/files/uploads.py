"""The text of a file that somebody sent for a narrative: .docx or .txt, bounded."""

from __future__ import annotations

import io
import zipfile
from xml.parsers import expat

LIMIT = 20 * 1024 * 1024  # bytes, as sent
UNPACKED_LIMIT = 60 * 1024 * 1024  # bytes of the one part that is read
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class UploadError(Exception):
    """The file holds no text that we can read; the sentence is for the clerk."""


def text_of(data: bytes, name: str) -> str:
    """
    The running text of a file, a paragraph a line.

    Raises:
        UploadError: Too large, broken, or no text.
    """
    if len(data) > LIMIT:
        raise UploadError("文件太大了，请不要超过 20 MB，或者把正文直接发过来。")
    if data.startswith(b"PK"):
        return _docx_text(data)
    if data.startswith(b"\xd0\xcf\x11\xe0") or name.lower().endswith(".doc"):
        raise UploadError("旧的 .doc 文件读不了，请另存为 .docx 再发，或者把正文直接发过来。")
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UploadError("这个文件里读不到文字，请发 .docx 或 .txt 文件，或者把正文直接发过来。")


def _docx_text(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > UNPACKED_LIMIT:
                raise UploadError("文件太大了，请把正文直接发过来。")
            with archive.open(part) as stream:
                xml = stream.read(UNPACKED_LIMIT + 1)
        if len(xml) > UNPACKED_LIMIT:
            raise UploadError("文件太大了，请把正文直接发过来。")
        return _paragraphs(xml)
    except UploadError:
        raise
    except Exception as error:  # a broken archive raises all kinds of things
        raise UploadError("这个 Word 文件打不开，请另存一份再发，或者把正文直接发过来。") from error


def _paragraphs(xml: bytes) -> str:
    """The text of a Word part, without entities, deleted text or field codes."""
    parser = expat.ParserCreate(namespace_separator=" ")
    paragraphs: list[str] = []
    current: list[str] = []
    inside: list[str] = []

    def refuse(*_: object) -> None:
        raise UploadError("这个 Word 文件里有不认识的内容，请把正文直接发过来。")

    def start(tag: str, _: dict[str, str]) -> None:
        name = tag.removeprefix(f"{WORD} ")
        inside.append(name)
        if name == "br":
            current.append("\n")
        elif name == "tab":
            current.append("\t")

    def end(tag: str) -> None:
        inside.pop()
        if tag == f"{WORD} p":
            paragraphs.append("".join(current))
            current.clear()

    def text(data: str) -> None:
        if inside and inside[-1] == "t":
            current.append(data)

    parser.EntityDeclHandler = refuse
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.Parse(xml, True)
    return "\n".join(paragraphs).strip("\n")
