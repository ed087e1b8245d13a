"""
An office hands in, returns, approves and publishes; all that anybody is shown on the way is
played again by strangers and by every wrong role, in each state: nothing comes of it.
"""

from typing import Any

import pytest

from conversations.document.write.content import DocumentInput
from conversations.document.write.html import as_html
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.sign_off.rights import is_locked
from conversations.sign_off.states import Deed, ReportState
from conversations.talk.triggers import Trigger
from conversations.wording import comparing, sign_off
from conversations.wording import door as words
from conversations.wording import remarks as looking
from tests.bot.telegram.door import OTHER_TOWN, TOWN, Door
from tests.bot.telegram.test_sharing import invites_helper
from tests.bot.telegram.test_sign_off import NUMBER, YEAR, deeds, hands_in, signed, staffed
from tests.botapi import Person

pytestmark = pytest.mark.usefixtures("out_of_season")

TABLES = ("answer", "explanation", "history", "sign_off", "remark", "assignment")
REMARK, ANSWER = "批准文号请再核对一遍", "已经核对过台账"
SECRETS = (TOWN, "王芳", "张建国")
# Organs and years to choose from, and one's own reminders, are everybody's.
EVERYBODYS = ("g:", "gy:", "w:", "rm:")


def kept(office: Door) -> list[list[str]]:
    """
    The report with everything that was decided and said about it, and who is a member of what.
    """
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, YEAR)
        wanted = [f"{table} WHERE report_id = {report}" for table in TABLES]
        run = unit.connection.exec_driver_sql
        rows = [run(f"SELECT * FROM {each}").fetchall() for each in (*wanted, "member")]
        return [sorted(map(str, each)) for each in rows]


class Met:
    """
    What somebody was shown and typed on the way, without what came of playing it again.
    """

    def __init__(self, person: Person) -> None:
        self.person = person
        self.buttons: set[str] = set()
        self.texts: set[str] = set()
        self._known = 0

    def look(self) -> None:
        """
        Take up what is new in the chat.
        """
        for message in self.person.chat:
            if message.id <= self._known:
                continue
            if not message.from_bot:
                self.texts |= {message.text} - {""}
            self.buttons |= {
                button.data
                for button in message.buttons
                if button.data and not button.data.startswith(EVERYBODYS)
            }
        self.forget()

    def forget(self) -> None:
        """
        What stands in the chat until now is known, or not meant.
        """
        self._known = max((message.id for message in self.person.chat), default=0)


async def replays(
    office: Door, person: Person, others: tuple[Met, ...], link: str, *, writes: bool = True
) -> None:
    """
    Somebody taps, follows, types, replies and edits what others did: nothing changes.

    Without `writes` what they type would be theirs to say.
    """
    before = kept(office)
    for data in sorted({data for other in others for data in other.buttons}):
        await person.forges(data)
    await person.starts(link)
    typed = {text for other in others for text in other.texts}
    for text in sorted(text for text in typed if writes and not text.startswith("/start")):
        said = await person.replies(person.last, text)
        await person.edits(said, "8")
    await office.server.handled()  # so many of them that it may take longer than `rests` waits
    await office.rests()
    assert before == kept(office), (person.name, str(person))


@pytest.mark.parametrize("every_state", [False, pytest.param(True, marks=pytest.mark.soak)])
@pytest.mark.parametrize(
    "office", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True
)
async def test_what_others_were_shown_is_worth_nothing_to_anybody_else(
    office: Door, every_state: bool
):
    """
    Buttons, replies, edits and links; a stranger and whoever is everything in another office
    hear nothing, the helper, leader and clerk may do each only what is theirs.
    """
    clerk, leader = await staffed(office)
    helper = await invites_helper(office, clerk)
    link = next(m.text for m in clerk.from_bot if "start=" in m.text)
    link = link.partition("start=")[2].split()[0]
    other = await office.joins("钱进", OTHER_TOWN, role="administrator")
    for role in ("clerk", "leader"):
        await office.joins_as(other, OTHER_TOWN, role=role)
    stranger = office.server.person("生人")
    await stranger.says("您好")
    await office.rests()

    mine, theirs = Met(clerk), Met(leader)

    async def everybody_replays(state: ReportState) -> None:
        await office.rests()
        assert state is signed(office).state
        if not every_state and state not in (ReportState.SUBMITTED, ReportState.PUBLISHED):
            return
        for met in (mine, theirs):
            met.look()
        for outsider in (stranger, other):
            seen = len(outsider.from_bot)
            await replays(office, outsider, (mine, theirs), link)
            for message in outsider.from_bot[seen:]:
                assert not [secret for secret in SECRETS if secret in message.text], message
        heard = [
            m for m in stranger.from_bot if m.text not in (words.STRANGER, words.INVITATION_BAD)
        ]
        assert not heard
        await replays(office, helper, (mine, theirs), link)
        may_remark = state is ReportState.SUBMITTED
        await replays(office, leader, (mine,), link, writes=not may_remark)
        if is_locked(state):
            await replays(office, clerk, (theirs,), link, writes=False)
        for person in (clerk, leader, helper):  # back from where a button led
            await person.says(f"/year {YEAR}")
        await office.rests()
        for met in (mine, theirs):
            met.forget()

    await hands_in(clerk)
    await leader.starts()
    await leader.sees(sign_off.APPROVE)
    await leader.forges(f"1/lk:{NUMBER}")
    await leader.sees(looking.REMARK)
    await leader.says(REMARK)
    await leader.sees_next(looking.REMARKS)
    await everybody_replays(ReportState.SUBMITTED)

    await leader.says("/start")
    await leader.taps(sign_off.RETURN, await leader.sees_next(sign_off.RETURN))
    await leader.sees(sign_off.RETURNED_NOW)
    await clerk.says("/start")
    await clerk.sees_next("")
    await everybody_replays(ReportState.RETURNED)

    (remark,) = signed(office).open_remarks
    await clerk.forges(f"1/rma:{remark.id}")
    await clerk.sees(looking.ask_answer("", "").split("　")[0])
    await clerk.says(ANSWER)
    await clerk.sees_next(ANSWER)
    await hands_in(clerk)
    await leader.says("/start")
    await leader.taps(sign_off.APPROVE, await leader.sees_next(sign_off.APPROVE))
    await leader.sees(sign_off.REOPEN)
    await clerk.says("/start")
    await clerk.sees_next(sign_off.FINAL_FILE)
    await everybody_replays(ReportState.APPROVED)

    await clerk.says("/published")
    await clerk.sees_next(comparing.ASK)
    page = as_html(DocumentInput(FORM, TOWN, YEAR, office.answers())).encode()
    await clerk.sends_file("公布.html", page, kind="text/html")
    await clerk.sees_next(comparing.EQUAL.format(ours=comparing.APPROVED))
    await everybody_replays(ReportState.PUBLISHED)

    # What decides was among what was played.
    for met, trigger in (
        (theirs, Trigger.APPROVE),
        (theirs, Trigger.RETURN),
        (mine, Trigger.SUBMIT),
    ):
        assert [data for data in met.buttons if f"/{trigger.value}" in data], trigger
    steps: list[Any] = [Deed.SUBMIT, Deed.RETURN, Deed.SUBMIT, Deed.APPROVE, Deed.PUBLISH]
    assert steps == deeds(office)
