"""
Back means back: whoever corrects something elsewhere is where they were, once, with what waited.
"""

from decimal import Decimal

from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers
from conversations.talk.effects import MessageKind
from conversations.talk.session import State
from conversations.talk.triggers import Trigger
from conversations.wording import talk as wording
from tests.dialogue import TEXTS, TOWN, Clerk, id_of, whole, zeros

FEE = next(cell.id for cell in FORM.lines["proactive_disclosure.administrative_fees"].cells)
PROACTIVE = "proactive_disclosure"
LICENSING = "proactive_disclosure.licensing"


def test_a_table_with_a_fee_becomes_0_by_its_button():
    """
    The question that was stored and read again has the button that was shown.
    """
    clerk = Clerk(answers=whole({FEE: Decimal("12.50")})).opens()
    clerk.presses(id_of(FORM, "zo", PROACTIVE)).taps(Trigger.YES)

    assert {FEE: 0} == clerk.stored


def test_a_table_with_a_fee_keeps_it_by_the_other_button():
    """
    Both buttons are alive.
    """
    clerk = Clerk(answers=whole({FEE: Decimal("12.50")})).opens()
    clerk.presses(id_of(FORM, "zo", PROACTIVE)).taps(Trigger.NO)

    assert {} == clerk.stored
    assert State.CONFIRM is not clerk.at[0]


def test_an_earlier_message_edited_while_the_signature_is_asked():
    """
    The corrected title is stored, and the signature is asked: neither anew nor twice.
    """
    clerk = Clerk(answers=Answers(zeros(without=("title",)))).opens()
    clerk.presses("go").types(f"{TOWN} / 2025年政府信息公开工作年度报告", "无")
    assert (State.WORDING, "signature") == clerk.at

    clerk.types(f"{TOWN} / 2025年度政府信息公开工作年度报告", item="title")

    assert {"title"} == clerk.stored.keys()
    assert (State.WORDING, "signature") == clerk.at
    assert () == clerk.session.place.back
    clerk.types("无")
    assert State.REVIEW is clerk.at[0]


def test_a_signature_that_is_taken_away_asks_no_date_on_the_way_back():
    """
    The date that was being asked has lost its organ.
    """
    clerk = Clerk(answers=whole({"signature": TOWN})).opens().taps(Trigger.REVIEW)
    clerk.presses(id_of(FORM, "o", "signature_date")).types("无", item="signature")

    assert "" == clerk.figure("signature")
    assert State.REVIEW is clerk.at[0]


def test_a_piece_of_wording_corrected_from_the_review_leads_back_at_once():
    """
    What else is answered is not gone through.
    """
    clerk = Clerk(answers=whole({"signature": TOWN, "signature_date": "2026年1月15日"})).opens()
    clerk.taps(Trigger.REVIEW).presses(id_of(FORM, "o", "introduction")).types("引言。")

    assert State.REVIEW is clerk.at[0]


def test_half_a_text_waits_while_a_figure_is_corrected():
    """
    The pieces that came go on to be one text.
    """
    answers = zeros(without=("overview",))
    clerk = Clerk(answers=Answers(answers)).opens().presses(id_of(FORM, "s", "overview"))
    first, _, second = TEXTS["overview"].partition("\n")
    clerk.types(first, order=1)
    clerk.types("5", item=LICENSING)
    assert (State.NARRATIVE, "overview") == clerk.at

    clerk.types(second, order=2)

    assert TEXTS["overview"] == clerk.figure("overview")


def test_a_question_whose_gaps_were_filled_meanwhile_is_not_asked_again():
    """
    The empty places of a row are answered by an edited message.
    """
    row = "requests.received"
    clerk = Clerk().opens().presses(id_of(FORM, "o", row)).types("3\t1\t\t\t\t")
    assert State.CONFIRM is clerk.at[0]
    cells = [cell.id for cell in FORM.lines[row].cells]

    for cell in cells[2:]:
        clerk.types("0", item=cell)

    assert [3, 1, 0, 0, 0, 0] == clerk.row(row)
    assert State.CONFIRM is not clerk.at[0]


def test_nobody_comes_back_twice_to_one_place():
    """
    Opening two rows in turn does not pile them up.
    """
    clerk = Clerk(answers=whole()).opens().taps(Trigger.REVIEW)
    for _ in range(3):
        clerk.presses(id_of(FORM, "o", LICENSING), id_of(FORM, "o", "requests.received"))

    assert len(set(clerk.session.place.back)) == len(clerk.session.place.back)
    clerk.taps(Trigger.KEEP)
    assert State.REVIEW is clerk.at[0]


def test_an_old_button_says_what_stands_now_and_changes_it():
    """
    「不改」 of a row that is not open any more.
    """
    clerk = Clerk().opens().presses(id_of(FORM, "o", LICENSING)).types("295")
    clerk.presses(id_of(FORM, "keep", LICENSING))

    (note,) = [said for said in clerk.said if said.kind is MessageKind.NOTE]
    assert "295" in note.text
    assert id_of(FORM, "o", LICENSING) == note.buttons[0][0].id


def test_an_unchanged_final_document_is_not_made_by_an_old_button():
    """
    From a question the button leads to the review, where it says that it makes it again.
    """
    clerk = Clerk(answers=whole()).opens().taps(Trigger.REVIEW).taps(wording.MAKE_FINAL)
    assert [True] == clerk.documents
    clerk.presses("fin")
    assert ([], State.DONE) == (clerk.documents, clerk.at[0])

    clerk.presses(id_of(FORM, "o", LICENSING), "fin")
    assert ([], State.REVIEW) == (clerk.documents, clerk.at[0])
    clerk.taps(wording.MAKE_FINAL_AGAIN)

    assert [True] == clerk.documents


def test_the_offered_introduction_asks_how_the_office_is_reached():
    """
    One by one; what is not given is not named, and nothing is left as ××.
    """
    clerk = Clerk(answers=Answers(zeros(without=("title",)) | {"title": TOWN})).opens()
    clerk.presses("go").taps(Trigger.INTRODUCE)
    clerk.types("人民路1号").types("12345")
    assert clerk.refused
    clerk.types("无").types("××")
    assert clerk.refused
    clerk.types("0898-63620000")

    said = clerk.figure("introduction")
    assert str(said).endswith("（地址：人民路1号，电话：0898-63620000）。")
    assert (State.WORDING, "signature") == clerk.at


def test_the_signature_is_offered_with_its_day():
    """
    The organ's own name, then today or 31 January.
    """
    clerk = Clerk(answers=Answers(zeros(without=("title",)) | {"title": TOWN, "introduction": ""}))
    clerk.opens().presses("go").taps(Trigger.SIGN)
    assert {"signature": TOWN} == clerk.stored
    assert ("2026年1月12日", "2026年1月31日") == tuple(clerk.labels[:2])
    clerk.taps(Trigger.SIGNED_ON)

    assert {"signature_date": "2026年1月31日"} == clerk.stored
    assert State.REVIEW is clerk.at[0]


def test_half_an_introduction_waits_while_a_figure_is_corrected():
    """
    The telephone is asked where it was.
    """
    clerk = Clerk(answers=Answers(zeros(without=("title",)) | {"title": TOWN})).opens()
    clerk.presses("go").taps(Trigger.INTRODUCE).types("人民路1号", "571200")
    asked = clerk.card
    clerk.types("5", item=LICENSING)

    assert asked == clerk.card


def test_what_a_piece_is_called_is_no_part_of_it():
    """
    「落款：某局」 as the button has it.
    """
    clerk = Clerk(answers=Answers(zeros(without=("title",)) | {"title": TOWN, "introduction": ""}))
    clerk.opens().presses("go").types(f"落款：{TOWN}")

    assert {"signature": TOWN} == clerk.stored
