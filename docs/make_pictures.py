"""
The pictures of the README and the guides, from a real run.

The bot runs against the tests' Bot API server; a clerk fills in the example report. The
chat as the clerk then sees it is drawn in Chromium, the finished document by LibreOffice.

    make pictures
"""

from __future__ import annotations

import asyncio
import html
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.files.pictures import look  # noqa: E402
from bot.inviting import invite  # noqa: E402
from bot.settings import Settings  # noqa: E402 - the project is found first
from bot.telegram.service import Service, make_bot  # noqa: E402
from conversations.reminders.calendar import SHANGHAI  # noqa: E402
from storage.store import Store  # noqa: E402
from tests.botapi import BotServer, Message, Person  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
ORGAN = "雷鸣镇人民政府"
WIDTH = 360  # CSS pixels of the phone

STYLE = """
* { box-sizing: border-box; }
body { margin: 0; width: 360px; background: #cfdcea; color: #111;
  font: 15px/1.45 "Noto Sans CJK SC", "Noto Color Emoji", sans-serif; }
header { background: #517da2; color: #fff; padding: 10px 14px; font-weight: 600; }
header small { display: block; font-weight: 400; opacity: .85; font-size: 12px; }
main { padding: 10px 8px 14px; }
.m { max-width: 86%; margin: 0 0 7px; clear: both; }
.m.me { float: right; }
.m.bot { float: left; width: 86%; }
.t { padding: 7px 11px; border-radius: 13px; white-space: pre-wrap; overflow-wrap: anywhere; }
.bot .t { background: #fff; display: inline-block; min-width: 55%; }
.me .t { background: #e2f7cb; }
.k { margin-top: 3px; }
.r { display: flex; gap: 3px; margin-bottom: 3px; }
.b { flex: 1; background: #6f95b6; color: #fff; text-align: center; border-radius: 8px;
  padding: 6px 3px; font-size: 14px; }
.b.primary { background: #2f7fd0; } .b.success { background: #3f9b4d; }
.b.danger { background: #c0504d; }
.e { font-size: 13px; display: inline-block; background: #cfe9b2; border-radius: 10px;
  padding: 0 7px; margin-top: 3px; }
.f { font-weight: 600; }
"""


def bubble(message: Message) -> str:
    """One message as HTML."""
    who = "bot" if message.from_bot else "me"
    text = html.escape(message.text)
    if message.file_name:
        text = f'<span class="f">📄 {html.escape(message.file_name)}</span>\n{text}'
    reactions = "".join(f'<br><span class="e">{one}</span>' for one in message.reactions)
    rows = "".join(
        '<div class="r">'
        + "".join(f'<div class="b {one.style or ""}">{html.escape(one.label)}</div>' for one in row)
        + "</div>"
        for row in message.rows
    )
    keys = f'<div class="k">{rows}</div>' if rows else ""
    return f'<div class="m {who}"><div class="t">{text}{reactions}</div>{keys}</div>'


def draw(name: str, messages: list[Message]) -> None:
    """A picture of a part of the chat."""
    body = "<header>年报助手<small>机器人</small></header><main>" + "".join(
        bubble(one) for one in messages
    )
    shoot(name, STYLE, body + '<div style="clear:both"></div></main>', WIDTH)


def shoot(name: str, style: str, body: str, width: int) -> None:
    """A picture of a page, as long as it is."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is needed for the pictures (Debian: chromium).")
    if not has_emoji():
        sys.exit("A font with emoji is needed for the pictures (Debian: fonts-noto-color-emoji).")
    page = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>{style}</style>{body}'
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "chat.html"
        source.write_text(page, "utf-8")
        shot = Path(folder) / "chat.png"
        subprocess.run(
            [
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--force-device-scale-factor=2",
                f"--user-data-dir={folder}/profile",
                f"--window-size={width},2600",
                f"--screenshot={shot}",
                source.as_uri(),
            ],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        trimmed(shot.read_bytes(), PICTURES / f"{name}.png")


def has_emoji() -> bool:
    """Whether a font on this machine has emoji."""
    if not (lister := shutil.which("fc-list")):
        return False
    listed = subprocess.run([lister], capture_output=True, check=False)
    return b"emoji" in listed.stdout.lower()


def trimmed(picture: bytes, target: Path) -> None:
    """Cut the empty room under the chat, and save small."""
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    ground = image.getpixel((image.width // 2, image.height - 2))
    bottom = image.height - 1
    while bottom > 0 and all(
        image.getpixel((x, bottom)) == ground for x in range(0, image.width, 7)
    ):
        bottom -= 1
    image = image.crop((0, 0, image.width, min(bottom + 20, image.height)))
    image = image.resize((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.LANCZOS)
    image.quantize(128).save(target, "PNG", optimize=True)


def draw_document(document: bytes) -> None:
    """The first pages of the document side by side."""
    from PIL import Image

    pages = [Image.open(io.BytesIO(one)) for one in look(document, width=620, most=3).pictures]
    gap = 18
    width = sum(page.width for page in pages) + gap * (len(pages) + 1)
    sheet = Image.new("L", (width, pages[0].height + 2 * gap), 214)
    x = gap
    for page in pages:
        sheet.paste(page.convert("L"), (x, gap))
        x += page.width + gap
    sheet.quantize(32).save(PICTURES / "document.png", "PNG", optimize=True)


class Clerk:
    """Somebody who waits for each answer before going on."""

    def __init__(self, server: BotServer, person: Person) -> None:
        """Nothing has been said yet."""
        self.server = server
        self.person = person
        self.marks: dict[str, int] = {}

    async def does(self, *acts: str) -> None:
        """Say texts, tap buttons («>label»)."""
        for act in acts:
            before = self.seen()
            if act.startswith(">"):
                await self.person.taps(act[1:])
            else:
                await self.person.says(act)
            await self.server.until(
                lambda before=before: self.seen() > before,  # type: ignore[misc]
                act,
                timeout=20,
            )
            await self.server.quiet(0.4, timeout=20)

    def seen(self) -> int:
        """How often the bot has said something, or changed what it said."""
        return sum(1 + message.edited for message in self.person.from_bot)

    def here(self) -> int:
        """How long the chat is now."""
        return len(self.person.chat)


@asynccontextmanager
async def at_work() -> AsyncIterator[tuple[BotServer, Store, str]]:
    """The bot over a store of its own, without pictures; its name in links."""
    with tempfile.TemporaryDirectory() as folder:
        async with BotServer() as server:
            os.environ.update(
                TELEGRAM_BOT_TOKEN=server.token,
                NIANBAO_BASE_URL=server.base_url,
                NIANBAO_BASE_FILE_URL=server.base_file_url,
                NIANBAO_DATA_DIR=folder,
            )
            settings = Settings()
            with Store.open(Path(folder)) as store:
                bot = make_bot(settings)
                service = Service(settings, store, bot)
                serving = asyncio.create_task(service.run())
                while service.sender is None:  # noqa: ASYNC110 - it starts in a moment
                    await asyncio.sleep(0.05)
                service.sender.pictures = False
                yield server, store, bot.username
                service.stopping.set()
                await serving


async def run() -> None:
    """Fill in the example and draw what the clerk sees."""
    narratives = narratives_of(ROOT / "bot" / "examples" / "leimingzhen-2023.chat.txt")
    async with at_work() as (server, store, name):
        now = datetime.now(SHANGHAI)
        with store.begin() as unit:
            link = invite(unit, name, ORGAN, "clerk", "operator", now)
        person = server.person("经办人")
        clerk = Clerk(server, person)
        await clerk.does(f"/start {link.partition('=')[2]}", ">加入", "2023")
        draw("start", person.chat[1:])
        begin = clerk.here()
        await clerk.does(">先填数字（约 10 次点击）")
        await clerk.does(">其余全部为 0", ">改 行政许可", "２９５件")
        draw("chat", person.chat[begin:])
        await clerk.does(">对，下一步")
        row = clerk.here()
        await clerk.does("3 1 0 0 0 0", ">更多", ">选行")
        draw("rows", person.chat[row - 1 :])
        await clerk.does(">予以公开", "自然人3 其余0", ">其余全部为 0")
        carry = clerk.here()
        draw("carry", person.chat[carry - 3 :])
        await clerk.does(">不对，补填办理结果", ">部分公开", "0 1 0 0 0 0")
        await clerk.does(">对，下一步")
        totals = clerk.here()
        await clerk.does("2 1 0 0 4")
        draw("finding", person.chat[totals - 1 :])
        await clerk.does(">按 3 计", ">其余全部为 0", ">对，下一步")
        await clerk.does(narratives[0], ">完成")
        await clerk.does(narratives[1], ">完成", ">无。")
        await clerk.does(">全部按默认")
        review = clerk.here()
        draw("review", person.chat[review - 1 :])
        await clerk.does(">生成正式文件")
        document = next(m.file for m in person.chat if m.file)
        with store.begin() as unit:
            link = invite(unit, name, ORGAN, "leader", "operator", now)
        leader = Clerk(server, server.person("张建国"))
        await leader.does(f"/start {link.partition('=')[2]}", ">加入", "2023")
        await signed_off(clerk, leader)
    assert document is not None
    draw_document(document)


async def signed_off(clerk: Clerk, leader: Clerk) -> None:
    """Hand the report in, remark at a row and a sentence, and return it."""
    await clerk.does("/menu", ">总览", ">送审")
    await leader.does("/start")
    draw("leader", leader.person.chat[-1:])
    await leader.does(">逐节看", "行政许可")
    row = leader.here()
    await leader.does("是不是 259 件？请和台账核对")
    draw("remark", leader.person.chat[row - 1 :])
    await leader.does(">回到本节", ">上一节", ">2. ", ">1. ", ">在此批注", "太笼统，写明谁分管")
    await leader.does("/start", ">退回")
    await clerk.does("/start")
    draw("returned", clerk.person.chat[-1:])


def narratives_of(script: Path) -> list[str]:
    """The narratives of the clerk's script."""
    lines = [one for one in script.read_text("utf-8").splitlines() if not one.startswith("//")]
    texts: list[list[str]] = [[]]
    for line in lines[lines.index("2023年，" + lines_start(lines)) :]:
        if line == "完成":
            texts.append([])
        else:
            texts[-1].append(line)
    return ["\n".join(one) for one in texts if one]


def lines_start(lines: list[str]) -> str:
    """How the first narrative goes on after its year."""
    return next(one for one in lines if one.startswith("2023年，")).removeprefix("2023年，")


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    asyncio.run(run())
