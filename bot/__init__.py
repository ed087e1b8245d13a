"""The doors, Telegram and the terminal: they carry questions to the clerk and answers back."""
