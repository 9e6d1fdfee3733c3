"""Which controls of SOC 2 and ISO 27001 the evidence of a case speaks to, and which part of it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Control:
    """One line of the table: a control, what it asks for in a few words, and where the pack answers."""

    name: str
    asks: str
    answer: str


CONTROLS: Final = (
    Control(
        "SOC 2 CC6.2",
        "access is taken away when it is no longer authorized",
        "the request with its time and reason, the results of every system, the proofs of absence with their times",
    ),
    Control(
        "SOC 2 CC6.3",
        "access is changed or removed by approval, with duties kept apart",
        "the plan with what each account could do, the approvals with why each was allowed, refusals in the record",
    ),
    Control(
        "ISO/IEC 27001:2022 A.5.18",
        "access rights are provisioned, reviewed, changed and removed by rule",
        "the plan, the approvals bound to its digest, the removals as they were sent, what is left and who took it on",
    ),
)
"""After "Trust Services Criteria" (AICPA, 2017, revised points of focus 2022) and ISO/IEC 27001:2022, Annex A."""
