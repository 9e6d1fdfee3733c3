"""Signed requests: the signature is the RFC's, each is signed anew, and a rejected key is not tried again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from urllib.parse import unquote

import pytest

from bot.errors import CredentialsRejected, Forbidden
from bot.model import SentState
from providers.http import Door
from providers.liveperson import LivePersonProvider
from providers.liveperson.oauth1 import SignedRequests, base_string, signature
from sandbox.systems.faults import Fault
from sandbox.systems.liveperson import LivePerson
from tests.providers.liveperson.asking import DANA, LIST, ONE, delete, settings_of, the_account
from tests.providers.raised import raised

# RFC 5849, 1.2: the client asks for the photo with its token credentials.
PHOTO = "http://photos.example.net/photos?file=vacation.jpg&size=original"
PHOTO_BY = {
    "oauth_consumer_key": "dpf43f3p2l4k3l03",
    "oauth_token": "nnch734d00sl2jdk",
    "oauth_signature_method": "HMAC-SHA1",
    "oauth_timestamp": "137131202",
    "oauth_nonce": "chapoH",
}
PHOTO_BASE = (
    "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg"
    "%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3DchapoH%26oauth_signature_method%3DHMAC-SHA1"
    "%26oauth_timestamp%3D137131202%26oauth_token%3Dnnch734d00sl2jdk%26size%3Doriginal"
)
# RFC 5849, 3.4.1.1: parameters that need encoding twice, some without a value, some twice.
REQUEST = "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2=&a3=2+q"
REQUEST_BY = {
    "oauth_consumer_key": "9djdj82h48djs9d2",
    "oauth_token": "kkk9d7dh3k39sjv7",
    "oauth_signature_method": "HMAC-SHA1",
    "oauth_timestamp": "137131201",
    "oauth_nonce": "7d8f3e4a",
}
REQUEST_BASE = (
    "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2"
    "%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1"
    "%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
)


@pytest.fixture
def hand(system: LivePerson, door: Door) -> LivePersonProvider:
    system.way = "oauth1"
    return LivePersonProvider("liveperson", settings_of(system), door)


def test_the_base_strings_are_those_of_the_rfc() -> None:
    assert base_string("get", PHOTO, PHOTO_BY.items()) == PHOTO_BASE
    assert base_string("post", REQUEST, REQUEST_BY.items()) == REQUEST_BASE


def test_the_signature_is_that_of_the_rfc() -> None:
    secrets = "kd94hf93k423kf44", "pfkkdhi9sl3r4s00"
    by_hand = hmac.new("&".join(secrets).encode(), PHOTO_BASE.encode(), hashlib.sha1).digest()
    assert signature(PHOTO_BASE, *secrets) == base64.b64encode(by_hand).decode() == "MdpQcU8iPSUjWoN/UDMsK2sui9I="


def test_secrets_are_encoded_before_they_are_a_key() -> None:
    by_hand = hmac.new(b"a%26b%2B&%C3%BC%20", b"text", hashlib.sha1).digest()
    assert signature("text", "a&b+", "ü ") == base64.b64encode(by_hand).decode()


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://VA.ac.example.net:443/a/b?v=4.0", "https%3A%2F%2Fva.ac.example.net%2Fa%2Fb"),
        ("https://va.ac.example.net:8443/a", "https%3A%2F%2Fva.ac.example.net%3A8443%2Fa"),
        ("http://127.0.0.1:443/a", "http%3A%2F%2F127.0.0.1%3A443%2Fa"),
        ("https://va.ac.example.net", "https%3A%2F%2Fva.ac.example.net%2F"),
    ],
)
def test_a_port_is_signed_where_it_is_not_the_schemes_own(url: str, address: str) -> None:
    assert base_string("GET", url, {}.items()).split("&")[1] == address


def test_the_dollar_of_select_is_encoded_once_more() -> None:
    assert base_string("GET", "https://h/p?select=%24all&v=4.0", {}.items()).endswith("&select%3D%2524all%26v%3D4.0")


async def test_a_whole_removal_is_signed_and_nothing_is_logged_on(hand: LivePersonProvider, system: LivePerson) -> None:
    account = await the_account(hand)
    assert await delete(hand, account) is SentState.ACCEPTED
    assert await hand.read(account) is None
    await hand.aclose()
    assert not any(re.search("token|login|logout", entry.path) for entry in system.journal.entries)


async def test_each_try_has_a_nonce_of_its_own(hand: LivePersonProvider, system: LivePerson) -> None:
    system.faults.add(Fault("reset_after", "GET", LIST))
    await hand.find(DANA)
    assert [entry.status for entry in system.journal.entries if re.search(LIST, entry.path)] == [0, 200]
    assert len(system.state.signatures.seen) == 2


@pytest.mark.parametrize("field", ["consumer_key", "consumer_secret", "access_token", "access_token_secret"])
async def test_a_wrong_value_is_a_rejected_key_and_is_not_tried_again(
    hand: LivePersonProvider, system: LivePerson, door: Door, field: str
) -> None:
    hand = LivePersonProvider("lp", settings_of(system, **{field: "wr0ng"}), door)
    for _ in range(2):
        error = await raised(hand.find(DANA))
        assert isinstance(error, CredentialsRejected)
        assert "clock" in str(error)
        assert "wr0ng" not in str(error)
    assert [entry.status for entry in system.journal.entries if re.search(LIST, entry.path)] == [401]


async def test_a_401_at_the_deletion_is_not_repeated(hand: LivePersonProvider, system: LivePerson) -> None:
    account = await the_account(hand)
    assert await hand.read(account)
    system.faults.add(Fault("status", "DELETE", ONE, times=9, status=401, body="{}"))
    assert isinstance(await raised(hand.do(account, hand.steps(account)[0], "key")), CredentialsRejected)
    assert sum(entry.method == "DELETE" for entry in system.journal.entries) == 1


async def test_a_clock_that_is_wrong_is_a_rejected_key(hand: LivePersonProvider, system: LivePerson) -> None:
    system.clock.forward(3600)
    assert isinstance(await raised(hand.find(DANA)), CredentialsRejected)


async def test_a_key_without_the_privilege_is_forbidden(hand: LivePersonProvider, system: LivePerson) -> None:
    system.state.signatures.key.may_see_users = False
    assert isinstance(await raised(hand.find(DANA)), Forbidden)


def test_the_header_is_one_line_with_encoded_values(system: LivePerson) -> None:
    system.way = "oauth1"
    way = SignedRequests(settings_of(system, access_token='a"b,c\n+'), clock=lambda: 137131202.9)
    headers = [way.header("GET", PHOTO) for _ in range(2)]
    found = dict(re.findall(r'(\w+)="([^"]*)"', headers[0]))
    assert headers[0].startswith("OAuth oauth_consumer_key=")
    assert "\n" not in headers[0]
    assert unquote(found["oauth_token"]) == 'a"b,c\n+'
    assert (found["oauth_timestamp"], found["oauth_version"]) == ("137131202", "1.0")
    assert len(set(headers)) == 2
