"""Sentences about spreadsheets: an office's own, and the empty table to fill in."""

from __future__ import annotations

from collections.abc import Sequence

TOO_LARGE = "这个表格太大了，请只留要填的那一张表再发。"
TOO_COSTLY = "这个表格读不完，已停止。请新建一个表格，只留要填的那一张表，另存为 .xlsx 再发。"
BROKEN = "这个表格打不开，请另存为 .xlsx 再发。"
OLD_SHEET = "读不了 .xls，请用 Excel 或 WPS 另存为 .xlsx 再发。"
LOCKED = "这个表格加了密码，请去掉密码再发。"
ONLY_FIGURES = "请填数字"
WHOLE_ONLY = "请填 0 或正整数。"
MONEY_ONLY = "单位是万元，请填 0 或正数，可以有小数。"
EMPTY_TABLE = "下载空表"
TABLE = "空表"
FILE = "{year}年度报告-{table}.xlsx"
CAPTION = "在电脑上填好黄色的格子，把文件发回来就行；合计自动算。"
NOT_HERE = "收到表格了。请先打开要填的表（第二、三或四节），再发一次。"
TAKE = "对，记下"
SHAPE = (
    "这个表格对不上「{table}」，没有记下。每行前面要有项目名称（如「{example}」），"
    "或者正好 {rows} 行、每行 {columns} 个数。"
)
SEVERAL = "这几张表都像，但数字不同：{where}。请只留一张再发。"
OTHER_YEAR = "这个表格写的是 {found} 年，不是 {wanted} 年，没有记下。请核对是不是这一份。"
CELL = "没有记下：{where}。改好后请再发一次。"
FIGURE = "没有记下：{why}"
STORED = "✓ 已按表格记下 {count} 格。"


def no_value(where: str) -> str:
    """A formula without a stored result."""
    return f"{where} 是公式，文件里没有存结果（请在表格软件里打开、保存一次）"


def no_figure(where: str, value: str) -> str:
    """An error, or a truth value, in place of a figure."""
    return f"{where} 是 {value[:20]}，不是数字"


def is_date(where: str) -> str:
    """A date in place of a figure."""
    return f"{where} 是日期，不是数字"


def shown_otherwise(where: str) -> str:
    """A number that is displayed as another."""
    return f"{where} 显示的和存的不是同一个数（百分比、缩位或舍入），请改成普通数字"


def is_marked(where: str) -> str:
    """A cell with struck-out or small digits."""
    return f"{where} 里有删除线或角标，请只留要填的数"


def read(table: str, sheet: str, lines: Sequence[str], zeros: int, hidden: int) -> str:
    """The reading of a spreadsheet, to be confirmed."""
    head = f"从表格{f'「{sheet}」' if sheet else ''}读到「{table}」："
    said = [head, *(f"· {line}" for line in lines)]
    if zeros:
        said.append(f"其余 {zeros} 行为 0。" if lines else f"{zeros} 行都是 0。")
    if hidden:
        said.append(f"隐藏的 {hidden} 行或列没有读。")
    return "\n".join(said)


def replaces(count: int) -> str:
    """The number of existing figures that would be replaced."""
    return f"会替换已填的 {count} 格。"


def converted(name: str, typed: str, value: str) -> str:
    """An amount that was converted from another unit."""
    return f"换算：{name} {typed} → {value}"
