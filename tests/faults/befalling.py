"""What can befall a call: the faults of the matrix, by the names of its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sandbox.systems.faults import Fault, What
from tests.faults.calls import Call

PATIENCE: Final = 0.4
"""Seconds that a provider waits for a slow answer here; each slow fault takes longer."""
LARGEST: Final = 128 * 1024
"""Bytes of the longest answer that a provider takes here."""
FOR_GOOD: Final = 10_000
"""Calls that a lasting fault befalls: more than any life makes."""

_NO_SUCH: Final = {
    "veeam_em": (404, '{"Message": "The resource does not exist.", "StatusCode": 404}'),
    "vspc": (404, '{"errors": [{"message": "User was not found.", "type": "logical", "code": 404}]}'),
    "liveperson": (404, '{"error": {"message": "no such user", "internalCode": 10, "responseStatus": "NOT_FOUND"}}'),
    "huawei_hss": (400, '{"error_code": "HSS.0011", "error_msg": "The requested resource is not found."}'),
    "rsa_cas": (404, '{"code": "404 NOT_FOUND", "description": "User not found"}'),
}
"""How each system says in its own words that there is no such account."""


@dataclass(frozen=True, slots=True)
class Befalling:
    """One row of the matrix. `lasts` says that it is tried for good as well as once."""

    name: str
    what: What
    lasts: bool = False
    steps_only: bool = False
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    says_no_such: bool = False

    @property
    def is_slow(self) -> bool:
        return self.what in {"delay", "drip", "effect_without_answer"}

    def on(self, call: Call, *, lasting: bool) -> Fault:
        """Return the fault that befalls this call, once or for good."""
        status, body = _NO_SUCH[call.kind] if self.says_no_such else (self.status, "")
        return Fault(
            self.what,
            call.method,
            call.path,
            times=FOR_GOOD if lasting else 1,
            seconds=PATIENCE * 1.5,
            status=status,
            body=body,
            headers=self.headers,
            size=LARGEST * 2,
        )


def _status(status: int, *, lasts: bool = False) -> Befalling:
    return Befalling(str(status), "status", lasts, status=status)


BEFALLINGS: Final = (
    Befalling("late", "delay", lasts=True),
    Befalling("no answer", "effect_without_answer", steps_only=True),
    Befalling("drip", "drip"),
    Befalling("refused", "refuse", lasts=True),
    Befalling("reset before", "reset_before", lasts=True),
    Befalling("reset after", "reset_after"),
    Befalling("cut", "truncate"),
    Befalling("malformed", "malformed"),
    Befalling("page", "html", lasts=True),
    Befalling("wrong type", "wrong_type"),
    Befalling("huge", "huge"),
    Befalling("redirect", "redirect"),
    _status(400),
    _status(401, lasts=True),
    _status(403, lasts=True),
    _status(404, lasts=True),
    Befalling("no such", "status", lasts=True, says_no_such=True),
    _status(405),
    _status(409),
    _status(429, lasts=True),
    Befalling("429, 2 s", "status", status=429, headers={"Retry-After": "2"}),
    _status(500, lasts=True),
    _status(502),
    _status(503, lasts=True),
    _status(504),
    _status(520),
    Befalling("503 after", "status_after", steps_only=True, status=503),
    Befalling("yes, not done", "ok_without_effect", steps_only=True),
)
"""*Late* and *no answer* exceed the time limit: one is carried out after it, the other before it. *Reset after*, *cut*,
*drip* and *503 after* are carried out; the rest is not."""
