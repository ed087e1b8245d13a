"""
Numbers in buttons that nothing has, or no column of PostgreSQL holds.
"""

import logging

import pytest

from conversations.wording import (
    county_dates,
    county_handing_out,
    county_inviting,
    county_organs,
    county_overview,
    county_received,
    county_standing_out,
    county_summing,
    reminders,
    tasks,
)
from conversations.wording.county import COUNTY
from conversations.wording.people import PEOPLE
from conversations.wording.sharing import SHARES
from conversations.wording.templates import TEMPLATE
from tests.bot.telegram.door import ADMIN, OTHER_TOWN, TOWN, Door
from tests.bot.telegram.test_below import places

NOTHING = (2**31 - 1, 2**31, 10**15)  # an id ends at the first
VIEWS = (county_overview, county_summing, county_inviting, county_standing_out, county_dates)
BUTTONS = (
    *(f"{COUNTY}:{view.LETTER}:{what}{{0:x}}:2025" for view in VIEWS for what in ("", "v:", "k:")),
    f"{COUNTY}:{county_handing_out.EXPORT}:{{0:x}}:2025",
    *(f"{COUNTY}:{county_organs.LETTER}:{what}:{{0:x}}:{{0:x}}" for what in "yu"),
    *(f"{COUNTY}:{county_organs.LETTER}:{what}:{{0:x}}" for what in "nd"),
    *(f"{COUNTY}:{county_received.LETTER}:{what}:{{0}}" for what in "dT"),
    *(f"{what}:{{0:x}}:x" for what in (SHARES, tasks.TASK, reminders.NUDGE)),
    *(f"{what}:{{0:x}}" for what in (PEOPLE, reminders.GO)),
    *(f"{TEMPLATE}:{what}:{{0:x}}" for what in "uod"),
    *(f"{TEMPLATE}:y:{{0:x}}:{{0:x}}", f"{TEMPLATE}:o:7fff"),
    *("j:{0}", "g:{0}", "gy:{0}", f"{PEOPLE}:1:i:{{0}}", "{0:x}/show", "g{0:x}/show"),
)


@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
async def test_a_number_that_is_no_id_is_no_fault(office: Door, caplog: pytest.LogCaptureFixture):
    """
    Of somebody who looks after all organs: no right stands before the query.
    """
    admin = office.server.person("管理员", ADMIN)
    await office.joins_as(admin, TOWN)
    places(office, (OTHER_TOWN, TOWN))
    for data in (button.format(number) for button in BUTTONS for number in NOTHING):
        await (await admin.forges(data)).is_answered()
    await office.rests()

    assert not [record.getMessage() for record in caplog.records if record.levelno > logging.INFO]
