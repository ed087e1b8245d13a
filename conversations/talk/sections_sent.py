"""
A text that waits in `Asking.SECTIONS`: its parts for the sections of this report.

Cards show it and moves store it. It imports the reader, which is large, so it is imported only when
such a text has come.
"""

from __future__ import annotations

from dataclasses import dataclass

from conversations.document.read.sent_text import SectionText, section_texts, signed_under
from conversations.document.write.content import clean_text
from conversations.form.model import Narrative, Section, SectionKind
from conversations.talk.derived import sections_of_kind
from conversations.talk.session import Pending, Session


@dataclass(frozen=True, slots=True)
class Sent:
    """A text for a section; `replaces`: another text there would be lost."""

    section: Section
    text: str
    replaces: bool


@dataclass(frozen=True, slots=True)
class SectionsSent:
    """The texts that wait, in the order of the form, and what is left out."""

    texts: tuple[Sent, ...]
    tables: tuple[Section, ...]  # headings of tables
    before: int  # characters before the first heading

    @property
    def free(self) -> tuple[Sent, ...]:
        """Those that replace no text."""
        return tuple(sent for sent in self.texts if not sent.replaces)


def sections_sent(session: Session, pending: Pending) -> SectionsSent:
    """The parts of a waiting text that are not taken yet; `Pending.chosen` names those that are."""
    form = session.form
    parts = section_texts(pending.text)
    asked = form.section.get(session.place.item)
    named = {part.section for part in parts}
    if asked is not None and asked.id not in named and not _is_title(parts[0]):
        parts = (SectionText(asked.id, "", parts[0].text), *parts[1:])
    texts: dict[str, str] = {}
    for part in parts:
        if part.text.strip():
            texts[part.section] = "\n".join(filter(None, (texts.get(part.section), part.text)))
    waiting = []
    for section in sections_of_kind(session, SectionKind.NARRATIVE):
        text = kept_of(session, section, texts.get(section.id, ""))
        if text and section.id not in pending.chosen:
            stands = session.answers.text(section.id)
            replaces = stands is not None and not text.startswith(stands)
            waiting.append(Sent(section, text, replaces))
    tables = [s for s in form.sections if s.id in named and not isinstance(s.body, Narrative)]
    return SectionsSent(tuple(waiting), tuple(tables), len("".join(texts.get("", "").split())))


def kept_of(session: Session, section: Section, text: str) -> str:
    """A text as stored for a section; the last section loses its signature."""
    lines = clean_text(text)[0].strip("\n").split("\n")
    if section == session.form.sections[-1]:
        lines, _ = signed_under(lines, session.organ)
    return "\n".join(lines).strip("\n")


def _is_title(part: SectionText) -> bool:
    """Whether only a title stands before the first heading."""
    said = "".join(part.text.split())
    return bool(part.section) or (len(said) < 80 and said.endswith(("报告", "年报")))
