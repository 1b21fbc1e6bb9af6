from __future__ import annotations

import pytest

from tests.surveys.helpers.answered import answer, scores_shown

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query",
    ["from_=0001-01-01", "to=9999-12-31", f"text={'a+' * 400}", f"tag={'a' * 201}", "text=%00"],
)
def test_a_filter_that_no_database_can_answer_shows_its_error(staff, settings, query: str) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    answer(3)

    page = staff("cs").get(f"/responses/?{query}")

    assert page.status_code == 200
    assert page.context["form"].errors
    assert scores_shown(page.content.decode()) == [3]


def test_a_period_that_ends_before_it_begins_says_so_at_the_field(staff) -> None:
    answer(3)

    page = staff("viewer").get("/responses/?from_=2026-11-30&to=2026-11-01")

    assert page.context["form"].errors == {
        "to": ["This is before “From”. Choose a later day."],
    }
