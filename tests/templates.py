"""
The product's template with a text added to it; the text may be a program.
"""

import io
import zipfile
from pathlib import Path

from conversations.wording import door as words

OURS = (
    Path(__file__).parent.parent / "conversations/document/write/templates/annual_report_2021.docx"
)

# The loops write nothing, as output would exceed the memory before the time.
NESTED = "{% for a in range(99999) %}" * 4 + "{% endfor %}" * 4

# Templates that cost too much, with the sentence that refuses each.
COSTLY = {
    "nested loops": (NESTED, words.TEMPLATE_TOO_SLOW),
    "centred": ("{{ ''|center(10**9) }}", words.TEMPLATE_TOO_MUCH_MEMORY),
    "format": ("{{ '%1000000000d'|format(1) }}", words.TEMPLATE_TOO_MUCH_MEMORY),
    "power": ("{{ 9**(9**9) }}", words.TEMPLATE_TOO_SLOW),
    "text times a number": ("{{ 'x' * 10**9 }}", words.TEMPLATE_TOO_MUCH_MEMORY),
}


def template_with(text: str) -> bytes:
    """
    The product's template with one more paragraph at its end; the same text gives the same bytes.
    """
    paragraph = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    out = io.BytesIO()
    with zipfile.ZipFile(OURS) as ours, zipfile.ZipFile(out, "w") as made:
        for member in ours.infolist():
            data = ours.read(member)
            if member.filename == "word/document.xml":
                data = data.replace(b"<w:sectPr", paragraph.encode() + b"<w:sectPr", 1)
            made.writestr(member, data)
    return out.getvalue()
