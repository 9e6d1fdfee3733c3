"""The harnesses of the other tests, for a page of tests that reads like the question whom a case is about."""

from tests.bot.conftest import house
from tests.handlers.conftest import ears, post, stage
from tests.handlers.test_http import cases, client, workspace
from tests.handlers.test_packs import uploads
from tests.providers.conftest import tls

__all__ = ["cases", "client", "ears", "house", "post", "stage", "tls", "uploads", "workspace"]
