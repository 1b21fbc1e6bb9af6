from __future__ import annotations

import pytest

from surveys.sending.events.bounce_address import bounce_address, read_bounce_address
from tests.world import DAY, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def verp(settings) -> None:
    settings.BOUNCE_ADDRESS = "bounces@koe.example"


def test_bounce_address_fits_and_names_its_invitation(verp, settings):
    """R15."""
    settings.BOUNCE_ADDRESS = "b" * 28 + "@koe.example"
    longest = 2**63 - 1
    address = bounce_address(longest, now=NOW, sender="")

    assert len(address.partition("@")[0]) <= 64
    assert read_bounce_address(address, now=NOW + 30 * DAY) == 2**63 - 1
    assert read_bounce_address(address.upper(), now=NOW) == 2**63 - 1
    assert read_bounce_address(address, now=NOW + 31 * DAY) is None
    for place in range(29, len(address) - len("@koe.example")):
        forged = address[:place] + ("1" if address[place] != "1" else "2") + address[place + 1 :]
        assert read_bounce_address(forged, now=NOW) is None


def test_without_a_bounce_address_bounces_come_to_the_sender(settings):
    settings.BOUNCE_ADDRESS = ""

    assert bounce_address(7, now=NOW, sender="survey@koe.example") == "survey@koe.example"
    assert read_bounce_address("survey@koe.example", now=NOW) is None


def test_a_bounce_comes_back_after_the_key_was_changed(verp, settings):
    address = bounce_address(7, now=NOW, sender="")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key"

    assert read_bounce_address(address, now=NOW) == 7
    settings.SECRET_KEY_FALLBACKS = []
    assert read_bounce_address(address, now=NOW) is None
