"""
People who open one invitation each and tap 「加入」 as fast as they can, without Telegram.

    python -m tests.bot.telegram.joining TARGET PERSON TOKEN…
"""

import itertools
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.telegram.intake import Intake
from bot.telegram.talk import DoorSettings
from storage import Store


class Newcomer:
    """
    One person after another at a door of their own, as in another process.
    """

    def __init__(self, store: Store, person: int) -> None:
        self.intake = Intake(store, DoorSettings("bot", Path(), ZoneInfo("Asia/Shanghai")))
        self.person = person
        self.ids = itertools.count(person * 1_000_000)
        self.button = ""

    def opens(self, token: str) -> None:
        """
        The link, to the next person; the button that comes is remembered, if one comes.
        """
        self.person += 1
        job = self._takes("message", {**self._message(), "text": f"/start {token}"})
        self.button = next(
            (row.data["buttons"][0][0][0] for row in job.sends if row.data.get("buttons")), ""
        )

    def joins(self) -> None:
        """
        The button, if there was one.
        """
        if self.button:
            tap = {"id": "1", "message": self._message(), "data": self.button}
            self._takes("callback_query", {**tap, "from": self._message()["from"]})

    def _message(self) -> dict[str, Any]:
        sender = {"id": self.person, "is_bot": False, "first_name": "新"}
        chat = {"id": self.person, "type": "private"}
        return {"message_id": next(self.ids), "date": 1, "chat": chat, "from": sender}

    def _takes(self, kind: str, content: dict[str, Any]) -> Any:
        return self.intake.take([{"update_id": next(self.ids), kind: content}])


def main(target: str, person: str, *tokens: str) -> None:
    with Store.open(target if "://" in target else Path(target)) as store:
        newcomer = Newcomer(store, int(person))
        for token in tokens:
            newcomer.opens(token)
            newcomer.joins()


if __name__ == "__main__":
    main(*sys.argv[1:])
