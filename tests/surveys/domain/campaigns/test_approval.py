from __future__ import annotations

from surveys.domain.campaigns.approval import takes_two


def test_more_than_the_organisation_says_takes_two_people() -> None:
    assert [takes_two(people, above=100) for people in (100, 101)] == [False, True]
    assert not takes_two(10**6, above=None)
