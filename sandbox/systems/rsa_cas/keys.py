"""The private keys that the console would have handed out: one for the OAuth client, one for the legacy API key."""

from functools import cache
from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

KeyType = Literal["EC", "RSA"]


@cache
def oauth_key(type_: KeyType) -> str:
    """Return the OAuth client's private key, made when it is first asked for and the same afterwards."""
    return _made(type_)


@cache
def legacy_key() -> str:
    """Return the private key of the legacy API key, which is always RSA."""
    return _made("RSA")


@cache
def public_key(private_pem: str) -> str:
    """Return the public half of a private key, as PEM."""
    key = load_pem_private_key(private_pem.encode(), password=None)
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _made(type_: KeyType) -> str:
    """Return a new key in PKCS#8, whose first line does not say the type: a client has to load it to know."""
    key: PrivateKeyTypes
    if type_ == "EC":
        key = ec.generate_private_key(ec.SECP256R1())
    else:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
