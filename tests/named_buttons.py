"""
Where a sentence of the bot names a button: 「完成」 in «点「完成」».
"""

import re
from collections.abc import Iterable, Iterator

from conversations.wording import talk

NAMED = re.compile(r"点「([^」{}]+)」")


def missing_buttons(text: str, labels: Iterable[str]) -> Iterator[str]:
    """
    The buttons that a text says to tap and that are not among these; «按钮» for any at all.

    The help speaks of all cards at once.
    """
    labels = list(labels)
    text = text.replace(talk.HELP, "")
    for name in NAMED.findall(text):
        if not any(label.startswith(name) for label in labels):
            yield name
    if re.search("点按钮|请点要改|点序号|点编号", text) and not labels:
        yield "按钮"
