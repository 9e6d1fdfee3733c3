"""Mouth and ears: everything Slack says to us and everything we say back."""
