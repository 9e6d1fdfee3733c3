"""Digs in Slack's payloads, with `brake_forms` and `shown` alone: payload → domain values, or the wrong field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.cases import Denied, Field, Form
from bot.domain.identifier_list import read_identifiers, trim_address, undo_slack, unwrap_address
from bot.domain.identifiers import LONGEST_ADDRESS
from handlers import ids
from handlers.shown import has_header, shown_in

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something in Slack: the person's own team, also where the click came through a shared channel."""

    user_id: str
    team_id: str


class Verb(StrEnum):
    """What a command asks for."""

    OPEN = "open"
    HELP = "help"
    LIST = "list"
    STATUS = "status"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"
    STOP = "stop"
    RELEASE = "release"
    BREAK_GLASS = "break-glass"


@dataclass(frozen=True, slots=True)
class Order:
    """A command, read. `case_id` is None where a case was needed and `words` does not name one.

    `words` is what was typed and not understood, for HELP, or the case as it was typed.
    """

    verb: Verb
    actor: Actor
    trigger_id: str
    person: str | None = None
    email: str = ""
    case_id: int | None = None
    words: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What a button or dialog is about: a plan (turn and digest) or a system of a case."""

    case_id: int
    turn: int = 0
    digest: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button. `shown` is the text of the message or dialog that the person was looking at.

    `thread_ts` is the root of the thread in which the button stands, "" where it stands in none. `is_whole` says that
    the message has its header: only the first of several parts has one, and only the last has buttons.
    """

    actor: Actor
    target: Target
    value: str
    trigger_id: str
    response_url: str
    shown: str
    view_id: str = ""
    thread_ts: str = ""
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A submitted dialog: what it was about and what was written."""

    actor: Actor
    target: Target
    words: str


class Unreadable(ValueError):
    """A payload that Slack does not send for anything of ours."""


_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_MAIL = re.compile(r"[^\s@<>|]+@[^\s@<>|]+")
_PUNCTUATION = ".,;:!"
_AROUND_A_PERSON = " .,;!\"'"
_NUMBER = re.compile(r"[0-9]{1,18}")
_LONGEST_VALUE = 2000
"""Characters of a button's value ("Button element"); ours are far shorter."""
_CASE = re.compile(r"(?:off-?)?0*([1-9][0-9]{0,17})", re.IGNORECASE)
_VERBS = {verb.value: verb for verb in Verb if verb is not Verb.OPEN}
_WITHOUT_A_CASE = frozenset({Verb.HELP, Verb.LIST})


def actor(body: Payload) -> Actor:
    """Return who did it. Raise `Unreadable` where the payload names nobody, or no team: Slack always names both."""
    user = body.get("user")
    if isinstance(user, Mapping):
        user_id, team = user.get("id"), user.get("team_id") or (body.get("team") or {}).get("id")
    else:
        user_id, team = body.get("user_id") or (body.get("event") or {}).get("user"), body.get("team_id")
    if not isinstance(user_id, str) or not isinstance(team, str) or not user_id or not team:
        raise Unreadable("nobody is named, or nobody's team")
    return Actor(user_id, team)


def click_url(body: Payload) -> str:
    """Return where a click can be answered privately, "" where the payload is no click."""
    return str(body.get("response_url") or "") if body.get("type") == "block_actions" else ""


def response_url(body: Payload) -> str:
    """Return where the payload can be answered privately, "" where it names no place."""
    return str(body.get("response_url") or "")


def place(body: Payload) -> tuple[str, str]:
    """Return channel and timestamp of the message in which a button was pressed, "" where the payload names none."""
    container, message = body.get("container") or {}, body.get("message") or {}
    channel = container.get("channel_id") or (body.get("channel") or {}).get("id")
    return str(channel or ""), str(container.get("message_ts") or message.get("ts") or "")


def click_thread(body: Payload) -> str:
    """Return the root of the thread in which a button was pressed, "" where it stood in none."""
    return str((body.get("container") or {}).get("thread_ts") or (body.get("message") or {}).get("thread_ts") or "")


def home_opened(body: Payload) -> Actor | None:
    """Return who opened the Home tab, or None where another tab was opened."""
    return actor(body) if body["event"].get("tab") == "home" else None


def order(body: Payload) -> Order:
    """Read a slash command: text in which Slack has escaped people as `<@U…|name>`."""
    who, trigger_id = actor(body), str(body.get("trigger_id") or "")
    typed = str(body.get("text") or "").strip()
    if not typed:
        return Order(Verb.OPEN, who, trigger_id)
    if found := _MENTION.fullmatch(typed.strip(_AROUND_A_PERSON)):
        return Order(Verb.OPEN, who, trigger_id, person=found[1])
    text = undo_slack(typed).strip()
    address = trim_address(text)
    if len(address) <= LONGEST_ADDRESS and _MAIL.fullmatch(address):
        return Order(Verb.OPEN, who, trigger_id, email=address)
    return _worded(text, who, trigger_id)


def _worded(text: str, who: Actor, trigger_id: str) -> Order:
    first, rest = _first_word(text)
    verb = _VERBS.get(first.lower().strip(_PUNCTUATION))
    if verb is Verb.RELEASE:
        case, reason = _first_word(rest)
        case = case.strip(_PUNCTUATION)
        return Order(verb, who, trigger_id, case_id=case_number(case), words=case, reason=reason)
    if verb is not None and verb not in _WITHOUT_A_CASE:
        return Order(verb, who, trigger_id, case_id=_named_case(rest), words=rest)
    if verb is None or rest:
        return Order(Verb.HELP, who, trigger_id, words=text)
    return Order(verb, who, trigger_id)


def _first_word(text: str) -> tuple[str, str]:
    """Return the first word and what follows it; a line break separates like a blank."""
    first, *rest = text.split(None, 1) or [""]
    return first, rest[0].strip() if rest else ""


def _named_case(text: str) -> int | None:
    """Return the case that the first word names. Other words may follow, but no other case: that would be a guess."""
    first, *others = [word.strip(_PUNCTUATION) for word in text.split()] or [""]
    return None if any(case_number(word) is not None for word in others) else case_number(first)


def case_number(text: str) -> int | None:
    """Return the case that people mean by `OFF-12`, `off-12`, `off12` or `12`, or None."""
    found = _CASE.fullmatch(text.strip())
    return int(found[1]) if found else None


def request(body: Payload) -> Form | tuple[Denied, ...]:
    """Read the submitted request, or say what is missing."""
    view = body["view"]
    email = unwrap_address(_value(view, ids.EMAIL))
    logins = read_identifiers(_value(view, ids.OTHER_LOGINS))
    person = _element(view, ids.PERSON).get("selected_user")
    systems = tuple(_systems(view))
    wrong = []
    if not email and not person:
        wrong.append(Denied(Field.EMAIL, "Pick a person in Slack above, or write their address here."))
    if logins.problem:
        wrong.append(Denied(Field.OTHER_LOGINS, logins.problem))
    if not systems:
        wrong.append(Denied(Field.SYSTEMS, "Choose at least one system."))
    if wrong:
        return tuple(wrong)
    return Form(
        view_id=str(view["id"]),
        user_id=str(person) if person else None,
        email=email,
        other_logins=logins.identifiers,
        reason=_value(view, ids.REASON),
        systems=systems,
        when=_moment(_element(view, ids.WHEN).get("selected_date_time")),
        corrects=_corrected(view),
        no_slack=bool(_element(view, ids.NO_SLACK).get("selected_options")),
    )


def _corrected(view: Payload) -> int | None:
    """Return the case whose address a request corrects, or None."""
    value = subject(view)
    return case_of(target(value), ids.CORRECTED) if value else None


def press(body: Payload) -> Press:
    """Read a pressed button of a message or a dialog."""
    action = body["actions"][0]
    view = body.get("view") or {}
    value = str(action.get("value") or "")
    return Press(
        actor=actor(body),
        target=target(value),
        value=value,
        trigger_id=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
        shown=shown_in(body),
        view_id=str(view.get("id") or ""),
        thread_ts=click_thread(body),
        is_whole=has_header(body),
    )


def answer(body: Payload, block_id: str = ids.WORDS) -> Answer:
    """Read a submitted dialog with one input."""
    view = body["view"]
    return Answer(actor(body), target(subject(view)), _value(view, block_id))


def subject(view: Payload) -> str:
    """Return what a dialog is about: the value of the button behind it. Its nonce stands beside that."""
    return str(view.get("private_metadata") or "").partition(" ")[0]


def view_below(body: Payload) -> str:
    """Return the id of the dialog on which the submitted one was opened, "" where there is none."""
    view = body["view"]
    below = str(view.get("root_view_id") or "")
    return below if below != view.get("id") else ""


def target(value: str) -> Target:
    """Read `case:turn:digest` or `case:system`. Raise `Unreadable` for anything else."""
    first, _, rest = value.partition(":")
    if not _NUMBER.fullmatch(first) or not rest or len(value) > _LONGEST_VALUE:
        raise Unreadable("a button of ours has a value that is not ours")
    turn, plan, digest = rest.partition(":")
    if plan and _NUMBER.fullmatch(turn):
        return Target(int(first), turn=int(turn), digest=digest)
    return Target(int(first), system=rest)


def case_of(found: Target, word: str) -> int:
    """Return the case of a value `case:word`. Raise `Unreadable` where the word is another button's."""
    if found.system != word:
        raise Unreadable("a button of ours has the value of another one")
    return found.case_id


def _element(view: Payload, block_id: str) -> Payload:
    values: Payload = view.get("state", {}).get("values", {})
    found: Payload = values.get(block_id, {}).get(block_id, {})
    return found


def _systems(view: Payload) -> Iterator[str]:
    """Yield what is chosen in the menus of systems; above a hundred systems there are several."""
    for block_id in view.get("state", {}).get("values", {}):
        if block_id.startswith(ids.SYSTEMS):
            for option in _element(view, block_id).get("selected_options") or ():
                yield str(option["value"])


def _value(view: Payload, block_id: str) -> str:
    return str(_element(view, block_id).get("value") or "").strip()


def _moment(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(int(str(seconds)), UTC) if seconds else None
