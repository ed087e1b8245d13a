"""
One finished document, against bare jinja2 and against docxtpl; and the memory it takes.

Every report has figures of its own. The baseline is the least that can be done: the same
prepared XML filled in by jinja2 with values that lie ready, put into the same archive.
"""

import io
import itertools
import subprocess
import sys
import zipfile
from pathlib import Path

import jinja2

from bot.files.pictures import pictures_available, to_pdf
from bot.files.report_sheets import as_csv, as_workbook
from conversations.document.write.content import DocumentInput
from conversations.document.write.docx import MAIN, _context, render, standard
from conversations.document.write.html import as_html
from conversations.document.write.text import as_text
from tests.bench import CPU, WALL, Candidate, compare, spread
from tests.written import FORM, leiming

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = ROOT / "conversations" / "document" / "write" / "templates" / "annual_report_2021.docx"
BATCH = 20

fresh = itertools.count(1)


def run() -> None:
    """
    Time, then memory.
    """
    print("-- one finished document, from the answers to the bytes")
    compare(
        {
            "jinja2 over the same XML, added to a ready archive": bare,
            "render()": ours,
            "docxtpl": by_docxtpl,
        },
        clock=CPU,
    )
    print("-- the same answers in other formats")
    compare(
        {
            "render()": ours,
            "as_html()": repeated(as_html),
            "as_text()": repeated(as_text),
            "as_csv()": repeated(as_csv),
            "as_workbook()": repeated(as_workbook),
        },
        goals={"as_html()": "15 ms", "as_workbook()": "80 ms"},
        clock=CPU,
    )
    printed()
    memory()
    in_one_go()


def report() -> DocumentInput:
    """
    A report that nobody has seen yet.
    """
    n = next(fresh)
    given = leiming()
    changes = {cell: (n * 7 + i) % 90_000 for i, cell in enumerate(FORM.asked)}
    return DocumentInput(
        FORM,
        given.organ,
        given.year,
        given.answers.changed({**changes, "other_matters": f"第{n}次。"}),
    )


def reports() -> list[DocumentInput]:
    return [report() for _ in range(BATCH)]


waiting = reports()


def ours() -> int:
    for given in varied():
        render(standard("2021"), given)
    return BATCH


def repeated(write: object) -> Candidate:
    def work() -> int:
        for given in varied():
            write(given)  # type: ignore[operator]  # one of them
        return BATCH

    return work


def printed() -> None:
    """
    PDF, once LibreOffice has been started: seconds, as nobody else makes the same.
    """
    if not pictures_available():
        print("-- PDF: not measured here (no LibreOffice)")
        return
    document = render(standard("2021"), report())
    to_pdf(document)
    times = []
    for _ in range(5):
        began = WALL()
        to_pdf(document)
        times.append(WALL() - began)
    print(f"-- PDF, warm: {spread(times)} s  goal 2 s")


def varied() -> list[DocumentInput]:
    """
    The reports with one figure and one text changed; that costs next to nothing.
    """
    n = next(fresh)
    return [
        DocumentInput(
            FORM,
            given.organ,
            given.year,
            given.answers.changed(
                {
                    "proactive_disclosure.licensing.decisions": n * BATCH + i,
                    "other_matters": f"第{n * BATCH + i}次。",
                }
            ),
        )
        for i, given in enumerate(waiting)
    ]


plain = jinja2.Environment(autoescape=True).from_string(standard("2021").sources[MAIN])
values = [_context(given, draft=False) for given in waiting]


def bare() -> int:
    n = next(fresh)
    for i, given in enumerate(values):
        given["f107"] = str(n * BATCH + i)
        out = io.BytesIO(standard("2021").final)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as file:
            file.writestr(MAIN, plain.render(given).encode())
        out.getvalue()
    return BATCH


def by_docxtpl() -> int:
    from docxtpl import DocxTemplate

    n = next(fresh)
    for i, given in enumerate(values[:2]):
        given["f107"] = str(n * BATCH + i)
        template = DocxTemplate(str(TEMPLATE))
        template.render(given, jinja2.Environment(autoescape=True))
        template.save(io.BytesIO())
    return 2


# ------------------------------------------------------------------------- memory

BARE = """
import io, zipfile, jinja2, sys
with zipfile.ZipFile(sys.argv[1]) as kept:
    source = kept.read("sources/word/document.xml").decode()
    ready = kept.read("static.zip")
template = jinja2.Environment(autoescape=True).from_string(source)
class Line:
    def __init__(self, text):
        self.head, self.text, self.keep, self.signed, self.right = "", text, False, text, 0
texts = [Line("某镇主动公开政府信息，" * 20) for _ in range(8)]
for n in range(20):
    given = {f"f{i}": str(n) for i in range(1000)}
    given.update(dict.fromkeys(
        ("introduction", "overview", "problems_and_improvements", "other_matters"), texts))
    given.update(title=["某镇"], signature=[], signature_date=None, draft=False)
    out = io.BytesIO(ready)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", template.render(given).encode())
    out.getvalue()
"""

OURS = """
from conversations.form.answers import Answers
from conversations.document.write.content import DocumentInput
from conversations.document.write.docx import render, standard
from conversations.form.editions.annual_report_2021 import ANNUAL_REPORT_2021 as form
text = "\\n".join(["某镇主动公开政府信息，" * 20] * 8)
for n in range(20):
    answers = dict.fromkeys((c for c in form.cells if c not in form.sums), n)
    answers |= {narrative.id: text for narrative in form.narratives}
    render(standard("2021"), DocumentInput(form, "某镇", 2023, Answers(answers)))
"""

PEAK = """
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


HEAD = """
from conversations.form.answers import Answers
from conversations.document.write.content import DocumentInput
from conversations.document.write.docx import render, standard
from conversations.form.editions.annual_report_2021 import ANNUAL_REPORT_2021 as form
text = "\\n".join(["某镇主动公开政府信息，" * 20] * 8)
def make(n):
    answers = dict.fromkeys((c for c in form.cells if c not in form.sums), n)
    answers |= {narrative.id: f"第{n}次。" + text for narrative in form.narratives}
    render(standard("2021"), DocumentInput(form, f"第{n}镇", 2023, Answers(answers)))
"""


def in_one_go() -> None:
    """
    A thousand reports' documents in one process: its peak against that after a tenth of them.
    """
    if not Path("/proc/self/status").exists():
        return
    tenth, all_of_them = (
        peak(f"{HEAD}\nfor n in range({count}): make(n)\n") for count in (100, 1000)
    )
    print(f"-- 1,000 documents in one go: ratio {all_of_them / tenth:.3f} to 100  goal 1")


def memory(rounds: int = 5) -> None:
    """
    The peak of a whole process that makes twenty documents (VmHWM, of a child).
    """
    if not Path("/proc/self/status").exists():
        print("-- memory: not measured here (no /proc)")
        return
    print("-- peak memory of a process that makes twenty documents")
    ratios = []
    base = own = 0
    for _ in range(rounds):
        base, own = peak(BARE), peak(OURS)
        ratios.append(own / base)
    print(f"bare jinja2: ratio 1 ({base / 1024:.1f} MiB)")
    print(f"render(): ratio {spread(ratios)} ({own / 1024:.1f} MiB)")


def peak(program: str) -> int:
    """
    KiB.
    """
    prepared = TEMPLATE.with_suffix(".prepared")
    done = subprocess.run(
        [sys.executable, "-c", program + PEAK, prepared],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)
