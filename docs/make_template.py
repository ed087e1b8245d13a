"""
Write the Word template of each form that is filled in here, and it made ready to be filled in.

For developers, after a change of the form, of `conversations/document/write/template.py` or of
how a template is prepared: `python docs/make_template.py`. A test says when it is due.
"""

from pathlib import Path

from conversations.document.write.docx import pack
from conversations.document.write.prepare import prepare
from conversations.document.write.template import build_template
from conversations.form import FILLED_IN

FOLDER = (
    Path(__file__).resolve().parent.parent / "conversations" / "document" / "write" / "templates"
)


def main() -> None:
    for form in FILLED_IN:
        template = build_template(form)
        for suffix, data in ((".docx", template), (".prepared", pack(prepare(template, form)))):
            file = FOLDER / f"annual_report_{form.edition}{suffix}"
            file.write_bytes(data)
            print(f"{file.name}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
