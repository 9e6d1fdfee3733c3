from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from bot.errors import ConfigurationError
from bot.evidence.keys import fingerprint, is_signed, new_key, same_fingerprint, signer

PKCS8 = (Encoding.PEM, PrivateFormat.PKCS8)
SECRET = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
"""The first key pair of RFC 8032, section 7.1."""


def test_a_key_is_the_same_as_pem_and_as_32_bytes_in_base64() -> None:
    pem = Ed25519PrivateKey.from_private_bytes(SECRET).private_bytes(*PKCS8, NoEncryption()).decode()

    for text in (pem, pem.replace("\n", "\\n"), base64.b64encode(SECRET).decode() + "\n"):
        assert signer(text).public == PUBLIC


def test_a_signature_fits_its_message_and_its_key_alone() -> None:
    ours, theirs = signer(new_key()), signer(new_key())
    signature = ours.sign(b"message")

    assert is_signed(ours.public, signature, b"message")
    assert not is_signed(ours.public, signature, b"massage")
    assert not is_signed(theirs.public, signature, b"message")
    assert not is_signed(ours.public, signature[:-1], b"message")
    assert not is_signed(b"short", signature, b"message")


@pytest.mark.parametrize(
    "text",
    [
        "hunter2-hunter2",
        base64.b64encode(b"too short").decode(),
        X25519PrivateKey.generate().private_bytes(*PKCS8, NoEncryption()).decode(),
        Ed25519PrivateKey.generate().private_bytes(*PKCS8, BestAvailableEncryption(b"hunter2")).decode(),
        new_key().replace("M", "N"),
        "-----BEGIN nothing-----",
    ],
    ids=["text", "short", "another kind", "with a password", "damaged", "empty"],
)
def test_what_is_no_ed25519_key_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        signer(text)

    assert str(caught.value).startswith("evidence.signing_key: not an Ed25519 private key")
    assert text[:12] not in str(caught.value).replace("PEM", "")


def test_a_signer_never_shows_its_key() -> None:
    ours = signer(base64.b64encode(SECRET).decode())

    assert "0x" not in repr(ours)
    assert SECRET.hex() not in repr(ours)


def test_a_fingerprint_is_known_again_in_groups_and_capitals_and_only_whole() -> None:
    true = fingerprint(PUBLIC)

    assert len(true) == 52
    assert same_fingerprint(f" {true[:4].upper()}-{true[4:30]} {true[30:]}", true)
    assert not same_fingerprint(true[:51], true)
    assert not same_fingerprint("", true)
