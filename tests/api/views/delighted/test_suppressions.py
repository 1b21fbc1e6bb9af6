from __future__ import annotations

from typing import Any

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.models import AuditEvent, Suppression
from accounts.services.suppression import suppress
from tests.api.calling import Caller
from tests.world import DAY, NOW, person_for

pytestmark = pytest.mark.django_db


def test_lists_are_of_the_project_and_by_when_it_began() -> None:
    mine, theirs = Caller("web"), Caller("app")
    for name in "cab":
        mine.post("people", {"email": f"{name}@x.example", "send": False})
    for days, name in enumerate("abc"):
        person = person_for(f"{name}@x.example")
        suppress(person, SuppressionReason.OPTED_OUT, now=NOW + days * DAY)
    suppress(person_for("a@x.example"), SuppressionReason.BOUNCED, now=NOW)
    first = int(NOW.timestamp())

    def listed(path: str) -> list[str]:
        return [each["email"][0] for each in mine.get(path)]

    assert listed("unsubscribes") == ["a", "b", "c"]
    assert listed(f"unsubscribes?since={first + 1}&per_page=1") == ["b"]
    assert listed(f"unsubscribes.json?until={first}") == ["a"]
    assert listed("bounces?page=2") == []
    assert mine.get("bounces")[0]["bounced_at"] == first
    assert theirs.get("unsubscribes") == theirs.get("bounces") == []
    Suppression.objects.update(lifted_at=NOW)
    assert listed("unsubscribes") == []


def test_an_unsubscribe_is_on_record_and_needs_an_address() -> None:
    caller = Caller()
    assert caller.post("unsubscribes", {"person_email": "a+b@x.example"}) == {"ok": True}

    assert Suppression.objects.get().source == f"API key {caller.key.shown}"
    assert AuditEvent.objects.get(action="api.unsubscribe").detail["name"] == "shop"
    nonsense: list[Any] = [None, "", "x", []]
    for wrong in nonsense:
        refused = caller.post("unsubscribes", {"person_email": wrong}, 422)
        assert list(refused["errors"]) == ["person_email"]
