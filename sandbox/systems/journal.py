"""What was asked of a simulator, in the order in which it came in: the test's judge of a client's manners."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from aiohttp import web

EVERYONE: Final = "*"
"""The account of a call about a whole list: it tells about every account."""

Kind: TypeAlias = Literal["read", "write", "auth"]


@dataclass(slots=True)
class Entry:
    """One call. `status` is 0 while it runs and where no complete answer left; `effect` says that state changed.

    `n` counts from 1, `at` is in seconds since 1970, `path` has the query, `account` is the immutable id that the
    call was about (`EVERYONE` for a list) and None where it was about no account.
    """

    n: int
    at: float
    method: str
    path: str
    kind: Kind
    account: str | None = None
    status: int = 0
    effect: bool = False

    def is_about(self, account: str) -> bool:
        return self.account in {account, EVERYONE}


ENTRY: Final = web.RequestKey("entry", Entry)


class Journal:
    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def open(self, method: str, path: str, at: float) -> Entry:
        """Note a call that has come in: a read where its method is GET or HEAD, else a write, until told otherwise."""
        kind: Kind = "read" if method in {"GET", "HEAD"} else "write"
        entry = Entry(len(self.entries) + 1, at, method, path, kind)
        self.entries.append(entry)
        return entry

    def of(self, account: str) -> list[Entry]:
        """The calls about this account, calls about whole lists among them."""
        return [entry for entry in self.entries if entry.is_about(account)]

    def writes(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == "write"]

    def unread_writes(self) -> list[Entry]:
        """Writes to an account that follow another write to it with no read of it between: blind repetitions."""
        return [entry for account in self._written() for entry in _blind(self.of(account))]

    def reread_around(self, account: str) -> bool:
        """Whether each effective write to the account has a read of it before and a read of it after."""
        seen = self.of(account)
        reads = [entry.n for entry in seen if entry.kind == "read"]
        effects = [entry.n for entry in seen if entry.kind == "write" and entry.effect]
        return all(any(n < write for n in reads) and any(n > write for n in reads) for write in effects)

    def _written(self) -> list[str]:
        accounts = dict.fromkeys(entry.account for entry in self.writes())
        return [account for account in accounts if account is not None and account != EVERYONE]


def _blind(entries: list[Entry]) -> Iterator[Entry]:
    unread = False
    for entry in entries:
        if entry.kind == "write":
            if unread:
                yield entry
            unread = True
        elif entry.kind == "read":
            unread = False


def note(request: web.Request, account: str | None, *, kind: Kind | None = None, effect: bool = False) -> None:
    """Tell the journal what the call turned out to be about, and whether it changed something."""
    entry = request[ENTRY]
    entry.account = account if account is not None else entry.account
    entry.kind = kind or entry.kind
    entry.effect = entry.effect or effect
