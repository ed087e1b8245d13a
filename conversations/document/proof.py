"""
Checks that a template prints what is put into it.

It is filled with figures and texts that are all different. Our own reader reads the document, and
every cell, heading and text is compared.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from conversations.document.differences import Difference, Kind, Proof
from conversations.document.read.blocks import Grid, Source, WorkBudget
from conversations.document.read.open import open_source
from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.document.read.words import is_value, squeeze
from conversations.document.write.content import DRAFT, GAP, DocumentInput
from conversations.document.write.docx import Prepared, render, standard, texts_of
from conversations.document.write.prepare import WORDING, tag_names
from conversations.form.answers import Answers, Number, Value, format_number
from conversations.form.model import Form, Measure

YEAR, OTHER_YEAR = 2024, 2027
PARAGRAPHS, CLAUSES = 30, 150  # of a long text, and of its longest paragraph
NAME = "report.docx"
ORGAN, OTHER_ORGAN = "试填县人民政府办公室", "试填市雨花区人民政府"


def prove(prepared: Prepared, form: Form) -> Proof:
    """Fill a template with short and long values, with zeros, and as a draft, and compare."""
    found: dict[tuple[Kind, str, str], Difference] = {}
    official = _official_words(form)
    for trial in (*trials(form), _noughts(form)):
        made = render(prepared, trial)
        source = open_source(made, NAME, WorkBudget())
        labels = [*_labels(source, official)]
        for difference in (*_compared(trial, made, source), *labels):
            # Another trial's difference at the same place is not repeated.
            about = difference.place and not difference.kind.is_more
            what = "" if about else f"{difference.told} {difference.said}"
            found.setdefault((difference.kind, difference.place, what), difference)
        if any(DRAFT in text for text in texts_of(made)):
            found.setdefault((Kind.A_DRAFT, "", ""), Difference(Kind.A_DRAFT, said=DRAFT))
    texts = len(form.narratives) + len(WORDING)
    differences = (*found.values(), *_as_draft(prepared, form))
    return Proof(len(form.cells), len(form.sections), texts, differences)


# ------------------------------------------------------------------------- the trial values

_WORDS = ("春", "夏", "秋", "冬", "山", "川", "日", "月")


def trials(form: Form) -> tuple[DocumentInput, ...]:
    """Reports in which every figure and every paragraph is unique."""
    narratives = dict(zip((text.id for text in form.narratives), _WORDS, strict=False))
    long = {
        item: f"（一）{word}类情况。{word}类正文甲。\n（二）{word}类标题\n"
        f"{word}类正文乙，abc 到此为止。\n{_at_length(word)}\n{word}类末段。"
        for item, word in narratives.items()
    }
    short = {item: f"{word}类情况无。" for item, word in narratives.items()}
    signed = {"signature": ORGAN, "signature_date": f"{YEAR + 1}年1月9日"}
    opened = {
        "title": f"{ORGAN}\n{YEAR}年政府信息公开工作年度报告",
        "introduction": "（一）试填标题甲\n试填引言甲。\n（二）试填标题乙。试填引言乙。\n"
        + _at_length("试"),
    }
    around = {item: f"试填{form.name_of(item)}，共一段。" for item in form.remark}
    long |= {**opened, **signed, **around}
    return (
        DocumentInput(form, ORGAN, YEAR, Answers({**_figures(form, 101), **long})),
        DocumentInput(
            form, OTHER_ORGAN, OTHER_YEAR, Answers({**_figures(form, 1_000_003), **short})
        ),
    )


def _at_length(word: str) -> str:
    """Many paragraphs and a long one: a template must not cut them."""
    short = [f"{word}类第{number}段，到此为止。" for number in range(101, 101 + PARAGRAPHS)]
    whole = "".join(f"{word}类第{number}句，" for number in range(1001, 1001 + CLAUSES))
    return "\n".join([*short, f"{whole}到此为止。"])


def _noughts(form: Form) -> DocumentInput:
    """A report with only zeros, all of which have to be printed."""
    *_, short = trials(form)
    noughts = {c.id: Decimal(0) if c.measure is Measure.FEE else 0 for c in form.cells.values()}
    values = {cell: nought for cell, nought in noughts.items() if cell not in form.sums}
    return replace(short, answers=short.answers.changed(values))


def _figures(form: Form, first: int) -> dict[str, Value]:
    """A figure for each cell that is no total; all of them differ, totals included."""
    for step in itertools.count(7, 2):
        numbers = itertools.count(first, step)
        values: dict[str, Value] = {}
        for cell in form.cells.values():
            if cell.id not in form.sums:
                number = next(numbers)
                fee = cell.measure is Measure.FEE
                values[cell.id] = Decimal(number) + Decimal("0.25") if fee else number
        known = DocumentInput(form, ORGAN, YEAR, Answers(values)).figures.all()
        if len(set(known.values())) == len(known):
            return values
    raise AssertionError("numbers do not end")


# ------------------------------------------------------------------------------ comparing


def _labels(source: Source, official: list[str]) -> Iterator[Difference]:
    """Texts printed invisibly, and official words of the tables that are missing."""
    for text in dict.fromkeys(source.unseen):
        yield Difference(Kind.MISSING, told=text)
    there = set(_words_in(source))
    for words in official:
        if words not in there:
            yield Difference(Kind.MISSING, told=words)


def _official_words(form: Form) -> list[str]:
    """The words in the tables of our own document, which are the same in every report."""
    made = render(standard(form.edition), _noughts(form))
    return [*dict.fromkeys(_words_in(open_source(made, NAME, WorkBudget())))]


def _words_in(source: Source) -> Iterator[str]:
    """The words in the boxes of tables."""
    for block in source.blocks:
        if isinstance(block, Grid):
            for row in block.rows:
                yield from (squeeze(text) for text in row.texts if not is_value(text))


def _compared(trial: DocumentInput, made: bytes, source: Source) -> Iterator[Difference]:
    said = read(made, NAME, year=trial.year, source=source)
    if not isinstance(said, ReadReport):
        yield Difference(Kind.UNREADABLE)
        return
    form = trial.form
    names = tag_names(form)
    told = trial.figures.all()
    owners: dict[Number | str, str] = {value: cell for cell, value in told.items()}

    def name(cell: str) -> str:
        return names[f"f{form.cells[cell].number}"]

    for cell, value in told.items():
        figure = said.values.get(cell)
        shown = (
            ""
            if figure is None
            else format_number(figure)
            if not isinstance(figure, str)
            else figure
        )
        if figure is None or cell in said.blank:
            yield Difference(Kind.MISSING, name(cell), format_number(value))
        elif figure != value and figure in owners:
            yield Difference(Kind.OTHERS, name(cell), format_number(value), name(owners[figure]))
        elif figure != value:
            yield Difference(Kind.WRONG, name(cell), format_number(value), shown)
    for doubt in said.doubtful:  # a mark beside a figure could be taken for one of its digits
        if doubt.cell in told and said.values.get(doubt.cell) == told[doubt.cell]:
            yield Difference(
                Kind.WRONG, name(doubt.cell), format_number(told[doubt.cell]), doubt.why
            )
    for label in said.label_differences:
        yield Difference(Kind.WRONG, told=label.official, said=label.printed)
    yield from _headings(form, said.headings)
    yield from _lines(names["title"], [*trial.title], [*said.title])
    signed = trial.lines("signature") + trial.lines("signature_date")
    yield from _lines(
        names["signature"], [*signed], [part for part in said.signature or () if part]
    )
    introduction = (said.introduction or "").split("\n") if said.introduction else []
    yield from _lines(names["introduction"], [*trial.lines("introduction")], introduction)
    for item in form.remark:
        found = said.remarks.get(item, "").split("\n")
        yield from _lines(
            form.name_of(item), [*trial.lines(item)], [line for line in found if line]
        )
    for text in form.narratives:
        lines = said.narratives.get(text.id, "").split("\n")
        yield from _lines(names[text.id], [*trial.lines(text.id)], [line for line in lines if line])


def _headings(form: Form, printed: Sequence[tuple[str, str]]) -> Iterator[Difference]:
    said = dict(printed)
    for section in form.sections:
        if section.id not in said:
            yield Difference(Kind.MISSING, section.heading, section.heading)
        elif squeeze(said[section.id]) != squeeze(section.heading):
            yield Difference(Kind.WRONG, section.heading, section.heading, said[section.id])
    order = [item for item, _ in printed]
    if sorted(order) == sorted(form.section) and order != list(form.section):
        yield Difference(Kind.ORDER)


_TRIED = re.compile(f"试填|[{''.join(_WORDS)}]类|{YEAR}|{YEAR + 1}|{OTHER_YEAR}")


def _lines(place: str, told: list[str], said: list[str]) -> Iterator[Difference]:
    """Compare the paragraphs of a text: each once, in order; an office's own is only reported."""
    wanted, found = (Counter(map(squeeze, lines)) for lines in (told, said))
    for line in told:
        if squeeze(line) not in found:
            yield Difference(Kind.MISSING, place, line)
    for line in dict.fromkeys(said):
        if found[squeeze(line)] > wanted[squeeze(line)]:
            more = Kind.TWICE if _TRIED.search(line) else Kind.ADDED
            yield Difference(more, place, said=line)
    kept = [squeeze(line) for line in said if squeeze(line) in wanted]
    if Counter(kept) == wanted and kept != list(map(squeeze, told)):
        yield Difference(Kind.ORDER, place)


def _as_draft(prepared: Prepared, form: Form) -> Iterator[Difference]:
    """Check that a draft says on its pages that it is one, and marks each gap."""
    texts = texts_of(render(prepared, DocumentInput(form, ORGAN, YEAR, Answers()), draft=True))
    if not any(DRAFT in text for text in texts):
        yield Difference(Kind.NOT_A_DRAFT, told=DRAFT)
    gaps = sum(text.count(GAP) for text in texts)
    wanted = len(form.cells) + len(form.narratives)
    if gaps != wanted:
        yield Difference(Kind.GAPS, told=str(wanted), said=str(gaps))
