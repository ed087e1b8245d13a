"""
A published report sent to the chat: seen, put right, confirmed; only then it counts.
"""

from dataclasses import replace
from decimal import Decimal

from conversations.checks.findings import Report
from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.document.write.content import DocumentInput
from conversations.document.write.text import as_text
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers
from conversations.sign_off.states import ReportState
from conversations.talk.effects import ImportReport, MessageKind, Save, Say
from conversations.talk.events import ReportRead
from conversations.talk.session import State
from conversations.wording import sign_off
from conversations.wording import talk as wording
from tests.dialogue import CLERK, TEXTS, TOWN, Clerk, whole
from tests.said import numbers

FORM = ANNUAL_REPORT_2021


def published(year: int, **figures: int) -> ReadReport:
    """
    What is read of a published report: zeros, the named figures, three texts.
    """
    values: dict[str, int | str | Decimal] = dict.fromkeys([*FORM.asked, *FORM.balance], 0)
    values.update({name.replace("__", "."): value for name, value in figures.items()})
    values.update({item: text.replace("2025", str(year)) for item, text in TEXTS.items()})
    values["title"] = f"{TOWN}\n{year}年政府信息公开工作年度报告"
    text = as_text(DocumentInput(FORM, TOWN, year, Answers(values)))
    found = read(text.encode(), "report.txt")
    assert isinstance(found, ReadReport)
    return found


def sent(clerk: Clerk, report: ReadReport) -> Clerk:
    return clerk.does(ReportRead("上年年报.docx", report))


def imported(clerk: Clerk) -> list[ImportReport]:
    return [one for one in clerk.shown if isinstance(one, ImportReport)]


def card(clerk: Clerk) -> str:
    return next(
        one.text
        for one in reversed(clerk.shown)
        if isinstance(one, Say) and one.kind is MessageKind.CARD
    )


def test_what_was_read_is_shown_and_nothing_is_stored_yet():
    """
    A short table, a question, and no effect that stores anything.
    """
    clerk = sent(Clerk().opens(), published(2024, proactive_disclosure__licensing__decisions=295))

    assert "行政许可 295" in card(clerk)
    assert [] == [one for one in clerk.shown if isinstance(one, Save | ImportReport)]


def test_a_confirmed_report_is_stored_under_its_own_year():
    """
    The file's year, every figure, every text.
    """
    clerk = sent(Clerk().opens(), published(2024, proactive_disclosure__licensing__decisions=295))

    clerk.types("对")

    assert [2024] == [one.year for one in imported(clerk)]
    values = imported(clerk)[0].values
    assert 295 == values["proactive_disclosure.licensing.decisions"]
    assert set(TEXTS) <= set(values)


def test_a_single_figure_is_put_right_before_it_counts():
    """
    「行政许可 12」 changes what would be stored, not what is stored.
    """
    clerk = sent(Clerk().opens(), published(2024, proactive_disclosure__licensing__decisions=295))

    clerk.types("行政许可 12")
    assert "行政许可 12" in card(clerk)
    assert [] == imported(clerk)

    clerk.types("对")
    assert 12 == imported(clerk)[0].values["proactive_disclosure.licensing.decisions"]


def test_what_cannot_be_a_correction_is_refused_and_nothing_is_lost():
    """
    The reading still waits to be confirmed.
    """
    clerk = sent(Clerk().opens(), published(2024))

    clerk.types("天气不错", "行政许可 很多")

    assert State.CONFIRM is clerk.session.place.state
    assert [2024] == [one.year for one in imported(clerk.types("对"))]


def test_a_file_that_is_not_wanted_leaves_everything_as_it_was():
    """
    The question that was open is open again.
    """
    clerk = Clerk().opens().presses("o:31")
    place = clerk.session.place

    sent(clerk, published(2024)).types("不对")

    assert place == clerk.session.place
    assert [] == imported(clerk)


def test_figures_that_stand_are_not_replaced_without_a_word():
    """
    The conflict is listed; the switch says that the file's figure is wanted.
    """
    known = Report(FORM, TOWN, 2024, Answers({"proactive_disclosure.licensing.decisions": 7}))
    report = published(2024, proactive_disclosure__licensing__decisions=295)

    def beginning() -> Clerk:
        clerk = Clerk().opens()
        clerk.session = replace(clerk.session, years={2024: known})
        return sent(clerk, report)

    clerk = beginning()
    assert any(numbers(line) == ["7", "295"] for line in card(clerk).splitlines())
    clerk.types("对")
    assert "proactive_disclosure.licensing.decisions" not in imported(clerk)[0].values

    clerk = beginning().presses("imp:2")
    clerk.types("对")
    assert 295 == imported(clerk)[0].values["proactive_disclosure.licensing.decisions"]


def test_this_years_own_draft_fills_only_the_gaps():
    """
    A file on the year that is being filled in goes into this report, with history.
    """
    clerk = Clerk().opens().presses("o:23").types("8")

    sent(clerk, published(2025, proactive_disclosure__licensing__decisions=295)).types("对")

    assert 8 == clerk.session.answers["proactive_disclosure.licensing.decisions"]
    assert 0 == clerk.session.answers["proactive_disclosure.penalties.decisions"]
    assert [] == imported(clerk)


def test_a_file_without_a_year_is_asked_about():
    """
    Last year is assumed and said; another year can be typed.
    """
    report = replace(published(2024), year=None)
    clerk = sent(Clerk().opens(), report)
    assert "2024" in card(clerk)

    clerk.types("2023年")
    clerk.types("对")

    assert [2023] == [one.year for one in imported(clerk)]


def test_the_reading_waits_through_a_restart():
    """
    The place is kept as text; the confirmation comes on another day.
    """
    clerk = sent(Clerk().opens(), published(2024))

    again = Clerk(place=clerk.session.place.dumps()).opens().types("对")

    assert [2024] == [one.year for one in imported(again)]


def test_a_year_that_has_not_come_is_not_taken_for_the_file():
    """
    It is no correction either: refused, and last year stays assumed.
    """
    clerk = sent(Clerk().opens(), replace(published(2024), year=None)).types("2030年")

    assert clerk.refused
    assert [2024] == [one.year for one in imported(clerk.types("对"))]


def test_a_correction_is_a_plain_figure():
    """
    One in another unit would have to be confirmed first: refused, nothing changes.
    """
    clerk = sent(Clerk().opens(), published(2024))
    before = clerk.session.place

    clerk.types("行政事业性收费 3500元")

    assert clerk.refused
    assert before == clerk.session.place


def test_a_file_in_which_nothing_was_read_asks_nothing():
    """
    The question that was open stays open.
    """
    clerk = Clerk().opens()
    nothing = replace(
        published(2024), values={}, narratives={}, doubtful=(), title=(), introduction=None
    )
    before = sent(clerk, replace(nothing, signature=None)).at

    assert State.CONTENTS is before[0]
    assert clerk.refused


# ------------------------------------------------------------------ what is locked


def handed_in() -> Clerk:
    return Clerk(answers=whole(), standing=CLERK, by="wang").opens().presses("sub")


def test_a_file_is_not_offered_to_a_report_that_is_locked():
    """
    It says why, and the way out is one tap away.
    """
    clerk = sent(handed_in(), published(2025, proactive_disclosure__licensing__decisions=295))

    assert sign_off.LOCKED[ReportState.SUBMITTED] in clerk.text
    assert State.SIGN_OFF is clerk.at[0]
    assert wording.import_yes(2025) not in clerk.labels
    assert sign_off.WITHDRAW in clerk.labels
    assert 0 == clerk.figure("proactive_disclosure.licensing.decisions")


def test_last_years_file_is_taken_while_this_years_report_is_locked():
    """
    It is another report, which nobody has handed in.
    """
    clerk = sent(handed_in(), published(2024, proactive_disclosure__licensing__decisions=295))
    assert wording.import_yes(2024) in clerk.labels

    clerk.types("对")
    (read_in,) = imported(clerk)
    assert 2024 == read_in.year


def test_a_file_of_a_year_that_is_locked_is_not_offered():
    """
    The year is named; also where it is typed behind a file that names none.
    """
    clerk = Clerk().opens()
    clerk.session = replace(clerk.session, states={2024: ReportState.APPROVED})
    said = sign_off.locked(ReportState.APPROVED, 2024)
    sent(clerk, published(2024))
    assert said in clerk.text
    assert wording.import_yes(2024) not in clerk.labels

    clerk.session = replace(clerk.session, states={2023: ReportState.APPROVED})
    sent(clerk, replace(published(2024), year=None)).types("2023年")
    assert sign_off.locked(ReportState.APPROVED, 2023) in clerk.text
    assert wording.import_yes(2024) in clerk.labels
    assert wording.import_yes(2023) not in clerk.labels
