from __future__ import annotations

import pytest

from accounts.models import Customer, Respondent
from tests.world import person_for


@pytest.fixture
def respondent() -> Respondent:
    customer = Customer.objects.create(customer_id="C1", attributes={"plan": "gold"})
    return Respondent.objects.create(
        person=person_for("a@x.example"), customer=customer, email="a@x.example", role="Admin"
    )
