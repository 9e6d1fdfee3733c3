"""The signature equals the official signer's, byte for byte: its vectors were made with fixed keys and one date."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from providers.huawei_hss.signer import Request, Signer, canonical_path, canonical_query, canonical_request

SIGNER = Signer("AKEXAMPLE0123456789A", SecretStr("sKexampleSecretKey0123456789abcdefABCDEF"))
AT = datetime(2026, 11, 22, 10, 11, 12, tzinfo=UTC)
PROJECT = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
DOMAIN = "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
HSS = "hss.eu-west-101.myhuaweicloud.eu"
IAM = "iam.eu-west-101.myhuaweicloud.eu"
ACCOUNTS = "/v5/setting/account/accounts"
JSON = {"Content-Type": "application/json"}
BODY = (
    b'{"organization_id": "o-00000000000000000000000000000001", "account_id": "a1b2c3d4e5f60718293a4b5c6d7e8f90",'
    b' "project_id": "00112233445566778899aabbccddeeff"}'
)
REGIONAL = JSON | {"X-Project-Id": PROJECT}
TEMPORARY = REGIONAL | {"X-Security-Token": "hQpjbi1ub3J0aC00EXAMPLE/temp+token=="}
ALL = "all_granted_eps"


@dataclass(frozen=True)
class Vector:
    name: str
    request: Request
    digest: str
    signature: str


VECTORS = (
    Vector(
        "V1 a page of the list",
        Request("GET", HSS, ACCOUNTS, {"limit": 200, "offset": 0, "enterprise_project_id": ALL}, REGIONAL),
        "e9141bdb7456acf261c28c01516abbe9d0a0d83f6d1f2238c63496a610d67fcb",
        "d440dbd82d0001ff35d40e4c160ac6c2a53ffe45255166a7fffe821a9581734f",
    ),
    Vector(
        "V2 a deletion with a body",
        Request("DELETE", HSS, ACCOUNTS, {"enterprise_project_id": ALL}, REGIONAL, BODY),
        "8f2d462cb10a0ea46f3696287428d08723db954b9f5eb5bae1f112077d5f64f7",
        "daf8fc838313d780337de886c661e6d6073183e89c35f138c2d211d1398550d8",
    ),
    Vector(
        "V3 blanks, accents and reserved signs",
        Request(
            "POST",
            HSS,
            "/v5/setting/a b/ünï",
            {"name": "Zoë Ångström 李雷", "tag": "a+b=c&d/e~f"},
            REGIONAL,
            '{"account_name": "Zoë 李雷"}'.encode(),
        ),
        "cd0f82c84f0d372af9cfbe844c1912867ee3c34bbf0f53781d3250ccc3e8fac1",
        "731e73a9715b025525c56a3967227d12f2a7dad13658f7148af142109865c297",
    ),
    Vector(
        "V4 a temporary key's token",
        Request("DELETE", HSS, ACCOUNTS, {"enterprise_project_id": 0}, TEMPORARY, BODY),
        "dfabeb2f9794ca787c46c85ce36e386c8697ce647971a7d5f3c3d1abbfd7ed6c",
        "1ae0f2aa63f46e83ecd5b332688e793a810dea300fb700febe9e4c0cd745341f",
    ),
    Vector(
        "V5 a global call without query and body",
        Request("DELETE", IAM, "/v3/users/07609fb9358010e21f7bc003751c1111", {}, JSON | {"X-Domain-Id": DOMAIN}),
        "d65eb1247b1ac10569c2302ed59d3972c0486a4aed2342e7f04e2d7bd712d8be",
        "24652cb947c388e8410d375fb7dfec9193f8c5575f56020166bd0daa1af95fee",
    ),
    Vector(
        "V6 a slash that is there, and a query out of order",
        Request(
            "GET",
            IAM,
            "/v3/users/",
            {"name": "ada.leaver", "domain_id": DOMAIN, "enabled": True},
            {"X-Domain-Id": DOMAIN},
        ),
        "f22098ec1681cad5f731c7e0695c073455432b02885423c6a099fdccbaab749c",
        "711ff011504674509f3b4b593aa3af465a3a3945474513feb10b349978bfdb2c",
    ),
    Vector(
        "V7 a list in the query and another header",
        Request(
            "GET",
            HSS,
            "/v5/setting/account/organization-tree",
            {"is_refresh": True, "k": ["z", "a"]},
            JSON | {"region": "eu-west-101"},
        ),
        "0a4da58e96e73546d388c1100b30b1c9aeec953217906af3d4c61bc6c6813d53",
        "eb11f0191c11bd9a1132776b4459dc7eb773ecb560d2fc81cf07417f62a00906",
    ),
    Vector(
        "V8 a host with a port",
        Request(
            "DELETE",
            "127.0.0.1:18443",
            ACCOUNTS,
            {"enterprise_project_id": ALL},
            REGIONAL,
            b'{"organization_id": "o-1", "account_id": "a1", "project_id": "p1"}',
        ),
        "39fe9b51aa1c8ab738a8ef483b4118c8f9d8c7436b630f0aef854bc72904bde8",
        "f2b7b13057e5a2a6e28064b26f9909452b776ebd6daba8969c914008446dba5f",
    ),
)
by_name = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)


@by_name
def test_the_canonical_request_is_the_official_one(vector: Vector) -> None:
    sent = {"Host": vector.request.host, "X-Sdk-Date": "20261122T101112Z", **vector.request.headers}
    canonical = canonical_request(vector.request, sent)
    assert hashlib.sha256(canonical.encode()).hexdigest() == vector.digest


@by_name
def test_the_signature_is_the_official_one(vector: Vector) -> None:
    headers = SIGNER.headers(vector.request, AT)
    assert headers["Authorization"].rpartition("Signature=")[2] == vector.signature


def test_the_header_names_the_scheme_the_key_and_what_was_signed() -> None:
    headers = SIGNER.headers(VECTORS[0].request, AT)
    assert headers["X-Sdk-Date"] == "20261122T101112Z"
    assert headers["Authorization"] == (
        "SDK-HMAC-SHA256 Access=AKEXAMPLE0123456789A, SignedHeaders=content-type;host;x-project-id;x-sdk-date,"
        " Signature=d440dbd82d0001ff35d40e4c160ac6c2a53ffe45255166a7fffe821a9581734f"
    )


def test_an_empty_line_stands_between_headers_and_their_names() -> None:
    vector = VECTORS[3]
    sent = {"Host": HSS, "X-Sdk-Date": "20261122T101112Z", **vector.request.headers}
    assert canonical_request(vector.request, sent).split("\n") == [
        "DELETE",
        "/v5/setting/account/accounts/",
        "enterprise_project_id=0",
        "content-type:application/json",
        f"host:{HSS}",
        f"x-project-id:{PROJECT}",
        "x-sdk-date:20261122T101112Z",
        "x-security-token:hQpjbi1ub3J0aC00EXAMPLE/temp+token==",
        "",
        "content-type;host;x-project-id;x-sdk-date;x-security-token",
        "9526b749039dbb30f029c1cf449958a805fd42e60071b38c18c8a4d0058eab6c",
    ]


def test_queries_and_paths_are_written_as_the_vendor_writes_them() -> None:
    assert (
        canonical_query({"tag": "a+b=c&d/e~f", "name": "Zoë Ångström 李雷"})
        == "name=Zo%C3%AB%20%C3%85ngstr%C3%B6m%20%E6%9D%8E%E9%9B%B7&tag=a%2Bb%3Dc%26d%2Fe~f"
    )
    assert canonical_query({"is_refresh": True, "k": ["z", "a"]}) == "is_refresh=true&k=a&k=z"
    assert canonical_path("/v5/setting/a b/ünï") == "/v5/setting/a%20b/%C3%BCn%C3%AF/"
    assert canonical_path("/v5/setting/a%20b/%C3%BCn%C3%AF") == "/v5/setting/a%20b/%C3%BCn%C3%AF/"


def test_the_secret_key_is_in_no_text_of_the_signer() -> None:
    assert "sKexample" not in repr(SIGNER) + str(SIGNER.headers(VECTORS[0].request, AT))
