"""The kinds of systems that can be connected: ours, and third parties' entry points."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points

from bot.errors import ConfigurationError
from providers import huawei_hss, liveperson, rsa_cas, veeam_em, vspc
from providers.kind import Kind

GROUP = "offboard.providers"
"""The group in which another package offers a kind: `name = "package.module:KIND"`."""

OURS = (veeam_em.KIND, vspc.KIND, liveperson.KIND, huawei_hss.KIND, rsa_cas.KIND)


def kinds() -> dict[str, Kind]:
    """Return all kinds by name. Raises `ConfigurationError` where another package's kind cannot be used."""
    found = {kind.name: kind for kind in OURS}
    for kind in _theirs():
        if kind.name in found:
            raise ConfigurationError(f"two installed packages offer the kind {kind.name} of system")
        found[kind.name] = kind
    return found


def _theirs() -> Iterator[Kind]:
    for point in entry_points(group=GROUP):
        kind = _loaded(point)
        if not isinstance(kind, Kind) or kind.name != point.name:
            raise ConfigurationError(f"the entry point {point.name} in {GROUP} offers no kind of that name")
        yield kind


def _loaded(point: EntryPoint) -> object:
    try:
        return point.load()
    except (ImportError, AttributeError) as error:
        raise ConfigurationError(f"the entry point {point.name} in {GROUP} cannot be loaded") from error
