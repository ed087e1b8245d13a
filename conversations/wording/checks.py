"""The sentences of `nianbao check`, for one report and for a folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conversations.checks.findings import Finding, Grade
from conversations.checks.texts.statements import Statement
from conversations.document.read.blocks import READ
from conversations.document.read.report import Lost
from conversations.form import FORMS
from conversations.form.answers import format_number
from conversations.form.model import CellId, Form, Table

NO_FILE = "没有这个文件，请核对文件名。"
NOT_OPENED = "打不开这个文件，请检查是不是文件、能否读取。"
NO_LIBREOFFICE = "读 .{kind} 文件需要 LibreOffice，本机没有安装。请另存为 .docx 再试。"
NOT_CONVERTED = "这个 .{kind} 文件转换不成功。请用 Word 或 WPS 另存为 .docx 再试。"
UNREADABLE = "{file}：{why}\n"
NO_SUCH = "没有 {file} 这个文件或文件夹，请核对。\n"
INTERRUPTED = "\n已中断：核对了 {done} 个文件，共 {total} 个；下面是已核对的。\n"
EMPTY_FOLDER = f"{{file}} 里没有可以核对的文件；能读的是 {READ}。\n"
LAST_YEAR_OF_FOLDER = "核对文件夹时不能用 --last-year，请对单个文件使用。\n"
LAST_YEAR_OTHER = "上年文件 {file} 写的是 {year} 年度，不是 {wanted} 年度，没有用来比较。\n"
UNKNOWN_ORGAN = "（没有读到机关名称）"
UNKNOWN_YEAR = "（没有读到年度）"
OUR_FAULT = "抱歉，程序出错，这个文件没读成；请把编号 {number} 告诉管理员，或另存为 .docx 再试。"
BROKEN_OFF = "读这个文件时意外中止，没有读出来。请另存为 .docx 再试。"

NONE_FOUND = "没有发现问题。"
ONE_OF_SEVERAL = "文件里有 {count} 份年报，只核对了其中一份，其他的请分开保存再核对"
NONE_IN_WHAT_WAS_READ = "读到的部分没有查出问题；没有读到的请另行核对。"

MANY = 12  # up to so many cells are named one by one
MOST_ROWS = 6  # rows of a table, if many cells are named by their rows
MOST_COLUMNS = 6
MOST_LEFTOVERS = 3
MOST_FILES = 5

# The table, line and column of each figure. The present edition comes last: a figure in both gets
# its present row name.
_EDITIONS = sorted(FORMS.values(), key=lambda form: form.edition)
_PLACES = {
    cell.id: (table.short, line, cell.column.name)
    for form in _EDITIONS
    for table in form.tables
    for line in table.lines
    for cell in line.printed
}


def cell_name(cell: CellId) -> str:
    """The short name of a figure of either edition: «新收·商业企业»."""
    if cell not in _PLACES:
        return cell
    _, line, column = _PLACES[cell]
    return line.short if len(line.printed) == 1 else f"{line.short}·{column}"


def place_of_cell(cell: CellId) -> str:
    """The place of a figure: «表三 自然人 予以公开»."""
    if cell not in _PLACES:
        return cell
    table, line, column = _PLACES[cell]
    return " ".join([table, *([column] if len(line.printed) > 1 else []), line.short])


def places(cells: Sequence[CellId]) -> str:
    """
    The places of figures; rows with the same columns are named together:
    «行政复议：结果维持、总计».
    """
    if len(cells) > MANY:
        return _many(cells)
    rows: dict[str, list[str]] = {}
    for cell in cells:
        if cell not in _PLACES:
            rows.setdefault(cell, [])
            continue
        _, line, column = _PLACES[cell]
        rows.setdefault(line.short, []).extend([column] if len(line.printed) > 1 else [])
    groups: dict[tuple[str, ...], list[str]] = {}
    for row, columns in rows.items():
        groups.setdefault(tuple(columns), []).append(row)
    return "；".join(
        "、".join(names) + (f"：{'、'.join(columns)}" if columns else "")
        for columns, names in groups.items()
    )


def _many(cells: Sequence[CellId]) -> str:
    """Many figures by table: their number, rows and columns."""
    tables: dict[str, list[CellId]] = {}
    for cell in cells:
        tables.setdefault(_PLACES[cell][0] if cell in _PLACES else "其他", []).append(cell)
    told = []
    for table, inside in tables.items():
        known = [_PLACES[cell] for cell in inside if cell in _PLACES]
        columns = list(dict.fromkeys(column for _, _, column in known))
        rows = list(dict.fromkeys(line.short for _, line, _ in known))
        if len(columns) * len(rows) == len(inside) and len(columns) <= MOST_COLUMNS:
            where = f" {len(rows)} 行的{'、'.join(columns)}"
        elif len(rows) <= MOST_ROWS:
            where = "、".join(rows)
        else:
            where = f"{len(rows)} 行"
        told.append(f"{table}{where}（{len(inside)} 格）")
    return "；".join(told)


def place_of(finding: Finding, form: Form) -> str:
    """The place of a finding: its figures, or the section of its text; "" for the whole report."""
    if finding.cells:
        return places(finding.cells)
    return form.name_of(finding.narrative) if finding.narrative else ""


def counted(findings: Iterable[Finding]) -> dict[Grade, int]:
    """The number of findings of each grade."""
    grades = [finding.grade for finding in findings]
    return {grade: grades.count(grade) for grade in Grade}


def summary(findings: Iterable[Finding]) -> str:
    """«必须改正 2，需要说明 0，提示 3»."""
    return "，".join(f"{grade.value} {count}" for grade, count in counted(findings).items())


def head(file: str, organ: str, year: int | None, edition: str) -> str:
    """The first line about one report."""
    return (
        f"{file}：{organ or UNKNOWN_ORGAN} {f'{year}年度' if year else UNKNOWN_YEAR}"
        f"（{edition}年版表样）"
    )


def not_read(lost: Iterable[Lost], form: Form, reports: int = 1) -> str:
    """
    What was not read and so not checked, in one line, tables before texts; "" for nothing.

    Only one of several reports in a file is read.

    «表三读不出：格子没有分开，175 格没有核对。»
    """
    tables: list[str] = []
    texts: list[str] = []
    for one in lost:
        section = form.section[one.section]
        if not isinstance(section.body, Table):
            why = "的标题读不出" if one.there else "没有找到"
            texts.append(f"「{section.heading}」{why}，这一节没有核对")
        elif not one.whole:
            tables.append(f"{section.body.short}有 {one.cells} 格读不出，没有核对")
        elif one.there:
            tables.append(f"{section.body.short}读不出：格子没有分开，{one.cells} 格没有核对")
        else:
            tables.append(f"没有找到{section.body.short}，{one.cells} 格没有核对")
    others = [ONE_OF_SEVERAL.format(count=reports)] if reports > 1 else []
    told = (*others, *tables, *texts)
    return f"{'；'.join(told)}。" if told else ""


def findings_text(findings: Sequence[Finding], form: Form, *, whole: bool = True) -> list[str]:
    """
    Every finding, by grade; consequences stand under their cause.

    If the report was not read as a `whole`, the absence of findings is no all-clear.
    """
    if not findings:
        return [NONE_FOUND if whole else NONE_IN_WHAT_WAS_READ]
    by_grade: dict[Grade, list[list[str]]] = {grade: [] for grade in Grade}
    # The lines of each finding, by its key. Causes come before their consequences.
    blocks: dict[str, tuple[Grade, list[str]]] = {}
    for finding in findings:
        if finding.follows in blocks:
            grade, lines = blocks[finding.follows]
            weight = "" if finding.grade is grade else f"{finding.grade.value}："
            lines.append(f"      ↳ 由此引起 [{finding.id}] {weight}{finding.message}")
            blocks[finding.key] = grade, lines
            continue
        lines = [f"  [{finding.id}] {finding.message}"]
        where = place_of(finding, form)
        if where and (finding.cells or where not in finding.message):
            lines.append(f"      位置：{where}")
        by_grade[finding.grade].append(lines)
        blocks[finding.key] = finding.grade, lines
    text: list[str] = []
    for grade, count in counted(findings).items():
        if by_grade[grade]:
            text.append(f"{grade.value}（{count}）")
            text += [line for lines in by_grade[grade] for line in lines]
    return text


def reading_text(
    values: int,
    unread: Sequence[CellId],
    doubtful: Sequence[tuple[CellId, str, str]],
    leftover: Sequence[str],
) -> list[str]:
    """What was read, what was not, and what was read with doubts (cell, value, reason)."""
    lines = [f"读到 {values} 格" + (f"，没有读到 {len(unread)} 格" if unread else "")]
    if doubtful:
        lines[0] += f"，其中 {len(doubtful)} 格存疑"
    lines[0] += "。"
    if unread:
        lines.append(f"  没有读到：{places(unread)}")
    reasons: dict[str, list[str]] = {}
    for cell, value, why in doubtful:
        reasons.setdefault(why, []).append(f"{cell_name(cell)} {value}")
    for why, told in reasons.items():
        more = f"等 {len(told)} 格" if len(told) > MANY else ""
        lines.append(f"  存疑（{why}）：{'、'.join(told[:MANY])}{more}")
    if leftover:
        more = f"等 {len(leftover)} 处" if len(leftover) > MOST_LEFTOVERS else ""
        shown = "、".join(map(repr_short, leftover[:MOST_LEFTOVERS]))
        lines.append(f"  表格里没有用上的文字：{shown}{more}")
    return lines


NOTHING_STATED = "正文里没有读到和表格有关的数字。"
STATED = "正文里读到的数字："
SURE, LIKELY = "确定", "可能"
NOT_SURE = "看不出说的是哪个数"
UNKNOWN_WORD = "句中有不认识的词"
# Why a figure does not count, by the kind of the word beside it.
NOT_COUNTED = {
    **dict.fromkeys(("organ", "ours", "own"), "说的是别的机关"),
    **dict.fromkeys(("year", "day", "last", "next", "span"), "说的是别的时间"),
    "channel": "只说一种申请渠道",
    "limit": "只说一个方面",
    "among": "列举的是其中一部分",
    "filler": "括号里列举的是其中一部分",
    "veto": "不是本年的总数",
    "matter": "说的是别的事项",
    "bare": "看不出申请的是政府信息",
    "unknown": UNKNOWN_WORD,
    "publish": "说的是公开，不是办理",
    "decides": "说的是审理别人的案件",
    "verb": "说的是受理",
    "number": "比它所属的总数还大",
    "subject": "看不出与政府信息公开有关",
    "applicant": "只说一类申请人",
}


def explained(statement: Statement) -> str:
    """One line about a figure in a text: its meaning, or why it does not count."""
    said = f"“{statement.quote}”：{statement.name} {format_number(statement.number)}"
    if statement.veto is None:
        cells = " 或 ".join("＋".join(map(cell_name, group)) for group in statement.cells)
        doubt = f"，{UNKNOWN_WORD}：{statement.doubt}" if statement.doubt else ""
        return f"  {SURE if statement.sure else LIKELY}  {said}（{cells}{doubt}）"
    word = f"：{statement.veto.text}" if statement.veto.text else ""
    return f"  不计  {said}（{NOT_COUNTED.get(statement.veto.kind, NOT_SURE)}{word}）"


def explained_text(read: Iterable[tuple[str, Statement]]) -> list[str]:
    """The figures read in the texts, by text (its name, and each statement)."""
    texts: dict[str, list[str]] = {}
    for name, statement in read:
        texts.setdefault(name, []).append(explained(statement))
    lines = [line for name, told in texts.items() for line in (name, *told)]
    return ["", STATED, *lines] if lines else ["", NOTHING_STATED]


def repr_short(text: str) -> str:
    """A text in quotation marks, on one line, at most 20 characters."""
    flat = " ".join(text.split())
    return f"「{flat if len(flat) <= 20 else flat[:19] + '…'}」"


FOLDER_HEAD = ("文件", "机关", "年度", "版本", "必须改正", "需要说明", "提示", "说明")
FINDINGS_HEAD = (
    "文件", "机关", "年度", "编号", "程度", "问题", "位置", "格数", "单元格编号",
)  # fmt: skip
UNREAD_HEAD = ("文件", "机关", "年度", "情况", "位置", "读到的值", "原因", "单元格编号")
SHEETS = ("概览", "问题", "未读与存疑")


def not_checked(names: Sequence[str]) -> str:
    """Files of a folder that are no reports by their extension."""
    return f"另有 {len(names)} 个文件不是报告文件，没有核对：{_first(names)}"


def folder_summary(files: int, with_errors: int, unreadable: int) -> str:
    """The last line of a folder's table."""
    told = f"共 {files} 个文件，{with_errors} 个有必须改正的问题"
    return told + (f"，{unreadable} 个没有读出来。" if unreadable else "。")


def twice(organ: str, year: int, files: Sequence[str]) -> str:
    """Several files of one organ and year."""
    return f"{organ} {year}年度有 {len(files)} 个文件：{_first(files)}"


def _first(names: Sequence[str]) -> str:
    return "、".join(names[:MOST_FILES]) + ("等" if len(names) > MOST_FILES else "")
