"""Invitations of many organs as files: a workbook to forward from, a page of codes to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from bot.files.spreadsheet import Sheet, workbook
from conversations.county.inviting import InvitedOrgan
from conversations.wording import county_inviting as wording

_WIDTHS = (30, 12, 18, 60, 90)

# Eight cards per sheet of A4, to be cut out; one column on a screen.
_STYLE = Markup(
    "@page{size:A4;margin:10mm}*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:190mm;font:12pt/1.45 system-ui,'PingFang SC','Microsoft YaHei',"
    "'Noto Sans CJK SC',sans-serif;color:#000;overflow-wrap:anywhere}"
    "header{padding:8px}h1{font-size:14pt;margin:0}header p{margin:2px 0}"
    ".cards{display:grid;grid-template-columns:1fr 1fr;border:dashed #888;border-width:1px 0 0 1px}"
    ".card{display:flex;gap:4mm;align-items:center;height:68mm;padding:4mm;overflow:hidden;"
    "border:dashed #888;border-width:0 1px 1px 0;break-inside:avoid}"
    ".card svg{flex:none;width:40mm;height:40mm}.card p{margin:0 0 1.5mm;font-size:9.5pt}"
    ".card .organ{font-size:12pt;font-weight:600}.card .organ.long{font-size:10pt}"
    ".card code{font:6.5pt/1.3 ui-monospace,Consolas,monospace;color:#444}"
    "@media print{header{display:none}}"
    "@media screen and (max-width:560px){.cards{grid-template-columns:1fr}.card{height:auto}}"
)
LONG_NAME = 24  # characters that two lines of a card hold


def as_workbook(invited: Iterable[InvitedOrgan], year: int) -> bytes:
    """One row per organ, with the line to forward."""
    rows = [
        (each.organ, each.contact, each.phone, each.link, wording.to_forward(each, year))
        for each in invited
    ]
    return workbook([Sheet(wording.SHEET, wording.HEAD, rows, _WIDTHS)])


def as_page(invited: Sequence[InvitedOrgan], under: str, year: int) -> bytes:
    """A page with one card per organ; all typed text stands in it as text."""
    title = wording.PAGE_TITLE.format(under=under, year=year)
    page = Markup(
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
        "<title>{}</title><style>{}</style></head><body><header><h1>{}</h1><p>{}</p></header>"
        '<main class="cards">{}</main></body></html>\n'
    ).format(title, _STYLE, title, wording.PAGE_HELP, Markup("").join(map(_card, invited)))
    return page.encode()


def code_of(link: str) -> str:
    """
    A QR code as SVG.

    Any mask is readable; trying all eight for each of 300 organs would take seconds.
    """
    import segno  # imported here: only printed pages need it

    code = segno.make(link, error="m", micro=False, mask=2)
    return str(code.svg_inline(omitsize=True, border=2))


def _card(invited: InvitedOrgan) -> Markup:
    picture = Markup(code_of(invited.link))  # noqa: S704 - of black squares
    kind = "organ long" if len(invited.organ) > LONG_NAME else "organ"
    return Markup(
        '<section class="card">{}<div><p class="{}">{}</p><p>{}</p><p>{}</p>'
        "<code>{}</code></div></section>"
    ).format(
        picture,
        kind,
        invited.organ,
        wording.CARD_STEPS,
        wording.card_until(invited),
        invited.link.removeprefix("https://"),
    )
