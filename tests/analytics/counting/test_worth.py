from __future__ import annotations

import pytest

from tests.analytics.counting.test_behind import names
from tests.analytics.reports.metrics.test_money import paying

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def customers() -> None:
    for place in range(4):
        paying(name=f"stays {place}")
    paying(name="left", gone="2026-05-10")
    # Neither at the start of the period nor at its end, but in one of its months.
    paying(name="passed by", started="2026-04-02", gone="2026-05-20")


@pytest.mark.usefixtures("customers")
def test_a_lifetime_value_opens_who_pays_and_who_left_in_its_months() -> None:
    assert names("paying:clv") == "stays 0 stays 1 stays 2 stays 3"
    assert names("lost:clv") == "left passed by"


@pytest.mark.usefixtures("customers")
def test_one_by_survival_opens_who_is_followed_as_far_as_it_looks() -> None:
    # Of five that are followed one leaves in the fifth month of life, and so four are in the sixth.
    assert names("followed:clv_survival") == "left passed by stays 0 stays 1 stays 2 stays 3"
    assert names("lost:clv_survival") == "left passed by"
    paying(name="old", started="2025-01-01", gone="2026-06-20")

    assert "old" not in names("lost:clv_survival")
    assert names("paying:clv_survival") == names("paying:clv")
