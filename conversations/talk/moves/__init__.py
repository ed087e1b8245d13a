"""What the moves of the table in `machine.py` do, by subject."""
