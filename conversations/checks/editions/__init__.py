"""The checks of each edition of the form, as data."""

from collections.abc import Mapping

from conversations.checks.editions import annual_report_2019, annual_report_2021
from conversations.checks.findings import Check

CHECKS: Mapping[str, tuple[Check, ...]] = {
    "2021": annual_report_2021.CHECKS,
    "2019": annual_report_2019.CHECKS,
}
