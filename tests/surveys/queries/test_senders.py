from __future__ import annotations

from typing import Any

import pytest

from surveys.models import Campaign, SenderCheck
from surveys.queries.senders import own_domain, sender_domains, sender_fault, sender_of
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_a_campaign_is_sent_from_a_domain_of_the_organisation(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Aoba <ask@Aoba.example>"
    for domain, at in (("news.aoba.example", NOW), ("looked.example", None)):
        SenderCheck.objects.create(domain=domain, looked_at=NOW, confirmed_at=at)

    assert own_domain() == "aoba.example"
    assert sender_domains() == ["aoba.example", "news.aoba.example"]
    for fine in ("", "cs@aoba.example", "cs+1@NEWS.aoba.example"):
        assert sender_fault(fine) == ""
    # Looked up is not confirmed, and what is below a domain or ends like it is another one.
    for foreign in ("a@looked.example", "a@x.aoba.example", "a@notaoba.example", "a@gmail.com"):
        assert "addresses of aoba.example, news.aoba.example" in sender_fault(foreign)
    for odd in ("青@aoba.example", '"a b"@aoba.example', "a@青葉.example", "a@aoba.example\n"):
        assert "ASCII" in sender_fault(odd)


def test_without_an_address_of_its_own_it_is_the_organisations(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = '"Aoba, Inc." <ask@aoba.example>'
    assert sender_of(Campaign()) == "ask@aoba.example"
    assert sender_of(Campaign(from_address="cs@aoba.example")) == "cs@aoba.example"
