"""
What an administrator asks for beyond the form, answered on the phone.
"""

import pytest

from conversations.form.local_notice import LOCAL_CELLS
from conversations.wording import door as words
from tests.bot.telegram.door import TOWN, Door

pytestmark = pytest.mark.usefixtures("out_of_season")


async def test_its_buttons_answer_while_it_is_asked(office: Door):
    """
    The table opens by its button; one of a question that is asked no more shows where one is.
    """
    admin = await office.joins("李华", role="administrator", year=0)
    clerk = await office.joins()
    await admin.says(f"/task {TOWN}")
    await admin.says("/task 加问 培训 次")
    await office.rests()
    await clerk.says("/menu")
    await office.rests()
    data = str(clerk.last.rows[0][0].data).partition("/")[0]

    await clerk.forges(f"{data}/o:601")
    await clerk.says("7次")
    await office.rests()
    assert office.answers()[LOCAL_CELLS[0]] == 7

    await clerk.forges(f"{data}/z:601")
    await office.rests()
    await admin.says("/task 不问 培训")
    await office.rests()
    for button in ("o:601", "s:7", "z:602"):
        tap = await clerk.forges(f"{data}/{button}")
        await office.rests()
        assert tap.answered
        assert tap.text != words.NO_ACCESS
    assert "2023" in str(clerk)
