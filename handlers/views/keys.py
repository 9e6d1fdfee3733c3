"""By what the leaver was looked for, and where each key came from: said once, at the top of a plan."""

from __future__ import annotations

from bot.model import Case, KeyKind, KeySource, Leaver
from handlers.views.blocks import Line, Piece, code, line
from handlers.views.words import count, cut, mention

KINDS = {KeyKind.MAIL: "mail", KeyKind.LOGIN: "log-in"}
_MOST = 10
_LONGEST = 100


def keys_of(leaver: Leaver) -> dict[tuple[str, KeySource], list[str]]:
    """Return what each key is ("mail", "log-in"), by its value and source: another log-in may be meant as both."""
    found: dict[tuple[str, KeySource], list[str]] = {}
    for key in leaver.keys:
        found.setdefault((key.value, key.source), []).append(KINDS[key.kind])
    return found


def keys_line(leaver: Leaver) -> Line:
    """Return "Looked for: …", with the source of every key."""
    found = list(keys_of(leaver).items())
    pieces: list[Piece | str] = []
    for (value, source), kinds in found[:_MOST]:
        pieces += [", " if pieces else "", code(cut(value, _LONGEST)), f" ({' or '.join(kinds)}, {source})"]
    more = f" and {count(len(found) - _MOST, 'more key')}" if len(found) > _MOST else ""
    return line("Looked for: ", *pieces, f"{more}.")


def no_slack_sentence(case: Case) -> str:
    """Say that the leaver was not found in Slack, and who states that they have no account; "" where they were."""
    if case.leaver.slack_ids:
        return ""
    who = f"{mention(case.requester.user_id)} states" if case.leaver.no_slack else "Whoever approves states"
    return f"{NOT_FOUND} {who} that this person has no Slack account."


NOT_FOUND = "Not found in Slack: secrecy and self-approval cannot be checked."
