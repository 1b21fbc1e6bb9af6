from __future__ import annotations

import pytest

from accounts.domain.access.roles import Role
from actions.domain.follow_ups.access import may_assign, may_work


def test_the_owner_and_admins_work_on_it() -> None:
    assert may_work(Role.CS, is_owner=True)
    assert may_work(Role.ADMIN, is_owner=False)
    assert not may_work(Role.CS, is_owner=False)


@pytest.mark.parametrize(
    ("has_owner", "is_owner", "to_oneself", "allowed"),
    [
        (False, False, False, True),
        (True, True, False, True),
        (True, False, True, True),
        (True, False, False, False),
    ],
)
def test_anothers_is_taken_over_but_not_given_away(
    has_owner: bool, is_owner: bool, to_oneself: bool, allowed: bool
) -> None:
    asked = {"has_owner": has_owner, "is_owner": is_owner, "to_oneself": to_oneself}

    assert may_assign(Role.CS, **asked) is allowed
    assert may_assign(Role.ADMIN, **asked)
