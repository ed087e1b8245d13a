"""
Ctrl-C ends a command within a second, with one line that says what was done.

The main thread gets it between two steps of Python, undoes the present work, and says so. If it is
waiting for something that cannot be interrupted (another program's lock on the database, a thread),
a second thread ends the process: uncommitted work is then lost, as after a crash.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from bot.cli import frame

GRACE = 0.7  # seconds for the main thread to end by itself
NOTHING = "已中断：什么也没有改动。"
KEPT = "已中断：已经保存的都在，其余没有做。"


def listen() -> None:
    """From now on Ctrl-C works in any case; for the main thread of a program."""
    heard, tells = os.pipe()
    os.set_blocking(tells, False)
    # The signal handler writes to it even while the main thread waits.
    signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
    threading.Thread(target=_end_in_time, args=(heard,), daemon=True).start()


def interrupted() -> int:
    """Say what was done, once; returns the exit code."""
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
    if files := sys.modules.get("storage.files"):
        files.remove_parts()
    os._exit(frame.UNFINISHED)
