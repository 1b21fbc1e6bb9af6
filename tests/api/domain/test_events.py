from __future__ import annotations

import pytest

from api.domain.events import DELIGHTED, Event, UnknownEvent, events_named


def test_events_are_named_in_our_words_or_delighteds_and_stand_in_our_order() -> None:
    named = ["unsubscribe.created", "response.created", "survey_response.created"]

    assert events_named(named, of=Event) == [Event.ANSWERED, Event.OPTED_OUT]
    assert events_named([], of=DELIGHTED) == list(DELIGHTED)


def test_a_strange_name_or_one_that_is_not_told_of_here_is_refused_by_name() -> None:
    with pytest.raises(UnknownEvent, match=r"campaign\.launched, nonsense"):
        events_named(["campaign.launched", "response.created", "nonsense"], of=DELIGHTED)
