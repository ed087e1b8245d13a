"""
Reports as offices publish them: well, oddly, and badly.

A random legal report becomes tables of boxes and paragraphs. A variant changes them in a way real
files differ (merged boxes lost, columns in another order, one cell per line…). A writer makes a
Word file, a web page or a text of them. Every printed cell is known, so that a reader can be
measured: right, doubtful, unread, wrong.

The 2019 edition, which the product never writes, is written here, too.
"""

import html
import io
import random
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, cast

from conversations.form import ANNUAL_REPORT_2019, ANNUAL_REPORT_2021
from conversations.form.model import Form, LineKind, Measure, SectionKind, Table

Value = int | Decimal | str
APPLICANTS = ANNUAL_REPORT_2021.tables[1].columns
ORGANIZATIONS = [column.id for column in APPLICANTS[1:6]]
OFFICIAL = [column.id for column in APPLICANTS]


@dataclass
class Box:
    """
    A box of a printed table.
    """

    text: str
    columns: int = 1
    rows: int = 1
    head: bool = False


Grid = list[list[Box]]


@dataclass
class Sample:
    """
    A legal report: all figures and texts.
    """

    form: Form
    organ: str
    year: int
    title: list[str]
    introduction: str | None
    narratives: dict[str, str]
    signature: tuple[str, str] | None
    values: dict[str, Value]
    blank: set[str] = field(default_factory=set)


@dataclass
class Model:
    """
    A printed report before it is a file: paragraphs and tables in order.
    """

    sample: Sample
    title: list[str]
    introduction: list[str]
    sections: list[tuple[str, list[str] | Grid]]
    signature: list[str]
    # the printed values by cell, including the variant's changes
    printed: dict[str, Value] = field(default_factory=dict)
    # for each heading the paragraphs before its table, and those after it
    around: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)


# ------------------------------------------------------------------- reports

ORGANS = [
    "青山镇人民政府",
    "临河县水务局",
    "白石市城市管理行政执法局",
    "东湖区人民政府办公室",
    "云岭街道办事处",
]
SENTENCES = [
    "本年度主动公开政府信息{n}条，其中网站公开{m}条。",
    "受理政府信息公开申请，均在法定期限内答复，没有逾期。",
    "严格执行先审后发，落实三审三校。",
    "加强政府网站和政务新媒体管理，定期检查。",
    "开展业务培训{n}次，参加{m}人次；社会评议结果良好。",
    "一是公开不够及时；二是解读形式单一，群众知晓率有待提高。",
    "下一步将健全制度，明确责任，加强队伍建设。",
    "政策咨询窗口全年接待群众{n}人次，“一窗受理”办结{m}件。",
]


def random_report(seed: int, edition: str = "2021", *, hybrid: bool = False) -> Sample:
    """
    A report whose sums hold; its figures differ enough for a shifted column to be noticed.
    """
    rng = random.Random(seed)
    form = ANNUAL_REPORT_2019 if edition == "2019" else ANNUAL_REPORT_2021
    three = ANNUAL_REPORT_2019.tables[1] if edition == "2019" or hybrid else form.tables[1]
    year = rng.randint(2019, 2020) if edition == "2019" else rng.randint(2021, 2026)
    values: dict[str, Value] = {}
    for cell in form.tables[0].cells:
        match cell.measure:
            case Measure.FEE:
                values[cell.id] = Decimal(rng.choice(["0", "12.5", "7730.28", "0.003", "150"]))
            case Measure.SIGNED:
                values[cell.id] = rng.randint(-40, 40)
            case Measure.AS_PRINTED:
                values[cell.id] = rng.choice(["0", "125.6万元", "3500元", "88.1万元"])
            case _:
                values[cell.id] = rng.choice([0, 0, rng.randint(1, 99), rng.randint(100, 99999)])
    dense = rng.random() < 0.7
    for column in OFFICIAL[:-1]:
        total = 0
        for line in three.lines:
            if line.kind is LineKind.ASKED and line.path[0].startswith("三、"):
                figure = rng.randint(0, 60) if dense or rng.random() < 0.1 else 0
                values[f"{line.id}.{column}"] = figure
                total += figure
        values[f"requests.outcome.total.{column}"] = total
        forward = rng.randint(0, 9)
        over = rng.randint(0, min(7, total + forward))
        values[f"requests.carried_over.{column}"] = over
        values[f"requests.received.{column}"] = total + forward - over
        values[f"requests.carried_forward.{column}"] = forward
    for line in three.lines:
        values[f"{line.id}.total"] = sum(int(values[f"{line.id}.{c}"]) for c in OFFICIAL[:-1])
    for line in form.tables[2].lines:
        figures = [rng.choice([0, 0, rng.randint(1, 30)]) for _ in line.cells]
        for cell, figure in zip(line.cells, figures, strict=True):
            values[cell.id] = figure
        assert line.total
        values[line.total.id] = sum(figures)
    organ = rng.choice(ORGANS)

    def text() -> str:
        lines = []
        for n in range(rng.randint(1, 4)):
            lead = rng.choice(["", f"（{'一二三四'[n]}）", f"{n + 1}."])
            lines.append(
                lead
                + "".join(
                    rng.choice(SENTENCES).format(n=rng.randint(1, 999), m=rng.randint(1, 99))
                    for _ in range(rng.randint(1, 3))
                )
            )
        return "\n".join(lines)

    narratives = {n.id: text() for n in form.narratives}
    narratives["other_matters"] = rng.choice(["无。", f"{year}年度收取信息处理费0元。", text()])
    title = rng.choice(
        [
            [f"{organ}{year}年政府信息公开工作年度报告"],
            [organ, f"{year}年政府信息公开工作年度报告"],
        ]
    )
    introduction = rng.choice(
        [
            None,
            (
                f"根据《中华人民共和国政府信息公开条例》，现公布{organ}{year}年政府信息公开工作年度报告。"
                f"本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
            ),
        ]
    )
    signature = rng.choice([None, (organ, f"{year + 1}年1月{rng.randint(1, 31)}日")])
    if hybrid:
        form = replace_three(form, three)
    return Sample(form, organ, year, title, introduction, narratives, signature, values)


def replace_three(form: Form, three: Table) -> Form:
    """
    The 2021 edition with the table three of 2019, as some offices printed it.
    """
    sections = tuple(
        replace(section, body=three) if section.id == "requests" else section
        for section in form.sections
    )
    return replace(form, sections=sections, sums={}, balance={}, bridge={})


# -------------------------------------------------------------------- tables


def printed(value: Value) -> str:
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def table_two(sample: Sample, *, orders: random.Random | None = None) -> Grid:
    """
    Table two as printed; `orders` shuffles the columns of its blocks.
    """
    grid: Grid = []
    table = sample.form.tables[0]
    permutation: list[int] = []
    for row in table.grid:
        boxes = list(row)
        if boxes[0].text == "信息内容":
            permutation = list(range(1, len(boxes)))
            if orders:
                orders.shuffle(permutation)
        if len(boxes) > 1:
            widths = [box.columns for box in boxes]
            boxes = [boxes[0], *(boxes[i] for i in permutation)]
            boxes = [replace(box, columns=w) for box, w in zip(boxes, widths, strict=True)]
        grid.append([_box(box, sample) for box in boxes])
    return grid


def _box(box: Any, sample: Sample) -> Box:
    text = box.text
    if box.cell:
        text = "" if box.cell in sample.blank else printed(sample.values[box.cell])
    return Box(text, box.columns, box.rows, head=not box.cell)


def table_three(sample: Sample, order: Sequence[str] = OFFICIAL) -> Grid:
    """
    Table three with its columns in the given order; the kinds of organization stay together.
    """
    table = sample.form.tables[1]
    names = {column.id: column.label for column in table.columns}
    head0 = [
        Box(table.grid[0][0].text, 3, 3, head=True),
        Box("申请人情况", len(order), 1, head=True),
    ]
    head1: list[Box] = []
    head2: list[Box] = []
    for column in order:
        if column in ORGANIZATIONS:
            if not head2:
                head1.append(
                    Box("法人或其他组织", sum(c in ORGANIZATIONS for c in order), 1, head=True)
                )
            head2.append(Box(names[column], head=True))
        else:
            head1.append(Box(names[column], 1, 2, head=True))
    grid: Grid = [head0, head1, head2]
    for row in table.grid[3:]:
        labels = [_box(box, sample) for box in row if not box.cell]
        line = next(box.cell for box in row if box.cell).rpartition(".")[0]
        figures = [
            Box("" if f"{line}.{c}" in sample.blank else printed(sample.values[f"{line}.{c}"]))
            for c in order
        ]
        grid.append([*labels, *figures])
    return grid


def table_four(sample: Sample, rng: random.Random | None = None) -> Grid:
    """
    Table four as printed; `rng` shuffles its results and blocks.
    """
    table = sample.form.tables[2]
    lines = list(table.lines)
    results = [cell.column for cell in lines[0].printed]
    if rng is None:
        return [[_box(box, sample) for box in row] for row in table.grid]
    rng.shuffle(results)
    litigation = lines[1:]
    if rng.random() < 0.5:
        litigation.reverse()
    first = rng.random() < 0.5
    top = [Box("行政复议", 5, head=True), Box("行政诉讼", 10, head=True)]
    leaves = [Box(c.label, 1, 2, head=True) for c in results]
    blocks = [Box(line.label, 5, head=True) for line in litigation]
    order = [lines[0], *litigation] if first else [*litigation, lines[0]]
    return [
        top if first else top[::-1],
        [*leaves, *blocks] if first else [*blocks, *leaves],
        [Box(c.label, head=True) for c in (*results, *results)],
        [Box(printed(sample.values[f"{line.id}.{c.id}"])) for line in order for c in results],
    ]


def model_of(sample: Sample) -> Model:
    """
    The report as the form prints it.
    """
    sections: list[tuple[str, list[str] | Grid]] = []
    makers: dict[str, Callable[[Sample], Grid]] = {
        "proactive_disclosure": table_two,
        "requests": table_three,
        "review": table_four,
    }
    for section in sample.form.sections:
        if section.kind is SectionKind.TABLE:
            sections.append((section.heading, makers[section.id](sample)))
        else:
            sections.append((section.heading, sample.narratives[section.id].split("\n")))
    return Model(
        sample,
        list(sample.title),
        [sample.introduction] if sample.introduction else [],
        sections,
        list(sample.signature or ()),
        dict(sample.values),
    )


def as_grid(body: list[str] | Grid) -> Grid | None:
    """
    The table of a section, or None if the section is text.
    """
    return body if body and isinstance(body[0], list) else None


def grids(model: Model) -> list[int]:
    """
    The indexes of the sections that are tables.
    """
    return [i for i, (_, body) in enumerate(model.sections) if as_grid(body)]


def flow(
    model: Model, sections: list[tuple[str, list[str] | Grid]] | None = None
) -> Iterator[tuple[str, str | Grid]]:
    """
    Headings, texts and tables in printed order, each with its kind.
    """
    for heading, body in model.sections if sections is None else sections:
        above, below = model.around.get(heading, ([], []))
        yield "heading", heading
        yield from (("text", line) for line in above)
        if table := as_grid(body):
            yield "table", table
        else:
            yield from (("text", str(line)) for line in body)
        yield from (("text", line) for line in below)


def with_grids(model: Model, change: Callable[[Grid], Grid]) -> Model:
    sections = list(model.sections)
    for index in grids(model):
        heading, body = sections[index]
        sections[index] = (heading, change(copied(cast("Grid", body))))
    return replace(model, sections=sections)


def copied(grid: Grid) -> Grid:
    return [[replace(box) for box in row] for row in grid]


# ------------------------------------------------------------------- variants


def matrix(grid: Grid) -> list[list[tuple[Box, bool, bool]]]:
    """
    The places of the grid: the box, whether it is the box's left column, whether its top row.
    """
    places: dict[tuple[int, int], tuple[Box, bool, bool]] = {}
    for r, row in enumerate(grid):
        c = 0
        for box in row:
            while (r, c) in places:
                c += 1
            for i in range(box.rows):
                for j in range(box.columns):
                    places[r + i, c + j] = (box, j == 0, i == 0)
            c += box.columns
    width = max(c for _, c in places) + 1
    return [[places[r, c] for c in range(width) if (r, c) in places] for r in range(len(grid))]


def merged_as_blanks(grid: Grid) -> Grid:
    """
    Merged boxes are split: the text is in the first place, the others are empty.
    """
    return [
        [Box(box.text if left and top else "", head=box.head) for box, left, top in row]
        for row in matrix(grid)
    ]


def merged_repeated(grid: Grid) -> Grid:
    """
    The text of a merged box is printed in each of its places, as some programs do.
    """
    return [[Box(box.text, head=box.head) for box, _, _ in row] for row in matrix(grid)]


def merged_lost(grid: Grid) -> Grid:
    """
    Merged boxes take one place only: a row is as long as the boxes that begin in it.
    """
    return [[Box(box.text, head=box.head) for box in row] for row in grid]


def rows_lost(grid: Grid) -> Grid:
    """
    Boxes merged over rows take one row only.
    """
    return [[Box(box.text, box.columns, 1, box.head) for box in row] for row in grid]


def blanks_in_labels(rng: random.Random) -> Callable[[Grid], Grid]:
    def change(grid: Grid) -> Grid:
        for row in grid:
            for box in row:
                if box.head and len(box.text) > 2:
                    place = rng.randint(1, len(box.text) - 1)
                    gap = rng.choice([" ", "\u3000", "\u00a0", "\n"])
                    box.text = box.text[:place] + gap + box.text[place:]
        return grid

    return change


def other_punctuation(grid: Grid) -> Grid:
    """
    Half-width brackets, full stops for commas, straight quotes.
    """
    table = str.maketrans("（）、“”：", '()."":')
    for row in grid:
        for box in row:
            if box.head:
                box.text = box.text.translate(table)
    return grid


def full_width_figures(grid: Grid) -> Grid:
    for row in grid:
        for box in row:
            if not box.head:
                box.text = box.text.translate(
                    str.maketrans("0123456789.", "０１２３４５６７８９．")
                )
    return grid


def units_in_figures(grid: Grid) -> Grid:
    for row in grid:
        for box in row:
            if not box.head and box.text.isdigit() and "采" not in row[0].text:
                box.text = f" {box.text} 件"
    return grid


def thousands(grid: Grid) -> Grid:
    for row in grid:
        for box in row:
            if not box.head and box.text.isdigit():
                box.text = f"{int(box.text):,}"
    return grid


def strokes_for_zeros(grid: Grid) -> Grid:
    for row in grid:
        for number, box in enumerate(row):
            if not box.head and box.text == "0":
                box.text = ["/", "-", "—", ""][number % 4]
    return grid


def with_serials(grid: Grid) -> Grid:
    """
    A column of row numbers before the table.
    """
    number = 0
    for row in grid:
        if any(not box.head for box in row):
            number += 1
            row.insert(0, Box(str(number)))
        else:
            row.insert(0, Box("", head=True))
    grid[0][0].text = "序号"
    return grid


def with_remarks(grid: Grid) -> Grid:
    """
    A column for remarks after the table, with a number in it now and then.
    """
    for index, row in enumerate(grid):
        figures = any(not box.head for box in row)
        row.append(Box("" if not figures or index % 5 else str(900 + index), head=not figures))
    for row in grid:
        if not any(not box.head for box in row):
            row[-1].text = "备注"
            break
    return grid


def heads_again(rng: random.Random) -> Callable[[Grid], Grid]:
    """
    The head rows are repeated in the middle, as after a page break.
    """

    def change(grid: Grid) -> Grid:
        heads = 0
        while heads < len(grid) and all(box.head for box in grid[heads]):
            heads += 1
        if heads != 3:
            return grid
        starts = [
            r
            for r in range(heads + 1, len(grid))
            if all(left_top for _, _, left_top in matrix(grid)[r])
        ]
        if not starts:
            return grid
        at = rng.choice(starts)
        return [*grid[:at], *copied(grid[:heads]), *grid[at:]]

    return change


def without_heads(grid: Grid) -> Grid:
    """
    The head rows of tables three and four are missing.
    """
    if len(grid[0]) == 1:
        return grid
    return [row for row in grid if any(not box.head for box in row)]


def shifted_heads(grid: Grid) -> Grid:
    """
    The head rows begin one place too far left and end with an empty box.
    """
    made = merged_as_blanks(grid)
    return [
        [*row[1:], Box("", head=True)] if all(b.head for b in row) and len(row) > 4 else row
        for row in made
    ]


def labels_gone(rng: random.Random) -> Callable[[Grid], Grid]:
    """
    One row in six has lost its labels.
    """

    def change(grid: Grid) -> Grid:
        for row in grid:
            if any(not box.head for box in row) and rng.random() < 0.17:
                for box in row:
                    if box.head:
                        box.text = ""
        return grid

    return change


def words_in_cells(rng: random.Random) -> Callable[[Grid], Grid]:
    """
    A few cells contain a remark instead of a figure.
    """

    def change(grid: Grid) -> Grid:
        for row in grid:
            for box in row:
                if not box.head and rng.random() < 0.04:
                    box.text = rng.choice(["详见附件", "见备注", "涉密", f"{box.text}（含上年）"])
        return grid

    return change


def cells_run_together(rng: random.Random) -> Callable[[Grid], Grid]:
    """
    Two neighbouring figures are in one box.
    """

    def change(grid: Grid) -> Grid:
        for row in grid:
            figures = [i for i, box in enumerate(row) if not box.head]
            if len(figures) > 2 and rng.random() < 0.3:
                at = rng.choice(figures[:-1])
                row[at].text = f"{row[at].text} {row[at + 1].text}"
                row[at].columns += row[at + 1].columns
                del row[at + 1]
        return grid

    return change


def garbled_labels(rng: random.Random) -> Callable[[Grid], Grid]:
    """
    Up to two long labels have a character lost or replaced.
    """

    def change(grid: Grid) -> Grid:
        labels = [
            row[i]
            for row in grid
            if any(not box.head for box in row)
            for i in range(len(row))
            if row[i].head and len(row[i].text) >= 9 and (i + 1 == len(row) or not row[i + 1].head)
        ]
        for box in rng.sample(labels, min(2, len(labels))):
            place = rng.randint(3, len(box.text) - 2)
            box.text = box.text[:place] + rng.choice(["", "又"]) + box.text[place + 1 :]
        return grid

    return change


# -------------------------------------------------------------------- writers

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/'
    '2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default '
    'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/'
    'package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _chunk(name: bytes, data: bytes) -> bytes:
    check = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)


PIXEL = (  # a picture of one pixel
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\0"))
    + _chunk(b"IEND", b"")
)


def archive(document: str, **parts: str) -> bytes:
    """
    A .docx with this main part.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", _TYPES)
        made.writestr("_rels/.rels", _RELS)
        made.writestr("word/document.xml", document)
        for name, text in parts.items():
            made.writestr(f"word/{name}.xml", text)
    return out.getvalue()


def _w_paragraph(text: str) -> str:
    runs = "<w:br/>".join(
        "".join(
            f'<w:r><w:t xml:space="preserve">{html.escape(piece)}</w:t></w:r>'
            for piece in _split(line)
        )
        for line in text.split("\n")
    )
    if "<w:br/>" in runs:
        runs = runs.replace("<w:br/>", "<w:r><w:br/></w:r>")
    return f"<w:p>{runs}</w:p>"


def _split(text: str) -> list[str]:
    """
    The text in runs that are cut anywhere, as Word does it.
    """
    return [text[i : i + 7] for i in range(0, len(text), 7)]


def _w_table(grid: Grid) -> str:
    rows = []
    reaching: dict[int, tuple[int, int]] = {}
    for row in grid:
        cells = []
        col = 0
        boxes = list(row)
        below: dict[int, tuple[int, int]] = {}
        while boxes or col in reaching:
            if col in reaching:
                width, left = reaching.pop(col)
                cells.append(_w_cell("", width, "<w:vMerge/>"))
                if left > 1:
                    below[col] = (width, left - 1)
                col += width
                continue
            box = boxes.pop(0)
            merge = '<w:vMerge w:val="restart"/>' if box.rows > 1 else ""
            cells.append(_w_cell(box.text, box.columns, merge))
            if box.rows > 1:
                below[col] = (box.columns, box.rows - 1)
            col += box.columns
        reaching = below
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def _w_cell(text: str, width: int, merge: str) -> str:
    span = f'<w:gridSpan w:val="{width}"/>' if width > 1 else ""
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{_w_paragraph(text)}</w:tc>"


def to_docx(model: Model, *, glued: bool = False) -> bytes:
    """
    A Word file; `glued` joins the tables of the sections into one.
    """
    body = [_w_paragraph(line) for line in (*model.title, *model.introduction)]
    for _, content in flow(model, _glued(model) if glued else None):
        body.append(_w_paragraph(content) if isinstance(content, str) else _w_table(content))
    body += [_w_paragraph(line) for line in model.signature]
    return archive(
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{_W}"><w:body>'
        f"{''.join(body)}<w:sectPr/></w:body></w:document>"
    )


def _glued(model: Model) -> list[tuple[str, list[str] | Grid]]:
    """
    The tables joined into one, with the headings as rows.
    """
    first, *rest = grids(model)
    made: list[tuple[str, list[str] | Grid]] = []
    table: Grid = []
    width = 30
    for index, (heading, body) in enumerate(model.sections):
        if index == first:
            table += copied(cast("Grid", body))
            made.append((heading, table))
        elif index in rest:
            table.append([Box(heading, width, head=True)])
            table += copied(cast("Grid", body))
        else:
            made.append((heading, body))
    return made


MENU = (
    '<div class="top"><ul><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li>'
    '<li><a href="/hdjl">互动交流</a></li></ul><div>当前位置：首页 &gt; 公开年报</div></div>'
)
BOX = (
    "<table class='info'><tr><td>名称</td><td colspan=3>{title}</td></tr><tr><td>索引号</td>"
    "<td>01431/2024-0002</td><td>发布日期</td><td>2024-01-17</td></tr></table>"
)
FOOT = (
    '<div class="share">分享到：<a href="#">微信</a></div><p>上一篇：没有了</p>'
    '<p>下一篇：<a href="/x.html">另一个局2022年政府信息公开工作年度报告</a></p>'
    "<div id=foot><p>主办单位：某某人民政府办公室</p>"
    "<p>版权所有 网站标识码：3200000001</p><p>苏ICP备00000000号</p></div>"
)


def html_table(grid: Grid, *, messy: bool = False) -> str:
    rows = []
    for row in grid:
        cells = []
        for box in row:
            spans = (f' colspan="{box.columns}"' if box.columns > 1 else "") + (
                f' rowspan="{box.rows}"' if box.rows > 1 else ""
            )
            text = html.escape(box.text).replace("\n", "<br/>")
            if messy:
                text = (
                    '<p class="MsoNormal" style="text-align:center"><span lang="EN-US">'
                    + "</span><span>".join(text[i : i + 3] for i in range(0, len(text), 3))
                    + "<o:p></o:p></span></p>"
                    if text and "&" not in text and "<" not in text
                    else f"<p>{text or '<o:p>&nbsp;</o:p>'}</p>"
                )
            cells.append(f"<td{spans}>{text}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>\n")
    return f"<table border=1><tbody>{''.join(rows)}</tbody></table>"


def fragment(model: Model, *, messy: bool = False, glued: bool = False) -> str:
    """
    The report itself as HTML.
    """
    tag = "p" if messy else "h2"
    made = []
    made += [f"<p>{html.escape(line)}</p>" for line in model.introduction]
    for kind, content in flow(model, _glued(model) if glued else None):
        if not isinstance(content, str):
            made.append(html_table(content, messy=messy))
        elif kind == "heading":
            made.append(f"<{tag}>{html.escape(content)}</{tag}>")
        else:
            made.append(f"<p>&emsp;&emsp;{html.escape(content)}</p>")
    made += [f'<p align="right">{html.escape(line)}</p>' for line in model.signature]
    return "\n".join(made)


def to_html(
    model: Model,
    *,
    messy: bool = False,
    charset: str = "utf-8",
    layout: int = 0,
    glued: bool = False,
    bare: bool = False,
) -> bytes:
    """
    A page of a government site, inside `layout` nested tables; `bare` leaves out all but the
    report.
    """
    title = "".join(f"<h1>{html.escape(line)}</h1>" for line in model.title)
    report = fragment(model, messy=messy, glued=glued)
    if bare:
        page = title + report
    else:
        inner = (
            BOX.format(title="".join(model.title))
            + title
            + f'<div class="content" id="zoom">{report}</div>'
        )
        for depth in range(layout):
            inner = (
                f"<table width=100%><tr><td width=20%>栏目{depth}</td><td>{inner}</td></tr></table>"
            )
        page = (
            f'<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; '
            f'charset={charset}"><title>{"".join(model.title)}-某某网</title><script>var a="<p>一、'
            f'总体情况</p>";</script><style>td{{border:1px}}</style></head><body>{MENU}'
            f'<div id="main">{inner}</div><div style="display:none">一、总体情况 999</div>'
            f"{FOOT}<script>x()</script></body></html>"
        )
    return page.encode(charset)


def to_txt(model: Model, style: str = "tabs", *, charset: str = "utf-8") -> bytes:
    """
    A text file. `style` says how tables are written: `tabs` and `blanks` one row per line, `cells`
    one cell per line, `word` one cell per line after a tab with a blank line after each row, and
    others.
    """
    lines = [*model.title, *model.introduction]
    for _, content in flow(model):
        lines += [content] if isinstance(content, str) else _text_table(content, style)
    lines += model.signature
    return "\n".join(lines).encode(charset)


def _text_table(grid: Grid, style: str) -> list[str]:
    if style == "tabs":
        return ["\t".join(box.text.replace("\n", "") for box in row) for row in grid]
    if style == "excel":
        return [
            "\t".join(box.text.replace("\n", "") for box in row) for row in merged_as_blanks(grid)
        ]
    if style == "blanks":
        return [
            "   ".join(box.text.replace("\n", " ") or " " for box in row).rstrip() for row in grid
        ]
    if style == "single":
        return [" ".join(box.text.replace("\n", "") for box in row if box.text) for row in grid]
    if style == "strokes":
        return [
            "| " + " | ".join(b.text.replace("\n", " ") for b in row) + " |"
            for row in merged_as_blanks(grid)
        ]
    if style == "word":
        lines = []
        for row in matrix(grid):
            for box, left, top in row:
                if left:
                    lines.append("\t" + (box.text if top else ""))
            lines.append("")
        return lines
    if style == "cells":
        return [
            line
            for row in grid
            for box in row
            for line in (box.text.split("\n") if box.text else [])
        ]
    if style == "cells with blanks":
        return [line for row in grid for box in row for line in box.text.split("\n")]
    if style == "spaced cells":
        return [
            line
            for row in grid
            for box in row
            if box.text
            for line in (box.text.replace("\n", ""), "")
        ]
    if style in OFF_PAGES:
        return _off_a_page(grid, style)
    raise ValueError(style)


# Styles of tables as they come when a page is copied or a PDF is turned into text.
OFF_PAGES = (
    "words of five letters",
    "labels, figures",
    "labels around figures",
    "one line",
    "labels first",
)


def _off_a_page(grid: Grid, style: str) -> list[str]:
    """
    A table in one of the styles of OFF_PAGES.

    In «words of five letters» labels are cut into lines of five characters, with one cell per line.
    In «labels, figures» each row's labels are above its figures, in «labels around figures» the
    figures are between the lines of their label. «one line» has everything on one line, «labels
    first» all labels before all figures.
    """
    boxes = [[box for box in row if box.text] for row in grid]
    if style == "one line":
        return [" ".join(box.text.replace("\n", "") for row in boxes for box in row)]
    if style == "words of five letters":
        return [
            part
            for row in boxes
            for box in row
            for part in (_in_pieces(box.text, 5) if box.head else [box.text])
        ]
    lines: list[str] = []
    figures: list[str] = []
    for row in boxes:
        labels = [box.text.replace("\n", "") for box in row if box.head]
        shown = " ".join(box.text for box in row if not box.head)
        if style == "labels first":
            lines += labels
            figures += [shown] if shown else []
        elif style == "labels, figures":
            lines += ["".join(labels) if shown else " ".join(labels), shown]
        else:
            around = _in_pieces(labels.pop(), 12) if labels and shown else []
            lines += [*labels, *around[:1], shown, *around[1:]]
    return [line for line in (*lines, *figures) if line]


def _in_pieces(text: str, most: int) -> list[str]:
    said = text.replace("\n", "")
    return [said[start : start + most] for start in range(0, len(said), most)]


# ------------------------------------------------------------------------ PDF

_LEFT, _RIGHT, _TOP, _BOTTOM = 80.0, 512.0, 760.0, 90.0  # points; 27 characters of 16 points a line


class _Canvas:
    """
    Pages of text and lines, written as a PDF without a library; a character's code is its glyph's.
    """

    def __init__(self) -> None:
        self.pages: list[list[str]] = []
        self.y = 0.0
        self.turn()

    def turn(self) -> None:
        self.pages.append([])
        self.y = _TOP
        self.text(f"- {len(self.pages)} -", 280, 50, 14)

    def text(self, text: str, x: float, y: float, size: float) -> None:
        """
        Draw a line of text.

        «¹» is drawn as a small digit above the line, a character before U+0336 is struck out, «▣»
        is drawn as a picture.
        """
        for char in text:
            if char == "▣":
                dot = "BI /W 1 /H 1 /CS /G /BPC 8 ID 0 EI"
                self.pages[-1].append(f"q 60 0 0 60 {x:.2f} {y - 60:.2f} cm {dot} Q")
                self.y -= 60
                continue
            if char in "¹²³":
                plain = unicodedata.normalize("NFKC", char)
                self.text(plain, x, y + 0.35 * size, 0.6 * size)
                x += 0.3 * size
                continue
            if char == "\u0336":
                at = y + 0.3 * size
                self.pages[-1].append(f"{x - size / 2:.2f} {at:.2f} m {x:.2f} {at:.2f} l S")
                continue
            self.pages[-1].append(f"BT /F {size} Tf {x:.2f} {y:.2f} Td <{ord(char):04X}> Tj ET")
            x += size * (0.5 if char.isascii() else 1)

    def box(self, x: float, y: float, width: float, height: float) -> None:
        self.pages[-1].append(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def paragraph(self, text: str, *, centred: bool = False) -> None:
        size = 16.0
        room = _RIGHT - _LEFT
        x = _LEFT + 2 * size
        if centred:
            x = (_LEFT + _RIGHT - _wide(text, size)) / 2
        line = ""
        for char in text:
            if not centred and x + _wide(line + char, size) > _LEFT + room + 1:
                self.line(line, x, size)
                line, x = "", _LEFT
            line += char
        self.line(line, x, size)

    def line(self, text: str, x: float, size: float) -> None:
        if self.y < _BOTTOM:
            self.turn()
        self.text(text, x, self.y, size)
        self.y -= 27

    def table(self, grid: Grid) -> None:
        """
        Draw a table with ruled boxes; a row that does not fit begins a new page.
        """
        places = matrix(grid)
        width = (_RIGHT - _LEFT) / max(map(len, places))
        size = min(9.0, width / 2.2)
        drawn: set[int] = set()
        for r, row in enumerate(places):
            tall = 4 + max(
                len(_wrapped(box.text, width * box.columns, size)) * (size + 2) / box.rows
                for box, _, _ in row
            )
            if self.y - tall < _BOTTOM:
                self.turn()
            for c, (box, left, _) in enumerate(row):
                if not left:
                    continue
                # a box over several rows is drawn row by row, with its text in the first row
                first = id(box) not in drawn
                drawn.add(id(box))
                x, wide = _LEFT + c * width, width * box.columns
                edge = self.pages[-1]
                below = places[r + 1] if r + 1 < len(places) else []
                ends = c >= len(below) or below[c][0] is not box
                edge.append(f"{x:.2f} {self.y:.2f} m {x:.2f} {self.y - tall:.2f} l S")
                edge.append(f"{x + wide:.2f} {self.y:.2f} m {x + wide:.2f} {self.y - tall:.2f} l S")
                if first or self.y == _TOP:
                    edge.append(f"{x:.2f} {self.y:.2f} m {x + wide:.2f} {self.y:.2f} l S")
                if ends or self.y - 2 * tall < _BOTTOM:
                    low = self.y - tall
                    edge.append(f"{x:.2f} {low:.2f} m {x + wide:.2f} {low:.2f} l S")
                if first:
                    for n, line in enumerate(_wrapped(box.text, wide, size)):
                        self.text(line, x + 2, self.y - (n + 1) * (size + 2), size)
            self.y -= tall
        self.y -= 27

    def written(self) -> bytes:
        ranges = (
            "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            + "".join(
                f"1 beginbfrange <{high:02X}00> <{high:02X}FF> <{high:02X}00> endbfrange\n"
                for high in range(0xD8)
            )
            + "1 beginbfrange <FF00> <FFEF> <FF00> endbfrange\n"
        )
        cmap = (
            f"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n{ranges}endcmap end end"
        )
        narrow = " ".join(f"{code} {code} 500" for code in range(32, 127))
        parts = [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[{}]/Count {}>>".format(
                " ".join(f"{6 + 2 * n} 0 R" for n in range(len(self.pages))), len(self.pages)
            ),
            (
                "<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts"
                "[4 0 R]/ToUnicode 5 0 R>>"
            ),
            (
                "<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)"
                f"/Ordering(Identity)/Supplement 0>>/DW 1000/W[{narrow}]/FontDescriptor<</Type"
                "/FontDescriptor/FontName/Song/Flags 4/FontBBox[0 -120 1000 880]/Ascent 880"
                "/Descent -120/ItalicAngle 0/CapHeight 700/StemV 80>>>>"
            ),
            f"<</Length {len(cmap)}>>\nstream\n{cmap}\nendstream",
        ]
        for number, page in enumerate(self.pages):
            content = "\n".join(page)
            parts.append(
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {7 + 2 * number} 0 R"
                "/Resources<</Font<</F 3 0 R>>>>>>"
            )
            parts.append(f"<</Length {len(content)}>>\nstream\n{content}\nendstream")
        out = "%PDF-1.4\n"
        places = []
        for number, part in enumerate(parts, 1):
            places.append(len(out))
            out += f"{number} 0 obj\n{part}\nendobj\n"
        table = "".join(f"{place:010d} 00000 n \n" for place in places)
        out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}"
        start = out.index("xref\n0 ")
        return (
            out + f"trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF"
        ).encode("latin-1")


def _wide(text: str, size: float) -> float:
    return sum(size * (0.5 if char.isascii() else 1) for char in text)


def _wrapped(text: str, width: float, size: float) -> list[str]:
    lines = [""]
    for char in text:
        if char == "\n" or _wide(lines[-1] + char, size) > width - 3:
            lines.append("")
        if char != "\n":
            lines[-1] += char
    return lines


def to_pdf(model: Model) -> bytes:
    """
    A PDF with ruled tables, page numbers, and paragraphs broken into lines.
    """
    canvas = _Canvas()
    for line in model.title:
        canvas.paragraph(line, centred=True)
    for line in model.introduction:
        canvas.paragraph(line)
    for _, content in flow(model):
        if isinstance(content, str):
            canvas.paragraph(content)
        else:
            canvas.table(content)
    for line in model.signature:
        canvas.paragraph(line)
    return canvas.written()


# ------------------------------------------------------------------ variants by name


def in_other_order(model: Model, rng: random.Random) -> Model:
    """
    The columns of all three tables stand in another order.
    """
    inner = OFFICIAL[1:6]
    rng.shuffle(inner)
    person, total = OFFICIAL[0], OFFICIAL[6]
    order = rng.choice(
        [
            [person, *inner, total],
            [total, person, *inner],
            [*inner, person, total],
            [total, *inner, person],
        ]
    )
    two, three, four = grids(model)
    sections = list(model.sections)
    sections[two] = (sections[two][0], table_two(model.sample, orders=rng))
    sections[three] = (sections[three][0], table_three(model.sample, order))
    sections[four] = (sections[four][0], table_four(model.sample, rng))
    return replace(model, sections=sections)


def without_columns(model: Model, rng: random.Random) -> Model:
    """
    Table three without two of its columns.
    """
    gone = rng.sample(OFFICIAL, 2)
    three = grids(model)[1]
    sections = list(model.sections)
    kept = [column for column in OFFICIAL if column not in gone]
    sections[three] = (sections[three][0], table_three(model.sample, kept))
    printed = {
        cell: value
        for cell, value in model.printed.items()
        if not (cell.startswith("requests.") and cell.rpartition(".")[2] in gone)
    }
    return replace(model, sections=sections, printed=printed)


BEFORE = [
    "{year}年，本机关制发行政规范性文件{n}件，废止{m}件。",
    "本年度共收到政府信息公开申请{n}件，均已按期答复，其中予以公开{m}件，没有逾期。",
    "我单位全年没有因政府信息公开工作被申请行政复议、提起行政诉讼的情况，具体数据见下表：",
]
AFTER = [
    "注：以上数据统计截至{year}年12月31日。",
    "备注：表内“其他”指不属于前述各类的申请人{n}人次。",
    "以上{n}件申请均由办公室统一登记，由承办科室答复，结果已录入平台。",
]


def texts_around(model: Model, rng: random.Random) -> Model:
    """
    Add paragraphs between a heading and its table, after a table, in both places or in none.
    """

    def some(kind: list[str]) -> list[str]:
        texts = rng.sample(kind, rng.choice([0, 1, 1, 2]))
        numbers = {"year": model.sample.year, "n": rng.randint(0, 999), "m": rng.randint(0, 99)}
        return [text.format(**numbers) for text in texts]

    headings = [model.sections[at][0] for at in grids(model)]
    return replace(model, around={heading: (some(BEFORE), some(AFTER)) for heading in headings})


Variant = Callable[[Model, random.Random], Model]


def _grids(change: Callable[[Grid], Grid]) -> Variant:
    return lambda model, _: with_grids(model, change)


def _random_grids(change: Callable[[random.Random], Callable[[Grid], Grid]]) -> Variant:
    return lambda model, rng: with_grids(model, change(rng))


VARIANTS: dict[str, Variant] = {
    "as the form prints it": lambda model, _: model,
    "merged boxes repeated": _grids(merged_repeated),
    "merged boxes split, the rest blank": _grids(merged_as_blanks),
    "merged boxes lost": _grids(merged_lost),
    "spans over rows lost": _grids(rows_lost),
    "blanks inside labels": _random_grids(blanks_in_labels),
    "other punctuation": _grids(other_punctuation),
    "full-width figures": _grids(full_width_figures),
    "units in figures": _grids(units_in_figures),
    "thousands separators": _grids(thousands),
    "strokes and blanks for zeros": _grids(strokes_for_zeros),
    "row numbers": _grids(with_serials),
    "a column for remarks": _grids(with_remarks),
    "heads repeated after a page break": _random_grids(heads_again),
    "garbled labels": _random_grids(garbled_labels),
    "heads lost": _grids(without_heads),
    "heads askew": _grids(shifted_heads),
    "labels lost": _random_grids(labels_gone),
    "words in cells": _random_grids(words_in_cells),
    "cells run together": _random_grids(cells_run_together),
    "columns in another order": in_other_order,
    "columns missing": without_columns,
    "texts around the tables": texts_around,
}

WRITERS: dict[str, Callable[[Model], bytes]] = {
    "docx": to_docx,
    "docx, tables glued": lambda model: to_docx(model, glued=True),
    "html": to_html,
    "html out of Word, gb18030": lambda model: to_html(model, messy=True, charset="gb18030"),
    "html in layout tables": lambda model: to_html(model, layout=3),
    "html, tables glued": lambda model: to_html(model, glued=True),
    "txt, tabs": to_txt,
    "txt out of a spreadsheet": lambda model: to_txt(model, "excel"),
    "txt out of Word, utf-16": lambda model: to_txt(model, "word", charset="utf-16"),
    "txt, a cell a line, gb18030": lambda model: to_txt(model, "cells", charset="gb18030"),
    "txt, a cell a line with blanks": lambda model: to_txt(model, "cells with blanks"),
    "txt, a cell every other line": lambda model: to_txt(model, "spaced cells"),
    "txt, wide blanks": lambda model: to_txt(model, "blanks"),
    "txt, single blanks": lambda model: to_txt(model, "single"),
    "txt, strokes": lambda model: to_txt(model, "strokes"),
}
# The PDF writer is much slower than the others, so not every test uses it.
WITH_PDF = {**WRITERS, "pdf": to_pdf}
EDITIONS = ("2021", "2019", "hybrid")


def sample_of(seed: int, edition: str) -> Sample:
    """
    A random report of an edition; `hybrid` is the form of 2021 with the table three of 2019.
    """
    return random_report(seed, "2019" if edition == "2019" else "2021", hybrid=edition == "hybrid")
