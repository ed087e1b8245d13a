"""`python -m tests.bench [MODULE …]`."""

import importlib
import sys
from pathlib import Path


def main(names: list[str]) -> int:
    """
    Run the modules named, or all; each prints its own lines.
    """
    every = sorted(file.stem for file in Path(__file__).parent.glob("[a-z]*.py"))
    unknown = set(names) - set(every)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    print("name: ratio to the first of its group, min–median–max over the rounds")
    for name in names or every:
        module = importlib.import_module(f"tests.bench.{name}")
        run = getattr(module, "run", None)
        if run is not None:
            print(f"\n== {name}")
            run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
