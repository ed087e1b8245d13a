"""
Reminders at run time: checking people, claiming reminders, and settling the claims.

A reminder is claimed (its rows are unique, for five minutes), sent, and recorded. Only as much is
claimed as can be sent in some seconds, so that no one is reminded of work finished a moment before.

Two cases can send a reminder twice. A process killed between sending and recording leaves a claim
that is released when its lease is over; `tests/bench/reminders.py` measures how long that window
is. And a message that may or may not have arrived is decided anew in the next working hour, once,
unless one of its buttons was tapped meanwhile.

This package does the work in the store, for any door; `bot/telegram/courier.py` sends, and
`conversations/reminders/decide.py` decides.
"""
