"""
The checks of `nianbao doctor`, one module per subject. They only read: nothing is made or changed.

Each module has functions that yield `Result`s; `bot/cli/doctor.py` puts them together.
"""
