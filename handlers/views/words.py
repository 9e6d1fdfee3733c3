"""Words for people: escaped, dated, and never an outcome word where none is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from bot.model import Leaver, Word

_SYNONYMS: dict[str, tuple[Word, str]] = {
    "removed": (Word.REMOVED, "taken away"),
    "absent": (Word.ABSENT, "not there"),
    "scheduled": (Word.SCHEDULED, "planned"),
    "manually": (Word.MANUAL, "by hand"),
    "manual": (Word.MANUAL, "by hand"),
    "skipped": (Word.SKIPPED, "passed over"),
    "refused": (Word.REFUSED, "turned down"),
    "failed": (Word.FAILED, "did not work"),
    "unconfirmed": (Word.UNCONFIRMED, "not certain"),
}
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Signs that change the direction of what follows (a handle could look like another one), and lone surrogates."""
_ANY_WORD = re.compile(rf"\b(?:{'|'.join(_SYNONYMS)})\b", re.IGNORECASE)


def calm(text: str, keep: Word | None = None) -> str:
    """Return the text with every outcome word but `keep` in other words: a card shows one outcome word only."""

    def other(found: re.Match[str]) -> str:
        word, synonym = _SYNONYMS[found.group().lower()]
        return found.group() if word is keep else synonym

    return _ANY_WORD.sub(other, text)


def escape(text: str) -> str:
    """Return text that Slack's mrkdwn takes for no mention or link ("Formatting text": &, < and > only)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, length: int) -> str:
    """Return at most so many characters, without those that would turn the text round or cannot be sent."""
    text = _TURNS.sub("\ufffd", text)
    return text if len(text) <= length else text[: length - 1] + "…"


def mention(slack_id: str) -> str:
    """Return the mrkdwn mention of a person (U…, W…) or of a user group (S…)."""
    return f"<!subteam^{slack_id}>" if slack_id.startswith("S") else f"<@{slack_id}>"


def mentions(slack_ids: Iterable[str], leaver: Leaver) -> str:
    """Return mentions of these people and groups, each once and never of the leaver."""
    return " ".join(mention(one) for one in dict.fromkeys(slack_ids) if one not in leaver.slack_ids)


def moment(at: datetime) -> str:
    """Return mrkdwn that each reader sees in their own time zone, with UTC for those who cannot."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{utc(at)}>"


def utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def sentence(text: str) -> str:
    """Return the text with a capital letter and a full stop, "" for nothing."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?…" else ".")
