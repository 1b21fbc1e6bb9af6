from __future__ import annotations

import pytest

from actions.models import FollowUp
from actions.queries.follow_ups.links import Link, make_token, read_token


def test_a_token_names_the_follow_up_and_its_owner_and_no_other_is_read() -> None:
    token = make_token(FollowUp(pk=7, owner_id=3))

    assert read_token(token) == Link(7, 3)
    assert make_token(FollowUp(pk=8, owner_id=3)) != token


@pytest.mark.parametrize("token", ["", "x", "WzcsM10:x:y", "a" * 2000])
def test_what_is_none_of_ours_is_none(token: str) -> None:
    assert read_token(token) is None
