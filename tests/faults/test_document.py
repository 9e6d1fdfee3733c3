"""What people read about faults."""

from __future__ import annotations

from tests.faults.calls import CALLS
from tests.faults.document import PLACE, document
from tests.faults.expected import DIFFERENCES
from tests.faults.matrix import CASES, OTHER_WAYS
from tests.faults.ways import WAYS


def test_the_page_about_faults_is_what_the_matrix_says() -> None:
    assert PLACE.read_text(encoding="utf-8") == document(), "write it anew: python -m tests.faults --write"


def test_every_difference_is_about_calls_that_there_are() -> None:
    known = {(kind, call.name) for kind, calls in CALLS.items() for call in calls}
    known |= {(way.kind, call.name) for way in WAYS for call in way.calls}
    assert {(row.kind, call) for row in DIFFERENCES for call in row.calls} <= known


def test_no_two_cells_share_a_name() -> None:
    names = [case.name for cases in (CASES | OTHER_WAYS).values() for case in cases]
    assert len(names) == len(set(names))
