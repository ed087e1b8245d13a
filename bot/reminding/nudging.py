"""
Asking clerks of unfinished reports to be reminded: shown first, then done.

The request is only noted; the reminder is sent in the clerk's own working hours, about the report
as it is then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.reminding.asker import Asker, Reply, note
from bot.reminding.look import WorkCache, clerks_case
from conversations.form.local_notice import form_of
from conversations.form.model import Form
from conversations.reminders.decide import Why, why_no_nudge
from conversations.reminders.known import OwnTask
from conversations.reminders.open_work import OpenSection, OpenWork, Progress
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.wording import reminders as wording
from conversations.wording import tasks as task_wording
from conversations.wording.reminders import Nudged

# Up to so many reports are checked for open work before a nudge.
EXACT = 200
# People nudged by one tap: more would delay everyone else.
MOST_NUDGED = 500


@dataclass(slots=True)
class Plan:
    """The people whom a nudge reaches, by report, and why it does not reach others."""

    reached: dict[tuple[int, int], Nudged] = field(default_factory=dict)
    refused: dict[int, Why] = field(default_factory=dict)

    @property
    def people(self) -> set[int]:
        """The people who are reached, each once for any number of reports."""
        return {person for _, person in self.reached}

    @property
    def others(self) -> list[Why]:
        """Why the others are not reached."""
        return [why for person, why in self.refused.items() if person not in self.people]


def plan(asker: Asker, reports: Sequence[int]) -> Plan:
    """Who can be reminded of these unfinished reports now; at most so many at once."""
    made, work = Plan(), WorkCache(asker.unit)
    for report_id in reports:
        if len(made.people) >= MOST_NUDGED:
            break
        for clerk in asker.tasks.clerks_of(report_id, asker.now):
            own = next((own for own in clerk.clerk_of if own.report_id == report_id), None)
            if own is None:
                continue
            # With very many, open work is checked when the reminder is sent.
            unknown = len(reports) > EXACT and own.work is None
            case = clerks_case(clerk, own, *(_something_open(own) if unknown else work.of(own)))
            why = why_no_nudge(asker.now, case)
            if why is None:
                left = None if unknown or not isinstance(case.progress, Progress) else case.progress
                told = Nudged(own.task.organ, clerk.member.name or clerk.member.id, left)
                made.reached[report_id, clerk.person] = told
            else:
                made.refused[clerk.person] = why
    return made


def asked(
    asker: Asker,
    reports: Sequence[int],
    missing: Sequence[str],
    yes: str,
    group: str | None = None,
) -> Reply:
    """
    Who would be told what, with a button (its id is `yes`) that does it.

    `missing` are unfinished organs without members; new links for them are offered if they belong
    to a collective task (`group`, "" for all).
    """
    if not reports and not missing:
        return note(task_wording.NUDGE_NONE)
    made = plan(asker, reports)
    text = wording.to_nudge(len(made.people), made.reached.values(), made.others, missing)
    rows: list[tuple[Button, ...]] = []
    if made.reached:
        rows.append((Button(yes, wording.do_nudge(len(made.people)), Tone.MAIN),))
    if missing and group is not None:
        rows.append(wording.invite_again(group, len(missing)))
    return Reply((Say(MessageKind.NOTE, text, tuple(rows)),))


def done(asker: Asker, reports: Sequence[int], missing: Sequence[str]) -> Reply:
    """Note the requests, and say what was done."""
    made = plan(asker, reports)
    for report_id, person in made.reached:
        asker.tasks.nudge(report_id, person, asker.now, asker.key)
    text = wording.nudged(len(made.people), made.others, missing)
    if len(made.people) >= MOST_NUDGED:
        text = f"{text}\n{task_wording.NUDGE_MORE}"
    return Reply((Say(MessageKind.NOTE, text),))


def _something_open(own: OwnTask) -> tuple[Form, OpenWork]:
    """Assumed open work of a report that was not read: a little everywhere."""
    form = form_of(own.edition, own.task.notice)
    return form, OpenWork(tuple(OpenSection(s.id, 1, None) for s in form.sections))
