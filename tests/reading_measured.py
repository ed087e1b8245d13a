"""
A program that reads a file on the standard input and prints the outcome and the memory used.

The memory is what reading needed in addition, in megabytes.
"""

import resource
import sys

from conversations.document.read.blocks import NeedsConversion, Unreadable
from conversations.document.read.understand import read


def main(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    data = sys.stdin.buffer.read()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        outcome = type(read(data)).__name__
    except Unreadable as refused:
        outcome = refused.reason.name
    except NeedsConversion as old:
        outcome = old.kind
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(outcome, more // 1024)


if __name__ == "__main__":
    main(int(sys.argv[1]))
