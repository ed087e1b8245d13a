"""
Files as they come from organs that do not use the bot, and a county to send them to.
"""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from conversations.form.model import CellId
from storage.organs import make_below
from storage.store import Store
from tests.reading_variants import Sample, Value, model_of, random_report, to_docx

COUNTY = "定安县人民政府"
SCHOOLS, TOWN, MONEY, WATER = "定安县教育局", "雷鸣镇人民政府", "定安县财政局", "定安县水务局"
YEAR = 2023
NOW = datetime(2024, 1, 10, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
RECEIVED = "requests.received.total"


def county(store: Store, *organs: str, name: str = COUNTY) -> dict[str, int]:
    """
    A county with organs below it; their ids by name.
    """
    with store.begin() as unit:
        top = unit.organ(name, NOW)
        ids = {organ: make_below(unit, organ, top, NOW) or 0 for organ in organs}
    return ids | {name: top}


def legal(organ: str, seed: int = 1, *, year: int = YEAR, edition: str = "2021") -> Sample:
    """
    A report of this organ and year whose sums hold and in which no check asks a question.
    """
    sample = random_report(seed, edition)
    sample.organ, sample.year = organ, year
    sample.title = [organ, f"{year}年政府信息公开工作年度报告"]
    sample.introduction = sample.signature = None
    sample.narratives = dict.fromkeys(sample.narratives, "本年度没有需要说明的情况。")
    for cell in sample.values:
        if cell.startswith("proactive_disclosure.rules."):
            sample.values[cell] = 0
        if cell.startswith("proactive_disclosure.normative_documents."):
            sample.values[cell] = 5 if cell.endswith(("issued", "in_force")) else 0
    return sample


def sent(
    organ: str,
    seed: int = 1,
    *,
    year: int = YEAR,
    edition: str = "2021",
    printed: Mapping[CellId, Value] | None = None,
) -> bytes:
    """
    The organ's Word file; `printed` replaces some figures.
    """
    sample = legal(organ, seed, year=year, edition=edition)
    sample.values |= printed or {}
    return to_docx(model_of(sample))


def wrong(organ: str, seed: int = 1, *, year: int = YEAR) -> bytes:
    """
    A file in which one total is too large by one.
    """
    total = legal(organ, seed).values[RECEIVED]
    assert isinstance(total, int)
    return sent(organ, seed, year=year, printed={RECEIVED: total + 1})


class _Chinese(zipfile.ZipInfo):
    """
    An entry whose name is written as GBK, as programs on Windows do.
    """

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the library's
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def zipped(files: Mapping[str, bytes], *, on_windows: bool = False) -> bytes:
    """
    An archive of the files.
    """
    out = io.BytesIO()
    entry = _Chinese if on_windows else zipfile.ZipInfo
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(entry(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
