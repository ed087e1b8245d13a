"""
A Bot API server of our own: real HTTP on loopback, as strict as Telegram where it matters.

A test says what a person does and what the person then sees:

    async with BotServer() as server:
        person = server.person("王芳")
        await person.says("/start")
        card = await person.sees("行政许可")
        await person.taps("全部为 0")

The bot under test is pointed at `server.base_url` and `server.base_file_url`.
"""

from tests.botapi.calls import Call
from tests.botapi.errors import ApiError
from tests.botapi.faults import Fault
from tests.botapi.limits import Limits
from tests.botapi.messages import Button, Message
from tests.botapi.people import Group, Person, Tap
from tests.botapi.server import TOKEN, BotServer, Delivery

__all__ = [
    "TOKEN",
    "ApiError",
    "BotServer",
    "Button",
    "Call",
    "Delivery",
    "Fault",
    "Group",
    "Limits",
    "Message",
    "Person",
    "Tap",
]
