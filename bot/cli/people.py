"""`nianbao people`: the members of organs; removing, handing over, taking invitations back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

from bot import memberships
from bot.cli import frame
from conversations.sign_off.states import Role
from conversations.wording import people as wording
from conversations.wording.door import ROLES, role_name, roles
from storage.members import Member, MemberReader, Members, StillMember
from storage.reports import Reader
from storage.unit import Unit

EXAMPLES = (
    "nianbao people list --organ 甲镇人民政府",
    "nianbao people remove --organ 甲镇人民政府 --person 123456789",
)
EXIT_CODES = frame.VIEW
NO_ORGAN = "没有这个机关，请核对 --organ。"
NO_MEMBER = "这个编号不是「{organ}」的成员，请用 nianbao people list 核对。"
NOT_THIS = "这位不是{role}，没有改动。"
WHICH_PERSON = "请用 --person 写明编号。"
WHICH_ORGAN = "请用 --organ 写明机关全称。"
NO_ADMINISTRATOR = "「{organ}」现在没有管理员，可以用 nianbao invite --role administrator 邀请。\n"
STILL_MEMBER = "还是「{organ}」的成员，请先移除（nianbao people remove），再注销。"
UNKNOWN = "没有编号为 {person} 的人。"
FORGOTTEN = "✓ 编号和姓名已删除；填过的内容和记录保留，记录里只写代号 {key}。\n"
RECORDED = {
    "begun": "记录开始时已是成员",
    "joined": "加入",
    "left": "退出",
    "removed": "移除",
    "replaced": "换号",
    "forgotten": "注销",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """What to do, for which organ and person."""
    parser.add_argument(
        "action",
        choices=tuple(ACTIONS),
        metavar="动作",
        help="list 成员，remove 移除，invitations 没用过的邀请，revoke 收回邀请，"
        "handover 移交整份年报，forget 注销（删除编号和姓名），record 进出记录",
    )
    frame.add_organ(parser)
    parser.add_argument("--person", default="", metavar="编号", help="成员或邀请的编号")
    parser.add_argument("--role", choices=tuple(ROLES), default="", help="只移除这一个身份")
    frame.add_year(parser, "移交哪一年度，默认最近的")
    frame.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Do it, without asking."""
    looks, does = ACTIONS[options.action]
    with frame.open_store(options, reading=looks) as store:
        if looks:
            with store.read() as reader:
                said = does(reader, options)
        else:
            with store.begin() as unit:
                said = does(unit, options)
            if options.action == "forget":
                store.settle()
    if options.json:
        frame.say_json(said.data)
    else:
        sys.stdout.write(said.text)
    return frame.FINE


class _Said:
    """The same text for programs and for people."""

    def __init__(self, data: Any, text: str) -> None:
        self.data = data
        self.text = text


# ---- looking ----------------------------------------------------------------------------------


def _organ(reader: Reader, options: argparse.Namespace) -> int | None:
    """
    The id of the named organ, None without a name.

    Raises:
        Refused: There is no such organ.
    """
    if not options.organ:
        return None
    for organ_id, _ in MemberReader(reader).organs(1, options.organ):
        return organ_id
    raise frame.Refused(NO_ORGAN)


def _list(reader: Reader, options: argparse.Namespace) -> _Said:
    members = MemberReader(reader).members(_organ(reader, options))
    data = [
        {
            "person": str(member.person),
            "name": member.name,
            "roles": sorted(role.value for role in member.roles),
            "sections": list(memberships.numerals(member.parts)) or None,
            "since": _day(member.since),
            "seen": member.seen_at and _day(member.seen_at),
            "reachable": member.reachable,
            "organ": member.organ,
        }
        for member in members
    ]
    lines = [
        f"{member.organ}  {member.person}  {frame.shown(member.name) or '（无名）'}  "
        f"{roles(member.roles, memberships.numerals(member.parts))}  {_day(member.since)} 加入  "
        f"{f'最近使用 {_day(member.seen_at)}' if member.seen_at else '最近没有使用'}"
        f"{'' if member.reachable else '  收不到消息'}\n"
        for member in members
    ]
    return _Said(data, "".join(lines) or f"{wording.NO_MEMBERS}\n")


def _invitations(reader: Reader, options: argparse.Namespace) -> _Said:
    members = MemberReader(reader)
    waiting = members.invitations(frame.now(), _organ(reader, options))
    data = [
        {
            "id": invitation.id,
            "organ": invitation.organ,
            "role": invitation.role,
            "sections": list(memberships.numerals(invitation.parts)) or None,
            "since": _day(invitation.created_at),
            "until": _day(invitation.expires_at),
            "person": invitation.bound_to and str(invitation.bound_to),
            "replaces": str(members.person(invitation.replaces)) if invitation.replaces else None,
        }
        for invitation in waiting
    ]
    lines = [
        f"{i.organ}  {i.id} 号  "
        f"{'换号' if i.replaces else role_name(i.role, memberships.numerals(i.parts))}  "
        f"{_day(i.expires_at)} 前有效{f'  {i.bound_to} 已打开' if i.bound_to else ''}\n"
        for i in waiting
    ]
    return _Said(data, "".join(lines) or f"{wording.NO_INVITATIONS}\n")


def _record(reader: Reader, options: argparse.Namespace) -> _Said:
    organ_id = _organ(reader, options)
    if organ_id is None:
        raise frame.Refused(WHICH_ORGAN)
    members = MemberReader(reader)
    lines = members.record(organ_id)
    data = [
        {"person": r.person, "what": r.what, "role": r.role, "by": r.by, "at": _day(r.at)}
        for r in lines
    ]
    who = {key: _called(members, key) for line in lines for key in (line.person, line.by)}
    text = "".join(
        f"{_day(line.at)}  {who[line.person]}  {RECORDED[line.what]}（{ROLES[line.role]}）"
        f"  经办：{who[line.by]}\n"
        for line in lines
    )
    return _Said(data, text)


def _called(members: MemberReader, key: str) -> str:
    """A key with its present name and number."""
    person = members.person(key)
    if person is None:
        return "运维" if key == memberships.OPERATOR else f"{key}（已注销）"
    return f"{frame.shown(members.name(key))}（{person}）"


# ---- changing ---------------------------------------------------------------------------------


def member_of(unit: Unit, organ: str, person: str) -> Member:
    """
    A member of an organ, by number or key.

    Raises:
        Refused: No one is named, or the person is no member.
    """
    if not organ:
        raise frame.Refused(WHICH_ORGAN)
    if not person:
        raise frame.Refused(WHICH_PERSON)
    members = Members(unit)
    for organ_id, _ in members.organs(1, organ):
        for member in members.members(organ_id):
            if person in (str(member.person), member.key):
                return member
        raise frame.Refused(NO_MEMBER.format(organ=organ))
    raise frame.Refused(NO_ORGAN)


def _remove(unit: Unit, options: argparse.Namespace) -> _Said:
    member = member_of(unit, options.organ, options.person)
    role = Role(options.role) if options.role else None
    if role is not None and role not in member.roles:
        raise frame.Refused(NOT_THIS.format(role=ROLES[role.value]))
    if len(member.roles) == 1:
        role = None
    memberships.remove(unit, member, memberships.OPERATOR, frame.now(), role=role)
    left = Members(unit).members(member.organ_id)
    if Role.ADMINISTRATOR in member.roles and not any(
        Role.ADMINISTRATOR in other.roles for other in left
    ):
        sys.stderr.write(NO_ADMINISTRATOR.format(organ=member.organ))
    name = frame.shown(member.name) or str(member.person)
    data = {"person": str(member.person), "organ": member.organ, "removed": True}
    rest = sorted(each.value for each in member.roles - {role}) if role else []
    return _Said(data | {"roles": rest}, f"{wording.removed(member.organ, name, role)}\n")


def _revoke(unit: Unit, options: argparse.Namespace) -> _Said:
    """By the number of the invitation or of the person who opened it; without either, all."""
    organ_id = _organ(unit, options)
    if organ_id is None:
        raise frame.Refused(WHICH_ORGAN)
    members, now = Members(unit), frame.now()
    revoked = [
        invitation.id
        for invitation in members.invitations(now, organ_id)
        if options.person in ("", str(invitation.id), str(invitation.bound_to))
        and members.revoke(organ_id, invitation.id, now)
    ]
    if not revoked:
        raise frame.Refused(wording.NO_INVITATIONS)
    return _Said({"revoked": revoked}, f"{wording.REVOKED}\n")


def _hand_over(unit: Unit, options: argparse.Namespace) -> _Said:
    member = member_of(unit, options.organ, options.person)
    if Role.CLERK not in member.roles:
        raise frame.Refused(wording.ONLY_TO_CLERKS)
    years = unit.years(member.organ)
    year = options.year or (years[-1] if years else 0)
    report_id = unit.find_report(member.organ, year)
    if report_id is None:
        raise frame.Refused(wording.NO_REPORT if not years else frame.NO_REPORT)
    memberships.hand_over(unit, report_id, member, frame.now())
    name = frame.shown(member.name) or str(member.person)
    data = {"person": str(member.person), "organ": member.organ, "year": year}
    return _Said(data, f"{wording.handed_over(member.organ, year, name)}\n")


def _forget(unit: Unit, options: argparse.Namespace) -> _Said:
    if not options.person:
        raise frame.Refused(WHICH_PERSON)
    members = Members(unit)
    # A key that is no text cannot be looked up.
    key = options.person if options.person.isprintable() else ""
    person = members.person(key) or _number(key)
    try:
        key = members.forget(person, memberships.OPERATOR, frame.now())
    except StillMember:
        organ = members.memberships(person)[0].organ
        raise frame.Refused(STILL_MEMBER.format(organ=organ)) from None
    except LookupError:
        raise frame.Refused(UNKNOWN.format(person=frame.shown(options.person))) from None
    return _Said({"forgotten": key}, FORGOTTEN.format(key=key))


def _number(text: str) -> int:
    """A Telegram number, 0 if it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _day(moment: Any) -> str:
    return str(moment.astimezone(frame.now().tzinfo).date())


ACTIONS: dict[str, tuple[bool, Callable[..., _Said]]] = {
    "list": (True, _list),
    "remove": (False, _remove),
    "invitations": (True, _invitations),
    "revoke": (False, _revoke),
    "handover": (False, _hand_over),
    "forget": (False, _forget),
    "record": (True, _record),
}
