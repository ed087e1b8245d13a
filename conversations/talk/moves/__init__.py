"""The actions of the moves in `machine.py`, by subject."""
