"""Written reasons for unusual figures: whether there is one, and whether it says why."""

from __future__ import annotations

import re

from conversations.checks.findings import Finding, Report


def explained(report: Report, finding: Finding) -> bool:
    """Whether there is a written reason for this finding."""
    return any(explanation.key == finding.key for explanation in report.explanations)


# Phrases that only assure. Longer ones first: «核实无误» before «核实».
_ASSURANCES = re.compile(
    "情况属实|数据属实|真实有效|真实准确|准确无误|核实无误|核对无误|没有问题|没有错误|没有错|没问题|"
    "无异议|无错误|无问题|符合实际|实际情况|真实情况|如实填报|如实填写|如实反映|以此为准|就是这样|"
    "本来如此|确实如此|经办人|本单位|我单位|本机关|本部门|负责人|领导|办公室|我局|我镇|我乡|我县|我办|"
    "认真|仔细|反复|再次|多次|现已|核实|核查|核对|复核|检查|审核|确认|同意|说明|属实|无误|正确|准确|"
    "真实|完整|合理|正常|没错|可以|知道|知悉|收到|好的|谢谢|填报|填写|统计|上报|报送|录入|数字|数据|"
    "数值|数量|情况|信息|内容|结果|以上|上述|特此|该项|此项|本项|此处|这里|所填|实际|确实|确为|就是|"
    "不是|对的|没有|一致|相符|符合|台账|系统|均|都|已|经|是|为|的|了|与|和|对|无|有|请|予|以|由|"
    "我|们|他|她|它|这|那|此|该|本|个|不|很|太|也|就"
)
# Phrases that ask, put off, or say that the figure is wrong and will be changed.
_NO_REASON = re.compile(
    r"请问|怎么|什么意思|哪里改|看不懂|不懂|不太?明白|不知道|[吗呢么?？][。!！]?$"
    r"|先放|先填|再(?:填|问|说(?!明))|回头|待会|等会|晚点|明天"
    r"|(?:忘了?|忘记|没有?|未)改(?:过来)?(?![革造制善进变建版动名])|帮我|帮忙|麻烦你?|我[要想](?:改|回|删|重)"
    r"|^(?:请(?!示)|把).{0,30}(?:改[成为][0-9０-９]|改(?:一下|下|过来)|[全都]部?改|删|去掉)"
)
# A slip is no reason, either, unless it was in an earlier report or made by others: 上年填错了.
_SLIP = re.compile("[写填打录输搞弄抄看数]错|[笔手]误|[写填弄搞]反了?")
_EARLIER = re.compile(
    "(?:因为?|由于|是)?(?:上年|去年|上一年|往年|历年|以前|此前|原报告|[0-9]{4}年度?的?(?:年报|报告))"
    "|.*(?:申请人|当事人|系统|平台|网站)"
)
_WRITTEN = re.compile(r"[^\W_]")
REASON_AT_LEAST = 6
REASON_SAYS = 4


def reason_is_enough(text: str) -> bool:
    """
    Whether an explanation says why, and not merely that all is well.

    «核实无误», «情况属实», a single word, punctuation and repetitions are refused: less than 6
    characters, or less than 4 different ones beside the usual assurances [ours]. Also refused are
    questions, wishes to change the figure, and admitted slips.
    """
    text = text.strip()
    if _NO_REASON.search(text) or (_SLIP.search(text) and not _EARLIER.match(text)):
        return False
    written = _without_repetition("".join(_WRITTEN.findall(text)))
    says = {letter for letter in _ASSURANCES.sub("", written) if "\u4e00" <= letter <= "\u9fff"}
    return len(written) >= REASON_AT_LEAST and len(says) >= REASON_SAYS


def _without_repetition(text: str) -> str:
    """A text without its repetition: «无误无误无误» is «无误»."""
    for period in range(1, len(text) // 2 + 1):
        if text[period:] == text[:-period]:
            return text[:period]
    return text
