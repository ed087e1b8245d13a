"""
Sentences about an organ's members, for its administrators and for members.

Button ids are permanent: `pe:organ`, then `:m:key`, `:r:key` (`:y`), `:n:key`, `:h:key`
(`:report`), `:i` (`:number`), `:v:role`, `:y:year`, `:r:key:role` (`:y`), `:u`; organ and report
are hexadecimal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from conversations.sign_off.states import Role
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.wording.door import JOIN, ROLES, roles

PEOPLE = "pe"

MOST_LISTED = 40  # members, organs or invitations listed at once
LONGEST_LABEL = 60

CHOOSE_ORGAN = "看哪个机关的成员？"
MORE_ORGANS = "（只列出前 40 个，可写 /people 机关全称）"
MORE_MEMBERS = "（只列出前 40 位，全部的请用 nianbao people list 查看）"
NO_SUCH_ORGAN = "您管理的机关里没有这个，请核对全称。"
NOT_TO_INVITE = "没有生成链接：您不管理「{organ}」。请核对全称，或联系运维。"
CHOOSE_PARENT = ("「", "」还没有，建在哪个机关之下？")
NOT_YOURS = "只有这个机关的管理员能看成员。"
NO_MEMBERS = "还没有成员。"
GONE = "这位已经不是成员了。"
JUST_INVITED = "链接刚刚发过，就在上面。"
ALREADY_THEIRS = "整份年报已经交给这位了。"
LAST_ADMINISTRATOR = "这是唯一的管理员，不能移除。请先邀请另一位。"
NOT_TO_REPLACE = "这位还为您不管理的机关填报，换号请那边的管理员或运维办理。"
NO_REPORT = "还没有年报可以移交。"
ONLY_TO_CLERKS = "年报只能移交给经办人。"
NO_INVITATIONS = "没有还能使用的邀请。"
REVOKED = "✓ 已收回，链接不能再用。"
NOT_OPEN = "这个邀请已经用过或已收回。"
OPEN = "打开年报"
ASK_YEAR = "「{organ}」填哪一年的年报？选了就按截止日期提醒。"
MEMBERS = "「{organ}」的成员（{count} 位）"
INVITATIONS = "「{organ}」还能使用的邀请："
UNUSED = "没用过的邀请（{}）"
HAND_OVER, HAND_OVER_NOW = "移交整份年报", "移交"
NEW_NUMBER = "换号"
REMOVE = "移除"
REMOVE_ROLE = "不再是{}"
REMOVE_ASK = "把{name}移出「{organ}」？移除后看不到、也改不了年报，填过的和记录都保留。"
REMOVE_ROLE_ASK = "{name}不再是{role}？仍是{rest}，填过的和记录都保留。"
REVOKE = "收回 {} 号"
BACK = "返回"
REPLACED = "您的成员身份已转到新账号，这个账号不能再填报。不是本人办理的，请立即联系管理员。"


@dataclass(frozen=True, slots=True)
class Listed:
    """
    A member in lists; `name` is unique there.

    `sections` are the printed numbers of those that a helper may write in.
    """

    key: str
    number: int
    name: str
    roles: frozenset[Role]
    since: date
    seen: date | None
    reachable: bool
    sections: tuple[str, ...] = ()

    @property
    def role(self) -> str:
        """A member's roles in words."""
        return roles(self.roles, self.sections)


@dataclass(frozen=True, slots=True)
class Invitation:
    """An unused invitation; `role` in words."""

    id: int
    role: str
    until: date
    opened: bool
    for_new_account: bool


def _button(organ_id: int, what: str, label: str, tone: Tone = Tone.PLAIN) -> Button:
    """A button about an organ's members; `what` follows the organ in its id."""
    return Button(f"{PEOPLE}:{organ_id:x}{what and ':'}{what}", label[:LONGEST_LABEL], tone)


def invite_button(organ_id: int, role: str, tone: Tone = Tone.PLAIN) -> Button:
    """The button for an invitation with this role."""
    return _button(organ_id, f"v:{role}", f"邀请{ROLES[role]}", tone)


def ask_year(organ_id: int, organ: str, this_year: int) -> Say:
    """After an invitation: the year of the report, for its reminders."""
    years = (this_year - 1, this_year)
    row = tuple(_button(organ_id, f"y:{year}", f"{year}年") for year in years)
    return Say(MessageKind.NOTE, ASK_YEAR.format(organ=organ), (row,))


def choose_organ(organs: Sequence[tuple[int, str]]) -> Say:
    """The choice of an organ."""
    rows = tuple((_button(id_, "", name),) for id_, name in organs[:MOST_LISTED])
    more = "" if len(organs) <= MOST_LISTED else MORE_ORGANS
    return Say(MessageKind.NOTE, f"{CHOOSE_ORGAN}{more}", rows)


def choose_parent(name: str, organs: Sequence[tuple[int, str]]) -> Say:
    """The choice of a new organ's parent; the button reads the name from this message."""
    rows = tuple((_button(id_, "u", organ),) for id_, organ in organs[:MOST_LISTED])
    return Say(MessageKind.NOTE, name.join(CHOOSE_PARENT), rows)


def to_be_made(text: str) -> str:
    """The name of the new organ in the message of `choose_parent`, "" for any other."""
    before, after = CHOOSE_PARENT
    asked = text.startswith(before) and text.endswith(after)
    return text[len(before) : -len(after)] if asked else ""


def members(
    organ_id: int, organ: str, listed: Sequence[Listed], invitations: int, parent: str = ""
) -> Say:
    """The members of an organ; `parent` is the organ above, for people who may know it."""
    lines = [MEMBERS.format(organ=organ, count=len(listed))]
    if parent:
        lines.append(f"上级：{parent}")
    lines += [f"· {member.name}：{described(member)}" for member in listed[:MOST_LISTED]]
    if not listed:
        lines.append(NO_MEMBERS)
    elif len(listed) > MOST_LISTED:
        lines.append(MORE_MEMBERS)
    buttons = [
        _button(organ_id, f"m:{member.key}", f"{member.name}（{member.role}）")
        for member in listed[:MOST_LISTED]
        if member.key
    ]
    rows = [tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2)]
    rows.append(
        (
            invite_button(organ_id, "clerk", Tone.GO),
            invite_button(organ_id, "leader"),
            invite_button(organ_id, "administrator"),
        )
    )
    if invitations:
        rows.append((_button(organ_id, "i", UNUSED.format(invitations)),))
    return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))


def described(member: Listed) -> str:
    """Role, date of joining, last use, and whether messages arrive."""
    seen = f"最近使用 {member.seen}" if member.seen else "最近没有使用"
    away = "" if member.reachable else "，收不到消息"
    return f"{member.role}，{member.since} 加入，{seen}{away}"


def member_card(organ_id: int, organ: str, member: Listed) -> Say:
    """The card of one member, with its actions."""
    key = member.key
    several = tuple(
        _button(organ_id, f"r:{key}:{role}", REMOVE_ROLE.format(name), Tone.DANGER)
        for role, name in ROLES.items()
        if Role(role) in member.roles and len(member.roles) > 1
    )
    rows = (
        (_button(organ_id, f"h:{key}", HAND_OVER), _button(organ_id, f"n:{key}", "换号")),
        *((several,) if several else ()),
        (_button(organ_id, f"r:{key}", REMOVE, Tone.DANGER), _button(organ_id, "", BACK)),
    )
    text = f"{member.name}（「{organ}」）\n{described(member)}\n编号：{member.number}"
    return Say(MessageKind.NOTE, text, rows)


def remove_ask(organ_id: int, organ: str, member: Listed, role: Role | None = None) -> Say:
    """The question before a member, or one of their roles, is removed."""
    what, text = f"r:{member.key}:y", REMOVE_ASK.format(name=member.name, organ=organ)
    if role is not None:
        what = f"r:{member.key}:{role.value}:y"
        rest = roles(member.roles - {role}, member.sections)
        text = REMOVE_ROLE_ASK.format(name=member.name, role=ROLES[role.value], rest=rest)
    rows = (
        (
            _button(organ_id, what, REMOVE, Tone.DANGER),
            _button(organ_id, f"m:{member.key}", "不移除"),
        ),
    )
    return Say(MessageKind.NOTE, text, rows)


def removed(organ: str, name: str, role: Role | None = None) -> str:
    """The member or role was removed."""
    if role is not None:
        return f"✓ {name}不再是「{organ}」的{ROLES[role.value]}。"
    return f"✓ 已把{name}移出「{organ}」。"


def farewell(
    organ: str,
    role: Role | None = None,
    rest: frozenset[Role] = frozenset(),
    sections: Sequence[str] = (),
) -> str:
    """To a person who was removed; `rest` are the roles they still have."""
    if role is None or not rest:
        return f"您已不再是「{organ}」的成员。有疑问请联系管理员。"
    still = roles(rest, sections)
    return f"您已不再是「{organ}」的{ROLES[role.value]}，仍是{still}。有疑问请联系管理员。"


def hand_over_ask(organ_id: int, report_id: int, organ: str, year: int, member: Listed) -> Say:
    """The question before a report is handed over."""
    text = f"把「{organ}」{year}年度年报都交给{member.name}填？不再提醒其他经办人，填过的都保留。"
    rows = (
        (
            _button(organ_id, f"h:{member.key}:{report_id:x}", HAND_OVER_NOW, Tone.GO),
            _button(organ_id, f"m:{member.key}", "不移交"),
        ),
    )
    return Say(MessageKind.NOTE, text, rows)


def handed_over(organ: str, year: int, name: str) -> str:
    """The report was handed over."""
    return f"✓ 「{organ}」{year}年度的年报已交给{name}。"


def yours_now(organ: str, year: int) -> str:
    """To the clerk to whom a report was handed over."""
    return f"「{organ}」{year}年度的年报现在由您填写，已填的都在。"


def replace_link(name: str, link: str, days: int) -> str:
    """The link with which a member moves to a new account."""
    return (
        f"{name}，请用新账号打开链接，点「{JOIN}」，接着填报；旧账号随即停用"
        f"（{days} 天内有效，只能用一次）：\n{link}"
    )


def invitations_card(organ_id: int, organ: str, listed: Sequence[Invitation]) -> Say:
    """The unused invitations, each with a button to revoke it."""
    if not listed:
        return Say(MessageKind.NOTE, NO_INVITATIONS, ((_button(organ_id, "", BACK),),))
    lines = [INVITATIONS.format(organ=organ)]
    for invitation in listed[:MOST_LISTED]:
        opened = "，已打开" if invitation.opened else ""
        what = NEW_NUMBER if invitation.for_new_account else invitation.role
        lines.append(f"· {invitation.id} 号：{what}，{invitation.until} 前有效{opened}")
    buttons = [_button(organ_id, f"i:{i.id}", REVOKE.format(i.id)) for i in listed[:MOST_LISTED]]
    rows = [tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2)]
    rows.append((_button(organ_id, "", BACK),))
    return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))
