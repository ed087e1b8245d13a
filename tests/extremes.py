"""
Ten reports of made-up offices at the edge of what the law and the conversation allow.

All that writes, draws or reads a document must handle all ten. Each is finished and its balance
holds; the conversation would make the final document of it.
"""

from collections.abc import Mapping
from decimal import Decimal

from conversations.answers.figure import MAX_COUNT
from conversations.document.write.content import DocumentInput
from conversations.form.answers import Answers, Value
from conversations.form.model import ItemId, Measure
from tests.written import FORM

YEAR = 2025

INTRODUCTION = (
    "根据《中华人民共和国政府信息公开条例》和《国务院办公厅政府信息与政务公开办公室关于印发〈中华人民"
    "共和国政府信息公开工作年度报告格式〉的通知》（国办公开办函〔2021〕30号）要求，编制本报告。本报告"
    "所列数据的统计期限自2025年1月1日起至2025年12月31日止。"
)
OVERVIEW = (
    "（一）主动公开。全年围绕群众关心的事项，及时公开行政规范性文件、财政预决算、重大建设项目、"
    "民生实事等信息，并同步发布政策解读，方便群众查阅和办事。\n"
    "（二）依申请公开。进一步规范受理、登记、审核、答复、归档各环节，加强与申请人的沟通。\n"
    "（三）政府信息管理。严格执行信息发布审核制度，做到先审查、后公开。\n"
    "（四）平台建设。加强政府网站和政务新媒体的日常维护。\n"
    "（五）监督保障。定期开展业务培训，把政务公开列入年度考核。"
)
PROBLEMS = (
    "（一）存在的问题\n公开内容还不够丰富，解读形式较为单一，工作人员业务水平有待提高。\n"
    "（二）改进措施\n一是充实公开内容，二是创新解读方式，三是加强业务培训。"
)
NO_FEE = "本年度没有收取政府信息公开信息处理费。"


def _made(
    organ: str, given: Mapping[ItemId, Value], figures: Mapping[ItemId, Value] | None = None
) -> DocumentInput:
    """
    A report; texts that are not given are those above, figures that are not given are 0.
    """
    return DocumentInput(
        FORM,
        organ,
        YEAR,
        Answers(
            {
                **{
                    cell.id: Decimal(0) if cell.measure is Measure.FEE else 0
                    for cell in FORM.cells.values()
                    if cell.id not in FORM.sums
                },
                "introduction": INTRODUCTION,
                "overview": OVERVIEW,
                "problems_and_improvements": PROBLEMS,
                "other_matters": NO_FEE,
                "signature": organ,
                "signature_date": "2026年1月20日",
                **given,
                **(figures or {}),
            }
        ),
    )


RESULTS, RESULT = 21, 87_654_321  # rows of results in table three, the figure in each
LARGEST_FEE = Decimal("99999998.123456")


def _largest_figures() -> dict[ItemId, Value]:
    """
    Figures of nine digits in all cells that allow it; the grand total has eleven digits.
    """
    figures: dict[ItemId, Value] = {}
    for cell in FORM.cells.values():
        if cell.line in ("requests.received", "requests.carried_over"):
            figures[cell.id] = MAX_COUNT
        elif cell.line == "requests.carried_forward":
            figures[cell.id] = 2 * MAX_COUNT - RESULTS * RESULT
        else:
            figures[cell.id] = RESULT if cell.measure is Measure.COUNT else LARGEST_FEE
    rules = FORM.lines["proactive_disclosure.rules"].printed  # bureaus make no rules
    return {
        **{cell: value for cell, value in figures.items() if cell not in FORM.sums},
        **{cell.id: 0 for cell in rules},
    }


def numbered_paragraphs(count: int) -> str:
    """
    `count` different paragraphs of about four lines each.
    """
    return "\n".join(
        f"{n}.第{n}项工作按照年初计划推进，牵头单位会同有关部门制定方案、明确责任、按月调度，重点做好"
        "公开目录的更新、公开内容的审核、公开平台的维护和群众意见的回应，年内各项任务按时完成，"
        f"群众满意度比上一年有所提高，有关情况已在第{n}期工作简报上公布。"
        for n in range(1, count + 1)
    )


LONG_NAME = "内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗尼尔基镇农牧业市场监管和综合服务中心"

THREE_ORGANS = (
    "青山市白云区发展和改革委员会",
    "青山市白云区财政局",
    "青山市白云区政务服务和数据管理局",
)

EXTREMES: dict[str, DocumentInput] = {
    # 40 characters, in the title and in the signature
    "long name": _made(LONG_NAME, {}),
    "long figures": _made("临江市自然资源和规划局", {}, _largest_figures()),
    # at least three pages of overview, no introduction
    "long texts": _made(
        "青山市人民政府",
        {
            "introduction": "",
            "overview": numbered_paragraphs(18),
            "problems_and_improvements": numbered_paragraphs(6),
            "other_matters": numbered_paragraphs(3),
        },
    ),
    "one word": _made(
        "柳溪乡人民政府",
        {
            "introduction": "",
            "overview": "已公开。",
            "problems_and_improvements": "人手少。",
            "other_matters": "无。",
            "signature": "",
            "signature_date": "",
        },
    ),
    # before and after every table and at the end
    "remarks": _made(
        "临江市统计局",
        {
            "remarks.proactive_disclosure.above": "本机关制发的规范性文件均已在门户网站公开。",
            "remarks.proactive_disclosure.below": "注：行政许可含委托办理的事项。\n"
            "注：收费金额按实际入库数统计，与财政部门公布的口径一致，不含代收的社会保险费和住房公积金。",
            "remarks.requests.above": "本年新收申请包括当面、信函和网上提交的申请，同一申请人以同一"
            "内容多次提交的，按实际办理件数统计，具体口径见下表，数字以件为单位。",
            "remarks.requests.below": "注：结转下年度办理的申请，均在法定期限内。",
            "remarks.review.above": "单位：件",
            "remarks.review.below": "注：行政诉讼一审未审结的，列入尚未审结。",
            "remarks.other_matters.below": "附件：2025年政府信息公开工作有关数据说明\n"
            "（本报告由办公室负责解释。）",
        },
    ),
    "no signature": _made(
        "海棠区卫生健康局",
        {
            "title": "海棠区卫生健康局\n2025年政府信息公开工作年度报告",
            "signature": "",
            "signature_date": "",
        },
    ),
    "three organs": _made(
        THREE_ORGANS[0],
        {"title": "2025年政府信息公开工作年度报告", "signature": "\n".join(THREE_ORGANS)},
    ),
    "web addresses": _made(
        "海棠区人民政府办公室",
        {
            "introduction": "本报告的电子版可在海棠区人民政府门户网站（https://www.haitang.example.cn/"
            "zwgk/zfxxgk/fdzdgknr/zfxxgknb/202601/t20260120_1234567.html）下载。如有疑问，请与"
            "海棠区人民政府办公室联系（地址：海棠区人民路1号，邮编：572000，电话：0898-88888888，"
            "电子邮箱：zwgk_haitang_bangongshi@example.cn）。",
            "overview": "（一）主动公开。在http://www.haitang.example.cn/col/col1229318387/index.html"
            "设置专栏，公开有关文件。\n（二）平台建设。政务新媒体“海棠发布”"
            "（https://weixin.example.com/mp/profile_ext?action=home&__biz=MzA5ODc2NTQzMg==）"
            "按时更新。",
        },
    ),
    # outside GB 2312, one of them outside the Basic Multilingual Plane
    "rare characters": _made(
        "䶮塘镇人民政府",
        {
            "overview": "（一）主动公开。䶮塘、㙓村、𠮷祥社区分别设立公开栏，由赵喆、李堃、王翀、"
            "祎玥四名同志负责更新；面积按㎡统计，水质按μg/L统计，温度按℃统计。\n（二）依申请公开。做到件件有答复。",
            "signature": "䶮塘镇人民政府",
        },
    ),
    "brackets": _made(
        "青山市白云区住房和城乡建设局（人民防空办公室）",
        {
            "overview": "(一)主动公开情况。按照《条例》(国令第711号)和〔2021〕30号文件，公开"
            "“五公开”(决策、执行、管理、服务、结果)信息；【重点领域】及《〈办法〉实施细则（试行）》同步公开。\n"
            "（二)依申请公开。答复文书按[2025]第1号至第9号编号,一件一档;没有超期.\n"
            "(三)监督保障。\"先审查、后公开\"，'谁公开、谁负责'……",
            "problems_and_improvements": "（1）解读不够{通俗}；<形式>较为单一 & 更新不够及时；\n"
            "（2）下一步{{加强}}培训。",
        },
    ),
}
