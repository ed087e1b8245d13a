"""
How reports speak of the figures: the phrases of running text and the cells they mean.

The table of check N2 (a figure in the text contradicts the tables). A phrase is a
name or a verb with its object, written as a regular expression over text without
blanks; what stands between it and its number, and where such a statement does not
count, is the reader's part in `statements.py`. Both editions of the form use them; a
cell that an edition does not have is passed over.

Not here on purpose: 网络问政, 来信, 留言, 建议提案 (not requests); 信息处理费 (never
行政事业性收费); 主动公开 n 条 (no figure of the form).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Topic(Enum):
    """What a sentence speaks of, by the words that say so."""

    # 申请 after other words (低保申请, 建房申请) is another matter.
    REQUESTS = r"(?:(?<=[开依到理收件份条的类、，。（：；人织业构复诉息自各上面函络场寄箱真])|^)申请(?!人|行政复议|复议|强制执行)|依申请"
    DOCUMENTS = r"规范性文件"
    RECONSIDERATION = r"行政复议"
    LITIGATION = r"行政诉讼|应诉|诉讼"
    # Speaks of something the form does not count.
    ELSE = (
        r"(?<=[^开依到理收件份条的类、，。（：；人织业构复诉息自各上面函络场寄箱真□])申请(?!人|公开)|问政|来信|来电|来访|留言|信箱|热线|建议|提案|议案|信访|工单|咨询|舆情|诉求|意见|投诉|"
        r"举报(?!投诉)|微信|微博|公众号|办件|培训|解读|会议|网民|回应|回复群众|许可|处罚|政策|栏目"
    )


class PhraseKind(Enum):
    """How a phrase is built, and therefore where its number may stand."""

    VERB = "verb"  # verb, object, number: 收到政府信息公开申请 21 件
    NAME = "name"  # name, number: 予以公开 7 件; 7 件予以公开
    APPLICANT = "applicant"  # a kind of applicant: 自然人 41 件
    MONEY = "money"  # name, amount: 行政事业性收费 3.2 万元


Sum = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """
    One way of speaking of a figure.

    `cells` are alternatives, each a sum of cells: the statement agrees when one of
    them does. `words` is the verb or name, `object` what a verb must be about (after
    it or before it). `topic` is what the sentence must be about where the phrase alone
    does not say so; `needs` must stand in the sentence unless the number is 0.
    `outcome` marks the names that count after 「其中」, `anywhere` those that speak of the
    whole even in a list of parts. `never` must not stand before it
    in its clause, or with `wide` in its part of the sentence; `never_of` are organs, by
    their name, in whose reports more must not stand there; with `strict` nothing
    unknown may stand before it in its clause. `units` are the measure words, `none` the
    verbs with which «未 …», «无 …» mean 0. `columns` are those of a kind of applicant, who
    has no cells of its own: they are those of the row spoken of last.
    """

    name: str
    kind: PhraseKind
    words: str
    cells: tuple[Sum, ...]
    object: str = ""
    topic: Topic | None = None
    needs: str = ""
    outcome: bool = False
    anywhere: bool = False
    never: str = ""
    never_of: tuple[str, str] = ("", "")
    wide: bool = False
    strict: bool = False
    units: str = "件|份|例|宗|起|条|项|个|笔"
    none: str = ""
    columns: tuple[str, ...] = ()


# Whom or what an application is described by without being narrowed down.
# No word of these is made of others: a text is read in one way, and quickly.
FILLERS = (
    r"(?:了|各类|各种|任何|的|(?:公民|公众)、?法人(?:和|或|及|以及|、|或者)?其[他它](?:社会)?组织|社会|"
    r"公众|各界|组织|群众|个人|申请人|提出|提交|要求|政府|政务|信息|公开|依法|依申请|或|和|及){0,10}"
)
# Somewhere near a bare 「申请」 one of these tells that it is one for information.
ABOUT_REQUESTS = (
    "信息公开|依申请|申请公开|公开申请|政务公开|予以公开|部分公开|不予公开|无法提供|不予处理"
)
REQUEST = (
    rf"(?:{FILLERS}申请(?!行政复议|复议|人|强制|国家赔偿|执行)(?:公开)?(?:政府信息|信息)?(?:公开)?"
    r"(?:事项|数量|总数|总量|数|书|表|单|案件|件)?"
    rf"|{FILLERS}依申请(?:(?:政府信息|信息)?公开(?:的)?(?:政府信息|信息)?)?"
    r"(?:事项|数量|总数|案件|办件|件)?)"
)
DOCUMENT = r"(?:各类|的|本级|我[县区市局镇乡]|行政|政府){0,6}规范性文件(?:数量|总数)?"

RECEIVED = ("requests.received.total",)
CARRIED_OVER = ("requests.carried_over.total",)
ANSWERED = ("requests.outcome.total.total",)
CARRIED_FORWARD = ("requests.carried_forward.total",)
BOTH = (*RECEIVED, *CARRIED_OVER)
# After a number of new requests: it counts those carried over, too.
INCLUDING_CARRIED_OVER = (
    r"[^，。；]{0,2}[（(，]?(?:其中)?(?:含|包括)[^）。；]{0,6}(?:上年|去年|结转)"
)


def _outcome(*rows: str) -> Sum:
    return tuple(f"requests.outcome.{row}.total" for row in rows)


DISCLOSED = _outcome("disclosed")
PARTLY = _outcome("partly_disclosed")
WITHHELD = _outcome(
    "withheld.state_secret",
    "withheld.prohibited_by_law",
    "withheld.security_and_stability",
    "withheld.third_party_rights",
    "withheld.internal_affairs",
    "withheld.deliberative_process",
    "withheld.enforcement_file",
    "withheld.administrative_inquiry",
)
UNABLE = _outcome(
    "unable_to_provide.not_held",
    "unable_to_provide.must_be_created",
    "unable_to_provide.still_unclear",
)
NOT_PROCESSED = _outcome(
    "not_processed.petition_or_complaint",
    "not_processed.repeat_request",
    "not_processed.published_material",
    "not_processed.excessive_requests",
    "not_processed.confirm_or_reissue",
)
OTHERWISE = _outcome(
    "otherwise_handled.correction_overdue",
    "otherwise_handled.fee_overdue",
    "otherwise_handled.other",
)
OTHERWISE_2019 = _outcome("otherwise_handled.all")

RECONSIDERATION = ("review.reconsideration.total",)
DIRECT = ("review.litigation.direct.total",)
AFTER = ("review.litigation.after_reconsideration.total",)
LITIGATION = (*DIRECT, *AFTER)
DOCUMENTS = "proactive_disclosure.normative_documents"

RECEIVE = r"(?:受理|收到|新收到?|接收到?|接到|收悉)"
ANSWER = r"(?:办结|答复|回复|办复)"
HANDLE = r"(?:办理|收办|承办|处理)"

OUTCOME_TAIL = r"(?:的|情形|情况|范围|类|申请|政府信息|答复|决定){0,6}"
AND = r"(?:和|及|与|或|以及|、)"


def _name(name: str, words: str, *cells: Sum) -> Phrase:
    return Phrase(
        name,
        PhraseKind.NAME,
        words + OUTCOME_TAIL,
        cells,
        topic=Topic.REQUESTS,
        outcome=True,
        never="主动",
        units="件|份|例|宗|起",
    )


REQUEST_PHRASES = (
    Phrase(
        "新收和办理",
        PhraseKind.VERB,
        rf"{RECEIVE}(?:并|、|和|及|且)?(?:及时|依法|按时|按期|全部|规范){{0,6}}(?:{HANDLE}|{ANSWER})",
        (RECEIVED, BOTH, ANSWERED),
        REQUEST,
    ),
    Phrase(
        "办理和答复",
        PhraseKind.VERB,
        rf"{HANDLE}(?:并|、|和|及|且)?(?:及时|依法|按时|按期){{0,6}}{ANSWER}",
        (RECEIVED, BOTH, ANSWERED),
        REQUEST,
    ),
    Phrase(
        "上年结转",
        PhraseKind.NAME,
        rf"(?:上年度?|上一年度?|去年|PREVIOUS年度?)(?:结转|转结|遗留)(?:的|至本年|继续|办理){{0,6}}(?:{REQUEST})?",
        (CARRIED_OVER,),
        topic=Topic.REQUESTS,
        anywhere=True,
    ),
    Phrase(
        "结转下年度",
        PhraseKind.NAME,
        rf"(?:(?:结转|转结|转)(?:至|到|入)?(?:下年度?|下一年度?|次年度?|明年|NEXT年度?)|下一?年度结转)"
        rf"(?:继续)?(?:办理|处理|答复)?(?:的)?(?:{REQUEST})?",
        (CARRIED_FORWARD,),
        topic=Topic.REQUESTS,
        anywhere=True,
        none="有",
    ),
    Phrase(
        "结转",
        PhraseKind.NAME,
        r"(?<=[，；、件])结转",
        (CARRIED_FORWARD, CARRIED_OVER),
        topic=Topic.REQUESTS,
        anywhere=True,
    ),
    Phrase(
        "新收",
        PhraseKind.VERB,
        RECEIVE,
        (RECEIVED,),
        REQUEST,
        none=r"收到|受理|接到|接收|新收|有|发生|产生|出现",
    ),
    Phrase(
        "新收",
        PhraseKind.NAME,
        r"(?:本年度?)?新收(?:的)?",
        (RECEIVED,),
        topic=Topic.REQUESTS,
    ),
    Phrase(
        "新收",
        PhraseKind.NAME,
        r"(?:政府)?信息公开申请(?:总)?(?:数量|总数|量|数)",
        (RECEIVED,),
        never=f"{ANSWER}|{HANDLE}|结转|公开|提供",
    ),
    Phrase("办理", PhraseKind.VERB, HANDLE, (RECEIVED, BOTH, ANSWERED), REQUEST),
    Phrase(
        "办理结果总计",
        PhraseKind.VERB,
        ANSWER,
        (ANSWERED,),
        REQUEST,
        never="延期|逾期|超期|提前|限期|口头|当面|书面",
    ),
    Phrase(
        "办理结果总计",
        PhraseKind.NAME,
        rf"(?:作出|予以)?{ANSWER}",
        (ANSWERED,),
        topic=Topic.REQUESTS,
        never="延期|逾期|超期|提前|限期|口头|当面|书面",
        units="件|份|例|宗|起",
    ),
    _name("予以公开和部分公开", rf"予以公开{AND}(?:予以)?部分公开", (*DISCLOSED, *PARTLY)),
    _name("部分公开", r"(?:予以)?部分公开(?:（[^（）]{0,24}）)?", PARTLY),
    _name("予以公开", r"(?<!不)予以公开", DISCLOSED),
    _name("不予公开", r"不予公开", WITHHELD),
    _name("无法提供", r"无法提供", UNABLE),
    _name("不予处理", r"不予处理", NOT_PROCESSED),
    _name("其他处理", r"其他处理", OTHERWISE, OTHERWISE_2019),
    _name(
        "本机关不掌握相关政府信息",
        r"(?:属于?)?本(?:机关|单位|部门|行政机关|[局镇乡办委县区市])不掌握(?:相关)?(?:政府)?信息",
        _outcome("unable_to_provide.not_held"),
    ),
    _name(
        "没有现成信息需要另行制作",
        r"没有现成信息，?需要?另行制作",
        _outcome("unable_to_provide.must_be_created"),
    ),
    _name(
        "补正后申请内容仍不明确",
        r"补正后(?:申请内容)?仍不明确",
        _outcome("unable_to_provide.still_unclear"),
    ),
    _name(
        "信访举报投诉类申请",
        r"信访、?举报、?投诉类(?:申请)?",
        _outcome("not_processed.petition_or_complaint"),
    ),
    _name("重复申请", r"重复申请", _outcome("not_processed.repeat_request")),
    _name("属于国家秘密", r"(?:属于|涉及)国家秘密", _outcome("withheld.state_secret")),
    _name(
        "保护第三方合法权益",
        r"(?:保护|涉及)第三方合法权益",
        _outcome("withheld.third_party_rights"),
    ),
    _name("属于三类内部事务信息", r"属于三类内部事务信息", _outcome("withheld.internal_affairs")),
    _name("属于四类过程性信息", r"属于四类过程性信息", _outcome("withheld.deliberative_process")),
    _name("属于行政执法案卷", r"属于行政执法案卷(?:信息)?", _outcome("withheld.enforcement_file")),
    _name("属于行政查询事项", r"属于行政查询事项", _outcome("withheld.administrative_inquiry")),
)

# A kind of applicant stands for a column of the row that was spoken of last; the rows
# of new and answered requests are always possible.
APPLICANT_TAIL = (
    r"(?:的|提出|提交|政府信息公开|信息公开|依申请公开|申请(?!人)|公开申请|数量|类|主体){0,6}"
)


def _applicants(name: str, words: str, *columns: str) -> Phrase:
    return Phrase(name, PhraseKind.APPLICANT, words, (), outcome=True, columns=columns)


APPLICANT_PHRASES = (
    _applicants("自然人", r"自然人", "natural_person"),
    _applicants(
        "法人或其他组织",
        rf"法人{AND}?其他(?:社会)?组织",
        "commercial_enterprise",
        "research_institution",
        "public_welfare_organization",
        "legal_service_institution",
        "other",
    ),
    _applicants("商业企业", r"商业企业", "commercial_enterprise"),
    _applicants("科研机构", r"科研机构", "research_institution"),
    _applicants("社会公益组织", r"社会公益组织", "public_welfare_organization"),
    _applicants("法律服务机构", r"法律服务机构", "legal_service_institution"),
)
APPLICANT_ROWS = ("requests.received", "requests.outcome.total")


def of_applicants(phrase: Phrase, governing: Sum) -> tuple[Sum, ...]:
    """
    The cells that a number of a kind of applicant may mean.

    `governing` are the cells of the statement before it, empty where there is none.
    """
    rows = [*APPLICANT_ROWS, *({row_of(cell) for cell in governing} if len(governing) == 1 else ())]
    return tuple(
        tuple(f"{row}.{column}" for column in phrase.columns)
        for row in dict.fromkeys(rows)
        if row.startswith("requests.")
    )


def row_of(cell: str) -> str:
    """The row or line of a cell."""
    return cell.rpartition(".")[0]


# Somebody else's cases: an authority that decides on 复议 speaks of those it decides.
DECIDES = "审理|审结|化解|调解|作出|参与|答复|出庭|维持|纠正|胜诉|败诉"
# … and may receive and handle them, which others only suffer.
DECIDERS = "司法|(?:县|区|市|州|省|旗|盟)$"
HANDLES = "办理|受理|收到|承办|处理|新收"
OUR_CASES = "信息公开|依申请"
# How a case comes about; what stands between it and «未», «无».
SUFFERED = (
    r"发生|出现|收到|产生|引发|引起|涉及|有|提起|存在|因|被申请|被提起|申请|政府信息公开|信息公开|"
    r"依申请公开|工作|引起的|引发的|导致的|而?引发|任何|相关|过|的|、"
)
CASES = r"(?:申请|案件|案|数量|事项|情况|总数|的){0,6}"
CASE_UNITS = "件|起|例|宗|次|项|个"


def _cases(name: str, words: str, *cells: Sum) -> Phrase:
    return Phrase(
        name,
        PhraseKind.NAME,
        words + CASES,
        cells,
        needs=OUR_CASES,
        never=DECIDES,
        never_of=(DECIDERS, HANDLES),
        units=CASE_UNITS,
        none=SUFFERED,
    )


REVIEW_PHRASES = (
    _cases(
        "行政复议、行政诉讼",
        rf"行政复议(?:案件)?{AND}?(?:被)?(?:提起)?(?:行政)?诉讼",
        (*RECONSIDERATION, *LITIGATION),
    ),
    _cases("未经复议直接起诉", r"未经复议直接起诉", DIRECT),
    _cases("复议后起诉", r"复议后起诉", AFTER),
    _cases("行政复议", r"行政复议", RECONSIDERATION),
    _cases("行政诉讼", r"行政诉讼", LITIGATION),
)

# Publishing a decision is not taking it.
PUBLISHED = (
    "公开|公示|发布|公布|上传|上报|归集|录入|推送|双公示|报送|抽查|解读|涉及|清理|审核|审查|备案"
)


def _documents(name: str, verb: str, column: str, **more: str) -> tuple[Phrase, ...]:
    cells = ((f"{DOCUMENTS}.{column}",),)
    never = f"{PUBLISHED}|转发|拟|计划"
    return (
        Phrase(
            name,
            PhraseKind.VERB,
            verb,
            cells,
            DOCUMENT,
            never=never,
            units="件|份|个|部|项",
            none=more.get("none", ""),
        ),
        Phrase(
            name,
            PhraseKind.NAME,
            verb,
            cells,
            topic=Topic.DOCUMENTS,
            never=never,
            units="件|份|个|部",
        ),
    )


DOCUMENT_PHRASES = (
    *_documents(
        "规范性文件制发",
        r"(?:本年)?(?:新?制发|新?制定|新?出台|印发|制定(?:并)?(?:出台|印发|发布))"
        r"(?:件数|数量)?",
        "issued",
        none=r"制发|制定|出台|印发|新制发|新制定|新出台",
    ),
    *_documents(
        "规范性文件废止",
        r"(?:本年)?(?<!修改)(?<!失效)废止(?!和?失效|、失效|或)(?:件数|数量)?",
        "repealed",
        none=r"废止",
    ),
    *_documents("规范性文件现行有效", r"现行有效(?:的)?(?:件数|数量)?", "in_force"),
)


def _decisions(name: str, row: str) -> tuple[Phrase, ...]:
    cells = ((f"proactive_disclosure.{row}.decisions",),)
    return (
        Phrase(
            name,
            PhraseKind.NAME,
            rf"(?:(?:作出|做出|办理|实施|下达|办结)(?:各类)?(?:了)?)?"
            rf"{name}(?:案件|事项)?(?:处理)?(?:决定)?(?:数量|件数|总数)?",
            cells,
            never=f"{PUBLISHED}|其中|撤销|不予|免予|复议",
            wide=True,
            strict=True,
            units="件|起|例|宗|个",
            none=r"作出|做出|办理|实施|发生|下达|有",
        ),
        Phrase(
            name,
            PhraseKind.VERB,
            r"(?:作出|做出|办理|实施|下达|办结)(?:了)?",
            cells,
            rf"{name}(?:案件)?(?:处理)?(?:决定)?",
            never=f"{PUBLISHED}|其中|撤销|不予|免予|复议",
            wide=True,
            strict=True,
            units="件|起|例|宗|个",
        ),
    )


DECISION_PHRASES = (
    *_decisions("行政许可", "licensing"),
    *_decisions("行政处罚", "penalties"),
    *_decisions("行政强制", "coercion"),
)

FEE = Phrase(
    "行政事业性收费",
    PhraseKind.MONEY,
    r"行政事业性收费(?:收入|总金额|金额|总额|项目|总计|征收|收取|入库|的){0,6}",
    (("proactive_disclosure.administrative_fees.amount",),),
    never=f"{PUBLISHED}|处理费|减免|免征|免收|降低|减少|退还|退付|取消|停征|缓缴|缓征|让利|其中",
    wide=True,
    none=r"收取|发生|产生|征收|有",
)

PHRASES: tuple[Phrase, ...] = (
    *REQUEST_PHRASES,
    *REVIEW_PHRASES,
    *DOCUMENT_PHRASES,
    *DECISION_PHRASES,
    FEE,
)

# Every cell that a statement may be about, without the cells of kinds of applicants …
SPOKEN_OF = frozenset(cell for phrase in PHRASES for group in phrase.cells for cell in group)
# … which may be any in these rows.
ROWS_OF_APPLICANTS = frozenset(row_of(cell) for cell in SPOKEN_OF if cell.startswith("requests."))
