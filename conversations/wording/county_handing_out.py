"""Sentences about exporting a county's whole year: names, heads, missing documents."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.county.handing_out import FINAL, HandedOut, Packed
from conversations.county.overview import published, source_of
from conversations.county.status import CountyOrgan
from conversations.form.organ import Level
from conversations.talk.buttons import button
from conversations.talk.effects import Button, Buttons
from conversations.wording.county import COUNTY
from conversations.wording.county_overview import RESULTS, SOURCES, STATES
from conversations.wording.talk import head

FOLDERS = {
    Level.CITY: "市",
    Level.COUNTY: "县",
    Level.TOWNSHIP: "乡镇",
    Level.BUREAU: "部门",
    Level.UNKNOWN: "其他",
}
# ---- files, sheets, heads

DOCUMENTS = "{year}年度年报文件.zip"
PART = "{year}年度年报文件（{part}）.zip"
TABLES = "{year}年度年报数据.xlsx"
FIGURES = "{year}年度年报数据.csv"
DICTIONARY = "{year}年度年报数据字典.csv"
INDEX = "目录"

ORGANS_SHEET = "各单位"
ORGANS_HEAD = (
    *("序号", "机关", "上级", "类别", "来源", "状态", "文件", "备注"),
    *("指纹", "文件SHA-256", "公布网址", "公布日期", "网上核对"),
)
ORGANS_WIDTHS = (6, 30, 24, 8, 12, 10, 44, 30, 12, 40, 44, 12, 12)
TABLE_ABOVE = ("项目", "列", "单位")
TABLE_HEAD = ("机关", "类别", "状态")
LOCAL_SHEET = "另外要的数"
LOCAL_HEAD = ("机关", "状态", "项目", "数值", "单位")
FIGURES_HEAD = ("机关", "年度", "栏目编号", "名称", "数值", "单位")
DICTIONARY_HEAD = ("栏目编号", "表", "行", "列", "单位", "填报或计算", "口径", "依据")
TYPED, COMPUTED = "填报", "计算"


def title(organ: str, year: int) -> str:
    """The title of the index."""
    return f"{head(organ, year)}{INDEX}"


# ---- one organ


def state(out: HandedOut) -> str:
    """The organ's state."""
    return STATES[out.progress]


def source(out: HandedOut) -> str:
    """The source of its figures, "" without any."""
    told = source_of(out.organ)
    return SOURCES[told] if told else ""


def why(packed: Packed) -> str:
    """Why there is no final document."""
    out = packed.out
    if packed.failed:
        return "文件没有生成成功"
    if out.organ.counts_in:
        return STATES[out.progress]
    if out.organ.merged_into:
        return f"已并入{out.organ.merged_into}"
    reason = out.organ.report.reason if out.organ.report is not None else ""
    return "已撤销" if out.organ.closed else f"本年不用报{f'：{reason}' if reason else ''}"


def remark(packed: Packed) -> str:
    """The remark on an organ: about its document, or why there is none."""
    out = packed.out
    if packed.missing:
        return f"缺：{why(packed)}"
    if not out.final:
        return why(packed)
    said = []
    if out.organ.organ != out.name:
        said.append(f"现名{out.organ.organ}")
    if out.is_file and out.organ.report is not None and out.organ.report.file is not None:
        said.append(f"原文件名：{out.organ.report.file.name}")
    counts = out.organ.report.counts if out.organ.report is not None else None
    if counts is not None and counts.errors:
        said.append(f"有 {counts.errors} 处必须改正")
    if other_edition(out):
        said.append(other_edition(out))
    return "；".join(said)


def compared(out: HandedOut) -> str:
    """The result of comparing its publication, "" before it."""
    result = published(out.organ)
    return RESULTS[result] if result else ""


def other_edition(out: HandedOut) -> str:
    """Why the figures of a report are not in the tables, "" if they are."""
    if out.in_tables:
        return ""
    return f"是 {out.edition} 版表样，数字没有列入"


# ---- the index as a page


def summary(packed: Sequence[Packed]) -> str:
    """The number of documents in the index, and of missing ones."""
    there = sum(bool(each.path) for each in packed)
    missing = sum(each.missing for each in packed)
    return f"收入 {there} 份" + (f"，缺 {missing} 份" if missing else "，没有缺的")


def made_at(when: str) -> str:
    """The moment of the data."""
    return f"截至 {when}"


PAGE_HEADS = ("机关和文件", "状态", "指纹", "公布")
MISSING_TITLE = "缺的单位"
NOT_WAITED_FOR = "本年不用报的单位"

# ---- at the terminal

BOTH = "--organ 和 --under 只能写一个。"
NOT_OF_ONE = "--format zip 是一个县的，请写 --under；一个机关的用 docx、html、html-page、pdf、xlsx、csv、txt、json。"
NONE_BELOW = "「{organ}」下面没有机关，没有可以导出的。"
NOT_A_FOLDER = "{out} 不是文件夹，请用 --out 写文件夹。"
HELP_UNDER = "这个机关下面的所有机关：年报文件 zip、数据 xlsx 和 csv，或者每个机关一个文件"
HELP_OUT = "文件夹或文件名，- 为直接输出（默认数据文件夹）；--under 时为文件夹"
HELP_FORMAT = "文件格式（默认 docx；html 是贴进网站的一段，html-page 是完整网页）；--under 时 zip 是全部年报，xlsx、csv 是全部数据，不写为这三种都要，其他格式每个机关一个文件"
MADE_ANEW = "按收到的数字重新排的，不是收到的原文件（原文件在 --format zip 里）："
NOT_IN_TABLES = "数字没有列入表格的："


def interrupted(written: Sequence[str]) -> str:
    """Ctrl-C: the files that are complete."""
    names = "、".join(written) if len(written) <= MOST_NAMED else f"{len(written)} 个文件"
    there = f"已写好：{names}。" if written else "没有写出文件。"
    return f"\n已中断，没有写完的文件已删去。{there}\n"


def told(packed: Sequence[Packed], *, tables: bool = True) -> str:
    """The missing organs by name, or that none is; and those whose figures are in no table."""
    missing = [each for each in packed if each.missing]
    lines = [f"共 {len(packed)} 个单位，{f'缺 {len(missing)} 个' if missing else '没有缺的'}。"]
    lines += [f"  {each.out.organ.organ}：{why(each)}" for each in missing]
    others = [each.out for each in packed if tables and other_edition(each.out)]
    if others:
        lines.append(NOT_IN_TABLES)
        lines += [f"  {out.organ.organ}：{out.edition} 版表样" for out in others]
    return "\n".join(lines) + "\n"


def made_anew(organs: Sequence[str]) -> str:
    """The organs whose document was made from the figures of their own file; "" without any."""
    return "\n".join([MADE_ANEW, *(f"  {organ}" for organ in organs), ""]) if organs else ""


# ---- in the chat

EXPORT = "e"  # the letter of its buttons
STOP = "s"
ALL = "all"
KINDS = {"zip": "年报文件", "xlsx": "数据表格", "csv": "开放数据"}
CAPTIONS = {
    "zip": "年报文件：定稿按类别分文件夹，「目录」里有状态、指纹、网址和缺的单位",
    "xlsx": "数据表格：每张表一页，一个单位一行；带汇总",
    "csv": "开放数据：定稿的数字一行一个；每一格是什么，见数据字典",
}
EXPORTED = "导出"
CHOOSE = "导出哪个机关下面的年报？"
NO_ORGANS = "下面还没有机关，没有可以导出的。"
TYPE_NAME = "请写明机关全称：/export 机关全称"
NOT_THERE = "没有「{organ}」这个机关，或者不归您管。"
STOP_IT = "停止"
UNDER_WAY = f"正在生成，请等这一次做完，或者先点「{STOP_IT}」。"
BEGUN = "开始生成"
STOPPED = "已停止。要重新生成，请发 /export"
STOPPING = "已停止"
NOTHING_TO_STOP = "已经做完了。"
MOST_NAMED = 15  # missing organs in a message


def export_button(organ_id: int, year: int) -> Button:
    """The button to the card of all exports."""
    return button(EXPORTED, COUNTY, EXPORT, f"{organ_id:x}", year)


def choice(organs: Sequence[tuple[int, str]], year: int) -> Buttons:
    """The choice of the upper organ."""
    return tuple(
        (button(name, COUNTY, EXPORT, f"{organ_id:x}", year),) for organ_id, name in organs
    )


def card(organ: str, year: int, organs: Sequence[CountyOrgan]) -> str:
    """What can be exported."""
    final = sum(each.progress in FINAL for each in organs)
    missing = sum(each.counts_in and each.progress not in FINAL for each in organs)
    lacks = f"，缺 {missing} 份（文件里逐个写明）" if missing else "，没有缺的"
    what = "\n".join(f"· {said}" for said in CAPTIONS.values())
    return f"{head(organ, year)}：导出\n定稿 {final} 份{lacks}。\n\n{what}"


def card_buttons(organ_id: int, year: int) -> Buttons:
    """Buttons for all kinds together, and for each."""

    def kind(label: str, what: str) -> Button:
        return button(label, COUNTY, EXPORT, f"{organ_id:x}", year, what)

    return (
        (kind("三样都要", ALL),),
        tuple(kind(label, what) for what, label in KINDS.items()),
    )


def stop_buttons() -> Buttons:
    """The button shown while files are made."""
    return ((button(STOP_IT, COUNTY, EXPORT, STOP),),)


def begun(organ: str, year: int) -> str:
    """The files are being made."""
    return f"{head(organ, year)}：正在生成文件……"


def reading(done: int, total: int) -> str:
    """The number of organs whose figures are read."""
    return f"正在整理数据：{done}/{total} 个单位"


def making(done: int, total: int) -> str:
    """The number of documents made."""
    return f"已生成 {done}/{total} 份"


def caption(name: str, organ: str, year: int) -> str:
    """The caption of a file; a file zipped alone has that of its content."""
    kind = name.removesuffix(".zip").rpartition(".")[2]
    return f"{head(organ, year)}\n{CAPTIONS.get(kind, CAPTIONS['zip'])}"


def done(packed: Sequence[Packed], too_large: Sequence[str] = ()) -> str:
    """All files are sent; missing organs by name, and files too large for the chat."""
    missing = [each for each in packed if each.missing]
    lines = [f"✓ 文件已发。共 {len(packed)} 个单位，" + ("" if missing else "没有缺的。")]
    if missing:
        lines[0] += f"缺 {len(missing)} 个的定稿："
        lines += [f"· {each.out.organ.organ}：{why(each)}" for each in missing[:MOST_NAMED]]
        if len(missing) > MOST_NAMED:
            lines.append(f"……其余 {len(missing) - MOST_NAMED} 个见文件里的名单。")
    if too_large:
        lines.append(
            f"太大、没有发出的：{'、'.join(too_large)}。请运维在服务器上用 nianbao export 导出。"
        )
    others = [each.out.organ.organ for each in packed if other_edition(each.out)]
    if others:
        names = "、".join(others[:MOST_NAMED])
        lines.append(f"旧版表样、数字没有列入表格的：{names}")
    return "\n".join(lines)
