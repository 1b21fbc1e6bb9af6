from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from surveys.models.invitations import new_public_id
from surveys.queries.tokens import Purpose, answer_url, make_token, opt_out_url, read_token


def test_token_is_read_for_its_own_purpose_only() -> None:
    for made in Purpose:
        token = make_token(made, "a" * 22)
        assert {read: read_token(read, token) for read in Purpose} == {
            read: "a" * 22 if read is made else None for read in Purpose
        }


def test_token_hides_behind_the_secret_key(settings) -> None:
    token = make_token(Purpose.ANSWER, "a" * 22)
    settings.SECRET_KEY = "another-secret-key-another-secret-key-another-secret"

    assert read_token(Purpose.ANSWER, token) is None


def test_token_made_with_a_retired_key_is_still_read(settings) -> None:
    token = make_token(Purpose.OPT_OUT, "a" * 22)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-key-another-secret-key-another-secret"

    assert read_token(Purpose.OPT_OUT, token) == "a" * 22


def test_any_changed_sign_makes_a_token_worthless() -> None:
    token = make_token(Purpose.ANSWER, "AbCdEf0123456789-_xyzA")
    for place, sign in enumerate(token):
        other = "B" if sign != "B" else "C"
        assert read_token(Purpose.ANSWER, token[:place] + other + token[place + 1 :]) is None


@given(st.text(max_size=60))
def test_arbitrary_text_is_no_token(text: str) -> None:
    assert read_token(Purpose.ANSWER, text) is None


def test_public_ids_hold_128_random_bits_in_url_safe_signs() -> None:
    ids = {new_public_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(each) for each in ids} == {22}
    assert set("".join(ids)) <= set(string.ascii_letters + string.digits + "-_")


def test_links_lead_to_the_site(settings) -> None:
    settings.SITE_URL = "https://survey.example.com"
    assert answer_url("a" * 22).startswith("https://survey.example.com/s/" + "a" * 22)
    assert opt_out_url("a" * 22).startswith("https://survey.example.com/u/" + "a" * 22)
