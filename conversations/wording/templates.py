"""What is said of an office's own template."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.document.differences import Difference, Kind, Proof

MOST = 5  # differences in a sentence

_SAID = {
    Kind.UNREADABLE: "填好以后读不出是一份年报",
    Kind.MISSING: "{place}：没有印出填入的「{told}」",
    Kind.OTHERS: "{place}：印的是{said}的数",
    Kind.WRONG: "{place}：应当是「{told}」，印成了「{said}」",
    Kind.TWICE: "{place}：多印了「{said}」",
    Kind.ORDER: "{place}：次序不对",
    Kind.ADDED: "{place}：每份年报都会多印「{said}」",
    Kind.NOT_A_DRAFT: "草稿：页面上没有「{told}」字样",
    Kind.A_DRAFT: "正式文件：印出了「{said}」字样",
    Kind.GAPS: "草稿：应当有 {told} 处【未填】，只有 {said} 处",
}
NO_PLACE = {Kind.WRONG: "表头或项目名称", Kind.ORDER: "各节标题"}


def difference(found: Difference) -> str:
    """One difference, with its place."""
    place = found.place or NO_PLACE.get(found.kind, "")
    return _SAID[found.kind].format(place=place, told=found.told, said=found.said)


def refused(differences: Sequence[Difference]) -> str:
    """Why a template is not used, in one sentence."""
    more = f"；共 {len(differences)} 处" if len(differences) > MOST else ""
    listed = "；".join(map(difference, differences[:MOST]))
    return f"模板试填后与填入的不一致。{listed}{more}。"


def fine(proof: Proof) -> tuple[str, ...]:
    """What was compared, for the command line."""
    return (
        f"数字：{proof.cells} 格，填入各不相同的数，逐格读回对照",
        f"标题：{proof.headings} 节，文字和次序对照",
        f"文字：标题、引言、各节正文、落款、日期，共 {proof.texts} 处对照",
        "草稿：页面标记和【未填】对照",
    )


FINE = "可以使用。"
NOT_FINE = "不能使用："
REMARKS = "请留意："
EXISTS = "{file} 已经存在，没有写。换一个文件名，或者加 --yes 覆盖。"
WRITTEN = "已写好 {file}。用 Word 或 WPS 改字体、边距、页眉，保留 {{{{ … }}}} 和 {{% … %}} 标签；改好后用 nianbao template check 检查。"
NO_FILE = "没有这个文件：{file}"
NOT_WRITTEN = "写不了 {file}：{why}"
USED = "已换成这个模板：{file}。原来的留着，可以用 nianbao template undo 换回。"
UNDONE = "已换回原来的模板。"
UNDONE_TO_OURS = "已换回程序自带的模板。"
NOTHING_TO_UNDO = "没有用过自己的模板。"
BEING_CHECKED = "本单位的模板刚换过，正在检查，请过几秒再点一次。"
