"""The checks of each edition of the form, as data."""

from conversations.checks.editions import annual_report_2019
from conversations.checks.editions.annual_report_2021 import checks_of_form
from conversations.checks.findings import Check
from conversations.form import ANNUAL_REPORT_2021

CHECKS: dict[str, tuple[Check, ...]] = {
    "2021": checks_of_form(ANNUAL_REPORT_2021),
    "2019": annual_report_2019.CHECKS,
}
