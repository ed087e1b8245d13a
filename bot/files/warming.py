"""Loading this reads a report of our own, so that forked children have cached data already."""

from bot.files.checking import checked_report
from conversations.document.write.content import DocumentInput
from conversations.document.write.docx import render, standard
from conversations.document.write.html import as_html
from conversations.form import FORM_IN_FORCE
from conversations.form.answers import Answers

_answers = Answers(dict.fromkeys(FORM_IN_FORCE.cells, 0))
_report = DocumentInput(FORM_IN_FORCE, "雷鸣镇人民政府", 2023, _answers)
_word = render(standard(FORM_IN_FORCE.edition), _report, draft=True)
for _file in (_word, as_html(_report, draft=True).encode()):
    checked_report(_file, "")
