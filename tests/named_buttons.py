"""
Finds the buttons that a sentence of the bot names: 「完成」 in «点「完成」».
"""

import re
from collections.abc import Iterable, Iterator

from conversations.wording import talk

NAMED = re.compile(r"点「([^」{}]+)」")


def missing_buttons(text: str, labels: Iterable[str]) -> Iterator[str]:
    """
    The buttons that a text tells the clerk to tap and that are missing from the labels.

    «按钮» stands for any button. The help is left out, as it describes all cards at once.
    """
    labels = list(labels)
    text = text.replace(talk.HELP, "")
    for name in NAMED.findall(text):
        if not any(label.startswith(name) for label in labels):
            yield name
    if re.search("点按钮|请点要改|点序号|点编号", text) and not labels:
        yield "按钮"
