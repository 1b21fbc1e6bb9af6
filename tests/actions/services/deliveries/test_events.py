from __future__ import annotations

from actions.domain.alerts.names import EventName
from actions.labels import EVENT_LABELS
from actions.services.deliveries.events import EVENTS, event_of
from actions.services.deliveries.others import OTHERS


def test_everything_that_is_told_has_its_words_and_a_name_in_the_log() -> None:
    assert EVENTS.keys() == set(EventName)
    assert EVENTS.keys() | OTHERS.keys() == EVENT_LABELS.keys()
    assert all(each.mail or each.note for each in EVENTS.values())
    assert all(event_of(name).note for name in OTHERS)
