"""The conversation itself: the form, the checks, the machine. Pure: no clock, disk or network."""
