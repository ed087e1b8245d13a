"""The statutory forms, one module per edition."""

from conversations.form.editions.annual_report_2019 import ANNUAL_REPORT_2019
from conversations.form.editions.annual_report_2021 import ANNUAL_REPORT_2021
from conversations.form.model import Form

FORMS: dict[str, Form] = {form.edition: form for form in (ANNUAL_REPORT_2021, ANNUAL_REPORT_2019)}
# What a new report is made of.
FORM_IN_FORCE = ANNUAL_REPORT_2021


def form_of_year(year: int) -> Form:
    """The form that reports on a year follow; the first one before there was any."""
    forms = sorted(FORMS.values(), key=lambda form: form.since)
    return next((form for form in reversed(forms) if form.since <= year), forms[0])


__all__ = [
    "ANNUAL_REPORT_2019",
    "ANNUAL_REPORT_2021",
    "FORMS",
    "FORM_IN_FORCE",
    "Form",
    "form_of_year",
]
