"""Who can read a channel besides its members."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.errors import Refusal
from handlers.channel import check_privacy, exposure_of

PRIVATE = {"id": "C0CASES", "is_private": True, "is_ext_shared": False}


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({"id": "C0CASES", "is_private": False}, "is public"),
        ({"id": "C0CASES"}, "is public"),
        (PRIVATE | {"is_ext_shared": True}, "is shared with another company"),
        (PRIVATE | {"is_pending_ext_shared": True}, "is about to be shared"),
    ],
)
def test_a_channel_that_others_can_read_is_refused_by_its_key(found: Mapping[str, object], says: str) -> None:
    assert exposure_of(found).startswith(says)
    with pytest.raises(Refusal, match=r"slack\.channel: the channel C0CASES .*allow_public"):
        check_privacy(found, "slack.channel")


def test_a_private_channel_of_our_own_is_accepted() -> None:
    assert exposure_of(PRIVATE) == ""
    check_privacy(PRIVATE, "slack.channel")
