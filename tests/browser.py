"""
Pages in a real browser: what a script finds in them, how they are printed and look.
"""

import html
import json
import re
import subprocess
from pathlib import Path
from typing import Any

# Starting the browser takes most of the time, so all pages are shown in frames of one window.
_FRAMES = """<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><body><script>
const look = (0, eval)(%s);
const within = %s;
const found = [];
const done = () => { document.body.textContent = JSON.stringify(found); };
(async () => {
  for (const [text, width] of %s) {
    const frame = document.createElement("iframe");
    frame.style.cssText = `border:0;width:${width}px;height:900px`;
    await new Promise((ready) => {
      frame.onload = ready;
      frame.srcdoc = text;
      document.body.append(frame);
    });
    frame.contentWindow.eval(within);
    found.push(await look(frame.contentWindow));
    frame.remove();
  }
})().catch((error) => { found.push(String(error.stack)); }).finally(done);
</script></body></html>
"""


def look(
    chromium: Path, folder: Path, pages: list[tuple[str, int]], script: str, library: str = ""
) -> list[Any]:
    """
    What `script`, a function of a window, returns for each page; a page is given with its width in
    pixels.

    `library` is run in each page before.
    """
    given = (json.dumps(part).replace("</", "<\\/") for part in (script, library, pages))
    shown = folder / "frames.html"
    shown.write_text(_FRAMES % tuple(given), "utf-8")
    said = run(chromium, folder, shown, "--virtual-time-budget=100000", "--dump-dom")
    body = re.search("<body>(.*)</body>", said, re.DOTALL)
    assert body, said
    found = json.loads(html.unescape(body[1]))
    assert len(pages) == len(found), found
    return list(found)


def run(chromium: Path, folder: Path, shown: Path, *options: str) -> str:
    """
    Open a file with Chromium and options such as `--print-to-pdf=…` or `--screenshot=…`.
    """
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
    profile = f"--user-data-dir={folder / 'profile'}"
    done = subprocess.run(
        [chromium, *quiet, profile, *options, shown.as_uri()],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        timeout=120,
    )
    return done.stdout
