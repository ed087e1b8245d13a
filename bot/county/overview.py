"""
The overview of the organs below one, in the chat: groups, cards, a text with the late ones.

Its buttons are `cy:o:<what>:<organ>:<year>:…`, organs in hexadecimal. Rights are checked at every
tap. 0 stands for the organs with none above or below, which belong to the administrators of all
organs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.county import counting
from bot.county.under import MOST_OFFERED, Organ, named, year_below
from bot.reminding import nudging
from bot.reminding.asker import Asker, Reply, SentFile, note
from bot.reminding.look import work_of
from conversations.answers.short import read_year
from conversations.county import progress_picture
from conversations.county.overview import Group, Overview, dates_of, districts, overview
from conversations.county.progress_picture import progress_days
from conversations.county.status import FILE, HANDED_IN, CountyOrgan
from conversations.sign_off.states import Role
from conversations.talk.effects import MessageKind, Say
from conversations.wording import county_overview as wording
from conversations.wording.county import OLD
from conversations.wording.county_handing_out import export_button
from conversations.wording.county_organs import import_button
from conversations.wording.county_overview import LookedInto
from conversations.wording.county_standing_out import list_button
from storage.collected import sent_file
from storage.county import came, last_change, organs_alone, organs_below, organs_in_year
from storage.organs import has_below, years_below

LETTER = wording.LETTER
COMMANDS = frozenset({"overview", "organs"})
ALONE = 0
MOST_ALONE = 500  # organs without a tree, looked at together


def command(asker: Asker, name: str, argument: str) -> Reply:  # noqa: ARG001 - both say the same
    """`/overview [机关] [年度]`: of a person's only tree, else a choice."""
    words = argument.split()
    year = next((read for word in words if (read := read_year(word))), 0)
    organ = "".join(word for word in words if not read_year(word))
    trees = asker.access.managed(1, organ) if organ else _trees(asker)
    if not trees:
        if organ:
            return note(wording.NOT_THERE)
        return Reply((Say(MessageKind.NOTE, wording.NO_ORGANS, ((import_button(),),)),))
    if len(trees) > 1:
        return Reply((wording.choose(trees[:MOST_OFFERED], len(trees), year),))
    return _view(asker, trees[0], year)


def tapped(asker: Asker, parts: Sequence[str]) -> Reply:
    """A button of the overview; its data may be anything."""
    what, number, year_text, *rest = (*parts, "", "", "")[: max(len(parts), 3)]
    year = int(year_text) if _YEAR.fullmatch(year_text) else None
    if year is None or (not year and what != "v") or not all(map(_WORD.fullmatch, rest)):
        return Reply(toast=OLD)
    organ = _named(asker, number)
    if organ is None:
        return Reply(toast=wording.NOT_THERE)
    match what, rest:
        case "v", []:
            return _instead(_view(asker, organ, year))
        case "g", [group, page] if group in _GROUPS and page.isdecimal():
            seen = _overview(asker, organ[0], year)
            said = wording.group_page(seen, *organ, _GROUPS[group], int(page))
            return Reply((said,), instead=True)
        case "d", [page] if page.isdecimal():
            return _instead(_districts(asker, organ, year, int(page)))
        case "k", []:
            return _instead(_card(asker, organ[0], year))
        case "k", [number, group, page] if group in _GROUPS:
            above = _named(asker, number)
            back = ("g", number, year, group, page) if above else ()
            return _instead(_card(asker, organ[0], year, back, above))
        case "l", []:
            return _late(asker, organ, year)
        case "p", []:
            return _picture(asker, organ, year)
        case "f", []:
            return _file(asker, organ[0], year)
        case (("n" | "m"), ([] | ["y"])):
            return _nudge(asker, what, organ[0], year, sure=bool(rest))
    return Reply(toast=OLD)


_GROUPS = {group.value: group for group in Group}
_YEAR = re.compile("0|(19|20|21)[0-9]{2}")  # 0 is the year that is worked on now
_WORD = re.compile("[0-9a-z_]{1,12}")


def _instead(reply: Reply) -> Reply:
    return Reply(reply.says, instead=True)


# ---- whose, and of which year -------------------------------------------------------------------


def _trees(asker: Asker) -> list[Organ]:
    """What the person may see as a whole; without more, their own organ with none below."""
    found = asker.access.heads()
    if asker.access.everywhere:
        alone = organs_alone(asker.unit, 0, 1)
        return [*found, *([(ALONE, wording.ALONE)] if alone else [])]
    own = [(m.organ_id, m.organ) for m in asker.members if Role.ADMINISTRATOR in m.roles]
    return found or own


def _named(asker: Asker, number: str) -> Organ | None:
    """The organ that a button names, None if the person does not look after it."""
    if number == str(ALONE):
        return (ALONE, wording.ALONE) if asker.access.everywhere else None
    return named(asker, number)


def _organs(asker: Asker, organ_id: int, year: int) -> tuple[CountyOrgan, ...]:
    """The organs below one, or those without a tree."""
    if organ_id == ALONE:
        return organs_alone(asker.unit, year, MOST_ALONE)
    return organs_below(asker.unit, organ_id, year)


def _overview(asker: Asker, organ_id: int, year: int) -> Overview:
    """The same with all counts."""
    organs = counting.counted_in(asker.unit, _organs(asker, organ_id, year))
    return overview(organs, year, asker.today)


# ---- what is shown ------------------------------------------------------------------------------


def _view(asker: Asker, organ: Organ, year: int) -> Reply:
    """The head and the groups; for an organ with none below, its own card."""
    (organ_id, name), unit = organ, asker.unit
    year = year or year_below(asker, [organ_id])
    if organ_id and not has_below(unit, organ_id):
        return _card(asker, organ_id, year)
    seen = _overview(asker, organ_id, year)
    years = years_below(unit, organ_id)
    parts = districts(seen.organs, name)
    beside = [import_button()]
    if organ_id:
        ways = (wording.sum_button, export_button, list_button)
        beside = [*(way(organ_id, year) for way in ways), *beside]
    said = wording.overview_card(seen, organ_id, name, years, beside, has_districts=bool(parts))
    return Reply((said,))


def _districts(asker: Asker, organ: Organ, year: int, page: int) -> Reply:
    """The organs right below that have organs below."""
    seen = _overview(asker, organ[0], year)
    parts = [
        (right_below.organ_id, right_below.organ, overview(below, year, asker.today))
        for right_below, below in districts(seen.organs, organ[1])
    ]
    return Reply((wording.districts_page(parts, *organ, year, page),))


def _one(asker: Asker, organ_id: int, year: int) -> CountyOrgan | None:
    """One organ with its report, counted."""
    organs = organs_in_year(asker.unit, [organ_id], year)
    return next(iter(counting.counted_in(asker.unit, organs)), None)


def _card(
    asker: Asker,
    organ_id: int,
    year: int,
    back: tuple[object, ...] = (),
    above: Organ | None = None,
) -> Reply:
    """One organ; `above` is the list it comes from, whose dates apply if it has none."""
    organ = _one(asker, organ_id, year)
    if organ is None:
        return Reply((Say(MessageKind.NOTE, wording.NOT_THERE),))
    if organ.report and (file := organ.report.file):
        file = replace(file, at=file.at.astimezone(asker.now.tzinfo))
        organ = replace(organ, report=replace(organ.report, file=file))
    inside = _looked_into(asker, organ)
    seen = overview([organ], year, asker.today)
    if above:
        seen = replace(seen, dates=dates_of(_organs(asker, above[0], year)))
    said = wording.card(organ, seen, inside, back)
    return Reply((said,))


def _looked_into(asker: Asker, organ: CountyOrgan) -> LookedInto | None:
    """What is missing and wrong in a report, None for an empty one."""
    if organ.report is None or not organ.report.begun:
        return None
    report_id, reader = organ.report.report_id, counting.apart(asker.unit)
    form, work, questions, _ = work_of(reader, report_id)
    changed = last_change(reader, report_id)
    if changed:
        changed = changed[0].astimezone(asker.now.tzinfo), changed[1]
    return LookedInto(changed, wording.gaps(work, form), questions)


def _late(asker: Asker, organ: Organ, year: int) -> Reply:
    """Whom to call, in a message of its own."""
    seen = _overview(asker, organ[0], year)
    if not seen.wanted:
        return Reply(toast=wording.NOBODY_LATE)
    return note(wording.late_text(seen, organ[1]))


def _picture(asker: Asker, organ: Organ, year: int) -> Reply:
    """How many arrived by which day; drawn by the sender."""
    seen, name = _overview(asker, organ[0], year), organ[1]
    found, zone = came(asker.unit, seen.counted), asker.now.tzinfo
    days = progress_days(
        len(seen.counted),
        [at.astimezone(zone).date() for at in found.handed_in],
        seen.dates,
        found.begun.astimezone(zone).date() if found.begun else asker.today,
        asker.today,
    )
    said = wording.progress_said(days, name, year)
    kept = progress_picture.dumps(days, wording.title(name, year), wording.head_line(seen), said)
    return Reply(picture={"days": kept, "caption": said})


def _file(asker: Asker, organ_id: int, year: int) -> Reply:
    """The file that the organ sent, or the present document of its report."""
    organ = _one(asker, organ_id, year)
    report = organ.report if organ else None
    if report is None:
        return Reply(toast=wording.NO_FILE)
    if report.source != FILE or report.file is None:
        return Reply(document=report.report_id)
    content = sent_file(asker.unit, report.file.id)
    if content is None:
        return Reply(toast=wording.NO_FILE)
    return Reply(files=(SentFile(report.file.name, content, report.name),))


def _nudge(asker: Asker, what: str, organ_id: int, year: int, *, sure: bool) -> Reply:
    """First show who would be told what; for all below an organ (`n`), or for one (`m`)."""
    if what == "n":
        organs = _overview(asker, organ_id, year).counted
    else:
        one = _one(asker, organ_id, year)
        organs = [one] if one and one.counts_in else []
    waiting = [organ for organ in organs if organ.progress not in HANDED_IN]
    if not waiting:
        return Reply(toast=wording.ALL_DONE)
    reports = [organ.report.report_id for organ in waiting if organ.report and organ.joined]
    missing = [organ.organ for organ in waiting if not organ.joined]
    if sure:
        return nudging.done(asker, reports, missing)
    return nudging.asked(asker, reports, missing, wording.yes_nudge(what, organ_id, year))
