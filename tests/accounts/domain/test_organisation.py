from __future__ import annotations

from accounts.domain.organisation import in_force, still_of_the_demo

WITHOUT = {
    "ORGANISATION_NAME": "Koe Demo",
    "ORGANISATION_ADDRESS": "1-1-1 Chiyoda, Chiyoda-ku, Tokyo 100-0001, Japan",
    "DEFAULT_FROM_EMAIL": "survey@koe.example",
    "TIME_ZONE": "Europe/Paris",
    "LANGUAGE_CODE": "en",
}
KEPT = {"name": "Aoba", "address": "Kyoto", "sender": "a@aoba.example", "time_zone": "Asia/Tokyo"}


def test_the_environment_wins_over_the_browser_and_that_over_nothing() -> None:
    found = in_force(KEPT, given={"TIME_ZONE"}, without=WITHOUT)

    assert found == {
        "ORGANISATION_NAME": "Aoba",
        "ORGANISATION_ADDRESS": "Kyoto",
        "DEFAULT_FROM_EMAIL": "a@aoba.example",
        "TIME_ZONE": "Europe/Paris",
        "LANGUAGE_CODE": "en",
    }


def test_what_stands_in_every_email_is_missed_until_it_is_said() -> None:
    assert still_of_the_demo(WITHOUT) == ["name", "address", "sender"]
    assert still_of_the_demo({**WITHOUT, "ORGANISATION_NAME": "Aoba"}) == ["address", "sender"]
    assert still_of_the_demo(in_force(KEPT, given=(), without=WITHOUT)) == []
    assert still_of_the_demo(WITHOUT | {"ORGANISATION_NAME": " "})[0] == "name"
