from __future__ import annotations

import pytest

from api.domain.special import plain, wanted_by
from api.domain.values import Invalid

LANGUAGES = ["ja", "en"]


@pytest.mark.parametrize(
    "name",
    ["delighted_email_subject", "Delighted Email Subject", "delighted email subject"],
)
def test_every_spelling_of_a_special_property_is_known(name: str) -> None:
    assert wanted_by({name: "Hi"}, languages=LANGUAGES).wording == {"subject": "Hi"}
    assert plain({name: "Hi", "plan": "pro"}) == {"plan": "pro"}


@pytest.mark.parametrize(
    ("locale", "language"), [("ja", "ja"), ("JA_jp", "ja"), ("en-GB", "en"), ("fr", ""), ("", "")]
)
def test_the_locale_is_one_of_ours_or_none(locale: str, language: str) -> None:
    assert wanted_by({"locale": locale}, languages=LANGUAGES).language == language


def test_thanks_of_one_category_go_before_those_of_all() -> None:
    properties = {"thank_you_message_if_promoter": "Super", "thank_you_message": "Thanks"}

    wording = wanted_by(properties, languages=LANGUAGES).wording

    assert wording == {
        "thanks_promoter": "Super", "thanks_passive": "Thanks", "thanks_detractor": "Thanks"
    }  # fmt: skip


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//x", "http://", "https://[", "x"])
def test_a_link_that_is_no_web_address_is_left_out(link: str) -> None:
    assert wanted_by({"thank_you_link_url": link}, languages=LANGUAGES).wording == {}


@pytest.mark.parametrize(
    "properties",
    [{"delighted_email_subject": "x" * 256}, {"delighted_intro_message": "長" * 501}],
)
def test_words_that_no_mail_program_shows_whole_are_refused(properties: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        wanted_by(properties, languages=LANGUAGES)
