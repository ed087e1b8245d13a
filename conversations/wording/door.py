"""Sentences of the door: strangers, invitations, unusable messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from conversations.form.answers import Value, grouped
from conversations.form.model import Form, ItemId
from conversations.sign_off.states import Role
from conversations.wording import talk as wording

STRANGER = "您好。这是内部填报工具，请向本单位管理员要邀请链接。"
GROUP = "年报不在群里填，请点按钮到私聊。"
GROUP_BUTTON = "打开私聊"
INVITATION_BAD = "邀请链接无效、过期或已用过，请向管理员要新的。"
JOIN = "加入"
JOIN_TYPED = frozenset(
    (JOIN, "我加入", "我要加入", "确认加入", "同意加入", "同意", "点击加入", "「加入」")
)
JOINED = "✓ 已加入「{organ}」，身份：{role}。"
ALREADY_MEMBER = "您已经是「{organ}」的{role}。"
CHOOSE_ORGAN = "您为几个机关填报，请选择："
CHOOSE_FIRST = "没有记下：请先点要填的年报。"
OTHER_ORGAN = "别的机关"
SWITCH_REPORT = "切换机关、年度"
PLACE_MOVED = "这份年报刚在别处填过，您的回答没有记下。现在问的是："
PRESS_BY_NUMBER = "（点按钮：输入 # 和编号，例如 #1，或者输入按钮上的字。）"
SEND_FILE = "（发文件：输入 @ 和文件名，例如 @总体情况.docx。）"
NO_SUCH_BUTTON = "没有这个编号的按钮。"
KEPT = "已填的都保存好了，下次启动接着填。"
CHOOSE_REPORT = "请选择要填的年报："
ERROR = "抱歉，刚才那条没处理成，没有记下，请再试。还不行，请把编号 {number} 告诉管理员。"
NOT_KEPT_YET = "暂时记不下，请稍等，恢复后接着处理。"
TEMPLATE_TOO_SLOW = "用本单位模板生成太慢，已停止。请检查模板里的循环，或改用自带模板。"
TEMPLATE_TOO_MUCH_MEMORY = (
    "用本单位模板生成占内存太多，已停止。请检查模板里的循环和格式，或改用自带模板。"
)
TEMPLATE_BROKEN_OFF = "用本单位模板生成时意外中止，请再试；还不行，请改用自带模板。"
NOT_SHOWN = "抱歉，有一条没能显示，填过的都在。请发 /menu 接着填。"
MAYBE_NOT_SHOWN = "网络不稳，刚才的消息可能没送到。没看到的话，请发 /menu。"
NO_ACCESS = "这份年报不在您的权限里，没有改动。"
NOT_ADMINISTRATOR = "这个命令只有管理员能用。"
OLD_BUTTON = "这个按钮不能用了，下面是现在的位置。"
REPEATED = "（网络中断后重发，可能与上一份相同）"
DRAFT_CAPTION = "草稿，没填的地方标着【未填】，请勿发布。"
FINAL_CAPTION = "正式文件。请打开看一遍，再公布。"
FORM_CAPTIONS = {
    "html": "网页版（片段）：粘贴到网站编辑器的源代码里。版本 {mark}。",
    "html-page": "网页版（完整）：可以直接上传，也可以用浏览器打开看。版本 {mark}。",
    "pdf": "PDF：打印、传阅用；要公布的还是 Word 文件。版本 {mark}。",
    "xlsx": "表格：三张表的数字，用 Excel 或 WPS 打开。版本 {mark}。",
    "txt": "纯文本：只有文字和数字，便于复制。版本 {mark}。",
}
FORM_NAMES = {
    "html": "网页版（片段）",
    "html-page": "网页版（完整）",
    "pdf": "PDF",
    "xlsx": "表格",
    "txt": "纯文本",
}
NO_LIBREOFFICE = "服务器上没有安装 LibreOffice，做不了 PDF 和页面预览；Word 文件不受影响。"
NO_PDF = "这次没有做成 PDF，Word 文件不受影响。请再试一次，或者用 Word 另存为 PDF。"
NO_PAGES = "这次没有画出页面预览，Word 文件不受影响。"
PDF_TOO_SLOW = "做 PDF 太慢，已停止；Word 文件不受影响。请用 Word 另存为 PDF。"
NO_CHART = "没有中文字体，画不了图，只有文字："
PHOTO_GONE = "照片取不到了（可能换过机器人）。请看纸质的签字页。"
PHOTO_ON_TELEGRAM = "🖼 签字页照片在 Telegram 里，请在那里打开这份年报看。"
NOT_UNDERSTOOD = {
    "photo": "图片里的数字读不了，请直接发数字或文字。",
    "sticker": "请发数字或文字，或点按钮。",
    "voice": "语音听不了，请打字发给我。",
    "location": "不用发位置，请发数字或文字，或点按钮。",
    "video": "视频看不了，请发数字或文字。",
    "other": "这种消息用不上，请发数字或文字，或点按钮。",
}
FILE_NOT_NOW = "没有读到年报，现在问的也不是文字，没有用上。请先打开要填的那一节。"
FILE_TOO_LARGE = "文件太大（最多 20 MB），也可以直接发正文。"
FILE_FAILED = "刚才发来的没有收到，请再发一次。"
FILE_BROKEN_OFF = "读这个文件两次意外中止，没有用上。请另存一份再发，或直接发文字、数字。"
EDIT_UNKNOWN = "这条修改没有用上：它不是某一题的回答。要改哪一项，请从目录打开。"
ADMIN_HELP = (
    "管理员命令：\n"
    "/invite 机关全称 — 生成经办人邀请链接（7 天内有效，只能用一次）\n"
    "/overview — 下级单位的进度：谁没交、谁有错、谁逾期\n"
    "/organ 名称或其中几个字 — 打开这个机关的年报\n"
    "/people 机关全称 — 成员：查看、移除、换号、移交年报，收回邀请\n"
    "/list — 导入单位名单（发表格，或把名单粘贴过来）\n"
    "/rename 原名称 新名称 — 改名；/merge 甲 乙 — 甲并入乙；/close 甲 — 撤销\n"
    "/task — 截止日期、收集日期、分工、延期、今年不用报，给下级统一布置\n"
    "/sum — 下级年报汇总：缺谁、加总、填入本单位年报\n"
    "/nudge — 提醒所有未完成的机关\n"
    "/export — 导出：下级单位的年报、数据\n"
    "/template — Word 模板：看用哪个、换、撤回\n"
    "下级单位发来的年报文件（一个，或打成 .zip），直接发给我。"
)
INVITE_USAGE = "请在命令后面写机关全称，例如：/invite 雷鸣镇人民政府"
INVITED = (
    "请加入「{organ}」，身份：{role}。点链接，再点「加入」（7 天内有效，只能用一次）：\n{link}"
)
FORWARD = "请把上面的链接只转发给本人。"
FOUND = "找到「{organ}」。"
NO_ORGANS = "还没有机关。用 /invite 机关全称 生成第一个邀请链接。"
ROLES = {"clerk": "经办人", "leader": "审核人", "administrator": "管理员"}
SWITCH = "切换"
IMPORTED_MARK = "（上年数据）"
COLLEAGUE = "同事"
PART_KEPT = "✓ {heading}：第 {count} 段已收到"
CONTENTS_MOVED = "📋 目录：最新的在下面。"
DESCRIPTION = (
    "年报助手：一问一答填完《政府信息公开工作年度报告》，自动合计、检查勾稽关系，"
    "直接得到可以公布的 Word 文件。请用管理员给您的邀请链接开始。"
)
SHORT_DESCRIPTION = "政府信息公开工作年度报告填报助手"
COMMANDS = {
    "menu": "目录：各节填报情况",
    "status": "进度：还差什么",
    "preview": "草稿：看看现在的文件",
    "lastyear": "查往年数字",
    "switch": "切换机关或年度",
    "year": "换年度",
    "remind": "提醒：开、少、关，什么时间",
    "calendar": "日历文件：把日期放进手机日历",
    "help": "帮助：怎么用",
    "cancel": "离开这一题，填过的都保留",
    "restart": "重新开始（会先问您）",
    "start": "打开年报",
}
WRITING = frozenset(("cancel", "restart"))  # commands for people who fill in a report
ADMIN_COMMANDS = {
    "invite": "生成邀请链接",
    "overview": "下级单位的进度：谁没交、谁有错",
    "people": "成员：查看、移除、换号、移交",
    "organ": "打开某个机关的年报",
    "list": "导入单位名单",
    "task": "任务：截止日期、收集日期、分工",
    "sum": "下级年报汇总",
    "nudge": "提醒所有未完成的机关",
    "export": "导出：下级单位的年报、数据",
    "template": "Word 模板：看用哪个、换、撤回",
}


def commands(*, writes: bool, manages: bool, several: bool) -> dict[str, str]:
    """The menu of commands, depending on whether the person fills in reports and manages organs."""
    menu = {name: text for name, text in COMMANDS.items() if writes or name not in WRITING}
    if manages:
        menu |= ADMIN_COMMANDS
    if not several:
        menu.pop("organ", None)
    return menu


def replaced_faces(names: Sequence[str]) -> str:
    """The fonts that were replaced by others, in a PDF or in page pictures."""
    if not names:
        return ""
    return f"服务器没有装{'、'.join(names)}，用别的字体代替，版面可能略有不同。"


def pictures(pages: int, shown: int, stand_ins: Sequence[str]) -> str:
    """The caption of the pictures of a document's first pages."""
    some = f"共 {pages} 页，这里是前 {shown} 页。" if pages > shown else ""
    return f"页面预览，以 Word 文件为准。{some}{replaced_faces(stand_ins)}"


def role_name(role: str, sections: Sequence[str] = ()) -> str:
    """A role; for a helper with the printed numbers of their sections, 「经办人（第三节）」."""
    parts = "、".join(f"第{number}节" for number in sections)
    return f"{ROLES[role]}（{parts}）" if parts and role == Role.CLERK.value else ROLES[role]


def roles(held: Iterable[Role], sections: Sequence[str] = ()) -> str:
    """A member's roles: 「经办人、审核人」."""
    return "、".join(role_name(role, sections) for role in ROLES if Role(role) in held)


def join(organ: str, role: str, sections: Sequence[str] = ()) -> str:
    """What an invitation is for, before it is used."""
    return f"邀请您加入「{organ}」，身份：{role_name(role, sections)}。加入吗？"


def take_over(organ: str, role: str, sections: Sequence[str] = ()) -> str:
    """What an invitation for a member's new account does, before it is used."""
    return (
        f"用这个账号接着为「{organ}」填报（身份：{role_name(role, sections)}）吗？\n"
        "填到哪里和记录都转来，原账号立即停用。"
    )


def no_such_organ(organ: str, *, found: bool) -> str:
    """No organ has this name; similar ones are buttons, and another command makes a new one."""
    near = "是不是下面的？" if found else ""
    return f"没有「{organ}」这个机关。{near}\n要新建，请发：/invite {organ}"


def found_organs(part: str, count: int, shown: int) -> str:
    """Several names contain the typed text; the first ones are buttons."""
    more = f"，只列出前 {shown} 个，请多写几个字" if count > shown else ""
    return f"有 {count} 个机关的名称里有「{part}」{more}。打开哪个？"


def new_organ(organ: str, near: Sequence[str], parent: str = "") -> str:
    """An invitation has made an organ, perhaps below another; with similar names."""
    like = f"已有相近的：{'、'.join(near)}，请核对。" if near else ""
    below = f"，上级是「{parent}」" if parent else ""
    return f"✓ 新建了机关「{organ}」{below}。{like}"


def surprise(who: str, when: datetime, name: str, theirs: str, ours: str) -> str:
    """A colleague has answered the question while it was on this screen."""
    return (
        f"⚠️ {who} {when:%H:%M} 已把「{name}」填为{theirs}，"
        f"现按您的 {ours} 保存，两次都有记录；要用对方的，请改回来。"
    )


def item_name(form: Form, item: ItemId) -> str:
    """The short name of a figure, a text or a piece of wording."""
    if item in form.cells:
        return wording.cell_name(form, item)
    return form.name_of(item)


def value(form: Form, item: ItemId, answer: Value | None) -> str:
    """An answer in a few words."""
    if item == "table_breaks":
        return "否" if answer else "是"
    if answer is None:
        return "（空）"
    if isinstance(answer, str):
        return f"“{wording.shorten(answer, 30)}”" if answer else "（空）"
    unit = form.cells[item].counted_in if item in form.cells else ""
    return f" {grouped(answer)} {unit}".rstrip()
