"""
The web page as a browser, a checker of HTML and people who cannot see it find it.
"""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conversations.document.read.heading_vocabulary import SCROLLS
from conversations.document.write.content import DocumentInput
from conversations.document.write.html import as_html, as_page
from conversations.form.model import Table
from tests.browser import look, run
from tests.extremes import EXTREMES
from tests.written import FORM, leiming, published, with_answers

SMALL, PHONE, DESK = 320, 390, 1280
EXAMPLES = ("leimingzhen-2023", "hongze-2023", "shuyang-development-2023")
FEW = (EXAMPLES[0], "hongze-2023", "long figures", "long name", "remarks")
SITE = (
    '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n<title>年报</title>\n'
    "</head>\n<body>\n<main>{}</main>\n</body>\n</html>\n"
)

# What a site hands down to whatever is pasted into it, and what it does to every table.
UNKIND = (
    "<style>body{background:#111;color:#eee}main{text-align:center;text-indent:2em;"
    "letter-spacing:2px;white-space:pre-wrap;word-break:break-all}"
    "table{display:block;max-width:100%;border-collapse:collapse}"
    "th{color:#fff;background:#337ab7}</style>\n</head>"
)
UNKINDLY = "in an unkind site"

# Titles and names are the office's; only the fragment's styles reach a reader.
RULES = {"no-inline-style": "off", "long-title": "off"}

# What axe finds; then, for each table: whether the hint over it is seen, what is cut off, and
# where labels and figures are when it has been scrolled to its end.
LOOK = """async (window) => {
  const found = await window.axe.run(window.document, {resultTypes: ["violations"]});
  const root = window.document.documentElement;
  const tables = [...window.document.querySelectorAll("[role=group]")].map((box) => {
    const hint = box.previousElementSibling.querySelector("p");
    const all = (which) => [...box.querySelectorAll(which)];
    const figures = all("tr").map((row) => [...row.querySelectorAll("td")]);
    const most = figures.reduce((one, other) => (other.length > one.length ? other : one));
    const widths = most.map((td) => td.getBoundingClientRect().width);
    box.scrollLeft = 10000;
    const left = box.getBoundingClientRect().left;
    const edges = all("tbody th[scope^=row]:not([colspan='4'])").map(
      (th) => th.getBoundingClientRect());
    const last = most.at(-1).getBoundingClientRect();
    const room = all("th, td").filter((one) => one.scrollWidth > one.clientWidth + 1);
    return {
      hint: box.previousElementSibling.ariaHidden === "true" && hint.clientHeight > 0,
      scrolls: box.scrollLeft > 0,
      spread: Math.max(...widths) - Math.min(...widths),
      first: edges.length ? Math.min(...edges.map((edge) => edge.left)) - left : 0,
      over: edges.length ? Math.max(...edges.map((edge) => edge.right)) - last.left : 0,
      cut: room.map((one) => one.textContent),
    };
  });
  const boxes = [...window.document.querySelectorAll("main [style]")].map((one) => {
    const {left, top, right, bottom} = one.getBoundingClientRect();
    return [left, top, right, bottom].map(Math.round);
  });
  return {
    boxes,
    faults: found.violations.map((one) => [one.id, ...one.nodes.map((node) => node.html)]),
    wider: root.scrollWidth - root.clientWidth,
    tables,
  };
}"""

Seen = dict[tuple[str, int], Any]


@pytest.fixture(scope="module", params=[FEW, pytest.param(None, marks=pytest.mark.soak)])
def reports(request: pytest.FixtureRequest, examples: Path) -> dict[str, DocumentInput]:
    others = {name: published(examples / f"{name}.json") for name in EXAMPLES[1:]}
    every = {EXAMPLES[0]: leiming(), **others, **EXTREMES}
    return {name: every[name] for name in request.param or every}


@pytest.fixture(scope="module")
def seen(
    require_tool: Callable[[str], Path], reports: dict[str, DocumentInput], tmp_path_factory: Any
) -> Seen:
    """
    Each report as a page on a phone, some as a fragment in a site on a desk, in one browser.
    """
    axe = require_tool("axe-core").read_text("utf-8")
    cases = {(name, PHONE): as_page(report) for name, report in reports.items()}
    for name in [name for name in (*EXAMPLES, "long figures") if name in reports]:
        cases[name, DESK] = SITE.format(as_html(reports[name]))
    cases[UNKINDLY, DESK] = cases[EXAMPLES[0], DESK].replace("</head>", UNKIND)
    cases[EXAMPLES[0], SMALL] = as_page(reports[EXAMPLES[0]])
    pages = [(text, width) for (_, width), text in cases.items()]
    folder = tmp_path_factory.mktemp("browser")
    return dict(zip(cases, look(require_tool("chromium"), folder, pages, LOOK, axe), strict=True))


def test_axe_finds_nothing_in_any_page(seen: Seen):
    """
    Nothing that keeps somebody from hearing, reading or operating it.
    """
    assert {} == {case: page["faults"] for case, page in seen.items() if page["faults"]}


def test_only_tables_are_ever_wider_than_the_screen(seen: Seen):
    """
    Neither a long name nor an address pushes the page out, and no box cuts its words off.
    """
    assert {} == {case: page["wider"] for case, page in seen.items() if page["wider"]}
    cut = {case: [table["cut"] for table in page["tables"]] for case, page in seen.items()}
    assert {} == {case: words for case, words in cut.items() if any(words)}


def test_a_site_moves_nothing_in_it(seen: Seen):
    """
    Whatever it hands down to its texts or wants of tables; that it can be read axe has found.
    """
    assert seen[EXAMPLES[0], DESK]["boxes"] == seen[UNKINDLY, DESK]["boxes"]


def test_a_hint_stands_over_a_table_that_scrolls_and_over_no_other(seen: Seen):
    """
    By the width of its own box: on a desk it is not there, though it is in the text.
    """
    for case, page in seen.items():
        hints = [table["hint"] for table in page["tables"]]
        assert [table["scrolls"] for table in page["tables"]] == hints, case
        assert (False, case[1] < DESK) == (hints[0], hints[1]), case


def test_labels_stay_when_the_figures_are_scrolled(seen: Seen):
    """
    All label columns of tables two and three, and the last column of figures beside them.
    """
    for case, page in seen.items():
        for table in page["tables"]:
            assert table["first"] <= 1, case
            if case[0] != "long figures":
                assert table["over"] <= 1, case


def test_figures_stand_in_columns_of_one_width(seen: Seen):
    """
    On every screen.
    """
    for case, page in seen.items():
        assert [True] * 3 == [table["spread"] < 1 for table in page["tables"]], case


def test_a_checker_of_html_finds_nothing(
    require_tool: Callable[[str], Path], reports: dict[str, DocumentInput], tmp_path: Path
):
    """
    In pages and fragments, drafts too; but that styles are inline is what they are for.
    """
    rules = {"extends": ["html-validate:recommended"], "root": True, "rules": RULES}
    (tmp_path / "rules.json").write_text(json.dumps(rules), "utf-8")
    for number, report in enumerate(reports.values()):
        (tmp_path / f"page{number}.html").write_text(as_page(report), "utf-8")
        (tmp_path / f"site{number}.html").write_text(SITE.format(as_html(report)), "utf-8")
    open_one = with_answers(leiming(), {"overview": None})
    (tmp_path / "draft.html").write_text(as_page(open_one, draft=True), "utf-8")
    checker = str(require_tool("html-validate"))
    command = [checker, "--config", "rules.json", "--formatter", "text", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (0, "") == (done.returncode, done.stdout + done.stderr)


def test_a_printed_page_keeps_each_table_together(
    require_tool: Callable[[str], Path], reports: dict[str, DocumentInput], tmp_path: Path
):
    """
    On A4, the longest table on one page with its heading; no hint is printed. Figures of nine
    digits in another do not make all of the page smaller.
    """
    both = as_html(reports["long figures"]) + "</main>"
    page = as_page(reports["hongze-2023"]).replace("</main>", both)
    (tmp_path / "page.html").write_text(page, "utf-8")
    options = ("--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'page.pdf'}")
    run(require_tool("chromium"), tmp_path, tmp_path / "page.html", *options)
    command = [str(require_tool("pdftotext")), "-bbox", str(tmp_path / "page.pdf"), "-"]
    pages = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    sizes = set(re.findall(r'<page width="(\d+)\.\d+" height="(\d+)\.', pages))
    texts = ["".join(re.findall(">(.+)</word>", page)) for page in pages.split("</page>")]

    word = re.search(r'<word xMin="(.+?)".* xMax="(.+?)".*>规章</word>', pages)  # of 五号
    assert word
    assert float(word[2]) - float(word[1]) == pytest.approx(2 * 10.5, abs=0.1)
    assert {("594", "841")} == sizes
    assert SCROLLS not in "".join(texts)
    for section in FORM.sections:
        if isinstance(section.body, Table):
            whole = next(text for text in texts if section.heading in text)
            boxes = (
                box.text
                for row in section.body.grid[section.body.head_rows :]
                for box in row
                if box.rows == 1 and len(box.text) < 8
            )
            assert [] == [text for text in boxes if text not in whole]
