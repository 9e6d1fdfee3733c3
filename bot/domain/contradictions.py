"""Whether the names on one account are two people's. Open it to see why an account that matches is not chosen.

A seat handed to a successor keeps the leaver's log-in and gets the successor's address. The rule stands here once, for
all adapters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.identifiers import is_address, is_variant, loosen, reveal


def find_contradiction(
    named: Mapping[str, str], mails: Sequence[str], keys: Iterable[str], *, is_assigned: bool = False
) -> str:
    """Return in a sentence which two names on an account are not one person's, or "".

    `named` are the account's identity facts, of which `mail` and `login` count. `mails` are the leaver's addresses that
    somebody vouches for; free text is not among them, so that it never turns a contradiction into a match. `keys` are
    all names of the leaver. `is_assigned` says that the operator named the account outright, whatever its log-in is.
    """
    mail, login = named.get("mail", "").strip(), named.get("login", "").strip()
    if not mail or not mails:
        return ""
    if not any(is_variant(mail, one) for one in mails):
        return _say(login, mail)
    if not is_assigned and _is_anothers(login, mails, keys):
        return _say(login, mail)
    return ""


def _is_anothers(login: str, mails: Iterable[str], keys: Iterable[str]) -> bool:
    """Whether a log-in is an address beside the leaver's own, and none of their names in any spelling."""
    beside = {_domain(one) for one in mails}
    return is_address(login) and _domain(login) in beside and not any(is_variant(login, key) for key in keys)


def _domain(address: str) -> str:
    return loosen(address).rpartition("@")[2]


def _say(login: str, mail: str) -> str:
    if not login:
        return f"Its own address is {reveal(mail)}, which is not this person's: a person has to say whose it is."
    return f"Its log-in is {reveal(login)}, its own address is {reveal(mail)}: a person has to say whose it is."
