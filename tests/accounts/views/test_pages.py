from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.cache.backends.redis import RedisCache
from django.test import RequestFactory

from accounts.models import StaffUser
from accounts.views import pages
from accounts.views.pages import cached, page_of
from tests.services import free_port
from tests.staffing import logged_in, make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> StaffUser:
    return make_staff("admin")


def test_a_form_in_error_comes_alone_for_htmx(admin) -> None:
    answer = logged_in(admin).post(
        "/settings/staff/new/", {"email": "no"}, headers={"HX-Request": "true"}
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<html" not in html
    assert "Create account" in html
    assert 'href="/settings/staff/"' in html


def test_a_page_beyond_the_last_one_is_the_last_and_nonsense_the_first(admin: StaffUser) -> None:
    request: Any = RequestFactory().get("/?page=99")
    assert page_of(request, range(101)).number == 3
    assert list(page_of(request, range(101))) == [100]
    nonsense: Any = RequestFactory().get("/?page=%27")
    assert list(page_of(nonsense, range(101))) == list(range(50))


def test_what_is_cached_is_computed_once_a_while_and_an_empty_answer_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computed: list[int] = []

    def compute() -> list[int]:
        computed.append(1)
        return []

    with time_machine.travel(NOW, tick=False) as clock:
        assert cached("tests-pages", compute, seconds=60) == []
        cached("tests-pages", compute, seconds=60)
        assert len(computed) == 1
        clock.shift(61)
        cached("tests-pages", compute, seconds=60)
    assert len(computed) == 2


def test_a_cache_that_is_away_costs_time_and_not_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    away = RedisCache(f"redis://127.0.0.1:{free_port()}/0", {})
    monkeypatch.setattr(pages, "cache", away)

    assert cached("tests-pages", lambda: "computed", seconds=60) == "computed"
