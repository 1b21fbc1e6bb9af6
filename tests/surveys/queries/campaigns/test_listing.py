from __future__ import annotations

import pytest

from accounts.models import Dimension
from surveys.queries.campaigns import listing as queries
from tests.world import (
    make_customer,
    make_invitation,
    make_respondent,
)

pytestmark = pytest.mark.django_db


def test_a_list_of_values_that_is_cut_short_says_so(staff, monkeypatch) -> None:
    Dimension.objects.create(name="contract", attribute="contract", source="customer")
    for value in ("basic", "plus", "team"):
        make_customer(attributes={"contract": value})
    client = staff("cs")
    assert "Only the first" not in client.get("/campaigns/new/").content.decode()

    monkeypatch.setattr(queries, "MAX_CHOICES", 2)

    for path in ("/campaigns/new/", "/responses/"):
        html = client.get(path).content.decode()
        assert "Only the first 2 values are listed." in html
        assert 'value="plus"' in html
        assert 'value="team"' not in html


def test_list_costs_the_same_queries_for_one_and_three(staff, django_assert_num_queries) -> None:
    client = staff("cs")
    make_invitation(make_respondent())
    client.get("/campaigns/")
    with django_assert_num_queries(5):
        client.get("/campaigns/")
    make_invitation(make_respondent())
    make_invitation(make_respondent())
    with django_assert_num_queries(5):
        client.get("/campaigns/")
