"""Identifiers as people type and paste them: one address in a command, several log-ins in one field.

Slack's links, mail programs' spellings and typographic blanks and dashes are undone here. What is acceptable and equal
is decided in `identifiers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.domain.identifiers import LONGEST_ADDRESS, LONGEST_LOGIN, find_flaw, is_address, reveal

MOST_ENTRIES: Final = 50
_LONGEST_SHOWN: Final = 60

_PLAIN: Final = str.maketrans(
    dict.fromkeys("\u00a0\u202f\u2007", " ") | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
)
_LINK: Final = re.compile(r"<(?:mailto:|https?://)([^|<>]*)(?:\|([^|<>]*))?>", re.IGNORECASE)
_NAMED: Final = re.compile(r"(?:[^<>@]*\s)?<([^<>]*)>")
_SEPARATORS: Final = re.compile(r"[,;\n\r\v\f\x85\u2028\u2029]")
_BRACKETED: Final = re.compile(r"(?<!\S)<([^<>]*)>")
"""An address in brackets after a blank: what stands right before the bracket may be the other half of the address."""
_AROUND: Final = " \t\r\n.,;!*<>\"'`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2039\u203a\u00ab\u00bb"
_MAILTO: Final = "mailto:"


@dataclass(frozen=True, slots=True)
class IdentifierList:
    """The identifiers of one field, each once; none where there is a `problem`, a sentence for who typed them."""

    identifiers: tuple[str, ...]
    problem: str = ""


def plain_text(text: str) -> str:
    """Return a text with non-breaking blanks and typographic dashes as plain ones."""
    return text.translate(_PLAIN)


def undo_slack(text: str) -> str:
    """Return a command's text as it was typed: links as their text, `&lt;`, `&gt;` and `&amp;` undone once.

    Where Slack linked a half of an address (`sean.o'<mailto:brien@acme.test|brien@acme.test>`), the whole comes back.
    Source: "Formatting text for app surfaces", escaping and links.
    """
    typed = _LINK.sub(lambda found: found[2] or found[1], text)
    return plain_text(typed.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def unwrap_address(text: str) -> str:
    """Return the address of one entry: of Slack's `<mailto:a@x|a@x>`, of `Name <a@x>` and of `mailto:a@x`."""
    typed = plain_text(_LINK.sub(lambda found: found[2] or found[1], text)).strip()
    named = _NAMED.fullmatch(typed)
    return _without_scheme(named[1].strip() if named and "@" in named[1] else typed)


def trim_address(text: str) -> str:
    """Return an address of a command without quotes, brackets and punctuation around it."""
    return _without_scheme(unwrap_address(text).strip(_AROUND))


def _without_scheme(text: str) -> str:
    if text[: len(_MAILTO)].lower() != _MAILTO:
        return text
    return text[len(_MAILTO) :].partition("?")[0]


def find_problem(identifier: str) -> str:
    """Return why this cannot be anybody's address or log-in, as a sentence for who typed it; "" where it can."""
    flaw = find_flaw(identifier)
    shown = reveal(identifier)[:_LONGEST_SHOWN]
    if flaw is not None:
        return f"{shown}: {flaw.sentence}"
    if any(sign.isspace() for sign in identifier):
        return f"{shown}: an address or log-in has no blank inside. Separate them by commas."
    if len(identifier) > (LONGEST_ADDRESS if "@" in identifier else LONGEST_LOGIN):
        most = f"{LONGEST_ADDRESS} characters, a log-in at most {LONGEST_LOGIN}"
        return f"{shown}…: this is too long. An address has at most {most}."
    return ""


def read_identifiers(text: str) -> IdentifierList:
    """Read what stands in one field: separated by commas, semicolons, line breaks, and blanks between addresses."""
    typed = plain_text(_LINK.sub(_unlink, text))
    found = tuple(dict.fromkeys(one for piece in _SEPARATORS.split(typed) for one in _read_piece(piece.strip())))
    problem = next(filter(None, map(find_problem, found)), "")
    if not problem and len(found) > MOST_ENTRIES:
        problem = f"These are {len(found)} entries; at most {MOST_ENTRIES} can be looked for. Open several requests."
    return IdentifierList((), problem) if problem else IdentifierList(found)


def _unlink(found: re.Match[str]) -> str:
    """Return the text of a link, in brackets unless it is the second half of what stands right before it."""
    whole, before = found[2] or found[1], found.string[max(found.start() - 1, 0) : found.start()]
    return whole if before and not before.isspace() and before not in ",;" else f"<{whole}>"


def _read_piece(piece: str) -> Iterator[str]:
    """Yield what stands between two separators; as a whole, with its flaw, where it cannot be read."""
    inside = [_without_scheme(one.strip()) for one in _BRACKETED.findall(piece)]
    if inside and all(map(is_address, inside)):
        # The words outside the brackets are a name, unless they are addresses too.
        outside = [_without_scheme(word) for word in _BRACKETED.sub(" ", piece).split() if "@" in word]
        yield from (*outside, *inside)
        return
    words = [_without_scheme(word) for word in piece.split()]
    if all(map(is_address, words)):
        yield from words
    elif piece:
        yield _without_scheme(piece)
