"""Every form and filter, filled with what no browser sends, by everybody: no 5xx, nothing
half-written, and nothing of what one may not see or do.

The addresses are those of the permission matrix, the public pages and the entrance; their fields
are read from the pages themselves. FORMS is the number of requests of all together: 50,000 in
`make faults`.
"""

from __future__ import annotations

import os
import re
import socket
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache as kept
from django.core.signals import request_started
from hypothesis import HealthCheck, Phase, given, strategies
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from accounts.models import Customer
from tests.faults.forms.house import NOBODY, House, may
from tests.faults.forms.targets import Target
from tests.faults.forms.values import HOW, IDS, filled
from tests.shared import shared_rows

pytestmark = [
    pytest.mark.faults,
    pytest.mark.both_databases,
    pytest.mark.django_db,
    pytest.mark.timeout(40_000),
]
WHO = (NOBODY, "viewer", "cs", "admin")
REQUESTS = int(os.environ.get("FORMS") or 120) // len(WHO)


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with shared_rows(django_db_blocker):
        yield House()


@pytest.fixture(autouse=True)
def _nobody_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)


@pytest.mark.parametrize("who", WHO)
def test_no_form_ends_in_an_error_or_half_written(
    house: House, who: str, record_property: Any
) -> None:
    # Most of them where there is something to be had.
    places = [*[each for each in house.targets if may(who, each)] * 3, *house.targets]
    at = strategies.sampled_from(range(len(places)))

    @hypothesis_settings(
        max_examples=REQUESTS,
        deadline=None,
        database=None,
        derandomize="FORMS" not in os.environ,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=strategies.data())
    def ask(data: Any) -> None:
        kept.clear()
        target = places[data.draw(at)]
        values = data.draw(filled(target.fields))
        another = data.draw(strategies.sampled_from(["", "", "", *IDS]))
        if another:
            target = target._replace(url=re.sub(r"(?<=/)\d+(?=/)", another, target.url))
        house.ask(who, target, values, how=data.draw(strategies.sampled_from(HOW)))

    before = Counter(house.statuses)
    try:
        ask()
    finally:
        counted = house.statuses - before
        told = {f"answers {status} to {who}": number for status, number in sorted(counted.items())}
        record_property("figures", told)


def test_it_reaches_the_forms(house: House) -> None:
    """Else it would be green for want of fields."""
    posted = [each for each in house.targets if each.method == "POST" and each.fields]

    assert len(posted) > 60
    assert sum(len(each.fields) for each in posted) > 400
    target = next(each for each in house.targets if each.permission)
    assert {who: may(who, target) for who in (NOBODY, "admin")} == {NOBODY: False, "admin": True}


def test_what_is_half_written_is_found(house: House) -> None:
    def wrong(**_: Any) -> None:
        Customer.objects.update(name="x")

    target = Target("/campaigns/no-such/", "GET", (), None)
    request_started.connect(wrong)
    try:
        with pytest.raises(AssertionError, match="half-written"):
            house.ask("admin", target, {}, how="form")
    finally:
        request_started.disconnect(wrong)
