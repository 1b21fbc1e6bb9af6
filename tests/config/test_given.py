from __future__ import annotations

import pytest

from config.given import is_abroad, is_address, is_local


@pytest.mark.parametrize(
    ("host", "abroad"),
    [
        ("db.example.com", True),
        ("8.8.8.8", True),
        ("[2001:4860:4860::8888]", True),
        ("db", False),
        ("10.0.0.5", False),
        ("[fd00::1]", False),
        ("db.localhost", False),
        ("", False),
    ],
)
def test_a_network_of_ones_own_is_not_abroad(host: str, abroad: bool) -> None:
    assert is_abroad(host) is abroad
    assert not (abroad and is_local(host))


def test_an_address_may_have_a_name_before_it_and_no_line_end() -> None:
    assert is_address("Example <survey@example.com>")
    assert not is_address("survey@example.com\nBcc: x@example.com")
