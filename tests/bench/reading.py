"""
One report read, of each kind of file, against the least that opens the same file at all.

The baseline unpacks the archive and parses its XML, or decodes and parses the page, and
understands nothing.
"""

import io
import statistics
import time
import zipfile
from collections.abc import Callable

from lxml import etree, html

from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from tests.bench import CPU, compare
from tests.reading_variants import model_of, sample_of, to_docx, to_html, to_txt

FILES = 10


def run() -> None:
    """
    Each kind of file against its baseline, then in milliseconds, then a folder.
    """
    models = [model_of(sample_of(seed, "2021")) for seed in range(FILES)]
    files = {
        ".docx": [to_docx(model) for model in models],
        ".html": [to_html(model, messy=True) for model in models],
        ".txt": [to_txt(model, "word") for model in models],
    }
    bare: dict[str, Callable[[bytes], object]] = {
        ".docx": opened,
        ".html": html.document_fromstring,
        ".txt": lambda data: data.decode().split("\n"),
    }
    for kind, batch in files.items():
        print(f"-- {kind}")
        compare(
            {"opened and parsed": over(bare[kind], batch), "read()": over(whole, batch)},
            clock=CPU,
            rounds=5,
        )
    print("-- one file, milliseconds of one core")
    for kind, batch in files.items():
        spent = [cost(data) for data in batch * 3]
        print(f"{kind}: median {statistics.median(spent):.1f}, most {max(spent):.1f}")
    print("-- a folder of 1,000 files of the three kinds")
    folder = [data for batch in files.values() for data in batch]
    began = time.perf_counter()
    for number in range(1000):
        whole(folder[number % len(folder)])
    print(f"{time.perf_counter() - began:.1f} s")


def opened(data: bytes) -> object:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def whole(data: bytes) -> ReadReport:
    found = read(data)
    assert isinstance(found, ReadReport)
    assert not found.unread
    return found


def over(work: Callable[[bytes], object], batch: list[bytes]) -> Callable[[], int]:
    def candidate() -> int:
        for data in batch:
            work(data)
        return len(batch)

    return candidate


def cost(data: bytes) -> float:
    began = time.process_time()
    whole(data)
    return 1000 * (time.process_time() - began)
