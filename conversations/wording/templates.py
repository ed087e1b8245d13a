"""
Sentences about an office's own template.

Button ids are permanent: `tpl:y:<row>:<organ>` uses a tested template for an organ,
`tpl:u:<template>` takes a template back, `tpl:o:<organ>` shows an organ's template, `tpl:d:<organ>`
sends that file, `tpl:n` sends the product's own to restyle; all numbers are hexadecimal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from conversations.document.differences import Difference, Kind, Proof
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.wording.trail import BY, FORGOTTEN

TEMPLATE = "tpl"
MOST = 5  # differences in a sentence
MOST_SAID = 8  # differences in a message
SHORT = 80  # characters of a text from a file

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
    """What was compared, for the terminal."""
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
NOTHING_TO_UNDO_OF = "「{organ}」没有在用自己的模板，没有改动。"
NONE_OF_ORGANS = "没有。"
BEING_CHECKED = "本单位的模板刚换过，正在检查，请过几秒再点一次。"


# ---- in a chat ----------------------------------------------------------------------------

WISHES = frozenset(("作为模板", "用作模板", "当作模板", "设为模板", "换成这个模板"))
FINE_IN_CHAT = "试填通过："
USE, TAKE_BACK = "使用", "撤回模板"
DOWNLOAD, DOWNLOAD_OURS = "下载在用的模板", "下载底稿"
HOW = (
    "换模板：下载底稿，用 Word 或 WPS 改字体、边距、页眉（{{ … }} 和 {% … %} 标签留着），"
    "再把文件发给我，说明里写「作为模板」。先试填，通过了才能用。"
)
NOT_YOURS = "换模板要由本机关的管理员（或上级的管理员）来办，没有用上。"
CHOOSE = "看哪个机关的模板？"
NO_ORGAN = "请先打开一份年报，再看它用哪个模板。"
NO_SUCH_ORGAN = "没有「{organ}」这个机关，或者不归您管理。"
GONE = "这个文件已经用上，或者放得太久了。要用请再发一次。"
NOT_IN_USE = "这个模板已经撤回，或者后来又换过，没有改动。"
OURS_NAME = "年报模板底稿.docx"
OURS_CAPTION = "程序自带的模板，可以在它上面改。"
IN_USE_CAPTION = "现在用的模板。"
OLD = "这个按钮已经失效，请发 /template 重新打开。"


def button(what: str, label: str, tone: Tone = Tone.PLAIN) -> Button:
    """A button about templates."""
    return Button(f"{TEMPLATE}:{what}", label[:60], tone)


def tested(
    name: str, proof: Proof | None, why: str, row: int, organs: Sequence[tuple[int, str]]
) -> Say:
    """The result of testing a template; buttons only if it may be used."""
    if proof is None or proof.refused:
        found = (difference(each) for each in proof.refused) if proof else (why,)
        lines = [f"「{name}」不能作模板：", *_listed(list(found))]
        return Say(MessageKind.NOTE, "\n".join([*lines, "改好后再发一次，说明里写「作为模板」。"]))
    lines = [f"「{name}」{FINE_IN_CHAT}", *(f"✓ {said}" for said in fine(proof))]
    if remarks := [difference(each) for each in proof.differences]:
        lines += [REMARKS, *_listed(remarks)]
    lines.append("用上以后，本机关和下级生成的文件都用它；已经送审的文件不变。")
    buttons = tuple(
        (button(f"y:{row:x}:{organ_id:x}", _for(organ, len(organs)), Tone.GO),)
        for organ_id, organ in organs
    )
    return Say(MessageKind.NOTE, "\n".join(lines), buttons)


def _for(organ: str, count: int) -> str:
    return USE if count == 1 else f"{USE}（{organ}）"


def _listed(said: Sequence[str]) -> list[str]:
    lines = [f"· {each[:SHORT]}{'…' if len(each) > SHORT else ''}" for each in said[:MOST_SAID]]
    return [*lines, f"共 {len(said)} 处。"] if len(said) > MOST_SAID else lines


def choose(organs: Sequence[tuple[int, str]]) -> Say:
    """The choice of an organ."""
    rows = tuple((button(f"o:{organ_id:x}", organ),) for organ_id, organ in organs)
    return Say(MessageKind.NOTE, CHOOSE, rows)


def used(organ: str, name: str) -> str:
    """A template is now in use."""
    return f"✓ 「{organ}」和下级以后用这个模板：{name}。"


def taken_back(name: str) -> str:
    """A template is no longer in use."""
    return f"✓ 已撤回：{name}。"


def of_organ(organ: str, name: str, by: str, at: datetime) -> str:
    """The template of an organ, with who put it into use and when."""
    return f"「{organ}」的 {name}（{at:%Y-%m-%d}，{by}）"


def ended(by: str, at: datetime) -> str:
    """A suffix for a template that was taken back."""
    return f"，{at:%Y-%m-%d} {by} 撤回"


def now_counts(template: str) -> str:
    """The template in use after one was taken back."""
    return f"现在用：{template}。"


OF_STORE = "运维统一换的模板"
OF_OURS = "程序自带的模板"


def put_into_use(name: str, by: str, at: datetime) -> str:
    """One line of a history."""
    return f"{at:%Y-%m-%d %H:%M} {by}：换上 {name}"


def was_taken_back(name: str, by: str, at: datetime) -> str:
    """One line of a history."""
    return f"{at:%Y-%m-%d %H:%M} {by}：撤回 {name}"


def who(key: str, name: str) -> str:
    """The name of the person, or of a door."""
    return name or BY.get(key, FORGOTTEN)


def card(
    organ_id: int,
    organ: str,
    now: str,
    history: Sequence[str],
    *,
    changes: bool,
    own: int = 0,
    file: bool = False,
    done: str = "",
) -> Say:
    """
    An organ's template, with its history (oldest first) or what was just `done`.

    `changes` says that the person may change it, `own` is the number of the template that can be
    taken back, `file` says that there is one to download beside ours.
    """
    lines = [f"「{organ}」的 Word 文件用：{now}。"]
    if done:
        lines = [done, now_counts(now)]
    elif history:
        lines += ["记录：", *(f"· {line}" for line in history)]
    if not changes:
        return Say(MessageKind.NOTE, "\n".join(lines))
    rows = [(button(f"u:{own:x}", TAKE_BACK, Tone.DANGER),)] if own else []
    rows += [(button(f"d:{organ_id:x}", DOWNLOAD),)] if file else []
    rows += [(button("n", DOWNLOAD_OURS),)]
    lines += [] if done else [HOW]
    return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))
