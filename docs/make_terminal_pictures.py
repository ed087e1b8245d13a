"""
The pictures of the guide to the terminal, from a real chat in a terminal of its own (tmux).

    make pictures
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docs.make_pictures import ORGAN, ROOT, shoot

COLUMNS, LINES = 76, 60
WIDTH = 640  # CSS pixels
STYLE = """
body { margin: 0; background: #1e2430; color: #e6e6e6; }
pre { margin: 0; padding: 14px 16px; font: 15px/1.4 "Noto Sans Mono CJK SC", "Noto Color Emoji"; }
"""
# What a chat in a terminal uses of ECMA-48's colours.
COLOURS = {"32": "#8fce73", "33": "#e5c07b", "34": "#74b4f2", "36": "#6fd0d4"}
PROMPT = "Ctrl-D"  # stands in the last line whenever it waits for somebody to type
PATIENCE = 60.0  # seconds


class Window:
    """A terminal in which the chat runs."""

    def __init__(self, folder: Path) -> None:
        """Open it and wait for the first question."""
        tmux = shutil.which("tmux")
        if tmux is None:
            sys.exit("tmux is needed for the pictures of the terminal (Debian: tmux).")
        self.tmux = [tmux, "-L", f"nianbao-{os.getpid()}", "-f", "/dev/null"]
        chat = [ROOT / ".venv/bin/nianbao", "chat", "--data", folder, "--year", "2025"]
        self._ask("new-session", "-d", "-x", COLUMNS, "-y", LINES, *chat, "--organ", ORGAN)
        self._ask("set-option", "-g", "status", "off")
        self.shows()

    def _ask(self, *words: object) -> str:
        return subprocess.run(
            [*self.tmux, *map(str, words)], capture_output=True, text=True, check=True
        ).stdout

    def shows(self, before: str = "") -> str:
        """The screen, once it differs from another one and waits for somebody."""
        until = time.monotonic() + PATIENCE
        last = before
        while time.monotonic() < until:
            now = self._ask("capture-pane", "-p", "-e")
            if now == last != before and PROMPT in now:
                return now
            last = now
            time.sleep(0.5)
        sys.exit(f"The terminal shows nothing new:\n{last}")

    def types(self, *lines: str) -> str:
        """Type lines, each once the last was answered; the screen after them."""
        screen = self.shows()
        for line in lines:
            self._ask("send-keys", "-l", line)
            self._ask("send-keys", "Enter")
            screen = self.shows(screen)
        return screen

    def close(self) -> None:
        """End it."""
        self._ask("kill-server")


def draw(name: str, screen: str) -> None:
    """A picture of the screen without its foot and the empty lines over it."""
    lines = screen.strip().split("\n")[:-1]
    shown = "\n".join(lines).rstrip()
    shoot(name, STYLE, f"<pre>{coloured(shown)}</pre>", WIDTH)


def coloured(text: str) -> str:
    """The text as HTML."""
    out = []
    for piece in re.split("(\x1b\\[[0-9;]*m)", text):
        if not piece.startswith("\x1b"):
            out.append(html.escape(piece))
            continue
        codes = piece[2:-1].split(";")
        colour = next((COLOURS[code] for code in codes if code in COLOURS), "inherit")
        bold = "font-weight: bold;" if "1" in codes else ""
        out.append(f'</span><span style="{bold} color: {colour}">')
    return "<span>" + "".join(out) + "</span>"


def run() -> None:
    """Begin a report and draw what the screen shows."""
    with tempfile.TemporaryDirectory() as folder:
        window = Window(Path(folder))
        try:
            screen = window.types("#1", "3 0", "其余全部为 0", "改 行政许可", "295")
            draw("terminal", screen)
        finally:
            window.close()


if __name__ == "__main__":
    run()
