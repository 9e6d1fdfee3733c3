"""How much memory and time the bot takes, measured from outside on the real program: `make bench`."""
