"""
Reads a report from our own JSON (`nianbao export --format json`), exactly or not at all.

Values that occur twice must agree: the title, the introduction, the signature and the setting of
table breaks are those of `wording`. Totals that differ from their sums are claims. Findings,
explanations and the state are not read.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NoReturn

from conversations.answers.figure import MAX_COUNT, MAX_DECIMALS, MAX_FEE
from conversations.answers.short import FIRST_YEAR, LAST_YEAR
from conversations.document.read.blocks import Unreadable, UnreadableReason
from conversations.document.read.report import ReadReport
from conversations.document.write.content import DRAFT, WHOLE, DocumentInput, clean_text
from conversations.form import FILLED_IN
from conversations.form.answers import Answers, Figures, Number, Value
from conversations.form.model import CellId, Form, ItemId, Measure, SectionKind
from conversations.form.organ import Level
from conversations.sign_off.fingerprint import fingerprint
from conversations.wording import own_json as wording

FORMAT = "nianbao-report/1"
MOST_BYTES = 5_000_000  # for a report with texts ten times as long as usual
HEAD = 200  # bytes within which our files name their format
FEE = re.compile(rf"(0|[1-9][0-9]*)(\.[0-9]{{1,{MAX_DECIMALS}}})?")
# Wording with only a few allowed values.
CHOICES = {"level": tuple(level.value for level in Level), "table_breaks": (WHOLE,)}
# Longer than any possible sum of figures.
MOST_DIGITS = 15


def is_own_json(data: bytes, name: str) -> bool:
    """Whether a file is JSON: by its name, or because it names our format."""
    head = data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    return name.lower().endswith(".json") or (head.startswith(b"{") and FORMAT.encode() in head)


def read_own_json(data: bytes) -> ReadReport:
    """
    The report in one of our files; `answers` are all that is stored of it.

    Raises:
        Unreadable: It is no JSON, not ours, or has an impossible value.
    """
    said = _parsed(data)
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        _refuse(wording.OTHER_FORMAT.format(format=FORMAT))
    form = next((form for form in FILLED_IN if form.edition == said.get("edition")), None)
    if form is None:
        editions = "、".join(form.edition for form in FILLED_IN)
        _refuse(wording.OTHER_EDITION.format(edition=editions))
    organ, year = _text(said.get("organ"), "organ"), said.get("year")
    if not (isinstance(year, int) and FIRST_YEAR <= year <= LAST_YEAR):
        _refuse(wording.wrong("year"))
    answers = Answers({**_figures(said, form), **_texts(said, form)})
    mark = fingerprint(organ, year, form.edition, answers)
    figures = Figures(form, answers)
    title = DocumentInput(form, organ, year, answers).title  # the official one if none is given
    signed = answers.text("signature")
    return ReadReport(
        kind="json",
        edition=form.edition,
        organ=organ,
        year=year,
        title=title,
        introduction=answers.text("introduction") or None,
        signature=(signed, answers.text("signature_date") or "") if signed else None,
        narratives={n.id: text for n in form.narratives if (text := answers.text(n.id))},
        values={cell: value for cell in form.cells if (value := figures.stated(cell)) is not None},
        blank=frozenset(),
        claimed=tuple(form.cells),
        unread=tuple(cell for cell in form.cells if figures.stated(cell) is None),
        doubtful=(),
        leftover=(),
        headings=tuple((section.id, section.heading) for section in form.sections),
        missing_sections=tuple(n.id for n in form.narratives if not answers.text(n.id)),
        missing_tables=(),
        missing_rows=(),
        missing_columns=(),
        label_differences=(),
        old_rows=(),
        traces=(),
        remarks={item: text for item in form.remark if (text := answers.text(item))},
        marked_title=title if said.get("status") == "final" else (DRAFT, *title),
        answers=answers,
        local=tuple(_local(said)),
        altered=said.get("fingerprint", mark) != mark,
    )


# ---- JSON ----------------------------------------------------------------------------------


def _parsed(data: bytes) -> object:
    if len(data) > MOST_BYTES:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    try:
        return json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_constant
        )
    except UnicodeDecodeError:
        _refuse(wording.NOT_UTF_8)
    except RecursionError:
        _refuse(wording.TOO_DEEP)
    except ValueError:  # also raised for a number with thousands of digits
        _refuse(wording.NO_JSON)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object without repeated names: it would be unclear which one counts."""
    known = dict(pairs)
    if len(known) < len(pairs):
        ((name, _),) = Counter(name for name, _ in pairs).most_common(1)
        _refuse(wording.twice(name))
    return known


def _constant(name: str) -> NoReturn:
    _refuse(wording.wrong(name))


def _refuse(why: str) -> NoReturn:
    raise Unreadable(UnreadableReason.FOREIGN, why)


def _object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _refuse(wording.wrong(where))
    return value


def _text(value: object, where: str) -> str:
    """A text in a form that the store can hold."""
    if not isinstance(value, str):
        _refuse(wording.wrong(where))
    return clean_text(value)[0]


def _items(said: Mapping[str, object], key: str) -> Iterator[tuple[str, str, object]]:
    """The entries of a key, each with its name and path; none if the key is missing."""
    for name, value in _object(said.get(key, {}), key).items():
        yield name, f"{key}.{name}", value


# ---- the content ---------------------------------------------------------------------------


def _figures(said: Mapping[str, object], form: Form) -> dict[CellId, Number]:
    """The figures that are no sums, and totals that differ from their sums."""
    if "cells" not in said:
        _refuse(wording.wrong("cells"))
    read = {
        key: {cell: _figure(cell, value, where, form) for cell, where, value in _items(said, key)}
        for key in ("cells", "claims")
    }
    figures = {cell: value for cell, value in read["cells"].items() if cell not in form.sums}
    computed = Figures(form, Answers(figures))
    for cell in read["claims"]:
        if cell not in form.sums:
            _refuse(wording.wrong(f"claims.{cell}"))
    others = {
        cell: value
        for cell, value in read["cells"].items()
        if cell in form.sums and value != computed.get(cell)
    }
    return {**figures, **others, **read["claims"]}


def _figure(cell: CellId, value: object, where: str, form: Form) -> Number:
    if cell not in form.cells:
        _refuse(wording.unknown(where))
    if form.cells[cell].measure is Measure.FEE:
        if isinstance(value, str) and len(value) <= MOST_DIGITS and FEE.fullmatch(value):
            fee = Decimal(value)
            if fee <= MAX_FEE:
                return fee
        _refuse(wording.wrong(where))
    # A total may be larger than a typed figure.
    return _count(value, where, MAX_COUNT * (len(form.cells) if cell in form.sums else 1))


def _count(value: object, where: str, most: int = MAX_COUNT) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        _refuse(wording.wrong(where))
    return value


def _texts(said: Mapping[str, object], form: Form) -> dict[ItemId, Value]:
    """The narratives, the organ's wording and the texts around the tables."""
    texts: dict[ItemId, Value] = {}
    for item, where, value in _items(said, "narratives"):
        if item not in form.section or form.section[item].kind is not SectionKind.NARRATIVE:
            _refuse(wording.unknown(where))
        texts[item] = _text(value, where)
    for item, where, value in _items(said, "wording"):
        if item not in form.wording:
            _refuse(wording.unknown(where))
        if item in CHOICES and value not in CHOICES[item]:
            _refuse(wording.wrong(where))
        texts[item] = _text(value, where)
    for section, place, around in _items(said, "remark_places"):
        for side, text in _object(around, place).items():
            item = form.remark_at.get((section, side == "below"), "")
            if side not in ("above", "below") or not item:
                _refuse(wording.unknown(f"{place}.{side}"))
            texts[item] = _text(text, f"{place}.{side}")
    answers = Answers(texts)
    for key, stands in opening(answers).items():
        if key in said and said[key] != stands:
            _refuse(wording.OTHERWISE.format(key=key))
    return texts


def opening(answers: Answers) -> dict[str, Any]:
    """Title, introduction, signature and the setting of table breaks, as listed for programs."""
    signature = answers.text("signature")
    return {
        "title": list(_lines(answers, "title")),
        "introduction": answers.text("introduction") or None,
        "table_breaks": answers.text("table_breaks"),
        "signature": [signature, answers.text("signature_date") or ""] if signature else None,
    }


def _lines(answers: Answers, item: ItemId) -> tuple[str, ...]:
    text = answers.text(item)
    return tuple(text.split("\n")) if text else ()


def _local(said: Mapping[str, object]) -> Iterator[tuple[str, str, int]]:
    """Figures that a task asks beyond the form: name, unit and value of the answered ones."""
    notice = _object(said.get("notice", {}), "notice")
    questions = notice.get("questions", [])
    if not isinstance(questions, list):
        _refuse(wording.wrong("notice.questions"))
    for number, question in enumerate(questions):
        where = f"notice.questions[{number}]"
        asked = _object(question, where)
        name, unit = (_text(asked.get(key), f"{where}.{key}") for key in ("name", "unit"))
        value = asked.get("value")
        if value is not None:
            yield name, unit, _count(value, f"{where}.value")
