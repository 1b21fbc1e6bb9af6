"""No page inside a page: what htmx puts into a region is never another page, whatever is posted."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.domain.access.roles import Role
from tests.guards.test_access import ROWS, Row, url_of, world  # noqa: F401 - the fixture
from tests.staffing import logged_in, make_staff

pytestmark = pytest.mark.django_db

# Downloads hold no form.
PAGES = [row for row in ROWS if "GET" in row.methods and row.name != "surveys:response-export"]


class Forms(HTMLParser):
    """The forms of a page that are posted: address, whether by htmx, and fields as they stand."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, bool, dict[str, str]]] = []
        self._fields: dict[str, str] | None = None
        self._name = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = {} if of.get("method", "").lower() == "post" else None
            if self._fields is not None:
                by_htmx = "hx-post" in of
                action = of.get("hx-post") or of.get("action", "")
                self.found.append((action, by_htmx, self._fields))
        elif self._fields is not None:
            self._field(tag, of)

    def _field(self, tag: str, of: dict[str, str]) -> None:
        fields, name = self._fields or {}, of.get("name", "")
        if tag == "option" and "selected" in of and self._name:
            fields[self._name] = of.get("value", "")
        elif tag in {"input", "select", "textarea"} and name:
            self._name = name if tag == "select" else ""
            if of.get("type") not in {"checkbox", "radio", "file"} or "checked" in of:
                fields[name] = of.get("value", "")


def post(client: Client, address: str, fields: dict[str, str]) -> HttpResponse:
    return client.post(  # type: ignore[return-value]
        address, fields, headers={"HX-Request": "true"}
    )


def spoiled(fields: dict[str, str]) -> dict[str, str]:
    return dict.fromkeys(fields, "x" * 9_000)


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.name)
def test_no_form_puts_a_page_into_a_page(row: Row, world: dict[str, Any]) -> None:  # noqa: F811
    client = logged_in(make_staff(Role.ADMIN))
    url = url_of(row, world)
    page = client.get(url)
    # To the end: a download holds its place until then.
    content = page.getvalue()
    html = "" if page.streaming else content.decode()

    for action, by_htmx, fields in Forms(html).found:
        for values in (spoiled(fields), fields):
            answer = post(client, action or url, values)
            assert not 300 <= answer.status_code < 400, action
            assert answer.status_code < 500, action
            assert not by_htmx or b"<html" not in answer.content, action


def test_a_saved_note_comes_back_as_its_form_alone(world: dict[str, Any]) -> None:  # noqa: F811
    url = f"/responses/{world['response']}/"

    answer = post(logged_in(make_staff(Role.CS)), url, {"tags": "billing", "note": "Called."})

    assert (answer.status_code, "HX-Redirect" in answer) == (200, False)
    assert answer.content.lstrip().startswith(b'<form id="form"')
    assert b"Called." in answer.content


def test_log_in_after_the_session_ended_is_no_region_either() -> None:
    answer = Client().get("/responses/?page=2", headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == "/accounts/login/?next=/responses/%3Fpage%3D2"
