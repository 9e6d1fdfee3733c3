"""Certificates that will soon end: told before the first call that fails by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

SOON = timedelta(days=21)
"""Time enough to renew a certificate in a company."""


def soon_over(ends: Mapping[str, datetime], now: datetime) -> str:
    """Return a sentence about the first certificate to end where that is within three weeks, else nothing."""
    if not ends:
        return ""
    name, end = min(ends.items(), key=lambda item: item[1])
    if end - now >= SOON:
        return ""
    word = "has ended" if end <= now else "ends"
    return f"the certificate of {name} {word} on {end:%Y-%m-%d}; renew it"


def good_until(ends: Mapping[str, datetime]) -> str:
    """Return until when all of them are good, for people; nothing where there are none."""
    return f"certificates good until {min(ends.values()):%Y-%m-%d}" if ends else ""
