from __future__ import annotations

import pytest
from django.db import connection

from common.databases.tables import MIGRATIONS, applied, counts, known, present, stored_models
from tests.world import make_customer

pytestmark = pytest.mark.django_db


def test_every_table_is_that_of_a_model() -> None:
    """So that moving all models moves everything: a table made by SQL alone would be left."""
    tables = {model._meta.db_table for model in stored_models()}

    assert present(connection) - tables - {MIGRATIONS} == set()
    assert "surveys_response" in tables


def test_rows_are_counted_by_table() -> None:
    make_customer()

    found = counts(connection)

    assert found["accounts_customer"] == 1
    assert found["surveys_response"] == 0


def test_migrations_are_named_with_their_app() -> None:
    assert all("." in each for each in known() | set(applied(connection)))
