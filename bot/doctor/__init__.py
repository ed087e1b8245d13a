"""
What `nianbao doctor` looks at, one module a subject. It only looks: nothing is made or changed.

Each module has functions that give `Result`s; `bot/cli/doctor.py` puts them together.
"""
