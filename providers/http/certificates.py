"""When the certificates come to their end that servers have shown and that the operator trusts."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

Note = Callable[[str, datetime], None]
"""Takes what a certificate is of and when it ends."""


def note_ends(context: ssl.SSLContext, note: Note) -> None:
    """Let `note` hear of the certificate of every server that this client's context has come to trust."""

    class Noting(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            end = _end(self.getpeercert() or {})
            if end is not None:
                note(self.server_hostname or "", end)

    context.sslobject_class = Noting


def trusted_ends(context: ssl.SSLContext) -> Iterator[tuple[str, datetime]]:
    """Return when the authorities end that were loaded from a file, by their common names."""
    for certificate in context.get_ca_certs():
        end = _end(certificate)
        if end is not None:
            yield f"ca_file ({_common_name(certificate)})", end


def _end(certificate: dict[str, Any]) -> datetime | None:
    text = certificate.get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC) if isinstance(text, str) else None


def _common_name(certificate: dict[str, Any]) -> str:
    names = (pair for part in certificate.get("subject", ()) for pair in part)
    return next((value for name, value in names if name == "commonName"), "without a name")
