"""
Everything of a county handed out: the memory of the archive, and how long each kind takes.

The documents are kept ones of 200 kB that no compression makes smaller, so that whatever held them
all would show it: as 56 MB more. SQLite's own cache may take 16 MB, and is full after a hundred.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from conversations.sign_off.states import Deed, ReportState
from storage import Store
from storage.sign_off import SignOffs, Version
from tests.bench import spread
from tests.bench.document import PEAK, ROOT
from tests.handed_out import COUNTY, NOW, YEAR, decided, report

FEW, MANY = 20, 300
BYTES = 200_000  # of a document

ARCHIVE = f"""
import sys
from pathlib import Path
from bot.county.handing_out import County, HandingOut
from storage import Store
from tests.handed_out import NOW
data = Path(sys.argv[1])
with Store.open(data) as store:
    county = County(int(sys.argv[2]), "{COUNTY}", {YEAR}, data)
    list(HandingOut(store, county, NOW).files(data / "out", sys.argv[3].split(",")))
"""


def run(rounds: int = 3) -> None:
    """
    Peak memory of a whole process (VmHWM, of a child), then seconds.
    """
    with tempfile.TemporaryDirectory() as folder:
        few, many = (filled(Path(folder) / str(count), count) for count in (FEW, MANY))
        print(f"-- peak memory of a process that archives documents of {BYTES:,} bytes")
        rounds_of = [[peak(*where, "zip") for where in (few, many)] for _ in range(rounds)]
        small, large = rounds_of[-1]
        ratios = [large / small for small, large in rounds_of]
        print(f"{FEW} documents: ratio 1 ({small / 1024:.1f} MiB)")
        print(f"{MANY} documents: ratio {spread(ratios)} ({large / 1024:.1f} MiB)  goal ≤ 1.2")
        print(f"-- {MANY} organs, counted already: seconds of a whole process")
        for kind in ("csv", "xlsx", "zip"):
            began = time.perf_counter()
            peak(*many, kind)
            print(f"{kind}: {time.perf_counter() - began:.1f}")


def filled(data: Path, count: int) -> tuple[Path, int]:
    """
    A store with so many approved reports below a county; its folder and the county's id.
    """
    made = random.Random(1)
    with Store.open(data) as store, store.begin() as unit:
        for number in range(count):
            report_id = report(unit, f"雷州县第{number}镇人民政府", number)
            step = decided(unit, report_id, Deed.SUBMIT, ReportState.SUBMITTED)
            SignOffs(unit).keep_version(step, Version("x.docx", made.randbytes(BYTES)))
            decided(unit, report_id, Deed.APPROVE, ReportState.APPROVED)
        return data, unit.organ(COUNTY, NOW)


def peak(data: Path, organ_id: int, kinds: str) -> int:
    """
    KiB.
    """
    done = subprocess.run(
        [sys.executable, "-c", ARCHIVE + PEAK, data, str(organ_id), kinds],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)
