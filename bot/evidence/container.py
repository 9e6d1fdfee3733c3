"""The file of a pack: a ZIP ("APPNOTE.TXT", PKWARE) that holds the same bytes whenever it holds the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Final

MOST_BYTES: Final = 64 * 2**20
"""The longest pack that is read."""

_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_FILE_MODE: Final = 0o100644 << 16


class NotAPackError(ValueError):
    """The bytes are not a pack as we write them; the text says why, for people."""


def write(files: Mapping[str, bytes]) -> bytes:
    """Return the archive: sorted names, no dates, nothing compressed, so that no library's version shows."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as pack:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _NO_DATE)
            entry.create_system, entry.external_attr = _UNIX, _FILE_MODE
            pack.writestr(entry, files[name])
    return archive.getvalue()


def read(content: bytes) -> dict[str, bytes]:
    """Return the files. `NotAPackError` where a single bit of the container is not as `write` makes it."""
    if len(content) > MOST_BYTES:
        raise NotAPackError("the file is larger than a pack can be")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            files = {entry.filename: pack.read(entry) for entry in _stored(pack)}
    except Exception:  # noqa: BLE001 - the library raises a dozen kinds at broken archives
        raise NotAPackError("the file is not a ZIP that can be read whole") from None
    if write(files) != content:
        raise NotAPackError("the container was changed: it is not as a pack is written")
    return files


def _stored(pack: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the entries that are not compressed: a few bytes could otherwise become all the memory there is."""
    return [entry for entry in pack.infolist() if entry.compress_type == zipfile.ZIP_STORED]
