from __future__ import annotations

from api.domain.permalink import permalink_pk, permalink_token


def test_a_token_is_as_long_as_delighteds_and_nobody_makes_one() -> None:
    token = permalink_token(7, secret="secret")

    assert len(token) == 32
    assert permalink_pk(token, secrets=["new", "secret"]) == 7
    assert (
        permalink_pk(permalink_token(8, secret="x")[:12] + token[12:], secrets=["secret"]) is None
    )
    assert permalink_pk("7", secrets=["secret"]) is None
