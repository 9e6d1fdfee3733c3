"""Who calls: bearer tokens, API keys and the /token endpoint ("OAuth 2.0 Authentication", "API Key-Based…")."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from sandbox.systems.frame import Refusal
from sandbox.systems.vspc.answers import Json, refuse, write
from sandbox.systems.vspc.state import ACCESS_LIFE, REFRESH_LIFE, Token, User, VspcState

_EVERYWHERE: Final = frozenset({"PortalAdministrator", "SiteAdministrator"})
_OWN_COMPANY: Final = frozenset({"CompanyOwner", "CompanyAdministrator"})


@dataclass(frozen=True, slots=True)
class Caller:
    user: User
    read_only: bool = False

    def sees(self, user: User) -> bool:
        """Each sees only its own scope: the whole console, or its company."""
        return self.sees_everything or user.organization == self.user.organization

    @property
    def sees_everything(self) -> bool:
        return self.user.role in _EVERYWHERE

    @property
    def may_manage_users(self) -> bool:
        return self.user.role in _EVERYWHERE | _OWN_COMPANY


def caller(request: web.Request, state: VspcState, now: float) -> Caller:
    """Whose bearer token or API key this is; 401 where it is nobody's any more."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    found = _by_token(state, secret, now) or _by_key(state, secret) if scheme == "Bearer" and secret else None
    if found is None or found.user.status != "Enabled":
        raise refuse(401, "Authorization is required.", type_="security")
    return found


def _by_token(state: VspcState, secret: str, now: float) -> Caller | None:
    token = state.tokens.get(secret)
    if token is None or token.expires <= now or token.user not in state.users:
        return None
    return Caller(state.users[token.user], token.read_only)


def _by_key(state: VspcState, secret: str) -> Caller | None:
    """A key works for as long as its identity stands and is enabled."""
    for login in state.logins.values():
        if login.key == secret and login.status == "enabled" and login.user in state.users:
            return Caller(state.users[login.user], login.read_only)
    return None


class TokenDesk:
    """POST /token: password, refresh and mfa grants. Its refusals are 400 in OAuth's own shape."""

    def __init__(self, state: VspcState, now: float) -> None:
        self._state = state
        self._now = now

    def grant(self, form: Mapping[str, str]) -> web.Response:
        match form.get("grant_type"):
            case "password":
                return self._password(form)
            case "refresh_token":
                return self._refresh(form)
            case "mfa":
                return self._mfa(form)
            case _:
                raise _no("unsupported_grant_type", "The grant type is not supported.")

    def _password(self, form: Mapping[str, str]) -> web.Response:
        user = self._named(form.get("username", ""))
        if user is None or user.password is None or user.password != form.get("password") or user.status != "Enabled":
            raise _no("invalid_grant", "The user name or the password is wrong.")
        if user.mfa_code is not None:
            mfa = uuid.uuid4().hex
            self._state.mfa_tokens[mfa] = user.uid
            return _tokens(mfa_token=mfa)
        return self._issue(user.uid, read_only=form.get("readOnly", "").lower() == "true")

    def _named(self, name: str) -> User | None:
        return next((user for user in self._state.users.values() if user.name.lower() == name.lower()), None)

    def _mfa(self, form: Mapping[str, str]) -> web.Response:
        user = self._state.users.get(self._state.mfa_tokens.get(form.get("mfa_token", ""), ""))
        if user is None or user.mfa_code != form.get("mfa_code"):
            raise _no("invalid_grant", "The code is wrong.")
        del self._state.mfa_tokens[form["mfa_token"]]
        return self._issue(user.uid)

    def _refresh(self, form: Mapping[str, str]) -> web.Response:
        """A refresh token serves once: the answer is a new pair, and the old one is gone."""
        wanted = form.get("refresh_token", "")
        old = next((token for token in self._state.tokens.values() if token.refresh == wanted), None)
        if old is None or old.refresh_expires <= self._now or old.user not in self._state.users:
            raise _no("invalid_grant", "The refresh token is not valid.")
        del self._state.tokens[old.access]
        return self._issue(old.user, read_only=old.read_only)

    def _issue(self, user: str, *, read_only: bool = False) -> web.Response:
        expires, refresh_expires = self._now + ACCESS_LIFE, self._now + REFRESH_LIFE
        token = Token(uuid.uuid4().hex, uuid.uuid4().hex, user, expires, refresh_expires, read_only)
        self._state.tokens[token.access] = token
        return _tokens(access_token=token.access, refresh_token=token.refresh, expires_in=int(ACCESS_LIFE))


def _tokens(**values: object) -> web.Response:
    body: Json = dict.fromkeys(
        ("access_token", "token_type", "refresh_token", "mfa_token", "encrypted_code", "expires_in")
    )
    return write(body | {"token_type": "bearer"} | values, 200)


def _no(error: str, description: str) -> Refusal:
    return Refusal(write({"error": error, "error_description": description, "error_uri": None}, 400))
