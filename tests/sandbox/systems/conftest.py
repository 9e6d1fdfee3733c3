"""A trusted client and a certificate authority for tests of the simulators."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from sandbox.systems.tls import Tls


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    folder: Path = tmp_path_factory.mktemp("tls")
    return Tls(folder)


@pytest.fixture
async def http(tls: Tls) -> AsyncIterator[aiohttp.ClientSession]:
    """A client without cookies or a pool, so that each call has a connection of its own."""
    context = ssl.create_default_context(cafile=str(tls.ca_file))
    connector = aiohttp.TCPConnector(ssl=context, force_close=True)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session
