"""Huawei's words for accounts under host security, and what they are in ours. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import UnexpectedAnswer
from bot.model import Account, Finding, Key, Match, Word, facts
from providers.huawei_hss.settings import Settings

_TEXTS = ("organization_id", "account_id", "account_name", "project_id")
_HOST_STEPS = (*range(1, 21), 50, 100, 200, 500, 1000, 2000, 5000, 10000)
_RISKS = ("vulnerability_num", "baseline_num", "intrusion_num")

EFFECT = Finding(
    "This takes the cloud account off central host-security management. It does not close the cloud account and"
    " does not end any login."
)
LEFT = "The cloud account and all its logins still work."


@dataclass(frozen=True, slots=True)
class Row:
    """One account in one project, as the list gives it (*Querying the Multi-Account List*)."""

    organization_id: str
    account_id: str
    account_name: str
    project_id: str
    project_name: str = ""
    hosts: int = 0
    risks: int = 0

    @property
    def triple(self) -> tuple[str, str, str]:
        """What names the row, and what a deletion must give."""
        return self.organization_id, self.account_id, self.project_id


def row_of(entry: object) -> Row:
    """Return a row of the list. Raises `UnexpectedAnswer` where an id or the name is missing."""
    if not isinstance(entry, dict) or not all(isinstance(entry.get(name), str) and entry[name] for name in _TEXTS):
        raise UnexpectedAnswer("a row of the account list lacks an id or a name")
    return Row(
        entry["organization_id"],
        entry["account_id"],
        entry["account_name"],
        entry["project_id"],
        project_name=str(entry.get("project_name") or ""),
        hosts=_number(entry, "host_num"),
        risks=sum(_number(entry, name) for name in _RISKS),
    )


def _number(entry: dict[str, Any], name: str) -> int:
    value = entry.get(name)
    return value if isinstance(value, int) else 0


def page_of(content: object) -> tuple[tuple[Row, ...], int]:
    """Return the rows of one page and the number of all rows."""
    entries = content.get("data_list") if isinstance(content, dict) else None
    total = content.get("total_num") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not isinstance(total, int):
        raise UnexpectedAnswer("the answer is not a list of accounts")
    return tuple(row_of(entry) for entry in entries), total


def account_of(
    system: str, rows: Sequence[Row], settings: Settings, matched_by: tuple[Key, ...], match: Match
) -> Account:
    """Return the account that these rows (one for each project, at least one) are about."""
    projects = {row.project_id: row for row in rows}
    hosts = sum(row.hosts for row in projects.values())
    names = sorted({row.account_name for row in rows})
    organizations = sorted({row.organization_id for row in rows})
    return Account(
        system=system,
        id=rows[0].account_id,
        handle=", ".join(names),
        identity=facts(
            id=rows[0].account_id, login=", ".join(names), organization=", ".join(organizations), type="cloud account"
        ),
        match=match,
        matched_by=matched_by,
        weight=tuple(f"host {number}" for number in _HOST_STEPS if number <= hosts),
        parts=tuple(sorted(projects)),
        notes=facts(
            hosts=hosts,
            open_risks=sum(row.risks for row in projects.values()),
            projects=", ".join(sorted({row.project_name or row.project_id for row in rows})),
        ),
        findings=tuple(_findings(rows, hosts, settings)),
        left=LEFT,
    )


def _findings(rows: Sequence[Row], hosts: int, settings: Settings) -> Iterable[Finding]:
    named = {rows[0].account_id, *(row.account_name for row in rows)}
    organizations = {row.organization_id for row in rows}
    if any(row.project_id == settings.project_id for row in rows):
        yield Finding("This is the cloud account that the bot itself works from.", Word.REFUSED)
    if named & set(settings.protected_accounts):
        yield Finding("The operator has protected this cloud account.", Word.REFUSED)
    if organizations - {settings.organization_id or min(organizations)}:
        yield Finding("It belongs to another organization than the configured one.", Word.REFUSED)
    yield EFFECT
    if hosts:
        yield Finding(f"Hosts of this account that would no longer be watched centrally: {hosts}.")
