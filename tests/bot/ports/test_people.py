"""What a list of people says of those who were asked about, and that it says nothing of anybody else."""

from __future__ import annotations

import pytest

from bot.errors import NotAskedAbout
from bot.ports import Membership


def test_a_list_of_which_everybody_was_asked_about_knows_who_is_not_in_it() -> None:
    everybody = Membership({"U0BEN": "named"})

    assert "U0BEN" in everybody
    assert "U0OTTO" not in everybody


def test_somebody_who_was_asked_about_and_whose_word_does_not_count_is_not_in_the_list() -> None:
    assert "U0CHLOE" not in Membership({"U0BEN": "named"}, {"U0BEN", "U0CHLOE"})


def test_of_somebody_who_was_not_asked_about_nothing_is_said_neither_yes_nor_no() -> None:
    with pytest.raises(NotAskedAbout):
        assert "U0CHLOE" in Membership({"U0BEN": "named"}, {"U0BEN"})


def test_all_who_were_not_asked_about_are_named_at_once() -> None:
    some = Membership({"U0BEN": "named"}, {"U0BEN", "U0OTTO"})

    assert some.among(["U0BEN", "U0OTTO"]) == {"U0BEN"}
    with pytest.raises(NotAskedAbout) as missing:
        some.among(["U0BEN", "U0CHLOE", "U0ROOT"])
    assert missing.value.users == {"U0CHLOE", "U0ROOT"}
    assert "U0" not in str(missing.value)
