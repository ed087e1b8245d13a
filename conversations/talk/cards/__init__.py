"""
The cards: text and buttons for each place of the conversation.

A card is derived from the session alone, so any door can show it again at any time.
"""

from __future__ import annotations

from dataclasses import replace

from conversations.talk.buttons import button, in_rows
from conversations.talk.cards.confirm import confirm_card
from conversations.talk.cards.contents import (
    contents_card,
    done_card,
    lookup_card,
    organ_card,
    restart_card,
    year_card,
)
from conversations.talk.cards.figures import (
    carry_card,
    cell_card,
    line_card,
    rows_card,
    table_card,
    total_card,
)
from conversations.talk.cards.findings import finding_card, review_card
from conversations.talk.cards.helper import part_contents_card, part_review_card
from conversations.talk.cards.look import answering_card, look_card, remark_card
from conversations.talk.cards.passages import passage_card
from conversations.talk.cards.publication import publish_card
from conversations.talk.cards.sign_off import off_line_card, reason_card, sign_off_card
from conversations.talk.cards.texts import narrative_card, title_and_signature_card
from conversations.talk.effects import Buttons, Say
from conversations.talk.own import is_helper
from conversations.talk.session import Session, State
from conversations.wording import talk as wording


def card(session: Session, *, again: bool = False, every: bool = False) -> Say:
    """
    The card of the clerk's place.

    `again`: it was shown before and nothing is new; `every`: include the buttons behind 「更多」.
    """
    cards = _PART_CARDS if is_helper(session) else _CARDS
    state = session.place.state
    said = cards.get(state, _CARDS[state])(session)
    text = said.again if again and said.again else said.text
    return replace(said, text=text, buttons=_rows(said, every=every), more=(), again="")


def _rows(said: Say, *, every: bool) -> Buttons:
    """
    The rows shown; 「更多」 comes last, and is not used for a single button.

    The contents button does not count: every card has it as a command and a word, too.
    """
    behind = [other for row in said.more for other in row if other.id != "menu"]
    if every or (behind and sum(map(len, said.more)) == 1):
        return (*said.buttons, *said.more)
    if not said.more or (not behind and said.buttons):
        return said.buttons
    *rows, last = said.buttons or ((),)
    return (*rows, *in_rows((*last, button(wording.MORE, "more")), 3))


_CARDS = {
    State.ORGAN: organ_card,
    State.YEAR: year_card,
    State.CONTENTS: contents_card,
    State.LINE: line_card,
    State.CELL: cell_card,
    State.ROWS: rows_card,
    State.TABLE: table_card,
    State.CARRY: carry_card,
    State.TOTAL: total_card,
    State.CONFIRM: confirm_card,
    State.FINDING: finding_card,
    State.NARRATIVE: narrative_card,
    State.PASSAGE: passage_card,
    State.WORDING: title_and_signature_card,
    State.REVIEW: review_card,
    State.RESTART: restart_card,
    State.DONE: done_card,
    State.LOOKUP: lookup_card,
    State.LOOK: look_card,
    State.REMARK: remark_card,
    State.ANSWERING: answering_card,
    State.PUBLISH: publish_card,
    State.SIGN_OFF: sign_off_card,
    State.REASON: reason_card,
    State.OFF_LINE: off_line_card,
}
# … of a helper, who has only some sections.
_PART_CARDS = {State.CONTENTS: part_contents_card, State.REVIEW: part_review_card}
