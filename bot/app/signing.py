"""The key that signs evidence: configured, or made once and kept beside the database."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from bot.app.database import database_file
from bot.errors import ConfigurationError
from bot.evidence.keys import Signer, new_key, signer
from bot.settings import Loaded

log = logging.getLogger(__name__)

_KEY = "evidence.signing_key"


def key_file(loaded: Loaded) -> Path:
    """Where the key is kept that was not configured: beside the SQLite file, on Postgres beside `offboard.toml`."""
    database = database_file(loaded.environment.database_url.get_secret_value())
    return loaded.path.with_name("offboard.key") if database is None else database.with_name(database.name + ".key")


def configured_signer(loaded: Loaded) -> Signer | None:
    """Return the key that is configured or was made before, None where there is none yet."""
    configured = loaded.file.evidence.signing_key
    if configured is not None:
        return signer(configured.get_secret_value())
    kept = key_file(loaded)
    try:
        return signer(kept.read_text(encoding="ascii")) if kept.exists() else None
    except ConfigurationError:
        raise ConfigurationError(f"{_KEY}: {kept.name} is not an Ed25519 private key; restore it") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{_KEY}: {kept.name} cannot be read: {type(error).__name__}") from None


def signer_at_start(loaded: Loaded) -> Signer:
    """Return the key, made now where there is none; say which it is, and what to do where it is not in good hands."""
    if "signing_key" in loaded.written.get("evidence", {}):
        log.warning("%s is a secret and stands in %s; move it to the environment", _KEY, loaded.path.name)
    found = configured_signer(loaded)
    if found is not None:
        log.info("evidence is signed with the key %s", found.fingerprint)
        return found
    made = _made(key_file(loaded))
    log.warning(
        "%s is not set: a key was made and kept in %s. Its fingerprint is %s: note it elsewhere, and keep the file",
        _KEY,
        key_file(loaded).name,
        made.fingerprint,
    )
    return made


def _made(place: Path) -> Signer:
    """Make a key and keep it, for its owner's eyes only. Where another process was faster its key is taken."""
    text = new_key()
    try:
        with os.fdopen(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return signer(place.read_text(encoding="ascii"))
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigurationError(f"{_KEY}: not set, and {place.name} cannot be written: {why}") from None
    return signer(text)
