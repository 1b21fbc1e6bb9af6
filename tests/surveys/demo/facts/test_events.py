from __future__ import annotations

from collections import Counter
from statistics import mean

from accounts.domain.facts.contacts import PULSE_MAX
from accounts.domain.facts.events import EventKind
from surveys.demo.facts.told import Told
from tests.surveys.demo.facts.told_worlds import told_of
from tests.surveys.demo.made import NOW, World


def test_every_kind_of_event_happens(usual: World) -> None:
    kinds = Counter(each.kind for told in told_of(usual) for each in told.events)

    assert kinds.keys() == set(EventKind)
    assert min(kinds.values()) > 20


def test_nothing_happens_before_the_start_or_after_the_end_of_a_customer(usual: World) -> None:
    for told in told_of(usual):
        end = told.company.churned_on or NOW.date()
        for at in [each.at for each in told.events] + [each.at for each in told.pulses]:
            assert told.company.started_on <= at.date() <= end
            assert at < NOW


def test_an_event_is_known_by_its_customer_its_kind_and_its_reference(usual: World) -> None:
    for told in told_of(usual):
        keys = [(each.kind, each.ref) for each in told.events]
        assert len(keys) == len(set(keys))


def test_a_ticket_is_opened_then_replied_to_then_resolved(usual: World) -> None:
    steps = [EventKind.TICKET_OPENED, EventKind.TICKET_REPLIED, EventKind.TICKET_RESOLVED]
    lengths: Counter[int] = Counter()
    for told in told_of(usual):
        tickets: dict[str, list[tuple[object, EventKind]]] = {}
        for each in told.events:
            if each.kind in steps:
                tickets.setdefault(each.ref, []).append((each.at, each.kind))
        for found in tickets.values():
            kinds = [kind for _, kind in sorted(found)]
            assert kinds == steps[: len(kinds)]
            lengths[len(kinds)] += 1
    assert lengths[3] > 5 * lengths[2] > 0
    assert lengths[1] > 0


def test_the_discontent_open_more_tickets_and_are_judged_worse(usual: World) -> None:
    told = [each for each in told_of(usual) if each.pulses]
    told.sort(key=lambda each: mean(each.company.mood.values()))
    third = len(told) // 3
    worst, best = told[:third], told[-third:]

    def pulse(of: list[Told]) -> float:
        return mean(mean(pulse.value for pulse in each.pulses) for each in of)

    assert pulse(worst) < pulse(best) - 1
    values = {pulse.value for each in told for pulse in each.pulses}
    assert min(values) >= 0
    assert max(values) <= PULSE_MAX


def test_a_contact_has_a_note_and_the_way_it_came_by(usual: World) -> None:
    contacts = [e for told in told_of(usual) for e in told.events if e.kind == EventKind.CONTACTED]

    assert all(each.note and each.channel for each in contacts)
