"""`nianbao state`: a report's state on its way to publication; deciding for a member."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.access import Access
from bot.cli import frame
from bot.cli.people import member_of
from bot.cli.show import STATUSES, ReportView, find
from bot.handle import Clock, decide, session_of
from bot.memberships import OPERATOR
from conversations.county.status import FILE
from conversations.document.write.content import clean_text
from conversations.form import FORMS
from conversations.sign_off.rights import Standing
from conversations.sign_off.states import Deed, ReportState
from conversations.sign_off.status import Remark, SignOff, SignOffRecord
from conversations.talk.effects import Decide, WriteRemark
from conversations.talk.gate import refusal
from conversations.talk.moves.sign_off import why_no_reason
from conversations.talk.remarks import own_unsent
from conversations.wording import talk as wording
from conversations.wording.county_collecting import SOURCE, SOURCES
from conversations.wording.deeds import author, remarked, result_of
from conversations.wording.sign_off import OFF_LINE, STATES
from storage.members import Members
from storage.organ_changes import present_name
from storage.sign_off import SignOffs
from storage.stored import Stored
from storage.unit import Unit

EXAMPLES = (
    "nianbao state --organ 甲镇人民政府 --year 2025",
    "nianbao state --organ 甲镇人民政府 --year 2025 --decide approve --person 123456789",
)
EXIT_CODES = frame.VIEW
DEEDS = {
    "submit": Deed.SUBMIT,
    "withdraw": Deed.WITHDRAW,
    "approve": Deed.APPROVE,
    "return": Deed.RETURN,
    "reopen": Deed.REOPEN,
}
DOOR = "command"
LONGEST_NUMBER = 19  # digits of what a database takes as one

WHY_RETURNED = "请用 --reason 写明为什么退回。"
NOT_WITHOUT_DEED = "--person 和 --reason 要和 --decide 一起用。"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which report; the step, for whom, and why."""
    frame.add_report(parser)
    parser.add_argument(
        "--decide",
        choices=tuple(DEEDS),
        metavar="一步",
        help="代成员办理，记为「由运维代办」："
        "submit 送审，withdraw 撤回，approve 同意，return 退回，reopen 重新打开",
    )
    parser.add_argument(
        "--person", default="", metavar="编号", help="代哪位成员（或上级机关的管理员）办理"
    )
    parser.add_argument("--reason", default="", metavar="文字", help="退回、重新打开的原因")
    frame.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Decide if asked, then print the state."""
    if options.decide is None and (options.person or options.reason):
        raise frame.Refused(NOT_WITHOUT_DEED)
    with frame.open_store(options, reading=options.decide is None) as store:
        view = find(store, options.organ, options.year)
        if view is None:
            raise frame.Refused(frame.NO_REPORT)
        if options.decide is not None:
            with store.begin() as unit:
                _decide(unit, view.stored, options)
            view = find(store, view.stored.organ, view.stored.year)
            assert view is not None
    if options.json:
        frame.say_json(state_as_json(view))
    else:
        frame.say(_as_text(view))
    return frame.FINE


# ---- looking ----------------------------------------------------------------------------------


def state_as_json(view: ReportView) -> dict[str, Any]:
    """The state, since when and by whom; remarks, the present approval, publication."""
    stored, sign_off = view.stored, view.stored.sign_off
    last, published = sign_off.last, sign_off.publication
    return {
        "state": sign_off.state.value,
        "status": view.status,
        "source": stored.source,
        "since": last and last.at,
        "by": last and (last.name or last.by),
        "fingerprint": stored.fingerprint,
        "remarks": [
            {
                "at": remark.at,
                "by": remark.name or remark.by,
                "item": remark.item,
                "text": remark.text,
                "open": remark.open,
            }
            for remark in _told(sign_off)
        ],
        "approval": _approval(sign_off.approval),
        "published": published
        and {n: published.note.get(n) or None for n in ("address", "file", "date", "result")},
    }


def _approval(record: SignOffRecord | None) -> dict[str, Any] | None:
    """Who approved on which day; for an approval on paper, as the clerk recorded it."""
    if record is None:
        return None
    on_paper = record.deed is Deed.RECORD_APPROVAL
    at, name = datetime.fromisoformat(record.at), record.name or record.by
    day = at.astimezone(frame.now().tzinfo).date().isoformat()
    return {
        "on_paper": on_paper,
        "leader": record.note.get("name") if on_paper else name,
        "date": record.note.get("date") if on_paper else day,
        "at": record.at,
        "by": name,
    }


def _told(sign_off: SignOff) -> Iterable[Remark]:
    """The remarks that the clerks know; others belong to their author."""
    return (remark for remark in sign_off.remarks if remark.sent)


def _as_text(view: ReportView) -> str:
    stored, sign_off, form = view.stored, view.stored.sign_off, FORMS[view.stored.edition]
    said = STATES[sign_off.state]
    if sign_off.state is ReportState.OPEN and (stored.is_final or view.status == "changed"):
        said = STATUSES[view.status]
    lines = [f"{wording.head(stored.organ, stored.year)}：{said}"]
    if stored.source == FILE:
        lines.append(SOURCE.format(source=SOURCES[FILE]))
    if last := sign_off.last:
        at = datetime.fromisoformat(last.at).astimezone(frame.now().tzinfo)
        lines.append(f"{at:%Y-%m-%d %H:%M}  {author(last)}")
        if reason := last.note.get("reason"):
            lines.append(f"原因：{reason}")
    approval = sign_off.approval
    if approval is not None and approval.deed is Deed.RECORD_APPROVAL:
        lines.append(f"{OFF_LINE}：{approval.note.get('name', '')} {approval.note.get('date', '')}")
    lines.append(f"指纹：{stored.fingerprint}")
    lines += [f"· {remarked(form, remark)}" for remark in _told(sign_off)]
    if published := sign_off.publication:
        where = published.note.get("address") or published.note.get("file", "")
        lines.append(f"公布：{published.note.get('date', '')} {where}")
        lines.append(result_of(form, sign_off, published))
    return "\n".join(lines) + "\n"


# ---- deciding ---------------------------------------------------------------------------------


def _acting(unit: Unit, organ: str, named: str) -> tuple[str, Standing]:
    """
    A member's key and roles; also of an administrator of an organ above.

    Raises:
        Refused: No one is named, or the person is neither.
    """
    members = Members(unit)
    ((organ_id, _),) = members.organs(1, organ)
    is_number = named.isascii() and named.isdigit() and len(named) < LONGEST_NUMBER
    person = int(named) if is_number else members.person(named)
    held = members.memberships(person) if person is not None else ()
    standing = Access(unit, person or 0, held, frozenset()).standing(organ_id)
    if not standing.roles:
        member_of(unit, organ, named)  # says what is wrong
    return (held[0].key if held else "") or OPERATOR, standing


def _decide(unit: Unit, stored: Stored, options: argparse.Namespace) -> None:
    """
    Take a step for a member, with their rights, marked as the operator's.

    Raises:
        Refused: The member may not, or something is missing: as they would be told.
    """
    deed = DEEDS[options.decide]
    reason = " ".join(clean_text(options.reason)[0].split())
    by, standing = _acting(unit, present_name(unit, stored.report_id)[0], options.person)
    clock = Clock(frame.now())
    stored = unit.load(stored.report_id, by)
    session = replace(session_of(unit, stored, by, clock, None, standing), by=by)
    note = {"operator": "1"} | ({"reason": reason} if reason else {})
    step = Decide(deed, note)
    remark = WriteRemark("", reason) if deed is Deed.RETURN and reason else None
    said = refusal(session, (step, remark) if remark else (step,))
    if not said and reason:
        said = why_no_reason(reason)
    if said:
        raise frame.Refused(said)
    if deed is Deed.RETURN and not (remark or own_unsent(session)):
        raise frame.Refused(WHY_RETURNED)
    if remark:
        SignOffs(unit).remark(stored.report_id, "", "", reason, "", by, clock.now)
    decide(unit, stored.report_id, session, step, clock, DOOR)
