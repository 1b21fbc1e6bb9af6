from __future__ import annotations

import pytest

from accounts.models import Person
from accounts.queries.merges import families_of, kept_ids, members_of, merges
from tests.world import NOW, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain() -> list[int]:
    """The first was merged into the second, that one into the third; the fourth into the third."""
    persons = [make_person() for _ in range(5)]
    for gone, kept in ((0, 1), (1, 2), (3, 2)):
        Person.objects.filter(pk=persons[gone].pk).update(merged_into=persons[kept], merged_at=NOW)
    return [each.pk for each in persons]


def test_whoever_was_merged_more_than_once_is_who_was_kept_in_the_end(chain: list[int]) -> None:
    first, second, third, fourth, alone = chain

    assert merges() == {first: third, second: third, fourth: third}
    assert kept_ids([first, third, alone]) == {first: third, third: third, alone: alone}


def test_members_are_the_persons_and_whoever_was_merged_into_them(chain: list[int]) -> None:
    first, second, third, fourth, alone = chain

    assert members_of([third, alone]) == {
        **dict.fromkeys([first, second, third, fourth], third), alone: alone,
    }  # fmt: skip
    # Asked by the name of one who is gone: nobody was merged into them in the end.
    assert members_of([second]) == {second: second}


def test_a_family_is_found_by_each_of_its_names(chain: list[int]) -> None:
    *family, alone = chain

    found = families_of(chain)

    assert {tuple(sorted(found[each])) for each in family} == {tuple(sorted(family))}
    assert found[alone] == (alone,)
