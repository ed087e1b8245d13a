"""The checks of each edition of the form, as data."""

from collections.abc import Mapping

from conversations.checks.editions.annual_report_2021 import CHECKS_2019, CHECKS_2021
from conversations.checks.findings import Check

CHECKS: Mapping[str, tuple[Check, ...]] = {"2021": CHECKS_2021, "2019": CHECKS_2019}
