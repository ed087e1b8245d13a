"""Sentences about fetching, reading and importing a published report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conversations.document.read.blocks import Left
from conversations.form.model import Section
from conversations.wording.talk import shorten

# ------------------------------------------------------------------ fetching a link

SAVE_INSTEAD = "请在浏览器里打开，另存网页或下载附件，再把文件发来。"
FETCH_OFF = f"没有开启从网址读取。{SAVE_INSTEAD}"
NOT_A_LINK = "这不是网址，请发以 http:// 或 https:// 开头的完整网址。"
LINK_WITH_PASSWORD = "网址里不能带用户名或密码，请只发网页本身的网址。"  # noqa: S105
LINK_PORT = f"这个网址用了不常见的端口，不能读取。{SAVE_INSTEAD}"
HOST_NOT_ALLOWED = "只能读取{hosts}的网页，{host} 不在其中。" + SAVE_INSTEAD
HOST_UNKNOWN = "找不到 {host} 这个网站，请核对网址。"
ADDRESS_NOT_ALLOWED = f"这个网址指向内部网络，不能读取。{SAVE_INSTEAD}"
TOO_MANY_REDIRECTS = f"这个网址转来转去，没有读到。{SAVE_INSTEAD}"
TOO_LARGE = "网页或附件超过 10 MB，没有读取。请只发年报本身。"
TOO_SLOW = f"网站太慢，15 秒内没有读完。{SAVE_INSTEAD}"
NOT_CONNECTED = f"连不上这个网站，请过一会儿再试；或者：{SAVE_INSTEAD}"
BAD_CERTIFICATE = f"这个网站的安全证书有问题，没有读取。{SAVE_INSTEAD}"
BAD_ANSWER = f"网站的回答读不懂。{SAVE_INSTEAD}"
NOT_FOUND = "网站说没有这个网页（{status}），请核对网址。"
REFUSED = "网站拒绝了访问（{status}）。" + SAVE_INSTEAD
NO_FOLLOWING = f"这个网页没有报告正文，报告在附件里，而附件没有读到：{{why}}{SAVE_INSTEAD}"


def allowed_hosts(hosts: tuple[str, ...]) -> str:
    """The allowed hosts in words: «以 .gov.cn 结尾的网站»."""
    told = [f"以 {host} 结尾" if host.startswith(".") else host for host in hosts]
    return "、".join(told)


# -------------------------------------------------------------------- what was read

NOTHING_READ = "没有读到可以导入的数字或文字。"
OTHER_YEAR = "文件写的是 {found} 年度，不是 {wanted} 年度，请核对。"
NO_YEAR = "文件里没有读到年度，按 {wanted} 年度导入，请核对。"
OTHER_ORGAN = "文件写的是「{found}」，将导入「{wanted}」，请核对。"
SHARED_ZERO = "「其他处理」在文件里只有一行；为 0 的列，三小项都按 0 计。"
ALTERED = "文件导出以后改过（内容和它的指纹对不上），请核对。"
NOT_ASKED = "上级要求填报的数有 {count} 个没有导入：这份年报的任务没有要这些数。"
BLANKS = "文件里空白或画线的 {count} 格按 0 计，请核对。"
IMPOSSIBLE = "不是可能的数"
OVER_TOTAL = "「其他处理」只有一行，分不到三小项"
MEANS_OTHER = "现在的表样里没有意思相同的格"
TWO_REPORTS = "一个文件里有 {count} 份报告，读的是 {year} 年度的。"
READ_ALL = "数字 {count} 格全部读到（合计另算）。"
READ_SOME = "读到数字 {count} 格，没有读到 {unread} 格。"
WRONG_TOTALS = "印的合计与相加不符 {count} 处（数字照原样导入）："
DOUBTFUL = "存疑 {count} 格，请核对（确认以前不导入）："
UNREAD = "没有读到（留空）："
KEPT_OUT = "没有导入（{why}）：{count} 格"
CONFLICTS = "与已有的不同 {count} 项（不替换就保留已有的）："
SAME = "与已有的相同 {count} 项。"
TEXTS = "文字：{told}"
NO_TEXTS = "没有读到文字。"
ZEROS = "其余 {count} 格为 0"
ALL_ZERO = "全部为 0"

LEFTOVER = "表格里没有读懂的文字 {count} 处（没有导入）："

_LEFT = {
    Left.PICTURE: "{count} 张图片",
    Left.CHART: "{count} 个图表",
    Left.EMBEDDED: "{count} 个嵌入的对象",
    Left.FORMULA: "{count} 个公式",
    Left.FOOTNOTE: "{count} 条脚注",
    Left.STRUCK: "{count} 处划去的文字",
    Left.HIDDEN: "{count} 处看不见的文字（隐藏、白色或极小）",
    Left.SOUND: "{count} 处字上的拼音",
    Left.SIGN: "{count} 处用符号字体写的符号",
    Left.AROUND: "网页上正文（第一个句号到最后一个句号）前后的 {count} 行",
}


def other_edition(edition: str, count: int) -> str:
    """The number of figures in a file of another form that have a counterpart here."""
    return f"这是 {edition} 年版表样，意思相同的 {count} 格已对应到现在的。"


def hybrid(editions: Iterable[str]) -> str:
    """The file has rows of other forms among its own."""
    return f"文件里有 {'、'.join(editions)} 年版的行，意思相同的已对应到现在的。"


def left_out(left: Iterable[tuple[Left, int]]) -> str:
    """«1 张图片没有带入», and tables that have become lines of text."""
    counts = dict(left)
    gone = [said.format(count=counts[what]) for what, said in _LEFT.items() if what in counts]
    said = [f"{'、'.join(gone)}没有带入"] if gone else []
    if tables := counts.get(Left.TABLE):
        said.append(f"{tables} 个表格改成了文字，一行一段")
    return "，".join(said) + "。"


# ------------------------------------------------------------- texts with their headings

TAKE_ALL = "都放进各节"
TAKE_NONE = "不用这段文字"


def not_kept(heading: str, signature: str) -> str:
    """The heading and signature of a text are not stored: the document has them anyway."""
    said = [f"标题「{heading}」"] if heading else []
    said += [f"落款「{signature}」"] if signature else []
    return "、".join(said) + "不写进正文，文件里会自动加上。"


def sections(texts: Sequence[tuple[str, str, str]], tables: Sequence[str], before: int) -> str:
    """The parts of a text by section (heading, text, present text), and parts not taken."""
    lines = ["这段文字里有各节的标题，要放进各节吗？标题不写进正文。"]
    for heading, text, stands in texts:
        length = len("".join(text.split()))
        old = f"（已有 {len(''.join(stands.split())):,} 字）" if stands else ""
        lines.append(f"· {heading}：{length:,} 字{old}，“{shorten(text, 30)}”")
    if tables:
        lines.append(f"没有带入（填表格时再发）：{'、'.join(tables)}")
    if before:
        lines.append(f"没有带入：标题以前的 {before:,} 字。")
    return "\n".join(lines)


def take_section(section: Section, replaces: bool) -> str:
    """The button that puts a text into its section."""
    return f"{'替换' if replaces else '放进'}{section.number}、{section.short}"


def take_as_one(section: Section) -> str:
    """The button that stores the whole text in the section that was asked."""
    return f"整段都作为{section.number}、{section.short}"


# ------------------------------------------------------------------- the command line

ASK_ORGAN = "文件里没有读到机关名称，这是哪个机关的年报？[机关全称] "
ASK = "导入以上内容吗？[是/否] "
ASK_REPLACE = "有 {count} 项与已有的不同，用文件里的替换吗？[是/否] "
ASK_DOUBTFUL = "存疑的 {count} 格也导入吗？[是/否] "
ASK_YEAR = "仍然作为 {wanted} 年度导入吗？[是/否] "
NEEDS_YES = "没有导入。确认无误后请加上 --yes 再运行。\n"
NEEDS_YEAR = "没有导入：文件是 {found} 年度的。请改用 --year {found}，或换一份文件。\n"
NEEDS_NAMES = "文件里没有读到{what}，请用 {option} 指定。\n"
NOT_CONFIRMED = "没有导入。\n"
DONE = "已导入{organ} {year}年度年报：{count} 项。\n"
NOTHING_NEW = "{organ} {year}年度年报没有变化。\n"
KEPT = "保留已有的 {count} 项，没有替换（要替换请加上 --replace）。\n"
LEFT_DOUBTFUL = "存疑的 {count} 格没有导入（核对后可加上 --doubtful）。\n"
