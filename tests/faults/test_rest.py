"""The REST API answers as it describes itself, whatever is sent: CASES=20000 for a long run."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.api.calling import make_key
from tests.api.exploring import explore
from tests.world import NOW, answer, make_campaign, make_customer, make_respondent, send

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.timeout(0)]
CASES = int(os.environ.get("CASES") or 0)
# Operations, each with what is as described and what is not.
KINDS = 2 * 45


def test_no_case_is_answered_otherwise_than_described() -> None:
    customer = make_customer()
    answer(send(make_respondent(customer=customer), now=NOW), 3)
    make_campaign()

    key = make_key(rate=100_000)[1]
    seen: Counter[int] = Counter()
    # Some operations have few different cases: what they leave, the next rounds make up.
    while sum(seen.values()) < max(CASES, 1):
        examples = max(-(-(CASES - sum(seen.values())) // KINDS), 1)
        seen += explore(key, examples=examples, every=1 if CASES else 3, number=CASES + len(seen))
        print(f"{sum(seen.values())} cases: {dict(seen)}", flush=True)  # noqa: T201
    assert max(seen) < 500
