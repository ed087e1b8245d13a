"""The checks of the trial form of 2019 and 2020, 国办公开办函〔2019〕60号: read, never asked."""

from __future__ import annotations

from conversations.checks.editions import shared
from conversations.checks.findings import Check
from conversations.form import ANNUAL_REPORT_2019, ANNUAL_REPORT_2021

CHECKS: tuple[Check, ...] = (
    *shared.arithmetic(ANNUAL_REPORT_2019),
    shared.COUNTS,
    *shared.blanks(ANNUAL_REPORT_2019),
    # Only 新制作 means making 规章; organs also publish those of others.
    shared.no_rule_making("produced"),
    shared.stands_out(ANNUAL_REPORT_2019),
    shared.disputes(ANNUAL_REPORT_2019),
    *shared.CARRIED,
    *shared.DECISIONS,
    shared.NEW_REQUESTS,
    *shared.TEXTS,
    # The headings of the form in force also count as official above the older tables.
    *shared.files(
        ANNUAL_REPORT_2019,
        also=tuple(section.heading for section in ANNUAL_REPORT_2021.sections),
    ),
)
