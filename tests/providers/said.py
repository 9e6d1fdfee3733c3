"""What people are told before anything is decided."""

from __future__ import annotations

import re

from bot.model import Discovery, Word
from bot.ports import Provider


def outcome_words(found: Discovery, hand: Provider) -> set[str]:
    """Return the outcome words in findings, steps and what is left: a plan tells what would be, not how it ended."""
    texts = [finding.text for finding in found.findings]
    for account in found.accounts:
        texts += [account.left, *(finding.text for finding in account.findings)]
        texts += [step.says for step in hand.steps(account)]
    assert texts
    return {word for text in texts for word in Word if re.search(rf"\b{word}\b", text, re.IGNORECASE)}
