"""The index of an archive as a page: missing organs first, then every organ with its document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from urllib.parse import quote

from markupsafe import Markup, escape

from conversations.county.handing_out import Packed
from conversations.wording import county_handing_out as wording

_STYLE = Markup(
    "body{margin:0 auto;max-width:72em;padding:16px;font:16px/1.6 system-ui,'PingFang SC',"
    "'Microsoft YaHei',sans-serif;color:#1f2328;overflow-wrap:anywhere}"
    "h1{font-size:1.4em;margin:0 0 4px}h2{font-size:1.1em;margin:1.6em 0 6px}"
    ".missing h2{margin-top:0}"
    "p{margin:4px 0}.when,small{color:#59636e}"
    ".missing{background:#fff4e5;border-left:4px solid #d97706;padding:8px 12px;margin:12px 0}"
    "table{width:100%;border-collapse:collapse;table-layout:fixed}"
    "th,td{text-align:left;vertical-align:top;padding:6px 8px;border-bottom:1px solid #d1d9e0}"
    "th{background:#f6f8fa;font-weight:600}th.s{width:6em}th.m{width:8.5em}"
    "code{font-family:ui-monospace,Consolas,monospace;font-size:.85em}"
    "@media(max-width:720px){thead{display:none}tr{display:block;padding:8px 0;"
    "border-bottom:1px solid #d1d9e0}td{display:block;border:0;padding:1px 0}"
    "td:empty{display:none}td[data-l]:before{content:attr(data-l)'：';color:#59636e}"
    "td:first-child a{font-weight:600}td br{display:none}td small{margin-left:.4em}"
    "td:first-child small{margin:0}td:first-child br{display:inline}}"
)


def as_page(packed: Sequence[Packed], organ: str, year: int, when: str) -> str:
    """The page; all typed text stands in it as text."""
    title = wording.title(organ, year)
    parts = [
        Markup(
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            "<title>{}</title><style>{}</style></head><body><h1>{}</h1>"
            '<p>{}</p><p class="when">{}</p>'
        ).format(title, _STYLE, title, wording.summary(packed), wording.made_at(when))
    ]
    missing = [each for each in packed if each.missing]
    if missing:
        parts.append(_names(wording.MISSING_TITLE, missing, "missing"))
    there = [each for each in packed if each.path]
    for level, group in groupby(there, key=lambda each: each.out.organ.level):
        parts += _table(wording.FOLDERS[level], group)
    others = [each for each in packed if not each.path and not each.missing]
    if others:
        parts.append(_names(wording.NOT_WAITED_FOR, others, ""))
    parts.append(Markup("</body></html>\n"))
    return Markup("").join(parts)


def _names(title: str, packed: Sequence[Packed], kind: str) -> Markup:
    lines = Markup("").join(
        Markup("<p>{} <small>{}</small></p>").format(each.out.organ.organ, wording.why(each))
        for each in packed
    )
    head = f"{title}（{len(packed)}）"
    return Markup('<section class="{}"><h2>{}</h2>{}</section>').format(kind, head, lines)


def _table(title: str, packed: Iterable[Packed]) -> Iterator[Markup]:
    heads = wording.PAGE_HEADS
    rows = [_row(each) for each in packed]
    yield Markup("<h2>{}（{}）</h2><table><thead><tr>").format(title, len(rows))
    for name, kind in zip(heads, ("", "s", "m", ""), strict=True):
        yield Markup('<th class="{}">{}</th>').format(kind, name)
    yield Markup("</tr></thead><tbody>")
    yield from rows
    yield Markup("</tbody></table>")


def _row(packed: Packed) -> Markup:
    out = packed.out
    state = Markup("{}<br><small>{}</small>").format(wording.state(out), wording.source(out))
    return Markup(
        '<tr><td><a href="{}">{}</a>{}</td><td data-l="{}">{}</td>'
        '<td data-l="{}">{}</td><td data-l="{}">{}</td></tr>'
    ).format(
        quote(packed.path),
        out.name,
        _small(wording.remark(packed)),
        wording.PAGE_HEADS[1],
        state,
        wording.PAGE_HEADS[2],
        Markup("<code>{}</code>").format(out.fingerprint or packed.mark[:16]),
        wording.PAGE_HEADS[3],
        _published(packed),
    )


def _small(text: str) -> Markup:
    return Markup("<br><small>{}</small>").format(text) if text else Markup("")


def _published(packed: Packed) -> Markup:
    """The place of publication; only a web address is a link."""
    out = packed.out
    said = " ".join(filter(None, (out.publication.get("date"), wording.compared(out))))
    if not out.address.startswith(("http://", "https://")):
        return escape(" ".join(filter(None, (out.address, said))))
    return Markup('<a href="{}" rel="noreferrer">{}</a> {}').format(
        out.address, out.address, Markup("<small>{}</small>").format(said)
    )
