"""
A template that was opened and saved in LibreOffice or WPS carries the form as before.
"""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.files.pictures import convert
from conversations.document.proof import prove
from conversations.document.write.docx import Prepared, render, standard
from conversations.document.write.prepare import prepare
from conversations.document.write.template import build_template
from tests.docx_structure import (
    W,
    body,
    document_text,
    loose_rows,
    parts,
    structure_faults,
    text_of,
)
from tests.written import FORM, leiming, with_answers
from tests.written_by_wps import MACHINE, as_wps_saves

REPORT = with_answers(
    leiming(),
    {
        "introduction": "“三农”工作的引言。",
        "signature": "雷鸣镇人民政府",
        "signature_date": "2024年1月15日",
    },
)


@pytest.fixture(scope="module", params=["LibreOffice", "WPS"])
def saved(request: pytest.FixtureRequest, require_tool: Callable[[str], Path]) -> Prepared:
    template = build_template(FORM)
    if request.param == "WPS":
        return prepare(as_wps_saves(template), FORM)
    require_tool("soffice")
    return prepare(convert(template, suffix=".docx", to="docx", seconds=60), FORM)


def test_the_standard_is_kept(saved: Prepared, require_tool: Callable[[str], Path], tmp_path: Path):
    """
    Neither the validator nor our own check finds anything; a draft holds all a final one does.
    """
    document = render(saved, REPORT, draft=True)
    file = tmp_path / "report.docx"
    file.write_bytes(document)
    done = subprocess.run(
        [require_tool("ooxml-validator"), file], capture_output=True, text=True, check=False
    )

    assert '"ok": true' in done.stdout, done.stdout
    assert [] == structure_faults(document, restyled=True)
    assert [] == structure_faults(render(saved, REPORT), restyled=True)


def test_an_organ_may_want_its_tables_whole(saved: Prepared):
    """
    The rows say where a table may go on on another page; then only the last one does.
    """
    for setting, expected in ((None, [6, 14, 17, 22, 27]), ("whole", [27])):
        report = with_answers(REPORT, {"table_breaks": setting})

        assert [[13], expected, [3]] == loose_rows(render(saved, report))


def test_the_template_still_proves(saved: Prepared):
    """
    Every figure and text where it belongs, and the words of ours.
    """
    assert () == prove(saved, FORM).differences
    assert _without_blanks(render(standard("2021"), REPORT)) in _without_blanks(
        render(saved, REPORT)
    )


def _without_blanks(document: bytes) -> str:
    return "".join(document_text(document).split())


def test_quotation_marks_stay_wide(saved: Prepared):
    """
    LibreOffice and WPS drop the word for it.
    """
    runs = [
        run
        for run in body(render(saved, REPORT)).iter(f"{W}r")
        if re.search("[“”]三农|雷鸣镇|思想认识", text_of(run))
    ]

    assert len(runs) > 3
    for run in runs:
        faces = run.find(f"{W}rPr/{W}rFonts")
        assert faces is not None
        assert "eastAsia" == faces.get(f"{W}hint")


def test_nothing_tells_of_a_machine(saved: Prepared):
    """
    WPS notes the number of the machine, both note sessions of editing.
    """
    for name, data in parts(render(saved, REPORT)).items():
        assert not re.search("custom(Xml|.xml)|theme", name)
        assert not re.search(f"{MACHINE}|KSOProduct|rsidR?=|w:rsid |paraId|_GoBack", data.decode())
