"""
Compares the published report with the approved one: every cell, heading and text.

Texts are compared as a person sees them. Blanks of every width and line breaks do not count: pages
and word processors change them, and they carry no meaning. Every other character counts, also a
comma of another width. There are two exceptions, because our own reader changes these: characters
that a PDF draws from parts, and the date of the signature, whose digits may have either width. A
figure is compared as a number («1,234» is 1234); an empty box is not 0.

Nothing is equal by default: a part that was not read, or not surely, makes it `NOT_COMPARED`. A
part that our reader would not read from our own document either is reported as not read, not as a
difference.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher, get_close_matches

from conversations.checks.findings import LabelDifference
from conversations.document.read.blocks import Left, Unreadable
from conversations.document.read.remarks import is_caption
from conversations.document.read.report import ReadReport
from conversations.document.read.words import squeeze, whole_characters
from conversations.document.write.content import DocumentInput
from conversations.form.model import Form, ItemId, SectionKind, Table
from conversations.sign_off.comparison import (
    HEADINGS,
    LABELS,
    CellDifference,
    Comparison,
    Result,
    TextDifference,
    heading_of,
)
from conversations.wording import comparing as wording

MOST_SENTENCES = 3_000  # of a text; a longer one is reported as a whole

_BLANK = re.compile("[\\s\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]+")
_SENTENCE = re.compile(r"[^。！？]*[。！？]+[”’）」』]*|[^。！？]+$")
# Parts of a text that were not read; hidden text is invisible, a table is read as lines.
_UNTOLD = frozenset(Left) - {Left.HIDDEN, Left.TABLE}


def compare(ours: DocumentInput, theirs: ReadReport) -> Comparison:
    """Compare a published report with the report as it was approved."""
    told, said = _told(ours), _said(ours.form, theirs)
    if another := _another(ours, theirs, told, said):
        titles = TextDifference("title", told["title"], said["title"])
        return Comparison(Result.NOT_COMPARED, texts=(titles,), why=another)
    cells = tuple(_cells(ours, theirs))
    reasons = list(_not_read(ours.form, theirs))
    texts, unsure = _texts(ours, theirs, told, said)
    reasons += [wording.text_not_read(ours.form, item) for item in unsure]
    result = Result.NOT_COMPARED if reasons else Result.EQUAL
    if cells or texts:
        result = Result.DIFFERENT
    return Comparison(result, cells, tuple(texts), "".join(reasons))


# ------------------------------------------------------------------------- figures


def _cells(ours: DocumentInput, theirs: ReadReport) -> Iterator[CellDifference]:
    """The figures that were surely read and differ."""
    doubtful = {doubt.cell for doubt in theirs.doubtful}
    for cell, value in ours.figures.all().items():
        figure = theirs.values.get(cell)
        if figure is None or cell in doubtful:
            continue
        if cell in theirs.blank:
            yield CellDifference(cell, value, "")
        # A file that an organ has sent states the total printed in it, right or wrong.
        elif figure not in (value, ours.figures.claimed(cell)):
            yield CellDifference(cell, value, figure)


def _not_read(form: Form, theirs: ReadReport) -> Iterator[str]:
    """The reasons why the reports cannot be called equal, as sentences."""
    if theirs.edition != form.edition or theirs.old_rows:
        yield wording.OTHER_EDITION
    if theirs.reports_in_file > 1:
        yield wording.SEVERAL.format(count=theirs.reports_in_file)
    for section in theirs.missing_sections:
        yield wording.NO_SECTION.format(name=form.section[section].heading)
    if unread := [cell for cell in form.cells if cell not in theirs.values]:
        yield wording.cells_not_read(unread)
    if theirs.doubtful:
        yield wording.doubted([(doubt.cell, doubt.why) for doubt in theirs.doubtful])
    if theirs.leftover:
        yield wording.leftover(theirs.leftover)
    if left := [out for out in theirs.left_out if out.what in _UNTOLD]:
        yield wording.left_out(form, left)
    # A program's bookmark printed in its plain text was on no page; a control character is
    # invisible.
    if marks := [mark for mark in theirs.traces if "[" in mark and theirs.kind != "txt"]:
        yield wording.traces(marks)


# --------------------------------------------------------------------------- texts


def _told(ours: DocumentInput) -> dict[ItemId, str]:
    """Every text of our report, as the document prints it."""
    form = ours.form
    items = ("introduction", *(text.id for text in form.narratives), *form.remark)
    told = {item: "\n".join(ours.lines(item)) for item in items}
    # The reader takes «单位：件» above a table as part of the table; its heads say the same.
    for item in (remark.id for remark in form.remarks if not remark.below):
        told[item] = "\n".join(line for line in ours.lines(item) if not is_caption(line))
    told |= {heading_of(section.id): section.heading for section in form.sections}
    dated = "".join(ours.lines("signature_date"))
    told["title"] = "\n".join(ours.title)
    told["signature"] = "\n".join((*ours.lines("signature"), dated)).strip()
    return told


def _said(form: Form, theirs: ReadReport) -> dict[ItemId, str]:
    """The same for the published report, "" for a text that was not read."""
    said = dict.fromkeys(("introduction", *(text.id for text in form.narratives)), "")
    said |= dict.fromkeys(form.remark, "")
    said |= {heading_of(section): printed for section, printed in theirs.headings}
    said |= {**theirs.narratives, **theirs.remarks}
    last = form.remark_at[(form.sections[-1].id, True)]
    said[last] = "\n".join(filter(None, (said[last], *theirs.below)))
    said["title"] = "\n".join(theirs.marked_title or theirs.title)
    said["introduction"] = theirs.introduction or ""
    said["signature"] = "\n".join(theirs.signature or ()).strip()
    return said


def _keys(texts: Mapping[ItemId, str], *, drawn: bool) -> dict[ItemId, str]:
    """The parts of texts that are compared; `drawn` if characters may be drawn from parts."""
    keys = {}
    for item, text in texts.items():
        whole = whole_characters(text, drawn=drawn)
        keys[item] = squeeze(whole) if item == "signature" else _BLANK.sub("", whole)
    return keys


def _groups(form: Form) -> Iterator[tuple[ItemId, ...]]:
    """
    The items of texts in printed order, grouped if no heading stands between them.

    Where one item of a group ends and the next begins is our reader's guess.
    """
    yield "title", "introduction"
    for section in form.sections:
        yield (heading_of(section.id),)
        around = [remark.id for remark in form.remarks if remark.section == section.id]
        if section.kind is SectionKind.TABLE:
            yield tuple(around)
        elif section is form.sections[-1]:
            yield section.id, "signature", *around
        else:
            yield (section.id,)


def _unlike(form: Form, left: Mapping[ItemId, str], right: Mapping[ItemId, str]) -> list[ItemId]:
    """The texts whose keys differ; a group that is equal as a whole has none."""
    items: list[ItemId] = []
    for group in _groups(form):
        pairs = [(left.get(item, ""), right.get(item, "")) for item in group]
        if "".join(a for a, _ in pairs) != "".join(b for _, b in pairs):
            items += [item for item, (a, b) in zip(group, pairs, strict=True) if a != b]
    return items


def _texts(
    ours: DocumentInput, theirs: ReadReport, told: dict[ItemId, str], said: dict[ItemId, str]
) -> tuple[list[TextDifference], list[ItemId]]:
    """The texts that surely differ, and the items of those for which this is uncertain."""
    form, drawn = ours.form, theirs.kind == "pdf"
    wanted, found = _keys(told, drawn=drawn), _keys(said, drawn=drawn)
    missing = {
        item for section in theirs.missing_sections for item in (section, heading_of(section))
    }
    # A text whose heading was not found is read into the one before; that is no difference.
    stray = [wanted[section] for section in theirs.missing_sections if section in wanted]
    differ = [
        item
        for item in _unlike(form, wanted, found)
        if item not in missing and not any(text in found.get(item, "") for text in stray)
    ]
    unsure: list[ItemId] = []
    if differ and (again := _read_back(ours, theirs.kind)) is not None:
        unreadable = _unlike(form, wanted, _keys(_said(form, again), drawn=drawn))
        unsure = [item for item in differ if item in unreadable]
    texts = [
        each
        for item in differ
        if item not in unsure
        for each in _passages(item, told.get(item, ""), said.get(item, ""))
    ]
    texts += [
        TextDifference(LABELS, label.official, label.printed) for label in theirs.label_differences
    ]
    texts += _labels(form, theirs)
    order = [section for section, _ in theirs.headings]
    if order != [section for section in form.section if section in order]:
        printed = " ".join(heading for _, heading in theirs.headings)
        texts.append(TextDifference(HEADINGS, " ".join(s.heading for s in form.sections), printed))
    return texts, unsure


def _labels(form: Form, theirs: ReadReport) -> Iterator[TextDifference]:
    """
    Words of the tables that differ, are missing or added, and rows in another place.

    Without those that our reader reports, and only if the file has real boxes and tables of this
    form.
    """
    if theirs.kind not in {"html", "docx"} or theirs.edition != form.edition or theirs.old_rows:
        return
    known = {squeeze(word) for each in theirs.label_differences for word in _words(each)}
    known |= {squeeze(text) for text in theirs.leftover}
    for section_id, table in ((s.id, s.body) for s in form.sections if isinstance(s.body, Table)):
        ours = [squeeze(box.text) for row in table.grid for box in row if not box.cell]
        seen = [text for section, text in theirs.labels if section == section_id]
        if not any(text in seen for text in ours):
            continue  # not laid out as a table: its words are read with its figures
        yield from _other_words(ours, seen, known)
        if Counter(ours) != Counter(seen):  # merged boxes that were split repeat their words
            ours = [text for text in dict.fromkeys(ours) if text in seen]
            seen = [text for text in dict.fromkeys(seen) if text in ours]
        moved = next((at for at, (a, b) in enumerate(zip(ours, seen, strict=True)) if a != b), None)
        if moved is not None:
            before, after = (" ".join(texts[moved : moved + 2]) for texts in (ours, seen))
            yield TextDifference(LABELS, before, after)


def _words(label: LabelDifference) -> tuple[str, str]:
    return label.official, label.printed


def _other_words(ours: list[str], seen: list[str], known: set[str]) -> Iterator[TextDifference]:
    """The words of one table that are on one side only; a torn box holds pieces of a label."""
    whole = "".join(seen)
    fewer = Counter(ours) - Counter(seen)
    missing = [t for t in fewer if t not in known and (t in seen or t not in whole)]
    more = [t for t in dict.fromkeys(seen) if t not in ours and t not in known]
    for text in [text for text in more if not any(text in label for label in ours)]:
        near = get_close_matches(text, missing, 1)
        missing = [label for label in missing if label not in near]
        yield TextDifference(LABELS, near[0] if near else "", text)
    yield from (TextDifference(LABELS, label, "") for label in missing)


def _read_back(ours: DocumentInput, kind: str) -> ReadReport | None:
    """Our own document as our reader reads it, in the same kind of file; None if it cannot."""
    from conversations.document.read.understand import read

    if kind == "html":
        from conversations.document.write.html import as_html

        made = as_html(ours).encode()
    elif kind == "txt":
        from conversations.document.write.text import as_text

        made = as_text(ours).encode()
    else:
        from conversations.document.write.docx import render, standard

        made = render(standard(ours.form.edition), ours)
    try:
        report = read(made, f"report.{kind}", year=ours.year)
    except Unreadable:
        return None
    return report if isinstance(report, ReadReport) else None


def _passages(item: ItemId, ours: str, theirs: str) -> Iterator[TextDifference]:
    """The sentences that differ, adjacent ones together."""
    left, right = _sentences(ours), _sentences(theirs)
    if max(len(left), len(right)) > MOST_SENTENCES or not (left and right):
        yield TextDifference(item, ours, theirs)
        return
    a_keys, b_keys = ([_BLANK.sub("", text) for text in texts] for texts in (left, right))
    changes = SequenceMatcher(None, a_keys, b_keys, autojunk=False).get_opcodes()
    for kind, a, b, c, d in changes:
        if kind != "equal":
            yield TextDifference(item, "".join(left[a:b]).strip(), "".join(right[c:d]).strip())


def _sentences(text: str) -> list[str]:
    return [match[0] for match in _SENTENCE.finditer(text) if match[0].strip()]


# ------------------------------------------------------------------ whether it is this report


def _another(
    ours: DocumentInput, theirs: ReadReport, told: Mapping[ItemId, str], said: Mapping[ItemId, str]
) -> str:
    """
    Whether it is a report of another year or organ: a sentence, "" if it is not.

    A wrong year or name over our own text is a mistake, and a difference of the title.
    """
    year = theirs.year if theirs.year not in (None, ours.year) else None
    named = squeeze(theirs.organ) if squeeze(theirs.organ) != squeeze(ours.organ) else ""
    if not (year or named) or squeeze(told["title"]) == squeeze(said["title"]):
        return ""
    there = squeeze("".join(theirs.narratives.values()))
    sentences = [
        squeeze(sentence) for text in ours.form.narratives for sentence in _sentences(told[text.id])
    ]
    same = sum(len(sentence) for sentence in sentences if sentence in there)
    if 2 * same >= sum(map(len, sentences)):
        return ""
    return wording.other_report(theirs.organ if named else "", year)
