"""
One event in one transaction: the machine's step and what it stores.

Every door uses this. The decisions of a step and the clerk's new place are stored together; only
then is anything said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from conversations.checks.findings import Report
from conversations.county.status import BOT, FILE
from conversations.document.write.content import DocumentInput
from conversations.form import FORMS, Form, form_to_fill_in
from conversations.form.answers import Value
from conversations.form.local_notice import LOCAL_CELLS, NOTHING, answers_for, form_of
from conversations.form.model import ItemId
from conversations.form.organ import Level, guess_level
from conversations.reminders.tasks import newest_year, year_of_work
from conversations.sign_off.rights import Action, Standing, is_locked, may, transition
from conversations.sign_off.states import Deed, ReportState
from conversations.talk.cards import card
from conversations.talk.effects import (
    THIS_STEP,
    Chart,
    Decide,
    Deliver,
    Draw,
    DropRemark,
    Effect,
    Explain,
    ImportReport,
    MessageKind,
    OpenReport,
    Save,
    Say,
    SettleRemark,
    WriteRemark,
)
from conversations.talk.events import (
    Commanded,
    Event,
    Opened,
    Reading,
    ReportRead,
    Tapped,
    Typed,
    Uploaded,
)
from conversations.talk.machine import step
from conversations.talk.session import Asking, Place, Session, State, is_short
from conversations.talk.triggers import Trigger, asks_who, knows_button
from conversations.wording import county_source as source_wording
from conversations.wording import sign_off as sign_off_wording
from storage.messages import Message
from storage.organ_changes import is_closed, present_name, years_beside
from storage.reports import Reader
from storage.sign_off import SignOffs, states_of
from storage.stored import Earlier, Stored
from storage.unit import Unit

# Taken over from another year, one by one, until answered for this year.
KEPT = ("title", "introduction", "signature")
LONG_TEXT = 1000  # characters; a whole report has more
MOST_YEARS = 10  # years that are compared
AS_CLERK = Standing()
# Effects that need nothing from the door after they are stored.
STORED = (
    Save | Explain | OpenReport | ImportReport | Decide | WriteRemark | DropRemark | SettleRemark
)


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment of one event, in the office's own zone."""

    now: datetime

    @classmethod
    def read(cls, zone: ZoneInfo) -> Clock:
        """The present moment."""
        return cls(datetime.now(zone))

    @property
    def today(self) -> date:
        """The date in the office."""
        return self.now.date()

    @property
    def stamp(self) -> str:
        """For the record, to the second."""
        return self.now.isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Handled:
    """
    The result of one event.

    `effects` are left for the door: messages and documents. `stored` says whether an answer
    changed; `answered` is the item of the question that was open before; `moved` says whether the
    screen has something new to show. `replaced` says that an answer was replaced, perhaps a
    colleague's; `told` are messages to others.
    """

    session: Session
    report_id: int | None
    effects: tuple[Effect, ...]
    history: int
    stored: bool = False
    answered: ItemId = ""
    moved: bool = True
    replaced: bool = False
    told: tuple[Message, ...] = ()


def form_of_now(today: date) -> Form:
    """The form of the newest year that is reported on."""
    return form_to_fill_in(newest_year(today))


def new_session(clock: Clock, person: str, organ: str = "", year: int = 0) -> Session:
    """A session before there is a report, in the form of the year that is worked on."""
    form = form_to_fill_in(year) if year else form_of_now(clock.today)
    return Session(form, clock.today, clock.stamp, person, organ, year)


def session_of(
    unit: Reader,
    stored: Stored,
    person: str,
    clock: Clock,
    event: Event | None = None,
    standing: Standing = AS_CLERK,
) -> Session:
    """
    The session rebuilt from what is stored; other years only if they are asked for.

    Of `standing` only the roles, reach and parts count; the rest is read for the organ.
    """
    form = form_of(stored.edition, stored.notice)
    place = Place() if stored.place is None else Place.loads(stored.place, form)
    last = unit.earlier(stored.report_id)
    last_year = None
    if last is not None:
        theirs = unit.notice(last.report_id) if last.answers.among(LOCAL_CELLS) else NOTHING
        last_year = Report(
            FORMS[last.edition],
            stored.organ,
            last.year,
            answers_for(last.answers, theirs, stored.notice),
            level_of(stored, last.answers.text("level")),
        )
    years: dict[int, Report] = {}
    asked = (place.pending, *(half.pending for half in place.halves))
    reading = any(pending and pending.asking is Asking.IMPORT for pending in asked)
    # A long text may be a whole report of another year.
    reading = reading or (isinstance(event, Typed | Uploaded) and len(event.text) > LONG_TEXT)
    reading = reading or isinstance(event, ReportRead)
    if place.state is State.LOOKUP or reading or isinstance(event, Commanded):
        years = years_of(unit, stored)
    acting = replace(standing, leader=stored.leader, colleague=stored.colleague)
    kept = None
    if any(item not in stored.answers for item in KEPT):
        kept = unit.previous_wording(stored.report_id)
    return Session(
        form,
        clock.today,
        clock.stamp,
        person,
        stored.organ,
        stored.year,
        stored.answers,
        stored.explanations,
        stored.final,
        stored.since_final,
        last_year,
        years,
        kept[1] if kept else {},
        kept[0] if kept else 0,
        place,
        stored.deadline,
        imported=stored.imported and is_past(stored.year, clock.today),
        begun_by_others=begun_in(unit, stored, but=person),
        last_here=stored.place_at and stored.place_at.astimezone(clock.now.tzinfo),
        notice=stored.notice,
        standing=acting,
        sign_off=stored.sign_off,
        shared=stored.colleague and unit.is_shared(stored.report_id),
        trail=unit.history(stored.report_id) if _asks_who(event) else (),
        since_hand_in=since_hand_in(unit, stored),
        authors=authors_of(unit, stored, acting),
        organ_level=stored.level,
        states=states_of(unit, stored.organ) if reading else {},
        similar=stored.similar,
    )


def _asks_who(event: Event | None) -> bool:
    """Whether an event asks who has changed what."""
    if isinstance(event, Tapped):
        return event.button.partition(":")[0] in (Trigger.WHO.value, Trigger.HISTORY.value)
    if isinstance(event, Typed):
        return asks_who(event.text)
    return isinstance(event, Commanded)


def since_hand_in(reader: Reader, stored: Stored) -> dict[ItemId, Value | None]:
    """The changes since the submission before the one that waits for a decision."""
    records = stored.sign_off.records
    if stored.sign_off.state is not ReportState.SUBMITTED:
        return {}
    before = [record for record in records[:-1] if record.deed is Deed.SUBMIT]
    return reader.since(stored, before[-1].history) if before else {}


def authors_of(unit: Reader, stored: Stored, standing: Standing) -> dict[ItemId, str]:
    """The author of each answer, read only if the person may approve the report now."""
    if transition(standing, Deed.APPROVE, stored.sign_off.state) is None:
        return {}
    entries = unit.entries(stored.report_id).items()
    return {item: entry.name or entry.by for item, entry in entries}


def is_past(year: int, today: date) -> bool:
    """Whether a report that was read from a file is last year's data, not present work."""
    return year < newest_year(today)


def is_imported(unit: Unit, report_id: int, year: int, today: date) -> bool:
    """Whether a listed report is last year's data: read from a file, and past."""
    return is_past(year, today) and unit.is_imported(report_id)


def begun_in(reader: Reader, stored: Stored, but: str = "") -> frozenset[ItemId]:
    """Short texts that their authors have not ended, without those of the person `but`."""
    form = form_of(stored.edition, stored.notice)
    short = [text.id for text in form.narratives if is_short(stored.answers.text(text.id))]
    if not short:
        return frozenset()
    authors = {item: entry.by for item, entry in reader.entries(stored.report_id).items()}
    begun = {
        person: Place.loads(place, form).begun
        for person, place in reader.places(stored.report_id)
        if person != but
    }
    return frozenset(item for item in short if item in begun.get(authors[item], ()))


def years_of(unit: Reader, stored: Stored) -> dict[int, Report]:
    """The organ's stored reports of the last years, including this one."""
    level = level_of(stored, stored.answers.text("level"))
    reports: dict[int, Report] = {}
    for year in years_beside(unit, stored.report_id)[-MOST_YEARS:]:
        answers, edition = stored.answers, stored.edition
        if year != stored.year:
            other = unit.earlier(stored.report_id, stored.year - year)
            if other is None:
                continue
            answers, edition = answers_for(other.answers, NOTHING, NOTHING), other.edition
        reports[year] = Report(FORMS[edition], stored.organ, year, answers, level)
    return reports


def level_of(stored: Stored, said: str | None) -> Level:
    """The level that the clerk has set, else the administrator, else the name suggests."""
    return Level(said) if said else stored.level or guess_level(stored.organ)


def report_of(stored: Stored, last: Earlier | None) -> Report:
    """A stored report as the checks need it, with the year before."""
    level = level_of(stored, stored.answers.text("level"))
    before = None
    if last is not None:
        before = Report(FORMS[last.edition], stored.organ, last.year, last.answers, level)
    return Report(
        form_of(stored.edition, stored.notice),
        stored.organ,
        stored.year,
        stored.answers,
        level,
        before,
        explanations=stored.explanations,
        notice=stored.notice,
        similar=stored.similar,
    )


def final_of(stored: Stored) -> DocumentInput | None:
    """The input of the last final document (also an approved one); None without any."""
    if not stored.final:
        return None
    return replace(stored.document, answers=stored.answers.changed(stored.since_final))


def handle(
    unit: Unit,
    person: str,
    report_id: int | None,
    event: Event,
    clock: Clock,
    door: str,
    blank: Session | None = None,
    *,
    standing: Standing = AS_CLERK,
    by: str = "",
    reading: Reading | None = None,
) -> Handled:
    """
    Take one event through the machine and store what it decided, in `unit`.

    `person` is the key that names them in rows; `by` is the name in the history, if different.
    `blank` is the session of a person whose organ is not known yet. `standing` are the person's
    roles: an action they may not take changes nothing, and they are told so.

    Raises:
        NeedsReading: As `step`; the event must come again with the `reading`.
    """
    if report_id is None:
        session = blank or new_session(clock, person)
        session = replace(session, usual_year=usual_year(unit, session.organ, clock.today))
        after, effects = step(session, event, reading)
        opened = _opened(unit, session, None, effects, clock, door, person, standing)
        return opened or Handled(after, None, effects, 0)
    stored = unit.load(report_id, person)
    from_file = stored.source == FILE
    told_first: tuple[Effect, ...] = ()
    if may(standing, Action.WRITE, stored.sign_off.state):
        before, stored = stored, renewed(unit, stored, person, by or person, clock, door)
        if before is not stored and before.answers:
            why = source_wording.BEGUN_ANEW if from_file else source_wording.OTHER_FORM
            told_first = (Say(MessageKind.NOTE, why),)
    session = replace(session_of(unit, stored, person, clock, event, standing), by=by or person)
    if isinstance(event, Tapped) and not knows_button(session, event.button):
        event = Opened()  # of another edition, or of a removed question
    after, effects = step(session, event, reading)
    other = _opened(unit, session, report_id, effects, clock, door, person, standing)
    if other:
        return other
    if Draw(Chart.YEARS) in effects:
        after = replace(after, years=years_of(unit, stored))
    surprises, decided = _store(unit, report_id, person, session, after, effects, clock, door)
    if from_file and unit.load(report_id, person).source == BOT:
        from bot.county.report_names import back_to_clerk  # imported here: rarely needed

        back_to_clerk(unit, report_id, session.by, clock.now, door)
    if isinstance(event, Opened | Commanded) and after.place == session.place:
        # The report that was opened last is the current one, and is not greeted again.
        unit.place(report_id, person, after.place.dumps(), clock.now)
    told = tuple(
        replace(effect, version=decided)
        if isinstance(effect, Deliver) and effect.version == THIS_STEP
        else effect
        for effect in effects
        if not isinstance(effect, STORED)
    )
    read_in = next((effect for effect in effects if isinstance(effect, ImportReport)), None)
    if read_in is not None:
        # Last year's data have changed: show the card again.
        organ = _present_name(unit, report_id, read_in.organ)
        said = _import(unit, replace(read_in, organ=organ), session.by, clock)
        rest = handle(unit, person, report_id, Opened(), clock, door, by=by, standing=standing)
        told = (said,) if said else told[:-1]
        return replace(rest, effects=told_first + told + rest.effects)
    saved = any(isinstance(effect, STORED) for effect in effects)
    replaced = bool(surprises) or any(
        isinstance(effect, Save) and effect.before is not None for effect in effects
    )
    others: tuple[Message, ...] = ()
    if replaced and stored.colleague:
        from bot.overwritten import tell_replaced  # imported here: only needed with colleagues

        news = (after.by, after.form, after.answers, clock.now)
        others = tell_replaced(unit, report_id, stored.history, *news)
    return Handled(
        after,
        report_id,
        told_first + told,
        stored.history,
        saved,
        _answered(session, event),
        saved or after.place != session.place,
        replaced,
        others,
    )


def form_here(stored: Stored) -> Form:
    """
    The form in which work on a report goes on: the form of its year; a finished report keeps its
    own.
    """
    finished = stored.final and stored.source != FILE
    return FORMS[stored.edition] if finished else form_to_fill_in(stored.year)


def renewed(unit: Unit, stored: Stored, person: str, by: str, clock: Clock, door: str) -> Stored:
    """
    A report as its next writer needs it: moved to the form of its year.

    It has another form if a file in that form was read, or if it was begun before the form of its
    year was known. Answers to questions that both forms ask are kept; the others remain in the file
    and the history.
    """
    form = form_here(stored)
    if stored.edition == form.edition:
        return stored
    asked = {*form.cells, *form.section, *form.remark, *form.wording, *LOCAL_CELLS}
    gone = [Save(i, value, None) for i, value in stored.answers.items() if i not in asked]
    unit.save(stored.report_id, gone, by=by, at=clock.now, door=door)
    unit.renew(stored.report_id, form.edition)
    return unit.load(stored.report_id, person)


def _opened(
    unit: Unit,
    session: Session,
    report_id: int | None,
    effects: tuple[Effect, ...],
    clock: Clock,
    door: str,
    person: str,
    standing: Standing,
) -> Handled | None:
    """
    The report that a step has opened, as this person sees it; None if it opened none.

    A person who may not write can only open existing reports.
    """
    opened = next((effect for effect in effects if isinstance(effect, OpenReport)), None)
    if opened is None:
        return None
    organ = _present_name(unit, report_id, opened.organ)
    other = unit.find_report(organ, opened.year)
    if other is None:
        if not may(standing, Action.WRITE) or is_closed(unit, organ):
            said = Say(MessageKind.NOTE, sign_off_wording.not_begun(organ, opened.year))
            return Handled(session, report_id, (said, card(session)), 0)
        other = unit.open_report(organ, opened.year, now=clock.now)
    told = tuple(effect for effect in effects if not isinstance(effect, OpenReport))
    rest = handle(unit, person, other, Opened(), clock, door, by=session.by, standing=standing)
    return replace(rest, effects=told + rest.effects)


def _present_name(unit: Unit, report_id: int | None, organ: str) -> str:
    """The present name of the organ of an open report; the report may have an old one."""
    return organ if report_id is None else present_name(unit, report_id)[0]


def usual_year(reader: Reader, organ: str, today: date) -> int:
    """The year that an organ reports on now, 0 if it has to be asked."""
    return year_of_work(today, reader.under_way(organ) if organ else ())


def _answered(session: Session, event: Event) -> ItemId:
    """The item that a typed answer was for."""
    if isinstance(event, Typed):
        if event.item is None and event.order in dict(session.place.remarked):
            return ""  # an edited remark on the whole report
        return event.item or session.place.item
    return session.place.item if isinstance(event, Uploaded) else ""


def _import(unit: Unit, read_in: ImportReport, person: str, clock: Clock) -> Say | None:
    """Store a confirmed import as a report of its own year; returns why it was not, else None."""
    report_id = unit.open_report(read_in.organ, read_in.year, now=clock.now)
    stored = unit.load(report_id, person)
    if is_locked(stored.sign_off.state):
        locked = sign_off_wording.locked(stored.sign_off.state, read_in.year)
        return Say(MessageKind.NOTE, locked)
    if not read_in.values:
        return None
    stored = renewed(unit, stored, person, person, clock, "import")
    asked, before = FORMS[stored.edition].number, stored.answers
    values = {item: value for item, value in read_in.values.items() if item in asked}
    saves = [Save(item, before.get(item), value) for item, value in values.items()]
    unit.save(report_id, saves, by=person, at=clock.now, door="import")
    return None


def _store(
    unit: Unit,
    report_id: int,
    person: str,
    before: Session,
    after: Session,
    effects: Sequence[Effect],
    clock: Clock,
    door: str,
) -> tuple[tuple[str, ...], int]:
    """
    Store the decisions of one step, in order.

    Returns:
        Items that a colleague had changed meanwhile, and the id of the step of sign-off, else 0.
    """
    decided = 0
    saves = [effect for effect in effects if isinstance(effect, Save)]
    surprises: tuple[str, ...] = ()
    if saves:
        if unit.somebody_sleeps(report_id):
            from storage.tasks import Tasks  # imported here: only needed with answers

            Tasks(unit).progressed(report_id)
        surprises = unit.save(report_id, saves, by=after.by, at=clock.now, door=door)
        if before.level is not after.level:
            from storage.tasks import Tasks

            Tasks(unit).level_changed(report_id, before.level, after.level)
    for effect in effects:
        if isinstance(effect, Explain):
            unit.explain(report_id, effect.explanation)
        elif isinstance(effect, Deliver) and effect.final and not (effect.version or effect.form):
            unit.finish(report_id, clock.now)
        elif isinstance(effect, Decide):
            decided = decide(unit, report_id, before, effect, clock, door)
        elif isinstance(effect, WriteRemark | DropRemark | SettleRemark):
            _remark(SignOffs(unit), report_id, effect, after.by, clock)
    if after.place.begun != before.place.begun:
        from storage.tasks import Tasks

        Tasks(unit).work_changed(report_id)
    if after.place != before.place or saves:
        unit.place(report_id, person, after.place.dumps(), clock.now)
    return surprises, decided


def decide(
    unit: Unit, report_id: int, session: Session, step: Decide, clock: Clock, door: str
) -> int:
    """
    Record a permitted step of sign-off, and note the people to be told of it.

    An approval finishes the report as it was handed in.

    Returns:
        The id of the step.
    """
    taken = transition(session.standing, step.deed, session.sign_off.state)
    assert taken is not None
    stored = unit.load(report_id, session.by)
    decided = SignOffs(unit).record(
        report_id,
        step.deed,
        taken.target,
        by=session.by,
        at=clock.now,
        door=door,
        history=stored.history,
        fingerprint=session.fingerprint,
        note=step.note,
    )
    if step.deed in (Deed.APPROVE, Deed.RECORD_APPROVAL):
        unit.finish(report_id, clock.now, stored.history)
    from bot.announce import announce  # imported here: only needed with decisions

    announce(unit, report_id, decided, session, step, clock.now)
    if not is_locked(taken.target):
        from bot.county.report_names import back_to_clerk  # the same

        back_to_clerk(unit, report_id, session.by, clock.now, door)
    return decided


def _remark(
    remarks: SignOffs,
    report_id: int,
    effect: WriteRemark | DropRemark | SettleRemark,
    by: str,
    clock: Clock,
) -> None:
    match effect:
        case WriteRemark(item, text, quote, before):
            remarks.remark(report_id, item, quote, text, before, by, clock.now)
        case DropRemark(remark):
            remarks.drop_remark(report_id, remark)
        case SettleRemark(remark, answer):
            remarks.settle(report_id, remark, answer, clock.now)
