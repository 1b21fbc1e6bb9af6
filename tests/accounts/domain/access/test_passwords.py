from __future__ import annotations

import pytest

from accounts.domain.access.passwords import is_guessable

WORDS = ["sawada@example.com", "Chika Sawada", "Example Trading", "https://koe.example.com"]


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "Summer2026!!",
        "P@ssw0rd1234",
        "qwertyuiop12",
        "123456789012",
        "sawada@example.com",
        "ChikaSawada2026",
        "ExampleTrading1!",
        "",
        "a" * 500,
    ],
)
def test_a_usual_password_or_one_of_known_words_is_guessed(password: str) -> None:
    assert is_guessable(password, words=WORDS)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "another staple 42 battery",
        "vZ3kP9-xQ7_tB2mW",
        "桜の花と三本の電柱と犬の声",
    ],
)
def test_one_of_words_that_have_nothing_to_do_with_each_other_is_not(password: str) -> None:
    assert not is_guessable(password, words=WORDS)
