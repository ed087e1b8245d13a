"""
The picture of the main figures as PNG.
"""

import io

import pytest
from PIL import Image, ImageDraw

from bot.files import charts
from bot.files.charts import SCALE, NoPicture, png
from bot.telegram.attachments import draw
from conversations.drawing import Bar, Picture, Words
from conversations.talk.report_picture import ReportProgress
from conversations.talk.year_picture import picture
from tests.conftest import missing
from tests.drawn import YEARS, Box, faults

DRAWING = Picture(
    100, 60, (Bar(0, 0, 100, 60, "#ffffff"), Bar(10, 10, 20, 30, "#1f5fa8")), "一个条形", ""
)


def _image(drawing: Picture) -> Image.Image:
    return Image.open(io.BytesIO(png(drawing))).convert("RGB")


@pytest.fixture
def font(require_tool):
    """
    A machine with Chinese fonts.
    """
    require_tool("fc-list")
    charts._font.cache_clear()
    try:
        png(DRAWING)
    except NoPicture:
        missing("a Chinese font (Debian: fonts-noto-cjk)", "NIANBAO_REQUIRE_TOOLS")


@pytest.mark.usefixtures("font")
def test_the_picture_is_drawn_at_twice_its_size():
    """
    The bar stands where it should, in its colour, and nowhere else.
    """
    image = _image(DRAWING)

    assert (200, 120) == image.size
    assert (0x1F, 0x5F, 0xA8) == image.getpixel((30, 40))
    assert (255, 255, 255) == image.getpixel((61, 40))
    assert (255, 255, 255) == image.getpixel((30, 81))


@pytest.mark.usefixtures("font")
def test_chinese_is_written_and_not_boxes():
    """
    Two characters do not look alike, as the boxes for missing ones would.
    """
    one, other = (
        _image(Picture(40, 40, (Words(5, 30, char, 20),), "", "")).tobytes() for char in "年报"
    )

    assert one != other


@pytest.mark.usefixtures("font")
def test_nothing_is_over_anything_else_in_the_font_that_draws_it():
    """
    By the font's own measures, bold strokes with it; and no larger than Telegram takes a photo.
    """
    pen = ImageDraw.Draw(Image.new("L", (1, 1)))

    def box(words: Words) -> Box:
        left, top, right, foot = pen.textbbox(**charts._set(words))
        return left / SCALE, top / SCALE, right / SCALE, foot / SCALE

    for case in YEARS.values():
        drawing = picture(*case)

        assert [] == list(faults(drawing, box))
        assert SCALE * (drawing.width + drawing.height) <= 10_000


@pytest.mark.usefixtures("font")
def test_what_is_said_beside_it_is_no_longer_than_telegram_takes():
    """
    Counted in UTF-16, no character in half.
    """
    progress = ReportProgress("甲镇", 2025, ("𠮷" * 1500,), ())

    content, said = draw({"progress": progress.dumps()})

    assert content is not None
    assert 1023 <= len(said.encode("utf-16-le")) // 2 <= 1024


def test_without_a_chinese_font_there_is_no_picture(monkeypatch):
    """
    The caller is told and sends none.
    """
    charts._font.cache_clear()
    monkeypatch.setattr(charts, "_installed", list)
    monkeypatch.setattr(charts, "_KNOWN", ())

    try:
        with pytest.raises(NoPicture):
            png(DRAWING)
    finally:
        charts._font.cache_clear()


def test_a_font_without_chinese_is_not_taken(tmp_path):
    """
    A file that is no font, and none at all.
    """
    (tmp_path / "x.ttf").write_bytes(b"no font")

    assert not charts._writes_chinese(str(tmp_path / "x.ttf"), 0)
    assert not charts._writes_chinese(str(tmp_path / "y.ttf"), 0)
