from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TEXTS = ["plain", 'a "quote"', "{a,b}", "back\\slash", "NULL", "", "声"]


def test_texts_are_found_whatever_they_hold_and_no_others() -> None:
    Person.objects.bulk_create(Person(mail_key=text) for text in [*TEXTS, "other"])

    def found(*texts: str) -> list[str]:
        rows = Person.objects.filter(mail_key__among=list(texts))
        return list(rows.order_by("pk").values_list("mail_key", flat=True))

    assert found(*TEXTS, "not there") == TEXTS
    assert found() == []
    assert Person.objects.exclude(mail_key__among=TEXTS).get().mail_key == "other"


def test_the_driver_has_one_text_to_read() -> None:
    with CaptureQueriesContext(
        connection,
    ) as context:
        assert not Person.objects.filter(mail_key__among=map(str, range(1000))).exists()

    expected = "ANY" if connection.vendor == "postgresql" else "IN"
    assert expected in context.captured_queries[0]["sql"]
