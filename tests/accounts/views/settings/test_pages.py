from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from accounts.models import StaffUser
from accounts.views.settings.pages import page_of
from tests.staffing import logged_in, make_staff

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
