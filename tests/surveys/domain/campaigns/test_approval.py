from __future__ import annotations

from surveys.domain.campaigns.approval import Second, second, takes_two


def test_more_than_the_organisation_says_takes_two_people() -> None:
    assert [takes_two(people, above=100) for people in (100, 101)] == [False, True]
    assert [takes_two(people, above=100, approved=500) for people in (600, 601)] == [False, True]
    assert not takes_two(10**6, above=None)


def test_the_second_is_somebody_else_than_asked_for_this_very_version() -> None:
    assert second(version=2, asked_version=None, asked_by_me=False) is Second.ASK
    assert second(version=2, asked_version=1, asked_by_me=False) is Second.ASK
    assert second(version=2, asked_version=2, asked_by_me=True) is Second.WAIT
    assert second(version=2, asked_version=2, asked_by_me=False) is Second.MAY
