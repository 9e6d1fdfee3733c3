"""Words for people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.model import Word
from handlers.views.words import calm, count, cut, escape, mention, mentions, moment, sentence
from tests.handlers.made import DANA


@pytest.mark.parametrize("word", list(Word))
def test_every_outcome_word_is_said_otherwise_however_it_is_written(word: Word) -> None:
    for text in (word.value, word.value.capitalize(), word.value.upper(), f"({word})", f"It was {word}."):
        assert word.value not in calm(text).lower()


@pytest.mark.parametrize("word", list(Word))
def test_the_word_that_is_meant_is_kept_and_all_others_go(word: Word) -> None:
    text = calm(" ".join(Word), keep=word)
    assert [other for other in Word if other in text.split()] == [word]


def test_words_that_only_contain_an_outcome_word_stay() -> None:
    assert calm("unremoved absentee") == "unremoved absentee"
    assert calm("manually, not manual") == "by hand, not by hand"


def test_what_comes_from_outside_cannot_mention_or_link() -> None:
    assert escape("<!channel> & <@U0BEN>") == "&lt;!channel&gt; &amp; &lt;@U0BEN&gt;"


def test_people_and_groups_are_mentioned_once_and_the_leaver_never() -> None:
    assert mention("U0BEN") == "<@U0BEN>"
    assert mention("S0SECURITY") == "<!subteam^S0SECURITY>"
    assert mentions(["U0BEN", "U0DANA", "U0BEN"], DANA) == "<@U0BEN>"


def test_a_moment_is_shown_in_each_readers_own_zone_with_utc_for_the_rest() -> None:
    at = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    assert moment(at) == f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|2026-11-27 17:00 UTC>"


def test_small_words_are_put_together_well() -> None:
    assert (count(1, "account"), count(2, "account")) == ("1 account", "2 accounts")
    assert (sentence("  it ended"), sentence("Done!"), sentence(" ")) == ("It ended.", "Done!", "")
    assert cut("abcdef", 4) == "abc…"


def test_a_handle_cannot_turn_the_line_round_to_look_like_another_one() -> None:
    assert cut("dana\u202etset.emca@", 50) == "dana\ufffdtset.emca@"
    assert cut("dana\ud800", 50).encode() == "dana\ufffd".encode()
