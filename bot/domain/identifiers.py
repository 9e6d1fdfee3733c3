"""Texts that name somebody: which are acceptable, when two are equal, and when two are merely similar.

Every address and log-in goes through this module, whether a person typed it, an operator configured it or a vendor
listed it. Equality decides whose account it is; similarity only decides what people are shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

LONGEST_ADDRESS: Final = 254
LONGEST_LOGIN: Final = 256

_ASCII_LOWER: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_BECOMES_ASCII: Final = re.compile("([\u037e\u1fef\u212a])")
"""The characters that NFC would turn into ASCII ones: the Greek question mark, the varia and Kelvin."""
_NON_ASCII: Final = re.compile(r"[^\x00-\x7f]")

_INVISIBLE_CATEGORIES: Final = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_INVISIBLE_OTHERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
"""Characters of other categories that show nothing: fillers, the braille blank, variation selectors."""
_QUOTES: Final = frozenset(
    "`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u2039\u203a\u00ab\u00bb"
)
_SINGLE_QUOTE: Final = dict.fromkeys(map(ord, _QUOTES | frozenset("\"'\uff07\uff02")), "'")
_REFUSED_SIGNS: Final = frozenset('*<>"') | _QUOTES
_ADDRESS: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\.]+(\.[^\s@<>,;:\"()\[\]\\.]+)+")
_SEPARATORS: Final = re.compile(r"[\s.@+_\\/\-0-9]+")
_BRACKETED: Final = re.compile("[(\\[{<\uff08][^)\\]}>\uff09]*[)\\]}>\uff09]?")
_EAST_ASIAN: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO"})
_LOOKALIKES: Final = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u04bb\u0501\u051b\u051d"
    "\u03bf\u03b1\u03c1\u03bd\u03c4\u03b9\u03ba\u03c5\u0131\u00f8\u0142\u0111",
    "aeopcyxisjhdqwoapvtikuiold",
)
"""Cyrillic, Greek and barred letters that a reader takes for Latin ones. For similarity only."""


def normalize_identifier(text: str) -> str:
    """Return the form in which two identifiers are compared for equality.

    NFC, blanks around taken off, each letter in its other case made equal one character to one, and never across to
    ASCII: `ÖZLEM` equals `özlem`; `ß` is no `ss`, U+0131 (dotless i) no `i`, and U+212A (Kelvin) no `k`. A looser rule
    would find somebody else's account.
    """
    stripped = text.strip()
    if stripped.isascii():
        return stripped.translate(_ASCII_LOWER)
    return _compose(_NON_ASCII.sub(_lower_one, _compose(stripped))).translate(_ASCII_LOWER)


def _compose(text: str) -> str:
    pieces = _BECOMES_ASCII.split(text)
    return "".join(one if _BECOMES_ASCII.fullmatch(one) else unicodedata.normalize("NFC", one) for one in pieces)


def _lower_one(found: re.Match[str]) -> str:
    """Return the other case of one character where that is one character outside ASCII, else the character itself."""
    one = found[0]
    for lowered in (one.casefold(), one.lower()):
        if len(lowered) == 1 and not lowered.isascii():
            return lowered
    return one


def are_equal(left: str, right: str) -> bool:
    """Whether both texts name the same. Nothing equals an empty text."""
    return normalize_identifier(left) == normalize_identifier(right) != ""


@lru_cache(maxsize=4096)
def loosen(text: str) -> str:
    """Return the form in which similar identifiers are alike. Never decides whose an account is.

    NFKC without invisible characters and accents, casefolded, quotes alike, look-alike letters as Latin ones, without
    a sub-address (`dana+x@`), and internationalised domains in their readable spelling.
    """
    visible = "".join(one for one in unicodedata.normalize("NFKD", text) if not _is_invisible(one))
    bare = "".join(one for one in visible if unicodedata.category(one) != "Mn")
    folded = unicodedata.normalize("NFKC", bare).casefold().translate(_SINGLE_QUOTE).translate(_LOOKALIKES).strip()
    local, at, domain = folded.rpartition("@")
    if not at:
        return folded
    return f"{local.partition('+')[0] or local}@{'.'.join(map(_readable_label, domain.split('.')))}"


def encode_domain(domain: str) -> str:
    """Return a domain in its `xn--` spelling, label by label; one in ASCII as it is."""
    labels = domain.split(".")
    return ".".join(one if one.isascii() else f"xn--{one.encode('punycode').decode()}" for one in labels)


def _readable_label(label: str) -> str:
    """Return a label of a domain in its readable spelling (`xn--…` is decoded), loosened like all else."""
    if not label.startswith("xn--"):
        return label
    try:
        decoded = label.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    return loosen(decoded) if "@" not in decoded and not decoded.startswith("xn--") else label


def local_part(identifier: str) -> str:
    r"""Return the log-in alone, of `login@domain` and of `DOMAIN\login`."""
    return identifier.rpartition("\\")[2].partition("@")[0]


def rank_similarity(handle: str, identifier: str) -> int | None:
    """Return how near a handle is to an identifier, 0 the nearest, or None where it is not near.

    0: alike once loosened; 1: the same log-in in a domain that differs by one letter; 2: the same log-in elsewhere;
    3: the identifier is part of the handle. Call it for unequal texts: equal ones give 0.
    """
    near, own = loosen(handle), loosen(identifier)
    if not near or not own:
        return None
    if near == own:
        return 0
    if _log_in(near) == _log_in(own) != "":
        return 1 if _differ_by_one(_domain(near), _domain(own)) else 2
    return 3 if own in near else None


def _log_in(loosened: str) -> str:
    r"""Return the log-in of a loosened text without a sub-address, which `DOMAIN\login+x` has too."""
    part = local_part(loosened)
    return part.partition("+")[0] or part


def is_variant(text: str, identifier: str) -> bool:
    """Whether a text is the identifier in another spelling: equal, or alike once loosened."""
    return are_equal(text, identifier) or rank_similarity(text, identifier) == 0


def _domain(identifier: str) -> str:
    return identifier.rpartition("@")[2] if "@" in identifier else ""


def _differ_by_one(left: str, right: str) -> bool:
    """Whether one letter was changed, left out, added, or swapped with its neighbour."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    start = next((place for place, (one, other) in enumerate(zip(left, right, strict=False)) if one != other), None)
    if start is None:
        return True
    rest, other = left[start:], right[start:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]


def is_address(text: str) -> bool:
    """Whether a text looks like one mail address."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Flaw:
    """A character for which a text cannot be accepted as an identifier. `position` counts from 1."""

    character: str
    position: int
    reason: str

    @property
    def sentence(self) -> str:
        """Where the flaw is and why it matters, for the person who typed it."""
        code = f"U+{ord(self.character):04X}"
        name = unicodedata.name(self.character, "")
        return f"Character {self.position} is {code}{f' {name}' if name else ''}, {self.reason}"


def find_flaw(text: str) -> Flaw | None:
    """Return the first character for which this text must not be used to look somebody up, or None.

    Refused are characters that nobody sees, quotes other than `'`, `*`, a backtick and angle brackets, and a word that
    mixes scripts: each makes every system answer that there is nobody.
    """
    return next(_flaws(text), None)


def _flaws(text: str) -> Iterator[Flaw]:
    for position, character in enumerate(text, 1):
        if _is_invisible(character):
            yield Flaw(character, position, "which nobody can see. Type the text instead of pasting it.")
        elif character in _REFUSED_SIGNS:
            yield Flaw(character, position, "which no address or log-in has. Take it out or type it anew.")
    if len(text) > 1 and text.startswith("'") and text.endswith("'"):
        yield Flaw("'", 1, "a quote around the text. Take the quotes off.")
    yield from _mixed_scripts(text)


def _mixed_scripts(text: str) -> Iterator[Flaw]:
    start = 0
    for word in (*_SEPARATORS.finditer(text), None):
        end = word.start() if word is not None else len(text)
        scripts = [(place, script) for place in range(start, end) if (script := _script(text[place]))]
        first = scripts[0][1] if scripts else ""
        other = next(((place, script) for place, script in scripts if script != first), None)
        if other is not None:
            reason = (
                f"of another script ({other[1].lower()}) than the letters around it ({first.lower()}). Type it anew."
            )
            yield Flaw(text[other[0]], other[0] + 1, reason)
        start = word.end() if word is not None else end


def _script(character: str) -> str:
    """Return the script of a letter by the first word of its Unicode name, or nothing for what is no letter."""
    if not unicodedata.category(character).startswith("L"):
        return ""
    first = unicodedata.name(character, "UNKNOWN").partition(" ")[0]
    return "EAST ASIAN" if first in _EAST_ASIAN else first


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE_CATEGORIES or character in _INVISIBLE_OTHERS


def reveal(text: str) -> str:
    """Return a text for display in which each invisible character is written out, e.g. `dana⟨U+200B⟩@acme.test`."""
    return "".join(f"⟨U+{ord(one):04X}⟩" if _is_invisible(one) else one for one in text)


def initials(name: str, otherwise: str) -> str:
    """Return initials made from letters only, e.g. `D. F.`; what stands in brackets (pronouns) gives none."""
    words = _BRACKETED.sub(" ", name).split()
    letters = [letter for word in words if (letter := _first_letter(word))]
    return " ".join(f"{letter}." for letter in letters[:3]) or f"{_first_letter(otherwise) or '?'}."


def _first_letter(word: str) -> str:
    found = next((one for one in word if unicodedata.category(one).startswith("L")), "")
    return found.upper()[:1]


def nearest(handles: Iterable[str], identifiers: Iterable[str], most: int) -> tuple[str, ...]:
    """Return the handles that are similar to an identifier and equal to none, the nearest first, at most so many."""
    wanted = tuple(identifiers)
    equal = {normalize_identifier(one) for one in wanted}
    ranked = []
    for handle in dict.fromkeys(handles):
        ranks = [rank for one in wanted if (rank := rank_similarity(handle, one)) is not None]
        if ranks and normalize_identifier(handle) not in equal:
            ranked.append((min(ranks), handle))
    return tuple(handle for _, handle in sorted(ranked, key=lambda one: one[0])[:most])
