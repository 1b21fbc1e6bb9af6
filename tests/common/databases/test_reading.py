from __future__ import annotations

import pytest
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_postgresql_expects_that_what_it_is_asked_for_is_read_to_the_end() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW cursor_tuple_fraction")
            assert cursor.fetchone() == ("1",)
        else:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
