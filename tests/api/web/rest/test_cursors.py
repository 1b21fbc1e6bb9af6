from __future__ import annotations

import base64
import datetime as dt

import pytest

from accounts.models import Customer
from api.domain.problems import Code, Problem
from api.web.rest.cursors import LATE, page, page_by_moment, place_in, settled_since
from api.web.rest.fields import Paged
from tests.world import NOW, make_customer


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "1 2", "9" * 30, f"{2**63}", "１", "2026-01-01T00:00:00+00:00"]
)
def test_a_cursor_that_is_none_of_ours_leads_nowhere(text: str) -> None:
    for given in (cursor(text) or "!", "é", "A"):
        with pytest.raises(Problem) as caught:
            page(Customer.objects.all(), Paged(cursor=given), shape=vars)
        assert caught.value.code is Code.NOT_FOUND


@pytest.mark.parametrize("text", ["x 1", "0001-01-01T00:00:00+23:59 1", "2026-01-01 x", "1"])
def test_nor_one_of_moments(text: str) -> None:
    asked = Paged(cursor=cursor(text))
    with pytest.raises(Problem):
        page_by_moment(Customer.objects.all(), asked, by="created_at", shape=vars)


@pytest.mark.parametrize(
    "text", ["2 1 2026-01-01 1", "0 1 2026-13-01 1", "0 x 2026-01-01 1", "1 1 2026-01-01", "1"]
)
def test_nor_one_of_readings(text: str) -> None:
    with pytest.raises(Problem):
        place_in(cursor(text))


def test_what_was_committed_late_comes_again_with_the_minutes_before() -> None:
    """A moment is taken at the start of a transaction: a later one may be seen before it."""
    assert settled_since(NOW) == NOW - LATE
    assert settled_since(dt.datetime.min.replace(tzinfo=dt.UTC)).year == 1


@pytest.mark.django_db
def test_rows_of_one_moment_come_once_each() -> None:
    rows = [make_customer() for _ in range(5)]
    Customer.objects.update(created_at=rows[0].created_at)
    seen: list[int] = []
    at: str | None = ""

    while at is not None:
        found = page_by_moment(
            Customer.objects.all(),
            Paged(limit=2, cursor=at),
            by="created_at",
            shape=lambda row: {"pk": row.pk},
        )
        seen += [each["pk"] for each in found["data"]]
        at = found["next"]
    assert seen == [row.pk for row in rows]
