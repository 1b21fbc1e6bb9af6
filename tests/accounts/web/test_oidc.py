"""Which key and which nonce; the whole way is in tests/accounts/views/test_sign_on.py."""

from __future__ import annotations

import time

import pytest
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

from accounts.web.oidc import claims_of, nonce_of
from tests.servers.oidc import KEY, Claims, jwk, new_key, signed

ISSUER = "https://login.example.com"
OTHER = new_key()


def token(**more: object) -> Claims:
    now = time.time()
    said = {"iss": ISSUER, "aud": "koe", "sub": "1", "iat": now, "exp": now + 60, "nonce": "n"}
    return {**said, **more}


def read(text: str, keys: list[Claims]) -> Claims:
    return claims_of(text, keys={"keys": keys}, issuer=ISSUER, client_id="koe", nonce="n")


def test_the_key_that_is_named_is_taken() -> None:
    keys = [jwk(OTHER, kid="k0"), jwk(KEY)]

    assert read(signed(token()), keys)["sub"] == "1"
    with pytest.raises(OAuth2Error):
        read(signed(token(), key=OTHER), keys)


@pytest.mark.parametrize(
    "keys",
    [
        [],
        # Two of one name, and one that is there to encrypt.
        [jwk(OTHER), jwk(KEY)],
        [{**jwk(KEY), "use": "enc"}],
        [{"kty": "oct", "k": "c2VjcmV0", "kid": "k1"}],
        [{"kty": "RSA", "kid": "k1"}],
        ["k1"],
    ],
)
def test_a_key_that_cannot_have_signed_is_not_tried(keys: list[Claims]) -> None:
    with pytest.raises(OAuth2Error):
        read(signed(token()), keys)


def test_a_clock_may_be_a_minute_off() -> None:
    assert read(signed(token(exp=time.time() - 30)), [jwk(KEY)])
    with pytest.raises(OAuth2Error):
        read(signed(token(exp=time.time() - 90)), [jwk(KEY)])


def test_one_audience_of_two_is_enough_where_it_was_made_for_us() -> None:
    assert read(signed(token(aud=["koe", "other"], azp="koe")), [jwk(KEY)])
    with pytest.raises(OAuth2Error):
        read(signed(token(azp="other")), [jwk(KEY)])


def test_a_nonce_is_of_one_verifier_and_does_not_tell_it() -> None:
    assert nonce_of("a") == nonce_of("a") != nonce_of("b")
    assert len(nonce_of("verifier")) == 64
