"""All that one tenant remembers."""

from dataclasses import dataclass, field

from sandbox.systems.rsa_cas.cloud import Cloud
from sandbox.systems.rsa_cas.tokens import ApiKey, OAuthClient


@dataclass(slots=True)
class RsaState:
    """The users, and the two kinds of credentials that the tenant has handed out."""

    cloud: Cloud = field(default_factory=Cloud)
    oauth: OAuthClient = field(default_factory=OAuthClient)
    key: ApiKey = field(default_factory=ApiKey)
