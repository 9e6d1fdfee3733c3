"""What the adapter sends, signed again by the vendor's own signer: the two agree on every request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from aiohttp import web
from huaweicloudsdkcore.auth.credentials import BasicCredentials  # type: ignore[import-untyped]  # it ships no types
from huaweicloudsdkcore.sdk_request import SdkRequest  # type: ignore[import-untyped]  # it ships no types
from huaweicloudsdkcore.signer.signer import Signer as VendorSigner  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.model import Outcome, Word
from bot.removal import Removal
from providers.http import Door
from providers.huawei_hss.signer import QueryValue, Request, Signer
from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.huawei_hss import seed as acme
from sandbox.systems.huawei_hss.state import Key
from tests.bot.removing import BookedLedger
from tests.providers.huawei_hss.asking import DANA, hand_of, the_account

ACCESS = "AKEXAMPLE0123456789A"
SECRET = "sKexampleSecretKey0123456789abcdefABCDEF"
AT = datetime(2026, 11, 22, 10, 11, 12, tzinfo=UTC)

NAMES = st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1, max_size=20)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
PLAIN = st.text("abcdefghijklmnopqrstuvwxyz0123456789", max_size=8)
VALUES = TEXTS | st.integers() | st.booleans() | st.lists(PLAIN, max_size=4)
SEGMENTS = st.text(st.characters(codec="utf-8", exclude_characters="/%"), min_size=1, max_size=20)
PATHS = st.lists(SEGMENTS, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))
VISIBLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
HEADERS = st.dictionaries(st.sampled_from(("X-Project-Id", "X-Domain-Id", "X-Security-Token", "region")), VISIBLE)


@dataclass(frozen=True, slots=True)
class Vendor:
    """The vendor's signer with one pair of keys."""

    access: str
    secret: str

    def authorization(
        self, method: str, host: str, path: str, query: list[tuple[str, object]], headers: dict[str, str], body: bytes
    ) -> str:
        """Return the header as the vendor makes it over exactly these headers, the date among them."""
        asked = SdkRequest(method, "https", host, path, None, query, dict(headers), body)
        VendorSigner(BasicCredentials(self.access, self.secret, "any")).sign(asked)
        return str(asked.header_params["Authorization"])


async def signed_again(vendor: Vendor, request: web.Request) -> str:
    """Return what the vendor's signer makes of a request that came in, from the bytes of its target and body."""
    names = request.headers["Authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    path, _, query = request.raw_path.partition("?")
    pairs: list[tuple[str, object]] = list(parse_qsl(query, keep_blank_values=True))
    headers = {name: request.headers[name] for name in names}
    return vendor.authorization(request.method, request.host, path, pairs, headers, await request.read())


async def take_dana_off(system: HuaweiHss, door: Door, **settings: object) -> list[web.Request]:
    """Carry a removal through, and return every request that it took."""
    came_in: list[web.Request] = []
    system.gate = came_in.append
    hand = hand_of(system, door, **settings)
    account = await the_account(hand)
    end = await Removal(hand, DANA, account, BookedLedger([])).carry_out()
    assert isinstance(end, Outcome)
    assert end.word is Word.REMOVED
    return came_in


async def test_every_request_of_a_removal_is_signed_as_the_vendor_signs_it(system: HuaweiHss, door: Door) -> None:
    vendor = Vendor(acme.ACCESS_KEY, acme.SECRET_KEY)

    requests = await take_dana_off(system, door)

    assert {request.method for request in requests} == {"GET", "DELETE"}
    assert [one.headers["Authorization"] for one in requests] == [await signed_again(vendor, one) for one in requests]


async def test_with_a_temporary_key_too_and_its_token_is_signed(system: HuaweiHss, door: Door) -> None:
    system.state.keys["AKTEMPORARY"] = Key("temporary-secret", "svc-user", token="temp/token+==")
    vendor = Vendor("AKTEMPORARY", "temporary-secret")

    requests = await take_dana_off(
        system, door, access_key="AKTEMPORARY", secret_key="temporary-secret", security_token="temp/token+=="
    )

    assert all(";x-security-token," in one.headers["Authorization"] for one in requests)
    assert [one.headers["Authorization"] for one in requests] == [await signed_again(vendor, one) for one in requests]


async def test_the_vendors_signer_with_another_secret_makes_another_signature(system: HuaweiHss, door: Door) -> None:
    requests = await take_dana_off(system, door)

    for one in requests:
        assert one.headers["Authorization"] != await signed_again(Vendor(acme.ACCESS_KEY, "another"), one)


@given(st.sampled_from(("GET", "PUT", "POST", "DELETE")), PATHS, st.dictionaries(NAMES, VALUES), HEADERS, st.binary())
def test_any_request_is_signed_as_the_vendor_signs_it(
    method: str, path: str, query: dict[str, QueryValue], more: dict[str, str], body: bytes
) -> None:
    request = Request(method, "hss.example.test:8443", path, query, {"Content-Type": "application/json", **more}, body)
    sent = Signer(ACCESS, SecretStr(SECRET)).headers(request, AT)

    ours = sent.pop("Authorization")

    pairs: list[tuple[str, object]] = list(query.items())
    assert ours == Vendor(ACCESS, SECRET).authorization(method, request.host, path, pairs, sent, body)
