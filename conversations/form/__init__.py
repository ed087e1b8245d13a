"""The statutory forms, one module per edition."""

from conversations.form.editions.annual_report_2019 import ANNUAL_REPORT_2019
from conversations.form.editions.annual_report_2021 import ANNUAL_REPORT_2021
from conversations.form.model import Form

# Reports are filled in here in these forms, the oldest first; others are only read.
FILLED_IN = (ANNUAL_REPORT_2021,)
FORMS: dict[str, Form] = {form.edition: form for form in (*reversed(FILLED_IN), ANNUAL_REPORT_2019)}
# The newest. A report has the form of its year, which may be an older one.
FORM_IN_FORCE = FILLED_IN[-1]


def form_of_year(year: int) -> Form:
    """The form of reports on a year; the first form for any earlier year."""
    forms = sorted(FORMS.values(), key=lambda form: form.since)
    return next((form for form in reversed(forms) if form.since <= year), forms[0])


def form_to_fill_in(year: int) -> Form:
    """The form in which a report on a year is filled in here; the oldest for any earlier year."""
    form = form_of_year(year)
    return form if form in FILLED_IN else FILLED_IN[0]


__all__ = [
    "ANNUAL_REPORT_2019",
    "ANNUAL_REPORT_2021",
    "FILLED_IN",
    "FORMS",
    "FORM_IN_FORCE",
    "Form",
    "form_of_year",
    "form_to_fill_in",
]
