from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


def test_the_icon_that_browsers_ask_for_by_themselves_is_there(client, db) -> None:
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Location"]) == (302, "/static/img/favicon.svg")
