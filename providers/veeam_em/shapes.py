"""Enterprise Manager's documents, in JSON or XML, as values.

XML is documented; by "Resource Representations" JSON has the same names, with attributes as plain keys and
collections as arrays. Some servers answer XML whatever is asked, so both are read by the answer's own type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from bot.errors import UnexpectedAnswer
from bot.model import fold
from providers.http import Answer

PORTAL_ADMINISTRATOR = "Portal Administrator"
_ADMINISTRATOR_ID = "5f37a46b-9ce2-40f4-8a62-b45b079257fc"
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ref:
    """An account as the list has it. `id` is the bare GUID in lower case."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Entity:
    """An account in full. `type` is empty where the server answered with a mere reference."""

    id: str
    name: str
    type: str
    restores_all: bool


@dataclass(frozen=True, slots=True)
class Role:
    """A role that an account holds. Ids are the same on every server ("/security/roles", samples)."""

    id: str
    name: str

    @property
    def is_administrator(self) -> bool:
        """Whether it may give and take accounts: by name, and by id where a server translates names."""
        return fold(self.name) == fold(PORTAL_ADMINISTRATOR) or self.id == _ADMINISTRATOR_ID


def refs(answer: Answer) -> tuple[Ref, ...]:
    """Return all references of the list. Raises `UnexpectedAnswer` where one of them cannot be read.

    An empty list cannot be true: our own right to read it comes from an account.
    """
    found = tuple(Ref(_guid(record), _text(record, "Name")) for record in _records(answer, "Refs", "Ref"))
    if not found:
        raise UnexpectedAnswer("the list of accounts is empty, though our own right to read it stands in it")
    return found


def entity(answer: Answer, wanted: str) -> Entity:
    """Return the account of the GUID `wanted`; an answer about any other raises `UnexpectedAnswer`."""
    record = _record(answer)
    if _guid(record) != wanted:
        raise UnexpectedAnswer("the server answered about another account than it was asked for")
    restores_all = str(record.get("AllowRestoreAllVms", "")).lower() == "true"
    return Entity(wanted, _text(record, "Name"), str(record.get("AccountType") or ""), restores_all)


def roles(answer: Answer) -> tuple[Role, ...]:
    """Return the roles that an account holds."""
    records = _records(answer, "EnterpriseAccountInRoles", "EnterpriseAccountInRole")
    return tuple(Role(_last_guid(record), _text(record, "RoleName")) for record in records)


def log_on(answer: Answer) -> tuple[str, str]:
    """Return whom the server took us for, and the GUID of the session, empty where none is told."""
    record = _record(answer)
    session = str(record.get("SessionId") or "").strip().lower()
    return _text(record, "UserName"), session if is_guid(session) else ""


def message(answer: Answer) -> str:
    """Return the server's own words about a refusal, empty where it has none. Never branch on them."""
    try:
        return str(_record(answer).get("Message") or "")
    except UnexpectedAnswer:
        return ""


def is_guid(text: str) -> bool:
    """Whether `text` may stand in a path as an id: anything else could address a whole collection."""
    return _GUID.fullmatch(text) is not None


def _is_json(answer: Answer) -> bool:
    return "json" in answer.media


def _record(answer: Answer) -> Record:
    if not _is_json(answer):
        return _flat(answer.xml())
    record = answer.json()
    if not isinstance(record, dict):
        raise UnexpectedAnswer("the server's answer is no single document")
    return record


def _records(answer: Answer, key: str, tag: str) -> tuple[Record, ...]:
    if not _is_json(answer):
        root = answer.xml()
        if _local(root) not in {"EntityReferences", f"{tag}List"}:
            raise UnexpectedAnswer("the server's answer is no list of what was asked for")
        return tuple(_flat(element) for element in root.iter() if _local(element) == tag)
    records = _record(answer).get(key)
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise UnexpectedAnswer("the server's answer is no list of what was asked for")
    return tuple(records)


def _flat(element: Element) -> Record:
    texts = {_local(child): child.text or "" for child in element if not len(child)}
    return {**element.attrib, **texts}


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(record: Record, key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value.strip():
        raise UnexpectedAnswer(f"the server's answer lacks {key}")
    return value


def _guid(record: Record) -> str:
    guid = _text(record, "UID").rpartition(":")[2].strip().lower()
    if not is_guid(guid):
        raise UnexpectedAnswer("the server's answer holds an id that is no GUID")
    return guid


def _last_guid(record: Record) -> str:
    return str(record.get("Href") or "").rpartition("/")[2].lower()
