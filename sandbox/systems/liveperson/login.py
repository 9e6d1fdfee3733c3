"""The Login Service: sessions for a user and password, refresh, logout (Login Service API)."""

import secrets
from dataclasses import dataclass, field

from sandbox.systems.liveperson.sentinel import Bearer

SESSION_SECONDS = 28_800
IDLE_SECONDS = 600
"""A session that is not refreshed ends; the vendor asks for a refresh every 3 to 5 minutes (the limit is inferred)."""


@dataclass(slots=True)
class LogOn:
    """The user that logs in. `blocked` is answered with 451; `may_see_users` is the privilege Users."""

    username: str
    password: str
    user_id: int
    blocked: bool = False
    may_see_users: bool = True


@dataclass(slots=True)
class Session:
    """One session: what the client got, and until when it holds (epoch seconds)."""

    bearer: str
    csrf: str
    cookie: str
    expires: float
    idle: float


@dataclass(slots=True)
class Login:
    """Opens sessions for one user and says what a session's bearer is worth."""

    log_on: LogOn
    sessions: list[Session] = field(default_factory=list)

    def open(self, username: str, password: str, now: float) -> Session | None:
        """Return a new session, or None if the user or the password is wrong."""
        right = secrets.compare_digest(password.encode(), self.log_on.password.encode())
        if username != self.log_on.username or not right:
            return None
        bearer, csrf, cookie = (secrets.token_hex(16) for _ in range(3))
        session = Session(bearer, csrf, cookie, now + SESSION_SECONDS, now + IDLE_SECONDS)
        self.sessions.append(session)
        return session

    def bearer(self, token: str, now: float) -> Bearer | None:
        """Return what the bearer of a living session is worth."""
        found = next((one for one in self._living(now) if one.bearer == token), None)
        return None if found is None else Bearer(found.expires, self.log_on.may_see_users)

    def refresh(self, cookie: str, csrf: str, now: float) -> bool:
        """Keep a session alive; False if cookie and csrf do not belong to a living one."""
        found = self._held(cookie, csrf, now)
        if found is not None:
            found.idle = now + IDLE_SECONDS
        return found is not None

    def close(self, cookie: str, csrf: str, now: float) -> bool:
        """End a session; False as for `refresh`."""
        found = self._held(cookie, csrf, now)
        if found is not None:
            self.sessions.remove(found)
        return found is not None

    def _living(self, now: float) -> list[Session]:
        return [one for one in self.sessions if min(one.expires, one.idle) > now]

    def _held(self, cookie: str, csrf: str, now: float) -> Session | None:
        return next((one for one in self._living(now) if (one.cookie, one.csrf) == (cookie, csrf)), None)
