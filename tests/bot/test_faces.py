"""
Which faces a page is drawn with, and in whose place.
"""

import io
import re
import zipfile

import pytest

from bot.files import faces
from conversations.document.write.docx import render, standard
from tests.written import leiming

ASKED = ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "Times New Roman")
DEBIAN = ("Noto Serif CJK SC", "Noto Sans CJK SC", "Liberation Serif")
ON_DEBIAN = ("NotoSerifCJKjp-Bold-VKana", "NotoSansCJKjp-Regular-VKana", "LiberationSerif")


def asking(document: str, styles: str = "") -> bytes:
    """
    A package that asks for faces in its text and in its styles.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, asked in (("document", document), ("styles", styles)):
            fonts = "".join(f'<w:rFonts w:eastAsia="{face}"/>' for face in asked.split())
            package.writestr(f"word/{name}.xml", f"<w>{fonts}</w>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("known", "drawn", "expected"),
    [
        (DEBIAN, ON_DEBIAN, ASKED),
        ((*DEBIAN, *ASKED), ON_DEBIAN, ()),
        (
            (*DEBIAN, "仿宋_GB2312"),
            ("FangSong_GB2312", *ON_DEBIAN[1:]),
            ("黑体", "Times New Roman"),
        ),
        ((*DEBIAN, "FandolFang"), ("FandolFang-Regular", "LiberationSerif"), ASKED[1::4]),
        ((), ("FandolFang-Regular", "UKaiCN"), ("仿宋_GB2312", "楷体_GB2312")),
        ((), ("FangSong_GB2312", "SimHei"), ()),
        (DEBIAN, None, ASKED),
    ],
)
def test_what_is_drawn_in_the_place_of_another_face_is_named(
    known: tuple[str, ...], drawn: tuple[str, ...] | None, expected: tuple[str, ...]
):
    """
    By the official name; not one that is there, nor one that nothing is written in.
    """
    document = render(standard("2021"), leiming())

    assert expected == faces.replaced(document, known, drawn)


def test_of_other_faces_those_are_named_that_the_text_asks_for():
    """
    An office's own template may ask for any; its styles name many that nothing is written in.
    """
    document = asking("微软雅黑 宋体", "等线 宋体")

    assert ("宋体", "微软雅黑") == faces.replaced(document, DEBIAN, ON_DEBIAN)
    assert ("宋体",) == faces.replaced(document, (*DEBIAN, "微软雅黑"), ON_DEBIAN)


def test_an_installed_face_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    """
    The others lead to their stand-ins, in order.
    """
    monkeypatch.setattr(faces, "installed", lambda: frozenset({"仿宋_GB2312", *DEBIAN}))

    tested = re.findall('name="family"><string>([^<]*)</string>', faces.rules())

    assert "仿宋_GB2312" not in tested
    assert {"仿宋", *ASKED} - {"仿宋_GB2312"} <= set(tested)


def test_where_fontconfig_cannot_be_asked_nothing_is_known(monkeypatch: pytest.MonkeyPatch):
    """
    No tool, or one that fails.
    """
    ask = faces.installed.__wrapped__
    for tool in (None, "/bin/false"):
        monkeypatch.setattr("shutil.which", lambda _, tool=tool: tool)
        assert frozenset() == ask()
