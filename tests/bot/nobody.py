"""
Commands as somebody runs them whom the rights of files bind, as they do not bind root.

    python -m tests.bot.nobody COMMAND…

After each its exit code is printed to the error output.
"""

import encodings.utf_8_sig
import os
import sys

import chinese_calendar.constants

from bot.__main__ import main

# What is used later may be root's alone.
LOADED = (encodings.utf_8_sig, chinese_calendar.constants)

if __name__ == "__main__":
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    for words in sys.argv[1:]:
        sys.stderr.write(f"{main(words.split())}\n")
