"""
Text that was copied off pages: paragraphs are whole again, heads and feet of pages are out.
"""

import pytest

from conversations.document.lines import width
from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.document.write.text import as_text
from tests.written import leiming, with_answers

TEXT = """\
（一）主动公开。全年通过政府网站公开政府信息321条，其中政策文件45条、机构职能12条，及时回应群众关切，按时更新各栏目，没有空白栏目。
（二）依申请公开。规范受理、登记、审核、答复各环节，安排专人负责，畅通网络、信函、当面三种申请渠道，答复均在法定期限之内完成。
政府信息管理方面，落实三审三校，逐条登记台账，对过期失效的文件及时清理，全年清理67件。
平台建设方面，维护好政务公开专栏。
监督保障方面，组织业务培训3次，参加106人次，年底开展考核和社会评议，结果良好，没有责任追究的情形。"""
PROBLEMS = "一是公开不够及时，二是解读形式单一。下一步将健全制度，明确责任，丰富解读的形式。"
FULL = 56  # halves of a character on a line


def set_in_lines(text: str, *, indent: str, room: bool) -> list[str]:
    """
    Paragraphs as a page sets them: a first line is shorter by two characters.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, left = indent, FULL - 4
        for char in paragraph:
            if left < width(char):
                lines.append(line)
                line, left = "", FULL
            beside = line and (line[-1].isdigit() != char.isdigit())
            line += " " if room and beside and line[-1].isalnum() and char.isalnum() else ""
            line += char
            left -= width(char)
        lines.append(line)
    return lines


def on_pages(lines: list[str], foot: str, head: str, *, every: int) -> str:
    shown: list[str] = []
    for number, line in enumerate(lines):
        if number and number % every == 0:
            shown += ["", foot.format(number // every), head]
        shown.append(line)
    return "\n".join(line for line in shown if line != "-")


@pytest.mark.parametrize("indent", ["", "    "])
@pytest.mark.parametrize("room", [False, True])
@pytest.mark.parametrize(
    ("foot", "head"), [("— {} —", "-"), ("- {} -\f", "临江镇年报"), ("{}\f", "-")]
)
def test_the_paragraphs_of_a_page_are_whole_again(indent: str, room: bool, foot: str, head: str):
    """
    Indented or not, over pages with numbers and running heads, with room beside digits.
    """
    report = with_answers(leiming(), {"overview": TEXT, "problems_and_improvements": PROBLEMS})
    text = as_text(report)
    for said in (TEXT, PROBLEMS):
        lines = set_in_lines(said, indent=indent, room=room)
        text = text.replace(said, on_pages(lines, foot, head, every=4))

    found = read(text.encode())

    assert isinstance(found, ReadReport)
    assert TEXT == found.narratives["overview"]
    assert PROBLEMS == found.narratives["problems_and_improvements"]
    assert report.title == found.title


def test_a_line_that_was_copied_in_fragments_is_put_together():
    """
    After a comma a paragraph goes on, and one line drawn apart says nothing of the width.
    """
    lines = set_in_lines(TEXT, indent="", room=False)
    broken = [
        part for line in lines for part in line.replace("信息321条，", "信息321条，\n").split("\n")
    ]
    report = with_answers(leiming(), {"overview": TEXT})
    text = as_text(report).replace(
        TEXT, "\n".join((*broken, "电 话 ： 0 1 0 - 1 2 3 4 5 6 7 8 ， " * 2))
    )
    problems = report.answers.text("problems_and_improvements") or ""
    text = text.replace(problems, "\n".join(set_in_lines(PROBLEMS, indent="", room=False)))

    found = read(text.encode())

    assert isinstance(found, ReadReport)
    assert TEXT == "\n".join(found.narratives["overview"].split("\n")[:5])


def test_the_foot_of_the_first_page_is_none_of_the_table_it_cuts():
    """
    As browsers print it: the day, the address and the page.
    """
    lines = as_text(leiming()).replace("\t", " ").split("\n")
    cuts = [next(i for i, line in enumerate(lines) if sign in line) for sign in ("2.重复", "维持")]
    for page, at in reversed([*enumerate([*cuts, len(lines)], 1)]):
        lines[at:at] = ["2024/1/15 10:32", f"https://www.example.gov.cn/a/1.html {page}/3\f"]

    found = read("\n".join(lines).replace("\f\n", "\n\f").encode())

    assert isinstance(found, ReadReport)
    assert ((), 200) == (found.unread, len(found.values))
    assert leiming().answers["other_matters"] == found.narratives["other_matters"]


def test_paragraphs_that_were_typed_stay_as_they_are():
    """
    Short ones, one without a full stop at its end, and blanks beside digits.
    """
    typed = "全年公开信息 321 条\n受理申请5件，均按期答复。\n培训 3次"
    found = read(as_text(with_answers(leiming(), {"overview": typed})).encode())

    assert isinstance(found, ReadReport)
    assert typed == found.narratives["overview"]
