"""
Figures that a county may not take from the sum of its organs unchecked, and why.

The sum adds every figure of every organ. Figures that two organs may both have counted are listed
here, so that a person checks them before they go into the county's report. Decisions (许可, 处罚,
强制) and fees belong to one organ each and are simply added.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from conversations.form.model import CellId, Form


@dataclass(frozen=True, slots=True)
class NotSummed:
    """The figures (a pattern of ids, «*» for any part), the reason in a sentence, its source."""

    cells: str
    why: str
    source: str


_RULES = NotSummed(
    "proactive_disclosure.rules.*",
    "规章由省、设区的市、自治州人民政府制定，起草的部门也填了就计了两次。",
    "《立法法》第九十三条；条例第二十条第（一）项，制发机关填报",
)
_DOCUMENTS = NotSummed(
    "proactive_disclosure.normative_documents.*",
    "以政府或政府办公室名义印发的文件，起草部门也填了就计了两次；联合发文只由主办机关计。",
    "条例第二十条第（一）项，制发机关填报",
)
_RECEIVED = NotSummed(
    "requests.received.*",
    "一件申请在单位之间移送、转办，转出和转入的单位都登记了就计了两次。",
    "条例第三十条、第三十六条第（五）项，一件申请只计一次",
)
_PASSED_ON = tuple(
    NotSummed(
        f"requests.outcome.{row}.*",
        "移送、转办出去的申请，转出的单位在这一项办结，转入的单位又计了办理结果。",
        "条例第三十六条第（四）项、第（五）项，一件申请只计一种结果",
    )
    for row in ("unable_to_provide.not_held", "otherwise_handled.other", "total")
)
_BOTH_SUED = NotSummed(
    "review.litigation.after_reconsideration.*",
    "复议维持后起诉的，原机关和复议机关是共同被告，同一件案件可能两家都计了。",
    "《行政诉讼法》第二十六条第二款",
)

# By the edition of the form.
NOT_SUMMED: dict[str, tuple[NotSummed, ...]] = {
    "2021": (_RULES, _DOCUMENTS, _RECEIVED, *_PASSED_ON, _BOTH_SUED),
}


def not_summed(form: Form) -> dict[CellId, NotSummed]:
    """The figures of a form that may not be taken over unchecked, in printed order."""
    rules = NOT_SUMMED.get(form.edition, ())
    found: dict[CellId, NotSummed] = {}
    for cell in form.cells:
        rule = next((rule for rule in rules if fnmatchcase(cell, rule.cells)), None)
        if rule is not None:
            found[cell] = rule
    return found
