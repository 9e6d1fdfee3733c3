"""One exchange with a server: sent at most once by any layer, and its faults told apart by what they leave unknown."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from types import SimpleNamespace

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientOSError,
    ClientPayloadError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ConnectionTimeoutError,
    InvalidURL,
    ServerConnectionError,
    ServerDisconnectedError,
    TraceConfig,
)

from bot.errors import Misconfigured, ProviderError, Unavailable, UnexpectedAnswer

_LOSSES = (ClientOSError, ServerConnectionError, ClientPayloadError)


class Broken(Exception):
    """The exchange did not end. `sent` says that the server may have got the request, `slow` that time ran out."""

    def __init__(self, *, sent: bool, slow: bool = False) -> None:
        super().__init__("slow" if slow else "lost")
        self.sent = sent
        self.slow = slow


@dataclass(slots=True)
class Passage:
    """How far one request came. From the moment a connection is held, bytes of it may have left."""

    connected: bool = False


async def once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Keep aiohttp from repeating a request.

    It sends GET, PUT and DELETE a second time after a lost connection, fresh or kept alive; only an exception
    that is none of its own gets past that. A connection that never stood is told as it is: nothing was sent.
    """
    try:
        return await handler(request)
    except (ClientConnectorError, ConnectionTimeoutError):
        raise
    except (ClientOSError, ServerDisconnectedError):
        raise Broken(sent=True) from None


def tracer() -> TraceConfig:
    """Return what marks the `Passage` of a request as connected."""
    trace = TraceConfig()
    trace.on_connection_create_end.append(_mark)
    trace.on_connection_reuseconn.append(_mark)
    return trace


async def _mark(_session: ClientSession, context: SimpleNamespace, _params: object) -> None:
    context.trace_request_ctx.connected = True


def translate(error: Exception, passage: Passage) -> ProviderError | Broken:
    """Return what an exception of aiohttp means to us. Texts hold no address, query or body."""
    if isinstance(error, ClientSSLError):
        return _of_tls(error)
    if isinstance(error, InvalidURL):
        return Misconfigured("the address of a call is not valid; is the url right?")
    if isinstance(error, TimeoutError):
        return Broken(sent=passage.connected, slow=True)
    if isinstance(error, ClientError) and not isinstance(error, _LOSSES):
        return UnexpectedAnswer("the server's answer is not HTTP as we read it (malformed, or a header too long)")
    return Broken(sent=passage.connected)


def _of_tls(error: ClientSSLError) -> ProviderError:
    if isinstance(error.os_error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return Unavailable("the server ended the connection while TLS began")
    if isinstance(error.os_error, ssl.SSLCertVerificationError):
        return Misconfigured("the server's certificate is not trusted; set ca_file to its issuer's certificate")
    return Misconfigured("the server does not speak TLS as we do; is the port right?")
