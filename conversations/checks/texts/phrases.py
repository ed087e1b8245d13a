"""
The words in which reports speak of the form's figures, and the cells they mean.

The table of check N2 (a figure in the text contradicts the tables); how words make a
statement is the reader's part, in `statements.py`. Both editions of the form use them; a
cell that an edition does not have is passed over.

`LISTS` has a kind of word a line, with what it means where that matters. «(a|b|)» stands
for each of its alternatives, the empty one too. The longest word wins, so what must not be
misunderstood is listed whole («依申请政务服务», «未办结»). What is in no list is unknown, and
between a verb and its number nothing unknown may stand.

Not here on purpose: 信息处理费, which is never 行政事业性收费.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, unique

from conversations.form import FILLED_IN, FORM_IN_FORCE, FORMS
from conversations.form.model import Line

Sum = tuple[str, ...]


@unique
class Family(Enum):
    """What kind of figure a row is: its measure words, and where it may be counted."""

    REQUESTS = "件份例宗起条项个笔次"
    OUTCOMES = "件份例宗起条"
    APPLICANTS = "件份例宗起条项个"
    CASES = "件起例宗次条项个份"
    RESULTS = "件起例宗"
    PAPERS = "件份个部项条"
    DECISIONS = "件份起例宗个"
    FEES = "万元"


@dataclass(frozen=True, slots=True)
class Row:
    """
    One figure of the form as people speak of it.

    `cells` are alternatives, each a sum of cells: a statement agrees when one of them does.
    `columns` are those of a kind of applicant, who has no cells of its own: they are those
    of the row spoken of last.
    """

    name: str
    family: Family
    cells: tuple[Sum, ...] = ()
    columns: tuple[str, ...] = ()


class Kind:
    """What a word is to the reader. Plain texts: they are looked up for every word."""

    ROW = "row"  # a row of the form; `value` is the Row
    APPLICANT = "applicant"  # a kind of applicant; `value` is the Row
    PERSON = "person"  # a kind of applicant, but often just anybody (公民申请)
    RESULT = "result"  # how a case ended; `value` is the column of table four
    CARRY = "carry"  # carried over or forward, by the year beside it
    REQUEST = "request"  # an application for information, by any name
    BARE = "bare"  # 申请, perhaps for something else
    SUBJECT = "subject"  # 政府信息公开: what an application or a case is about
    PAPER = "paper"  # a kind of document; `value` is its row
    VERB = "verb"  # `value` is one of Act
    NO = "no"  # 未, 无, 没有
    AMONG = "among"  # 其中
    # What makes a figure one of a part, or of something else:
    CHANNEL = "channel"
    WAYS = "ways"  # 渠道: several of them are the whole
    LIMIT = "limit"  # 涉及, 类: one subject, unless it is that of the report
    MATTER = "matter"  # something else that is counted
    PART = "part"  # a part of the requests that has no row
    VETO = "veto"  # plans, rates, delays
    CHANGE = "change"  # 增加 3 件
    PUBLISH = "publish"  # publishing a decision is not taking it
    DECIDES = "decides"  # deciding on somebody's case
    CAUSE = "cause"  # 引发, 被: the case is one about us
    # When and who:
    WHOLE = "whole"
    LAST = "last"
    NEXT = "next"
    SPAN = "span"  # another time: half a year, several years, an exercise
    YEAR = "year"
    DAY = "day"
    ORGAN = "organ"
    OURS = "ours"  # 我局, 全县
    OWN = "own"  # the organ's own name, put in by the reader
    EACH = "each"
    TOWARDS = "towards"  # prepositions: the organ behind them does not act
    # What says nothing, and what is no word:
    FILLER = "filler"
    NUMBER = "number"
    MARK = "mark"
    UNKNOWN = "unknown"


class Act(Enum):
    """What is done with what is counted."""

    RECEIVE = "receive"
    HANDLE = "handle"
    ANSWER = "answer"
    ISSUE = "issued"
    REPEAL = "repealed"
    IN_FORCE = "in_force"
    AMEND = "amend"
    DECIDE = "decide"
    SUFFER = "suffer"


def _row(line: Line) -> Row:
    """A row of the form as one figure: its total, or the only one it has."""
    cell = line.total or line.cells[0]
    if line.id.startswith("review."):
        family = Family.CASES
    elif line.id.startswith("requests."):
        outcome = line.id.startswith("requests.outcome.") and not line.id.endswith(".total")
        family = Family.OUTCOMES if outcome else Family.REQUESTS
    else:
        family = Family.FEES if line.id.endswith("fees") else Family.DECISIONS
    return Row(line.short, family, ((cell.id,),))


def together(rows: list[Row], name: str = "") -> Row:
    """Several figures told as one, their sum: 行政复议和行政诉讼."""
    cells = tuple(dict.fromkeys(cell for row in rows for cell in row.cells[0]))
    name = name or "和".join(dict.fromkeys(row.name for row in rows))
    return rows[0] if len(rows) == 1 else Row(name, rows[0].family, (cells,))


def _in_each_form(name: str, *blocks: str) -> Row:
    """The rows of blocks as one figure, in each form those it has: （三）不予公开."""
    sums = [
        together([_row(line) for id_, line in form.lines.items() if _is_of(id_, blocks)], name)
        for form in FORMS.values()
    ]
    return Row(name, sums[0].family, tuple(dict.fromkeys(each.cells[0] for each in sums)))


def _is_of(row: str, blocks: Iterable[str]) -> bool:
    """Whether a row of outcomes or cases is one of these blocks, or stands in one of them."""
    return any(f".{block}." in f"{row}." for block in blocks)


# The rows of the forms that are filled in by the last part of their ids, and the blocks of rows.
ROWS = {
    id_.rpartition(".")[2]: _row(line) for form in FILLED_IN for id_, line in form.lines.items()
}
ROWS |= {
    "withheld": _in_each_form("不予公开", "withheld"),
    "unable": _in_each_form("无法提供", "unable_to_provide"),
    "not_processed": _in_each_form("不予处理", "not_processed"),
    "otherwise": _in_each_form("其他处理", "otherwise_handled"),
    "disclosed_or_partly": together([ROWS["disclosed"], ROWS["partly_disclosed"]]),
    "litigation": _in_each_form("行政诉讼", "litigation"),
}
RECEIVED, CARRIED_OVER = ROWS["received"], ROWS["carried_over"]
ANSWERED, FORWARD = ROWS["total"], ROWS["carried_forward"]
OUTCOMES = frozenset(row.cells for row in ROWS.values() if row.family is Family.OUTCOMES)
CARRIED = Row("结转", Family.REQUESTS, (*FORWARD.cells, *CARRIED_OVER.cells))
# Of new requests alone, with last year's, or of those answered.
WITH_CARRIED = Row(
    RECEIVED.name, Family.REQUESTS, (*RECEIVED.cells, RECEIVED.cells[0] + CARRIED_OVER.cells[0])
)
HANDLED = Row("办理", Family.REQUESTS, (*WITH_CARRIED.cells, *ANSWERED.cells))
CARRIED_ROWS = (FORWARD, CARRIED_OVER, CARRIED)
# Those that may be told in one sum: 予以公开及部分公开 6 件.
_MAIN = ("disclosed", "partly_disclosed", "withheld", "unable", "not_processed", "otherwise")
MAIN_OUTCOMES = frozenset(ROWS[key] for key in _MAIN)
# Where those withdrawn or dropped are told beside them: 撤回 2 件，答复 28 件.
ANSWERED_ALONE = Row(
    ANSWERED.name,
    Family.REQUESTS,
    (
        *ANSWERED.cells,
        *_in_each_form(
            "",
            "outcome.disclosed",
            "outcome.partly_disclosed",
            "withheld",
            "unable_to_provide",
            "not_processed",
        ).cells,
    ),
)
_PEOPLE = {column.id: column.label for column in FORM_IN_FORCE.tables[1].columns[:-1]}
_FIRST, *LEGAL_PERSONS = _PEOPLE
APPLICANTS = {id_: Row(name, Family.APPLICANTS, columns=(id_,)) for id_, name in _PEOPLE.items()}
APPLICANTS["legal_person"] = Row("法人或其他组织", Family.APPLICANTS, columns=tuple(LEGAL_PERSONS))
PAPERS = {"rules": "规章", "normative_documents": "规范性文件"}
DONE_WITH_PAPERS = {Act.ISSUE: "制发", Act.REPEAL: "废止", Act.IN_FORCE: "现行有效"}


def papers(kind: str, act: Act) -> Row:
    """The figure of a kind of document: made, repealed or in force."""
    name = f"{PAPERS[kind]}{DONE_WITH_PAPERS[act]}"
    return Row(name, Family.PAPERS, ((f"proactive_disclosure.{kind}.{act.value}",),))


ISSUED, IN_FORCE = (tuple(papers(k, act) for k in PAPERS) for act in (Act.ISSUE, Act.IN_FORCE))


def by_acts(acts: set[object]) -> Row:
    """新收, 办理 or 答复: several verbs leave it open which."""
    if {Act.RECEIVE, Act.ANSWER} <= acts or acts == {Act.HANDLE}:
        return HANDLED
    return RECEIVED if Act.RECEIVE in acts else ANSWERED


def of_applicants(row: Row, governing: Row | None) -> Row:
    """A kind of applicant in the row spoken of before, or in those always possible."""
    known = governing and governing.family in (Family.REQUESTS, Family.OUTCOMES)
    groups = [
        tuple(f"{cell.rpartition('.')[0]}.{column}" for cell in group for column in row.columns)
        for group in (governing.cells if governing and known else HANDLED.cells)
    ]
    return Row(row.name, row.family, tuple(groups))


def results(cases: list[Row], column: str) -> Row:
    """How many cases ended in one way, of 行政复议, of both kinds of 行政诉讼, or of both."""
    both = tuple(dict.fromkeys(cell for case in cases for cell in case.cells[0]))
    sums = dict.fromkeys((*(case.cells[0] for case in cases), both))
    cells = tuple(tuple(f"{cell.rpartition('.')[0]}.{column}" for cell in sum_) for sum_ in sums)
    return Row(together(cases).name, Family.RESULTS, cells)


LISTS = """
row disclosed: (依法|)予以公开 同意公开 准予公开 准许公开 全部(予以|)公开
row disclosed_or_partly: 全部(和|及|与|或|或者|、)部分公开 公开(和|及|与|或|或者|以及|、)(予以|)部分公开
row partly_disclosed: (予以|同意|准予|)(部分|部份)公开 部分予以公开
row withheld: (告知|)不予公开(范围|) 不同意公开
row unable: (告知|)无法提供 不能提供
row not_processed: (告知|)不予处理
row otherwise: 其(他|它)处理
row not_held: 不掌握(相关|有关|)(政府|)(信息|)
row must_be_created: 没有现成(政府|)信息(需要|需|)(另行制作|) 需要另行制作 需另行制作
row still_unclear: 补正后(申请内容|)仍不明确
row petition_or_complaint: 信访(、|)举报(、|)投诉(类|)(申请|)
row repeat_request: 重复申请
row state_secret: 国家秘密
row third_party_rights: (保护|)第三方合法权益
row internal_affairs: (三类|)内部事务信息
row deliberative_process: (四类|)过程性信息
row enforcement_file: (属于|属)行政执法案卷(信息|)
row administrative_inquiry: 行政查询事项
row reconsideration: 行政复议 复议
row litigation: 行政诉讼 诉讼 行政应诉 起诉
row direct: 未经复议直接起诉 直接起诉
row after_reconsideration: 复议后起诉
row licensing: 行政许可(处理|)(决定|决定书|)
row penalties: 行政处罚(处理|)(决定|决定书|)
row coercion: 行政强制(处理|)(措施|)(决定|决定书|)
row administrative_fees: 行政事业性收费
result upheld: (结果|)维持
result corrected: (结果|)纠正
result other_result: 其他结果
result pending: (尚未|未)审结
applicant natural_person: 自然人
applicant legal_person: 法人(和|或|及|以及|、|或者|与|)其(他|它)(社会|)组织
applicant commercial_enterprise: 商业企业
applicant research_institution: 科研机构
applicant public_welfare_organization: 社会公益组织
applicant legal_service_institution: 法律服务机构
person natural_person: 公民(个人|) 个人
person legal_person: 法人
carry: 结转 转结 结转(至|到|入) 转结(至|到|入) 转(入|至|到|) 顺延(至|到|) 延续(至|到) 转接(至|到|入|) 跨年(度|) 遗留
request: (政府|政务|)信息公开申请(书|表|函|信件|办件|材料|) (政府|政务|)信息公开的申请 申请公开(政府|)(信息|) 申请政府信息公开
request: (政府|政务|)(信息|)(公开|)依申请(公开|)(政府|政务|)(信息|)(公开|)(件|案件|工单|信件|函件|邮件|办件|材料|诉求|需求|来信|来函|的申请|申请|申请书|申请表|申请函|申请件|) 公开申请 公开政府信息(的|)申请
request: 申请的政府信息 依申请公开办件 政府公开信息(的|)申请 公开信息申请 依申请信息公开
bare: 申请(件|) 申请书 申请表 来件
subject: (政府|政务|)信息公开(问题|) 公开政府信息 政府公开信息 政务公开 公开信息 政府信息
paper normative_documents: (行政|)规范性文件
paper rules: (政府|)规章
paper: 文件
verb receive: 直接(收到|受理) (新|)(受理|收到|接收|接受|收悉|接到|接收到) 新收 收件 登记受理
verb handle: 牵头办理 办理 收办 承办 处理 受办
verb answer: (答复|回复|办复)(完毕|完成|完结) 已办(结|) 已(办理|处理)(完毕|完成|完结|) 办结 答复 回复 办复 答结 办理完毕 办理完成 办理完结 处理完毕 办理结束
verb answer: 完成 书面(答复|回复)
verb amend: 修改 修订
verb issued: (新|)(制发|制定|出台|印发|制作) 新发布 新公布 (制定|制发)(并|)(出台|印发|发布|公布|主动公开) 出台印发 新制
verb repealed: 废止 废止(和|或|、|)失效
verb in_force: (保留|)现行有效 继续有效 有效存续
verb decide: 作出 做出 实施 下达 收取 征收 作出了
verb suffer: 被提请 应对 发生 产生 出现 存在 有 提起 引起 引发 招致
no: 未 未曾 尚未 暂未 均未 从未 没有 暂无 均无 没 无 零 也无 亦未 也未 并未 未有 尚无 不存在 (无|没有)一(件|起|例|宗)
among: 其中 包括 包含 含 具体为 分别为
channel: 网上 网络 互联网 线上 线下 信函 信件 邮寄 邮件 电子邮件 邮箱 传真 在线 窗口 现场 来函 函件 纸质 书面
channel: 口头 当面 面对面 邮政 快递 网站 门户 电子 电话 微信 平台 系统 热线 小程序 网页 挂号信 短信 邮递 EMS
channel: 来信 来电 来访 专区 大厅 服务点 受理点
ways: 渠道 方式 途径 形式
limit: 涉及 涉 关于 有关 针对 围绕 类 领域 性质 按照 按
matter: 信访 留言 信箱 工单 建议 提案 议案 咨询 诉求 意见 投诉 举报 舆情 办件 网民 微博 公众号 视频 解读
matter: 许可申请 资料 材料 动态 公告 公示 公文 新闻 稿件 文章 栏目 指南 目录 专栏 名录 清单 培训 会议 活动
matter: 政务服务 公共服务 服务事项 案卷 协办 转办 转来 交办 代办 协助 主动公开 政策 纠纷 监督
matter: (行政|)(许可|处罚|强制)(决定|)信息 (党委|党组|党内)规范性文件
matter: 非(政府|政务|)信息公开(类|) 简易程序 一般程序 普通程序
matter passed_on: 转交 移交 移送
matter: 行政执法 查询 复议机关 草案 信息处理费 处理费 回应 问政 问题 督查 依申请类 群众来信 调解 备案审查 立法 申请条件
matter: 依申请政务服务 依申请公共服务 依申请服务 依申请办理 决定书 申诉 (答复|告知)书 答复文书
carry unfinished: (尚|)未办结 在办 待办 (正|尚|仍)在(办理|答复|处理) (办理|答复|处理)(状态|过程|)中 待(答复|处理|办理) 未到期
part: 补正 撤回 撤销 不予受理 不予答复 不予许可 (政府|)信息不存在 非本机关 征求 咨询类 不再处理
veto: 确保 直接答复 当场答复 延期 逾期 超期 超时 提前 限期 延长 拟 计划 将 力争 争取 预计 目标 每 月均 日均 年均 平均 率 达不到 以外
veto: 败诉 胜诉 准予 撤案 若干 减免 免征 免收 降低 退还 退付 取消 停征 缓缴 缓征 让利 处罚款 罚款 应公开 转发
veto: 指导 督促 协调 评查 参与 起草 学习 配合 复查 答复不当 中介 代收 代征 重新(答复|办理|处理|作出)
change: 降至 增至 升至 减至 增加 增长 增 减少 下降 上升 提高 多 少 减 同比 持平 环比 较 比 相比
publish: 公开 发布 公布 上传 上报 归集 录入 推送 双公示 报送 抽查 刊登 收录 更新 审核 备案 (集中|)清理 梳理 编制
decides: 审理 审结 化解 出庭 立案 裁决 应诉 审查 复议决定 案件办理 作为复议机关 审判
cause: 因 被 导致 而被 被申请 被提起 引致 涉及本机关 涉及我局 所致
whole: 全年 全年度 本年 本年度 今年 今年以来 本年度以来 年内 当年 一年来 年初以来 年度 本年新 当年新 今年内 截至目前 目前
last: 去年 上年 上年度 上一年 上一年度 以前年度
next: 下一步 下步 下年 下年度 下一年 下一年度 次年 次年度 明年 来年
span: 上半年 下半年 (第|)(一|二|三|四|1|2|3|4)季度 每月 每年 同期 往年 历年 以来 近年 近年来 年来 月度 季度
span: (十|十一|十二|十三|十四|十五)五(”|)(期间|以来|时期) 本届政府 任期内 五年间 五年来 (修订|实施|施行)(后|以后)
span: (两|三|四|六|七|八|九|十|2|3|4|5|10)年(来|间)
span: 近(两|三|四|五|几|2|3|4|5)年(来|) 历史 上年同期 去年同期 模拟 案例 测评 测试 演练
organ: 馆 人民政府 行政机关 局 镇 乡 街道 街道办 办事处 委员会 委 办公室 办公厅 办 厅 院 处 科 科室 股 股室
organ: 中心 支队 大队 队 部门 单位 公司 村 社区 学校 医院 政府 县 区 市 州 省 旗 本级 市级 县级 区级 省级 乡镇
organ: 镇街 街镇 县区 机关 机构 所 站 法院 派出所 司法所 联席会议 分局 党委 网格员 管委会
each: 各 各级 所属 下属 直属 直 属 基层
towards: 被申请人 被告 作为 代表 办理结果 根据 依据 依托 遵照 结合 在 对 通过 经 向 与 会同 把 从 以
filler: (政府|政务|)信息公开申请人 公开申请人 多渠道 近 约 超过 逾 左右 以上 上下 的 了 得 等 共 共计 累计
filler: 总计 合计 总共 一共 共有 计 为 是 就是 达 达到 数量 总数 总量 件数 总件数 量 数 均 已 已经 都 全部 全
filler: 也 并 并且 且 又 再 还 分别 该 该项 该类 此 此类 此项 本 依法 依规 依法依规 依程序 依照 规定 按规定
filler: 按规 按要求 按程序 按时序 按时间 按时限 按时 按期 按期限 按照规定 按照要求 按照程序 如期 及时 准时 规范
filler: 总体 (法定|)(办理|答复|受理)(期限|时限|时间|期) 妥善 认真 严格 圆满 顺利 积极 有效 全面 现 现已 至今 暂 尚 曾 过 到 内 中 里 后 时 时限 期限 法定
filler: 规定时限 规定时间 法定期限 法定时限 法定时间 规定期限 给予 进行 予以 提交 提出 递交 要求 申请人
filler: 年初 统计期间 报告期间 余 公众 群众 社会 社会公众 社会各界 各界 组织 市民 村民 居民 企业 任何 任何形式 各类 各种 多种
filler: 线上线下 不同 相关 方面 情况 概况 情形 事项 事件 案件 案 事务 件 信息 内容 其余 剩余 余下 另 另有 尚有 另外 以及
filler: 和 及 或 或者 同时 此外 期间 年底 底 末 新 新增 仍 继续 实际 由 来自 给 之 于 至 属于 系 一律 逐件 逐一
filler: 当前 占 占比 比例 除 外 不含 加上 现有 受理量 而 数据 我们 其 现象 行为 本年新收 分类
filler: 业务 程序 需要 仅 只 办案 办事 办公 另行 出 进入 类别 办结率 答复率 截至 截止 年 经办 工作 所有 看 主体 名义 其他 其它 单位和个人 组织机构 组织和个人
filler: 金额 总金额 收费金额 总额 人民币 收入 入库 决定 经研究 原因 作 高效 高质量 有序 稳妥 保质保量 用心用情 正式 面向
filler: 上述 来看 较多 较少 结存 推进 事宜 请求 同样 按照相关(要求|规定) 按照有关(要求|规定) 共同 直接 不服 确定 确定继续有效 确认 登记 归档 报告 应 需 可 形成 宗
"""


def _entries() -> Iterator[tuple[str, object, str]]:
    """Each line of the lists: the kind of its words, what they mean, and the words."""
    for line in LISTS.strip().splitlines():
        head, _, words = line.partition(": ")
        kind, _, name = head.partition(" ")
        value: object = name or None
        if kind in {Kind.ROW, Kind.APPLICANT, Kind.PERSON}:
            value = ROWS[name] if kind == Kind.ROW else APPLICANTS[name]
        elif kind == Kind.VERB:
            value = Act(name)
        yield kind, value, words


WORDS = tuple(_entries())
JOINS = {"和", "及", "与", "或", "或者", "以及", "、"}
COUNTING = {"共", "共计", "合计", "累计", "总计", "共有", "总共", "一共", "计"}
ABOUT = {"近", "约", "超过", "逾", "左右", "以上", "上下"}
NUMBER_OF = {"数", "量", "数量", "总数", "总量", "件数", "为", "是", "受理量"}
ENDED_OTHERWISE = {"撤回", "撤销", "不再处理", "转交", "移交", "移送"}
ALL = {"均", "全部", "都"}
BEING = {"为", "是", "由", "系", "属于", "来自"}
THROUGH = ("至", "到", "、", "和", "及", "与", "-", "–", "－", "—", "~", "～")
UNTIL = {"截至", "截止", "到", "至", "目前", "截至目前"}
APART = {"后", "之后"}
DELAYS = {"延期", "逾期", "超期", "延长", "提前", "超时"}
ONE = {"一", "1"}
NONE = {"0", "零", "〇"}
SHOWN = {"主动公开", "公示"}  # as 公开 is, but counted as something else, too
PUBLISHED = {"发布", "公布"}  # where no document was published none was made
REST = {"另", "另外", "其余", "剩余", "余下", "余", "其他", "其它"}
BESIDES = {"另", "另有", "另外", "不含"}  # not among those just counted
MORE = {"再", "其他", "其它"}
# What may be, or not be, one of another figure told beside it: 无法提供 1 件，信息不存在 1 件.
DOUBTFUL = {
    "不予受理": (ANSWERED, HANDLED),
    "信息不存在": (ROWS["unable"],),
    "政府信息不存在": (ROWS["unable"],),
    "撤回": (ROWS["otherwise"],),
    "撤销": (ROWS["otherwise"],),
    "不再处理": (ROWS["otherwise"],),
}
# Others were answered by telephone, came in new, or from somebody else.
SOME = {"书面答复", "书面回复", "继续", "直接收到", "直接受理"}
ON_TIME = {"按时", "按期", "按期限", "如期"}
CLEARED = {"清理", "集中清理", "梳理"}  # what is made, repealed or in force then is so all the same
# Behind the organ itself these are the whole; alone they are nobody in particular.
ANY_ORGAN = {"行政机关", "机关", "部门", "单位"}
VAGUE_ORGANS = {
    "所",
    "处",
    "站",
    "科",
    "院",
    "队",
    "股",
    "办",
    "办公室",
    "委",
    "厅",
    "公司",
    "机构",
    *ANY_ORGAN,
}
SUBORDINATE = {"所属", "下属", "直属", "属", "直"}
# Whose: 我局, 本街道, 全县.
OURS = (
    r"[我本全](?:县|区|市|省|州|旗|镇|乡|街道|街|局|委员会|委|办公室|办|厅|院|处|所|站|队|会|中心|机关|单位|部门|"
    r"大队|支队|社会|国|系统|级(?:人民)?政府)"
)
# An authority that decides on 复议 receives and handles cases that are not about itself.
DECIDERS = r"司法局$|(?:县|区|市|州|省|旗|盟)(?:政府)?$"

# Every cell that a statement may be about, but for the cells of kinds of applicants …
_PAPERS = [papers(kind, act) for kind in PAPERS for act in DONE_WITH_PAPERS]
SPOKEN_OF = frozenset(
    cell for row in (*ROWS.values(), *_PAPERS, HANDLED) for group in row.cells for cell in group
)
# … and how cases ended, which may be any in these rows.
ROWS_OF_APPLICANTS = frozenset(
    cell.rpartition(".")[0] for cell in SPOKEN_OF if cell.startswith(("requests.", "review."))
)
