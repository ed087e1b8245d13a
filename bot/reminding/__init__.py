"""
Reminders as they run: who is looked at, what is claimed, and what becomes of a claim.

A reminder is claimed (its rows are unique, for five minutes), sent, and recorded. Only
as much is claimed as can be sent in some seconds, so that nobody is reminded of what was
finished a moment before. Killed between sending and recording, a process leaves a claim
that is released when its lease is over, and the reminder is sent a second time: this is
one case, and `tests/bench/reminders.py` measures how long it lasts. The other is a message
of which nobody knows whether it arrived: it is decided anew in the next working hour, once,
unless a button of it was tapped meanwhile.

Here is what is done in the store, for any door; sending is `bot/telegram/courier.py`, the
decision itself `conversations/reminders/decide.py`.
"""
