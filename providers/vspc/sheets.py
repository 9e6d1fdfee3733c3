"""Pages of a long list as they are kept between looks: of each entry only what a person is found by.

Three texts a page, and not three an entry: fifty thousand users are made, kept and glanced at in a fraction of the time
and the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from providers.vspc import shapes

_UID = 36
"""Characters of a uid: hexadecimal digits, and dashes at `_DASHES`."""
_DASHES = (8, 13, 18, 23)
_ODD = (AttributeError, KeyError, TypeError, ValueError)
"""What comes of a page that is not plain: a record that is none, a field that is missing, no text or no uid."""
_NO_PROFILE = {"email": None}

Entry = tuple[str, str, str]
"""An id and two texts that a person is found by: name and mail of a user, log-in name and owner of an identity."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of `count` entries, a line each: their ids, and the two texts of each. A line break is a blank."""

    count: int
    ids: str
    names: str
    others: str

    @property
    def entries(self) -> Iterator[Entry]:
        """The entries in their order."""
        return zip(self.ids.split("\n"), self.names.split("\n"), self.others.split("\n"), strict=True)


def concerned(sheets: Iterable[Sheet], may_be: Callable[[str], bool]) -> Iterator[Entry]:
    """Return the entries that `may_be` is true of; it must be true of a text that holds one that it is true of."""
    for sheet in sheets:
        if may_be(sheet.names) or may_be(sheet.others):
            for entry in sheet.entries:
                if may_be(f"{entry[1]}\n{entry[2]}"):
                    yield entry


def user_keys(records: list[Any]) -> list[str]:
    """Return the uids, in lower case. Raises `UnexpectedAnswer` where one, or a user's name, is missing.

    Here and below a plain page is read as a whole, and any other record by record, by the rule of `shapes`.
    """
    try:
        uids, names = [record["instanceUid"] for record in records], [record["userName"] for record in records]
        if _are_uids(uids) and all(names) and _lines(names):
            return _lowered(uids)
    except _ODD:
        pass
    return [shapes.user(record).uid for record in records]


def users(records: list[Any]) -> Iterator[Sheet]:
    """Return the sheet of users who have keys: uid as it was given, name, and mail where there is one."""
    if not records:
        return
    ids, names = [record["instanceUid"] for record in records], [record["userName"] for record in records]
    try:
        mails = _lines([(record["profile"] or _NO_PROFILE)["email"] or "" for record in records])
    except _ODD:
        mails = _lines([shapes.user(record).mail or "" for record in records])
    yield Sheet(len(records), _lines(ids), _lines(names), mails)


def identity_keys(records: list[Any]) -> list[str]:
    """Return the ids. Raises `UnexpectedAnswer` where one, or an owner, is missing."""
    try:
        ids = [record["id"] for record in records]
        if all(type(one) is int for one in ids) and _are_uids([record["userUid"] for record in records]):
            return list(map(str, ids))
    except _ODD:
        pass
    return [str(shapes.identity(record).id) for record in records]


def identities(records: list[object]) -> Iterator[Sheet]:
    """Return the sheet of identities that have keys: id, log-in name, and the owner's uid in lower case."""
    if not records:
        return
    found = list(map(shapes.identity, records))
    ids, names, owners = (
        [str(one.id) for one in found],
        [one.user_name for one in found],
        [one.owner for one in found],
    )
    yield Sheet(len(found), _lines(ids), _lines(names), _lines(owners))


def _are_uids(texts: list[str]) -> bool:
    """Whether all are uids, by the rule of `shapes`. Raises TypeError or ValueError where one is no text or no number.

    All at once by where their signs stand: a pattern takes half as long again, and one for each twice that.
    """
    count, line = len(texts), _UID + 1
    lines = "\n".join(texts)
    breaks, dashes = "\n" * (count - 1), "-" * count
    return (
        len(lines) == line * count - 1
        and lines.count("\n") == count - 1
        and lines[_UID::line] == breaks
        and all(lines[place::line] == dashes for place in _DASHES)
        and len(bytes.fromhex(lines.replace("-", ""))) == (_UID - len(_DASHES)) // 2 * count
    )


def _lowered(texts: list[str]) -> list[str]:
    lines = "\n".join(texts)
    lowered = lines.lower()
    return texts if lowered == lines else lowered.split("\n")


def _lines(texts: list[str]) -> str:
    """Return one line a text. Raises TypeError where one is no text."""
    lines = "\n".join(texts)
    if lines.count("\n") >= len(texts):
        lines = "\n".join(text.replace("\n", " ") for text in texts)
    return lines
