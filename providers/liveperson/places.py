"""On which hosts a LivePerson account lives (Domain API), and which of them may have a credential."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.errors import Misconfigured, UnexpectedAnswer
from providers.http import Door, failure
from providers.liveperson.settings import Settings

USERS = "accountConfigReadWrite"
"""Reads come from here too: a read-only host that lags would show what was."""
TOKENS = "sentinel"
LOG_ONS = "agentVep"

_PLACE = re.compile(r"^(?P<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)(?::[0-9]{1,5})?$")
_OK = 200
_UNKNOWN = frozenset({400, 401, 404})


class Places:
    """Asks for each service once."""

    def __init__(self, settings: Settings, door: Door) -> None:
        self._settings = settings
        self._door = door
        self._known: dict[str, str] = {}

    async def of(self, service: str) -> str:
        """Return the address of a service. Raises `Misconfigured` where no credential may be sent there."""
        if service not in self._known:
            path = f"/api/account/{self._settings.account}/service/{service}/baseURI.json?version=1.0"
            answer = await self._door.read("GET", self._settings.domain_api + path)
            if answer.status in _UNKNOWN:
                raise Misconfigured(f"LivePerson's Domain API does not know the account ({answer.status})")
            if answer.status != _OK:
                raise failure(answer, sending=False)
            self._known[service] = self._checked(answer.json())
        return self._known[service]

    def _checked(self, content: object) -> str:
        base = content.get("baseURI") if isinstance(content, dict) else None
        found = _PLACE.match(base) if isinstance(base, str) else None
        if found is None:
            raise UnexpectedAnswer("LivePerson's Domain API did not name a bare host")
        if not self._settings.trusts(found["host"]):
            raise Misconfigured("LivePerson's Domain API named a host outside `hosts`; no credential was sent there")
        # A Domain API on plain http can only be a loopback one, and so are its neighbours.
        is_near = found["host"] in {"127.0.0.1", "localhost"}
        scheme = urlsplit(self._settings.domain_api).scheme if is_near else "https"
        return f"{scheme}://{base}"
