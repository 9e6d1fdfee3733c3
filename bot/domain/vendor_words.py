"""How a vendor's own words stand in a sentence of ours, so that they can be taken out of it again.

Short on purpose: providers write the quotation and views remove it, and neither may import the other.
"""

from __future__ import annotations

import re
from typing import Final

_BEGINS: Final = " (it says: "
_BRACKETS: Final = str.maketrans("()", "[]")
_QUOTED: Final = re.compile(re.escape(_BEGINS) + r"[^()]*\)?")


def quote_vendor(words: str) -> str:
    """Return ` (it says: …)` for the end of a sentence; round brackets in the words become square ones."""
    return f"{_BEGINS}{words.translate(_BRACKETS)})" if words else ""


def without_vendor_words(text: str) -> str:
    """Return the text without every quotation that `quote_vendor` wrote, also one that was cut before its end."""
    return _QUOTED.sub("", text)
