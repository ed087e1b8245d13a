"""The machine: Python and the packages, LibreOffice, fonts, disk, time zone."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from bot.doctor.result import Result, fault, fine, warning
from bot.files import faces
from bot.files.pictures import pictures_available
from bot.handle import Clock
from bot.settings import Settings
from conversations.wording.reminders import day_name

LEAST_FREE, LITTLE_FREE = 200_000_000, 1_000_000_000  # bytes
# By package: the extra that installs it, and its purpose.
EXTRAS = {
    "pdfplumber": ("pdf", "读 PDF 的年报"),
    "pypdfium2": ("pictures", "把页面画成图片"),
    "docxtpl": ("template", "机关自己的 Word 模板"),
    "psycopg": ("postgresql", "PostgreSQL 数据库"),
    "uvicorn": ("webhook", "webhook 和运行状况的端口"),
}
INSTALL = "pip install 'nianbao[{extra}]'"
OFFICE = "sudo apt install libreoffice-writer-nogui"
FONTS = "sudo apt install fonts-noto-cjk"
# Not in a home folder: a service runs under an account of its own.
FACES = "把有授权的字体文件放进 /usr/local/share/fonts，运行 sudo fc-cache -f，再重启程序"
CJK = ("Noto Serif CJK SC", "Noto Sans CJK SC", "FandolSong", "SimSun", "宋体")


def machine(settings: Settings, data: Path) -> Iterator[Result]:
    """Everything outside the program itself."""
    yield fine("python", f"Python {platform.python_version()}（{sys.executable}）")
    yield from _extras(settings)
    yield _office()
    yield from _fonts()
    yield _disk(data)
    moment = Clock.read(settings.time_zone).now
    shown = f"{day_name(moment.date())} {moment:%H:%M}（{settings.time_zone.key}）"
    yield fine("time_zone", f"本机时间 {shown}")


def _extras(settings: Settings) -> Iterator[Result]:
    needed = set()
    if settings.webhook_url or settings.health_listen:
        needed.add("webhook")
    if settings.database_url and settings.database_url.get_secret_value().startswith("postgres"):
        needed.add("postgresql")
    there = []
    for package, (extra, what) in EXTRAS.items():
        if find_spec(package) is not None:
            there.append(extra)
            continue
        missing = fault if extra in needed else warning
        yield missing("packages", f"没有安装：{what}", INSTALL.format(extra=extra))
    if there:
        yield fine("packages", f"装有的组件：{'、'.join(there)}")


def _office() -> Result:
    if pictures_available():
        return fine("libreoffice", "LibreOffice 已安装")
    return warning(
        "libreoffice", "没有 LibreOffice：没有页面预览和 PDF，读不了旧的 .doc 文件", OFFICE
    )


def _fonts() -> Iterator[Result]:
    known = faces.installed()
    if not known:
        yield warning(
            "fonts", "查不到装了哪些字体（没有 fontconfig）", "sudo apt install fontconfig"
        )
        return
    if known.isdisjoint(CJK):
        yield warning("fonts", "没有中文字体：页面预览和 PDF 里是空框", FONTS)
        return
    missing = [names[0] for names in faces.STAND_INS if known.isdisjoint(names)]
    if missing:
        text = f"没有公文字体：{'、'.join(missing)}；预览和 PDF 用别的字体代替，Word 文件不受影响"
        yield warning("fonts", text, FACES)
    else:
        yield fine("fonts", "公文字体都有")


def _disk(data: Path) -> Result:
    place = data.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        return fault("disk", f"看不到数据文件夹所在的磁盘：{os.strerror(error.errno or 0)}")
    text = f"磁盘还有 {free / 1e9:,.1f} GB（{place}）"
    mend = f"腾出空间，或换一个 NIANBAO_DATA_DIR：df -h {place}"
    if free < LEAST_FREE:
        return fault("disk", text, mend)
    return warning("disk", text, mend) if free < LITTLE_FREE else fine("disk", text)
