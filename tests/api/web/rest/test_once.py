from __future__ import annotations

import pytest

from api.models import IdempotentCall
from surveys.models import Campaign
from tests.api.calling import Rest

pytestmark = pytest.mark.django_db


def test_what_was_refused_can_be_sent_again() -> None:
    rest, name = Rest(), {"HTTP_IDEMPOTENCY_KEY": "a"}
    Campaign.objects.create(name="A", slug="a")

    rest.send("POST", "campaigns", {"name": "A", "slug": "a"}, status=409, **name)
    assert not IdempotentCall.objects.exists()
    Campaign.objects.all().delete()
    first = rest.send("POST", "campaigns", {"name": "A", "slug": "a"}, status=201, **name)
    again = rest.send("POST", "campaigns", {"name": "A", "slug": "a"}, status=201, **name)
    assert (first, Campaign.objects.count()) == (again, 1)


@pytest.mark.parametrize("name", ["", "a b", "é", "x" * 256, "a\n"])
def test_a_name_has_plain_signs(name: str) -> None:
    found = Rest().send("POST", "usage", [], status=422, HTTP_IDEMPOTENCY_KEY=name)

    assert found["errors"][0]["field"] == "Idempotency-Key"
