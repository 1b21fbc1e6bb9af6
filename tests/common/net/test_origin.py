from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from common.net.origin import KeepOrigin, Origin, current_origin, remote_address


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (True, "203.0.113.7, 192.0.2.9", "192.0.2.9"),
        (True, "", "127.0.0.1"),
        # Where nobody stands before us, it is the client who writes that header.
        (False, "203.0.113.7", "127.0.0.1"),
    ],
)
def test_whose_address_counts(settings, behind_proxy: bool, forwarded: str, address: str) -> None:
    settings.BEHIND_PROXY = behind_proxy
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    assert remote_address(RequestFactory().get("/", headers=headers)) == address


def test_it_is_known_while_the_request_is_answered_and_no_longer() -> None:
    seen: list[Origin | None] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(current_origin())
        return HttpResponse()

    KeepOrigin(answer)(RequestFactory().get("/", headers={"User-Agent": "x" * 500}))

    assert seen == [Origin("127.0.0.1", "x" * 200)]
    assert current_origin() is None
