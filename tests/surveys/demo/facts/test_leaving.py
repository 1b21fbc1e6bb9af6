from __future__ import annotations

from surveys.demo.facts.leaving import CONTENT, DISCONTENT
from tests.surveys.demo.facts.told_worlds import told_of
from tests.surveys.demo.made import World


def test_only_those_who_left_have_a_reason_and_not_all_of_them(usual: World) -> None:
    found = [(told.company.churned_on, *told.why_it_left) for told in told_of(usual)]

    assert {reason for left, reason, _ in found if not left} == {""}
    reasons = [reason for left, reason, _ in found if left]
    assert set(reasons) == {"", *CONTENT, *DISCONTENT}
    assert 0.03 < reasons.count("") / len(reasons) < 0.25


def test_a_note_stands_only_beside_a_reason(usual: World) -> None:
    notes = [(reason, note) for told in told_of(usual) for reason, note in [told.why_it_left]]

    assert all(reason for reason, note in notes if note)
    assert any(reason and not note for reason, note in notes)
