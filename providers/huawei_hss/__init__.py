"""Huawei Cloud Host Security Service (HSS) v5, signed with an access key."""

from providers.http import Door
from providers.huawei_hss.adapter import HuaweiHssProvider
from providers.huawei_hss.settings import Settings, identity
from providers.kind import Kind
from providers.quality import all_but

__all__ = ["KIND", "HuaweiHssProvider", "Settings"]

_LONGEST_HEADER = 64 * 1024


def _door(settings: Settings) -> Door:
    return Door(
        ca_file=settings.ca_file,
        timeout=settings.timeout,
        concurrency=settings.concurrency,
        max_header=_LONGEST_HEADER,
    )


KIND = Kind(
    name="huawei_hss",
    settings=Settings,
    build=HuaweiHssProvider,
    actions="Takes the person's own cloud account off central host-security management; closes no account or login.",
    identity=identity,
    door=_door,
    keeps=all_but(),
)
