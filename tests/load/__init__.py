"""
Many clerks at once, against real processes: `python -m tests.load --help`.

`fill` makes a store of so many reports, `chaos` breaks what can break while people answer.
"""
