"""By what the leaver was looked for, and where each key came from: said once, at the top of a plan."""

from __future__ import annotations

from bot.domain.identifiers import reveal
from bot.model import Case, KeyKind, KeySource, Leaver
from handlers.views.blocks import Line, Piece, code, line
from handlers.views.words import cut, mention

KINDS = {KeyKind.MAIL: "mail", KeyKind.LOGIN: "log-in"}
LONGEST_NAME = 260
"""Characters of a name that are shown: a whole address, which has up to 254."""
_A_ROW = 5
"""Keys that share a line; one line must fit into a message."""


def keys_of(leaver: Leaver) -> dict[tuple[str, KeySource], list[str]]:
    """Return what each key is ("mail", "log-in"), by its value and source: another log-in may be meant as both."""
    found: dict[tuple[str, KeySource], list[str]] = {}
    for key in leaver.keys:
        found.setdefault((key.value, key.source), []).append(KINDS[key.kind])
    return found


def keys_lines(leaver: Leaver) -> list[Line]:
    """Return "Looked for: …" with every key and its source, on as many lines as they need: none is left out."""
    found = list(keys_of(leaver).items())
    starts = range(0, max(len(found), 1), _A_ROW)
    return [_row(found[start : start + _A_ROW], is_first=start == 0) for start in starts]


def _row(found: list[tuple[tuple[str, KeySource], list[str]]], *, is_first: bool) -> Line:
    pieces: list[Piece | str] = []
    for (value, source), kinds in found:
        named = code(cut(reveal(value), LONGEST_NAME))
        pieces += [", " if pieces else "", named, f" ({' or '.join(kinds)}, {source})"]
    return line("Looked for: " if is_first else "and: ", *pieces, ".")


def no_slack_sentence(case: Case) -> str:
    """Say that the leaver was not found in Slack, and who states that they have no account; "" where they were."""
    if case.leaver.slack_ids:
        return ""
    who = f"{mention(case.requester.user_id)} states" if case.leaver.no_slack else "Whoever approves states"
    return f"{NOT_FOUND} {who} that this person has no Slack account."


NOT_FOUND = "Not found in Slack: secrecy and self-approval cannot be checked."
