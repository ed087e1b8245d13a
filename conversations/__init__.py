"""
The conversation itself: the form, the checks, the machine. Pure.
"""

# The form names its checks, and the checks the form: whoever comes first, begin here.
from conversations import form as form
