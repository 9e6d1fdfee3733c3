"""Signed requests by another implementation of RFC 5849: it makes our header, and the simulator takes what it makes."""

from __future__ import annotations

import secrets
from unittest.mock import patch
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st
from oauthlib.oauth1 import Client  # type: ignore[import-untyped]  # it ships no types
from oauthlib.oauth1.rfc5849.utils import (  # type: ignore[import-untyped]  # it ships no types
    parse_authorization_header,
)

from providers.http import Door
from providers.liveperson.oauth1 import SignedRequests
from providers.liveperson.settings import Settings
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.liveperson.access import ACCOUNT

TEXTS = st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
VALUES = st.text(st.characters(codec="utf-8"), max_size=20)
PAIRS = st.lists(st.tuples(TEXTS, VALUES), max_size=4)
"""Of queries; names that are the protocol's own would be refused by both."""
AT = 1_764_000_000


def settings_of(*values: str) -> Settings:
    names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    return Settings.model_validate({"provider": "liveperson", "account": "1", **dict(zip(names, values, strict=True))})


@settings(deadline=None)
@given(st.tuples(TEXTS, TEXTS, TEXTS, TEXTS), st.sampled_from(["GET", "DELETE"]), PAIRS)
def test_another_implementation_makes_the_same_header(
    values: tuple[str, str, str, str], method: str, pairs: list[tuple[str, str]]
) -> None:
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    url = f"https://zz.ac.example.test/api/account/1/configuration/le-users/users?{query}"
    with patch.object(secrets, "token_hex", lambda _: "nonce"):
        ours = SignedRequests(settings_of(*values), lambda: AT).header(method, url)
    given_values = {"resource_owner_key": values[2], "resource_owner_secret": values[3]}
    client = Client(values[0], values[1], timestamp=str(AT), nonce="nonce", **given_values)
    _, theirs, _ = client.sign(url, method)
    assert read(ours) == read(theirs["Authorization"])


async def test_the_simulator_lets_in_whom_another_implementation_has_signed(system: LivePerson, door: Door) -> None:
    key = system.state.signatures.key
    url = f"{system.url}/api/account/{ACCOUNT}/configuration/le-users/users?v=4.0&select=%24all"
    statuses = []
    for secret in (key.access_token_secret, "another"):
        client = Client(
            key.consumer_key, key.consumer_secret, resource_owner_key=key.access_token, resource_owner_secret=secret
        )
        statuses.append((await door.read("GET", url, headers=client.sign(url)[1])).status)
    assert statuses == [200, 401]


def read(header: str) -> dict[str, str]:
    """Return the parameters of a header, as that implementation reads them."""
    return dict(parse_authorization_header(header))
