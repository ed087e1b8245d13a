"""
One person's conversation over a store, for the doors of this process.

A message becomes an event; the replies are left to the door. Nothing is in memory that is not in
the store.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePath

from bot import handle as desk
from bot.cli.frame import PERSON
from bot.environment import TEMPLATE, time_zone
from bot.files.received import (
    LIMIT,
    allowed_hosts,
    as_published,
    event_of,
    event_of_link,
    is_link,
    report_of,
)
from bot.files.unreadable import UnreadableFile
from bot.handle import Clock, Handled
from conversations.document.write.content import file_name
from conversations.drawing import Picture, svg
from conversations.sign_off.states import ReportState
from conversations.talk import report_picture, year_picture
from conversations.talk.cards import card
from conversations.talk.derived import gap_names, todo_findings
from conversations.talk.effects import Button, Chart, Deliver, Draw, Effect, MessageKind, Say
from conversations.talk.events import (
    Commanded,
    Event,
    FileRead,
    NeedsReading,
    Opened,
    Reading,
    Tapped,
    Typed,
)
from conversations.talk.other_forms import PDF
from conversations.talk.session import Place, Session, State
from conversations.talk.triggers import command_in
from conversations.wording import door as words
from conversations.wording import sign_off
from conversations.wording import talk as wording
from storage import templates
from storage.errors import StoreDamaged, StoreError
from storage.sign_off import SignOffs, Version, version_of
from storage.store import Store
from storage.unit import Unit

BEGUN = "chat_organ.txt"
NOT_BEGUN = "年报还没有开始。"
SWITCH = "switch"  # the command to change the report
TO_SWITCH = "w:"  # its buttons: the list, one report by its id, another organ
NEW = "+"
NEWEST_YEARS = 3  # of an organ, to choose from
ENDINGS = {Chart.YEARS: "-历年对比.svg", Chart.PROGRESS: "-进度.svg"}
NOT_WRITTEN = "文件没有写成：{path}：{why}。"


class NotDone(Exception):  # noqa: N818 - says what became of the event
    """An event that changed nothing, and the sentence that says why."""


class Conversation:
    """One person's conversation over an open store, event by event."""

    def __init__(
        self,
        store: Store,
        data: Path,
        out: Path,
        organ: str = "",
        year: int = 0,
        door: str = "chat",
        person: str = PERSON,
        by: str = "",
    ) -> None:
        """
        Continue the named report, or the last one.

        `person` is whose place it is, `by` the name in the history if different.

        Raises:
            SettingsError: The configured time zone is unknown.
        """
        self.store = store
        self.data = data
        self.out = out
        self.door = door
        self.person = person
        self.by = by or person
        self.choosing = False
        self.zone = time_zone()
        clock = Clock.read(self.zone)
        self.session = desk.new_session(clock, self.by, organ, year)
        self.report_id: int | None = None
        if not organ and not year:
            with store.read() as reader:
                current = reader.current(person)
            if begun := self._begun():
                self.session = replace(self.session, organ=begun)
            elif current:
                organ, year = current
        if organ and year:
            with store.begin() as unit:
                self.report_id = unit.open_report(organ, year, now=clock.now)
            (data / BEGUN).unlink(missing_ok=True)

    def take(self, event: Event) -> tuple[Handled, list[tuple[Path, bool]]]:
        """
        Take one event: it is stored first; returns messages and written documents.

        A long text is read before, by a child, without holding the store.

        A document is on the disk before the report counts as finished. Each written file comes with
        whether it is the final document.

        Raises:
            NotDone: It could not be stored or written; nothing has changed.
            StoreDamaged: The chat cannot continue.
        """
        if isinstance(event, Commanded) and event.name == SWITCH:
            return self._choose(), []
        if isinstance(event, Tapped) and event.button.startswith(TO_SWITCH):
            wanted = event.button.removeprefix(TO_SWITCH)
            if not wanted or not self._go_to(wanted):
                return self._choose(), []
            event = Opened()
        elif self.choosing and isinstance(event, Typed):
            return self._choose(Say(MessageKind.REFUSAL, words.CHOOSE_FIRST)), []
        self.choosing = False
        self._check_template()
        reading: Reading | None = None
        while True:
            try:
                return self._step(event, reading)
            except NeedsReading as needs:
                report = None
                with suppress(UnreadableFile):
                    report = report_of(needs.text)
                reading = Reading(needs.text, report)

    def read(self, text: str = "", file: Path | None = None) -> Event:
        """
        A message or a file as an event; any file, at the question of publication.

        Raises:
            UnreadableFile: It may not be fetched, or cannot be read.
        """
        link = text.strip() if file is None and is_link(text) else ""
        if self.session.place.state is not State.PUBLISH or not (link or file):
            return uploaded(file) if file else typed(text)
        try:
            event: FileRead | str = uploaded(file) if file else linked(link)
        except UnreadableFile as error:
            event = str(error)
        return as_published(event, file.name if file else link, link)

    def _step(
        self, event: Event, reading: Reading | None
    ) -> tuple[Handled, list[tuple[Path, bool]]]:
        """
        The transaction of `take`.

        Raises:
            NeedsReading: A text has to be read first.
        """
        clock = Clock.read(self.zone)
        blank = replace(self.session, today=clock.today, now=clock.stamp, by=self.by)
        told: tuple[Say, ...] = ()
        try:
            with self.store.begin() as unit:
                if self._has_moved(unit, event):
                    event = Opened()
                    told = (Say(MessageKind.NOTE, words.PLACE_MOVED),)
                handled = desk.handle(
                    unit,
                    self.person,
                    self.report_id,
                    event,
                    clock,
                    self.door,
                    blank,
                    by=self.by,
                    reading=reading,
                )
                made = [
                    self._made(unit, handled, effect)
                    for effect in handled.effects
                    if isinstance(effect, Deliver | Draw)
                ]
                # LibreOffice is slow: the store is not locked meanwhile.
                prints = any(isinstance(e, Deliver) and e.form == PDF for e in handled.effects)
                written = [] if prints else [self._written(*file) for file in made]
        except StoreDamaged:
            raise
        except StoreError as error:
            raise NotDone(str(error)) from error
        if handled.session.organ != self.session.organ and handled.report_id is None:
            self._remember(handled.session.organ)
        elif handled.report_id != self.report_id:
            (self.data / BEGUN).unlink(missing_ok=True)
        self.session = session = handled.session
        self.report_id = handled.report_id
        if prints:
            handled, written = self._printed(handled, *made[0])
        effects = [said for effect in handled.effects for said in _in_words(session, effect)]
        return replace(handled, effects=(*told, *effects)), written

    def _has_moved(self, unit: Unit, event: Event) -> bool:
        """Whether the question of an answer was left or answered elsewhere."""
        if self.report_id is None or not isinstance(event, Typed | FileRead):
            return False
        stored = unit.load(self.report_id, self.person)
        seen = self.session
        place = Place() if stored.place is None else Place.loads(stored.place, seen.form)
        asked = card(seen).asks
        return place != seen.place or any(
            stored.answers.get(item) != seen.answers.get(item) for item in asked
        )

    def _reports(self) -> dict[int, str]:
        """The stored reports: organ and year, by id."""
        reports: dict[int, str] = {}
        with self.store.read() as reader:
            for organ in reader.organs():
                for year in reader.years(organ)[-NEWEST_YEARS:]:
                    report_id = reader.find_report(organ, year)
                    assert report_id is not None
                    reports[report_id] = wording.head(organ, year)
        return reports

    def _choose(self, *told: Say) -> Handled:
        """The list of reports to choose from; meanwhile a typed text is no answer."""
        self.choosing = True
        buttons = [
            Button(
                f"{TO_SWITCH}{report_id}", f"{'✓ ' if report_id == self.report_id else ''}{name}"
            )
            for report_id, name in self._reports().items()
        ]
        buttons.append(Button(f"{TO_SWITCH}{NEW}", words.OTHER_ORGAN))
        said = Say(MessageKind.CARD, words.CHOOSE_REPORT, tuple((button,) for button in buttons))
        return Handled(self.session, self.report_id, (*told, said), 0)

    def _go_to(self, wanted: str) -> bool:
        """
        Open another report, or ask for the organ of a new one; false if there is no such report.
        """
        if wanted == NEW:
            self.session = desk.new_session(Clock.read(self.zone), self.by)
            self.report_id = None
            return True
        if wanted.isascii() and wanted.isdigit() and int(wanted) in self._reports():
            self.report_id = int(wanted)
            (self.data / BEGUN).unlink(missing_ok=True)
            return True
        return False

    def _check_template(self) -> None:
        """Check an office's changed template before the store is locked, not meanwhile."""
        if self.report_id is None:
            return
        # Reading blocks no one. Errors are reported when a document is asked for.
        with suppress(OSError, StoreError), self.store.read() as reader:
            used = templates.for_report(reader, self.report_id)
            if used is None and not (self.data / TEMPLATE).is_file():
                return
            from bot.files import documents

            with suppress(documents.TemplateError):
                edition = reader.load(self.report_id, self.person).edition
                documents.check(documents.own(reader, self.data, self.report_id), edition)

    def _made(
        self, unit: Unit, handled: Handled, effect: Deliver | Draw
    ) -> tuple[str, bytes, bool]:
        """A document or picture: its name, its bytes, whether it is final; for a PDF the .docx."""
        from bot.files import documents, forms
        from bot.files.ledger import empty_table

        session = handled.session
        try:
            if isinstance(effect, Draw):
                name = file_name(session.organ, session.year, extension=ENDINGS[effect.chart])
                return name, svg(_picture(session, effect.chart)).encode(), False
            report = session.document
            if effect.table:
                last = session.last_year
                return *empty_table(report, effect.table, last.figures if last else None), False
            if effect.form not in forms.OF_DOCX:
                return *forms.made(None, report, effect.form, draft=False), True
            kept = version_of(unit, effect.version) if effect.version else None
            if kept is None:
                assert handled.report_id is not None
                own = documents.own(unit, self.data, handled.report_id)
                draft = not effect.final and not effect.version
                kept = Version(*documents.make(own, report, draft=draft))
                if effect.version:
                    kept = SignOffs(unit).keep_version(effect.version, kept)
            name = kept.name
            if effect.version:
                name = documents.version_name(session.organ, session.year, final=effect.final)
        except documents.TemplateError as error:
            raise NotDone(str(error)) from error
        return name, kept.content, effect.final

    def _written(self, name: str, content: bytes, final: bool) -> tuple[Path, bool]:
        """A file in the folder for documents, and whether it is final."""
        from bot.files import documents

        try:
            return documents.write(self.out, name, content), final
        except OSError as error:
            raise NotDone(NOT_WRITTEN.format(path=self.out, why=error.strerror)) from error

    def _printed(
        self, handled: Handled, name: str, document: bytes, final: bool
    ) -> tuple[Handled, list[tuple[Path, bool]]]:
        """The PDF of a document, with the sentence about its fonts; else the sentence why not."""
        from bot.files.pictures import PictureError, printed

        written, said = [], ""
        try:
            pdf = printed(document)
            name = str(PurePath(name).with_suffix(".pdf"))
            written = [self._written(name, pdf.content, final)]
            said = pdf.said
        except PictureError as error:
            said = error.said
        told: list[Effect] = []
        for effect in handled.effects:
            if not isinstance(effect, Deliver) or written:
                told.append(effect)
            if isinstance(effect, Deliver) and said:
                told.append(Say(MessageKind.NOTE, said))
        return replace(handled, effects=tuple(told)), written

    def _remember(self, organ: str) -> None:
        """Keep the organ while there is no report yet."""
        from bot.files import documents

        try:
            documents.write(self.data, BEGUN, organ.encode())
        except OSError as error:
            raise NotDone(f"没有保存成功：{self.data}：{error.strerror}。") from error

    def _begun(self) -> str:
        """The organ that was named before the chat was interrupted, without its year."""
        try:
            return (self.data / BEGUN).read_text("utf-8", errors="replace")
        except OSError:
            return ""

    @property
    def finished(self) -> bool:
        """Whether the final document is there and current."""
        return self.session.final and not self.session.changed

    def missing(self) -> str:
        """What the report still lacks, in one sentence."""
        session = self.session
        if not session.organ or not session.year or self.report_id is None:
            return NOT_BEGUN
        if session.sign_off.state is ReportState.SUBMITTED:
            return sign_off.WHAT_NOW[ReportState.SUBMITTED]
        if session.final and session.changed:
            return sign_off.STALE if session.standing.leader else wording.FINAL_STALE
        parts = []
        if names := gap_names(session):
            parts.append(wording.gaps(names))
        if findings := todo_findings(session):
            parts.append(f"还有 {len(findings)} 处检查没有处理。")
        last = "还没有送审。" if session.standing.leader else "还没有生成正式文件。"
        return "年报还没有完成：" + ("".join(parts) or last)


def _picture(session: Session, chart: Chart) -> Picture:
    if chart is Chart.PROGRESS:
        return report_picture.picture(report_picture.report_progress(session))
    years = {year: report.figures for year, report in session.years.items()}
    return year_picture.picture(years, session.year, session.organ)


def _in_words(session: Session, effect: Effect) -> tuple[Effect, ...]:
    """An effect; after a picture, its content in words."""
    if not isinstance(effect, Draw):
        return (effect,)
    return effect, Say(MessageKind.NOTE, _picture(session, effect.chart).says)


def typed(text: str) -> Event:
    """
    A message as an event: a link, a command of the menu, or text.

    Raises:
        UnreadableFile: The link may not be fetched, or holds no report.
    """
    if is_link(text):
        return linked(text)
    return command_in(text) or Typed(text)


def uploaded(path: Path) -> FileRead:
    """
    A file as an event.

    Raises:
        UnreadableFile: It is no report and cannot be read as text.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except OSError as error:
        raise UnreadableFile(f"读不到文件 {path.name}：{error.strerror}") from error
    return event_of(data, path.name)


def linked(link: str) -> FileRead:
    """
    A link as an event.

    Raises:
        UnreadableFile: It may not be fetched, or holds no report.
    """
    import asyncio

    return asyncio.run(event_of_link(link, allowed_hosts()))
