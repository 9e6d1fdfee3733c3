"""The harnesses of other tests, for tests that read like a page; `hand`, `door` and `system` are LivePerson's."""

from tests.bot.conftest import house
from tests.bot.test_cli_second_factor import folder, run
from tests.handlers.conftest import ears, post, stage
from tests.handlers.test_http import cases, client, workspace
from tests.handlers.test_packs import uploads
from tests.providers.conftest import tls
from tests.providers.liveperson.conftest import door, hand, system

__all__ = [
    "cases",
    "client",
    "door",
    "ears",
    "folder",
    "hand",
    "house",
    "post",
    "run",
    "stage",
    "system",
    "tls",
    "uploads",
    "workspace",
]
