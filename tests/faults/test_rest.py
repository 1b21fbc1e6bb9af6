"""The REST API answers as it describes itself, whatever is sent: CASES=20000 for a long run."""

from __future__ import annotations

import os

import pytest

from tests.api.calling import make_key
from tests.api.exploring import explore
from tests.world import NOW, answer, make_campaign, make_customer, make_respondent, send

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.timeout(0)]
CASES = int(os.environ.get("CASES") or 0)
# Operations, each with what is as described and what is not.
KINDS = 2 * 41


def test_no_case_is_answered_otherwise_than_described() -> None:
    customer = make_customer()
    answer(send(make_respondent(customer=customer), now=NOW), 3)
    make_campaign()

    examples, every = max(-(-CASES // KINDS), 1), 1 if CASES else 3
    key = make_key(rate=100_000)[1]
    seen = explore(key, examples=examples, every=every, number=CASES)
    print(f"{sum(seen.values())} cases: {dict(seen)}")  # noqa: T201
    assert max(seen) < 500
