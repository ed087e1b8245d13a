"""
Commands as somebody runs them whom the rights of files bind, as they do not bind root.

    python -m tests.bot.nobody COMMAND…

After each its exit code is printed to the error output.
"""

import os
import sys

import chinese_calendar.constants  # noqa: F401 - what is used later may be root's alone

from bot.__main__ import main

if __name__ == "__main__":
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    for words in sys.argv[1:]:
        sys.stderr.write(f"{main(words.split())}\n")
