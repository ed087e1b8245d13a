"""
Ctrl-C ends a command within a second, with one line that says what was done.

The main thread hears of it between two steps of Python, takes back what it was at, and says
so. Where it waits for what does not hear (another program's lock on the database, a thread),
a second thread ends the process: what was being stored is then not stored, as after a crash.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from bot.cli import frame

GRACE = 0.7  # seconds that the main thread has to end by itself
NOTHING = "已中断：什么也没有改动。"
KEPT = "已中断：已经保存的都在，其余没有做。"


def listen() -> None:
    """From now on Ctrl-C is heard of in any case; for the main thread of a program."""
    heard, tells = os.pipe()
    os.set_blocking(tells, False)
    # Written to by the kernel's handler, whatever the main thread waits for.
    signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
    threading.Thread(target=_end_in_time, args=(heard,), daemon=True).start()


def interrupted() -> int:
    """Say what was done, once; the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends already
    sys.stderr.write(f"\n{KEPT if frame.has_stored() else NOTHING}\n")
    _said.set()
    return frame.UNFINISHED


_said = threading.Event()


def _end_in_time(heard: int) -> None:
    while signal.SIGINT not in os.read(heard, 1):
        pass
    time.sleep(GRACE)
    if not _said.is_set():
        sys.stderr.write(f"\n{KEPT if frame.has_stored() else NOTHING}\n")
        sys.stderr.flush()
    if child := sys.modules.get("bot.files.child"):
        child.end()  # with LibreOffice
    if documents := sys.modules.get("bot.files.documents"):
        documents.remove_partial_files()
    if files := sys.modules.get("storage.files"):
        files.remove_parts()
    os._exit(frame.UNFINISHED)
