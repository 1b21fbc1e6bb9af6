from __future__ import annotations

import pytest

from accounts.models import AuditEvent, Dimension
from accounts.web.exports import in_words
from common.spreadsheets.download import AT_ONCE
from tests.staffing import client_as

pytestmark = pytest.mark.django_db


def test_who_asks_for_one_download_too_many_is_told() -> None:
    client = client_as("cs")
    held = [client.get("/customers/export.csv") for _ in range(AT_ONCE)]

    page = client.get("/customers/export.csv?view=silent", follow=True)

    assert page.redirect_chain == [("/customers/?view=silent", 302)]
    assert "Other downloads are in progress." in page.content.decode()
    assert AuditEvent.objects.filter(action="customers.export").count() == AT_ONCE
    for each in held:
        each.close()


def test_an_export_writes_down_the_filter_as_it_stood_in_the_address() -> None:
    client = client_as("cs")

    for query in ("name=%00", "sort=name&x=%F0%9F%98%80"):
        client.get(f"/customers/export.csv?{query}").getvalue()

    # Encoded: PostgreSQL keeps no NUL, in text as in JSON.
    details = list(AuditEvent.objects.order_by("pk").values_list("detail", flat=True))
    assert details == [{"filter": "name=%00"}, {"filter": "sort=name&x=%F0%9F%98%80"}]


def test_whom_an_export_looked_for_is_not_kept_for_ever() -> None:
    client = client_as("cs")

    for query in ("q=ada@example.com&state=active", "owner=ada%EF%BC%A0example.com", "q=&q=Ada"):
        client.get(f"/customers/export.csv?{query}").getvalue()

    details = AuditEvent.objects.order_by("pk").values_list("detail", flat=True)
    assert [each["filter"] for each in details] == ["q=***&state=active", "owner=***", "q=&q=***"]


def test_a_kind_of_file_that_there_is_not_is_404() -> None:
    assert client_as("cs").get("/customers/export.exe").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/responses/export.csv?category=angry",
        "/responses/export.csv?from_=2026-13-01",
        "/responses/export.xlsx?from_=2026-02-01&to=2026-01-01",
        "/responses/export.csv?for=everybody",
        "/customers/export.csv?state=gone",
        "/customers/export.xlsx?view=all",
        "/respondents/export.csv?state=x",
        "/respondents/export.csv?language=fr",
    ],
)
def test_a_filter_that_is_not_understood_lets_nothing_out(address: str) -> None:
    assert client_as("cs").get(address).status_code == 400
    assert not AuditEvent.objects.filter(action__endswith=".export").exists()


def test_two_columns_of_one_name_for_people_are_told_apart() -> None:
    Dimension.objects.create(name="rank", label="Score", source="customer", attribute="rank")

    assert in_words(["score", "rank", "score_2"]) == ["Score", "Score (rank)", "score_2"]
