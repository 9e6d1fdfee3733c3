"""A pack: a case's records, events and seal in one file, under a signed list of what is in it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.audit import Event, Head, PersonalValue
from bot.evidence import container, heads, page, records
from bot.evidence.agreement import told
from bot.evidence.container import NotAPackError
from bot.evidence.keys import Signer
from bot.evidence.seals import Seal
from bot.model import CaseView

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
_SIGNED_AS: Final = b"offboard pack 1\n"
_HELP: Final = (
    "This is the evidence of one offboarding. Open index.html to read it.\n\n"
    "To check it on any machine with the program, without a network:\n\n"
    "    offboard verify THIS-FILE.zip --key FINGERPRINT\n\n"
    "Take the fingerprint from the operator, not from this file: whoever changes a pack can sign it with a key of\n"
    "their own, and only a fingerprint from elsewhere tells the two apart. With --head, as it was printed in the\n"
    "case's thread, the pack is also held to the record as it then stood.\n"
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a pack. `events` end with the one that says that this pack was given out; `seal` covers it."""

    view: CaseView
    edition: int
    events: tuple[Event, ...]
    values: tuple[PersonalValue, ...]
    seal: Seal

    @property
    def head(self) -> Head:
        """How far the case's chain goes in this pack."""
        last = self.events[-1]
        return Head(last.chain, last.seq, last.hash)

    @property
    def name(self) -> str:
        """The file's name, e.g. `OFF-12-evidence-1.zip`."""
        return f"{self.view.case.name}-evidence-{self.edition}.zip"


@dataclass(frozen=True, slots=True)
class Signed:
    """A pack as it was read: all files, and the manifest with its signature."""

    files: Mapping[str, bytes]
    manifest: bytes
    signature: bytes


def write(contents: Contents, signer: Signer) -> bytes:
    """Return the file; the same bytes for the same contents and key."""
    head = heads.shown(contents.head)
    edition = page.Edition(contents.edition, head, signer.fingerprint)
    files = {
        **records.of_case(contents.view),
        records.EVENTS: records.of_events(contents.events, contents.values),
        records.SEAL: records.of_seal(contents.seal),
        "index.html": page.drawn(contents.view, told(contents.events, contents.values), edition),
        "README.txt": _HELP.encode(),
    }
    manifest = _manifest(contents, signer, head, files)
    signature = base64.b64encode(signer.sign(_SIGNED_AS + manifest)) + b"\n"
    return container.write({**files, MANIFEST: manifest, SIGNATURE: signature})


def _manifest(contents: Contents, signer: Signer, head: str, files: Mapping[str, bytes]) -> bytes:
    plain = {
        "case": contents.view.case.name,
        "edition": contents.edition,
        "files": {name: [len(content), hashlib.sha256(content).hexdigest()] for name, content in files.items()},
        "format": 1,
        "head": head,
        "public": signer.public.hex(),
    }
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def read(content: bytes) -> Signed:
    """Return a pack's files. `NotAPackError` where it is not one, or its container was changed."""
    files = container.read(content)
    if MANIFEST not in files or SIGNATURE not in files:
        raise NotAPackError("the file is not a pack: it has no signed manifest")
    manifest, signed = files.pop(MANIFEST), files.pop(SIGNATURE)
    try:
        signature = base64.b64decode(signed.removesuffix(b"\n"), validate=True)
    except binascii.Error:
        raise NotAPackError("the manifest's signature cannot be read") from None
    if base64.b64encode(signature) + b"\n" != signed:
        raise NotAPackError("the manifest's signature cannot be read")
    return Signed(files, manifest, signature)


def signed_message(manifest: bytes) -> bytes:
    """What the signature of a pack is made over."""
    return _SIGNED_AS + manifest


def manifest_of(signed: Signed) -> dict[str, Any]:
    """Return what the manifest says. ValueError where it says nothing of ours."""
    plain = json.loads(signed.manifest)
    if not isinstance(plain, dict) or plain.get("format") != 1:
        raise ValueError("the manifest is of another format")
    return plain
