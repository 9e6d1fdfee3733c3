"""What systems write for machines, put so that a person can read it: ids, timestamps, what is being done."""

from __future__ import annotations

import re
from datetime import datetime

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_LONG_ID = re.compile(rf"\b(?:{_UUID}|[0-9a-f]{{16,}})\b", re.IGNORECASE)
_ONLY_ID = re.compile(rf"{_UUID}|[0-9a-f]{{16,}}|[0-9]{{7,}}", re.IGNORECASE)
_ASIDE = re.compile(r"\s*\([^()]*\)")
_STAMP = re.compile(r"\b(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z\b|[+-]\d{2}:?\d{2}\b)?")
_SHORT_VERB = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")
_LONGEST = 1000
"""Characters of a step that are put into other words; the pattern for what stands in brackets is quadratic."""
_SHOWN = 8
"""Characters of a long id that are shown; the whole id stands in the audit."""


def shortened(text: str) -> str:
    """Return the text with the beginnings of long ids (UUIDs, hexadecimal ones) in the place of the ids."""
    return _LONG_ID.sub(lambda found: f"{found.group()[:_SHOWN]}…", text)


def is_only_an_id(text: str) -> bool:
    """Whether a value is nothing but an id, which tells a person nothing."""
    return _ONLY_ID.fullmatch(text.strip()) is not None


def dated(text: str) -> str:
    """Return the text with every ISO 8601 timestamp as a date like `21 Nov 2026`."""
    return _STAMP.sub(_date, text)


def _date(found: re.Match[str]) -> str:
    try:
        day = datetime.strptime(found[1], "%Y-%m-%d")  # noqa: DTZ007 - a date alone has no time zone
    except ValueError:
        return found.group()
    return f"{day.day} {day:%b %Y}"


def doing(says: str) -> str:
    """Return a short phrase for what is being done: `delete the user, with …` becomes `deleting the user`.

    What does not begin with a verb's plain form ("looking again", "waits until …") is returned as it is.
    """
    verb, _, rest = says.strip().partition(" ")
    if len(rest) > _LONGEST:
        return says.strip()
    if not verb.isalpha() or verb.endswith("ing") or (verb.endswith("s") and not verb.endswith("ss")):
        return says.strip()
    rest = _ASIDE.sub("", rest)
    return f"{_gerund(verb)} {re.split(r'[,;]| with ', rest)[0]}".strip()


def _gerund(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return f"{verb[:-1]}ing"
    doubled = verb[-1] if _SHORT_VERB.fullmatch(verb) else ""
    return f"{verb}{doubled}ing"
