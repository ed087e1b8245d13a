"""What `nianbao check` says: of one report, and of a folder of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from conversations.checks.findings import Finding, Grade
from conversations.form import FORMS
from conversations.form.model import CellId, Form, ItemId, Table

NO_FILE = "没有这个文件，请核对文件名。"
NOT_OPENED = "打不开这个文件，请检查它是不是一个文件，以及是否允许读取。"
NO_LIBREOFFICE = "读 .{kind} 文件需要 LibreOffice，本机没有安装。请另存为 .docx 再试。"
NOT_CONVERTED = "这个 .{kind} 文件转换不成功。请用 Word 或 WPS 另存为 .docx 再试。"
UNREADABLE = "{file}：{why}\n"
NO_SUCH = "没有 {file} 这个文件或文件夹，请核对。\n"
EMPTY_FOLDER = "{file} 里没有可以核对的文件（.docx、.doc、.html、.txt、.pdf）。\n"
LAST_YEAR_OF_FOLDER = "核对文件夹时不能用 --last-year，请对单个文件使用。\n"
LAST_YEAR_OTHER = "上年文件 {file} 写的是 {year} 年度，不是 {wanted} 年度，没有用来比较。\n"
XLSX_FAILED = "写不了 {file}，请检查文件夹是否存在、文件是否正被打开。\n"
XLSX_WRITTEN = "结果已写入 {file}\n"
UNKNOWN_ORGAN = "（没有读到机关名称）"
UNKNOWN_YEAR = "（没有读到年度）"
BROKEN_OFF = "读这个文件时程序意外中止，没有读出来。请另存为 .docx 再试。"

WORDS: Mapping[ItemId, str] = {"title": "标题", "introduction": "引言", "signature": "落款"}
MANY = 12  # cells that are named one by one

# The present edition last: where a figure stands in both, its row is named as today.
_EDITIONS = sorted(FORMS.values(), key=lambda form: form.edition)
_CELLS = {cell.id: cell for form in _EDITIONS for cell in form.cells.values()}
_LINES = {
    cell.id: line for form in _EDITIONS for line in form.lines.values() for cell in line.printed
}
_TABLES = {
    cell.id: section.body.short
    for form in _EDITIONS
    for section in form.sections
    if isinstance(section.body, Table)
    for cell in section.body.cells
}


def cell_name(cell: CellId) -> str:
    """A figure of either edition in short words: «新收·商业企业»."""
    one = _CELLS.get(cell)
    if one is None:
        return cell
    line = _LINES[cell]
    return line.short if len(line.printed) == 1 else f"{line.short}·{one.column.name}"


def places(cells: Sequence[CellId]) -> str:
    """Where figures stand, rows with the same columns together: «行政复议：结果维持、总计»."""
    if len(cells) > MANY:
        return _many(cells)
    rows: dict[str, list[str]] = {}
    for cell in cells:
        line = _LINES.get(cell)
        columns = rows.setdefault(line.short if line else cell, [])
        if line and len(line.printed) > 1:
            columns.append(_CELLS[cell].column.name)
    groups: dict[tuple[str, ...], list[str]] = {}
    for row, columns in rows.items():
        groups.setdefault(tuple(columns), []).append(row)
    return "；".join(
        "、".join(names) + (f"：{'、'.join(columns)}" if columns else "")
        for columns, names in groups.items()
    )


def _many(cells: Sequence[CellId]) -> str:
    """Many figures by table: how many, in how many rows and which columns."""
    told = []
    tables: dict[str, list[CellId]] = {}
    for cell in cells:
        tables.setdefault(_TABLES.get(cell, "其他"), []).append(cell)
    for table, found in tables.items():
        known = [_CELLS[cell] for cell in found if cell in _CELLS]
        columns = tuple(dict.fromkeys(cell.column.name for cell in known))
        rows = tuple(dict.fromkeys(_LINES[cell.id].short for cell in known))
        if len(columns) * len(rows) == len(found) and len(columns) < 7:
            told.append(f"{table} {len(rows)} 行的{'、'.join(columns)}（{len(found)} 格）")
        elif len(rows) <= 6:
            told.append(f"{table}{'、'.join(rows)}（{len(found)} 格）")
        else:
            told.append(f"{table}{len(rows)} 行（{len(found)} 格）")
    return "；".join(told)


def place_of(finding: Finding, form: Form) -> str:
    """Where a finding is: its figures, or the section of its text; "" for the whole."""
    if finding.cells:
        return places(finding.cells)
    if finding.narrative is None:
        return ""
    section = form.section.get(finding.narrative)
    return section.heading if section else WORDS.get(finding.narrative, finding.narrative)


def counted(findings: Iterable[Finding]) -> dict[Grade, int]:
    """How many findings of each grade."""
    found = dict.fromkeys(Grade, 0)
    for finding in findings:
        found[finding.grade] += 1
    return found


def summary(findings: Iterable[Finding]) -> str:
    """«必须改正 2，需要说明 0，提示 3»."""
    return "，".join(f"{grade.value} {count}" for grade, count in counted(findings).items())


def head(file: str, organ: str, year: int | None, edition: str) -> str:
    """The first line about one report."""
    return (
        f"{file}：{organ or UNKNOWN_ORGAN} {f'{year}年度' if year else UNKNOWN_YEAR}"
        f"（{edition}年版表样）"
    )


def findings_text(findings: Sequence[Finding], form: Form) -> list[str]:
    """Every finding, by grade; one that only follows from another stands under it."""
    if not findings:
        return ["没有发现问题。"]
    lines: list[str] = []
    keys = {finding.key for finding in findings}
    root: dict[str, Finding] = {}
    blocks: dict[Grade, list[list[str]]] = {grade: [] for grade in Grade}
    at: dict[str, list[str]] = {}
    for finding in findings:
        cause = finding.follows if finding.follows in keys else None
        under = root.get(cause) if cause and cause != finding.key else None
        where = place_of(finding, form)
        shown = f"  [{finding.id}] {finding.message}"
        if under is not None:
            # The cause stands before its consequences in the order of the checks.
            block = at[under.key]
            weight = "" if finding.grade is under.grade else f"{finding.grade.value}："
            block.append(f"      ↳ 由此引起 [{finding.id}] {weight}{finding.message}")
            root[finding.key] = under
            continue
        block = [shown]
        if where and (finding.cells or where not in finding.message):
            block.append(f"      位置：{where}")
        blocks[finding.grade].append(block)
        at[finding.key] = block
        root[finding.key] = finding
    numbers = counted(findings)
    for grade, found in blocks.items():
        if found:
            lines.append(f"{grade.value}（{numbers[grade]}）")
            lines += [line for block in found for line in block]
    return lines


def reading_text(
    values: int,
    unread: Sequence[CellId],
    doubtful: Sequence[tuple[CellId, str, str]],
    leftover: Sequence[str],
) -> list[str]:
    """What was read, what was not, and what was read with doubt (cell, value, why)."""
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
        more = f"等 {len(leftover)} 处" if len(leftover) > 3 else ""
        lines.append(
            f"  表格里没有用上的文字：{'、'.join(repr_short(x) for x in leftover[:3])}{more}"
        )
    return lines


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
    """Files of a folder that are no reports by their ending."""
    shown = "、".join(names[:5]) + ("等" if len(names) > 5 else "")
    return f"另有 {len(names)} 个文件不是报告文件，没有核对：{shown}"


def folder_summary(files: int, with_errors: int, unreadable: int) -> str:
    """The last line of a folder's table."""
    told = f"共 {files} 个文件，{with_errors} 个有必须改正的问题"
    return told + (f"，{unreadable} 个没有读出来。" if unreadable else "。")


def twice(organ: str, year: int, files: Sequence[str]) -> str:
    """Several files of one organ and year."""
    shown = "、".join(files[:5]) + ("等" if len(files) > 5 else "")
    return f"{organ} {year}年度有 {len(files)} 个文件：{shown}"
