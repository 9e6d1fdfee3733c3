"""The checker of signatures and the tests' own signer, against vectors made with the vendor's signer."""

import hashlib

import pytest

from sandbox.systems.huawei_hss.signature import canonical_request, claim, signature
from tests.sandbox.systems.hss_client import Query, encoded, sign

SECRET = "sKexampleSecretKey0123456789abcdefABCDEF"
DATE = "20261122T101112Z"
PROJECT = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
DOMAIN = "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
HSS = "hss.eu-west-101.myhuaweicloud.eu"
IAM = "iam.eu-west-101.myhuaweicloud.eu"
PATH = "/v5/setting/account/accounts"
BODY = (
    b'{"organization_id": "o-00000000000000000000000000000001", "account_id": "a1b2c3d4e5f60718293a4b5c6d7e8f90",'
    b' "project_id": "00112233445566778899aabbccddeeff"}'
)
JSON = {"content-type": "application/json"}
REGIONAL = JSON | {"x-project-id": PROJECT}
ALL: Query = [("enterprise_project_id", "all_granted_eps")]

VECTORS = [
    pytest.param(
        ("GET", HSS, PATH, [("limit", "200"), ("offset", "0"), *ALL], REGIONAL, b""),
        "e9141bdb7456acf261c28c01516abbe9d0a0d83f6d1f2238c63496a610d67fcb",
        "d440dbd82d0001ff35d40e4c160ac6c2a53ffe45255166a7fffe821a9581734f",
        id="list",
    ),
    pytest.param(
        ("DELETE", HSS, PATH, ALL, REGIONAL, BODY),
        "8f2d462cb10a0ea46f3696287428d08723db954b9f5eb5bae1f112077d5f64f7",
        "daf8fc838313d780337de886c661e6d6073183e89c35f138c2d211d1398550d8",
        id="delete",
    ),
    pytest.param(
        (
            "POST",
            HSS,
            "/v5/setting/a b/ünï",
            [("name", "Zoë Ångström 李雷"), ("tag", "a+b=c&d/e~f")],
            REGIONAL,
            '{"account_name": "Zoë 李雷"}'.encode(),
        ),
        "cd0f82c84f0d372af9cfbe844c1912867ee3c34bbf0f53781d3250ccc3e8fac1",
        "731e73a9715b025525c56a3967227d12f2a7dad13658f7148af142109865c297",
        id="letters of all kinds",
    ),
    pytest.param(
        (
            "DELETE",
            HSS,
            PATH,
            [("enterprise_project_id", "0")],
            REGIONAL | {"x-security-token": "hQpjbi1ub3J0aC00EXAMPLE/temp+token=="},
            BODY,
        ),
        "dfabeb2f9794ca787c46c85ce36e386c8697ce647971a7d5f3c3d1abbfd7ed6c",
        "1ae0f2aa63f46e83ecd5b332688e793a810dea300fb700febe9e4c0cd745341f",
        id="temporary key",
    ),
    pytest.param(
        ("DELETE", IAM, "/v3/users/07609fb9358010e21f7bc003751c1111", [], JSON | {"x-domain-id": DOMAIN}, b""),
        "d65eb1247b1ac10569c2302ed59d3972c0486a4aed2342e7f04e2d7bd712d8be",
        "24652cb947c388e8410d375fb7dfec9193f8c5575f56020166bd0daa1af95fee",
        id="no body",
    ),
    pytest.param(
        (
            "GET",
            IAM,
            "/v3/users/",
            [("name", "ada.leaver"), ("domain_id", DOMAIN), ("enabled", "true")],
            {"x-domain-id": DOMAIN},
            b"",
        ),
        "f22098ec1681cad5f731c7e0695c073455432b02885423c6a099fdccbaab749c",
        "711ff011504674509f3b4b593aa3af465a3a3945474513feb10b349978bfdb2c",
        id="slash already there",
    ),
    pytest.param(
        (
            "GET",
            HSS,
            "/v5/setting/account/organization-tree",
            [("is_refresh", "true"), ("k", "z"), ("k", "a")],
            JSON | {"region": "eu-west-101"},
            b"",
        ),
        "0a4da58e96e73546d388c1100b30b1c9aeec953217906af3d4c61bc6c6813d53",
        "eb11f0191c11bd9a1132776b4459dc7eb773ecb560d2fc81cf07417f62a00906",
        id="one key twice",
    ),
    pytest.param(
        (
            "DELETE",
            "127.0.0.1:18443",
            PATH,
            ALL,
            REGIONAL,
            b'{"organization_id": "o-1", "account_id": "a1", "project_id": "p1"}',
        ),
        "39fe9b51aa1c8ab738a8ef483b4118c8f9d8c7436b630f0aef854bc72904bde8",
        "f2b7b13057e5a2a6e28064b26f9909452b776ebd6daba8969c914008446dba5f",
        id="host with a port",
    ),
]
Request = tuple[str, str, str, Query, dict[str, str], bytes]


@pytest.mark.parametrize(("request_", "digest", "expected"), VECTORS)
def test_a_signature_is_computed_as_the_vendor_does(request_: Request, digest: str, expected: str) -> None:
    method, host, path, query, more, body = request_
    headers = more | {"host": host, "x-sdk-date": DATE}
    target = path + (f"?{encoded(query)}" if query else "")
    canonical = canonical_request(method, target, headers, tuple(sorted(headers)), body)
    assert hashlib.sha256(canonical).hexdigest() == digest
    assert signature(SECRET, DATE, canonical) == expected
    assert sign(SECRET, method, path, query, headers, body) == expected


def test_a_path_that_was_sent_encoded_is_signed_the_same() -> None:
    plain = canonical_request("GET", "/a b/ünï?k=ä", {}, (), b"")
    assert canonical_request("GET", "/a%20b/%C3%BCn%C3%AF?k=%C3%A4", {}, (), b"") == plain


def test_a_form_space_is_not_a_space() -> None:
    assert canonical_request("GET", "/?k=a+b", {}, (), b"") != canonical_request("GET", "/?k=a%20b", {}, (), b"")


@pytest.mark.parametrize("header", ["", "Bearer x", "SDK-HMAC-SHA256 Access=A, SignedHeaders=host, Signature=short"])
def test_a_header_of_another_scheme_claims_nothing(header: str) -> None:
    assert claim(header) is None
