from __future__ import annotations

import re

import pytest
from django.test import Client

from api.domain.problems import Code
from api.views.rest.app import api
from api.web.rest.openapi import described

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "heading"), [("en", "Follow-ups"), ("ja", "フォローアップ")])
def test_the_page_tells_of_every_operation_and_asks_nobody_else(
    language: str, heading: str
) -> None:
    answer = Client().get("/api/v1/docs", HTTP_ACCEPT_LANGUAGE=language)

    page = answer.content.decode()
    assert (answer.status_code, f">{heading}</h2>" in page) == (200, True)
    for path, methods in described(api)["paths"].items():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
        assert path in page
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', page)
    assert loaded
    assert [each for each in loaded if not each.startswith("/")] == []
    assert not re.search(r"<script(?![^>]*src=)|style=", page)


def test_each_problem_is_explained_where_its_type_leads() -> None:
    page = Client().get("/api/v1/docs").content.decode()

    assert [code for code in Code if f'id="{code}"' not in page] == []
