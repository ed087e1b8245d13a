"""The checks of the form in force, 国办公开办函〔2021〕30号."""

from __future__ import annotations

from conversations.checks.editions import shared
from conversations.checks.findings import Check
from conversations.checks.last_year import InForce
from conversations.checks.plausibility import AtLeast, FeeLooksLikeYuan
from conversations.form.model import Form
from conversations.form.organ import Level

FEE = "proactive_disclosure.administrative_fees.amount"
# In 万元: no organ of this level charges so much [ours].
FEE_LIMITS = {Level.TOWNSHIP: 10_000, Level.BUREAU: 10_000, Level.COUNTY: 1_000_000}


def checks_of_form(form: Form) -> tuple[Check, ...]:
    """The checks of this edition, or of a later one that has its rows."""
    documents = tuple(
        ((f"{row}.issued", f"{row}.repealed", f"{row}.in_force"), form.lines[row].short)
        for row in ("proactive_disclosure.rules", "proactive_disclosure.normative_documents")
    )
    return (
        *shared.arithmetic(form),
        shared.COUNTS,
        shared.FEES,
        *shared.blanks(form),
        *(AtLeast(shared.B1, cells, name) for cells, name in documents),
        shared.no_rule_making("issued", "repealed", "in_force"),
        shared.stands_out(form),
        shared.disputes(form),
        FeeLooksLikeYuan(shared.B5, (FEE,), FEE_LIMITS),
        *shared.CARRIED,
        *(InForce(shared.C2, cells, name) for cells, name in documents),
        *shared.DECISIONS,
        shared.jump(FEE, "行政事业性收费（万元）"),
        shared.NEW_REQUESTS,
        *shared.TEXTS,
        *shared.files(form),
    )
