"""The doors: how a question reaches the clerk and the answer comes back."""
