"""
Things that go wrong on the way to Telegram, on demand.
"""

from dataclasses import dataclass


@dataclass
class Fault:
    """
    One way in which the next calls of a method fail.

    Exactly one of `error`, `cut` is usually set, perhaps with `body`; `delay` goes with either
    or alone.

    Args:
        error: An HTTP status: 429 (with `retry_after`), 502 and other 5xx (a proxy's page),
            403 and the like (in Telegram's shape).
        cut: `before`: the connection ends and nothing has happened. `after`: it has happened,
            but no answer comes.
        delay: Seconds until the call is looked at (with `cut="after"`: after its effect).
        slow: Bytes a second at which the body is read.
        body: The answer is this and not Telegram's, with the status `error` or 200, as from a
            proxy; with `cut="after"` the call has happened.
        times: How many calls; None for all until it is taken away.
        chat: Only calls for this chat.
    """

    method: str = "*"
    error: int | None = None
    cut: str | None = None
    delay: float = 0
    slow: float | None = None
    retry_after: int = 1
    description: str | None = None
    body: str | None = None
    times: int | None = 1
    chat: int | None = None
    done: int = 0

    def fits(self, method: str, chat: int | None) -> bool:
        if self.times is not None and self.done >= self.times:
            return False
        if self.chat is not None and self.chat != chat:
            return False
        return self.method in ("*", method) or (
            self.method == "send*" and method.startswith("send")
        )
